//! Loads and stores: fields, elements, headers, globals.

use std::mem::offset_of;

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{
    self, AbiParam, AliasRegion, AliasRegionData, InstBuilder, MemFlagsData, Signature, types,
};
use cranelift_codegen::isa::CallConv;
use lang_bytecode::{Storage, Width};

use super::Lower;
use crate::heap::{ARRAY_DATA, ARRAY_LEN, Header, Heap, STORE_CAPACITY, is_reference, size_of};
use crate::jit::context::Context;
use crate::jit::helpers::remember_thunk;
use crate::jit::ir::{Inst, Op, Type, Value};

/// How memory of each kind is reached; accesses of different kinds never meet.
pub(super) struct Regions {
    /// The context.
    pub(super) context: MemFlagsData,
    /// Slots of the native frame.
    pub(super) frame: MemFlagsData,
    /// The table of entries: another thread's code may appear there at any time, which loads may or may not see.
    pub(super) tables: MemFlagsData,
    /// Headers and tables of methods, which never change.
    pub(super) constant: MemFlagsData,
    /// Fields of objects.
    fields: MemFlagsData,
    /// Lengths and pointers of arrays and strings.
    arrays: MemFlagsData,
    /// Elements that are references.
    references: MemFlagsData,
    /// Elements that are words.
    words: MemFlagsData,
    /// Elements that are floats.
    floats: MemFlagsData,
    /// Elements that are narrow.
    narrow: MemFlagsData,
    globals: MemFlagsData,
    /// Where the heap's next object goes.
    heap: MemFlagsData,
}

impl Regions {
    pub(super) fn new(clif: &mut ir::Function) -> Regions {
        let mut next = 0;
        let mut region = |name: &'static str| {
            next += 1;
            let data = AliasRegionData { user_id: next, description: name.into() };
            let region: AliasRegion = clif.dfg.alias_regions.insert(data);
            MemFlagsData::trusted().with_alias_region(Some(region))
        };
        Regions {
            context: region("context"),
            frame: region("frame"),
            tables: region("tables"),
            constant: region("constant"),
            fields: region("fields"),
            arrays: region("arrays"),
            references: region("references"),
            words: region("words"),
            floats: region("floats"),
            narrow: region("narrow"),
            globals: region("globals"),
            heap: region("heap"),
        }
    }

    /// How elements of a storage type are reached.
    fn elements(&self, storage: Storage) -> MemFlagsData {
        match storage {
            Storage::Ref(_) | Storage::RefNull(_) => self.references,
            Storage::I64 => self.words,
            Storage::F64 => self.floats,
            Storage::Narrow(_) | Storage::F32 => self.narrow,
        }
    }
}

impl Lower<'_> {
    /// Lowers an operation on memory.
    pub(super) fn memory(&mut self, inst: &Inst) {
        if let Some(result) = inst.results.first() {
            let value = self.load_of(&inst.op);
            self.set(*result, value);
            return;
        }
        match &inst.op {
            Op::SetLen { array, len } => {
                let (array, len) = (self.value(*array), self.value(*len));
                self.b.ins().store(self.regions.arrays, len, array, ARRAY_LEN as i32);
            }
            Op::InitField { object, offset, storage, value } => {
                let (object, value) = (self.value(*object), self.value(*value));
                self.store(*storage, self.regions.fields, value, object, *offset as i32);
            }
            Op::SetField { object, offset, storage, value } => {
                let (object, value) = (self.value(*object), self.value(*value));
                self.store(*storage, self.regions.fields, value, object, *offset as i32);
                if is_reference(*storage) {
                    self.barrier(object, object);
                }
            }
            Op::SetElement { owner, data, index, storage, value } => {
                let place = self.element(*data, *index, *storage);
                let value = self.value(*value);
                self.store(*storage, self.regions.elements(*storage), value, place, 0);
                if is_reference(*storage) {
                    let owner = self.value(*owner);
                    self.barrier(owner, place);
                }
            }
            Op::SetGlobal { index, value } => {
                let value = self.value(*value);
                let globals = self.globals();
                self.b.ins().store(self.regions.globals, value, globals, *index as i32 * 8);
            }
            _ => {}
        }
    }

    /// Tells the heap of a reference stored into an object, where the object's header asks for it.
    fn barrier(&mut self, object: ir::Value, place: ir::Value) {
        let flags = self.regions.constant;
        let byte = self.b.ins().load(types::I8, flags, object, Header::BARRIER_AT as i32);
        let flag = self.b.ins().band_imm_u(byte, i64::from(Header::BARRIER_BIT));
        let (tell, next) = (self.b.create_block(), self.b.create_block());
        self.b.ins().brif(flag, tell, &[], next, &[]);
        self.b.set_cold_block(tell);
        self.b.switch_to_block(tell);
        let mut signature = Signature::new(CallConv::PreserveAll);
        signature.params.extend([AbiParam::new(types::I64); 3]);
        let signature = self.b.import_signature(signature);
        let target = self.constant(remember_thunk as *const () as i64);
        self.b.ins().call_indirect(signature, target, &[self.context, object, place]);
        self.b.ins().jump(next, &[]);
        self.b.switch_to_block(next);
    }

    fn load_of(&mut self, op: &Op) -> ir::Value {
        match op {
            Op::Len(array) => {
                let array = self.value(*array);
                self.b.ins().load(types::I64, self.regions.arrays, array, ARRAY_LEN as i32)
            }
            Op::Data(array) => {
                let array = self.value(*array);
                self.b.ins().load(types::I64, self.regions.arrays, array, ARRAY_DATA as i32)
            }
            Op::Capacity(data) => {
                let data = self.value(*data);
                self.b.ins().load(types::I64, self.regions.arrays, data, STORE_CAPACITY as i32)
            }
            Op::Field { object, offset, storage } => {
                let object = self.value(*object);
                self.load(*storage, self.regions.fields, object, *offset as i32)
            }
            Op::Element { data, index, storage } => {
                let place = self.element(*data, *index, *storage);
                self.load(*storage, self.regions.elements(*storage), place, 0)
            }
            Op::TypeOf(object) => {
                let object = self.value(*object);
                self.b.ins().uload32(self.regions.constant, object, 0)
            }
            Op::Info(object) => {
                let object = self.value(*object);
                self.info(object)
            }
            Op::Room { size } => {
                let (heap, cursor) = self.cursor();
                let limit = self.b.ins().load(types::I64, self.regions.heap, heap, Heap::LIMIT_AT as i32);
                let left = self.b.ins().isub(limit, cursor);
                let size = self.constant(i64::from(*size));
                let flag = self.b.ins().icmp(IntCC::UnsignedGreaterThanOrEqual, left, size);
                self.b.ins().uextend(types::I64, flag)
            }
            Op::Bump { size, header } => {
                let (heap, cursor) = self.cursor();
                let next = self.b.ins().iadd_imm_u(cursor, i64::from(*size));
                self.b.ins().store(self.regions.heap, next, heap, Heap::CURSOR_AT as i32);
                let header = self.constant(*header as i64);
                self.b.ins().store(self.regions.constant, header, cursor, 0);
                cursor
            }
            Op::Global { index, ty } => {
                let globals = self.globals();
                let ty = if *ty == Type::Float { types::F64 } else { types::I64 };
                self.b.ins().load(ty, self.regions.globals, globals, *index as i32 * 8)
            }
            _ => self.constant(0),
        }
    }

    /// What a header says beside the type.
    pub(super) fn info(&mut self, object: ir::Value) -> ir::Value {
        let high = self.b.ins().uload32(self.regions.constant, object, 4);
        self.b.ins().band_imm_u(high, (1 << Header::INFO_BITS) - 1)
    }

    /// The heap, and where its next object goes.
    fn cursor(&mut self) -> (ir::Value, ir::Value) {
        let flags = self.regions.constant.with_readonly().with_can_move();
        let heap = self.b.ins().load(types::I64, flags, self.context, offset_of!(Context, heap) as i32);
        let cursor = self.b.ins().load(types::I64, self.regions.heap, heap, Heap::CURSOR_AT as i32);
        (heap, cursor)
    }

    /// Where the globals are.
    fn globals(&mut self) -> ir::Value {
        let offset = offset_of!(Context, globals) as i32;
        let flags = self.regions.constant.with_readonly().with_can_move();
        self.b.ins().load(types::I64, flags, self.context, offset)
    }

    /// The address of an element.
    fn element(&mut self, data: Value, index: Value, storage: Storage) -> ir::Value {
        let (data, index) = (self.value(data), self.value(index));
        let scaled = match size_of(storage).trailing_zeros() {
            0 => index,
            shift => self.b.ins().ishl_imm_u(index, i64::from(shift)),
        };
        self.b.ins().iadd(data, scaled)
    }

    /// Reads a value as a register holds it.
    fn load(&mut self, storage: Storage, flags: MemFlagsData, base: ir::Value, offset: i32) -> ir::Value {
        let ins = self.b.ins();
        match storage {
            Storage::Narrow(Width::I8) => ins.sload8(types::I64, flags, base, offset),
            Storage::Narrow(Width::U8) => ins.uload8(types::I64, flags, base, offset),
            Storage::Narrow(Width::I16) => ins.sload16(types::I64, flags, base, offset),
            Storage::Narrow(Width::U16) => ins.uload16(types::I64, flags, base, offset),
            Storage::Narrow(Width::I32) => ins.sload32(flags, base, offset),
            Storage::Narrow(Width::U32) => ins.uload32(flags, base, offset),
            Storage::I64 | Storage::Ref(_) | Storage::RefNull(_) => ins.load(types::I64, flags, base, offset),
            Storage::F64 => ins.load(types::F64, flags, base, offset),
            Storage::F32 => {
                let narrow = ins.load(types::F32, flags, base, offset);
                self.b.ins().fpromote(types::F64, narrow)
            }
        }
    }

    /// Writes a register's value, cut to the storage's width.
    fn store(
        &mut self,
        storage: Storage,
        flags: MemFlagsData,
        value: ir::Value,
        base: ir::Value,
        offset: i32,
    ) {
        let ins = self.b.ins();
        match storage {
            Storage::Narrow(Width::I8 | Width::U8) => ins.istore8(flags, value, base, offset),
            Storage::Narrow(Width::I16 | Width::U16) => ins.istore16(flags, value, base, offset),
            Storage::Narrow(Width::I32 | Width::U32) => ins.istore32(flags, value, base, offset),
            Storage::I64 | Storage::F64 | Storage::Ref(_) | Storage::RefNull(_) => {
                ins.store(flags, value, base, offset)
            }
            Storage::F32 => {
                let narrow = ins.fdemote(types::F32, value);
                self.b.ins().store(flags, narrow, base, offset)
            }
        };
    }
}

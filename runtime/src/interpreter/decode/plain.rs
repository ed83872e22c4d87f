//! The handler of every opcode, for instructions that stand alone.

use lang_bytecode::{Reg, RegType, Storage, TrapKind, TypeId, Visitor, Width};

use super::listing::{Kind, kind_of};
use super::select::{Select, by_storage, by_stored, choose};
use crate::interpreter::abi::Handler;
use crate::interpreter::handlers::arith::{self, IntOp, IntOp1};
use crate::interpreter::handlers::compare::{self, FloatTest, IntTest};
use crate::interpreter::handlers::float::{self, FloatOp, FloatOp1};
#[cfg(feature = "jit")]
use crate::interpreter::handlers::tiers;
use crate::interpreter::handlers::{array, call, cold, convert, jump, memory, object};
use crate::interpreter::stored::{AsF32, AsF64, AsI8, AsI16, AsI32, AsRef, AsU8, AsU16, AsU32, AsWord};

impl Select<'_, '_> {
    /// The handler of calls of closures: one that notes what is called, where the JIT wants to know.
    fn closure_call(&self) -> Handler {
        #[cfg(feature = "jit")]
        if self.context.tables.seen.is_some() {
            return tiers::noted_closure;
        }
        call::call_closure
    }

    /// The same for methods.
    fn virtual_call(&self) -> Handler {
        #[cfg(feature = "jit")]
        if self.context.tables.seen.is_some() {
            return tiers::noted_virtual;
        }
        call::call_virtual
    }

    fn int_binary<O: IntOp>(&mut self, dst: Reg, lhs: Reg, rhs: Reg) {
        let run = choose!(arith::int_binary [O] keep self.keep, src self.int(lhs), src self.int(rhs));
        self.op(run, self.slot(dst), self.slot(lhs), self.slot(rhs), 0);
    }

    fn int_immediate<O: IntOp>(&mut self, dst: Reg, lhs: Reg, rhs: i16) {
        let run = choose!(arith::int_binary [O] keep self.keep, src self.int(lhs), imm);
        self.op(run, self.slot(dst), self.slot(lhs), rhs as u16, 0);
    }

    fn int_unary<O: IntOp1>(&mut self, dst: Reg, src: Reg) {
        let run = choose!(arith::int_unary [O] keep self.keep, src self.int(src));
        self.op(run, self.slot(dst), self.slot(src), 0, 0);
    }

    fn float_binary<O: FloatOp>(&mut self, dst: Reg, lhs: Reg, rhs: Reg) {
        let run = choose!(float::float_binary [O] keep self.keep, src self.float(lhs), src self.float(rhs));
        self.op(run, self.slot(dst), self.slot(lhs), self.slot(rhs), 0);
    }

    fn float_unary<O: FloatOp1>(&mut self, dst: Reg, src: Reg) {
        let run = choose!(float::float_unary [O] keep self.keep, src self.float(src));
        self.op(run, self.slot(dst), self.slot(src), 0, 0);
    }

    fn int_compare<T: IntTest>(&mut self, dst: Reg, lhs: Reg, rhs: Reg) {
        let run = choose!(compare::int_compare [T] keep self.keep, src self.int(lhs), src self.int(rhs));
        self.op(run, self.slot(dst), self.slot(lhs), self.slot(rhs), 0);
    }

    fn int_compare_immediate<T: IntTest>(&mut self, dst: Reg, lhs: Reg, rhs: i16) {
        let run = choose!(compare::int_compare [T] keep self.keep, src self.int(lhs), imm);
        self.op(run, self.slot(dst), self.slot(lhs), rhs as u16, 0);
    }

    fn float_compare<T: FloatTest>(&mut self, dst: Reg, lhs: Reg, rhs: Reg) {
        let run =
            choose!(compare::float_compare [T] keep self.keep, src self.float(lhs), src self.float(rhs));
        self.op(run, self.slot(dst), self.slot(lhs), self.slot(rhs), 0);
    }

    fn int_jump<T: IntTest>(&mut self, lhs: Reg, rhs: Reg, distance: i32) {
        let target = self.target(distance);
        let run = choose!(jump::int_jump [T] src self.int(lhs), src self.int(rhs), edge self.back(target));
        self.jump(run, self.slot(lhs), self.slot(rhs), target);
    }

    fn int_jump_immediate<T: IntTest>(&mut self, lhs: Reg, rhs: i16, distance: i32) {
        let target = self.target(distance);
        let run = choose!(jump::int_jump [T] src self.int(lhs), imm, edge self.back(target));
        self.jump(run, self.slot(lhs), rhs as u16, target);
    }

    fn float_jump<T: FloatTest>(&mut self, lhs: Reg, rhs: Reg, distance: i32) {
        let target = self.target(distance);
        let run =
            choose!(jump::float_jump [T] src self.float(lhs), src self.float(rhs), edge self.back(target));
        self.jump(run, self.slot(lhs), self.slot(rhs), target);
    }

    /// The instruction that the jump at hand leads to.
    fn target(&self, distance: i32) -> usize {
        self.listing.target(self.last, distance)
    }

    fn narrow(&mut self, dst: Reg, src: Reg, to: Width) {
        let (keep, acc) = (self.keep, self.int(src));
        let run = match to {
            Width::I8 => choose!(convert::narrow [convert::I8] keep keep, src acc),
            Width::I16 => choose!(convert::narrow [convert::I16] keep keep, src acc),
            Width::I32 => choose!(convert::narrow [convert::I32] keep keep, src acc),
            Width::U8 => choose!(convert::narrow [convert::U8] keep keep, src acc),
            Width::U16 => choose!(convert::narrow [convert::U16] keep keep, src acc),
            Width::U32 => choose!(convert::narrow [convert::U32] keep keep, src acc),
        };
        self.op(run, self.slot(dst), self.slot(src), 0, 0);
    }

    fn wrap(&mut self, dst: Reg, src: Reg, to: Width) {
        let (keep, acc) = (self.keep, self.int(src));
        let run = match to {
            Width::I8 => choose!(convert::wrap [convert::I8] keep keep, src acc),
            Width::I16 => choose!(convert::wrap [convert::I16] keep keep, src acc),
            Width::I32 => choose!(convert::wrap [convert::I32] keep keep, src acc),
            Width::U8 => choose!(convert::wrap [convert::U8] keep keep, src acc),
            Width::U16 => choose!(convert::wrap [convert::U16] keep keep, src acc),
            Width::U32 => choose!(convert::wrap [convert::U32] keep keep, src acc),
        };
        self.op(run, self.slot(dst), self.slot(src), 0, 0);
    }

    /// dst = a 64-bit constant, an int or an address.
    fn constant(&mut self, dst: Reg, value: u64) {
        match i32::try_from(value as i64) {
            Ok(small) => {
                let run = choose!(memory::const_small [] keep self.keep);
                self.wide(run, self.slot(dst), 0, small as u32);
            }
            Err(_) => {
                let run = choose!(memory::const_wide [] keep self.keep);
                self.op(run, self.slot(dst), 0, 0, 0);
                self.bits(value, 0);
            }
        }
    }

    /// The storage of the elements of the array that the instruction works on.
    fn element_storage(&self) -> Storage {
        self.listing.element(self.listing.subject[self.at])
    }

    /// The result type of this instruction as a kind.
    fn result_kind(&self) -> Kind {
        kind_of(self.result_type())
    }
}

/// Opcodes that all take the same operands to the same method, by a type.
macro_rules! families {
    ($($family:ident $operands:tt: $($name:ident $with:ident),*;)*) => {
        $($(families!(@one $name $family $with $operands);)*)*
    };
    (@one $name:ident $family:ident $with:ident ($($operand:ident : $ty:ty),*)) => {
        fn $name(&mut self, $($operand: $ty),*) {
            self.$family::<$with>($($operand),*);
        }
    };
}

use arith::{
    Abs, Add, AddW, And, BitNot, Clz, Ctz, Div, DivPow2, Max, Min, Mul, MulW, Neg, Not, Or, Popcnt, Pow,
    RSub, Rem, RemPow2, Rotl, Rotr, Shl, Shr, Sub, SubW, UShr, Xor,
};
use compare::{Eq, FEq, FLe, FLt, FNe, FNle, FNlt, Ge, Gt, Le, Lt, Ne};
use float::{FAbs, FAdd, FCeil, FDiv, FFloor, FMul, FNeg, FRem, FRound, FSqrt, FSub, FTrunc, ToF32};

#[allow(non_snake_case, reason = "the visitor's methods carry the opcodes' own names")]
impl Visitor for Select<'_, '_> {
    type Output = ();

    families! {
        int_binary(dst: Reg, lhs: Reg, rhs: Reg):
            IAdd Add, ISub Sub, IMul Mul, IDiv Div, IRem Rem, IPow Pow, IAddW AddW, ISubW SubW, IMulW MulW, IMin Min, IMax Max,
            BAnd And, BOr Or, BXor Xor, Shl Shl, Shr Shr, UShr UShr, Rotl Rotl, Rotr Rotr;
        int_immediate(dst: Reg, lhs: Reg, rhs: i16):
            IAddI Add, IMulI Mul, BAndI And, BOrI Or, BXorI Xor, ShlI Shl, ShrI Shr, UShrI UShr;
        int_unary(dst: Reg, src: Reg):
            INeg Neg, IAbs Abs, Not Not, BNot BitNot, Popcnt Popcnt, Clz Clz, Ctz Ctz;
        float_binary(dst: Reg, lhs: Reg, rhs: Reg):
            FAdd FAdd, FSub FSub, FMul FMul, FDiv FDiv, FRem FRem;
        float_unary(dst: Reg, src: Reg):
            FNeg FNeg, FAbs FAbs, FSqrt FSqrt, FFloor FFloor, FCeil FCeil, FTrunc FTrunc, FRound FRound, FToF32 ToF32;
        int_compare(dst: Reg, lhs: Reg, rhs: Reg):
            IEq Eq, INe Ne, ILt Lt, ILe Le, REq Eq;
        int_compare_immediate(dst: Reg, lhs: Reg, rhs: i16):
            IEqI Eq, INeI Ne, ILtI Lt, ILeI Le, IGtI Gt, IGeI Ge;
        float_compare(dst: Reg, lhs: Reg, rhs: Reg):
            FEq FEq, FNe FNe, FLt FLt, FLe FLe;
        int_jump(lhs: Reg, rhs: Reg, distance: i32):
            JEq Eq, JNe Ne, JLt Lt, JLe Le;
        int_jump_immediate(lhs: Reg, rhs: i16, distance: i32):
            JEqI Eq, JNeI Ne, JLtI Lt, JLeI Le, JGtI Gt, JGeI Ge;
        float_jump(lhs: Reg, rhs: Reg, distance: i32):
            JFEq FEq, JFNe FNe, JFLt FLt, JFLe FLe, JFNlt FNlt, JFNle FNle;
    }

    fn Nop(&mut self) {
        self.op(memory::nop, 0, 0, 0, 0);
    }

    fn IConst(&mut self, dst: Reg, value: i32) {
        self.constant(dst, i64::from(value) as u64);
    }

    fn IConst64(&mut self, dst: Reg, value: u32) {
        self.constant(dst, self.listing.module.constants[value as usize]);
    }

    fn FConst(&mut self, dst: Reg, value: u32) {
        let run = choose!(memory::const_float [] keep self.keep);
        self.op(run, self.slot(dst), 0, 0, 0);
        self.bits(self.listing.module.constants[value as usize], 0);
    }

    fn StrConst(&mut self, dst: Reg, value: u32) {
        let address = self.context.tables.string(self.context.heap, &self.listing.module.strings, value);
        self.constant(dst, address);
    }

    fn Null(&mut self, dst: Reg) {
        self.constant(dst, 0);
    }

    fn Static(&mut self, dst: Reg, of: u32) {
        let address = self.context.heap.static_object(TypeId(of));
        self.constant(dst, address);
    }

    fn Mov(&mut self, dst: Reg, src: Reg) {
        let run = match self.result_kind() {
            Kind::Int => choose!(memory::move_int [] keep self.keep, src self.int(src)),
            Kind::Float => choose!(memory::move_float [] keep self.keep, src self.float(src)),
        };
        self.op(run, self.slot(dst), self.slot(src), 0, 0);
    }

    fn IRSubI(&mut self, dst: Reg, rhs: Reg, lhs: i16) {
        self.int_immediate::<RSub>(dst, rhs, lhs);
    }

    fn IDivI(&mut self, dst: Reg, lhs: Reg, rhs: i16) {
        match power_of_two(rhs) {
            Some(shift) => self.int_immediate::<DivPow2>(dst, lhs, shift),
            None => self.int_immediate::<Div>(dst, lhs, rhs),
        }
    }

    fn IRemI(&mut self, dst: Reg, lhs: Reg, rhs: i16) {
        match power_of_two(rhs) {
            Some(shift) => self.int_immediate::<RemPow2>(dst, lhs, shift),
            None => self.int_immediate::<Rem>(dst, lhs, rhs),
        }
    }

    fn IToF(&mut self, dst: Reg, src: Reg) {
        let run = choose!(convert::int_to_float [] keep self.keep, src self.int(src));
        self.op(run, self.slot(dst), self.slot(src), 0, 0);
    }

    fn FToI(&mut self, dst: Reg, src: Reg) {
        let run = choose!(convert::float_to_int [] keep self.keep, src self.float(src));
        self.op(run, self.slot(dst), self.slot(src), 0, 0);
    }

    fn Narrow(&mut self, dst: Reg, src: Reg, to: Width) {
        self.narrow(dst, src, to);
    }

    fn Wrap(&mut self, dst: Reg, src: Reg, to: Width) {
        self.wrap(dst, src, to);
    }

    fn ToChar(&mut self, dst: Reg, src: Reg) {
        let run = choose!(convert::to_char [] keep self.keep, src self.int(src));
        self.op(run, self.slot(dst), self.slot(src), 0, 0);
    }

    fn FBits(&mut self, dst: Reg, src: Reg) {
        let run = choose!(convert::float_bits [] keep self.keep, src self.float(src));
        self.op(run, self.slot(dst), self.slot(src), 0, 0);
    }

    fn FFromBits(&mut self, dst: Reg, src: Reg) {
        let run = choose!(convert::float_from_bits [] keep self.keep, src self.int(src));
        self.op(run, self.slot(dst), self.slot(src), 0, 0);
    }

    fn FCmp(&mut self, dst: Reg, lhs: Reg, rhs: Reg) {
        let run = choose!(compare::float_order [] keep self.keep);
        self.op(run, self.slot(dst), self.slot(lhs), self.slot(rhs), 0);
    }

    fn IsNull(&mut self, dst: Reg, src: Reg) {
        self.int_compare_immediate::<Eq>(dst, src, 0);
    }

    fn StrEq(&mut self, dst: Reg, lhs: Reg, rhs: Reg) {
        let run = choose!(compare::str_equal [] keep self.keep);
        self.op(run, self.slot(dst), self.slot(lhs), self.slot(rhs), 0);
    }

    fn StrCmp(&mut self, dst: Reg, lhs: Reg, rhs: Reg) {
        let run = choose!(compare::str_order [] keep self.keep);
        self.op(run, self.slot(dst), self.slot(lhs), self.slot(rhs), 0);
    }

    fn Jmp(&mut self, distance: i32) {
        let target = self.target(distance);
        let run = choose!(jump::jump [] edge self.back(target));
        self.jump(run, 0, 0, target);
    }

    fn JTrue(&mut self, cond: Reg, distance: i32) {
        self.int_jump_immediate::<Ne>(cond, 0, distance);
    }

    fn JFalse(&mut self, cond: Reg, distance: i32) {
        self.int_jump_immediate::<Eq>(cond, 0, distance);
    }

    fn JNull(&mut self, src: Reg, distance: i32) {
        self.int_jump_immediate::<Eq>(src, 0, distance);
    }

    fn JNotNull(&mut self, src: Reg, distance: i32) {
        self.int_jump_immediate::<Ne>(src, 0, distance);
    }

    fn JNullElse(&mut self, dst: Reg, src: Reg, distance: i32) {
        let target = self.target(distance);
        let run = choose!(jump::null_else [] edge self.back(target));
        self.jump(run, self.slot(dst), self.slot(src), target);
    }

    fn Switch(&mut self, index: Reg, count: u32) {
        let run = choose!(jump::switch [] src self.int(index));
        self.wide(run, self.slot(index), 0, count);
        let targets: Vec<usize> = self.listing.switch_targets(self.at, count).collect();
        self.table(&targets);
    }

    fn Call(&mut self, callee: u32) {
        self.op(call::call, self.listing.window(), 0, 0, 0);
        self.link(Some(callee));
    }

    fn CallNative(&mut self, callee: u32) {
        self.wide(cold::native, self.listing.window(), 0, callee);
    }

    fn CallClosure(&mut self, callee: Reg) {
        let run = self.closure_call();
        self.op(run, self.listing.window(), self.slot(callee), 0, 0);
        self.link(None);
    }

    fn CallVirtual(&mut self, method: u32) {
        self.context.tables.prepare_method(self.listing.module, method);
        let run = self.virtual_call();
        self.wide(run, self.listing.window(), 0, method);
        self.link(None);
    }

    fn CallC(&mut self, callee: u32) {
        self.wide(cold::call_c, self.listing.window(), 0, callee);
    }

    fn TailCall(&mut self, callee: u32) {
        self.wide(call::tail_call, self.listing.window(), 0, callee);
    }

    fn TailCallClosure(&mut self, callee: Reg) {
        self.op(call::tail_call_closure, self.listing.window(), self.slot(callee), 0, 0);
    }

    fn Ret(&mut self) {
        self.op(call::ret, 0, 0, 0, 0);
    }

    fn Ret1(&mut self, src: Reg) {
        let results = &self.listing.module.functions[self.listing.id.0 as usize].results;
        let result = results.first().copied().unwrap_or(RegType::Int);
        let run = match kind_of(result) {
            Kind::Int => choose!(call::ret_int [] src self.int(src)),
            Kind::Float => choose!(call::ret_float [] src self.float(src)),
        };
        self.op(run, self.slot(src), 0, 0, 0);
    }

    fn RetN(&mut self, count: u32) {
        let run: Handler = if count == 2 { call::ret_two } else { call::ret_many };
        self.wide(run, self.listing.window(), 0, count);
    }

    fn Fail(&mut self, _: Reg, _: TrapKind) {
        self.op(cold::trap_first, 0, 0, 0, 0);
    }

    fn Trap(&mut self, _: TrapKind) {
        self.op(cold::trap_first, 0, 0, 0, 0);
    }

    fn Halt(&mut self, status: Reg) {
        let run = choose!(memory::halt [] src self.int(status));
        self.op(run, self.slot(status), 0, 0, 0);
    }

    fn GGet(&mut self, dst: Reg, global: u32) {
        let run = match self.listing.module.globals[global as usize].ty {
            RegType::Float => choose!(memory::global_get_float [] keep self.keep),
            RegType::Ref(_) => choose!(memory::global_get_set [] keep self.keep),
            RegType::Int | RegType::RefNull(_) => choose!(memory::global_get_int [] keep self.keep),
        };
        self.wide(run, self.slot(dst), 0, global);
    }

    fn GSet(&mut self, src: Reg, global: u32) {
        let run = match kind_of(self.listing.module.globals[global as usize].ty) {
            Kind::Int => choose!(memory::global_set_int [] src self.int(src)),
            Kind::Float => choose!(memory::global_set_float [] src self.float(src)),
        };
        self.wide(run, self.slot(src), 0, global);
    }

    fn New(&mut self, dst: Reg, of: u32) {
        let layout = self.listing.layouts.get(TypeId(of));
        let words = layout.fields.iter().all(|field| crate::heap::size_of(field.storage) == 8);
        match u16::try_from(layout.fields.len()) {
            Ok(count) if words => {
                let (header, size) = (layout.header.0, layout.size as u64);
                self.op(object::new_words, self.slot(dst), self.listing.window(), count, 0);
                self.bits(header, size);
            }
            _ => self.wide(object::new_mixed, self.slot(dst), self.listing.window(), of),
        }
    }

    fn FGet(&mut self, dst: Reg, object: Reg, _: u16) {
        let Some(field) = self.listing.field_at(self.at) else { return };
        let run = by_storage!(field.storage, object::field_get [] keep self.keep, src self.int(object));
        self.wide(run, self.slot(dst), self.slot(object), field.offset as u32);
    }

    fn FSet(&mut self, object: Reg, src: Reg, _: u16) {
        let Some(field) = self.listing.field_at(self.at) else { return };
        let run = by_stored!(field.storage, object::field_set [] src self.stored(field.storage, src));
        self.wide(run, self.slot(object), self.slot(src), field.offset as u32);
    }

    fn Tag(&mut self, dst: Reg, object: Reg) {
        let run = choose!(object::tag [] keep self.keep, src self.int(object));
        self.op(run, self.slot(dst), self.slot(object), 0, 0);
    }

    fn Cast(&mut self, dst: Reg, src: Reg, to: u32) {
        let run = choose!(object::cast [] src self.int(src));
        self.wide(run, self.slot(dst), self.slot(src), to);
    }

    fn IsType(&mut self, dst: Reg, src: Reg, of: u32) {
        let run = choose!(object::is_type [] keep self.keep, src self.int(src));
        self.wide(run, self.slot(dst), self.slot(src), of);
    }

    fn NonNull(&mut self, dst: Reg, src: Reg) {
        let run = choose!(object::non_null [] src self.int(src));
        self.op(run, self.slot(dst), self.slot(src), 0, 0);
    }

    fn ANew(&mut self, dst: Reg, capacity: Reg, of: u32) {
        self.wide(object::array_new, self.slot(dst), self.slot(capacity), of);
    }

    fn AFilled(&mut self, dst: Reg, of: u32) {
        self.wide(object::array_filled, self.slot(dst), self.listing.window(), of);
    }

    fn ALit(&mut self, dst: Reg, count: u16, of: u32) {
        self.op(object::array_literal, self.slot(dst), self.listing.window(), count, 0);
        self.bits(u64::from(of), 0);
    }

    fn ALen(&mut self, dst: Reg, array: Reg) {
        let run = choose!(array::array_len [] keep self.keep, src self.int(array));
        self.op(run, self.slot(dst), self.slot(array), 0, 0);
    }

    fn AGet(&mut self, dst: Reg, array: Reg, index: Reg) {
        let run = by_storage!(self.element_storage(), array::array_get []
            keep self.keep, src self.int(array), src self.int(index));
        self.op(run, self.slot(dst), self.slot(array), self.slot(index), 0);
    }

    fn ASet(&mut self, array: Reg, index: Reg, src: Reg) {
        let storage = self.element_storage();
        let run = by_stored!(storage, array::array_set [] src self.int(index), src self.stored(storage, src));
        self.op(run, self.slot(array), self.slot(index), self.slot(src), 0);
    }

    fn APush(&mut self, array: Reg, src: Reg) {
        let run = by_stored!(self.element_storage(), array::array_push []);
        self.op(run, self.slot(array), self.slot(src), 0, 0);
    }

    fn APop(&mut self, dst: Reg, array: Reg) {
        let run = by_storage!(self.element_storage(), array::array_pop [] keep self.keep);
        self.op(run, self.slot(dst), self.slot(array), 0, 0);
    }

    fn ASwap(&mut self, array: Reg, i: Reg, j: Reg) {
        let run = by_stored!(self.element_storage(), array::array_swap []);
        self.op(run, self.slot(array), self.slot(i), self.slot(j), 0);
    }

    fn StrLen(&mut self, dst: Reg, src: Reg) {
        let run = choose!(array::str_len [] keep self.keep);
        self.op(run, self.slot(dst), self.slot(src), 0, 0);
    }

    fn StrByte(&mut self, dst: Reg, src: Reg, index: Reg) {
        let run = choose!(array::str_byte [] keep self.keep, src self.int(index));
        self.op(run, self.slot(dst), self.slot(src), self.slot(index), 0);
    }
}

/// The exponent of a power of two.
fn power_of_two(value: i16) -> Option<i16> {
    (value > 0 && (value as u16).is_power_of_two()).then(|| value.trailing_zeros() as i16)
}

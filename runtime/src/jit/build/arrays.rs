//! Objects and arrays: allocation, elements, growth.

use lang_bytecode::{Reg, RegType, Storage, TypeId, Width};

use super::Body;
use super::state::State;
use crate::jit::helpers::Helper;
use crate::jit::ir::{Binary, Block, Cond, Edge, Init, Op, Term, Type, Value};

/// Two ways that are taken in turn.
struct Fork {
    /// Where the first way begins, and then where it ends.
    fast: Block,
    slow: Block,
    before: State,
}

impl Body<'_, '_> {
    /// A helper that makes an object.
    fn make(&mut self, helper: Helper, args: Vec<Value>) -> Value {
        let result = self.builder.func.value(Type::Ref);
        self.builder.func.set_non_null(result);
        self.safepoint(Op::Helper { helper, args }, vec![result]);
        result
    }

    pub(super) fn new_object(&mut self, dst: Reg, of: TypeId) {
        let layout = self.builder.program.layouts.get(of);
        let fields = layout.fields.iter().enumerate().map(|(slot, field)| Init {
            offset: field.offset as u32,
            storage: field.storage,
            value: self.out(slot),
        });
        let (fields, size, header) = (fields.collect(), layout.size as u32, layout.header.0);
        self.keep_outs(0);
        let object = self.builder.func.value(Type::Ref);
        self.builder.func.set_non_null(object);
        self.safepoint(Op::New { of: of.0, size, header, fields }, vec![object]);
        self.set(dst, object, RegType::Ref(of));
    }

    /// Goes on where a condition holds; the other way comes later, and must not define registers.
    fn fork(&mut self, cond: Value) -> Fork {
        let (fast, slow) = (self.builder.func.block(), self.builder.func.block());
        let edge = |to| Edge { to, args: Vec::new() };
        self.end(Term::Branch { cond, then: edge(fast), other: edge(slow) });
        self.builder.block = fast;
        Fork { fast, slow, before: self.state.clone() }
    }

    /// Goes on with the other way of a fork.
    fn other_way(&mut self, fork: Fork) -> Fork {
        let fast = self.builder.block;
        self.builder.block = fork.slow;
        self.state = fork.before.clone();
        Fork { fast, ..fork }
    }

    /// Joins both ways, the other of which may have moved objects.
    fn rejoin(&mut self, fork: Fork) {
        let join = self.builder.func.block();
        let (mut stayed, mut moved) = (Vec::new(), Vec::new());
        for register in 0..self.state.registers.len() {
            if let (Some(old), Some(new)) = (fork.before.registers[register], self.state.registers[register])
                && old != new
            {
                stayed.push(old);
                moved.push(new);
                self.state.registers[register] = Some(self.param_like(join, new));
            }
        }
        for place in 0..self.state.outer.len() {
            let new = self.state.outer[place];
            stayed.push(fork.before.outer[place]);
            moved.push(new);
            self.state.outer[place] = self.param_like(join, new);
        }
        self.end(Term::Jump(Edge { to: join, args: moved }));
        self.builder.block = fork.fast;
        self.end(Term::Jump(Edge { to: join, args: stayed }));
        (self.builder.block, self.ended) = (join, false);
    }

    /// Only the first out slots are used from here on.
    fn keep_outs(&mut self, count: usize) {
        self.state.outs.iter_mut().skip(count).for_each(|out| *out = None);
    }

    pub(super) fn new_array(&mut self, dst: Reg, capacity: Reg, of: u32) {
        let capacity = self.get(capacity);
        let (ty, len) = (self.constant(of.into()), self.constant(0));
        self.keep_outs(0);
        let array = self.make(Helper::NewArray, vec![ty, len, capacity]);
        self.set(dst, array, RegType::Ref(TypeId(of)));
    }

    pub(super) fn filled_array(&mut self, dst: Reg, of: u32) {
        let (len, value) = (self.out(0), self.out(1));
        let (zero, ty) = (self.constant(0), self.constant(of.into()));
        self.guard(Cond::Lt, len, zero, [len, zero]);
        self.keep_outs(0);
        let array = self.make(Helper::FilledArray, vec![ty, len, value]);
        self.set(dst, array, RegType::Ref(TypeId(of)));
    }

    pub(super) fn array_of(&mut self, dst: Reg, count: u16, of: u32) {
        let (ty, len) = (self.constant(of.into()), self.constant(count.into()));
        self.keep_outs(count.into());
        let array = self.make(Helper::NewArray, vec![ty, len, len]);
        let storage = self.builder.program.layouts.element(TypeId(of));
        let data = self.emit(Op::Data(array), Type::Int);
        for slot in 0..count {
            let (index, value) = (self.constant(slot.into()), self.out(slot.into()));
            self.effect(Op::SetElement { owner: array, data, index, storage, value });
        }
        self.set(dst, array, RegType::Ref(TypeId(of)));
    }

    /// How the elements of an array lie, and the type that they have in registers.
    fn elements(&self, array: Reg) -> (Storage, RegType) {
        let storage = self.builder.program.layouts.element(self.pointee(array));
        (storage, storage.register())
    }

    /// Checks an index; where the contents are.
    fn checked_data(&mut self, array: Value, index: Value) -> Value {
        let len = self.emit(Op::Len(array), Type::Int);
        self.effect(Op::Bounds { index, len });
        self.emit(Op::Data(array), Type::Int)
    }

    pub(super) fn array_get(&mut self, dst: Reg, array: Reg, index: Reg) {
        let (storage, ty) = self.elements(array);
        let (array, index) = (self.get(array), self.get(index));
        let data = self.checked_data(array, index);
        let value = self.emit(Op::Element { data, index, storage }, Type::of(ty));
        self.set(dst, value, ty);
    }

    pub(super) fn array_set(&mut self, array: Reg, index: Reg, src: Reg) {
        let (storage, _) = self.elements(array);
        let (array, index, value) = (self.get(array), self.get(index), self.get(src));
        let data = self.checked_data(array, index);
        self.effect(Op::SetElement { owner: array, data, index, storage, value });
    }

    pub(super) fn string_byte(&mut self, dst: Reg, src: Reg, index: Reg) {
        let (string, index) = (self.get(src), self.get(index));
        let data = self.checked_data(string, index);
        let storage = Storage::Narrow(Width::U8);
        let value = self.emit(Op::Element { data, index, storage }, Type::Int);
        self.set(dst, value, RegType::Int);
    }

    /// Appends in place where there is room; else the helper makes room.
    pub(super) fn array_push(&mut self, array: Reg, src: Reg) {
        let (storage, _) = self.elements(array);
        let (array, value) = (self.get(array), self.get(src));
        self.keep_outs(0);
        let len = self.emit(Op::Len(array), Type::Int);
        let data = self.emit(Op::Data(array), Type::Int);
        let capacity = self.emit(Op::Capacity(data), Type::Int);
        let room = self.emit(Op::Compare(Cond::Lt, len, capacity), Type::Int);
        let fork = self.fork(room);
        self.effect(Op::SetElement { owner: array, data, index: len, storage, value });
        let one = self.constant(1);
        let longer = self.emit(Op::Binary(Binary::Add, len, one), Type::Int);
        self.effect(Op::SetLen { array, len: longer });
        let fork = self.other_way(fork);
        let done = self.builder.func.value(Type::Int);
        self.safepoint(Op::Helper { helper: Helper::Push, args: vec![array, value] }, vec![done]);
        self.rejoin(fork);
    }

    pub(super) fn array_pop(&mut self, dst: Reg, array: Reg) {
        let (storage, ty) = self.elements(array);
        let array = self.get(array);
        let len = self.emit(Op::Len(array), Type::Int);
        let (zero, one) = (self.constant(0), self.constant(1));
        self.guard(Cond::Eq, len, zero, [zero, zero]);
        let last = self.emit(Op::Binary(Binary::Sub, len, one), Type::Int);
        self.effect(Op::SetLen { array, len: last });
        let data = self.emit(Op::Data(array), Type::Int);
        let value = self.emit(Op::Element { data, index: last, storage }, Type::of(ty));
        self.set(dst, value, ty);
    }

    pub(super) fn array_swap(&mut self, array: Reg, i: Reg, j: Reg) {
        let (storage, ty) = self.elements(array);
        let (array, i, j) = (self.get(array), self.get(i), self.get(j));
        let len = self.emit(Op::Len(array), Type::Int);
        self.effect(Op::Bounds { index: i, len });
        self.effect(Op::Bounds { index: j, len });
        let data = self.emit(Op::Data(array), Type::Int);
        let first = self.emit(Op::Element { data, index: i, storage }, Type::of(ty));
        let second = self.emit(Op::Element { data, index: j, storage }, Type::of(ty));
        self.effect(Op::SetElement { owner: array, data, index: i, storage, value: second });
        self.effect(Op::SetElement { owner: array, data, index: j, storage, value: first });
    }
}

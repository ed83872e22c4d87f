//! What registers and out slots hold at a point of the translation.

use lang_bytecode::{Reg, RegType};

use super::Body;
use crate::jit::ir::{Op, Type, Value};

/// The values of registers and out slots.
#[derive(Clone, Debug)]
pub(super) struct State {
    /// The registers; none for one that was not written, which reads as zero.
    pub(super) registers: Vec<Option<Value>>,
    /// The out slots that hold something.
    pub(super) outs: Vec<Option<(Value, RegType)>>,
    /// The references of the functions that this one was inlined into.
    pub(super) outer: Vec<Value>,
}

impl State {
    pub(super) fn new(registers: usize, outs: usize) -> State {
        State { registers: vec![None; registers], outs: vec![None; outs], outer: Vec::new() }
    }

    /// Nothing is known any more.
    pub(super) fn forget(&mut self) {
        self.registers.iter_mut().for_each(|value| *value = None);
        self.outs.iter_mut().for_each(|out| *out = None);
    }
}

impl Body<'_, '_> {
    /// What a register holds.
    pub(super) fn register(&mut self, register: usize) -> Value {
        match self.state.registers[register] {
            Some(value) => value,
            None => {
                let value = self.zero(Type::of(self.code.registers[register]));
                self.state.registers[register] = Some(value);
                value
            }
        }
    }

    /// What a register holds that was not written.
    pub(super) fn zero(&mut self, ty: Type) -> Value {
        let op = match ty {
            Type::Int => Op::Const(0),
            Type::Float => Op::Float(0),
            Type::Ref => Op::Fixed(0),
        };
        self.emit(op, ty)
    }

    /// An operand.
    pub(super) fn get(&mut self, reg: Reg) -> Value {
        match reg.out_slot(self.code.registers.len()) {
            None => self.register(reg.0 as usize),
            Some(slot) => self.out(slot),
        }
    }

    /// An out slot.
    pub(super) fn out(&mut self, slot: usize) -> Value {
        match self.state.outs.get(slot) {
            Some(Some((value, _))) => *value,
            _ => self.zero(Type::Int),
        }
    }

    /// The type of an operand.
    pub(super) fn type_of(&self, reg: Reg) -> RegType {
        match reg.out_slot(self.code.registers.len()) {
            None => self.types[reg.0 as usize],
            Some(slot) => self.state.outs.get(slot).and_then(|out| *out).map_or(RegType::Int, |(_, ty)| ty),
        }
    }

    /// Sets a register or an out slot.
    pub(super) fn set(&mut self, reg: Reg, value: Value, ty: RegType) {
        match reg.out_slot(self.code.registers.len()) {
            None => self.state.registers[reg.0 as usize] = Some(value),
            Some(slot) => self.set_out(slot, value, ty),
        }
    }

    pub(super) fn set_out(&mut self, slot: usize, value: Value, ty: RegType) {
        if self.state.outs.len() <= slot {
            self.state.outs.resize(slot + 1, None);
        }
        self.state.outs[slot] = Some((value, ty));
    }
}

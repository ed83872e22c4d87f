//! A function's code: words, jumps and blocks, then each instruction by its rule, then the `ref` registers' assignment.

use super::VerifyError;
use super::assigned::Assignment;
use super::error::Fault;
use super::plain;
use super::types::Types;
use super::value::{OutSlots, Value};
use crate::code::jump_distance;
use crate::operand::{Class, Role, Slot};
use crate::{Effects, Function, Instr, Opcode, Reg, RegType, TypeId, switch_distances, switch_words};

/// What is known of a word of code.
const INSTR: u8 = 1;
const TARGET: u8 = 2;
/// It comes after a jump or an end.
const AFTER: u8 = 4;

/// Checks functions one after another, with the same buffers.
pub(super) struct Checker<'t, 'm> {
    pub(super) types: &'t Types<'m>,
    pub(super) function: &'m Function,
    pub(super) outs: OutSlots<'m>,
    assignment: Assignment,
    marks: Vec<u8>,
    index: usize,
    at: usize,
    opcode: Option<Opcode>,
}

/// A function to begin with.
static EMPTY: Function = Function {
    name: String::new(),
    params: 0,
    registers: Vec::new(),
    results: Vec::new(),
    code: Vec::new(),
    scopes: Vec::new(),
    lines: Vec::new(),
};

impl<'t, 'm> Checker<'t, 'm> {
    pub(super) fn new(types: &'t Types<'m>) -> Checker<'t, 'm> {
        Checker {
            types,
            function: &EMPTY,
            outs: OutSlots::default(),
            assignment: Assignment::default(),
            marks: Vec::new(),
            index: 0,
            at: 0,
            opcode: None,
        }
    }

    /// Checks a function's code and gives the number of out slots that it uses.
    pub(super) fn check_function(&mut self, index: usize) -> Result<u32, Fault> {
        self.function = &self.types.module.functions[index];
        self.index = index;
        self.opcode = None;
        self.outs.start();
        self.mark_words()?;
        self.assignment.start(self.function.registers.len());
        self.check_blocks()?;
        if let Err((reg, at)) = self.assignment.check() {
            self.at = at as usize;
            self.opcode = Opcode::ALL.get((self.function.code[self.at] & 0xff) as usize).copied();
            return Err(self.error(format!("r{reg} is a `ref` that is not written on every path to here")));
        }
        Ok(self.outs.count as u32)
    }

    /// An error at the instruction that is being checked.
    pub(super) fn error(&self, reason: impl Into<String>) -> Fault {
        let mut error = VerifyError::in_function(self.types.module, self.index, reason);
        error.at = Some((self.at, self.opcode.map_or("", Opcode::mnemonic)));
        Box::new(error)
    }

    /// Finds where instructions begin and where jumps land, and that both agree.
    fn mark_words(&mut self) -> Result<(), Fault> {
        let code = self.function.code.as_slice();
        self.at = 0;
        if code.is_empty() {
            return Err(self.error("it has no code"));
        }
        if code.len() > i32::MAX as usize {
            return Err(self.error("it has too much code"));
        }
        self.marks.clear();
        self.marks.resize(code.len(), 0);
        while self.at < code.len() {
            self.marks[self.at] |= INSTR;
            let word = code[self.at];
            self.opcode = Opcode::ALL.get((word & 0xff) as usize).copied();
            let Some(opcode) = self.opcode else { return Err(self.error("there is no such opcode")) };
            let effects = opcode.effects();
            let mut next = self.at + 1;
            if let Some(distance) = jump_distance(opcode, word) {
                self.mark_target(distance)?;
            } else if opcode == Opcode::Switch {
                next = self.mark_table(Slot::BC.get(word))?;
            }
            if next < code.len() {
                self.marks[next] |= if effects.leave() { AFTER } else { 0 };
            } else if !effects.has(Effects::ENDS) {
                return Err(self.error("the code runs off its end"));
            }
            self.at = next;
        }
        match self.marks.iter().position(|mark| mark & (TARGET | INSTR) == TARGET) {
            Some(at) => {
                (self.at, self.opcode) = (at, None);
                Err(self.error("a jump lands inside a jump table"))
            }
            None => Ok(()),
        }
    }

    /// Marks where a `switch` leads; gives the index of the instruction after its table.
    fn mark_table(&mut self, count: u32) -> Result<usize, Fault> {
        let code = self.function.code.as_slice();
        let words = switch_words(count);
        let Some(table) = code[self.at + 1..].get(..words) else {
            return Err(self.error("its table runs off the end of the code"));
        };
        if count % 2 == 1 && table[words - 1] >> 32 != 0 {
            return Err(self.error("the unused half of its table's last word is not zero"));
        }
        switch_distances(table, count).try_for_each(|distance| self.mark_target(distance))?;
        Ok(self.at + 1 + words)
    }

    fn mark_target(&mut self, distance: i32) -> Result<(), Fault> {
        let target = self.at as i64 + distance as i64;
        match usize::try_from(target).ok().and_then(|target| self.marks.get_mut(target)) {
            Some(mark) => {
                *mark |= TARGET;
                Ok(())
            }
            None => Err(self.error(format!("it jumps to word {target}, outside the code"))),
        }
    }

    /// Checks every instruction and hands blocks, edges, writes and reads to the analysis of assignment.
    fn check_blocks(&mut self) -> Result<(), Fault> {
        self.at = 0;
        self.assignment.begin_block(0);
        while self.at < self.function.code.len() {
            if self.at > 0 && self.marks[self.at] & (TARGET | AFTER) != 0 {
                if self.marks[self.at] & AFTER == 0 {
                    self.assignment.edge_to(self.at as u32);
                }
                self.assignment.begin_block(self.at as u32);
                self.outs.forget();
            }
            let word = self.function.code[self.at];
            let Some(opcode) = Opcode::ALL.get((word & 0xff) as usize).copied() else {
                return Err(self.bad_word());
            };
            let mut next = self.at + 1;
            if !plain::is_good(opcode, word, &self.function.registers) {
                self.opcode = Some(opcode);
                let Some(instr) = Instr::decode(word) else { return Err(self.bad_word()) };
                self.check_instr(instr, word)?;
                next = self.at + instr.words();
            }
            if opcode.effects().leave() {
                self.leave_block(opcode, word, next);
            }
            self.at = next;
        }
        Ok(())
    }

    fn bad_word(&self) -> Fault {
        self.error("an unused bit is set, or its width or kind of trap is unknown")
    }

    /// Tells the analysis where a jump or an end goes.
    fn leave_block(&mut self, opcode: Opcode, word: u64, next: usize) {
        if let Some(distance) = jump_distance(opcode, word) {
            self.assignment.edge_to((self.at as i64 + distance as i64) as u32);
        } else if opcode == Opcode::Switch {
            let table = &self.function.code[self.at + 1..next];
            for distance in switch_distances(table, Slot::BC.get(word)) {
                self.assignment.edge_to((self.at as i64 + distance as i64) as u32);
            }
        }
        if opcode.effects().has(Effects::ENDS) {
            return;
        }
        // Only the way on writes `dst`, so the write gets a block of its own there.
        let dst = Reg(Slot::A.get(word) as u16);
        if opcode == Opcode::JNullElse && self.is_tracked(dst) {
            self.assignment.edge_with_def(dst.0, next as u32);
        } else {
            self.assignment.edge_to(next as u32);
        }
    }

    /// Reads, rule, writes: each instruction in that order.
    pub(super) fn check_instr(&mut self, instr: Instr, word: u64) -> Result<(), Fault> {
        let opcode = instr.opcode();
        for operand in opcode.operands() {
            if operand.class == Class::Divisor && matches!(operand.slot.get(word) as i16, 0 | -1) {
                return Err(self.error(format!("{}: a divisor that is 0 or -1 could trap", operand.name)));
            }
            if operand.role == Role::Use {
                let reg = Reg(operand.slot.get(word) as u16);
                let value = self.read(reg, operand.name)?;
                self.check_class(value, operand.class, reg, operand.name)?;
            }
        }
        let made = self.rule(instr)?;
        if opcode.effects().has(Effects::SAFEPOINT) && !opcode.effects().has(Effects::CALL) {
            self.outs.forget();
        }
        for operand in opcode.operands() {
            if operand.role == Role::Def {
                let value = match operand.class {
                    Class::Int => Value::Of(RegType::Int),
                    Class::Float => Value::Of(RegType::Float),
                    Class::Str => Value::Of(RegType::Ref(TypeId::STR)),
                    Class::Null => Value::Null,
                    _ => made.unwrap_or(Value::Null),
                };
                self.write(opcode, Reg(operand.slot.get(word) as u16), value, operand.name)?;
            }
        }
        Ok(())
    }

    /// What a register or out slot holds.
    pub(super) fn read(&mut self, reg: Reg, operand: &str) -> Result<Value, Fault> {
        match self.function.registers.get(reg.0 as usize) {
            Some(ty) => {
                if self.is_tracked(reg) {
                    self.assignment.read(reg.0, self.at as u32);
                }
                Ok(Value::Of(*ty))
            }
            None => {
                let slot = reg.0 as usize - self.function.registers.len();
                self.read_out(slot).map_err(|mut error| {
                    error.reason = format!("{operand}: {}", error.reason);
                    error
                })
            }
        }
    }

    /// What an out slot holds.
    pub(super) fn read_out(&self, slot: usize) -> Result<Value, Fault> {
        self.outs.get(slot).ok_or_else(|| self.error(format!("out slot a{slot} holds nothing here")))
    }

    fn check_class(&self, value: Value, class: Class, reg: Reg, operand: &str) -> Result<(), Fault> {
        let wanted = match class {
            Class::Int => RegType::Int,
            Class::Float => RegType::Float,
            Class::Str => RegType::Ref(TypeId::STR),
            _ => return Ok(()),
        };
        if value == Value::Of(wanted) {
            return Ok(());
        }
        Err(self.error(format!(
            "{operand}: {} is {}, not {}",
            self.name(reg),
            self.show(value),
            self.show(Value::Of(wanted))
        )))
    }

    fn write(&mut self, opcode: Opcode, reg: Reg, value: Value, operand: &str) -> Result<(), Fault> {
        let Some(ty) = self.function.registers.get(reg.0 as usize) else {
            self.outs.set(reg.0 as usize - self.function.registers.len(), value);
            return Ok(());
        };
        if !self.types.fits(value, *ty) {
            let (name, ty, value) = (self.name(reg), self.show(Value::Of(*ty)), self.show(value));
            return Err(self.error(format!("{operand}: {name} is {ty} and cannot hold {value}")));
        }
        if self.is_tracked(reg) && opcode != Opcode::JNullElse {
            self.assignment.write(reg.0);
        }
        Ok(())
    }

    /// Whether a register must be written before it is read.
    fn is_tracked(&self, reg: Reg) -> bool {
        reg.0 >= self.function.params
            && matches!(self.function.registers.get(reg.0 as usize), Some(RegType::Ref(_)))
    }

    /// An operand as the assembler writes it.
    pub(super) fn name(&self, reg: Reg) -> String {
        match reg.out_slot(self.function.registers.len()) {
            Some(slot) => format!("a{slot}"),
            None => format!("r{}", reg.0),
        }
    }

    /// A value's type for people.
    pub(super) fn show(&self, value: Value) -> String {
        match value {
            Value::Of(ty) => super::error::show(self.types.module, ty),
            Value::Null => "null".to_owned(),
        }
    }
}

impl Effects {
    /// Whether the instruction ends a basic block.
    fn leave(self) -> bool {
        self.has(Effects::JUMPS) || self.has(Effects::ENDS)
    }
}

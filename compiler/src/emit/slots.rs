//! Out slots: which temporaries are computed straight into the place of an argument, and which results stay where a call leaves them.
//!
//! Out slots live from one safepoint to the next within a block. A temporary with one reader, an argument, goes straight into the
//! argument's slot; a call's result stays in its slot while it is read before the next safepoint only.

use super::ranges::{Home, Ranges};
use crate::ir::{Block, Callee, End, Function, Inst, List, Op, Operand, VReg};

/// What a block has done with a register so far.
#[derive(Clone, Copy, Default)]
struct Seen {
    /// The index of the instruction that wrote it.
    def: u32,
    /// The index of the last instruction that reads it.
    last_use: u32,
}

/// A result that stays in its slot up to its last reader.
struct Resting {
    slot: u32,
    last_use: u32,
}

/// For each register, the out slot it lives in.
pub(super) fn assign(function: &Function, ranges: &Ranges) -> Vec<Option<u16>> {
    let mut pass = Pass {
        function,
        ranges,
        seen: vec![Seen::default(); function.regs.len()],
        slots: vec![None; function.regs.len()],
        resting: Vec::new(),
    };
    for (number, block) in function.blocks.iter().enumerate() {
        if block.insts.iter().any(|inst| inst.op.is_safepoint()) || block.end.args().len > 1 {
            pass.block(block, number as u32);
        }
    }
    pass.slots
}

struct Pass<'a> {
    function: &'a Function,
    ranges: &'a Ranges,
    seen: Vec<Seen>,
    slots: Vec<Option<u16>>,
    resting: Vec<Resting>,
}

impl Pass<'_> {
    fn block(&mut self, block: &Block, number: u32) {
        for (index, inst) in block.insts.iter().enumerate() {
            let Pass { function, seen, .. } = self;
            function.uses(&inst.op, |reg| seen[reg.0 as usize].last_use = index as u32);
            function.defs(&inst.op, |reg| seen[reg.0 as usize].def = index as u32);
        }
        let end = block.insts.len() as u32;
        let Pass { function, seen, .. } = self;
        function.end_uses(&block.end, |reg| seen[reg.0 as usize].last_use = end);

        let mut start = 0;
        self.resting.clear();
        for (index, inst) in block.insts.iter().enumerate() {
            if !inst.op.is_safepoint() {
                continue;
            }
            self.arguments(block, number, inst.op.args(), first_slot(&inst.op), start);
            start = index as u32 + 1;
            self.resting.clear();
            self.results(block, number, inst.op.results(), start);
        }
        if let End::Return(list) = block.end
            && list.len > 1
        {
            self.arguments(block, number, list, 0, start);
        }
    }

    fn is_local(&self, reg: VReg, number: u32) -> bool {
        let index = reg.0 as usize;
        self.ranges.homes[index] == Home::Block(number) && self.ranges.defs[index] == 1
    }

    /// Puts arguments that are temporaries of this stretch of code into their slots.
    fn arguments(&mut self, block: &Block, number: u32, list: List, first: u32, start: u32) {
        for (place, operand) in self.function.list(list).iter().enumerate() {
            let Operand::Reg(reg) = *operand else { continue };
            let (index, slot) = (reg.0 as usize, first + place as u32);
            if !self.is_local(reg, number) || self.ranges.uses[index] != 1 || self.slots[index].is_some() {
                continue;
            }
            let def = self.seen[index].def;
            let in_stretch = def >= start && !block.insts[def as usize].op.is_safepoint();
            let free = self.resting.iter().all(|result| result.slot != slot || result.last_use <= def);
            if in_stretch && free {
                self.slots[index] = u16::try_from(slot).ok();
            }
        }
    }

    /// Leaves results in their slots that are not read after the next safepoint.
    fn results(&mut self, block: &Block, number: u32, list: List, start: u32) {
        if list.len == 0 {
            return;
        }
        let rest = block.insts.get(start as usize..).unwrap_or_default();
        let next = rest.iter().position(|inst| inst.op.is_safepoint());
        let limit = start + next.unwrap_or(rest.len()) as u32;
        let closure = match next.and_then(|next| rest.get(next)) {
            Some(Inst { op: Op::Call { callee: Callee::Closure(callee), .. }, .. }) => callee.reg(),
            _ => None,
        };
        for (slot, operand) in self.function.list(list).iter().enumerate() {
            let Operand::Reg(reg) = *operand else { continue };
            let index = reg.0 as usize;
            if !self.is_local(reg, number) || closure == Some(reg) {
                continue;
            }
            let last_use = if self.ranges.uses[index] == 0 { start } else { self.seen[index].last_use };
            if last_use <= limit {
                self.slots[index] = u16::try_from(slot).ok();
                self.resting.push(Resting { slot: slot as u32, last_use });
            }
        }
    }
}

/// The slot of the first argument: a closure's own is before it.
pub(super) fn first_slot(op: &Op) -> u32 {
    u32::from(matches!(op, Op::Call { callee: Callee::Closure(_), .. }))
}

//! Which slots a function must clear when it begins: registers start as zero or null, and the collector reads every slot of a
//! reference; but most are written before anyone looks.
//!
//! One bit a register, for the first 64 that matter; any others are cleared without asking.

use lang_bytecode::{Effects, Instr, Reg, Role};

use super::listing::{Listing, is_reference};
use super::liveness::defined;

/// Passes over the code before everything is cleared instead.
const PASSES: usize = 12;

/// The registers to clear, ascending, and those that hold references.
pub(super) struct Slots {
    pub(super) clear: Vec<u16>,
    pub(super) references: Vec<u16>,
}

/// Finds both; `stored` says of each instruction whether its result reaches its slot.
pub(super) fn slots(listing: &Listing<'_>, exposed: &[bool], stored: &[bool]) -> Slots {
    let function = &listing.module.functions[listing.id.0 as usize];
    let params = function.params as usize;
    let mut written = vec![false; listing.registers];
    for (index, instr) in listing.instrs.iter().enumerate() {
        if let Some(reg) = defined(*instr).filter(|reg| stored[index] && (reg.0 as usize) < listing.registers)
        {
            written[reg.0 as usize] = true;
        }
    }
    let collects = listing.instrs.iter().any(|instr| instr.opcode().effects().has(Effects::SAFEPOINT));
    let holds =
        |reg: usize| is_reference(function.registers[reg]) && (reg < params || written[reg] || exposed[reg]);
    let references =
        (0..listing.registers).filter(|reg| collects && holds(*reg)).map(|reg| reg as u16).collect();
    let matter: Vec<u16> = (params..listing.registers)
        .filter(|reg| exposed[*reg] || collects && holds(*reg))
        .map(|reg| reg as u16)
        .collect();
    let tracked = &matter[..matter.len().min(64)];
    let mut flow = Flow::new(listing, stored, tracked);
    let needed = flow.needed();
    let clear = matter
        .iter()
        .enumerate()
        .filter(|(bit, _)| *bit >= 64 || needed >> bit & 1 == 1)
        .map(|(_, reg)| *reg)
        .collect();
    Slots { clear, references }
}

/// Which of the tracked registers are written on every path to each place.
struct Flow<'a> {
    listing: &'a Listing<'a>,
    stored: &'a [bool],
    /// The bit of each register, plus one; 0 for those not tracked.
    bits: Vec<u8>,
    /// The bits of references.
    references: u64,
    /// What is written at each leader.
    written: Vec<u64>,
    changed: bool,
}

impl<'a> Flow<'a> {
    fn new(listing: &'a Listing<'a>, stored: &'a [bool], tracked: &[u16]) -> Flow<'a> {
        let mut bits = vec![0; listing.registers];
        let mut references = 0;
        let types = &listing.module.functions[listing.id.0 as usize].registers;
        for (bit, reg) in tracked.iter().enumerate() {
            bits[*reg as usize] = bit as u8 + 1;
            references |= u64::from(is_reference(types[*reg as usize])) << bit;
        }
        let mut written = vec![u64::MAX; if tracked.is_empty() { 0 } else { listing.instrs.len() }];
        if let Some(entry) = written.first_mut() {
            *entry = 0;
        }
        Flow { listing, stored, bits, references, written, changed: false }
    }

    /// The registers that someone may look at before they are written.
    fn needed(&mut self) -> u64 {
        if self.written.is_empty() {
            return 0;
        }
        for _ in 0..PASSES {
            self.changed = false;
            let needed = self.pass();
            if !self.changed {
                return needed;
            }
        }
        u64::MAX
    }

    fn pass(&mut self) -> u64 {
        let mut needed = 0;
        let mut here = 0;
        for index in 0..self.listing.instrs.len() {
            if self.listing.leader[index] {
                here &= self.written[index];
                self.meet(index, here);
                here = self.written[index];
            }
            let instr = self.listing.instrs[index];
            if instr.opcode().effects().has(Effects::SAFEPOINT) {
                needed |= self.references & !here;
            }
            instr.for_each_register(|role, _, reg| {
                if role == Role::Use {
                    needed |= self.bit(reg) & !here;
                }
            });
            // A jump that writes does so only where it goes on.
            self.leave(index, instr, here);
            if let Some(reg) = defined(instr).filter(|_| self.stored[index]) {
                here |= self.bit(reg);
            }
            if instr.opcode().effects().has(Effects::ENDS) {
                here = u64::MAX;
            }
        }
        needed
    }

    fn bit(&self, reg: Reg) -> u64 {
        match self.bits.get(reg.0 as usize) {
            Some(bit) if *bit > 0 => 1 << (bit - 1),
            _ => 0,
        }
    }

    /// Takes what is written here to the targets of a jump.
    fn leave(&mut self, index: usize, instr: Instr, here: u64) {
        if let Instr::Switch { count, .. } = instr {
            let targets: Vec<usize> = self.listing.switch_targets(index, count).collect();
            targets.into_iter().for_each(|target| self.meet(target, here));
        } else if let Some(distance) = instr.jump() {
            self.meet(self.listing.target(index, distance), here);
        }
    }

    fn meet(&mut self, target: usize, here: u64) {
        let met = self.written[target] & here;
        self.changed |= met != self.written[target];
        self.written[target] = met;
    }
}

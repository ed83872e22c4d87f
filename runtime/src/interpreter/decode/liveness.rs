//! Which results are only used close by: found by one pass forwards and one backwards over the code.
//!
//! A *run* is a stretch of code that only its first instruction is jumped to. A register that is never read in a run before it was
//! written there carries nothing from one run to another, so each of its values is dead after its last use in the run.

use lang_bytecode::{Effects, Instr, Reg, Role};

use super::listing::Listing;

/// No instruction.
const NONE: u32 = u32::MAX;

/// The uses of the value that an instruction defines.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Fate {
    /// It may be used later or elsewhere.
    Unknown,
    /// It is never used.
    Unused,
    /// It is used by these instructions, first and last, and nowhere after.
    Uses(u32, u32),
}

/// The fate of each instruction's result; `exposed` as [`exposed`] gives it.
pub(super) fn fates(listing: &Listing<'_>, exposed: &[bool]) -> Vec<Fate> {
    let operands = listing.registers + listing.outs;
    let mut uses = vec![Uses { run: NONE, first: NONE, last: NONE, redefined: NONE }; operands];
    let mut fates = vec![Fate::Unknown; listing.instrs.len()];
    let mut run = 0;
    let mut next_arguments = NONE;
    for index in (0..listing.instrs.len()).rev() {
        let instr = listing.instrs[index];
        if instr.opcode().effects().has(Effects::ARGS) {
            next_arguments = index as u32;
        }
        if let Some(reg) = defined(instr) {
            let here = &mut uses[reg.0 as usize];
            if here.run != run {
                *here = Uses { run, first: NONE, last: NONE, redefined: NONE };
            }
            let is_argument = reg.out_slot(listing.registers).is_some() && next_arguments < here.redefined;
            fates[index] = match here.first {
                _ if exposed[reg.0 as usize] || is_argument => Fate::Unknown,
                NONE => Fate::Unused,
                first => Fate::Uses(first, here.last),
            };
            *here = Uses { run, first: NONE, last: NONE, redefined: index as u32 };
        }
        instr.for_each_register(|role, _, reg| {
            if role == Role::Use {
                let here = &mut uses[reg.0 as usize];
                if here.run != run {
                    *here = Uses { run, first: NONE, last: NONE, redefined: NONE };
                }
                here.first = index as u32;
                if here.last == NONE {
                    here.last = index as u32;
                }
            }
        });
        if listing.leader[index] {
            run += 1;
            next_arguments = NONE;
        }
    }
    fates
}

/// What is known about an operand, going backwards.
#[derive(Clone, Copy)]
struct Uses {
    run: u32,
    first: u32,
    last: u32,
    redefined: u32,
}

/// The register that an instruction writes.
pub(super) fn defined(instr: Instr) -> Option<Reg> {
    let mut found = None;
    instr.for_each_register(|role, _, reg| {
        if role == Role::Def {
            found = Some(reg);
        }
    });
    found
}

/// Which operands some run reads before it writes them. What a conditional write leaves out counts as not written.
pub(super) fn exposed(listing: &Listing<'_>) -> Vec<bool> {
    let operands = listing.registers + listing.outs;
    let mut exposed = vec![false; operands];
    let mut written = vec![NONE; operands];
    let mut run = 0;
    for (index, instr) in listing.instrs.iter().enumerate() {
        if listing.leader[index] {
            run += 1;
        }
        instr.for_each_register(|role, _, reg| {
            let reg = reg.0 as usize;
            if role == Role::Use && written[reg] != run && reg < listing.registers {
                exposed[reg] = true;
            }
        });
        if let Some(reg) = defined(*instr) {
            written[reg.0 as usize] = run;
        }
    }
    exposed
}

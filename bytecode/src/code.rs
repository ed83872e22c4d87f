//! Code as a list of words: walking over it, setting jumps, writing and reading jump tables.

use crate::operand::Slot;
use crate::{Instr, Opcode};

/// The instructions of a function with the index of each one's word; jump tables are stepped over.
/// Ends early at a word that is no instruction.
pub fn instructions(code: &[u64]) -> impl Iterator<Item = (usize, Instr)> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let instr = Instr::decode(*code.get(at)?)?;
        let found = (at, instr);
        at += instr.words();
        Some(found)
    })
}

impl Instr {
    /// How many words it takes, a jump table included.
    #[inline]
    pub fn words(self) -> usize {
        match self {
            Instr::Switch { count, .. } => 1 + switch_words(count),
            _ => 1,
        }
    }

    /// The distance of a jump, in words from this instruction; none for other instructions and for `switch`.
    pub fn jump(self) -> Option<i32> {
        jump_distance(self.opcode(), self.encode())
    }
}

/// The distance of the jump in a word with this opcode; none for other opcodes and for `switch`.
#[inline]
pub(crate) fn jump_distance(opcode: Opcode, word: u64) -> Option<i32> {
    let slot = opcode.jump_slot()?;
    let unused = 32 - slot.bits();
    Some((slot.get(word) << unused) as i32 >> unused)
}

/// Sets the distance of the jump in `word`; false, and nothing set, where it does not fit or the word is no jump.
#[must_use]
pub fn patch_jump(word: &mut u64, distance: i32) -> bool {
    let slot = Opcode::ALL.get((*word & 0xff) as usize).and_then(|op| op.jump_slot());
    match slot {
        Some(slot) if jump_fits(slot, distance) => {
            *word = *word & !slot.put(u32::MAX) | slot.put(distance as u32);
            true
        }
        _ => false,
    }
}

/// Whether a jump whose distance lies in `slot` reaches so far.
fn jump_fits(slot: Slot, distance: i32) -> bool {
    let unused = 32 - slot.bits();
    (distance << unused) >> unused == distance
}

/// How many words the table of a `switch` with `count` distances takes.
#[inline]
pub fn switch_words(count: u32) -> usize {
    count.div_ceil(2) as usize
}

/// The words of a jump table: two distances each, from the `switch` itself, low half first.
pub fn switch_table(distances: &[i32]) -> impl Iterator<Item = u64> + '_ {
    distances.chunks(2).map(|pair| {
        let high = pair.get(1).copied().unwrap_or(0);
        pair[0] as u32 as u64 | (high as u32 as u64) << 32
    })
}

/// The distances of a jump table, from the words after the `switch`; as many as there are where the words end early.
pub fn switch_distances(table: &[u64], count: u32) -> impl Iterator<Item = i32> + '_ {
    table.iter().flat_map(|word| [*word as i32, (*word >> 32) as i32]).take(count as usize)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operand::{Class, Effects, Role};
    use crate::{Reg, TrapKind, Width};

    /// A small generator of numbers, so that failures repeat.
    fn numbers(mut state: u64) -> impl FnMut() -> u64 {
        move || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state
        }
    }

    #[test]
    fn words_of_every_opcode_decode_to_the_same_instruction() {
        let mut next = numbers(7);
        for op in Opcode::ALL {
            for _ in 0..200 {
                let word = op.operands().iter().fold(*op as u64, |word, operand| {
                    let raw = match operand.class {
                        Class::Width => next() % Width::ALL.len() as u64,
                        Class::Trap => next() % TrapKind::ALL.len() as u64,
                        _ => next(),
                    };
                    word | operand.slot.put(raw as u32)
                });
                let instr = Instr::decode(word).expect("the operands are good");
                assert_eq!(instr.opcode(), *op);
                assert_eq!(instr.encode(), word, "{instr:?}");
            }
        }
    }

    #[test]
    fn words_that_decode_encode_to_themselves() {
        let mut next = numbers(11);
        for _ in 0..200_000 {
            let mask = if next().is_multiple_of(2) { u64::MAX } else { 0x0000_ffff_ffff_00ff };
            let word = next() & mask;
            if let Some(instr) = Instr::decode(word) {
                assert_eq!(instr.encode(), word);
            }
        }
    }

    #[test]
    fn bad_words_are_refused() {
        assert_eq!(Instr::decode(Opcode::ALL.len() as u64), None, "unknown opcode");
        assert_eq!(Instr::decode(Opcode::Nop as u64 | 1 << 8), None, "unused bits");
        assert_eq!(Instr::decode(Opcode::Mov as u64 | 1 << 48), None, "unused bits");
        assert_eq!(Instr::decode(Opcode::Wrap as u64 | 6 << 8), None, "unknown width");
        assert_eq!(Instr::decode(Opcode::Trap as u64 | 255 << 8), None, "unknown trap");
    }

    #[test]
    fn jumps_are_set_where_they_fit() {
        let patched = |instr: Instr, distance: i32| {
            let mut word = instr.encode();
            patch_jump(&mut word, distance).then(|| Instr::decode(word)).flatten()
        };
        let jump = Instr::JLt { lhs: Reg(1), rhs: Reg(2), target: 77 };
        let far = patched(jump, -8_388_608).expect("24 bits");
        assert_eq!(far, Instr::JLt { lhs: Reg(1), rhs: Reg(2), target: -8_388_608 });
        assert_eq!(far.jump(), Some(-8_388_608));
        assert_eq!(patched(jump, 8_388_608), None);
        assert_eq!(patched(Instr::Jmp { target: 0 }, i32::MIN).and_then(Instr::jump), Some(i32::MIN));
        assert_eq!(patched(Instr::Nop {}, 1), None);
    }

    #[test]
    fn tables_are_stepped_over() {
        let distances = [3, -1, 7];
        let mut code = vec![Instr::Switch { index: Reg(0), count: 3 }.encode()];
        code.extend(switch_table(&distances));
        code.push(Instr::Ret {}.encode());
        let found: Vec<_> = instructions(&code).map(|(at, instr)| (at, instr.opcode())).collect();
        assert_eq!(found, [(0, Opcode::Switch), (3, Opcode::Ret)]);
        assert_eq!(switch_distances(&code[1..], 3).collect::<Vec<_>>(), distances);
    }

    #[test]
    fn the_table_is_consistent() {
        for op in Opcode::ALL {
            assert_eq!(Opcode::from_mnemonic(op.mnemonic()), Some(*op));
            let jumps = op.jump_slot().is_some() || *op == Opcode::Switch;
            assert_eq!(jumps, op.effects().has(Effects::JUMPS), "{op:?}");
            assert!(!op.effects().has(Effects::CALL) || op.effects().has(Effects::SAFEPOINT), "{op:?}");
        }
    }

    #[test]
    fn registers_are_visited_in_order() {
        let instr = Instr::ASet { array: Reg(1), index: Reg(2), src: Reg(3) };
        let mut seen = Vec::new();
        instr.for_each_register(|role, class, reg| seen.push((role, class, reg.0)));
        assert_eq!(
            seen,
            [(Role::Use, Class::Any, 1), (Role::Use, Class::Int, 2), (Role::Use, Class::Any, 3)]
        );
    }
}

//! The short way through the commonest instructions: arithmetic between registers, jumps on them, moves of numbers.

use crate::operand::{Class, OperandInfo, Role};
use crate::{Effects, Opcode, RegType};

/// An opcode that computes from int and float registers and immediates, or jumps on them, and does nothing else.
#[derive(Clone, Copy)]
struct Plain {
    /// The bits that it uses, the opcode's included; none for an opcode that is not plain, so that no word but 0, a `nop`, is good.
    used: u64,
    /// Where its registers stand, as shifts, and which of them are floats.
    registers: [(u8, bool); 3],
    count: usize,
}

/// For each number that an opcode may have.
static PLAIN: [Plain; 256] = {
    let mut table = [Plain::NOT; 256];
    let mut number = 0;
    while number < Opcode::ALL.len() {
        table[number] = Plain::of(Opcode::ALL[number]);
        number += 1;
    }
    table
};

impl Plain {
    const NOT: Plain = Plain { used: 0, registers: [(0, false); 3], count: 0 };

    const fn of(opcode: Opcode) -> Plain {
        let effects = opcode.effects();
        let calm = Effects::TRAPS.with(Effects::JUMPS).with(Effects::ENDS).has(effects);
        // What ends without a jump leaves the function and has its results checked.
        let calm = calm && (effects.has(Effects::JUMPS) || !effects.has(Effects::ENDS));
        let operands = opcode.operands();
        if !calm {
            return Plain::NOT;
        }
        let mut plain = Plain { used: 0xff, ..Plain::NOT };
        let mut number = 0;
        while number < operands.len() {
            let OperandInfo { slot, role, class, .. } = operands[number];
            plain.used |= slot.put(u32::MAX);
            match (role, class) {
                (Role::Imm, Class::Int) | (Role::Jump, _) => {}
                (Role::Def | Role::Use, Class::Int | Class::Float) => {
                    plain.registers[plain.count] =
                        (slot.put(u32::MAX).trailing_zeros() as u8, matches!(class, Class::Float));
                    plain.count += 1;
                }
                _ => return Plain::NOT,
            }
            number += 1;
        }
        plain
    }
}

/// Whether the opcode is plain and its word right. Where not, the long way tells why, or that it is right all the same.
#[inline(always)]
pub(super) fn is_good(opcode: Opcode, word: u64, registers: &[RegType]) -> bool {
    if matches!(opcode, Opcode::Mov) {
        return word >> 48 == 0 && (word >> 8) as u8 == 0 && is_number_move(word, registers);
    }
    let plain = &PLAIN[opcode as usize];
    let fits = |(shift, float): &(u8, bool)| {
        let wanted = if *float { RegType::Float } else { RegType::Int };
        registers.get((word >> shift) as u16 as usize) == Some(&wanted)
    };
    word & !plain.used == 0 && plain.registers[..plain.count].iter().all(fits)
}

/// Whether the two registers of a move are of one type and hold no reference.
fn is_number_move(word: u64, registers: &[RegType]) -> bool {
    let ty = |shift: u32| registers.get((word >> shift) as u16 as usize);
    matches!(ty(16), Some(RegType::Int | RegType::Float)) && ty(16) == ty(32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Instr, Reg};

    #[test]
    fn only_what_computes_is_plain() {
        let registers = [RegType::Int, RegType::Float];
        let good = |instr: Instr| is_good(instr.opcode(), instr.encode(), &registers);
        assert!(good(Instr::IAdd { dst: Reg(0), lhs: Reg(0), rhs: Reg(0) }));
        assert!(good(Instr::FNeg { dst: Reg(1), src: Reg(1) }));
        assert!(good(Instr::IConst { dst: Reg(0), value: -1 }));
        assert!(!good(Instr::IAdd { dst: Reg(0), lhs: Reg(1), rhs: Reg(0) }));
        assert!(!good(Instr::IAddI { dst: Reg(0), lhs: Reg(2), rhs: 0 }));
        assert!(!good(Instr::IDivI { dst: Reg(0), lhs: Reg(0), rhs: 0 }));
        assert!(!good(Instr::Ret {}));
        assert!(good(Instr::Mov { dst: Reg(0), src: Reg(0) }));
        assert!(!good(Instr::Mov { dst: Reg(0), src: Reg(1) }));
        assert!(good(Instr::JLtI { lhs: Reg(0), rhs: 1, target: 1 }));
        assert!(!good(Instr::JNull { src: Reg(0), target: 1 }));
        assert!(good(Instr::Nop {}), "a word of zeros passes, whatever its opcode says");
        assert_eq!(Opcode::ALL[0], Opcode::Nop);
        let stray = Instr::FNeg { dst: Reg(1), src: Reg(1) }.encode() | 1 << 8;
        assert!(!is_good(Opcode::FNeg, stray, &registers));
    }
}

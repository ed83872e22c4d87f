//! The analysis of assignment against a plain one, on random code.

use super::verify;
use crate::{Effects, FuncId, Function, Instr, Module, Reg, RegType, TypeDef, TypeId};
use Instr::*;

/// Register 0 is an int, 1 a string or null; the strings follow.
const FIRST: u16 = 2;

struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end as u64) as usize
    }

    /// Code that jumps around at random, with as many writes among its accesses as `writes` in ten.
    fn code(&mut self, length: usize, strings: usize, writes: usize) -> Vec<Instr> {
        let mut code = Vec::new();
        while code.len() < length {
            let target = self.below(length + 1) as i32 - code.len() as i32;
            let reg = Reg(FIRST + self.below(strings) as u16);
            code.push(match self.below(14) {
                0 | 1 => JTrue { cond: Reg(0), target },
                2 => Jmp { target },
                3 => JNullElse { dst: reg, src: Reg(1), target },
                number if number - 4 < writes => StrConst { dst: reg, value: 0 },
                _ => StrLen { dst: Reg(0), src: reg },
            });
        }
        code.push(Halt { status: Reg(0) });
        code
    }
}

/// Whether every string is written on every path to where it is read: sets for each instruction, passed on until nothing changes.
fn is_right(code: &[Instr], strings: usize) -> bool {
    let mut before: Vec<Option<Vec<bool>>> = vec![None; code.len()];
    before[0] = Some(vec![false; strings]);
    let mut changed = true;
    while changed {
        changed = false;
        for (at, instr) in code.iter().enumerate() {
            let Some(set) = before[at].clone() else { continue };
            let mut after = set.clone();
            if let StrConst { dst, .. } | JNullElse { dst, .. } = instr {
                after[(dst.0 - FIRST) as usize] = true;
            }
            let mut pass = |to: usize, set: &[bool]| match &mut before[to] {
                Some(old) => {
                    for (old, new) in old.iter_mut().zip(set) {
                        changed |= *old && !new;
                        *old &= new;
                    }
                }
                none => {
                    *none = Some(set.to_vec());
                    changed = true;
                }
            };
            if !instr.opcode().effects().has(Effects::ENDS) {
                pass(at + 1, &after);
            }
            if let Some(distance) = instr.jump() {
                pass((at as i32 + distance) as usize, &set);
            }
        }
    }
    code.iter().zip(&before).all(|(instr, before)| match (instr, before) {
        (StrLen { src, .. }, Some(before)) => before[(src.0 - FIRST) as usize],
        _ => true,
    })
}

fn module(code: &[Instr], strings: usize) -> Module {
    let mut registers = vec![RegType::Int, RegType::RefNull(TypeId::STR)];
    registers.resize(FIRST as usize + strings, RegType::Ref(TypeId::STR));
    let code = code.iter().map(|instr| instr.encode()).collect();
    let function = Function { registers, code, ..Function::default() };
    let strings = vec![String::new()];
    Module {
        types: vec![TypeDef::Str],
        strings,
        functions: vec![function],
        entry: FuncId(0),
        ..Module::default()
    }
}

#[test]
fn the_fast_analysis_agrees_with_the_plain_one() {
    let mut random = Random(1234);
    let mut right = 0;
    for round in 0..3000 {
        let strings = [1, 2, 5, 150][round % 4];
        let (length, writes) = (1 + random.below(40), 2 + random.below(8));
        let mut code = random.code(length, strings, writes);
        if strings == 150 && random.below(2) == 0 {
            // With many registers, nearly all must be written first for anything to be right.
            let first = (0..140).map(|reg| StrConst { dst: Reg(FIRST + reg), value: 0 });
            code.splice(0..0, first.chain([JTrue { cond: Reg(0), target: 1 }]));
        }
        let verdict = verify(module(&code, strings));
        if let Err(error) = &verdict {
            assert!(error.reason.contains("not written on every path"), "{error}");
        }
        assert_eq!(verdict.is_ok(), is_right(&code, strings), "{code:#?}");
        right += verdict.is_ok() as u32;
    }
    assert!((300..2700).contains(&right), "{right} of 3000 were right");
}

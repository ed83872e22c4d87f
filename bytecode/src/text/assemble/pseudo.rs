//! Pseudo-instructions: words that stand for several instructions, for people who write by hand.

use super::pools::Pools;
use crate::{Instr, Reg, RegType, TypeId};

/// The native streams' number of standard output.
const STDOUT: i32 = 1;

/// The code that prints a register and ends the line; none for a type that has no such form, or without room for out slots.
pub(super) fn print(
    reg: Reg,
    ty: RegType,
    registers: usize,
    pools: &mut Pools,
    declared_natives: u32,
) -> Option<[u64; 6]> {
    let writes = match ty {
        RegType::Int => "out_int",
        RegType::Float => "out_float",
        RegType::Ref(TypeId::STR) => "out_str",
        _ => return None,
    };
    let (stream, value) = (Reg::out(registers, 0)?, Reg::out(registers, 1)?);
    let writes = pools.import(writes, declared_natives)?;
    let ends = pools.import("out_char", declared_natives)?;
    let code = [
        Instr::IConst { dst: stream, value: STDOUT },
        Instr::Mov { dst: value, src: reg },
        Instr::CallNative { callee: writes },
        Instr::IConst { dst: stream, value: STDOUT },
        Instr::IConst { dst: value, value: i32::from(b'\n') },
        Instr::CallNative { callee: ends },
    ];
    Some(code.map(Instr::encode))
}

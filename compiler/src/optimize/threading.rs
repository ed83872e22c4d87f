//! Jump threading: a block that sets a register to a constant and jumps to a block that only branches on it goes straight on.

use crate::ir::{BlockId, Constants, End, Function, Op, Operand, Test};

/// How many blocks that only branch are followed in a row.
const MAX_STEPS: usize = 4;

/// Runs the pass; says whether a jump was led on.
pub(super) fn run(function: &mut Function, constants: &Constants) -> bool {
    let mut changed = false;
    for index in 0..function.blocks.len() {
        for _ in 0..MAX_STEPS {
            let End::Jump(to) = function.blocks[index].end else { break };
            let Some(next) = decided(function, constants, index, to) else { break };
            function.blocks[index].end = End::Jump(next);
            changed = true;
        }
    }
    changed
}

/// Where the branch that `to` consists of leads after the block `from`.
fn decided(function: &Function, constants: &Constants, from: usize, to: BlockId) -> Option<BlockId> {
    let target = function.block(to);
    let End::Branch { test, lhs: Operand::Reg(reg), rhs, then, otherwise } = target.end else { return None };
    if !target.insts.is_empty() || to.0 as usize == from {
        return None;
    }
    let rhs = constants.as_int(rhs)?;
    let mut value = None;
    for inst in function.blocks[from].insts.iter().rev() {
        let mut writes = false;
        function.defs(&inst.op, |def| writes |= def == reg);
        if writes {
            if let Op::Move { src, .. } = inst.op {
                value = constants.as_int(src);
            }
            break;
        }
    }
    let holds = compare(test, value?, rhs)?;
    Some(if holds { then } else { otherwise })
}

/// Whether a test holds on ints.
pub(super) fn compare(test: Test, lhs: i64, rhs: i64) -> Option<bool> {
    Some(match test {
        Test::IEq => lhs == rhs,
        Test::INe => lhs != rhs,
        Test::ILt => lhs < rhs,
        Test::ILe => lhs <= rhs,
        Test::IGt => lhs > rhs,
        Test::IGe => lhs >= rhs,
        _ => return None,
    })
}

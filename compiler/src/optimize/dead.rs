//! Dead code elimination: what only computes a value that nobody reads goes.

use crate::ir::{Function, Op};

/// Removes dead instructions and moves of a register to itself: one backward walk that counts readers.
pub(super) fn run(function: &mut Function) {
    let mut uses = vec![0u32; function.regs.len()];
    for block in &function.blocks {
        for inst in &block.insts {
            function.uses(&inst.op, |reg| uses[reg.0 as usize] += 1);
        }
        function.end_uses(&block.end, |reg| uses[reg.0 as usize] += 1);
    }
    let mut blocks = std::mem::take(&mut function.blocks);
    for block in blocks.iter_mut().rev() {
        let mut removed = false;
        for inst in block.insts.iter_mut().rev() {
            if is_dead(&inst.op, &uses) {
                function.uses(&inst.op, |reg| uses[reg.0 as usize] -= 1);
                mark(&mut inst.op);
                removed = true;
            }
        }
        if removed {
            block.insts.retain(|inst| !is_marked(&inst.op));
        }
    }
    function.blocks = blocks;
}

fn is_dead(op: &Op, uses: &[u32]) -> bool {
    match *op {
        Op::Move { dst, src } if src.reg() == Some(dst) => true,
        _ => op.is_pure() && op.dst().is_some_and(|dst| uses[dst.0 as usize] == 0),
    }
}

/// Turns an instruction into a move of a register to itself: what [`is_marked`] finds.
pub(super) fn mark(op: &mut Op) {
    if let Some(dst) = op.dst() {
        *op = Op::Move { dst, src: dst.into() };
    }
}

/// Whether an instruction is a move of a register to itself.
pub(super) fn is_marked(op: &Op) -> bool {
    matches!(*op, Op::Move { dst, src } if src.reg() == Some(dst))
}

//! Dead code elimination: what only computes a value that nobody reads goes.

use crate::ir::{Function, Op, VReg};

/// What is known of a register on a walk backwards through a block.
#[derive(Clone, Copy, Default)]
struct Local {
    /// The block, counted from 1.
    block: u32,
    /// Whether it is read further down before it is written.
    live: bool,
}

/// Removes dead instructions and moves of a register to itself: one backward walk that counts readers, and knows within a block
/// which values are written over, or lost with the end of the function.
pub(super) fn run(function: &mut Function) {
    let mut uses = vec![0u32; function.regs.len()];
    for block in &function.blocks {
        for inst in &block.insts {
            function.uses(&inst.op, |reg| uses[reg.0 as usize] += 1);
        }
        function.end_uses(&block.end, |reg| uses[reg.0 as usize] += 1);
    }
    let mut local = vec![Local::default(); function.regs.len()];
    let mut blocks = std::mem::take(&mut function.blocks);
    for (number, block) in blocks.iter_mut().enumerate().rev() {
        let stamp = number as u32 + 1;
        let mut live_out = false;
        function.successors(&block.end, |_| live_out = true);
        function.end_uses(&block.end, |reg| local[reg.0 as usize] = Local { block: stamp, live: true });
        let mut removed = false;
        for inst in block.insts.iter_mut().rev() {
            let lost = |dst: VReg| {
                let known = local[dst.0 as usize];
                if known.block == stamp { !known.live } else { !live_out }
            };
            if is_dead(&inst.op, &uses, lost) {
                function.uses(&inst.op, |reg| uses[reg.0 as usize] -= 1);
                mark(&mut inst.op);
                removed = true;
                continue;
            }
            function.defs(&inst.op, |reg| local[reg.0 as usize] = Local { block: stamp, live: false });
            function.uses(&inst.op, |reg| local[reg.0 as usize] = Local { block: stamp, live: true });
        }
        if removed {
            block.insts.retain(|inst| !is_marked(&inst.op));
        }
    }
    function.blocks = blocks;
}

fn is_dead(op: &Op, uses: &[u32], lost: impl Fn(VReg) -> bool) -> bool {
    match *op {
        Op::Move { dst, src } if src.reg() == Some(dst) => true,
        _ => op.is_pure() && op.dst().is_some_and(|dst| uses[dst.0 as usize] == 0 || lost(dst)),
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

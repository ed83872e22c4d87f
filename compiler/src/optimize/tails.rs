//! Tail duplication: a jump to the short end of a loop is replaced by that end, so that a round has one jump less.

use crate::ir::{BlockId, End, Function, Inst};

/// Ends with more instructions than this are jumped to.
const MAX_LENGTH: usize = 2;

/// Runs the pass. The order of blocks must be the final one.
pub(super) fn run(function: &mut Function) {
    for index in 0..function.blocks.len() {
        let End::Jump(to) = function.blocks[index].end else { continue };
        let next = BlockId(index as u32 + 1);
        if to == next || function.blocks[index].cold || !is_latch(function, to) {
            continue;
        }
        let latch = function.block(to);
        let tail: Vec<Inst> = latch.insts.clone();
        let (end, at) = (latch.end, latch.at);
        // Lists belong to one instruction each.
        if tail.iter().any(|inst| inst.op.args().len > 0 || inst.op.results().len > 0) {
            continue;
        }
        let block = &mut function.blocks[index];
        block.insts.extend(tail);
        (block.end, block.at) = (end, at);
    }
}

/// Whether a block is short and ends with a branch back.
fn is_latch(function: &Function, id: BlockId) -> bool {
    let block = function.block(id);
    match block.end {
        End::Branch { then, otherwise, .. } => {
            block.insts.len() <= MAX_LENGTH && (then <= id || otherwise <= id)
        }
        _ => false,
    }
}

//! Loop invariants: what a loop computes anew from the same operands is computed before it.
//!
//! Only what cannot trap and reads no memory that changes; so it may be computed although the loop would not have.

use super::loops;
use crate::ir::{Function, Inst, Op, VReg};

/// Loops nested deeper than this are left as they are.
const MAX_DEPTH: usize = 4;

/// Runs the pass, from the outermost loops inwards.
pub(super) fn run(function: &mut Function) {
    for depth in 0..MAX_DEPTH {
        let loops = loops::at_depth(function, depth);
        if loops.is_empty() {
            return;
        }
        let defs = super::count_definitions(function);
        let mut inside = vec![0u32; function.regs.len()];
        let before = loops
            .iter()
            .enumerate()
            .map(|(number, inner)| match inner.entry {
                Some(_) => invariants(function, inner, &defs, &mut inside, number as u32 + 1),
                None => Vec::new(),
            })
            .collect();
        loops::insert_preheaders(function, &loops, before);
    }
}

/// Takes the invariants of a loop out of it. `inside` tells by `stamp` which registers the loop writes.
fn invariants(
    function: &mut Function,
    inner: &loops::Loop,
    defs: &[u32],
    inside: &mut [u32],
    stamp: u32,
) -> Vec<Inst> {
    for block in inner.blocks().map(|index| &function.blocks[index]) {
        for inst in &block.insts {
            function.defs(&inst.op, |reg| inside[reg.0 as usize] = stamp);
        }
        if let Some(reg) = block.end.dst() {
            inside[reg.0 as usize] = stamp;
        }
    }
    let mut out = Vec::new();
    for index in inner.first..=inner.last {
        if function.blocks[index].cold {
            continue;
        }
        let mut insts = std::mem::take(&mut function.blocks[index].insts);
        insts.retain(|inst| {
            let Some(dst) = result(&inst.op).filter(|dst| defs[dst.0 as usize] == 1) else { return true };
            let mut fixed = true;
            function.uses(&inst.op, |reg| fixed &= inside[reg.0 as usize] != stamp);
            if fixed {
                inside[dst.0 as usize] = 0;
                out.push(*inst);
            }
            !fixed
        });
        function.blocks[index].insts = insts;
    }
    out
}

/// The result of an operation that may be computed earlier and without need.
fn result(op: &Op) -> Option<VReg> {
    match *op {
        Op::Unary { op, dst, .. } if !op.traps() => Some(dst),
        Op::Binary { op, dst, .. } if !op.traps() => Some(dst),
        Op::Wrap { dst, .. } | Op::FieldGet { dst, constant: true, .. } => Some(dst),
        _ => None,
    }
}

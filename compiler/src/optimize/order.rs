//! The order in which functions are optimised.

use crate::ir::{Callee, Op, Program};

/// All functions, each after those that it calls where no recursion prevents it.
pub(super) fn callees_first(program: &Program) -> Vec<usize> {
    let callees: Vec<Vec<usize>> = program
        .functions
        .iter()
        .map(|function| {
            let insts = function.blocks.iter().flat_map(|block| &block.insts);
            insts
                .filter_map(|inst| match inst.op {
                    Op::Call { callee: Callee::Function(id), .. } => Some(id.0 as usize),
                    _ => None,
                })
                .collect()
        })
        .collect();
    let mut order = Vec::with_capacity(callees.len());
    let mut seen = vec![false; callees.len()];
    let mut stack: Vec<(usize, usize)> = Vec::new();
    for root in 0..callees.len() {
        if std::mem::replace(&mut seen[root], true) {
            continue;
        }
        stack.push((root, 0));
        while let Some((function, next)) = stack.last_mut() {
            match callees[*function].get(*next) {
                Some(&callee) => {
                    *next += 1;
                    if callee < seen.len() && !std::mem::replace(&mut seen[callee], true) {
                        stack.push((callee, 0));
                    }
                }
                None => {
                    order.push(*function);
                    stack.pop();
                }
            }
        }
    }
    order
}

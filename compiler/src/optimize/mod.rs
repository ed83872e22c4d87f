//! Makes the intermediate form better: cheap passes, each linear, one file a pass.
//!
//! Functions are taken callees first, so that what is inlined is already optimised. Runtime errors keep their
//! place and order: nothing that may trap is folded away, moved or repeated.

mod coalesce;
mod common;
mod constants;
mod dead;
mod flow;
mod fold;
mod hoist;
pub(crate) mod immediate;
mod inline;
mod loops;
mod order;
mod propagate;
mod prune;
mod share;
mod split;
mod tails;
mod threading;

use lang_bytecode::TypeDef;

use crate::ir::{Constants, Function, Program};

/// Optimises a whole program; `keep_calls` says whether nothing is inlined. Afterwards operands that no immediate form takes are
/// registers: emission relies on it.
pub fn optimize(program: &mut Program, keep_calls: bool) {
    let order = order::callees_first(program);
    let mut inlinable = vec![false; program.functions.len()];
    for &index in &order {
        let mut function = take(program, index);
        flow::simplify(&mut function);
        let inlined = inline::run(&mut function, &program.constants, |callee| {
            let index = callee as usize;
            inlinable.get(index).copied().unwrap_or(false).then(|| &program.functions[index])
        });
        if inlined {
            flow::simplify(&mut function);
        }
        scalar(&mut function, &mut program.constants, &program.types);
        inlinable[index] = !keep_calls && inline::is_candidate(&function);
        program.functions[index] = function;
    }
    share::run(program);
    prune::run(program);
    let constants = &program.constants;
    for function in &mut program.functions {
        hoist::run(function);
        constants::run(function, constants);
        tails::run(function);
    }
}

/// Puts the blocks of a function that was just made into the order of its code.
pub(crate) fn order_blocks(function: &mut Function, order: &[crate::ir::BlockId]) {
    let order: Vec<usize> = order.iter().map(|block| block.0 as usize).collect();
    flow::reorder(function, &order);
}

/// The passes over values.
fn scalar(function: &mut Function, constants: &mut Constants, types: &[TypeDef]) {
    coalesce::run(function);
    let decided = propagate::run(function, constants);
    dead::run(function);
    if decided || threading::run(function, constants) {
        flow::simplify(function);
        if threading::run(function, constants) {
            flow::simplify(function);
        }
        propagate::run(function, constants);
        dead::run(function);
    }
    if common::run(function, types) {
        propagate::run(function, constants);
        dead::run(function);
    }
    coalesce::run(function);
    flow::simplify(function);
    split::run(function);
}

/// How often each register is written; a parameter is once, by the call.
fn count_definitions(function: &Function) -> Vec<u32> {
    let mut defs = vec![0u32; function.regs.len()];
    defs[..function.params as usize].fill(1);
    for block in &function.blocks {
        for inst in &block.insts {
            function.defs(&inst.op, |reg| defs[reg.0 as usize] += 1);
        }
        if let Some(reg) = block.end.dst() {
            defs[reg.0 as usize] += 1;
        }
    }
    defs
}

fn take(program: &mut Program, index: usize) -> Function {
    let empty = Function::new("".into(), &[], Vec::new());
    std::mem::replace(&mut program.functions[index], empty)
}

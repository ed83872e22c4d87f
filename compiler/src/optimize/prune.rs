//! Drops the functions that nothing calls any more, because every call of them was inlined.

use lang_bytecode::{FuncId, TypeDef};

use crate::ir::{Callee, Function, Op, Program};

/// Runs the pass: functions are renumbered, keeping their order.
pub(super) fn run(program: &mut Program) {
    let mut reached = vec![false; program.functions.len()];
    let mut work: Vec<FuncId> = vec![program.entry];
    work.extend(program.types.iter().flat_map(functions_of));
    while let Some(id) = work.pop() {
        let Some(seen) = reached.get_mut(id.0 as usize) else { continue };
        if !std::mem::replace(seen, true) {
            callees(&mut program.functions[id.0 as usize], |callee| work.push(*callee));
        }
    }
    if reached.iter().all(|reached| *reached) {
        return;
    }
    let mut next = 0;
    let numbers: Vec<u32> = reached
        .iter()
        .map(|reached| {
            let number = next;
            next += u32::from(*reached);
            number
        })
        .collect();
    let renumber = |id: &mut FuncId| id.0 = numbers[id.0 as usize];
    let mut index = 0;
    program.functions.retain(|_| {
        index += 1;
        reached[index - 1]
    });
    program.functions.iter_mut().for_each(|function| callees(function, renumber));
    program.types.iter_mut().for_each(|ty| functions_of_mut(ty, renumber));
    renumber(&mut program.entry);
}

/// The functions that a heap type names.
fn functions_of(ty: &TypeDef) -> Vec<FuncId> {
    match ty {
        TypeDef::Closure { function, .. } => vec![*function],
        TypeDef::Trait { impls, .. } => impls.iter().flat_map(|(_, row)| row.clone()).collect(),
        _ => Vec::new(),
    }
}

/// Calls `visit` with every function that a heap type names, to change it.
pub(super) fn functions_of_mut(ty: &mut TypeDef, visit: impl FnMut(&mut FuncId)) {
    match ty {
        TypeDef::Closure { function, .. } => std::iter::once(function).for_each(visit),
        TypeDef::Trait { impls, .. } => impls.iter_mut().flat_map(|(_, row)| row).for_each(visit),
        _ => {}
    }
}

/// Calls `visit` with the function of every call, to change it.
pub(super) fn callees(function: &mut Function, mut visit: impl FnMut(&mut FuncId)) {
    for inst in function.blocks.iter_mut().flat_map(|block| &mut block.insts) {
        if let Op::Call { callee: Callee::Function(id), .. } = &mut inst.op {
            visit(id);
        }
    }
}

//! Instances of a generic function whose code came out the same become one function.
//!
//! Code is the same only with the same name and places: a stack of calls reads as if nothing had been shared.

use std::hash::{Hash as _, Hasher as _};

use lang_bytecode::FuncId;
use rustc_hash::{FxHashMap, FxHasher};

use super::prune::{callees, functions_of_mut};
use crate::ir::{Function, Program};

/// What a call of the function itself names while functions are compared.
const ITSELF: FuncId = FuncId(u32::MAX);

/// Runs the pass: what is left without a call is for `prune` to drop.
pub(super) fn run(program: &mut Program) {
    rename_own_calls(program, |own, callee| if callee == own { ITSELF } else { callee });
    let mut replaced = vec![false; program.functions.len()];
    // Callers become the same once their callees are: a round for each step of such a chain.
    while let Some(instead) = same_functions(program, &mut replaced) {
        let redirect = |id: &mut FuncId| {
            if let Some(&other) = instead.get(&id.0) {
                *id = FuncId(other);
            }
        };
        program.functions.iter_mut().for_each(|function| callees(function, redirect));
        program.types.iter_mut().for_each(|ty| functions_of_mut(ty, redirect));
    }
    rename_own_calls(program, |own, callee| if callee == ITSELF { own } else { callee });
}

/// For each function that is the same as an earlier one, that one; nothing where there are none.
fn same_functions(program: &Program, replaced: &mut [bool]) -> Option<FxHashMap<u32, u32>> {
    let mut seen: FxHashMap<u64, Vec<usize>> = FxHashMap::default();
    let mut instead = FxHashMap::default();
    for (index, function) in program.functions.iter().enumerate() {
        if replaced[index] || index as u32 == program.entry.0 {
            continue;
        }
        let alike = seen.entry(shape(function)).or_default();
        match alike.iter().find(|&&other| program.functions[other] == *function) {
            Some(&other) => {
                instead.insert(index as u32, other as u32);
                replaced[index] = true;
            }
            None => alike.push(index),
        }
    }
    (!instead.is_empty()).then_some(instead)
}

/// What hardly any two different functions have in common: their name, registers and operands.
fn shape(function: &Function) -> u64 {
    let mut hasher = FxHasher::default();
    (&function.name, &function.regs, &function.pool, function.blocks.len()).hash(&mut hasher);
    hasher.finish()
}

fn rename_own_calls(program: &mut Program, rename: impl Fn(FuncId, FuncId) -> FuncId) {
    for (index, function) in program.functions.iter_mut().enumerate() {
        callees(function, |callee| *callee = rename(FuncId(index as u32), *callee));
    }
}

//! Lengths and places of arrays, and fields, that do not change in a loop are read before it.
//!
//! A read of an object that is known not to be null cannot fail, so it may happen where the loop is not run at all. Loops with
//! calls or allocations are left alone: objects move there, so that their references are other values afterwards.

use super::graph::{Graph, Loop};
use super::values::clobbers_arrays;
use crate::jit::ir::{Block, Edge, Function, Inst, Op, Term, Value};

/// Moves reads out of loops, from the inner ones outwards.
pub(super) fn hoist(func: &mut Function) {
    let headers: Vec<Block> = Graph::new(func).loops().into_iter().map(|found| found.header).collect();
    for header in headers {
        // An inner loop's new block changes the outer ones.
        let graph = Graph::new(func);
        if let Some(found) = graph.loops().into_iter().find(|found| found.header == header) {
            from_loop(func, &graph, &found);
        }
    }
}

/// What a loop changes.
#[derive(Default)]
struct Changes {
    arrays: bool,
    everything: bool,
    fields: Vec<u32>,
    globals: Vec<u32>,
}

impl Changes {
    fn of(func: &Function, found: &Loop) -> Changes {
        let mut changes = Changes::default();
        for inst in found.blocks.iter().flat_map(|block| &func.data(*block).insts) {
            match &inst.op {
                Op::SetField { offset, .. } => changes.fields.push(*offset),
                Op::SetGlobal { index, .. } => changes.globals.push(*index),
                Op::SetLen { .. } => changes.arrays = true,
                op => changes.everything |= clobbers_arrays(op),
            }
        }
        changes
    }
}

fn from_loop(func: &mut Function, graph: &Graph, found: &Loop) {
    let changes = Changes::of(func, found);
    if changes.everything {
        return;
    }
    let mut inside = vec![false; func.types.len()];
    for block in &found.blocks {
        let data = func.data(*block);
        let results = data.insts.iter().flat_map(|inst| &inst.results);
        data.params.iter().chain(results).for_each(|value| inside[value.0 as usize] = true);
    }
    let mut moved: Vec<Inst> = Vec::new();
    for block in &found.blocks {
        let non_null = func.non_null.clone();
        func.data_mut(*block).insts.retain(|inst| {
            let stays = !is_fixed(&inst.op, &changes, &non_null) || uses(&inst.op, &inside);
            if !stays {
                inst.results.iter().for_each(|value| inside[value.0 as usize] = false);
                moved.push(inst.clone());
            }
            stays
        });
    }
    if !moved.is_empty() {
        let before = preheader(func, graph, found);
        func.data_mut(before).insts.extend(moved);
    }
}

fn uses(op: &Op, inside: &[bool]) -> bool {
    let mut found = false;
    op.for_each_operand(|value| found |= inside[value.0 as usize]);
    found
}

/// Whether an operation gives the same at every turn, and can be done before the first.
fn is_fixed(op: &Op, changes: &Changes, non_null: &[bool]) -> bool {
    let exists = |value: &Value| non_null[value.0 as usize];
    match op {
        Op::Const(_) | Op::Float(_) | Op::Fixed(_) => true,
        Op::Len(array) => exists(array) && !changes.arrays,
        Op::Data(array) => exists(array),
        Op::Field { object, offset, .. } => exists(object) && !changes.fields.contains(offset),
        Op::Global { index, .. } => !changes.globals.contains(index),
        _ => false,
    }
}

/// The block through which alone a loop is entered; made where there is none.
fn preheader(func: &mut Function, graph: &Graph, found: &Loop) -> Block {
    let header = found.header;
    let outside: Vec<Block> = graph.preds[header.0 as usize]
        .iter()
        .copied()
        .filter(|pred| !graph.dominates(header, *pred))
        .collect();
    if let [only] = outside[..]
        && matches!(func.data(only).term, Term::Jump(_))
    {
        return only;
    }
    let before = func.block();
    let params: Vec<Value> = func.data(header).params.clone();
    let copies: Vec<Value> = params.iter().map(|param| func.value_like(*param)).collect();
    for pred in outside {
        for edge in func.data_mut(pred).term.edges_mut() {
            if edge.to == header {
                edge.to = before;
            }
        }
    }
    let site = func.data(header).site;
    let data = func.data_mut(before);
    data.params = copies.clone();
    (data.term, data.site) = (Term::Jump(Edge { to: header, args: copies }), site);
    before
}

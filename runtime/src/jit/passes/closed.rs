//! Values that an inner loop computes at every turn leave it as parameters of the block behind it.
//!
//! Cranelift computes a pure value where it is first used, walking down the tree of dominators. A value that is used late in a
//! loop and again behind it would be computed twice, the second time at the end of every run of the loop. An argument of
//! the exit's edge is a use within the loop that comes before both. (LLVM calls the form loop-closed; here only values take part that
//! cost the loop nothing.)

use super::graph::{Graph, Loop};
use crate::jit::ir::{Block, Function, Op, Value};

/// Closes the inner loops.
pub(super) fn close(func: &mut Function) {
    let graph = Graph::new(func);
    let inner = Inner::find(func, &graph);
    let mut passed: Vec<(Block, Value)> = Vec::new();
    let first = func.types.len();
    for block in &graph.order {
        func.data_mut(*block).map_uses(|value| {
            let Some(exit) = inner.exit_to(&graph, value, *block) else { return value };
            let known = passed.iter().position(|found| *found == (exit, value));
            let place = known.unwrap_or_else(|| {
                passed.push((exit, value));
                passed.len() - 1
            });
            Value((first + place) as u32)
        });
    }
    for (exit, value) in passed {
        let param = func.value_like(value);
        func.data_mut(exit).params.push(param);
        // A block with two edges to the exit is there twice, one behind the other.
        let mut preds = graph.preds[exit.0 as usize].clone();
        preds.dedup();
        for pred in preds {
            let edges = func.data_mut(pred).term.edges_mut();
            edges.into_iter().filter(|edge| edge.to == exit).for_each(|edge| edge.args.push(value));
        }
    }
}

/// The loops that hold no other one, by their index.
struct Inner {
    /// For each block the loop that it is in.
    at: Vec<Option<u32>>,
    /// For each value the loop that computes it at every turn.
    of: Vec<Option<u32>>,
    /// For each loop the blocks behind it that are reached from it alone.
    exits: Vec<Vec<Block>>,
}

impl Inner {
    fn find(func: &Function, graph: &Graph) -> Inner {
        let mut inner =
            Inner { at: vec![None; func.blocks.len()], of: vec![None; func.types.len()], exits: Vec::new() };
        let loops = graph.loops();
        let holds_none =
            |found: &&Loop| loops.iter().filter(|other| found.blocks.contains(&other.header)).count() == 1;
        for found in loops.iter().filter(holds_none) {
            let index = inner.exits.len() as u32;
            found.blocks.iter().for_each(|block| inner.at[block.0 as usize] = Some(index));
            inner.note_values(func, graph, found, index);
            let exits = inner.exits(func, graph, found, index);
            inner.exits.push(exits);
        }
        inner
    }

    fn exits(&self, func: &Function, graph: &Graph, found: &Loop, index: u32) -> Vec<Block> {
        let inside = |block: &Block| self.at[block.0 as usize] == Some(index);
        let edges = found.blocks.iter().flat_map(|block| func.data(*block).term.edges());
        let mut exits: Vec<Block> = edges.map(|edge| edge.to).filter(|to| !inside(to)).collect();
        exits.sort_unstable();
        exits.dedup();
        exits.retain(|exit| graph.preds[exit.0 as usize].iter().all(inside));
        exits
    }

    /// Notes the pure values of a loop that something needs at every turn.
    fn note_values(&mut self, func: &Function, graph: &Graph, found: &Loop, index: u32) {
        let back = |block: &Block| func.data(*block).term.edges().iter().any(|edge| edge.to == found.header);
        let latches: Vec<Block> = found.blocks.iter().copied().filter(back).collect();
        let mut needed = vec![false; func.types.len()];
        for block in &found.blocks {
            if latches.iter().all(|latch| graph.dominates(*block, *latch)) {
                func.data(*block).for_each_operand(|value| needed[value.0 as usize] = true);
            }
        }
        let edges = latches.iter().flat_map(|latch| func.data(*latch).term.edges());
        for edge in edges.filter(|edge| edge.to == found.header) {
            edge.args.iter().for_each(|value| needed[value.0 as usize] = true);
        }
        for inst in found.blocks.iter().flat_map(|block| &func.data(*block).insts) {
            if let (Op::Unary(..) | Op::Binary(..), [value]) = (&inst.op, &inst.results[..])
                && needed[value.0 as usize]
            {
                self.of[value.0 as usize] = Some(index);
            }
        }
    }

    /// The exit behind which a block uses a value that is to be passed out of its loop.
    fn exit_to(&self, graph: &Graph, value: Value, user: Block) -> Option<Block> {
        let of = self.of[value.0 as usize]?;
        if self.at[user.0 as usize] == Some(of) {
            return None;
        }
        self.exits[of as usize].iter().copied().find(|exit| graph.dominates(*exit, user))
    }
}

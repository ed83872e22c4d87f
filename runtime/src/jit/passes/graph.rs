//! The shape of a function: edges, dominators, loops.

use crate::jit::ir::{Block, Function};
use crate::jit::lower::order;

/// No block.
const NONE: u32 = u32::MAX;

/// Who dominates whom. Valid as long as no block or edge changes.
#[derive(Debug)]
pub(super) struct Graph {
    /// The blocks that are reached, in reverse postorder.
    pub(super) order: Vec<Block>,
    /// The blocks that edges to a block come from, once for each edge.
    pub(super) preds: Vec<Vec<Block>>,
    /// The immediate dominator of each block.
    above: Vec<u32>,
    /// The time at which a walk over the tree of dominators enters and leaves each block.
    times: Vec<(u32, u32)>,
}

/// A natural loop.
#[derive(Debug)]
pub(super) struct Loop {
    /// The block through which it is entered.
    pub(super) header: Block,
    /// Its blocks, the header among them, in reverse postorder.
    pub(super) blocks: Vec<Block>,
}

impl Graph {
    pub(super) fn new(func: &Function) -> Graph {
        let order = order(func);
        let mut preds = vec![Vec::new(); func.blocks.len()];
        for block in &order {
            for edge in func.data(*block).term.edges() {
                preds[edge.to.0 as usize].push(*block);
            }
        }
        let mut graph = Graph { order, preds, above: Vec::new(), times: Vec::new() };
        graph.find_dominators(func.blocks.len());
        graph.number(func.blocks.len());
        graph
    }

    /// Cooper, Harvey and Kennedy, "A Simple, Fast Dominance Algorithm".
    fn find_dominators(&mut self, blocks: usize) {
        let mut place = vec![NONE; blocks];
        for (index, block) in self.order.iter().enumerate() {
            place[block.0 as usize] = index as u32;
        }
        let mut above = vec![NONE; blocks];
        above[0] = 0;
        let mut changed = true;
        while changed {
            changed = false;
            for block in self.order.iter().skip(1) {
                let known = self.preds[block.0 as usize].iter().filter(|pred| above[pred.0 as usize] != NONE);
                let found = known.map(|pred| pred.0).reduce(|mut one, mut other| {
                    while one != other {
                        while place[one as usize] > place[other as usize] {
                            one = above[one as usize];
                        }
                        while place[other as usize] > place[one as usize] {
                            other = above[other as usize];
                        }
                    }
                    one
                });
                if let Some(found) = found
                    && above[block.0 as usize] != found
                {
                    above[block.0 as usize] = found;
                    changed = true;
                }
            }
        }
        self.above = above;
    }

    fn number(&mut self, blocks: usize) {
        let mut below = vec![Vec::new(); blocks];
        for block in self.order.iter().skip(1) {
            below[self.above[block.0 as usize] as usize].push(block.0);
        }
        self.times = vec![(0, 0); blocks];
        let (mut time, mut stack) = (0, vec![(0u32, 0)]);
        while let Some((block, next)) = stack.last_mut() {
            time += 1;
            if *next == 0 {
                self.times[*block as usize].0 = time;
            }
            match below[*block as usize].get(*next).copied() {
                Some(child) => {
                    *next += 1;
                    stack.push((child, 0));
                }
                None => {
                    self.times[*block as usize].1 = time;
                    stack.pop();
                }
            }
        }
    }

    /// Whether every path to `below` leads through `block`, which may be the same.
    pub(super) fn dominates(&self, block: Block, below: Block) -> bool {
        let (one, other) = (self.times[block.0 as usize], self.times[below.0 as usize]);
        one.0 <= other.0 && other.1 <= one.1
    }

    /// The loops, inner ones before those that they lie in.
    pub(super) fn loops(&self) -> Vec<Loop> {
        let mut loops = Vec::new();
        for header in self.order.iter().rev() {
            let latches: Vec<Block> = self.preds[header.0 as usize]
                .iter()
                .copied()
                .filter(|pred| self.dominates(*header, *pred))
                .collect();
            if !latches.is_empty() {
                loops.push(self.loop_of(*header, latches));
            }
        }
        loops
    }

    fn loop_of(&self, header: Block, latches: Vec<Block>) -> Loop {
        let mut inside = vec![false; self.preds.len()];
        inside[header.0 as usize] = true;
        let mut open = latches;
        while let Some(block) = open.pop() {
            if !std::mem::replace(&mut inside[block.0 as usize], true) {
                open.extend(&self.preds[block.0 as usize]);
            }
        }
        let blocks = self.order.iter().copied().filter(|block| inside[block.0 as usize]).collect();
        Loop { header, blocks }
    }
}

//! Loops as the order of blocks shows them: from the target of a jump backwards to the last block that makes one.

use rustc_hash::FxHashMap;

use super::flow;
use crate::ir::{At, Block, BlockId, End, Function, Inst};

/// An outermost loop: a run of blocks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Loop {
    /// Its first block.
    pub(crate) first: usize,
    /// Its last block.
    pub(crate) last: usize,
    /// The block that every edge from outside leads to, if it is one.
    pub(crate) entry: Option<usize>,
    /// The blocks behind the others that run seldom and come from this loop only.
    cold: Vec<usize>,
}

impl Loop {
    /// All its blocks.
    pub(crate) fn blocks(&self) -> impl Iterator<Item = usize> + '_ {
        (self.first..=self.last).chain(self.cold.iter().copied())
    }
}

/// The outermost loops, in order; they do not overlap.
pub(crate) fn outermost(function: &Function) -> Vec<Loop> {
    at_depth(function, 0)
}

/// The loops within so many others, in order; they do not overlap.
pub(crate) fn at_depth(function: &Function, depth: usize) -> Vec<Loop> {
    let mut ends: Vec<(usize, std::cmp::Reverse<usize>)> = Vec::new();
    for (index, block) in function.blocks.iter().enumerate() {
        // A way back from a cold block does not make everything up to there a loop.
        function.successors(&block.end, |to| {
            if to.0 as usize <= index && !block.cold {
                ends.push((to.0 as usize, std::cmp::Reverse(index)));
            }
        });
    }
    // By their first blocks, the longer ones before those within them.
    ends.sort_unstable();
    let mut open: Vec<Loop> = Vec::new();
    let mut loops = Vec::new();
    for (first, std::cmp::Reverse(last)) in ends {
        while open.last().is_some_and(|outer| outer.last < first) {
            close(&mut open, depth, &mut loops);
        }
        match open.last_mut() {
            Some(outer) if outer.first == first => {}
            // Two that overlap are taken as one.
            Some(outer) if outer.last < last => {
                for outer in &mut open {
                    outer.last = outer.last.max(last);
                }
            }
            _ => open.push(Loop { first, last, entry: None, cold: Vec::new() }),
        }
    }
    while !open.is_empty() {
        close(&mut open, depth, &mut loops);
    }
    loops.sort_unstable_by_key(|inner| inner.first);
    find_entries(function, &mut loops);
    loops
}

fn close(open: &mut Vec<Loop>, depth: usize, loops: &mut Vec<Loop>) {
    let level = open.len() - 1;
    if let Some(inner) = open.pop()
        && level == depth
    {
        loops.push(inner);
    }
}

fn find_entries(function: &Function, loops: &mut [Loop]) {
    if loops.is_empty() {
        return;
    }
    let mut loop_of = vec![usize::MAX; function.blocks.len()];
    for (number, inner) in loops.iter().enumerate() {
        loop_of[inner.first..=inner.last].fill(number);
    }
    place_cold(function, &mut loop_of, loops);
    let mut several = vec![false; loops.len()];
    let mut enter = |to: usize, from: usize| {
        let number = loop_of[to];
        if number != usize::MAX && number != from {
            let entry = &mut loops[number].entry;
            several[number] |= entry.is_some_and(|known| known != to);
            *entry = Some(to);
        }
    };
    enter(0, usize::MAX);
    for (index, block) in function.blocks.iter().enumerate() {
        function.successors(&block.end, |to| enter(to.0 as usize, loop_of[index]));
    }
    for (inner, several) in loops.iter_mut().zip(several) {
        inner.entry = inner.entry.filter(|_| !several);
    }
}

/// Finds the loops that cold blocks belong to: where all their predecessors are in one.
fn place_cold(function: &Function, loop_of: &mut [usize], loops: &mut [Loop]) {
    const UNKNOWN: usize = usize::MAX - 1;
    let mut behind = vec![false; function.blocks.len()];
    for (index, block) in function.blocks.iter().enumerate() {
        if block.cold && loop_of[index] == usize::MAX {
            (loop_of[index], behind[index]) = (UNKNOWN, true);
        }
    }
    for (index, block) in function.blocks.iter().enumerate() {
        let from = loop_of[index];
        function.successors(&block.end, |to| {
            let to = to.0 as usize;
            if behind[to] {
                loop_of[to] = if loop_of[to] == UNKNOWN || loop_of[to] == from { from } else { usize::MAX };
            }
        });
    }
    for (index, number) in loop_of.iter_mut().enumerate() {
        match *number {
            UNKNOWN => *number = usize::MAX,
            usize::MAX => {}
            known if behind[index] => loops[known].cold.push(index),
            _ => {}
        }
    }
}

/// Puts instructions before loops: for each loop a block in front of it, which edges from outside lead to.
pub(super) fn insert_preheaders(function: &mut Function, loops: &[Loop], before: Vec<Vec<Inst>>) {
    if before.iter().all(Vec::is_empty) {
        return;
    }
    let count = function.blocks.len();
    // For each loop's first block the new one, and for each entry the loop that it belongs to.
    let (mut in_front, mut entries) = (FxHashMap::default(), FxHashMap::default());
    for (number, (inner, insts)) in loops.iter().zip(before).enumerate() {
        let Some(entry) = inner.entry.filter(|_| !insts.is_empty()) else { continue };
        let new = BlockId(function.blocks.len() as u32);
        let at = insts.first().map_or_else(At::default, |inst| inst.at);
        function.blocks.push(Block { insts, end: End::Jump(BlockId(entry as u32)), at, cold: false });
        in_front.insert(inner.first, new);
        entries.insert(entry as u32, (number, new));
    }
    let mut order = Vec::with_capacity(function.blocks.len());
    let mut at_loop = loops.iter().enumerate().peekable();
    for index in 0..count {
        while at_loop.peek().is_some_and(|(_, inner)| inner.last < index) {
            at_loop.next();
        }
        let inside = at_loop.peek().filter(|(_, inner)| inner.first <= index).map(|(number, _)| *number);
        function.retarget(BlockId(index as u32), |to| match entries.get(&to.0) {
            Some((number, new)) if inside != Some(*number) => *new,
            _ => to,
        });
        order.extend(in_front.get(&index).map(|new: &BlockId| new.0 as usize));
        order.push(index);
    }
    flow::reorder(function, &order);
    flow::simplify(function);
}

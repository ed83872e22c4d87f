//! Loops as the order of blocks shows them: from the target of a jump backwards to the last block that makes one.

use crate::ir::Function;

/// An outermost loop: a run of blocks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Loop {
    /// Its first block.
    pub(crate) first: usize,
    /// Its last block.
    pub(crate) last: usize,
    /// Whether every edge from outside leads to the first block.
    pub(crate) entered_at_first: bool,
}

/// The outermost loops, in order; they do not overlap.
pub(crate) fn outermost(function: &Function) -> Vec<Loop> {
    let mut ends: Vec<(usize, usize)> = Vec::new();
    for (index, block) in function.blocks.iter().enumerate() {
        function.successors(&block.end, |to| {
            if to.0 as usize <= index {
                ends.push((to.0 as usize, index));
            }
        });
    }
    ends.sort_unstable();
    let mut loops: Vec<Loop> = Vec::new();
    for (first, last) in ends {
        match loops.last_mut() {
            Some(open) if first <= open.last => open.last = open.last.max(last),
            _ => loops.push(Loop { first, last, entered_at_first: true }),
        }
    }
    check_entries(function, &mut loops);
    loops
}

fn check_entries(function: &Function, loops: &mut [Loop]) {
    if loops.is_empty() {
        return;
    }
    let mut loop_of = vec![usize::MAX; function.blocks.len()];
    for (number, inner) in loops.iter().enumerate() {
        loop_of[inner.first..=inner.last].fill(number);
    }
    for (index, block) in function.blocks.iter().enumerate() {
        function.successors(&block.end, |to| {
            let to = to.0 as usize;
            let number = loop_of[to];
            if number != usize::MAX && number != loop_of[index] && loops[number].first != to {
                loops[number].entered_at_first = false;
            }
        });
    }
}

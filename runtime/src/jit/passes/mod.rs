//! What is done to a function between building it and lowering it, one file a pass.

mod closed;
mod dead;
mod graph;
mod hoist;
mod params;
mod ranges;
mod select;
mod strength;
mod values;

#[cfg(test)]
mod tests;

use super::ir::Function;

/// What the passes did, for `--jit-stats`.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(crate) struct Stats {
    /// Bounds checks, and how many of them were proved not to be needed.
    pub(crate) bounds: u32,
    pub(crate) bounds_removed: u32,
    /// Overflow checks, and how many of them were proved not to be needed.
    pub(crate) overflows: u32,
    pub(crate) overflows_removed: u32,
}

/// Runs all passes.
pub(crate) fn run(func: &mut Function) -> Stats {
    let mut stats = Stats::default();
    dead::unreachable(func);
    params::simplify(func);
    dead::unused(func);
    values::number(func);
    hoist::hoist(func);
    values::number(func);
    strength::reduce(func);
    ranges::remove_checks(func, &mut stats);
    select::convert(func);
    dead::unused(func);
    closed::close(func);
    stats
}

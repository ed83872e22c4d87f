//! What is done to a function between building it and lowering it, one file a pass.

mod allocate;
mod bits;
mod closed;
mod dead;
mod division;
mod escape;
mod graph;
mod headers;
mod hoist;
mod params;
mod ranges;
mod scalars;
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
    simplify(func);
    // An object that another holds in a field is private once that one is gone.
    while headers::tell(func) | dead::decided(func) | scalars::replace(func) {
        simplify(func);
    }
    allocate::expand(func);
    hoist::hoist(func);
    values::number(func);
    strength::reduce(func);
    ranges::remove_checks(func, &mut stats);
    if division::pair(func) {
        values::number(func);
    }
    select::convert(func);
    dead::unused(func);
    closed::close(func);
    stats
}

/// What can be told apart without looking at more than one operation at a time.
fn simplify(func: &mut Function) {
    dead::unreachable(func);
    params::simplify(func);
    dead::unused(func);
    values::number(func);
}

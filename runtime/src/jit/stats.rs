//! Counts of what was compiled.

use std::time::Duration;

use super::Jit;
use super::passes::Stats;
use crate::vm::JitStats;

/// What was compiled so far.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Totals {
    pub(super) functions: u32,
    pub(super) loops: u32,
    pub(super) refused: u32,
    pub(super) time: Duration,
    pub(super) passes: Stats,
}

impl Jit {
    /// What was done so far.
    pub(crate) fn stats(&self) -> JitStats {
        let Totals { functions, loops, refused, time, passes } = self.totals;
        JitStats {
            functions,
            loops,
            refused,
            time,
            code: self.code.as_ref().map_or(0, |code| code.used()),
            checks: (passes.bounds + passes.overflows, passes.bounds_removed + passes.overflows_removed),
        }
    }
}

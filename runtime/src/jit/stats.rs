//! What the JIT did, for those who want to know.

use std::fmt;
use std::time::Duration;

use super::Jit;
use super::passes::Stats;

/// What was compiled so far.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Totals {
    pub(super) functions: u32,
    pub(super) loops: u32,
    pub(super) refused: u32,
    pub(super) time: Duration,
    pub(super) passes: Stats,
}

/// What the JIT did; [`fmt::Display`] says it in one line.
#[derive(Clone, Copy, Debug)]
pub struct JitStats {
    /// Functions compiled.
    pub functions: u32,
    /// Loops compiled to be entered while they run.
    pub loops: u32,
    /// Functions that stay interpreted.
    pub refused: u32,
    /// The time that compiling took, mostly on another thread.
    pub time: Duration,
    /// Bytes of machine code.
    pub code: usize,
    /// Bounds and overflow checks, and how many were proved not to be needed.
    pub checks: (u32, u32),
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

impl fmt::Display for JitStats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let JitStats { functions, loops, refused, time, code, checks } = self;
        let milliseconds = time.as_secs_f64() * 1e3;
        write!(
            f,
            "{functions} functions and {loops} loops compiled in {milliseconds:.1} ms, {refused} refused, {code} bytes of code, \
             {} of {} checks removed",
            checks.1, checks.0
        )
    }
}

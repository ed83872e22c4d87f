//! What a host asks and is told of the compiler to machine code; builds without one know it too, and refuse.

use std::fmt;
use std::time::Duration;

/// When functions are compiled.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum JitMode {
    /// Never.
    #[default]
    Off,
    /// In the background, once they turn out to be hot.
    On,
    /// Each before its first call, for tests.
    Force,
}

/// How functions are compiled.
#[derive(Clone, Debug)]
pub struct JitOptions {
    /// When.
    pub mode: JitMode,
    /// Calls of a function before it is compiled; a loop is, after as many hundred turns.
    pub threshold: u32,
    /// The most bytes of machine code; when they are full nothing more is compiled.
    pub memory: usize,
    /// Whether the program waits for what it asks to be compiled: tests see the same each time.
    pub wait: bool,
    /// Whether `/tmp/perf-PID.map` is written, in which `perf` finds the names of compiled functions.
    pub perf_map: bool,
}

impl JitOptions {
    /// Whether the program goes on only when what it asked for is there.
    pub fn waits(&self) -> bool {
        self.wait || self.mode == JitMode::Force
    }
}

impl Default for JitOptions {
    fn default() -> Self {
        JitOptions { mode: JitMode::Off, threshold: 500, memory: 64 << 20, wait: false, perf_map: false }
    }
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

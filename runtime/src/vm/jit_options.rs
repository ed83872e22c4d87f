//! What a host asks of the compiler to machine code; builds without one know it too, and refuse.

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
    /// Whether `/tmp/perf-PID.map` is written, in which `perf` finds the names of compiled functions.
    pub perf_map: bool,
}

impl Default for JitOptions {
    fn default() -> Self {
        JitOptions { mode: JitMode::Off, threshold: 500, memory: 64 << 20, perf_map: false }
    }
}

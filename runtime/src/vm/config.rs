//! What a machine is made with.

use super::JitOptions;
use crate::trace::TraceOptions;

/// Limits and habits of a machine.
#[derive(Clone, Debug)]
pub struct Config {
    /// Bytes of the stack of frames.
    pub max_stack: usize,
    /// The most bytes that objects may take; by default a part of the machine's memory.
    pub max_heap: Option<usize>,
    /// How many back-edges and calls the program may take; by default as many as it likes.
    pub fuel: Option<u64>,
    /// Whether the program is kept from files, processes, the network and the environment.
    pub sandbox: bool,
    /// Collect at every so many allocations.
    pub gc_stress: Option<u32>,
    /// Count allocations, which makes them slower.
    pub gc_stats: bool,
    /// The allocation that fails, counted from 1; for tests.
    pub fail_allocation: Option<u64>,
    /// Let none of the collector's lists grow; for tests.
    pub starve_lists: bool,
    /// Whether and how functions are compiled to machine code.
    pub jit: JitOptions,
    /// What a trace shows on the program's standard error; compiled code has none.
    pub trace: Option<TraceOptions>,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            max_stack: 64 << 20,
            max_heap: None,
            fuel: None,
            sandbox: false,
            gc_stress: None,
            gc_stats: false,
            fail_allocation: None,
            starve_lists: false,
            jit: JitOptions::default(),
            trace: None,
        }
    }
}

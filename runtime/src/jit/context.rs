//! What compiled code reads and writes of its machine: one block of memory that never moves, whose address is the
//! first argument of all compiled functions.

use crate::heap::Heap;
use crate::vm::Vm;

/// The machine, as compiled code sees it. Offsets are taken with `offset_of!`.
#[derive(Debug)]
#[repr(C)]
pub(crate) struct Context {
    /// Compiled frames must stay above this address of the host's stack.
    pub(crate) stack_limit: u64,
    /// The values that explain a trap, as in [`crate::vm::Trapped`].
    pub(crate) trap_values: [u64; 2],
    /// The status of a program that ended itself.
    pub(crate) status: i64,
    /// The frame of the compiled function that last called the host.
    pub(crate) exit_fp: u64,
    /// Where that call returns to.
    pub(crate) exit_pc: u64,
    /// The global variables.
    pub(crate) globals: *mut u64,
    /// Back-edges and calls until more must be asked for; counted only where code was compiled to.
    pub(crate) fuel: i64,
    /// The result of a helper that also says whether there is one.
    pub(crate) result: u64,
    /// The machine; set while it runs.
    pub(crate) vm: *mut Vm,
    /// Its objects; set while it runs.
    pub(crate) heap: *mut Heap,
}

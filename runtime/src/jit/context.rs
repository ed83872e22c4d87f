//! What compiled code reads and writes of its machine: one block of memory that never moves, whose address is the
//! first argument of all compiled functions.

use std::ptr::{null, null_mut};

use crate::heap::Heap;
use crate::natives::Host;
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
    /// Where that call returns to; for a function of C that is called without a helper, the stack pointer: the call puts the
    /// return address below it.
    pub(crate) exit_pc: u64,
    /// The global variables.
    pub(crate) globals: *mut u64,
    /// Back-edges and calls until more must be asked for; counted only where code was compiled to.
    pub(crate) fuel: i64,
    /// The result of a helper that also says whether there is one.
    pub(crate) result: u64,
    /// The machine; set while it runs.
    pub(crate) vm: *mut Vm,
    /// What its natives work on; set while it runs.
    pub(crate) host: *mut Host,
    /// Its objects; set while it runs.
    pub(crate) heap: *mut Heap,
    /// The function whose code is not there, when a stub stands in for it.
    pub(crate) callee: u64,
    /// The host's stack while the machine runs on its own one.
    pub(crate) host_sp: u64,
    /// The instruction of compiled code that trapped; 0 where the interpreter did.
    pub(crate) trap_pc: u64,
    /// The frame that it trapped in.
    pub(crate) trap_fp: u64,
    /// The innermost entry from the interpreter into compiled code.
    pub(crate) entered: *const Entered,
    /// Where compiled code lies.
    pub(crate) code: [u64; 2],
    /// Whether there is output that C must find written.
    pub(crate) unflushed: *const bool,
    /// Where C has `errno`, and where the program looks for it; set while it runs.
    pub(crate) errno: [*mut i32; 2],
    /// Where the interpreter goes on after the code of a loop, counted from 1; 0 where the function returned.
    pub(crate) left_to: u64,
    /// Not 0 where a callback ended the program and C has not come back yet.
    pub(crate) pending: u64,
}

/// An entry from the interpreter into compiled code that has not returned.
#[derive(Debug)]
pub(crate) struct Entered {
    /// The interpreter's frame that compiled code runs in place of; what lies below it is what it returns to.
    pub(crate) base: *mut u64,
    /// The entry before.
    pub(crate) previous: *const Entered,
}

/// A call from compiled code into the interpreter that has not returned.
#[derive(Debug)]
pub(crate) struct Left {
    /// Where compiled code goes on.
    pub(crate) pc: u64,
    /// Its frame.
    pub(crate) fp: u64,
}

impl Context {
    /// A context of a machine that does not run.
    pub(crate) fn new() -> Context {
        Context {
            stack_limit: 0,
            trap_values: [0; 2],
            status: 0,
            exit_fp: 0,
            exit_pc: 0,
            globals: null_mut(),
            fuel: 0,
            result: 0,
            vm: null_mut(),
            host: null_mut(),
            heap: null_mut(),
            callee: 0,
            host_sp: 0,
            trap_pc: 0,
            trap_fp: 0,
            entered: null(),
            code: [0; 2],
            unflushed: null(),
            errno: [null_mut(); 2],
            left_to: 0,
            pending: 0,
        }
    }
}

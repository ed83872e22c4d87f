//! The compiler of hot functions to machine code, and what runs the code beside the interpreter.
//!
//! `build` → `passes` → `lower` translate on a thread of their own (`compiler`); `code` keeps what they made; `entry` and `stubs`
//! lead from one engine to the other; `tiers` decides what is worth compiling, and `seen` tells what the interpreter saw;
//! `signals` and `frames` are for traps.

mod build;
mod code;
mod compiler;
pub(crate) mod context;
pub(crate) mod entry;
pub(crate) mod frames;
pub(crate) mod helpers;
pub(crate) mod ir;
pub(crate) mod loops;
mod lower;
pub(crate) mod passes;
mod perf;
pub(crate) mod program;
pub(crate) mod seen;
mod signals;
mod stack;
mod stats;
mod stubs;
pub(crate) mod tiers;
pub(crate) mod translate;

use std::collections::HashMap;
use std::io;
use std::sync::Arc;

use self::code::Code;
use self::compiler::Compiler;
use self::context::Context;
use self::loops::Loops;
use self::seen::Seen;
use self::stack::NativeStack;
use self::stats::Totals;
use self::stubs::Stub;
use self::tiers::Row;
use crate::vm::JitOptions;

/// What a machine has for compiled code.
#[derive(Debug)]
pub(crate) struct Jit {
    /// What compiled code reads and writes; it never moves.
    pub(crate) context: Box<Context>,
    options: JitOptions,
    /// Whether back-edges and calls are charged.
    poll: bool,
    stack: NativeStack,
    /// The functions, as the interpreter's calls see them.
    rows: Vec<Row>,
    /// The functions, as compiled code calls them: a code address each. It never moves.
    entries: Box<[*const u8]>,
    loops: Loops,
    /// What the interpreter's calls of closures and methods meant.
    pub(crate) seen: Arc<Seen>,
    totals: Totals,
    /// The stubs that were made.
    stubs: HashMap<Stub, *const u8>,
    /// What stands for functions that were not compiled; null before anything was.
    thunks: *const u8,
    /// Code, and who makes it, from the first request on.
    compiler: Option<Compiler>,
    code: Option<Code>,
    /// Jobs that were not answered yet.
    pending: usize,
}

impl Jit {
    /// A JIT without a program.
    ///
    /// # Errors
    /// Where the system gives no memory.
    pub(crate) fn new(options: JitOptions, stack: usize, poll: bool) -> io::Result<Box<Jit>> {
        Ok(Box::new(Jit {
            context: Box::new(Context::new()),
            options,
            poll,
            stack: NativeStack::new(stack)?,
            rows: Vec::new(),
            entries: Box::default(),
            loops: Loops::default(),
            seen: Arc::default(),
            totals: Totals::default(),
            stubs: HashMap::new(),
            thunks: std::ptr::null(),
            compiler: None,
            code: None,
            pending: 0,
        }))
    }

    /// Takes a program of so many functions, in place of the one before.
    pub(crate) fn load(&mut self, functions: usize) {
        // The compiling thread holds addresses of the tables; it ends with its channel, and what it still gives is not taken.
        (self.compiler, self.code, self.thunks, self.pending) = (None, None, std::ptr::null(), 0);
        self.stubs.clear();
        (self.loops, self.seen) = (Loops::default(), Arc::default());
        self.rows = (0..functions).map(|_| Row::new()).collect();
        self.entries = vec![std::ptr::null(); functions].into_boxed_slice();
    }

    /// The functions, as the interpreter's calls see them.
    pub(crate) fn rows(&mut self) -> *mut Row {
        self.rows.as_mut_ptr()
    }

    /// Turns and calls between two looks at loops.
    pub(crate) fn turns(&self) -> u64 {
        u64::from(self.options.threshold.clamp(1, tiers::TURNS))
    }

    /// From now on nothing waits for what is being compiled.
    pub(crate) fn detach(&mut self) {
        if let Some(compiler) = self.compiler.as_mut().filter(|_| self.pending > 0) {
            compiler.detach();
        }
    }

    /// From now on back-edges and calls are charged in what is compiled.
    pub(crate) fn poll(&mut self) {
        self.poll = true;
    }
}

//! The virtual machine: one program, its stack and its objects. Nothing is shared between machines.

mod config;
mod error;
mod extension;
mod frames;
mod jit_options;
mod report;
mod sandbox;
mod stack;
mod tables;
mod trap;

use std::io::{Read, Write};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use lang_bytecode::{RegType, TrapKind, VerifiedModule};

use self::stack::Stack;
use self::trap::Trapped;
use crate::ffi;
use crate::heap::{Heap, HeapOptions, OutOfMemory, RootSource, Scope, Stats};
use crate::interpreter::{self, FINISHED, LINK_SLOTS, Op, Word};
#[cfg(feature = "jit")]
use crate::jit::Jit;
use crate::natives::{self, Failure, Host, Input, LinkedNative, Output, Services};
use crate::trace::{Log, Plan, TraceOptions};

pub use config::Config;
pub use error::{CallFrame, ForeignError, LoadError, RuntimeError, SourcePlace};
pub(crate) use frames::At;
pub use jit_options::{JitMode, JitOptions, JitStats};
#[cfg(feature = "jit")]
pub(crate) use tables::implementations;
pub(crate) use tables::{FunctionSlot, Tables};

/// Back-edges and calls between two looks at interrupts.
const SLICE: u64 = 1 << 16;

/// Why a machine with a JIT cannot be made.
#[cfg(not(feature = "jit"))]
const NO_JIT: &str = "this build has no JIT: it was made without the feature `jit`";

/// Why a machine that compiles cannot be one that traces.
const NO_TRACE: &str = "compiled code is not traced: ask for the trace without the JIT";

/// A virtual machine.
pub struct Vm {
    /// Frames must end at or before this.
    pub(crate) stack_limit: *mut u64,
    /// The global variables.
    pub(crate) globals: *mut u64,
    pub(crate) tables: Tables,
    pub(crate) host: Host,
    pub(crate) natives: Vec<LinkedNative>,
    /// What happened, where a run ends with a trap.
    pub(crate) trap: Trapped,
    /// The status that the program gave.
    pub(crate) status: i64,
    /// Whether the program ended itself with it.
    pub(crate) halted: bool,
    /// Whether the entry function's result is the status; without a result, what returns is left over from anything.
    pub(crate) returns_status: bool,
    /// The status that a native ended the program with.
    pub(crate) exit: Option<i32>,
    /// The trace and what it shows, where that was asked for.
    pub(crate) trace: Option<(TraceOptions, Log)>,
    /// Where the program was when it last called into the VM.
    pub(crate) top: (*const Op, *mut u64),
    /// Where a handler stored a reference, for the slow path that tells the heap.
    pub(crate) written: *const u8,
    /// What compiles, where that was asked for.
    #[cfg(feature = "jit")]
    pub(crate) jit: Option<Box<Jit>>,
    /// The functions, as calls see them that are counted.
    #[cfg(feature = "jit")]
    pub(crate) rows: *mut crate::jit::tiers::Row,
    /// What functions return to that compiled code called.
    #[cfg(feature = "jit")]
    return_code: Box<[Word; 3]>,
    /// Back-edges and calls until the next look at interrupts.
    slice: u64,
    pub(crate) module: Option<Arc<VerifiedModule>>,
    /// The functions of C.
    pub(crate) foreign: ffi::Foreign,
    /// What callbacks of C return to.
    #[cfg_attr(not(feature = "jit"), allow(dead_code, reason = "C cannot be called without stubs"))]
    pub(crate) callback_exit: Box<[Word; 3]>,
    /// What this host gives to `extern` blocks without a library.
    host_symbols: ffi::HostSymbols,
    heap_options: HeapOptions,
    stack: Stack,
    global_words: Vec<u64>,
    /// The fuel that was not handed out yet.
    fuel: Option<u64>,
    interrupted: Arc<AtomicBool>,
    exit_code: Box<[Word; 3]>,
}

/// Stops a running program from another thread or from a signal handler.
#[derive(Clone, Debug)]
pub struct InterruptHandle(Arc<AtomicBool>);

impl InterruptHandle {
    /// Makes the program end with an error at its next call or back-edge, nearly.
    pub fn interrupt(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Vm {
    /// A machine without a program.
    ///
    /// # Errors
    /// Where the system gives no memory.
    pub fn new(config: Config) -> std::io::Result<Vm> {
        let out_of_memory = |_| std::io::Error::from(std::io::ErrorKind::OutOfMemory);
        let heap_options = HeapOptions {
            max_heap: config.max_heap,
            stress: config.gc_stress,
            stats: config.gc_stats,
            fail_allocation: config.fail_allocation,
            starve_lists: config.starve_lists,
        };
        let heap = Heap::new(Rc::default(), heap_options).map_err(out_of_memory)?;
        let stack = Stack::new(config.max_stack)?;
        #[cfg(not(feature = "jit"))]
        if config.jit.mode != JitMode::Off {
            return Err(std::io::Error::new(std::io::ErrorKind::Unsupported, NO_JIT));
        }
        if config.trace.is_some() && config.jit.mode != JitMode::Off {
            return Err(std::io::Error::new(std::io::ErrorKind::Unsupported, NO_TRACE));
        }
        Ok(Vm {
            stack_limit: stack.end(),
            globals: std::ptr::null_mut(),
            tables: Tables::new(),
            host: Host { heap, services: Services::of_process(Vec::new(), config.sandbox) },
            natives: Vec::new(),
            trap: Trapped::default(),
            status: 0,
            halted: false,
            returns_status: false,
            exit: None,
            trace: config.trace.map(|options| (options, Log::default())),
            top: (std::ptr::null(), std::ptr::null_mut()),
            written: std::ptr::null(),
            #[cfg(feature = "jit")]
            jit: match config.jit.mode {
                JitMode::Off => None,
                _ => Some(Jit::new(config.jit.clone(), config.max_stack, config.fuel.is_some())?),
            },
            #[cfg(feature = "jit")]
            rows: std::ptr::null_mut(),
            #[cfg(feature = "jit")]
            return_code: Box::new(interpreter::exit_to_compiled()),
            slice: SLICE,
            foreign: ffi::Foreign::default(),
            callback_exit: Box::new(interpreter::callback_exit()),
            host_symbols: ffi::HostSymbols::default(),
            module: None,
            heap_options,
            stack,
            global_words: Vec::new(),
            fuel: config.fuel,
            interrupted: Arc::default(),
            exit_code: Box::new(interpreter::exit()),
        })
    }

    /// Takes a program, in place of the one before.
    ///
    /// # Errors
    /// Where this host has not what the program needs.
    pub fn load(&mut self, module: VerifiedModule) -> Result<(), LoadError> {
        if self.module.take().is_some() {
            // The objects of the program before are of other types.
            self.host.heap = Heap::new(Rc::default(), self.heap_options).map_err(|_| LoadError::Memory)?;
        }
        self.foreign = ffi::Foreign::default();
        self.global_words.clear();
        self.prepare(module, false)
    }

    /// Takes a program that begins with the types, globals and functions of the one before, which it goes on with: objects and globals
    /// stay as they are.
    ///
    /// # Errors
    /// Where it does not begin so, and as for [`Vm::load`].
    pub fn extend(&mut self, module: VerifiedModule) -> Result<(), LoadError> {
        let Some(before) = &self.module else { return self.load(module) };
        if !extension::begins_with(&module, before) {
            return Err(LoadError::NoExtension);
        }
        self.prepare(module, true)
    }

    /// Makes everything ready for a program, whose objects may be there already.
    fn prepare(&mut self, module: VerifiedModule, goes_on: bool) -> Result<(), LoadError> {
        if self.host.services.sandbox {
            sandbox::check(&module)?;
        }
        ffi::link(&mut self.foreign, &module, &self.host_symbols).map_err(|error| {
            let error = ForeignError::new(&module, TrapKind::CLoad, error.message, Some(error.place));
            LoadError::Foreign(Box::new(error))
        })?;
        let stub = self.stub();
        let tables = &mut self.tables;
        tables
            .load(&module, &mut self.host.heap, stub, goes_on)
            .map_err(|name| LoadError::Frame { function: name })?;
        let trace = self.trace.as_ref();
        self.tables.trace = trace.map(|(options, _)| Plan::new(options.clone(), &module));
        let link = |import: &lang_bytecode::NativeImport| {
            natives::link(import, self.host.services.sandbox)
                .ok_or_else(|| LoadError::Native { name: import.name.clone() })
        };
        self.natives = module.natives.iter().map(link).collect::<Result<_, _>>()?;
        self.global_words.resize(module.globals.len(), 0);
        self.globals = self.global_words.as_mut_ptr();
        #[cfg(feature = "jit")]
        if let Some(jit) = &mut self.jit {
            jit.load(module.functions.len());
            self.rows = jit.rows();
            self.tables.seen = Some(jit.seen.clone());
        }
        self.module = Some(Arc::new(module));
        Ok(())
    }

    /// What functions' code is before they are called.
    fn stub(&mut self) -> fn(u32) -> Word {
        #[cfg(feature = "jit")]
        if let Some(jit) = &self.jit {
            self.tables.counted = true;
            self.slice = jit.turns();
            return interpreter::counting_stub;
        }
        interpreter::stub
    }

    /// Runs the program that was loaded, with these arguments; gives its exit status. Globals keep their values from one run to the
    /// next.
    ///
    /// # Errors
    /// The runtime error that ended it.
    pub fn run(&mut self, arguments: &[String]) -> Result<i32, RuntimeError> {
        let Some(module) = self.module.clone() else { return Ok(0) };
        self.host.services.arguments = arguments.to_vec();
        self.trap = Trapped::default();
        (self.exit, self.status, self.halted) = (None, 0, false);
        let outcome = self.enter(&module, arguments);
        if let Some((_, log)) = &mut self.trace {
            self.host.services.output.trace(log.finish());
        }
        let flushed = self.host.services.output.flush();
        match (outcome, self.exit, flushed) {
            (_, Some(status), _) => Ok(status),
            (FINISHED, None, Ok(())) => Ok(self.status as i32),
            (FINISHED, None, Err(failure)) => match *failure {
                Failure::Exit(status) => Ok(status),
                Failure::Trap { kind, message } => Err(RuntimeError::without_place(kind, message)),
            },
            (_, None, _) => Err(self.foreign.take_error().unwrap_or_else(|| self.report(&module))),
        }
    }

    /// Whether the last run was ended by the program itself (`exit`), and not because its code came to an end.
    pub fn exited(&self) -> bool {
        self.halted || self.exit.is_some()
    }

    /// Gives programs that are loaded from now on a symbol: a function or variable that an `extern` block without a library declares.
    /// It comes before the symbols of the process.
    ///
    /// # Safety
    /// What lies at the address is what programs declare under this name, for as long as they run.
    pub unsafe fn register(&mut self, symbol: &str, address: *const ()) {
        self.host_symbols.insert(symbol.to_owned(), address as usize);
    }

    /// The program that was loaded.
    #[cfg_attr(not(feature = "jit"), allow(dead_code, reason = "only callbacks ask"))]
    pub(crate) fn module(&self) -> Option<&VerifiedModule> {
        self.module.as_deref()
    }

    /// Sends what the program writes elsewhere than to the streams of the process.
    pub fn set_output(&mut self, out: Box<dyn Write + Send>, err: Box<dyn Write + Send>) {
        self.host.services.output = Output::new(out, err);
    }

    /// Lets the program read from elsewhere than the standard input of the process.
    pub fn set_input(&mut self, source: Box<dyn Read + Send>) {
        self.host.services.input = Input::new(source);
    }

    /// What was allocated and collected so far; allocations are counted where [`Config::gc_stats`] is on.
    pub fn heap_stats(&self) -> &Stats {
        self.host.heap.stats()
    }

    /// A handle to interrupt the program with.
    ///
    /// Compiled code looks at it only where this is called before the program runs.
    pub fn interrupt_handle(&mut self) -> InterruptHandle {
        #[cfg(feature = "jit")]
        if let Some(jit) = &mut self.jit {
            jit.poll();
        }
        InterruptHandle(self.interrupted.clone())
    }

    /// Calls the entry function and runs until the program is over.
    fn enter(&mut self, module: &VerifiedModule, arguments: &[String]) -> u32 {
        let slot = self.tables.functions[module.entry.0 as usize];
        self.returns_status = !module.functions[module.entry.0 as usize].results.is_empty();
        let base = self.stack.start().wrapping_add(LINK_SLOTS);
        let exit = (&raw const self.exit_code[2]).cast::<Op>();
        if base.wrapping_byte_add(slot.frame as usize) > self.stack_limit {
            self.trap.raise(TrapKind::StackOverflow, exit, base);
            return interpreter::TRAPPED;
        }
        let vm: *mut Vm = self;
        // SAFETY: the stack has room for the entry's frame; the code is what decoding makes of a verified module; the collector
        // is told about this VM's roots for as long as it runs.
        unsafe {
            base.sub(1).write(exit as u64);
            base.sub(LINK_SLOTS).write(0);
            (*vm)
                .host
                .heap
                .set_roots(Some(RootSource { data: vm.cast_const().cast(), trace: frames::trace }));
            (*vm).top = (exit, base);
            (*vm).foreign.begin_run(vm);
            let outcome = match (*vm).make_arguments(module, arguments, base) {
                // No fuel in the register: the first back-edge or call asks for it.
                #[cfg(feature = "jit")]
                true if (*vm).jit.is_some() => crate::jit::entry::run(vm, slot.code, base),
                true => ((*slot.code).run)(slot.code, base, vm, 0, 0.0, 1),
                false => interpreter::TRAPPED,
            };
            (*vm).host.heap.set_roots(None);
            (*vm).foreign.end_run();
            outcome
        }
    }

    /// Leaves the program's arguments in the entry's parameter, where it has one; false where there is no memory for them.
    ///
    /// # Safety
    /// `base` is the entry's frame.
    unsafe fn make_arguments(
        &mut self,
        module: &VerifiedModule,
        arguments: &[String],
        base: *mut u64,
    ) -> bool {
        let entry = &module.functions[module.entry.0 as usize];
        let Some(RegType::Ref(id)) = entry.registers[..entry.params as usize].first() else {
            return true;
        };
        let mut scope = Scope::new(&mut self.host.heap);
        let made = scope.new_strings(*id, arguments.len()).and_then(|array| {
            arguments.iter().try_for_each(|argument| scope.push_new_string(array, argument))?;
            Ok(array.address())
        });
        match made {
            Ok(array) => {
                // SAFETY: the entry's frame lies on the stack.
                unsafe { base.write(array) };
                true
            }
            Err(OutOfMemory) => {
                self.trap.raise(TrapKind::OutOfMemory, (&raw const self.exit_code[2]).cast(), base);
                false
            }
        }
    }

    /// Decodes a function, if it is not yet.
    pub(crate) fn enter_first(&mut self, function: u32) -> FunctionSlot {
        match self.module.clone() {
            Some(module) => self.tables.enter_first(&module, &mut self.host.heap, function),
            None => self.tables.functions[function as usize],
        }
    }

    /// What was compiled so far; none without a JIT.
    pub fn jit_stats(&self) -> Option<JitStats> {
        #[cfg(feature = "jit")]
        return self.jit.as_ref().map(|jit| jit.stats());
        #[cfg(not(feature = "jit"))]
        None
    }

    /// Before a process ends: dropping the machine then does not wait for the function that is being compiled.
    pub fn abandon_compiling(&mut self) {
        #[cfg(feature = "jit")]
        self.jit.iter_mut().for_each(|jit| jit.detach());
    }

    /// What is compiled of a function: Cranelift's form and the instructions, as text; none where there is no such function, no JIT, or
    /// the function is never compiled.
    pub fn compiled_text(&mut self, function: &str) -> Option<(String, String)> {
        let functions = &self.module.as_ref()?.functions;
        let found = functions.iter().position(|code| code.name == function)?;
        self.jit_text(found as u32)
    }

    #[cfg(not(feature = "jit"))]
    fn jit_text(&mut self, _: u32) -> Option<(String, String)> {
        None
    }

    /// What functions return to that compiled code called.
    #[cfg(feature = "jit")]
    pub(crate) fn return_to_compiled(&self) -> *const Op {
        (&raw const self.return_code[2]).cast()
    }

    /// How many words a function's results take.
    #[cfg(feature = "jit")]
    pub(crate) fn results_of(&self, function: u32) -> usize {
        self.module.as_ref().map_or(0, |module| module.functions[function as usize].results.len())
    }

    /// More fuel for the register, less the one that is charged now; or why the program must stop.
    #[cold]
    pub(crate) fn refuel(&mut self) -> Result<i64, TrapKind> {
        #[cfg(feature = "jit")]
        if let Some(jit) = &self.jit {
            self.slice = jit.turns();
        }
        if self.interrupted.swap(false, Ordering::Relaxed) {
            return Err(TrapKind::Interrupted);
        }
        let Some(left) = &mut self.fuel else { return Ok(self.slice as i64) };
        if *left == 0 {
            return Err(TrapKind::OutOfFuel);
        }
        let slice = (*left).min(self.slice);
        *left -= slice;
        Ok(slice as i64)
    }
}

//! The thread that compiles: takes requests, and gives back code that the machine's thread installs.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use cranelift_codegen::CodegenResult;
use cranelift_codegen::control::ControlPlane;
use cranelift_codegen::ir;
use cranelift_codegen::isa::{OwnedTargetIsa, TargetIsa};

use super::code::{Details, Of};
use super::ir::Type;
use super::passes::Stats;
use super::program::Program;
use super::stubs::{self, Stub};
use super::translate::{Request, translate};
use crate::machine;

/// Compiling recurses, within bounds.
const STACK: usize = 16 << 20;

/// Code, not yet in its place.
#[derive(Debug)]
pub(super) struct Blob {
    pub(super) bytes: Vec<u8>,
    pub(super) align: usize,
    pub(super) details: Details,
    /// The code as text, where it was asked for.
    pub(super) native: Option<String>,
}

/// What is to be done.
#[derive(Clone, Copy, Debug)]
pub(super) struct Job {
    pub(super) request: Request,
    /// Whether the code is wanted as text too.
    pub(super) text: bool,
}

/// What was done.
#[derive(Debug)]
pub(super) struct Done {
    pub(super) request: Request,
    /// Stubs that were not there yet.
    pub(super) stubs: Vec<(Stub, Blob)>,
    /// With the first answer: the stub that stands for each function.
    pub(super) exits: Vec<Stub>,
    /// The stub that enters the code.
    pub(super) entry: Stub,
    /// The function's code; none where it stays interpreted.
    pub(super) code: Option<Blob>,
    /// For a loop, the words that it is left to.
    pub(super) left_to: Vec<u32>,
    pub(super) stats: Stats,
    pub(super) time: Duration,
    /// What Cranelift was given, as text, where it was asked for.
    pub(super) clif: Option<String>,
}

/// The machine's end of the compiling thread.
#[derive(Debug)]
pub(super) struct Compiler {
    /// Something until the thread is to end.
    jobs: Option<Sender<Job>>,
    done: Receiver<Done>,
    stopped: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

/// Waits for the end of what is compiled at the moment, which is not taken, so that the thread outlives nothing that it works with.
impl Drop for Compiler {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Relaxed);
        self.jobs = None;
        // A thread that panicked has said so, and has ended as well.
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

impl Compiler {
    /// Starts the thread.
    pub(super) fn start(program: Program) -> std::io::Result<Compiler> {
        let (jobs, requests) = channel();
        let (results, done) = channel();
        let stopped = Arc::new(AtomicBool::new(false));
        let ends = stopped.clone();
        let run = move || {
            if let Ok(isa) = machine::isa() {
                let mut worker = Worker {
                    program,
                    isa,
                    known: HashSet::new(),
                    scratch: cranelift_codegen::Context::new(),
                };
                for job in requests {
                    if ends.load(Ordering::Relaxed) {
                        break;
                    }
                    if results.send(worker.compile(job)).is_err() {
                        break;
                    }
                }
            }
        };
        let thread = std::thread::Builder::new().name("compiler".into()).stack_size(STACK).spawn(run)?;
        Ok(Compiler { jobs: Some(jobs), done, stopped, thread: Some(thread) })
    }

    /// Lets the thread end by itself: dropping this does not wait.
    pub(super) fn detach(&mut self) {
        self.thread = None;
    }

    /// Asks for something; false where nothing is compiled any more.
    pub(super) fn ask(&self, job: Job) -> bool {
        self.jobs.as_ref().is_some_and(|jobs| jobs.send(job).is_ok())
    }

    /// What is ready.
    pub(super) fn ready(&self) -> Option<Done> {
        self.done.try_recv().ok()
    }

    /// Waits for what was asked for.
    pub(super) fn wait(&self) -> Option<Done> {
        self.done.recv().ok()
    }
}

/// The thread's state.
struct Worker {
    program: Program,
    isa: OwnedTargetIsa,
    /// The stubs that were made.
    known: HashSet<Stub>,
    scratch: cranelift_codegen::Context,
}

impl Worker {
    fn compile(&mut self, job: Job) -> Done {
        let start = cpu_time();
        let entry = Stub::entry(&self.program, &job.request);
        let count = if self.known.is_empty() { self.program.module.functions.len() as u32 } else { 0 };
        let exits: Vec<Stub> = (0..count).map(|function| Stub::exit(&self.program, function)).collect();
        let stubs = self.stubs(&exits, &entry);
        let translated = translate(&self.program, &job.request, &*self.isa);
        let mut done = Done {
            request: job.request,
            stubs,
            exits,
            entry,
            code: None,
            left_to: Vec::new(),
            stats: Stats::default(),
            time: Duration::ZERO,
            clif: None,
        };
        if let Some(translated) = translated {
            done.stats = translated.stats;
            done.left_to = translated.exits;
            done.clif = job.text.then(|| translated.clif.to_string());
            done.code = self.machine_code(translated.clif, job.text);
            if let Some(blob) = &mut done.code {
                blob.details.of = Of::Function(job.request.function);
                blob.details.sites = translated.sites;
            }
        }
        done.time = cpu_time().saturating_sub(start);
        done
    }

    /// The stubs that are needed and not made yet.
    fn stubs(&mut self, exits: &[Stub], entry: &Stub) -> Vec<(Stub, Blob)> {
        let mut made = Vec::new();
        for stub in exits.iter().chain([entry]) {
            if self.known.insert(stub.clone())
                && let Some(mut blob) = self.machine_code(stubs::build(stub, &*self.isa), false)
            {
                blob.details.of = stub.of();
                made.push((stub.clone(), blob));
            }
        }
        made
    }

    /// Makes machine code; none where Cranelift cannot.
    fn machine_code(&mut self, clif: ir::Function, text: bool) -> Option<Blob> {
        let context = &mut self.scratch;
        context.clear();
        context.func = clif;
        context.want_disasm = text;
        optimise(context, &*self.isa).ok()?;
        let code = context.compile(&*self.isa, &mut ControlPlane::default()).ok()?;
        if !code.buffer.relocs().is_empty() {
            return None;
        }
        let mut details = Details::default();
        for place in code.buffer.get_srclocs_sorted() {
            if let Some(site) = place.loc.bits().checked_sub(1).filter(|site| *site < u32::MAX - 1) {
                details.places.push((place.start, place.end, site));
            }
        }
        details.traps =
            code.buffer.traps().iter().map(|trap| (trap.offset, trap.code.as_raw().get())).collect();
        for (at, size, map) in code.buffer.user_stack_maps() {
            let start = details.slots.len() as u32;
            details.slots.extend(map.entries().map(|(_, offset)| offset));
            details.maps.push((*at, *size, start..details.slots.len() as u32));
        }
        Some(Blob {
            bytes: code.buffer.data().to_vec(),
            align: (code.buffer.alignment as usize).max(64),
            details,
            native: code.vcode.clone(),
        })
    }
}

/// Runs Cranelift's optimiser as its own driver does, but that block parameters with one value stay until it is through: some keep a
/// computation in its loop.
fn optimise(context: &mut cranelift_codegen::Context, isa: &dyn TargetIsa) -> CodegenResult<()> {
    context.flowgraph();
    context.eliminate_unreachable_code(isa)?;
    context.func.dfg.resolve_all_aliases();
    context.egraph_pass(isa, &mut ControlPlane::default())
}

/// The processor time that this thread took.
fn cpu_time() -> Duration {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the system writes a time to a place that holds one.
    unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &raw mut time) };
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

/// The kinds of a function's parameters and results.
pub(super) fn shape(program: &Program, function: u32) -> (Vec<Type>, Vec<Type>) {
    let code = &program.module.functions[function as usize];
    let params = code.registers[..code.params as usize].iter().map(|ty| Type::of(*ty)).collect();
    (params, code.results.iter().map(|ty| Type::of(*ty)).collect())
}

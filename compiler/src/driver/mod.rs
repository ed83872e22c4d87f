//! Runs the phases: parse → check → lower → optimize → emit.
//!
//! The driver stops behind the first phase that reports errors, so that no phase sees a wrong
//! program; only the checker also looks at what the parser made of a broken one. The driver reads files through a [`FileSystem`] only, and renders nothing.

mod after_syntax;
mod clock;
mod machine;
mod phases;

pub use clock::Timing;

use lang_bytecode::Module;

use crate::diagnostics::{Diagnostic, codes};
use crate::source::{FileSystem, SourceMap, Span};

/// The stack that the phases run on. Their recursion is bounded by the parser's limit of nesting.
const STACK: usize = 256 << 20;

/// How to compile.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// What is wanted.
    pub emit: Emit,
    /// Leaves the sources' texts out of the module; errors at run time show places without excerpts.
    pub strip: bool,
    /// Makes every warning an error.
    pub deny_warnings: bool,
    /// Inlines nothing, so that who watches the program run sees every call.
    pub keep_calls: bool,
    /// The process ends soon: do not take the trees apart again.
    pub leak: bool,
    /// Folders with libraries, in the order in which they are searched.
    pub libraries: Vec<String>,
    /// For [`Emit::Increment`]: what ran before.
    pub session: Past,
}

/// What was entered in a session before the entry file.
#[derive(Clone, Debug, Default)]
pub struct Past {
    /// The paths, in order; each sees what those before it declare.
    pub entries: Vec<String>,
    /// The names of the other modules whose globals were initialised.
    pub modules: Vec<String>,
}

/// How far to compile, and what to give.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Emit {
    /// Nothing but diagnostics.
    Check,
    /// The syntax tree of the entry file, as text.
    Ast,
    /// The typed tree, as text.
    Hir,
    /// The optimised intermediate code, as text.
    Ir,
    /// The module.
    #[default]
    Module,
    /// A module for each `test` block of the entry file.
    Tests,
    /// What a session of a machine that ran [`Options::session`] has to run next.
    Increment,
}

/// What came of it.
#[derive(Debug)]
pub enum Output {
    /// The program is right; nothing else was asked.
    Checked,
    /// A text form.
    Text(String),
    /// The program.
    Module(Box<Module>),
    /// The tests, in the order of the file.
    Tests(Vec<Test>),
    /// The next part of a session.
    Increment(Box<Increment>),
}

/// The next part of a session: a program that runs the entry file's statements, and uses what was made before.
#[derive(Debug)]
pub struct Increment {
    /// The program.
    pub module: Module,
    /// By what its types and globals are the same as those before.
    pub keys: lang_bytecode::Keys,
    /// The type of the value that it shows, if it shows one.
    pub shows: Option<String>,
    /// The names of the modules that are initialised when it has run.
    pub modules: Vec<String>,
}

/// A `test` block as a program of its own: it initialises the globals and runs the block.
#[derive(Debug)]
pub struct Test {
    /// Its name.
    pub name: String,
    /// The line that it begins on, from 1.
    pub line: u32,
    /// The program.
    pub module: Box<Module>,
}

/// A finished compilation.
#[derive(Debug)]
pub struct Compilation {
    /// The files, which the diagnostics' places are in.
    pub map: SourceMap,
    /// Errors and warnings, sorted by place.
    pub diagnostics: Vec<Diagnostic>,
    /// What was asked for; nothing if there are errors.
    pub output: Option<Output>,
    /// How long each phase that ran took.
    pub timings: Vec<Timing>,
}

impl Compilation {
    /// Whether there are errors.
    pub fn failed(&self) -> bool {
        self.output.is_none()
    }
}

/// Compiles the program that begins with the file `entry`. Where that is bytecode, or its text form by its name (`.lasm`), it is
/// read or assembled instead.
pub fn compile(files: &dyn FileSystem, entry: &str, options: &Options) -> Compilation {
    if !entry.ends_with(".lang")
        && let Ok(bytes) = files.read(entry)
    {
        if lang_bytecode::is_bytecode(&bytes) {
            return machine::read(entry, &bytes, options);
        }
        if machine::is_assembly(entry) {
            return machine::assemble(entry, bytes, options);
        }
    }
    let run = || phases::run(files, entry, options);
    let finished = std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().name("compiler".to_string()).stack_size(STACK);
        thread.spawn_scoped(scope, run).map(std::thread::ScopedJoinHandle::join)
    });
    match finished {
        Ok(Ok(compilation)) => compilation,
        Ok(Err(_)) => failure("the compiler found itself in a state that should not be"),
        Err(error) => failure(&format!("cannot start a thread to compile on: {error}")),
    }
}

fn failure(message: &str) -> Compilation {
    let diagnostic = Diagnostic::new(codes::INTERNAL, Span::default(), message);
    Compilation { map: SourceMap::new(), diagnostics: vec![diagnostic], output: None, timings: Vec::new() }
}

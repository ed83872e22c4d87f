//! From the file on the command line to a verified program; its content decides what it is.

use std::io::Read as _;
use std::process::ExitCode;

use lang_bytecode::{Module, VerifiedModule, is_bytecode};
use lang_compiler::driver::{self, Compilation, Options, Output};
use lang_compiler::source::{Disk, Memory};

use crate::{REFUSED, report};

/// The name of standard input in errors.
const STDIN: &str = "<stdin>";

/// Why there is nothing to run.
pub(crate) enum Refusal {
    /// The source is wrong.
    Source(Box<Compilation>),
    /// The bytecode cannot be used, or nothing could be read.
    Bytecode(String),
}

impl Refusal {
    /// Says why, and gives the exit status.
    pub(crate) fn report(&self) -> ExitCode {
        match self {
            Refusal::Source(compilation) => report::compilation(compilation),
            Refusal::Bytecode(message) => report::fail(message, REFUSED),
        }
    }
}

/// Reads a program, compiles it where it is source, and verifies it. Modules are looked for in `libraries`, then in those of the
/// environment. With `keep_calls`, nothing of source is inlined.
pub(crate) fn load(file: &str, libraries: &[String], keep_calls: bool) -> Result<VerifiedModule, Refusal> {
    let module = match file {
        "-" => {
            let mut bytes = Vec::new();
            match std::io::stdin().lock().read_to_end(&mut bytes) {
                Ok(_) if is_bytecode(&bytes) => read(&bytes, STDIN)?,
                Ok(_) => compile(libraries, keep_calls, |options| {
                    driver::compile(&Memory::over(&Disk).with(STDIN, bytes), STDIN, options)
                })?,
                Err(error) => return Err(Refusal::Bytecode(format!("cannot read standard input: {error}"))),
            }
        }
        path => match std::fs::read(path) {
            Ok(bytes) if is_bytecode(&bytes) => read(&bytes, path)?,
            // The compiler says what is wrong with a file that cannot be read.
            _ => compile(libraries, keep_calls, |options| driver::compile(&Disk, path, options))?,
        },
    };
    lang_bytecode::verify(module).map_err(|error| Refusal::Bytecode(format!("`{file}` is refused: {error}")))
}

fn read(bytes: &[u8], name: &str) -> Result<Module, Refusal> {
    lang_bytecode::read(bytes).map_err(|error| Refusal::Bytecode(format!("cannot use `{name}`: {error}")))
}

/// These folders with libraries, and those of the environment.
pub(crate) fn all_libraries(libraries: &[String]) -> Vec<String> {
    let path = std::env::var_os("LANG_PATH").unwrap_or_default();
    let more = std::env::split_paths(&path).map(|folder| folder.to_string_lossy().into_owned());
    libraries.iter().cloned().chain(more.filter(|folder| !folder.is_empty())).collect()
}

#[cold]
fn compile(
    libraries: &[String],
    keep_calls: bool,
    run: impl FnOnce(&Options) -> Compilation,
) -> Result<Module, Refusal> {
    // Looked at here only, because bytecode needs no libraries.
    let libraries = all_libraries(libraries);
    let mut compilation = run(&Options { leak: true, keep_calls, libraries, ..Options::default() });
    match compilation.output.take() {
        Some(Output::Module(module)) => {
            // The trees and tables go with the process.
            std::mem::forget(compilation);
            Ok(*module)
        }
        _ => Err(Refusal::Source(Box::new(compilation))),
    }
}

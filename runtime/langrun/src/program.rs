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

/// Reads a program, compiles it where it is source, and verifies it.
pub(crate) fn load(file: &str) -> Result<VerifiedModule, Refusal> {
    let module = match file {
        "-" => {
            let mut bytes = Vec::new();
            match std::io::stdin().lock().read_to_end(&mut bytes) {
                Ok(_) if is_bytecode(&bytes) => read(&bytes, STDIN)?,
                Ok(_) => compile(|options| {
                    driver::compile(&Memory::over(&Disk).with(STDIN, bytes), STDIN, options)
                })?,
                Err(error) => return Err(Refusal::Bytecode(format!("cannot read standard input: {error}"))),
            }
        }
        path => match std::fs::read(path) {
            Ok(bytes) if is_bytecode(&bytes) => read(&bytes, path)?,
            // The compiler says what is wrong with a file that cannot be read.
            _ => compile(|options| driver::compile(&Disk, path, options))?,
        },
    };
    lang_bytecode::verify(module).map_err(|error| Refusal::Bytecode(format!("`{file}` is refused: {error}")))
}

fn read(bytes: &[u8], name: &str) -> Result<Module, Refusal> {
    lang_bytecode::read(bytes).map_err(|error| Refusal::Bytecode(format!("cannot use `{name}`: {error}")))
}

#[cold]
fn compile(run: impl FnOnce(&Options) -> Compilation) -> Result<Module, Refusal> {
    let mut compilation = run(&Options { leak: true, ..Options::default() });
    match compilation.output.take() {
        Some(Output::Module(module)) => {
            // The trees and tables go with the process.
            std::mem::forget(compilation);
            Ok(*module)
        }
        _ => Err(Refusal::Source(Box::new(compilation))),
    }
}

//! Compiles a file and writes what was asked for.

use std::io::{self, Read as _};
use std::process::ExitCode;
use std::time::Instant;

use lang_compiler::driver::{self, Compilation, Options, Output};
use lang_compiler::source::{Disk, Memory};

use crate::arguments::{Compile, Emit};
use crate::output::{self, Target};
use crate::report::{self, Reporter};

/// The name of standard input in errors.
const STDIN: &str = "<stdin>";

/// Does what the command line says.
pub(crate) fn run(arguments: &Compile) -> ExitCode {
    let reporter = Reporter::new(arguments.error_format, arguments.color, arguments.max_errors);
    // The command line cannot be without a file here.
    let file = arguments.file.as_deref().unwrap_or("-");
    let compilation = match compile(file, arguments) {
        Ok(compilation) => compilation,
        Err(error) => return reporter.fail(&format!("cannot read standard input: {error}")),
    };
    reporter.print(&compilation);
    let started = Instant::now();
    let written = match &compilation.output {
        None => return ExitCode::FAILURE,
        Some(output) => write(output, file, arguments),
    };
    if arguments.timings {
        report::print_timings(&compilation.timings, started.elapsed());
    }
    // The trees and tables go with the process.
    std::mem::forget(compilation);
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => reporter.fail(&message),
    }
}

fn compile(file: &str, arguments: &Compile) -> io::Result<Compilation> {
    let emit = match arguments.emit {
        _ if arguments.check => driver::Emit::Check,
        Emit::Ast => driver::Emit::Ast,
        Emit::Hir => driver::Emit::Hir,
        Emit::Ir => driver::Emit::Ir,
        Emit::Asm | Emit::Bc => driver::Emit::Module,
    };
    let Compile { strip, deny_warnings, .. } = *arguments;
    let libraries = arguments.search.libraries();
    let options = Options { emit, strip, deny_warnings, leak: true, libraries, ..Options::default() };
    if file != "-" {
        return Ok(driver::compile(&Disk, file, &options));
    }
    let mut text = Vec::new();
    io::stdin().lock().read_to_end(&mut text)?;
    Ok(driver::compile(&Memory::over(&Disk).with(STDIN, text), STDIN, &options))
}

/// Writes the output to where the command line says; gives what went wrong.
fn write(output: &Output, file: &str, arguments: &Compile) -> Result<(), String> {
    let (bytes, is_text) = match output {
        Output::Checked | Output::Tests(_) | Output::Increment(_) => return Ok(()),
        Output::Text(text) => (text.clone().into_bytes(), true),
        Output::Module(module) if arguments.emit == Emit::Asm => {
            (lang_bytecode::disassemble(module).into_bytes(), true)
        }
        Output::Module(module) => (lang_bytecode::write(module), false),
    };
    let target = match arguments.output.as_deref() {
        Some("-") => Target::Stdout,
        Some(path) => Target::File(path.to_string()),
        None if is_text => Target::Stdout,
        None => Target::File(default_name(file)),
    };
    output::write(&target, &bytes, file)
}

/// `NAME.bc` in the current folder.
fn default_name(file: &str) -> String {
    let name = match file {
        "-" => "stdin",
        path => path.rsplit(['/', std::path::MAIN_SEPARATOR]).next().unwrap_or(path),
    };
    let stem = name.strip_suffix(".lang").or_else(|| name.strip_suffix(".lasm")).unwrap_or(name);
    format!("{}.bc", stem.strip_suffix(".bc").unwrap_or(stem))
}

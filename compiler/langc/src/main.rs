//! `langc`: the command line of the compiler.
//!
//! Data goes to standard output, diagnostics to standard error. Exit status 0; 1 for errors in the
//! program or files that cannot be read or written; 2 for a wrong command line.

mod arguments;
mod compile;
mod dump;
mod explain;
mod fix;
mod output;
mod report;
mod test;

use std::process::ExitCode;

use clap::Parser as _;

use arguments::{Arguments, Command};

/// The compiler makes many small objects: the system's allocator would be a tenth of its time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match &arguments.command {
        Some(Command::Explain { code }) => explain::run(code.as_deref()),
        Some(Command::Fix(arguments)) => fix::run(arguments),
        Some(Command::Dump(arguments)) => dump::run(arguments),
        Some(Command::Test(arguments)) => test::run(arguments),
        None => compile::run(&arguments.compile),
    }
}

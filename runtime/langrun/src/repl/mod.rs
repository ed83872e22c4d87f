//! The prompt: what is typed is compiled, run, and shown with its type.

mod commands;
mod editor;
mod session;

use std::process::ExitCode;

use crate::arguments::Arguments;
use crate::{REFUSED, interrupt, machine, report};
use commands::Command;
use editor::{Input, Line};
use session::{Ended, Session};

/// Reads and runs what is typed until there is no more.
pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    let mut vm = match machine(arguments) {
        Ok(vm) => vm,
        Err(error) => return report::fail(&format!("cannot make room for programs: {error}"), REFUSED),
    };
    interrupt::catch(vm.interrupt_handle());
    let mut session = Session::new(vm, &arguments.libraries, arguments.trace.is_some());
    let mut input = Input::new();
    input.greet();
    loop {
        let text = match input.read(&session) {
            Line::Text(text) => text,
            Line::Again => continue,
            Line::End => break,
        };
        let ended = match Command::of(&text) {
            Some(command) => command.run(&mut session),
            None => session.enter(&text),
        };
        interrupt::forget();
        if let Ended::Quit(status) = ended {
            return ExitCode::from(status);
        }
    }
    ExitCode::SUCCESS
}

//! What goes wrong, for people, on standard error.

use std::io::{self, IsTerminal as _, Write as _};
use std::process::ExitCode;

use lang_compiler::diagnostics::{Style, human};
use lang_compiler::driver::Compilation;
use lang_runtime::{ForeignError, RuntimeError};

/// Compile errors shown at most.
const MAX_ERRORS: usize = 20;

/// Prints the errors of a compilation and gives its exit status. Warnings are for `langc` to tell.
#[cold]
pub(crate) fn compilation(compilation: &Compilation) -> ExitCode {
    let errors = compilation.diagnostics.iter().filter(|diagnostic| diagnostic.is_error());
    let style = style();
    let rendered: Vec<String> =
        errors.take(MAX_ERRORS).map(|error| human::render(error, &compilation.map, style)).collect();
    print(&rendered.join("\n"));
    ExitCode::FAILURE
}

/// Prints an error that is about no place in a program, and gives the exit status.
#[cold]
pub(crate) fn fail(message: &str, status: u8) -> ExitCode {
    print(&human::render_message(message, style()));
    ExitCode::from(status)
}

/// Prints a runtime error with the place and the calls that led there.
#[cold]
pub(crate) fn runtime_error(error: &RuntimeError) {
    print(&langrun::render(error, style()));
}

/// Prints what a program needs of C and does not get, with where it is declared.
#[cold]
pub(crate) fn foreign_error(error: &ForeignError) {
    print(&langrun::render_foreign(error, style()));
}

/// Prints errors and warnings of what was typed.
pub(crate) fn diagnostics(compilation: &Compilation) {
    let style = style();
    let shown = compilation.diagnostics.iter().take(MAX_ERRORS);
    let rendered: Vec<String> =
        shown.map(|diagnostic| human::render(diagnostic, &compilation.map, style)).collect();
    print(&rendered.join("\n"));
}

/// Prints an error of what was typed that is about no place.
pub(crate) fn message(text: &str) {
    print(&human::render_message(text, style()));
}

fn print(text: &str) {
    // Nobody is there to hear that nobody listens.
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// The style that suits standard error.
fn style() -> Style {
    let terminal = io::stderr().is_terminal();
    let unwanted = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let color = terminal && !unwanted && std::env::var_os("TERM").is_none_or(|term| term != "dumb");
    Style { color, unicode: terminal || color }
}

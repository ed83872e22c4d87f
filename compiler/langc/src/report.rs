//! Prints errors and warnings to standard error.

use std::io::{self, Write as _};
use std::process::ExitCode;
use std::time::Duration;

use lang_compiler::diagnostics::{Style, human, json};
use lang_compiler::driver::{Compilation, Timing};

use crate::arguments::{Color, ErrorFormat};

/// How errors and warnings are printed.
pub(crate) struct Reporter {
    format: ErrorFormat,
    style: Style,
    max: usize,
}

impl Reporter {
    /// As the command line and the terminal say.
    pub(crate) fn new(format: ErrorFormat, color: Color, max_errors: usize) -> Reporter {
        let max = if max_errors == 0 { usize::MAX } else { max_errors };
        Reporter { format, style: style(color, &io::stderr()), max }
    }

    /// Prints all diagnostics of a compilation, up to the limit.
    pub(crate) fn print(&self, compilation: &Compilation) {
        let Compilation { map, diagnostics, .. } = compilation;
        let mut out = String::new();
        for diagnostic in diagnostics.iter().take(self.max) {
            out += &match self.format {
                ErrorFormat::Human => human::render(diagnostic, map, self.style) + "\n",
                ErrorFormat::Json => json::render(diagnostic, map),
            };
        }
        if self.format == ErrorFormat::Human && diagnostics.len() > 1 {
            let errors = diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).count();
            out += &summary(errors, diagnostics.len() - errors, diagnostics.len().saturating_sub(self.max));
        }
        // Nobody is there to hear that nobody listens.
        let _ = io::stderr().lock().write_all(out.as_bytes());
    }

    /// Prints an error that is about no program.
    pub(crate) fn fail(&self, message: &str) -> ExitCode {
        let line = match self.format {
            ErrorFormat::Human => human::render_message(message, self.style),
            ErrorFormat::Json => json::render_message(message),
        };
        let _ = io::stderr().lock().write_all(line.as_bytes());
        ExitCode::FAILURE
    }
}

/// How long the phases took, and writing what they made.
pub(crate) fn print_timings(phases: &[Timing], writing: Duration) {
    let mut out = String::new();
    for (phase, time) in phases.iter().chain([&("write", writing)]) {
        out += &format!("{phase:<10}{:9.3} ms\n", time.as_secs_f64() * 1e3);
    }
    let _ = io::stderr().lock().write_all(out.as_bytes());
}

/// The style that suits a stream.
pub(crate) fn style(color: Color, stream: &impl io::IsTerminal) -> Style {
    let terminal = stream.is_terminal();
    let color = match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => {
            let unwanted = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
            terminal && !unwanted && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
        }
    };
    Style { color, unicode: terminal || color }
}

/// `2 errors, 1 warning`
fn summary(errors: usize, warnings: usize, hidden: usize) -> String {
    let count = |count: usize, word: &str| match count {
        0 => None,
        1 => Some(format!("1 {word}")),
        _ => Some(format!("{count} {word}s")),
    };
    let counts: Vec<String> =
        [count(errors, "error"), count(warnings, "warning")].into_iter().flatten().collect();
    match hidden {
        0 => format!("{}\n", counts.join(", ")),
        _ => format!("{}; {hidden} of them not shown (--max-errors)\n", counts.join(", ")),
    }
}

//! `langc explain CODE`.

use std::fmt::Write as _;
use std::process::ExitCode;

use lang_compiler::diagnostics::Code;

use crate::output;

/// Explains a code, or lists all of them.
pub(crate) fn run(number: Option<&str>) -> ExitCode {
    let text = match number {
        None => Code::all().map(|code| format!("{code}  {}\n", code.info().title)).collect(),
        Some(number) => match Code::find(number) {
            Some(code) => explain(code),
            None => {
                eprintln!("error: there is no code `{number}`; `langc explain` lists all");
                return ExitCode::from(2);
            }
        },
    };
    match output::print(text.as_bytes()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: cannot write to standard output: {error}");
            ExitCode::FAILURE
        }
    }
}

fn explain(code: Code) -> String {
    let info = code.info();
    let mut text = format!("{code}: {}\n\n{}\n", info.title, wrapped(info.explanation, 90));
    for (title, example) in [("Wrong:", info.wrong), ("Right:", info.right)] {
        if !example.is_empty() {
            let _ = write!(text, "\n{title}\n\n");
            for line in example.lines() {
                text.push_str(format!("    {line}").trim_end());
                text.push('\n');
            }
        }
    }
    text
}

/// The text in lines of at most `width` characters.
fn wrapped(text: &str, width: usize) -> String {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let last = lines.len() - 1;
        let line = &mut lines[last];
        if line.is_empty() {
            line.push_str(word);
        } else if line.chars().count() + 1 + word.chars().count() <= width {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.to_string());
        }
    }
    lines.join("\n")
}

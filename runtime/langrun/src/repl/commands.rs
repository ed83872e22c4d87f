//! Commands of the prompt: lines that begin with a colon.

use super::session::{Ended, Session};
use crate::report;

const HELP: &str = "\
What you type is run, and an expression at its end is shown with its type. Definitions stay, and
may be given again: what is entered later sees the new ones. A line that is not finished goes on.

  :type EXPRESSION   the type of an expression, which is not run
  :asm CODE          the bytecode of what you give, which is not run
  :load FILE         run a file as if it was typed
  :help              this
  :quit              leave, as Ctrl-D does

Ctrl-C stops what runs and keeps what you have.
";

/// A command.
pub(super) enum Command<'t> {
    Type(&'t str),
    Asm(&'t str),
    Load(&'t str),
    Help,
    Quit,
    Unknown(&'t str),
}

/// The commands, for completion.
pub(super) const NAMES: [&str; 5] = [":type", ":asm", ":load", ":help", ":quit"];

impl Command<'_> {
    /// The command that a line is, if it is one.
    pub(super) fn of(line: &str) -> Option<Command<'_>> {
        let line = line.trim();
        let rest = line.strip_prefix(':')?;
        let (name, argument) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        let argument = argument.trim();
        Some(match name {
            "type" | "t" => Command::Type(argument),
            "asm" | "a" => Command::Asm(argument),
            "load" | "l" => Command::Load(argument),
            "help" | "h" | "?" => Command::Help,
            "quit" | "q" | "exit" => Command::Quit,
            _ => Command::Unknown(name),
        })
    }

    /// Does what the command says.
    pub(super) fn run(self, session: &mut Session) -> Ended {
        match self {
            Command::Type("") | Command::Asm("") | Command::Load("") => {
                report::message("this command wants something behind it; `:help` says what");
            }
            Command::Type(text) => {
                if let Some(ty) = session.type_of(text) {
                    println!("{ty}");
                }
            }
            Command::Asm(text) => {
                if let Some(text) = session.assembly(text) {
                    print!("{text}");
                }
            }
            Command::Load(path) => match std::fs::read_to_string(path) {
                Ok(text) => return session.enter_as(path.to_owned(), &text),
                Err(error) => report::message(&format!("cannot read `{path}`: {error}")),
            },
            Command::Help => print!("{HELP}"),
            Command::Quit => return Ended::Quit(0),
            Command::Unknown(name) => {
                report::message(&format!("there is no command `:{name}`; `:help` lists those there are"));
            }
        }
        Ended::Done
    }
}

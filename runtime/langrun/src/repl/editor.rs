//! Where lines come from: a terminal with history and completion, or a pipe.

use std::io::{self, BufRead as _, IsTerminal as _};
use std::path::PathBuf;

use lang_compiler::parser::ends_early;
use rustyline::completion::{Completer, extract_word};
use rustyline::error::ReadlineError;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::history::DefaultHistory;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{Config, Context, Editor, Helper};

use super::commands;
use super::session::{Session, declared};

/// Words that begin what can be typed.
const KEYWORDS: [&str; 30] = [
    "and", "assert", "break", "const", "continue", "defer", "else", "enum", "extern", "false", "fn", "for",
    "if", "impl", "import", "in", "let", "loop", "match", "not", "or", "print", "return", "self", "struct",
    "trait", "true", "type", "var", "while",
];

/// What was read.
pub(super) enum Line {
    /// Something whole.
    Text(String),
    /// Nothing: what was typed was given up.
    Again,
    /// There is no more.
    End,
}

/// Where lines come from.
pub(super) enum Input {
    Terminal(Box<Terminal>),
    Pipe(io::Lines<io::StdinLock<'static>>),
}

/// A terminal.
pub(super) struct Terminal {
    editor: Editor<Typing, DefaultHistory>,
    history: Option<PathBuf>,
}

impl Input {
    /// Standard input, with editing where it is a terminal.
    pub(super) fn new() -> Input {
        let pipe = || Input::Pipe(io::stdin().lock().lines());
        if !io::stdin().is_terminal() {
            return pipe();
        }
        let config = Config::builder().auto_add_history(true).build();
        let Ok(mut editor) = Editor::<Typing, DefaultHistory>::with_config(config) else { return pipe() };
        editor.set_helper(Some(Typing::default()));
        let history = history_file();
        if let Some(path) = &history {
            // The first time there is none.
            let _ = editor.load_history(path);
        }
        Input::Terminal(Box::new(Terminal { editor, history }))
    }

    /// Says where somebody is.
    pub(super) fn greet(&self) {
        if let Input::Terminal(_) = self {
            println!("Lang {}: `:help` says what there is, Ctrl-D leaves", env!("CARGO_PKG_VERSION"));
        }
    }

    /// Reads something whole, of several lines where the first ones stop in the middle.
    pub(super) fn read(&mut self, session: &Session) -> Line {
        match self {
            Input::Terminal(terminal) => terminal.read(session),
            Input::Pipe(lines) => {
                let mut text = String::new();
                loop {
                    match lines.next() {
                        Some(Ok(line)) => text.push_str(&line),
                        Some(Err(_)) | None if text.trim().is_empty() => return Line::End,
                        // What is there is run, and its errors say what is missing.
                        Some(Err(_)) | None => return Line::Text(text),
                    }
                    if is_whole(&text) {
                        return if text.trim().is_empty() { Line::Again } else { Line::Text(text) };
                    }
                    text.push('\n');
                }
            }
        }
    }
}

impl Terminal {
    fn read(&mut self, session: &Session) -> Line {
        if let Some(typing) = self.editor.helper_mut() {
            typing.words = commands::NAMES.iter().chain(&KEYWORDS).map(|word| (*word).to_owned()).collect();
            typing.words.extend(session.names().iter().cloned());
            typing.words.extend(lang_compiler::modules::module_names().map(str::to_owned));
            typing.words.sort_unstable();
            typing.words.dedup();
        }
        match self.editor.readline("> ") {
            Ok(line) if line.trim().is_empty() => Line::Again,
            Ok(line) => {
                self.save();
                Line::Text(line)
            }
            Err(ReadlineError::Interrupted) => Line::Again,
            Err(_) => Line::End,
        }
    }

    fn save(&mut self) {
        let Some(path) = &self.history else { return };
        // Without a history the session is none the worse.
        if let Some(folder) = path.parent() {
            let _ = std::fs::create_dir_all(folder);
        }
        let _ = self.editor.append_history(path);
    }
}

/// Where lines of earlier sessions are kept.
fn history_file() -> Option<PathBuf> {
    let folder = |name: &str| std::env::var_os(name).filter(|path| !path.is_empty()).map(PathBuf::from);
    let state = folder("XDG_STATE_HOME").or_else(|| Some(folder("HOME")?.join(".local/state")))?;
    Some(state.join("lang/history"))
}

fn is_whole(text: &str) -> bool {
    text.trim_start().starts_with(':') || !ends_early(text)
}

/// What helps somebody who types.
#[derive(Default)]
struct Typing {
    /// What can be completed, sorted.
    words: Vec<String>,
}

impl Helper for Typing {}
impl Highlighter for Typing {}

impl Hinter for Typing {
    type Hint = String;
}

impl Validator for Typing {
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        Ok(match is_whole(context.input()) {
            true => ValidationResult::Valid(None),
            false => ValidationResult::Incomplete,
        })
    }
}

impl Completer for Typing {
    type Candidate = String;

    fn complete(&self, line: &str, at: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<String>)> {
        let ends_word = |c: char| !c.is_alphanumeric() && c != '_' && c != ':';
        let (start, word) = extract_word(line, at, None, ends_word);
        let module = line[..start].strip_suffix('.').map(|before| {
            let from = before.rfind(|c: char| !c.is_alphanumeric() && c != '_').map_or(0, |at| at + 1);
            &before[from..]
        });
        let members = module.map(|module| declared(lang_compiler::modules::standard_source(module), true));
        let words = members.as_ref().unwrap_or(&self.words).iter();
        let fits = |known: &&String| (module.is_some() || !word.is_empty()) && known.starts_with(word);
        Ok((start, words.filter(fits).cloned().collect()))
    }
}

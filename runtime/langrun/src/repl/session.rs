//! A session: what was entered so far, and the machine that ran it.
//!
//! Each entry is a file that sees the names of the files before it. It is compiled with them, linked behind what the machine holds, and
//! only its own statements run. An entry that fails leaves nothing behind but what it had done.

use lang_bytecode::{Linker, Module, TrapKind, disassemble};
use lang_compiler::driver::{self, Compilation, Emit, Increment, Options, Output, Past};
use lang_compiler::source::{Disk, Memory};
use lang_runtime::Vm;

use crate::program::all_libraries;
use crate::report;

/// What became of an entry.
pub(super) enum Ended {
    /// It ran.
    Done,
    /// It did not run, or not to its end; that was said.
    Failed,
    /// It ended the session, with this status.
    Quit(u8),
}

/// A session.
pub(super) struct Session {
    vm: Vm,
    linker: Linker,
    libraries: Vec<String>,
    /// Whether nothing is inlined, because a trace is to show every call.
    keep_calls: bool,
    /// The texts of all entries, those that failed too, by which errors show their places.
    texts: Vec<(String, String)>,
    past: Past,
    /// The names that entries declared, for completion.
    names: Vec<String>,
}

impl Session {
    pub(super) fn new(vm: Vm, libraries: &[String], keep_calls: bool) -> Session {
        Session {
            vm,
            linker: Linker::default(),
            libraries: all_libraries(libraries),
            keep_calls,
            texts: Vec::new(),
            past: Past::default(),
            names: Vec::new(),
        }
    }

    /// Compiles and runs an entry.
    pub(super) fn enter(&mut self, text: &str) -> Ended {
        let path = format!("<{}>", self.texts.len() + 1);
        self.enter_as(path, text)
    }

    /// As [`Session::enter`], for a text that has a name.
    pub(super) fn enter_as(&mut self, path: String, text: &str) -> Ended {
        let mut compilation = self.compile(&path, text);
        report::diagnostics(&compilation);
        let Some(Output::Increment(increment)) = compilation.output.take() else { return Ended::Failed };
        self.texts.push((path.clone(), text.to_owned()));
        let modules = increment.modules.clone();
        let ended = self.run(&increment);
        if let Ended::Done = ended {
            self.past.entries.push(path);
            self.past.modules = modules;
            self.names.extend(declared(text, false));
        }
        ended
    }

    /// The type of an expression; none where it has none, which was said.
    pub(super) fn type_of(&self, text: &str) -> Option<String> {
        let increment = self.look(text)?;
        Some(increment.shows.unwrap_or_else(|| "()".to_owned()))
    }

    /// The bytecode of an entry's own functions; none where it is wrong, which was said.
    pub(super) fn assembly(&self, text: &str) -> Option<String> {
        let Increment { module, .. } = self.look(text)?;
        let path = self.next_path();
        let own = |line: &lang_bytecode::Line| {
            module.sources.get(line.place.source as usize).is_some_and(|source| source.path == path)
        };
        let functions = module.functions.iter().enumerate();
        let own: Vec<usize> = functions
            .filter(|(_, function)| function.lines.iter().any(own))
            .map(|(index, _)| index)
            .collect();
        Some(functions_text(&module, &own))
    }

    /// The names that can be completed.
    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    fn next_path(&self) -> String {
        format!("<{}>", self.texts.len() + 1)
    }

    /// Compiles without running.
    fn look(&self, text: &str) -> Option<Increment> {
        let mut compilation = self.compile(&self.next_path(), text);
        report::diagnostics(&compilation);
        match compilation.output.take() {
            Some(Output::Increment(increment)) => Some(*increment),
            _ => None,
        }
    }

    fn compile(&self, path: &str, text: &str) -> Compilation {
        let mut files = Memory::over(&Disk);
        for (path, text) in &self.texts {
            files = files.with(path.as_str(), text.as_bytes());
        }
        let files = files.with(path, text.as_bytes());
        let options = Options {
            emit: Emit::Increment,
            libraries: self.libraries.clone(),
            keep_calls: self.keep_calls,
            session: self.past.clone(),
            ..Options::default()
        };
        driver::compile(&files, path, &options)
    }

    /// Runs a part of the session.
    fn run(&mut self, increment: &Increment) -> Ended {
        let linked = match self.linker.add(&increment.module, &increment.keys) {
            Ok(linked) => linked,
            Err(error) => return failed(&error.to_string()),
        };
        let verified = match lang_bytecode::verify(linked) {
            Ok(verified) => verified,
            Err(error) => return failed(&format!("the session is refused: {error}")),
        };
        match self.vm.extend(verified) {
            Ok(()) => {}
            Err(lang_runtime::LoadError::Foreign(error)) => {
                report::foreign_error(&error);
                return Ended::Failed;
            }
            Err(error) => return failed(&error.to_string()),
        }
        match self.vm.run(&[]) {
            Ok(status) if self.vm.exited() => Ended::Quit(status as u8),
            Ok(_) => Ended::Done,
            Err(error) if error.kind == TrapKind::Interrupted => failed("interrupted"),
            Err(error) => {
                report::runtime_error(&error);
                Ended::Failed
            }
        }
    }
}

fn failed(message: &str) -> Ended {
    report::message(message);
    Ended::Failed
}

/// The text form of some functions of a module.
fn functions_text(module: &Module, functions: &[usize]) -> String {
    let text = disassemble(module);
    let mut shown = String::new();
    for index in functions {
        let head = format!("fn @{index} = ");
        let mut inside = false;
        for line in text.lines() {
            inside |= line.starts_with(&head);
            if inside {
                shown.push_str(line);
                shown.push('\n');
            }
            inside &= line != "end";
        }
    }
    shown
}

/// The names that a text declares at its top level, as far as they can be seen without parsing; the public ones only, or all.
pub(super) fn declared(text: &str, public: bool) -> Vec<String> {
    const WORDS: [&str; 8] = ["let", "var", "fn", "const", "struct", "enum", "trait", "type"];
    let name = |line: &str| {
        let line = match line.strip_prefix("pub ") {
            Some(rest) => rest,
            None if public => return None,
            None => line,
        };
        let mut words =
            line.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty());
        let first = words.next()?;
        WORDS.contains(&first).then(|| words.next().map(str::to_owned)).flatten()
    };
    text.lines().filter_map(name).collect()
}

//! `langc fix FILE…`: applies the suggestions that need no thinking, and says which.
//!
//! A fix may uncover the next error, so the program is compiled again after each round, in memory,
//! until nothing is left to fix. Files are written at the end, each whole.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::process::ExitCode;

use lang_compiler::diagnostics::fix::{self, Change, Fixed};
use lang_compiler::driver::{self, Compilation, Emit, Options};
use lang_compiler::modules::is_standard;
use lang_compiler::source::{Disk, FileSystem as _, Memory};

use crate::arguments::Fix;
use crate::output::{self, Target};

/// After so many rounds of compiling and fixing, what is left stays.
const ROUNDS: usize = 16;

/// Fixes the programs that begin with the files.
pub(crate) fn run(arguments: &Fix) -> ExitCode {
    let mut clean = true;
    for file in &arguments.files {
        match fix_program(file, arguments) {
            Ok(left) => clean &= left == 0,
            Err(message) => {
                eprintln!("error: {message}");
                clean = false;
            }
        }
    }
    if clean { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// What was changed so far: the files' new bytes, and the changes of each round.
#[derive(Default)]
struct Session {
    files: BTreeMap<String, Vec<u8>>,
    changes: BTreeMap<String, Vec<Change>>,
}

impl Session {
    fn compile(&self, file: &str, arguments: &Fix) -> Compilation {
        let mut files = Memory::over(&Disk);
        for (path, bytes) in &self.files {
            files = files.with(path.clone(), bytes.clone());
        }
        let libraries = arguments.search.libraries();
        let options = Options { emit: Emit::Check, libraries, ..Options::default() };
        driver::compile(&files, file, &options)
    }

    fn with(&self, fixed: BTreeMap<String, Fixed>) -> Session {
        let mut next = Session { files: self.files.clone(), changes: self.changes.clone() };
        for (path, Fixed { bytes, changes }) in fixed {
            next.changes.entry(path.clone()).or_default().extend(changes);
            next.files.insert(path, bytes);
        }
        next
    }
}

fn errors(compilation: &Compilation) -> usize {
    compilation.diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).count()
}

/// Fixes one program; gives the number of errors that are left.
fn fix_program(file: &str, arguments: &Fix) -> Result<usize, String> {
    let mut session = Session::default();
    let mut compilation = session.compile(file, arguments);
    let mut left = errors(&compilation);
    for _ in 0..ROUNDS {
        let fixed = fix::fix(&compilation.diagnostics, &compilation.map, |path| !is_standard(path));
        if fixed.is_empty() {
            break;
        }
        session = session.with(fixed);
        compilation = session.compile(file, arguments);
        left = errors(&compilation);
    }
    let mut report = String::new();
    for (path, bytes) in &session.files {
        for change in &session.changes[path] {
            let Change { line, column, message, code } = change;
            let _ = writeln!(report, "{path}:{line}:{column}: {message} [{code}]");
        }
        if arguments.dry_run {
            report += &difference(path, bytes)?;
        } else {
            output::write(&Target::File(path.clone()), bytes, "")?;
        }
    }
    let count: usize = session.changes.values().map(Vec::len).sum();
    let plural = |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
    let verb = if arguments.dry_run { "possible" } else { "made" };
    let _ = writeln!(report, "{file}: {} {verb}, {} left", plural(count, "change"), plural(left, "error"));
    output::print(report.as_bytes()).map_err(|error| format!("cannot write to standard output: {error}"))?;
    Ok(left)
}

/// The lines that differ, those of the file with `-`, the fixed ones with `+`.
fn difference(path: &str, fixed: &[u8]) -> Result<String, String> {
    let old = Disk.read(path).map_err(|error| format!("cannot read `{path}`: {error}"))?;
    let (old, new) = (String::from_utf8_lossy(&old), String::from_utf8_lossy(fixed));
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let mut text = String::new();
    if old.len() == new.len() {
        for (number, (old, new)) in old.iter().zip(&new).enumerate().filter(|(_, (old, new))| old != new) {
            let _ = writeln!(text, "@@ {path}:{} @@\n-{old}\n+{new}", number + 1);
        }
        return Ok(text);
    }
    let before = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
    let rest = old.len().min(new.len()) - before;
    let after = old.iter().rev().zip(new.iter().rev()).take(rest).take_while(|(old, new)| old == new).count();
    let _ = writeln!(text, "@@ {path}:{} @@", before + 1);
    old[before..old.len() - after].iter().for_each(|line| text += &format!("-{line}\n"));
    new[before..new.len() - after].iter().for_each(|line| text += &format!("+{line}\n"));
    Ok(text)
}

//! Decides whether a program does what the files beside it say.

use crate::case::{Case, Kind};
use crate::process::Finished;
use crate::tools::Tools;
use crate::{annotations, golden};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

/// What is wrong with a case, in words for its reader.
pub type Verdict = Result<(), String>;

/// Judges a case of the project's own; goldens are rewritten when blessing.
pub fn judge(case: &Case, tools: &Tools) -> Verdict {
    match case.kind {
        Kind::Run => run(case, tools),
        Kind::Trap => trap(case, tools),
        Kind::Fail => fail(case, tools),
        Kind::Warn => warn(case, tools),
        Kind::Ir => emitted(case, tools, "ir"),
        Kind::Bytecode => emitted(case, tools, "asm"),
        Kind::Verifier => assembled(case, tools),
        Kind::Limits => limits(case, tools),
    }
}

fn run(case: &Case, tools: &Tools) -> Verdict {
    let wanted = status_of(case, 0)?;
    both_ways(case, tools, |done| {
        done.expect_status(wanted)?;
        golden::check(&case.companion("out"), &done.stdout)?;
        match wanted {
            0 if !done.stderr.is_empty() => Err(format!("stderr is not empty:\n{}", done.stderr_text())),
            1 if done.stderr.is_empty() => Err("the error of `main` was not printed to stderr".to_owned()),
            _ => Ok(()),
        }
    })
}

fn trap(case: &Case, tools: &Tools) -> Verdict {
    both_ways(case, tools, |done| {
        done.expect_status(101)?;
        golden::check(&case.companion("out"), &done.stdout)?;
        has_lines(&done.stderr_text(), &case.text("err")?)?;
        golden::check(&case.companion("stderr"), without_depth(&done.stderr_text()).as_bytes())
    })
}

fn limits(case: &Case, tools: &Tools) -> Verdict {
    let wanted = status_of(case, 101)?;
    both_ways(case, tools, |done| {
        done.expect_status(wanted)?;
        golden::check(&case.companion("out"), &done.stdout)?;
        has_lines(&done.stderr_text(), &case.text("err")?)?;
        golden::check(&case.companion("stderr"), without_depth(&done.stderr_text()).as_bytes())
    })
}

fn fail(case: &Case, tools: &Tools) -> Verdict {
    annotated_errors(case, tools)?;
    rendered(case, tools, 1)
}

fn warn(case: &Case, tools: &Tools) -> Verdict {
    annotated(case, tools, "warning", 0)?;
    let denied = tools.langc(&["--check", "--deny-warnings", &case.file], &case.folder)?;
    denied.expect_status(1)?;
    rendered(case, tools, 0)
}

/// What people see of the diagnostics, plain and on a terminal.
fn rendered(case: &Case, tools: &Tools, status: i32) -> Verdict {
    let rendered = tools.langc(&["--check", "--color=never", &case.file], &case.folder)?;
    rendered.expect_status(status)?;
    if !rendered.stdout.is_empty() {
        return Err(format!("stdout is not empty:\n{}", rendered.stdout_text()));
    }
    golden::check(&case.companion("stderr"), &rendered.stderr)?;
    let colored = tools.langc(&["--check", "--color=always", &case.file], &case.folder)?;
    golden::check(&case.companion("ansi"), &colored.stderr)
}

/// Fails unless `langc` reports an error on each annotated line, and on no other.
pub fn annotated_errors(case: &Case, tools: &Tools) -> Verdict {
    annotated(case, tools, "error", 1)
}

/// As [`annotated_errors`], for diagnostics of a level and a status.
fn annotated(case: &Case, tools: &Tools, level: &str, status: i32) -> Verdict {
    let source = case.source()?;
    let done = tools.langc(&["--check", "--error-format=json", &case.file], &case.folder)?;
    done.expect_status(status)?;
    let found = annotations::reported(&done.stderr_text(), level)?;
    if found.is_empty() {
        return Err(format!("no {level} was reported\n{}", done.transcript()));
    }
    annotations::compare(&annotations::expected(&source, level), &found)
}

fn emitted(case: &Case, tools: &Tools, form: &str) -> Verdict {
    let done = tools.langc(&[&format!("--emit={form}"), "--color=never", &case.file], &case.folder)?;
    done.expect_status(0)?;
    golden::check(&case.companion(form), &done.stdout)
}

/// Assembles a module and lets `langrun` judge it: refused, or run.
fn assembled(case: &Case, tools: &Tools) -> Verdict {
    let module = lang_bytecode::assemble(&case.source()?).map_err(|e| e.to_string())?;
    let file = Scratch::new("bc");
    std::fs::write(file.path(), lang_bytecode::write(&module)).map_err(|e| e.to_string())?;
    let done = tools.langrun(&[file.path().to_string_lossy().into_owned()], &case.folder, b"")?;
    let refusal = case.text("err")?;
    if !refusal.is_empty() {
        done.expect_status(3)?;
        return has_lines(&done.stderr_text(), &refusal);
    }
    done.expect_status(0)?;
    golden::check(&case.companion("out"), &done.stdout)
}

/// Runs a program from its source and through a `.bc` file, judges the first, and wants the second to be the same.
pub fn both_ways(case: &Case, tools: &Tools, judge: impl Fn(&Finished) -> Verdict) -> Verdict {
    let flags = case.lines("flags")?;
    let arguments = case.lines("args")?;
    let input = std::fs::read(case.companion("in")).unwrap_or_default();
    let execute = |program: &str| {
        let all: Vec<String> =
            flags.iter().cloned().chain([program.to_owned()]).chain(arguments.iter().cloned()).collect();
        tools.langrun(&all, &case.folder, &input)
    };
    let from_source = execute(&case.file)?;
    judge(&from_source).map_err(|why| format!("from source: {why}"))?;
    let compiled = Scratch::new("bc");
    compile(case, tools, compiled.path())?;
    let from_file = execute(&compiled.path().to_string_lossy())?;
    let text = |done: &Finished| without_depth(&done.stderr_text());
    if (&from_file.status, &from_file.stdout) == (&from_source.status, &from_source.stdout)
        && text(&from_file) == text(&from_source)
    {
        return Ok(());
    }
    Err(format!(
        "through .bc it does otherwise than from source: status {:?}\n{}\nfrom source: status {:?}\n{}",
        from_file.status,
        from_file.transcript(),
        from_source.status,
        from_source.transcript()
    ))
}

fn compile(case: &Case, tools: &Tools, output: &Path) -> Verdict {
    let done = tools.langc(&[&case.file, "-o", &output.to_string_lossy()], &case.folder)?;
    done.expect_status(0).map_err(|why| format!("langc: {why}"))
}

fn status_of(case: &Case, usual: i32) -> Result<i32, String> {
    let text = case.text("code")?;
    if text.is_empty() {
        return Ok(usual);
    }
    text.trim().parse().map_err(|_| format!("{}.code holds no status: {text:?}", case.name))
}

/// How deep the stack was when it overflowed is not the same in every engine: the numbers of calls become `…`.
fn without_depth(text: &str) -> String {
    let overflow = text.contains("stack overflow");
    let line = |line: &str| {
        let bare = line.trim_end();
        match (
            bare.strip_suffix(" more calls)"),
            bare.strip_suffix(" times)").and_then(|front| front.rsplit_once(" (")),
        ) {
            (Some(front), _) if front.starts_with("  (") => "  (… more calls)\n".to_owned(),
            (_, Some((front, times))) if overflow && times.len() > 3 => format!("{front} (… times)\n"),
            _ => line.to_owned(),
        }
    };
    text.split_inclusive('\n').map(line).collect()
}

/// Fails unless each line of `wanted` occurs in `text`; a place `file:3` is not found in `file:31`.
pub fn has_lines(text: &str, wanted: &str) -> Verdict {
    for line in wanted.lines().filter(|line| !line.is_empty()) {
        let is_place = line.contains(".lang:") && line.ends_with(|c: char| c.is_ascii_digit());
        let found = text.match_indices(line).any(|(at, _)| {
            let next = text[at + line.len()..].chars().next();
            !is_place || !next.is_some_and(|c| c.is_ascii_digit())
        });
        if !found {
            return Err(format!("stderr lacks `{line}`:\n{text}"));
        }
    }
    Ok(())
}

/// A file name in the temporary folder that no other test has; the file goes with it.
#[derive(Debug)]
pub struct Scratch(PathBuf);

impl Scratch {
    /// A new name with this extension.
    pub fn new(extension: &str) -> Scratch {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("lang-test-{}-{number}.{extension}", std::process::id());
        Scratch(std::env::temp_dir().join(name))
    }

    /// Where the file is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::has_lines;

    #[test]
    fn a_place_is_whole() {
        assert!(has_lines("at a.lang:31:2", "a.lang:3").is_err());
        assert!(has_lines("at a.lang:3:2", "a.lang:3").is_ok());
    }
}

//! `langc fix`: each `NAME.lang` of `cases/fix` becomes `NAME.fixed`, which compiles. `BLESS=1` writes those that are missing or differ.
//! And whatever a tool may apply unasked, in any program of the cases, takes its error away and brings none to another line.

use lang_compiler::diagnostics::{Diagnostic, fix};
use lang_compiler::driver::{self, Compilation, Emit, Options};
use lang_compiler::source::{Disk, Memory};
use lang_tests::case::{self, Kind};
use lang_tests::golden;
use lang_tests::tools::Tools;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/fix")
}

#[test]
fn fixed_programs_compile() {
    let mut programs: Vec<PathBuf> =
        std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
    programs.retain(|path| path.extension().is_some_and(|extension| extension == "lang"));
    assert!(programs.len() >= 4);
    for program in programs {
        if let Err(why) = fix(&program) {
            panic!("{}: {why}", program.display());
        }
    }
}

fn fix(program: &Path) -> Result<(), String> {
    let tools = Tools::get();
    let scratch = std::env::temp_dir().join(format!("lang-fix-{}", std::process::id()));
    std::fs::create_dir_all(&scratch).map_err(|error| error.to_string())?;
    let copy = scratch.join("main.lang");
    let before = std::fs::read(program).map_err(|error| error.to_string())?;
    std::fs::write(&copy, &before).map_err(|error| error.to_string())?;
    let dry = tools.langc(&["fix", "--dry-run", "main.lang"], &scratch)?;
    if std::fs::read(&copy).ok() != Some(before) {
        return Err("a dry run changed the file".to_owned());
    }
    if !dry.stdout_text().contains("@@ main.lang:") {
        return Err(format!("the dry run shows nothing:\n{}", dry.stdout_text()));
    }
    let done = tools.langc(&["fix", "main.lang"], &scratch)?;
    let after = std::fs::read(&copy).map_err(|error| error.to_string())?;
    std::fs::remove_dir_all(&scratch).map_err(|error| error.to_string())?;
    golden::check(&program.with_extension("fixed"), &after)?;
    done.expect_status(0)
}

#[test]
fn each_fix_takes_its_error_away_and_brings_none() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases");
    let (mut applied, mut wrong) = (0, Vec::new());
    for folder in ["fail", "warn", "fix", "regressions/fail"] {
        let found = case::find(Kind::Fail, &cases.join(folder), folder).unwrap();
        for case in found.cases {
            applied += try_fixes(&case.folder.join(&case.file).display().to_string(), &mut wrong);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(applied > 90, "only {applied} fixes were tried");
}

/// Applies each fix of a program alone; gives their number and notes those that do not do what they should.
fn try_fixes(program: &str, wrong: &mut Vec<String>) -> usize {
    let before = checked(program, Memory::over(&Disk));
    let errors = errors(&before);
    let mut tried = 0;
    for diagnostic in &before.diagnostics {
        let fixed = fix::fix(std::slice::from_ref(diagnostic), &before.map, |_| true);
        if fixed.is_empty() {
            continue;
        }
        tried += 1;
        let files =
            fixed.into_iter().fold(Memory::over(&Disk), |files, (path, of)| files.with(path, of.bytes));
        let mut left = errors.clone();
        if diagnostic.is_error() {
            *left.entry(diagnostic.message.clone()).or_default() -= 1;
        }
        let after = checked(program, files);
        let line = |of: &Compilation, diagnostic: &Diagnostic| {
            of.map.locate(diagnostic.primary.span).map(|at| at.line)
        };
        // A line shows the first of its errors only, so that one may have been behind what was fixed; and the same error
        // on the next line is not repeated.
        let behind = line(&before, diagnostic);
        for (message, count) in self::errors(&after) {
            let same = after.diagnostics.iter().filter(|found| found.message == message);
            let next = behind.filter(|_| message == diagnostic.message).map(|line| line + 1);
            let hidden = same.filter(|found| [behind, next].contains(&line(&after, found))).count();
            if count > left.get(&message).copied().unwrap_or(0) + hidden {
                let text = &diagnostic.message;
                wrong.push(format!("{program}: after the fix of \"{text}\": {message}"));
            }
        }
    }
    tried
}

fn checked(program: &str, files: Memory<'_>) -> Compilation {
    driver::compile(&files, program, &Options { emit: Emit::Check, ..Options::default() })
}

/// How often each message of an error occurs.
fn errors(compilation: &Compilation) -> BTreeMap<String, usize> {
    let mut errors = BTreeMap::new();
    for diagnostic in compilation.diagnostics.iter().filter(|diagnostic| diagnostic.is_error()) {
        *errors.entry(diagnostic.message.clone()).or_default() += 1;
    }
    errors
}

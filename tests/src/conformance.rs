//! The shared conformance programs, run where they lie beside the checkout.
//!
//! What later work will bring is listed, with the reason, in `tests/conformance-later.txt`. A listed
//! case is shown as ignored; one that passes all the same makes the run fail, so the list stays true.

use crate::case::{self, Case, Kind};
use crate::judge::{self, Verdict};
use crate::tools::Tools;
use std::path::{Path, PathBuf};

/// One conformance case.
#[derive(Clone, Debug)]
pub struct Conformance {
    /// The program and its kind.
    pub case: Case,
    /// Why it is not expected to pass yet.
    pub later: Option<String>,
}

/// The folder of the conformance programs: `LANG_CONFORMANCE`, or beside the checkout.
pub fn folder() -> Option<PathBuf> {
    let folder = match std::env::var_os("LANG_CONFORMANCE") {
        Some(path) => PathBuf::from(path),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/conformance"),
    };
    folder.canonicalize().ok().filter(|folder| folder.is_dir())
}

/// Every conformance case, and complaints about the list of those that come later.
pub fn find(root: &Path) -> Result<(Vec<Conformance>, Vec<String>), String> {
    let listed = read_list(include_str!("../conformance-later.txt"))?;
    let mut all = Vec::new();
    for (kind, name) in [(Kind::Run, "run"), (Kind::Trap, "trap"), (Kind::Fail, "fail")] {
        let found =
            case::find(kind, &root.join(name), name).map_err(|e| format!("{}: {e}", root.display()))?;
        all.extend(found.cases);
    }
    let unknown = listed
        .iter()
        .filter(|(name, _)| !all.iter().any(|case| case.name == *name))
        .map(|(name, _)| format!("conformance-later.txt lists {name}, which does not exist"))
        .collect();
    let later = |case: &Case| listed.iter().find(|(name, _)| *name == case.name).map(|(_, why)| why.clone());
    Ok((all.into_iter().map(|case| Conformance { later: later(&case), case }).collect(), unknown))
}

fn read_list(text: &str) -> Result<Vec<(String, String)>, String> {
    let mut listed = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (name, why) = line.split_once(": ").ok_or_else(|| format!("no reason given: {line}"))?;
        listed.push((name.to_owned(), why.to_owned()));
    }
    Ok(listed)
}

/// Judges by what stands in the conformance folder; never writes there.
pub fn judge(case: &Case, tools: &Tools) -> Verdict {
    match case.kind {
        Kind::Fail => judge::annotated_errors(case, tools),
        kind => judge::both_ways(case, tools, |done| {
            let code = case.text("code")?;
            let wanted = match kind {
                Kind::Trap => 101,
                _ if code.is_empty() => 0,
                _ => code.trim().parse().map_err(|_| format!("bad status {code:?}"))?,
            };
            done.expect_status(wanted)?;
            let expected = case.text("out")?;
            if done.stdout_text() != expected {
                return Err(format!("printed:\n{}\nexpected:\n{expected}", done.stdout_text()));
            }
            if wanted == 0 && !done.stderr.is_empty() {
                return Err(format!("stderr is not empty:\n{}", done.stderr_text()));
            }
            judge::has_lines(&done.stderr_text(), &case.text("err")?)
        }),
    }
}

/// Fails if a case that is listed as coming later passes.
pub fn list_is_true(cases: &[Conformance], tools: &Tools) -> Verdict {
    let passing: Vec<&str> = cases
        .iter()
        .filter(|c| c.later.is_some() && judge(&c.case, tools).is_ok())
        .map(|c| c.case.name.as_str())
        .collect();
    if passing.is_empty() {
        return Ok(());
    }
    Err(format!("these pass; take them off tests/conformance-later.txt: {}", passing.join(", ")))
}

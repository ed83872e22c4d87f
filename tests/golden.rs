//! The golden-file harness: every program under `tests/cases` and `examples`, every sample of the references of
//! the language and its library, and the shared conformance programs where they are. `BLESS=1` rewrites the goldens.

use lang_tests::case::{self, Case, Kind};
use lang_tests::tools::Tools;
use lang_tests::{conformance, judge, samples};
use libtest_mimic::{Arguments, Failed, Trial};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    match trials() {
        Ok(trials) => libtest_mimic::run(&arguments, trials).exit_code(),
        Err(why) => {
            eprintln!("cannot read the cases: {why}");
            ExitCode::FAILURE
        }
    }
}

fn trials() -> Result<Vec<Trial>, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut trials = Vec::new();
    for (kind, name) in Kind::ALL {
        add_folder(&mut trials, kind, &root.join("cases").join(name), name)?;
    }
    let regressions = root.join("cases/regressions");
    for (kind, name) in [(Kind::Run, "run"), (Kind::Trap, "trap"), (Kind::Fail, "fail")] {
        add_folder(&mut trials, kind, &regressions.join(name), &format!("regressions/{name}"))?;
    }
    add_folder(&mut trials, Kind::Run, &root.join("../examples"), "examples")?;
    for page in ["language.md", "library.md"] {
        for sample in samples::find(&root.join("../docs").join(page))? {
            let name = format!("samples/{}", sample.name);
            trials
                .push(Trial::test(name, move || samples::judge(&sample, Tools::get()).map_err(Failed::from)));
        }
    }
    if let Some(folder) = conformance::folder() {
        add_conformance(&mut trials, &folder)?;
    }
    Ok(trials)
}

fn add_folder(trials: &mut Vec<Trial>, kind: Kind, folder: &Path, prefix: &str) -> Result<(), String> {
    let found = case::find(kind, folder, prefix).map_err(|e| format!("{}: {e}", folder.display()))?;
    trials.extend(found.cases.into_iter().map(own_case));
    trials.extend(found.stale.into_iter().map(|path| stale(prefix, path)));
    Ok(())
}

fn own_case(case: Case) -> Trial {
    Trial::test(case.name.clone(), move || judge::judge(&case, Tools::get()).map_err(Failed::from))
}

fn stale(prefix: &str, path: PathBuf) -> Trial {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Trial::test(format!("{prefix}/{name}"), move || {
        Err(Failed::from(format!("stale: {} belongs to no program", path.display())))
    })
}

fn add_conformance(trials: &mut Vec<Trial>, folder: &Path) -> Result<(), String> {
    let (cases, unknown) = conformance::find(folder)?;
    for entry in &cases {
        let case = entry.case.clone();
        let name = format!("conformance/{}", case.name);
        let trial = Trial::test(name, move || conformance::judge(&case, Tools::get()).map_err(Failed::from));
        trials.push(match &entry.later {
            Some(why) => trial.with_kind(why.clone()).with_ignored_flag(true),
            None => trial,
        });
    }
    let cases = Arc::new(cases);
    trials.push(Trial::test("conformance/later-list-is-true", move || {
        if !unknown.is_empty() {
            return Err(Failed::from(unknown.join("\n")));
        }
        conformance::list_is_true(&cases, Tools::get()).map_err(Failed::from)
    }));
    Ok(())
}

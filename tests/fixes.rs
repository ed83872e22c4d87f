//! `langc fix`: each `NAME.lang` of `cases/fix` becomes `NAME.fixed`, which compiles. `BLESS=1` writes those that are missing or differ.

use lang_tests::golden;
use lang_tests::tools::Tools;
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

//! Finds `langc` and `langrun`, building them first in the profile that the tests were built in.
//!
//! `LANGC` and `LANGRUN` name other binaries; `LANGRUN_FLAGS` holds flags for every `langrun`
//! (`--gc-stress`, `--jit=force`, …), so one set of cases serves every engine.

use crate::process::{self, Finished};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The two binaries under test.
#[derive(Debug)]
pub struct Tools {
    langc: PathBuf,
    langrun: PathBuf,
    run_flags: Vec<String>,
}

impl Tools {
    /// The binaries of this test run; found, or built, once a process.
    pub fn get() -> &'static Tools {
        static TOOLS: OnceLock<Tools> = OnceLock::new();
        TOOLS.get_or_init(|| match Tools::locate() {
            Ok(tools) => tools,
            Err(why) => {
                eprintln!("the tests need langc and langrun: {why}");
                std::process::exit(1);
            }
        })
    }

    fn locate() -> Result<Tools, String> {
        let run_flags = std::env::var("LANGRUN_FLAGS").unwrap_or_default();
        let run_flags = run_flags.split_whitespace().map(String::from).collect();
        let named = |name: &str| std::env::var_os(name).map(|path| std::path::absolute(PathBuf::from(path)));
        if let (Some(langc), Some(langrun)) = (named("LANGC"), named("LANGRUN")) {
            let bad = |e| format!("LANGC or LANGRUN is no path: {e}");
            return Ok(Tools { langc: langc.map_err(bad)?, langrun: langrun.map_err(bad)?, run_flags });
        }
        let folder = build()?;
        let binary = |name: &str| folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
        Ok(Tools { langc: binary("langc"), langrun: binary("langrun"), run_flags })
    }

    /// Runs `langc` in `folder`.
    pub fn langc(&self, arguments: &[&str], folder: &Path) -> Result<Finished, String> {
        self.langc_with_input(arguments, folder, b"")
    }

    /// Runs `langc` in `folder` with something on standard input.
    pub fn langc_with_input(
        &self,
        arguments: &[&str],
        folder: &Path,
        input: &[u8],
    ) -> Result<Finished, String> {
        let arguments: Vec<String> = arguments.iter().map(|&a| a.to_owned()).collect();
        process::run(&self.langc, &arguments, folder, input)
    }

    /// Runs `langrun`, with the flags of `LANGRUN_FLAGS` before its arguments.
    pub fn langrun(&self, arguments: &[String], folder: &Path, input: &[u8]) -> Result<Finished, String> {
        let all: Vec<String> = self.run_flags.iter().chain(arguments).cloned().collect();
        process::run(&self.langrun, &all, folder, input)
    }

    /// Where `langrun` is, for a test that starts it in a way of its own.
    pub fn langrun_path(&self) -> &Path {
        &self.langrun
    }
}

/// Builds both binaries in the target folder and profile of the running test; gives their folder.
fn build() -> Result<PathBuf, String> {
    let test = std::env::current_exe().map_err(|e| format!("cannot find myself: {e}"))?;
    let folder = test.parent().and_then(Path::parent).ok_or("the test is in no target folder")?;
    let target = folder.parent().ok_or("the test is in no target folder")?;
    let profile = match folder.file_name().and_then(|name| name.to_str()) {
        Some("debug") => "dev",
        Some(name) => name,
        None => return Err(format!("{} names no profile", folder.display())),
    };
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let status = Command::new(cargo)
        .args(["build", "--quiet", "--workspace", "--bins", "--profile", profile, "--target-dir"])
        .arg(target)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .status()
        .map_err(|e| format!("cannot run cargo: {e}"))?;
    if status.success() { Ok(folder.to_owned()) } else { Err(format!("cargo build failed ({status})")) }
}

//! Lists the sources of the standard library, so that they are compiled into the compiler:
//! `stdlib/prelude/*.lang` is the prelude, every other `.lang` file below `stdlib` a module.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("../stdlib");
    println!("cargo::rerun-if-changed={}", root.display());
    let mut files = Vec::new();
    collect(&root, "", &mut files)?;
    files.sort();
    let row = |(name, path): &(String, PathBuf)| format!("    ({name:?}, include_str!({path:?})),\n");
    let of = |prelude: bool| -> String {
        files.iter().filter(|(name, _)| name.starts_with("prelude.") == prelude).map(row).collect()
    };
    let text = format!(
        "pub(super) const PRELUDE: &[(&str, &str)] = &[\n{}];\npub(super) const MODULES: &[(&str, &str)] = &[\n{}];\n",
        of(true),
        of(false)
    );
    fs::write(PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("standard.rs"), text)
}

/// The `.lang` files below a folder, by the dotted names of their modules.
fn collect(folder: &Path, prefix: &str, files: &mut Vec<(String, PathBuf)>) -> io::Result<()> {
    if !folder.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            collect(&path, &format!("{prefix}{stem}."), files)?;
        } else if path.extension().is_some_and(|extension| extension == "lang") {
            files.push((format!("{prefix}{stem}"), path));
        }
    }
    Ok(())
}

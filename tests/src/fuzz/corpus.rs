//! The programs that are torn apart and damaged: all that the project has.

use super::bodies;
use lang_bytecode::Module;
use std::path::Path;
use std::sync::OnceLock;

/// Every program of the cases that run, and of the examples; sorted, so that a case stays the same.
pub fn programs() -> &'static [Vec<u8>] {
    static PROGRAMS: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
    PROGRAMS.get_or_init(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut found = Vec::new();
        for folder in ["cases/run", "cases/trap", "../examples"] {
            collect(&root.join(folder), "lang", &mut found);
        }
        found
    })
}

fn collect(folder: &Path, ending: &str, found: &mut Vec<Vec<u8>>) {
    /// Long programs take long to compile, and say no more when they are torn.
    const LONGEST: usize = 8000;
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            collect(&path, ending, found);
        } else if path.extension().is_some_and(|extension| extension == ending) {
            found.extend(std::fs::read(&path).ok().filter(|text| text.len() <= LONGEST));
        }
    }
}

/// The modules of those programs that compile, and those that were assembled by hand.
pub fn modules() -> &'static [Module] {
    static MODULES: OnceLock<Vec<Module>> = OnceLock::new();
    MODULES.get_or_init(|| {
        let mut modules: Vec<Module> =
            programs().iter().filter_map(|source| bodies::compile(source).ok()).collect();
        let mut texts = Vec::new();
        collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/verifier"), "asm", &mut texts);
        let texts = texts.iter().map(|text| String::from_utf8_lossy(text));
        modules.extend(texts.filter_map(|text| lang_bytecode::assemble(&text).ok()));
        modules
    })
}

/// The bytecode files of those programs that compile.
pub fn files() -> &'static [Vec<u8>] {
    static FILES: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
    FILES.get_or_init(|| modules().iter().map(lang_bytecode::write).collect())
}

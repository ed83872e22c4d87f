//! Every program of the tests as bytecode: what is compiled, what is assembled, and the shared programs where they are.

use crate::conformance;
use lang_bytecode::Module;
use lang_compiler::driver::{self, Options, Output};
use lang_compiler::source::Disk;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A program that compiles or assembles.
#[derive(Clone, Debug)]
pub struct Program {
    /// Where it lies.
    pub path: PathBuf,
    /// Its bytecode.
    pub module: Module,
}

/// The folder of the cases.
pub fn cases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("cases")
}

/// The programs among the cases that people wrote in assembly.
pub fn assembly() -> Vec<Program> {
    let mut paths = Vec::new();
    collect(&cases(), &["lasm"], &mut paths);
    load_all(paths)
}

/// All programs below the folders of the tests; modules of larger programs are programs too. Those that do not compile are left out.
pub fn all() -> Vec<Program> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = Vec::new();
    let own = [cases(), root.join("../examples"), root.join("../benches")];
    let folders = own.into_iter().chain(conformance::folder());
    folders.for_each(|folder| collect(&folder, &["lang", "lasm", "asm"], &mut paths));
    load_all(paths)
}

/// The programs at these paths, by their paths.
fn load_all(mut paths: Vec<PathBuf>) -> Vec<Program> {
    paths.sort();
    let (next, programs) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            // The compiler bounds its depth by the stack of an ordinary main thread.
            let worker = std::thread::Builder::new().stack_size(64 << 20);
            let work = || {
                while let Some(path) = paths.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Some(program) = load(path) {
                        programs.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).push(program);
                    }
                }
            };
            worker.spawn_scoped(scope, work).expect("there is room for a thread");
        }
    });
    let mut programs = programs.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
    programs.sort_by(|one, other| one.path.cmp(&other.path));
    programs
}

fn collect(folder: &Path, extensions: &[&str], paths: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        let extension = path.extension().and_then(|extension| extension.to_str());
        if path.is_dir() {
            collect(&path, extensions, paths);
        } else if extension.is_some_and(|extension| extensions.contains(&extension)) {
            paths.push(path);
        }
    }
}

fn load(path: &Path) -> Option<Program> {
    let name = path.to_str()?;
    if name.ends_with(".asm") {
        // The listings of what the compiler makes are read as well as programs of the verifier's tests.
        let module = lang_bytecode::assemble(&std::fs::read_to_string(path).ok()?).ok()?;
        return Some(Program { path: path.to_owned(), module });
    }
    match driver::compile(&Disk, name, &Options::default()).output {
        Some(Output::Module(module)) => Some(Program { path: path.to_owned(), module: *module }),
        _ => None,
    }
}

//! Finds the cases under a folder: programs, the files that say what they do, and files left over.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What is expected of a program, told by the folder it lies in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Prints `NAME.out` and ends with the status in `NAME.code`, or 0.
    Run,
    /// Ends in a runtime error: status 101, the whole of stderr is `NAME.stderr`.
    Trap,
    /// Does not compile: annotated errors, the whole rendered output is `NAME.stderr`, and
    /// `NAME.ansi` in colours.
    Fail,
    /// Compiles with the annotated warnings, which are errors under `--deny-warnings`; files as for `Fail`.
    Warn,
    /// `langc --emit=ir` prints `NAME.ir`.
    Ir,
    /// `langc --emit=asm` prints `NAME.asm`.
    Bytecode,
    /// Assembled bytecode: refused with the lines in `NAME.err`, or prints `NAME.out`.
    Verifier,
    /// As run, but with flags for `langrun` from `NAME.flags` and stderr from `NAME.stderr`.
    Limits,
}

impl Kind {
    /// Every kind, with the folder of its cases.
    pub const ALL: [(Kind, &'static str); 8] = [
        (Kind::Run, "run"),
        (Kind::Trap, "trap"),
        (Kind::Fail, "fail"),
        (Kind::Warn, "warn"),
        (Kind::Ir, "ir"),
        (Kind::Bytecode, "bytecode"),
        (Kind::Verifier, "verifier"),
        (Kind::Limits, "limits"),
    ];

    /// The name of a program without the end of its file name; none for other files.
    fn stem(self, file: &str) -> Option<&str> {
        match self {
            Kind::Verifier => file.strip_suffix(".asm"),
            Kind::Run | Kind::Trap => file.strip_suffix(".lang").or_else(|| file.strip_suffix(".lasm")),
            _ => file.strip_suffix(".lang"),
        }
    }

    /// The extensions of the files that may stand beside a program of this kind.
    fn companions(self) -> &'static [&'static str] {
        match self {
            Kind::Run => &["out", "in", "args", "code"],
            Kind::Trap => &["out", "in", "args", "err", "stderr"],
            Kind::Fail | Kind::Warn => &["stderr", "ansi"],
            Kind::Ir => &["ir"],
            Kind::Bytecode => &["asm"],
            Kind::Verifier => &["out", "err"],
            Kind::Limits => &["out", "in", "args", "code", "flags", "err", "stderr"],
        }
    }
}

/// One program to judge.
#[derive(Clone, Debug)]
pub struct Case {
    /// What is expected of it.
    pub kind: Kind,
    /// Its name in reports: the path below the cases' folder, without the extension.
    pub name: String,
    /// The folder it is run from, so that messages show its bare file name.
    pub folder: PathBuf,
    /// Its file name.
    pub file: String,
}

impl Case {
    /// The text of the program; what is no UTF-8 in it is replaced.
    pub fn source(&self) -> Result<String, String> {
        let bytes = std::fs::read(self.folder.join(&self.file)).map_err(|e| format!("{}: {e}", self.file))?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// The file beside the program that has this extension.
    pub fn companion(&self, extension: &str) -> PathBuf {
        self.folder.join(&self.file).with_extension(extension)
    }

    /// The text of a companion, empty when there is none.
    pub fn text(&self, extension: &str) -> Result<String, String> {
        let path = self.companion(extension);
        match std::fs::read_to_string(&path) {
            Ok(text) => Ok(text),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
            Err(e) => Err(format!("{}: {e}", path.display())),
        }
    }

    /// The lines of a companion: arguments or flags, one a line.
    pub fn lines(&self, extension: &str) -> Result<Vec<String>, String> {
        Ok(self.text(extension)?.lines().map(String::from).collect())
    }
}

/// The cases below a folder, and the paths of files that belong to none of them.
#[derive(Debug, Default)]
pub struct Found {
    /// The programs.
    pub cases: Vec<Case>,
    /// Files that say what a program does, where there is no such program.
    pub stale: Vec<PathBuf>,
}

/// Finds every case of one kind below `root`; a folder with a `main.lang` is one case.
///
/// `prefix` begins the cases' names.
pub fn find(kind: Kind, root: &Path, prefix: &str) -> std::io::Result<Found> {
    let mut found = Found::default();
    if root.is_dir() {
        visit(kind, root, prefix, &mut found)?;
    }
    Ok(found)
}

fn visit(kind: Kind, folder: &Path, prefix: &str, found: &mut Found) -> std::io::Result<()> {
    let mut entries = std::fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    if folder.join("main.lang").is_file() {
        found.cases.push(Case {
            kind,
            name: prefix.to_owned(),
            folder: folder.to_owned(),
            file: "main.lang".to_owned(),
        });
        return Ok(());
    }
    let mut programs = BTreeSet::new();
    let mut others = Vec::new();
    for entry in entries {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if path.is_dir() {
            visit(kind, &path, &format!("{prefix}/{name}"), found)?;
        } else if let Some(stem) = kind.stem(&name) {
            found.cases.push(Case {
                kind,
                name: format!("{prefix}/{stem}"),
                folder: folder.to_owned(),
                file: name.clone(),
            });
            programs.insert(stem.to_owned());
        } else {
            others.push(path);
        }
    }
    found.stale.extend(others.into_iter().filter(|path| !belongs(kind, path, &programs)));
    Ok(())
}

fn belongs(kind: Kind, path: &Path, programs: &BTreeSet<String>) -> bool {
    let stem = path.file_stem().and_then(|s| s.to_str()).unwrap_or_default();
    let extension = path.extension().and_then(|s| s.to_str()).unwrap_or_default();
    extension == "md" || programs.contains(stem) && kind.companions().contains(&extension)
}

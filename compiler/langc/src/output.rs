//! Writes results: to standard output, or to a file that is whole or not there.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// Where a result goes.
pub(crate) enum Target {
    /// Standard output.
    Stdout,
    /// A file.
    File(String),
}

/// Writes a result; `source` is the file that it must not replace.
pub(crate) fn write(target: &Target, bytes: &[u8], source: &str) -> Result<(), String> {
    match target {
        Target::Stdout => print(bytes).map_err(|error| format!("cannot write to standard output: {error}")),
        Target::File(path) if same_file(path, source) => Err(format!("`{path}` is the source file itself")),
        Target::File(path) => {
            write_file(Path::new(path), bytes).map_err(|error| format!("cannot write `{path}`: {error}"))
        }
    }
}

/// Prints to standard output. Whoever reads it may stop early.
pub(crate) fn print(bytes: &[u8]) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}

fn same_file(a: &str, b: &str) -> bool {
    matches!((fs::canonicalize(a), fs::canonicalize(b)), (Ok(a), Ok(b)) if a == b)
}

/// Writes beside the file and renames, so that nobody sees half of it and a failure leaves nothing.
/// A device or a pipe is written as it is.
fn write_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // A link stays one: what it points to is replaced.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    match fs::metadata(&path) {
        Ok(there) if there.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
        Ok(there) if !there.is_file() => return OpenOptions::new().write(true).open(&path)?.write_all(bytes),
        _ => {}
    }
    let temporary = temporary_name(&path)?;
    let written = File::create_new(&temporary)
        .and_then(|mut file| file.write_all(bytes))
        .and_then(|()| fs::rename(&temporary, &path));
    if written.is_err() {
        // What made writing fail is what the user must hear of.
        let _ = fs::remove_file(&temporary);
    }
    written
}

fn temporary_name(path: &Path) -> io::Result<PathBuf> {
    let name = path.file_name().ok_or(io::ErrorKind::InvalidFilename)?;
    let mut temporary = std::ffi::OsString::from(".");
    temporary.push(name);
    temporary.push(format!(".{}", std::process::id()));
    Ok(path.with_file_name(temporary))
}

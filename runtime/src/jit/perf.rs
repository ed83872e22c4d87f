//! The map in which `perf` finds the names of compiled functions.

use std::fs::OpenOptions;
use std::io::Write as _;

/// Adds a function to the map of this process.
pub(super) fn note(start: *const u8, size: usize, name: &str, is_loop: bool) {
    let path = format!("/tmp/perf-{}.map", std::process::id());
    let tier = if is_loop { " (loop)" } else { "" };
    if let Ok(mut file) = OpenOptions::new().create(true).append(true).open(path) {
        // A profile without some names is better than no run.
        let _ = writeln!(file, "{:x} {size:x} {name}{tier}", start as usize);
    }
}

//! Compares what came out with the file that says what should, or writes that file when blessing.

use std::path::Path;

/// Whether this golden is to be rewritten from what the tools print: with `BLESS=1` those that are
/// made by the tools, and those that are not there; with `BLESS=all` what was written by hand, too.
fn blessing(path: &Path) -> bool {
    let by_hand = path.extension().is_some_and(|extension| extension == "out");
    match std::env::var("BLESS").as_deref() {
        Ok("all") => true,
        Ok("1") => !by_hand || !path.exists(),
        _ => false,
    }
}

/// Fails unless `found` is what the file at `path` holds. When blessing, makes it so.
///
/// Nothing to print and no file agree; so does an empty file.
pub fn check(path: &Path, found: &[u8]) -> Result<(), String> {
    if blessing(path) {
        return bless(path, found);
    }
    let expected = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(_) if found.is_empty() => return Ok(()),
        Err(_) => {
            let text = String::from_utf8_lossy(found);
            return Err(format!("{} does not exist; BLESS=1 would write:\n{text}", path.display()));
        }
    };
    if expected == found {
        return Ok(());
    }
    Err(format!("differs from {}:\n{}", path.display(), difference(&expected, found)))
}

fn bless(path: &Path, found: &[u8]) -> Result<(), String> {
    let old = std::fs::read(path).ok();
    let outcome = match old {
        Some(old) if old == found => Ok(()),
        None if found.is_empty() => Ok(()),
        Some(_) if found.is_empty() => std::fs::remove_file(path),
        _ => std::fs::write(path, found),
    };
    outcome.map_err(|e| format!("cannot write {}: {e}", path.display()))
}

/// The first lines that differ, with what stands around them.
fn difference(expected: &[u8], found: &[u8]) -> String {
    const AROUND: usize = 2;
    const MOST: usize = 12;
    let (expected, found) = (String::from_utf8_lossy(expected), String::from_utf8_lossy(found));
    let old: Vec<&str> = expected.split('\n').collect();
    let new: Vec<&str> = found.split('\n').collect();
    let same = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let mut lines = vec![format!("  at line {} (-expected +found)", same + 1)];
    let context = &old[same.saturating_sub(AROUND)..same];
    lines.extend(context.iter().map(|line| format!("    {line}")));
    for (sign, side) in [('-', &old), ('+', &new)] {
        lines.extend(side[same..].iter().take(MOST).map(|line| format!("  {sign} {line}")));
        if side.len() > same + MOST {
            lines.push(format!("  {sign} … {} more lines", side.len() - same - MOST));
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::difference;

    #[test]
    fn a_difference_names_its_line_and_both_sides() {
        let text = difference(b"a\nb\nc\n", b"a\nx\nc\n");
        assert!(text.starts_with("  at line 2"), "{text}");
        assert!(text.contains("\n  - b\n") && text.contains("\n  + x\n"), "{text}");
    }
}

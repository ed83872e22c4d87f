//! Applies the suggestions that a tool may apply unasked.

use std::collections::BTreeMap;

use super::{Applicability, Diagnostic, Suggestion};
use crate::source::{SourceFile, SourceMap};

/// A change that was made, and the diagnostic that asked for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1, in characters.
    pub column: u32,
    /// What it does, as a phrase: "write `and`".
    pub message: String,
    /// The diagnostic's code.
    pub code: &'static str,
}

/// A file with its changes made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fixed {
    /// The whole file, as it is to be stored.
    pub bytes: Vec<u8>,
    /// The changes, in the order of the file.
    pub changes: Vec<Change>,
}

/// The changes to be made in a file, each with the diagnostic that asks for it.
type Wanted<'a> = (&'a SourceFile, Vec<(&'a Suggestion, &'a Diagnostic)>);

/// Makes the first machine-applicable change of each diagnostic, by the files' paths; of changes that
/// overlap, the first in the file is made. `wants` says by its path whether a file may be changed.
pub fn fix(
    diagnostics: &[Diagnostic],
    map: &SourceMap,
    wants: impl Fn(&str) -> bool,
) -> BTreeMap<String, Fixed> {
    let mut by_file: BTreeMap<&str, Wanted<'_>> = BTreeMap::new();
    for diagnostic in diagnostics {
        let suggestion = diagnostic.suggestions.iter().find(|s| is_applicable(s));
        let placed = suggestion.and_then(|s| map.file_of(s.span).map(|file| (s, file)));
        if let Some((suggestion, file)) = placed.filter(|(_, file)| wants(file.path())) {
            by_file.entry(file.path()).or_insert((file, Vec::new())).1.push((suggestion, diagnostic));
        }
    }
    by_file.into_iter().map(|(path, (file, list))| (path.to_string(), apply(file, list))).collect()
}

fn is_applicable(suggestion: &Suggestion) -> bool {
    suggestion.applicability == Applicability::MachineApplicable
}

fn apply(file: &SourceFile, mut list: Vec<(&Suggestion, &Diagnostic)>) -> Fixed {
    list.sort_by_key(|(suggestion, _)| suggestion.span);
    let skipped = file.disk_offset(file.base());
    // The byte order mark stays.
    let mut text = if skipped > 0 { String::from('\u{feff}') } else { String::new() };
    let (mut done, mut changes) = (0, Vec::new());
    for (suggestion, diagnostic) in list {
        let (lo, hi) = (file.text_offset(suggestion.span.lo), file.text_offset(suggestion.span.hi));
        if lo < done || (lo == done && !changes.is_empty()) {
            continue;
        }
        text.push_str(&file.text()[done..lo]);
        text.push_str(&suggestion.replacement);
        done = if suggestion.replacement.is_empty() { end_of_blank(file.text(), lo, hi) } else { hi };
        let (line, column) = file.line_column(suggestion.span.lo);
        let (message, code) = (suggestion.message.clone(), diagnostic.code.number());
        changes.push(Change { line, column, message, code });
    }
    text.push_str(&file.text()[done..]);
    Fixed { bytes: text.into_bytes(), changes }
}

/// Where a deletion ends: where nothing is left of a line, its line end goes too.
fn end_of_blank(text: &str, lo: usize, hi: usize) -> usize {
    let begins_line = text[..lo].bytes().next_back().is_none_or(|byte| byte == b'\n');
    let rest = text[hi..].trim_start_matches([' ', '\t', '\r']);
    if begins_line && rest.starts_with('\n') { text.len() - rest.len() + 1 } else { hi }
}

#[cfg(test)]
mod tests {
    use super::fix;
    use crate::diagnostics::{Diagnostic, codes};
    use crate::source::{SourceMap, Span};

    #[test]
    fn what_overlaps_waits_and_the_mark_stays() {
        let mut map = SourceMap::new();
        let file = map.add("a.lang", "\u{feff}a && b\r\n").unwrap();
        let base = map.file(file).base();
        let at = |lo, hi| Span::new(base + lo, base + hi);
        let error = |span| Diagnostic::new(codes::FOREIGN_SYNTAX, span, "x");
        let diagnostics = [
            error(at(2, 4)).maybe(at(0, 1), "no", "not asked").suggest(at(2, 4), "and", "write `and`"),
            error(at(3, 4)).suggest(at(3, 4), "?", "overlaps"),
            error(at(5, 6)).maybe(at(5, 6), "c", "perhaps"),
        ];
        let fixed = fix(&diagnostics, &map, |_| true);
        assert_eq!(fixed["a.lang"].bytes, "\u{feff}a and b\r\n".as_bytes());
        assert_eq!(fixed["a.lang"].changes.len(), 1);
        assert!(fix(&diagnostics, &map, |_| false).is_empty());
    }
}

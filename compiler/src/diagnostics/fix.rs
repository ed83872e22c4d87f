//! Applies the suggestions that a tool may apply unasked.

use std::collections::BTreeMap;

use super::{Applicability, Diagnostic, Edit, Suggestion};
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
/// overlap or touch, the first in the file is made. `wants` says by its path whether a file may be changed.
pub fn fix(
    diagnostics: &[Diagnostic],
    map: &SourceMap,
    wants: impl Fn(&str) -> bool,
) -> BTreeMap<String, Fixed> {
    let mut by_file: BTreeMap<&str, Wanted<'_>> = BTreeMap::new();
    for diagnostic in diagnostics {
        let suggestion = diagnostic.suggestions.iter().find(|s| is_applicable(s));
        let placed = suggestion.and_then(|s| Some((s, map.file_of(s.edits.first()?.span)?)));
        if let Some((suggestion, file)) = placed.filter(|(_, file)| wants(file.path())) {
            by_file.entry(file.path()).or_insert((file, Vec::new())).1.push((suggestion, diagnostic));
        }
    }
    by_file.into_iter().map(|(path, (file, list))| (path.to_string(), apply(file, list))).collect()
}

fn is_applicable(suggestion: &Suggestion) -> bool {
    suggestion.applicability == Applicability::MachineApplicable
}

/// The edits chosen so far, by where they begin: where they end, and what they put there.
type Chosen<'a> = BTreeMap<usize, (usize, &'a str)>;

fn apply(file: &SourceFile, mut list: Vec<(&Suggestion, &Diagnostic)>) -> Fixed {
    list.sort_by_key(|(suggestion, _)| suggestion.edits.first().map(|edit| edit.span));
    let (mut chosen, mut changes) = (Chosen::new(), Vec::new());
    for (suggestion, diagnostic) in list {
        let place = |edit: &Edit| (file.text_offset(edit.span.lo), file.text_offset(edit.span.hi));
        if suggestion.edits.iter().any(|edit| touches(&chosen, place(edit))) {
            continue;
        }
        for edit in &suggestion.edits {
            let (lo, hi) = place(edit);
            let end = if edit.replacement.is_empty() { end_of_blank(file.text(), lo, hi) } else { hi };
            chosen.insert(lo, (end, &edit.replacement));
        }
        let Some(first) = suggestion.edits.first() else { continue };
        let (line, column) = file.line_column(first.span.lo);
        let (message, code) = (suggestion.message.clone(), diagnostic.code.number());
        changes.push(Change { line, column, message, code });
    }
    // The byte order mark stays.
    let mut text = if file.disk_offset(file.base()) > 0 { String::from('\u{feff}') } else { String::new() };
    let mut done = 0;
    for (lo, (end, replacement)) in chosen {
        text.push_str(&file.text()[done..lo]);
        text.push_str(replacement);
        done = end;
    }
    text.push_str(&file.text()[done..]);
    Fixed { bytes: text.into_bytes(), changes }
}

/// Whether a place overlaps or touches what is chosen already.
fn touches(chosen: &Chosen<'_>, (lo, hi): (usize, usize)) -> bool {
    let before = chosen.range(..=hi).next_back();
    before.is_some_and(|(_, &(end, _))| lo <= end)
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
    use crate::diagnostics::{Applicability, Diagnostic, codes};
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

    #[test]
    fn pieces_of_a_change_are_made_together_or_not_at_all() {
        let mut map = SourceMap::new();
        let file = map.add("a.lang", "let x = y\nz").unwrap();
        let base = map.file(file).base();
        let at = |lo, hi| Span::new(base + lo, base + hi);
        let error = |span| Diagnostic::new(codes::TYPE_MISMATCH, span, "x");
        let around = |span, of| error(span).around(span, of, "wrap", Applicability::MachineApplicable);
        let diagnostics = [
            around(at(8, 9), ("f(", ")")),
            around(at(8, 9), ("g(", ")")),
            error(at(0, 3)).suggest(at(0, 3), "var", "declare it with `var`"),
        ];
        let fixed = fix(&diagnostics, &map, |_| true);
        assert_eq!(fixed["a.lang"].bytes, b"var x = f(y)\nz");
        assert_eq!(fixed["a.lang"].changes.len(), 2);
    }
}

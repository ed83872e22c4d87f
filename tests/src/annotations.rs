//! Expected diagnostics: `//~ error: text` or `//~ warning: text` on the line where one is due.

use serde_json::Value;
use std::collections::BTreeMap;

/// The expected diagnostics of a level (`error`, `warning`) of a source text: line (from 1) and the words that it must hold.
///
/// Found in the raw text, so an annotation also counts inside an unterminated string.
pub fn expected(source: &str, level: &str) -> BTreeMap<u64, String> {
    let mark = format!("//~ {level}:");
    let mut found = BTreeMap::new();
    for (number, line) in (1..).zip(source.lines()) {
        if let Some((_, text)) = line.split_once(&mark) {
            found.insert(number, text.trim().to_owned());
        }
    }
    found
}

/// One error or warning that the compiler reported.
#[derive(Debug)]
pub struct Reported {
    /// Its primary line, from 1; 0 without a place.
    pub line: u64,
    /// Its headline.
    pub message: String,
    /// Headline, labels, notes and helps.
    words: String,
}

/// Those of a level among JSON diagnostics, one object a line.
pub fn reported(json_lines: &str, level: &str) -> Result<Vec<Reported>, String> {
    let mut errors = Vec::new();
    for line in json_lines.lines().filter(|line| !line.trim().is_empty()) {
        let diagnostic: Value = serde_json::from_str(line).map_err(|e| format!("not JSON ({e}): {line}"))?;
        if diagnostic["level"] == level {
            errors.push(read(&diagnostic));
        }
    }
    Ok(errors)
}

fn read(diagnostic: &Value) -> Reported {
    let spans = list(&diagnostic["spans"]);
    let primary = spans.iter().find(|span| span["is_primary"] == true).or(spans.first());
    let message = text(&diagnostic["message"]).to_owned();
    let labels = spans.iter().map(|span| text(&span["label"]));
    let children = list(&diagnostic["children"]).iter().map(|child| text(&child["message"]));
    let words: Vec<&str> = std::iter::once(message.as_str()).chain(labels).chain(children).collect();
    Reported {
        line: primary.and_then(|span| span["line_start"].as_u64()).unwrap_or(0),
        words: words.join("\n"),
        message,
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// Fails unless every annotated line has an error (or warning) that holds its text, and no other line has one.
pub fn compare(expected: &BTreeMap<u64, String>, errors: &[Reported]) -> Result<(), String> {
    let mut complaints = Vec::new();
    for (line, wanted) in expected {
        let here: Vec<&Reported> = errors.iter().filter(|e| e.line == *line).collect();
        if here.is_empty() {
            complaints.push(format!("line {line}: nothing, expected `{wanted}`"));
        } else if !here.iter().any(|e| e.words.contains(wanted)) {
            complaints.push(format!("line {line}: expected `{wanted}`, found:\n{}", here[0].words));
        }
    }
    for error in errors.iter().filter(|e| !expected.contains_key(&e.line)) {
        complaints.push(format!("line {}: unexpected: {}", error.line, error.message));
    }
    if complaints.is_empty() { Ok(()) } else { Err(complaints.join("\n")) }
}

#[cfg(test)]
mod tests {
    use super::{compare, expected, reported};

    const ERROR: &str = r#"{"message":"expected `int`","level":"error","spans":[
        {"line_start":2,"is_primary":true,"label":"a `str`"}],"children":[{"message":"try int.parse"}]}"#;

    fn json() -> String {
        ERROR.replace('\n', "")
    }

    #[test]
    fn message_label_and_help_all_count() {
        for word in ["`int`", "a `str`", "int.parse"] {
            let wanted = expected(&format!("first\nsecond //~ error: {word}\n"), "error");
            assert_eq!(compare(&wanted, &reported(&json(), "error").unwrap()), Ok(()));
        }
    }

    #[test]
    fn a_missing_and_an_unexpected_error_are_both_told() {
        let wanted = expected("first //~ error: nothing\nsecond\n", "error");
        let told = compare(&wanted, &reported(&json(), "error").unwrap()).unwrap_err();
        assert!(told.contains("line 1: nothing") && told.contains("line 2: unexpected"), "{told}");
    }
}

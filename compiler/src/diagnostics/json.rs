//! Diagnostics for tools: one JSON object a line, with rustc's field names.

use serde::Serialize;

use super::{Applicability, Diagnostic, Style, human};
use crate::source::{SourceMap, Span};

#[derive(Serialize)]
struct Object<'a> {
    message: &'a str,
    code: Option<Code>,
    level: &'static str,
    spans: Vec<Place<'a>>,
    children: Vec<Child<'a>>,
    rendered: String,
}

#[derive(Serialize)]
struct Code {
    code: &'static str,
    explanation: &'static str,
}

#[derive(Serialize)]
struct Child<'a> {
    message: &'a str,
    code: Option<Code>,
    level: &'static str,
    spans: Vec<Place<'a>>,
    children: [(); 0],
    rendered: Option<String>,
}

/// Lines and columns from 1, columns in characters, ends exclusive; bytes from 0, as in the file.
#[derive(Serialize)]
struct Place<'a> {
    file_name: &'a str,
    byte_start: usize,
    byte_end: usize,
    line_start: u32,
    line_end: u32,
    column_start: u32,
    column_end: u32,
    is_primary: bool,
    label: Option<&'a str>,
    suggested_replacement: Option<&'a str>,
    suggestion_applicability: Option<&'static str>,
}

/// A diagnostic as one line of JSON, which ends with a newline.
pub fn render(diagnostic: &Diagnostic, map: &SourceMap) -> String {
    let info = diagnostic.code.info();
    let object = Object {
        message: &diagnostic.message,
        code: Some(Code { code: info.number, explanation: info.explanation }),
        level: diagnostic.level.word(),
        spans: spans(diagnostic, map),
        children: children(diagnostic, map),
        rendered: human::render(diagnostic, map, Style::PLAIN),
    };
    line(&object)
}

/// An error that is about no program and has no code: a file that cannot be written.
pub fn render_message(message: &str) -> String {
    let rendered = human::render_message(message, Style::PLAIN);
    line(&Object { message, code: None, level: "error", spans: Vec::new(), children: Vec::new(), rendered })
}

fn line(object: &Object<'_>) -> String {
    // Objects of strings and numbers always have a JSON form.
    let mut line = serde_json::to_string(object).unwrap_or_default();
    line.push('\n');
    line
}

fn spans<'a>(diagnostic: &'a Diagnostic, map: &'a SourceMap) -> Vec<Place<'a>> {
    let labels = std::iter::once(&diagnostic.primary).chain(&diagnostic.secondary);
    let place = |(index, label): (usize, &'a super::Label)| {
        let text = Some(label.text.as_str()).filter(|text| !text.is_empty());
        place(label.span, map).map(|place| Place { is_primary: index == 0, label: text, ..place })
    };
    labels.enumerate().filter_map(place).collect()
}

fn children<'a>(diagnostic: &'a Diagnostic, map: &'a SourceMap) -> Vec<Child<'a>> {
    let words = |level, message| Child {
        message,
        code: None,
        level,
        spans: Vec::new(),
        children: [],
        rendered: None,
    };
    let notes = diagnostic.notes.iter().map(|text| words("note", text));
    let help = diagnostic.help.iter().map(|text| words("help", text));
    let suggestions = diagnostic.suggestions.iter().map(|suggestion| {
        let changes = suggestion.edits.iter().filter_map(|edit| {
            place(edit.span, map).map(|place| Place {
                is_primary: true,
                suggested_replacement: Some(&edit.replacement),
                suggestion_applicability: Some(Applicability::name(suggestion.applicability)),
                ..place
            })
        });
        Child { spans: changes.collect(), ..words("help", &suggestion.message) }
    });
    notes.chain(help).chain(suggestions).collect()
}

fn place(span: Span, map: &SourceMap) -> Option<Place<'_>> {
    let file = map.file_of(span)?;
    let end = span.hi.max(span.lo);
    let (line_start, column_start) = file.line_column(span.lo);
    let (line_end, column_end) = file.line_column(end);
    Some(Place {
        file_name: file.path(),
        byte_start: file.disk_offset(span.lo),
        byte_end: file.disk_offset(end),
        line_start,
        line_end,
        column_start,
        column_end,
        is_primary: false,
        label: None,
        suggested_replacement: None,
        suggestion_applicability: None,
    })
}

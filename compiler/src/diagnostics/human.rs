//! Diagnostics as people read them, drawn by ariadne.
//!
//! ariadne is given a [view](super::view) of each file instead of the file, and what it draws is put right by
//! [`drawn`] and [`rows`].

use std::cmp::Reverse;
use std::collections::BTreeMap;

use ariadne::{CharSet, Color, Config, Label as Mark, Report, ReportKind};

use super::view::{self, MAX_COLUMN, Placed, Shown, Sources, Views, clean};
use super::{Diagnostic, Label, Level, Suggestion, drawn, rows};
use crate::source::SourceMap;

/// Of the lines that a suggestion changes, these many are shown.
const MOST_LINES: usize = 4;

/// How reports are drawn; whoever writes them knows where they go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// With colours, as ANSI escapes.
    pub color: bool,
    /// With Unicode's box characters instead of ASCII.
    pub unicode: bool,
}

impl Style {
    /// For files, pipes, tests and JSON: ASCII without colours.
    pub const PLAIN: Style = Style { color: false, unicode: false };
    /// For terminals that show no colours.
    pub const TERMINAL: Style = Style { color: false, unicode: true };
    /// For terminals.
    pub const COLORED: Style = Style { color: true, unicode: true };
}

/// A diagnostic in several lines, the last of which ends with a newline.
pub fn render(diagnostic: &Diagnostic, map: &SourceMap, style: Style) -> String {
    let headline = Headline {
        kind: format!("{}[{}]", diagnostic.level.word(), diagnostic.code),
        level: diagnostic.level,
        message: &diagnostic.message,
    };
    let mut advice = Advice { notes: diagnostic.notes.clone(), help: diagnostic.help.clone() };
    advice.help.extend(diagnostic.suggestions.iter().map(|suggestion| suggested(suggestion, map)));
    draw(&headline, &diagnostic.primary, &diagnostic.secondary, &advice, map, style)
}

/// An error that is about no program and has no code, in one line: a file that cannot be written.
pub fn render_message(message: &str, style: Style) -> String {
    first_line(&Headline { kind: "error".to_string(), level: Level::Error, message }, style)
}

/// What stands on a report's first line.
pub(super) struct Headline<'a> {
    /// What comes before the colon.
    pub(super) kind: String,
    pub(super) level: Level,
    pub(super) message: &'a str,
}

/// What stands below the excerpt.
#[derive(Default)]
pub(super) struct Advice {
    pub(super) notes: Vec<String>,
    pub(super) help: Vec<String>,
}

/// Draws a report; without an excerpt where the primary place has none.
pub(super) fn draw(
    headline: &Headline<'_>,
    primary: &Label,
    secondary: &[Label],
    advice: &Advice,
    map: &SourceMap,
    style: Style,
) -> String {
    let mut views = Views::default();
    let Some(first) = views.place(primary.span, map) else {
        return without_excerpt(headline, primary, advice, map, style);
    };
    let main = match headline.level {
        Level::Error => Color::Red,
        Level::Warning => Color::Yellow,
    };
    let mut marks = Vec::with_capacity(secondary.len() + 1);
    for label in secondary {
        marks.extend(views.place(label.span, map).map(|placed| (placed, label.text.as_str(), Color::Blue)));
    }
    // What needs no words is underlined only. Beside a label with words it needs none of its own for that.
    let beside = |other: Placed| first.is_one_line() && other.is_one_line() && other.shares_line(first);
    let silent = primary.text.is_empty() && marks.iter().any(|&(other, ..)| beside(other));
    let crossed = !first.is_one_line() || marks.iter().any(|(other, ..)| other.shares_line(first));
    let text = if primary.text.is_empty() && crossed { "here" } else { &primary.text };
    marks.insert(0, (first, if silent { "" } else { text }, main));
    // Later labels of a line are drawn above earlier ones, so that their arrows do not cross.
    let place = |placed: Placed| (placed.view != 0, placed.view, placed.last.0);
    marks
        .sort_by_key(|&(placed, text, _)| (place(placed), silent && text.is_empty(), Reverse(placed.last.1)));
    let flat = marks.iter().all(|(placed, ..)| placed.is_one_line());
    let shown: Vec<Shown> = views.list.iter().map(|view| view.show(map)).collect();
    let mut report = Report::build(ReportKind::Error, view::span(first, &shown)).with_config(config(style));
    for (order, (placed, text, color)) in marks.into_iter().enumerate() {
        let mark = Mark::new(view::span(placed, &shown)).with_color(color).with_order(order as i32);
        let worded = !(silent && text.is_empty());
        report.add_label(if worded { mark.with_message(clean(text)) } else { mark });
    }
    report.with_helps(advice.help.iter().map(|text| clean(text)));
    report.with_notes(advice.notes.iter().map(|text| clean(text)));
    let (mut bytes, mut sources) = (Vec::new(), Sources(shown));
    match report.finish().write(&mut sources, &mut bytes) {
        Ok(()) => {
            let text = String::from_utf8_lossy(&bytes);
            // ariadne's own first line is colored whether or not it should be.
            let below = text.split_once('\n').map_or("", |(_, below)| below);
            first_line(headline, style) + &rows::tidy(&drawn::renumber(below, &sources.0), flat)
        }
        Err(_) => without_excerpt(headline, primary, advice, map, style),
    }
}

/// `error[E0401]: expected …`, with its newline.
fn first_line(headline: &Headline<'_>, style: Style) -> String {
    let Headline { kind, level, message } = headline;
    let message = clean(message);
    match (style.color, level) {
        (false, _) => format!("{kind}: {message}\n"),
        (true, Level::Error) => format!("\x1b[1;31m{kind}\x1b[0;1m: {message}\x1b[0m\n"),
        (true, Level::Warning) => format!("\x1b[1;33m{kind}\x1b[0;1m: {message}\x1b[0m\n"),
    }
}

fn config(style: Style) -> Config {
    let chars = if style.unicode { CharSet::Unicode } else { CharSet::Ascii };
    Config::new().with_color(style.color).with_char_set(chars).with_tab_width(4).with_cross_gap(false)
}

/// Headline, place and advice, a line each.
fn without_excerpt(
    headline: &Headline<'_>,
    primary: &Label,
    advice: &Advice,
    map: &SourceMap,
    style: Style,
) -> String {
    let mut out = first_line(headline, style);
    if let Some(place) = map.locate(primary.span) {
        out += &format!("  at {}\n", clean(&place.to_string()));
    }
    for (word, list) in [("Help", &advice.help), ("Note", &advice.notes)] {
        for text in list {
            out += &format!("  {word}: {}\n", clean(text).replace('\n', "\n        "));
        }
    }
    out
}

/// A suggestion in words, with the lines as they would be.
fn suggested(suggestion: &Suggestion, map: &SourceMap) -> String {
    let message = suggestion.message.clone();
    let Some(file) = suggestion.edits.first().and_then(|edit| map.file_of(edit.span)) else { return message };
    let mut lines: BTreeMap<u32, String> = BTreeMap::new();
    // From the last edit to the first, so that places in a line stay what they are.
    for edit in suggestion.edits.iter().rev() {
        let (number, _) = file.line_column(edit.span.lo);
        let line = lines.entry(number).or_insert_with(|| file.line_text(number).to_string());
        let start = file.text_offset(edit.span.lo) - file.text_offset(file.line_start(number));
        let end = start + file.slice(edit.span).len();
        if line.len() > MAX_COLUMN as usize || line.get(start..end).is_none() {
            return message;
        }
        line.replace_range(start..end, &edit.replacement);
    }
    let shown = lines.values().take(MOST_LINES);
    let mut fixed: Vec<&str> = shown.flat_map(|line| line.lines()).map(str::trim_end).collect();
    fixed.extend((lines.len() > MOST_LINES).then_some("…"));
    let indent = |line: &&str| line.len() - line.trim_start().len();
    let least = fixed.iter().filter(|line| !matches!(**line, "" | "…")).map(indent).min().unwrap_or(0);
    let fixed: Vec<&str> = fixed.into_iter().map(|line| line.get(least..).unwrap_or("")).collect();
    match fixed.join("\n").trim_matches('\n') {
        "" => message,
        fixed => format!("{message}:\n{fixed}"),
    }
}

//! Diagnostics as people read them. The only file that uses ariadne.
//!
//! ariadne is given a *view* of each file instead of the file: as many lines, but all of them empty
//! except those that a label begins or ends on. So a report costs little however long the file is,
//! characters that would disturb a terminal can be replaced one for one, and overlong lines can be
//! cut. Labels are placed in the view by line and column, as counts of characters, which cannot fall
//! inside of a character.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use ariadne::{CharSet, Color, Config, Label as Mark, Report, ReportKind, Source};

use super::{Diagnostic, Label, Level, Suggestion};
use crate::source::{SourceFile, SourceMap, Span};

/// A label that ends beyond this column is shown by its place alone, without an excerpt.
const MAX_COLUMN: u32 = 1000;
/// How far an excerpt goes on after the last label of a line.
const LINE_REST: usize = 120;

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
    // What needs no words is underlined only; but where arrows cross its line, it has one as well.
    let alone = first.is_one_line() && !marks.iter().any(|(other, ..)| other.shares_line(first));
    let text = if primary.text.is_empty() && !alone { "here" } else { &primary.text };
    marks.insert(0, (first, text, main));
    // Later labels of a line are drawn above earlier ones, so that their arrows do not cross.
    marks.sort_by_key(|(placed, ..)| (placed.view != 0, placed.view, placed.last.0, Reverse(placed.last.1)));
    let shown: Vec<Shown> = views.list.iter().map(|view| view.show(map)).collect();
    let mut report = Report::build(ReportKind::Error, span(first, &shown)).with_config(config(style));
    for (order, (placed, text, color)) in marks.into_iter().enumerate() {
        let mark = Mark::new(span(placed, &shown)).with_message(clean(text)).with_color(color);
        report.add_label(mark.with_order(order as i32));
    }
    report.with_helps(advice.help.iter().map(|text| clean(text)));
    report.with_notes(advice.notes.iter().map(|text| clean(text)));
    let mut bytes = Vec::new();
    match report.finish().write(Sources(shown), &mut bytes) {
        Ok(()) => {
            let drawn = String::from_utf8_lossy(&bytes);
            // ariadne's own first line is colored whether or not it should be.
            let below = drawn.split_once('\n').map_or("", |(_, below)| below);
            first_line(headline, style) + &tidy(below)
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

/// A suggestion in words, with the line as it would be.
fn suggested(suggestion: &Suggestion, map: &SourceMap) -> String {
    let Some(file) = map.file_of(suggestion.span) else { return suggestion.message.clone() };
    let (line, _) = file.line_column(suggestion.span.lo);
    let text = file.line_text(line);
    let start = file.text_offset(suggestion.span.lo) - offset_of_line(file, line);
    let end = start + file.slice(suggestion.span).len();
    match (text.get(..start), text.get(end..)) {
        (Some(before), Some(after)) if text.len() < MAX_COLUMN as usize => {
            let fixed = format!("{before}{}{after}", suggestion.replacement);
            match fixed.trim() {
                "" => suggestion.message.clone(),
                fixed => format!("{}:\n{fixed}", suggestion.message),
            }
        }
        _ => suggestion.message.clone(),
    }
}

fn offset_of_line(file: &SourceFile, line: u32) -> usize {
    file.line_text(line).as_ptr() as usize - file.text().as_ptr() as usize
}

/// A label's place in a view: its first and its last character, as line and column from 0.
#[derive(Clone, Copy)]
struct Placed {
    view: usize,
    first: (u32, u32),
    last: (u32, u32),
}

impl Placed {
    fn is_one_line(self) -> bool {
        self.first.0 == self.last.0
    }

    /// Whether it reaches over the line that `other` begins on.
    fn shares_line(self, other: Placed) -> bool {
        self.view == other.view && (self.first.0..=self.last.0).contains(&other.first.0)
    }
}

/// What is shown of the files that a report names.
#[derive(Default)]
struct Views {
    list: Vec<View>,
}

/// What is shown of a file.
struct View {
    base: u32,
    /// The lines that are not empty in the view, from 0, with the characters shown of each.
    lines: BTreeMap<u32, usize>,
}

impl Views {
    /// Finds a place and makes its lines visible; nothing for places that cannot be shown.
    fn place(&mut self, span: Span, map: &SourceMap) -> Option<Placed> {
        let file = map.file_of(span)?;
        let (first, last) = ends(file, span);
        if first.1.max(last.1) > MAX_COLUMN {
            return None;
        }
        let view = self.list.iter().position(|view| view.base == file.base()).unwrap_or_else(|| {
            self.list.push(View { base: file.base(), lines: BTreeMap::new() });
            self.list.len() - 1
        });
        for (line, column) in [first, last] {
            let shown = self.list[view].lines.entry(line).or_default();
            *shown = (*shown).max(column as usize + 1);
        }
        Some(Placed { view, first, last })
    }
}

impl View {
    /// As many lines as the last one needs. Every visible line is padded to its labels' ends, and cut
    /// some way behind them.
    fn show(&self, map: &SourceMap) -> Shown {
        let file = map.file_of(Span::new(self.base, self.base));
        let (mut text, mut starts) = (String::new(), BTreeMap::new());
        let (mut line, mut length) = (0, 0);
        for (&next, &labelled) in &self.lines {
            text.extend(std::iter::repeat_n('\n', (next - line) as usize));
            length += (next - line) as usize;
            line = next;
            starts.insert(line, length);
            let mut chars = file.map_or("", |file| file.line_text(line + 1)).chars();
            let shown = text.len();
            text.extend(chars.by_ref().take(labelled + LINE_REST).map(visible));
            if chars.next().is_some() {
                text.push('…');
            }
            let count = text[shown..].chars().count();
            text.extend(std::iter::repeat_n(' ', labelled.saturating_sub(count)));
            length += count.max(labelled);
        }
        Shown {
            path: file.map_or(String::new(), |file| clean(file.path())),
            source: Source::from(text),
            starts,
        }
    }
}

/// A view that is drawn.
struct Shown {
    path: String,
    source: Source,
    /// Where its visible lines begin, in characters.
    starts: BTreeMap<u32, usize>,
}

/// Where a place is in its view, in characters.
fn span(placed: Placed, shown: &[Shown]) -> (usize, std::ops::Range<usize>) {
    let offset = |(line, column): (u32, u32)| {
        let start = shown.get(placed.view).and_then(|shown| shown.starts.get(&line));
        start.map_or(0, |start| start + column as usize)
    };
    let first = offset(placed.first);
    (placed.view, first..offset(placed.last).max(first) + 1)
}

/// The first and the last character of a place, as line and column from 0; an empty place counts as
/// the character after it.
fn ends(file: &SourceFile, span: Span) -> ((u32, u32), (u32, u32)) {
    let first = file.line_column(span.lo);
    let text = file.slice(span);
    let last = match text.chars().next_back() {
        Some(last) => {
            let end = file.base() + (file.text_offset(span.lo) + text.len() - last.len_utf8()) as u32;
            file.line_column(end)
        }
        None => first,
    };
    ((first.0 - 1, first.1 - 1), (last.0 - 1, last.1 - 1))
}

/// ariadne's way to the views.
struct Sources(Vec<Shown>);

impl ariadne::Cache<usize> for Sources {
    type Storage = String;

    fn fetch(&mut self, id: &usize) -> Result<&Source, impl std::fmt::Debug> {
        self.0.get(*id).map(|shown| &shown.source).ok_or("no such view")
    }

    fn display<'a>(&self, id: &'a usize) -> Option<impl std::fmt::Display + 'a> {
        self.0.get(*id).map(|shown| shown.path.clone())
    }
}

/// One character for one that a terminal would obey instead of showing it.
fn visible(c: char) -> char {
    match c {
        '\t' => c,
        '\0'..='\x1f' => char::from_u32(0x2400 + u32::from(c)).unwrap_or(' '),
        '\x7f' => '\u{2421}',
        '\u{80}'..='\u{9f}' | '\u{2028}' | '\u{2029}' => '\u{fffd}',
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
        _ => c,
    }
}

/// Words for the terminal: lines stay lines, other control characters become visible.
fn clean(text: &str) -> String {
    text.chars().map(|c| if c == '\n' { c } else { visible(c) }).collect()
}

/// Takes off the spaces to which ariadne pads lines, and the arrows of labels without words.
fn tidy(drawn: &str) -> String {
    let mut out = String::with_capacity(drawn.len());
    for line in drawn.lines().map(str::trim_end) {
        if !is_bare_arrow(line) {
            out.push_str(line);
            out.push('\n');
            continue;
        }
        // The line before underlines the label; the last bar in it is where the arrow begins.
        let start = out.trim_end().rfind('\n').map_or(0, |end| end + 1);
        for (bar, line) in [('|', "^"), ('┬', "─")] {
            if let Some(at) = out[start..].rfind(bar) {
                out.replace_range(start + at..start + at + bar.len_utf8(), line);
            }
        }
    }
    out
}

/// Whether a line shows only the end of an arrow that leads to no words.
fn is_bare_arrow(line: &str) -> bool {
    let mut plain = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, escape)) = rest.split_once('\x1b') {
        plain.push_str(before);
        rest = escape.split_once('m').map_or("", |(_, after)| after);
    }
    plain.push_str(rest);
    let below_margin = plain.trim_start().strip_prefix(['|', '│']).map(str::trim_start);
    let dashes = below_margin.and_then(|arrow| arrow.strip_prefix(['`', '╰']));
    dashes.is_some_and(|dashes| !dashes.is_empty() && dashes.chars().all(|c| c == '-' || c == '─'))
}

//! What ariadne sees of the files that a report is about.
//!
//! A *view* has the lines that a label begins or ends on, and one empty line for all those between two of
//! them. So a report costs the same however long the file is, characters that would disturb a terminal can be
//! replaced one for one, and overlong lines can be cut. Labels are placed in the view by line and column, as
//! counts of characters, which cannot fall inside of a character.

use std::collections::BTreeMap;

use ariadne::Source;

use crate::source::{SourceFile, SourceMap, Span};

/// A label that ends beyond this column is shown by its place alone, without an excerpt.
pub(super) const MAX_COLUMN: u32 = 1000;
/// How far an excerpt goes on after the last label of a line.
const LINE_REST: usize = 120;
/// Begins the name that a view has while it is drawn: no text that is shown holds this character.
pub(super) const NAME_MARK: char = '\u{1}';

/// A label's place in a view: its first and its last character, as line and column from 0.
#[derive(Clone, Copy)]
pub(super) struct Placed {
    pub(super) view: usize,
    first: (u32, u32),
    pub(super) last: (u32, u32),
}

impl Placed {
    pub(super) fn is_one_line(self) -> bool {
        self.first.0 == self.last.0
    }

    /// Whether it reaches over the line that `other` begins on.
    pub(super) fn shares_line(self, other: Placed) -> bool {
        self.view == other.view && (self.first.0..=self.last.0).contains(&other.first.0)
    }
}

/// What is shown of the files that a report names.
#[derive(Default)]
pub(super) struct Views {
    pub(super) list: Vec<View>,
}

/// What is shown of a file.
pub(super) struct View {
    base: u32,
    /// The lines that are not empty in the view, from 0, with the characters shown of each.
    lines: BTreeMap<u32, usize>,
}

impl Views {
    /// Finds a place and makes its lines visible; nothing for places that cannot be shown.
    pub(super) fn place(&mut self, span: Span, map: &SourceMap) -> Option<Placed> {
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
    /// Every visible line is padded to its labels' ends, and cut some way behind them.
    pub(super) fn show(&self, map: &SourceMap) -> Shown {
        let file = map.file_of(Span::new(self.base, self.base));
        let (mut text, mut starts, mut lines) = (String::new(), BTreeMap::new(), Vec::new());
        let (mut last, mut length) = (None, 0);
        for (&line, &labelled) in &self.lines {
            // All that ariadne draws of the lines between is that there are some.
            let between = last.map_or(0, |last: u32| (line - last).min(2));
            text.extend(std::iter::repeat_n('\n', between as usize));
            length += between as usize;
            lines.extend((between == 2).then_some(line));
            lines.push(line + 1);
            last = Some(line);
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
        let path = file.map_or(String::new(), |file| clean(file.path()));
        Shown { path, source: Source::from(text), starts, lines }
    }
}

/// A view that is drawn.
pub(super) struct Shown {
    /// The path of its file.
    pub(super) path: String,
    source: Source,
    /// Where its visible lines begin, in characters.
    starts: BTreeMap<u32, usize>,
    /// The number that each line of the view has in the file, from 1.
    pub(super) lines: Vec<u32>,
}

/// Where a place is in its view, in characters.
pub(super) fn span(placed: Placed, shown: &[Shown]) -> (usize, std::ops::Range<usize>) {
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
pub(super) struct Sources(pub(super) Vec<Shown>);

impl ariadne::Cache<usize> for Sources {
    type Storage = String;

    fn fetch(&mut self, id: &usize) -> Result<&Source, impl std::fmt::Debug> {
        self.0.get(*id).map(|shown| &shown.source).ok_or("no such view")
    }

    fn display<'a>(&self, id: &'a usize) -> Option<impl std::fmt::Display + 'a> {
        Some(format!("{NAME_MARK}{id}"))
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
pub(super) fn clean(text: &str) -> String {
    text.chars().map(|c| if c == '\n' { c } else { visible(c) }).collect()
}

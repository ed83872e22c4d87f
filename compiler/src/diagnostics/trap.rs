//! A runtime error in the shape of a compile error, for whoever runs programs.

use std::fmt::Write as _;

use super::human::{Advice, Headline, draw};
use super::{Label, Level, Style};
use crate::source::{SourceMap, Span};

/// Frames shown at each end of a call stack that is too long to be shown whole.
const FRAMES_SHOWN: usize = 12;

/// A place in a file, as the line table of a module gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrapPlace<'a> {
    /// The file's path.
    pub path: &'a str,
    /// The line, from 1; 0 where it is not known.
    pub line: u32,
    /// The column, from 1, in characters.
    pub column: u32,
    /// How many characters failed; 0 underlines one.
    pub length: u32,
}

/// One call of the stack, innermost first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrapFrame<'a> {
    /// The function's name. Empty for top-level statements; in angle brackets for what the compiler
    /// makes around a program, which is not shown where it has no place.
    pub function: &'a str,
    /// Where it was, if that is known.
    pub place: Option<TrapPlace<'a>>,
    /// How many such calls lay on each other, at least 1.
    pub repeats: usize,
}

/// A runtime error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trap<'a> {
    /// What happened, with the values involved. Lines after the first become a note.
    pub message: &'a str,
    /// The place that failed: the innermost frame's, as a rule.
    pub place: Option<TrapPlace<'a>>,
    /// The text of the place's file, if it is at hand.
    pub source: Option<&'a str>,
    /// The calls that led there, innermost first.
    pub frames: &'a [TrapFrame<'a>],
    /// How many calls in the middle of the stack `frames` leaves out.
    pub omitted: usize,
}

/// The error in several lines, with an excerpt if there is source text, and the stack of calls below.
pub fn render_trap(trap: &Trap<'_>, style: Style) -> String {
    let mut map = SourceMap::new();
    let span = trap.place.as_ref().and_then(|place| span_of(place, trap.source?, &mut map));
    let (message, rest) = trap.message.split_once('\n').unwrap_or((trap.message, ""));
    let headline = Headline { kind: "runtime error".to_string(), level: Level::Error, message };
    let advice = Advice {
        notes: (!rest.is_empty()).then(|| rest.to_string()).into_iter().collect(),
        help: Vec::new(),
    };
    let label = Label { span: span.unwrap_or_default(), text: String::new() };
    let mut out = draw(&headline, &label, &[], &advice, &map, style);
    if let (None, Some(place)) = (span, &trap.place) {
        let _ = writeln!(out, "  at {}", Shown(place));
    }
    write_frames(&mut out, trap.frames, trap.omitted);
    out
}

/// The place of a line and column in text that stands in no map yet.
fn span_of(place: &TrapPlace<'_>, source: &str, map: &mut SourceMap) -> Option<Span> {
    let id = map.add(place.path, source).ok()?;
    let file = map.file(id);
    if place.line == 0 || place.line > file.line_count() {
        return None;
    }
    let line = file.line_text(place.line);
    let start = file.base() + (line.as_ptr() as usize - file.text().as_ptr() as usize) as u32;
    let at = |column: usize| line.char_indices().nth(column).map_or(line.len(), |(offset, _)| offset) as u32;
    let column = place.column.saturating_sub(1) as usize;
    Some(Span::new(start + at(column), start + at(column + place.length as usize)))
}

/// A line a frame; a frame that recurs in succession stands once, and a long stack is cut in the middle.
fn write_frames(out: &mut String, frames: &[TrapFrame<'_>], omitted: usize) {
    let is_shown = |frame: &TrapFrame<'_>| frame.place.is_some() || !frame.function.starts_with('<');
    let runs: Vec<_> = frames.chunk_by(|a, b| a == b).filter(|run| is_shown(&run[0])).collect();
    if runs.is_empty() {
        return;
    }
    let _ = writeln!(out, "stack of calls:");
    if runs.len() <= 2 * FRAMES_SHOWN + 1 {
        return write_runs(out, &runs);
    }
    let (first, rest) = runs.split_at(FRAMES_SHOWN);
    let (hidden, last) = rest.split_at(rest.len() - FRAMES_SHOWN);
    write_runs(out, first);
    let more = omitted + hidden.iter().map(|run| calls(run)).sum::<usize>();
    let _ = writeln!(out, "  ({more} more calls)");
    write_runs(out, last);
}

fn write_runs(out: &mut String, runs: &[&[TrapFrame<'_>]]) {
    for run in runs {
        let TrapFrame { function, place, .. } = &run[0];
        let _ = write!(out, "  {}", if function.is_empty() { "top level" } else { function });
        if let Some(place) = place {
            let _ = write!(out, " {}", Shown(place));
        }
        let _ = match calls(run) {
            1 => writeln!(out),
            count => writeln!(out, " ({count} times)"),
        };
    }
}

/// How many calls a run of equal frames stands for.
fn calls(run: &[TrapFrame<'_>]) -> usize {
    run.iter().map(|frame| frame.repeats).sum()
}

struct Shown<'a>(&'a TrapPlace<'a>);

impl std::fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let TrapPlace { path, line, column, .. } = self.0;
        match line {
            0 => f.write_str(path),
            _ => write!(f, "{path}:{line}:{column}"),
        }
    }
}

//! The line table: places in the source as lines and columns.

use lang_bytecode::{Line, Place, Scope};

use crate::ir::{At, Function};
use crate::source::{SourceMap, Span};

/// The table of the function under way.
pub(super) struct Lines<'a> {
    map: &'a SourceMap,
    lines: Vec<Line>,
    last: Option<At>,
    known: Option<Known>,
}

impl<'a> Lines<'a> {
    pub(super) fn new(map: &'a SourceMap) -> Lines<'a> {
        Lines { map, lines: Vec::new(), last: None, known: None }
    }

    /// The code from here on comes from `at`. Code without a place goes on with the one before.
    pub(super) fn at(&mut self, word: usize, at: At) {
        if self.last == Some(at) || at.span == Span::default() {
            return;
        }
        self.last = Some(at);
        let line = Line { at: word as u32, place: self.place(at.span), scope: at.scope };
        match self.lines.last_mut() {
            Some(last) if last.at == line.at => *last = line,
            _ => self.lines.push(line),
        }
    }

    /// The table of the function; the next one begins.
    pub(super) fn take(&mut self) -> Vec<Line> {
        self.last = None;
        std::mem::take(&mut self.lines)
    }

    /// The calls that were inlined into a function.
    pub(super) fn scopes(&mut self, function: &Function) -> Vec<Scope> {
        let scope = |scope: &crate::ir::Scope| Scope {
            name: scope.name.to_string(),
            call: self.place(scope.call),
            parent: scope.parent,
        };
        function.scopes.iter().map(scope).collect()
    }

    /// A place as line, column and length in characters of its first line. On very long lines it is counted on from
    /// the place before, so that the whole table takes linear time.
    pub(super) fn place(&mut self, span: Span) -> Place {
        let Some(id) = self.map.file_id_at(span.lo) else { return Place::default() };
        let file = self.map.file(id);
        let known = self.known.filter(|known| known.place.source == id.0 && known.span.lo <= span.lo);
        let since = known.map_or("", |known| file.slice(Span::new(known.span.lo, span.lo)));
        let (line, column) = match known {
            Some(known) if !since.contains('\n') => {
                (known.place.line, known.place.column + since.chars().count() as u32)
            }
            _ => file.line_column(span.lo),
        };
        let length = match known {
            Some(known) if known.span.lo == span.lo && known.span.hi <= span.hi && !known.cut => {
                let rest = file.slice(Span::new(known.span.hi, span.hi));
                first_line(rest).map(|(length, cut)| (known.place.length + length, cut))
            }
            _ => first_line(file.slice(span)),
        };
        let (length, cut) = length.unwrap_or_default();
        let place = Place { source: id.0, line, column, length };
        self.known = Some(Known { span, place, cut });
        place
    }
}

/// How many characters of a text are on its first line, and whether there are other lines.
fn first_line(text: &str) -> Option<(u32, bool)> {
    let line = text.split('\n').next()?;
    Some((line.trim_end_matches('\r').chars().count() as u32, line.len() < text.len()))
}

/// The place that was found last.
#[derive(Clone, Copy)]
struct Known {
    span: Span,
    place: Place,
    /// Whether its text goes on in other lines.
    cut: bool,
}

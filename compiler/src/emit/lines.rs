//! The line table: places in the source as lines and columns.

use lang_bytecode::{Line, Place, Scope};

use crate::ir::{At, Function};
use crate::source::{SourceMap, Span};

/// The table of the function under way.
pub(super) struct Lines<'a> {
    map: &'a SourceMap,
    lines: Vec<Line>,
    last: Option<At>,
}

impl<'a> Lines<'a> {
    pub(super) fn new(map: &'a SourceMap) -> Lines<'a> {
        Lines { map, lines: Vec::new(), last: None }
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
    pub(super) fn scopes(&self, function: &Function) -> Vec<Scope> {
        let scope = |scope: &crate::ir::Scope| Scope {
            name: scope.name.to_string(),
            call: self.place(scope.call),
            parent: scope.parent,
        };
        function.scopes.iter().map(scope).collect()
    }

    /// A place as line, column and length in characters of its first line.
    fn place(&self, span: Span) -> Place {
        let Some(id) = self.map.file_id_at(span.lo) else { return Place::default() };
        let file = self.map.file(id);
        let (line, column) = file.line_column(span.lo);
        let text = file.slice(span);
        let text = text.split('\n').next().unwrap_or_default();
        let length = text.trim_end_matches('\r').chars().count() as u32;
        Place { source: id.0, line, column, length }
    }
}

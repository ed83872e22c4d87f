//! Collects diagnostics and puts them in the order in which people read them.

use rustc_hash::FxHashSet;

use super::{Diagnostic, Level};

/// The diagnostics of a compilation.
#[derive(Clone, Debug, Default)]
pub struct Sink {
    list: Vec<Diagnostic>,
}

impl Sink {
    /// An empty sink.
    pub fn new() -> Sink {
        Sink::default()
    }

    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.list.push(diagnostic);
    }

    /// Adds many.
    pub fn extend(&mut self, diagnostics: impl IntoIterator<Item = Diagnostic>) {
        self.list.extend(diagnostics);
    }

    /// Those added so far, in the order in which they were found.
    pub fn as_slice(&self) -> &[Diagnostic] {
        &self.list
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Whether one of them is an error.
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(Diagnostic::is_error)
    }

    /// Makes every warning an error.
    pub fn deny_warnings(&mut self) {
        for diagnostic in &mut self.list {
            diagnostic.level = Level::Error;
        }
    }

    /// All of them, sorted by place, and no two errors at one place: the first that was found there
    /// is the cause, the others follow from it.
    pub fn finish(mut self) -> Vec<Diagnostic> {
        let mut seen = FxHashSet::default();
        self.list.retain(|d| d.primary.span == Default::default() || seen.insert((d.primary.span, d.level)));
        self.list.sort_by_key(|d| d.primary.span);
        self.list
    }
}

impl From<Vec<Diagnostic>> for Sink {
    fn from(list: Vec<Diagnostic>) -> Sink {
        Sink { list }
    }
}

#[cfg(test)]
mod tests {
    use super::Sink;
    use crate::diagnostics::{Diagnostic, codes};
    use crate::source::Span;

    #[test]
    fn the_first_error_at_a_place_stays() {
        let mut sink = Sink::new();
        let at = |lo, message: &str| Diagnostic::new(codes::TYPE_MISMATCH, Span::new(lo, lo + 1), message);
        sink.extend([at(9, "late"), at(3, "cause"), at(3, "consequence")]);
        sink.push(Diagnostic::new(codes::UNUSED_VARIABLE, Span::new(3, 4), "warning at the same place"));
        sink.push(Diagnostic::new(codes::UNREADABLE_FILE, Span::default(), "no place"));
        sink.push(Diagnostic::new(codes::UNREADABLE_FILE, Span::default(), "no place either"));
        assert!(sink.has_errors());
        let messages: Vec<String> = sink.finish().into_iter().map(|diagnostic| diagnostic.message).collect();
        assert_eq!(messages, ["no place", "no place either", "cause", "warning at the same place", "late"]);
    }

    #[test]
    fn warnings_become_errors_when_denied() {
        let mut sink = Sink::new();
        sink.push(Diagnostic::new(codes::UNUSED_VARIABLE, Span::new(3, 4), "unused"));
        assert!(!sink.has_errors());
        sink.deny_warnings();
        assert!(sink.has_errors());
    }
}

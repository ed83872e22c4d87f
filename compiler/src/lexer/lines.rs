//! What stands between tokens: line ends, comments, and where a statement ends.

use super::Lexer;
use super::brackets::{Nesting, OpenKind};
use super::token::Token;
use crate::diagnostics::{Diagnostic, codes};

impl Lexer<'_> {
    /// A `\n`.
    pub(super) fn line_end(&mut self) {
        if !self.strings.is_empty() && self.hole_ends_with_line() {
            return self.break_hole();
        }
        self.at += 1;
        self.line_ended = true;
    }

    /// Moves to the next `\n`.
    pub(super) fn skip_line(&mut self) {
        let length = self.text.as_bytes()[self.at..].iter().position(|&b| b == b'\n');
        self.at = length.map_or(self.text.len(), |length| self.at + length);
    }

    /// `//` or `///`.
    pub(super) fn line_comment(&mut self) {
        let start = self.at;
        self.skip_line();
        let line = &self.text[start..self.at];
        if line.starts_with("///") && !line.starts_with("////") {
            let line = line[3..].trim_end();
            self.docs.push(line.strip_prefix(' ').unwrap_or(line));
        }
    }

    /// `/* … */`, which nests.
    pub(super) fn block_comment(&mut self) {
        let start = self.at;
        let mut depth = 0;
        loop {
            match (self.peek(0), self.peek(1)) {
                (b'/', b'*') => {
                    depth += 1;
                    self.at += 2;
                }
                (b'*', b'/') => {
                    depth -= 1;
                    self.at += 2;
                    if depth == 0 {
                        return;
                    }
                }
                (0, _) if self.at_end() => break,
                (byte, _) => {
                    self.line_ended |= byte == b'\n';
                    self.at += 1;
                }
            }
        }
        let opening = self.span(start, start + 2);
        self.out.cut_off = Some(opening.lo);
        let diagnostic = Diagnostic::new(codes::UNCLOSED_COMMENT, opening, "unterminated comment");
        self.error(diagnostic.label("no `*/` closes this").note("block comments nest"));
    }

    /// Whether a line end can end a statement here: not directly within `( )`, `[ ]` and `${ }`.
    pub(super) fn lines_count(&self) -> bool {
        self.open.last().is_none_or(|open| open.kind == OpenKind::Brace)
    }

    /// What must stand before a token at `lo`: a statement's end, missing brackets, a doc comment.
    pub(super) fn before_token(&mut self, next: Token, lo: usize) {
        self.insert_closers(lo);
        self.insert_openers(lo);
        if std::mem::take(&mut self.line_ended) {
            self.close_lost_at_line_end(next, lo);
            if self.lines_count() && self.prev().ends_statement() && !next.continues_statement() {
                self.end_statement();
            }
        }
        self.close_lost_before(next, lo);
        if !self.docs.is_empty() {
            let text = std::mem::take(&mut self.docs).join("\n");
            let place = self.out.spans.last().map_or(lo, |span| (span.hi - self.base) as usize);
            if self.lines_count() && !next.is_closer() {
                let docs = self.names.intern(&text);
                self.push_raw(Token::Doc(docs), place, lo);
            }
        }
    }

    /// Adds a `Newline` where the last token ends.
    pub(super) fn end_statement(&mut self) {
        let end = self.out.spans.last().map_or(0, |span| (span.hi - self.base) as usize);
        self.push_raw(Token::Newline, end, end);
        self.nesting = Nesting::default();
        self.angles.clear();
        self.closures.retain(|&depth| depth < self.open.len());
    }

    /// A `;`: the end of a statement, or a separator within brackets.
    pub(super) fn semicolon(&mut self) {
        let start = self.at;
        self.at += 1;
        if !self.lines_count() {
            self.push(Token::Semicolon, start, self.at);
        } else if !matches!(self.prev(), Token::Newline | Token::LBrace) {
            self.line_ended = false;
            self.end_statement();
        }
    }
}

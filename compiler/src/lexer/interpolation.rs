//! What `${` and `}` do within a string, and what to make of them when one is missing.

use super::format::parse_spec;
use super::string::OpenString;
use super::token::Token;
use super::{Lexer, OpenKind};
use crate::diagnostics::{Diagnostic, codes};

impl Lexer<'_> {
    /// Leaves a string at its `${`; the text before it is `from..end`.
    pub(super) fn open_hole(&mut self, mut string: OpenString, from: usize, end: usize) {
        if !string.interpolated {
            string.interpolated = true;
            self.push(Token::StrOpen, string.start, string.start + 1);
        }
        self.text_token(&mut string, from, end);
        self.at = end + 2;
        self.push(Token::HoleOpen, end, self.at);
        self.strings.push(string);
        self.open(OpenKind::Hole, end);
    }

    /// The format after the colon of an interpolation; the colon was read.
    pub(super) fn format_spec(&mut self) {
        let from = self.at;
        let rest = self.rest();
        // The fill may be any character when an alignment follows it.
        let fill = rest.chars().next().filter(|_| rest.chars().nth(1).is_some_and(|c| "<^>".contains(c)));
        let skipped = fill.filter(|&c| c != '\n').map_or(0, char::len_utf8);
        let length = rest[skipped..].find(['}', '"', '\n']).unwrap_or(rest.len() - skipped) + skipped;
        let end = from + length;
        self.at = end;
        let place = self.span(from, end);
        let spec = parse_spec(&self.text[from..end], place).unwrap_or_else(|problem| {
            if self.peek(0) == b'}' {
                let message = format!("malformed format: {problem}");
                let diagnostic = Diagnostic::new(codes::BAD_FORMAT_SPEC, self.span(from - 1, end), message);
                let form = "[[fill]align][sign][0][width][.precision][x|X|b|o|e]";
                self.error(diagnostic.help(format!("a format is `{form}`")));
            }
            crate::ast::FormatSpec { span: place, ..Default::default() }
        });
        let index = self.out.specs.len() as u32;
        self.out.specs.push(spec);
        self.push(Token::Spec(index), from, end);
        if self.peek(0) != b'}' || self.at_end() {
            self.break_hole();
        }
    }

    /// Whether the `"` here, within an interpolation, is the end of the string around it because
    /// the `}` is missing: no other follows on the line.
    pub(super) fn ends_broken_hole(&self) -> bool {
        let within = self.strings.last().is_some_and(|string| !string.triple) && self.within_hole();
        within && self.text.as_bytes().get(self.find_close(b'"', self.at + 1)) != Some(&b'"')
    }

    /// Whether an interpolation ends with the line here because its `}` is missing.
    pub(super) fn hole_ends_with_line(&self) -> bool {
        let next = self.rest().trim_start();
        let directly = self.open.last().is_some_and(|open| open.kind == OpenKind::Hole);
        let goes_on = next.starts_with(['}', '.', '?', '+', '-', '*', '/']);
        directly && (self.prev().ends_operand() || self.prev() == Token::Comma) && !goes_on
    }

    /// Reports an interpolation without its `}` and goes on with the string around it.
    pub(super) fn break_hole(&mut self) {
        let at = self.at;
        let Some(start) = self.close_hole() else { return };
        let opening = self.span(start, start + 2);
        let diagnostic =
            Diagnostic::new(codes::UNCLOSED_INTERPOLATION, opening, "unterminated interpolation");
        let help = "a `${` that is meant as text is written `\\${`";
        self.error(diagnostic.label("no `}` closes this").help(help));
        self.push(Token::HoleClose, at, at);
        if let Some(string) = self.strings.pop() {
            let end = self.find_close(b'"', at);
            if !string.triple && self.text.as_bytes().get(end) != Some(&b'"') {
                // The quotes are gone too: one error is enough.
                self.at = end;
                return self.finish_string(string, at.min(end), end);
            }
            self.resume_string(string);
        }
    }
}

//! Strings between triple quotes, and raw strings.

use super::Lexer;
use super::escape::unescape;
use super::string::{OpenString, push_char};
use super::token::Token;
use crate::ast::Name;
use crate::diagnostics::{Diagnostic, codes};

impl Lexer<'_> {
    /// Gives the texts of a triple-quoted string their values: the first line end, the last line's
    /// end and indentation, and that indentation on every line are dropped.
    pub(super) fn dedent(&mut self, string: &OpenString) {
        if !string.triple {
            return;
        }
        let (Some(&(_, first, _)), Some(&(_, last_from, last_end))) =
            (string.segments.first(), string.segments.last())
        else {
            return;
        };
        let last = &self.text[last_from..last_end];
        let closing = last.rfind('\n').map(|at| last_from + at);
        let closing = closing.filter(|&at| self.text[at + 1..last_end].trim().is_empty());
        let indent = closing.map_or("", |at| &self.text[at + 1..last_end]);
        for &(token, from, end) in &string.segments {
            let end =
                if from == last_from { closing.map_or(end, |at| trim_cr(self.text, from, at)) } else { end };
            let mut from = from;
            if from == first {
                let raw = &self.text[from..end.max(from)];
                from += if raw.starts_with("\r\n") { 2 } else { usize::from(raw.starts_with('\n')) };
            }
            let begins_line = from > 0 && self.text.as_bytes()[from - 1] == b'\n';
            let value = self.decode_lines(from.min(end), end, indent, begins_line);
            self.out.kinds[token] = match self.out.kinds[token] {
                Token::Str(_) => Token::Str(value),
                _ => Token::StrText(value),
            };
        }
    }

    /// The value of a text, with `indent` taken off the lines that begin in it.
    fn decode_lines(&mut self, from: usize, end: usize, indent: &str, begins_line: bool) -> Name {
        let mut value = String::with_capacity(end - from);
        let mut at = from;
        for (number, line) in self.text[from..end].split_inclusive('\n').enumerate() {
            let mut text = line;
            if number > 0 || begins_line {
                if let Some(rest) = line.strip_prefix(indent) {
                    text = rest;
                } else {
                    text = line.trim_start_matches([' ', '\t']);
                    let blank =
                        text.trim_end().is_empty() && (text.ends_with('\n') || at + line.len() == end);
                    if !blank {
                        let place = self.span(at, at + line.len() - text.len());
                        let message = "this line is indented less than the closing quotes";
                        self.error(Diagnostic::new(codes::BAD_INDENTATION, place, message));
                    }
                }
            }
            let base = self.position(at + line.len() - text.len());
            unescape(text, base, false, &mut self.out.diagnostics, push_char(&mut value));
            at += line.len();
        }
        self.names.intern(&value)
    }

    /// `r"…"`, after its prefix.
    pub(super) fn raw_string(&mut self, start: usize) {
        if self.rest().starts_with("\"\"\"") {
            self.at += 3;
            let from = self.at;
            let length = self.rest().find("\"\"\"");
            let end = length.map_or(self.text.len(), |length| from + length);
            self.at = length.map_or(end, |_| end + 3);
            let string = OpenString { start, triple: true, interpolated: false, segments: Vec::new() };
            if length.is_none() {
                return self.unclosed_string(string, end);
            }
            return self.raw_lines(start, from, end);
        }
        self.at += 1;
        let from = self.at;
        let length = self.rest().find(['"', '\n']).unwrap_or(self.rest().len());
        let end = from + length;
        self.at = end;
        if self.peek(0) == b'"' {
            self.at += 1;
        } else {
            let opening = self.span(start, from);
            let diagnostic = Diagnostic::new(codes::UNCLOSED_STRING, opening, "unterminated string");
            self.error(diagnostic.label("no closing `\"` on this line"));
        }
        let value = self.names.intern(&self.text[from..end]);
        self.push(Token::Str(value), start, self.at);
    }

    /// The value of a raw string between triple quotes.
    fn raw_lines(&mut self, start: usize, from: usize, end: usize) {
        let raw = &self.text[from..end];
        let raw = raw.strip_prefix("\r\n").or_else(|| raw.strip_prefix('\n')).unwrap_or(raw);
        let value = match raw.rfind('\n') {
            Some(at) if raw[at + 1..].trim().is_empty() => {
                let indent = &raw[at + 1..];
                let lines = raw[..at].strip_suffix('\r').unwrap_or(&raw[..at]).split_inclusive('\n');
                lines
                    .map(|line| line.strip_prefix(indent).unwrap_or_else(|| line.trim_start_matches(' ')))
                    .collect()
            }
            _ => raw.to_owned(),
        };
        let value = self.names.intern(&value);
        self.push(Token::Str(value), start, self.at);
    }
}

/// `at`, or one less when a carriage return stands before it.
fn trim_cr(text: &str, from: usize, at: usize) -> usize {
    if at > from && text.as_bytes()[at - 1] == b'\r' { at - 1 } else { at }
}

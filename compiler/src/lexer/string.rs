//! Strings in double quotes.
//!
//! A string with interpolation becomes several tokens. The lexer leaves the string at `${`, reads
//! the expression as ordinary tokens, and comes back at the `}` ([`Lexer::resume_string`]).

use super::Lexer;
use super::escape::{Unit, unescape};
use super::token::Token;
use crate::ast::Name;
use crate::diagnostics::{Applicability, Diagnostic, codes};

/// A string that is being read.
pub(super) struct OpenString {
    /// Where its quotes begin, or its prefix.
    pub(super) start: usize,
    /// Whether it stands between triple quotes.
    pub(super) triple: bool,
    /// Whether there was an interpolation, and so a `StrOpen` token.
    pub(super) interpolated: bool,
    /// The texts of a triple-quoted string: token and range, decoded when the indentation is known.
    pub(super) segments: Vec<(usize, usize, usize)>,
}

impl Lexer<'_> {
    /// `f"…"`, after its prefix: a string here needs none.
    pub(super) fn f_string(&mut self, start: usize) {
        let place = self.span(start, self.at);
        let message = "a string needs no `f` to hold values";
        let diagnostic = Diagnostic::new(codes::FOREIGN_SYNTAX, place, message);
        let help = "every string takes `${x}` and `${x:.2}`";
        let text = self.rest()[1..].split(['"', '\n']).next().unwrap_or("");
        let simple = !["{{", "}}", "${", ":", "\\"].iter().any(|part| text.contains(part));
        self.error(match simple {
            true => {
                let holes = text.match_indices('{').map(|(hole, _)| self.at + 1 + hole);
                let dollars = holes.map(|hole| (self.span(hole, hole), "$".to_owned()));
                let edits: Vec<_> = std::iter::once((place, String::new())).chain(dollars).collect();
                diagnostic.suggestion(edits, help, Applicability::MachineApplicable)
            }
            false => diagnostic.help(format!("{help}: `\"value ${{x}}\"`")),
        });
        self.string(self.at);
    }

    /// A string that begins with `"` at the current place; its prefix, if any, begins at `start`.
    pub(super) fn string(&mut self, start: usize) {
        if self.ends_broken_hole() {
            return self.break_hole();
        }
        let triple = self.rest().starts_with("\"\"\"");
        self.at += if triple { 3 } else { 1 };
        if !triple && self.simple_string(start) {
            return;
        }
        self.string_body(OpenString { start, triple, interpolated: false, segments: Vec::new() });
    }

    /// The common case: a string on one line without escapes and interpolation.
    fn simple_string(&mut self, start: usize) -> bool {
        let from = self.at;
        let length =
            self.text.as_bytes()[from..].iter().position(|b| matches!(b, b'"' | b'\\' | b'\n' | b'$'));
        match length {
            Some(length) if self.text.as_bytes()[from + length] == b'"' => {
                let value = self.names.intern(&self.text[from..from + length]);
                self.at = from + length + 1;
                self.push(Token::Str(value), start, self.at);
                true
            }
            _ => false,
        }
    }

    /// Goes on with a string after the `}` of its interpolation.
    pub(super) fn resume_string(&mut self, string: OpenString) {
        self.string_body(string);
    }

    /// Reads text up to the closing quotes or the next `${`.
    fn string_body(&mut self, string: OpenString) {
        let from = self.at;
        loop {
            match self.peek(0) {
                b'"' if !string.triple || self.rest().starts_with("\"\"\"") => {
                    let end = self.at;
                    self.at += if string.triple { 3 } else { 1 };
                    return self.finish_string(string, from, end);
                }
                b'$' if self.peek(1) == b'{' => {
                    let end = self.at;
                    return self.open_hole(string, from, end);
                }
                b'\\' => {
                    // An escape never reaches into the next line.
                    let next = self.text[self.at + 1..].chars().next().filter(|&c| c != '\n');
                    self.at += 1 + next.map_or(0, char::len_utf8);
                }
                b'\n' if !string.triple => return self.unclosed_string(string, from),
                0 if self.at_end() => return self.unclosed_string(string, from),
                _ => self.at += 1,
            }
        }
    }

    /// Reports a string without its end, and closes it.
    pub(super) fn unclosed_string(&mut self, string: OpenString, from: usize) {
        let quotes = if string.triple { "\"\"\"" } else { "\"" };
        let opening = self.span(string.start, string.start + quotes.len());
        let diagnostic = Diagnostic::new(codes::UNCLOSED_STRING, opening, "unterminated string");
        if string.triple {
            self.error(diagnostic.label("no `\"\"\"` follows"));
            self.out.cut_off = Some(opening.lo);
        } else {
            let diagnostic = diagnostic.label("no closing `\"` on this line");
            let next = self.text[self.at..].lines().nth(1).unwrap_or("");
            self.error(match next.matches('"').count() % 2 {
                1 => diagnostic.help("text of several lines stands between `\"\"\"`"),
                _ => {
                    let end = from + text_within(&self.text[from..self.at]);
                    diagnostic.maybe(self.span(end, end), "\"", "close it")
                }
            });
            self.at = from + code_within(&self.text[from..self.at]);
        }
        let end = self.at;
        self.finish_string(string, from, end);
    }

    /// Pushes the last text of a string and closes it.
    pub(super) fn finish_string(&mut self, mut string: OpenString, from: usize, end: usize) {
        if string.interpolated {
            self.text_token(&mut string, from, end);
            self.dedent(&string);
            self.push(Token::StrClose, end, self.at);
        } else if string.triple {
            let index = self.push(Token::Str(crate::ast::known::EMPTY), string.start, self.at);
            string.segments.push((index, from, end));
            self.dedent(&string);
        } else {
            let value = self.decode(from, end);
            self.push(Token::Str(value), string.start, self.at);
        }
    }

    /// Pushes a text before an interpolation or the end.
    pub(super) fn text_token(&mut self, string: &mut OpenString, from: usize, end: usize) {
        if string.triple {
            let index = self.push(Token::StrText(crate::ast::known::EMPTY), from, end);
            string.segments.push((index, from, end));
        } else if from < end {
            let value = self.decode(from, end);
            self.push(Token::StrText(value), from, end);
        }
    }

    /// The value of a text on one line.
    fn decode(&mut self, from: usize, end: usize) -> Name {
        let raw = &self.text[from..end];
        if !raw.contains('\\') {
            return self.names.intern(raw);
        }
        let mut value = String::with_capacity(raw.len());
        let base = self.position(from);
        unescape(raw, base, false, &mut self.out.diagnostics, push_char(&mut value));
        self.names.intern(&value)
    }
}

/// Takes the characters of a text that holds no bytes.
pub(super) fn push_char(value: &mut String) -> impl FnMut(Unit) + '_ {
    |unit| {
        if let Unit::Char(c) = unit {
            value.push(c);
        }
    }
}

/// Where the text of an unterminated string seems to end in the rest of its line: before a comment, and before the brackets
/// that close what it stands in.
fn text_within(text: &str) -> usize {
    let line = text.find(" //").map_or(text, |comment| &text[..comment]);
    let mut end = line.trim_end();
    let count = |brackets: [char; 3]| line.matches(brackets).count();
    let mut closers = count([')', ']', '}']).saturating_sub(count(['(', '[', '{']));
    while let Some(rest) = end.strip_suffix([')', ']', '}']).filter(|_| closers > 0) {
        end = rest.trim_end();
        closers -= 1;
    }
    end.len()
}

/// Where code seems to begin again in the rest of a line that an unterminated string has swallowed:
/// at the brace of a block, which the lines below need, or at a comma at the end.
fn code_within(text: &str) -> usize {
    let brace = text.match_indices('{').map(|(at, _)| at).find(|&at| text[..at].ends_with([' ', ')']));
    let end = text.trim_end();
    brace.or_else(|| end.ends_with(',').then(|| end.len() - 1)).unwrap_or(text.len())
}

//! Strings, characters and interpolation.
//!
//! A string with interpolation becomes several tokens. The lexer leaves the string at `${`, reads
//! the expression as ordinary tokens, and comes back at the `}` ([`Lexer::resume_string`]).

use super::escape::{Unit, unescape};
use super::format::parse_spec;
use super::token::Token;
use super::{Lexer, OpenKind};
use crate::ast::Name;
use crate::diagnostics::{Diagnostic, codes};

/// A string that is being read.
pub(super) struct OpenString {
    /// Where its quotes begin, or its prefix.
    start: usize,
    /// Whether it stands between triple quotes.
    triple: bool,
    /// Whether there was an interpolation, and so a `StrOpen` token.
    interpolated: bool,
    /// The texts of a triple-quoted string: token and range, decoded when the indentation is known.
    segments: Vec<(usize, usize, usize)>,
}

impl Lexer<'_> {
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
                b'\\' => self.at += 1 + self.text[self.at + 1..].chars().next().map_or(0, char::len_utf8),
                b'\n' if !string.triple => return self.unclosed_string(string, from),
                0 if self.at_end() => return self.unclosed_string(string, from),
                _ => self.at += 1,
            }
        }
    }

    fn unclosed_string(&mut self, string: OpenString, from: usize) {
        let quotes = if string.triple { "\"\"\"" } else { "\"" };
        let opening = self.span(string.start, string.start + quotes.len());
        let diagnostic = Diagnostic::new(codes::UNCLOSED_STRING, opening, "unterminated string");
        if string.triple {
            self.error(diagnostic.label("no `\"\"\"` follows"));
            self.out.cut_off = Some(opening.lo);
        } else {
            let help = "text of several lines stands between `\"\"\"`";
            self.error(diagnostic.label("no closing `\"` on this line").help(help));
            self.at = from + code_within(&self.text[from..self.at]);
        }
        let end = self.at;
        self.finish_string(string, from, end);
    }

    /// Pushes the last text of a string and closes it.
    fn finish_string(&mut self, mut string: OpenString, from: usize, end: usize) {
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

    fn open_hole(&mut self, mut string: OpenString, from: usize, end: usize) {
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

    fn text_token(&mut self, string: &mut OpenString, from: usize, end: usize) {
        if string.triple {
            let index = self.push(Token::StrText(crate::ast::known::EMPTY), from, end);
            string.segments.push((index, from, end));
        } else if from < end {
            let value = self.decode(from, end);
            self.push(Token::StrText(value), from, end);
        }
    }

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

    /// Gives the texts of a triple-quoted string their values: the first line end, the last line's
    /// end and indentation, and that indentation on every line are dropped.
    fn dedent(&mut self, string: &OpenString) {
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

    /// `b"…"`, after its prefix.
    pub(super) fn byte_string(&mut self, start: usize) {
        self.at += 1;
        let from = self.at;
        let end = self.find_close(b'"', from);
        self.close_quote(b'"', start, end, "unterminated byte string");
        let mut value = Vec::new();
        let mut wide = None;
        let (raw, base) = (&self.text[from..end], self.position(from));
        unescape(raw, base, true, &mut self.out.diagnostics, |unit| match unit {
            Unit::Char(c) if c.is_ascii() => value.push(c as u8),
            Unit::Char(c) => wide = Some(c),
            Unit::Byte(byte) => value.push(byte),
        });
        if let Some(c) = wide {
            let message = format!("`{c}` is no single byte");
            let diagnostic = Diagnostic::new(codes::UNKNOWN_CHARACTER, self.span(start, self.at), message);
            self.error(diagnostic.help("a byte string holds ASCII characters and escapes such as `\\xff`"));
        }
        let index = self.out.bytes.len() as u32;
        self.out.bytes.push(value.into());
        self.push(Token::Bytes(index), start, self.at);
    }

    /// `'a'`, or `b'a'` after its prefix.
    pub(super) fn char_literal(&mut self, start: usize, byte: bool) {
        self.at += 1;
        let from = self.at;
        let end = if self.peek(0) == b'\'' && self.peek(1) == b'\'' {
            from + 1
        } else {
            self.find_close(b'\'', from)
        };
        if self.text.as_bytes().get(end) != Some(&b'\'') {
            return self.lone_quote(start, from);
        }
        self.at = end + 1;
        let place = self.span(start, self.at);
        let mut units = Vec::new();
        let (raw, base) = (&self.text[from..end], self.position(from));
        unescape(raw, base, byte, &mut self.out.diagnostics, |unit| units.push(unit));
        let value = match units.as_slice() {
            [Unit::Char(c)] => *c,
            [Unit::Byte(byte)] => char::from(*byte),
            _ => return self.long_char_literal(start, raw),
        };
        let fits = value.is_ascii() || matches!(units.as_slice(), [Unit::Byte(_)]);
        if !byte {
            self.push(Token::Char(value), start, self.at);
        } else if fits {
            self.push_int(start, i64::from(u32::from(value)));
        } else {
            self.error(Diagnostic::new(
                codes::BAD_CHAR_LITERAL,
                place,
                format!("`{value}` is no single byte"),
            ));
            self.push_int(start, 0);
        }
    }

    /// Single quotes around text of another length: a string was meant, and as one it causes the
    /// fewest other errors.
    fn long_char_literal(&mut self, start: usize, raw: &str) {
        let place = self.span(start, self.at);
        let diagnostic =
            Diagnostic::new(codes::BAD_CHAR_LITERAL, place, "single quotes hold exactly one character");
        let text = format!("\"{}\"", raw.replace('"', "\\\""));
        self.error(diagnostic.maybe(place, text, "a string has double quotes"));
        let value = self.names.intern(raw);
        self.push(Token::Str(value), start, self.at);
    }

    /// A `'` without another on its line.
    fn lone_quote(&mut self, start: usize, from: usize) {
        let place = self.span(start, from);
        let diagnostic = Diagnostic::new(codes::UNCLOSED_STRING, place, "unterminated character literal");
        self.error(diagnostic.label("no closing `'` follows"));
        let c = self.rest().chars().next().filter(|&c| c != '\n');
        self.at += c.map_or(0, char::len_utf8);
        self.push(Token::Char(c.unwrap_or(' ')), start, self.at);
    }

    /// Where the closing quote stands, or the line ends.
    fn find_close(&self, quote: u8, from: usize) -> usize {
        let bytes = self.text.as_bytes();
        let mut at = from;
        while let Some(&byte) = bytes.get(at) {
            match byte {
                b'\n' => return at,
                b'\\' => at += 2,
                _ if byte == quote => return at,
                _ => at += 1,
            }
        }
        // An escape may have jumped into a character or over the end.
        self.text.floor_char_boundary(at)
    }

    fn close_quote(&mut self, quote: u8, start: usize, end: usize, message: &str) {
        self.at = end;
        if self.peek(0) == quote && !self.at_end() {
            self.at += 1;
        } else {
            let opening = self.span(start, start + 2);
            let diagnostic = Diagnostic::new(codes::UNCLOSED_STRING, opening, message);
            self.error(diagnostic.label("no closing quote on this line"));
        }
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

fn push_char(value: &mut String) -> impl FnMut(Unit) + '_ {
    |unit| {
        if let Unit::Char(c) = unit {
            value.push(c);
        }
    }
}

/// Where code seems to begin again in the rest of a line that an unterminated string has swallowed:
/// at the brace of a block, which the lines below need, or at a comma at the end.
fn code_within(text: &str) -> usize {
    let brace = text.match_indices('{').map(|(at, _)| at).find(|&at| text[..at].ends_with([' ', ')']));
    let end = text.trim_end();
    brace.or_else(|| end.ends_with(',').then(|| end.len() - 1)).unwrap_or(text.len())
}

/// `at`, or one less when a carriage return stands before it.
fn trim_cr(text: &str, from: usize, at: usize) -> usize {
    if at > from && text.as_bytes()[at - 1] == b'\r' { at - 1 } else { at }
}

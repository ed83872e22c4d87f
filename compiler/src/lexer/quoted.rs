//! Characters, bytes and byte strings.

use super::Lexer;
use super::escape::{Unit, unescape};
use super::token::Token;
use crate::diagnostics::{Diagnostic, codes};

impl Lexer<'_> {
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
        self.error(diagnostic.suggest(place, text, "a string has double quotes"));
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
    pub(super) fn find_close(&self, quote: u8, from: usize) -> usize {
        let bytes = self.text.as_bytes();
        let mut at = from;
        while let Some(&byte) = bytes.get(at) {
            match byte {
                b'\n' => return at,
                b'\\' if bytes.get(at + 1) != Some(&b'\n') => at += 2,
                _ if byte == quote => return at,
                _ => at += 1,
            }
        }
        // An escape may have jumped into a character or over the end.
        self.text.floor_char_boundary(at)
    }

    /// Moves behind the closing quote at `end`, or reports that it is missing.
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
}

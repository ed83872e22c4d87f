//! Numbers.

use super::Lexer;
use super::token::Token;
use crate::diagnostics::{Diagnostic, codes};

impl Lexer<'_> {
    /// A number; the next byte is a digit.
    pub(super) fn number(&mut self) {
        let start = self.at;
        let base = match (self.peek(0), self.peek(1)) {
            (b'0', b'x' | b'X') => 16,
            (b'0', b'o' | b'O') => 8,
            (b'0', b'b' | b'B') => 2,
            _ => return self.decimal(start),
        };
        self.at += 2;
        self.word_rest();
        let digits = &self.text[start + 2..self.at];
        let bad = digits.char_indices().find(|&(_, c)| c != '_' && !c.is_digit(base));
        let value = if let Some((offset, c)) = bad {
            let at = start + 2 + offset;
            let message = format!("`{c}` is no digit of a number in base {base}");
            let diagnostic = Diagnostic::new(codes::BAD_NUMBER, self.span(start, self.at), message);
            let place = self.span(at, at + c.len_utf8());
            self.error(diagnostic.secondary(place, "not a digit"));
            0
        } else if !digits.contains(|c: char| c != '_') {
            self.bad_number(start, "digits are missing after the base");
            0
        } else {
            let digits = digits.replace('_', "");
            u64::from_str_radix(&digits, base).unwrap_or_else(|_| {
                let message = "this number has more than 64 bits";
                self.error(Diagnostic::new(codes::LITERAL_RANGE, self.span(start, self.at), message));
                0
            })
        };
        self.push_int(start, value as i64);
    }

    fn decimal(&mut self, start: usize) {
        let after_dot = self.prev() == Token::Dot;
        self.digits();
        let mut float = false;
        if !after_dot && self.peek(0) == b'.' && self.peek(1).is_ascii_digit() {
            float = true;
            self.at += 1;
            self.digits();
        }
        if !after_dot && matches!(self.peek(0), b'e' | b'E') {
            let sign = usize::from(matches!(self.peek(1), b'+' | b'-'));
            if self.peek(1 + sign).is_ascii_digit() {
                float = true;
                self.at += 1 + sign;
                self.digits();
            } else if sign == 1 {
                self.at += 2;
                self.bad_number(start, "digits are missing after the exponent's `e`");
                return self.push_int(start, 0);
            }
        }
        let end = self.at;
        self.word_rest();
        if self.at > end {
            let rest = &self.text[end..self.at];
            let message = format!("`{rest}` cannot follow a number");
            let diagnostic = Diagnostic::new(codes::BAD_NUMBER, self.span(start, self.at), message);
            let types = ["u8", "u16", "u32", "u64", "i8", "i16", "i32", "i64", "f32", "f64", "usize"];
            let letters = ["f", "F", "d", "D", "l", "L", "u", "U", "ul", "UL", "n"];
            self.error(if types.contains(&rest) || letters.contains(&rest) {
                let suffix = self.span(end, self.at);
                let help = "numbers have no suffix: a literal takes the type that is expected";
                diagnostic.suggest(suffix, "", help)
            } else {
                diagnostic.help("put a space or an operator between them")
            });
        }
        if float { self.push_float(start, end) } else { self.push_decimal(start, end) }
    }

    fn push_float(&mut self, start: usize, end: usize) {
        let text = self.text[start..end].replace('_', "");
        let value = text.parse().unwrap_or(f64::INFINITY);
        if value.is_infinite() {
            let message = "this number is larger than any `float`";
            self.error(Diagnostic::new(codes::LITERAL_RANGE, self.span(start, end), message));
        }
        let index = self.out.floats.len() as u32;
        self.out.floats.push(value);
        self.push(Token::Float(index), start, self.at);
    }

    fn push_decimal(&mut self, start: usize, end: usize) {
        const MIN: u64 = 1 << 63;
        let mut digits = self.text.as_bytes()[start..end].iter().filter(|&&b| b != b'_');
        let value = digits
            .try_fold(0u64, |value, &digit| value.checked_mul(10)?.checked_add(u64::from(digit - b'0')));
        let negated = self.prev() == Token::Minus && !self.before_prev().ends_operand();
        match value {
            Some(value) if value < MIN || (value == MIN && negated) => self.push_int(start, value as i64),
            _ => {
                let message = "this number is larger than any `int`";
                let diagnostic = Diagnostic::new(codes::LITERAL_RANGE, self.span(start, end), message);
                self.error(diagnostic.note("an `int` has 64 bits: at most 9223372036854775807"));
                self.push_int(start, 0);
            }
        }
    }

    fn digits(&mut self) {
        while matches!(self.peek(0), b'0'..=b'9' | b'_') {
            self.at += 1;
        }
    }

    fn bad_number(&mut self, start: usize, message: &str) {
        self.error(Diagnostic::new(codes::BAD_NUMBER, self.span(start, self.at), message));
    }

    pub(super) fn push_int(&mut self, start: usize, value: i64) {
        let index = self.out.ints.len() as u32;
        self.out.ints.push(value);
        self.push(Token::Int(index), start, self.at);
    }
}

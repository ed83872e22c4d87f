//! Values as text: the shortest forms, quoted forms, and format specifications.

use std::fmt::{self, Write};

use super::fixed::fixed_text;

/// A text of at most 72 bytes, kept on the stack: long enough for any number in any base.
#[derive(Clone, Copy, Debug)]
pub struct ShortText {
    bytes: [u8; 72],
    start: u8,
    end: u8,
}

impl ShortText {
    /// No text yet.
    pub(super) fn empty() -> ShortText {
        ShortText { bytes: [0; 72], start: 0, end: 0 }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }

    /// Its bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes[usize::from(self.start)..usize::from(self.end)]
    }
}

impl Write for ShortText {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = usize::from(self.end) + text.len();
        self.bytes.get_mut(usize::from(self.end)..end).ok_or(fmt::Error)?.copy_from_slice(text.as_bytes());
        self.end = end as u8;
        Ok(())
    }
}

/// The decimal form of an int, kept on the stack.
#[derive(Clone, Copy, Debug)]
pub struct IntText {
    bytes: [u8; 24],
    start: u8,
}

impl IntText {
    /// The text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }

    /// Its bytes.
    #[inline]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes[usize::from(self.start)..]
    }
}

/// The decimal form of an int.
#[inline]
pub fn int_text(value: i64) -> IntText {
    const PAIRS: [u8; 200] = pairs();
    let mut bytes = [0; 24];
    let mut at = bytes.len();
    let mut rest = value.unsigned_abs();
    while rest >= 10 {
        let pair = (rest % 100) as usize * 2;
        rest /= 100;
        at -= 2;
        bytes[at..at + 2].copy_from_slice(&PAIRS[pair..pair + 2]);
    }
    if rest > 0 || at == bytes.len() {
        at -= 1;
        bytes[at] = b'0' + rest as u8;
    }
    if value < 0 {
        at -= 1;
        bytes[at] = b'-';
    }
    IntText { bytes, start: at as u8 }
}

/// The digits of 00 to 99.
const fn pairs() -> [u8; 200] {
    let mut pairs = [0; 200];
    let mut number = 0;
    while number < 100 {
        pairs[number * 2] = b'0' + (number / 10) as u8;
        pairs[number * 2 + 1] = b'0' + (number % 10) as u8;
        number += 1;
    }
    pairs
}

/// An int in a base of 2 to 36, with a minus sign where it is negative.
pub(super) fn radix_text(value: i64, radix: u32) -> ShortText {
    let mut bytes = [0; 72];
    let mut at = bytes.len();
    let mut rest = value.unsigned_abs();
    loop {
        at -= 1;
        bytes[at] =
            char::from_digit((rest % u64::from(radix)) as u32, radix).map_or(b'0', |digit| digit as u8);
        rest /= u64::from(radix);
        if rest == 0 {
            break;
        }
    }
    if value < 0 {
        at -= 1;
        bytes[at] = b'-';
    }
    ShortText { start: at as u8, end: bytes.len() as u8, bytes }
}

/// The shortest form of a float that reads back: always with a `.0` or an exponent, the latter below 1e-6 and from 1e21 on.
pub fn float_text(value: f64) -> ShortText {
    let mut text = ShortText::empty();
    let magnitude = value.abs();
    let whole = value as i64;
    let written = if whole.unsigned_abs() < 1 << 53
        && whole as f64 == value
        && (whole != 0 || value.is_sign_positive())
    {
        text.write_str(int_text(whole).as_str()).and_then(|()| text.write_str(".0"))
    } else if value.is_nan() {
        text.write_str("NaN")
    } else if value.is_infinite() {
        write!(text, "{value}")
    } else {
        let mut buffer = ryu::Buffer::new();
        let shortest = buffer.format_finite(value);
        if (1e-6..1e21).contains(&magnitude) && shortest.contains('e') {
            write!(text, "{value}")
                .and_then(|()| if value.fract() == 0.0 { text.write_str(".0") } else { Ok(()) })
        } else {
            text.write_str(shortest)
        }
    };
    debug_assert!(written.is_ok(), "no float takes more than 72 bytes");
    text
}

/// Appends a text as a string literal.
pub fn quote_text(out: &mut String, text: &str) {
    out.push('"');
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' => out.push_str("\\\""),
            '$' if chars.peek() == Some(&'{') => out.push_str("\\$"),
            c => escape(out, c),
        }
    }
    out.push('"');
}

/// Appends a char as a literal.
pub fn quote_char(out: &mut String, c: char) {
    out.push('\'');
    match c {
        '\'' => out.push_str("\\'"),
        c => escape(out, c),
    }
    out.push('\'');
}

/// Appends a char as it stands in a literal.
fn escape(out: &mut String, c: char) {
    match c {
        '\\' => out.push_str("\\\\"),
        '\n' => out.push_str("\\n"),
        '\t' => out.push_str("\\t"),
        '\r' => out.push_str("\\r"),
        '\0' => out.push_str("\\0"),
        c if c.is_control() => out.extend(c.escape_unicode()),
        c => out.push(c),
    }
}

/// Where a text stands in its width.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Align {
    Left,
    Centre,
    Right,
}

/// How a number is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Form {
    Plain,
    LowerHex,
    UpperHex,
    Binary,
    Octal,
    Exponent,
}

/// A format specification, as the table of natives packs it into flags, with its width and precision.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spec {
    fill: char,
    align: Option<Align>,
    plus: bool,
    zero: bool,
    form: Form,
    width: usize,
    precision: Option<usize>,
}

/// The widest that a value may be formatted, and the most digits behind the point.
pub(super) const MOST: i64 = 65_535;

impl Spec {
    /// Unpacks flags; `None` where width or precision are out of range. A precision of -1 is none.
    pub(super) fn unpack(flags: i64, width: i64, precision: i64) -> Option<Spec> {
        if !(0..=MOST).contains(&width) || !(-1..=MOST).contains(&precision) {
            return None;
        }
        let fill = char::from_u32((flags & 0x1f_ffff) as u32).filter(|fill| *fill != '\0').unwrap_or(' ');
        let align = match flags >> 21 & 3 {
            1 => Some(Align::Left),
            2 => Some(Align::Centre),
            3 => Some(Align::Right),
            _ => None,
        };
        let form = match flags >> 25 & 7 {
            1 => Form::LowerHex,
            2 => Form::UpperHex,
            3 => Form::Binary,
            4 => Form::Octal,
            5 => Form::Exponent,
            _ => Form::Plain,
        };
        let (plus, zero) = (flags >> 23 & 1 == 1, flags >> 24 & 1 == 1);
        Some(Spec {
            fill,
            align,
            plus,
            zero,
            form,
            width: width as usize,
            precision: usize::try_from(precision).ok(),
        })
    }

    /// Appends an int.
    pub(super) fn format_int(&self, out: &mut String, value: i64) {
        let (int, other);
        let digits = match self.form {
            Form::Plain => {
                int = int_text(value);
                int.as_str()
            }
            form => {
                other = other_form(value, form);
                other.as_str()
            }
        };
        let digits = digits.trim_start_matches('-');
        let sign = if value < 0 { "-" } else { self.plus_sign() };
        if self.form == Form::UpperHex {
            self.number(out, sign, &digits.to_ascii_uppercase(), self.zero);
        } else {
            self.number(out, sign, digits, self.zero);
        }
    }

    /// Appends a float.
    pub(super) fn format_float(&self, out: &mut String, value: f64) {
        if value.is_nan() {
            return self.number(out, "", "NaN", self.zero);
        }
        let magnitude = value.abs();
        let sign = if value.is_sign_negative() { "-" } else { self.plus_sign() };
        let zero = self.zero;
        match (self.form, self.precision) {
            (Form::Exponent, None) => self.number(out, sign, &format!("{magnitude:e}"), zero),
            (Form::Exponent, Some(digits)) => self.number(out, sign, &format!("{magnitude:.digits$e}"), zero),
            (_, None) => self.number(out, sign, float_text(magnitude).as_str(), zero),
            (_, Some(digits)) => match fixed_text(magnitude, digits) {
                Some(text) => self.number(out, sign, text.as_str(), zero),
                None => self.number(out, sign, &format!("{magnitude:.digits$}"), zero),
            },
        }
    }

    /// Appends a text, cut to the precision.
    pub(super) fn format_text(&self, out: &mut String, text: &str) {
        let text = match self.precision {
            Some(most) => text.char_indices().nth(most).map_or(text, |(end, _)| &text[..end]),
            None => text,
        };
        let width = if self.width == 0 { 0 } else { text.chars().count() };
        self.aligned(out, &["", text], width, Align::Left);
    }

    fn plus_sign(&self) -> &'static str {
        if self.plus { "+" } else { "" }
    }

    /// Appends a sign and digits; zeros go between them.
    fn number(&self, out: &mut String, sign: &str, digits: &str, zeros: bool) {
        let width = sign.len() + digits.len();
        if zeros {
            out.push_str(sign);
            pad(out, '0', self.width.saturating_sub(width));
            out.push_str(digits);
        } else {
            self.aligned(out, &[sign, digits], width, Align::Right);
        }
    }

    /// Appends a text of `width` chars, padded.
    fn aligned(&self, out: &mut String, text: &[&str; 2], width: usize, usual: Align) {
        let padding = self.width.saturating_sub(width);
        let before = match self.align.unwrap_or(usual) {
            Align::Left => 0,
            Align::Centre => padding / 2,
            Align::Right => padding,
        };
        out.reserve(padding + text[0].len() + text[1].len());
        pad(out, self.fill, before);
        out.push_str(text[0]);
        out.push_str(text[1]);
        pad(out, self.fill, padding - before);
    }
}

/// Appends a char so many times.
fn pad(out: &mut String, fill: char, mut count: usize) {
    const SPACES: &str = "                                ";
    while fill == ' ' && count > 0 {
        let now = count.min(SPACES.len());
        out.push_str(&SPACES[..now]);
        count -= now;
    }
    out.extend(std::iter::repeat_n(fill, count));
}

/// An int in another form than the plain one.
fn other_form(value: i64, form: Form) -> ShortText {
    match form {
        Form::Binary => radix_text(value, 2),
        Form::Octal => radix_text(value, 8),
        Form::Exponent => {
            let mut text = ShortText::empty();
            let written = write!(text, "{value:e}");
            debug_assert!(written.is_ok(), "no int takes more than 72 bytes");
            text
        }
        _ => radix_text(value, 16),
    }
}

#[cfg(test)]
#[path = "format_tests.rs"]
mod tests;

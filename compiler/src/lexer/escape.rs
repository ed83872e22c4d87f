//! Escapes in strings and characters.

use crate::diagnostics::{Diagnostic, codes};
use crate::source::Span;

/// What a literal is made of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Unit {
    /// A character.
    Char(char),
    /// A byte from 80 to ff, in byte strings only.
    Byte(u8),
}

/// Feeds the characters that a raw text means to `emit`. The text stands at `base`; in `bytes`,
/// `\xNN` goes up to ff.
pub(super) fn unescape(
    raw: &str,
    base: u32,
    bytes: bool,
    diagnostics: &mut Vec<Diagnostic>,
    mut emit: impl FnMut(Unit),
) {
    let mut rest = raw;
    while let Some(c) = rest.chars().next() {
        if c == '\\' {
            let (length, unit) = escape(rest, bytes);
            match unit {
                Ok(unit) => emit(unit),
                Err(message) => {
                    let lo = base + (raw.len() - rest.len()) as u32;
                    let place = Span::new(lo, lo + length as u32);
                    diagnostics.push(bad_escape(place, &rest[..length], message));
                }
            }
            rest = &rest[length..];
        } else if c == '\r' && rest.starts_with("\r\n") {
            // Line ends are the same on every system.
            emit(Unit::Char('\n'));
            rest = &rest[2..];
        } else {
            emit(Unit::Char(c));
            rest = &rest[c.len_utf8()..];
        }
    }
}

fn bad_escape(place: Span, text: &str, message: String) -> Diagnostic {
    let diagnostic = Diagnostic::new(codes::BAD_ESCAPE, place, message);
    if text.len() == 2 && !text.starts_with("\\x") && !text.starts_with("\\u") {
        diagnostic.maybe(place, format!("\\{text}"), "write `\\\\` for a backslash")
    } else {
        diagnostic
    }
}

/// The escape at the start of a text: its length, and what it means or what is wrong with it.
fn escape(text: &str, bytes: bool) -> (usize, Result<Unit, String>) {
    let Some(c) = text[1..].chars().next() else {
        return (1, Err("nothing follows the backslash".to_owned()));
    };
    let simple = match c {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        '0' => '\0',
        '\\' | '"' | '\'' | '$' => c,
        'x' => return hex_escape(text, bytes),
        'u' => return unicode_escape(text),
        _ => return (1 + c.len_utf8(), Err(format!("`\\{c}` is no escape"))),
    };
    (2, Ok(Unit::Char(simple)))
}

fn hex_escape(text: &str, bytes: bool) -> (usize, Result<Unit, String>) {
    let digits = text[2..].bytes().take(2).take_while(u8::is_ascii_hexdigit).count();
    let value = u8::from_str_radix(&text[2..2 + digits], 16).unwrap_or(0);
    let unit = match value {
        _ if digits < 2 => Err("`\\x` needs two hexadecimal digits".to_owned()),
        0..=0x7f => Ok(Unit::Char(char::from(value))),
        _ if bytes => Ok(Unit::Byte(value)),
        _ => Err("`\\x` goes up to 7f here: write `\\u{…}` for other characters".to_owned()),
    };
    (2 + digits, unit)
}

fn unicode_escape(text: &str) -> (usize, Result<Unit, String>) {
    let Some(inner) = text[2..].strip_prefix('{') else {
        return (2, Err("`\\u` needs hexadecimal digits in braces".to_owned()));
    };
    let digits = inner.bytes().take_while(u8::is_ascii_hexdigit).count();
    let value = u32::from_str_radix(&inner[..digits], 16).ok().and_then(char::from_u32);
    if !inner[digits..].starts_with('}') {
        return (3 + digits, Err("`\\u{` needs hexadecimal digits and a `}`".to_owned()));
    }
    let unit = value.map(Unit::Char).ok_or_else(|| "this is no Unicode character".to_owned());
    (4 + digits, unit)
}

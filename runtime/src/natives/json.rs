//! Reading and writing the parts of JSON that are made of many bytes: space, strings and numbers. What nests is the library's.

use super::call::Context;
use super::failure::{Outcome, spare};
use crate::heap::{Bytes, Root, Text};

type Str<'s> = Root<'s, Text>;

/// The bytes of a text from an offset on; none beyond its end.
fn rest(text: &str, at: i64) -> &[u8] {
    usize::try_from(at).ok().and_then(|at| text.as_bytes().get(at..)).unwrap_or(&[])
}

pub(super) fn json_space<'s>(cx: &mut Context<'s>, text: Str<'s>, at: i64) -> Outcome<(i64, i64)> {
    let rest = rest(cx.heap.text(text), at);
    let skipped = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\n' | b'\t' | b'\r')).count();
    Ok((at.saturating_add(skipped as i64), rest.get(skipped).map_or(-1, |byte| i64::from(*byte))))
}

pub(super) fn json_string<'s>(
    cx: &mut Context<'s>,
    text: Str<'s>,
    at: i64,
) -> Outcome<(Option<Str<'s>>, i64)> {
    let whole = cx.heap.text(text);
    let Some(start) = usize::try_from(at).ok().filter(|start| whole.is_char_boundary(*start)) else {
        return Ok((None, at));
    };
    let bytes = &whole.as_bytes()[start..];
    let plain = plain(bytes);
    match bytes.get(plain) {
        Some(b'"') => {
            let end = start + plain;
            Ok((Some(cx.heap.slice(text, start, end)?), end as i64 + 1))
        }
        Some(b'\\') => {
            // With escapes it is never shorter than without; the list doubles as it grows.
            spare(written(bytes).saturating_mul(2))?;
            match unescaped(&whole[start..]) {
                Ok((string, length)) => Ok((Some(cx.heap.new_text(&string)?), (start + length) as i64)),
                Err(place) => Ok((None, (start + place) as i64)),
            }
        }
        _ => Ok((None, (start + plain) as i64)),
    }
}

/// How many bytes stand for themselves in a string, before its end, an escape or a control character.
fn plain(bytes: &[u8]) -> usize {
    bytes.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..32)).unwrap_or(bytes.len())
}

/// How many bytes there are before the quote that ends a string.
fn written(bytes: &[u8]) -> usize {
    let mut at = 0;
    loop {
        match bytes.get(at) {
            None | Some(b'"') => return at,
            Some(b'\\') => at += 2,
            Some(_) => at += 1,
        }
    }
}

/// The string that begins here, and how long it is written, with the quote that ends it; or where it goes wrong.
fn unescaped(text: &str) -> Result<(String, usize), usize> {
    let (bytes, mut at, mut out) = (text.as_bytes(), 0, String::new());
    loop {
        let run = plain(&bytes[at..]);
        out.push_str(&text[at..at + run]);
        at += run;
        match bytes.get(at) {
            Some(b'"') => return Ok((out, at + 1)),
            Some(b'\\') => {
                let (c, length) = escape(&bytes[at + 1..]).ok_or(at)?;
                out.push(c);
                at += 1 + length;
            }
            _ => return Err(at),
        }
    }
}

/// The char of an escape without its backslash, and its length.
fn escape(bytes: &[u8]) -> Option<(char, usize)> {
    let c = match bytes.first()? {
        b'"' => '"',
        b'\\' => '\\',
        b'/' => '/',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => return unicode(&bytes[1..]).map(|(c, length)| (c, 1 + length)),
        _ => return None,
    };
    Some((c, 1))
}

/// Four hexadecimal digits, or two times four for what lies beyond 16 bits (RFC 8259, section 7).
fn unicode(bytes: &[u8]) -> Option<(char, usize)> {
    let high = hex(bytes)?;
    if let Some(c) = char::from_u32(high) {
        return Some((c, 4));
    }
    let low = bytes[4..].strip_prefix(b"\\u").and_then(hex)?;
    if high >= 0xdc00 || !(0xdc00..=0xdfff).contains(&low) {
        return None;
    }
    Some((char::from_u32(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00))?, 10))
}

fn hex(bytes: &[u8]) -> Option<u32> {
    let digits = bytes.get(..4)?;
    digits.iter().try_fold(0, |value, byte| Some(value * 16 + char::from(*byte).to_digit(16)?))
}

pub(super) fn json_number<'s>(cx: &mut Context<'s>, text: Str<'s>, at: i64) -> Outcome<(i64, i64)> {
    let rest = rest(cx.heap.text(text), at);
    Ok(match number(rest) {
        Ok((Number::Int(value), length)) => (at + length as i64, value),
        Ok((Number::Float(value), length)) => (-(at + length as i64), value.to_bits() as i64),
        Err(place) => (0, at + place as i64),
    })
}

enum Number {
    Int(i64),
    Float(f64),
}

/// The number at the start and its length; or where it goes wrong, which is 0 where it is too large for a float.
fn number(bytes: &[u8]) -> Result<(Number, usize), usize> {
    let digits = |from: usize| bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let some_digits = |from: usize| match digits(from) {
        0 => Err(from),
        count => Ok(from + count),
    };
    let first = usize::from(bytes.first() == Some(&b'-'));
    let mut end = some_digits(first)?;
    if bytes[first] == b'0' && end > first + 1 {
        return Err(first + 1);
    }
    let whole = end;
    if bytes.get(end) == Some(&b'.') {
        end = some_digits(end + 1)?;
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        end = some_digits(end + 1 + sign)?;
    }
    if end == whole
        && let Some(value) = int(&bytes[first..end], first == 1)
    {
        return Ok((Number::Int(value), end));
    }
    let value: Option<f64> = std::str::from_utf8(&bytes[..end]).ok().and_then(|text| text.parse().ok());
    match value {
        Some(value) if value.is_finite() => Ok((Number::Float(value), end)),
        _ => Err(0),
    }
}

/// What digits say, where it fits.
fn int(digits: &[u8], negative: bool) -> Option<i64> {
    digits.iter().try_fold(0i64, |value, byte| {
        let digit = i64::from(byte - b'0');
        value.checked_mul(10)?.checked_add(if negative { -digit } else { digit })
    })
}

pub(super) fn json_quote<'s>(cx: &mut Context<'s>, buffer: Root<'s, Bytes>, text: Str<'s>) -> Outcome<()> {
    let bytes = cx.heap.text(text).as_bytes();
    if plain(bytes) == bytes.len() {
        cx.heap.append(buffer, b"\"")?;
        cx.heap.append_text(buffer, text)?;
        return Ok(cx.heap.append(buffer, b"\"")?);
    }
    // An escaped byte takes up to six, and the list doubles as it grows.
    spare(bytes.len().saturating_mul(12))?;
    let quoted = quoted(cx.heap.text(text));
    Ok(cx.heap.append(buffer, quoted.as_bytes())?)
}

/// The text as a string of JSON.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    let mut rest = text;
    loop {
        let (run, after) = rest.split_at(plain(rest.as_bytes()));
        out.push_str(run);
        let Some(byte) = after.bytes().next() else { break };
        match byte {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            8 => out.push_str("\\b"),
            12 => out.push_str("\\f"),
            other => out.push_str(&format!("\\u{other:04x}")),
        }
        rest = &after[1..];
    }
    out.push('"');
    out
}

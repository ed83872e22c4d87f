//! Reads `[[fill]align][sign][0][width][.precision][x|X|b|o|e]`.

use std::iter::Peekable;
use std::str::Chars;

use crate::ast::{Align, FormatKind, FormatSpec};
use crate::source::Span;

/// More than this would be a mistake, and a string of gigabytes.
const MAX_WIDTH: u32 = 65_535;

/// The format that a text means, or what is wrong with it.
pub(super) fn parse_spec(text: &str, span: Span) -> Result<FormatSpec, String> {
    let mut spec = FormatSpec { span, ..FormatSpec::default() };
    let mut chars = text.chars().peekable();
    let mut ahead = text.chars();
    match (ahead.next(), ahead.next()) {
        (Some(fill), Some(second)) if align(second).is_some() => {
            spec.fill = Some(fill);
            spec.align = align(second);
            chars.nth(1);
        }
        (Some(first), _) if align(first).is_some() => {
            spec.align = align(first);
            chars.next();
        }
        _ => {}
    }
    spec.plus = chars.next_if_eq(&'+').is_some();
    spec.zero = chars.next_if_eq(&'0').is_some();
    spec.width = number(&mut chars)?;
    if chars.next_if_eq(&'.').is_some() {
        spec.precision = Some(number(&mut chars)?.ok_or("digits are missing after the point")?);
    }
    spec.kind = chars.peek().and_then(|&c| kind(c));
    if spec.kind.is_some() {
        chars.next();
    }
    match chars.next() {
        None if text.is_empty() => Err("the format is empty".to_owned()),
        None => Ok(spec),
        Some(c) => Err(format!("`{c}` means nothing here")),
    }
}

fn align(c: char) -> Option<Align> {
    match c {
        '<' => Some(Align::Left),
        '^' => Some(Align::Center),
        '>' => Some(Align::Right),
        _ => None,
    }
}

fn kind(c: char) -> Option<FormatKind> {
    match c {
        'x' => Some(FormatKind::LowerHex),
        'X' => Some(FormatKind::UpperHex),
        'b' => Some(FormatKind::Binary),
        'o' => Some(FormatKind::Octal),
        'e' => Some(FormatKind::Exponent),
        _ => None,
    }
}

fn number(chars: &mut Peekable<Chars>) -> Result<Option<u32>, String> {
    let mut value = None;
    while let Some(digit) = chars.peek().and_then(|c| c.to_digit(10)) {
        chars.next();
        let next = value.unwrap_or(0) * 10 + digit;
        if next > MAX_WIDTH {
            return Err(format!("the largest width and precision is {MAX_WIDTH}"));
        }
        value = Some(next);
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(text: &str) -> Result<FormatSpec, String> {
        parse_spec(text, Span::default())
    }

    #[test]
    fn all_parts() {
        let all = spec("*^+012.3e").unwrap();
        assert_eq!((all.fill, all.align, all.plus, all.zero), (Some('*'), Some(Align::Center), true, true));
        assert_eq!((all.width, all.precision, all.kind), (Some(12), Some(3), Some(FormatKind::Exponent)));
        assert_eq!(spec(">6").unwrap().align, Some(Align::Right));
        assert_eq!(spec("<<6").unwrap().fill, Some('<'));
        assert_eq!(spec("08x").unwrap().width, Some(8));
        assert_eq!(spec(".3").unwrap().precision, Some(3));
        assert!(spec("0").unwrap().zero);
    }

    #[test]
    fn what_is_wrong() {
        for text in ["", "wide", "6.", "6z", "99999", "x6", "-6"] {
            assert!(spec(text).is_err(), "{text}");
        }
    }
}

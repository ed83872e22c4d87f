//! Properties of code points, by Unicode. A number that is no code point has none of them.

use super::call::Context;
use super::failure::Outcome;

/// The char of a register's number, if it is one.
pub(super) fn char_of(code: i64) -> Option<char> {
    u32::try_from(code).ok().and_then(char::from_u32)
}

/// The char of a register's number, or the replacement character.
pub(super) fn char_or_replacement(code: i64) -> char {
    char_of(code).unwrap_or(char::REPLACEMENT_CHARACTER)
}

macro_rules! tests {
    ($($name:ident $method:ident;)*) => {
        $(pub(super) fn $name(_: &mut Context<'_>, code: i64) -> Outcome<bool> {
            Ok(char_of(code).is_some_and(char::$method))
        })*
    };
}

tests! {
    char_is_alphabetic is_alphabetic;
    char_is_numeric is_numeric;
    char_is_alphanumeric is_alphanumeric;
    char_is_whitespace is_whitespace;
    char_is_upper is_uppercase;
    char_is_lower is_lowercase;
}

/// The one char that `mapped` gives, or `code` where there are more.
fn single(code: i64, mut mapped: impl Iterator<Item = char>) -> i64 {
    match (mapped.next(), mapped.next()) {
        (Some(only), None) => i64::from(u32::from(only)),
        _ => code,
    }
}

pub(super) fn char_to_upper(_: &mut Context<'_>, code: i64) -> Outcome<i64> {
    Ok(char_of(code).map_or(code, |c| single(code, c.to_uppercase())))
}

pub(super) fn char_to_lower(_: &mut Context<'_>, code: i64) -> Outcome<i64> {
    Ok(char_of(code).map_or(code, |c| single(code, c.to_lowercase())))
}

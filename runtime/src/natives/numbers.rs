//! Between numbers and strings.

use lang_bytecode::TrapKind;

use super::call::Context;
use super::chars::char_or_replacement;
use super::failure::{Outcome, trap};
use super::format::{float_text, int_text, radix_text};
use super::parse::{NoInt, parse_float, parse_int};
use crate::heap::{Root, Text};

type Str<'s> = Root<'s, Text>;

pub(super) fn str_from_char<'s>(cx: &mut Context<'s>, code: i64) -> Outcome<Str<'s>> {
    Ok(cx.heap.new_text(char_or_replacement(code).encode_utf8(&mut [0; 4]))?)
}

pub(super) fn str_from_int<'s>(cx: &mut Context<'s>, value: i64) -> Outcome<Str<'s>> {
    Ok(cx.heap.new_text(int_text(value).as_str())?)
}

/// A base that digits and letters suffice for.
fn base(radix: i64) -> Outcome<u32> {
    match u32::try_from(radix) {
        Ok(radix @ 2..=36) => Ok(radix),
        _ => trap(TrapKind::Argument, format!("the base {radix} is not between 2 and 36")),
    }
}

pub(super) fn str_from_int_radix<'s>(cx: &mut Context<'s>, value: i64, radix: i64) -> Outcome<Str<'s>> {
    let radix = base(radix)?;
    Ok(cx.heap.new_text(radix_text(value, radix).as_str())?)
}

pub(super) fn str_from_float<'s>(cx: &mut Context<'s>, value: f64) -> Outcome<Str<'s>> {
    Ok(cx.heap.new_text(float_text(value).as_str())?)
}

/// A parsed int as the table's rows give it.
fn parsed(result: Result<i64, NoInt>) -> (i64, i64) {
    match result {
        Ok(value) => (1, value),
        Err(NoInt::Malformed) => (0, 0),
        Err(NoInt::TooLarge) => (0, 1),
    }
}

pub(super) fn str_parse_int<'s>(cx: &mut Context<'s>, s: Str<'s>) -> Outcome<(i64, i64)> {
    Ok(parsed(parse_int(cx.heap.text(s).as_bytes(), 10)))
}

pub(super) fn str_parse_int_radix<'s>(cx: &mut Context<'s>, s: Str<'s>, radix: i64) -> Outcome<(i64, i64)> {
    Ok(parsed(parse_int(cx.heap.text(s).as_bytes(), base(radix)?)))
}

pub(super) fn str_parse_float<'s>(cx: &mut Context<'s>, s: Str<'s>) -> Outcome<(i64, f64)> {
    Ok(parse_float(cx.heap.text(s)).map_or((0, 0.0), |value| (1, value)))
}

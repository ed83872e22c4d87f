//! Text under construction: appending to arrays of bytes.

use lang_bytecode::TrapKind;

use super::call::Context;
use super::chars::char_or_replacement;
use super::failure::{Outcome, spare, trap};
use super::format::{MOST, Spec, float_text, int_text, quote_char, quote_text};
use crate::heap::{Bytes, Root, Text};

type Buffer<'s> = Root<'s, Bytes>;
type Str<'s> = Root<'s, Text>;

pub(super) fn buf_push_str<'s>(cx: &mut Context<'s>, buffer: Buffer<'s>, s: Str<'s>) -> Outcome<()> {
    Ok(cx.heap.append_text(buffer, s)?)
}

pub(super) fn buf_push_char<'s>(cx: &mut Context<'s>, buffer: Buffer<'s>, code: i64) -> Outcome<()> {
    Ok(cx.heap.append(buffer, char_or_replacement(code).encode_utf8(&mut [0; 4]).as_bytes())?)
}

pub(super) fn buf_push_int<'s>(cx: &mut Context<'s>, buffer: Buffer<'s>, value: i64) -> Outcome<()> {
    Ok(cx.heap.append(buffer, int_text(value).as_bytes())?)
}

pub(super) fn buf_push_float<'s>(cx: &mut Context<'s>, buffer: Buffer<'s>, value: f64) -> Outcome<()> {
    Ok(cx.heap.append(buffer, float_text(value).as_bytes())?)
}

pub(super) fn buf_quote_str<'s>(cx: &mut Context<'s>, buffer: Buffer<'s>, s: Str<'s>) -> Outcome<()> {
    // An escaped char takes up to eight times its bytes, and lists double as they grow.
    spare(cx.heap.text(s).len().saturating_mul(16))?;
    let mut quoted = String::new();
    quote_text(&mut quoted, cx.heap.text(s));
    Ok(cx.heap.append(buffer, quoted.as_bytes())?)
}

pub(super) fn buf_quote_char<'s>(cx: &mut Context<'s>, buffer: Buffer<'s>, code: i64) -> Outcome<()> {
    let mut quoted = String::new();
    quote_char(&mut quoted, char_or_replacement(code));
    Ok(cx.heap.append(buffer, quoted.as_bytes())?)
}

/// Unpacks a format specification.
fn spec(flags: i64, width: i64, precision: i64) -> Outcome<Spec> {
    match Spec::unpack(flags, width, precision) {
        Some(spec) => Ok(spec),
        None => trap(TrapKind::Argument, format!("a width or precision is not between 0 and {MOST}")),
    }
}

pub(super) fn buf_fmt_int<'s>(
    cx: &mut Context<'s>,
    buffer: Buffer<'s>,
    value: i64,
    flags: i64,
    width: i64,
) -> Outcome<()> {
    let mut text = String::new();
    spec(flags, width, -1)?.format_int(&mut text, value);
    Ok(cx.heap.append(buffer, text.as_bytes())?)
}

pub(super) fn buf_fmt_float<'s>(
    cx: &mut Context<'s>,
    buffer: Buffer<'s>,
    value: f64,
    flags: i64,
    width: i64,
    precision: i64,
) -> Outcome<()> {
    let mut text = String::new();
    spec(flags, width, precision)?.format_float(&mut text, value);
    Ok(cx.heap.append(buffer, text.as_bytes())?)
}

pub(super) fn buf_fmt_str<'s>(
    cx: &mut Context<'s>,
    buffer: Buffer<'s>,
    s: Str<'s>,
    flags: i64,
    width: i64,
    precision: i64,
) -> Outcome<()> {
    spare(cx.heap.text(s).len().saturating_mul(2))?;
    let mut text = String::new();
    spec(flags, width, precision)?.format_text(&mut text, cx.heap.text(s));
    Ok(cx.heap.append(buffer, text.as_bytes())?)
}

pub(super) fn buf_to_str<'s>(cx: &mut Context<'s>, buffer: Buffer<'s>) -> Outcome<Str<'s>> {
    if let Some(text) = cx.heap.text_of_bytes(buffer)? {
        return Ok(text);
    }
    // A program that puts other bytes into the array than these natives do gets a text all the same.
    spare(cx.heap.bytes(buffer).len().saturating_mul(6))?;
    let text = String::from_utf8_lossy(cx.heap.bytes(buffer)).into_owned();
    Ok(cx.heap.new_text(&text)?)
}

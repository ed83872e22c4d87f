//! Reading and writing the standard streams.

use std::io;

use lang_bytecode::TrapKind;

use super::call::Context;
use super::chars::char_or_replacement;
use super::failure::{Outcome, trap};
use super::format::{float_text, int_text};
use crate::heap::{Bytes, OutOfMemory, Root, Text};

type Str<'s> = Root<'s, Text>;

pub(super) fn out_str<'s>(cx: &mut Context<'s>, stream: i64, s: Str<'s>) -> Outcome<()> {
    cx.services.output.write(stream, cx.heap.text(s).as_bytes())
}

pub(super) fn out_int(cx: &mut Context<'_>, stream: i64, value: i64) -> Outcome<()> {
    cx.services.output.write(stream, int_text(value).as_bytes())
}

pub(super) fn out_float(cx: &mut Context<'_>, stream: i64, value: f64) -> Outcome<()> {
    cx.services.output.write(stream, float_text(value).as_bytes())
}

pub(super) fn out_char(cx: &mut Context<'_>, stream: i64, code: i64) -> Outcome<()> {
    cx.services.output.write(stream, char_or_replacement(code).encode_utf8(&mut [0; 4]).as_bytes())
}

pub(super) fn out_bytes<'s>(cx: &mut Context<'s>, stream: i64, bytes: Root<'s, Bytes>) -> Outcome<()> {
    cx.services.output.write(stream, cx.heap.bytes(bytes))
}

pub(super) fn out_flush(cx: &mut Context<'_>, stream: i64) -> Outcome<()> {
    match stream {
        1 | 2 => cx.services.output.flush(),
        other => trap(TrapKind::Argument, format!("there is no output stream {other}")),
    }
}

/// What reading gave, or a trap that says why it failed.
fn read<T>(result: io::Result<T>) -> Outcome<T> {
    match result {
        Ok(read) => Ok(read),
        Err(error) if error.kind() == io::ErrorKind::OutOfMemory => Err(OutOfMemory.into()),
        Err(error) => trap(TrapKind::Panic, format!("cannot read standard input: {error}")),
    }
}

/// The text of bytes that were read; `place` says where they were.
fn text_of(bytes: &[u8], place: impl FnOnce(usize) -> String) -> Outcome<&str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text),
        Err(error) => {
            trap(TrapKind::Conversion, format!("standard input is not UTF-8 {}", place(error.valid_up_to())))
        }
    }
}

pub(super) fn in_read_line<'s>(cx: &mut Context<'s>) -> Outcome<Option<Str<'s>>> {
    if cx.services.input.may_wait() {
        cx.services.output.flush()?;
    }
    let number = cx.services.input.lines() + 1;
    let Some(line) = read(cx.services.input.line())? else { return Ok(None) };
    let text = text_of(line, |at| format!("in line {number}, byte {}", at + 1))?;
    Ok(Some(cx.heap.new_text(text)?))
}

pub(super) fn in_read_all<'s>(cx: &mut Context<'s>) -> Outcome<Str<'s>> {
    cx.services.output.flush()?;
    let text = text_of(read(cx.services.input.rest())?, |at| format!("at byte {}", at + 1))?;
    let text = cx.heap.new_text(text)?;
    cx.services.input.forget();
    Ok(text)
}

pub(super) fn in_read_bytes<'s>(cx: &mut Context<'s>, bytes: Root<'s, Bytes>, most: i64) -> Outcome<i64> {
    let Ok(most) = usize::try_from(most) else {
        return trap(TrapKind::Argument, format!("the count {most} is negative"));
    };
    cx.services.output.flush()?;
    let taken = read(cx.services.input.bytes(most))?;
    cx.heap.append(bytes, taken)?;
    Ok(taken.len() as i64)
}

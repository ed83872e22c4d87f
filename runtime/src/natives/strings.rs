//! Looking into strings and cutting them: positions are byte offsets.

use std::hash::Hasher;

use lang_bytecode::TrapKind;
use memchr::memmem;
use rustc_hash::FxHasher;

use super::call::Context;
use super::failure::{Outcome, trap};
use crate::heap::{Root, Text};

type Str<'s> = Root<'s, Text>;

/// The offset as the program counts, or -1.
fn place(at: Option<usize>) -> i64 {
    at.map_or(-1, |at| at as i64)
}

pub(super) fn str_concat<'s>(cx: &mut Context<'s>, first: Str<'s>, second: Str<'s>) -> Outcome<Str<'s>> {
    Ok(cx.heap.concat(first, second)?)
}

pub(super) fn str_slice<'s>(cx: &mut Context<'s>, s: Str<'s>, start: i64, end: i64) -> Outcome<Str<'s>> {
    if let (Ok(from), Ok(to)) = (usize::try_from(start), usize::try_from(end))
        && let Some(part) = cx.heap.slice_within(s, from, to)?
    {
        return Ok(part);
    }
    no_slice(cx.heap.text(s), start, end)
}

/// Why there is no such slice.
#[cold]
fn no_slice<T>(text: &str, start: i64, end: i64) -> Outcome<T> {
    let len = text.len() as i64;
    if start < 0 || start > end || end > len {
        return trap(
            TrapKind::Slice,
            format!("the slice {start}..{end} is out of bounds for a string of {len} bytes"),
        );
    }
    let cut = if text.is_char_boundary(start as usize) { end } else { start };
    trap(
        TrapKind::Slice,
        format!("the slice {start}..{end} cuts a character: {}", cut_char(text, cut as usize)),
    )
}

/// Says which character an offset lies inside of.
fn cut_char(text: &str, offset: usize) -> String {
    let (start, c) = text.char_indices().rfind(|(at, _)| *at < offset).unwrap_or((0, ' '));
    format!("{c:?} takes the bytes {start}..{}", start + c.len_utf8())
}

pub(super) fn str_find<'s>(cx: &mut Context<'s>, s: Str<'s>, wanted: Str<'s>, from: i64) -> Outcome<i64> {
    let (text, wanted) = (cx.heap.text(s).as_bytes(), cx.heap.text(wanted).as_bytes());
    let Some((from, rest)) = usize::try_from(from).ok().and_then(|from| Some((from, text.get(from..)?)))
    else {
        return Ok(-1);
    };
    Ok(place(find_bytes(rest, wanted).map(|at| at + from)))
}

/// Where `wanted` first begins.
fn find_bytes(text: &[u8], wanted: &[u8]) -> Option<usize> {
    // Preparing a search costs more than a plain one in a short text.
    const SHORT: usize = 128;
    let [first, rest @ ..] = wanted else { return Some(0) };
    if !rest.is_empty() && text.len() > SHORT {
        return memmem::find(text, wanted);
    }
    let mut from = 0;
    loop {
        from += memchr::memchr(*first, &text[from..])? + 1;
        if text[from..].starts_with(rest) {
            return Some(from - 1);
        }
    }
}

pub(super) fn str_rfind<'s>(cx: &mut Context<'s>, s: Str<'s>, wanted: Str<'s>) -> Outcome<i64> {
    Ok(place(memmem::rfind(cx.heap.text(s).as_bytes(), cx.heap.text(wanted).as_bytes())))
}

pub(super) fn str_starts_with<'s>(cx: &mut Context<'s>, s: Str<'s>, start: Str<'s>) -> Outcome<bool> {
    Ok(cx.heap.text(s).as_bytes().starts_with(cx.heap.text(start).as_bytes()))
}

pub(super) fn str_ends_with<'s>(cx: &mut Context<'s>, s: Str<'s>, end: Str<'s>) -> Outcome<bool> {
    Ok(cx.heap.text(s).as_bytes().ends_with(cx.heap.text(end).as_bytes()))
}

pub(super) fn str_hash<'s>(cx: &mut Context<'s>, s: Str<'s>) -> Outcome<i64> {
    let mut hasher = FxHasher::default();
    hasher.write(cx.heap.text(s).as_bytes());
    Ok(hasher.finish() as i64)
}

/// The char that begins at an offset.
#[inline]
fn char_at(text: &str, offset: i64) -> Outcome<char> {
    if let Some(c) =
        usize::try_from(offset).ok().and_then(|at| text.get(at..)).and_then(|rest| rest.chars().next())
    {
        return Ok(c);
    }
    no_char(text, offset)
}

/// Why there is no char at an offset.
#[cold]
fn no_char(text: &str, offset: i64) -> Outcome<char> {
    let len = text.len();
    match usize::try_from(offset) {
        Ok(at) if at < len => {
            trap(TrapKind::Slice, format!("offset {at} is inside a character: {}", cut_char(text, at)))
        }
        _ => trap(TrapKind::Index, format!("offset {offset} is out of bounds for a string of {len} bytes")),
    }
}

pub(super) fn str_char_at<'s>(cx: &mut Context<'s>, s: Str<'s>, offset: i64) -> Outcome<i64> {
    Ok(i64::from(u32::from(char_at(cx.heap.text(s), offset)?)))
}

pub(super) fn str_next_char<'s>(cx: &mut Context<'s>, s: Str<'s>, offset: i64) -> Outcome<(i64, i64)> {
    let c = char_at(cx.heap.text(s), offset)?;
    Ok((i64::from(u32::from(c)), offset + c.len_utf8() as i64))
}

pub(super) fn str_prev_char<'s>(cx: &mut Context<'s>, s: Str<'s>, offset: i64) -> Outcome<(i64, i64)> {
    let text = cx.heap.text(s);
    match usize::try_from(offset).ok().and_then(|at| text.get(..at)).and_then(|rest| rest.chars().next_back())
    {
        Some(c) => Ok((i64::from(u32::from(c)), offset - c.len_utf8() as i64)),
        None => {
            no_char(text, offset)?;
            trap(TrapKind::Index, "no character ends at offset 0")
        }
    }
}

pub(super) fn str_count_chars<'s>(cx: &mut Context<'s>, s: Str<'s>) -> Outcome<i64> {
    Ok(cx.heap.text(s).chars().count() as i64)
}

pub(super) fn str_is_boundary<'s>(cx: &mut Context<'s>, s: Str<'s>, offset: i64) -> Outcome<bool> {
    Ok(usize::try_from(offset).is_ok_and(|at| cx.heap.text(s).is_char_boundary(at)))
}

/// The part of `s` that is left of its text, which must be a part of it.
fn narrowed<'s>(cx: &mut Context<'s>, s: Str<'s>, part: impl FnOnce(&str) -> &str) -> Outcome<Str<'s>> {
    let text = cx.heap.text(s);
    let rest = part(text);
    let start = rest.as_ptr() as usize - text.as_ptr() as usize;
    let end = start + rest.len();
    Ok(cx.heap.slice(s, start, end)?)
}

pub(super) fn str_trim<'s>(cx: &mut Context<'s>, s: Str<'s>) -> Outcome<Str<'s>> {
    narrowed(cx, s, str::trim)
}

pub(super) fn str_trim_start<'s>(cx: &mut Context<'s>, s: Str<'s>) -> Outcome<Str<'s>> {
    narrowed(cx, s, str::trim_start)
}

pub(super) fn str_trim_end<'s>(cx: &mut Context<'s>, s: Str<'s>) -> Outcome<Str<'s>> {
    narrowed(cx, s, str::trim_end)
}

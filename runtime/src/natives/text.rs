//! Making strings of strings: splitting, joining, replacing, changing case, and to and from bytes and chars.

use lang_bytecode::TrapKind;
use memchr::memmem;

use super::call::Context;
use super::chars::char_or_replacement;
use super::failure::{Outcome, collected, spare, trap};
use crate::heap::{Bytes, Chars, OutOfMemory, Root, Strings, Text};

type Str<'s> = Root<'s, Text>;

/// Room for a text of `len` bytes outside of the heap, where the heap could hold it.
fn scratch(cx: &Context<'_>, len: Option<usize>) -> Outcome<String> {
    let len = len.filter(|len| cx.heap.could_hold(*len)).ok_or(OutOfMemory)?;
    let mut text = String::new();
    text.try_reserve_exact(len).map_err(|_| OutOfMemory)?;
    Ok(text)
}

/// An array of the parts of `s` between these pairs of offsets.
fn parts<'s>(cx: &mut Context<'s>, s: Str<'s>, ends: &[(usize, usize)]) -> Outcome<Root<'s, Strings>> {
    let array = cx.heap.new_strings(cx.result, ends.len())?;
    for (start, end) in ends {
        cx.heap.push_slice(array, s, *start, *end)?;
    }
    Ok(array)
}

/// Where parts of `text` begin and end.
fn ends_of<'t>(text: &str, parts: impl Iterator<Item = &'t str>) -> Outcome<Vec<(usize, usize)>> {
    let base = text.as_ptr() as usize;
    collected(parts.map(|part| (part.as_ptr() as usize - base, part.as_ptr() as usize - base + part.len())))
}

pub(super) fn str_split<'s>(
    cx: &mut Context<'s>,
    s: Str<'s>,
    separator: Str<'s>,
) -> Outcome<Root<'s, Strings>> {
    let (text, separator) = (cx.heap.text(s), cx.heap.text(separator));
    let ends = if separator.is_empty() {
        collected(text.char_indices().map(|(at, c)| (at, at + c.len_utf8())))?
    } else {
        let found = memmem::find_iter(text.as_bytes(), separator).map(|at| (at, separator.len()));
        let mut start = 0;
        collected(
            found
                .chain([(text.len(), 0)])
                .map(|(end, skipped)| (std::mem::replace(&mut start, end + skipped), end)),
        )?
    };
    parts(cx, s, &ends)
}

pub(super) fn str_split_whitespace<'s>(cx: &mut Context<'s>, s: Str<'s>) -> Outcome<Root<'s, Strings>> {
    let text = cx.heap.text(s);
    let ends = ends_of(text, text.split_whitespace())?;
    parts(cx, s, &ends)
}

pub(super) fn str_lines<'s>(cx: &mut Context<'s>, s: Str<'s>) -> Outcome<Root<'s, Strings>> {
    let text = cx.heap.text(s);
    let ends = ends_of(text, text.lines())?;
    parts(cx, s, &ends)
}

pub(super) fn str_to_upper<'s>(cx: &mut Context<'s>, s: Str<'s>) -> Outcome<Str<'s>> {
    // No char takes more than three times the bytes in the other case.
    spare(cx.heap.text(s).len() * 3)?;
    let upper = cx.heap.text(s).to_uppercase();
    Ok(cx.heap.new_text(&upper)?)
}

pub(super) fn str_to_lower<'s>(cx: &mut Context<'s>, s: Str<'s>) -> Outcome<Str<'s>> {
    spare(cx.heap.text(s).len() * 3)?;
    let lower = cx.heap.text(s).to_lowercase();
    Ok(cx.heap.new_text(&lower)?)
}

pub(super) fn str_replace<'s>(
    cx: &mut Context<'s>,
    s: Str<'s>,
    old: Str<'s>,
    new: Str<'s>,
) -> Outcome<Str<'s>> {
    let (text, old, new) = (cx.heap.text(s), cx.heap.text(old), cx.heap.text(new));
    let count = text.matches(old).count();
    if count == 0 {
        return Ok(s);
    }
    let len =
        count.checked_mul(new.len()).and_then(|added| (text.len() - count * old.len()).checked_add(added));
    let mut replaced = scratch(cx, len)?;
    let mut from = 0;
    for (at, _) in text.match_indices(old) {
        replaced.push_str(&text[from..at]);
        replaced.push_str(new);
        from = at + old.len();
    }
    replaced.push_str(&text[from..]);
    Ok(cx.heap.new_text(&replaced)?)
}

pub(super) fn str_repeat<'s>(cx: &mut Context<'s>, s: Str<'s>, count: i64) -> Outcome<Str<'s>> {
    let Ok(count) = usize::try_from(count) else {
        return trap(TrapKind::Argument, format!("a string cannot be repeated {count} times"));
    };
    let text = cx.heap.text(s);
    let mut repeated = scratch(cx, text.len().checked_mul(count))?;
    if !text.is_empty() {
        for _ in 0..count {
            repeated.push_str(text);
        }
    }
    Ok(cx.heap.new_text(&repeated)?)
}

/// So many of a code point as a text needs to have `width` chars.
fn padding(cx: &Context<'_>, s: Str<'_>, width: i64, fill: i64) -> Outcome<(char, usize)> {
    let fill = char_or_replacement(fill);
    let have = cx.heap.text(s).chars().count();
    Ok((fill, usize::try_from(width).unwrap_or(0).saturating_sub(have)))
}

/// The text with padding in front or behind.
fn padded<'s>(cx: &mut Context<'s>, s: Str<'s>, width: i64, fill: i64, in_front: bool) -> Outcome<Str<'s>> {
    let (fill, count) = padding(cx, s, width, fill)?;
    if count == 0 {
        return Ok(s);
    }
    let text = cx.heap.text(s);
    let mut whole =
        scratch(cx, count.checked_mul(fill.len_utf8()).and_then(|more| more.checked_add(text.len())))?;
    if !in_front {
        whole.push_str(text);
    }
    whole.extend(std::iter::repeat_n(fill, count));
    if in_front {
        whole.push_str(text);
    }
    Ok(cx.heap.new_text(&whole)?)
}

pub(super) fn str_pad_start<'s>(cx: &mut Context<'s>, s: Str<'s>, width: i64, fill: i64) -> Outcome<Str<'s>> {
    padded(cx, s, width, fill, true)
}

pub(super) fn str_pad_end<'s>(cx: &mut Context<'s>, s: Str<'s>, width: i64, fill: i64) -> Outcome<Str<'s>> {
    padded(cx, s, width, fill, false)
}

pub(super) fn str_join<'s>(
    cx: &mut Context<'s>,
    separator: Str<'s>,
    array: Root<'s, Strings>,
) -> Outcome<Str<'s>> {
    let separator = cx.heap.text(separator);
    let strings = cx.heap.strings(array);
    let between = separator.len().checked_mul(strings.len().saturating_sub(1));
    let len = strings
        .clone()
        .try_fold(between, |sum, part| Some(sum.and_then(|sum| sum.checked_add(part.len()))))
        .flatten();
    let mut joined = scratch(cx, len)?;
    for (index, part) in strings.enumerate() {
        if index > 0 {
            joined.push_str(separator);
        }
        joined.push_str(part);
    }
    Ok(cx.heap.new_text(&joined)?)
}

pub(super) fn str_from_bytes<'s>(cx: &mut Context<'s>, bytes: Root<'s, Bytes>) -> Outcome<Option<Str<'s>>> {
    Ok(cx.heap.text_of_bytes(bytes)?)
}

pub(super) fn str_to_bytes<'s>(cx: &mut Context<'s>, s: Str<'s>) -> Outcome<Root<'s, Bytes>> {
    let array = cx.heap.new_bytes(cx.result, &[])?;
    cx.heap.append_text(array, s)?;
    Ok(array)
}

pub(super) fn str_from_chars<'s>(cx: &mut Context<'s>, chars: Root<'s, Chars>) -> Outcome<Str<'s>> {
    let text: String =
        cx.heap.chars(chars).iter().map(|code| char_or_replacement(i64::from(*code))).collect();
    Ok(cx.heap.new_text(&text)?)
}

pub(super) fn str_to_chars<'s>(cx: &mut Context<'s>, s: Str<'s>) -> Outcome<Root<'s, Chars>> {
    let chars: Vec<u32> = cx.heap.text(s).chars().map(u32::from).collect();
    Ok(cx.heap.new_chars(cx.result, &chars)?)
}

//! Ints among bytes, in either order of bytes, and the order of bits.

use std::ops::Range;

use lang_bytecode::TrapKind;

use super::call::Context;
use super::failure::{Outcome, trap};
use crate::heap::{Bytes, Root};

/// Where an int lies: so many bytes, from the greatest on or from the least.
struct Place {
    range: Range<usize>,
    big: bool,
    signed: bool,
}

/// Bits of a layout beside the number of bytes.
const SIGNED: i64 = 16;
const BIG: i64 = 32;

#[inline]
fn place(len: usize, at: i64, layout: i64) -> Outcome<Place> {
    let width = (layout & 15) as usize;
    if let Ok(start) = usize::try_from(at)
        && matches!(width, 1..=8)
        && let Some(end) = start.checked_add(width)
        && end <= len
    {
        return Ok(Place { range: start..end, big: layout & BIG != 0, signed: layout & SIGNED != 0 });
    }
    trap(TrapKind::Index, format!("{width} bytes at {at} are out of bounds for an array of {len}"))
}

pub(super) fn bits_get<'s>(
    cx: &mut Context<'s>,
    bytes: Root<'s, Bytes>,
    at: i64,
    layout: i64,
) -> Outcome<i64> {
    let bytes = cx.heap.bytes(bytes);
    let place = place(bytes.len(), at, layout)?;
    let join = |value: u64, byte: &u8| value << 8 | u64::from(*byte);
    let part = &bytes[place.range.clone()];
    let value = if place.big { part.iter().fold(0, join) } else { part.iter().rev().fold(0, join) };
    let unused = 64 - 8 * part.len() as u32;
    Ok(if place.signed { (value << unused) as i64 >> unused } else { value as i64 })
}

pub(super) fn bits_put<'s>(
    cx: &mut Context<'s>,
    bytes: Root<'s, Bytes>,
    at: i64,
    layout: i64,
    value: i64,
) -> Outcome<()> {
    let place = place(cx.heap.bytes(bytes).len(), at, layout)?;
    let width = place.range.len();
    let unused = 64 - 8 * width as u32;
    let fits = if place.signed {
        value << unused >> unused == value
    } else {
        value as u64 >> (63 - unused) >> 1 == 0
    };
    if !fits && width < 8 {
        let sign = if place.signed { 'i' } else { 'u' };
        return trap(TrapKind::Conversion, format!("{value} does not fit {sign}{}", 8 * width));
    }
    let part = &mut cx.heap.bytes_mut(bytes)[place.range];
    if place.big {
        part.copy_from_slice(&value.to_be_bytes()[8 - width..]);
    } else {
        part.copy_from_slice(&value.to_le_bytes()[..width]);
    }
    Ok(())
}

pub(super) fn bits_reverse(_: &mut Context<'_>, value: i64) -> Outcome<i64> {
    Ok(value.reverse_bits())
}

pub(super) fn bits_swap_bytes(_: &mut Context<'_>, value: i64) -> Outcome<i64> {
    Ok(value.swap_bytes())
}

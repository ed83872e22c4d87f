//! Operations on arrays that need no closure.

use lang_bytecode::TrapKind;

use super::call::{Context, Taken};
use super::failure::{Outcome, collected, spare, trap};
use crate::heap::{AnyArray, Elem, Root, Words};

type Array<'s> = Root<'s, AnyArray>;

/// A count that must not be negative.
fn count(count: i64) -> Outcome<usize> {
    match usize::try_from(count) {
        Ok(count) => Ok(count),
        Err(_) => trap(TrapKind::Argument, format!("the count {count} is negative")),
    }
}

/// An index that must be at most `most`.
fn index(index: i64, most: usize, len: usize) -> Outcome<usize> {
    match usize::try_from(index) {
        Ok(at) if at <= most => Ok(at),
        _ => trap(TrapKind::Index, format!("index {index} is out of bounds for an array of length {len}")),
    }
}

/// The ends of a part that must lie within `len`.
fn part(start: i64, end: i64, len: usize) -> Outcome<(usize, usize)> {
    match (usize::try_from(start), usize::try_from(end)) {
        (Ok(start), Ok(end)) if start <= end && end <= len => Ok((start, end)),
        _ => trap(
            TrapKind::Slice,
            format!("the slice {start}..{end} is out of bounds for an array of length {len}"),
        ),
    }
}

pub(super) fn array_slice<'s>(
    cx: &mut Context<'s>,
    array: Array<'s>,
    start: i64,
    end: i64,
) -> Outcome<Array<'s>> {
    let (start, end) = part(start, end, cx.heap.len(array))?;
    Ok(cx.heap.sub_array(array, start, end)?)
}

pub(super) fn array_copy<'s>(cx: &mut Context<'s>, array: Array<'s>) -> Outcome<Array<'s>> {
    Ok(cx.heap.sub_array(array, 0, cx.heap.len(array))?)
}

pub(super) fn array_concat<'s>(
    cx: &mut Context<'s>,
    first: Array<'s>,
    second: Array<'s>,
) -> Outcome<Array<'s>> {
    let new = cx.heap.sub_array(first, 0, cx.heap.len(first))?;
    cx.heap.extend(new, second)?;
    Ok(new)
}

pub(super) fn array_extend<'s>(cx: &mut Context<'s>, array: Array<'s>, from: Array<'s>) -> Outcome<()> {
    Ok(cx.heap.extend(array, from)?)
}

pub(super) fn array_insert<'s>(
    cx: &mut Context<'s>,
    array: Array<'s>,
    at: i64,
    value: Elem<'s>,
) -> Outcome<()> {
    let len = cx.heap.len(array);
    let at = index(at, len, len)?;
    Ok(cx.heap.insert(array, at, value)?)
}

pub(super) fn array_remove<'s>(cx: &mut Context<'s>, array: Array<'s>, at: i64) -> Outcome<Taken> {
    let len = cx.heap.len(array);
    match usize::try_from(at) {
        Ok(at) if at < len => Ok(Taken(cx.heap.remove(array, at))),
        _ => trap(TrapKind::Index, format!("index {at} is out of bounds for an array of length {len}")),
    }
}

pub(super) fn array_truncate<'s>(cx: &mut Context<'s>, array: Array<'s>, len: i64) -> Outcome<()> {
    let len = count(len)?;
    cx.heap.truncate(array, len);
    Ok(())
}

pub(super) fn array_resize<'s>(
    cx: &mut Context<'s>,
    array: Array<'s>,
    len: i64,
    value: Elem<'s>,
) -> Outcome<()> {
    let len = count(len)?;
    match len.checked_sub(cx.heap.len(array)) {
        Some(more) => cx.heap.append_filled(array, more, value)?,
        None => cx.heap.truncate(array, len),
    }
    Ok(())
}

pub(super) fn array_reserve<'s>(cx: &mut Context<'s>, array: Array<'s>, more: i64) -> Outcome<()> {
    let more = count(more)?;
    Ok(cx.heap.reserve(array, more)?)
}

pub(super) fn array_fill<'s>(cx: &mut Context<'s>, array: Array<'s>, value: Elem<'s>) -> Outcome<()> {
    cx.heap.fill(array, value);
    Ok(())
}

pub(super) fn array_reverse<'s>(cx: &mut Context<'s>, array: Array<'s>) -> Outcome<()> {
    cx.heap.reverse(array);
    Ok(())
}

pub(super) fn array_move<'s>(
    cx: &mut Context<'s>,
    to: Array<'s>,
    at: i64,
    from: Array<'s>,
    start: i64,
    many: i64,
) -> Outcome<()> {
    let many = count(many)? as i64;
    let (start, _) = part(start, start.saturating_add(many), cx.heap.len(from))?;
    let (at, _) = part(at, at.saturating_add(many), cx.heap.len(to))?;
    cx.heap.copy_elements(to, at, from, start, many as usize);
    Ok(())
}

pub(super) fn array_permute<'s>(
    cx: &mut Context<'s>,
    array: Array<'s>,
    order: Root<'s, Words>,
) -> Outcome<()> {
    let (len, order) = (cx.heap.len(array), collected(cx.heap.words(order).iter().copied())?);
    if let Some(at) = order.iter().find(|at| **at as usize >= len) {
        return trap(TrapKind::Index, format!("index {at} is out of bounds for an array of length {len}"));
    }
    if order.len() != len {
        return trap(TrapKind::Index, format!("an array of length {len} has no order of {}", order.len()));
    }
    spare(len.saturating_mul(8))?;
    cx.heap.permute(array, &order);
    Ok(())
}

pub(super) fn array_sort<'s>(cx: &mut Context<'s>, array: Array<'s>) -> Outcome<()> {
    // A stable sort takes memory for up to as many elements.
    spare(cx.heap.len(array).saturating_mul(8))?;
    cx.heap.sort(array);
    Ok(())
}

pub(super) fn array_equal<'s>(cx: &mut Context<'s>, first: Array<'s>, second: Array<'s>) -> Outcome<bool> {
    Ok(cx.heap.elements(first).equal(&cx.heap.elements(second)))
}

pub(super) fn array_index_of<'s>(
    cx: &mut Context<'s>,
    array: Array<'s>,
    wanted: Elem<'s>,
    from: i64,
) -> Outcome<i64> {
    let from = usize::try_from(from).unwrap_or(0);
    Ok(cx.heap.elements(array).position(wanted, from).map_or(-1, |at| at as i64))
}

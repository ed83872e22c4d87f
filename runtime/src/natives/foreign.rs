//! Memory as C has it: fields of extern structs in their bytes, and what addresses point to.

use lang_bytecode::{CScalar, TrapKind};

use super::call::Context;
use super::failure::{Outcome, trap};
use crate::heap::{AnyArray, Bytes, Root, Text};

fn scalar(kind: i64) -> Outcome<CScalar> {
    match usize::try_from(kind).ok().and_then(|kind| CScalar::ALL.get(kind)) {
        Some(scalar) => Ok(*scalar),
        None => trap(TrapKind::Argument, format!("there is no type {kind} of C")),
    }
}

/// Bytes `at..at + count`, where there are so many.
fn part(len: usize, at: i64, count: i64) -> Outcome<std::ops::Range<usize>> {
    let range = usize::try_from(at).ok().zip(usize::try_from(count).ok());
    let range = range.and_then(|(at, count)| Some(at..at.checked_add(count)?));
    match range {
        Some(range) if range.end <= len => Ok(range),
        _ => trap(TrapKind::Index, format!("{count} bytes at {at} are out of bounds for {len}")),
    }
}

/// The int that lies in these bytes.
fn int_of(bytes: &[u8], scalar: CScalar) -> Outcome<i64> {
    let mut word = [0; 8];
    word[..bytes.len()].copy_from_slice(bytes);
    let word = u64::from_le_bytes(word);
    Ok(match scalar {
        CScalar::I8 => i64::from(word as i8),
        CScalar::I16 => i64::from(word as i16),
        CScalar::I32 => i64::from(word as i32),
        CScalar::Bool => i64::from(word != 0),
        CScalar::U64 if word > i64::MAX as u64 => {
            return trap(TrapKind::Conversion, format!("{word} is above `int.MAX`"));
        }
        _ => word as i64,
    })
}

fn float_of(bytes: &[u8]) -> f64 {
    match bytes {
        [a, b, c, d] => f64::from(f32::from_le_bytes([*a, *b, *c, *d])),
        [a, b, c, d, e, f, g, h] => f64::from_le_bytes([*a, *b, *c, *d, *e, *f, *g, *h]),
        _ => 0.0,
    }
}

/// The bytes of an int, where it fits.
fn fitting(value: i64, scalar: CScalar) -> Outcome<[u8; 8]> {
    let (least, greatest) = scalar.range();
    if !(least..=greatest).contains(&value) {
        return trap(TrapKind::Conversion, format!("{value} does not fit `{}`", scalar.word()));
    }
    Ok(value.to_le_bytes())
}

/// The bytes of a float, eight or four of them.
fn float_bytes(value: f64, scalar: CScalar) -> ([u8; 8], usize) {
    let mut bytes = value.to_le_bytes();
    if scalar == CScalar::F32 {
        bytes[..4].copy_from_slice(&(value as f32).to_le_bytes());
    }
    (bytes, scalar.bytes() as usize)
}

type Buffer<'s> = Root<'s, Bytes>;

pub(super) fn c_get_int<'s>(cx: &mut Context<'s>, bytes: Buffer<'s>, at: i64, kind: i64) -> Outcome<i64> {
    let (scalar, bytes) = (scalar(kind)?, cx.heap.bytes(bytes));
    int_of(&bytes[part(bytes.len(), at, i64::from(scalar.bytes()))?], scalar)
}

pub(super) fn c_get_float<'s>(cx: &mut Context<'s>, bytes: Buffer<'s>, at: i64, kind: i64) -> Outcome<f64> {
    let (scalar, bytes) = (scalar(kind)?, cx.heap.bytes(bytes));
    Ok(float_of(&bytes[part(bytes.len(), at, i64::from(scalar.bytes()))?]))
}

pub(super) fn c_set_int<'s>(
    cx: &mut Context<'s>,
    bytes: Buffer<'s>,
    at: i64,
    kind: i64,
    value: i64,
) -> Outcome<()> {
    let scalar = scalar(kind)?;
    let (value, count) = (fitting(value, scalar)?, scalar.bytes());
    let bytes = cx.heap.bytes_mut(bytes);
    let range = part(bytes.len(), at, i64::from(count))?;
    bytes[range].copy_from_slice(&value[..count as usize]);
    Ok(())
}

pub(super) fn c_set_float<'s>(
    cx: &mut Context<'s>,
    bytes: Buffer<'s>,
    at: i64,
    kind: i64,
    value: f64,
) -> Outcome<()> {
    let (value, count) = float_bytes(value, scalar(kind)?);
    let bytes = cx.heap.bytes_mut(bytes);
    let range = part(bytes.len(), at, count as i64)?;
    bytes[range].copy_from_slice(&value[..count]);
    Ok(())
}

pub(super) fn c_copy<'s>(
    cx: &mut Context<'s>,
    to: Buffer<'s>,
    to_at: i64,
    from: Buffer<'s>,
    from_at: i64,
    count: i64,
) -> Outcome<()> {
    let source = cx.heap.bytes(from);
    let copy = source[part(source.len(), from_at, count)?].to_vec();
    let target = cx.heap.bytes_mut(to);
    let range = part(target.len(), to_at, count)?;
    target[range].copy_from_slice(&copy);
    Ok(())
}

pub(super) fn c_get_array<'s>(
    cx: &mut Context<'s>,
    array: Root<'s, AnyArray>,
    bytes: Buffer<'s>,
    at: i64,
) -> Outcome<()> {
    let count = cx.heap.scalars(array).map_or(0, <[u8]>::len);
    let source = cx.heap.bytes(bytes);
    let copy = source[part(source.len(), at, count as i64)?].to_vec();
    if let Some(target) = cx.heap.scalars_mut(array) {
        target.copy_from_slice(&copy);
    }
    Ok(())
}

pub(super) fn c_set_array<'s>(
    cx: &mut Context<'s>,
    array: Root<'s, AnyArray>,
    bytes: Buffer<'s>,
    at: i64,
    wanted: i64,
) -> Outcome<()> {
    let len = cx.heap.len(array);
    if len as i64 != wanted {
        let message = format!("an array of {len} elements does not fit a field of {wanted}");
        return trap(TrapKind::Argument, message);
    }
    let copy = cx.heap.scalars(array).unwrap_or_default().to_vec();
    let target = cx.heap.bytes_mut(bytes);
    let range = part(target.len(), at, copy.len() as i64)?;
    target[range].copy_from_slice(&copy);
    Ok(())
}

pub(super) fn c_errno(cx: &mut Context<'_>) -> Outcome<i64> {
    Ok(i64::from(cx.services.c_errno))
}

/// Nothing is known of an address but that NULL is none.
fn address(address: i64) -> Outcome<*mut u8> {
    if address == 0 {
        return trap(TrapKind::NullReference, "a read or write through `ptr.NULL`");
    }
    Ok(address as *mut u8)
}

pub(super) fn ptr_get_int(_: &mut Context<'_>, from: i64, kind: i64) -> Outcome<i64> {
    let (scalar, from) = (scalar(kind)?, address(from)?);
    let mut bytes = [0; 8];
    let count = scalar.bytes() as usize;
    // SAFETY: the program imported `unsafe`, and vouches for the address.
    unsafe { std::ptr::copy_nonoverlapping(from, bytes.as_mut_ptr(), count) };
    int_of(&bytes[..count], scalar)
}

pub(super) fn ptr_get_float(_: &mut Context<'_>, from: i64, kind: i64) -> Outcome<f64> {
    let (scalar, from) = (scalar(kind)?, address(from)?);
    let mut bytes = [0; 8];
    let count = scalar.bytes() as usize;
    // SAFETY: the program imported `unsafe`, and vouches for the address.
    unsafe { std::ptr::copy_nonoverlapping(from, bytes.as_mut_ptr(), count) };
    Ok(float_of(&bytes[..count]))
}

pub(super) fn ptr_set_int(_: &mut Context<'_>, to: i64, kind: i64, value: i64) -> Outcome<()> {
    let (scalar, to) = (scalar(kind)?, address(to)?);
    let value = fitting(value, scalar)?;
    // SAFETY: the program imported `unsafe`, and vouches for the address.
    unsafe { std::ptr::copy_nonoverlapping(value.as_ptr(), to, scalar.bytes() as usize) };
    Ok(())
}

pub(super) fn ptr_set_float(_: &mut Context<'_>, to: i64, kind: i64, value: f64) -> Outcome<()> {
    let (value, count) = float_bytes(value, scalar(kind)?);
    let to = address(to)?;
    // SAFETY: the program imported `unsafe`, and vouches for the address.
    unsafe { std::ptr::copy_nonoverlapping(value.as_ptr(), to, count) };
    Ok(())
}

pub(super) fn ptr_get_text<'s>(cx: &mut Context<'s>, from: i64) -> Outcome<Root<'s, Text>> {
    let from = address(from)?;
    // SAFETY: the program imported `unsafe`, and vouches for the address.
    let text = unsafe { crate::ffi::lossy(from.cast()) };
    Ok(cx.heap.new_text(&text)?)
}

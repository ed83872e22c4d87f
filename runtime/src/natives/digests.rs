//! Hashes of bytes, and bytes as text: hexadecimal and base64.

use base64::engine::{DecodePaddingMode, Engine, GeneralPurpose, GeneralPurposeConfig};
use base64::{DecodeError, alphabet};
use lang_bytecode::TrapKind;
use sha2::Digest;
use sha2::digest::DynDigest;

use super::call::Context;
use super::failure::{Outcome, spare, trap};
use crate::heap::{Bytes, Root, Text, Words};

type Data<'s> = Root<'s, Bytes>;

/// The algorithms, by the numbers that the library gives them.
fn algorithm(kind: i64) -> Outcome<Box<dyn DynDigest>> {
    Ok(match kind {
        0 => Box::new(md5::Md5::new()),
        1 => Box::new(sha1::Sha1::new()),
        2 => Box::new(sha2::Sha256::new()),
        3 => Box::new(sha2::Sha512::new()),
        _ => return trap(TrapKind::Argument, format!("there is no hash {kind}")),
    })
}

/// How many bytes a hash under construction takes at most, with what manages it.
const HASHER: usize = 512;

/// A hash under construction.
struct Hasher(Box<dyn DynDigest>);

pub(super) fn hash_digest<'s>(cx: &mut Context<'s>, kind: i64, data: Data<'s>) -> Outcome<Data<'s>> {
    let mut hasher = algorithm(kind)?;
    hasher.update(cx.heap.bytes(data));
    Ok(cx.heap.new_bytes(cx.result, &hasher.finalize())?)
}

pub(super) fn hash_begin<'s>(cx: &mut Context<'s>, kind: i64, handle: Root<'s, Words>) -> Outcome<()> {
    let hasher = Hasher(algorithm(kind)?);
    Ok(cx.heap.host(handle, Box::new(hasher), HASHER)?)
}

/// Does something with the hasher of a handle.
fn with_hasher<'s, T>(
    cx: &mut Context<'s>,
    handle: Root<'s, Words>,
    work: impl FnOnce(&mut Context<'s>, &mut Hasher) -> T,
) -> Outcome<T> {
    let Some(mut hasher) = cx.heap.lend::<Hasher>(handle) else {
        return trap(TrapKind::Argument, "the array stands for no hasher");
    };
    let result = work(cx, &mut hasher);
    cx.heap.give_back(handle, hasher);
    Ok(result)
}

pub(super) fn hash_add<'s>(cx: &mut Context<'s>, handle: Root<'s, Words>, data: Data<'s>) -> Outcome<()> {
    with_hasher(cx, handle, |cx, hasher| hasher.0.update(cx.heap.bytes(data)))
}

pub(super) fn hash_end<'s>(cx: &mut Context<'s>, handle: Root<'s, Words>) -> Outcome<Data<'s>> {
    let digest = with_hasher(cx, handle, |_, hasher| hasher.0.clone().finalize())?;
    Ok(cx.heap.new_bytes(cx.result, &digest)?)
}

pub(super) fn hash_crc32<'s>(cx: &mut Context<'s>, before: i64, data: Data<'s>) -> Outcome<i64> {
    let mut hasher = crc32fast::Hasher::new_with_initial(before as u32);
    hasher.update(cx.heap.bytes(data));
    Ok(i64::from(hasher.finalize()))
}

/// FNV-1a (Fowler, Noll, Vo) with 64 bits.
pub(super) fn hash_fnv<'s>(cx: &mut Context<'s>, before: i64, data: Data<'s>) -> Outcome<i64> {
    const PRIME: u64 = 0x0100_0000_01b3;
    let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(PRIME);
    Ok(cx.heap.bytes(data).iter().fold(before as u64, step) as i64)
}

pub(super) fn hex_encode<'s>(cx: &mut Context<'s>, data: Data<'s>) -> Outcome<Root<'s, Text>> {
    let bytes = cx.heap.bytes(data);
    spare(bytes.len().saturating_mul(2))?;
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
    let text: String = bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect();
    Ok(cx.heap.new_text(&text)?)
}

/// The base64 of a variant: 0 standard, 1 for URLs, each with padding; 2 and 3 likewise without. Padding may be left out in what is read.
fn base64(variant: i64) -> Outcome<GeneralPurpose> {
    let alphabet = if variant & 1 == 0 { &alphabet::STANDARD } else { &alphabet::URL_SAFE };
    let config = GeneralPurposeConfig::new()
        .with_encode_padding(variant & 2 == 0)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent);
    match variant {
        0..=3 => Ok(GeneralPurpose::new(alphabet, config)),
        _ => trap(TrapKind::Argument, format!("there is no base64 {variant}")),
    }
}

pub(super) fn base64_encode<'s>(
    cx: &mut Context<'s>,
    data: Data<'s>,
    variant: i64,
) -> Outcome<Root<'s, Text>> {
    let engine = base64(variant)?;
    spare(cx.heap.bytes(data).len().saturating_mul(2))?;
    let text = engine.encode(cx.heap.bytes(data));
    Ok(cx.heap.new_text(&text)?)
}

pub(super) fn base64_decode<'s>(
    cx: &mut Context<'s>,
    text: Root<'s, Text>,
    variant: i64,
    into: Data<'s>,
) -> Outcome<(i64, i64)> {
    let engine = base64(variant)?;
    spare(cx.heap.text(text).len())?;
    match engine.decode(cx.heap.text(text)) {
        Ok(bytes) => {
            cx.heap.append(into, &bytes)?;
            Ok((0, 0))
        }
        Err(DecodeError::InvalidByte(at, _)) => Ok((1, at as i64)),
        Err(DecodeError::InvalidLastSymbol(at, _)) => Ok((2, at as i64)),
        Err(DecodeError::InvalidLength(length)) => Ok((3, length as i64)),
        Err(DecodeError::InvalidPadding) => Ok((4, 0)),
    }
}

//! Rows of CSV, as RFC 4180 has them.

use lang_bytecode::TrapKind;

use super::call::Context;
use super::failure::{Outcome, spare, trap};
use crate::heap::{Root, Scope, Strings, Text};

/// Where the parts of a field lie.
enum Field {
    /// It stands as it is from here to there.
    Plain(usize, usize),
    /// Between quotes, from here to there; quotes in it are doubled.
    Quoted { start: usize, end: usize, doubled: bool },
}

/// What cannot be read.
enum Mistake {
    /// A quote that nothing closes.
    Open(usize),
    /// Something between a closing quote and the separator.
    Behind(usize),
}

pub(super) fn csv_row<'s>(
    cx: &mut Context<'s>,
    text: Root<'s, Text>,
    at: i64,
    separator: i64,
    fields: Root<'s, Strings>,
) -> Outcome<(i64, i64)> {
    let Some(separator) = u32::try_from(separator).ok().and_then(char::from_u32).filter(|c| c.is_ascii())
    else {
        return trap(TrapKind::Argument, "the separator of CSV is one ASCII character");
    };
    let mut at = usize::try_from(at).unwrap_or(usize::MAX).min(cx.heap.text(text).len());
    loop {
        match field(cx.heap.text(text).as_bytes(), at, separator as u8) {
            Ok((field, next)) => {
                push(&mut cx.heap, text, &field, fields)?;
                let bytes = cx.heap.text(text).as_bytes();
                match bytes.get(next) {
                    None => return Ok((next as i64, 0)),
                    Some(byte) if *byte == separator as u8 => at = next + 1,
                    Some(b'\r') => return Ok((next as i64 + 2, 0)),
                    Some(_) => return Ok((next as i64 + 1, 0)),
                }
            }
            Err(Mistake::Open(place)) => return Ok((-1, place as i64)),
            Err(Mistake::Behind(place)) => return Ok((-2, place as i64)),
        }
    }
}

/// The field that begins here, and where the separator or line end behind it is.
fn field(bytes: &[u8], start: usize, separator: u8) -> Result<(Field, usize), Mistake> {
    let line_end = |at: usize| match bytes.get(at) {
        None | Some(b'\n') => true,
        Some(b'\r') => bytes.get(at + 1) == Some(&b'\n'),
        Some(_) => false,
    };
    if bytes.get(start) != Some(&b'"') {
        let mut end = start;
        while !line_end(end) && bytes[end] != separator {
            end += 1;
        }
        return Ok((Field::Plain(start, end), end));
    }
    let (mut end, mut doubled) = (start + 1, false);
    loop {
        end += memchr::memchr(b'"', &bytes[end..]).ok_or(Mistake::Open(start))?;
        if bytes.get(end + 1) != Some(&b'"') {
            break;
        }
        doubled = true;
        end += 2;
    }
    let next = end + 1;
    if !line_end(next) && bytes[next] != separator {
        return Err(Mistake::Behind(next));
    }
    Ok((Field::Quoted { start: start + 1, end, doubled }, next))
}

fn push<'s>(
    heap: &mut Scope<'s>,
    text: Root<'s, Text>,
    field: &Field,
    fields: Root<'s, Strings>,
) -> Outcome<()> {
    match *field {
        Field::Plain(start, end) | Field::Quoted { start, end, doubled: false } => {
            Ok(heap.push_slice(fields, text, start, end)?)
        }
        Field::Quoted { start, end, doubled: true } => {
            spare(end - start)?;
            let plain = heap.text(text)[start..end].replace("\"\"", "\"");
            Ok(heap.push_new_string(fields, &plain)?)
        }
    }
}

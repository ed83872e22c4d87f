//! The section of C functions, writing and reading side by side.

use super::cursor::{Damage, Read, Reader, Writer};
use crate::{CAction, CFunction, CLayout, CScalar, CSignature, CType, Foreign, Place};

/// Types of C that are no scalars come after these.
const SCALARS: u64 = 16;

pub(super) fn write_foreign(w: &mut Writer, foreign: &Foreign) {
    w.list(&foreign.layouts, |w, layout| {
        w.text(&layout.name);
        w.u32(layout.size);
        w.u32(layout.align);
        w.list(&layout.fields, |w, (at, scalar)| {
            w.u32(*at);
            w.number(*scalar as u64);
        });
    });
    w.list(&foreign.callbacks, write_signature);
    w.list(&foreign.functions, write_function);
}

pub(super) fn read_foreign(r: &mut Reader<'_>) -> Read<Foreign> {
    Ok(Foreign {
        layouts: r.list(read_layout)?,
        callbacks: r.list(read_signature)?,
        functions: r.list(read_function)?,
    })
}

pub(super) fn read_layout(r: &mut Reader<'_>) -> Read<CLayout> {
    Ok(CLayout {
        name: r.text()?,
        size: r.u32()?,
        align: r.u32()?,
        fields: r.list(|r| Ok((r.u32()?, scalar(r.number()?)?)))?,
    })
}

fn write_signature(w: &mut Writer, signature: &CSignature) {
    w.list(&signature.params, |w, ty| write_type(w, *ty));
    w.list(signature.result.as_slice(), |w, ty| write_type(w, *ty));
    w.list(signature.variadic.as_slice(), |w, fixed| w.u32(*fixed));
}

pub(super) fn read_signature(r: &mut Reader<'_>) -> Read<CSignature> {
    Ok(CSignature {
        params: r.list(read_type)?,
        result: optional(r, read_type)?,
        variadic: optional(r, Reader::u32)?,
    })
}

/// A list of at most one item.
fn optional<'b, T>(r: &mut Reader<'b>, item: impl FnMut(&mut Reader<'b>) -> Read<T>) -> Read<Option<T>> {
    let mut items = r.list(item)?;
    if items.len() > 1 {
        return Err(Damage::TooLarge);
    }
    Ok(items.pop())
}

fn write_type(w: &mut Writer, ty: CType) {
    let (kind, index) = match ty {
        CType::Scalar(scalar) => (scalar as u64, None),
        CType::Text => (SCALARS, None),
        CType::Elements => (SCALARS + 1, None),
        CType::Pointer => (SCALARS + 2, None),
        CType::Struct(index) => (SCALARS + 3, Some(index)),
        CType::Callback(index) => (SCALARS + 4, Some(index)),
    };
    w.number(kind);
    if let Some(index) = index {
        w.u32(index);
    }
}

fn read_type(r: &mut Reader<'_>) -> Read<CType> {
    let kind = r.number()?;
    Ok(match kind.checked_sub(SCALARS) {
        None => CType::Scalar(scalar(kind)?),
        Some(0) => CType::Text,
        Some(1) => CType::Elements,
        Some(2) => CType::Pointer,
        Some(3) => CType::Struct(r.u32()?),
        Some(4) => CType::Callback(r.u32()?),
        Some(_) => return Err(Damage::Unknown),
    })
}

fn scalar(number: u64) -> Read<CScalar> {
    CScalar::ALL.get(number as usize).copied().ok_or(Damage::Unknown)
}

fn write_function(w: &mut Writer, function: &CFunction) {
    w.list(function.library.as_slice(), |w, library| w.text(library));
    w.text(&function.symbol);
    w.number(function.weak as u64);
    let Place { source, line, column, length } = function.place;
    [source, line, column, length].iter().for_each(|number| w.u32(*number));
    super::write::signature(w, &function.signature);
    match &function.action {
        CAction::Call(signature) => {
            w.number(0);
            write_signature(w, signature);
        }
        CAction::Address => w.number(1),
        CAction::NewCallback(index) => {
            w.number(2);
            w.u32(*index);
        }
        CAction::FreeCallback => w.number(3),
    }
}

pub(super) fn read_function(r: &mut Reader<'_>) -> Read<CFunction> {
    let library = optional(r, Reader::text)?;
    let symbol = r.text()?;
    let weak = match r.number()? {
        0 => false,
        1 => true,
        _ => return Err(Damage::Unknown),
    };
    let place = Place { source: r.u32()?, line: r.u32()?, column: r.u32()?, length: r.u32()? };
    let signature = super::read::signature(r)?;
    let action = match r.number()? {
        0 => CAction::Call(read_signature(r)?),
        1 => CAction::Address,
        2 => CAction::NewCallback(r.u32()?),
        3 => CAction::FreeCallback,
        _ => return Err(Damage::Unknown),
    };
    Ok(CFunction { library, symbol, weak, place, signature, action })
}

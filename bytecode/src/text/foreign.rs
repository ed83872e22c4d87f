//! The tables of C in the text form: writing.

use super::names::{Decoration, Quoted, Takes};
use crate::{CAction, CLayout, CSignature, CType, Module};
use std::fmt::{Result, Write};

pub(super) fn write_foreign(out: &mut String, module: &Module) -> Result {
    let foreign = &module.foreign;
    foreign.layouts.iter().try_for_each(|layout| write_layout(out, layout))?;
    foreign.callbacks.iter().try_for_each(|signature| write_callback(out, signature))?;
    (0..foreign.functions.len()).try_for_each(|index| write_function(out, module, index))
}

/// A line that declares a struct.
pub(super) fn write_layout(out: &mut String, layout: &CLayout) -> Result {
    write!(out, "cstruct {} {} align {} {{", Quoted(&layout.name), layout.size, layout.align)?;
    for (number, (at, scalar)) in layout.fields.iter().enumerate() {
        write!(out, "{}{at} {}", if number > 0 { ", " } else { " " }, scalar.word())?;
    }
    writeln!(out, "{}}}", if layout.fields.is_empty() { "" } else { " " })
}

/// A line that declares what a callback takes and gives.
pub(super) fn write_callback(out: &mut String, signature: &CSignature) -> Result {
    write!(out, "ccallback ")?;
    write_signature(out, signature)?;
    writeln!(out)
}

fn write_signature(out: &mut String, signature: &CSignature) -> Result {
    write!(out, "(")?;
    for (number, ty) in signature.params.iter().enumerate() {
        write!(out, "{}", if number > 0 { ", " } else { "" })?;
        write_type(out, *ty)?;
    }
    write!(out, ") -> (")?;
    signature.result.iter().try_for_each(|ty| write_type(out, *ty))?;
    write!(out, ")")?;
    signature.variadic.iter().try_for_each(|fixed| write!(out, " variadic {fixed}"))
}

fn write_type(out: &mut String, ty: CType) -> Result {
    match ty {
        CType::Scalar(scalar) => write!(out, "{}", scalar.word()),
        CType::Text => write!(out, "cstr"),
        CType::Elements => write!(out, "elements"),
        CType::Pointer => write!(out, "pointer"),
        CType::Struct(index) => write!(out, "struct {index}"),
        CType::Callback(index) => write!(out, "callback {index}"),
    }
}

/// A line that declares a function.
pub(super) fn write_function(out: &mut String, module: &Module, index: usize) -> Result {
    let function = &module.foreign.functions[index];
    write!(out, "cfunction {}%{index} = {}", Decoration(&function.symbol), Quoted(&function.symbol))?;
    function.library.iter().try_for_each(|library| write!(out, " in {}", Quoted(library)))?;
    write!(out, "{} {} ", if function.weak { " weak" } else { "" }, Takes(module, &function.signature))?;
    match &function.action {
        CAction::Call(signature) => {
            write!(out, "call ")?;
            write_signature(out, signature)?;
        }
        CAction::Address => write!(out, "address")?,
        CAction::NewCallback(index) => write!(out, "newcallback {index}")?,
        CAction::FreeCallback => write!(out, "freecallback")?,
    }
    let place = function.place;
    writeln!(out, " @{}/{}:{}+{}", place.source, place.line, place.column, place.length)
}

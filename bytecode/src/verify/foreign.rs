//! The tables of C: that every type of C has the register's type that carries it.

use super::VerifyError;
use super::types::check_signature;
use crate::{
    CAction, CFunction, CLayout, CScalar, CSignature, CType, Field, MAX_C_PARAMS, MAX_REGISTER_STRUCT,
    MAX_STRUCT_BYTES, Module, RegType, Storage, TypeDef, Width,
};

/// Checks the tables of C, against types that are checked already.
pub(super) fn check_foreign(module: &Module) -> Result<(), VerifyError> {
    for (index, layout) in module.foreign.layouts.iter().enumerate() {
        check_layout(layout)
            .map_err(|reason| VerifyError::new(format!("C struct {index} `{}`", layout.name), reason))?;
    }
    for (index, signature) in module.foreign.callbacks.iter().enumerate() {
        check_callback(signature)
            .map_err(|reason| VerifyError::new(format!("C callback {index}"), reason))?;
    }
    for (index, function) in module.foreign.functions.iter().enumerate() {
        check_function(module, function).map_err(|reason| {
            VerifyError::new(format!("C function {index} `{}`", function.symbol), reason)
        })?;
    }
    Ok(())
}

fn check_layout(layout: &CLayout) -> Result<(), String> {
    let CLayout { size, align, fields, .. } = layout;
    if !matches!(align, 1 | 2 | 4 | 8) || *size == 0 || !size.is_multiple_of(*align) {
        return Err(format!("{size} bytes aligned to {align} are no struct"));
    }
    if *size > MAX_STRUCT_BYTES {
        return Err(format!("{size} bytes are more than {MAX_STRUCT_BYTES}"));
    }
    if *size <= MAX_REGISTER_STRUCT && fields.is_empty() {
        return Err("its fields are not said".to_owned());
    }
    let mut end = 0;
    for (at, scalar) in fields {
        let bytes = scalar.bytes();
        if *at < end || !at.is_multiple_of(bytes) || at.checked_add(bytes).is_none_or(|end| end > *size) {
            return Err(format!("there is no place for {} at {at}", scalar.word()));
        }
        end = at + bytes;
    }
    Ok(())
}

/// Closures that C calls take and give numbers, addresses and text.
fn check_callback(signature: &CSignature) -> Result<(), String> {
    let fine = |ty: &CType| matches!(ty, CType::Scalar(_) | CType::Text);
    if signature.params.len() > MAX_C_PARAMS || !signature.params.iter().all(fine) {
        return Err("a parameter cannot be one of a callback".to_owned());
    }
    match signature.result {
        None | Some(CType::Scalar(_)) if signature.variadic.is_none() => Ok(()),
        _ => Err("its result cannot be one of a callback".to_owned()),
    }
}

fn check_function(module: &Module, function: &CFunction) -> Result<(), String> {
    let (params, results) = (&function.signature.params[..], &function.signature.results[..]);
    check_signature(module, &function.signature)?;
    let sources = module.sources.len();
    if function.place.source as usize >= sources {
        return Err(format!("it is declared in source {}, of {sources}", function.place.source));
    }
    match &function.action {
        CAction::Call(signature) => check_call(module, signature, params, results),
        CAction::Address if params.is_empty() && results == [RegType::Int] => Ok(()),
        CAction::NewCallback(id) => match (params, results) {
            ([ty], [RegType::Int]) if is_closure(module, *ty, *id) => Ok(()),
            _ => Err("it takes no closure of its callback's types".to_owned()),
        },
        CAction::FreeCallback if params == [RegType::Int] && results.is_empty() => Ok(()),
        CAction::Address | CAction::FreeCallback => Err("its types are not those of what it does".to_owned()),
    }
}

fn check_call(
    module: &Module,
    signature: &CSignature,
    params: &[RegType],
    results: &[RegType],
) -> Result<(), String> {
    let count = signature.params.len();
    if count != params.len() || count > MAX_C_PARAMS {
        return Err(format!("{count} parameters in C and {} here", params.len()));
    }
    if signature.variadic.is_some_and(|fixed| fixed as usize > count) {
        return Err("more fixed parameters than there are".to_owned());
    }
    for (number, (ty, carrier)) in signature.params.iter().zip(params).enumerate() {
        if !fits_param(module, *ty, *carrier) {
            return Err(format!("parameter {number} is not carried by a register of its type"));
        }
    }
    let fine = match (signature.result, results) {
        (None, []) => true,
        (Some(CType::Scalar(scalar)), [ty]) => *ty == scalar_register(scalar),
        (Some(CType::Text), [RegType::Ref(id) | RegType::RefNull(id)]) => id.0 == 0,
        (Some(CType::Struct(layout)), [RegType::Ref(id)]) => {
            (layout as usize) < module.foreign.layouts.len()
                && module.types.get(id.0 as usize) == Some(&TypeDef::Array(Storage::Narrow(Width::U8)))
        }
        _ => false,
    };
    if fine { Ok(()) } else { Err("its result is not carried by a register of its type".to_owned()) }
}

/// The register that carries a scalar.
pub(super) fn scalar_register(scalar: CScalar) -> RegType {
    if scalar.is_float() { RegType::Float } else { RegType::Int }
}

fn fits_param(module: &Module, ty: CType, carrier: RegType) -> bool {
    let definition = match carrier {
        RegType::Ref(id) | RegType::RefNull(id) => module.types.get(id.0 as usize),
        RegType::Int | RegType::Float => None,
    };
    match ty {
        CType::Scalar(scalar) => carrier == scalar_register(scalar),
        CType::Text => definition == Some(&TypeDef::Str),
        CType::Elements => {
            matches!(definition, Some(TypeDef::Array(storage))
                if !matches!(storage, Storage::Ref(_) | Storage::RefNull(_)))
        }
        CType::Pointer => definition.is_some_and(|def| is_bytes_object(module, def)),
        CType::Struct(layout) => {
            (layout as usize) < module.foreign.layouts.len()
                && matches!(carrier, RegType::Ref(_))
                && definition.is_some_and(|def| is_bytes_object(module, def))
        }
        CType::Callback(id) => is_closure(module, carrier, id),
    }
}

/// Whether objects of a type hold the bytes of a struct and nothing else.
fn is_bytes_object(module: &Module, def: &TypeDef) -> bool {
    match def {
        TypeDef::Struct { fields, .. } => match fields.as_slice() {
            [Field { storage: Storage::Ref(id), mutable: false, .. }] => {
                module.types.get(id.0 as usize) == Some(&TypeDef::Array(Storage::Narrow(Width::U8)))
            }
            _ => false,
        },
        _ => false,
    }
}

/// Whether a register holds closures (or null) that take and give what the callback's types need.
fn is_closure(module: &Module, carrier: RegType, callback: u32) -> bool {
    let (RegType::Ref(id) | RegType::RefNull(id)) = carrier else { return false };
    let (Some(TypeDef::Function(of)), Some(signature)) =
        (module.types.get(id.0 as usize), module.foreign.callbacks.get(callback as usize))
    else {
        return false;
    };
    let carries = |ty: &CType, register: &RegType| match ty {
        CType::Scalar(scalar) => *register == scalar_register(*scalar),
        CType::Text => matches!(register, RegType::Ref(id) | RegType::RefNull(id) if id.0 == 0),
        _ => false,
    };
    signature.params.len() == of.params.len()
        && signature.params.iter().zip(&of.params).all(|(ty, register)| carries(ty, register))
        && match (signature.result, of.results.as_slice()) {
            (None, []) => true,
            (Some(ty), [register]) => carries(&ty, register),
            _ => false,
        }
}

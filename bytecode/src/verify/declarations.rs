//! The tables of a module beside its types and code: what functions declare, globals, natives, methods, entry, lines.

use super::error::show_type;
use super::types::{check_reg_type, check_signature};
use super::{MAX_PARAMS, MAX_REGISTERS, MAX_RESULTS, VerifyError};
use crate::{Function, Module, NATIVES, Native, RegType, Storage, TypeDef, TypeId};
use std::collections::HashMap;

/// How many registers a module may have: these, and so many more for each word of code. A reader allows at least as many, so
/// that small files cannot ask for much memory.
const FREE_REGISTERS: usize = 1 << 16;
const REGISTERS_PER_WORD: usize = 128;

/// Checks what functions declare, their code aside. Comes first: others rely on it.
pub(super) fn check_functions(module: &Module) -> Result<(), VerifyError> {
    let limit = u32::MAX as usize;
    if module.functions.len() > limit || module.types.len() > limit {
        return Err(VerifyError::new("module", "too many functions or types"));
    }
    let registers: usize = module.functions.iter().map(|function| function.registers.len()).sum();
    let words: usize = module.functions.iter().map(|function| function.code.len()).sum();
    if registers > FREE_REGISTERS + words * REGISTERS_PER_WORD {
        return Err(VerifyError::new("module", "far more registers than its code can use"));
    }
    for (index, function) in module.functions.iter().enumerate() {
        check_header(module, function)
            .and_then(|()| check_lines(module, function))
            .map_err(|reason| VerifyError::in_function(module, index, reason))?;
    }
    Ok(())
}

fn check_header(module: &Module, function: &Function) -> Result<(), String> {
    let (params, registers) = (function.params as usize, function.registers.len());
    if registers > MAX_REGISTERS {
        return Err(format!("{registers} registers are more than {MAX_REGISTERS}"));
    }
    if params > registers {
        return Err(format!("{params} parameters do not fit {registers} registers"));
    }
    if params > MAX_PARAMS || function.results.len() > MAX_RESULTS {
        return Err(format!("more than {MAX_PARAMS} parameters or {MAX_RESULTS} results"));
    }
    for (number, ty) in function.registers.iter().enumerate() {
        check_reg_type(module, *ty).map_err(|reason| format!("register r{number}: {reason}"))?;
    }
    for (number, ty) in function.results.iter().enumerate() {
        check_reg_type(module, *ty).map_err(|reason| format!("result {number}: {reason}"))?;
    }
    Ok(())
}

/// Lines ascend and name sources and scopes that exist; a scope stands in an earlier one, so that chains of them end.
fn check_lines(module: &Module, function: &Function) -> Result<(), String> {
    let sources = module.sources.len();
    for (index, scope) in function.scopes.iter().enumerate() {
        if scope.parent as usize > index {
            return Err(format!("scope {} stands in a later one", index + 1));
        }
        if scope.call.source as usize >= sources {
            return Err(format!("scope {} is in source {}, of {sources}", index + 1, scope.call.source));
        }
    }
    let mut last = None;
    for line in &function.lines {
        if last.is_some_and(|last| line.at <= last) || line.at as usize >= function.code.len() {
            return Err(format!("the line for word {} is out of order", line.at));
        }
        last = Some(line.at);
        if line.place.source as usize >= sources {
            return Err(format!(
                "the line for word {} is in source {}, of {sources}",
                line.at, line.place.source
            ));
        }
        if line.scope as usize > function.scopes.len() {
            return Err(format!(
                "the line for word {} is in scope {}, which there is not",
                line.at, line.scope
            ));
        }
    }
    Ok(())
}

/// Checks globals, natives, methods and the entry, against types that are checked already.
pub(super) fn check_tables(module: &Module) -> Result<(), VerifyError> {
    for (index, global) in module.globals.iter().enumerate() {
        check_reg_type(module, global.ty)
            .map_err(|reason| VerifyError::new(format!("global {index} `{}`", global.name), reason))?;
    }
    check_natives(module)?;
    for (index, (id, method)) in module.methods.iter().enumerate() {
        let found = match module.types.get(id.0 as usize) {
            Some(TypeDef::Trait { methods, .. }) => (*method as usize) < methods.len(),
            _ => false,
        };
        if !found {
            let reason = format!("{} has no method {method}", show_type(module, *id));
            return Err(VerifyError::new(format!("method {index}"), reason));
        }
    }
    check_entry(module).map_err(|reason| VerifyError::new("entry", reason))
}

fn check_natives(module: &Module) -> Result<(), VerifyError> {
    let rows: HashMap<&str, &Native> = NATIVES.iter().map(|native| (native.name, native)).collect();
    for (index, import) in module.natives.iter().enumerate() {
        let describe = |reason: String| VerifyError::new(format!("native {index} `{}`", import.name), reason);
        let row =
            rows.get(import.name.as_str()).ok_or_else(|| describe("there is no such native".to_owned()))?;
        check_signature(module, &import.signature).map_err(describe)?;
        if !row.accepts(&import.signature, &module.types) {
            let reason = format!("its types are not those of {:?} -> {:?}", row.params, row.results);
            return Err(describe(reason));
        }
    }
    Ok(())
}

/// The entry takes nothing or an array of strings, and gives nothing or an int.
fn check_entry(module: &Module) -> Result<(), String> {
    let entry = (module.functions.get(module.entry.0 as usize))
        .ok_or_else(|| format!("there is no function {}", module.entry.0))?;
    let is_strings = |ty: &RegType| match ty {
        RegType::Ref(id) => {
            module.types.get(id.0 as usize) == Some(&TypeDef::Array(Storage::Ref(TypeId::STR)))
        }
        _ => false,
    };
    match entry.param_types() {
        [] => {}
        [ty] if is_strings(ty) => {}
        _ => return Err("its parameters are not none or one array of strings".to_owned()),
    }
    match entry.results.as_slice() {
        [] | [RegType::Int] => Ok(()),
        _ => Err("its result is not none or one int".to_owned()),
    }
}

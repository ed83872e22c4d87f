//! Whether a program goes on with the objects of another one.

use lang_bytecode::{Module, TypeDef};

/// Whether a program begins with the types, globals and functions of another one, so that what objects and closures refer to by
/// number is the same in both. A trait may have more types that implement it.
pub(super) fn begins_with(program: &Module, before: &Module) -> bool {
    let types = before.types.iter().zip(&program.types).all(|(old, new)| same_type(old, new));
    types
        && program.types.len() >= before.types.len()
        && program.globals.starts_with(&before.globals)
        && program.functions.starts_with(&before.functions)
        && program.foreign.functions.starts_with(&before.foreign.functions)
        && program.foreign.callbacks.starts_with(&before.foreign.callbacks)
}

fn same_type(old: &TypeDef, new: &TypeDef) -> bool {
    match (old, new) {
        (
            TypeDef::Trait { name, methods, impls },
            TypeDef::Trait { name: new_name, methods: new_methods, impls: new_impls },
        ) => name == new_name && methods == new_methods && impls.iter().all(|row| new_impls.contains(row)),
        _ => old == new,
    }
}

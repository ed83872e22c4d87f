//! What translation knows of a loaded program: the module and the addresses that compiled code is made with.
//!
//! It is made once, when a program is loaded, and can be read from the thread that compiles in the background.

use std::collections::HashMap;
use std::sync::Arc;

use lang_bytecode::{TypeDef, TypeId, VerifiedModule};

use super::build::{MOST_TARGETS, Target};
use super::seen::Seen;
use crate::ffi::Direct;
use crate::heap::Layouts;
use crate::natives::LinkedNative;

/// The code of a trait's method, by the type of its receiver.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MethodRow {
    /// The least implementing type.
    pub(crate) first: u32,
    /// The address of the functions (`u32`) of the types from there on.
    pub(crate) functions: usize,
}

/// A loaded program, as translation reads it.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    /// The verified module.
    pub(crate) module: Arc<VerifiedModule>,
    /// How its types lie in memory.
    pub(crate) layouts: Arc<Layouts>,
    /// For each function how many out slots its code names.
    pub(crate) out_slots: Arc<[u32]>,
    /// The objects of string constants, which never move.
    pub(crate) strings: Arc<[u64]>,
    /// The objects of types without fields, 0 for other types.
    pub(crate) statics: Arc<[u64]>,
    /// The methods that the module calls.
    pub(crate) methods: Arc<[MethodRow]>,
    /// What calls of closures may mean, by the type of functions, where that is little.
    pub(crate) closures: Arc<HashMap<TypeId, Vec<Target>>>,
    /// What the calls of the others meant so far.
    pub(crate) seen: Arc<Seen>,
    /// The code of the natives that the module imports.
    pub(crate) natives: Arc<[LinkedNative]>,
    /// The C functions that compiled code calls by itself.
    pub(crate) foreign: Arc<[Option<Direct>]>,
    /// Whether C may call the program.
    pub(crate) calls_back: bool,
    /// Whether the program looks at `errno`.
    pub(crate) reads_errno: bool,
    /// The address of the table of entries: a code address for each function.
    pub(crate) entries: usize,
}

/// What calls of closures may mean, by the type of functions, where that is little.
pub(super) fn closures(module: &VerifiedModule) -> HashMap<TypeId, Vec<Target>> {
    let mut closures: HashMap<TypeId, Vec<Target>> = HashMap::new();
    for def in &module.types {
        if let TypeDef::Closure { of, function, .. } = def {
            closures.entry(*of).or_default().push(Target { header: function.0, function: function.0 });
        }
    }
    closures.retain(|_, targets| targets.len() <= MOST_TARGETS);
    closures
}

impl Program {
    /// Whether every object that a reference of a type means has this very type.
    pub(super) fn is_exact(&self, id: TypeId) -> bool {
        let def = &self.module.types[id.0 as usize];
        matches!(def, TypeDef::Struct { .. } | TypeDef::Variant { .. } | TypeDef::Closure { .. })
    }
}

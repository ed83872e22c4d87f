//! What a name can mean, and the tables of names of files.

use std::cell::Cell;

use rustc_hash::FxHashMap;

use crate::ast::Name;
use crate::hir::{EnumId, FnId, GlobalId, StructId, TraitId, Ty};
use crate::modules::ModuleId;
use crate::source::Span;

/// Which type alias.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct AliasId(pub u32);

/// Which constant.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct ConstId(pub u32);

/// The functions that are constructs of the language.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "each is the function it spells")]
pub enum Builtin {
    Print,
    Eprint,
    Write,
    Assert,
    Panic,
    Same,
    TypeName,
    IsLinked,
}

/// What a name means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Def {
    /// A function.
    Function(FnId),
    /// A struct, as a type and as its constructor.
    Struct(StructId),
    /// An enum.
    Enum(EnumId),
    /// A variant: of `Option` or `Result`.
    Variant(EnumId, u32),
    /// A trait.
    Trait(TraitId),
    /// A type alias.
    Alias(AliasId),
    /// A constant.
    Const(ConstId),
    /// A global variable.
    Global(GlobalId),
    /// A variable of a C library.
    ForeignVar(FnId),
    /// Another file.
    Module(ModuleId),
    /// A built-in type without parameters.
    Type(Ty),
    /// `Array`, whose argument is in angle brackets.
    Array,
    /// A construct of the language.
    Builtin(Builtin),
    /// An import that failed and was reported.
    Broken,
}

/// A name of a file.
#[derive(Debug)]
pub struct Entry {
    /// What it means.
    pub def: Def,
    /// Whether other files see it.
    pub public: bool,
    /// Where it is declared or imported.
    pub span: Span,
    /// For an import: whether it has been used.
    pub import: Option<Cell<bool>>,
}

/// The names of a file.
#[derive(Debug, Default)]
pub struct Scope {
    /// By name.
    pub names: FxHashMap<Name, Entry>,
}

impl Scope {
    /// What a name means in this file alone.
    pub fn get(&self, name: Name) -> Option<&Entry> {
        self.names.get(&name)
    }

    /// What a name means; an import of it counts as used.
    pub fn resolve(&self, name: Name) -> Option<Def> {
        let entry = self.names.get(&name)?;
        if let Some(used) = &entry.import {
            used.set(true);
        }
        Some(entry.def)
    }
}

//! What the verifier says when it refuses a module.

use crate::{Module, RegType, TypeDef, TypeId};
use std::fmt;

/// Why a module was refused, and where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VerifyError {
    /// The part of the module: ``function 3 `main` ``, `type 5`, `entry`.
    pub part: String,
    /// The function that it is in, by its index.
    pub function: Option<usize>,
    /// The word of the function's code and the mnemonic of the instruction there.
    pub at: Option<(usize, &'static str)>,
    /// What is wrong, with the register or operand that it is wrong with.
    pub reason: String,
}

/// An error on its way out of the checks of code, small so that what goes well stays fast.
pub(super) type Fault = Box<VerifyError>;

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.at {
            Some((at, "")) => write!(f, "{}, word {at}: {}", self.part, self.reason),
            Some((at, mnemonic)) => write!(f, "{}, word {at} ({mnemonic}): {}", self.part, self.reason),
            None => write!(f, "{}: {}", self.part, self.reason),
        }
    }
}

impl std::error::Error for VerifyError {}

impl VerifyError {
    /// An error of a part that has no code.
    pub(super) fn new(part: impl Into<String>, reason: impl Into<String>) -> VerifyError {
        VerifyError { part: part.into(), function: None, at: None, reason: reason.into() }
    }

    /// An error in a function.
    pub(super) fn in_function(module: &Module, index: usize, reason: impl Into<String>) -> VerifyError {
        let name = module.functions.get(index).map_or("", |function| function.name.as_str());
        let part = format!("function {index} `{name}`");
        VerifyError { function: Some(index), ..VerifyError::new(part, reason) }
    }
}

/// A register's type for people.
pub(super) fn show(module: &Module, ty: RegType) -> String {
    match ty {
        RegType::Int => "int".to_owned(),
        RegType::Float => "float".to_owned(),
        RegType::Ref(id) => format!("ref {}", show_type(module, id)),
        RegType::RefNull(id) => format!("ref? {}", show_type(module, id)),
    }
}

/// A heap type for people: its number, and its name where it has one.
pub(super) fn show_type(module: &Module, id: TypeId) -> String {
    let name = match module.types.get(id.0 as usize) {
        Some(TypeDef::Str) => "str",
        Some(TypeDef::Array(_)) => "array",
        Some(TypeDef::Function(_)) => "fn",
        Some(TypeDef::Closure { .. }) => "closure",
        Some(
            TypeDef::Struct { name, .. }
            | TypeDef::Enum { name, .. }
            | TypeDef::Variant { name, .. }
            | TypeDef::Trait { name, .. },
        ) => name,
        None => "unknown",
    };
    format!("#{} {name}", id.0)
}

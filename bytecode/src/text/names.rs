//! How the text form writes references, types and literals.

use crate::{Module, RegType, Signature, Storage, TypeDef, TypeId};
use std::fmt::{self, Display, Formatter};

/// A name before a sigil: what of it an assembler could not mistake for anything else.
pub(super) struct Decoration<'m>(pub(super) &'m str);

impl Display for Decoration<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        const MOST: usize = 40;
        for char in self.0.chars().take(MOST) {
            let plain = char.is_ascii_alphanumeric() || char == '_' || char == '.';
            write!(f, "{}", if plain { char } else { '_' })?;
        }
        Ok(())
    }
}

/// A reference to an entry of a table.
pub(super) struct Entry<'m> {
    name: &'m str,
    sigil: char,
    index: u32,
}

impl Display for Entry<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}{}", Decoration(self.name), self.sigil, self.index)
    }
}

/// A type of the table.
pub(super) fn type_entry(module: &Module, id: TypeId) -> Entry<'_> {
    Entry { name: module.types.get(id.0 as usize).map_or("", type_name), sigil: '#', index: id.0 }
}

fn type_name(def: &TypeDef) -> &str {
    match def {
        TypeDef::Str => "str",
        TypeDef::Array(_) => "array",
        TypeDef::Function(_) => "fn",
        TypeDef::Closure { .. } => "closure",
        TypeDef::Struct { name, .. }
        | TypeDef::Enum { name, .. }
        | TypeDef::Variant { name, .. }
        | TypeDef::Trait { name, .. } => name,
    }
}

pub(super) fn function_entry(module: &Module, index: u32) -> Entry<'_> {
    let name = module.functions.get(index as usize).map_or("", |function| function.name.as_str());
    Entry { name, sigil: '@', index }
}

pub(super) fn global_entry(module: &Module, index: u32) -> Entry<'_> {
    let name = module.globals.get(index as usize).map_or("", |global| global.name.as_str());
    Entry { name, sigil: '$', index }
}

pub(super) fn native_entry(module: &Module, index: u32) -> Entry<'_> {
    let name = module.natives.get(index as usize).map_or("", |native| native.name.as_str());
    Entry { name, sigil: '!', index }
}

pub(super) fn c_function_entry(module: &Module, index: u32) -> Entry<'_> {
    let name = module.foreign.functions.get(index as usize).map_or("", |function| function.symbol.as_str());
    Entry { name, sigil: '%', index }
}

/// A method, by the name of its trait.
pub(super) fn method_entry(module: &Module, index: u32) -> Entry<'_> {
    let of = module.methods.get(index as usize).and_then(|(id, _)| module.types.get(id.0 as usize));
    Entry { name: of.map_or("", type_name), sigil: '^', index }
}

/// A register's type.
pub(super) struct Ty<'m>(pub(super) &'m Module, pub(super) RegType);

impl Display for Ty<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.1 {
            RegType::Int => write!(f, "int"),
            RegType::Float => write!(f, "float"),
            RegType::Ref(id) => write!(f, "ref {}", type_entry(self.0, id)),
            RegType::RefNull(id) => write!(f, "ref? {}", type_entry(self.0, id)),
        }
    }
}

/// How a field or an element lies in memory.
pub(super) struct Stored<'m>(pub(super) &'m Module, pub(super) Storage);

impl Display for Stored<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.1 {
            Storage::Narrow(width) => write!(f, "{}", width.word()),
            Storage::I64 => write!(f, "i64"),
            Storage::F32 => write!(f, "f32"),
            Storage::F64 => write!(f, "f64"),
            Storage::Ref(_) | Storage::RefNull(_) => write!(f, "{}", Ty(self.0, self.1.register())),
        }
    }
}

/// Types of parameters or results, in brackets.
pub(super) struct Types<'m>(pub(super) &'m Module, pub(super) &'m [RegType]);

impl Display for Types<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "(")?;
        for (number, ty) in self.1.iter().enumerate() {
            let comma = if number > 0 { ", " } else { "" };
            write!(f, "{comma}{}", Ty(self.0, *ty))?;
        }
        write!(f, ")")
    }
}

/// Parameters and results.
pub(super) struct Takes<'m>(pub(super) &'m Module, pub(super) &'m Signature);

impl Display for Takes<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} -> {}", Types(self.0, &self.1.params), Types(self.0, &self.1.results))
    }
}

/// A text between quotes, on one line.
pub(super) struct Quoted<'t>(pub(super) &'t str);

impl Display for Quoted<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "\"")?;
        for char in self.0.chars() {
            match char {
                '"' | '\\' => write!(f, "\\{char}")?,
                '\n' => write!(f, "\\n")?,
                '\r' => write!(f, "\\r")?,
                '\t' => write!(f, "\\t")?,
                _ if char.is_control() => write!(f, "\\u{{{:x}}}", char as u32)?,
                _ => write!(f, "{char}")?,
            }
        }
        write!(f, "\"")
    }
}

/// The bits of a float constant: the number, or the bits where a number would not say which.
pub(super) struct FloatBits(pub(super) u64);

impl Display for FloatBits {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let value = f64::from_bits(self.0);
        if value.is_finite() { write!(f, "{value:?}") } else { write!(f, "{:#018x}", self.0) }
    }
}

//! Types as they are written.

use super::Ident;
use crate::source::Span;

/// A type in the source.
#[derive(Debug)]
pub struct Type {
    /// Which form it has.
    pub kind: TypeKind,
    /// Its text.
    pub span: Span,
}

/// The forms of types.
#[derive(Debug)]
pub enum TypeKind {
    /// `int`, `Stack<T>`, `Self`, `shapes.Triangle`.
    Named(Box<NamedType>),
    /// `[T]`
    Array(Box<Type>),
    /// `[u8; 16]`, in extern structs only.
    FixedArray(Box<Type>, u64),
    /// `[K: V]`
    Map(Box<(Type, Type)>),
    /// `(A, B)`; `()` is unit. One type in parentheses is that type.
    Tuple(Vec<Type>),
    /// `fn(A, B) -> C`; without a result it gives unit.
    Fn(Vec<Type>, Option<Box<Type>>),
    /// `T?`
    Option(Box<Type>),
    /// `*S`, in C signatures only.
    Pointer(Box<Type>),
    /// What could not be parsed.
    Error,
}

/// A type by its name.
#[derive(Debug)]
pub struct NamedType {
    /// The module before the dot, if any.
    pub module: Option<Ident>,
    /// The name itself (`Self` too).
    pub name: Ident,
    /// The type arguments; empty when there are none.
    pub args: Vec<Type>,
}

//! Patterns.

use super::{Ident, Literal};
use crate::source::Span;

/// A pattern of `let`, `for`, `match` and closures' parameters.
#[derive(Debug)]
pub struct Pattern {
    /// Which form it has.
    pub kind: PatternKind,
    /// Its text.
    pub span: Span,
}

/// The forms of patterns.
#[derive(Debug)]
pub enum PatternKind {
    /// `_`
    Wildcard,
    /// `x`
    Bind(Ident),
    /// `n @ p`
    At(Ident, Box<Pattern>),
    /// `3`, `-1`, `"a"`, `'c'`, `true`; never `Bytes`.
    Literal(Literal),
    /// `1..=5`, `'a'..'f'`, `10..`, `..=LIMIT`.
    Range {
        /// A `Literal`, or a `Constructor` without fields that names a constant.
        lo: Option<Box<Pattern>>,
        /// Like `lo`. One of the two is there.
        hi: Option<Box<Pattern>>,
        /// Whether it is `..=`.
        inclusive: bool,
    },
    /// `Red`, `Shape.Circle(r)`, `Point(x: 0, ..)`, `LIMIT`.
    Constructor(Box<Constructor>),
    /// `(a, b)`. One pattern in parentheses is that pattern.
    Tuple(Vec<Pattern>),
    /// `[a, b, ..rest]`
    Array(Box<ArrayPattern>),
    /// `A | B`: two or more.
    Or(Vec<Pattern>),
    /// What could not be parsed.
    Error,
}

/// A variant, a struct or a constant in a pattern.
#[derive(Debug)]
pub struct Constructor {
    /// The names joined by dots; at least one, and the last is the variant's, struct's or constant's own.
    pub path: Vec<Ident>,
    /// What stands in the parentheses; `None` without them.
    pub fields: Option<Vec<PatternField>>,
    /// The `..` that stands for the other fields.
    pub rest: Option<Span>,
}

/// A field within a constructor pattern.
#[derive(Debug)]
pub struct PatternField {
    /// The name before the colon; positional without one.
    pub name: Option<Ident>,
    /// What the field must match.
    pub pattern: Pattern,
}

/// A pattern of an array.
#[derive(Debug)]
pub struct ArrayPattern {
    /// The patterns before the rest, or all.
    pub before: Vec<Pattern>,
    /// `..` or `..rest`.
    pub rest: Option<(Span, Option<Ident>)>,
    /// The patterns after the rest.
    pub after: Vec<Pattern>,
}

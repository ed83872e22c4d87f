//! Patterns with their names resolved: what must match and which locals are bound.
//!
//! A `match` that reaches MIDDLE is exhaustive; its patterns stand in the order of the source, and how to decide
//! between them is the lowering's choice.

use super::{Literal, LocalId, Ty};
use crate::source::Span;

/// A pattern.
#[derive(Debug)]
pub struct Pattern {
    /// Which form it has.
    pub kind: PatternKind,
    /// The type of the values it is matched against.
    pub ty: Ty,
    /// Its place.
    pub span: Span,
}

/// The forms of patterns.
#[derive(Debug)]
pub enum PatternKind {
    /// Anything.
    Wildcard,
    /// Anything, which is bound; when a pattern follows, that must match too. The local may be wider than the value (`int`
    /// for a `u8`).
    Bind(LocalId, Option<Box<Pattern>>),
    /// A value equal to this one: `int`, storage type, `float`, `bool`, `char` or `str`. A constant stands as its value.
    Literal(Literal),
    /// A number or char between two ends; `hi` is part of it. An end that is not written is the type's own.
    Range {
        /// The lower end: `Int`, `Float` or `Char`.
        lo: Option<Literal>,
        /// The upper end.
        hi: Option<Literal>,
        /// Whether the upper end matches.
        inclusive: bool,
    },
    /// A variant of an enum, and the fields that are looked at. The enum is `ty`'s.
    Variant(u32, Box<[(u32, Pattern)]>),
    /// A struct, and the fields that are looked at.
    Struct(Box<[(u32, Pattern)]>),
    /// A tuple, part by part.
    Tuple(Box<[Pattern]>),
    /// An array.
    Array(Box<ArrayPattern>),
    /// Any of these; all bind the same locals.
    Or(Box<[Pattern]>),
}

/// A pattern of an array: its length must be that of `before` and `after` together, or at least that when there is a rest.
#[derive(Debug)]
pub struct ArrayPattern {
    /// The first elements.
    pub before: Box<[Pattern]>,
    /// What is between: `Some(None)` for `..`, `Some(Some(local))` for `..rest`, which binds a copy of that part.
    pub rest: Option<Option<LocalId>>,
    /// The last elements.
    pub after: Box<[Pattern]>,
}

impl Pattern {
    /// Whether it matches every value by its form alone (`_`, a name, a tuple or struct of such).
    pub fn is_irrefutable(&self) -> bool {
        match &self.kind {
            PatternKind::Wildcard | PatternKind::Bind(_, None) => true,
            PatternKind::Bind(_, Some(inner)) => inner.is_irrefutable(),
            PatternKind::Struct(fields) => fields.iter().all(|(_, field)| field.is_irrefutable()),
            PatternKind::Tuple(parts) => parts.iter().all(Pattern::is_irrefutable),
            PatternKind::Or(patterns) => patterns.iter().any(Pattern::is_irrefutable),
            _ => false,
        }
    }

    /// Calls `visit` on every local that it binds (once an alternative).
    pub fn locals(&self, visit: &mut dyn FnMut(LocalId)) {
        match &self.kind {
            PatternKind::Wildcard | PatternKind::Literal(_) | PatternKind::Range { .. } => {}
            PatternKind::Bind(local, inner) => {
                visit(*local);
                if let Some(inner) = inner {
                    inner.locals(visit);
                }
            }
            PatternKind::Variant(_, fields) | PatternKind::Struct(fields) => {
                fields.iter().for_each(|(_, field)| field.locals(visit));
            }
            PatternKind::Tuple(parts) | PatternKind::Or(parts) => {
                parts.iter().for_each(|part| part.locals(visit));
            }
            PatternKind::Array(array) => {
                array.before.iter().chain(&array.after).for_each(|element| element.locals(visit));
                if let Some(Some(rest)) = array.rest {
                    visit(rest);
                }
            }
        }
    }
}

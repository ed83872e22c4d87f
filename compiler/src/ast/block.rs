//! Blocks and statements.

use super::{BinaryOp, Expr, Item, Name, Pattern, Type};
use crate::source::Span;

/// `{ … }`
#[derive(Debug)]
pub struct Block {
    /// The statements in order.
    pub stmts: Vec<Stmt>,
    /// With the braces.
    pub span: Span,
}

impl Block {
    /// The statements before the value, and the value: the last statement when it is an expression.
    pub fn split_value(&self) -> (&[Stmt], Option<&Expr>) {
        match self.stmts.split_last() {
            Some((Stmt { kind: StmtKind::Expr(value), .. }, before)) => (before, Some(value)),
            _ => (&self.stmts, None),
        }
    }
}

/// A statement.
#[derive(Debug)]
pub struct Stmt {
    /// Which form it has.
    pub kind: StmtKind,
    /// Its text, without what separates it from the next.
    pub span: Span,
}

/// The forms of statements.
#[derive(Debug)]
pub enum StmtKind {
    /// `let` and `var`.
    Let(Box<Let>),
    /// `place = value`, `place += value`.
    Assign(Box<Assign>),
    /// An expression, whose value counts at the end of a block.
    Expr(Expr),
    /// `defer stmt`; never a `let` or an item.
    Defer(Box<Stmt>),
    /// A declaration. Within blocks only functions and constants.
    Item(Item),
    /// What could not be parsed.
    Error,
}

/// `let pattern: type = value else { … }`, or with `var`.
#[derive(Debug)]
pub struct Let {
    /// The doc comment; top level only.
    pub docs: Option<Name>,
    /// Whether it begins with `pub`; top level only.
    pub public: bool,
    /// Whether it is `var`.
    pub mutable: bool,
    /// The `let` or `var`.
    pub keyword: Span,
    /// What is bound.
    pub pattern: Pattern,
    /// The type, when written.
    pub ty: Option<Type>,
    /// The value: always there.
    pub value: Expr,
    /// What runs, and leaves, when the pattern does not match.
    pub otherwise: Option<Block>,
}

/// An assignment.
#[derive(Debug)]
pub struct Assign {
    /// What is assigned: a name, field, index, or a tuple of such; the parser lets no other form pass.
    pub place: Expr,
    /// The operator of `+=` and its like.
    pub op: Option<BinaryOp>,
    /// Where the operator stands.
    pub op_span: Span,
    /// The right side.
    pub value: Expr,
}

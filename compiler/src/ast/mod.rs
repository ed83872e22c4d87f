//! The syntax tree: what the source says, before anything is known about names and types.
//!
//! Every node has the span of its text. Names are interned ([`Name`]), so the tree owns next to no
//! strings. The tree may hold error nodes (`Error` variants) where the parser recovered; a tree
//! without diagnostics has none. It holds no types, no resolved names and no desugaring.

mod block;
mod expr;
mod item;
mod literal;
mod name;
mod pattern;
mod print;
mod ty;

pub use block::{Assign, Block, Let, Stmt, StmtKind};
pub use expr::{
    Arg, BinaryOp, Branch, Call, Closure, ClosureParam, Condition, Expr, ExprKind, For, If, Loop, Match,
    MatchArm, Range, UnaryOp, While,
};
pub use item::{
    Alias, Const, Enum, ExternBlock, ExternFunction, ExternItem, ExternVar, Field, Function, GenericParam,
    Impl, Import, ImportName, ImportWhat, Item, Param, Struct, Test, Trait, Variant, VariantField,
};
pub use literal::{Align, FormatKind, FormatSpec, Literal, Piece, StrLit};
pub use name::{Ident, Name, Names, known};
pub use pattern::{ArrayPattern, Constructor, Pattern, PatternField, PatternKind};
pub use print::dump;
pub use ty::{NamedType, Type, TypeKind};

use crate::source::Span;

/// One source file: its items and top-level statements in order.
#[derive(Debug)]
pub struct Module {
    /// Items stand among the statements as [`StmtKind::Item`].
    pub stmts: Vec<Stmt>,
    /// The whole file.
    pub span: Span,
}

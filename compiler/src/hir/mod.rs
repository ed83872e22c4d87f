//! The typed tree: the whole program with every name resolved and every type known.
//!
//! What it promises to those who read it:
//!
//! - No unknown types, no unresolved names, no missing arguments. Function bodies may be generic: their types hold
//!   [`TyKind::Param`], and a reached function is specialised by walking its body with [`Types::subst`].
//! - What the language says in many ways is said in one here: `?`, `??`, `?.` are `match`es, `if let` is an `if` with a
//!   [`ExprKind::Matches`] condition, compound assignments are assignments, operators on anything but primitives are calls of the traits'
//!   methods, named and default arguments stand in the order of the parameters (evaluated in the order written, through
//!   locals where the two differ), constants are literals, map literals and slices are calls into the prelude.
//! - Conversions are [`Conversion`] nodes, but for those that cost nothing: storage type to its wide type, `never` to anything.
//! - Standard functions that nothing reaches are [`Code::Unreached`].
//!
//! The types live in a table of their own ([`Types`]), which specialisation extends, beside the [`Program`].

mod body;
mod item;
mod pattern;
mod program;
mod text;
mod ty;

pub use body::{
    Arm, Assert, BinaryOp, Block, Body, Call, Callee, Closure, Conversion, Expr, ExprId, ExprKind, For, If,
    Let, Literal, Local, LocalId, LoopId, Match, Piece, Print, RangeSource, Source, Stmt, UnaryOp,
};
pub use item::{
    CFunction, Code, Enum, EnumId, Field, FnId, Function, Global, GlobalId, Impl, ImplId, ModuleId, Owner,
    Param, Struct, StructId, Trait, TraitId, TraitMethod, TraitRef, TypeParam, Variant, methods,
};
pub use pattern::{ArrayPattern, Pattern, PatternKind};
pub use program::{Head, Implementation, Main, MainResult, Method, Module, Program, Test, match_type};
pub use text::{function_text, program_text, type_text};
pub use ty::{Storage, Ty, TyKind, TyList, Types};

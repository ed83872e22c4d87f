//! The intermediate form: per function a graph of blocks over typed virtual registers.
//!
//! It is not in SSA form: a variable of the source is one register with many definitions, a temporary has
//! one. That keeps lowering and emission linear and needs no copies out of SSA in loops; it is enough
//! here because the engine that compiles hot code further does its own SSA optimisation. Operands are
//! registers or constants; which constants become immediates is decided when code is emitted. Every
//! instruction carries its place in the source and the inlined call it belongs to.
//!
//! Knows nothing of the source language: types are the bytecode's.

mod function;
mod inst;
mod ops;
mod program;
mod text;

pub use function::{Block, Function, Scope};
pub use inst::{At, BlockId, Callee, ConstId, End, Inst, List, Op, Operand, VReg};
pub use ops::{BinaryOp, Class, Test, UnaryOp};
pub use program::{Const, Constants, Key, KeyPart, Keys, Program};
pub use text::{function_text, program_text};

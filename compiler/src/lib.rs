//! The compiler: source text in, a bytecode module or diagnostics out.
#![forbid(unsafe_code)]

pub mod ast;
pub mod diagnostics;
pub mod driver;
pub mod emit;
pub mod hir;
pub mod ir;
mod lexer;
pub mod lower;
pub mod modules;
pub mod optimize;
pub mod parser;
pub mod resolve;
pub mod source;
pub mod types;

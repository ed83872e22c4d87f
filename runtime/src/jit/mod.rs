//! The compiler of hot functions to machine code.
#![allow(dead_code, reason = "what installs and runs the code comes next")]

mod build;
pub(crate) mod context;
pub(crate) mod helpers;
pub(crate) mod ir;
mod lower;
pub(crate) mod passes;
pub(crate) mod program;
pub(crate) mod translate;

//! The runtime: loads verified bytecode and runs it.

pub mod heap;
mod interpreter;
#[cfg(feature = "jit")]
mod jit;
pub mod natives;
mod vm;

pub use interpreter::semantics;
pub use vm::{CallFrame, Config, InterruptHandle, LoadError, RuntimeError, SourcePlace, Vm};

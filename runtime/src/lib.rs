//! The runtime: loads verified bytecode and runs it.

mod ffi;
pub mod heap;
mod interpreter;
#[cfg(feature = "jit")]
mod jit;
#[cfg(feature = "jit")]
#[allow(dead_code, reason = "what is compiled comes next")]
mod machine;
pub mod natives;
mod trace;
mod vm;

pub use interpreter::semantics;
pub use trace::{TraceMode, TraceOptions};
pub use vm::{
    CallFrame, Config, ForeignError, InterruptHandle, JitMode, JitOptions, JitStats, LoadError, RuntimeError,
    SourcePlace, Vm,
};

//! The bytecode: its instructions, the module, the file format, the verifier.
#![forbid(unsafe_code)]

#[macro_use]
mod op;
mod instr;
mod module;
mod natives;
mod trap;
mod types;

pub use instr::{Instr, Opcode, Reg};
pub use module::{Function, Global, Line, Module, NativeImport, Place, Scope, Source};
pub use natives::{NATIVES, Native, NativeType};
pub use trap::TrapKind;
pub use types::{Field, FuncId, RegType, Signature, Storage, TypeDef, TypeId, Width};

//! The bytecode: its instructions, the module, the file format, the verifier.
#![forbid(unsafe_code)]

#[macro_use]
mod op;
mod code;
mod file;
mod foreign;
mod instr;
mod link;
mod module;
mod natives;
mod operand;
#[cfg(test)]
mod reference;
mod text;
mod trap;
mod types;
mod verify;

pub use code::{instructions, patch_jump, switch_distances, switch_table, switch_words};
pub use file::{DumpRow, FORMAT_VERSION, ReadError, dump, is_bytecode, read, write};
pub use foreign::{
    CAction, CFunction, CLayout, CScalar, CSignature, CType, Foreign, MAX_C_PARAMS, MAX_REGISTER_STRUCT,
    MAX_STRUCT_BYTES,
};
pub use instr::{Instr, Opcode, Reg, Visitor};
pub use link::{Keys, LinkError, Linker};
pub use module::{Function, Global, Line, Module, NativeImport, Place, Scope, Source};
pub use natives::{NATIVES, Native, NativeType};
pub use operand::{Class, Effects, OperandInfo, Role, Slot};
pub use text::{AssembleError, InstructionTexts, assemble, assemble_file, disassemble};
pub use trap::TrapKind;
pub use types::{Field, FuncId, RegType, Signature, Storage, TypeDef, TypeId, Width};
pub use verify::{MAX_FIELDS, MAX_PARAMS, MAX_REGISTERS, MAX_RESULTS, VerifiedModule, VerifyError, verify};

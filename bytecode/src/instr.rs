//! Instructions as values, made from the opcode table.

use crate::{TrapKind, Width};

/// An operand that names a register or, at or above the function's register count, an out slot.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Reg(pub u16);

macro_rules! define_enum {
    ($($name:ident $mnemonic:literal $format:ident
       ($($field:ident : $ty:ident $role:ident $class:tt),*) [$($effect:ident)*] $meaning:literal;)*) => {
        /// The operation of an instruction, without its operands.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        #[repr(u8)]
        pub enum Opcode {
            $(#[doc = $meaning] $name,)*
        }

        /// An instruction with its operands.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum Instr {
            $(#[doc = $meaning] $name { $(#[allow(missing_docs, reason = "the meaning names them")] $field: $ty),* },)*
        }
    };
}

for_each_op!(define_enum);

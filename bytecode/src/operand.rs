//! What an instruction's operands are: where their bits lie, what they name, what the instruction does with them.

use crate::{Reg, TrapKind, Width};

/// A group of bits in an instruction word.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Slot {
    /// Bits 8 to 15.
    X,
    /// Bits 16 to 31.
    A,
    /// Bits 32 to 47.
    B,
    /// Bits 48 to 63.
    C,
    /// Bits 32 to 63.
    BC,
    /// Bits 48 to 63 with bits 8 to 15 above them: 24 bits.
    CX,
}

impl Slot {
    /// How many bits there are.
    pub const fn bits(self) -> u32 {
        match self {
            Slot::X => 8,
            Slot::A | Slot::B | Slot::C => 16,
            Slot::CX => 24,
            Slot::BC => 32,
        }
    }

    /// The bits of a word.
    #[inline(always)]
    pub(crate) const fn get(self, word: u64) -> u32 {
        match self {
            Slot::X => (word >> 8) as u8 as u32,
            Slot::A => (word >> 16) as u16 as u32,
            Slot::B => (word >> 32) as u16 as u32,
            Slot::C => (word >> 48) as u32,
            Slot::BC => (word >> 32) as u32,
            Slot::CX => (word >> 48) as u32 | ((word >> 8) as u8 as u32) << 16,
        }
    }

    /// A word with these bits set to the low bits of `raw`.
    #[inline(always)]
    pub(crate) const fn put(self, raw: u32) -> u64 {
        let raw = raw as u64;
        match self {
            Slot::X => (raw & 0xff) << 8,
            Slot::A => (raw & 0xffff) << 16,
            Slot::B => (raw & 0xffff) << 32,
            Slot::C => (raw & 0xffff) << 48,
            Slot::BC => raw << 32,
            Slot::CX => (raw & 0xffff) << 48 | (raw >> 16 & 0xff) << 8,
        }
    }
}

/// What an instruction does with an operand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    /// A register that it writes.
    Def,
    /// A register that it reads.
    Use,
    /// A number.
    Imm,
    /// A distance in words from the instruction.
    Jump,
    /// An index into a table of the module.
    Index,
}

/// The type of a register operand, or the table or kind of another one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Class {
    /// An int, in a register or at once.
    Int,
    /// An int at once that is not 0 and not -1.
    Divisor,
    /// A float register.
    Float,
    /// A string's register.
    Str,
    /// A register that may hold null.
    Null,
    /// A register whose type the opcode's own rule checks.
    Any,
    /// A place in the code.
    Code,
    /// The constants.
    Constant,
    /// The strings.
    String,
    /// The types.
    Type,
    /// The globals.
    Global,
    /// The functions.
    Function,
    /// The natives.
    Native,
    /// The methods.
    Method,
    /// The C functions.
    CFunction,
    /// A field of an object.
    Field,
    /// How many values, or how many distances.
    Count,
    /// A storage width.
    Width,
    /// A kind of trap.
    Trap,
}

/// An operand as the opcode table declares it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct OperandInfo {
    /// Its name.
    pub name: &'static str,
    /// Where its bits lie.
    pub slot: Slot,
    /// What the instruction does with it.
    pub role: Role,
    /// What it names.
    pub class: Class,
}

/// A set of effects of an opcode.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Effects(u8);

impl Effects {
    /// No effect.
    pub const NONE: Effects = Effects(0);
    /// May end in a runtime error.
    pub const TRAPS: Effects = Effects(1);
    /// May run the collector or other code: out slots do not survive it.
    pub const SAFEPOINT: Effects = Effects(2);
    /// A safepoint that leaves its results in the out slots.
    pub const CALL: Effects = Effects(4);
    /// Reads operands beyond the table's from the out slots.
    pub const ARGS: Effects = Effects(8);
    /// May continue at its target.
    pub const JUMPS: Effects = Effects(16);
    /// Never continues at the next instruction.
    pub const ENDS: Effects = Effects(32);

    /// The effects of both sets.
    pub const fn with(self, other: Effects) -> Effects {
        Effects(self.0 | other.0)
    }

    /// Whether all of `other`'s effects are in this set.
    pub const fn has(self, other: Effects) -> bool {
        self.0 & other.0 == other.0
    }
}

/// The Rust type of an operand: how it is made of raw bits and back.
pub(crate) trait Operand: Copy + PartialEq {
    /// The bits, not yet cut to the slot.
    fn to_raw(self) -> u32;
    /// The operand of a slot's bits, where there is one.
    fn from_raw(raw: u32, bits: u32) -> Option<Self>;
}

impl Operand for Reg {
    #[inline(always)]
    fn to_raw(self) -> u32 {
        self.0 as u32
    }
    #[inline(always)]
    fn from_raw(raw: u32, _bits: u32) -> Option<Reg> {
        Some(Reg(raw as u16))
    }
}

macro_rules! numbers {
    ($($ty:ident)*) => { $(
        impl Operand for $ty {
            #[inline(always)]
            fn to_raw(self) -> u32 {
                self as u32
            }
            #[inline(always)]
            fn from_raw(raw: u32, bits: u32) -> Option<$ty> {
                let unused = 32 - bits;
                let extended = if $ty::MIN == 0 { raw } else { ((raw << unused) as i32 >> unused) as u32 };
                Some(extended as $ty)
            }
        }
    )* };
}

numbers!(u16 u32 i16 i32);

macro_rules! kinds {
    ($($ty:ident)*) => { $(
        impl Operand for $ty {
            #[inline(always)]
            fn to_raw(self) -> u32 {
                self as u32
            }
            #[inline(always)]
            fn from_raw(raw: u32, _bits: u32) -> Option<$ty> {
                $ty::ALL.get(raw as usize).copied()
            }
        }
    )* };
}

kinds!(Width TrapKind);

//! Instructions as values, made from the opcode table: the enum, its words, and what the table says of each opcode.

use crate::operand::{Class, Effects, Operand, OperandInfo, Role, Slot};
use crate::{TrapKind, Width};

/// An operand that names a register or, at or above the function's register count, an out slot.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Reg(pub u16);

impl Reg {
    /// The out slot `slot` of a function with so many registers; none where the number would not fit.
    pub fn out(registers: usize, slot: usize) -> Option<Reg> {
        u16::try_from(registers.checked_add(slot)?).ok().map(Reg)
    }

    /// The number of the out slot that this names in a function with so many registers; none where it names a register.
    pub fn out_slot(self, registers: usize) -> Option<usize> {
        (self.0 as usize).checked_sub(registers)
    }
}

/// Hands `$args`, the slots of a format and the fields that lie in them to a macro.
macro_rules! with_slots {
    (N $fields:tt $go:ident $args:tt) => { $go!($args [] $fields) };
    (A $fields:tt $go:ident $args:tt) => { $go!($args [A] $fields) };
    (X $fields:tt $go:ident $args:tt) => { $go!($args [X] $fields) };
    (AB $fields:tt $go:ident $args:tt) => { $go!($args [A B] $fields) };
    (ABC $fields:tt $go:ident $args:tt) => { $go!($args [A B C] $fields) };
    (AX $fields:tt $go:ident $args:tt) => { $go!($args [A X] $fields) };
    (ABX $fields:tt $go:ident $args:tt) => { $go!($args [A B X] $fields) };
    (K $fields:tt $go:ident $args:tt) => { $go!($args [BC] $fields) };
    (AK $fields:tt $go:ident $args:tt) => { $go!($args [A BC] $fields) };
    (ABI $fields:tt $go:ident $args:tt) => { $go!($args [A B C] $fields) };
    (ABW $fields:tt $go:ident $args:tt) => { $go!($args [A B CX] $fields) };
    (AIJ $fields:tt $go:ident $args:tt) => { $go!($args [A B CX] $fields) };
}

macro_rules! encode_fields {
    (($op:expr) [$($slot:ident)*] ($($field:ident : $ty:ident $role:ident $class:tt),*)) => {
        $op as u64 $(| Slot::$slot.put($field.to_raw()))*
    };
}

macro_rules! decode_fields {
    (($name:ident $word:ident) [$($slot:ident)*] ($($field:ident : $ty:ident $role:ident $class:tt),*)) => {{
        const USED: u64 = 0xff $(| Slot::$slot.put(u32::MAX))*;
        if $word & !USED != 0 {
            return None;
        }
        Some(Instr::$name { $($field: <$ty as Operand>::from_raw(Slot::$slot.get($word), Slot::$slot.bits())?),* })
    }};
}

macro_rules! describe_fields {
    (() [$($slot:ident)*] ($($field:ident : $ty:ident $role:ident $class:tt),*)) => {
        &[$(OperandInfo {
            name: stringify!($field),
            slot: Slot::$slot,
            role: role!($role),
            class: class!($class),
        }),*]
    };
}

macro_rules! role {
    (def) => {
        Role::Def
    };
    (use) => {
        Role::Use
    };
    (imm) => {
        Role::Imm
    };
    (jump) => {
        Role::Jump
    };
    (index) => {
        Role::Index
    };
}

macro_rules! class {
    (int) => {
        Class::Int
    };
    (divisor) => {
        Class::Divisor
    };
    (float) => {
        Class::Float
    };
    (str) => {
        Class::Str
    };
    (null) => {
        Class::Null
    };
    (any) => {
        Class::Any
    };
    (code) => {
        Class::Code
    };
    (constant) => {
        Class::Constant
    };
    (string) => {
        Class::String
    };
    (type) => {
        Class::Type
    };
    (global) => {
        Class::Global
    };
    (function) => {
        Class::Function
    };
    (native) => {
        Class::Native
    };
    (method) => {
        Class::Method
    };
    (cfunction) => {
        Class::CFunction
    };
    (field) => {
        Class::Field
    };
    (count) => {
        Class::Count
    };
    (width) => {
        Class::Width
    };
    (trap) => {
        Class::Trap
    };
}

macro_rules! effect {
    (traps) => {
        Effects::TRAPS
    };
    (safepoint) => {
        Effects::SAFEPOINT
    };
    (call) => {
        Effects::CALL
    };
    (args) => {
        Effects::ARGS
    };
    (jumps) => {
        Effects::JUMPS
    };
    (ends) => {
        Effects::ENDS
    };
}

/// Calls a function with a register operand; nothing for the others.
macro_rules! visit_register {
    ($visit:ident $field:ident def $class:tt) => {
        $visit(Role::Def, class!($class), $field)
    };
    ($visit:ident $field:ident use $class:tt) => {
        $visit(Role::Use, class!($class), $field)
    };
    ($visit:ident $field:ident $role:ident $class:tt) => {
        let _ = $field;
    };
}

macro_rules! define_instructions {
    ($($name:ident $mnemonic:literal $format:ident
       $fields:tt [$($effect:ident)*] $meaning:literal;)*) => {
        /// The operation of an instruction, without its operands.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        #[repr(u8)]
        pub enum Opcode {
            $(#[doc = $meaning] $name,)*
        }

        impl Opcode {
            /// Every opcode, by its number.
            pub const ALL: &'static [Opcode] = &[$(Opcode::$name),*];

            /// The opcode as the assembler writes it.
            pub const fn mnemonic(self) -> &'static str {
                match self { $(Opcode::$name => $mnemonic,)* }
            }

            /// What it does, in a line.
            pub const fn meaning(self) -> &'static str {
                match self { $(Opcode::$name => $meaning,)* }
            }

            /// The name of its operands' layout.
            pub const fn format(self) -> &'static str {
                match self { $(Opcode::$name => stringify!($format),)* }
            }

            /// What it may do beside computing.
            #[inline]
            pub const fn effects(self) -> Effects {
                const EFFECTS: &[Effects] = &[$(Effects::NONE $(.with(effect!($effect)))*),*];
                EFFECTS[self as usize]
            }

            /// Its operands, in the table's order.
            pub const fn operands(self) -> &'static [OperandInfo] {
                match self { $(Opcode::$name => with_slots!($format $fields describe_fields ()),)* }
            }
        }

        define_instr! { $($name $format $fields $meaning;)* }
    };
}

macro_rules! define_instr {
    ($($name:ident $format:ident ($($field:ident : $ty:ident $role:ident $class:tt),*) $meaning:literal;)*) => {
        /// An instruction with its operands.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum Instr {
            $(#[doc = $meaning] $name { $(#[allow(missing_docs, reason = "the meaning names them")] $field: $ty),* },)*
        }

        impl Instr {
            /// The word of this instruction. An operand that does not fit its bits is cut.
            pub fn encode(self) -> u64 {
                match self { $(
                    Instr::$name { $($field),* } => with_slots!(
                        $format ($($field : $ty $role $class),*) encode_fields (Opcode::$name)
                    ),
                )* }
            }

            /// The instruction of a word; none where the opcode is unknown, an unused bit is set, or a width or kind of trap is unknown.
            #[inline]
            pub fn decode(word: u64) -> Option<Instr> {
                match *Opcode::ALL.get((word & 0xff) as usize)? { $(
                    Opcode::$name => with_slots!(
                        $format ($($field : $ty $role $class),*) decode_fields ($name word)
                    ),
                )* }
            }

            /// Its operation.
            #[inline]
            pub fn opcode(self) -> Opcode {
                match self { $(Instr::$name { .. } => Opcode::$name,)* }
            }

            /// Calls `visit` with every register that it names and what it does with it, in the table's order.
            #[inline]
            pub fn for_each_register(self, mut visit: impl FnMut(Role, Class, Reg)) {
                let _ = &mut visit;
                match self { $(
                    Instr::$name { $($field),* } => { $(visit_register!(visit $field $role $class);)* }
                )* }
            }

            /// Hands the operands to the visitor's method of this opcode.
            #[inline]
            pub fn accept<V: Visitor>(self, visitor: &mut V) -> V::Output {
                match self { $(Instr::$name { $($field),* } => visitor.$name($($field),*),)* }
            }
        }

        /// A method for every opcode, named as the opcode and without a default: what handles instructions through it
        /// does not compile while an opcode is missing.
        #[allow(non_snake_case, reason = "the methods carry the opcodes' own names")]
        pub trait Visitor {
            /// What every method gives.
            type Output;
            $(#[doc = $meaning] fn $name(&mut self, $($field: $ty),*) -> Self::Output;)*
        }
    };
}

for_each_op!(define_instructions);

impl Opcode {
    /// The opcode that the assembler writes so.
    pub fn from_mnemonic(mnemonic: &str) -> Option<Opcode> {
        Opcode::ALL.iter().copied().find(|op| op.mnemonic() == mnemonic)
    }

    /// The bits of a jump's distance; none for an opcode without one.
    #[inline]
    pub fn jump_slot(self) -> Option<Slot> {
        const SLOTS: [Option<Slot>; 256] = {
            let mut slots = [None; 256];
            let mut number = 0;
            while number < Opcode::ALL.len() {
                let operands = Opcode::ALL[number].operands();
                // A distance is always the last operand.
                if let Some(OperandInfo { role: Role::Jump, slot, .. }) = operands.last() {
                    slots[number] = Some(*slot);
                }
                number += 1;
            }
            slots
        };
        SLOTS[self as usize]
    }
}

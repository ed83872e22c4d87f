//! The operations that compute one value from one or two others, and the tests that branches make.

use lang_bytecode::{Instr, Reg};

/// What kind of register an operation writes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Class {
    /// An int.
    Int,
    /// A float.
    Float,
}

/// Declares the operations on one operand: name, text, class of the result, `traps` or `pure`.
macro_rules! unary_ops {
    ($($name:ident $text:literal $class:ident $effect:ident;)*) => {
        /// An operation on one operand.
        #[allow(missing_docs, reason = "the opcode of that name says what it does")]
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        pub enum UnaryOp { $($name,)* }

        impl UnaryOp {
            /// As the text form writes it.
            pub fn text(self) -> &'static str {
                match self { $(UnaryOp::$name => $text,)* }
            }

            /// The kind of its result.
            pub fn class(self) -> Class {
                match self { $(UnaryOp::$name => Class::$class,)* }
            }

            /// Whether it may end in a runtime error.
            pub fn traps(self) -> bool {
                match self { $(UnaryOp::$name => stringify!($effect).len() == "traps".len(),)* }
            }

            /// Its instruction.
            pub fn instr(self, dst: Reg, src: Reg) -> Instr {
                match self { $(UnaryOp::$name => Instr::$name { dst, src },)* }
            }
        }
    };
}

unary_ops! {
    INeg "ineg" Int traps;
    IAbs "iabs" Int traps;
    Not "not" Int pure;
    BNot "bnot" Int pure;
    Popcnt "popcnt" Int pure;
    Clz "clz" Int pure;
    Ctz "ctz" Int pure;
    FNeg "fneg" Float pure;
    FAbs "fabs" Float pure;
    FSqrt "fsqrt" Float pure;
    FFloor "ffloor" Float pure;
    FCeil "fceil" Float pure;
    FTrunc "ftrunc" Float pure;
    FRound "fround" Float pure;
    IToF "itof" Float pure;
    FToI "ftoi" Int traps;
    FToF32 "ftof32" Float pure;
    ToChar "tochar" Int traps;
    FBits "fbits" Int pure;
    FFromBits "ffrombits" Float pure;
    IsNull "isnull" Int pure;
    StrLen "strlen" Int pure;
}

/// Declares the operations on two operands: name, text, class of the result, `traps` or `pure`, `commutes` or `ordered`.
macro_rules! binary_ops {
    ($($name:ident $text:literal $class:ident $effect:ident $order:ident;)*) => {
        /// An operation on two operands.
        #[allow(missing_docs, reason = "the opcode of that name says what it does")]
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        pub enum BinaryOp { $($name,)* }

        impl BinaryOp {
            /// As the text form writes it.
            pub fn text(self) -> &'static str {
                match self { $(BinaryOp::$name => $text,)* }
            }

            /// The kind of its result.
            pub fn class(self) -> Class {
                match self { $(BinaryOp::$name => Class::$class,)* }
            }

            /// Whether it may end in a runtime error.
            pub fn traps(self) -> bool {
                match self { $(BinaryOp::$name => stringify!($effect).len() == "traps".len(),)* }
            }

            /// Whether its sides may change places.
            pub fn commutes(self) -> bool {
                match self { $(BinaryOp::$name => stringify!($order).len() == "commutes".len(),)* }
            }

            /// Its instruction on registers.
            pub fn instr(self, dst: Reg, lhs: Reg, rhs: Reg) -> Instr {
                match self { $(BinaryOp::$name => Instr::$name { dst, lhs, rhs },)* }
            }
        }
    };
}

binary_ops! {
    IAdd "iadd" Int traps commutes;
    ISub "isub" Int traps ordered;
    IMul "imul" Int traps commutes;
    IDiv "idiv" Int traps ordered;
    IRem "irem" Int traps ordered;
    IPow "ipow" Int traps ordered;
    IAddW "iaddw" Int pure commutes;
    ISubW "isubw" Int pure ordered;
    IMulW "imulw" Int pure commutes;
    IMin "imin" Int pure commutes;
    IMax "imax" Int pure commutes;
    BAnd "and" Int pure commutes;
    BOr "or" Int pure commutes;
    BXor "xor" Int pure commutes;
    Shl "shl" Int pure ordered;
    Shr "shr" Int pure ordered;
    UShr "ushr" Int pure ordered;
    Rotl "rotl" Int pure ordered;
    Rotr "rotr" Int pure ordered;
    FAdd "fadd" Float pure commutes;
    FSub "fsub" Float pure ordered;
    FMul "fmul" Float pure commutes;
    FDiv "fdiv" Float pure ordered;
    FRem "frem" Float pure ordered;
    IEq "ieq" Int pure commutes;
    INe "ine" Int pure commutes;
    ILt "ilt" Int pure ordered;
    ILe "ile" Int pure ordered;
    FEq "feq" Int pure commutes;
    FNe "fne" Int pure commutes;
    FLt "flt" Int pure ordered;
    FLe "fle" Int pure ordered;
    FCmp "fcmp" Int pure ordered;
    REq "req" Int pure commutes;
    StrEq "streq" Int pure commutes;
    StrCmp "strcmp" Int pure ordered;
}

/// What a branch asks of its operands.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Test {
    /// `lhs == rhs` on ints.
    IEq,
    /// `lhs != rhs` on ints.
    INe,
    /// `lhs < rhs` on ints.
    ILt,
    /// `lhs <= rhs` on ints.
    ILe,
    /// `lhs > rhs` on ints.
    IGt,
    /// `lhs >= rhs` on ints.
    IGe,
    /// `lhs == rhs` on floats.
    FEq,
    /// `lhs != rhs` on floats.
    FNe,
    /// `lhs < rhs` on floats.
    FLt,
    /// `lhs <= rhs` on floats.
    FLe,
    /// `not lhs < rhs` on floats: a NaN holds.
    FNlt,
    /// `not lhs <= rhs` on floats: a NaN holds.
    FNle,
    /// `lhs` is null; there is no right side.
    Null,
    /// `lhs` is not null; there is no right side.
    NotNull,
}

impl Test {
    /// The test that holds where this one does not.
    pub fn negated(self) -> Test {
        match self {
            Test::IEq => Test::INe,
            Test::INe => Test::IEq,
            Test::ILt => Test::IGe,
            Test::IGe => Test::ILt,
            Test::ILe => Test::IGt,
            Test::IGt => Test::ILe,
            Test::FEq => Test::FNe,
            Test::FNe => Test::FEq,
            Test::FLt => Test::FNlt,
            Test::FNlt => Test::FLt,
            Test::FLe => Test::FNle,
            Test::FNle => Test::FLe,
            Test::Null => Test::NotNull,
            Test::NotNull => Test::Null,
        }
    }

    /// The test of an int comparison with its sides exchanged; none for the others.
    pub fn swapped(self) -> Option<Test> {
        Some(match self {
            Test::IEq => Test::IEq,
            Test::INe => Test::INe,
            Test::ILt => Test::IGt,
            Test::IGt => Test::ILt,
            Test::ILe => Test::IGe,
            Test::IGe => Test::ILe,
            _ => return None,
        })
    }

    /// Whether it has a right side.
    pub fn is_binary(self) -> bool {
        !matches!(self, Test::Null | Test::NotNull)
    }

    /// As the text form writes it.
    pub fn text(self) -> &'static str {
        match self {
            Test::IEq => "==",
            Test::INe => "!=",
            Test::ILt => "<",
            Test::ILe => "<=",
            Test::IGt => ">",
            Test::IGe => ">=",
            Test::FEq => "==.",
            Test::FNe => "!=.",
            Test::FLt => "<.",
            Test::FLe => "<=.",
            Test::FNlt => "not <.",
            Test::FNle => "not <=.",
            Test::Null => "is null",
            Test::NotNull => "is not null",
        }
    }

    /// The test that a comparison into a register makes, and whether it exchanges the sides.
    pub fn of_comparison(op: BinaryOp) -> Option<Test> {
        Some(match op {
            BinaryOp::IEq => Test::IEq,
            BinaryOp::INe => Test::INe,
            BinaryOp::ILt => Test::ILt,
            BinaryOp::ILe => Test::ILe,
            BinaryOp::FEq => Test::FEq,
            BinaryOp::FNe => Test::FNe,
            BinaryOp::FLt => Test::FLt,
            BinaryOp::FLe => Test::FLe,
            _ => return None,
        })
    }
}

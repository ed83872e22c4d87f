//! C: the functions of libraries that a program calls, and what their parameters and results are there.

use crate::{Place, Signature};

/// What a program knows of C.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Foreign {
    /// Structs that are passed by value.
    pub layouts: Vec<CLayout>,
    /// Signatures of closures that C calls.
    pub callbacks: Vec<CSignature>,
    /// What `callx` names.
    pub functions: Vec<CFunction>,
}

/// A number or an address in C.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(u8)]
pub enum CScalar {
    /// `int8_t`
    I8,
    /// `int16_t`
    I16,
    /// `int32_t`
    I32,
    /// `int64_t`
    I64,
    /// `uint8_t`
    U8,
    /// `uint16_t`
    U16,
    /// `uint32_t`
    U32,
    /// `uint64_t`; values above the greatest int do not exist in a program.
    U64,
    /// `float`
    F32,
    /// `double`
    F64,
    /// `bool`
    Bool,
    /// An address, which a program sees as an int.
    Ptr,
}

impl CScalar {
    /// Every scalar, by its number.
    pub const ALL: &'static [CScalar] = &[
        CScalar::I8,
        CScalar::I16,
        CScalar::I32,
        CScalar::I64,
        CScalar::U8,
        CScalar::U16,
        CScalar::U32,
        CScalar::U64,
        CScalar::F32,
        CScalar::F64,
        CScalar::Bool,
        CScalar::Ptr,
    ];

    /// The scalar as the assembler writes it.
    pub fn word(self) -> &'static str {
        match self {
            CScalar::I8 => "i8",
            CScalar::I16 => "i16",
            CScalar::I32 => "i32",
            CScalar::I64 => "i64",
            CScalar::U8 => "u8",
            CScalar::U16 => "u16",
            CScalar::U32 => "u32",
            CScalar::U64 => "u64",
            CScalar::F32 => "f32",
            CScalar::F64 => "f64",
            CScalar::Bool => "bool",
            CScalar::Ptr => "ptr",
        }
    }

    /// How many bytes it takes, which is also its alignment.
    pub fn bytes(self) -> u32 {
        match self {
            CScalar::I8 | CScalar::U8 | CScalar::Bool => 1,
            CScalar::I16 | CScalar::U16 => 2,
            CScalar::I32 | CScalar::U32 | CScalar::F32 => 4,
            CScalar::I64 | CScalar::U64 | CScalar::F64 | CScalar::Ptr => 8,
        }
    }

    /// Whether it travels in a register for floats.
    pub fn is_float(self) -> bool {
        matches!(self, CScalar::F32 | CScalar::F64)
    }

    /// The least and the greatest int that it holds; all of them for an address or a float.
    pub fn range(self) -> (i64, i64) {
        match self {
            CScalar::I8 => (-128, 127),
            CScalar::I16 => (-32_768, 32_767),
            CScalar::I32 => (i64::from(i32::MIN), i64::from(i32::MAX)),
            CScalar::U8 => (0, 255),
            CScalar::U16 => (0, 65_535),
            CScalar::U32 => (0, i64::from(u32::MAX)),
            CScalar::U64 => (0, i64::MAX),
            CScalar::Bool => (0, 1),
            CScalar::I64 | CScalar::Ptr | CScalar::F32 | CScalar::F64 => (i64::MIN, i64::MAX),
        }
    }
}

/// The type of a parameter or result in C.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum CType {
    /// A number or an address.
    Scalar(CScalar),
    /// Text that ends with a NUL: a string, or null where the register's type allows it.
    Text,
    /// The address of an array's elements, or NULL.
    Elements,
    /// The address of a struct, or NULL. The argument is an object whose one field is an array of its bytes.
    Pointer,
    /// A struct by value, by its place among [`Foreign::layouts`]. An argument is an object as for [`CType::Pointer`], a result an
    /// array of the bytes.
    Struct(u32),
    /// A C function that calls a closure, by its place among [`Foreign::callbacks`]; or NULL.
    Callback(u32),
}

/// The types that a function of C takes and gives.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct CSignature {
    /// The parameters' types, those of variable arguments too.
    pub params: Vec<CType>,
    /// The result's type; none for `void`.
    pub result: Option<CType>,
    /// How many parameters come before the variable ones; none where there cannot be any.
    pub variadic: Option<u32>,
}

/// A struct of C.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct CLayout {
    /// Its name in the source.
    pub name: String,
    /// Its bytes.
    pub size: u32,
    /// Its alignment.
    pub align: u32,
    /// Where its scalars lie, those of structs and arrays within too; by ascending place. May be empty where it has more than 16
    /// bytes, since such structs travel in memory whatever they hold.
    pub fields: Vec<(u32, CScalar)>,
}

/// The largest struct that travels in registers.
pub const MAX_REGISTER_STRUCT: u32 = 16;
/// The most bytes of a struct that is passed by value.
pub const MAX_STRUCT_BYTES: u32 = 1 << 16;
/// The most parameters of a C function.
pub const MAX_C_PARAMS: usize = 255;

/// A use of a symbol of C.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct CFunction {
    /// The library as the source names it; none for the process or its host.
    pub library: Option<String>,
    /// The symbol.
    pub symbol: String,
    /// Whether it may be missing.
    pub weak: bool,
    /// Where it is declared.
    pub place: Place,
    /// What `callx` takes and gives.
    pub signature: Signature,
    /// What `callx` does.
    pub action: CAction,
}

/// What `callx` does with a symbol.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum CAction {
    /// Calls it.
    Call(CSignature),
    /// Gives its address, 0 where it is missing.
    Address,
    /// Makes a C function of a closure, by its place among [`Foreign::callbacks`], and gives its address. The symbol means nothing.
    NewCallback(u32),
    /// Ends a C function that [`CAction::NewCallback`] made, by its address. The symbol means nothing.
    FreeCallback,
}

impl CAction {
    /// Whether the symbol is looked for.
    pub fn needs_symbol(&self) -> bool {
        matches!(self, CAction::Call(_) | CAction::Address)
    }
}

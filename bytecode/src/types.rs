//! The types of registers, fields and heap objects.

/// Index of a heap type in a module's type table.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(transparent)]
pub struct TypeId(pub u32);

impl TypeId {
    /// Strings: the first type of every module.
    pub const STR: TypeId = TypeId(0);
}

/// Index of a function in a module.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct FuncId(pub u32);

/// The one static type of a register, parameter, result or global.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum RegType {
    /// 64-bit integer; also bool, char, storage integers and enums of bare variants.
    Int,
    /// IEEE-754 double.
    Float,
    /// A reference that is never null.
    Ref(TypeId),
    /// A reference or null.
    RefNull(TypeId),
}

/// Integer storage widths narrower than 64 bits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(u8)]
pub enum Width {
    /// 8 bits, signed.
    I8,
    /// 16 bits, signed.
    I16,
    /// 32 bits, signed.
    I32,
    /// 8 bits, unsigned.
    U8,
    /// 16 bits, unsigned.
    U16,
    /// 32 bits, unsigned.
    U32,
}

impl Width {
    /// Every width, by its number.
    pub const ALL: &'static [Width] = &[Width::I8, Width::I16, Width::I32, Width::U8, Width::U16, Width::U32];

    /// The width as the assembler writes it.
    pub fn word(self) -> &'static str {
        match self {
            Width::I8 => "i8",
            Width::I16 => "i16",
            Width::I32 => "i32",
            Width::U8 => "u8",
            Width::U16 => "u16",
            Width::U32 => "u32",
        }
    }

    /// How many bytes it takes.
    pub fn bytes(self) -> u32 {
        match self {
            Width::I8 | Width::U8 => 1,
            Width::I16 | Width::U16 => 2,
            Width::I32 | Width::U32 => 4,
        }
    }

    /// The low bits of a value, extended by the width's sign.
    pub fn wrap(self, value: i64) -> i64 {
        match self {
            Width::I8 => value as i8 as i64,
            Width::I16 => value as i16 as i64,
            Width::I32 => value as i32 as i64,
            Width::U8 => value as u8 as i64,
            Width::U16 => value as u16 as i64,
            Width::U32 => value as u32 as i64,
        }
    }
}

/// How a field or an element lies in memory.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Storage {
    /// An integer cut to a width; read back, it is extended again.
    Narrow(Width),
    /// A 64-bit integer.
    I64,
    /// A float rounded to 32 bits.
    F32,
    /// A 64-bit float.
    F64,
    /// A reference that is never null.
    Ref(TypeId),
    /// A reference or null.
    RefNull(TypeId),
}

impl Storage {
    /// The type of a register that holds such a value.
    pub fn register(self) -> RegType {
        match self {
            Storage::Narrow(_) | Storage::I64 => RegType::Int,
            Storage::F32 | Storage::F64 => RegType::Float,
            Storage::Ref(id) => RegType::Ref(id),
            Storage::RefNull(id) => RegType::RefNull(id),
        }
    }
}

/// A field of an object.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Field {
    /// Its name in the source.
    pub name: String,
    /// How it lies in memory.
    pub storage: Storage,
    /// Whether `fset` may write it.
    pub mutable: bool,
}

/// What a call takes and gives.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Signature {
    /// The arguments' types, in order.
    pub params: Vec<RegType>,
    /// The results' types, in order.
    pub results: Vec<RegType>,
}

/// A heap type.
///
/// `ref Variant` may stand where `ref` of its enum is expected, `ref Closure` where `ref` of its function type is,
/// and `ref S` where `ref` of a trait with a row for `S` is; the way back goes through `cast` alone.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum TypeDef {
    /// Immutable UTF-8 text.
    Str,
    /// A growable array.
    Array(Storage),
    /// An object with fields.
    Struct {
        /// Its name in the source.
        name: String,
        /// Its fields, in declared order.
        fields: Vec<Field>,
    },
    /// A closed set of variants.
    Enum {
        /// Its name in the source.
        name: String,
        /// The variants' types; the place in the list is the variant's tag.
        variants: Vec<TypeId>,
    },
    /// One variant of an enum.
    Variant {
        /// Its name in the source.
        name: String,
        /// The enum that it belongs to.
        of: TypeId,
        /// Its fields.
        fields: Vec<Field>,
    },
    /// The type of functions as values. Parameters do not count the closure itself.
    Function(Signature),
    /// A function with what it captured.
    Closure {
        /// The function type that it has.
        of: TypeId,
        /// Its code; its first parameter is a `ref` to this type.
        function: FuncId,
        /// What it captured.
        captures: Vec<Field>,
    },
    /// Anything that implements a trait.
    Trait {
        /// Its name in the source.
        name: String,
        /// The methods' signatures; the first parameter is a `ref` to this type.
        methods: Vec<Signature>,
        /// For each implementing type, the methods' code; there the first parameter is a `ref` to that type.
        impls: Vec<(TypeId, Vec<FuncId>)>,
    },
}

impl TypeDef {
    /// The fields of its objects; none for a type whose objects have no fixed ones.
    pub fn fields(&self) -> Option<&[Field]> {
        match self {
            TypeDef::Struct { fields, .. } | TypeDef::Variant { fields, .. } => Some(fields),
            TypeDef::Closure { captures, .. } => Some(captures),
            _ => None,
        }
    }
}

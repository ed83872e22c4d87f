//! Types: numbers that stand for interned structures, so that equality is a comparison of numbers.

use rustc_hash::FxHashMap;

use super::{EnumId, StructId, TraitId};

/// An interned type. Equal types have equal numbers within one [`Types`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Ty(u32);

/// An interned list of types: type arguments, a tuple's parts, a function's parameters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct TyList(u32);

impl TyList {
    /// No types.
    pub const EMPTY: TyList = TyList(0);
}

/// The types that keep an `int` (or `float`) in fewer bits, or in C's way.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[allow(missing_docs, reason = "each is the type it spells")]
pub enum Storage {
    U8,
    U16,
    U32,
    I8,
    I16,
    I32,
    F32,
    /// C's `uint64_t`; values above `int.MAX` do not exist in the language.
    U64,
    /// C's `size_t`.
    Usize,
    /// C's `ptrdiff_t`.
    Isize,
}

impl Storage {
    /// All of them, in the order of their type numbers.
    pub const ALL: [Storage; 10] = [
        Storage::U8,
        Storage::U16,
        Storage::U32,
        Storage::I8,
        Storage::I16,
        Storage::I32,
        Storage::F32,
        Storage::U64,
        Storage::Usize,
        Storage::Isize,
    ];

    /// As it is written.
    pub fn text(self) -> &'static str {
        match self {
            Storage::U8 => "u8",
            Storage::U16 => "u16",
            Storage::U32 => "u32",
            Storage::I8 => "i8",
            Storage::I16 => "i16",
            Storage::I32 => "i32",
            Storage::F32 => "f32",
            Storage::U64 => "u64",
            Storage::Usize => "usize",
            Storage::Isize => "isize",
        }
    }

    /// The type that a value of it widens to: `int`, or `float` for `f32`.
    pub fn wide(self) -> Ty {
        if self == Storage::F32 { Ty::FLOAT } else { Ty::INT }
    }

    /// Whether an `int` fits.
    pub fn holds(self, value: i64) -> bool {
        let (least, greatest) = self.range();
        (least..=greatest).contains(&value)
    }

    /// Whether only C has it.
    pub fn is_of_c_alone(self) -> bool {
        matches!(self, Storage::U64 | Storage::Usize | Storage::Isize)
    }

    /// The least and the greatest `int` that fits; all of them for `f32`.
    pub fn range(self) -> (i64, i64) {
        match self {
            Storage::U8 => (0, 255),
            Storage::U16 => (0, 65_535),
            Storage::U32 => (0, 4_294_967_295),
            Storage::I8 => (-128, 127),
            Storage::I16 => (-32_768, 32_767),
            Storage::I32 => (-2_147_483_648, 2_147_483_647),
            Storage::U64 | Storage::Usize => (0, i64::MAX),
            Storage::F32 | Storage::Isize => (i64::MIN, i64::MAX),
        }
    }
}

/// What a type is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum TyKind {
    /// The type of what is wrong and has been reported; no program without errors holds it.
    Error,
    /// The type of what never gives a value (`return`, `loop {}`).
    Never,
    /// `()`
    Unit,
    /// `bool`
    Bool,
    /// `int`
    Int,
    /// `float`
    Float,
    /// `char`
    Char,
    /// `str`
    Str,
    /// `ptr`: an address in C's memory.
    Ptr,
    /// `cstr`: a `str` on its way to or from C; only in signatures of C functions.
    CStr,
    /// `u8` and its like.
    Storage(Storage),
    /// `[T]`
    Array(Ty),
    /// `(A, B)`: two parts or more, or one.
    Tuple(TyList),
    /// `fn(A, B) -> C`
    Fn(TyList, Ty),
    /// A struct with its type arguments. `[K: V]` is the prelude's struct `Map`.
    Struct(StructId, TyList),
    /// An enum with its type arguments. Options and results are [`EnumId::OPTION`], [`EnumId::RESULT`].
    Enum(EnumId, TyList),
    /// A trait as a type: a value of any type that implements it, called through its table.
    Dyn(TraitId, TyList),
    /// A type parameter, numbered within its function: those of the surrounding `impl` (or the trait's `Self`, then the
    /// trait's own) come before the function's.
    Param(u32),
    /// `*S` in a signature of a C function.
    Pointer(Ty),
    /// `[u8; 16]` in an extern struct.
    FixedArray(Ty, u32),
    /// A type that inference has still to find; none is left after checking.
    Infer(u32),
}

macro_rules! fixed {
    ($($name:ident = $index:literal, $kind:expr, $doc:literal;)*) => {
        impl Ty {
            $(#[doc = $doc] pub const $name: Ty = Ty($index);)*
        }
        const FIXED: &[TyKind] = &[$($kind),*];
    };
}

fixed! {
    ERROR = 0, TyKind::Error, "The type of what has been reported.";
    NEVER = 1, TyKind::Never, "The type of what gives no value.";
    UNIT = 2, TyKind::Unit, "`()`";
    BOOL = 3, TyKind::Bool, "`bool`";
    INT = 4, TyKind::Int, "`int`";
    FLOAT = 5, TyKind::Float, "`float`";
    CHAR = 6, TyKind::Char, "`char`";
    STR = 7, TyKind::Str, "`str`";
    PTR = 8, TyKind::Ptr, "`ptr`";
    CSTR = 9, TyKind::CStr, "`cstr`";
    U8 = 10, TyKind::Storage(Storage::U8), "`u8`";
    U16 = 11, TyKind::Storage(Storage::U16), "`u16`";
    U32 = 12, TyKind::Storage(Storage::U32), "`u32`";
    I8 = 13, TyKind::Storage(Storage::I8), "`i8`";
    I16 = 14, TyKind::Storage(Storage::I16), "`i16`";
    I32 = 15, TyKind::Storage(Storage::I32), "`i32`";
    F32 = 16, TyKind::Storage(Storage::F32), "`f32`";
    U64 = 17, TyKind::Storage(Storage::U64), "`u64`";
    USIZE = 18, TyKind::Storage(Storage::Usize), "`usize`";
    ISIZE = 19, TyKind::Storage(Storage::Isize), "`isize`";
    SELF = 20, TyKind::Param(0), "The first type parameter: `Self` within a trait.";
    BYTES = 21, TyKind::Array(Ty::U8), "`[u8]`";
}

impl Ty {
    /// Its number, dense from zero: a vector can be indexed by it.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// What a type holds somewhere within it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Holds(u8);

impl Holds {
    const ERROR: u8 = 1;
    const PARAM: u8 = 2;
    const INFER: u8 = 4;
}

/// The table of types.
pub struct Types {
    kinds: Vec<TyKind>,
    holds: Vec<Holds>,
    index: FxHashMap<TyKind, Ty>,
    /// Where each list lies in `parts`.
    lists: Vec<(u32, u32)>,
    parts: Vec<Ty>,
    list_index: FxHashMap<Box<[Ty]>, TyList>,
}

impl Default for Types {
    fn default() -> Types {
        Types::new()
    }
}

impl Types {
    /// A table of the types that have constants.
    pub fn new() -> Types {
        let mut types = Types {
            kinds: Vec::with_capacity(256),
            holds: Vec::with_capacity(256),
            index: FxHashMap::default(),
            lists: vec![(0, 0)],
            parts: Vec::new(),
            list_index: FxHashMap::default(),
        };
        types.list_index.insert(Box::default(), TyList::EMPTY);
        for &kind in FIXED {
            types.intern(kind);
        }
        types
    }

    /// The type of a structure.
    pub fn intern(&mut self, kind: TyKind) -> Ty {
        if let Some(&ty) = self.index.get(&kind) {
            return ty;
        }
        let ty = Ty(self.kinds.len() as u32);
        self.kinds.push(kind);
        self.holds.push(self.what_holds(kind));
        self.index.insert(kind, ty);
        ty
    }

    /// The number of a list of types.
    pub fn intern_list(&mut self, list: &[Ty]) -> TyList {
        if let Some(&id) = self.list_index.get(list) {
            return id;
        }
        let id = TyList(self.lists.len() as u32);
        self.lists.push((self.parts.len() as u32, list.len() as u32));
        self.parts.extend_from_slice(list);
        self.list_index.insert(list.into(), id);
        id
    }

    /// What a type is.
    pub fn kind(&self, ty: Ty) -> TyKind {
        self.kinds[ty.index()]
    }

    /// The types of a list.
    pub fn list(&self, list: TyList) -> &[Ty] {
        let (start, len) = self.lists[list.0 as usize];
        &self.parts[start as usize..(start + len) as usize]
    }

    /// How many types there are.
    pub fn len(&self) -> usize {
        self.kinds.len()
    }

    /// Never: the fixed types are always there.
    pub fn is_empty(&self) -> bool {
        self.kinds.is_empty()
    }

    /// `[T]`
    pub fn array(&mut self, element: Ty) -> Ty {
        self.intern(TyKind::Array(element))
    }

    /// `(A, B)`; no parts make `()`.
    pub fn tuple(&mut self, parts: &[Ty]) -> Ty {
        if parts.is_empty() {
            return Ty::UNIT;
        }
        let parts = self.intern_list(parts);
        self.intern(TyKind::Tuple(parts))
    }

    /// `fn(A, B) -> C`
    pub fn function(&mut self, params: &[Ty], result: Ty) -> Ty {
        let params = self.intern_list(params);
        self.intern(TyKind::Fn(params, result))
    }

    /// `T?`
    pub fn option(&mut self, payload: Ty) -> Ty {
        let args = self.intern_list(&[payload]);
        self.intern(TyKind::Enum(EnumId::OPTION, args))
    }

    /// `Result<T, E>`
    pub fn result(&mut self, ok: Ty, err: Ty) -> Ty {
        let args = self.intern_list(&[ok, err]);
        self.intern(TyKind::Enum(EnumId::RESULT, args))
    }

    /// The payload of an option.
    pub fn option_payload(&self, ty: Ty) -> Option<Ty> {
        match self.kind(ty) {
            TyKind::Enum(EnumId::OPTION, args) => self.list(args).first().copied(),
            _ => None,
        }
    }

    /// The two payloads of a result.
    pub fn result_payloads(&self, ty: Ty) -> Option<(Ty, Ty)> {
        match self.kind(ty) {
            TyKind::Enum(EnumId::RESULT, args) => match self.list(args) {
                &[ok, err] => Some((ok, err)),
                _ => None,
            },
            _ => None,
        }
    }

    /// `int` or `float` for a storage type, otherwise the type itself.
    pub fn wide(&self, ty: Ty) -> Ty {
        match self.kind(ty) {
            TyKind::Storage(storage) => storage.wide(),
            _ => ty,
        }
    }

    /// Whether a type parameter is anywhere within.
    pub fn has_param(&self, ty: Ty) -> bool {
        self.holds[ty.index()].0 & Holds::PARAM != 0
    }

    /// Whether an unknown type is anywhere within.
    pub fn has_infer(&self, ty: Ty) -> bool {
        self.holds[ty.index()].0 & Holds::INFER != 0
    }

    /// Whether the error type is anywhere within.
    pub fn has_error(&self, ty: Ty) -> bool {
        self.holds[ty.index()].0 & Holds::ERROR != 0
    }

    /// The type with `args[i]` in place of the parameter `i`; a parameter beyond `args` stays.
    pub fn subst(&mut self, ty: Ty, args: &[Ty]) -> Ty {
        if !self.has_param(ty) {
            return ty;
        }
        self.map(ty, &mut |types, kind| match kind {
            TyKind::Param(index) => Some(args.get(index as usize).copied().unwrap_or(types.intern(kind))),
            _ => None,
        })
    }

    /// [`Types::subst`] on every type of a list.
    pub fn subst_list(&mut self, list: TyList, args: &[Ty]) -> TyList {
        let (start, len) = self.lists[list.0 as usize];
        if len == 0 {
            return list;
        }
        let mapped: Vec<Ty> = (start..start + len)
            .map(|i| {
                let part = self.parts[i as usize];
                self.subst(part, args)
            })
            .collect();
        self.intern_list(&mapped)
    }

    /// Rebuilds a type: `leaf` gives the replacement of a part, or `None` to go on within it.
    pub fn map(&mut self, ty: Ty, leaf: &mut dyn FnMut(&mut Types, TyKind) -> Option<Ty>) -> Ty {
        let kind = self.kind(ty);
        if let Some(replaced) = leaf(self, kind) {
            return replaced;
        }
        let mapped = match kind {
            TyKind::Array(element) => TyKind::Array(self.map(element, leaf)),
            TyKind::Pointer(to) => TyKind::Pointer(self.map(to, leaf)),
            TyKind::FixedArray(element, n) => TyKind::FixedArray(self.map(element, leaf), n),
            TyKind::Tuple(parts) => TyKind::Tuple(self.map_list(parts, leaf)),
            TyKind::Struct(id, args) => TyKind::Struct(id, self.map_list(args, leaf)),
            TyKind::Enum(id, args) => TyKind::Enum(id, self.map_list(args, leaf)),
            TyKind::Dyn(id, args) => TyKind::Dyn(id, self.map_list(args, leaf)),
            TyKind::Fn(params, result) => TyKind::Fn(self.map_list(params, leaf), self.map(result, leaf)),
            _ => return ty,
        };
        if mapped == kind { ty } else { self.intern(mapped) }
    }

    fn map_list(&mut self, list: TyList, leaf: &mut dyn FnMut(&mut Types, TyKind) -> Option<Ty>) -> TyList {
        let (start, len) = self.lists[list.0 as usize];
        let mapped: Vec<Ty> = (start..start + len)
            .map(|i| {
                let part = self.parts[i as usize];
                self.map(part, leaf)
            })
            .collect();
        if mapped == self.parts[start as usize..(start + len) as usize] {
            list
        } else {
            self.intern_list(&mapped)
        }
    }

    fn what_holds(&self, kind: TyKind) -> Holds {
        let list = |list: TyList| self.list(list).iter().fold(0, |all, ty| all | self.holds[ty.index()].0);
        let one = |ty: Ty| self.holds[ty.index()].0;
        Holds(match kind {
            TyKind::Error => Holds::ERROR,
            TyKind::Param(_) => Holds::PARAM,
            TyKind::Infer(_) => Holds::INFER,
            TyKind::Array(ty) | TyKind::Pointer(ty) | TyKind::FixedArray(ty, _) => one(ty),
            TyKind::Tuple(parts) => list(parts),
            TyKind::Fn(params, result) => list(params) | one(result),
            TyKind::Struct(_, args) | TyKind::Enum(_, args) | TyKind::Dyn(_, args) => list(args),
            _ => 0,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Ty, TyKind, Types};

    #[test]
    fn equal_structures_are_one_type() {
        let mut types = Types::new();
        let a = types.array(Ty::INT);
        assert_eq!(a, types.array(Ty::INT));
        assert_eq!(types.kind(Ty::BYTES), TyKind::Array(Ty::U8));
        assert_eq!(types.kind(Ty::SELF), TyKind::Param(0));
        assert_eq!(types.tuple(&[]), Ty::UNIT);
    }

    #[test]
    fn substitution_reaches_every_part() {
        let mut types = Types::new();
        let (t, u) = (types.intern(TyKind::Param(0)), types.intern(TyKind::Param(1)));
        let option = types.option(u);
        let generic = types.function(&[t, option], t);
        let concrete = types.subst(generic, &[Ty::INT, Ty::STR]);
        let text = types.option(Ty::STR);
        assert_eq!(concrete, types.function(&[Ty::INT, text], Ty::INT));
        assert!(types.has_param(generic) && !types.has_param(concrete));
    }
}

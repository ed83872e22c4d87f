//! The table of natives: the functions that every host gives a program, declared once.
//!
//! A row reads `name(params) -> (results) [effects] "meaning"`. The types of a row are patterns: `Array` stands for any array type,
//! which binds `Elem` (the register type of its elements) and `Same` (the same array type again).
//! Effects: `safepoint` (may allocate), `traps`, `files`, `env`, `process` (what a sandbox forbids).

use crate::{RegType, Signature, TypeDef, TypeId};

/// A pattern for the type of a native's parameter or result.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NativeType {
    /// An int.
    Int,
    /// A float.
    Float,
    /// A string.
    Str,
    /// A string or null.
    StrOrNull,
    /// An array of `u8`.
    Bytes,
    /// An array of strings.
    Strings,
    /// Any array; the first one of a row binds `Elem` and `Same`.
    Array,
    /// The register type of the elements of the row's array.
    Elem,
    /// The type of the row's array.
    Same,
}

/// Hands the table of natives to a macro.
#[macro_export]
macro_rules! for_each_native {
    ($visit:ident) => {
        $visit! {
            // Strings. Positions are byte offsets; an offset inside a code point traps.
            str_concat(Str, Str) -> (Str) [safepoint] "both, one after the other";
            str_slice(Str, Int, Int) -> (Str) [safepoint traps] "the bytes from the first offset up to the second";
            str_find(Str, Str, Int) -> (Int) [] "where the second first begins in the first at or after the offset, or -1";
            str_char_at(Str, Int) -> (Int) [traps] "the code point that begins at the offset";
            str_parse_int(Str) -> (Int, Int) [] "1 and the value, or 0 and why not: 0 no digits, 1 too large";
            str_parse_float(Str) -> (Int, Float) [] "1 and the value, or 0 and 0.0";
            str_from_bytes(Bytes) -> (StrOrNull) [safepoint] "the text, or null where it is not UTF-8";
            str_to_bytes(Str) -> (Bytes) [safepoint] "a copy of the bytes";
            str_join(Str, Strings) -> (Str) [safepoint] "the strings with the first one between them";

            // Text under construction: an array of bytes that only these natives fill.
            buf_push_str(Bytes, Str) -> () [safepoint] "appends the text";
            buf_push_char(Bytes, Int) -> () [safepoint] "appends a code point";
            buf_push_int(Bytes, Int) -> () [safepoint] "appends the decimal form";
            buf_push_float(Bytes, Float) -> () [safepoint] "appends the shortest form that reads back";
            buf_quote_str(Bytes, Str) -> () [safepoint] "appends the text as a literal, quoted and escaped";
            buf_quote_char(Bytes, Int) -> () [safepoint] "appends the code point as a literal, quoted and escaped";
            buf_fmt_int(Bytes, Int, Int, Int) -> () [safepoint traps] "appends by format flags and width";
            buf_fmt_float(Bytes, Float, Int, Int, Int) -> () [safepoint traps] "appends by format flags, width and precision (-1 for none)";
            buf_fmt_str(Bytes, Str, Int, Int, Int) -> () [safepoint traps] "appends by format flags, width and precision (-1 for none)";
            buf_to_str(Bytes) -> (Str) [safepoint] "the text so far";

            // Output. Streams: 1 standard output, 2 standard error.
            out_str(Int, Str) -> () [] "writes the text";
            out_int(Int, Int) -> () [] "writes the decimal form";
            out_float(Int, Float) -> () [] "writes the shortest form that reads back";
            out_char(Int, Int) -> () [] "writes a code point";

            // Arrays.
            array_slice(Array, Int, Int) -> (Same) [safepoint traps] "a new array of the elements from the first index up to the second";
            array_insert(Array, Int, Elem) -> () [safepoint traps] "inserts before the index";
            array_remove(Array, Int) -> (Elem) [traps] "takes the element at the index out";
        }
    };
}

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Native {
    /// Its name: what a module's import says.
    pub name: &'static str,
    /// The patterns of its parameters.
    pub params: &'static [NativeType],
    /// The patterns of its results.
    pub results: &'static [NativeType],
    /// What it may do beside computing.
    pub effects: &'static [&'static str],
    /// What it gives.
    pub meaning: &'static str,
}

macro_rules! define_natives {
    ($($name:ident ($($param:ident),*) -> ($($result:ident),*) [$($effect:ident)*] $meaning:literal;)*) => {
        /// Every native, in the table's order.
        pub const NATIVES: &[Native] = &[
            $(Native {
                name: stringify!($name),
                params: &[$(NativeType::$param),*],
                results: &[$(NativeType::$result),*],
                effects: &[$(stringify!($effect)),*],
                meaning: $meaning,
            },)*
        ];
    };
}

for_each_native!(define_natives);

impl Native {
    /// The row of a name.
    pub fn find(name: &str) -> Option<&'static Native> {
        NATIVES.iter().find(|native| native.name == name)
    }

    /// Whether concrete types are an instance of this row.
    pub fn accepts(&self, signature: &Signature, types: &[TypeDef]) -> bool {
        let mut array = None;
        signature.params.len() == self.params.len()
            && signature.results.len() == self.results.len()
            && (self.params.iter().zip(&signature.params))
                .chain(self.results.iter().zip(&signature.results))
                .all(|(pattern, ty)| matches(*pattern, *ty, types, &mut array))
    }
}

/// Whether `ty` fits `pattern`; the first array binds `array`.
fn matches(pattern: NativeType, ty: RegType, types: &[TypeDef], array: &mut Option<TypeId>) -> bool {
    let element = |id: TypeId| match types.get(id.0 as usize) {
        Some(TypeDef::Array(storage)) => Some(*storage),
        _ => None,
    };
    let is_array_of = |wanted: crate::Storage| matches!(ty, RegType::Ref(id) if element(id) == Some(wanted));
    match pattern {
        NativeType::Int => ty == RegType::Int,
        NativeType::Float => ty == RegType::Float,
        NativeType::Str => ty == RegType::Ref(TypeId::STR),
        NativeType::StrOrNull => ty == RegType::RefNull(TypeId::STR),
        NativeType::Bytes => is_array_of(crate::Storage::Narrow(crate::Width::U8)),
        NativeType::Strings => is_array_of(crate::Storage::Ref(TypeId::STR)),
        NativeType::Array => match ty {
            RegType::Ref(id) if element(id).is_some() => {
                array.get_or_insert(id);
                true
            }
            _ => false,
        },
        NativeType::Elem => array.and_then(element).is_some_and(|storage| storage.register() == ty),
        NativeType::Same => array.is_some_and(|id| ty == RegType::Ref(id)),
    }
}

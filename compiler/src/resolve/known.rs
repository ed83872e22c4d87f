//! The names that the checker compares with, interned once.

use crate::ast::{Name, Names};
use crate::hir::Ty;

macro_rules! known {
    ($($field:ident $text:literal,)*) => {
        /// Names with a meaning to the compiler.
        #[allow(missing_docs, reason = "each field is the name it spells")]
        #[derive(Clone, Copy, Debug)]
        pub struct Known { $(pub $field: Name,)* }

        impl Known {
            /// Interns them.
            pub fn new(names: &mut Names) -> Known {
                Known { $($field: names.intern($text),)* }
            }
        }
    };
}

known! {
    int "int", float "float", bool "bool", char "char", str "str", ptr "ptr", cstr "cstr", never "never",
    u8 "u8", u16 "u16", u32 "u32", i8 "i8", i16 "i16", i32 "i32", f32 "f32",
    u64 "u64", i64 "i64", f64 "f64", usize "usize", isize "isize", void "void",
    print "print", eprint "eprint", write "write", assert "assert", panic "panic", same "same", type_name "type_name", is_linked "is_linked",
    array_type "Array", map_type "Map", option "Option", result "Result", error "Error", range "Range",
    some "Some", none "None", ok "Ok", err "Err",
    eq_trait "Eq", ord_trait "Ord", hash_trait "Hash", show_trait "Show", iterator "Iterator", iterable "Iterable",
    add_trait "Add", sub_trait "Sub", mul_trait "Mul", div_trait "Div", rem_trait "Rem", neg_trait "Neg", index_trait "Index",
    enumerate "enumerate", chars "chars", bytes "bytes", rev "rev", step_by "step_by", iter "iter", next "next",
    with "with", new "new", wrap "wrap", set "set", std "std", lang "lang", message "message", null "NULL",
    get_index "get_index", set_index "set_index", at "_at", with_capacity "with_capacity", insert "_insert",
    slice_whole "_slice_all", slice_from "_slice_from", slice_to "_slice_to", slice "_slice", slice_through "_slice_through",
    slice_up_through "_slice_up_through",
    range_half "_half_open", range_closed "_closed", range_endless "_endless",
}

impl Known {
    /// The built-in type of a name that begins with a small letter.
    pub fn type_of(&self, name: Name) -> Option<Ty> {
        self.types().into_iter().find(|(known, _)| *known == name).map(|(_, ty)| ty)
    }

    /// The built-in types whose names begin with a small letter; the first twelve are those that programs without C use.
    pub fn types(&self) -> [(Name, Ty); 21] {
        [
            (self.int, Ty::INT),
            (self.float, Ty::FLOAT),
            (self.bool, Ty::BOOL),
            (self.str, Ty::STR),
            (self.char, Ty::CHAR),
            (self.u8, Ty::U8),
            (self.u16, Ty::U16),
            (self.u32, Ty::U32),
            (self.i8, Ty::I8),
            (self.i16, Ty::I16),
            (self.i32, Ty::I32),
            (self.f32, Ty::F32),
            (self.u64, Ty::U64),
            (self.i64, Ty::INT),
            (self.f64, Ty::FLOAT),
            (self.usize, Ty::USIZE),
            (self.isize, Ty::ISIZE),
            (self.ptr, Ty::PTR),
            (self.cstr, Ty::CSTR),
            (self.void, Ty::UNIT),
            (self.never, Ty::NEVER),
        ]
    }
}

//! E08xx: C functions.

super::codes! { EXTERNS:
    E0801 BAD_C_TYPE "a type that C does not have"
    "The signature of a C function is made of `i8 … i64`, `u8 … u64`, `isize`, `usize`, `f32`, `f64`, `bool`, `ptr`, `cstr`, extern structs, `*S`, arrays of scalars, and functions of them."
    wrong "extern \"c\" {\n  fn strlen(s: str) -> usize\n}\nprint(strlen(\"a\"))\n"
    right "extern \"c\" {\n  fn strlen(s: cstr) -> usize\n}\nprint(strlen(\"a\"))\n";
}

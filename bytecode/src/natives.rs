//! The table of natives: the functions that every host gives a program, declared once.
//!
//! A row reads `name(params) -> (results) [effects] "meaning"`. The types of a row are patterns: `Array` stands for any array type,
//! which binds `Elem` (the register type of its elements) and `Same` (the same array type again).
//! Effects: `safepoint` (may allocate), `traps`, `files`, `env`, `process`, `memory` (what a sandbox forbids).

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
    /// An array of code points, 32 bits each.
    Chars,
    /// An array of `u32`.
    Words,
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
            // Strings. Positions are byte offsets; an offset inside a code point traps. -1 means nowhere.
            str_concat(Str, Str) -> (Str) [safepoint] "both, one after the other";
            str_slice(Str, Int, Int) -> (Str) [safepoint traps] "the bytes from the first offset up to the second";
            str_find(Str, Str, Int) -> (Int) [] "where the second first begins in the first at or after the offset, or -1";
            str_rfind(Str, Str) -> (Int) [] "where the second last begins in the first, or -1";
            str_starts_with(Str, Str) -> (Int) [] "1 where the first begins with the second";
            str_ends_with(Str, Str) -> (Int) [] "1 where the first ends with the second";
            str_hash(Str) -> (Int) [] "a hash of the bytes, the same in every run";
            str_char_at(Str, Int) -> (Int) [traps] "the code point that begins at the offset";
            str_next_char(Str, Int) -> (Int, Int) [traps] "the code point that begins at the offset, and where the next one begins";
            str_prev_char(Str, Int) -> (Int, Int) [traps] "the code point that ends at the offset, and where it begins";
            str_count_chars(Str) -> (Int) [] "how many code points there are";
            str_is_boundary(Str, Int) -> (Int) [] "1 where a code point begins at the offset or the string ends";
            str_split(Str, Str) -> (Strings) [safepoint] "the parts between occurrences of the second; its chars where that is empty";
            str_split_whitespace(Str) -> (Strings) [safepoint] "the parts between runs of white space";
            str_lines(Str) -> (Strings) [safepoint] "the lines, without their ends";
            str_trim(Str) -> (Str) [safepoint] "without white space at either end";
            str_trim_start(Str) -> (Str) [safepoint] "without white space at the start";
            str_trim_end(Str) -> (Str) [safepoint] "without white space at the end";
            str_to_upper(Str) -> (Str) [safepoint] "in upper case, by Unicode";
            str_to_lower(Str) -> (Str) [safepoint] "in lower case, by Unicode";
            str_replace(Str, Str, Str) -> (Str) [safepoint] "with every occurrence of the second replaced by the third";
            str_repeat(Str, Int) -> (Str) [safepoint traps] "so many times over; traps on a negative count";
            str_pad_start(Str, Int, Int) -> (Str) [safepoint traps] "with the code point in front until it has so many";
            str_pad_end(Str, Int, Int) -> (Str) [safepoint traps] "with the code point behind until it has so many";
            str_join(Str, Strings) -> (Str) [safepoint] "the strings with the first one between them";
            str_from_bytes(Bytes) -> (StrOrNull) [safepoint] "the text, or null where it is not UTF-8";
            str_to_bytes(Str) -> (Bytes) [safepoint] "a copy of the bytes";
            str_from_chars(Chars) -> (Str) [safepoint] "the text of these code points";
            str_to_chars(Str) -> (Chars) [safepoint] "the code points";

            // Numbers and text.
            str_from_char(Int) -> (Str) [safepoint] "the text of one code point";
            str_from_int(Int) -> (Str) [safepoint] "the decimal form";
            str_from_int_radix(Int, Int) -> (Str) [safepoint traps] "the form in a base of 2 to 36";
            str_from_float(Float) -> (Str) [safepoint] "the shortest form that reads back";
            str_parse_int(Str) -> (Int, Int) [] "1 and the value, or 0 and why not: 0 no number, 1 too large";
            str_parse_int_radix(Str, Int) -> (Int, Int) [traps] "as str_parse_int, in a base of 2 to 36";
            str_parse_float(Str) -> (Int, Float) [] "1 and the value, or 0 and 0.0";

            // Text under construction: an array of bytes that these natives append to. Format flags are an int: bits 0 to 20 the code point
            // to fill with (0: a space), 21 to 22 the alignment (0 by kind of value, 1 left, 2 centre, 3 right), 23 a plus sign, 24 zeros after the
            // sign, 25 to 27 the form (0 plain, 1 `x`, 2 `X`, 3 `b`, 4 `o`, 5 `e`). Widths count chars.
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

            // Output. Streams: 1 standard output, 2 standard error. Where the reader has gone, the program ends.
            out_str(Int, Str) -> () [traps] "writes the text";
            out_int(Int, Int) -> () [traps] "writes the decimal form";
            out_float(Int, Float) -> () [traps] "writes the shortest form that reads back";
            out_char(Int, Int) -> () [traps] "writes a code point";
            out_bytes(Int, Bytes) -> () [traps] "writes the bytes as they are";
            out_flush(Int) -> () [traps] "hands what was written so far to the system";

            // Input.
            in_read_line() -> (StrOrNull) [safepoint traps] "the next line of standard input without its end, or null; traps where it is not UTF-8";
            in_read_all() -> (Str) [safepoint traps] "the rest of standard input; traps where it is not UTF-8";
            in_read_bytes(Bytes, Int) -> (Int) [safepoint traps] "appends up to so many bytes of standard input; how many, 0 at its end";

            // Mathematics on floats.
            math_sin(Float) -> (Float) [] "the sine";
            math_cos(Float) -> (Float) [] "the cosine";
            math_tan(Float) -> (Float) [] "the tangent";
            math_asin(Float) -> (Float) [] "the angle with this sine";
            math_acos(Float) -> (Float) [] "the angle with this cosine";
            math_atan(Float) -> (Float) [] "the angle with this tangent";
            math_sinh(Float) -> (Float) [] "the hyperbolic sine";
            math_cosh(Float) -> (Float) [] "the hyperbolic cosine";
            math_tanh(Float) -> (Float) [] "the hyperbolic tangent";
            math_asinh(Float) -> (Float) [] "the inverse of the hyperbolic sine";
            math_acosh(Float) -> (Float) [] "the inverse of the hyperbolic cosine";
            math_atanh(Float) -> (Float) [] "the inverse of the hyperbolic tangent";
            math_exp(Float) -> (Float) [] "e to this power";
            math_exp2(Float) -> (Float) [] "2 to this power";
            math_exp_m1(Float) -> (Float) [] "e to this power, less 1, exact near 0";
            math_log(Float) -> (Float) [] "the natural logarithm";
            math_log2(Float) -> (Float) [] "the logarithm to base 2";
            math_log10(Float) -> (Float) [] "the logarithm to base 10";
            math_ln_1p(Float) -> (Float) [] "the natural logarithm of 1 more, exact near 0";
            math_cbrt(Float) -> (Float) [] "the cube root";
            math_pow(Float, Float) -> (Float) [] "the first to the power of the second";
            math_atan2(Float, Float) -> (Float) [] "the angle of the point (second, first)";
            math_hypot(Float, Float) -> (Float) [] "the distance of the point from the origin";
            math_copysign(Float, Float) -> (Float) [] "the first with the sign of the second";

            // Chars, by Unicode.
            char_is_alphabetic(Int) -> (Int) [] "1 where it is a letter";
            char_is_numeric(Int) -> (Int) [] "1 where it is a digit or number of any script";
            char_is_alphanumeric(Int) -> (Int) [] "1 where it is a letter, digit or number";
            char_is_whitespace(Int) -> (Int) [] "1 where it is white space";
            char_is_upper(Int) -> (Int) [] "1 where it is upper case";
            char_is_lower(Int) -> (Int) [] "1 where it is lower case";
            char_to_upper(Int) -> (Int) [] "in upper case; itself where that is not one code point";
            char_to_lower(Int) -> (Int) [] "in lower case; itself where that is not one code point";

            // Arrays.
            array_slice(Array, Int, Int) -> (Same) [safepoint traps] "a new array of the elements from the first index up to the second";
            array_copy(Array) -> (Same) [safepoint] "a new array of the same elements";
            array_concat(Array, Same) -> (Same) [safepoint] "a new array of the elements of both";
            array_extend(Array, Same) -> () [safepoint] "appends the second's elements to the first";
            array_insert(Array, Int, Elem) -> () [safepoint traps] "inserts before the index";
            array_remove(Array, Int) -> (Elem) [traps] "takes the element at the index out";
            array_truncate(Array, Int) -> () [traps] "drops what is beyond so many elements; traps on a negative count";
            array_resize(Array, Int, Elem) -> () [safepoint traps] "drops elements, or appends the value, until there are so many; traps on a negative count";
            array_reserve(Array, Int) -> () [safepoint traps] "makes room for so many more elements";
            array_fill(Array, Elem) -> () [] "sets every element to the value";
            array_reverse(Array) -> () [] "turns the order around";
            array_move(Array, Int, Same, Int, Int) -> () [traps] "copies the third's elements from an index on, so many, over the first's from an index on; they may overlap";
            array_permute(Array, Words) -> () [traps] "puts at each index the element whose index the second has there; traps where the lengths differ or an index is out of bounds";
            array_sort(Array) -> () [] "sorts numbers (floats in their total order) and strings, stable; leaves other elements as they are";
            array_equal(Array, Same) -> (Int) [] "1 where numbers and strings are equal one by one; other elements must be the same objects";
            array_index_of(Array, Elem, Int) -> (Int) [] "where a number or string first occurs at or after the index, or -1; other elements must be the same object";

            // Hash maps. A map is an array of keys and one of values, in the order of insertion, and a table: `u32`s that only these natives make sense
            // of, but for the first, which counts the entries removed. An empty table stands for a map of so few entries that keys are compared one by one. An
            // entry removed keeps its place until the arrays are compacted. A hash is any int: the natives mix it.
            map_find(Words, Array, Elem) -> (Int, Int) [] "the entry with a key that is a number or string, or -1, and the key's hash";
            map_probe(Words, Int, Int) -> (Int, Int) [] "the next entry with the hash, or -1, and where to go on from; the search starts at 0";
            map_link(Words, Array, Int, Int) -> () [safepoint traps] "makes the entry of the keys, which is new, known under the hash";
            map_link_all(Words, Array) -> () [safepoint traps] "makes all entries known, where keys are numbers or strings and the table is empty";
            map_unlink(Words, Int, Int) -> () [] "marks the entry under the hash as removed";
            map_next(Words, Int, Int) -> (Int) [] "the first entry from the one given on that is not removed, or the count given";
            map_compact(Words, Array) -> () [] "drops the elements of removed entries; for the keys and for the values";
            map_renumber(Words) -> () [] "gives entries the places that they have after the arrays were compacted";

            // Parts of JSON (RFC 8259).
            json_space(Str, Int) -> (Int, Int) [] "where the first byte at or after the offset is that is no white space, and the byte, or -1 at the end";
            json_string(Str, Int) -> (StrOrNull, Int) [safepoint] "the string whose first byte is at the offset, and where what follows its closing quote begins; or null and where it goes wrong";
            json_number(Str, Int) -> (Int, Int) [] "where the number at the offset ends, and its value; the end is negative before the bits of a float; 0 and where it goes wrong, which is the offset for one too large";
            json_quote(Bytes, Str) -> () [safepoint] "appends the text as a string of JSON";

            // CSV (RFC 4180).
            csv_row(Str, Int, Int, Strings) -> (Int, Int) [safepoint traps] "appends the fields of the row at the offset, which the ASCII character separates; where the next row begins and 0, or why not (-1 an open quote, -2 something behind a closing one) and where";

            // Hashes of bytes, and bytes as text. Kinds of hashes: 0 MD5, 1 SHA-1, 2 SHA-256, 3 SHA-512. Variants of base64: 0 standard, 1 for URLs; 2 and 3
            // likewise, written without padding.
            hash_digest(Int, Bytes) -> (Bytes) [safepoint traps] "the hash of a kind";
            hash_begin(Int, Words) -> () [safepoint traps] "lets the array stand for a hash of a kind, under construction";
            hash_add(Words, Bytes) -> () [traps] "goes on with the bytes";
            hash_end(Words) -> (Bytes) [safepoint traps] "the hash of all bytes so far";
            hash_crc32(Int, Bytes) -> (Int) [] "the CRC-32 of the bytes behind what the first one is that of";
            hash_fnv(Int, Bytes) -> (Int) [] "goes on with FNV-1a of 64 bits";
            hex_encode(Bytes) -> (Str) [safepoint] "two hexadecimal digits for each byte";
            base64_encode(Bytes, Int) -> (Str) [safepoint traps] "the base64 of a variant";
            base64_decode(Str, Int, Bytes) -> (Int, Int) [safepoint traps] "appends what base64 of a variant stands for, and gives 0 and 0; or why not (1 no such character, 2 bits left at the end, 3 a wrong length, 4 wrong padding) and where";

            // Ints among bytes. A layout is the number of bytes, 16 more where the greatest bit is a sign, 32 more where the greatest byte comes first.
            bits_get(Bytes, Int, Int) -> (Int) [traps] "the int of a layout that begins at an index";
            bits_put(Bytes, Int, Int, Int) -> () [traps] "puts an int of a layout at an index; traps where it does not fit";
            bits_reverse(Int) -> (Int) [] "with its 64 bits in the opposite order";
            bits_swap_bytes(Int) -> (Int) [] "with its 8 bytes in the opposite order";

            // Regular expressions. An array stands for each compiled one. Offsets are in bytes, and lie between two characters.
            regex_compile(Str, Words) -> (StrOrNull, Int) [safepoint] "lets the array stand for the pattern; null, or what is wrong with it and where (-1: nowhere in particular)";
            regex_groups(Words, Strings) -> () [safepoint traps] "appends the names of its groups, empty where they have none; the first is the whole match";
            regex_is_match(Words, Str) -> (Int) [traps] "1 where it matches somewhere in the text";
            regex_find(Words, Str, Int) -> (Int, Int) [traps] "where the first match at or after the offset begins and ends, or -1 and -1";
            regex_captures(Words, Str, Int, Array) -> (Int) [traps] "1 where it matches at or after the offset; fills the array of ints with the begin and end of each group, or -1 and -1";
            regex_replace(Words, Str, Str, Int) -> (Str) [safepoint traps] "the text with so many matches, or all for 0, replaced; `$1` and `${name}` stand for groups";

            // The system.
            clock() -> (Float) [] "seconds since some moment, never going back";
            time_now() -> (Float) [] "seconds since 1970 began";
            time_sleep(Float) -> () [traps] "waits so many seconds";
            random_seed() -> (Int) [] "an int that no one can foresee";
            os_args() -> (Strings) [safepoint] "the program's arguments";
            os_env(Str) -> (StrOrNull) [safepoint env] "the value of an environment variable, or null";
            os_env_names() -> (Strings) [safepoint env] "the names of the environment's variables";

            // Files and folders. A string or null is null where all went well, and otherwise says why it did not.
            fs_read(Str, Bytes) -> (StrOrNull) [safepoint traps files] "appends the file's contents to the array";
            fs_write(Str, Bytes) -> (StrOrNull) [safepoint files] "makes the bytes the file's contents";
            fs_append(Str, Bytes) -> (StrOrNull) [safepoint files] "adds the bytes to the file's end";
            file_open(Str, Int, Words) -> (StrOrNull) [safepoint files] "lets the array stand for the file: 0 to read, 1 to write anew, 2 to write at the end";
            file_read_line(Words) -> (StrOrNull, StrOrNull) [safepoint files] "the next line without its end, or null at the end of the file; null or why it failed";
            file_read(Words, Bytes, Int) -> (StrOrNull) [safepoint files] "appends up to so many bytes, or all that are left where the count is negative";
            file_write(Words, Bytes) -> (StrOrNull) [safepoint files] "writes the bytes";
            file_write_str(Words, Str) -> (StrOrNull) [safepoint files] "writes the text";
            file_flush(Words) -> (StrOrNull) [safepoint files] "hands what was written to the system";
            file_close(Words) -> (StrOrNull) [safepoint files] "closes the file, which the array no longer stands for";
            fs_kind(Str) -> (Int) [files] "0 where there is nothing, 1 a file, 2 a folder, 3 something else";
            fs_size(Str) -> (Int) [files] "the file's bytes, or -1";
            fs_modified(Str) -> (Float) [files] "when it was last written, in seconds since 1970 began, or NaN";
            fs_list(Str, Strings) -> (StrOrNull) [safepoint files] "appends the names of what the folder holds, sorted";
            fs_create_dir(Str) -> (StrOrNull) [safepoint files] "makes the folder, and those that it lies in";
            fs_remove(Str) -> (StrOrNull) [safepoint files] "removes the file";
            fs_remove_dir(Str) -> (StrOrNull) [safepoint files] "removes the folder, which must be empty";
            fs_rename(Str, Str) -> (StrOrNull) [safepoint files] "gives what the first path names the second one";
            fs_copy(Str, Str) -> (StrOrNull) [safepoint files] "copies the first file to the second";
            fs_current_dir() -> (StrOrNull) [safepoint files] "the folder that paths begin at, or null";
            fs_temp_dir() -> (Str) [safepoint files] "the folder for files of the moment";

            // Memory as C has it. Kinds are the numbers of scalars of C.
            c_get_int(Bytes, Int, Int) -> (Int) [traps] "the int of a kind that lies at a place";
            c_get_float(Bytes, Int, Int) -> (Float) [traps] "the float of a kind that lies at a place";
            c_set_int(Bytes, Int, Int, Int) -> () [traps] "puts an int of a kind at a place";
            c_set_float(Bytes, Int, Int, Float) -> () [traps] "puts a float of a kind at a place";
            c_copy(Bytes, Int, Bytes, Int, Int) -> () [traps] "copies to the place in the first from the place in the second so many bytes";
            c_get_array(Array, Bytes, Int) -> () [traps] "fills the array of scalars with the bytes from the place on";
            c_set_array(Array, Bytes, Int, Int) -> () [traps] "copies the scalars, as many as said, to the place";
            c_errno() -> (Int) [] "`errno` as the last call of C left it";
            ptr_get_int(Int, Int) -> (Int) [traps memory] "the int of a kind at an address";
            ptr_get_float(Int, Int) -> (Float) [traps memory] "the float of a kind at an address";
            ptr_set_int(Int, Int, Int) -> () [traps memory] "puts an int of a kind at an address";
            ptr_set_float(Int, Int, Float) -> () [traps memory] "puts a float of a kind at an address";
            ptr_get_text(Int) -> (Str) [safepoint traps memory] "the text at an address, up to a NUL, bad UTF-8 replaced";

            // Other programs.
            process_run(Str, Strings, Strings, Str, Bytes, Bytes, Bytes) -> (Int, StrOrNull) [safepoint traps process] "runs a program with arguments, additions `NAME=value` to the environment, a folder (empty: the present one) and input to its end; appends its output and its errors to the last two; its status, and null or why it did not run";
            process_status(Str, Strings, Strings, Str) -> (Int, StrOrNull) [safepoint traps process] "as process_run, on this program's own input and output";
            process_id() -> (Int) [process] "this process's number";
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
        NativeType::Chars | NativeType::Words => is_array_of(crate::Storage::Narrow(crate::Width::U32)),
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

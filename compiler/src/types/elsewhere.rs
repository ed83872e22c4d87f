//! Names that other languages have, and what stands for them here.

/// The names of other languages for what has another one here.
const NAMES: &[(&str, &str)] = &[
    ("println", "print"),
    ("puts", "print"),
    ("echo", "print"),
    ("eprintln", "eprint"),
    ("NaN", "float.NAN"),
    ("Infinity", "float.INF"),
    ("INT_MAX", "int.MAX"),
    ("INT_MIN", "int.MIN"),
    ("parseInt", "int.parse"),
    ("atoi", "int.parse"),
    ("parseFloat", "float.parse"),
    ("atof", "float.parse"),
];

/// What other languages print a line with, after the name of an object.
pub(super) const PRINTERS: &[(&str, &str)] = &[
    ("console.log", "print"),
    ("console.error", "eprint"),
    ("System.out.println", "print"),
    ("System.err.println", "eprint"),
    ("fmt.Println", "print"),
    ("Console.WriteLine", "print"),
];

/// What to write instead of a function or object of another language's library.
const VALUES: &[(&str, &str)] = &[
    ("printf", "`print(\"${x:.2}\")` prints with a format"),
    ("console", "`print(x)` prints a line"),
    ("fmt", "`print(x)` prints a line"),
    ("cout", "`print(x)` prints a line"),
    ("std", "`print(x)` prints a line; modules are imported: `import math`"),
    ("System", "`print(x)` prints a line"),
    ("sys", "`exit(1)` ends the program; `import os` has `os.args()` and `os.env(name)`"),
    ("process", "`exit(1)` ends the program; `import os` has `os.args()` and `os.env(name)`"),
    ("input", "`io.read_line()` reads a line, after `import io`"),
    ("readline", "`io.read_line()` reads a line, after `import io`"),
    ("gets", "`io.read_line()` reads a line, after `import io`"),
    ("scanf", "`io.read_line()` reads a line, after `import io`"),
    ("open", "`fs.read_text(path)` reads a file, after `import fs`"),
    ("rand", "`import random` has a generator: `random.seeded(1)`"),
    ("malloc", "memory is given back by itself"),
    ("free", "memory is given back by itself"),
    ("sizeof", "`x.len()` is how many elements there are"),
    ("range", "`0..n` counts from 0 to below `n`"),
    ("len", "`x.len()` is the length"),
    ("size", "`x.len()` is the length"),
    ("strlen", "`x.len()` is the length"),
    ("String", "the type of text is `str`; `str(x)` gives the text of a value"),
    ("string", "the type of text is `str`; `str(x)` gives the text of a value"),
    ("List", "`[]` is an empty array, `[1, 2]` one of two elements"),
    ("Vec", "`[]` is an empty array, `[1, 2]` one of two elements"),
    ("list", "`[]` is an empty array, `[1, 2]` one of two elements"),
    ("dict", "`[:]` is an empty map, `[\"a\": 1]` one of one entry"),
    ("HashMap", "`[:]` is an empty map, `[\"a\": 1]` one of one entry"),
    ("Exception", "`Error(\"why\")` is an error; a function that can fail gives `Err(…)`"),
    ("isinstance", "`match` tells the variants of an enum apart"),
    ("typeof", "`type_name(x)` is the name of a type"),
    ("this", "the value that a method belongs to is `self`"),
    ("Math", "`import math` at the top of the file, then `math.sqrt(x)`"),
];

/// The types of other languages.
const TYPES: &[(&str, &str)] = &[
    ("String", "str"),
    ("string", "str"),
    ("integer", "int"),
    ("Integer", "int"),
    ("Int", "int"),
    ("long", "int"),
    ("Number", "float"),
    ("double", "float"),
    ("Double", "float"),
    ("Float", "float"),
    ("boolean", "bool"),
    ("Boolean", "bool"),
    ("Bool", "bool"),
    ("Char", "char"),
    ("List", "Array"),
    ("Vec", "Array"),
    ("ArrayList", "Array"),
    ("HashMap", "Map"),
    ("Dict", "Map"),
    ("Optional", "Option"),
    ("Maybe", "Option"),
];

/// Methods of other languages.
const METHODS: &[(&str, &str)] = &[
    ("length", "len"),
    ("size", "len"),
    ("count", "len"),
    ("len", "count"),
    ("isEmpty", "is_empty"),
    ("empty", "is_empty"),
    ("push_str", "push"),
    ("pushBack", "push"),
    ("pop_back", "pop"),
    ("charAt", "char_at"),
    ("indexOf", "index_of"),
    ("index", "index_of"),
    ("find_index", "index_of"),
    ("position", "index_of"),
    ("hasKey", "contains_key"),
    ("has_key", "contains_key"),
    ("containsKey", "contains_key"),
    ("items", "entries"),
    ("iterator", "iter"),
    ("unwrapOr", "unwrap_or"),
    ("get_or_else", "unwrap_or_else"),
    ("trimStart", "trim_start"),
    ("trimEnd", "trim_end"),
    ("lstrip", "trim_start"),
    ("rstrip", "trim_end"),
    ("padStart", "pad_start"),
    ("padEnd", "pad_end"),
    ("replaceAll", "replace"),
    ("concatenate", "concat"),
    ("extend_from_slice", "extend"),
    ("addAll", "extend"),
    ("every", "all"),
    ("some", "any"),
    ("flatMap", "flat_map"),
    ("to_vec", "collect"),
    ("toList", "collect"),
    ("append", "push"),
    ("add", "push"),
    ("push_back", "push"),
    ("to_string", "show"),
    ("toString", "show"),
    ("to_str", "show"),
    ("includes", "contains"),
    ("has", "contains_key"),
    ("forEach", "each"),
    ("for_each", "each"),
    ("reduce", "fold"),
    ("strip", "trim"),
    ("upper", "to_upper"),
    ("lower", "to_lower"),
    ("toUpperCase", "to_upper"),
    ("toLowerCase", "to_lower"),
    ("startswith", "starts_with"),
    ("endswith", "ends_with"),
];

/// Functions that other languages' modules have; the module here may lack it.
const MEMBERS: &[(&str, &str)] = &[
    ("basename", "file_name"),
    ("dirname", "parent"),
    ("ext", "extension"),
    ("extname", "extension"),
    ("suffix", "extension"),
    ("resolve", "absolute"),
    ("abspath", "absolute"),
    ("normpath", "normalize"),
    ("clean", "normalize"),
    ("isabs", "is_absolute"),
    ("stringify", "encode"),
    ("dumps", "encode"),
    ("marshal", "encode"),
    ("loads", "parse"),
    ("unmarshal", "decode"),
    ("read", "parse"),
    ("reader", "rows"),
    ("DictReader", "parse_records"),
    ("write", "format"),
    ("writer", "format"),
    ("popcount", "count_ones"),
    ("clz", "leading_zeros"),
    ("ctz", "trailing_zeros"),
    ("rotl", "rotate_left"),
    ("rotr", "rotate_right"),
    ("bswap", "swap_bytes"),
    ("exec", "run"),
    ("system", "call"),
    ("check_output", "read"),
    ("pid", "id"),
    ("fnv1a", "fnv"),
    ("hexlify", "to_hex"),
    ("b64encode", "encode"),
    ("b64decode", "decode"),
    ("must_compile", "of"),
    ("quote", "escape"),
    ("assert_eq", "equal"),
    ("assertEqual", "equal"),
    ("eq", "equal"),
];

fn find(table: &[(&str, &'static str)], name: &str) -> Option<&'static str> {
    table.iter().find(|(there, _)| *there == name).map(|(_, here)| *here)
}

/// The name that something has here.
pub(super) fn value_name(name: &str) -> Option<&'static str> {
    find(NAMES, name)
}

/// Advice for a method that no type has.
pub(super) fn method_advice(name: &str) -> Option<&'static str> {
    match name {
        "collect" => Some("what is not lazy gives an array at once: leave `.collect()` out"),
        "rev" => Some("`xs.reverse()` turns an array around in place; ranges have `rev()`"),
        "format" => Some("a string holds values: `\"${name}: ${x:.2}\"`"),
        "clone" | "to_owned" => {
            Some("a value needs no copy to be used again; `copy()` makes one of an array or map")
        }
        _ => None,
    }
}

/// Advice for a value that is not known here.
pub(super) fn value(name: &str) -> Option<&'static str> {
    find(VALUES, name)
}

/// The type that is called otherwise elsewhere.
pub(super) fn type_name(name: &str) -> Option<&'static str> {
    find(TYPES, name)
}

/// The method that is called otherwise elsewhere; a type may lack it.
pub(super) fn method(name: &str) -> Option<&'static str> {
    find(METHODS, name)
}

/// The method that a misspelt name of another language's stands for.
pub(super) fn similar_method(name: &str) -> Option<&'static str> {
    method(crate::diagnostics::similar(name, METHODS.iter().map(|(there, _)| *there))?)
}

/// The function of a module that is called otherwise elsewhere; the module may lack it.
pub(super) fn member(name: &str) -> Option<&'static str> {
    find(MEMBERS, name)
}

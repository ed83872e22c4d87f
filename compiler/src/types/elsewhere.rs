//! Names that other languages have, and what stands for them here.

/// What to write instead of a function or object of another language's library.
const VALUES: &[(&str, &str)] = &[
    ("println", "`print(x)` prints a line"),
    ("printf", "`print(\"${x:.2}\")` prints with a format"),
    ("puts", "`print(x)` prints a line"),
    ("echo", "`print(x)` prints a line"),
    ("console", "`print(x)` prints a line"),
    ("fmt", "`print(x)` prints a line"),
    ("cout", "`print(x)` prints a line"),
    ("std", "`print(x)` prints a line; modules are imported: `import math`"),
    ("System", "`print(x)` prints a line"),
    ("input", "`io.read_line()` reads a line, after `import io`"),
    ("range", "`0..n` counts from 0 to below `n`"),
    ("len", "`x.len()` is the length"),
    ("size", "`x.len()` is the length"),
    ("String", "the type of text is `str`; `str(x)` gives the text of a value"),
    ("string", "the type of text is `str`; `str(x)` gives the text of a value"),
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

fn find(table: &[(&str, &'static str)], name: &str) -> Option<&'static str> {
    table.iter().find(|(there, _)| *there == name).map(|(_, here)| *here)
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

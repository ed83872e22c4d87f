//! Interned names: a name is a number, and equal texts have equal numbers.

use std::hash::Hasher;

use rustc_hash::FxHasher;

use crate::source::Span;

/// An interned text: an identifier, or the value of a string.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(u32);

impl Name {
    /// Its number: dense from zero, so that a vector can be indexed by it.
    pub const fn index(self) -> u32 {
        self.0
    }
}

impl std::fmt::Debug for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Name({})", self.0)
    }
}

/// A name at a place in the source.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Ident {
    /// The text.
    pub name: Name,
    /// Where it stands.
    pub span: Span,
}

/// Declares the names that have fixed numbers: the keywords first (the lexer relies on their order).
macro_rules! known_names {
    ($($(#[$doc:meta])* $id:ident = $text:literal,)*) => {
        /// Names that every table of names holds from the start, as constants to compare with.
        #[allow(missing_docs, reason = "each constant is the name it spells")]
        pub mod known {
            use super::Name;
            #[allow(non_camel_case_types, clippy::upper_case_acronyms, reason = "spelled as the constants are")]
            enum Index { $($id,)* }
            $($(#[$doc])* pub const $id: Name = Name(Index::$id as u32);)*
            /// How many known names there are; they have the first numbers.
            pub const COUNT: u32 = super::KNOWN.len() as u32;

            /// Whether a name is that of a built-in type, which begins with a small letter.
            pub fn is_builtin_type(name: Name) -> bool {
                (INT.0..=CSTR.0).contains(&name.0)
            }
        }
        const KNOWN: &[&str] = &[$($text,)*];
    };
}

known_names! {
    // Keywords, in the order of `lexer::KEYWORDS`.
    AND = "and",
    BREAK = "break",
    CONST = "const",
    CONTINUE = "continue",
    DEFER = "defer",
    ELSE = "else",
    ENUM = "enum",
    EXTERN = "extern",
    FALSE = "false",
    FN = "fn",
    FOR = "for",
    IF = "if",
    IMPL = "impl",
    IMPORT = "import",
    IN = "in",
    LET = "let",
    LOOP = "loop",
    MATCH = "match",
    NOT = "not",
    OR = "or",
    PUB = "pub",
    RETURN = "return",
    STRUCT = "struct",
    TRAIT = "trait",
    TRUE = "true",
    TYPE = "type",
    VAR = "var",
    WHILE = "while",
    AS = "as",
    SPAWN = "spawn",
    ASYNC = "async",
    AWAIT = "await",
    YIELD = "yield",
    // Names with a meaning of their own; not keywords to the lexer.
    UNDERSCORE = "_",
    SELF = "self",
    SELF_TYPE = "Self",
    TEST = "test",
    WEAK = "weak",
    MAIN = "main",
    EMPTY = "",
    NONE = "None",
    // Words of other languages, which the lexer looks out for: from FUNCTION to FALSE_CAPITAL.
    FUNCTION = "function",
    DEF = "def",
    FUNC = "func",
    FUN = "fun",
    CLASS = "class",
    RECORD = "record",
    INTERFACE = "interface",
    PROTOCOL = "protocol",
    USE = "use",
    USING = "using",
    INCLUDE = "include",
    REQUIRE = "require",
    VAL = "val",
    AUTO = "auto",
    PUBLIC = "public",
    EXPORT = "export",
    PRIVATE = "private",
    STATIC = "static",
    FINAL = "final",
    ABSTRACT = "abstract",
    OVERRIDE = "override",
    TYPEDEF = "typedef",
    TYPEALIAS = "typealias",
    ELIF = "elif",
    ELSIF = "elsif",
    ELSEIF = "elseif",
    NULL = "null",
    NIL = "nil",
    UNDEFINED = "undefined",
    NULLPTR = "nullptr",
    MUT = "mut",
    NEW = "new",
    THROW = "throw",
    RAISE = "raise",
    TRY = "try",
    CATCH = "catch",
    CASE = "case",
    LAMBDA = "lambda",
    UNLESS = "unless",
    UNTIL = "until",
    SWITCH = "switch",
    WHEN = "when",
    FOREACH = "foreach",
    DO = "do",
    THEN = "then",
    IS = "is",
    PASS = "pass",
    TRUE_CAPITAL = "True",
    FALSE_CAPITAL = "False",
    // The built-in types, whose names are small: from INT to CSTR.
    INT = "int",
    FLOAT = "float",
    BOOL = "bool",
    CHAR = "char",
    STR = "str",
    U8 = "u8",
    U16 = "u16",
    U32 = "u32",
    U64 = "u64",
    I8 = "i8",
    I16 = "i16",
    I32 = "i32",
    I64 = "i64",
    F32 = "f32",
    F64 = "f64",
    USIZE = "usize",
    ISIZE = "isize",
    PTR = "ptr",
    CSTR = "cstr",
}

/// The table of names of one compilation.
///
/// All texts lie in one buffer; the index is an open-addressed table of numbers, so a name costs no
/// allocation of its own.
pub struct Names {
    buffer: String,
    /// End of each text in `buffer`; it begins where the one before ends.
    ends: Vec<u32>,
    /// Number + 1 of the name in each slot, 0 for an empty one; the length is a power of two.
    slots: Vec<u32>,
}

impl Default for Names {
    fn default() -> Names {
        Names::new()
    }
}

impl Names {
    /// A table that holds the [`known`] names.
    pub fn new() -> Names {
        let mut names = Names { buffer: String::new(), ends: Vec::new(), slots: vec![0; 1024] };
        for text in KNOWN {
            names.intern(text);
        }
        names
    }

    /// The name of a text.
    pub fn intern(&mut self, text: &str) -> Name {
        if self.ends.len() * 2 >= self.slots.len() {
            self.grow();
        }
        let mask = self.slots.len() - 1;
        let mut slot = hash(text) & mask;
        loop {
            match self.slots[slot] {
                0 => break,
                n if self.text(Name(n - 1)) == text => return Name(n - 1),
                _ => slot = (slot + 1) & mask,
            }
        }
        self.buffer.push_str(text);
        self.ends.push(self.buffer.len() as u32);
        self.slots[slot] = self.ends.len() as u32;
        Name(self.ends.len() as u32 - 1)
    }

    /// The text of a name.
    pub fn text(&self, name: Name) -> &str {
        let i = name.0 as usize;
        let start = if i == 0 { 0 } else { self.ends[i - 1] as usize };
        &self.buffer[start..self.ends[i] as usize]
    }

    /// The text of a known name by its number.
    #[cfg(test)]
    pub(crate) fn known_text(&self, index: usize) -> &str {
        self.text(Name(index as u32))
    }

    /// How many names there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no name; never so, because of the known ones.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    fn grow(&mut self) {
        let mask = self.slots.len() * 2 - 1;
        let mut slots = vec![0; mask + 1];
        for i in 0..self.ends.len() as u32 {
            let mut slot = hash(self.text(Name(i))) & mask;
            while slots[slot] != 0 {
                slot = (slot + 1) & mask;
            }
            slots[slot] = i + 1;
        }
        self.slots = slots;
    }
}

fn hash(text: &str) -> usize {
    let mut hasher = FxHasher::default();
    hasher.write(text.as_bytes());
    hasher.finish() as usize
}

#[cfg(test)]
mod tests {
    use super::{Names, known};

    #[test]
    fn equal_texts_have_equal_names() {
        let mut names = Names::new();
        let made: Vec<_> = (0..5000).map(|i| names.intern(&format!("name{i}"))).collect();
        for (i, &name) in made.iter().enumerate() {
            assert_eq!(names.text(name), format!("name{i}"));
            assert_eq!(names.intern(&format!("name{i}")), name);
        }
        assert_eq!(names.intern("main"), known::MAIN);
        assert_eq!(names.text(known::AWAIT), "await");
    }
}

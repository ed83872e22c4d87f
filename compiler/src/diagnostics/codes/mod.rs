//! The table of codes: every error and warning of the compiler, declared once.
//!
//! A row has the code, the name that the phases use, a title, an explanation, and two small programs:
//! a wrong one that gives exactly this code, and one that shows how to write it. `langc explain`
//! prints them, and a test compiles them all. The first two digits are the area, a file each:
//! `00` files, `01` lexical, `02` syntax, `03` names, `04` types, `05` patterns, `06` traits and
//! generics, `07` constants and literals, `08` C functions, `09` limits and bytecode; `W` codes are warnings.
//!
//! To add one, add a row to its area's file. Codes are never reused.

use std::fmt;
use std::hash::{Hash, Hasher};

use super::Level;

mod constants;
mod externs;
mod files;
mod lexical;
mod limits;
mod names;
mod patterns;
mod syntax;
mod traits;
mod types;
mod warnings;

pub use constants::*;
pub use externs::*;
pub use files::*;
pub use lexical::*;
pub use limits::*;
pub use names::*;
pub use patterns::*;
pub use syntax::*;
pub use traits::*;
pub use types::*;
pub use warnings::*;

/// What the table says of a code.
#[derive(Debug)]
pub struct Info {
    /// `E0401`.
    pub number: &'static str,
    /// What is wrong, as a phrase.
    pub title: &'static str,
    /// Why it is wrong and what to do, in a few sentences.
    pub explanation: &'static str,
    /// A program that gives this code; empty where none can (a missing file).
    pub wrong: &'static str,
    /// The same program without the error; empty where none can be.
    pub right: &'static str,
}

/// A row of the table.
#[derive(Clone, Copy)]
pub struct Code(&'static Info);

impl Code {
    /// What is printed: `E0401`.
    pub fn number(self) -> &'static str {
        self.0.number
    }

    /// The whole row.
    pub fn info(self) -> &'static Info {
        self.0
    }

    /// Error or warning, by the code's first letter.
    pub fn level(self) -> Level {
        if self.0.number.starts_with('W') { Level::Warning } else { Level::Error }
    }

    /// The code with this number; letters may be small.
    pub fn find(number: &str) -> Option<Code> {
        Code::all().find(|code| code.number().eq_ignore_ascii_case(number))
    }

    /// All codes, sorted by area.
    pub fn all() -> impl Iterator<Item = Code> {
        const AREAS: [&[Code]; 11] =
            [FILES, LEXICAL, SYNTAX, NAMES, TYPES, PATTERNS, TRAITS, CONSTANTS, EXTERNS, LIMITS, WARNINGS];
        AREAS.into_iter().flatten().copied()
    }
}

impl PartialEq for Code {
    fn eq(&self, other: &Code) -> bool {
        self.number() == other.number()
    }
}

impl Eq for Code {}

impl Hash for Code {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.number().hash(state);
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.number())
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.number())
    }
}

/// Declares the codes of an area, and a table that lists them.
macro_rules! codes {
    ($table:ident: $($number:ident $name:ident $title:literal $explanation:literal wrong $wrong:literal right $right:literal;)*) => {
        $(
            #[doc = concat!(stringify!($number), ": ", $title, ".")]
            pub const $name: $crate::diagnostics::Code = super::Code(&super::Info {
                number: stringify!($number),
                title: $title,
                explanation: $explanation,
                wrong: $wrong,
                right: $right,
            });
        )*

        /// The codes of this area.
        pub(super) const $table: &[$crate::diagnostics::Code] = &[$($name),*];
    };
}
use codes;

#[cfg(test)]
mod tests {
    use super::Code;

    #[test]
    fn numbers_are_unique_and_sorted_within_their_area() {
        let numbers: Vec<&str> = Code::all().map(Code::number).collect();
        assert!(numbers.is_sorted_by(|a, b| a < b), "{numbers:?}");
        for number in numbers {
            assert!(number.len() == 5 && number[1..].bytes().all(|b| b.is_ascii_digit()), "{number}");
        }
    }

    #[test]
    fn a_wrong_example_comes_with_a_right_one() {
        for code in Code::all() {
            let info = code.info();
            assert_eq!(info.wrong.is_empty(), info.right.is_empty(), "{code}");
            assert!(!info.title.is_empty() && !info.title.ends_with('.'), "{code}");
            assert!(info.explanation.ends_with('.'), "{code}");
        }
    }
}

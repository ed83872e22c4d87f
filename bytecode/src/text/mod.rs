//! The text form of a module: for people, and for tests that compare it.
//!
//! References to table entries are a sigil and the index, with a name before it for the reader that means nothing:
//! `Point#2` is type 2, `main@0` function 0, `total$1` global 1, `str_find!0` native 0, `show^0` method 0.
//! Constants and strings stand in the instructions. A place in the source stands after its instruction, `@line:column+length`,
//! with `source/` before it where that changes and `^scope` after it where an inlined call begins or ends.
//! `;` and `//` begin comments. The texts of sources come last, a line each, after their number: `.text 0 "fn main() {\n"`.
//!
//! By hand much of this may be left out: `docs/bytecode.md` says what.

mod assemble;
mod foreign;
mod function;
mod names;
mod parts;
mod tables;

#[cfg(test)]
mod tests;

pub use assemble::{AssembleError, assemble, assemble_file};

pub use parts::InstructionTexts;
pub(crate) use parts::Parts;

use crate::Module;
use names::Quoted;
use tables::Named;

/// The text form of a module. Any module has one, also such that the verifier refuses.
pub fn disassemble(module: &Module) -> String {
    let mut out = String::new();
    let named = Named::new(module);
    tables::write_tables(&mut out, module, &named);
    let source_lines: Vec<Vec<&str>> =
        (module.sources.iter().map(|source| source.text.iter().flat_map(|text| text.lines()).collect()))
            .collect();
    for index in 0..module.functions.len() {
        out.push('\n');
        function::write_function(&mut out, module, index, &named, &source_lines);
    }
    tables::write_texts(&mut out, module);
    out
}

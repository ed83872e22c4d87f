//! The verifier: proves that a module is safe to run, whoever made it.
//!
//! What it proves, and engines rely on without checking: every word is an instruction; jumps land on instructions; no path runs off
//! the end of a function; operands name registers, out slots, fields and table entries that exist; values have the types that
//! their places declare; a `ref` register is written on every path before it is read; calls, objects and returns find their
//! arguments in the out slots; the tables of types, natives, methods and lines agree with each other.
//!
//! Values of ints are not checked: whatever writes a narrow field cuts them, and natives check the ones they get.
//!
//! The work is linear in the size of the module but for the flow analysis of functions with very many `ref` registers that
//! live across blocks: it takes one pass over the blocks between their writes and their reads for each 64 of them.

mod assigned;
mod code;
mod declarations;
mod error;
mod foreign;
mod plain;
mod rules;
mod types;
mod value;

#[cfg(test)]
mod assigned_tests;
#[cfg(test)]
mod tests;

pub use error::VerifyError;

use crate::{FuncId, Module};
use std::ops::Deref;

/// The most parameters, in words, that a function may have.
pub const MAX_PARAMS: usize = 1024;
/// The most results, in words, that a function may have.
pub const MAX_RESULTS: usize = 255;
/// The most registers that a function may have; an operand beyond them is an out slot.
pub const MAX_REGISTERS: usize = 65_535;
/// The most fields that an object may have.
pub const MAX_FIELDS: usize = 65_535;

/// A module that is safe to run: all that the runtime accepts. Made by [`verify`] alone.
#[derive(Clone, PartialEq, Debug)]
pub struct VerifiedModule {
    module: Module,
    /// How many out slots each function uses.
    out_slots: Vec<u32>,
}

impl VerifiedModule {
    /// How many out slots the function uses: its own and those of its calls' arguments and results.
    ///
    /// # Panics
    /// Where the module has no such function.
    pub fn out_slots(&self, function: FuncId) -> usize {
        self.out_slots[function.0 as usize] as usize
    }

    /// The module, to be changed and verified again.
    pub fn into_inner(self) -> Module {
        self.module
    }
}

impl Deref for VerifiedModule {
    type Target = Module;

    fn deref(&self) -> &Module {
        &self.module
    }
}

/// Proves that the module is safe to run.
///
/// # Errors
/// The first thing found that is not so.
pub fn verify(module: Module) -> Result<VerifiedModule, VerifyError> {
    let out_slots = check(&module)?;
    Ok(VerifiedModule { module, out_slots })
}

/// Checks everything and gives the number of out slots of each function.
fn check(module: &Module) -> Result<Vec<u32>, VerifyError> {
    declarations::check_functions(module)?;
    let types = types::Types::check(module)?;
    declarations::check_tables(module)?;
    foreign::check_foreign(module)?;
    let mut checker = code::Checker::new(&types);
    (0..module.functions.len()).map(|index| checker.check_function(index).map_err(|fault| *fault)).collect()
}

//! The one door of translation: from a function of a program to CLIF, and the places that its code stands for.

use cranelift_codegen::ir;
use cranelift_codegen::isa::TargetIsa;

use super::ir::Site;
use super::program::Program;
use super::{build, lower, passes};

/// What is to be translated, and how.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Request {
    /// The function.
    pub(crate) function: u32,
    /// The loop to translate instead of all of it, with the registers in an interpreter's frame.
    pub(crate) osr: Option<Region>,
    /// Whether back-edges and calls are charged.
    pub(crate) poll: bool,
    /// Whether calls may be inlined.
    pub(crate) inline: bool,
}

/// A loop in stored code.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Region {
    /// The word that it is entered at.
    pub(crate) entry: u32,
    /// Its first word.
    pub(crate) first: u32,
    /// Its last back-edge.
    pub(crate) last: u32,
}

/// A translated function.
#[derive(Debug)]
pub(crate) struct Translated {
    /// Its code. `SourceLoc` n + 1 stands for the n-th site.
    pub(crate) clif: ir::Function,
    /// The places of traps and calls.
    pub(crate) sites: Vec<Site>,
    /// The words that a loop's code goes on at when it is left, in the order of the numbers that it gives for them.
    pub(crate) exits: Vec<u32>,
    /// What the passes did.
    pub(crate) stats: passes::Stats,
}

/// Trap codes of compiled code.
pub(crate) mod traps {
    /// The instruction at the site and the values in the context explain it.
    pub(crate) const EXPLAINED: u8 = 1;
    /// The machine has noted what happened.
    pub(crate) const SAID: u8 = 2;
    /// The program ended itself; its status is in the context.
    pub(crate) const HALT: u8 = 3;
    /// There is no memory.
    pub(crate) const OUT_OF_MEMORY: u8 = 4;
    /// The first value is the failure that a native gave.
    pub(crate) const FAILED: u8 = 5;
}

/// Functions of more words than this stay interpreted: analyses of registers and blocks take time and memory that grow with both.
pub(crate) const MAX_WORDS: usize = 1 << 15;

/// Translates a function; none where it is too large.
pub(crate) fn translate(program: &Program, request: &Request, isa: &dyn TargetIsa) -> Option<Translated> {
    let code = &program.module.functions[request.function as usize].code;
    if code.len() > MAX_WORDS {
        return None;
    }
    let mut func = build::build(program, request);
    let stats = passes::run(&mut func);
    let clif = lower::lower(program, &func, isa);
    Some(Translated { clif, sites: func.sites, exits: func.exits, stats })
}

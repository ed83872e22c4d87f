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
    /// The word of a loop's header to begin at, with the registers in an interpreter's frame.
    pub(crate) osr: Option<u32>,
    /// Whether back-edges and calls are charged.
    pub(crate) poll: bool,
    /// Whether calls may be inlined.
    pub(crate) inline: bool,
}

/// A translated function.
#[derive(Debug)]
pub(crate) struct Translated {
    /// Its code. `SourceLoc` n + 1 stands for the n-th site.
    pub(crate) clif: ir::Function,
    /// The places of traps and calls.
    pub(crate) sites: Vec<Site>,
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
    Some(Translated { clif, sites: func.sites, stats })
}

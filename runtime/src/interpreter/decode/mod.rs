//! Decoding: from a function's stored code to the words that handlers run on, once, at its first call.
//!
//! Listing → liveness → nodes (fusing) → which results need no store → handlers. Every step is linear in the code.

mod accs;
mod clears;
mod form;
mod fuse;
mod fused;
mod listing;
mod liveness;
mod plain;
mod select;
mod traced;

use lang_bytecode::{FuncId, Module};

use self::clears::Slots;
use self::form::{Form, Node, Result};
use self::listing::Listing;
use self::liveness::Fate;
use self::select::Select;
use self::traced::{Traced, traced};
use super::abi::Word;
use super::handlers::{memory, trace};
use crate::heap::{Heap, Layouts};
use crate::trace::Site;
use crate::vm::Tables;

/// How far ahead of a result its last use may lie for it to be left in the accumulator.
const REACH: usize = 8;

/// A function in the form that runs.
pub(crate) struct Decoded {
    pub(crate) words: Box<[Word]>,
    /// The stored word that each word came from.
    pub(crate) origin: Box<[u32]>,
    /// The slots that hold references, for the collector.
    pub(crate) references: Box<[u16]>,
    /// Where blocks begin, in order.
    #[cfg_attr(
        not(feature = "jit"),
        allow(dead_code, reason = "only the code of loops goes on in the middle")
    )]
    pub(crate) landings: Box<[Landing]>,
    /// What a trace says at the words that tell it where the program is.
    pub(crate) sites: Box<[Site]>,
}

/// The beginning of a block, where the interpreter can go on with what lies in the frame.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(not(feature = "jit"), allow(dead_code, reason = "as above"))]
pub(crate) struct Landing {
    /// The stored word.
    pub(crate) word: u32,
    /// The decoded word.
    pub(crate) at: u32,
    /// The slots whose values the accumulators must hold.
    pub(crate) int: u16,
    pub(crate) float: u16,
}

#[cfg(feature = "jit")]
impl Decoded {
    /// The block that begins at a stored word.
    pub(crate) fn landing(&self, word: u32) -> Option<Landing> {
        let place = self.landings.binary_search_by_key(&word, |landing| landing.word).ok()?;
        Some(self.landings[place])
    }
}

/// What decoding finds or makes things in.
pub(crate) struct Context<'a> {
    pub(crate) heap: &'a mut Heap,
    pub(crate) tables: &'a mut Tables,
}

/// Decodes a function.
pub(crate) fn decode(module: &Module, layouts: &Layouts, id: FuncId, context: &mut Context<'_>) -> Decoded {
    let listing = Listing::new(module, layouts, id);
    let exposed = liveness::exposed(&listing);
    let fates = liveness::fates(&listing, &exposed);
    let traced = context.tables.trace.as_ref().and_then(|plan| traced(&listing, plan));
    let nodes = match traced {
        // Each instruction by itself, and each result in its slot, where a trace finds it.
        Some(_) => (0..listing.instrs.len()).map(|at| Node { at, len: 1, form: Form::Plain }).collect(),
        None => fuse::nodes(&listing, &fates),
    };
    let keep = |index| traced.is_some() || keeps(&listing, &fates, &nodes[index..]);
    let keep: Vec<bool> = (0..nodes.len()).map(keep).collect();
    let mut stored = vec![false; listing.instrs.len()];
    for (node, keep) in nodes.iter().zip(&keep) {
        stored[node.last()] = *keep && node.form != Form::Nothing;
    }
    mark_moves(&nodes, &mut stored);
    let slots = clears::slots(&listing, &exposed, &stored);
    let entries = accs::entries(&listing, &nodes);
    let mut select = Select::new(&listing, context);
    write_site(&mut select, traced.as_ref().and_then(|traced| traced.enter));
    write_clears(&mut select, &slots);
    for (node, keep) in nodes.iter().zip(&keep) {
        select.begin(node, *keep, entries[node.at]);
        write_site(&mut select, traced.as_ref().and_then(|traced| traced.before[node.at]));
        if !select.fused(node.form) {
            listing.instrs[node.at].accept(&mut select);
        }
        write_site(&mut select, traced.as_ref().and_then(|traced| traced.after[node.at]));
        select.end(node);
    }
    let landings = select.take_landings();
    let (words, mut origin) = select.finish();
    origin.iter_mut().for_each(|index| *index = listing.at[*index as usize]);
    let sites = traced.map_or_else(Vec::new, |Traced { sites, .. }| sites).into_boxed_slice();
    Decoded { words, origin, references: slots.references.into_boxed_slice(), landings, sites }
}

/// Writes the word that tells a trace of a place, if there is one.
fn write_site(select: &mut Select<'_, '_>, site: Option<u32>) {
    if let Some(site) = site {
        let FuncId(function) = select.listing.id;
        select.wide(trace::site, function as u16, (function >> 16) as u16, site);
    }
}

/// Results before the last instruction of a node that are stored all the same.
fn mark_moves(nodes: &[Node], stored: &mut [bool]) {
    for node in nodes {
        match node.form {
            Form::MoveTwo { .. }
            | Form::MoveJump { .. }
            | Form::StepJump { .. }
            | Form::AddJump { .. }
            | Form::ComputeJump { .. }
            | Form::StepThenJump { .. }
            | Form::CallWith { .. } => stored[node.at] = true,
            _ => {}
        }
    }
}

/// Whether the result of the first of these nodes must be stored: not where each use follows closely and takes it from
/// the accumulator.
fn keeps(listing: &Listing<'_>, fates: &[Fate], nodes: &[Node]) -> bool {
    let [node, after @ ..] = nodes else { return true };
    let (Result::In(kind, reg), true) = (node.result(listing), node.can_drop(listing)) else { return true };
    let last = match fates[node.last()] {
        Fate::Unknown => return true,
        Fate::Unused => return false,
        Fate::Uses(_, last) => last as usize,
    };
    for next in after.iter().take(REACH) {
        if reads(listing, next, reg) && !next.takes(listing, reg) {
            return true;
        }
        if last <= next.last() {
            return false;
        }
        match next.result(listing) {
            Result::Disturbed => return true,
            Result::In(other, _) if other == kind => return true,
            Result::In(..) | Result::Nothing => {}
        }
    }
    true
}

/// Whether a node reads a register.
fn reads(listing: &Listing<'_>, node: &Node, reg: lang_bytecode::Reg) -> bool {
    let mut found = false;
    for instr in &listing.instrs[node.at..=node.last()] {
        instr.for_each_register(|role, _, used| found |= role == lang_bytecode::Role::Use && used == reg);
    }
    found
}

/// Clears the slots that need it; runs of them at once.
fn write_clears(select: &mut Select<'_, '_>, slots: &Slots) {
    let single: Vec<u16> = match *slots.clear {
        [] => return,
        [first, .., last] if slots.clear.len() > 8 && (last - first) as usize + 1 == slots.clear.len() => {
            select.op(memory::clear_range, first, last + 1, 0, 0);
            return;
        }
        _ => slots.clear.clone(),
    };
    let mut fours = single.chunks_exact(4);
    for four in fours.by_ref() {
        select.op(memory::clear_four, four[0], four[1], four[2], four[3]);
    }
    for slot in fours.remainder() {
        select.op(memory::clear_one, *slot, 0, 0, 0);
    }
}

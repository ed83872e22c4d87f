//! What the accumulators hold where a run begins: the same register on every way there.
//!
//! A loop's counter is thus taken from the accumulator at the top of the loop's body, and not from the slot that was written a
//! moment ago. Found by passes over the code until nothing changes; few are needed, and more are not made.

use lang_bytecode::{Effects, Instr, Reg};

use super::form::{Form, Node, Result};
use super::listing::{Kind, Listing, kind_of};

/// Passes over the code before nothing is taken for known.
const PASSES: usize = 6;

/// What the accumulators hold.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(super) struct Accs {
    pub(super) int: Option<Reg>,
    pub(super) float: Option<Reg>,
}

impl Accs {
    fn meet(self, other: Accs) -> Accs {
        let both = |a: Option<Reg>, b| a.filter(|_| a == b);
        Accs { int: both(self.int, other.int), float: both(self.float, other.float) }
    }

    /// What they hold behind a node.
    pub(super) fn after(self, node: &Node, listing: &Listing<'_>) -> Accs {
        let mut accs = match node.result(listing) {
            Result::Nothing => self,
            Result::Disturbed => Accs::default(),
            Result::In(kind, reg) => self.with(kind, reg),
        };
        if let Some(first) = listing.results(node.last()).first()
            && let Some(reg) = Reg::out(listing.registers, 0)
        {
            accs = accs.with(kind_of(*first), reg);
        }
        accs
    }

    /// What they hold where a node's jump was taken; `self` behind the node.
    fn taken(self, node: &Node) -> Accs {
        match node.form {
            Form::JumpAndStep { reg, .. } => self.with(Kind::Int, reg),
            Form::MoveJump { .. } => Accs::default(),
            _ => self,
        }
    }

    fn with(mut self, kind: Kind, reg: Reg) -> Accs {
        self.int = self.int.filter(|held| *held != reg);
        self.float = self.float.filter(|held| *held != reg);
        match kind {
            Kind::Int => self.int = Some(reg),
            Kind::Float => self.float = Some(reg),
        }
        self
    }
}

/// What the accumulators hold before each instruction that is jumped to.
pub(super) fn entries(listing: &Listing<'_>, nodes: &[Node]) -> Vec<Accs> {
    let mut known: Vec<Option<Accs>> = vec![None; listing.instrs.len()];
    for _ in 0..PASSES {
        if !pass(listing, nodes, &mut known) {
            return known.into_iter().map(Option::unwrap_or_default).collect();
        }
    }
    vec![Accs::default(); listing.instrs.len()]
}

/// Takes what is known through the code once; whether anything changed.
fn pass(listing: &Listing<'_>, nodes: &[Node], known: &mut [Option<Accs>]) -> bool {
    let mut changed = false;
    let mut arrive = |known: &mut [Option<Accs>], target: usize, accs: Accs| {
        let met = known[target].map_or(accs, |before| before.meet(accs));
        changed |= known[target] != Some(met);
        known[target] = Some(met);
    };
    let mut here = Some(Accs::default());
    for node in nodes {
        if listing.leader[node.at] {
            if let Some(accs) = here {
                arrive(known, node.at, accs);
            }
            here = known[node.at];
        }
        let Some(before) = here else { continue };
        let after = before.after(node, listing);
        let last = listing.instrs[node.last()];
        if let Instr::Switch { count, .. } = last {
            listing.switch_targets(node.last(), count).for_each(|target| arrive(known, target, after));
        } else if let Some(distance) = last.jump() {
            let target = listing.target(node.last(), distance);
            // A jump that steps goes to behind the addition that it leads to.
            let target = target + usize::from(matches!(node.form, Form::JumpAndStep { .. }));
            arrive(known, target, after.taken(node));
            if matches!(node.form, Form::JumpAndStep { .. }) {
                arrive(known, target - 1, Accs::default());
            }
        }
        here = (!last.opcode().effects().has(Effects::ENDS)).then_some(after);
    }
    changed
}

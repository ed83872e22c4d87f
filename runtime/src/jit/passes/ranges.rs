//! Checks that cannot fail go.
//!
//! Questions of the form "is v at most w + c here?" are followed backwards over definitions, over what conditions and checks that
//! dominate the place say, and around loops, as in Bodík, Gupta and Sarkar, "ABCD: Eliminating Array Bounds Checks on Demand": a
//! question that comes back to itself around a loop holds where it did not get harder on the way.

use std::collections::HashMap;

use super::Stats;
use super::graph::Graph;
use crate::jit::ir::{Binary, Block, Checked, Cond, Function, Op, Type, Unary, Value};
use lang_bytecode::{Storage, Width};

/// The most elements that an array, or bytes that a string can have.
const MOST: i128 = 1 << 47;
/// Steps that one question may take.
const STEPS: u32 = 400;

/// Which side a question is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Side {
    /// v ≤ w + c
    Most,
    /// v ≥ w + c
    Least,
}

/// What is known of a value from some place on: on this side of `other + c`, or of `c` alone.
#[derive(Clone, Copy, Debug)]
struct Fact {
    at: Place,
    side: Side,
    other: Option<Value>,
    c: i128,
}

/// Before the n-th operation of a block.
pub(super) type Place = (Block, usize);

/// What is done with a check that was proved to hold.
enum Needless {
    Bounds,
    Overflow,
    Guard,
}

/// Takes checks away that are proved to hold.
pub(super) fn remove_checks(func: &mut Function, stats: &mut Stats) {
    let mut found: Vec<(Place, Needless)> = Vec::new();
    {
        let mut prover = Prover::new(func);
        for block in prover.blocks() {
            for (index, inst) in func.data(block).insts.iter().enumerate() {
                let at = (block, index);
                match &inst.op {
                    Op::Bounds { index, len } => {
                        stats.bounds += 1;
                        if prover.holds(Side::Least, *index, None, 0, at)
                            && prover.holds(Side::Most, *index, Some(*len), -1, at)
                        {
                            found.push((at, Needless::Bounds));
                        }
                    }
                    Op::Checked { op, lhs, rhs, .. } => {
                        stats.overflows += 1;
                        if prover.fits(*op, *lhs, *rhs, at) {
                            found.push((at, Needless::Overflow));
                        }
                    }
                    Op::Guard { cond, .. } if prover.never(*cond, at) => found.push((at, Needless::Guard)),
                    _ => {}
                }
            }
        }
    }
    for ((block, index), check) in found.into_iter().rev() {
        let insts = &mut func.data_mut(block).insts;
        match check {
            Needless::Bounds => stats.bounds_removed += 1,
            Needless::Overflow => stats.overflows_removed += 1,
            Needless::Guard => {}
        }
        if !matches!(check, Needless::Overflow) {
            insts.remove(index);
            continue;
        }
        if let Op::Checked { op, lhs, rhs, .. } = insts[index].op {
            let op = match op {
                Checked::Add => Binary::Add,
                Checked::Sub => Binary::Sub,
                Checked::Mul => Binary::Mul,
            };
            // It cannot overflow, so that it is still what it was to the prover.
            insts[index].op = Op::Binary(op, lhs, rhs);
        }
    }
}

/// Where a value is defined.
#[derive(Clone, Copy, Debug)]
enum Def {
    None,
    Param(Block, usize),
    Inst(Block, usize),
}

/// Answers questions about the values of a function.
pub(super) struct Prover<'f> {
    func: &'f Function,
    graph: Graph,
    defs: Vec<Def>,
    facts: HashMap<Value, Vec<Fact>>,
    /// The questions about parameters that are open.
    open: Vec<(Side, Value, Option<Value>, i128)>,
    steps: u32,
}

impl<'f> Prover<'f> {
    pub(super) fn new(func: &'f Function) -> Prover<'f> {
        let graph = Graph::new(func);
        let mut defs = vec![Def::None; func.types.len()];
        for block in &graph.order {
            let data = func.data(*block);
            for (place, param) in data.params.iter().enumerate() {
                defs[param.0 as usize] = Def::Param(*block, place);
            }
            for (index, inst) in data.insts.iter().enumerate() {
                inst.results.iter().for_each(|value| defs[value.0 as usize] = Def::Inst(*block, index));
            }
        }
        let mut prover = Prover { func, graph, defs, facts: HashMap::new(), open: Vec::new(), steps: 0 };
        prover.find_facts();
        prover
    }

    /// The blocks that are reached.
    pub(super) fn blocks(&self) -> Vec<Block> {
        self.graph.order.clone()
    }

    /// The operation that defines a value.
    pub(super) fn op(&self, value: Value) -> Option<&'f Op> {
        match self.defs[value.0 as usize] {
            Def::Inst(block, index) => Some(&self.func.data(block).insts[index].op),
            _ => None,
        }
    }

    /// The number that a value is, where it is a constant.
    pub(super) fn constant(&self, value: Value) -> Option<i128> {
        match self.op(value) {
            Some(Op::Const(number)) => Some((*number).into()),
            _ => None,
        }
    }

    /// Notes what checks say from there on, and conditions in the blocks that they alone lead to.
    fn find_facts(&mut self) {
        for block in self.graph.order.clone() {
            let data = self.func.data(block);
            if let [pred] = self.graph.preds[block.0 as usize][..] {
                self.edge_facts(pred, block, (block, 0));
            }
            for (index, inst) in data.insts.iter().enumerate() {
                let at = (block, index + 1);
                match inst.op {
                    Op::Bounds { index, len } => self.note(Cond::ULt, index, len, at),
                    Op::Guard { cond, .. } => {
                        if let Some(Op::Compare(cond, lhs, rhs)) = self.op(cond) {
                            self.note(cond.negated(), *lhs, *rhs, at);
                        }
                    }
                    _ => {}
                }
            }
        }
    }

    /// Notes what the condition of an edge says.
    fn edge_facts(&mut self, from: Block, to: Block, at: Place) {
        if let Some((cond, lhs, rhs)) = self.edge_condition(from, to) {
            self.note(cond, lhs, rhs, at);
        }
    }

    /// The comparison that holds where an edge is taken.
    fn edge_condition(&self, from: Block, to: Block) -> Option<(Cond, Value, Value)> {
        let crate::jit::ir::Term::Branch { cond, then, other } = &self.func.data(from).term else {
            return None;
        };
        if then.to == other.to {
            return None;
        }
        let holds = then.to == to;
        match (self.op(*cond)?, holds) {
            (Op::Compare(cond, lhs, rhs), true) => Some((*cond, *lhs, *rhs)),
            (Op::Compare(cond, lhs, rhs), false) => Some((cond.negated(), *lhs, *rhs)),
            _ => None,
        }
    }

    fn note(&mut self, cond: Cond, lhs: Value, rhs: Value, at: Place) {
        for (value, side, other, c) in relations(cond, lhs, rhs) {
            self.facts.entry(value).or_default().push(Fact { at, side, other: Some(other), c });
        }
        // Below a length without a sign means not negative either.
        if cond == Cond::ULt && self.is_length(rhs) {
            self.facts.entry(lhs).or_default().push(Fact { at, side: Side::Most, other: Some(rhs), c: -1 });
            self.facts.entry(lhs).or_default().push(Fact { at, side: Side::Least, other: None, c: 0 });
        }
    }

    fn is_length(&self, value: Value) -> bool {
        matches!(self.op(value), Some(Op::Len(_))) || self.constant(value).is_some_and(|number| number >= 0)
    }

    /// Whether `value` is on this side of `other + c` at a place.
    pub(super) fn holds(
        &mut self,
        side: Side,
        value: Value,
        other: Option<Value>,
        c: i128,
        at: Place,
    ) -> bool {
        self.steps = 0;
        self.open.clear();
        self.prove(side, value, other, c, at)
    }

    /// Whether a condition on ints cannot hold at a place.
    fn never(&mut self, cond: Value, at: Place) -> bool {
        let (cond, lhs, rhs) = match self.op(cond) {
            Some(Op::Compare(cond, lhs, rhs)) if self.func.ty(*lhs) == Type::Int => (*cond, *lhs, *rhs),
            Some(Op::Binary(Binary::And, lhs, rhs)) => return self.never(*lhs, at) || self.never(*rhs, at),
            _ => return false,
        };
        let mut is = |side, c| self.holds(side, lhs, Some(rhs), c, at);
        match cond {
            Cond::Eq => is(Side::Most, -1) || is(Side::Least, 1),
            Cond::Lt => is(Side::Least, 0),
            Cond::Le => is(Side::Least, 1),
            Cond::Gt => is(Side::Most, 0),
            Cond::Ge => is(Side::Most, -1),
            Cond::UGe => is(Side::Most, -1) && self.holds(Side::Least, lhs, None, 0, at),
            Cond::Ne => self.is_cut_in_vain(lhs, rhs, at),
            Cond::ULt => false,
        }
    }

    /// Whether `cut` is `value`, cut to a width that it fits.
    fn is_cut_in_vain(&mut self, cut: Value, value: Value, at: Place) -> bool {
        let Some(Op::Unary(Unary::Wrap(width), whole)) = self.op(cut) else { return false };
        let (least, most) = width_range(*width);
        *whole == value && self.within(value, least, most, at)
    }

    /// Whether arithmetic at a place cannot overflow.
    fn fits(&mut self, op: Checked, lhs: Value, rhs: Value, at: Place) -> bool {
        let (least, most) = (i128::from(i64::MIN), i128::from(i64::MAX));
        match (op, self.constant(lhs), self.constant(rhs)) {
            (Checked::Add, _, Some(c)) => self.within(lhs, least - c, most - c, at),
            (Checked::Add, Some(c), _) => self.within(rhs, least - c, most - c, at),
            (Checked::Sub, _, Some(c)) => self.within(lhs, least + c, most + c, at),
            (Checked::Sub, Some(c), _) => self.within(rhs, c - most, c - least, at),
            (Checked::Add | Checked::Sub, ..) => {
                let half = most / 2;
                self.within(lhs, -half, half, at) && self.within(rhs, -half, half, at)
            }
            (Checked::Mul, _, Some(c)) | (Checked::Mul, Some(c), _) => {
                let value = if self.constant(rhs).is_some() { lhs } else { rhs };
                c == 0 || self.within(value, -(most / c.abs()), most / c.abs(), at)
            }
            (Checked::Mul, ..) => {
                let root = (1 << 31) - 1;
                self.within(lhs, -root, root, at) && self.within(rhs, -root, root, at)
            }
        }
    }

    fn within(&mut self, value: Value, least: i128, most: i128, at: Place) -> bool {
        self.holds(Side::Most, value, None, most, at) && self.holds(Side::Least, value, None, least, at)
    }

    pub(super) fn prove(
        &mut self,
        side: Side,
        value: Value,
        other: Option<Value>,
        c: i128,
        at: Place,
    ) -> bool {
        self.steps += 1;
        if self.steps > STEPS {
            return false;
        }
        if let Some(number) = other.and_then(|other| self.constant(other)) {
            return self.prove(side, value, None, c + number, at);
        }
        if other == Some(value) {
            return if side == Side::Most { c >= 0 } else { c <= 0 };
        }
        let (least, most) = self.range(value);
        match (side, other) {
            (Side::Most, None) if most <= c => return true,
            (Side::Least, None) if least >= c => return true,
            (_, Some(other)) if self.constant(value).is_some() => {
                // v ≤ w + c is w ≥ v - c.
                let turned = if side == Side::Most { Side::Least } else { Side::Most };
                return self.prove(turned, other, None, least - c, at);
            }
            _ => {}
        }
        self.by_facts(side, value, other, c, at) || self.by_definition(side, value, other, c)
    }

    /// By what conditions and checks before say.
    fn by_facts(&mut self, side: Side, value: Value, other: Option<Value>, c: i128, at: Place) -> bool {
        let Some(facts) = self.facts.get(&value) else { return false };
        let usable: Vec<Fact> =
            facts.iter().copied().filter(|fact| fact.side == side && self.is_before(fact.at, at)).collect();
        usable.into_iter().any(|fact| match fact.other {
            // v ≤ y + k, so v ≤ w + c follows from y ≤ w + (c - k).
            Some(bound) => self.prove(side, bound, other, c - fact.c, fact.at),
            None if other.is_some() => false,
            None if side == Side::Most => fact.c <= c,
            None => fact.c >= c,
        })
    }

    /// Whether one place is reached before another on every path to that.
    fn is_before(&self, one: Place, other: Place) -> bool {
        if one.0 == other.0 { one.1 <= other.1 } else { self.graph.dominates(one.0, other.0) }
    }

    /// By what the value is made of.
    fn by_definition(&mut self, side: Side, value: Value, other: Option<Value>, c: i128) -> bool {
        let (block, index) = match self.defs[value.0 as usize] {
            Def::None => return false,
            Def::Param(block, place) => return self.by_edges(side, value, other, c, block, place),
            Def::Inst(block, index) => (block, index),
        };
        let at = (block, index);
        match self.func.data(block).insts[index].op {
            Op::Checked { op: Checked::Add, lhs, rhs, .. } => {
                match (self.constant(lhs), self.constant(rhs)) {
                    (_, Some(k)) => self.prove(side, lhs, other, c - k, at),
                    (Some(k), _) => self.prove(side, rhs, other, c - k, at),
                    _ => self.sum(side, lhs, rhs, other, c, at),
                }
            }
            Op::Checked { op: Checked::Sub, lhs, rhs, .. } => match self.constant(rhs) {
                Some(k) => self.prove(side, lhs, other, c + k, at),
                None if other.is_none() && self.constant(lhs).is_some() => {
                    // k - r ≤ c is r ≥ k - c.
                    let turned = if side == Side::Most { Side::Least } else { Side::Most };
                    let k = self.constant(lhs).unwrap_or(0);
                    self.prove(turned, rhs, None, k - c, at)
                }
                None if side == Side::Most => {
                    self.prove(Side::Least, rhs, None, 0, at) && self.prove(side, lhs, other, c, at)
                }
                None => false,
            },
            // The product of two numbers of one sign is not negative.
            Op::Checked { op: Checked::Mul, lhs, rhs, .. } if side == Side::Least => {
                other.is_none()
                    && c <= 0
                    && (lhs == rhs
                        || self.prove(side, lhs, None, 0, at) && self.prove(side, rhs, None, 0, at))
            }
            Op::Binary(Binary::Min, lhs, rhs) => match side {
                Side::Most => self.prove(side, lhs, other, c, at) || self.prove(side, rhs, other, c, at),
                Side::Least => self.prove(side, lhs, other, c, at) && self.prove(side, rhs, other, c, at),
            },
            Op::Binary(Binary::Max, lhs, rhs) => match side {
                Side::Least => self.prove(side, lhs, other, c, at) || self.prove(side, rhs, other, c, at),
                Side::Most => self.prove(side, lhs, other, c, at) && self.prove(side, rhs, other, c, at),
            },
            // Half of what is not negative is no more than it.
            Op::Binary(op @ (Binary::Div | Binary::Shr), lhs, rhs) => {
                let shrinks = self.constant(rhs).is_some_and(|number| number >= 0);
                shrinks
                    && self.prove(Side::Least, lhs, None, 0, at)
                    && match (side, other) {
                        (Side::Most, None) if op == Binary::Shr => self.bitwise(op, side, lhs, rhs, c, at),
                        (Side::Most, _) => self.prove(side, lhs, other, c, at),
                        (Side::Least, None) => c <= 0,
                        (Side::Least, Some(_)) => false,
                    }
            }
            Op::Binary(
                op @ (Binary::And | Binary::Or | Binary::Xor | Binary::Shl | Binary::UShr),
                lhs,
                rhs,
            ) if other.is_none() => self.bitwise(op, side, lhs, rhs, c, at),
            Op::Binary(Binary::Rem, lhs, rhs) => match (side, self.constant(rhs)) {
                (Side::Least, _) if c <= 0 && other.is_none() => self.prove(Side::Least, lhs, None, 0, at),
                // The remainder by a positive number is below it.
                (Side::Most, _) => {
                    self.prove(Side::Least, rhs, None, 1, at) && self.prove(side, rhs, other, c + 1, at)
                }
                _ => false,
            },
            _ => false,
        }
    }

    /// A sum of two unknown numbers, one of which may be left out where its sign is known.
    fn sum(&mut self, side: Side, lhs: Value, rhs: Value, other: Option<Value>, c: i128, at: Place) -> bool {
        match side {
            Side::Least => {
                (self.prove(side, lhs, None, 0, at) && self.prove(side, rhs, other, c, at))
                    || (self.prove(side, rhs, None, 0, at) && self.prove(side, lhs, other, c, at))
            }
            Side::Most => {
                let half = c / 2;
                other.is_none()
                    && c >= 0
                    && self.prove(side, lhs, None, half, at)
                    && self.prove(side, rhs, None, half, at)
            }
        }
    }

    /// A parameter is on a side where every argument is.
    fn by_edges(
        &mut self,
        side: Side,
        value: Value,
        other: Option<Value>,
        c: i128,
        block: Block,
        place: usize,
    ) -> bool {
        let before = self.open.iter().find(|open| (open.0, open.1, open.2) == (side, value, other));
        if let Some((_, _, _, asked)) = before {
            return if side == Side::Most { c >= *asked } else { c <= *asked };
        }
        // What it is compared to must be the same at every turn.
        if let Some(other) = other
            && !self.is_defined_above(other, block)
        {
            return false;
        }
        self.open.push((side, value, other, c));
        let preds = self.graph.preds[block.0 as usize].clone();
        let holds = !preds.is_empty()
            && preds.into_iter().all(|pred| {
                let edges: Vec<Value> = (self.func.data(pred).term.edges().into_iter())
                    .filter(|edge| edge.to == block)
                    .map(|edge| edge.args[place])
                    .collect();
                edges.into_iter().all(|arg| self.on_edge(side, arg, other, c, pred, block))
            });
        self.open.pop();
        holds
    }

    fn on_edge(
        &mut self,
        side: Side,
        arg: Value,
        other: Option<Value>,
        c: i128,
        pred: Block,
        block: Block,
    ) -> bool {
        let at = (pred, usize::MAX);
        if let Some((cond, lhs, rhs)) = self.edge_condition(pred, block) {
            for (subject, of, bound, k) in relations(cond, lhs, rhs) {
                if subject == arg && of == side && self.prove(side, bound, other, c - k, at) {
                    return true;
                }
            }
        }
        self.prove(side, arg, other, c, at)
    }

    fn is_defined_above(&self, value: Value, block: Block) -> bool {
        match self.defs[value.0 as usize] {
            Def::None => false,
            Def::Param(at, _) | Def::Inst(at, _) => at != block && self.graph.dominates(at, block),
        }
    }

    /// What is known of a value from its definition alone.
    fn range(&self, value: Value) -> (i128, i128) {
        let all = (i128::from(i64::MIN), i128::from(i64::MAX));
        let Some(op) = self.op(value) else { return all };
        match op {
            Op::Const(number) => (i128::from(*number), i128::from(*number)),
            Op::Len(_) => (0, MOST),
            Op::Compare(..) | Op::FCompare(..) => (0, 1),
            Op::Info(_) => (0, (1 << 26) - 1),
            Op::TypeOf(_) => (0, (1 << 32) - 1),
            Op::Field { storage: Storage::Narrow(width), .. }
            | Op::Element { storage: Storage::Narrow(width), .. }
            | Op::Unary(Unary::Wrap(width), _) => width_range(*width),
            Op::Unary(Unary::Popcnt | Unary::Clz | Unary::Ctz, _) => (0, 64),
            Op::Binary(Binary::And, lhs, rhs) => match (self.constant(*lhs), self.constant(*rhs)) {
                (Some(mask), _) | (_, Some(mask)) if mask >= 0 => (0, mask),
                _ => all,
            },
            Op::Binary(Binary::Rem, _, rhs) => match self.constant(*rhs) {
                Some(number) if number != 0 => (1 - number.abs(), number.abs() - 1),
                _ => all,
            },
            Op::Binary(Binary::UShr, _, rhs) => match self.constant(*rhs) {
                Some(number) if number & 63 > 0 => (0, i128::from(u64::MAX >> (number & 63) as u32)),
                _ => all,
            },
            Op::Binary(Binary::Div, _, rhs) => match self.constant(*rhs) {
                Some(number) if number.abs() > 1 => (all.0 / number.abs(), all.1 / number.abs() + 1),
                _ => all,
            },
            _ => all,
        }
    }
}

/// The values of a storage width.
fn width_range(width: Width) -> (i128, i128) {
    match width {
        Width::I8 => (i8::MIN.into(), i8::MAX.into()),
        Width::I16 => (i16::MIN.into(), i16::MAX.into()),
        Width::I32 => (i32::MIN.into(), i32::MAX.into()),
        Width::U8 => (0, u8::MAX.into()),
        Width::U16 => (0, u16::MAX.into()),
        Width::U32 => (0, u32::MAX.into()),
    }
}

/// What a comparison that holds says of each of its sides.
fn relations(cond: Cond, lhs: Value, rhs: Value) -> Vec<(Value, Side, Value, i128)> {
    let at_most = |one, other, c: i128| [(one, Side::Most, other, c), (other, Side::Least, one, -c)];
    match cond {
        Cond::Lt => at_most(lhs, rhs, -1).to_vec(),
        Cond::Le => at_most(lhs, rhs, 0).to_vec(),
        Cond::Gt => at_most(rhs, lhs, -1).to_vec(),
        Cond::Ge => at_most(rhs, lhs, 0).to_vec(),
        Cond::Eq => [at_most(lhs, rhs, 0), at_most(rhs, lhs, 0)].concat(),
        Cond::Ne | Cond::ULt | Cond::UGe => Vec::new(),
    }
}

//! Short branches that only choose between numbers become selections: the processor need not guess which way they go.
//!
//! Only what costs about as much as the branch itself is done on both ways: constants, and one simple operation each. A sum that may
//! overflow and that the other way leaves as it was (`if c { count += 1 }`) becomes a sum with 0 there, which cannot.
//!
//! A branch stays where memory decides it and what it chooses says where to read next, as in a heap or tree laid out in an array: guessing
//! right begins the next read before the one that decides is done.

use super::dead;
use super::graph::Graph;
use crate::jit::ir::{Binary, Block, BlockData, Checked, Edge, Function, Inst, Op, Term, Type, Unary, Value};

/// Selections that one branch becomes at most.
const MOST_CHOICES: usize = 2;

/// Replaces branches, inner ones of a nest before those around them.
pub(super) fn convert(func: &mut Function) {
    let graph = Graph::new(func);
    let chases = Chases::find(func);
    let mut changed = false;
    for block in graph.order.iter().rev() {
        if let Some(choice) = Choice::at(func, &graph, *block)
            && !chases.decides(choice.cond, func.data(choice.to), &choice.then, &choice.other)
        {
            choice.apply(func, *block);
            changed = true;
        } else if let Some(sum) = ConditionalSum::at(func, &graph, *block)
            && !chases.decides(sum.cond, func.data(sum.to), &sum.then, &sum.other)
        {
            sum.apply(func, *block);
            changed = true;
        }
    }
    if changed {
        dead::unreachable(func);
    }
}

/// Which values come out of memory, and which say where in an array to look.
struct Chases {
    read: Vec<bool>,
    index: Vec<bool>,
}

impl Chases {
    fn find(func: &Function) -> Chases {
        let mut chases = Chases { read: vec![false; func.types.len()], index: vec![false; func.types.len()] };
        for inst in func.blocks.iter().flat_map(|block| &block.insts) {
            let reads = match &inst.op {
                Op::Element { index, .. } => {
                    chases.index[index.0 as usize] = true;
                    true
                }
                Op::Bounds { index, .. } | Op::SetElement { index, .. } => {
                    chases.index[index.0 as usize] = true;
                    false
                }
                Op::Field { .. } => true,
                Op::Unary(_, value) => chases.read[value.0 as usize],
                Op::Compare(_, lhs, rhs) | Op::FCompare(_, lhs, rhs) => {
                    chases.read[lhs.0 as usize] || chases.read[rhs.0 as usize]
                }
                _ => false,
            };
            inst.results.iter().for_each(|result| chases.read[result.0 as usize] |= reads);
        }
        chases
    }

    /// Whether a condition from memory decides on where to look next.
    fn decides(&self, cond: Value, to: &BlockData, then: &[Value], other: &[Value]) -> bool {
        self.read[cond.0 as usize]
            && (to.params.iter().zip(then.iter().zip(other)))
                .any(|(param, (then, other))| then != other && self.index[param.0 as usize])
    }
}

/// A branch both of whose ways lead to one block.
struct Choice {
    cond: Value,
    /// The blocks in between, which are done before the choice.
    arms: Vec<Block>,
    to: Block,
    /// The arguments there: on the way where the condition holds, and on the other.
    then: Vec<Value>,
    other: Vec<Value>,
}

impl Choice {
    fn at(func: &Function, graph: &Graph, block: Block) -> Option<Choice> {
        let Term::Branch { cond, then, other } = &func.data(block).term else { return None };
        let (then_arm, other_arm) = (arm(func, graph, then), arm(func, graph, other));
        let (arms, [then, other]) = match (then_arm, other_arm) {
            (Some(one), Some(two)) if one.to == two.to => (vec![then.to, other.to], [one, two]),
            (Some(one), _) if one.to == other.to => (vec![then.to], [one, other]),
            (_, Some(two)) if two.to == then.to => (vec![other.to], [then, two]),
            _ => return None,
        };
        let choice =
            Choice { cond: *cond, arms, to: then.to, then: then.args.clone(), other: other.args.clone() };
        let mut differing = choice.then.iter().zip(&choice.other).filter(|(then, other)| then != other);
        let fits = differing.clone().count() <= MOST_CHOICES
            && differing.all(|(then, _)| func.ty(*then) == Type::Int);
        (fits && choice.to != block).then_some(choice)
    }

    fn apply(self, func: &mut Function, block: Block) {
        let site = func.data(block).site;
        for arm in self.arms {
            let insts = std::mem::take(&mut func.data_mut(arm).insts);
            func.data_mut(block).insts.extend(insts);
        }
        let mut args = Vec::new();
        for (then, other) in self.then.into_iter().zip(self.other) {
            if then == other {
                args.push(then);
                continue;
            }
            let result = func.value(Type::Int);
            let op = Op::Select { cond: self.cond, then, other };
            func.data_mut(block).insts.push(Inst { op, results: vec![result], site, moved: Vec::new() });
            args.push(result);
        }
        func.data_mut(block).term = Term::Jump(Edge { to: self.to, args });
    }
}

/// A branch one of whose ways adds to a number that the other way leaves as it is.
struct ConditionalSum {
    cond: Value,
    /// Whether the sum is on the way where the condition holds.
    wanted: bool,
    arm: Block,
    to: Block,
    /// The arguments there: behind the sum, and without it.
    then: Vec<Value>,
    other: Vec<Value>,
    /// Which operation of the arm is the sum.
    place: usize,
    /// Whether what is added is its left side.
    left: bool,
}

impl ConditionalSum {
    fn at(func: &Function, graph: &Graph, block: Block) -> Option<ConditionalSum> {
        let Term::Branch { cond, then, other } = &func.data(block).term else { return None };
        let of = |edge: &Edge, past: &Edge, wanted| {
            let onward = detour(func, graph, edge).filter(|on| on.to == past.to && on.to != block)?;
            let data = func.data(edge.to);
            let place = data.insts.iter().position(|inst| matches!(inst.op, Op::Checked { .. }))?;
            let Op::Checked { op: op @ (Checked::Add | Checked::Sub), lhs, rhs, swap: false } =
                data.insts[place].op
            else {
                return None;
            };
            let mut differing = onward.args.iter().zip(&past.args).filter(|(here, there)| here != there);
            let (here, there) = differing.next()?;
            let left = op == Checked::Add && *there == rhs;
            let fits = work(data) == 1
                && differing.next().is_none()
                && *here == data.insts[place].results[0]
                && (*there == lhs || left);
            let (then, other) = (onward.args.clone(), past.args.clone());
            fits.then_some(ConditionalSum {
                cond: *cond,
                wanted,
                arm: edge.to,
                to: past.to,
                then,
                other,
                place,
                left,
            })
        };
        of(then, other, true).or_else(|| of(other, then, false))
    }

    fn apply(self, func: &mut Function, block: Block) {
        let mut insts = std::mem::take(&mut func.data_mut(self.arm).insts);
        let (zero, chosen) = (func.value(Type::Int), func.value(Type::Int));
        let sum = &mut insts[self.place];
        let site = sum.site;
        if let Op::Checked { lhs, rhs, .. } = &mut sum.op {
            let addend = if self.left { lhs } else { rhs };
            let (then, other) = if self.wanted { (*addend, zero) } else { (zero, *addend) };
            *addend = chosen;
            let before = |op, result| Inst { op, results: vec![result], site, moved: Vec::new() };
            let select = Op::Select { cond: self.cond, then, other };
            insts.splice(self.place..self.place, [before(Op::Const(0), zero), before(select, chosen)]);
        }
        let data = func.data_mut(block);
        data.insts.extend(insts);
        data.term = Term::Jump(Edge { to: self.to, args: self.then });
    }
}

/// Where a way goes on, when what lies on it may be done in any case.
fn arm<'f>(func: &'f Function, graph: &Graph, edge: &Edge) -> Option<&'f Edge> {
    let data = func.data(edge.to);
    let fits = work(data) <= 1 && data.insts.iter().all(|inst| is_simple(&inst.op));
    detour(func, graph, edge).filter(|_| fits)
}

/// Where a way goes on, when it leads through one block that nothing else comes to.
fn detour<'f>(func: &'f Function, graph: &Graph, edge: &Edge) -> Option<&'f Edge> {
    let data = func.data(edge.to);
    let Term::Jump(onward) = &data.term else { return None };
    let alone = graph.preds[edge.to.0 as usize].len() == 1 && data.params.is_empty();
    (alone && onward.to != edge.to).then_some(onward)
}

/// How many operations of a block are more than constants.
fn work(data: &BlockData) -> usize {
    data.insts.iter().filter(|inst| !matches!(inst.op, Op::Const(_))).count()
}

/// Whether an operation is done in a cycle and cannot fail.
fn is_simple(op: &Op) -> bool {
    match op {
        Op::Const(_) | Op::Compare(..) | Op::FCompare(..) | Op::Select { .. } => true,
        Op::Unary(op, _) => matches!(op, Unary::BNot | Unary::Wrap(_)),
        Op::Binary(op, ..) => matches!(
            op,
            Binary::Add
                | Binary::Sub
                | Binary::And
                | Binary::Or
                | Binary::Xor
                | Binary::Shl
                | Binary::Shr
                | Binary::UShr
                | Binary::Min
                | Binary::Max
        ),
        _ => false,
    }
}

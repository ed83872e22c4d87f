//! The same operation on the same values is done once, and what is made of constants is one.
//!
//! Operations without effects are looked up among those of dominating blocks. So are lengths and pointers of arrays: a safepoint
//! gives every reference that is used after it a new value, so that only what changes arrays without being one lies between two reads of
//! one value. Where a function does such things, these reads are looked up within a block, up to the next change.

use std::collections::{HashMap, HashSet};

use super::graph::Graph;
use super::params::Renames;
use crate::jit::helpers::Helper;
use crate::jit::ir::{Binary, Block, Checked, Cond, Function, Op, Unary, Value};

/// What an operation is looked up by.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Key {
    Const(i64),
    Float(u64),
    Fixed(u64),
    Unary(Unary, Value),
    Binary(Binary, Value, Value),
    /// One that failed would have ended the program: the second cannot.
    Checked(Checked, Value, Value),
    Compare(Cond, Value, Value),
    Len(Value),
    Data(Value),
    TypeOf(Value),
    Info(Value),
}

/// Drops operations that were done before.
pub(super) fn number(func: &mut Function) {
    let graph = Graph::new(func);
    let mut renames = Renames::new(func);
    let mut constants: HashMap<Value, i64> = HashMap::new();
    let mut known: HashMap<Key, Vec<(Block, Value)>> = HashMap::new();
    let fixed = Fixed::of(func);
    // References to what no safepoint moves.
    let mut stays: HashSet<Value> = HashSet::new();
    let mut lengths: HashMap<Value, Value> = HashMap::new();
    for block in graph.order.clone() {
        let mut insts = std::mem::take(&mut func.data_mut(block).insts);
        let mut arrays: HashMap<Key, Value> = HashMap::new();
        insts.retain_mut(|inst| {
            inst.op.map_operands(|value| renames.find(value));
            inst.moved.retain_mut(|(before, after)| {
                *before = renames.find(*before);
                let stays = stays.contains(before);
                if stays {
                    renames.set(*after, *before);
                }
                !stays
            });
            if let (Op::Helper { helper: Helper::FilledArray | Helper::NewArray, args }, [array]) =
                (&inst.op, &inst.results[..])
            {
                lengths.insert(*array, args[1]);
            }
            if let (Op::Len(array), [result]) = (&inst.op, &inst.results[..])
                && fixed.lengths
                && let Some(len) = lengths.get(array)
            {
                renames.set(*result, *len);
                return false;
            }
            fold(&mut inst.op, &constants);
            if clobbers_arrays(&inst.op) {
                arrays.clear();
            }
            let ([result], Some(key)) = (&inst.results[..], key(&inst.op)) else {
                return !is_idle(&inst.op, &constants);
            };
            match inst.op {
                Op::Const(number) => {
                    constants.insert(*result, number);
                }
                Op::Fixed(_) => {
                    stays.insert(*result);
                }
                _ => {}
            }
            let before = if fixed.must_stay_near(&key) {
                let before = arrays.get(&key).copied();
                arrays.entry(key).or_insert(*result);
                before
            } else {
                let entries = known.entry(key).or_default();
                let before =
                    entries.iter().find(|(at, _)| graph.dominates(*at, block)).map(|(_, value)| *value);
                if before.is_none() {
                    entries.push((block, *result));
                }
                before
            };
            if let Some(before) = before {
                renames.set(*result, before);
            }
            before.is_none()
        });
        func.data_mut(block).insts = insts;
    }
    renames.apply(func);
}

/// What of arrays only safepoints change, in a function.
struct Fixed {
    lengths: bool,
    places: bool,
}

impl Fixed {
    fn of(func: &Function) -> Fixed {
        let mut fixed = Fixed { lengths: true, places: true };
        for inst in func.blocks.iter().flat_map(|block| &block.insts) {
            match inst.op {
                Op::SetLen { .. } => fixed.lengths = false,
                Op::Native { safepoint: false, .. } => fixed = Fixed { lengths: false, places: false },
                _ => {}
            }
        }
        fixed
    }

    /// Whether an earlier read is good within a block only.
    fn must_stay_near(&self, key: &Key) -> bool {
        match key {
            Key::Len(_) => !self.lengths,
            Key::Data(_) => !self.places,
            _ => false,
        }
    }
}

/// Whether an operation may change the length of an array, or where its contents are.
pub(super) fn clobbers_arrays(op: &Op) -> bool {
    match op {
        Op::SetLen { .. } | Op::Call { .. } | Op::Native { .. } | Op::CallC { .. } | Op::New { .. } => true,
        Op::Helper { helper, .. } => helper.is_safepoint(),
        _ => false,
    }
}

/// Whether a check can never trap.
fn is_idle(op: &Op, constants: &HashMap<Value, i64>) -> bool {
    match op {
        Op::Guard { cond, .. } => constants.get(cond) == Some(&0),
        Op::Bounds { index, len } => match (constants.get(index), constants.get(len)) {
            (Some(index), Some(len)) => (0..*len).contains(index),
            _ => false,
        },
        _ => false,
    }
}

fn key(op: &Op) -> Option<Key> {
    Some(match op {
        Op::Const(value) => Key::Const(*value),
        Op::Float(bits) => Key::Float(*bits),
        Op::Fixed(address) => Key::Fixed(*address),
        Op::Unary(op, value) => Key::Unary(*op, *value),
        Op::Binary(op, lhs, rhs) => Key::Binary(*op, *lhs, *rhs),
        Op::Checked { op, lhs, rhs, .. } => Key::Checked(*op, *lhs, *rhs),
        Op::Compare(cond, lhs, rhs) => Key::Compare(*cond, *lhs, *rhs),
        Op::Len(array) => Key::Len(*array),
        Op::Data(array) => Key::Data(*array),
        Op::TypeOf(object) => Key::TypeOf(*object),
        Op::Info(object) => Key::Info(*object),
        _ => return None,
    })
}

/// Computes what is made of constants.
fn fold(op: &mut Op, constants: &HashMap<Value, i64>) {
    let get = |value: &Value| constants.get(value).copied();
    let folded = match &*op {
        Op::Compare(cond, lhs, rhs) => match (get(lhs), get(rhs)) {
            (Some(lhs), Some(rhs)) => Some(i64::from(holds(*cond, lhs, rhs))),
            _ => None,
        },
        Op::Checked { op, lhs, rhs, .. } => match (get(lhs), get(rhs)) {
            (Some(lhs), Some(rhs)) => checked(*op, lhs, rhs),
            _ => None,
        },
        Op::Binary(op, lhs, rhs) => match (get(lhs), get(rhs)) {
            (Some(lhs), Some(rhs)) => binary(*op, lhs, rhs),
            (Some(0), _) | (_, Some(0)) if *op == Binary::And => Some(0),
            _ => None,
        },
        _ => None,
    };
    if let Some(number) = folded {
        *op = Op::Const(number);
    }
}

/// Whether a comparison of numbers holds.
pub(super) fn holds(cond: Cond, lhs: i64, rhs: i64) -> bool {
    match cond {
        Cond::Eq => lhs == rhs,
        Cond::Ne => lhs != rhs,
        Cond::Lt => lhs < rhs,
        Cond::Le => lhs <= rhs,
        Cond::Gt => lhs > rhs,
        Cond::Ge => lhs >= rhs,
        Cond::ULt => (lhs as u64) < rhs as u64,
        Cond::UGe => lhs as u64 >= rhs as u64,
    }
}

fn checked(op: Checked, lhs: i64, rhs: i64) -> Option<i64> {
    match op {
        Checked::Add => lhs.checked_add(rhs),
        Checked::Sub => lhs.checked_sub(rhs),
        Checked::Mul => lhs.checked_mul(rhs),
    }
}

fn binary(op: Binary, lhs: i64, rhs: i64) -> Option<i64> {
    match op {
        Binary::Add => Some(lhs.wrapping_add(rhs)),
        Binary::Sub => Some(lhs.wrapping_sub(rhs)),
        Binary::Mul => Some(lhs.wrapping_mul(rhs)),
        Binary::And => Some(lhs & rhs),
        Binary::Or => Some(lhs | rhs),
        Binary::Xor => Some(lhs ^ rhs),
        Binary::Min => Some(lhs.min(rhs)),
        Binary::Max => Some(lhs.max(rhs)),
        _ => None,
    }
}

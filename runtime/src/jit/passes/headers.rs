//! What the headers say of objects that are made in the same function is known.

use super::escape::{Group, Groups};
use super::graph::Graph;
use crate::heap::Header;
use crate::jit::ir::{Cond, Function, Op, Value};

/// Replaces reads of headers and tests for null that can have one outcome only; whether there were any.
pub(super) fn tell(func: &mut Function) -> bool {
    let graph = Graph::new(func);
    let groups = Groups::made_here(func, &graph);
    if groups.list.is_empty() {
        return false;
    }
    let mut changed = false;
    for inst in func.blocks.iter_mut().flat_map(|block| &mut block.insts) {
        if let Some(number) = answer(&groups, &inst.op) {
            inst.op = Op::Const(number);
            changed = true;
        }
    }
    changed
}

/// What an operation on a reference gives, where it is the same for all objects that it can mean.
fn answer(groups: &Groups, op: &Op) -> Option<i64> {
    let group = |value: &Value| groups.of(*value).map(|group| &groups.list[group]);
    match op {
        Op::TypeOf(object) => only(group(object)?, |header| header.type_id().0),
        Op::Info(object) => only(group(object)?, |header| header.info()),
        Op::Compare(cond @ (Cond::Eq | Cond::Ne), lhs, rhs) => {
            let object = match (groups.is_null(*lhs), groups.is_null(*rhs)) {
                (false, true) => lhs,
                (true, false) => rhs,
                _ => return None,
            };
            (!group(object)?.nullable).then_some(i64::from(*cond == Cond::Ne))
        }
        _ => None,
    }
}

/// What all headers of a group say.
fn only(group: &Group, what: fn(&Header) -> u32) -> Option<i64> {
    let first = what(group.headers.first()?);
    group.headers.iter().all(|header| what(header) == first).then_some(first.into())
}

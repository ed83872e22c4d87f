//! Control flow: threads jumps, merges blocks, drops unreachable ones, and moves cold ones behind the others.

use std::cmp::Ordering;

use crate::ir::{BlockId, Constants, End, Function, Test};

/// A `return` of more values than this is jumped to rather than repeated.
const MAX_RETURNED: u32 = 4;
/// How many empty blocks a jump is followed through; more than any program has in a row.
const MAX_CHAIN: usize = 64;

/// Tidies the graph of a function.
pub(super) fn simplify(function: &mut Function) {
    thread(function);
    let mut preds = count_predecessors(function);
    merge(function, &mut preds);
    compact(function, &preds);
}

/// Leads jumps to empty blocks on to where those lead.
fn thread(function: &mut Function) {
    for index in 0..function.blocks.len() as u32 {
        let id = BlockId(index);
        match function.block(id).end {
            End::Jump(to) => {
                let target = final_target(function, to);
                let last = function.block(target);
                let (mut end, mut at) = (End::Jump(target), function.block(id).at);
                if last.insts.is_empty() && leaves(&last.end) {
                    (end, at) = (last.end, last.at);
                }
                // Lists are never shared: passes change them in place.
                if let End::Return(list) = end {
                    let values = function.list(list).to_vec();
                    end = End::Return(function.add_list(values));
                }
                let block = function.block_mut(id);
                (block.end, block.at) = (end, at);
            }
            End::Branch { test, lhs, rhs, then, otherwise } => {
                let (then, otherwise) = (final_target(function, then), final_target(function, otherwise));
                function.block_mut(id).end = match then == otherwise {
                    true => End::Jump(then),
                    false => End::Branch { test, lhs, rhs, then, otherwise },
                };
            }
            End::NonNull { dst, src, none, some } => {
                let (none, some) = (final_target(function, none), final_target(function, some));
                function.block_mut(id).end = End::NonNull { dst, src, none, some };
            }
            End::Switch { table, .. } => {
                let targets: Vec<BlockId> =
                    function.tables[table as usize].iter().map(|&to| final_target(function, to)).collect();
                function.tables[table as usize] = targets;
            }
            End::Return(_) | End::Trap(_) | End::Fail { .. } | End::Halt(_) => {}
        }
    }
}

/// Whether the end leaves the function and costs no more than the jump to it.
fn leaves(end: &End) -> bool {
    match end {
        End::Return(list) => list.len <= MAX_RETURNED,
        End::Trap(_) => true,
        _ => false,
    }
}

/// Where a jump to a block really goes.
fn final_target(function: &Function, from: BlockId) -> BlockId {
    let mut at = from;
    for _ in 0..MAX_CHAIN {
        let block = function.block(at);
        match block.end {
            End::Jump(to) if block.insts.is_empty() && to != at => at = to,
            _ => break,
        }
    }
    at
}

/// How many edges from reachable blocks lead to each block; 0 where it is unreachable. The first block has one more.
fn count_predecessors(function: &Function) -> Vec<u32> {
    let mut preds = vec![0u32; function.blocks.len()];
    let mut work = vec![BlockId(0)];
    preds[0] = 1;
    while let Some(id) = work.pop() {
        function.successors(&function.block(id).end, |to| {
            let count = &mut preds[to.0 as usize];
            *count += 1;
            if *count == 1 {
                work.push(to);
            }
        });
    }
    preds
}

/// Appends to each block the one that it alone jumps to. What was appended becomes unreachable.
fn merge(function: &mut Function, preds: &mut [u32]) {
    for index in 0..function.blocks.len() {
        if preds[index] == 0 {
            continue;
        }
        while let End::Jump(next) = function.blocks[index].end {
            let next = next.0 as usize;
            if preds[next] != 1 || next == index || next == 0 {
                break;
            }
            preds[next] = 0;
            let mut tail = std::mem::take(&mut function.blocks[next].insts);
            let (end, at, cold) = {
                let block = &function.blocks[next];
                (block.end, block.at, block.cold)
            };
            let block = &mut function.blocks[index];
            if block.insts.is_empty() {
                block.insts = tail;
            } else {
                block.insts.append(&mut tail);
            }
            (block.end, block.at) = (end, at);
            block.cold |= cold;
        }
    }
}

/// Drops unreachable blocks and puts cold ones last, keeping the order otherwise.
fn compact(function: &mut Function, preds: &[u32]) {
    let ends_badly = |end: &End| matches!(end, End::Trap(_) | End::Fail { .. });
    let is_cold =
        |index: usize| index > 0 && (function.blocks[index].cold || ends_badly(&function.blocks[index].end));
    let live = |index: &usize| preds[*index] > 0;
    let hot = (0..preds.len()).filter(live).filter(|&index| !is_cold(index));
    let order: Vec<usize> =
        hot.chain((0..preds.len()).filter(live).filter(|&index| is_cold(index))).collect();
    if order.len() == preds.len() && order.iter().enumerate().all(|(new, &old)| new == old) {
        return;
    }
    reorder(function, &order);
}

/// Puts the blocks into an order; those that it does not name must be unreachable.
pub(super) fn reorder(function: &mut Function, order: &[usize]) {
    let mut new_id = vec![BlockId(u32::MAX); function.blocks.len()];
    for (new, &old) in order.iter().enumerate() {
        new_id[old] = BlockId(new as u32);
    }
    let mut old: Vec<Option<_>> = std::mem::take(&mut function.blocks).into_iter().map(Some).collect();
    function.blocks = order.iter().filter_map(|&index| old[index].take()).collect();
    let mut seen_tables = vec![false; function.tables.len()];
    for index in 0..function.blocks.len() {
        let table = match function.blocks[index].end {
            End::Switch { table, .. } => Some(table as usize),
            _ => None,
        };
        if table.is_none_or(|table| !std::mem::replace(&mut seen_tables[table], true)) {
            function.retarget(BlockId(index as u32), |to| new_id[to.0 as usize]);
        }
    }
}

/// Whether the test of a branch on constants holds.
pub(super) fn fold_branch(end: &End, constants: &Constants) -> Option<bool> {
    let End::Branch { test, lhs, rhs, .. } = *end else { return None };
    if let (Some(lhs), Some(rhs)) = (constants.as_float(lhs), constants.as_float(rhs)) {
        return Some(match test {
            Test::FEq => lhs == rhs,
            Test::FNe => lhs != rhs,
            Test::FLt => lhs < rhs,
            Test::FLe => lhs <= rhs,
            Test::FNlt => !matches!(lhs.partial_cmp(&rhs), Some(Ordering::Less)),
            Test::FNle => !matches!(lhs.partial_cmp(&rhs), Some(Ordering::Less | Ordering::Equal)),
            _ => return None,
        });
    }
    super::threading::compare(test, constants.as_int(lhs)?, constants.as_int(rhs)?)
}

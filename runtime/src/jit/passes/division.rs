//! Where a quotient and the remainder of the same numbers are wanted, one division does for both.
//!
//! The processor computes both at once, and Cranelift asks for each by itself. A remainder becomes what the quotient times the divisor
//! leaves of the dividend; numbering the values again makes the two quotients one. Divisions by constants are multiplications, which Cranelift shares.

use std::collections::HashSet;

use super::graph::Graph;
use crate::jit::ir::{Binary, Block, Function, Inst, Op, Type, Value};

/// Computes remainders from quotients that are computed before or behind; whether there were any.
pub(super) fn pair(func: &mut Function) -> bool {
    let graph = Graph::new(func);
    let mut constants: HashSet<Value> = HashSet::new();
    let mut quotients: Vec<(Block, Value, Value)> = Vec::new();
    let mut remainders: Vec<(Block, usize, Value, Value)> = Vec::new();
    for block in &graph.order {
        for (index, inst) in func.data(*block).insts.iter().enumerate() {
            match inst.op {
                Op::Const(_) => constants.extend(&inst.results),
                Op::Binary(Binary::Div, lhs, rhs) => quotients.push((*block, lhs, rhs)),
                Op::Binary(Binary::Rem, lhs, rhs) => remainders.push((*block, index, lhs, rhs)),
                _ => {}
            }
        }
    }
    let is_paired = |block: Block, lhs, rhs| {
        quotients.iter().any(|(at, dividend, divisor)| {
            (*dividend, *divisor) == (lhs, rhs)
                && (graph.dominates(*at, block) || graph.dominates(block, *at))
        })
    };
    remainders.retain(|(block, _, lhs, rhs)| !constants.contains(rhs) && is_paired(*block, *lhs, *rhs));
    for (block, index, lhs, rhs) in remainders.iter().rev() {
        split(func, *block, *index, *lhs, *rhs);
    }
    !remainders.is_empty()
}

/// Makes a remainder of a quotient.
fn split(func: &mut Function, block: Block, index: usize, lhs: Value, rhs: Value) {
    let (quotient, product) = (func.value(Type::Int), func.value(Type::Int));
    let insts = &mut func.data_mut(block).insts;
    let site = insts[index].site;
    let inst = |op, result| Inst { op, results: vec![result], site, moved: Vec::new() };
    insts[index].op = Op::Binary(Binary::Sub, lhs, product);
    insts.insert(index, inst(Op::Binary(Binary::Mul, quotient, rhs), product));
    insts.insert(index, inst(Op::Binary(Binary::Div, lhs, rhs), quotient));
}

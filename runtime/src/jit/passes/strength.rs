//! Divisions by powers of two become shifts and masks where the sign is known, or does not matter; floats are doubled by adding, and
//! multiplied where dividing gives the same.

use super::ranges::{Prover, Side};
use crate::jit::ir::{Binary, Cond, Function, Inst, Op, Type, Value};

/// What an operation is replaced by.
enum Better {
    /// This operation on the dividend and a new constant.
    Simple(Binary, Value, i64),
    /// The comparison of the dividend's low bits with 0.
    LowBits(Cond, Value, i64, Value),
    /// The sum of the value and itself.
    Twice(Value),
    /// The product with the number of these bits.
    Times(Value, u64),
}

/// Replaces divisions, remainders and products.
pub(super) fn reduce(func: &mut Function) {
    let mut found = Vec::new();
    {
        let mut prover = Prover::new(func);
        for block in prover.blocks() {
            for (index, inst) in func.data(block).insts.iter().enumerate() {
                if let Some(better) = better(&mut prover, &inst.op, (block, index)) {
                    found.push((block, index, better));
                }
            }
        }
    }
    for (block, index, better) in found.into_iter().rev() {
        replace(func, block, index, better);
    }
}

fn better(prover: &mut Prover<'_>, op: &Op, at: super::ranges::Place) -> Option<Better> {
    match *op {
        Op::Binary(op @ (Binary::Div | Binary::Rem), lhs, rhs) => {
            let number = power_of_two(prover, rhs)?;
            let positive = prover.holds(Side::Least, lhs, None, 0, at);
            positive.then(|| match op {
                Binary::Div => Better::Simple(Binary::UShr, lhs, number.trailing_zeros().into()),
                _ => Better::Simple(Binary::And, lhs, number - 1),
            })
        }
        Op::Binary(Binary::FMul, lhs, rhs) if number(prover, rhs) == Some(2.0) => Some(Better::Twice(lhs)),
        Op::Binary(Binary::FMul, lhs, rhs) if number(prover, lhs) == Some(2.0) => Some(Better::Twice(rhs)),
        Op::Binary(Binary::FDiv, lhs, rhs) => {
            Some(Better::Times(lhs, exact_reciprocal(number(prover, rhs)?)?.to_bits()))
        }
        // A remainder by a power of two is 0 where the low bits are, whatever the sign.
        Op::Compare(cond @ (Cond::Eq | Cond::Ne), lhs, rhs) if prover.constant(rhs) == Some(0) => {
            let Some(Op::Binary(Binary::Rem, dividend, divisor)) = prover.op(lhs) else { return None };
            let number = power_of_two(prover, *divisor)?;
            Some(Better::LowBits(cond, *dividend, number - 1, rhs))
        }
        _ => None,
    }
}

/// The number that a value is, where that is a power of two.
fn power_of_two(prover: &Prover<'_>, value: Value) -> Option<i64> {
    let number = i64::try_from(prover.constant(value)?).ok()?;
    (number > 0 && number & (number - 1) == 0).then_some(number)
}

/// The float that a value is, where it is a constant.
fn number(prover: &Prover<'_>, value: Value) -> Option<f64> {
    match prover.op(value)? {
        Op::Float(bits) => Some(f64::from_bits(*bits)),
        _ => None,
    }
}

/// One divided by a power of two, where that loses nothing.
fn exact_reciprocal(number: f64) -> Option<f64> {
    const FRACTION: u64 = (1 << (f64::MANTISSA_DIGITS - 1)) - 1;
    let reciprocal = 1.0 / number;
    let exact = number.is_normal() && reciprocal.is_normal() && number.to_bits() & FRACTION == 0;
    exact.then_some(reciprocal)
}

fn replace(func: &mut Function, block: crate::jit::ir::Block, index: usize, better: Better) {
    let site = func.data(block).insts[index].site;
    let before = |op, func: &mut Function, place: usize| {
        let value = func.value(if matches!(op, Op::Float(_)) { Type::Float } else { Type::Int });
        let inst = Inst { op, results: vec![value], site, moved: Vec::new() };
        func.data_mut(block).insts.insert(place, inst);
        value
    };
    match better {
        Better::Simple(op, lhs, number) => {
            let number = before(Op::Const(number), func, index);
            func.data_mut(block).insts[index + 1].op = Op::Binary(op, lhs, number);
        }
        Better::LowBits(cond, dividend, mask, zero) => {
            let mask = before(Op::Const(mask), func, index);
            let low = before(Op::Binary(Binary::And, dividend, mask), func, index + 1);
            func.data_mut(block).insts[index + 2].op = Op::Compare(cond, low, zero);
        }
        Better::Twice(value) => {
            func.data_mut(block).insts[index].op = Op::Binary(Binary::FAdd, value, value);
        }
        Better::Times(lhs, bits) => {
            let factor = before(Op::Float(bits), func, index);
            func.data_mut(block).insts[index + 1].op = Op::Binary(Binary::FMul, lhs, factor);
        }
    }
}

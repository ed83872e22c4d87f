//! Which constants the instructions take as immediates.

use crate::ir::{BinaryOp, Constants, End, Op, Operand, Test};

/// The immediate that an operand is, if it is a constant that fits.
pub(crate) fn small(operand: Operand) -> Option<i16> {
    match operand {
        Operand::Int(value) => i16::try_from(value).ok(),
        _ => None,
    }
}

/// Whether the constant `op` reads as its operand of this number (0 the first) stays one.
pub(super) fn takes(op: &Op, number: usize) -> bool {
    match *op {
        Op::Move { .. } => true,
        Op::Binary { op, lhs, rhs, .. } if number == 1 => !lhs.is_const() && binary_right(op, rhs),
        Op::Binary { op, lhs, rhs, .. } if number == 0 => !rhs.is_const() && binary_left(op, lhs),
        _ => false,
    }
}

fn binary_right(op: BinaryOp, rhs: Operand) -> bool {
    let Some(value) = small(rhs) else { return false };
    match op {
        BinaryOp::ISub => value != i16::MIN,
        BinaryOp::IDiv | BinaryOp::IRem => value != 0 && value != -1,
        BinaryOp::IAdd | BinaryOp::IMul | BinaryOp::BAnd | BinaryOp::BOr | BinaryOp::BXor => true,
        BinaryOp::Shl | BinaryOp::Shr | BinaryOp::UShr => true,
        BinaryOp::IEq | BinaryOp::INe | BinaryOp::ILt | BinaryOp::ILe => true,
        _ => false,
    }
}

fn binary_left(op: BinaryOp, lhs: Operand) -> bool {
    small(lhs).is_some() && matches!(op, BinaryOp::ISub | BinaryOp::ILt | BinaryOp::ILe)
}

/// Whether the constant that the end of a block reads as its operand of this number stays one.
pub(super) fn end_takes(end: &End, number: usize) -> bool {
    match *end {
        End::Branch { test, lhs, rhs, .. } => {
            let on_ints =
                matches!(test, Test::IEq | Test::INe | Test::ILt | Test::ILe | Test::IGt | Test::IGe);
            number == 1 && on_ints && !lhs.is_const() && small(rhs).is_some()
        }
        _ => false,
    }
}

/// The class of register that a constant needs.
pub(super) fn register_type(operand: Operand, constants: &Constants) -> lang_bytecode::RegType {
    use crate::ir::Const;
    use lang_bytecode::{RegType, TypeId};
    match operand {
        Operand::Reg(_) | Operand::Int(_) => RegType::Int,
        Operand::Const(id) => match constants.get(id) {
            Const::Int(_) => RegType::Int,
            Const::Float(_) => RegType::Float,
            Const::Str(_) => RegType::Ref(TypeId::STR),
            Const::Null(of) => RegType::RefNull(of),
            Const::Static(of) => RegType::Ref(of),
        },
    }
}

//! Constant folding: what an operation on constants gives. What would trap is left as it is.

use crate::ir::{BinaryOp, Constants, Op, Operand, UnaryOp};

/// What an instruction can be replaced by: a value, if it only copies one.
pub(super) fn fold(op: &Op, constants: &mut Constants) -> Option<Operand> {
    match *op {
        Op::Unary { op, src, .. } => unary(op, src, constants),
        Op::Binary { op: BinaryOp::StrEq, lhs, rhs, .. } => {
            let same = constants.as_str(lhs)? == constants.as_str(rhs)?;
            Some(constants.int(i64::from(same)))
        }
        Op::Binary { op, lhs, rhs, .. } => match (constants.as_int(lhs), constants.as_int(rhs)) {
            (Some(lhs), Some(rhs)) => ints(op, lhs, rhs).map(|value| constants.int(value)),
            (None, Some(rhs)) => identity(op, lhs, rhs),
            _ => floats(op, constants.as_float(lhs)?, constants.as_float(rhs)?, constants),
        },
        Op::Wrap { src, to, .. } => constants.as_int(src).map(|value| {
            use lang_bytecode::Width;
            let wrapped = match to {
                Width::I8 => i64::from(value as i8),
                Width::I16 => i64::from(value as i16),
                Width::I32 => i64::from(value as i32),
                Width::U8 => i64::from(value as u8),
                Width::U16 => i64::from(value as u16),
                Width::U32 => i64::from(value as u32),
            };
            constants.int(wrapped)
        }),
        Op::Narrow { src, to, .. } => {
            let value = constants.as_int(src)?;
            fits(value, to).then_some(src)
        }
        _ => None,
    }
}

fn fits(value: i64, width: lang_bytecode::Width) -> bool {
    use lang_bytecode::Width;
    match width {
        Width::I8 => i8::try_from(value).is_ok(),
        Width::I16 => i16::try_from(value).is_ok(),
        Width::I32 => i32::try_from(value).is_ok(),
        Width::U8 => u8::try_from(value).is_ok(),
        Width::U16 => u16::try_from(value).is_ok(),
        Width::U32 => u32::try_from(value).is_ok(),
    }
}

fn unary(op: UnaryOp, src: Operand, constants: &mut Constants) -> Option<Operand> {
    if let Some(value) = constants.as_int(src) {
        return Some(match op {
            UnaryOp::INeg => constants.int(value.checked_neg()?),
            UnaryOp::IAbs => constants.int(value.checked_abs()?),
            UnaryOp::Not => constants.int(value ^ 1),
            UnaryOp::BNot => constants.int(!value),
            UnaryOp::Popcnt => constants.int(i64::from(value.count_ones())),
            UnaryOp::Clz => constants.int(i64::from(value.leading_zeros())),
            UnaryOp::Ctz => constants.int(i64::from(value.trailing_zeros())),
            UnaryOp::IToF => constants.float(value as f64),
            UnaryOp::FFromBits => constants.float(f64::from_bits(value as u64)),
            UnaryOp::ToChar => {
                constants.int(u32::try_from(value).ok().and_then(char::from_u32).map(|_| value)?)
            }
            _ => return None,
        });
    }
    if let Some(value) = constants.as_float(src) {
        return Some(match op {
            UnaryOp::FNeg => constants.float(-value),
            UnaryOp::FAbs => constants.float(value.abs()),
            UnaryOp::FSqrt => constants.float(value.sqrt()),
            UnaryOp::FFloor => constants.float(value.floor()),
            UnaryOp::FCeil => constants.float(value.ceil()),
            UnaryOp::FTrunc => constants.float(value.trunc()),
            UnaryOp::FRound => constants.float(value.round()),
            UnaryOp::FToF32 => constants.float(f64::from(value as f32)),
            UnaryOp::FBits => constants.int(value.to_bits() as i64),
            UnaryOp::FToI => constants.int(exact_int(value)?),
            _ => return None,
        });
    }
    let length = match op {
        UnaryOp::StrLen => constants.as_str(src)?.len(),
        _ => return None,
    };
    Some(constants.int(i64::try_from(length).ok()?))
}

/// The int that a float truncates to, where there is one.
fn exact_int(value: f64) -> Option<i64> {
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    (-LIMIT..LIMIT).contains(&value).then_some(value as i64)
}

fn ints(op: BinaryOp, lhs: i64, rhs: i64) -> Option<i64> {
    Some(match op {
        BinaryOp::IAdd => lhs.checked_add(rhs)?,
        BinaryOp::ISub => lhs.checked_sub(rhs)?,
        BinaryOp::IMul => lhs.checked_mul(rhs)?,
        BinaryOp::IDiv => lhs.checked_div(rhs)?,
        BinaryOp::IRem => lhs.checked_rem(rhs)?,
        BinaryOp::IPow => lhs.checked_pow(u32::try_from(rhs).ok()?)?,
        BinaryOp::IAddW => lhs.wrapping_add(rhs),
        BinaryOp::ISubW => lhs.wrapping_sub(rhs),
        BinaryOp::IMulW => lhs.wrapping_mul(rhs),
        BinaryOp::IMin => lhs.min(rhs),
        BinaryOp::IMax => lhs.max(rhs),
        BinaryOp::BAnd => lhs & rhs,
        BinaryOp::BOr => lhs | rhs,
        BinaryOp::BXor => lhs ^ rhs,
        BinaryOp::Shl => lhs.wrapping_shl(rhs as u32),
        BinaryOp::Shr => lhs.wrapping_shr(rhs as u32),
        BinaryOp::UShr => (lhs as u64).wrapping_shr(rhs as u32) as i64,
        BinaryOp::Rotl => lhs.rotate_left((rhs & 63) as u32),
        BinaryOp::Rotr => lhs.rotate_right((rhs & 63) as u32),
        BinaryOp::IEq => i64::from(lhs == rhs),
        BinaryOp::INe => i64::from(lhs != rhs),
        BinaryOp::ILt => i64::from(lhs < rhs),
        BinaryOp::ILe => i64::from(lhs <= rhs),
        _ => return None,
    })
}

/// Operations that leave their left side as it is.
fn identity(op: BinaryOp, lhs: Operand, rhs: i64) -> Option<Operand> {
    let same = match op {
        BinaryOp::IAdd | BinaryOp::ISub | BinaryOp::IAddW | BinaryOp::ISubW => rhs == 0,
        BinaryOp::BOr | BinaryOp::BXor | BinaryOp::Shl | BinaryOp::Shr | BinaryOp::UShr => rhs == 0,
        BinaryOp::IMul | BinaryOp::IDiv | BinaryOp::IMulW => rhs == 1,
        BinaryOp::BAnd => rhs == -1,
        _ => false,
    };
    same.then_some(lhs)
}

fn floats(op: BinaryOp, lhs: f64, rhs: f64, constants: &mut Constants) -> Option<Operand> {
    Some(match op {
        BinaryOp::FAdd => constants.float(lhs + rhs),
        BinaryOp::FSub => constants.float(lhs - rhs),
        BinaryOp::FMul => constants.float(lhs * rhs),
        BinaryOp::FDiv => constants.float(lhs / rhs),
        BinaryOp::FRem => constants.float(lhs % rhs),
        BinaryOp::FEq => constants.int(i64::from(lhs == rhs)),
        BinaryOp::FNe => constants.int(i64::from(lhs != rhs)),
        BinaryOp::FLt => constants.int(i64::from(lhs < rhs)),
        BinaryOp::FLe => constants.int(i64::from(lhs <= rhs)),
        _ => return None,
    })
}

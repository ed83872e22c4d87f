//! Arithmetic, comparisons and checks.

use cranelift_codegen::ir::condcodes::{FloatCC, IntCC};
use cranelift_codegen::ir::{self, InstBuilder, MemFlagsData, types};
use lang_bytecode::Width;

use super::Lower;
use crate::jit::ir::{Binary, Checked, Cond, FCond, Inst, Op, Type, Unary, Value};
use crate::jit::translate::traps;

/// The CLIF condition of a comparison.
fn int_cc(cond: Cond) -> IntCC {
    match cond {
        Cond::Eq => IntCC::Equal,
        Cond::Ne => IntCC::NotEqual,
        Cond::Lt => IntCC::SignedLessThan,
        Cond::Le => IntCC::SignedLessThanOrEqual,
        Cond::Gt => IntCC::SignedGreaterThan,
        Cond::Ge => IntCC::SignedGreaterThanOrEqual,
        Cond::ULt => IntCC::UnsignedLessThan,
        Cond::UGe => IntCC::UnsignedGreaterThanOrEqual,
    }
}

/// The CLIF condition of a comparison of floats.
fn float_cc(cond: FCond) -> FloatCC {
    match cond {
        FCond::Eq => FloatCC::Equal,
        FCond::Ne => FloatCC::NotEqual,
        FCond::Lt => FloatCC::LessThan,
        FCond::Le => FloatCC::LessThanOrEqual,
        FCond::Nlt => FloatCC::UnorderedOrGreaterThanOrEqual,
        FCond::Nle => FloatCC::UnorderedOrGreaterThan,
    }
}

impl Lower<'_> {
    /// Lowers an operation.
    pub(super) fn inst(&mut self, inst: &Inst) {
        let result = inst.results.first().copied();
        match (&inst.op, result) {
            (Op::Const(value), Some(result)) => {
                let value = self.constant(*value);
                self.set(result, value);
            }
            (Op::Fixed(address), Some(result)) => {
                let value = self.constant(*address as i64);
                self.set(result, value);
            }
            (Op::Float(bits), Some(result)) => {
                let value = self.b.ins().f64const(f64::from_bits(*bits));
                self.set(result, value);
            }
            (Op::Unary(op, value), Some(result)) => {
                let value = self.value(*value);
                let value = self.unary(*op, value);
                self.set(result, value);
            }
            (Op::Binary(op, lhs, rhs), Some(result)) => {
                let (lhs, rhs) = (self.value(*lhs), self.value(*rhs));
                let value = self.binary(*op, lhs, rhs);
                self.set(result, value);
            }
            (Op::Compare(cond, lhs, rhs), Some(result)) => {
                let (lhs, rhs) = (self.value(*lhs), self.value(*rhs));
                let flag = self.b.ins().icmp(int_cc(*cond), lhs, rhs);
                self.set_flag(result, flag);
            }
            (Op::FCompare(cond, lhs, rhs), Some(result)) => {
                let (lhs, rhs) = (self.value(*lhs), self.value(*rhs));
                let flag = self.b.ins().fcmp(float_cc(*cond), lhs, rhs);
                self.set_flag(result, flag);
            }
            (Op::Select { cond, then, other }, Some(result)) => {
                let (cond, then, other) = (self.flag(*cond), self.value(*then), self.value(*other));
                let value = self.b.ins().select(cond, then, other);
                self.set(result, value);
            }
            (Op::Checked { op, lhs, rhs, swap }, Some(result)) => {
                self.checked(*op, *lhs, *rhs, *swap, result)
            }
            (Op::Guard { cond, values }, _) => {
                let values = values.map(|value| self.value(value));
                let cond = self.flag(*cond);
                self.trap_if(cond, &values, traps::EXPLAINED);
            }
            (Op::Bounds { index, len }, _) => {
                let (index, len) = (self.value(*index), self.value(*len));
                let outside = self.b.ins().icmp(IntCC::UnsignedGreaterThanOrEqual, index, len);
                self.trap_if(outside, &[index, len], traps::EXPLAINED);
            }
            (Op::Call { .. } | Op::Native { .. } | Op::CallC { .. } | Op::Helper { .. } | Op::Poll, _) => {
                self.calling(inst)
            }
            _ => self.memory(inst),
        }
    }

    fn checked(&mut self, op: Checked, lhs: Value, rhs: Value, swap: bool, result: Value) {
        let constant = [self.constant_of(lhs), self.constant_of(rhs)];
        let (lhs, rhs) = (self.value(lhs), self.value(rhs));
        let values = if swap { [rhs, lhs] } else { [lhs, rhs] };
        let (value, overflow) = match (op, constant) {
            // With a constant the sum overflows where it went the other way.
            (Checked::Add, [_, Some(c)]) | (Checked::Sub, [_, Some(c)]) => {
                let (value, down) = match op {
                    Checked::Add => (self.b.ins().iadd(lhs, rhs), c < 0),
                    _ => (self.b.ins().isub(lhs, rhs), c > 0),
                };
                let cc = if down { IntCC::SignedGreaterThan } else { IntCC::SignedLessThan };
                (value, self.b.ins().icmp(cc, value, lhs))
            }
            (Checked::Add, _) => self.b.ins().sadd_overflow(lhs, rhs),
            (Checked::Sub, _) => self.b.ins().ssub_overflow(lhs, rhs),
            (Checked::Mul, _) => self.b.ins().smul_overflow(lhs, rhs),
        };
        self.trap_if(overflow, &values, traps::EXPLAINED);
        self.set(result, value);
    }

    /// The number that a value is, where it is a constant.
    fn constant_of(&self, value: Value) -> Option<i64> {
        let lowered = self.values[value.0 as usize]?;
        let inst = self.b.func.dfg.value_def(lowered).inst()?;
        match self.b.func.dfg.insts[inst] {
            ir::InstructionData::UnaryImm { opcode: ir::Opcode::Iconst, imm } => Some(imm.bits()),
            _ => None,
        }
    }

    fn unary(&mut self, op: Unary, value: ir::Value) -> ir::Value {
        match op {
            Unary::Refine => value,
            Unary::BNot => self.b.ins().bnot(value),
            Unary::Abs => self.b.ins().iabs(value),
            Unary::Popcnt => self.b.ins().popcnt(value),
            Unary::Clz => self.b.ins().clz(value),
            Unary::Ctz => self.b.ins().ctz(value),
            Unary::Wrap(width) => self.wrap(width, value),
            Unary::FNeg => self.b.ins().fneg(value),
            Unary::FAbs => self.b.ins().fabs(value),
            Unary::FSqrt => self.b.ins().sqrt(value),
            Unary::FFloor => self.b.ins().floor(value),
            Unary::FCeil => self.b.ins().ceil(value),
            Unary::FTrunc => self.b.ins().trunc(value),
            Unary::FRound => self.round(value),
            Unary::ToF32 => {
                let narrow = self.b.ins().fdemote(types::F32, value);
                self.b.ins().fpromote(types::F64, narrow)
            }
            Unary::IToF => self.b.ins().fcvt_from_sint(types::F64, value),
            Unary::FToI => self.b.ins().fcvt_to_sint_sat(types::I64, value),
            Unary::FBits => self.b.ins().bitcast(types::I64, MemFlagsData::new(), value),
            Unary::FFromBits => self.b.ins().bitcast(types::F64, MemFlagsData::new(), value),
        }
    }

    /// The low bits, extended by the width's sign.
    fn wrap(&mut self, width: Width, value: ir::Value) -> ir::Value {
        let (ty, signed) = match width {
            Width::I8 => (types::I8, true),
            Width::I16 => (types::I16, true),
            Width::I32 => (types::I32, true),
            Width::U8 => (types::I8, false),
            Width::U16 => (types::I16, false),
            Width::U32 => (types::I32, false),
        };
        let low = self.b.ins().ireduce(ty, value);
        match signed {
            true => self.b.ins().sextend(types::I64, low),
            false => self.b.ins().uextend(types::I64, low),
        }
    }

    /// To the nearest whole number, halves away from zero; the difference is exact, and a NaN for an infinity.
    fn round(&mut self, value: ir::Value) -> ir::Value {
        let whole = self.b.ins().trunc(value);
        let rest = self.b.ins().fsub(value, whole);
        let rest = self.b.ins().fabs(rest);
        let (half, one) = (self.b.ins().f64const(0.5), self.b.ins().f64const(1.0));
        let far = self.b.ins().fcmp(FloatCC::GreaterThanOrEqual, rest, half);
        let step = self.b.ins().fcopysign(one, value);
        let next = self.b.ins().fadd(whole, step);
        self.b.ins().select(far, next, whole)
    }

    fn binary(&mut self, op: Binary, lhs: ir::Value, rhs: ir::Value) -> ir::Value {
        let ins = self.b.ins();
        match op {
            Binary::Add => ins.iadd(lhs, rhs),
            Binary::Sub => ins.isub(lhs, rhs),
            Binary::Mul => ins.imul(lhs, rhs),
            Binary::Div => ins.sdiv(lhs, rhs),
            Binary::Rem => ins.srem(lhs, rhs),
            Binary::Min => ins.smin(lhs, rhs),
            Binary::Max => ins.smax(lhs, rhs),
            Binary::And => ins.band(lhs, rhs),
            Binary::Or => ins.bor(lhs, rhs),
            Binary::Xor => ins.bxor(lhs, rhs),
            Binary::Shl => ins.ishl(lhs, rhs),
            Binary::Shr => ins.sshr(lhs, rhs),
            Binary::UShr => ins.ushr(lhs, rhs),
            Binary::Rotl => ins.rotl(lhs, rhs),
            Binary::Rotr => ins.rotr(lhs, rhs),
            Binary::FAdd => ins.fadd(lhs, rhs),
            Binary::FSub => ins.fsub(lhs, rhs),
            Binary::FMul => ins.fmul(lhs, rhs),
            Binary::FDiv => ins.fdiv(lhs, rhs),
        }
    }

    /// A value as a word: a float by its bits.
    pub(super) fn word(&mut self, value: Value) -> ir::Value {
        let lowered = self.value(value);
        match self.func.ty(value) {
            Type::Float => self.b.ins().bitcast(types::I64, MemFlagsData::new(), lowered),
            _ => lowered,
        }
    }
}

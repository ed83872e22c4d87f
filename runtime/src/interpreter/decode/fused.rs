//! The handlers of instructions that were fused.

use lang_bytecode::{Reg, Storage, Width};

use super::form::{FloatOpcode, FloatTest, Form, Rhs, Test};
use super::listing::{Kind, kind_of};
use super::select::{Select, by_storage, by_stored, choose};
use crate::interpreter::abi::Handler;
use crate::interpreter::handlers::compare::{Eq, FLe, FLt, FNle, FNlt, Ge, Gt, Le, Lt, Ne};
use crate::interpreter::handlers::float::{FAdd, FDiv, FMul, FSub};
use crate::interpreter::handlers::{arith, array, call, float, jump, memory};
use crate::interpreter::operand::{Acc, Back, Forward, Imm, Slot};
use crate::interpreter::stored::{AsF32, AsF64, AsI8, AsI16, AsI32, AsRef, AsU8, AsU16, AsU32, AsWord};

/// Picks by an operation on floats.
macro_rules! by_float_op {
    ($op:expr, $handler:path [$($fixed:ty),*] $($rest:tt)*) => {
        match $op {
            FloatOpcode::Add => choose!($handler [$($fixed,)* FAdd] $($rest)*),
            FloatOpcode::Sub => choose!($handler [$($fixed,)* FSub] $($rest)*),
            FloatOpcode::Mul => choose!($handler [$($fixed,)* FMul] $($rest)*),
            FloatOpcode::Div => choose!($handler [$($fixed,)* FDiv] $($rest)*),
        }
    };
}

/// Picks a jump that steps a register first; the right side is a register or an immediate.
macro_rules! step_jump {
    ($handler:path, $test:ty, $acc:expr, $rhs:expr, $back:expr) => {{
        use $handler as handler;
        let run: Handler = match ($acc, $rhs, $back) {
            (true, Rhs::Reg(_), true) => handler::<$test, Acc, Slot, Back>,
            (true, Rhs::Reg(_), false) => handler::<$test, Acc, Slot, Forward>,
            (true, Rhs::Imm(_), true) => handler::<$test, Acc, Imm, Back>,
            (true, Rhs::Imm(_), false) => handler::<$test, Acc, Imm, Forward>,
            (false, Rhs::Reg(_), true) => handler::<$test, Slot, Slot, Back>,
            (false, Rhs::Reg(_), false) => handler::<$test, Slot, Slot, Forward>,
            (false, Rhs::Imm(_), true) => handler::<$test, Slot, Imm, Back>,
            (false, Rhs::Imm(_), false) => handler::<$test, Slot, Imm, Forward>,
        };
        run
    }};
}

/// Picks by a test.
macro_rules! by_test {
    ($test:expr, $pick:ident, $handler:path $(, $rest:expr)*) => {
        match $test {
            Test::Eq => $pick!($handler, Eq $(, $rest)*),
            Test::Ne => $pick!($handler, Ne $(, $rest)*),
            Test::Lt => $pick!($handler, Lt $(, $rest)*),
            Test::Le => $pick!($handler, Le $(, $rest)*),
            Test::Gt => $pick!($handler, Gt $(, $rest)*),
            Test::Ge => $pick!($handler, Ge $(, $rest)*),
        }
    };
}

impl Select<'_, '_> {
    /// Writes a fused form; false where the form is [`Form::Plain`].
    pub(super) fn fused(&mut self, form: Form) -> bool {
        match form {
            Form::Plain => return false,
            Form::StepJump { reg, up, test, rhs, to } => self.step_jump(reg, up, test, rhs, to),
            Form::AddJump { reg, step, to } => {
                let run = choose!(jump::add_jump [] src self.int(reg), edge self.back(to));
                self.jump(run, self.slot(reg), step as u16, to);
            }
            Form::MoveJump { dst, src, to } => {
                let run = match kind_of(self.listing.types[self.at]) {
                    Kind::Int => choose!(jump::move_jump [] src self.int(src), edge self.back(to)),
                    Kind::Float => choose!(jump::float_move_jump [] src self.float(src), edge self.back(to)),
                };
                self.jump(run, self.slot(dst), self.slot(src), to);
            }
            Form::MoveTwo { first, second } => {
                let [a, b, c, x] = [first.0, first.1, second.0, second.1].map(|reg| self.slot(reg));
                self.op(memory::move_two, a, b, c, x);
            }
            Form::MaskJump { value, mask, test, to } => {
                let run = match test {
                    Test::Eq => choose!(jump::mask_jump [Eq] src self.int(value), edge self.back(to)),
                    _ => choose!(jump::mask_jump [Ne] src self.int(value), edge self.back(to)),
                };
                self.jump(run, self.slot(value), mask, to);
            }
            Form::MultiplyAdd { dst, lhs, rhs, addend } => self.multiply_add(dst, lhs, rhs, addend),
            Form::AddAdd { dst, lhs, rhs, addend } => self.add_add(dst, lhs, rhs, addend),
            Form::StepThenJump { reg, step, test, lhs, rhs, to } => {
                self.step_then_jump([reg, lhs], step, test, rhs, to);
            }
            Form::JumpAndStep { reg, test, limit, step, to } => {
                self.jump_and_step(reg, test, limit, step, to)
            }
            Form::FloatWithInt { op, dst, src, other, int_left } => {
                let (keep, at, with) = (self.keep, self.int(src), self.float(other));
                if int_left {
                    let run = by_float_op!(op, float::int_with_float [] keep keep, src at, src with);
                    self.op(run, self.slot(dst), self.slot(src), self.slot(other), 0);
                } else {
                    let run = by_float_op!(op, float::float_with_int [] keep keep, src with, src at);
                    self.op(run, self.slot(dst), self.slot(other), self.slot(src), 0);
                }
            }
            Form::ElementSet { array, index, value } => {
                let storage = self.listing.element(self.listing.subject[self.last]);
                let run = by_storage!(storage, array::array_set [] src self.int(index), imm);
                // A trap is the store's, not the constant's.
                self.at = self.last;
                self.op(run, self.slot(array), self.slot(index), value as u16, 0);
            }
            Form::Nothing => {}
            Form::ComputeJump { subtract, dst, lhs, rhs, test, limit, to } => {
                self.compute_jump(subtract, [dst, lhs], rhs, test, limit, to);
            }
            Form::FloatComputeJump { op, lhs, rhs, test, limit, to } => {
                self.float_compute_jump(op, lhs, rhs, test, to);
                let limit = self.slot(limit);
                self.op(memory::nop, limit, 0, 0, 0);
            }
            Form::ElementCopy { array, index, from, at } => {
                let storage = self.listing.element(self.listing.subject[self.at]);
                let run = by_stored!(storage, array::element_copy [] src self.int(index), src self.int(at));
                self.op(run, self.slot(array), self.slot(index), self.slot(from), self.slot(at));
            }
            Form::FloatChain { inner, outer, dst, lhs, rhs, other, on_left } => {
                let run = self.float_chain(inner, outer, [lhs, rhs, other], on_left);
                self.op(run, self.slot(dst), self.slot(lhs), self.slot(rhs), self.slot(other));
            }
            Form::ElementFloat { op, dst, array, index, other, on_left } => {
                let (keep, at, with) = (self.keep, self.int(index), self.float(other));
                let run = match on_left {
                    true => by_float_op!(op, array::element_left [] keep keep, src at, src with),
                    false => by_float_op!(op, array::element_right [] keep keep, src at, src with),
                };
                self.op(run, self.slot(dst), self.slot(array), self.slot(index), self.slot(other));
            }
            Form::ElementMulAdd { dst, array, index, factor, addend } => {
                let run = choose!(array::element_multiply_add []
                    keep self.keep, src self.int(index), src self.float(factor), src self.float(addend));
                self.op(run, self.slot(dst), self.slot(array), self.slot(index), self.slot(factor));
            }
            Form::ElementJump { array, index, zero, to } => self.element_jump(array, index, zero, to),
            Form::FieldElement { dst, object, index } => {
                let offset = self.listing.field_at(self.at).map_or(0, |field| field.offset as u16);
                let storage = self.listing.element(self.listing.subject[self.last]);
                let run = by_storage!(storage, array::field_array_get [] keep self.keep, src self.int(index));
                self.op(run, self.slot(dst), self.slot(object), offset, self.slot(index));
            }
            Form::ElementElement { dst, array, index, inner } => {
                let storage = self.listing.element(self.listing.subject[self.last]);
                let run = by_storage!(storage, array::array_array_get [] keep self.keep, src self.int(index));
                self.op(run, self.slot(dst), self.slot(array), self.slot(index), self.slot(inner));
            }
            Form::CallWith { src, addend } => self.call_with(src, addend),
        }
        true
    }

    fn step_jump(&mut self, reg: Reg, up: bool, test: Test, rhs: Rhs, to: usize) {
        let (acc, back) = (self.int(reg), self.back(to));
        let run = match up {
            true => by_test!(test, step_jump, jump::increment_jump, acc, rhs, back),
            false => by_test!(test, step_jump, jump::decrement_jump, acc, rhs, back),
        };
        self.jump(run, self.slot(reg), self.operand(rhs), to);
    }

    fn multiply_add(&mut self, dst: Reg, lhs: Reg, rhs: Rhs, addend: Rhs) {
        let (keep, acc) = (self.keep, self.int(lhs));
        let at_hand = |rhs: Rhs| matches!(rhs, Rhs::Reg(reg) if self.int(reg));
        let (rhs_acc, addend_acc) = (at_hand(rhs), at_hand(addend));
        let run = match (rhs, addend) {
            (Rhs::Reg(_), Rhs::Reg(_)) => {
                choose!(arith::multiply_add [] keep keep, src acc, src rhs_acc, src addend_acc)
            }
            (Rhs::Reg(_), Rhs::Imm(_)) => {
                choose!(arith::multiply_add [] keep keep, src acc, src rhs_acc, imm)
            }
            (Rhs::Imm(_), Rhs::Reg(_)) => {
                choose!(arith::multiply_add [] keep keep, src acc, imm, src addend_acc)
            }
            (Rhs::Imm(_), Rhs::Imm(_)) => choose!(arith::multiply_add [] keep keep, src acc, imm, imm),
        };
        let [rhs, addend] = [rhs, addend].map(|rhs| self.operand(rhs));
        self.op(run, self.slot(dst), self.slot(lhs), rhs, addend);
    }

    fn add_add(&mut self, dst: Reg, lhs: Reg, rhs: Rhs, addend: Rhs) {
        let (keep, acc) = (self.keep, self.int(lhs));
        let at_hand = |rhs: Rhs| matches!(rhs, Rhs::Reg(reg) if self.int(reg));
        let (rhs_acc, addend_acc) = (at_hand(rhs), at_hand(addend));
        let run = match (rhs, addend) {
            (Rhs::Reg(_), Rhs::Reg(_)) => {
                choose!(arith::add_add [] keep keep, src acc, src rhs_acc, src addend_acc)
            }
            (Rhs::Reg(_), Rhs::Imm(_)) => choose!(arith::add_add [] keep keep, src acc, src rhs_acc, imm),
            (Rhs::Imm(_), Rhs::Reg(_)) => choose!(arith::add_add [] keep keep, src acc, imm, src addend_acc),
            (Rhs::Imm(_), Rhs::Imm(_)) => choose!(arith::add_add [] keep keep, src acc, imm, imm),
        };
        let [rhs, addend] = [rhs, addend].map(|rhs| self.operand(rhs));
        self.op(run, self.slot(dst), self.slot(lhs), rhs, addend);
    }

    fn step_then_jump(&mut self, regs: [Reg; 2], step: i16, test: Test, rhs: Rhs, to: usize) {
        let (acc, back) = (self.int(regs[1]), self.back(to));
        macro_rules! pick {
            ($handler:path, $test:ty) => {
                match rhs {
                    Rhs::Reg(_) => choose!($handler [$test] src acc, slot, edge back),
                    Rhs::Imm(_) => choose!($handler [$test] src acc, imm, edge back),
                }
            };
        }
        let run = by_test!(test, pick, jump::step_then_jump);
        self.jump(run, self.slot(regs[0]), self.slot(regs[1]), to);
        self.op(memory::nop, step as u16, self.operand(rhs), 0, 0);
    }

    fn jump_and_step(&mut self, reg: Reg, test: Test, limit: Rhs, step: Rhs, to: usize) {
        let acc = self.int(reg);
        macro_rules! pick {
            ($test:ty) => {
                match (limit, step) {
                    (Rhs::Reg(_), Rhs::Reg(_)) => choose!(jump::jump_and_step [$test] src acc, slot, slot),
                    (Rhs::Reg(_), Rhs::Imm(_)) => choose!(jump::jump_and_step [$test] src acc, slot, imm),
                    (Rhs::Imm(_), Rhs::Reg(_)) => choose!(jump::jump_and_step [$test] src acc, imm, slot),
                    (Rhs::Imm(_), Rhs::Imm(_)) => choose!(jump::jump_and_step [$test] src acc, imm, imm),
                }
            };
        }
        let run = match test {
            Test::Lt => pick!(Lt),
            Test::Le => pick!(Le),
            _ => pick!(Ne),
        };
        self.jump(run, self.slot(reg), self.operand(limit), to);
        self.op(memory::nop, self.operand(step), 0, 0, 0);
    }

    fn compute_jump(&mut self, subtract: bool, regs: [Reg; 2], rhs: Rhs, test: Test, limit: Rhs, to: usize) {
        let (acc, back) = (self.int(regs[1]), self.back(to));
        macro_rules! pick {
            ($handler:path, $test:ty) => {
                match (subtract, rhs, limit) {
                    (false, Rhs::Reg(_), Rhs::Reg(_)) => {
                        choose!($handler [arith::Add, $test] src acc, slot, slot, edge back)
                    }
                    (false, Rhs::Reg(_), Rhs::Imm(_)) => {
                        choose!($handler [arith::Add, $test] src acc, slot, imm, edge back)
                    }
                    (false, Rhs::Imm(_), Rhs::Reg(_)) => {
                        choose!($handler [arith::Add, $test] src acc, imm, slot, edge back)
                    }
                    (false, Rhs::Imm(_), Rhs::Imm(_)) => {
                        choose!($handler [arith::Add, $test] src acc, imm, imm, edge back)
                    }
                    (true, _, Rhs::Reg(_)) => choose!($handler [arith::Sub, $test] src acc, slot, slot, edge back),
                    (true, _, Rhs::Imm(_)) => choose!($handler [arith::Sub, $test] src acc, slot, imm, edge back),
                }
            };
        }
        let run = by_test!(test, pick, jump::compute_jump);
        self.jump(run, self.slot(regs[0]), self.slot(regs[1]), to);
        let [rhs, limit] = [rhs, limit].map(|rhs| self.operand(rhs));
        self.op(memory::nop, rhs, limit, 0, 0);
    }

    fn float_compute_jump(&mut self, op: FloatOpcode, lhs: Reg, rhs: Reg, test: FloatTest, to: usize) {
        let (l, r, back) = (self.float(lhs), self.float(rhs), self.back(to));
        macro_rules! pick {
            ($test:ty) => {
                match op {
                    FloatOpcode::Sub => choose!(jump::float_compute_jump [FSub, $test] src l, src r, edge back),
                    _ => choose!(jump::float_compute_jump [FAdd, $test] src l, src r, edge back),
                }
            };
        }
        let run = match test {
            FloatTest::Lt => pick!(FLt),
            FloatTest::Le => pick!(FLe),
            FloatTest::NotLt => pick!(FNlt),
            FloatTest::NotLe => pick!(FNle),
        };
        self.jump(run, self.slot(lhs), self.slot(rhs), to);
    }

    /// The right side of an operation as an operand.
    fn operand(&self, rhs: Rhs) -> u16 {
        match rhs {
            Rhs::Reg(reg) => self.slot(reg),
            Rhs::Imm(value) => value as u16,
        }
    }

    fn float_chain(
        &self,
        inner: FloatOpcode,
        outer: FloatOpcode,
        operands: [Reg; 3],
        on_left: bool,
    ) -> Handler {
        let keep = self.keep;
        let [l, r, x] = operands.map(|reg| self.float(reg));
        macro_rules! outer {
            ($inner:ty) => {
                match on_left {
                    true => by_float_op!(outer, float::float_chain_left [$inner] keep keep, src l, src r, src x),
                    false => by_float_op!(outer, float::float_chain_right [$inner] keep keep, src l, src r, src x),
                }
            };
        }
        match inner {
            FloatOpcode::Add => outer!(FAdd),
            FloatOpcode::Sub => outer!(FSub),
            FloatOpcode::Mul => outer!(FMul),
            FloatOpcode::Div => outer!(FDiv),
        }
    }

    fn element_jump(&mut self, array: Reg, index: Reg, zero: bool, to: usize) {
        let (acc, back) = (self.int(index), self.back(to));
        let bytes = self.listing.element(self.listing.subject[self.at]) == Storage::Narrow(Width::U8);
        let run = match (bytes, zero) {
            (true, true) => choose!(array::element_jump [AsU8, Eq] src acc, edge back),
            (true, false) => choose!(array::element_jump [AsU8, Ne] src acc, edge back),
            (false, true) => choose!(array::element_jump [AsWord, Eq] src acc, edge back),
            (false, false) => choose!(array::element_jump [AsWord, Ne] src acc, edge back),
        };
        self.jump(run, self.slot(array), self.slot(index), to);
    }

    fn call_with(&mut self, src: Reg, addend: i16) {
        let run: Handler = match self.int(src) {
            true => call::call_with::<arith::Add, Acc, Imm>,
            false => call::call_with::<arith::Add, Slot, Imm>,
        };
        self.op(run, self.listing.window(), self.slot(src), addend as u16, 0);
        let callee = match self.listing.instrs[self.last] {
            lang_bytecode::Instr::Call { callee } => Some(callee),
            _ => None,
        };
        self.link(callee);
    }
}

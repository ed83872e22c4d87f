//! `for` over numbers. The parts are evaluated once; a counter never overflows on the way to its end, even at `int.MAX`.

use lang_bytecode::TrapKind;

use super::builder::Builder;
use crate::hir::{For, PatternKind, RangeSource};
use crate::ir::{BinaryOp, BlockId, Op, Operand, Test, VReg};
use crate::source::Span;

/// The parts of a range, evaluated.
struct Parts {
    lo: Operand,
    hi: Operand,
    step: Operand,
    inclusive: bool,
}

impl<'p> Builder<'_, 'p> {
    pub(super) fn for_range(&mut self, for_: &'p For, range: &'p RangeSource) {
        let lo = self.fixed(range.lo);
        let hi = range.hi.map(|hi| self.fixed(hi));
        let step = match range.step {
            Some((step, span)) => {
                let step = self.fixed(step);
                self.check_step(step, span);
                step
            }
            None => Operand::Int(1),
        };
        match hi {
            None => self.endless(for_, lo, step),
            Some(hi) => {
                let parts = Parts { lo, hi, step, inclusive: range.inclusive };
                match (range.reversed, step == Operand::Int(1)) {
                    (true, true) => self.downward(for_, parts),
                    (true, false) => self.downward_by(for_, parts),
                    (false, true) => self.upward(for_, parts),
                    (false, false) => self.upward_by(for_, parts),
                }
            }
        }
    }

    /// A step that is not positive is a runtime error of the call of `step_by`.
    fn check_step(&mut self, step: Operand, span: Span) {
        if self.lower.out.constants.as_int(step).is_some_and(|step| step > 0) {
            return;
        }
        let (bad, good) = (self.block(), self.block());
        self.branch(Test::IGt, step, Operand::Int(0), good, bad);
        self.start(bad);
        let loop_at = self.at;
        self.at(span);
        let message = self.text_with_int("`step_by` takes a positive step, not ", step);
        self.fail(message, TrapKind::Argument);
        self.at = loop_at;
        self.start(good);
    }

    /// The body with the counter bound; ends in the block `next`, which is started.
    fn round(&mut self, for_: &'p For, counter: VReg, number: Option<VReg>, next: BlockId, exit: BlockId) {
        self.enter_loop(for_.id, exit, next, None);
        if let (Some(pattern), Some(number)) = (&for_.index, number) {
            self.bind_counter(pattern, number);
        }
        if !matches!(for_.item.kind, PatternKind::Wildcard) {
            self.bind_counter(&for_.item, counter);
        }
        self.effect(for_.body);
        self.jump(next);
        self.start(next);
        if let Some(number) = number {
            self.increment(number);
        }
    }

    fn number(&mut self, for_: &For) -> Option<VReg> {
        for_.index.as_ref().map(|_| self.counter(Operand::Int(0)))
    }

    fn add(&mut self, op: BinaryOp, counter: VReg, step: Operand) {
        self.push(Op::Binary { op, dst: counter, lhs: counter.into(), rhs: step });
    }

    /// `lo..`: until the counter overflows.
    fn endless(&mut self, for_: &'p For, lo: Operand, step: Operand) {
        let counter = self.counter(lo);
        let number = self.number(for_);
        let (top, next, exit) = (self.block(), self.block(), self.block());
        self.jump(top);
        self.start(top);
        self.round(for_, counter, number, next, exit);
        self.add(BinaryOp::IAdd, counter, step);
        self.jump(top);
        self.start(exit);
    }

    /// `lo..hi`, `lo..=hi`
    fn upward(&mut self, for_: &'p For, parts: Parts) {
        let counter = self.counter(parts.lo);
        let number = self.number(for_);
        let (top, next, exit) = (self.block(), self.block(), self.block());
        let last = self.lower.out.constants.as_int(parts.hi);
        if !parts.inclusive || last.is_some_and(|last| last < i64::MAX) {
            let test = if parts.inclusive { Test::ILe } else { Test::ILt };
            self.branch(test, counter.into(), parts.hi, top, exit);
            self.start(top);
            self.round(for_, counter, number, next, exit);
            self.add(BinaryOp::IAdd, counter, Operand::Int(1));
            self.branch(test, counter.into(), parts.hi, top, exit);
            self.start(exit);
            return;
        }
        // The increment stands before the body, where the end is known not to be reached yet: it cannot overflow.
        let more = self.block();
        self.branch(Test::ILe, counter.into(), parts.hi, top, exit);
        self.start(more);
        self.add(BinaryOp::IAdd, counter, Operand::Int(1));
        self.jump(top);
        self.start(top);
        self.round(for_, counter, number, next, exit);
        self.branch(Test::ILt, counter.into(), parts.hi, more, exit);
        self.start(exit);
    }

    /// `(lo..hi).step_by(step)`
    fn upward_by(&mut self, for_: &'p For, parts: Parts) {
        let counter = self.counter(parts.lo);
        let number = self.number(for_);
        let (more, top, next, exit) = (self.block(), self.block(), self.block(), self.block());
        let (first, limit) = (self.block(), self.int_reg());
        let test = if parts.inclusive { Test::ILe } else { Test::ILt };
        self.branch(test, counter.into(), parts.hi, first, exit);
        self.start(first);
        self.step_limit(limit, &parts);
        self.jump(top);
        self.start(more);
        self.add(BinaryOp::IAdd, counter, parts.step);
        self.jump(top);
        self.start(top);
        self.round(for_, counter, number, next, exit);
        self.branch(Test::ILt, counter.into(), limit.into(), more, exit);
        self.start(exit);
    }

    /// Below which a counter may take one more step: `hi - step`, or `hi - (step - 1)` where `hi` belongs to the range; the least int where
    /// that is below all ints.
    fn step_limit(&mut self, limit: VReg, parts: &Parts) {
        let back = if parts.inclusive {
            Operand::Reg(self.binary(BinaryOp::ISub, parts.step, Operand::Int(1)))
        } else {
            parts.step
        };
        self.push(Op::Binary { op: BinaryOp::ISubW, dst: limit, lhs: parts.hi, rhs: back });
        let (wrapped, good) = (self.block(), self.block());
        self.branch(Test::ILe, limit.into(), parts.hi, good, wrapped);
        self.start(wrapped);
        self.cold();
        let least = self.int(i64::MIN);
        self.mov(limit, least);
        self.jump(good);
        self.start(good);
    }

    /// `(lo..hi).rev()`
    fn downward(&mut self, for_: &'p For, parts: Parts) {
        let counter = self.counter(parts.hi);
        let number = self.number(for_);
        let (more, top, next, exit) = (self.block(), self.block(), self.block(), self.block());
        let test = if parts.inclusive { Test::IGe } else { Test::IGt };
        let first = if parts.inclusive { top } else { more };
        self.branch(test, counter.into(), parts.lo, first, exit);
        self.start(more);
        self.add(BinaryOp::IAdd, counter, Operand::Int(-1));
        self.jump(top);
        self.start(top);
        self.round(for_, counter, number, next, exit);
        self.branch(Test::IGt, counter.into(), parts.lo, more, exit);
        self.start(exit);
    }

    /// `(lo..hi).step_by(step).rev()`: from the last number of the upward range.
    fn downward_by(&mut self, for_: &'p For, parts: Parts) {
        let counter = self.int_reg();
        let number = self.number(for_);
        let (more, top, next, exit, first) =
            (self.block(), self.block(), self.block(), self.block(), self.block());
        let test = if parts.inclusive { Test::ILe } else { Test::ILt };
        self.branch(test, parts.lo, parts.hi, first, exit);
        self.start(first);
        let last = match parts.inclusive {
            true => parts.hi,
            false => Operand::Reg(self.binary(BinaryOp::ISub, parts.hi, Operand::Int(1))),
        };
        let distance = self.binary(BinaryOp::ISub, last, parts.lo);
        let rest = self.binary(BinaryOp::IRem, distance, parts.step);
        self.push(Op::Binary { op: BinaryOp::ISub, dst: counter, lhs: last, rhs: rest.into() });
        self.jump(top);
        self.start(more);
        self.add(BinaryOp::ISub, counter, parts.step);
        self.jump(top);
        self.start(top);
        self.round(for_, counter, number, next, exit);
        self.branch(Test::IGt, counter.into(), parts.lo, more, exit);
        self.start(exit);
    }
}

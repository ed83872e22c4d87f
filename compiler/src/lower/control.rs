//! Control flow: blocks, `if`, `match`, loops without a source, and the ways out of them.

use std::rc::Rc;

use lang_bytecode::TrapKind;

use super::builder::{Builder, LoopFrame};
use super::value::Value;
use crate::hir::{Block, ExprId, ExprKind, If, LoopId, Match, Stmt};
use crate::ir::VReg;

/// Conditions of more parts than this are not repeated at the bottom of their loop.
const MAX_REPEATED: usize = 24;

impl<'p> Builder<'_, 'p> {
    /// An expression that branches; its value goes to `dst`, if that is wanted.
    pub(super) fn control(&mut self, id: ExprId, dst: Option<&[VReg]>) {
        let Some(expr) = self.expr(id) else { return };
        match &expr.kind {
            ExprKind::If(branches) => self.if_expr(branches, dst),
            ExprKind::Match(arms) => self.match_expr(arms, dst),
            ExprKind::Loop(id, body) => self.loop_expr(*id, *body, dst),
            ExprKind::While(id, condition, body) => self.while_loop(*id, *condition, *body),
            ExprKind::For(for_) => self.for_loop(for_),
            ExprKind::Break(id, value) => self.break_expr(*id, *value),
            ExprKind::Continue(id) => {
                if let Some(frame) = self.loops.get(id.index()).cloned().flatten() {
                    self.run_defers(frame.defers, Value::UNIT);
                    self.jump(frame.next);
                }
            }
            ExprKind::Return(value) => {
                let value = value.map_or(Value::UNIT, |value| self.value(value));
                self.return_value(value);
            }
            _ => {}
        }
    }

    /// The value of a branch, or what it does.
    pub(super) fn arm(&mut self, id: ExprId, dst: Option<&[VReg]>) {
        match dst {
            Some(dst) => self.value_into(id, dst),
            None => self.effect(id),
        }
    }

    fn if_expr(&mut self, branches: &'p If, dst: Option<&[VReg]>) {
        let after = self.block();
        for (condition, body) in &branches.branches {
            let (then, next) = (self.block(), self.block());
            self.condition(*condition, then, next);
            self.start(then);
            self.arm(*body, dst);
            self.jump(after);
            self.start(next);
        }
        if let Some(body) = branches.otherwise {
            self.arm(body, dst);
        }
        self.jump(after);
        self.start(after);
    }

    fn match_expr(&mut self, match_: &'p Match, dst: Option<&[VReg]>) {
        let subject = self.value(match_.subject);
        if self.switch(match_, subject, dst) {
            return;
        }
        let guarded = match_.arms.iter().any(|arm| arm.guard.is_some());
        let subject = if guarded { self.copy(subject) } else { subject };
        let after = self.block();
        for (index, arm) in match_.arms.iter().enumerate() {
            // A match is exhaustive: where all others failed, the last pattern holds.
            let last = index + 1 == match_.arms.len() && arm.guard.is_none();
            let next = self.block();
            self.pattern(&arm.pattern, subject, (!last).then_some(next));
            if let Some(guard) = arm.guard {
                let body = self.block();
                self.condition(guard, body, next);
                self.start(body);
            }
            self.arm(arm.body, dst);
            self.jump(after);
            self.start(next);
        }
        self.trap(TrapKind::Unreachable);
        self.start(after);
    }

    fn loop_expr(&mut self, id: LoopId, body: ExprId, dst: Option<&[VReg]>) {
        let (top, exit) = (self.block(), self.block());
        self.jump(top);
        self.start(top);
        self.enter_loop(id, exit, top, dst.map(Rc::from));
        self.effect(body);
        self.jump(top);
        self.start(exit);
    }

    pub(super) fn enter_loop(
        &mut self,
        id: LoopId,
        exit: crate::ir::BlockId,
        next: crate::ir::BlockId,
        result: Option<Rc<[VReg]>>,
    ) {
        let defers = self.defers.len();
        if let Some(frame) = self.loops.get_mut(id.index()) {
            *frame = Some(LoopFrame { exit, next, result, defers });
        }
    }

    /// `while`: the condition stands at the bottom, and once more before the loop where it is small.
    fn while_loop(&mut self, id: LoopId, condition: ExprId, body: ExprId) {
        let (top, next, exit) = (self.block(), self.block(), self.block());
        let mut budget = MAX_REPEATED;
        if self.is_small(condition, &mut budget) {
            self.condition(condition, top, exit);
        } else {
            self.jump(next);
        }
        self.start(top);
        self.enter_loop(id, exit, next, None);
        self.effect(body);
        self.jump(next);
        self.start(next);
        self.condition(condition, top, exit);
        self.start(exit);
    }

    /// Whether an expression has few parts and none that may be lowered once only.
    fn is_small(&self, id: ExprId, budget: &mut usize) -> bool {
        let Some(expr) = self.expr(id) else { return false };
        if *budget == 0 {
            return false;
        }
        *budget -= 1;
        match &expr.kind {
            ExprKind::Literal(_) | ExprKind::Unit | ExprKind::Local(_) | ExprKind::Global(_) => true,
            ExprKind::Unary(_, operand)
            | ExprKind::Convert(_, operand)
            | ExprKind::Field(operand, _)
            | ExprKind::TupleField(operand, _)
            | ExprKind::Matches(_, operand) => self.is_small(*operand, budget),
            ExprKind::Binary(_, lhs, rhs)
            | ExprKind::And(lhs, rhs)
            | ExprKind::Or(lhs, rhs)
            | ExprKind::Index(lhs, rhs) => self.is_small(*lhs, budget) && self.is_small(*rhs, budget),
            ExprKind::Call(call) => call.args.iter().all(|arg| self.is_small(*arg, budget)),
            _ => false,
        }
    }

    fn break_expr(&mut self, id: LoopId, value: Option<ExprId>) {
        let Some(frame) = self.loops.get(id.index()).cloned().flatten() else { return };
        match (value, &frame.result) {
            (Some(value), Some(dst)) if self.defers.len() == frame.defers && dst.len() == 1 => {
                self.value_into(value, dst);
            }
            (Some(value), result) => {
                let value = self.value(value);
                let value = self.run_defers(frame.defers, value);
                if let Some(dst) = result {
                    self.move_value(dst, value);
                }
            }
            (None, _) => {
                self.run_defers(frame.defers, Value::UNIT);
            }
        }
        self.jump(frame.exit);
    }

    /// Runs what was deferred since there were `depth` of them, last first; the value is kept from it.
    /// They stay deferred: other ways out run them too.
    pub(super) fn run_defers(&mut self, depth: usize, value: Value) -> Value {
        if self.defers.len() <= depth || !self.is_open() {
            return value;
        }
        let value = self.copy(value);
        let waiting = self.defers.clone();
        for index in (depth..waiting.len()).rev() {
            self.defers.truncate(index);
            self.effect(waiting[index]);
        }
        self.defers = waiting;
        value
    }

    fn statements(&mut self, block: &'p Block) {
        for stmt in &block.stmts {
            match stmt {
                Stmt::Expr(id) => self.effect(*id),
                Stmt::Let(let_) => {
                    self.let_stmt(&let_.pattern, let_.value, let_.otherwise);
                }
                Stmt::Defer(id) => self.defers.push(*id),
            }
        }
    }

    /// Leaves a block: what it deferred runs.
    fn leave(&mut self, depth: usize, value: Value) -> Value {
        let value = self.run_defers(depth, value);
        self.defers.truncate(depth);
        value
    }

    pub(super) fn block_value(&mut self, block: &'p Block) -> Value {
        let depth = self.defers.len();
        self.statements(block);
        let value = block.value.map_or(Value::UNIT, |value| self.value(value));
        self.leave(depth, value)
    }

    pub(super) fn block_into(&mut self, block: &'p Block, dst: &[VReg]) {
        let depth = self.defers.len();
        self.statements(block);
        match block.value {
            Some(value) if self.defers.len() == depth => self.value_into(value, dst),
            Some(value) => {
                let value = self.value(value);
                let value = self.leave(depth, value);
                self.move_value(dst, value);
            }
            None => {
                self.leave(depth, Value::UNIT);
            }
        }
    }

    pub(super) fn block_effect(&mut self, block: &'p Block) {
        let depth = self.defers.len();
        self.statements(block);
        if let Some(value) = block.value {
            self.effect(value);
        }
        self.leave(depth, Value::UNIT);
    }
}

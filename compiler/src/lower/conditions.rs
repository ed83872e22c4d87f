//! Conditions, lowered straight into branches.

use lang_bytecode::RegType;

use super::builder::Builder;
use crate::hir::{BinaryOp, ExprId, ExprKind, Literal, UnaryOp};
use crate::ir::{self, BlockId, Operand, Test, VReg};

impl Builder<'_, '_> {
    /// Continues at `then` where the condition holds, at `otherwise` where not.
    pub(super) fn condition(&mut self, id: ExprId, then: BlockId, otherwise: BlockId) {
        let Some(expr) = self.expr(id) else { return };
        let saved = self.at;
        self.at(expr.span);
        match &expr.kind {
            ExprKind::Literal(Literal::Bool(value)) => self.jump(if *value { then } else { otherwise }),
            ExprKind::Unary(UnaryOp::Not, operand) => self.condition(*operand, otherwise, then),
            ExprKind::And(..) | ExprKind::Or(..) => {
                let parts = self.chain(id);
                let all = matches!(expr.kind, ExprKind::And(..));
                for (index, part) in parts.iter().enumerate() {
                    if index + 1 == parts.len() {
                        self.condition(*part, then, otherwise);
                    } else {
                        let next = self.block();
                        let (yes, no) = if all { (next, otherwise) } else { (then, next) };
                        self.condition(*part, yes, no);
                        self.start(next);
                    }
                }
            }
            ExprKind::Matches(pattern, subject) => {
                let value = self.value(*subject);
                self.pattern(pattern, value, otherwise);
                self.jump(then);
            }
            ExprKind::Binary(op, lhs, rhs) if self.compare(*op, *lhs, *rhs, then, otherwise) => {}
            _ => {
                let value = self.value(id).single();
                self.branch(Test::INe, value, Operand::Int(0), then, otherwise);
            }
        }
        self.at = saved;
    }

    /// The parts of `a and b and c`, or of `a or b or c`, in order.
    fn chain(&self, id: ExprId) -> Vec<ExprId> {
        let mut parts = Vec::new();
        let mut at = id;
        let all = self.expr(id).is_some_and(|expr| matches!(expr.kind, ExprKind::And(..)));
        while let Some(expr) = self.expr(at) {
            match expr.kind {
                ExprKind::And(lhs, rhs) if all => {
                    parts.push(rhs);
                    at = lhs;
                }
                ExprKind::Or(lhs, rhs) if !all => {
                    parts.push(rhs);
                    at = lhs;
                }
                _ => break,
            }
        }
        parts.push(at);
        parts.reverse();
        parts
    }

    /// Branches on a comparison of numbers; false if it is something else.
    fn compare(&mut self, op: BinaryOp, lhs: ExprId, rhs: ExprId, then: BlockId, otherwise: BlockId) -> bool {
        let ty = self.operand_type(lhs, rhs);
        let (test, swapped) = match self.layout(ty).words[..] {
            [RegType::Int] => match int_test(op) {
                Some(test) => (test, false),
                None => return false,
            },
            [RegType::Float] => match float_test(op) {
                Some(test) => test,
                None => return false,
            },
            _ => return false,
        };
        let (lhs, rhs) = self.operands(lhs, rhs);
        let (lhs, rhs) = if swapped { (rhs, lhs) } else { (lhs, rhs) };
        self.branch(test, lhs, rhs, then, otherwise);
        true
    }

    /// Puts 1 or 0 into a register.
    pub(super) fn truth_into(&mut self, id: ExprId, dst: VReg) {
        if let Some(expr) = self.expr(id)
            && let ExprKind::Unary(UnaryOp::Not, operand) = &expr.kind
            && self.is_plain(*operand)
        {
            let src = self.value(*operand).single();
            self.push(ir::Op::Unary { op: ir::UnaryOp::Not, dst, src });
            return;
        }
        let (yes, no, after) = (self.block(), self.block(), self.block());
        self.condition(id, yes, no);
        self.start(yes);
        self.mov(dst, Operand::Int(1));
        self.jump(after);
        self.start(no);
        self.mov(dst, Operand::Int(0));
        self.jump(after);
        self.start(after);
    }

    /// Whether a truth value is computed without branches.
    fn is_plain(&self, id: ExprId) -> bool {
        self.expr(id).is_some_and(|expr| match &expr.kind {
            ExprKind::And(..) | ExprKind::Or(..) | ExprKind::Matches(..) => false,
            ExprKind::Unary(UnaryOp::Not, operand) => self.is_plain(*operand),
            _ => true,
        })
    }
}

fn int_test(op: BinaryOp) -> Option<Test> {
    Some(match op {
        BinaryOp::Eq => Test::IEq,
        BinaryOp::Ne => Test::INe,
        BinaryOp::Lt => Test::ILt,
        BinaryOp::Le => Test::ILe,
        BinaryOp::Gt => Test::IGt,
        BinaryOp::Ge => Test::IGe,
        _ => return None,
    })
}

/// The test on floats, and whether the sides change places.
fn float_test(op: BinaryOp) -> Option<(Test, bool)> {
    Some(match op {
        BinaryOp::Eq => (Test::FEq, false),
        BinaryOp::Ne => (Test::FNe, false),
        BinaryOp::Lt => (Test::FLt, false),
        BinaryOp::Le => (Test::FLe, false),
        BinaryOp::Gt => (Test::FLt, true),
        BinaryOp::Ge => (Test::FLe, true),
        _ => return None,
    })
}

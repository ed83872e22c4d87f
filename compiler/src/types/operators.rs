//! Operators: on primitives they are instructions, on other types calls of traits' methods.

use super::Checker;
use super::expr::Expect;
use super::infer::VarKind;
use super::pending::Pending;
use super::report::{COMPARED, Why};
use super::traits::Answer;
use crate::ast::{self, ExprKind as Ast};
use crate::diagnostics::{Diagnostic, codes};
use crate::hir::{
    BinaryOp, Block, Conversion, ExprId, ExprKind, Literal, Stmt, TraitId, TraitRef, Ty, TyKind, TyList,
    UnaryOp, methods,
};
use crate::source::Span;

/// What kind of operands an operator takes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// Numbers, or a trait.
    Arithmetic(Option<TraitId>),
    /// `int` only.
    Bits,
    Equality,
    Order,
}

pub(super) fn class(op: ast::BinaryOp) -> Class {
    use ast::BinaryOp as Op;
    match op {
        Op::Add => Class::Arithmetic(Some(TraitId::ADD)),
        Op::Sub => Class::Arithmetic(Some(TraitId::SUB)),
        Op::Mul => Class::Arithmetic(Some(TraitId::MUL)),
        Op::Div => Class::Arithmetic(Some(TraitId::DIV)),
        Op::Rem => Class::Arithmetic(Some(TraitId::REM)),
        Op::Eq | Op::Ne => Class::Equality,
        Op::Lt | Op::Le | Op::Gt | Op::Ge => Class::Order,
        Op::Pow => Class::Arithmetic(None),
        _ => Class::Bits,
    }
}

/// The operator on primitives; `And`, `Or` and `Coalesce` have none.
fn primitive(op: ast::BinaryOp) -> BinaryOp {
    use ast::BinaryOp as Op;
    match op {
        Op::Pow => BinaryOp::Pow,
        Op::Mul => BinaryOp::Mul,
        Op::Div => BinaryOp::Div,
        Op::Rem => BinaryOp::Rem,
        Op::WrapMul => BinaryOp::WrapMul,
        Op::Add => BinaryOp::Add,
        Op::Sub => BinaryOp::Sub,
        Op::WrapAdd => BinaryOp::WrapAdd,
        Op::WrapSub => BinaryOp::WrapSub,
        Op::Shl => BinaryOp::Shl,
        Op::Shr => BinaryOp::Shr,
        Op::ShrLogical => BinaryOp::ShrLogical,
        Op::BitAnd => BinaryOp::BitAnd,
        Op::BitXor => BinaryOp::BitXor,
        Op::BitOr => BinaryOp::BitOr,
        Op::Ne => BinaryOp::Ne,
        Op::Lt => BinaryOp::Lt,
        Op::Le => BinaryOp::Le,
        Op::Gt => BinaryOp::Gt,
        Op::Ge => BinaryOp::Ge,
        Op::Eq | Op::And | Op::Or | Op::Coalesce => BinaryOp::Eq,
    }
}

impl<'a> Checker<'a, '_> {
    /// A binary expression. Long chains lean to the left, so that side is a loop.
    pub(super) fn binary(
        &mut self,
        expr: &'a ast::Expr,
        op: ast::BinaryOp,
        op_span: Span,
        expect: Expect,
    ) -> ExprId {
        if op == ast::BinaryOp::Coalesce {
            return self.coalesce(expr, op_span, expect);
        }
        let mut spine = Vec::new();
        let mut leftmost = expr;
        while let Ast::Binary(op, op_span, lhs, rhs) = &leftmost.kind {
            if *op == ast::BinaryOp::Coalesce {
                break;
            }
            spine.push((*op, *op_span, &**rhs, leftmost.span));
            leftmost = lhs;
        }
        let mut lhs = self.any_expr(leftmost);
        while let Some((op, op_span, rhs, span)) = spine.pop() {
            lhs = self.binary_step(op, op_span, lhs, rhs, span);
        }
        lhs
    }

    fn binary_step(
        &mut self,
        op: ast::BinaryOp,
        op_span: Span,
        lhs: ExprId,
        rhs: &'a ast::Expr,
        span: Span,
    ) -> ExprId {
        if let ast::BinaryOp::And | ast::BinaryOp::Or = op {
            let text = "the operands of `and` and `or` are conditions";
            let lhs = self.coerce(lhs, Ty::BOOL, Why::new(op_span, text));
            let rhs = self.expr_as(rhs, Ty::BOOL, Why::new(op_span, text));
            let kind = match op {
                ast::BinaryOp::And => ExprKind::And(lhs, rhs),
                _ => ExprKind::Or(lhs, rhs),
            };
            return self.add(kind, Ty::BOOL, span);
        }
        let hint = match class(op) {
            Class::Bits => Expect::Hint(Ty::INT),
            _ => match self.kind(self.ty_of(lhs)) {
                TyKind::Storage(storage) => Expect::Hint(storage.wide()),
                TyKind::Infer(_) => Expect::Any,
                // An int converts beside a float. Branches must agree among themselves first, and the hint would decide literals only.
                TyKind::Float if chooses(rhs) => Expect::Any,
                _ => Expect::Hint(self.ty_of(lhs)),
            },
        };
        let rhs = self.expr(rhs, hint);
        self.operate(op, op_span, lhs, rhs, span)
    }

    /// An operator on checked operands.
    pub(super) fn operate(
        &mut self,
        op: ast::BinaryOp,
        op_span: Span,
        lhs: ExprId,
        rhs: ExprId,
        span: Span,
    ) -> ExprId {
        if let Some((kind, ty)) = self.meaning_of(op, op_span, lhs, rhs, span) {
            return self.add(kind, ty, span);
        }
        let ty = match class(op) {
            Class::Equality | Class::Order => Ty::BOOL,
            Class::Bits => Ty::INT,
            Class::Arithmetic(_) => self.fresh(VarKind::Any, span),
        };
        let node = self.add(ExprKind::Error, ty, span);
        self.body.pending.push(Pending::Binary { node, op, op_span, lhs, rhs });
        node
    }

    /// Tries an operator that waited; whether it is decided.
    pub(super) fn decide_binary(
        &mut self,
        node: ExprId,
        op: ast::BinaryOp,
        op_span: Span,
        lhs: ExprId,
        rhs: ExprId,
    ) -> bool {
        let span = self.span_of(node);
        let Some((kind, ty)) = self.meaning_of(op, op_span, lhs, rhs, span) else { return false };
        let waited = self.ty_of(node);
        self.body.exprs[node.index()].kind = kind;
        if self.unify(waited, ty) {
            return true;
        }
        // What uses the result made it a `float` before its operands were known to be `int`.
        if self.shallow(waited) == Ty::FLOAT && self.shallow(ty) == Ty::INT {
            let kind = std::mem::replace(&mut self.body.exprs[node.index()].kind, ExprKind::Error);
            let inner = self.add(kind, Ty::INT, span);
            self.body.exprs[node.index()].kind = ExprKind::Convert(Conversion::IntToFloat, inner);
            return true;
        }
        self.mismatch(span, waited, ty, Why::NONE);
        true
    }

    /// What an operator means on its operands; nothing while too little is known of them.
    fn meaning_of(
        &mut self,
        op: ast::BinaryOp,
        op_span: Span,
        lhs: ExprId,
        rhs: ExprId,
        span: Span,
    ) -> Option<(ExprKind, Ty)> {
        let (mut l, mut r) = (self.shallow(self.ty_of(lhs)), self.shallow(self.ty_of(rhs)));
        if l == Ty::ERROR || r == Ty::ERROR {
            let ty = match class(op) {
                Class::Equality | Class::Order => Ty::BOOL,
                _ => Ty::ERROR,
            };
            return Some((ExprKind::Error, ty));
        }
        if l == Ty::NEVER || r == Ty::NEVER {
            let stmts = [Stmt::Expr(lhs), Stmt::Expr(rhs)].into();
            return Some((ExprKind::Block(Box::new(Block { stmts, value: None })), Ty::NEVER));
        }
        self.meet_literals(op, &mut l, &mut r);
        if self.is_unknown(l) || self.is_unknown(r) {
            if !matches!(class(op), Class::Equality | Class::Order) || !self.unify(l, r) {
                return None;
            }
            (l, r) = (self.shallow(l), self.shallow(r));
            if self.is_unknown(l) {
                return None;
            }
        }
        let (l_wide, r_wide) = (self.wide_of(l), self.wide_of(r));
        match (self.types.kind(l_wide), self.types.kind(r_wide)) {
            (TyKind::Int, TyKind::Int) => Some(self.int_operator(op, lhs, rhs)),
            (TyKind::Int | TyKind::Float, TyKind::Int | TyKind::Float) if class(op) != Class::Bits => {
                let lhs = self.coerce(lhs, Ty::FLOAT, Why::NONE);
                let rhs = self.coerce(rhs, Ty::FLOAT, Why::NONE);
                Some((ExprKind::Binary(primitive(op), lhs, rhs), result_type(op, Ty::FLOAT)))
            }
            (TyKind::Str, TyKind::Str) if op == ast::BinaryOp::Add => {
                Some((ExprKind::Binary(BinaryOp::Add, lhs, rhs), Ty::STR))
            }
            (TyKind::Bool | TyKind::Char | TyKind::Str | TyKind::Ptr, _)
                if l == r && matches!(class(op), Class::Equality | Class::Order) =>
            {
                Some((ExprKind::Binary(primitive(op), lhs, rhs), Ty::BOOL))
            }
            _ => match class(op) {
                Class::Equality => Some(self.equality(op, op_span, lhs, rhs, span)),
                Class::Order => Some(self.order(op, op_span, lhs, rhs, span)),
                Class::Arithmetic(Some(id)) => self.by_trait(id, op, op_span, lhs, rhs, span),
                _ => Some(self.bad_operands(op, op_span, lhs, rhs)),
            },
        }
    }

    pub(super) fn wide_of(&self, ty: Ty) -> Ty {
        match self.var_kind(ty) {
            Some(VarKind::Soft(storage)) => storage.wide(),
            _ => self.types.wide(ty),
        }
    }

    /// A literal takes the type of the number beside it.
    fn meet_literals(&mut self, op: ast::BinaryOp, l: &mut Ty, r: &mut Ty) {
        match (self.is_literal(*l), self.is_literal(*r)) {
            (false, false) => return,
            (true, true) => {
                // `fold(0, |sum, x| sum + 1)` leaves the sum's type to later uses: both are one type.
                self.unify(*l, *r);
                self.settle_type(*l);
            }
            (left, _) => {
                let (own, other) = if left { (*l, *r) } else { (*r, *l) };
                let wide = self.wide_of(other);
                match self.types.kind(wide) {
                    TyKind::Float if class(op) != Class::Bits => {
                        self.unify(own, Ty::FLOAT);
                    }
                    TyKind::Infer(_) => {}
                    TyKind::Int | TyKind::Float => {
                        self.unify(own, Ty::INT);
                    }
                    // The impls of an operator may decide between `int` and `float`.
                    TyKind::Struct(..) | TyKind::Enum(..) | TyKind::Param(_) if !left => {}
                    _ => {
                        self.settle_type(own);
                    }
                }
            }
        }
        (*l, *r) = (self.shallow(*l), self.shallow(*r));
    }

    fn int_operator(&mut self, op: ast::BinaryOp, lhs: ExprId, rhs: ExprId) -> (ExprKind, Ty) {
        (ExprKind::Binary(primitive(op), lhs, rhs), result_type(op, Ty::INT))
    }

    /// `==` and `!=` on what is no primitive.
    fn equality(
        &mut self,
        op: ast::BinaryOp,
        op_span: Span,
        lhs: ExprId,
        rhs: ExprId,
        span: Span,
    ) -> (ExprKind, Ty) {
        let l = self.ty_of(lhs);
        let at = self.span_of(lhs);
        let rhs = self.coerce(rhs, l, Why::new(at, COMPARED));
        let of = TraitRef { id: TraitId::EQ, args: TyList::EMPTY };
        self.require(l, of, at, Why::of_value(op_span, "needed by this"));
        let call = self.made_trait_call(l, of, methods::EQ, vec![lhs, rhs], span);
        if op == ast::BinaryOp::Ne {
            return (ExprKind::Unary(UnaryOp::Not, call), Ty::BOOL);
        }
        let kind = std::mem::replace(&mut self.body.exprs[call.index()].kind, ExprKind::Unit);
        (kind, Ty::BOOL)
    }

    /// `<` and its like on what is no primitive: `cmp(a, b) < 0`.
    fn order(
        &mut self,
        op: ast::BinaryOp,
        op_span: Span,
        lhs: ExprId,
        rhs: ExprId,
        span: Span,
    ) -> (ExprKind, Ty) {
        let l = self.ty_of(lhs);
        let at = self.span_of(lhs);
        let rhs = self.coerce(rhs, l, Why::new(at, COMPARED));
        let of = TraitRef { id: TraitId::ORD, args: TyList::EMPTY };
        self.require(l, of, at, Why::of_value(op_span, "needed by this"));
        let call = self.made_trait_call(l, of, methods::CMP, vec![lhs, rhs], span);
        let zero = self.add(ExprKind::Literal(Literal::Int(0)), Ty::INT, span);
        (ExprKind::Binary(primitive(op), call, zero), Ty::BOOL)
    }

    /// An arithmetic operator through its trait.
    fn by_trait(
        &mut self,
        id: TraitId,
        op: ast::BinaryOp,
        op_span: Span,
        lhs: ExprId,
        rhs: ExprId,
        span: Span,
    ) -> Option<(ExprKind, Ty)> {
        let l = self.shallow(self.ty_of(lhs));
        let of = self.fresh_trait_args(id, op_span);
        let &[operand, result] = self.types.list(of.args) else { return None };
        let mut answer = self.implements(l, of);
        if answer == Answer::Unknown {
            let r = self.shallow(self.ty_of(rhs));
            let r = self.wide_of(r);
            self.unify(operand, r);
            answer = self.implements(l, of);
        }
        match answer {
            Answer::No => return Some(self.bad_operands(op, op_span, lhs, rhs)),
            Answer::Unknown => return None,
            Answer::Yes => {}
        }
        let primitive = matches!(self.types.kind(self.wide_of(l)), TyKind::Int | TyKind::Float | TyKind::Str);
        let r = self.shallow(self.ty_of(rhs));
        if primitive && !self.unify(r, operand) {
            return Some(self.bad_operands(op, op_span, lhs, rhs));
        }
        let rhs = self.coerce(rhs, operand, Why::new(op_span, "the operator asks for this type"));
        let call = self.made_trait_call(l, of, 0, vec![lhs, rhs], span);
        let kind = std::mem::replace(&mut self.body.exprs[call.index()].kind, ExprKind::Unit);
        Some((kind, result))
    }

    /// `-e`, `~e`, `not e`
    pub(super) fn unary(
        &mut self,
        op: ast::UnaryOp,
        operand: &'a ast::Expr,
        expect: Expect,
        span: Span,
    ) -> ExprId {
        match op {
            ast::UnaryOp::Not => {
                let operand = self.expr_as(operand, Ty::BOOL, Why::NONE);
                self.add(ExprKind::Unary(UnaryOp::Not, operand), Ty::BOOL, span)
            }
            ast::UnaryOp::BitNot => {
                let operand = self.expr_as(operand, Ty::INT, Why::NONE);
                self.add(ExprKind::Unary(UnaryOp::BitNot, operand), Ty::INT, span)
            }
            ast::UnaryOp::Neg => {
                let hint = match expect.ty().map(|ty| self.kind(ty)) {
                    Some(TyKind::Float) => Expect::Hint(Ty::FLOAT),
                    _ => Expect::Any,
                };
                let operand = self.expr(operand, hint);
                self.negate(operand, span)
            }
        }
    }

    fn negate(&mut self, operand: ExprId, span: Span) -> ExprId {
        let ty = self.known_type(self.ty_of(operand));
        let result = match self.var_kind(ty) {
            Some(VarKind::Literal(..)) => ty,
            _ => self.wide_of(ty),
        };
        match self.types.kind(result) {
            TyKind::Int | TyKind::Float => self.add(ExprKind::Unary(UnaryOp::Neg, operand), result, span),
            TyKind::Infer(_) if self.is_literal(ty) => {
                self.add(ExprKind::Unary(UnaryOp::Neg, operand), result, span)
            }
            TyKind::Error | TyKind::Never => self.error_expr(span),
            TyKind::Infer(_) => {
                self.cannot_infer(ty, span);
                self.error_expr(span)
            }
            _ => {
                let of = self.fresh_trait_args(TraitId::NEG, span);
                if self.implements(ty, of) == Answer::Yes {
                    return self.made_trait_call(ty, of, 0, vec![operand], span);
                }
                let shown = self.show(ty);
                let at = self.span_of(operand);
                let message = format!("`-` is not defined for `{shown}`");
                let diagnostic =
                    Diagnostic::new(codes::BAD_OPERANDS, at, message).label(format!("this is `{shown}`"));
                self.report(diagnostic);
                self.error_expr(span)
            }
        }
    }
}

fn result_type(op: ast::BinaryOp, operands: Ty) -> Ty {
    match class(op) {
        Class::Equality | Class::Order => Ty::BOOL,
        _ => operands,
    }
}

/// Whether the value of an expression is that of one of its parts.
fn chooses(expr: &ast::Expr) -> bool {
    match &expr.kind {
        ast::ExprKind::Paren(inner) => chooses(inner),
        kind => matches!(kind, ast::ExprKind::If(_) | ast::ExprKind::Match(_) | ast::ExprKind::Block(_)),
    }
}

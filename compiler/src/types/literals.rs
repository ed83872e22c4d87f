//! Literals: numbers take the type that is expected of them.

use super::Checker;
use super::expr::Expect;
use super::infer::VarKind;
use crate::ast;
use crate::hir::{ExprId, ExprKind, Literal, Storage, Ty, TyKind};
use crate::source::Span;

impl Checker<'_, '_> {
    pub(super) fn literal(&mut self, literal: &ast::Literal, expect: Expect, span: Span) -> ExprId {
        let (value, ty) = match literal {
            ast::Literal::Int(value) => return self.int_literal(*value, expect, span),
            ast::Literal::Float(value) => match expect.ty().map(|ty| self.kind(ty)) {
                Some(TyKind::Storage(Storage::F32)) => (Literal::Float(f64::from(*value as f32)), Ty::F32),
                _ => (Literal::Float(*value), Ty::FLOAT),
            },
            ast::Literal::Bool(value) => (Literal::Bool(*value), Ty::BOOL),
            ast::Literal::Char(value) => (Literal::Char(*value), Ty::CHAR),
            ast::Literal::Str(value) => (Literal::Str(*value), Ty::STR),
            ast::Literal::Bytes(value) => (Literal::Bytes(value.clone()), Ty::BYTES),
        };
        self.add(ExprKind::Literal(value), ty, span)
    }

    pub(super) fn int_literal(&mut self, value: i64, expect: Expect, span: Span) -> ExprId {
        let expected = expect.ty().map(|ty| self.shallow(ty));
        let (literal, ty) = match expected.map(|ty| self.types.kind(ty)) {
            Some(TyKind::Float) => (Literal::Float(value as f64), Ty::FLOAT),
            Some(TyKind::Storage(Storage::F32)) => (Literal::Float(f64::from(value as f32)), Ty::F32),
            Some(TyKind::Storage(storage)) => {
                self.literal_fits(value, storage, span);
                (Literal::Int(value), expected.unwrap_or(Ty::INT))
            }
            Some(TyKind::Infer(_)) if self.widens_for(value, expected) => (Literal::Int(value), Ty::INT),
            Some(TyKind::Infer(_)) | None if !matches!(expect, Expect::Discard) => {
                let ty = self.fresh(VarKind::Literal(value, value), span);
                let id = self.add(ExprKind::Literal(Literal::Int(value)), ty, span);
                self.body.literals.push(id);
                return id;
            }
            _ => (Literal::Int(value), Ty::INT),
        };
        self.add(ExprKind::Literal(literal), ty, span)
    }

    /// A literal that does not fit beside values of a storage type makes them all `int`, as any other `int` does.
    fn widens_for(&mut self, value: i64, beside: Option<Ty>) -> bool {
        let Some(ty) = beside else { return false };
        match self.var_kind(ty) {
            Some(VarKind::Soft(storage)) if storage != Storage::F32 => {
                !storage.holds(value) && self.unify(ty, Ty::INT)
            }
            _ => false,
        }
    }

    /// Gives the literals whose types were unknown the values that their types ask for.
    pub(super) fn finish_literals(&mut self) {
        for id in std::mem::take(&mut self.body.literals) {
            let expr = &self.body.exprs[id.index()];
            let (ty, span) = (expr.ty, expr.span);
            let ExprKind::Literal(Literal::Int(value)) = expr.kind else { continue };
            let literal = match self.kind(ty) {
                TyKind::Float => Literal::Float(value as f64),
                TyKind::Storage(Storage::F32) => Literal::Float(f64::from(value as f32)),
                TyKind::Storage(storage) => {
                    self.literal_fits(value, storage, span);
                    continue;
                }
                _ => continue,
            };
            self.body.exprs[id.index()].kind = ExprKind::Literal(literal);
        }
    }
}

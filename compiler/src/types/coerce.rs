//! Conversions that happen by themselves: where a value of one type stands in the place of another.

use super::Checker;
use super::infer::VarKind;
use super::report::Why;
use crate::diagnostics::{Diagnostic, codes};
use crate::hir::{BinaryOp, Conversion, ExprId, ExprKind, Literal, Storage, TraitRef, Ty, TyKind, UnaryOp};
use crate::source::Span;

impl Checker<'_, '_> {
    /// Makes an expression one of type `to`, or reports that it is not.
    pub(super) fn coerce(&mut self, id: ExprId, to: Ty, why: Why) -> ExprId {
        let found = self.body.exprs[id.index()].ty;
        if found == to {
            return id;
        }
        let (from, to) = (self.shallow(found), self.shallow(to));
        if from == Ty::ERROR || to == Ty::ERROR {
            self.unify(from, to);
            return id;
        }
        if from == to || from == Ty::NEVER {
            return id;
        }
        let span = self.body.exprs[id.index()].span;
        match (self.types.kind(from), self.types.kind(to)) {
            (TyKind::Storage(storage), TyKind::Infer(_)) if self.is_unknown(to) => {
                let soft = self.fresh(VarKind::Soft(storage), span);
                self.unify(to, soft);
                return id;
            }
            (TyKind::Storage(storage), TyKind::Infer(_)) => {
                let soft = self.fresh(VarKind::Soft(storage), span);
                if self.unify(to, soft) {
                    return id;
                }
            }
            (TyKind::Storage(storage), _) if storage.wide() == to => return id,
            (TyKind::Int, TyKind::Float) => return self.int_to_float(id),
            (TyKind::Storage(storage), TyKind::Float) if storage.wide() == Ty::INT => {
                return self.convert(Conversion::IntToFloat, id, Ty::FLOAT);
            }
            (TyKind::Int | TyKind::Float | TyKind::Storage(_), TyKind::Storage(storage)) => {
                if let Some(id) = self.constant_to_storage(id, storage, to) {
                    return id;
                }
            }
            (kind, TyKind::Dyn(trait_id, args)) if !matches!(kind, TyKind::Dyn(same, _) if same == trait_id) => {
                if let Some(id) = self.make_object(id, from, TraitRef { id: trait_id, args }, to) {
                    return id;
                }
            }
            _ => {}
        }
        self.body.infinite = false;
        if !self.unify(from, to) {
            self.wrong_value(id, to, found, why);
            // What is around it is not wrong as well.
            self.body.exprs[id.index()].ty = Ty::ERROR;
        }
        id
    }

    /// A literal becomes a `float` at once, anything else through a conversion.
    fn int_to_float(&mut self, id: ExprId) -> ExprId {
        let expr = &mut self.body.exprs[id.index()];
        if let ExprKind::Literal(Literal::Int(value)) = expr.kind {
            expr.kind = ExprKind::Literal(Literal::Float(value as f64));
            expr.ty = Ty::FLOAT;
            return id;
        }
        self.convert(Conversion::IntToFloat, id, Ty::FLOAT)
    }

    /// Wraps an expression in a conversion.
    pub(super) fn convert(&mut self, conversion: Conversion, id: ExprId, to: Ty) -> ExprId {
        let span = self.body.exprs[id.index()].span;
        self.add(ExprKind::Convert(conversion, id), to, span)
    }

    /// Constants convert to storage types by themselves, if they fit.
    fn constant_to_storage(&mut self, id: ExprId, storage: Storage, to: Ty) -> Option<ExprId> {
        let value = self.constant_value(id)?;
        let span = self.body.exprs[id.index()].span;
        let literal = match value {
            Literal::Int(value) if storage == Storage::F32 => Literal::Float(f64::from(value as f32)),
            Literal::Float(value) if storage == Storage::F32 => Literal::Float(f64::from(value as f32)),
            Literal::Int(value) => {
                self.literal_fits(value, storage, span);
                Literal::Int(value)
            }
            _ => return None,
        };
        let expr = &mut self.body.exprs[id.index()];
        expr.kind = ExprKind::Literal(literal);
        expr.ty = to;
        Some(id)
    }

    /// Reports a literal that is out of a storage type's range.
    pub(super) fn literal_fits(&mut self, value: i64, storage: Storage, span: Span) {
        let (least, greatest) = storage.range();
        if !storage.holds(value) {
            let name = storage.text();
            let diagnostic =
                Diagnostic::new(codes::LITERAL_RANGE, span, format!("`{value}` does not fit `{name}`"))
                    .label(format!("`{name}` holds {least} to {greatest}"));
            self.report(diagnostic);
        }
    }

    /// The value of an expression made of literals and operators on numbers.
    fn constant_value(&self, id: ExprId) -> Option<Literal> {
        match &self.body.exprs[id.index()].kind {
            ExprKind::Literal(literal @ (Literal::Int(_) | Literal::Float(_))) => Some(literal.clone()),
            ExprKind::Unary(op, a) => match (op, self.constant_value(*a)?) {
                (UnaryOp::Neg, Literal::Int(a)) => a.checked_neg().map(Literal::Int),
                (UnaryOp::Neg, Literal::Float(a)) => Some(Literal::Float(-a)),
                (UnaryOp::BitNot, Literal::Int(a)) => Some(Literal::Int(!a)),
                _ => None,
            },
            ExprKind::Binary(op, a, b) => match (self.constant_value(*a)?, self.constant_value(*b)?) {
                (Literal::Int(a), Literal::Int(b)) => int_operation(*op, a, b).map(Literal::Int),
                _ => None,
            },
            _ => None,
        }
    }

    /// A value as an object of a trait, if its type implements the trait.
    fn make_object(&mut self, id: ExprId, from: Ty, of: TraitRef, to: Ty) -> Option<ExprId> {
        if matches!(self.types.kind(from), TyKind::Infer(_)) && self.is_unknown(from) {
            return None;
        }
        // What is behind a trait is decided here: nothing that comes later can say what its literals are.
        self.settle_parts(from);
        let from = self.shallow(from);
        match self.implements(from, of) {
            super::traits::Answer::Yes => {
                self.reach_virtual(from, of);
                Some(self.convert(Conversion::ToDyn, id, to))
            }
            _ => {
                let span = self.body.exprs[id.index()].span;
                self.missing_impl(from, of, span, Why::NONE);
                Some(self.error_expr(span))
            }
        }
    }

    /// Decides an undecided literal's type: what uses it now cannot wait.
    pub(super) fn settle_type(&mut self, ty: Ty) -> Ty {
        let ty = self.shallow(ty);
        match self.var_kind(ty) {
            Some(VarKind::Literal(..)) => {
                self.unify(ty, Ty::INT);
            }
            Some(VarKind::Soft(storage)) => {
                let storage = self.types.intern(TyKind::Storage(storage));
                self.unify(ty, storage);
            }
            _ => {}
        }
        self.shallow(ty)
    }

    /// [`Checker::settle_type`] on all unknown types within a type.
    fn settle_parts(&mut self, ty: Ty) {
        if !self.types.has_infer(ty) {
            return;
        }
        let resolved = self.resolve(ty);
        let mut unknown = Vec::new();
        self.types.map(resolved, &mut |types, kind| {
            if let TyKind::Infer(_) = kind {
                unknown.push(types.intern(kind));
            }
            None
        });
        for ty in unknown {
            self.settle_type(ty);
        }
    }

    /// The common type of the values of branches or elements: reports the one that differs.
    pub(super) fn join(
        &mut self,
        so_far: Option<Ty>,
        id: ExprId,
        first: Span,
        text: &'static str,
    ) -> Option<Ty> {
        let ty = self.shallow(self.body.exprs[id.index()].ty);
        if ty == Ty::NEVER {
            return so_far;
        }
        let Some(before) = so_far else { return Some(ty) };
        let before = self.shallow(before);
        if before == Ty::ERROR || before == ty {
            return Some(ty);
        }
        // A literal beside a storage type is of that type if it fits.
        if let (TyKind::Storage(storage), TyKind::Infer(_)) | (TyKind::Infer(_), TyKind::Storage(storage)) =
            (self.types.kind(before), self.types.kind(ty))
            && (self.is_literal(before) || self.is_literal(ty))
        {
            let literal = if self.is_literal(ty) { ty } else { before };
            let soft = self.fresh(VarKind::Soft(storage), first);
            if self.unify(literal, soft) {
                return Some(self.shallow(soft));
            }
        }
        // A storage type beside its wide one, or beside another storage type, is the wide one.
        if let (TyKind::Storage(_), _) | (_, TyKind::Storage(_)) =
            (self.types.kind(before), self.types.kind(ty))
        {
            let (a, b) = (self.types.wide(before), self.types.wide(ty));
            if a == b && self.var_kind(before).is_none() && self.var_kind(ty).is_none() {
                return Some(a);
            }
        }
        if !self.unify(before, ty) {
            self.wrong_value(id, before, ty, Why::new(first, text));
            return Some(Ty::ERROR);
        }
        Some(before)
    }
}

/// An operator on two `int`s; nothing where it would trap.
pub(super) fn int_operation(op: BinaryOp, a: i64, b: i64) -> Option<i64> {
    Some(match op {
        BinaryOp::Add => a.checked_add(b)?,
        BinaryOp::Sub => a.checked_sub(b)?,
        BinaryOp::Mul => a.checked_mul(b)?,
        BinaryOp::Div => a.checked_div(b)?,
        BinaryOp::Rem => a.checked_rem(b)?,
        BinaryOp::Pow => a.checked_pow(u32::try_from(b).ok()?)?,
        BinaryOp::WrapAdd => a.wrapping_add(b),
        BinaryOp::WrapSub => a.wrapping_sub(b),
        BinaryOp::WrapMul => a.wrapping_mul(b),
        BinaryOp::Shl => a.wrapping_shl(b as u32),
        BinaryOp::Shr => a.wrapping_shr(b as u32),
        BinaryOp::ShrLogical => ((a as u64).wrapping_shr(b as u32)) as i64,
        BinaryOp::BitAnd => a & b,
        BinaryOp::BitOr => a | b,
        BinaryOp::BitXor => a ^ b,
        _ => return None,
    })
}

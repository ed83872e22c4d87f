//! The end of a body: unknown types are replaced by what they turned out to be, and what needs all types is checked.

use super::Checker;
use crate::hir::{Callee, ExprId, ExprKind, Pattern, PatternKind, Stmt, Ty};
use crate::source::Span;

impl Checker<'_, '_> {
    /// Makes the body free of unknown types; reports what nothing has decided.
    pub(super) fn finish_body(&mut self) {
        self.finish_literals();
        self.finish_captures();
        if !self.body.vars.is_empty() {
            for index in 0..self.body.locals.len() {
                let (ty, span) = (self.body.locals[index].ty, self.body.locals[index].span);
                self.body.locals[index].ty = self.final_type(ty, span);
            }
        }
        for index in 0..self.body.exprs.len() {
            self.finish_expr(ExprId(index as u32));
        }
        self.unused_locals();
        self.unchanged_locals();
    }

    fn final_type(&mut self, ty: Ty, span: Span) -> Ty {
        if !self.types.has_infer(ty) {
            return ty;
        }
        let mut resolved = self.resolve(ty);
        while self.types.has_infer(resolved) {
            self.cannot_infer(resolved, span);
            resolved = self.resolve(resolved);
        }
        resolved
    }

    fn finish_expr(&mut self, id: ExprId) {
        let expr = &self.body.exprs[id.index()];
        let (ty, span) = (expr.ty, expr.span);
        if self.types.has_infer(ty) {
            self.body.exprs[id.index()].ty = self.final_type(ty, span);
        }
        let mut kind = std::mem::replace(&mut self.body.exprs[id.index()].kind, ExprKind::Unit);
        match &mut kind {
            ExprKind::Call(call) => call.callee = self.final_callee(call.callee),
            ExprKind::Function(_, args) => *args = self.resolve_list(*args),
            ExprKind::Closure(closure) => closure.result = self.final_type(closure.result, span),
            ExprKind::Matches(pattern, _) => self.final_pattern(pattern),
            ExprKind::Match(matched) => {
                for arm in &mut matched.arms {
                    self.final_pattern(&mut arm.pattern);
                }
                self.check_match(matched, span);
            }
            ExprKind::Block(block) => {
                for stmt in &mut block.stmts {
                    if let Stmt::Let(binding) = stmt {
                        self.final_pattern(&mut binding.pattern);
                        if binding.otherwise.is_none() {
                            let value = self.span_of(binding.value);
                            self.must_match(&binding.pattern, Some(value));
                        }
                    }
                }
            }
            ExprKind::For(each) => {
                self.final_pattern(&mut each.item);
                self.must_match(&each.item, None);
                if let Some(index) = &mut each.index {
                    self.final_pattern(index);
                    self.must_match(index, None);
                }
                if let crate::hir::Source::Iterator { next, .. } = &mut each.source {
                    *next = self.final_callee(*next);
                }
            }
            _ => {}
        }
        self.body.exprs[id.index()].kind = kind;
    }

    fn final_callee(&mut self, callee: Callee) -> Callee {
        match callee {
            Callee::Function(id, args) => Callee::Function(id, self.resolve_list(args)),
            Callee::Method { self_ty, mut trait_ref, method, args } => {
                let self_ty = self.resolve(self_ty);
                trait_ref.args = self.resolve_list(trait_ref.args);
                Callee::Method { self_ty, trait_ref, method, args: self.resolve_list(args) }
            }
            Callee::Virtual(..) | Callee::Value(_) => callee,
        }
    }

    fn final_pattern(&mut self, pattern: &mut Pattern) {
        if self.types.has_infer(pattern.ty) {
            pattern.ty = self.final_type(pattern.ty, pattern.span);
        }
        match &mut pattern.kind {
            PatternKind::Bind(_, Some(inner)) => self.final_pattern(inner),
            PatternKind::Variant(_, fields) | PatternKind::Struct(fields) => {
                fields.iter_mut().for_each(|(_, field)| self.final_pattern(field));
            }
            PatternKind::Tuple(parts) | PatternKind::Or(parts) => {
                parts.iter_mut().for_each(|part| self.final_pattern(part));
            }
            PatternKind::Array(array) => {
                array.before.iter_mut().chain(&mut array.after).for_each(|part| self.final_pattern(part));
            }
            _ => {}
        }
    }
}

//! `?`, `??` and `?.`: each is a `match`.

use super::Checker;
use super::expr::Expect;
use super::infer::VarKind;
use super::report::Why;
use crate::ast::{self, ExprKind as Ast, Ident};
use crate::diagnostics::{Diagnostic, codes};
use crate::hir::{
    Arm, EnumId, ExprId, ExprKind, LocalId, Match, Pattern, PatternKind, StructId, TraitId, TraitRef, Ty,
    TyKind, TyList, methods,
};
use crate::source::Span;

impl<'a> Checker<'a, '_> {
    /// An arm `Variant(local) => …`, with its local.
    fn payload_pattern(&mut self, variant: u32, of: Ty, payload: Ty, span: Span) -> (LocalId, Pattern) {
        let local = self.new_local(ast::known::EMPTY, payload, false, span);
        let bound = Pattern { kind: PatternKind::Bind(local, None), ty: payload, span };
        (local, Pattern { kind: PatternKind::Variant(variant, [(0, bound)].into()), ty: of, span })
    }

    fn two_arms(&mut self, subject: ExprId, arms: [(Pattern, ExprId); 2], ty: Ty, span: Span) -> ExprId {
        let arms = arms.map(|(pattern, body)| Arm { pattern, guard: None, body });
        self.add(ExprKind::Match(Box::new(Match { subject, arms: arms.into() })), ty, span)
    }

    /// `e?`
    pub(super) fn question(&mut self, inner: &'a ast::Expr, expect: Expect, span: Span) -> ExprId {
        // What is expected of the value says what the option or result holds.
        let subject = self.any_expr(inner);
        let _ = expect;
        let ty = self.known_type(self.ty_of(subject));
        if let Some(payload) = self.types.option_payload(ty) {
            return self.question_option(subject, ty, payload, span);
        }
        if let Some((ok, err)) = self.types.result_payloads(ty) {
            return self.question_result(subject, ty, ok, err, span);
        }
        if !matches!(self.types.kind(ty), TyKind::Error) {
            let shown = self.show(ty);
            let at = self.span_of(subject);
            let message = format!("`?` needs an option or a `Result`, found `{shown}`");
            let diagnostic =
                Diagnostic::new(codes::BAD_QUESTION, at, message).label(format!("this is `{shown}`"));
            self.report(diagnostic);
        }
        self.error_expr(span)
    }

    fn question_option(&mut self, subject: ExprId, ty: Ty, payload: Ty, span: Span) -> ExprId {
        let result = self.known_type(self.body.result);
        if self.is_unknown(result) {
            let any = self.fresh(VarKind::Any, span);
            let option = self.types.option(any);
            self.unify(result, option);
        }
        let result = self.shallow(self.body.result);
        if self.body.top_level || self.types.option_payload(result).is_none() {
            return self.bad_question(ty, "an option", span);
        }
        let (local, some) = self.payload_pattern(1, ty, payload, span);
        let value = self.local_value(local, span);
        let none = self.add(ExprKind::Variant(0, Box::default()), result, span);
        let leave = self.add(ExprKind::Return(Some(none)), Ty::NEVER, span);
        let other = Pattern { kind: PatternKind::Wildcard, ty, span };
        self.two_arms(subject, [(some, value), (other, leave)], payload, span)
    }

    fn question_result(&mut self, subject: ExprId, ty: Ty, ok: Ty, err: Ty, span: Span) -> ExprId {
        let result = self.known_type(self.body.result);
        if self.is_unknown(result) {
            let any = self.fresh(VarKind::Any, span);
            let wanted = self.types.result(any, err);
            self.unify(result, wanted);
        }
        let result = self.shallow(self.body.result);
        let Some((_, wanted)) = self.types.result_payloads(result).filter(|_| !self.body.top_level) else {
            return self.bad_question(ty, "a `Result`", span);
        };
        let (value_local, ok_pattern) = self.payload_pattern(0, ty, ok, span);
        let value = self.local_value(value_local, span);
        let (error_local, err_pattern) = self.payload_pattern(1, ty, err, span);
        let error = self.local_value(error_local, span);
        let error = self.convert_error(error, err, wanted, span);
        let failure = self.add(ExprKind::Variant(1, [error].into()), result, span);
        let leave = self.add(ExprKind::Return(Some(failure)), Ty::NEVER, span);
        self.two_arms(subject, [(ok_pattern, value), (err_pattern, leave)], ok, span)
    }

    /// An error that is shown becomes an `Error` where the function gives one.
    fn convert_error(&mut self, error: ExprId, from: Ty, to: Ty, span: Span) -> ExprId {
        let (from_known, to_known) = (self.known_type(from), self.known_type(to));
        let is_error = |kind| matches!(kind, TyKind::Struct(StructId::ERROR, _));
        let wants_error = is_error(self.types.kind(to_known));
        if !wants_error || is_error(self.types.kind(from_known)) || self.is_unknown(from_known) {
            return self.coerce(
                error,
                to,
                Why::new(self.body.result_why.span, "the function's errors are these"),
            );
        }
        let of = TraitRef { id: TraitId::SHOW, args: TyList::EMPTY };
        self.require(from, of, span, Why::NONE);
        let message = match from_known {
            Ty::STR => error,
            _ => self.made_trait_call(from, of, methods::SHOW, vec![error], span),
        };
        self.add(ExprKind::Struct([message].into()), to_known, span)
    }

    fn bad_question(&mut self, ty: Ty, what: &str, span: Span) -> ExprId {
        let shown = self.show(ty);
        let at = Span::new(span.hi.saturating_sub(1), span.hi);
        if self.body.top_level {
            let message = "`?` has no function to return from here";
            let diagnostic = Diagnostic::new(codes::OUTSIDE_FUNCTION, at, message).help(
                "use `.unwrap()`, `??` or `match`, or put the statements into `fn main() -> Result<()>`",
            );
            self.report(diagnostic);
            return self.error_expr(span);
        }
        let result = self.body.result;
        if !self.types.has_error(result) {
            let gives = self.show(result);
            let message =
                format!("`?` on `{shown}` needs a function that returns {what}, this one returns `{gives}`");
            let why = self.body.result_why;
            let mut diagnostic = Diagnostic::new(codes::BAD_QUESTION, at, message);
            if why.span != Span::default() {
                diagnostic = diagnostic.secondary(why.span, "the function's result");
            }
            let returns_option = self.types.option_payload(result).is_some();
            let returns_result = self.types.result_payloads(result).is_some();
            let mark = at.start();
            diagnostic = match self.types.result_payloads(ty) {
                Some(_) if returns_option => diagnostic.maybe(mark, ".ok()", "leave the error out"),
                None if returns_result => {
                    diagnostic.outline(mark, ".ok_or(Error(\"…\"))", "say what the error is")
                }
                Some(_) => diagnostic.help("return a `Result` and wrap the values in `Ok(…)`, or look at this one with `match`"),
                None => diagnostic.help("return an option and wrap the values in `Some(…)`, or say what stands for `None` with `??`"),
            };
            self.report(diagnostic);
        }
        self.error_expr(span)
    }

    /// `a ?? b`; a chain of them groups to the right.
    pub(super) fn coalesce(&mut self, expr: &'a ast::Expr, op_span: Span, expect: Expect) -> ExprId {
        let Ast::Binary(_, _, lhs, rhs) = &expr.kind else { return self.error_expr(expr.span) };
        let span = expr.span;
        let subject = match expect.ty() {
            Some(ty) => {
                let option = self.types.option(ty);
                self.expr(lhs, Expect::Hint(option))
            }
            None => self.any_expr(lhs),
        };
        let ty = self.known_type(self.ty_of(subject));
        let Some(payload) = self.types.option_payload(ty) else {
            if !matches!(self.types.kind(ty), TyKind::Error) {
                self.bad_chain(subject, ty, "??", op_span);
            }
            self.any_expr(rhs);
            return self.error_expr(span);
        };
        let (local, some) = self.payload_pattern(1, ty, payload, span);
        // Both sides may be options: `a ?? b ?? c` groups to the right, so the type is the right side's.
        let known = self.shallow(payload);
        let wide = self.types.wide(known);
        let why = Why::new(self.span_of(subject), "the option holds this type");
        let rhs = self.expr_as(rhs, wide, why);
        let value = self.local_value(local, span);
        let other = Pattern { kind: PatternKind::Wildcard, ty, span };
        self.two_arms(subject, [(some, value), (other, rhs)], wide, span)
    }

    fn bad_chain(&mut self, subject: ExprId, ty: Ty, operator: &str, op_span: Span) {
        let shown = self.show(ty);
        let message = format!("`{operator}` needs an option, found `{shown}`");
        let mut diagnostic = Diagnostic::new(codes::BAD_CHAIN, op_span, message)
            .secondary(self.span_of(subject), format!("this is `{shown}`"));
        let resolved = self.resolve(ty);
        if self.types.result_payloads(resolved).is_some() {
            diagnostic = match operator {
                "??" => diagnostic.help("`r.unwrap_or(x)` or `r.ok() ?? x`"),
                _ => diagnostic.help("on a `Result` write `(r?).f()`"),
            };
        } else if operator == "?." {
            diagnostic = diagnostic.suggest(op_span, ".", "it is there in any case: write `.`");
        } else if operator == "??" && !self.types.has_infer(resolved) {
            diagnostic = diagnostic.help("it is there in any case: leave `??` and what follows out");
        }
        self.report(diagnostic);
    }

    /// `base?.name`
    pub(super) fn optional_field(&mut self, base: &'a ast::Expr, name: Ident, span: Span) -> ExprId {
        self.optional(base, name.span, span, |checker, value| checker.field(value, name, Expect::Any, span))
    }

    /// `base?.name(args)`
    pub(super) fn optional_call(
        &mut self,
        base: &'a ast::Expr,
        name: Ident,
        args: &'a [ast::Arg],
        span: Span,
    ) -> ExprId {
        self.optional(base, name.span, span, |checker, value| {
            checker.method_call(value, name, args, Expect::Any, span)
        })
    }

    fn optional(
        &mut self,
        base: &'a ast::Expr,
        at: Span,
        span: Span,
        then: impl FnOnce(&mut Self, ExprId) -> ExprId,
    ) -> ExprId {
        let subject = self.any_expr(base);
        let ty = self.known_type(self.ty_of(subject));
        let Some(payload) = self.types.option_payload(ty) else {
            if !matches!(self.types.kind(ty), TyKind::Error) {
                let dot = Span::new(at.lo.saturating_sub(2), at.lo);
                self.bad_chain(subject, ty, "?.", dot);
            }
            return self.error_expr(span);
        };
        let (local, some) = self.payload_pattern(1, ty, payload, span);
        let value = self.local_value(local, span);
        let value = then(self, value);
        let value_ty = self.known_type(self.ty_of(value));
        let flat = self.types.option_payload(value_ty).is_some() || value_ty == Ty::ERROR;
        let (result, value) = if flat || value_ty == Ty::NEVER {
            (value_ty, value)
        } else {
            let inner = self.stored_type(value);
            let args = self.types.intern_list(&[inner]);
            let option = self.types.intern(TyKind::Enum(EnumId::OPTION, args));
            (option, self.add(ExprKind::Variant(1, [value].into()), option, span))
        };
        let none = self.add(ExprKind::Variant(0, Box::default()), result, span);
        let other = Pattern { kind: PatternKind::Wildcard, ty, span };
        self.two_arms(subject, [(some, value), (other, none)], result, span)
    }
}

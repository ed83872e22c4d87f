//! `e[index]`: elements, slices, keys.

use super::Checker;
use super::report::Why;
use super::traits::Answer;
use crate::ast::{self, ExprKind as Ast};
use crate::diagnostics::{Applicability, Diagnostic, codes};
use crate::hir::{ExprId, ExprKind, Literal, StructId, TraitId, TraitRef, Ty, TyKind};
use crate::source::Span;

impl<'a> Checker<'a, '_> {
    /// `base[index]` as a value.
    pub(super) fn index_value(&mut self, base: &'a ast::Expr, index: &'a ast::Expr, span: Span) -> ExprId {
        if let Some(super::paths::Path::Type(_)) = self.path(base) {
            let id = self.any_expr(base);
            let at = self.span_of(id);
            let _ = at;
            self.any_expr(index);
            return self.error_expr(span);
        }
        let base = self.any_expr(base);
        self.index(base, index, span)
    }

    /// `base[index]` on a checked base.
    pub(super) fn index(&mut self, base: ExprId, index: &'a ast::Expr, span: Span) -> ExprId {
        let ty = self.known_type(self.ty_of(base));
        if let Some(range) = as_range(index) {
            return self.slice(base, ty, range, span);
        }
        match self.types.kind(ty) {
            TyKind::Array(element) => {
                let index = self.expr_as(index, Ty::INT, Why::NONE);
                self.add(ExprKind::Index(base, index), element, span)
            }
            TyKind::Struct(StructId::MAP, args) => {
                let key = self.types.list(args).first().copied().unwrap_or(Ty::ERROR);
                let key = self.expr_as(index, key, Why::NONE);
                match self.made_method_call(base, self.known.at, vec![key], span) {
                    Some(call) => call,
                    None => self.error_expr(span),
                }
            }
            TyKind::Error => {
                self.any_expr(index);
                self.error_expr(span)
            }
            TyKind::Infer(_) => {
                let at = self.span_of(base);
                self.cannot_infer(ty, at);
                self.any_expr(index);
                self.error_expr(span)
            }
            _ => self.index_by_trait(base, ty, index, span),
        }
    }

    /// The `Index` that a type implements, the checked index and the type of the value; what is wrong has been reported. `whole` is the place
    /// of a value that is asked for.
    pub(super) fn index_trait(
        &mut self,
        base: ExprId,
        ty: Ty,
        index: &'a ast::Expr,
        whole: Option<Span>,
    ) -> Option<(TraitRef, ExprId, Ty)> {
        let of = self.fresh_trait_args(TraitId::INDEX, self.span_of(base));
        let &[key, value] = self.types.list(of.args) else { return None };
        match self.implements(ty, of) {
            Answer::Yes => Some((of, self.expr_as(index, key, Why::NONE), value)),
            Answer::No => {
                self.not_indexable(base, ty, whole.map(|whole| (index, whole)));
                self.any_expr(index);
                None
            }
            Answer::Unknown => {
                let index = self.index_that_decides(ty, of, key, index)?;
                Some((of, index, value))
            }
        }
    }

    /// The index of a type with an `Index` for several types: its own type says which is meant.
    fn index_that_decides(&mut self, ty: Ty, of: TraitRef, key: Ty, index: &'a ast::Expr) -> Option<ExprId> {
        let index = self.any_expr(index);
        let given = self.known_type(self.ty_of(index));
        let given = if self.is_literal(given) { Ty::INT } else { self.wide_of(given) };
        self.unify(key, given);
        if self.implements(ty, of) == Answer::Yes {
            return Some(self.coerce(index, key, Why::NONE));
        }
        if !self.types.has_error(given) {
            let (shown, given) = (self.show(ty), self.show(given));
            let message = format!("`{shown}` has no index of type `{given}`");
            let at = self.span_of(index);
            self.report(
                Diagnostic::new(codes::NOT_INDEXABLE, at, message).label(format!("this is `{given}`")),
            );
        }
        None
    }

    fn index_by_trait(&mut self, base: ExprId, ty: Ty, index: &'a ast::Expr, span: Span) -> ExprId {
        match self.index_trait(base, ty, index, Some(span)) {
            Some((of, key, _)) => self.made_trait_call(ty, of, 0, vec![base, key], span),
            None => self.error_expr(span),
        }
    }

    /// Reports an index into what has none; with the index and the place of the whole, where these are at hand.
    pub(super) fn not_indexable(&mut self, base: ExprId, ty: Ty, index: Option<(&ast::Expr, Span)>) {
        let at = self.span_of(base);
        let shown = self.show(ty);
        let message = format!("`{shown}` has no index");
        let mut diagnostic =
            Diagnostic::new(codes::NOT_INDEXABLE, at, message).label(format!("this is `{shown}`"));
        match (self.types.kind(ty), index) {
            (TyKind::Str, Some((index, span))) => {
                let edits = [
                    (Span::new(at.hi, index.span.lo), ".char_at(".to_string()),
                    (Span::new(index.span.hi, span.hi), ")".to_string()),
                ];
                let help =
                    "take the char at a byte offset, or a byte with `.byte_at(i)`, or a part with `[a..b]`";
                diagnostic = diagnostic.suggestion(edits, help, Applicability::MaybeIncorrect);
            }
            (TyKind::Tuple(parts), Some((index, span))) => {
                let count = self.types.list(parts).len() as i64;
                diagnostic = match index.kind {
                    Ast::Literal(ast::Literal::Int(number)) if (0..count).contains(&number) => {
                        let place = Span::new(at.hi, span.hi);
                        diagnostic.suggest(place, format!(".{number}"), "the parts of a tuple have numbers")
                    }
                    _ => diagnostic.help("the parts of a tuple are `.0`, `.1`"),
                };
            }
            (TyKind::Str, None) => {
                diagnostic = diagnostic.help(
                    "`s.byte_at(i)` is a byte, `s.char_at(i)` the char at a byte offset, `s[a..b]` a part",
                );
            }
            _ if self.types.option_payload(ty).is_some() => {
                diagnostic = diagnostic.help("take the value out first: `x.unwrap()[i]`");
            }
            _ => {}
        }
        self.report(diagnostic);
    }

    /// `base[a..b]`: a call of the prelude's.
    fn slice(&mut self, base: ExprId, ty: Ty, range: &'a ast::Range, span: Span) -> ExprId {
        let known = self.known;
        let mut args = Vec::new();
        for end in [&range.lo, &range.hi].into_iter().flatten() {
            args.push(self.expr_as(end, Ty::INT, Why::NONE));
        }
        if ty == Ty::ERROR {
            return self.error_expr(span);
        }
        let name = match (&range.lo, &range.hi, range.inclusive) {
            (Some(_), Some(_), false) => known.slice,
            (Some(_), Some(_), true) => known.slice_through,
            (Some(_), None, _) => known.slice_from,
            (None, Some(_), false) => known.slice_to,
            (None, Some(_), true) => known.slice_up_through,
            (None, None, _) => known.slice_whole,
        };
        let sliceable = matches!(self.types.kind(ty), TyKind::Array(_) | TyKind::Str);
        match sliceable.then(|| self.made_method_call(base, name, args, span)).flatten() {
            Some(call) => call,
            None => {
                self.not_indexable(base, ty, None);
                self.error_expr(span)
            }
        }
    }

    /// A range as a value: the prelude's `Range`.
    pub(super) fn range_value(&mut self, range: &'a ast::Range, span: Span) -> ExprId {
        let ty = self.struct_type(StructId::RANGE, &[]);
        let Some(lo) = &range.lo else {
            let message = "a range as a value needs a lower end";
            let help = "`0..n` counts from 0; a changed copy of a struct is `p.with(x: 3)`";
            self.report(Diagnostic::new(codes::NOT_A_VALUE, span, message).help(help));
            return self.error_expr(span);
        };
        let lo = self.expr_as(lo, Ty::INT, Why::NONE);
        let (hi, inclusive) = match &range.hi {
            Some(hi) => (self.expr_as(hi, Ty::INT, Why::NONE), range.inclusive),
            None => (self.add(ExprKind::Literal(Literal::Int(i64::MAX)), Ty::INT, span), true),
        };
        let inclusive = self.add(ExprKind::Literal(Literal::Bool(inclusive)), Ty::BOOL, span);
        self.add(ExprKind::Struct([lo, hi, inclusive].into()), ty, span)
    }
}

/// The range that an index is, through parentheses.
fn as_range(expr: &ast::Expr) -> Option<&ast::Range> {
    match &expr.kind {
        Ast::Range(range) => Some(range),
        Ast::Paren(inner) => as_range(inner),
        _ => None,
    }
}

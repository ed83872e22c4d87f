//! Strings with parts to show, map literals.

use super::Checker;
use super::expr::Expect;
use super::report::Why;
use crate::ast::{self, FormatKind, FormatSpec};
use crate::diagnostics::{Diagnostic, codes};
use crate::hir::{Call, Callee, ExprId, ExprKind, Piece, Stmt, StructId, TraitId, Ty, TyKind};
use crate::source::Span;

impl<'a> Checker<'a, '_> {
    /// `"text ${value:spec}"`
    pub(super) fn interpolation(&mut self, pieces: &'a [ast::Piece], span: Span) -> ExprId {
        let pieces: Vec<Piece> = pieces
            .iter()
            .map(|piece| match piece {
                ast::Piece::Text(text) => Piece::Text(*text),
                ast::Piece::Expr(value, spec) => {
                    let id = self.any_expr(value);
                    self.shown(id);
                    if let Some(spec) = spec {
                        self.format(id, spec);
                    }
                    Piece::Show(id, spec.clone())
                }
            })
            .collect();
        self.add(ExprKind::Interpolate(pieces.into()), Ty::STR, span)
    }

    /// A value that is shown: its type must implement `Show`.
    pub(super) fn shown(&mut self, id: ExprId) {
        let ty = self.settle_type(self.ty_of(id));
        let span = self.span_of(id);
        match self.types.kind(ty) {
            TyKind::Int | TyKind::Float | TyKind::Str | TyKind::Bool | TyKind::Char | TyKind::Storage(_) => {}
            _ => self.require_of_value(ty, TraitId::SHOW, span),
        }
    }

    /// Whether a format fits the type of what it formats.
    fn format(&mut self, id: ExprId, spec: &FormatSpec) {
        let ty = self.known_type(self.ty_of(id));
        let ty = self.settle_type(ty);
        let kind = self.types.kind(self.types.wide(ty));
        if matches!(kind, TyKind::Error) {
            return;
        }
        let problem = match (kind, spec.kind, spec.precision) {
            (TyKind::Int, Some(FormatKind::Exponent), _) => Some("`e` is for a `float`"),
            (TyKind::Int, _, Some(_)) => Some("a precision is for a `float` or text"),
            (TyKind::Int, ..) => None,
            (TyKind::Float, Some(FormatKind::Exponent) | None, _) => None,
            (_, Some(FormatKind::Exponent), _) => Some("`e` is for a `float`"),
            (_, Some(_), _) => Some("`x`, `X`, `b` and `o` are for an `int`"),
            (_, None, _) if spec.plus || spec.zero => Some("`+` and `0` are for numbers"),
            _ => None,
        };
        if let Some(problem) = problem {
            let shown = self.show(ty);
            let diagnostic =
                Diagnostic::new(codes::FORMAT_TYPE, spec.span, format!("this format does not fit `{shown}`"))
                    .label(problem);
            self.report(diagnostic);
        }
    }

    /// `[k: v]`: a new map, filled entry by entry.
    pub(super) fn map(
        &mut self,
        entries: &'a [(ast::Expr, ast::Expr)],
        expect: Expect,
        span: Span,
    ) -> ExprId {
        let expected = match expect.ty().map(|ty| self.kind(ty)) {
            Some(TyKind::Struct(StructId::MAP, args)) => match *self.types.list(args) {
                [key, value] => Some((key, value)),
                _ => None,
            },
            _ => None,
        };
        let (key, value) = match expected {
            Some(types) => types,
            None => {
                let any = super::infer::VarKind::Any;
                (self.fresh(any, span), self.fresh(any, span))
            }
        };
        let ty = self.map_type(key, value);
        let first = entries.first();
        let text = "the first is `{}`, so the others must be";
        let key_why = first.map_or(Why::NONE, |(key, _)| Why::new(key.span, text));
        let value_why = first.map_or(Why::NONE, |(_, value)| Why::new(value.span, text));
        let pairs: Vec<(ExprId, ExprId)> = entries
            .iter()
            .map(|(k, v)| {
                let k = self.expr(k, Expect::Hint(key));
                let k = self.coerce(k, key, key_why);
                let v = self.expr(v, Expect::Hint(value));
                (k, self.coerce(v, value, value_why))
            })
            .collect();
        match first {
            Some((first, _)) => self.require_of_value(key, TraitId::HASH, first.span),
            None => self.require_plain(key, TraitId::HASH, span),
        }
        self.filled_map(ty, key, value, pairs, span)
    }

    fn filled_map(&mut self, ty: Ty, key: Ty, value: Ty, pairs: Vec<(ExprId, ExprId)>, span: Span) -> ExprId {
        let Some(super::lookup::Found::Inherent(new, _)) = self.find_inherent(ty, self.known.new) else {
            return self.error_expr(span);
        };
        self.uses(new);
        let args = self.types.intern_list(&[key, value]);
        let call = Call { callee: Callee::Function(new, args), args: Box::default() };
        let made = self.add(ExprKind::Call(Box::new(call)), ty, span);
        if pairs.is_empty() {
            return made;
        }
        let (local, stmt) = self.temporary(made);
        let mut stmts = vec![stmt];
        for (k, v) in pairs {
            let at = self.span_of(k);
            let map = self.local_value(local, span);
            if let Some(call) = self.made_method_call(map, self.known.set, vec![k, v], at) {
                stmts.push(Stmt::Expr(call));
            }
        }
        let map = self.local_value(local, span);
        self.sequence(stmts, map)
    }
}

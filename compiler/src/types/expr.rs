//! Expressions: what each form is checked by, and what is expected of it.

use super::Checker;
use super::report::Why;
use crate::ast::{self, ExprKind as Ast, Ident};
use crate::hir::{ExprId, ExprKind, Ty, TyKind};
use crate::source::Span;

/// What the surroundings of an expression know of its type.
#[derive(Clone, Copy)]
pub(super) enum Expect {
    /// Nothing.
    Any,
    /// The value is dropped.
    Discard,
    /// It is probably this type; a value of another is no error here.
    Hint(Ty),
    /// It must be this type. Whoever expects it converts the value; what has parts in tail position (blocks, `if`, `match`)
    /// converts them itself.
    Must(Ty, Why),
}

impl Expect {
    /// The expected type, if any.
    pub(super) fn ty(self) -> Option<Ty> {
        match self {
            Expect::Hint(ty) | Expect::Must(ty, _) => Some(ty),
            Expect::Any | Expect::Discard => None,
        }
    }
}

impl<'a> Checker<'a, '_> {
    /// Checks an expression whose value must have a type, and converts it.
    pub(super) fn expr_as(&mut self, expr: &'a ast::Expr, ty: Ty, why: Why) -> ExprId {
        let id = self.expr(expr, Expect::Must(ty, why));
        self.coerce(id, ty, why)
    }

    /// Checks an expression of which nothing is expected.
    pub(super) fn any_expr(&mut self, expr: &'a ast::Expr) -> ExprId {
        self.expr(expr, Expect::Any)
    }

    /// Checks an expression whose place is wrong: what the place would have said of its type is not missed.
    pub(super) fn lost_expr(&mut self, expr: &'a ast::Expr) -> ExprId {
        self.expr(expr, Expect::Hint(Ty::ERROR))
    }

    /// Checks an expression.
    pub(super) fn expr(&mut self, expr: &'a ast::Expr, expect: Expect) -> ExprId {
        let span = expr.span;
        match &expr.kind {
            Ast::Literal(literal) => self.literal(literal, expect, span),
            Ast::Interpolation(pieces) => self.interpolation(pieces, span),
            Ast::Name(name) => self.name_value(Ident { name: *name, span }, expect),
            Ast::Generic(_) => self.no_value(span, "a type"),
            Ast::Paren(inner) => self.expr(inner, expect),
            Ast::Tuple(parts) => self.tuple(parts, expect, span),
            Ast::Array(parts) => self.array(parts, expect, span),
            Ast::Map(entries) => self.map(entries, expect, span),
            Ast::Unary(op, operand) => self.unary(*op, operand, expect, span),
            Ast::Binary(op, op_span, ..) => self.binary(expr, *op, *op_span, expect),
            Ast::Range(range) => self.range_value(range, span),
            Ast::Call(call) => self.call(call, expect, span),
            Ast::Field(base, name) => self.field_value(base, *name, expect, span),
            Ast::OptionalField(base, name) => self.optional_field(base, *name, span),
            Ast::TupleField(base, index, index_span) => self.tuple_field(base, *index, *index_span, span),
            Ast::Index(parts) => self.index_value(&parts.0, &parts.1, span),
            Ast::Try(inner) => self.question(inner, expect, span),
            Ast::Block(block) => self.block(block, expect),
            Ast::If(branch) => self.if_(branch, expect, span),
            Ast::Match(matched) => self.match_(matched, expect, span),
            Ast::Loop(repeat) => self.loop_(repeat, expect, span),
            Ast::While(repeat) => self.while_(repeat, span),
            Ast::For(each) => self.for_(each, span),
            Ast::Closure(closure) => self.closure(closure, expect, span),
            Ast::Return(value) => self.return_(value.as_deref(), span),
            Ast::Break(label, value) => self.break_(*label, value.as_deref(), span),
            Ast::Continue(label) => self.continue_(*label, span),
            Ast::Error => self.error_expr(span),
        }
    }

    /// `()`, `(a, b)`
    fn tuple(&mut self, parts: &'a [ast::Expr], expect: Expect, span: Span) -> ExprId {
        if parts.is_empty() {
            return self.add(ExprKind::Unit, Ty::UNIT, span);
        }
        let expected: Vec<Ty> = match expect.ty().map(|ty| self.kind(ty)) {
            Some(TyKind::Tuple(list)) if self.types.list(list).len() == parts.len() => {
                self.types.list(list).to_vec()
            }
            _ => Vec::new(),
        };
        let must = matches!(expect, Expect::Must(..));
        let mut ids = Vec::with_capacity(parts.len());
        for (index, part) in parts.iter().enumerate() {
            ids.push(match expected.get(index) {
                Some(&ty) if must => self.expr_as(part, ty, Why::NONE),
                Some(&ty) => self.expr(part, Expect::Hint(ty)),
                None => self.any_expr(part),
            });
        }
        let types: Vec<Ty> = ids
            .iter()
            .enumerate()
            .map(|(index, &id)| match expected.get(index) {
                Some(&ty) if must => ty,
                _ => self.stored_type(id),
            })
            .collect();
        let ty = self.types.tuple(&types);
        self.add(ExprKind::Tuple(ids.into()), ty, span)
    }

    /// The type of a value that becomes a part of another: storage types may still widen.
    pub(super) fn stored_type(&mut self, id: ExprId) -> Ty {
        let ty = self.shallow(self.ty_of(id));
        match self.types.kind(ty) {
            TyKind::Storage(storage) => {
                let span = self.span_of(id);
                self.fresh(super::infer::VarKind::Soft(storage), span)
            }
            TyKind::Never => Ty::ERROR,
            _ => ty,
        }
    }

    /// `[a, b]`
    fn array(&mut self, parts: &'a [ast::Expr], expect: Expect, span: Span) -> ExprId {
        let expected = match expect.ty().map(|ty| self.kind(ty)) {
            Some(TyKind::Array(element)) => Some(element),
            _ => None,
        };
        if let Some(element) = expected {
            let ids: Vec<ExprId> = parts.iter().map(|part| self.expr_as(part, element, Why::NONE)).collect();
            let ty = self.types.array(element);
            return self.add(ExprKind::Array(ids.into()), ty, span);
        }
        let element = self.fresh(super::infer::VarKind::Any, span);
        let mut ids = Vec::with_capacity(parts.len());
        let text = "the first element is `{}`, so the others must be";
        let why = parts.first().map_or(Why::NONE, |first| Why::new(first.span, text));
        for part in parts {
            let id = self.expr(part, Expect::Hint(element));
            ids.push(self.coerce(id, element, why));
        }
        let ty = self.types.array(element);
        self.add(ExprKind::Array(ids.into()), ty, span)
    }

    /// What is no value where one is needed.
    pub(super) fn no_value(&mut self, span: Span, what: &str) -> ExprId {
        let message = format!("{what} is no value");
        let diagnostic =
            crate::diagnostics::Diagnostic::new(crate::diagnostics::codes::NOT_A_VALUE, span, message);
        self.report(diagnostic);
        self.error_expr(span)
    }
}

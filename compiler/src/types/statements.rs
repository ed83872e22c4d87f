//! Statements: `let` and `var`, `defer`, expressions for their effect.

use super::Checker;
use super::body::Binding;
use super::expr::Expect;
use super::report::Why;
use crate::ast::{self, PatternKind as AstPattern, StmtKind};
use crate::diagnostics::{Diagnostic, codes};
use crate::hir::{ExprId, ExprKind, GlobalId, Let, Stmt, Ty, TyKind};
use crate::resolve::Def;
use crate::source::Span;

impl<'a> Checker<'a, '_> {
    /// Checks a statement; whether what follows it is never reached.
    pub(super) fn statement(&mut self, stmt: &'a ast::Stmt, out: &mut Vec<Stmt>) -> bool {
        let mark = self.body.open_literals.len();
        let never = match &stmt.kind {
            StmtKind::Let(binding) => self.let_(binding, out),
            StmtKind::Assign(assign) => {
                self.assign(assign, stmt.span, out);
                false
            }
            StmtKind::Expr(expr) => {
                let id = self.expr(expr, Expect::Discard);
                let ty = self.shallow(self.ty_of(id));
                if self.types.result_payloads(ty).is_some() {
                    self.unused_result(stmt.span);
                } else if ty != Ty::NEVER && ty != Ty::UNIT && has_no_effect(expr) {
                    self.unused_value(expr, ty);
                }
                out.push(Stmt::Expr(id));
                ty == Ty::NEVER
            }
            StmtKind::Defer(inner) => {
                self.defer(inner, stmt.span, out);
                false
            }
            StmtKind::Item(_) | StmtKind::Error => false,
        };
        if self.body.open_literals.len() > mark {
            self.settle_literals(mark);
            if !self.body.pending.is_empty() {
                self.progress(false);
            }
        }
        never
    }

    fn unused_result(&mut self, span: Span) {
        let diagnostic = Diagnostic::new(codes::UNUSED_RESULT, span, "this `Result` is not looked at")
            .label("an error here goes unnoticed")
            .maybe(span.start(), "let _ = ", "hand an error on with `?`, or say that it does not matter");
        self.report(diagnostic);
    }

    /// Warns of a value that is neither used nor the last of its block.
    fn unused_value(&mut self, expr: &'a ast::Expr, ty: Ty) {
        if self.types.has_error(ty) || self.is_standard(self.module) {
            return;
        }
        let diagnostic = Diagnostic::new(codes::UNUSED_VALUE, expr.span, "this value is not used");
        let diagnostic = match (&expr.kind, self.types.kind(ty)) {
            (ast::ExprKind::Binary(ast::BinaryOp::Eq, op, ..), _) => {
                diagnostic.label("this compares").maybe(*op, "=", "`=` assigns")
            }
            _ if self.body.dropped.is_some_and(|(tail, _)| tail == expr.span) => {
                let (shown, place) = (self.show(ty), self.body.dropped.map_or(expr.span, |(_, place)| place));
                diagnostic.label(format!("this is `{shown}`")).maybe(
                    place,
                    format!(" -> {shown}"),
                    "make it the function's result",
                )
            }
            (_, TyKind::Fn(..)) => diagnostic.maybe(expr.span.end(), "()", "call it"),
            _ => diagnostic,
        };
        self.report(diagnostic);
    }

    /// The value of a `let`, and the type that its pattern is matched against.
    fn bound_value(&mut self, binding: &'a ast::Let) -> (ExprId, Ty) {
        match &binding.ty {
            Some(written) => {
                let ty = self.written_type(written);
                let why = Why::new(written.span, "expected because of this type");
                let value = self.expr_as(&binding.value, ty, why);
                (value, ty)
            }
            None => {
                let value = self.any_expr(&binding.value);
                (value, self.shallow(self.ty_of(value)))
            }
        }
    }

    fn let_(&mut self, binding: &'a ast::Let, out: &mut Vec<Stmt>) -> bool {
        let named = match (&binding.pattern.kind, &binding.value.kind) {
            (AstPattern::Bind(name), ast::ExprKind::Closure(_)) => Some(name.name),
            _ => None,
        };
        self.body.naming.extend(named);
        let (value, ty) = self.bound_value(binding);
        named.and_then(|_| self.body.naming.pop());
        let otherwise = binding.otherwise.as_ref().map(|block| self.otherwise(block));
        let annotated = binding.ty.is_some();
        let ty = self.known_type(ty);
        let first = self.body.locals.len();
        let pattern = self.let_pattern(&binding.pattern, ty, binding.mutable, annotated);
        self.body.local_states[first..].iter_mut().for_each(|local| local.keyword = Some(binding.keyword));
        if binding.mutable {
            self.body.vars_declared.push((binding.keyword, first..self.body.locals.len()));
        }
        out.push(Stmt::Let(Box::new(Let { pattern, value, otherwise })));
        self.shallow(self.ty_of(value)) == Ty::NEVER
    }

    /// The `else` of a `let`, which must leave.
    fn otherwise(&mut self, block: &'a ast::Block) -> ExprId {
        let id = self.block(block, Expect::Discard);
        if self.ty_of(id) != Ty::NEVER {
            let message = "the `else` of a `let` must leave: by `return`, `break`, `continue` or `panic`";
            self.report(Diagnostic::new(codes::ELSE_FALLS_THROUGH, block.span, message));
        }
        id
    }

    /// A `let` at the top level of a file: what it binds are globals.
    pub(super) fn global_let(&mut self, binding: &'a ast::Let, next: &mut GlobalId, out: &mut Vec<Stmt>) {
        let mark = self.body.open_literals.len();
        let (value, ty) = self.bound_value(binding);
        self.settle_literals(mark);
        if let AstPattern::Bind(name) = &binding.pattern.kind {
            let id = self.take_global(next);
            let ty = if binding.ty.is_some() { ty } else { self.wide(ty) };
            self.global_types[id.index()] = Some(ty);
            self.body.bind(name.name, Binding::Def(self.body.serial, Def::Global(id)));
            out.push(self.assign_global(id, value, name.span));
            return;
        }
        let otherwise = binding.otherwise.as_ref().map(|block| self.otherwise(block));
        let first_local = self.body.locals.len();
        let ty = self.known_type(ty);
        let pattern = self.let_pattern(&binding.pattern, ty, false, binding.ty.is_some());
        out.push(Stmt::Let(Box::new(Let { pattern, value, otherwise })));
        for index in first_local..self.body.locals.len() {
            let (name, ty, span) = {
                let local = &self.body.locals[index];
                (local.name, local.ty, local.span)
            };
            if name == ast::known::EMPTY || name == ast::known::UNDERSCORE {
                continue;
            }
            let id = self.take_global(next);
            self.global_types[id.index()] = Some(ty);
            let local = crate::hir::LocalId(index as u32);
            let value = self.use_local(local, span);
            out.push(self.assign_global(id, value, span));
            self.body.bind(name, Binding::Def(self.body.serial, Def::Global(id)));
        }
    }

    /// The type that a name bound to a value has: storage types widen.
    pub(super) fn wide(&mut self, ty: Ty) -> Ty {
        match self.var_kind(ty) {
            Some(super::infer::VarKind::Soft(storage)) => storage.wide(),
            _ => {
                let ty = self.shallow(ty);
                self.types.wide(ty)
            }
        }
    }

    fn take_global(&mut self, next: &mut GlobalId) -> GlobalId {
        let id = *next;
        next.0 += 1;
        id
    }

    fn assign_global(&mut self, id: GlobalId, value: ExprId, span: Span) -> Stmt {
        let ty = self.global_types[id.index()].unwrap_or(Ty::ERROR);
        let place = self.add(ExprKind::Global(id), ty, span);
        Stmt::Expr(self.add(ExprKind::Assign(place, value), Ty::UNIT, span))
    }

    fn defer(&mut self, inner: &'a ast::Stmt, span: Span, out: &mut Vec<Stmt>) {
        let mut stmts = Vec::new();
        self.statement(inner, &mut stmts);
        let block = crate::hir::Block { stmts: stmts.into(), value: None };
        let id = self.add(ExprKind::Block(Box::new(block)), Ty::UNIT, span);
        out.push(Stmt::Defer(id));
    }
}

/// Whether a program does the same without an expression: it takes and combines values, and calls nothing.
fn has_no_effect(expr: &ast::Expr) -> bool {
    use ast::ExprKind::{Binary, Field, Literal, Name, Paren, TupleField, Unary};
    match &expr.kind {
        Literal(_) | Name(_) => true,
        Paren(inner) | Unary(_, inner) | TupleField(inner, ..) | Field(inner, _) => has_no_effect(inner),
        Binary(_, _, left, right) => has_no_effect(left) && has_no_effect(right),
        _ => false,
    }
}

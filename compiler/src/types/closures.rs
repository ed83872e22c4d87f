//! Closures: their parameters' types, what they capture, and bodies that wait for both.

use super::Checker;
use super::body::Binding;
use super::expr::Expect;
use super::infer::VarKind;
use super::loops::LoopState;
use super::pending::Pending;
use super::report::Why;
use crate::ast::{self, Name, PatternKind as AstPattern};
use crate::diagnostics::{Diagnostic, codes};
use crate::hir::{Block, Closure, ExprId, ExprKind, Let, LocalId, Stmt, Ty, TyKind};
use crate::source::Span;

/// A closure around what is checked.
#[derive(Clone)]
pub(super) struct ClosureState {
    /// Its number in the list of the body's closures.
    info: usize,
}

/// A closure of a body: its node and what it captures.
pub(super) struct ClosureInfo {
    pub node: ExprId,
    pub captures: Vec<LocalId>,
}

/// A closure whose body has not been checked.
pub(super) struct WaitingClosure<'a> {
    ast: &'a ast::Closure,
    node: ExprId,
    params: Vec<Ty>,
    result: Ty,
    result_why: Why,
    bindings: Vec<(Name, Binding)>,
    closures: Vec<ClosureState>,
    span: Span,
}

impl<'a> Checker<'a, '_> {
    /// `|a, b: int| body`
    pub(super) fn closure(&mut self, closure: &'a ast::Closure, expect: Expect, span: Span) -> ExprId {
        let expected = expect.ty().map(|ty| self.known_type(ty)).map(|ty| self.types.kind(ty));
        let (wanted, result) = match expected {
            Some(TyKind::Fn(params, result)) => {
                let params = self.types.list(params).to_vec();
                if params.len() != closure.params.len() {
                    let why = if let Expect::Must(_, why) = expect { why } else { Why::NONE };
                    self.wrong_parameter_count(closure, params.len(), span, why);
                    // What the closure would have decided is not unknown by another mistake.
                    self.give_up(result);
                    return self.error_expr(span);
                }
                (params, Some(result))
            }
            // What calls it is wrong.
            Some(TyKind::Error) => (vec![Ty::ERROR; closure.params.len()], Some(Ty::ERROR)),
            _ => (Vec::new(), None),
        };
        let mut params = Vec::with_capacity(closure.params.len());
        let mut unknown = false;
        for (index, param) in closure.params.iter().enumerate() {
            let ty = match (&param.ty, wanted.get(index)) {
                (Some(written), expected) => {
                    let ty = self.written_type(written);
                    if let Some(&expected) = expected
                        && !self.unify(expected, ty)
                    {
                        self.mismatch(written.span, expected, ty, Why::NONE);
                    }
                    ty
                }
                (None, Some(&expected)) => self.known_type(expected),
                (None, None) => self.fresh(VarKind::Any, param.pattern.span),
            };
            if self.is_unknown(ty) {
                self.name_unknown(ty, param.pattern.span);
                unknown = true;
            }
            params.push(ty);
        }
        let (result, result_why) = self.closure_result(closure, result, span);
        let ty = self.types.function(&params, result);
        let node = self.add(ExprKind::Error, ty, span);
        let waiting = WaitingClosure {
            ast: closure,
            node,
            params,
            result,
            result_why,
            bindings: Vec::new(),
            closures: self.body.closures.clone(),
            span,
        };
        if unknown {
            let bindings = self.body.visible();
            let waiting = WaitingClosure { bindings, ..waiting };
            self.body.pending.push(Pending::Closure(Box::new(waiting)));
        } else {
            self.closure_body(waiting);
        }
        node
    }

    /// The place to report if nothing decides a parameter's type: the parameter.
    fn name_unknown(&mut self, ty: Ty, span: Span) {
        if let TyKind::Infer(var) = self.kind(ty) {
            self.body.vars[var as usize].span = span;
        }
    }

    fn closure_result(&mut self, closure: &'a ast::Closure, expected: Option<Ty>, span: Span) -> (Ty, Why) {
        match &closure.result {
            Some(written) => {
                let ty = self.written_type(written);
                if let Some(expected) = expected
                    && !self.unify(expected, ty)
                {
                    self.mismatch(written.span, expected, ty, Why::NONE);
                }
                (ty, Why::new(written.span, "expected because of this result type"))
            }
            None => (expected.unwrap_or_else(|| self.fresh(VarKind::Any, span)), Why::NONE),
        }
    }

    fn wrong_parameter_count(&mut self, closure: &'a ast::Closure, wanted: usize, span: Span, why: Why) {
        let found = closure.params.len();
        let plural = if wanted == 1 { "" } else { "s" };
        let message = format!("expected a closure with {wanted} parameter{plural}, found one with {found}");
        let at = match (closure.params.first(), closure.params.last()) {
            (Some(first), Some(last)) => first.pattern.span.to(last.pattern.span),
            _ => span,
        };
        let values = if wanted == 1 { "value" } else { "values" };
        let mut diagnostic = Diagnostic::new(codes::TYPE_MISMATCH, at, message)
            .label(format!("it is called with {wanted} {values}"));
        if why.span != Span::default() {
            diagnostic = diagnostic.secondary(why.span, why.text);
        }
        self.report(diagnostic);
    }

    /// The place of a closure around what is checked.
    pub(super) fn closure_span(&self, closure: &ClosureState) -> Span {
        self.span_of(self.body.closure_infos[closure.info].node)
    }

    /// Whether the parameters of a closure that waits are known now.
    pub(super) fn parameters_known(&self, closure: &WaitingClosure<'a>) -> bool {
        !closure.params.iter().any(|&ty| self.is_unknown(ty))
    }

    /// Checks a closure that waited, with the names that were visible where it stands.
    pub(super) fn finish_waiting(&mut self, mut closure: WaitingClosure<'a>) {
        let mark = self.body.enter();
        for (name, binding) in std::mem::take(&mut closure.bindings) {
            self.body.bind(name, binding);
        }
        let closures = std::mem::take(&mut closure.closures);
        let outer = std::mem::replace(&mut self.body.closures, closures);
        self.closure_body(closure);
        self.body.closures = outer;
        self.body.leave(mark);
    }

    fn closure_body(&mut self, closure: WaitingClosure<'a>) {
        let WaitingClosure { ast, node, params, result, result_why, span, .. } = closure;
        let info = self.body.closure_infos.len();
        self.body.closure_infos.push(ClosureInfo { node, captures: Vec::new() });
        self.body.closures.push(ClosureState { info });
        let loops: Vec<LoopState> = std::mem::take(&mut self.body.loops);
        let outer_result = std::mem::replace(&mut self.body.result, result);
        let outer_why = std::mem::replace(&mut self.body.result_why, result_why);
        let top_level = std::mem::replace(&mut self.body.top_level, false);
        let mark = self.body.enter();
        let (locals, stmts) = self.closure_params(ast, &params);
        let body = if self.shallow(result) == Ty::UNIT {
            self.expr(&ast.body, Expect::Discard)
        } else {
            self.expr_as(&ast.body, result, result_why)
        };
        if self.shallow(self.ty_of(body)) == Ty::NEVER && self.is_unknown(result) {
            self.body.endless_results.push(result);
        }
        let body = self.sequence_any(stmts, body, span);
        self.body.leave(mark);
        self.body.loops = loops;
        self.body.result = outer_result;
        self.body.result_why = outer_why;
        self.body.top_level = top_level;
        self.body.closures.pop();
        let made = Closure { params: locals.into(), captures: Box::default(), body, result };
        self.body.exprs[node.index()].kind = ExprKind::Closure(Box::new(made));
    }

    /// Statements before a value that may be unit and dropped.
    fn sequence_any(&mut self, stmts: Vec<Stmt>, value: ExprId, span: Span) -> ExprId {
        if stmts.is_empty() {
            return value;
        }
        let ty = self.ty_of(value);
        self.add(ExprKind::Block(Box::new(Block { stmts: stmts.into(), value: Some(value) })), ty, span)
    }

    /// The parameters' locals; patterns are taken apart by statements.
    fn closure_params(&mut self, ast: &'a ast::Closure, params: &[Ty]) -> (Vec<LocalId>, Vec<Stmt>) {
        let mut locals = Vec::with_capacity(params.len());
        let mut stmts = Vec::new();
        for (param, &ty) in ast.params.iter().zip(params) {
            let span = param.pattern.span;
            if let AstPattern::Bind(name) = &param.pattern.kind {
                let wide = if param.ty.is_some() { ty } else { self.wide(ty) };
                let local = self.new_local(name.name, wide, false, span);
                self.bind_local(name.name, local);
                locals.push(local);
                continue;
            }
            let local = self.new_local(ast::known::EMPTY, ty, false, span);
            locals.push(local);
            if !matches!(param.pattern.kind, AstPattern::Wildcard) {
                let known = self.known_type(ty);
                let value = self.local_value(local, span);
                let pattern = self.pattern(&param.pattern, known, false);
                stmts.push(Stmt::Let(Box::new(Let { pattern, value, otherwise: None })));
            }
        }
        (locals, stmts)
    }

    /// Notes that the closures between a local's declaration and here use it.
    pub(super) fn capture(&mut self, local: LocalId) {
        let depth = self.body.local_states[local.index()].depth as usize;
        if depth >= self.body.closures.len() {
            return;
        }
        self.body.locals[local.index()].captured = true;
        for index in depth..self.body.closures.len() {
            let info = self.body.closures[index].info;
            let captures = &mut self.body.closure_infos[info].captures;
            if !captures.contains(&local) {
                captures.push(local);
            }
        }
    }

    /// Writes what closures capture into their nodes.
    pub(super) fn finish_captures(&mut self) {
        for info in std::mem::take(&mut self.body.closure_infos) {
            if let ExprKind::Closure(closure) = &mut self.body.exprs[info.node.index()].kind {
                closure.captures = info.captures.into();
            }
        }
    }
}

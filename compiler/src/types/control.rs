//! Blocks, `if`, `match`, `return`.

use super::Checker;
use super::expr::Expect;
use super::report::Why;
use crate::ast::{self, StmtKind};
use crate::diagnostics::{Diagnostic, codes};
use crate::hir::{Arm, Block, ExprId, ExprKind, If, Match, Stmt, Ty, TyKind, Types};
use crate::source::Span;

const BRANCHES: &str = "the first branch is `{}`, so the others must be";

impl<'a> Checker<'a, '_> {
    /// `{ … }`
    pub(super) fn block(&mut self, block: &'a ast::Block, expect: Expect) -> ExprId {
        let mark = self.body.enter();
        if block.stmts.iter().any(|stmt| matches!(stmt.kind, StmtKind::Item(_))) {
            self.declare_items(&block.stmts);
        }
        let (before, tail) = match expect {
            Expect::Discard => (&block.stmts[..], None),
            _ => block.split_value(),
        };
        let mut stmts = Vec::with_capacity(before.len());
        let mut diverges = false;
        for stmt in before {
            let never = self.statement(stmt, &mut stmts);
            self.unreachable(&mut diverges, never, stmt, &block.stmts);
        }
        let value = match tail {
            // The value behind what always leaves is never made.
            Some(tail) if diverges => {
                let value = self.expr(tail, Expect::Discard);
                stmts.push(Stmt::Expr(value));
                None
            }
            tail => tail.map(|tail| self.tail(tail, expect)),
        };
        self.body.leave(mark);
        let ty = match value {
            _ if diverges => Ty::NEVER,
            None => Ty::UNIT,
            Some(value) => match (self.ty_of(value), expect) {
                (found, Expect::Must(ty, _)) if found != Ty::NEVER => ty,
                (found, _) => found,
            },
        };
        self.add(ExprKind::Block(Box::new(Block { stmts: stmts.into(), value })), ty, block.span)
    }

    /// The value of a block.
    fn tail(&mut self, tail: &'a ast::Expr, expect: Expect) -> ExprId {
        match expect {
            Expect::Must(ty, why) => self.expr_as(tail, ty, why),
            _ => self.expr(tail, expect),
        }
    }

    /// Warns of the statement behind one that never ends.
    fn unreachable(&mut self, diverges: &mut bool, never: bool, stmt: &ast::Stmt, all: &'a [ast::Stmt]) {
        if !never || *diverges {
            return;
        }
        *diverges = true;
        let next = all.iter().find(|next| next.span.lo >= stmt.span.hi);
        if let Some(next) = next.filter(|next| !matches!(next.kind, StmtKind::Item(_))) {
            let diagnostic = Diagnostic::new(codes::UNREACHABLE_CODE, next.span, "this is never reached")
                .secondary(stmt.span, "this always leaves");
            self.report(diagnostic);
        }
    }

    /// The block of a function that has a result.
    pub(super) fn result_block(&mut self, block: &'a ast::Block, result: Ty, why: Why, name: Span) -> ExprId {
        let id = self.block(block, Expect::Must(result, why));
        let ty = self.shallow(self.ty_of(id));
        if ty == Ty::UNIT && block.split_value().1.is_none() {
            self.missing_value(block, result, why, name);
            return id;
        }
        self.coerce(id, result, why)
    }

    /// A body that ends without the value it must give.
    fn missing_value(&mut self, block: &'a ast::Block, result: Ty, why: Why, name: Span) {
        if self.types.has_error(result) {
            return;
        }
        let expected = self.show(result);
        let message = format!("expected `{expected}`, found `()`: the body ends without a value");
        let mut diagnostic =
            Diagnostic::new(codes::TYPE_MISMATCH, name, message).label("this function must give a value");
        if why.span != Span::default() {
            diagnostic = diagnostic.secondary(why.span, why.text);
        }
        let text = match (self.types.result_payloads(result), block.stmts.last().map(|stmt| &stmt.kind)) {
            (Some((Ty::UNIT, _)), _) => Some("Ok(())".to_string()),
            (_, Some(StmtKind::Let(binding))) => match binding.pattern.kind {
                ast::PatternKind::Bind(name) => {
                    self.expect_use(name.name);
                    Some(self.text(name.name).to_string())
                }
                _ => None,
            },
            _ => None,
        };
        if let (Some(text), Some(last)) = (text, block.stmts.last()) {
            let end = last.span.end();
            let before = match self.on_one_line(block.span, end) {
                true => "; ".to_string(),
                false => format!("\n{}", self.indent_at(last.span)),
            };
            diagnostic = diagnostic.maybe(end, format!("{before}{text}"), "end the body with its value");
        }
        self.report(diagnostic);
    }

    /// Of the last variable of a name it is not said that nothing uses it: another report says where it belongs.
    fn expect_use(&mut self, name: ast::Name) {
        if let Some(local) = self.body.locals.iter().rposition(|local| local.name == name) {
            self.body.local_states[local].used = true;
        }
    }

    /// The condition of `if` and `while`; what it binds stays in scope.
    pub(super) fn condition(&mut self, condition: &'a ast::Condition) -> ExprId {
        match condition {
            ast::Condition::Expr(expr) => {
                let mark = self.body.open_literals.len();
                let id = self.expr_as(expr, Ty::BOOL, Why::NONE);
                self.settle_literals(mark);
                id
            }
            ast::Condition::Let(pattern, subject) => {
                let mark = self.body.open_literals.len();
                let subject = self.any_expr(subject);
                self.settle_literals(mark);
                let ty = self.known_type(self.ty_of(subject));
                let pattern = self.pattern(pattern, ty, false);
                let span = pattern.span;
                self.add(ExprKind::Matches(Box::new(pattern), subject), Ty::BOOL, span)
            }
        }
    }

    pub(super) fn if_(&mut self, branch: &'a ast::If, expect: Expect, span: Span) -> ExprId {
        let complete = branch.otherwise.is_some();
        let expect = match expect {
            Expect::Must(ty, _) if !complete && (self.shallow(ty) == Ty::UNIT || self.is_unknown(ty)) => {
                Expect::Any
            }
            other => other,
        };
        let mut values = Values::new(expect, &self.types);
        let mut branches = Vec::with_capacity(branch.branches.len());
        for part in &branch.branches {
            let mark = self.body.enter();
            let condition = self.condition(&part.condition);
            let body = match complete {
                true => self.branch(&part.body, &mut values),
                false => self.lone_branch(&part.body, expect, span),
            };
            self.body.leave(mark);
            branches.push((condition, body));
        }
        let otherwise = branch.otherwise.as_ref().map(|body| self.branch(body, &mut values));
        let failed = |body: ExprId| self.body.exprs[body.index()].ty == Ty::ERROR;
        let ty = match complete {
            true => self.joined(&values),
            false if branches.iter().any(|&(_, body)| failed(body)) => Ty::ERROR,
            false => Ty::UNIT,
        };
        self.add(ExprKind::If(Box::new(If { branches: branches.into(), otherwise })), ty, span)
    }

    /// A branch of an `if` without `else`, which can have no value.
    fn lone_branch(&mut self, body: &'a ast::Block, expect: Expect, span: Span) -> ExprId {
        if let Expect::Discard = expect {
            return self.block(body, Expect::Discard);
        }
        let id = self.block(body, Expect::Any);
        let ty = self.shallow(self.ty_of(id));
        if !matches!(ty, Ty::UNIT | Ty::NEVER | Ty::ERROR) || matches!(expect, Expect::Must(..)) {
            let diagnostic =
                Diagnostic::new(codes::MISSING_ELSE, span, "an `if` that gives a value needs an `else`")
                    .label("there is no value when the condition is false")
                    .outline(span.end(), " else { … }", "say what it is otherwise");
            self.report(diagnostic);
            self.body.exprs[id.index()].ty = Ty::ERROR;
        }
        id
    }

    /// The value of one of several branches.
    fn branch(&mut self, body: &'a ast::Block, values: &mut Values) -> ExprId {
        let expect = self.branch_expect(values);
        let id = self.block(body, expect);
        let place = body.split_value().1.map_or(body.span, |value| value.span);
        self.add_value(values, id, place)
    }

    /// What is expected of the next branch: a storage type stands for its wide one.
    fn branch_expect(&mut self, values: &Values) -> Expect {
        match (values.expect, values.joined) {
            (Expect::Any, Some(ty)) => Expect::Hint(self.wide(ty)),
            (expect, _) => expect,
        }
    }

    /// Adds a branch's value to what is known of the others'.
    fn add_value(&mut self, values: &mut Values, id: ExprId, place: Span) -> ExprId {
        match values.expect {
            Expect::Discard => {
                values.all_never &= self.ty_of(id) == Ty::NEVER;
                id
            }
            Expect::Must(ty, why) => {
                values.all_never &= self.ty_of(id) == Ty::NEVER;
                let saved = self.span_of(id);
                self.body.exprs[id.index()].span = place;
                let converted = self.coerce(id, ty, why);
                self.body.exprs[id.index()].span = saved;
                converted
            }
            _ => {
                let saved = self.span_of(id);
                self.body.exprs[id.index()].span = place;
                values.joined = self.join(values.joined, id, values.first.unwrap_or(place), BRANCHES);
                self.body.exprs[id.index()].span = saved;
                values.first.get_or_insert(place);
                id
            }
        }
    }

    fn joined(&mut self, values: &Values) -> Ty {
        match values.expect {
            _ if values.all_never
                && values.joined.is_none()
                && !matches!(values.expect, Expect::Any | Expect::Hint(_)) =>
            {
                Ty::NEVER
            }
            Expect::Discard => Ty::UNIT,
            Expect::Must(ty, _) => ty,
            _ => values.joined.unwrap_or(Ty::NEVER),
        }
    }

    pub(super) fn match_(&mut self, matched: &'a ast::Match, expect: Expect, span: Span) -> ExprId {
        let mark = self.body.open_literals.len();
        let subject = self.any_expr(&matched.subject);
        let ty = self.known_type(self.ty_of(subject));
        self.settle_literals(mark);
        let ty = self.settle_type(ty);
        let ty = self.types.wide(ty);
        let mut values = Values::new(expect, &self.types);
        let mut arms = Vec::with_capacity(matched.arms.len());
        for arm in &matched.arms {
            let mark = self.body.enter();
            let pattern = self.pattern(&arm.pattern, ty, false);
            let guard = arm.guard.as_ref().map(|guard| self.expr_as(guard, Ty::BOOL, Why::NONE));
            let body = self.arm_body(&arm.body, &mut values);
            self.body.leave(mark);
            arms.push(Arm { pattern, guard, body });
        }
        let result = if arms.is_empty() { Ty::NEVER } else { self.joined(&values) };
        self.add(ExprKind::Match(Box::new(Match { subject, arms: arms.into() })), result, span)
    }

    fn arm_body(&mut self, body: &'a ast::Expr, values: &mut Values) -> ExprId {
        let mark = self.body.open_literals.len();
        let expect = self.branch_expect(values);
        let id = self.expr(body, expect);
        if let Expect::Discard = expect {
            self.settle_literals(mark);
        }
        let place = match &body.kind {
            ast::ExprKind::Block(block) => block.split_value().1.map_or(body.span, |value| value.span),
            _ => body.span,
        };
        self.add_value(values, id, place)
    }

    /// `return value`
    pub(super) fn return_(&mut self, value: Option<&'a ast::Expr>, span: Span) -> ExprId {
        if self.body.top_level && self.body.closures.is_empty() {
            let diagnostic = Diagnostic::new(codes::OUTSIDE_FUNCTION, span, "`return` outside a function")
                .help("`exit(0)` ends the program");
            self.report(diagnostic);
            return self.add(ExprKind::Error, Ty::NEVER, span);
        }
        let (result, why) = (self.body.result, self.body.result_why);
        let value = match value {
            Some(value) => {
                let id = match self.shallow(result) == Ty::UNIT && self.body.closures.is_empty() {
                    true => self.returned_unit(value),
                    false => self.expr_as(value, result, why),
                };
                // `return f()` where `f` gives unit: the call is made, nothing is returned.
                if self.shallow(result) == Ty::UNIT && self.shallow(self.ty_of(id)) == Ty::UNIT {
                    let leave = self.add(ExprKind::Return(None), Ty::NEVER, span);
                    let stmts = [Stmt::Expr(id), Stmt::Expr(leave)].into();
                    return self.add(
                        ExprKind::Block(Box::new(Block { stmts, value: None })),
                        Ty::NEVER,
                        span,
                    );
                }
                Some(id)
            }
            None => {
                if !self.unify(result, Ty::UNIT) {
                    self.bare_return(span, result, why);
                }
                None
            }
        };
        self.add(ExprKind::Return(value), Ty::NEVER, span)
    }

    /// The value behind a `return` in a function without a result: there can be one of unit.
    fn returned_unit(&mut self, value: &'a ast::Expr) -> ExprId {
        let id = self.any_expr(value);
        let ty = self.known_type(self.ty_of(id));
        if matches!(ty, Ty::UNIT | Ty::NEVER | Ty::ERROR) || self.is_unknown(ty) {
            return self.coerce(id, Ty::UNIT, Why::NONE);
        }
        self.settle_type(ty);
        self.unannounced_result(id);
        self.error_expr(value.span)
    }

    /// `return` alone in a function that has a result.
    fn bare_return(&mut self, span: Span, result: Ty, why: Why) {
        let expected = self.show(result);
        if self.types.has_error(result) {
            return;
        }
        let message = format!("expected `{expected}`: this `return` has no value");
        let mut diagnostic = Diagnostic::new(codes::TYPE_MISMATCH, span, message);
        if why.span != Span::default() {
            diagnostic = diagnostic.secondary(why.span, why.text.replace("{}", &expected));
        }
        self.report(diagnostic);
    }
}

/// What is known of the values of several branches.
pub(super) struct Values {
    expect: Expect,
    joined: Option<Ty>,
    first: Option<Span>,
    all_never: bool,
}

impl Values {
    fn new(expect: Expect, types: &Types) -> Values {
        // A number that is only hinted at is left to the branches: they need not all be of that type.
        let expect = match expect {
            Expect::Hint(ty) if matches!(types.kind(ty), TyKind::Float | TyKind::Storage(_)) => Expect::Any,
            expect => expect,
        };
        Values { expect, joined: None, first: None, all_never: true }
    }
}

//! Expressions, blocks and statements.

use super::super::{Block, Condition, Expr, ExprKind, Ident, Piece, Stmt, StmtKind};
use super::simple::spec_text;
use super::{List, Printer};

impl Printer<'_> {
    pub(super) fn expr(&self, expr: &Expr) -> List {
        match &expr.kind {
            ExprKind::Literal(literal) => self.literal(literal),
            ExprKind::Interpolation(pieces) => {
                List::of("interpolate", pieces.iter().map(|piece| self.piece(piece)))
            }
            ExprKind::Name(name) => self.word(*name),
            ExprKind::Generic(ty) => self.ty(ty),
            ExprKind::Paren(inner) => List::of("paren", [self.expr(inner)]),
            ExprKind::Tuple(items) => List::of("tuple", self.exprs(items)),
            ExprKind::Array(items) => List::of("array", self.exprs(items)),
            ExprKind::Map(entries) => {
                let entries =
                    entries.iter().map(|(key, value)| List::of(":", [self.expr(key), self.expr(value)]));
                List::of("map", entries)
            }
            ExprKind::Unary(op, operand) => List::of(op.text(), [self.expr(operand)]),
            ExprKind::Binary(op, _, left, right) => List::of(op.text(), [self.expr(left), self.expr(right)]),
            ExprKind::Range(range) => {
                let end =
                    |end: &Option<Expr>| end.as_ref().map_or_else(|| List::word("-"), |end| self.expr(end));
                List::of(if range.inclusive { "..=" } else { ".." }, [end(&range.lo), end(&range.hi)])
            }
            ExprKind::Call(call) => {
                let args = call.args.iter().map(|arg| match arg.name {
                    Some(name) => List::of(format!("{}:", self.text(name.name)), [self.expr(&arg.value)]),
                    None => self.expr(&arg.value),
                });
                List::of("call", [self.expr(&call.callee)]).and_all(args)
            }
            ExprKind::Field(base, name) => List::of(".", [self.expr(base), self.word(name.name)]),
            ExprKind::OptionalField(base, name) => List::of("?.", [self.expr(base), self.word(name.name)]),
            ExprKind::TupleField(base, index, _) => {
                List::of(".", [self.expr(base), List::Word(index.to_string())])
            }
            ExprKind::Index(parts) => List::of("index", [self.expr(&parts.0), self.expr(&parts.1)]),
            ExprKind::Try(inner) => List::of("?", [self.expr(inner)]),
            ExprKind::Return(value) => List::of("return", value.iter().map(|value| self.expr(value))),
            ExprKind::Break(label, value) => {
                List::of("break", self.label(*label)).and_all(value.iter().map(|value| self.expr(value)))
            }
            ExprKind::Continue(label) => List::of("continue", self.label(*label)),
            ExprKind::Error => List::word("<error>"),
            _ => self.control(expr),
        }
    }

    /// Expressions that hold blocks.
    fn control(&self, expr: &Expr) -> List {
        match &expr.kind {
            ExprKind::Block(block) => self.block(block),
            ExprKind::If(chain) => {
                let branches = chain.branches.iter();
                let branches =
                    branches.flat_map(|branch| [self.condition(&branch.condition), self.block(&branch.body)]);
                let otherwise = chain.otherwise.as_ref().map(|block| self.block(block));
                List::of("if", branches).and_maybe(otherwise)
            }
            ExprKind::Match(matching) => {
                let arms = matching.arms.iter().map(|arm| {
                    let guard = arm.guard.as_ref().map(|guard| List::of("if", [self.expr(guard)]));
                    List::of("=>", [self.pattern(&arm.pattern)]).and_maybe(guard).and(self.expr(&arm.body))
                });
                List::of("match", [self.expr(&matching.subject)]).and_all(arms)
            }
            ExprKind::Loop(endless) => {
                List::of("loop", self.label(endless.label)).and(self.block(&endless.body))
            }
            ExprKind::While(while_loop) => List::of("while", self.label(while_loop.label))
                .and(self.condition(&while_loop.condition))
                .and(self.block(&while_loop.body)),
            ExprKind::For(for_loop) => List::of("for", self.label(for_loop.label))
                .and(self.pattern(&for_loop.pattern))
                .and(self.expr(&for_loop.iterable))
                .and(self.block(&for_loop.body)),
            ExprKind::Closure(closure) => {
                let params = closure.params.iter().map(|param| match &param.ty {
                    Some(ty) => List::of(":", [self.pattern(&param.pattern), self.ty(ty)]),
                    None => self.pattern(&param.pattern),
                });
                let result = closure.result.as_ref().map(|ty| List::Word(format!("-> {}", self.ty_text(ty))));
                List::of("closure", [List::List(params.collect())])
                    .and_maybe(result)
                    .and(self.expr(&closure.body))
            }
            _ => List::word("<error>"),
        }
    }

    fn exprs(&self, exprs: &[Expr]) -> Vec<List> {
        exprs.iter().map(|expr| self.expr(expr)).collect()
    }

    fn label(&self, label: Option<Ident>) -> Option<List> {
        label.map(|label| List::Word(format!("{}:", self.text(label.name))))
    }

    fn piece(&self, piece: &Piece) -> List {
        match piece {
            Piece::Text(text) => self.quoted(*text),
            Piece::Expr(expr, None) => self.expr(expr),
            Piece::Expr(expr, Some(spec)) => {
                List::of("format", [self.expr(expr), List::Word(format!("{:?}", spec_text(spec)))])
            }
        }
    }

    fn condition(&self, condition: &Condition) -> List {
        match condition {
            Condition::Expr(expr) => self.expr(expr),
            Condition::Let(pattern, value) => List::of("let", [self.pattern(pattern), self.expr(value)]),
        }
    }

    pub(super) fn block(&self, block: &Block) -> List {
        List::of("block", block.stmts.iter().map(|stmt| self.stmt(stmt)))
    }

    pub(super) fn stmt(&self, stmt: &Stmt) -> List {
        match &stmt.kind {
            StmtKind::Let(binding) => {
                let otherwise = binding.otherwise.as_ref().map(|block| List::of("else", [self.block(block)]));
                let list =
                    List::of(if binding.mutable { "var" } else { "let" }, [self.pattern(&binding.pattern)])
                        .and_maybe(
                            binding.ty.as_ref().map(|ty| List::Word(format!(": {}", self.ty_text(ty)))),
                        )
                        .and(self.expr(&binding.value))
                        .and_maybe(otherwise);
                self.with_head(list, binding.docs, binding.public)
            }
            StmtKind::Assign(assign) => {
                let op = assign.op.map_or("", |op| op.text());
                List::of(format!("{op}="), [self.expr(&assign.place), self.expr(&assign.value)])
            }
            StmtKind::Expr(expr) => self.expr(expr),
            StmtKind::Defer(inner) => List::of("defer", [self.stmt(inner)]),
            StmtKind::Item(item) => self.item(item),
            StmtKind::Error => List::word("<error>"),
        }
    }
}

//! Blocks, branches, loops, closures and jumps.

use chumsky::prelude::*;

use super::context::{At, Context, Input, Rule, list, token};
use super::expr::Parts;
use super::failure::{Failing, Problem};
use super::recover;
use super::stmt;
use super::suffix::value;
use crate::ast::{
    Block, Branch, Closure, ClosureParam, Condition, Expr, ExprKind, For, Ident, If, Loop, Match, MatchArm,
    Stmt, StmtKind, While,
};
use crate::lexer::Token;

/// The expressions that begin with a keyword, brace or bar.
pub(super) fn control<'s, F: Failing<'s>>(cx: Context<'s>, parts: &Parts<'s, F>) -> Rule<'s, F, Expr> {
    let block = parts.block.clone().map_with(move |block, e| make(cx, ExprKind::Block(Box::new(block)), e));
    let (branches, matching, closure) = (branches(cx, parts), matching(cx, parts), closure(cx, parts));
    let (loops, jumps, block) = (loops(cx, parts), jumps(cx, parts), block.boxed());
    custom(move |input: &mut Input<'s, '_, F>| match input.peek() {
        Some(Token::If) => input.parse(&branches),
        Some(Token::Match) => input.parse(&matching),
        Some(Token::LBar) => input.parse(&closure),
        Some(Token::LBrace) => input.parse(&block),
        Some(Token::Return | Token::Break | Token::Continue) => input.parse(&jumps),
        _ => input.parse(&loops),
    })
    .boxed()
}

/// Whether one of them begins with a token.
pub(super) fn begins_control(token: Token) -> bool {
    use Token::*;
    matches!(token, If | Match | LBar | LBrace | Return | Break | Continue | For | While | Loop | Label(_))
}

fn make<'s, F: Failing<'s>>(cx: Context<'s>, kind: ExprKind, e: &mut At<'s, '_, F>) -> Expr {
    Expr { kind, span: cx.span(e) }
}

/// What `if` and `while` look at.
fn condition<'s, F: Failing<'s>>(cx: Context<'s>, parts: &Parts<'s, F>) -> Rule<'s, F, Condition> {
    let binding = token(Token::Let)
        .ignore_then(parts.patterns.any.clone())
        .then_ignore(just(Token::Eq))
        .then(parts.expr.clone())
        .map(|(pattern, value)| Condition::Let(pattern, value));
    binding.or(value(cx, parts, Problem::AssignmentAsValue).map(Condition::Expr)).boxed()
}

/// `if a { … } else if b { … } else { … }`
fn branches<'s, F: Failing<'s>>(cx: Context<'s>, parts: &Parts<'s, F>) -> Rule<'s, F, Expr> {
    let branch = token(Token::If)
        .ignore_then(condition(cx, parts))
        .then(parts.block.clone())
        .map(|(condition, body)| Branch { condition, body })
        .boxed();
    let else_if = token(Token::Else).then(just(Token::If).rewind()).ignore_then(branch.clone());
    let otherwise = token(Token::Else).ignore_then(parts.block.clone());
    branch
        .then(else_if.repeated().collect::<Vec<_>>())
        .then(otherwise.or_not())
        .map_with(move |((first, mut branches), otherwise), e| {
            branches.insert(0, first);
            make(cx, ExprKind::If(Box::new(If { branches, otherwise })), e)
        })
        .boxed()
}

/// `match e { … }`
fn matching<'s, F: Failing<'s>>(cx: Context<'s>, parts: &Parts<'s, F>) -> Rule<'s, F, Expr> {
    token(Token::Match)
        .ignore_then(parts.expr.clone())
        .then(arms(cx, parts).delimited_by(just(Token::LBrace), just(Token::RBrace)))
        .map_with(move |(subject, arms), e| make(cx, ExprKind::Match(Box::new(Match { subject, arms })), e))
        .boxed()
}

fn arms<'s, F: Failing<'s>>(cx: Context<'s>, parts: &Parts<'s, F>) -> Rule<'s, F, Vec<MatchArm>> {
    let guard = token(Token::If).ignore_then(value(cx, parts, Problem::AssignmentAsValue)).or_not();
    let arm = parts
        .patterns
        .any
        .clone()
        .then(guard)
        .then_ignore(just(Token::FatArrow))
        .then(body(cx, parts))
        .map_with(move |((pattern, guard), body), e| MatchArm { pattern, guard, body, span: cx.span(e) })
        .then_ignore(end_of_part());
    recover::parts(select! { Token::Doc(_) => () }.or_not().ignore_then(arm), || None)
}

/// What ends an arm, field or variant: a comma, a line end, or the closing brace.
pub(super) fn end_of_part<'s, F: Failing<'s>>() -> Rule<'s, F, ()> {
    choice((
        token(Token::Newline),
        token(Token::Comma).then_ignore(just(Token::Newline).or_not()),
        just(Token::RBrace).rewind().ignored(),
    ))
    .boxed()
}

/// The body of an arm or closure: an expression, or an assignment, which becomes a block.
fn body<'s, F: Failing<'s>>(cx: Context<'s>, parts: &Parts<'s, F>) -> Rule<'s, F, Expr> {
    stmt::assignment_or_expr(cx, &parts.expr)
        .map_with(move |kind, e| match kind {
            StmtKind::Expr(expr) => expr,
            kind => {
                let span = cx.span(e);
                let block = Block { stmts: vec![Stmt { kind, span }], span };
                Expr { kind: ExprKind::Block(Box::new(block)), span }
            }
        })
        .boxed()
}

/// `|a, b: int| e`, `|a| -> int { … }`
fn closure<'s, F: Failing<'s>>(cx: Context<'s>, parts: &Parts<'s, F>) -> Rule<'s, F, Expr> {
    let param = parts
        .patterns
        .single
        .clone()
        .then(token(Token::Colon).ignore_then(parts.ty.clone()).or_not())
        .map_with(move |(pattern, ty), e| ClosureParam { pattern: stmt::small_name(cx, pattern, e), ty });
    list(param)
        .delimited_by(just(Token::LBar), just(Token::RBar))
        .then(token(Token::Arrow).ignore_then(parts.ty.clone()).or_not())
        .then(body(cx, parts))
        .map_with(move |((params, result), body), e| {
            make(cx, ExprKind::Closure(Box::new(Closure { params, result, body })), e)
        })
        .boxed()
}

/// `loop`, `while` and `for`, with a label or without.
fn loops<'s, F: Failing<'s>>(cx: Context<'s>, parts: &Parts<'s, F>) -> Rule<'s, F, Expr> {
    let body = parts.block.clone();
    let endless = token(Token::Loop)
        .ignore_then(body.clone())
        .map(|body| ExprKind::Loop(Box::new(Loop { label: None, body })));
    let while_loop = token(Token::While)
        .ignore_then(condition(cx, parts))
        .then(body.clone())
        .map(|(condition, body)| ExprKind::While(Box::new(While { label: None, condition, body })));
    let for_loop = token(Token::For)
        .ignore_then(parts.patterns.any.clone().map_with(move |pattern, e| stmt::small_name(cx, pattern, e)))
        .then_ignore(just(Token::In))
        .then(parts.expr.clone())
        .then(body)
        .map(|((pattern, iterable), body)| {
            ExprKind::For(Box::new(For { label: None, pattern, iterable, body }))
        });
    label(cx)
        .then_ignore(just(Token::Colon))
        .or_not()
        .then(choice((for_loop, while_loop, endless)))
        .map_with(move |(label, kind), e| make(cx, with_label(kind, label), e))
        .boxed()
}

fn label<'s, F: Failing<'s>>(cx: Context<'s>) -> Rule<'s, F, Ident> {
    select! { Token::Label(name) = e => cx.ident(name, e) }.boxed()
}

fn with_label(mut kind: ExprKind, name: Option<Ident>) -> ExprKind {
    match &mut kind {
        ExprKind::Loop(inner) => inner.label = name,
        ExprKind::While(inner) => inner.label = name,
        ExprKind::For(inner) => inner.label = name,
        _ => {}
    }
    kind
}

/// `return`, `break` and `continue`.
fn jumps<'s, F: Failing<'s>>(cx: Context<'s>, parts: &Parts<'s, F>) -> Rule<'s, F, Expr> {
    let result = parts.expr.clone().or_not().map(|value| value.map(Box::new)).boxed();
    choice((
        token(Token::Return).ignore_then(result.clone()).map(ExprKind::Return),
        token(Token::Break)
            .ignore_then(label(cx).or_not())
            .then(result)
            .map(|(label, value)| ExprKind::Break(label, value)),
        token(Token::Continue).ignore_then(label(cx).or_not()).map(ExprKind::Continue),
    ))
    .map_with(move |kind, e| make(cx, kind, e))
    .boxed()
}

/// A block.
pub(super) fn block<'s, F: Failing<'s>>(cx: Context<'s>, stmt: Rule<'s, F, Stmt>) -> Rule<'s, F, Block> {
    stmt::stmts(stmt)
        .delimited_by(just(Token::LBrace), just(Token::RBrace))
        .map_with(move |stmts, e| Block { stmts, span: cx.span(e) })
        .boxed()
}

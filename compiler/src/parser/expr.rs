//! Expressions: operators by precedence.
//!
//! From tightest to loosest: what follows (`()`, `[]`, `.`, `?.`, `?`); `**`; `-` and `~`; `??`;
//! `*`; `+`; shifts; `&`; `^`; `|`; ranges; comparisons; `not`; `and`; `or`; closures.

use chumsky::pratt::{infix, left, postfix, prefix, right};
use chumsky::prelude::*;

use super::atom::atom;
use super::context::{At, Context, Rule};
use super::failure::{Failing, Problem};
use super::pattern::Patterns;
use super::suffix::{apply, suffix};
use crate::ast::{BinaryOp, Block, Expr, ExprKind, Range, Type, UnaryOp};
use crate::lexer::Token;
use crate::source::Span;

/// The rules that expressions are made of.
#[derive(Clone)]
pub(super) struct Parts<'s, F: Failing<'s>> {
    pub(super) expr: Rule<'s, F, Expr>,
    pub(super) block: Rule<'s, F, Block>,
    pub(super) ty: Rule<'s, F, Type>,
    pub(super) patterns: Patterns<'s, F>,
}

/// An expression.
pub(super) fn expr<'s, F: Failing<'s>>(
    cx: Context<'s>,
    block: Rule<'s, F, Block>,
    ty: Rule<'s, F, Type>,
    patterns: Patterns<'s, F>,
) -> Rule<'s, F, Expr> {
    recursive(|expr| {
        let parts = Parts { expr: expr.boxed(), block, ty, patterns };
        let atom = atom(cx, &parts);
        let arithmetic = arithmetic(cx, &parts, atom);
        logic(cx, range(cx, arithmetic))
    })
    .boxed()
}

/// The operators that bind tighter than a range.
fn arithmetic<'s, F: Failing<'s>>(
    cx: Context<'s>,
    parts: &Parts<'s, F>,
    atom: Rule<'s, F, Expr>,
) -> Rule<'s, F, Expr> {
    use BinaryOp::*;
    atom.pratt((
        postfix(10, suffix(cx, parts), |base, suffix, _: &mut At<'s, '_, F>| apply(base, suffix)),
        infix(right(9), select! { Token::StarStar = e => (Pow, cx.span(e)) }, binary),
        prefix(
            8,
            select! { Token::Minus = e => (UnaryOp::Neg, cx.span(e)), Token::Tilde = e => (UnaryOp::BitNot, cx.span(e)) },
            move |op, operand, _: &mut At<'s, '_, F>| unary(cx, op, operand),
        ),
        infix(right(7), select! { Token::Coalesce = e => (Coalesce, cx.span(e)) }, binary),
        infix(
            left(6),
            select! {
                Token::Star = e => (Mul, cx.span(e)),
                Token::Slash = e => (Div, cx.span(e)),
                Token::Percent = e => (Rem, cx.span(e)),
                Token::StarPercent = e => (WrapMul, cx.span(e)),
            },
            binary,
        ),
        infix(
            left(5),
            select! {
                Token::Plus = e => (Add, cx.span(e)),
                Token::Minus = e => (Sub, cx.span(e)),
                Token::PlusPercent = e => (WrapAdd, cx.span(e)),
                Token::MinusPercent = e => (WrapSub, cx.span(e)),
            },
            binary,
        ),
        infix(
            left(4),
            select! {
                Token::Shl = e => (Shl, cx.span(e)),
                Token::Shr = e => (Shr, cx.span(e)),
                Token::ShrLogical = e => (ShrLogical, cx.span(e)),
            },
            binary,
        ),
        infix(left(3), select! { Token::Amp = e => (BitAnd, cx.span(e)) }, binary),
        infix(left(2), select! { Token::Caret = e => (BitXor, cx.span(e)) }, binary),
        infix(left(1), select! { Token::Bar = e => (BitOr, cx.span(e)) }, binary),
    ))
    .boxed()
}

/// The operators that bind looser than a range.
fn logic<'s, F: Failing<'s>>(cx: Context<'s>, operand: Rule<'s, F, Expr>) -> Rule<'s, F, Expr> {
    use BinaryOp::*;
    operand
        .pratt((
            infix(
                left(4),
                select! {
                    Token::EqEq = e => (Eq, cx.span(e)),
                    Token::NotEq = e => (Ne, cx.span(e)),
                    Token::Lt = e => (Lt, cx.span(e)),
                    Token::Le = e => (Le, cx.span(e)),
                    Token::Gt = e => (Gt, cx.span(e)),
                    Token::Ge = e => (Ge, cx.span(e)),
                },
                move |left: Expr, op: (BinaryOp, Span), right: Expr, e: &mut At<'s, '_, F>| {
                    if let ExprKind::Binary(Eq | Ne | Lt | Le | Gt | Ge, ..) = left.kind {
                        cx.report(e, op.1, Problem::ChainedComparison);
                    }
                    binary(left, op, right, e)
                },
            ),
            prefix(
                3,
                select! { Token::Not = e => (UnaryOp::Not, cx.span(e)) },
                move |op, operand, _: &mut At<'s, '_, F>| unary(cx, op, operand),
            ),
            infix(left(2), select! { Token::And = e => (And, cx.span(e)) }, binary),
            infix(left(1), select! { Token::Or = e => (Or, cx.span(e)) }, binary),
        ))
        .boxed()
}

fn binary<'s, F: Failing<'s>>(
    left: Expr,
    (op, place): (BinaryOp, Span),
    right: Expr,
    _: &mut At<'s, '_, F>,
) -> Expr {
    let span = left.span.to(right.span);
    Expr { kind: ExprKind::Binary(op, place, Box::new(left), Box::new(right)), span }
}

fn unary<'s>(cx: Context<'s>, (op, place): (UnaryOp, Span), operand: Expr) -> Expr {
    let span = place.to(operand.span);
    let folded = match (&operand.kind, op) {
        (ExprKind::Literal(literal), UnaryOp::Neg) => cx.negated(literal, operand.span),
        _ => None,
    };
    let kind = match folded {
        Some(literal) => ExprKind::Literal(literal),
        None => ExprKind::Unary(op, Box::new(operand)),
    };
    Expr { kind, span }
}

/// `a..b`, `a..`, `..b`, `..`, or just an operand.
fn range<'s, F: Failing<'s>>(cx: Context<'s>, operand: Rule<'s, F, Expr>) -> Rule<'s, F, Expr> {
    let dots = select! { Token::DotDot => false, Token::DotDotEq => true };
    // In `for i in 1.. {` the brace begins the body.
    let hi = just(Token::LBrace).not().ignore_then(operand.clone()).or_not();
    let rest = dots.then(hi).boxed();
    let make = move |lo, (inclusive, hi): (bool, Option<Expr>), e: &mut At<'s, '_, F>| Expr {
        kind: ExprKind::Range(Box::new(Range { lo, hi, inclusive })),
        span: cx.span(e),
    };
    let from = operand.then(rest.clone().or_not()).map_with(move |(lo, rest), e| match rest {
        Some(rest) => make(Some(lo), rest, e),
        None => lo,
    });
    from.or(rest.map_with(move |rest, e| make(None, rest, e))).boxed()
}

//! Expressions: operators by precedence, what follows an operand, and operands.
//!
//! From tightest to loosest: what follows (`()`, `[]`, `.`, `?.`, `?`); `**`; `-` and `~`; `??`;
//! `*`; `+`; shifts; `&`; `^`; `|`; ranges; comparisons; `not`; `and`; `or`; closures.

use chumsky::pratt::{infix, left, postfix, prefix, right};
use chumsky::prelude::*;

use super::context::{At, Context, Extra, Rule, Tokens, any_name, token};
use super::control;
use super::failure::{Expected, Problem};
use super::pattern::Patterns;
use super::recover::bracketed;
use super::ty::type_args;
use crate::ast::{
    Arg, BinaryOp, Block, Call, Expr, ExprKind, Ident, NamedType, Piece, Range, Type, TypeKind, UnaryOp,
    known,
};
use crate::lexer::Token;
use crate::source::Span;

/// The rules that expressions are made of.
#[derive(Clone)]
pub(super) struct Parts<'s> {
    pub(super) expr: Rule<'s, Expr>,
    pub(super) block: Rule<'s, Block>,
    pub(super) ty: Rule<'s, Type>,
    pub(super) patterns: Patterns<'s>,
}

/// An expression.
pub(super) fn expr<'s>(
    cx: Context<'s>,
    block: Rule<'s, Block>,
    ty: Rule<'s, Type>,
    patterns: Patterns<'s>,
) -> Rule<'s, Expr> {
    recursive(|expr| {
        let parts = Parts { expr: expr.boxed(), block, ty, patterns };
        let atom = atom(cx, &parts).labelled(Expected::Expression).boxed();
        let arithmetic = arithmetic(cx, &parts, atom);
        logic(cx, range(cx, arithmetic))
    })
    .boxed()
}

/// The operators that bind tighter than a range.
fn arithmetic<'s>(cx: Context<'s>, parts: &Parts<'s>, atom: Rule<'s, Expr>) -> Rule<'s, Expr> {
    use BinaryOp::*;
    atom.pratt((
        postfix(10, suffix(cx, parts), |base, suffix, _: &mut At<'s, '_>| apply(base, suffix)),
        infix(right(9), select! { Token::StarStar = e => (Pow, cx.span(e)) }, binary),
        prefix(
            8,
            select! { Token::Minus = e => (UnaryOp::Neg, cx.span(e)), Token::Tilde = e => (UnaryOp::BitNot, cx.span(e)) },
            move |op, operand, _: &mut At<'s, '_>| unary(cx, op, operand),
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
fn logic<'s>(cx: Context<'s>, operand: Rule<'s, Expr>) -> Rule<'s, Expr> {
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
                move |left: Expr, op: (BinaryOp, Span), right: Expr, e: &mut At<'s, '_>| {
                    if let ExprKind::Binary(Eq | Ne | Lt | Le | Gt | Ge, ..) = left.kind {
                        cx.report(e, op.1, Problem::ChainedComparison);
                    }
                    binary(left, op, right, e)
                },
            ),
            prefix(
                3,
                select! { Token::Not = e => (UnaryOp::Not, cx.span(e)) },
                move |op, operand, _: &mut At<'s, '_>| unary(cx, op, operand),
            ),
            infix(left(2), select! { Token::And = e => (And, cx.span(e)) }, binary),
            infix(left(1), select! { Token::Or = e => (Or, cx.span(e)) }, binary),
        ))
        .boxed()
}

fn binary(left: Expr, (op, place): (BinaryOp, Span), right: Expr, _: &mut At<'_, '_>) -> Expr {
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
fn range<'s>(cx: Context<'s>, operand: Rule<'s, Expr>) -> Rule<'s, Expr> {
    let dots = select! { Token::DotDot => false, Token::DotDotEq => true };
    // In `for i in 1.. {` the brace begins the body.
    let hi = just(Token::LBrace).not().ignore_then(operand.clone()).or_not();
    let rest = dots.then(hi).boxed();
    let make = move |lo, (inclusive, hi): (bool, Option<Expr>), e: &mut At<'s, '_>| Expr {
        kind: ExprKind::Range(Box::new(Range { lo, hi, inclusive })),
        span: cx.span(e),
    };
    let from = operand.then(rest.clone().or_not()).map_with(move |(lo, rest), e| match rest {
        Some(rest) => make(Some(lo), rest, e),
        None => lo,
    });
    from.or(rest.map_with(move |rest, e| make(None, rest, e))).boxed()
}

/// What can follow an operand.
enum Suffix {
    Call(Vec<Arg>),
    Index(Expr),
    Field(Ident, Vec<Type>),
    OptionalField(Ident),
    TupleField(u32, Span),
    Try,
}

/// A suffix and where it ends.
fn suffix<'s>(cx: Context<'s>, parts: &Parts<'s>) -> Rule<'s, (Suffix, Span)> {
    let index = bracketed(Token::LBracket, parts.expr.clone(), || Expr {
        kind: ExprKind::Error,
        span: Span::default(),
    });
    let member = any_name(cx).then(type_args(parts.ty.clone())).map(|(name, args)| Suffix::Field(name, args));
    let number = select! { Token::Int(index) = e => Suffix::TupleField(tuple_index(cx, index), cx.span(e)) };
    choice((
        token(Token::Dot).ignore_then(member.or(number)),
        call_args(cx, parts).map(Suffix::Call),
        index.map(Suffix::Index),
        token(Token::QuestionDot).ignore_then(any_name(cx)).map(Suffix::OptionalField),
        token(Token::Question).to(()).map(|()| Suffix::Try),
    ))
    .map_with(move |suffix, e| (suffix, cx.span(e)))
    .boxed()
}

/// The number of `.0`; one too large for a tuple stays too large.
fn tuple_index(cx: Context<'_>, index: u32) -> u32 {
    u32::try_from(cx.lexed.ints[index as usize]).unwrap_or(u32::MAX)
}

fn apply(base: Expr, (suffix, place): (Suffix, Span)) -> Expr {
    let span = base.span.to(place);
    let kind = match suffix {
        Suffix::Call(args) => ExprKind::Call(Box::new(Call { callee: base, args })),
        Suffix::Index(index) => ExprKind::Index(Box::new((base, index))),
        Suffix::Field(name, args) if args.is_empty() => ExprKind::Field(Box::new(base), name),
        Suffix::Field(name, args) => {
            let module = match base.kind {
                ExprKind::Name(module) => Some(Ident { name: module, span: base.span }),
                _ => None,
            };
            let kind = TypeKind::Named(Box::new(NamedType { module, name, args }));
            ExprKind::Generic(Box::new(Type { kind, span }))
        }
        Suffix::OptionalField(name) => ExprKind::OptionalField(Box::new(base), name),
        Suffix::TupleField(index, place) => ExprKind::TupleField(Box::new(base), index, place),
        Suffix::Try => ExprKind::Try(Box::new(base)),
    };
    Expr { kind, span }
}

/// `(a, name: b)`
fn call_args<'s>(cx: Context<'s>, parts: &Parts<'s>) -> Rule<'s, Vec<Arg>> {
    let named = select! { Token::Ident(name) = e => cx.ident(name, e) }.then_ignore(just(Token::Colon));
    let arg = named
        .or_not()
        .then(value(cx, parts, Problem::NamedWithEquals))
        .map(|(name, value)| Arg { name, value });
    let args = arg.separated_by(token(Token::Comma)).allow_trailing().collect::<Vec<_>>().map_with(
        move |args, e| {
            let first_named = args.iter().position(|arg| arg.name.is_some()).unwrap_or(args.len());
            if let Some(late) = args[first_named..].iter().find(|arg| arg.name.is_none()) {
                let place = late.value.span;
                cx.report(e, place, Problem::PositionalAfterNamed);
            }
            args
        },
    );
    bracketed(Token::LParen, args, Vec::new)
}

/// An expression where a value is needed: an `=` after it is reported.
pub(super) fn value<'s>(cx: Context<'s>, parts: &Parts<'s>, problem: Problem) -> Rule<'s, Expr> {
    let assigned = select! { Token::Eq = e => cx.span(e) }.then_ignore(parts.expr.clone()).or_not();
    parts
        .expr
        .clone()
        .then(assigned)
        .map_with(move |(expr, assigned), e| {
            if let Some(place) = assigned {
                cx.report(e, place, problem.clone());
            }
            expr
        })
        .boxed()
}

/// An operand.
fn atom<'s>(cx: Context<'s>, parts: &Parts<'s>) -> Rule<'s, Expr> {
    let simple = select! {
        Token::Ident(name) = e => Expr { kind: ExprKind::Name(name), span: cx.span(e) },
        Token::SelfValue = e => Expr { kind: ExprKind::Name(known::SELF), span: cx.span(e) },
        token = e if cx.literal(token).is_some() => Expr {
            kind: cx.literal(token).map_or(ExprKind::Error, ExprKind::Literal),
            span: cx.span(e),
        },
        Token::Invalid = e => Expr { kind: ExprKind::Error, span: cx.span(e) },
    };
    choice((
        simple,
        type_or_variant(cx, parts),
        paren(cx, parts),
        array_or_map(cx, parts),
        interpolation(cx, parts),
        control::control(cx, parts),
    ))
    .boxed()
}

/// A name with a capital, and the type arguments after it.
fn type_or_variant<'s>(cx: Context<'s>, parts: &Parts<'s>) -> Rule<'s, Expr> {
    select! { Token::TypeName(name) = e => cx.ident(name, e) }
        .then(type_args(parts.ty.clone()))
        .map_with(move |(name, args), e| {
            let span = cx.span(e);
            if args.is_empty() {
                return Expr { kind: ExprKind::Name(name.name), span };
            }
            let kind = TypeKind::Named(Box::new(NamedType { module: None, name, args }));
            Expr { kind: ExprKind::Generic(Box::new(Type { kind, span })), span }
        })
        .boxed()
}

/// `(e)`, `()`, `(a, b)`
fn paren<'s>(cx: Context<'s>, parts: &Parts<'s>) -> Rule<'s, Expr> {
    let comma = token(Token::Comma).to(true).or(empty().to(false));
    let content = value(cx, parts, Problem::AssignmentAsValue)
        .separated_by(token(Token::Comma))
        .collect::<Vec<_>>()
        .then(comma)
        .map(|(mut items, comma)| match items.pop() {
            Some(only) if items.is_empty() && !comma => ExprKind::Paren(Box::new(only)),
            last => {
                items.extend(last);
                ExprKind::Tuple(items)
            }
        });
    bracketed(Token::LParen, content, || ExprKind::Error)
        .map_with(move |kind, e| Expr { kind, span: cx.span(e) })
        .boxed()
}

/// `[a, b]`, `[k: v]`, `[:]`, `[]`
fn array_or_map<'s>(cx: Context<'s>, parts: &Parts<'s>) -> Rule<'s, Expr> {
    let comma = token(Token::Comma);
    let expr = parts.expr.clone();
    let colon_value = token(Token::Colon).ignore_then(expr.clone());
    let entry = expr.clone().then(colon_value.clone());
    let more_entries = comma.clone().ignore_then(entry).repeated().collect::<Vec<_>>();
    let more_items = comma.clone().ignore_then(expr.clone()).repeated().collect::<Vec<_>>();
    enum Rest {
        Map(Expr, Vec<(Expr, Expr)>),
        Array(Vec<Expr>),
    }
    let rest = choice((
        colon_value.then(more_entries).map(|(value, more)| Rest::Map(value, more)),
        more_items.map(Rest::Array),
    ));
    let full = expr.then(rest).then_ignore(comma.or_not()).map(|(first, rest)| match rest {
        Rest::Map(value, mut entries) => {
            entries.insert(0, (first, value));
            ExprKind::Map(entries)
        }
        Rest::Array(mut items) => {
            items.insert(0, first);
            ExprKind::Array(items)
        }
    });
    let content = choice((
        full,
        token(Token::Colon).map(|()| ExprKind::Map(Vec::new())),
        empty().map(|()| ExprKind::Array(Vec::new())),
    ));
    bracketed(Token::LBracket, content, || ExprKind::Error)
        .map_with(move |kind, e| Expr { kind, span: cx.span(e) })
        .boxed()
}

/// `"a ${b:>5} c"`
fn interpolation<'s>(cx: Context<'s>, parts: &Parts<'s>) -> Rule<'s, Expr> {
    let text = select! { Token::StrText(text) => Piece::Text(text) };
    let spec = select! { Token::Spec(index) => Box::new(cx.lexed.specs[index as usize]) };
    let hole = parts.expr.clone().then(spec.or_not()).map(|(expr, spec)| Piece::Expr(expr, spec));
    let broken = || Piece::Expr(Expr { kind: ExprKind::Error, span: Span::default() }, None);
    let pieces = text.or(bracketed(Token::HoleOpen, hole, broken)).repeated().collect::<Vec<_>>();
    pieces
        .delimited_by(just(Token::StrOpen), just(Token::StrClose))
        .map_with(move |mut pieces, e| {
            pieces.retain(|piece| !matches!(piece, Piece::Text(known::EMPTY)));
            Expr { kind: ExprKind::Interpolation(pieces), span: cx.span(e) }
        })
        .boxed()
}

/// Items between commas, and whether a comma ends them; for use by other rules.
pub(super) fn list<'s, T: 's>(
    item: impl Parser<'s, Tokens<'s>, T, Extra> + Clone + 's,
) -> impl Parser<'s, Tokens<'s>, Vec<T>, Extra> + Clone + 's {
    item.separated_by(token(Token::Comma)).allow_trailing().collect()
}

//! Operands: literals, names, brackets, strings, and what begins with a keyword.

use chumsky::prelude::*;

use super::context::{Context, Input, Rule, one_or_many, token, unexpected};
use super::control;
use super::expr::Parts;
use super::failure::{Expected, Failing, Problem};
use super::recover::bracketed;
use super::suffix::value;
use super::ty::type_args;
use crate::ast::{Expr, ExprKind, NamedType, Piece, Type, TypeKind, known};
use crate::lexer::Token;
use crate::source::Span;

/// An operand.
pub(super) fn atom<'s, F: Failing<'s>>(cx: Context<'s>, parts: &Parts<'s, F>) -> Rule<'s, F, Expr> {
    let simple = select! {
        Token::Ident(name) = e => Expr { kind: ExprKind::Name(name), span: cx.span(e) },
        Token::SelfValue = e => Expr { kind: ExprKind::Name(known::SELF), span: cx.span(e) },
        token = e if cx.literal(token).is_some() => Expr {
            kind: cx.literal(token).map_or(ExprKind::Error, ExprKind::Literal),
            span: cx.span(e),
        },
        Token::Invalid = e => Expr { kind: ExprKind::Error, span: cx.span(e) },
    };
    let (simple, capital) = (simple.boxed(), type_or_variant(cx, parts));
    let (paren, array, string) = (paren(cx, parts), array_or_map(cx, parts), interpolation(cx, parts));
    let control = control::control(cx, parts);
    custom(move |input: &mut Input<'s, '_, F>| match input.peek() {
        Some(Token::TypeName(_)) => input.parse(&capital),
        Some(Token::LParen) => input.parse(&paren),
        Some(Token::LBracket) => input.parse(&array),
        Some(Token::StrOpen) => input.parse(&string),
        Some(token) if control::begins_control(token) => input.parse(&control),
        Some(token) if begins_simple(token) => input.parse(&simple),
        _ => Err(unexpected(input, Expected::Expression)),
    })
    .boxed()
}

/// Whether a token is an operand by itself.
fn begins_simple(token: Token) -> bool {
    use Token::*;
    matches!(
        token,
        Ident(_) | SelfValue | Int(_) | Float(_) | Char(_) | Str(_) | Bytes(_) | True | False | Invalid
    )
}

/// Whether an expression can begin with a token.
pub(super) fn begins_expr(token: Token) -> bool {
    use Token::*;
    begins_simple(token)
        || control::begins_control(token)
        || matches!(
            token,
            TypeName(_) | LParen | LBracket | StrOpen | Minus | Tilde | Not | DotDot | DotDotEq
        )
}

/// A name with a capital, and the type arguments after it.
fn type_or_variant<'s, F: Failing<'s>>(cx: Context<'s>, parts: &Parts<'s, F>) -> Rule<'s, F, Expr> {
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
fn paren<'s, F: Failing<'s>>(cx: Context<'s>, parts: &Parts<'s, F>) -> Rule<'s, F, Expr> {
    let item = value(cx, parts, Problem::AssignmentAsValue);
    let content = one_or_many(item, |only| ExprKind::Paren(Box::new(only)), ExprKind::Tuple);
    bracketed(Token::LParen, content, || ExprKind::Error)
        .map_with(move |kind, e| Expr { kind, span: cx.span(e) })
        .boxed()
}

/// `[a, b]`, `[k: v]`, `[:]`, `[]`
fn array_or_map<'s, F: Failing<'s>>(cx: Context<'s>, parts: &Parts<'s, F>) -> Rule<'s, F, Expr> {
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
fn interpolation<'s, F: Failing<'s>>(cx: Context<'s>, parts: &Parts<'s, F>) -> Rule<'s, F, Expr> {
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

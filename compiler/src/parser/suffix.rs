//! What follows an operand: calls, fields, indices and `?`.

use chumsky::prelude::*;

use super::context::{Context, Input, Rule, any_name, list, token, unexpected};
use super::expr::Parts;
use super::failure::{Expected, Failing, Problem};
use super::recover::bracketed;
use super::ty::type_args;
use crate::ast::{Arg, Call, Expr, ExprKind, Ident, NamedType, Type, TypeKind};
use crate::lexer::Token;
use crate::source::Span;

/// What can follow an operand.
pub(super) enum Suffix {
    Call(Vec<Arg>),
    Index(Expr),
    Field(Ident, Vec<Type>),
    OptionalField(Ident),
    TupleField(u32, Span),
    Try,
}

/// A suffix and where it ends.
pub(super) fn suffix<'s, F: Failing<'s>>(
    cx: Context<'s>,
    parts: &Parts<'s, F>,
) -> Rule<'s, F, (Suffix, Span)> {
    let index = bracketed(Token::LBracket, parts.expr.clone(), || Expr {
        kind: ExprKind::Error,
        span: Span::default(),
    });
    let member = any_name(cx).then(type_args(parts.ty.clone())).map(|(name, args)| Suffix::Field(name, args));
    let number = select! { Token::Int(index) = e => Suffix::TupleField(tuple_index(cx, index), cx.span(e)) };
    let member = token(Token::Dot).ignore_then(member.or(number)).boxed();
    let call = call_args(cx, parts).map(Suffix::Call).boxed();
    let index = index.map(Suffix::Index).boxed();
    let optional = token(Token::QuestionDot).ignore_then(any_name(cx)).map(Suffix::OptionalField).boxed();
    custom(move |input: &mut Input<'s, '_, F>| match input.peek() {
        Some(Token::Dot) => input.parse(&member),
        Some(Token::LParen) => input.parse(&call),
        Some(Token::LBracket) => input.parse(&index),
        Some(Token::QuestionDot) => input.parse(&optional),
        Some(Token::Question) => {
            input.skip();
            Ok(Suffix::Try)
        }
        _ => Err(unexpected(input, Expected::Operator)),
    })
    .map_with(move |suffix, e| (suffix, cx.span(e)))
    .boxed()
}

/// The number of `.0`; one too large for a tuple stays too large.
fn tuple_index(cx: Context<'_>, index: u32) -> u32 {
    u32::try_from(cx.lexed.ints[index as usize]).unwrap_or(u32::MAX)
}

/// An operand with what follows it.
pub(super) fn apply(base: Expr, (suffix, place): (Suffix, Span)) -> Expr {
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
fn call_args<'s, F: Failing<'s>>(cx: Context<'s>, parts: &Parts<'s, F>) -> Rule<'s, F, Vec<Arg>> {
    let named = select! { Token::Ident(name) = e => cx.ident(name, e) }.then_ignore(just(Token::Colon));
    let arg = named
        .or_not()
        .then(value(cx, parts, Problem::NamedWithEquals))
        .map(|(name, value)| Arg { name, value });
    let args = list(arg).map_with(move |args: Vec<Arg>, e| {
        let first_named = args.iter().position(|arg| arg.name.is_some()).unwrap_or(args.len());
        if let Some(late) = args[first_named..].iter().find(|arg| arg.name.is_none()) {
            cx.report(e, late.value.span, Problem::PositionalAfterNamed);
        }
        args
    });
    bracketed(Token::LParen, args, Vec::new)
}

/// An expression where a value is needed: an `=` after it is reported.
pub(super) fn value<'s, F: Failing<'s>>(
    cx: Context<'s>,
    parts: &Parts<'s, F>,
    problem: Problem,
) -> Rule<'s, F, Expr> {
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

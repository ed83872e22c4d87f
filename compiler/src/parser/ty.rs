//! Types.

use chumsky::prelude::*;

use super::context::{Context, Extra, Rule, Tokens, any_name, one_or_many, token, type_name};
use super::failure::{Expected, Failing};
use super::recover::bracketed;
use crate::ast::{GenericParam, Ident, NamedType, Type, TypeKind};
use crate::lexer::Token;

/// A type.
pub(super) fn ty<'s, F: Failing<'s>>(cx: Context<'s>) -> Rule<'s, F, Type> {
    recursive(|ty| {
        let ty = ty.boxed();
        let atom = choice((
            named(cx, ty.clone()),
            brackets(cx, ty.clone()),
            tuple(cx, ty.clone()),
            function(cx, ty.clone()),
            token(Token::Star)
                .ignore_then(ty)
                .map_with(move |ty, e| Type { kind: TypeKind::Pointer(Box::new(ty)), span: cx.span(e) }),
        ))
        .labelled(Expected::Type)
        .boxed();
        // `T??` is read as one token.
        let question = select! { Token::Question => 1, Token::Coalesce => 2 };
        atom.foldl_with(question.repeated(), move |inner, count, e| {
            let span = cx.span(e);
            (0..count).fold(inner, |inner, _| Type { kind: TypeKind::Option(Box::new(inner)), span })
        })
    })
    .boxed()
}

/// `<A, B>` after a name; nothing there is an empty list.
pub(super) fn type_args<'s, F: Failing<'s>>(
    ty: Rule<'s, F, Type>,
) -> impl Parser<'s, Tokens<'s>, Vec<Type>, Extra<F>> + Clone + 's {
    ty.separated_by(token(Token::Comma))
        .allow_trailing()
        .at_least(1)
        .collect()
        .delimited_by(just(Token::LAngle), just(Token::RAngle))
        .or_not()
        .map(Option::unwrap_or_default)
}

fn named<'s, F: Failing<'s>>(cx: Context<'s>, ty: Rule<'s, F, Type>) -> Rule<'s, F, Type> {
    any_name(cx)
        .then(token(Token::Dot).ignore_then(any_name(cx)).or_not())
        .then(type_args(ty))
        .map_with(move |((first, second), args), e| {
            let (module, name): (Option<Ident>, Ident) = match second {
                Some(name) => (Some(first), name),
                None => (None, first),
            };
            let span = cx.span(e);
            Type { kind: TypeKind::Named(Box::new(NamedType { module, name, args })), span }
        })
        .boxed()
}

/// `[T]`, `[K: V]`, `[T; 16]`
fn brackets<'s, F: Failing<'s>>(cx: Context<'s>, ty: Rule<'s, F, Type>) -> Rule<'s, F, Type> {
    enum Rest {
        Nothing,
        Value(Type),
        Length(u64),
    }
    let length = select! { Token::Int(index) => cx.lexed.ints[index as usize].unsigned_abs() };
    let rest = choice((
        token(Token::Colon).ignore_then(ty.clone()).map(Rest::Value),
        token(Token::Semicolon).ignore_then(length).map(Rest::Length),
        empty().to(()).map(|()| Rest::Nothing),
    ));
    let content = ty.then(rest).map(|(first, rest)| match rest {
        Rest::Nothing => TypeKind::Array(Box::new(first)),
        Rest::Value(value) => TypeKind::Map(Box::new((first, value))),
        Rest::Length(length) => TypeKind::FixedArray(Box::new(first), length),
    });
    bracketed(Token::LBracket, content, || TypeKind::Error)
        .map_with(move |kind, e| Type { kind, span: cx.span(e) })
        .boxed()
}

/// `(A, B)`, `()`; one type in parentheses is that type.
fn tuple<'s, F: Failing<'s>>(cx: Context<'s>, ty: Rule<'s, F, Type>) -> Rule<'s, F, Type> {
    let content = one_or_many(ty, |only| only.kind, TypeKind::Tuple);
    bracketed(Token::LParen, content, || TypeKind::Error)
        .map_with(move |kind, e| Type { kind, span: cx.span(e) })
        .boxed()
}

/// `fn(A, B) -> C`
fn function<'s, F: Failing<'s>>(cx: Context<'s>, ty: Rule<'s, F, Type>) -> Rule<'s, F, Type> {
    let params = ty.clone().separated_by(token(Token::Comma)).allow_trailing().collect::<Vec<_>>();
    token(Token::Fn)
        .ignore_then(bracketed(Token::LParen, params, Vec::new))
        .then(token(Token::Arrow).ignore_then(ty).or_not())
        .map_with(move |(params, result), e| Type {
            kind: TypeKind::Fn(params, result.map(Box::new)),
            span: cx.span(e),
        })
        .boxed()
}

/// `A + B`
pub(super) fn bounds<'s, F: Failing<'s>>(ty: Rule<'s, F, Type>) -> Rule<'s, F, Vec<Type>> {
    ty.separated_by(token(Token::Plus)).at_least(1).collect().boxed()
}

/// `<T: A + B = C, …>` after a declaration's name; nothing there is an empty list.
pub(super) fn generics<'s, F: Failing<'s>>(
    cx: Context<'s>,
    ty: Rule<'s, F, Type>,
) -> Rule<'s, F, Vec<GenericParam>> {
    let param = type_name(cx)
        .then(token(Token::Colon).ignore_then(bounds(ty.clone())).or_not())
        .then(token(Token::Eq).ignore_then(ty).or_not())
        .map(|((name, bounds), default)| GenericParam { name, bounds: bounds.unwrap_or_default(), default });
    param
        .separated_by(token(Token::Comma))
        .allow_trailing()
        .at_least(1)
        .collect()
        .delimited_by(just(Token::LAngle), just(Token::RAngle))
        .or_not()
        .map(Option::unwrap_or_default)
        .boxed()
}

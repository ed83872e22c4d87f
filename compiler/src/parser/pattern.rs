//! Patterns.

use chumsky::prelude::*;

use super::context::{Context, Rule, any_name, list, name, one_or_many, token};
use super::failure::{Expected, Failing};
use super::recover::bracketed;
use crate::ast::{ArrayPattern, Constructor, Ident, Pattern, PatternField, PatternKind, known};
use crate::lexer::Token;
use crate::source::Span;

/// The rules of patterns.
#[derive(Clone)]
pub(super) struct Patterns<'s, F: Failing<'s>> {
    /// With alternatives: `A | B`.
    pub(super) any: Rule<'s, F, Pattern>,
    /// Without.
    pub(super) single: Rule<'s, F, Pattern>,
}

pub(super) fn patterns<'s, F: Failing<'s>>(cx: Context<'s>) -> Patterns<'s, F> {
    let single = recursive(|single| {
        let any = alternatives(cx, single.clone().boxed());
        choice((
            name_or_constructor(cx, any.clone(), single.boxed()),
            literal_or_range(cx),
            tuple(cx, any.clone()),
            array(cx, any),
        ))
        .labelled(Expected::Pattern)
    })
    .boxed();
    Patterns { any: alternatives(cx, single.clone()), single }
}

fn alternatives<'s, F: Failing<'s>>(cx: Context<'s>, single: Rule<'s, F, Pattern>) -> Rule<'s, F, Pattern> {
    single
        .clone()
        .then(token(Token::Bar).ignore_then(single).repeated().collect::<Vec<_>>())
        .map_with(move |(first, mut more), e| {
            if more.is_empty() {
                return first;
            }
            more.insert(0, first);
            Pattern { kind: PatternKind::Or(more), span: cx.span(e) }
        })
        .boxed()
}

/// What can follow the first name of a pattern.
enum Rest {
    At(Pattern),
    Path(Vec<Ident>, Option<Fields>),
}

type Fields = (Vec<PatternField>, Option<Span>);

/// `x`, `_`, `x @ p`, `Red`, `Shape.Circle(r)`, `A..=B`
fn name_or_constructor<'s, F: Failing<'s>>(
    cx: Context<'s>,
    any: Rule<'s, F, Pattern>,
    single: Rule<'s, F, Pattern>,
) -> Rule<'s, F, Pattern> {
    let path = token(Token::Dot).ignore_then(any_name(cx)).repeated().collect::<Vec<_>>();
    let rest = choice((
        token(Token::At).ignore_then(single).map(Rest::At),
        path.then(fields(cx, any).or_not()).map(|(path, fields)| Rest::Path(path, fields)),
    ));
    let first = any_name(cx).then(rest).map_with(move |(first, rest), e| {
        let kind = match rest {
            Rest::At(inner) => PatternKind::At(first, Box::new(inner)),
            Rest::Path(more, None) if more.is_empty() && !cx.begins_with_capital(first.name) => {
                if first.name == known::UNDERSCORE { PatternKind::Wildcard } else { PatternKind::Bind(first) }
            }
            Rest::Path(mut path, fields) => {
                path.insert(0, first);
                let (fields, rest) = fields.map_or((None, None), |(fields, rest)| (Some(fields), rest));
                PatternKind::Constructor(Box::new(Constructor { path, fields, rest }))
            }
        };
        Pattern { kind, span: cx.span(e) }
    });
    with_range(cx, first.boxed())
}

/// `(a, x: b, ..)`
fn fields<'s, F: Failing<'s>>(cx: Context<'s>, any: Rule<'s, F, Pattern>) -> Rule<'s, F, Fields> {
    enum Part {
        Field(PatternField),
        Rest(Span),
    }
    let field = name(cx)
        .then_ignore(just(Token::Colon))
        .or_not()
        .then(any)
        .map(|(name, pattern)| Part::Field(PatternField { name, pattern }));
    let rest = token(Token::DotDot).map_with(move |(), e| Part::Rest(cx.span(e)));
    let parts = list(rest.or(field));
    let content = parts.map(|parts| {
        let (mut fields, mut rest) = (Vec::with_capacity(parts.len()), None);
        for part in parts {
            match part {
                Part::Field(field) => fields.push(field),
                Part::Rest(span) => rest = Some(span),
            }
        }
        (fields, rest)
    });
    bracketed(Token::LParen, content, || (Vec::new(), Some(Span::default())))
}

/// `3`, `-1`, `1..=5`, `..5`
fn literal_or_range<'s, F: Failing<'s>>(cx: Context<'s>) -> Rule<'s, F, Pattern> {
    let up_to = dots().then(bound(cx)).map_with(move |(inclusive, hi), e| Pattern {
        kind: PatternKind::Range { lo: None, hi: Some(Box::new(hi)), inclusive },
        span: cx.span(e),
    });
    with_range(cx, literal(cx)).or(up_to).boxed()
}

/// A pattern, or the range that begins with it.
fn with_range<'s, F: Failing<'s>>(cx: Context<'s>, first: Rule<'s, F, Pattern>) -> Rule<'s, F, Pattern> {
    first
        .then(dots().then(bound(cx).or_not()).or_not())
        .map_with(move |(lo, range), e| match range {
            None => lo,
            Some((inclusive, hi)) => Pattern {
                kind: PatternKind::Range { lo: Some(Box::new(lo)), hi: hi.map(Box::new), inclusive },
                span: cx.span(e),
            },
        })
        .boxed()
}

fn dots<'s, F: Failing<'s>>() -> Rule<'s, F, bool> {
    select! { Token::DotDot => false, Token::DotDotEq => true }.boxed()
}

/// The end of a range: a literal, or a constant, whose own name begins with a capital.
fn bound<'s, F: Failing<'s>>(cx: Context<'s>) -> Rule<'s, F, Pattern> {
    let constant = any_name(cx)
        .separated_by(token(Token::Dot))
        .at_least(1)
        .collect::<Vec<_>>()
        .filter(move |path: &Vec<Ident>| path.last().is_some_and(|name| cx.begins_with_capital(name.name)))
        .map_with(move |path, e| Pattern {
            kind: PatternKind::Constructor(Box::new(Constructor { path, fields: None, rest: None })),
            span: cx.span(e),
        });
    literal(cx).or(constant).boxed()
}

fn literal<'s, F: Failing<'s>>(cx: Context<'s>) -> Rule<'s, F, Pattern> {
    let value = select! { token = e if cx.literal(token).is_some() => (token, cx.span(e)) };
    token(Token::Minus)
        .or_not()
        .then(value)
        .map_with(move |(minus, (token, place)), e| {
            let literal = cx.literal(token);
            let literal = if minus.is_some() {
                literal.and_then(|literal| cx.negated(&literal, place))
            } else {
                literal
            };
            Pattern { kind: literal.map_or(PatternKind::Error, PatternKind::Literal), span: cx.span(e) }
        })
        .boxed()
}

/// `(a, b)`; one pattern in parentheses is that pattern.
fn tuple<'s, F: Failing<'s>>(cx: Context<'s>, any: Rule<'s, F, Pattern>) -> Rule<'s, F, Pattern> {
    let content = one_or_many(any, |only| only.kind, PatternKind::Tuple);
    bracketed(Token::LParen, content, || PatternKind::Error)
        .map_with(move |kind, e| Pattern { kind, span: cx.span(e) })
        .boxed()
}

/// `[a, b, ..rest]`
fn array<'s, F: Failing<'s>>(cx: Context<'s>, any: Rule<'s, F, Pattern>) -> Rule<'s, F, Pattern> {
    let patterns = list(any);
    let rest = token(Token::DotDot)
        .ignore_then(name(cx).or_not())
        .map_with(move |name, e| (cx.span(e), name))
        .then_ignore(just(Token::Comma).or_not());
    let content = patterns.clone().then(rest.then(patterns).or_not()).map(|(before, rest)| {
        let (rest, after) = rest.map_or((None, Vec::new()), |(rest, after)| (Some(rest), after));
        PatternKind::Array(Box::new(ArrayPattern { before, rest, after }))
    });
    bracketed(Token::LBracket, content, || PatternKind::Error)
        .map_with(move |kind, e| Pattern { kind, span: cx.span(e) })
        .boxed()
}

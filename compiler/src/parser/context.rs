//! What the grammar's rules share: the tokens' places and values, and short names for chumsky's types.

use chumsky::input::{InputRef, MapExtra};
use chumsky::prelude::*;

use super::failure::{Expected, Failing, Problem};
use crate::ast::{Ident, Literal, Name, Names};
use crate::lexer::{Lexed, Token};
use crate::source::{SourceFile, Span};

/// The input: the kinds of the tokens. A chumsky span is a range of token numbers.
pub(super) type Tokens<'s> = &'s [Token];

/// How failures are kept.
pub(super) type Extra<F> = extra::Err<F>;

/// A rule behind a pointer: what functions return, which keeps types short and builds fast.
pub(super) type Rule<'s, F, T> = Boxed<'s, 's, Tokens<'s>, T, Extra<F>>;

/// What a mapping function is told of the place.
pub(super) type At<'s, 'b, F> = MapExtra<'s, 'b, Tokens<'s>, Extra<F>>;

/// What a rule written by hand reads from.
pub(super) type Input<'s, 'p, F> = InputRef<'s, 'p, Tokens<'s>, Extra<F>>;

/// The values that stand beside the tokens.
#[derive(Clone, Copy)]
pub(super) struct Context<'s> {
    pub(super) lexed: &'s Lexed,
    pub(super) names: &'s Names,
    pub(super) file: &'s SourceFile,
}

impl<'s> Context<'s> {
    pub(super) fn new(lexed: &'s Lexed, names: &'s Names, file: &'s SourceFile) -> Context<'s> {
        Context { lexed, names, file }
    }

    /// The place of a range of tokens.
    pub(super) fn range(self, lo: usize, hi: usize) -> Span {
        let spans = &self.lexed.spans;
        match (spans.get(lo), hi.checked_sub(1).and_then(|last| spans.get(last))) {
            (Some(first), Some(last)) if lo < hi => Span::new(first.lo, last.hi),
            (Some(next), _) => next.start(),
            (None, _) => spans.last().map_or(self.file.span().end(), |last| last.end()),
        }
    }

    /// The place of what was parsed.
    pub(super) fn span<F: Failing<'s>>(self, at: &mut At<'s, '_, F>) -> Span {
        let tokens = at.span();
        self.range(tokens.start, tokens.end)
    }

    /// The name here.
    pub(super) fn ident<F: Failing<'s>>(self, name: Name, at: &mut At<'s, '_, F>) -> Ident {
        Ident { name, span: self.span(at) }
    }

    pub(super) fn begins_with_capital(self, name: Name) -> bool {
        self.names.text(name).starts_with(char::is_uppercase)
    }

    /// Reports something that was parsed but is not right.
    pub(super) fn report<F: Failing<'s>>(self, at: &mut At<'s, '_, F>, span: Span, problem: Problem) {
        let tokens = at.span();
        at.emit(F::problem(tokens, span, problem));
    }

    /// The value of a literal's token.
    pub(super) fn literal(self, token: Token) -> Option<Literal> {
        Some(match token {
            Token::Int(index) => Literal::Int(self.lexed.ints[index as usize]),
            Token::Float(index) => Literal::Float(self.lexed.floats[index as usize]),
            Token::Char(c) => Literal::Char(c),
            Token::Str(value) => Literal::Str(value),
            Token::Bytes(index) => Literal::Bytes(self.lexed.bytes[index as usize].clone()),
            Token::True => Literal::Bool(true),
            Token::False => Literal::Bool(false),
            _ => return None,
        })
    }

    /// The literal with a minus sign before it; hexadecimal and the like keep the sign apart.
    pub(super) fn negated(self, literal: &Literal, span: Span) -> Option<Literal> {
        match *literal {
            Literal::Int(value) if !self.has_prefix(span) => Some(Literal::Int(value.wrapping_neg())),
            Literal::Float(value) => Some(Literal::Float(-value)),
            _ => None,
        }
    }

    /// Whether a literal begins with `0x`, `b'` and the like.
    fn has_prefix(self, span: Span) -> bool {
        self.file.slice(span).bytes().any(|b| b.is_ascii_alphabetic())
    }
}

/// A name that begins with a small letter; one with a capital is reported and taken.
pub(super) fn name<'s, F: Failing<'s>>(cx: Context<'s>) -> Rule<'s, F, Ident> {
    select! {
        Token::Ident(name) = e => cx.ident(name, e),
        Token::TypeName(name) = e => {
            let ident = cx.ident(name, e);
            cx.report(e, ident.span, Problem::NeedsSmall(name));
            ident
        },
    }
    .labelled(Expected::Name)
    .boxed()
}

/// A name that begins with a capital; one with a small letter is reported and taken.
pub(super) fn type_name<'s, F: Failing<'s>>(cx: Context<'s>) -> Rule<'s, F, Ident> {
    select! {
        Token::TypeName(name) = e => cx.ident(name, e),
        Token::Ident(name) = e => {
            let ident = cx.ident(name, e);
            cx.report(e, ident.span, Problem::NeedsCapital(name));
            ident
        },
    }
    .labelled(Expected::TypeName)
    .boxed()
}

/// A name of either case.
pub(super) fn any_name<'s, F: Failing<'s>>(cx: Context<'s>) -> Rule<'s, F, Ident> {
    select! { Token::Ident(name) | Token::TypeName(name) = e => cx.ident(name, e) }
        .labelled(Expected::Name)
        .boxed()
}

/// A token that only counts by being there.
pub(super) fn token<'s, F: Failing<'s>>(
    token: Token,
) -> impl Parser<'s, Tokens<'s>, (), Extra<F>> + Clone + 's {
    just(token).ignored()
}

/// The failure of a rule written by hand: the next token fits none of its forms.
pub(super) fn unexpected<'s, F: Failing<'s>>(input: &mut Input<'s, '_, F>, label: Expected) -> F {
    let here = input.cursor();
    let tokens = input.span_since(&here);
    F::unexpected(SimpleSpan::from(tokens.start..tokens.start + 1), label)
}

/// Items between commas; one may end the list.
pub(super) fn list<'s, F: Failing<'s>, T: 's>(
    item: impl Parser<'s, Tokens<'s>, T, Extra<F>> + Clone + 's,
) -> impl Parser<'s, Tokens<'s>, Vec<T>, Extra<F>> + Clone + 's {
    item.separated_by(token(Token::Comma)).allow_trailing().collect()
}

/// What stands in parentheses: one item without a comma after it stands for itself.
pub(super) fn one_or_many<'s, F: Failing<'s>, T: 's, K: 's>(
    item: Rule<'s, F, T>,
    one: fn(T) -> K,
    many: fn(Vec<T>) -> K,
) -> Rule<'s, F, K> {
    let comma = token(Token::Comma).or_not();
    item.separated_by(token(Token::Comma))
        .collect::<Vec<_>>()
        .then(comma)
        .map(move |(mut items, comma)| match items.pop() {
            Some(only) if items.is_empty() && comma.is_none() => one(only),
            last => {
                items.extend(last);
                many(items)
            }
        })
        .boxed()
}

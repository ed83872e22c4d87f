//! How parsing goes on after a failure.

use chumsky::prelude::*;
use chumsky::recovery::{ViaParser, via_parser};

use super::context::{Extra, Input, Rule, Tokens, unexpected};
use super::failure::{Expected, Failing};
use crate::lexer::Token;

/// Skips a bracket and all up to its partner, and puts `fallback` in their place.
fn skip_brackets<'s, F: Failing<'s>, T: 's>(
    open: Token,
    fallback: fn() -> T,
) -> ViaParser<impl Parser<'s, Tokens<'s>, T, Extra<F>> + Clone + 's> {
    via_parser(custom(move |input: &mut Input<'s, '_, F>| {
        if !F::RECOVERS || input.peek() != Some(open) {
            return Err(unexpected(input, Expected::Statement));
        }
        skip_group(input);
        Ok(fallback())
    }))
}

/// Skips to the end of a statement (field, variant, arm), at least a token, and puts `fallback` in
/// its place. Fails at the end of the block.
fn skip_statement<'s, F: Failing<'s>, T: 's>(
    fallback: fn() -> T,
) -> ViaParser<impl Parser<'s, Tokens<'s>, T, Extra<F>> + Clone + 's> {
    via_parser(custom(move |input: &mut Input<'s, '_, F>| {
        if !F::RECOVERS || matches!(input.peek(), None | Some(Token::RBrace)) {
            return Err(unexpected(input, Expected::Statement));
        }
        loop {
            match input.peek() {
                None | Some(Token::RBrace) => break,
                Some(Token::Newline) => {
                    input.skip();
                    break;
                }
                Some(_) => skip_group(input),
            }
            if input.peek().is_some_and(begins_declaration) {
                break;
            }
        }
        Ok(fallback())
    }))
}

/// Whether a declaration or a `let` begins with a token that stands nowhere else.
fn begins_declaration(token: Token) -> bool {
    matches!(token, Token::Let | Token::Var | Token::Struct | Token::Enum | Token::Trait | Token::Import)
}

/// Skips one token, or a whole group when it opens one.
fn skip_group<'s, F: Failing<'s>>(input: &mut Input<'s, '_, F>) {
    let mut depth = 0usize;
    while let Some(token) = input.next() {
        match token {
            Token::LParen | Token::LBracket | Token::LBrace | Token::HoleOpen | Token::StrOpen => depth += 1,
            Token::RParen | Token::RBracket | Token::RBrace | Token::HoleClose | Token::StrClose => {
                depth = depth.saturating_sub(1);
            }
            _ => {}
        }
        if depth == 0 {
            return;
        }
    }
}

/// A bracketed rule that, when it fails, becomes `fallback` with the content skipped.
pub(super) fn bracketed<'s, F: Failing<'s>, T: 's>(
    open: Token,
    content: impl Parser<'s, Tokens<'s>, T, Extra<F>> + Clone + 's,
    fallback: fn() -> T,
) -> Rule<'s, F, T> {
    let close = open.closer().unwrap_or(open);
    content.delimited_by(just(open), just(close)).recover_with(skip_brackets(open, fallback)).boxed()
}

/// The parts of a block, each with what ends it; one that fails becomes `fallback`.
pub(super) fn parts<'s, F: Failing<'s>, T: 's>(
    part: impl Parser<'s, Tokens<'s>, T, Extra<F>> + Clone + 's,
    fallback: fn() -> Option<T>,
) -> Rule<'s, F, Vec<T>> {
    part.map(Some)
        .recover_with(skip_statement(fallback))
        .or(just(Token::Newline).map(|_| None))
        .repeated()
        .collect::<Vec<_>>()
        .map(|parts| parts.into_iter().flatten().collect())
        .boxed()
}

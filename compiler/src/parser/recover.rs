//! How parsing goes on after a failure.

use chumsky::input::InputRef;
use chumsky::prelude::*;
use chumsky::recovery::{ViaParser, via_parser};

use super::context::{Extra, Rule, Tokens};
use super::failure::Failure;
use crate::lexer::Token;

type Input<'s, 'p> = InputRef<'s, 'p, Tokens<'s>, Extra>;

/// Skips a bracket and all up to its partner, and puts `fallback` in their place.
pub(super) fn skip_brackets<'s, T: 's>(
    open: Token,
    fallback: fn() -> T,
) -> ViaParser<impl Parser<'s, Tokens<'s>, T, Extra> + Clone + 's> {
    via_parser(custom(move |input: &mut Input<'s, '_>| {
        if input.peek() != Some(open) {
            return failed(input);
        }
        skip_group(input);
        Ok(fallback())
    }))
}

/// Skips to the end of a statement (field, variant, arm), at least a token, and puts `fallback` in
/// its place. Fails at the end of the block.
pub(super) fn skip_statement<'s, T: 's>(
    fallback: fn() -> T,
) -> ViaParser<impl Parser<'s, Tokens<'s>, T, Extra> + Clone + 's> {
    via_parser(custom(move |input: &mut Input<'s, '_>| {
        if matches!(input.peek(), None | Some(Token::RBrace)) {
            return failed(input);
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
fn skip_group<'s>(input: &mut Input<'s, '_>) {
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

fn failed<'s, T>(input: &mut Input<'s, '_>) -> Result<T, Failure> {
    let here = input.cursor();
    let tokens = input.span_since(&here);
    Err(Failure { tokens, expected: 0, labels: 0, problem: None })
}

/// A bracketed rule that, when it fails, becomes `fallback` with the content skipped.
pub(super) fn bracketed<'s, T: 's>(
    open: Token,
    content: impl Parser<'s, Tokens<'s>, T, Extra> + Clone + 's,
    fallback: fn() -> T,
) -> Rule<'s, T> {
    let close = open.closer().unwrap_or(open);
    content.delimited_by(just(open), just(close)).recover_with(skip_brackets(open, fallback)).boxed()
}

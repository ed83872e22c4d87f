//! The error types that chumsky carries.
//!
//! A file is parsed with [`Quick`] first, which holds nothing and so costs nothing, and ends at the first failure. Only
//! then is it parsed again with [`Failure`]: where, and the set of what was expected, as bits.

use std::cmp::Ordering;

use chumsky::DefaultExpected;
use chumsky::error::{Error, LabelError};
use chumsky::span::SimpleSpan;
use chumsky::util::MaybeRef;

use super::context::Tokens;
use crate::ast::Name;
use crate::lexer::Token;
use crate::source::Span;

/// What a rule stands for in messages.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Expected {
    Expression,
    Statement,
    Pattern,
    Type,
    Name,
    TypeName,
    Declaration,
    Parameter,
    Operator,
    EndOfFile,
}

impl Expected {
    /// All of them, in the order in which messages name them.
    pub(super) const ALL: [(Expected, &'static str); 10] = [
        (Expected::Declaration, "a declaration"),
        (Expected::Statement, "a statement"),
        (Expected::Expression, "an expression"),
        (Expected::Pattern, "a pattern"),
        (Expected::Type, "a type"),
        (Expected::Parameter, "a parameter"),
        (Expected::Name, "a name"),
        (Expected::TypeName, "a name with a capital"),
        (Expected::Operator, "an operator"),
        (Expected::EndOfFile, "the end of the file"),
    ];
}

/// Something that was parsed, but is not the language.
#[derive(Clone, Debug)]
pub(super) enum Problem {
    /// A variable's, function's, field's or parameter's name with a capital.
    NeedsSmall(Name),
    /// A type's name without one.
    NeedsCapital(Name),
    /// A constant's name that is not ALL_CAPS.
    NeedsAllCaps(Name),
    /// `a < b < c`; the place is the second operator.
    ChainedComparison,
    /// `if a = b`; the place is the `=`.
    AssignmentAsValue,
    /// `f(a = b)`; the place is the `=`.
    NamedWithEquals,
    /// `f(a: 1, 2)`; the place is the second argument.
    PositionalAfterNamed,
    /// `f() = 1`; the place is the left side.
    BadPlace,
    /// A declaration within a block; the text says which.
    NotInBlock(&'static str),
    /// `pub` before something that has no use for it.
    UselessPub,
    /// A function without a body outside traits; the place is where it belongs.
    MissingBody,
}

/// What the grammar needs of an error type.
pub(super) trait Failing<'s>:
    Error<'s, Tokens<'s>> + LabelError<'s, Tokens<'s>, Expected> + Clone + 's
{
    /// Whether parsing goes on after a failure.
    const RECOVERS: bool;

    /// Something that was parsed but is not right.
    fn problem(tokens: SimpleSpan, span: Span, problem: Problem) -> Self;

    /// A token that does not begin what a rule stands for.
    fn unexpected(tokens: SimpleSpan, label: Expected) -> Self;
}

/// A failure that says nothing.
#[derive(Clone, Copy)]
pub(super) struct Quick;

impl<'s> Failing<'s> for Quick {
    const RECOVERS: bool = false;

    fn problem(_: SimpleSpan, _: Span, _: Problem) -> Quick {
        Quick
    }

    fn unexpected(_: SimpleSpan, _: Expected) -> Quick {
        Quick
    }
}

impl<'s> Error<'s, Tokens<'s>> for Quick {}

impl<'s, L> LabelError<'s, Tokens<'s>, L> for Quick {
    fn expected_found<I: IntoIterator<Item = L>>(
        _: I,
        _: Option<MaybeRef<'s, Token>>,
        _: SimpleSpan,
    ) -> Quick {
        Quick
    }
}

/// A failure to parse, or a [`Problem`].
#[derive(Clone, Debug)]
pub(super) struct Failure {
    /// The tokens at fault.
    pub(super) tokens: SimpleSpan,
    /// Bits of the token kinds that would have been right.
    pub(super) expected: u128,
    /// Bits of the rules that would have been right.
    pub(super) labels: u16,
    /// What is wrong with something that was parsed, and where.
    pub(super) problem: Option<(Span, Problem)>,
}

impl Failure {
    fn add<'s>(&mut self, expected: impl IntoIterator<Item = DefaultExpected<'s, Token>>) {
        for expected in expected {
            match expected {
                DefaultExpected::Token(token) => self.expected |= 1 << token.tag(),
                DefaultExpected::EndOfInput => self.labels |= 1 << Expected::EndOfFile as u16,
                _ => {}
            }
        }
    }

    /// Whether a kind of token was expected.
    pub(super) fn expects(&self, token: Token) -> bool {
        self.expected & (1 << token.tag()) != 0
    }

    /// Whether a rule was expected.
    pub(super) fn expects_rule(&self, label: Expected) -> bool {
        self.labels & (1 << label as u16) != 0
    }
}

impl<'s> Failing<'s> for Failure {
    const RECOVERS: bool = true;

    fn problem(tokens: SimpleSpan, span: Span, problem: Problem) -> Failure {
        Failure { tokens, expected: 0, labels: 0, problem: Some((span, problem)) }
    }

    fn unexpected(tokens: SimpleSpan, label: Expected) -> Failure {
        Failure { tokens, expected: 0, labels: 1 << label as u16, problem: None }
    }
}

impl<'s> Error<'s, Tokens<'s>> for Failure {
    fn merge(mut self, other: Failure) -> Failure {
        // A rule written by hand reports where it began; what got further tells more.
        match self.tokens.start.cmp(&other.tokens.start) {
            Ordering::Less => return other,
            Ordering::Greater => return self,
            Ordering::Equal => {}
        }
        self.expected |= other.expected;
        self.labels |= other.labels;
        self.problem = self.problem.or(other.problem);
        self
    }
}

impl<'s> LabelError<'s, Tokens<'s>, DefaultExpected<'s, Token>> for Failure {
    fn expected_found<I: IntoIterator<Item = DefaultExpected<'s, Token>>>(
        expected: I,
        _: Option<MaybeRef<'s, Token>>,
        tokens: SimpleSpan,
    ) -> Failure {
        let mut failure = Failure { tokens, expected: 0, labels: 0, problem: None };
        failure.add(expected);
        failure
    }

    fn merge_expected_found<I: IntoIterator<Item = DefaultExpected<'s, Token>>>(
        mut self,
        expected: I,
        found: Option<MaybeRef<'s, Token>>,
        tokens: SimpleSpan,
    ) -> Failure {
        if self.tokens.start != tokens.start {
            return self.merge(LabelError::expected_found(expected, found, tokens));
        }
        self.add(expected);
        self
    }
}

impl<'s> LabelError<'s, Tokens<'s>, Expected> for Failure {
    fn expected_found<I: IntoIterator<Item = Expected>>(
        expected: I,
        _: Option<MaybeRef<'s, Token>>,
        tokens: SimpleSpan,
    ) -> Failure {
        let labels = expected.into_iter().fold(0, |labels, label| labels | 1 << label as u16);
        Failure { tokens, expected: 0, labels, problem: None }
    }

    fn label_with(&mut self, label: Expected) {
        self.expected = 0;
        self.labels = 1 << label as u16;
    }
}

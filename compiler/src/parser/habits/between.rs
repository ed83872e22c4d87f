//! What is missing or different between two parts of a list or a range.

use super::{Around, REACH};
use crate::diagnostics::{Applicability, Diagnostic};
use crate::lexer::Token;
use crate::parser::failure::Expected;
use crate::source::Span;

use Applicability::{MachineApplicable, MaybeIncorrect};

impl Around<'_, '_> {
    /// Two parts of a list without a comma between them.
    pub(super) fn missing_comma(self) -> Option<Diagnostic> {
        self.comma_in_list().or_else(|| self.comma_of_named())
    }

    /// `[1 2]`, `f(a b)`
    fn comma_in_list(self) -> Option<Diagnostic> {
        let in_list = self.failure.expects(Token::Comma)
            && (self.failure.expects(Token::RParen) || self.failure.expects(Token::RBracket));
        let begins = match self.token(0)? {
            Token::Int(_) | Token::Float(_) | Token::Str(_) | Token::StrOpen | Token::Char(_) => true,
            // What could be an operator elsewhere has more behind it.
            Token::Ident(_) => matches!(self.token(1), Some(Token::Comma | Token::RParen | Token::RBracket)),
            _ => false,
        };
        if !in_list || !begins || !self.token(-1).is_some_and(Token::ends_operand) || self.is_type(-1) {
            return None;
        }
        Some(self.write_comma())
    }

    fn write_comma(self) -> Diagnostic {
        let edit = (self.span(-1).end(), ",".to_owned());
        let headline = format!("a comma is missing before `{}`", self.text(0));
        self.fix(&headline, [edit], "write it", MachineApplicable)
    }

    /// `x: int y: int`, `f(a: 1 b: 2)`
    fn comma_of_named(self) -> Option<Diagnostic> {
        let named = matches!(self.token(0), Some(Token::Ident(_))) && self.token(1) == Some(Token::Colon);
        let earlier = (2..REACH as isize).find(|&by| {
            matches!(
                self.token(-by),
                None | Some(Token::Colon | Token::Comma | Token::LBrace | Token::LParen)
            )
        });
        if !named || earlier.and_then(|by| self.token(-by)) != Some(Token::Colon) {
            return None;
        }
        Some(self.write_comma())
    }

    /// `for i in 0..10 step 2 {`
    pub(super) fn step(self) -> Option<Diagnostic> {
        let head = (1..REACH as isize)
            .find(|&by| matches!(self.token(-by), None | Some(Token::In | Token::LBrace | Token::Newline)))?;
        let width = self.token(1).filter(|token| matches!(token, Token::Int(_) | Token::Ident(_)));
        if !matches!(self.text(0), "step" | "by") || self.token(-head) != Some(Token::In) || width.is_none() {
            return None;
        }
        let edits = [
            (self.span(1 - head).start(), "(".to_owned()),
            (Span::new(self.span(-1).hi, self.span(1).lo), ").step_by(".to_owned()),
            (self.span(1).end(), ")".to_owned()),
        ];
        Some(self.fix("a range takes its steps from a method", edits, "write `step_by`", MaybeIncorrect))
    }

    /// `enum Color { Red = 1 }`
    pub(super) fn variant_number(self) -> Option<Diagnostic> {
        let of_variant = matches!(self.token(-1), Some(Token::TypeName(_)))
            && self.failure.expects(Token::LParen)
            && self.failure.expects(Token::Comma);
        of_variant.then(|| {
            self.say(
                "a variant has no number of its own",
                "`int(Color.Red)` counts the variants from 0; a function with a `match` gives other numbers",
            )
        })
    }

    /// `let match = 5`, `struct S { type: int }`, `x.type`
    pub(super) fn keyword_as_name(self) -> Option<Diagnostic> {
        use Token::{Comma, Const, Dot, Enum, Fn, LParen, Let, Struct, Trait, Type, Var};
        let typed = self.token(1) == Some(Token::Colon);
        let is_keyword = match self.token(0)? {
            Token::Ident(_) | Token::Label(_) => false,
            Fn => typed,
            _ => self.text(0).bytes().all(|byte| byte.is_ascii_lowercase()),
        };
        let named = match self.token(-1) {
            Some(Let | Const | Dot | Enum | Fn | Struct | Trait | Type | Var) => true,
            Some(LParen | Comma) => typed,
            _ => typed && self.failure.expects_rule(Expected::Parameter),
        };
        if !is_keyword || !named {
            return None;
        }
        let name = self.text(0);
        Some(self.say(
            &format!("`{name}` is a keyword, so it cannot be a name"),
            &format!("choose another one: `{name}_`, for example"),
        ))
    }

    /// `for i, x in xs.enumerate() {`
    pub(super) fn names_of_for(self) -> Option<Diagnostic> {
        let begins = self.token(-2) == Some(Token::For) && matches!(self.token(-1), Some(Token::Ident(_)));
        let end = (1..REACH as isize)
            .find(|&by| !matches!(self.token(by), Some(Token::Ident(_) | Token::Comma)))?;
        if !begins || self.token(end) != Some(Token::In) {
            return None;
        }
        let edits = [(self.span(-1).start(), "(".to_owned()), (self.span(end - 1).end(), ")".to_owned())];
        Some(self.fix("several names are bound as a tuple", edits, "write parentheses", MachineApplicable))
    }

    /// `let a = b = 3`
    pub(super) fn chained_assignment(self) -> Option<Diagnostic> {
        let chained = self.failure.expects(Token::Newline)
            && matches!(self.token(-1), Some(Token::Ident(_)))
            && self.token(-2) == Some(Token::Eq);
        chained.then(|| self.say("an assignment is no value", "write two statements, or `==` to compare"))
    }
}

//! What is missing or different between two parts of a list or a range.

use super::{Around, REACH};
use crate::diagnostics::{Applicability, Diagnostic};
use crate::lexer::Token;
use crate::source::Span;

use Applicability::{MachineApplicable, MaybeIncorrect};

impl Around<'_, '_> {
    /// `x: int y: int`, `f(a: 1 b: 2)`
    pub(super) fn missing_comma(self) -> Option<Diagnostic> {
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
        let edit = (self.span(-1).end(), ",".to_owned());
        let headline = format!("a comma is missing before `{}`", self.text(0));
        Some(self.fix(&headline, [edit], "write it", MachineApplicable))
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
}

//! Tells the `<` and `>` around type arguments from comparisons.
//!
//! A `<` after a type's name is a candidate. When a `>` follows with nothing but a list of types
//! between, and what comes after it cannot be an operand, both are brackets. `A < B` alone stays a
//! comparison of two constants.

use super::Lexer;
use super::token::Token;
use crate::ast::known;

/// Deeper nesting of type arguments is taken for comparisons, and so for an error.
const MAX_NESTING: usize = 64;

/// A `<` that may open type arguments.
pub(super) struct Angle {
    /// Its token.
    token: usize,
    /// How many brackets were open.
    pub(super) depth: usize,
    /// Whether it follows a declaration's name, so that type parameters and nothing else follow.
    declares: bool,
    /// Whether a type stands here rather than an expression.
    in_type: bool,
}

impl Lexer<'_> {
    /// A `<` without a `<` or `=` after it.
    pub(super) fn less_than(&mut self) {
        let start = self.at;
        let declares = match (self.before_prev(), self.prev()) {
            (_, Token::Impl) | (Token::Fn, Token::Ident(_)) => Some(true),
            (Token::Fn | Token::Struct | Token::Enum | Token::Trait | Token::Type, Token::TypeName(_)) => {
                Some(true)
            }
            (_, Token::TypeName(_)) => Some(false),
            _ => None,
        };
        let in_type = self.type_follows();
        self.at += 1;
        let token = self.push(Token::Lt, start, self.at);
        if let Some(declares) = declares.filter(|_| self.angles.len() < MAX_NESTING) {
            self.angles.push(Angle { token, depth: self.open.len(), declares, in_type });
        }
    }

    /// Whether what stands before the last name asks for a type.
    fn type_follows(&self) -> bool {
        let mut at = self.out.kinds.len().saturating_sub(2);
        while at >= 2 && self.out.kinds[at] == Token::Dot {
            at -= 2;
        }
        let before = self.out.kinds.get(at).copied();
        matches!(
            before,
            Some(Token::Colon | Token::Arrow | Token::For | Token::Impl | Token::RAngle | Token::Star)
        )
    }

    /// Drops the candidates that a token rules out.
    pub(super) fn check_angles(&mut self, next: Token) {
        let Some(angle) = self.angles.last() else { return };
        let declares = self.angles.iter().any(|angle| angle.declares);
        let fits = match next {
            Token::Ident(name) => declares || known::is_builtin_type(name) || self.peek(0) == b'.',
            Token::Colon => declares || self.open.len() > angle.depth,
            Token::Plus | Token::Eq => declares,
            Token::TypeName(_) | Token::Comma | Token::Dot | Token::Question | Token::Arrow | Token::Fn => {
                true
            }
            Token::LParen | Token::RParen | Token::LBracket | Token::RBracket | Token::Star => true,
            Token::Lt | Token::RAngle => true,
            _ => false,
        };
        if !fits {
            self.angles.clear();
        }
    }

    /// Reads the `>` here as the end of type arguments if it is one.
    pub(super) fn closes_angle(&mut self) -> bool {
        let depth = self.open.len();
        let run = self.rest().bytes().take_while(|&b| b == b'>').count();
        let open = self.angles.iter().rev().take_while(|angle| angle.depth == depth).count();
        let type_ends = matches!(
            self.prev(),
            Token::Ident(_)
                | Token::TypeName(_)
                | Token::RParen
                | Token::RBracket
                | Token::Question
                | Token::RAngle
                | Token::Comma
        );
        let Some(angle) = self.angles.last() else { return false };
        let outermost = self.angles.len() == 1;
        let certain = angle.declares || angle.in_type || !outermost;
        if run > open || !type_ends || !(certain || self.ends_type_arguments(angle.token)) {
            self.angles.clear();
            return false;
        }
        let token = angle.token;
        let start = self.at;
        self.at += 1;
        self.out.kinds[token] = Token::LAngle;
        self.push(Token::RAngle, start, self.at);
        self.angles.pop();
        true
    }

    /// Whether what follows the `>` here cannot be its right operand.
    fn ends_type_arguments(&self, token: usize) -> bool {
        let rest = self.rest()[1..].trim_start_matches([' ', '\t']);
        let name = token.checked_sub(1).map(|i| self.out.kinds[i]);
        match rest.bytes().next() {
            None => true,
            Some(b'(') => !matches!(name, Some(Token::TypeName(name)) if is_constant(self.names.text(name))),
            Some(byte) => b".,)]}?{=:|&;\r\n/>".contains(&byte) && !rest.starts_with("=="),
        }
    }
}

/// Whether a name is spelled as constants are, and not as a type parameter may be.
pub(super) fn is_constant(text: &str) -> bool {
    text.len() > 1 && !text.chars().any(char::is_lowercase)
}

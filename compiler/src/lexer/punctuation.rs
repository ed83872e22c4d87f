//! Operators, brackets and separators.

use super::token::Token;
use super::{Lexer, OpenKind};
use crate::diagnostics::{Diagnostic, codes};

impl Lexer<'_> {
    /// Reads a token that begins with an ASCII character that is no letter, digit or quote.
    pub(super) fn punctuation(&mut self) {
        match self.peek(0) {
            b'(' => self.opener(Token::LParen, OpenKind::Paren),
            b')' => self.closer(Token::RParen, OpenKind::Paren),
            b'[' => self.opener(Token::LBracket, OpenKind::Bracket),
            b']' => self.closer(Token::RBracket, OpenKind::Bracket),
            b'{' => self.opener(Token::LBrace, OpenKind::Brace),
            b'}' => self.closer(Token::RBrace, OpenKind::Brace),
            b',' => self.comma(),
            b';' => self.semicolon(),
            b':' => self.colon(),
            b'.' => self.dots(),
            b'<' if !matches!(self.peek(1), b'<' | b'=' | b'>') => self.less_than(),
            b'>' if !self.angles.is_empty() && self.closes_angle() => {}
            b'|' => self.bar(),
            b'&' | b'=' | b'!' | b'<' | b'~' | b'?' | b'+' | b'-' | b'#' | b'`'
                if self.foreign_operator() => {}
            _ => match self.operator() {
                Some((token, length)) => self.push_operator(token, length),
                None => self.unknown_character(),
            },
        }
    }

    /// The longest operator here.
    fn operator(&self) -> Option<(Token, usize)> {
        use Token::*;
        let (second, third, fourth) = (self.peek(1), self.peek(2), self.peek(3));
        Some(match (self.peek(0), second) {
            (b'+', b'%') if third == b'=' => (PlusPercentEq, 3),
            (b'+', b'%') => (PlusPercent, 2),
            (b'+', b'=') => (PlusEq, 2),
            (b'+', _) => (Plus, 1),
            (b'-', b'>') => (Arrow, 2),
            (b'-', b'%') if third == b'=' => (MinusPercentEq, 3),
            (b'-', b'%') => (MinusPercent, 2),
            (b'-', b'=') => (MinusEq, 2),
            (b'-', _) => (Minus, 1),
            (b'*', b'*') if third == b'=' => (StarStarEq, 3),
            (b'*', b'*') => (StarStar, 2),
            (b'*', b'%') if third == b'=' => (StarPercentEq, 3),
            (b'*', b'%') => (StarPercent, 2),
            (b'*', b'=') => (StarEq, 2),
            (b'*', _) => (Star, 1),
            (b'/', b'=') => (SlashEq, 2),
            (b'/', _) => (Slash, 1),
            (b'%', b'=') => (PercentEq, 2),
            (b'%', _) => (Percent, 1),
            (b'=', b'=') => (EqEq, 2),
            (b'=', b'>') => (FatArrow, 2),
            (b'=', _) => (Eq, 1),
            (b'!', b'=') => (NotEq, 2),
            (b'<', b'<') if third == b'=' => (ShlEq, 3),
            (b'<', b'<') => (Shl, 2),
            (b'<', b'=') => (Le, 2),
            (b'>', b'>') if third == b'>' && fourth == b'=' => (ShrLogicalEq, 4),
            (b'>', b'>') if third == b'>' => (ShrLogical, 3),
            (b'>', b'>') if third == b'=' => (ShrEq, 3),
            (b'>', b'>') => (Shr, 2),
            (b'>', b'=') => (Ge, 2),
            (b'>', _) => (Gt, 1),
            (b'&', b'=') => (AmpEq, 2),
            (b'&', _) => (Amp, 1),
            (b'^', b'=') => (CaretEq, 2),
            (b'^', _) => (Caret, 1),
            (b'?', b'?') => (Coalesce, 2),
            (b'?', b'.') if third != b'.' => (QuestionDot, 2),
            (b'?', _) => (Question, 1),
            (b'~', _) => (Tilde, 1),
            (b'@', _) => (At, 1),
            _ => return None,
        })
    }

    fn push_operator(&mut self, token: Token, length: usize) {
        let start = self.at;
        let prefix = self.is_prefix_place();
        self.at += length;
        self.push(token, start, self.at);
        match token {
            Token::Minus | Token::Tilde | Token::Star if prefix => self.nesting.tight += 1,
            Token::StarStar | Token::Coalesce => self.nesting.tight += 1,
            Token::Arrow | Token::At => self.nesting.loose += 1,
            Token::Question | Token::QuestionDot => return,
            _ => return self.nesting.tight = 0,
        }
        self.check_depth(start);
    }

    fn comma(&mut self) {
        let start = self.at;
        self.at += 1;
        self.push(Token::Comma, start, self.at);
        self.nesting.tight = 0;
        if !self.closures.contains(&self.open.len()) {
            self.nesting = super::brackets::Nesting::default();
        }
    }

    /// `:`, which within an interpolation begins the format.
    fn colon(&mut self) {
        let start = self.at;
        if self.foreign_operator() {
            return;
        }
        self.at += 1;
        if self.open.last().is_some_and(|open| open.kind == OpenKind::Hole) {
            self.format_spec();
        } else {
            self.push(Token::Colon, start, self.at);
        }
    }

    fn dots(&mut self) {
        let start = self.at;
        let (token, length) = match (self.peek(1), self.peek(2)) {
            (b'.', b'=') => (Token::DotDotEq, 3),
            (b'.', b'.' | b'<') if self.foreign_operator() => return,
            (b'.', b'.') => (Token::Ellipsis, 3),
            (b'.', _) => (Token::DotDot, 2),
            _ => (Token::Dot, 1),
        };
        let prefix = self.is_prefix_place();
        self.at += length;
        self.push(token, start, self.at);
        if matches!(token, Token::DotDot | Token::DotDotEq) {
            self.nesting.tight = if prefix { self.nesting.tight + 1 } else { 0 };
            self.check_depth(start);
        }
    }

    /// `|`: an operator, or around a closure's parameters.
    fn bar(&mut self) {
        let start = self.at;
        let depth = self.open.len();
        if self.closures.last() == Some(&depth) {
            self.closures.pop();
            self.at += 1;
            self.push(Token::RBar, start, self.at);
        } else if self.is_prefix_place() {
            self.at += 1;
            self.push(Token::LBar, start, self.at);
            self.closures.push(depth);
            self.nesting.loose += 1;
            self.check_depth(start);
        } else if !self.foreign_operator() {
            let (token, length) = if self.peek(1) == b'=' { (Token::BarEq, 2) } else { (Token::Bar, 1) };
            self.push_operator(token, length);
        }
    }

    /// A character that begins no token, and all like it that follow.
    fn unknown_character(&mut self) {
        let start = self.at;
        let Some(c) = self.rest().chars().next() else { return };
        if "“„«".contains(c) && self.curly_string(start) {
            return;
        }
        self.at += c.len_utf8();
        let place = self.span(start, self.at);
        let shown = c.escape_debug();
        self.error(match lookalike(c) {
            Some(ascii) => {
                let message = format!("`{shown}` is not `{ascii}`: it only looks like it");
                let diagnostic = Diagnostic::new(codes::UNKNOWN_CHARACTER, place, message);
                diagnostic.suggest(place, ascii, format!("write `{ascii}`"))
            }
            None => {
                let message = format!("`{shown}` has no meaning here");
                Diagnostic::new(codes::UNKNOWN_CHARACTER, place, message)
            }
        });
        self.push(Token::Invalid, start, self.at);
    }

    /// A string in the quotes of a word processor. Tells whether its end is on the line.
    fn curly_string(&mut self, start: usize) -> bool {
        let line = self.rest().lines().next().unwrap_or("");
        let mut chars = line.char_indices().skip(1);
        let Some((length, last)) = chars.find(|&(_, c)| "“”»\"".contains(c)) else { return false };
        let open = line.chars().next().map_or(0, char::len_utf8);
        let text = &self.text[start + open..start + length];
        self.at += length + last.len_utf8();
        let place = self.span(start, self.at);
        let message = "a string stands in straight quotes";
        let diagnostic = Diagnostic::new(codes::UNKNOWN_CHARACTER, place, message);
        self.error(diagnostic.suggest(place, format!("\"{text}\""), "write `\"`"));
        let value = self.names.intern(text);
        self.push(Token::Str(value), start, self.at);
        true
    }

    /// A character outside ASCII: a letter of a name, a space, or a mistake.
    pub(super) fn non_ascii(&mut self) {
        let Some(c) = self.rest().chars().next() else { return self.at += 1 };
        if c.is_alphabetic() {
            self.word();
        } else if c == '\u{feff}' {
            self.at += c.len_utf8();
        } else {
            self.unknown_character();
        }
    }
}

/// The ASCII character that one looks like.
fn lookalike(c: char) -> Option<&'static str> {
    Some(match c {
        '“' | '”' | '„' | '«' | '»' => "\"",
        '‘' | '’' | '`' => "'",
        '–' | '—' | '−' => "-",
        '\u{a0}' | '\u{3000}' | '\u{2009}' | '\u{202f}' => " ",
        '×' => "*",
        '÷' => "/",
        '≠' => "!=",
        '≤' => "<=",
        '≥' => ">=",
        '→' => "->",
        '…' => "..",
        '（' => "(",
        '）' => ")",
        '，' => ",",
        '：' => ":",
        '；' | '\u{37e}' => ";",
        '｛' => "{",
        '｝' => "}",
        '［' => "[",
        '］' => "]",
        '＝' => "=",
        '＋' => "+",
        '＜' => "<",
        '＞' => ">",
        '。' | '．' => ".",
        _ => return None,
    })
}

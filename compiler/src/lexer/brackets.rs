//! Brackets: which are open, what closes them, and how deep the program is nested.

use super::Lexer;
use super::token::Token;
use crate::diagnostics::{Diagnostic, codes};

/// The kinds of brackets.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum OpenKind {
    /// `(`
    Paren,
    /// `[`
    Bracket,
    /// `{`
    Brace,
    /// `${` in a string.
    Hole,
}

impl OpenKind {
    /// The kind that a bracket's token belongs to.
    pub(super) fn of(token: Token) -> Option<OpenKind> {
        match token {
            Token::LParen | Token::RParen => Some(OpenKind::Paren),
            Token::LBracket | Token::RBracket => Some(OpenKind::Bracket),
            Token::LBrace | Token::RBrace => Some(OpenKind::Brace),
            _ => None,
        }
    }

    /// The token that closes it.
    pub(super) fn closer(self) -> Token {
        match self {
            OpenKind::Paren => Token::RParen,
            OpenKind::Bracket => Token::RBracket,
            OpenKind::Brace => Token::RBrace,
            OpenKind::Hole => Token::HoleClose,
        }
    }
}

/// A bracket that is open.
pub(super) struct Open {
    pub(super) kind: OpenKind,
    /// Its offset.
    pub(super) at: usize,
    /// Whether it is known to have no partner; then it is closed where it looks best.
    lost: bool,
    /// The nesting of the statement around it.
    outside: Nesting,
}

/// Operators that nest what follows them, in the statement that is being read. Without this,
/// `- - - …` or `not not not …` could exhaust the parser's stack.
#[derive(Clone, Copy, Default)]
pub(super) struct Nesting {
    /// Those that end at the next infix operator: `-`, `~`, `**`, `??`.
    pub(super) tight: usize,
    /// `not`, which ends at `and` and `or`.
    pub(super) not: usize,
    /// Those that reach to the end of the statement: closures, `return`, `if`.
    pub(super) loose: usize,
}

impl Nesting {
    fn total(self) -> usize {
        self.tight + self.not + self.loose
    }
}

impl Lexer<'_> {
    /// Opens a bracket.
    pub(super) fn open(&mut self, kind: OpenKind, at: usize) {
        let lost = self.plan.is_lost(at);
        let outside = std::mem::take(&mut self.nesting);
        self.outer_nesting += outside.total();
        self.open.push(Open { kind, at, lost, outside });
        self.check_depth(at);
    }

    /// Forgets the innermost bracket.
    pub(super) fn pop(&mut self) -> Option<Open> {
        let open = self.open.pop()?;
        self.nesting = open.outside;
        self.outer_nesting -= open.outside.total();
        let depth = self.open.len();
        self.closures.retain(|&closure| closure <= depth);
        if self.angles.last().is_some_and(|angle| angle.depth > depth) {
            self.angles.clear();
        }
        if open.kind == OpenKind::Brace && !self.labels.is_empty() {
            self.end_labels(depth);
        }
        Some(open)
    }

    /// Reports nesting that is too deep; to be called after something nests.
    pub(super) fn check_depth(&mut self, at: usize) {
        if self.open.len() + self.outer_nesting + self.nesting.total() > super::MAX_DEPTH {
            self.too_deep(at);
        }
    }

    /// An opening bracket of one character.
    pub(super) fn opener(&mut self, token: Token, kind: OpenKind) {
        let start = self.at;
        self.at += 1;
        self.push(token, start, self.at);
        self.open(kind, start);
    }

    /// A closing bracket of one character.
    pub(super) fn closer(&mut self, token: Token, kind: OpenKind) {
        let start = self.at;
        if self.plan.is_dropped(start) {
            self.at += 1;
            return;
        }
        let top = self.open.last().map(|open| open.kind);
        if top == Some(kind) {
            self.at += 1;
            self.push(token, start, self.at);
            self.pop();
        } else if token == Token::RBrace && self.within_hole() {
            self.hole_end();
        } else if self.strings.is_empty() {
            self.mismatched_closer(token, kind);
        } else {
            self.at += 1;
            let message = format!("unexpected {}", Token::describe(token.tag()));
            let diagnostic = Diagnostic::new(codes::UNCLOSED_DELIMITER, self.span(start, self.at), message);
            self.error(diagnostic.label("nothing in this interpolation is open"));
        }
    }

    /// A closing bracket that does not close the innermost one. Keeps the tokens in pairs; the
    /// report is [`super::repair`]'s.
    fn mismatched_closer(&mut self, token: Token, kind: OpenKind) {
        let start = self.at;
        self.balanced = false;
        self.at += 1;
        if self.open.iter().any(|open| open.kind == kind) {
            while self.open.last().is_some_and(|open| open.kind != kind) {
                self.close_virtually(start);
            }
            self.push(token, start, self.at);
            self.pop();
        } else {
            self.strays.push((kind, start));
        }
    }

    /// Closes the innermost bracket with a token of no width.
    pub(super) fn close_virtually(&mut self, at: usize) {
        if let Some(open) = self.pop() {
            let at = self.out.spans.last().map_or(at, |span| (span.hi - self.base) as usize);
            self.push_raw(open.kind.closer(), at, at);
        }
    }

    /// Whether the place is directly within an interpolation, but for `( )` and `[ ]`.
    pub(super) fn within_hole(&self) -> bool {
        self.open
            .iter()
            .rev()
            .find(|open| matches!(open.kind, OpenKind::Brace | OpenKind::Hole))
            .is_some_and(|open| open.kind == OpenKind::Hole)
    }

    /// The `}` of an interpolation.
    fn hole_end(&mut self) {
        let start = self.at;
        if let Some(open) = self.open.last().filter(|open| open.kind != OpenKind::Hole) {
            let (at, kind) = (open.at, open.kind);
            self.unclosed(at, kind);
        }
        self.close_hole();
        self.at = start + 1;
        self.push_raw(Token::HoleClose, start, self.at);
        if let Some(string) = self.strings.pop() {
            self.resume_string(string);
        }
    }

    /// Closes the innermost interpolation and the brackets within it; gives its offset.
    pub(super) fn close_hole(&mut self) -> Option<usize> {
        while self.open.last().is_some_and(|open| open.kind != OpenKind::Hole) {
            self.close_virtually(self.at);
        }
        self.line_ended = false;
        self.docs.clear();
        self.pop().map(|open| open.at)
    }

    fn unclosed(&mut self, at: usize, kind: OpenKind) {
        let place = self.span(at, at + 1);
        self.error(super::repair::unclosed(place, kind));
    }

    /// Supplies the closing braces that are planned before `lo`.
    pub(super) fn insert_closers(&mut self, lo: usize) {
        while self.plan.take_insertion(lo) {
            while self
                .open
                .last()
                .is_some_and(|open| matches!(open.kind, OpenKind::Paren | OpenKind::Bracket))
            {
                self.close_virtually(lo);
            }
            if self.open.last().is_some_and(|open| open.kind == OpenKind::Brace) {
                self.close_virtually(lo);
            }
        }
    }

    /// Supplies the opening braces that are planned before `lo`.
    pub(super) fn insert_openers(&mut self, lo: usize) {
        while let Some(at) = self.plan.take_opener(lo) {
            while self.open.last().is_some_and(|open| open.lost) {
                self.close_virtually(at);
            }
            self.push_raw(Token::LBrace, at, at);
            self.open(OpenKind::Brace, at);
        }
    }

    /// Closes lost brackets where a line ends after an operand, and where the next line, whose first
    /// token is at `lo`, is indented no more than theirs.
    pub(super) fn close_lost_at_line_end(&mut self, next: Token, lo: usize) {
        while let Some(open) = self.open.last().filter(|open| open.lost && !next.continues_statement()) {
            let outdented = self.indentation(lo) <= self.indentation(open.at);
            if !outdented && !self.prev().ends_statement() {
                return;
            }
            self.close_virtually(lo);
        }
    }

    /// The indentation of the line that holds an offset, in bytes.
    fn indentation(&self, at: usize) -> usize {
        let start = self.text[..at].rfind('\n').map_or(0, |end| end + 1);
        self.text[start..].bytes().take_while(|b| matches!(b, b' ' | b'\t')).count()
    }

    /// Closes lost brackets before a token that cannot stand within them.
    pub(super) fn close_lost_before(&mut self, next: Token, lo: usize) {
        while self.open.last().is_some_and(|open| open.lost) {
            let leaves = match next {
                Token::LBrace => self.prev().ends_operand() || self.prev() == Token::LParen,
                Token::Arrow => !matches!(self.prev(), Token::RParen | Token::RBar),
                Token::Eq | Token::FatArrow | Token::In | Token::Let | Token::Var | Token::Semicolon => true,
                _ => next.is_closer() && self.open.last().is_some_and(|open| open.kind.closer() != next),
            };
            if !leaves {
                return;
            }
            self.close_virtually(lo);
        }
    }
}

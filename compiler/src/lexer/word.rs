//! Names, keywords and labels.

use super::token::{KEYWORDS, Token};
use super::{Lexer, foreign};
use crate::ast::{Name, known};
use crate::diagnostics::{Diagnostic, codes};

impl Lexer<'_> {
    /// A word, or a literal with a letter before its quotes.
    pub(super) fn word(&mut self) {
        let start = self.at;
        self.word_rest();
        let text = &self.text[start..self.at];
        if self.peek(0) == b'\'' || (self.peek(0) == b'"' && !self.ends_broken_hole()) {
            match (text, self.peek(0)) {
                ("b", b'\'') => return self.char_literal(start, true),
                ("b", b'"') => return self.byte_string(start),
                ("r", b'"') => return self.raw_string(start),
                ("f", b'"') => return self.f_string(start),
                _ => {}
            }
        }
        let name = self.names.intern(text);
        if (name.index() as usize) < KEYWORDS.len() {
            self.keyword(KEYWORDS[name.index() as usize], start);
        } else if name.index() < known::COUNT {
            self.known_name(name, start);
        } else {
            self.plain_name(name, start);
        }
    }

    /// Moves to the end of a word.
    pub(super) fn word_rest(&mut self) {
        let bytes = self.text.as_bytes();
        loop {
            match bytes.get(self.at) {
                Some(b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_') => self.at += 1,
                Some(0x80..) => match self.rest().chars().next() {
                    Some(c) if c.is_alphanumeric() => self.at += c.len_utf8(),
                    _ => return,
                },
                _ => return,
            }
        }
    }

    /// A name as it is.
    pub(super) fn plain_name(&mut self, name: Name, start: usize) {
        let first = self.text[start..].chars().next().unwrap_or('_');
        if first.is_uppercase() {
            self.push(Token::TypeName(name), start, self.at);
        } else if self.is_label(name) {
            self.push(Token::Label(name), start, self.at);
        } else {
            self.push(Token::Ident(name), start, self.at);
        }
    }

    fn keyword(&mut self, token: Token, start: usize) {
        match token {
            Token::Return | Token::Break | Token::Defer | Token::While | Token::For | Token::Match => {
                self.nesting.loose += 1;
            }
            Token::If if self.prev() != Token::Else => self.nesting.loose += 1,
            Token::Not => self.nesting.not += 1,
            Token::And | Token::Or => (self.nesting.tight, self.nesting.not) = (0, 0),
            _ => {}
        }
        if token == Token::For && self.counting_loop(start) {
            return self.check_depth(start);
        }
        if matches!(token, Token::For | Token::While | Token::Loop) {
            self.declare_label();
        }
        self.push(token, start, self.at);
        self.check_depth(start);
    }

    /// One of the words that mean something in some place.
    fn known_name(&mut self, name: Name, start: usize) {
        match name {
            known::SELF => {
                self.push(Token::SelfValue, start, self.at);
            }
            known::TEST if self.begins_statement() && self.next_byte() == b'"' => {
                self.push(Token::Test, start, self.at);
            }
            known::SPAWN | known::ASYNC | known::AWAIT | known::YIELD => self.reserved(name, start),
            _ if foreign::is_foreign(name) && self.foreign_word(name, start) => {}
            _ => self.plain_name(name, start),
        }
    }

    fn reserved(&mut self, name: Name, start: usize) {
        let text = &self.text[start..self.at];
        let message = format!("`{text}` is reserved");
        let diagnostic = Diagnostic::new(codes::RESERVED_WORD, self.span(start, self.at), message);
        self.error(diagnostic.help("the word is kept for later: choose another name"));
        self.push(Token::Ident(name), start, self.at);
    }

    /// Whether a statement begins here.
    pub(super) fn begins_statement(&self) -> bool {
        matches!(self.prev(), Token::Newline | Token::LBrace | Token::RBrace | Token::Doc(_))
            || self.line_ended
    }

    /// The next byte that is no space.
    pub(super) fn next_byte(&self) -> u8 {
        self.rest().bytes().find(|b| !matches!(b, b' ' | b'\t')).unwrap_or(0)
    }

    /// Makes `name :` before a loop a label.
    fn declare_label(&mut self) {
        let count = self.out.kinds.len();
        let (Token::Colon, Token::Ident(name)) = (self.prev(), self.before_prev()) else { return };
        // After `(` or `,` it is an argument's name, after `[` a key.
        let before = count.checked_sub(3).map_or(Token::Newline, |i| self.out.kinds[i]);
        if !matches!(before, Token::LParen | Token::LBracket | Token::Comma | Token::LBar) {
            self.out.kinds[count - 2] = Token::Label(name);
            self.labels.push((name, self.open.len()));
        }
    }

    /// Whether a name after `break` or `continue` is a label.
    fn is_label(&self, name: Name) -> bool {
        match self.prev() {
            Token::Continue => !self.line_ended,
            Token::Break => !self.line_ended && self.labels.iter().any(|&(label, _)| label == name),
            _ => false,
        }
    }

    /// Forgets the labels of loops that end with the brace that was just closed.
    pub(super) fn end_labels(&mut self, depth: usize) {
        let ends_line =
            matches!(self.next_byte(), 0 | b'\n' | b'\r' | b'}' | b')' | b']' | b',' | b';' | b'/');
        self.labels.retain(|&(_, at)| at < depth || (at == depth && !ends_line));
    }
}

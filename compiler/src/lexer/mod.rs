//! Source text to tokens.
//!
//! Everything that depends on characters, lines and the bracket a token stands in is decided here,
//! so that the grammar sees none of it: where statements end, which `<` opens type arguments,
//! which `|` belongs to a closure, which word after `break` is a label, and how deep the program is
//! nested. Habits from other languages that are a matter of one token are reported here and
//! replaced by what was meant. Brackets always come in pairs: where the text lacks one, it is
//! reported and supplied.

mod angles;
mod brackets;
mod escape;
mod foreign;
mod format;
mod interpolation;
mod lines;
mod multiline;
mod number;
mod punctuation;
mod quoted;
mod repair;
mod string;
mod token;
mod word;

pub(crate) use token::Token;

use crate::ast::{FormatSpec, Name, Names};
use crate::diagnostics::{Diagnostic, codes};
use crate::source::{SourceFile, Span};
use angles::Angle;
use brackets::{Nesting, Open, OpenKind};
use repair::Plan;
use string::OpenString;

/// Brackets, interpolations and operators that bind to the right may be nested this deep.
pub(crate) const MAX_DEPTH: usize = 256;

/// The tokens of a file.
#[derive(Default)]
pub(crate) struct Lexed {
    /// What each token is.
    pub(crate) kinds: Vec<Token>,
    /// Where each token is.
    pub(crate) spans: Vec<Span>,
    /// The values of `Token::Int`.
    pub(crate) ints: Vec<i64>,
    /// The values of `Token::Float`.
    pub(crate) floats: Vec<f64>,
    /// The values of `Token::Bytes`.
    pub(crate) bytes: Vec<Box<[u8]>>,
    /// The values of `Token::Spec`.
    pub(crate) specs: Vec<FormatSpec>,
    /// What was wrong.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// Where a string or comment begins that swallows the rest of the file.
    pub(crate) cut_off: Option<u32>,
    /// Whether the nesting is too deep for the parser; then the tokens end there.
    pub(crate) too_deep: bool,
}

/// The tokens of a file; its names go into `names`.
pub(crate) fn lex(file: &SourceFile, names: &mut Names) -> Lexed {
    let mut first = Lexer::new(file, names, Plan::default());
    first.run();
    if first.balanced || first.out.too_deep {
        return first.out;
    }
    let plan = repair::plan(file, &first.out, &first.strays);
    let mut second = Lexer::new(file, names, plan);
    second.run();
    second.out
}

/// Whether a text stops in the middle: in a bracket, a string of several lines or a comment, or behind an operator.
pub(crate) fn ends_early(file: &SourceFile, names: &mut Names) -> bool {
    let mut lexer = Lexer::new(file, names, Plan::default());
    lexer.run();
    let last = lexer.prev();
    let waits = last != Token::Newline && !last.ends_statement();
    lexer.left_open || lexer.out.cut_off.is_some() || waits && !lexer.out.too_deep
}

/// The state of reading one file.
struct Lexer<'a> {
    text: &'a str,
    base: u32,
    at: usize,
    names: &'a mut Names,
    out: Lexed,
    /// The brackets and interpolations around the current place.
    open: Vec<Open>,
    /// What nests in the statement that is being read, and in all those around its brackets.
    nesting: Nesting,
    outer_nesting: usize,
    /// Whether every bracket had its partner so far.
    balanced: bool,
    /// Whether brackets were open at the end.
    left_open: bool,
    /// The closing brackets that were left out because nothing of their kind was open.
    strays: Vec<(OpenKind, usize)>,
    /// The strings whose interpolations are open, outermost first.
    strings: Vec<OpenString>,
    /// The `<` that may turn out to open type arguments.
    angles: Vec<Angle>,
    /// How many brackets are open around each closure whose parameters are being read.
    closures: Vec<usize>,
    /// The loops' labels that can be used here, each with the number of brackets around its loop.
    labels: Vec<(Name, usize)>,
    /// Whether a line ended since the last token.
    line_ended: bool,
    /// The doc comment since the last token.
    docs: Vec<&'a str>,
    plan: Plan,
}

impl<'a> Lexer<'a> {
    fn new(file: &'a SourceFile, names: &'a mut Names, plan: Plan) -> Lexer<'a> {
        let mut out = Lexed::default();
        // A line of code has about ten tokens, one for every three or four characters.
        let expected = file.text().len() / 4 + 16;
        out.kinds.reserve(expected);
        out.spans.reserve(expected);
        out.diagnostics.extend(plan.diagnostics.iter().cloned());
        Lexer {
            text: file.text(),
            base: file.base(),
            at: 0,
            names,
            out,
            open: Vec::new(),
            nesting: Nesting::default(),
            outer_nesting: 0,
            balanced: true,
            left_open: false,
            strays: Vec::new(),
            strings: Vec::new(),
            angles: Vec::new(),
            closures: Vec::new(),
            labels: Vec::new(),
            line_ended: false,
            docs: Vec::new(),
            plan,
        }
    }

    /// Reads the whole file.
    fn run(&mut self) {
        if self.text.starts_with("#!") {
            self.skip_line();
        }
        while !self.at_end() && !self.out.too_deep {
            self.token();
        }
        self.finish();
    }

    fn finish(&mut self) {
        self.docs.clear();
        self.line_ended = false;
        if self.out.too_deep {
            return;
        }
        self.at = self.text.len();
        self.insert_closers(self.at);
        while let Some(kind) = self.open.last().map(|open| open.kind) {
            if kind == OpenKind::Hole {
                self.break_hole();
            } else {
                (self.balanced, self.left_open) = (false, true);
                self.close_virtually(self.at);
            }
        }
        if self.prev() == Token::Newline {
            self.out.kinds.pop();
            self.out.spans.pop();
        }
    }

    /// Reads one token, or what stands between tokens.
    fn token(&mut self) {
        let start = self.at;
        match self.peek(0) {
            b' ' | b'\t' | b'\r' => self.at += 1,
            b'\n' => self.line_end(),
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => self.word(),
            b'0'..=b'9' => self.number(),
            b'"' => self.string(start),
            b'\'' => self.char_literal(start, false),
            b'/' if self.peek(1) == b'/' => self.line_comment(),
            b'/' if self.peek(1) == b'*' => self.block_comment(),
            0x80.. => self.non_ascii(),
            _ => self.punctuation(),
        }
    }

    /// Adds a token, and before it what the place asks for: the end of the line before, a doc
    /// comment, and missing brackets. Gives its number.
    fn push(&mut self, kind: Token, lo: usize, hi: usize) -> usize {
        if self.line_ended || !self.docs.is_empty() || self.plan.is_needed() {
            self.before_token(kind, lo);
        }
        if !self.angles.is_empty() {
            self.check_angles(kind);
        }
        self.push_raw(kind, lo, hi);
        self.out.kinds.len() - 1
    }

    fn push_raw(&mut self, kind: Token, lo: usize, hi: usize) {
        self.out.kinds.push(kind);
        let span = self.span(lo, hi);
        self.out.spans.push(span);
    }

    /// The last token, or a line end at the start.
    fn prev(&self) -> Token {
        self.out.kinds.last().copied().unwrap_or(Token::Newline)
    }

    /// The token before the last.
    fn before_prev(&self) -> Token {
        self.out.kinds.len().checked_sub(2).map_or(Token::Newline, |i| self.out.kinds[i])
    }

    /// Whether an operand begins here rather than an infix operator.
    fn is_prefix_place(&self) -> bool {
        !self.prev().ends_operand() || (self.line_ended && self.lines_count())
    }

    /// The byte `ahead` places further; 0 after the end.
    fn peek(&self, ahead: usize) -> u8 {
        self.text.as_bytes().get(self.at + ahead).copied().unwrap_or(0)
    }

    fn at_end(&self) -> bool {
        self.at >= self.text.len()
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn position(&self, offset: usize) -> u32 {
        self.base + offset as u32
    }

    fn span(&self, lo: usize, hi: usize) -> Span {
        Span::new(self.position(lo), self.position(hi))
    }

    fn error(&mut self, diagnostic: Diagnostic) {
        self.out.diagnostics.push(diagnostic);
    }

    /// Reports that the program is nested too deeply, and ends the tokens here.
    fn too_deep(&mut self, at: usize) {
        self.out.too_deep = true;
        let message = format!("more than {MAX_DEPTH} levels of nesting");
        let diagnostic = Diagnostic::new(codes::NESTING_TOO_DEEP, self.span(at, at + 1), message);
        self.error(diagnostic.help("name the inner parts with `let`, or move them into functions"));
    }
}

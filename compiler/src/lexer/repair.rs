//! Where brackets do not pair up: which one is at fault, and what to supply.
//!
//! The lexer notices that some bracket lacks a partner; here all of them are looked at again
//! together with the indentation of their lines, which usually tells where the mistake is. The
//! result is a [`Plan`] by which the file is read a second time.

use super::Lexed;
use rustc_hash::FxHashSet;

use super::brackets::OpenKind;
use super::token::Token;
use crate::diagnostics::{Diagnostic, codes};
use crate::source::{SourceFile, Span};

/// What is wrong with the brackets of a file, and how to go on.
#[derive(Default)]
pub(super) struct Plan {
    /// Offsets of `(` and `[` without a partner, in order.
    lost: Vec<usize>,
    /// Offsets before which a `}` is missing, in order.
    insert: Vec<usize>,
    /// Offsets at which a `{` is missing, in order.
    openers: Vec<usize>,
    /// Offsets of closing brackets to leave out, in order.
    dropped: Vec<usize>,
    /// How many of `insert` were used.
    inserted: usize,
    /// How many of `openers` were used.
    opened: usize,
    /// The errors.
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl Plan {
    /// Whether tokens must be checked against it.
    pub(super) fn is_needed(&self) -> bool {
        !self.lost.is_empty() || self.inserted < self.insert.len() || self.opened < self.openers.len()
    }

    pub(super) fn is_lost(&self, at: usize) -> bool {
        self.lost.binary_search(&at).is_ok()
    }

    pub(super) fn is_dropped(&self, at: usize) -> bool {
        self.dropped.binary_search(&at).is_ok()
    }

    /// Whether a `}` belongs before the token at `lo`; each is given once.
    pub(super) fn take_insertion(&mut self, lo: usize) -> bool {
        let due = self.insert.get(self.inserted).is_some_and(|&at| at <= lo);
        self.inserted += usize::from(due);
        due
    }

    /// The offset of a `{` that belongs before the token at `lo`; each is given once.
    pub(super) fn take_opener(&mut self, lo: usize) -> Option<usize> {
        let due = self.openers.get(self.opened).copied().filter(|&at| at <= lo)?;
        self.opened += 1;
        Some(due)
    }
}

/// The error for a bracket that is never closed.
pub(super) fn unclosed(place: Span, kind: OpenKind) -> Diagnostic {
    let (open, close) = match kind {
        OpenKind::Paren => ('(', ')'),
        OpenKind::Bracket => ('[', ']'),
        OpenKind::Brace | OpenKind::Hole => ('{', '}'),
    };
    let message = format!("this `{open}` is never closed: its `{close}` is missing");
    Diagnostic::new(codes::UNCLOSED_DELIMITER, place, message)
}

/// Adds to the report of a brace where the indentation says that its block ends.
fn with_end_of_block(diagnostic: Diagnostic, file: &SourceFile, end: usize, indent: usize) -> Diagnostic {
    let rest = &file.text()[end..];
    let word = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
    let lo = file.base() + end as u32;
    let place = Span::new(lo, lo + word.max(1) as u32);
    if rest.is_empty() {
        return diagnostic;
    }
    let text = match rest.starts_with("else") {
        true => "} ".to_string(),
        false => {
            let own = file.line_text(file.line(lo));
            let own = own.len() - own.trim_start().len();
            format!("{:1$}}}\n{:own$}", "", indent.saturating_sub(own))
        }
    };
    diagnostic.secondary(place, "the `}` is missing before this").maybe(
        place.start(),
        text,
        "close the block",
    )
}

/// A bracket with what its line tells.
#[derive(Clone, Copy)]
struct Bracket {
    kind: OpenKind,
    opens: bool,
    at: usize,
    /// The line's number.
    line: usize,
    /// The line's indentation.
    indent: usize,
    /// Whether it is the first token of its line.
    first: bool,
}

/// Finds the brackets at fault.
pub(super) fn plan(file: &SourceFile, lexed: &Lexed, strays: &[(OpenKind, usize)]) -> Plan {
    let lines = Lines::new(file.text());
    let brackets = brackets(file, lexed, strays, &lines);
    let careful = match_up(&brackets, true);
    let simple = match_up(&brackets, false);
    // Indentation may mislead in a file that is not laid out by it.
    let faults = if careful.count() <= simple.count() + 1 { careful } else { simple };
    faults.into_plan(file, &brackets, &lines, lexed)
}

/// The brackets outside strings.
fn brackets(file: &SourceFile, lexed: &Lexed, strays: &[(OpenKind, usize)], lines: &Lines) -> Vec<Bracket> {
    let bracket = |kind, opens, at| {
        let line = lines.line(at);
        let indent = lines.indents[line];
        Bracket { kind, opens, at, line, indent, first: lines.starts[line] + indent == at }
    };
    let mut list: Vec<_> = strays.iter().map(|&(kind, at)| bracket(kind, false, at)).collect();
    let mut strings = 0;
    for (&token, span) in lexed.kinds.iter().zip(&lexed.spans) {
        match token {
            Token::StrOpen => strings += 1,
            Token::StrClose => strings -= 1,
            _ => {}
        }
        if let Some(kind) = OpenKind::of(token).filter(|_| strings == 0 && !span.is_empty()) {
            list.push(bracket(kind, token.closer().is_some(), (span.lo - file.base()) as usize));
        }
    }
    list.sort_by_key(|bracket| bracket.at);
    list
}

/// The brackets without partners.
#[derive(Default)]
struct Faults {
    unclosed: Vec<Bracket>,
    stray: Vec<Bracket>,
}

impl Faults {
    fn count(&self) -> usize {
        self.unclosed.len() + self.stray.len()
    }

    fn into_plan(mut self, file: &SourceFile, brackets: &[Bracket], lines: &Lines, lexed: &Lexed) -> Plan {
        let mut plan = Plan::default();
        self.unclosed.sort_by_key(|bracket| bracket.at);
        let line = |d: &Diagnostic| lines.line((d.primary.span.lo - file.base()) as usize);
        let broken: FxHashSet<usize> = lexed.diagnostics.iter().map(line).collect();
        // A string or comment without its end may have swallowed the partner.
        let is_known = |bracket: &Bracket| lexed.cut_off.is_some() || broken.contains(&bracket.line);
        for bracket in &self.unclosed {
            let lo = file.base() + bracket.at as u32;
            let place = Span::new(lo, lo + 1);
            let mut diagnostic = unclosed(place, bracket.kind);
            if bracket.kind == OpenKind::Brace {
                let end = lines.end_of_block(bracket);
                diagnostic = with_end_of_block(diagnostic, file, end, bracket.indent);
                plan.insert.push(end);
            } else {
                plan.lost.push(bracket.at);
            }
            if !is_known(bracket) {
                plan.diagnostics.push(diagnostic);
            }
        }
        for bracket in &self.stray {
            let lo = file.base() + bracket.at as u32;
            let place = Span::new(lo, lo + 1);
            let diagnostic = match lines.head_of_block(bracket, brackets, file.text()) {
                Some(line) => {
                    let end = lines.end_of_code(line, file, lexed);
                    plan.openers.push(end);
                    unopened(file.base() + end as u32, place)
                }
                None => {
                    plan.dropped.push(bracket.at);
                    stray(place, bracket.kind)
                }
            };
            if !is_known(bracket) {
                plan.diagnostics.push(diagnostic);
            }
        }
        plan.insert.sort_unstable();
        plan.openers.sort_unstable();
        plan.dropped.sort_unstable();
        plan
    }
}

fn stray(place: Span, kind: OpenKind) -> Diagnostic {
    let (open, close) = match kind {
        OpenKind::Paren => ('(', ')'),
        OpenKind::Bracket => ('[', ']'),
        OpenKind::Brace | OpenKind::Hole => ('{', '}'),
    };
    let message = format!("this `{close}` closes nothing: its `{open}` is missing");
    Diagnostic::new(codes::UNCLOSED_DELIMITER, place, message)
}

/// The error for a block whose `{` belongs at `at`.
fn unopened(at: u32, close: Span) -> Diagnostic {
    let place = Span::new(at, at);
    Diagnostic::new(codes::UNCLOSED_DELIMITER, place, "the `{` of this block is missing")
        .label("it belongs here")
        .secondary(close, "this closes the block")
        .suggest(place, " {", "open the block")
}

/// Pairs the brackets up; `careful` looks at indentation.
fn match_up(brackets: &[Bracket], careful: bool) -> Faults {
    let mut faults = Faults::default();
    let mut open: Vec<Bracket> = Vec::new();
    for &bracket in brackets {
        if bracket.opens {
            if careful {
                leave_lost(&mut open, &mut faults, bracket);
            }
            open.push(bracket);
            continue;
        }
        match partner(&open, bracket, careful) {
            Some(index) => {
                faults.unclosed.extend(open.drain(index + 1..));
                open.pop();
            }
            None => faults.stray.push(bracket),
        }
    }
    faults.unclosed.extend(open);
    faults
}

/// Gives up `(` and `[` when a brace opens on a later line that is indented no more than theirs:
/// a new declaration or statement has begun.
fn leave_lost(open: &mut Vec<Bracket>, faults: &mut Faults, next: Bracket) {
    while let Some(&top) = open.last() {
        let left = top.kind != OpenKind::Brace && next.line > top.line && next.indent <= top.indent;
        if !left || !next.first && next.kind != OpenKind::Brace {
            return;
        }
        faults.unclosed.push(top);
        open.pop();
    }
}

/// Which of the open brackets a closing one belongs to.
fn partner(open: &[Bracket], close: Bracket, careful: bool) -> Option<usize> {
    let same_kind = |index: &usize| open[*index].kind == close.kind;
    if close.kind != OpenKind::Brace {
        // Not across a brace, unless both stand on one line or at one indentation.
        let index = (0..open.len()).rev().find(same_kind)?;
        let crosses = open[index + 1..].iter().any(|bracket| bracket.kind == OpenKind::Brace);
        let near = open[index].line == close.line || (close.first && open[index].indent == close.indent);
        return (!crosses || near).then_some(index);
    }
    let innermost = (0..open.len()).rev().find(same_kind)?;
    if !careful || open[innermost].line == close.line {
        return Some(innermost);
    }
    if !close.first {
        // Within a line that begins behind the `{`, it closes what lacks its own.
        return (open[innermost].indent >= close.indent).then_some(innermost);
    }
    if open[innermost].indent == close.indent {
        return Some(innermost);
    }
    if open[innermost].indent < close.indent {
        return None;
    }
    (0..open.len()).rev().filter(same_kind).find(|&index| open[index].indent <= close.indent)
}

/// Where the lines of a text begin and how they are indented.
struct Lines {
    starts: Vec<usize>,
    /// Indentation in bytes; that of a blank line is its length.
    indents: Vec<usize>,
    /// Whether a line has nothing but spaces or a comment.
    blank: Vec<bool>,
    length: usize,
}

impl Lines {
    fn new(text: &str) -> Lines {
        let mut lines =
            Lines { starts: Vec::new(), indents: Vec::new(), blank: Vec::new(), length: text.len() };
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            let trimmed = line.trim_start_matches([' ', '\t']);
            lines.starts.push(at);
            lines.indents.push(line.len() - trimmed.len());
            lines.blank.push(trimmed.trim_end().is_empty() || trimmed.starts_with("//"));
            at += line.len();
        }
        if lines.starts.is_empty() {
            (lines.starts, lines.indents, lines.blank) = (vec![0], vec![0], vec![true]);
        }
        lines
    }

    fn line(&self, at: usize) -> usize {
        self.starts.partition_point(|&start| start <= at).saturating_sub(1)
    }

    /// Where the block that a brace opens ends by its indentation: at the next line that is
    /// indented no more than the brace's own.
    fn end_of_block(&self, brace: &Bracket) -> usize {
        let after = brace.line + 1..self.starts.len();
        after
            .into_iter()
            .find(|&line| !self.blank[line] && self.indents[line] <= brace.indent)
            .map_or(self.length, |line| self.starts[line] + self.indents[line])
    }

    /// The line at whose end the `{` is missing that a stray `}` closes: what begins a block stands at the indentation
    /// of the `}`, and all between is indented deeper.
    fn head_of_block(&self, close: &Bracket, brackets: &[Bracket], text: &str) -> Option<usize> {
        if close.kind != OpenKind::Brace || !close.first {
            return None;
        }
        let code = |line: &usize| !self.blank[*line];
        let head = (0..close.line).rev().filter(code).find(|&line| self.indents[line] <= close.indent)?;
        let body = (head + 1..close.line).any(|line| code(&line));
        if self.indents[head] != close.indent || !body || !begins_block(self.line_text(head, text)) {
            return None;
        }
        // Its parameters may go over several lines.
        let mut depth = 0;
        let first = brackets.partition_point(|bracket| bracket.line < head);
        for bracket in brackets[first..].iter().take_while(|bracket| bracket.line < close.line) {
            if depth == 0 && bracket.line > head {
                break;
            }
            match bracket.opens {
                true => depth += 1,
                false if depth == 0 => continue,
                false => depth -= 1,
            }
            if depth == 0 && bracket.line > head {
                return Some(bracket.line);
            }
        }
        Some(head)
    }

    fn line_text<'t>(&self, line: usize, text: &'t str) -> &'t str {
        let end = self.starts.get(line + 1).copied().unwrap_or(self.length);
        &text[self.starts[line]..end]
    }

    /// Where the last token of a line ends.
    fn end_of_code(&self, line: usize, file: &SourceFile, lexed: &Lexed) -> usize {
        let next = self.starts.get(line + 1).copied().unwrap_or(self.length);
        let count = lexed.spans.partition_point(|span| ((span.lo - file.base()) as usize) < next);
        let last = count.checked_sub(1).map_or(0, |last| (lexed.spans[last].hi - file.base()) as usize);
        last.clamp(self.starts[line], next)
    }
}

/// Whether a line is one that a block follows.
fn begins_block(line: &str) -> bool {
    const WORDS: [&str; 13] = [
        "if", "else", "for", "while", "loop", "match", "fn", "struct", "enum", "trait", "impl", "extern",
        "test",
    ];
    let line = line.split("//").next().unwrap_or("").trim();
    let mut words = line.split(|c: char| !c.is_alphanumeric() && c != '_');
    // The parameters of a function may end on a line of their own.
    let ends = line.ends_with("=>") || line.ends_with('|') || line.starts_with(')');
    !line.ends_with('}') && (ends || words.any(|word| WORDS.contains(&word)))
}

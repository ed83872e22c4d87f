//! Failures to diagnostics.

use rustc_hash::FxHashSet;

use super::context::Context;
use super::failure::{Expected, Failure, Problem};
use super::habits;
use super::item::begins_item;
use super::misnamed::Uses;
use crate::diagnostics::{Diagnostic, codes};
use crate::lexer::Token;
use crate::source::Span;

/// All diagnostics of a file, sorted. What follows from another is left out: a second one on a line,
/// the same one on the next line, and all after the begin of a string that does not end.
pub(super) fn diagnostics(cx: Context<'_>, failures: Vec<Failure>) -> Vec<Diagnostic> {
    let mut list = cx.lexed.diagnostics.clone();
    let shaken = Shaken::by(cx);
    let uses = Uses::of_misnamed(cx, &failures);
    let failures = failures.iter().map(|failure| diagnostic(cx, failure, &uses));
    list.extend(failures.filter(|failure| !shaken.explains(failure)));
    let end = cx.lexed.cut_off.unwrap_or(u32::MAX);
    let mut lines = FxHashSet::default();
    let line = |diagnostic: &Diagnostic| cx.file.line(diagnostic.primary.span.lo);
    list.retain(|diagnostic| diagnostic.primary.span.lo <= end && lines.insert(line(diagnostic)));
    list.sort_by_key(|diagnostic| diagnostic.primary.span);
    let mut last: Option<(u32, String)> = None;
    list.retain(|diagnostic| {
        let this = (line(diagnostic), diagnostic.message.clone());
        let repeats = last.as_ref().is_some_and(|last| last.0 + 1 == this.0 && last.1 == this.1);
        last = Some(this);
        !(repeats && diagnostic.code == codes::UNEXPECTED_TOKEN)
    });
    list
}

/// The declarations in which a bracket is missing: unexpected tokens there follow from it, and so
/// does that the file ends too early.
struct Shaken(Vec<Span>);

impl Shaken {
    fn by(cx: Context<'_>) -> Shaken {
        let brackets = cx.lexed.diagnostics.iter().filter(|d| d.code == codes::UNCLOSED_DELIMITER);
        let mut places: Vec<u32> = brackets.map(|bracket| bracket.primary.span.lo).collect();
        places.sort_unstable();
        let mut shaken: Vec<Span> = Vec::new();
        for at in places {
            if shaken.last().is_none_or(|last| at > last.hi) {
                shaken.push(rest_of_declaration(cx, at));
            }
        }
        if !shaken.is_empty() {
            shaken.push(cx.file.span().end());
        }
        Shaken(shaken)
    }

    fn explains(&self, failure: &Diagnostic) -> bool {
        let at = failure.primary.span.lo;
        let before = self.0.partition_point(|place| place.lo <= at).checked_sub(1);
        failure.code == codes::UNEXPECTED_TOKEN && before.is_some_and(|index| at <= self.0[index].hi)
    }
}

/// From a position to the next line that begins at the margin, but for one that closes something.
fn rest_of_declaration(cx: Context<'_>, at: u32) -> Span {
    let lines = cx.file.line(at) + 1..=cx.file.line_count();
    let begins = |line: &u32| {
        let first = cx.file.line_text(*line).bytes().next();
        first.is_some_and(|byte| !byte.is_ascii_whitespace() && !b")]}".contains(&byte))
    };
    let end = lines.into_iter().find(begins).map_or(cx.file.span().hi, |line| cx.file.line_start(line) - 1);
    Span::new(at, end)
}

fn diagnostic(cx: Context<'_>, failure: &Failure, uses: &Uses) -> Diagnostic {
    match &failure.problem {
        Some((span, problem)) => of_problem(cx, *span, problem, uses),
        None => unexpected(cx, failure),
    }
}

/// A token that cannot stand where it does.
fn unexpected(cx: Context<'_>, failure: &Failure) -> Diagnostic {
    let at = failure.tokens.start;
    let found = cx.lexed.kinds.get(at).copied();
    let place = match found {
        Some(_) => cx.lexed.spans[at],
        None => cx.range(at, at),
    };
    let expected = expected(failure);
    let message = match (found, expected) {
        (Some(Token::Newline), Some(expected)) => format!("expected {expected}, but the line ends"),
        (None, Some(expected)) => format!("expected {expected}, but the file ends"),
        (Some(token), Some(expected)) => {
            format!("expected {expected}, found {}", found_text(cx, token, place))
        }
        (Some(token), None) => format!("unexpected {}", found_text(cx, token, place)),
        (None, None) => "unexpected end of the file".to_owned(),
    };
    let diagnostic = Diagnostic::new(codes::UNEXPECTED_TOKEN, place, message);
    let before = at.checked_sub(1).and_then(|i| Some((*cx.lexed.kinds.get(i)?, *cx.lexed.spans.get(i)?)));
    if let Some((Token::RBrace, brace)) = before
        && failure.expects(Token::Newline)
        && found.is_some_and(begins_statement)
        && cx.file.line(brace.lo) == cx.file.line(place.lo)
    {
        let what = if found.is_some_and(begins_item) { "declarations" } else { "statements" };
        let message = format!("two {what} on one line need a `;` between them");
        let diagnostic = Diagnostic::new(codes::UNEXPECTED_TOKEN, place, message);
        return diagnostic.suggest(brace.end(), ";", "end the first one");
    }
    if let Some(habit) = habits::habit(cx, failure, at, place) {
        return habit;
    }
    match hint(cx, failure, at, found) {
        Some(help) => diagnostic.help(help),
        None => diagnostic,
    }
}

/// Whether a token after a block is the first of another statement, and no part of an expression gone wrong.
fn begins_statement(token: Token) -> bool {
    let words = [Token::Let, Token::Var, Token::If, Token::For, Token::While, Token::Match, Token::Return];
    matches!(token, Token::Ident(_) | Token::TypeName(_)) || words.contains(&token) || begins_item(token)
}

/// How a message names the token that was found.
fn found_text(cx: Context<'_>, token: Token, place: Span) -> String {
    match token {
        Token::Ident(name) | Token::TypeName(name) | Token::Label(name) => {
            format!("`{}`", cx.names.text(name))
        }
        Token::Int(_) | Token::Float(_) => format!("`{}`", cx.file.slice(place)),
        _ => Token::describe(token.tag()).to_owned(),
    }
}

/// What could have stood there, at most three things.
fn expected(failure: &Failure) -> Option<String> {
    let mut names: Vec<&str> = Expected::ALL
        .iter()
        .filter(|(label, _)| failure.expects_rule(*label))
        .map(|&(_, name)| name)
        .collect();
    if failure.expects_rule(Expected::Statement) {
        names.retain(|&name| name == "a statement");
    }
    let ends = failure.expects(Token::Newline) || failure.expects_rule(Expected::EndOfFile);
    names.retain(|&name| name != "an operator" && name != "the end of the file");
    if ends && names.is_empty() {
        names.push("the end of the statement");
    }
    // Of the tokens, operators go without saying.
    let others = PLAIN.iter().filter(|&&token| failure.expects(token) && !(ends && token == Token::RBrace));
    names.extend(others.map(|token| Token::describe(token.tag())));
    if names.is_empty() && failure.expects_rule(Expected::Operator) {
        names.push("an operator");
    }
    names.truncate(3);
    let last = names.pop()?;
    Some(if names.is_empty() { last.to_owned() } else { format!("{} or {last}", names.join(", ")) })
}

/// Tokens that are worth naming when they were expected, the most telling first.
const PLAIN: &[Token] = &[
    Token::RParen,
    Token::RBracket,
    Token::RBar,
    Token::RAngle,
    Token::HoleClose,
    Token::FatArrow,
    Token::Eq,
    Token::In,
    Token::LBrace,
    Token::LParen,
    Token::RBrace,
    Token::Comma,
    Token::Colon,
    Token::Fn,
    Token::If,
];

/// What to write instead, where the tokens around the place show what was meant.
fn hint(cx: Context<'_>, failure: &Failure, at: usize, found: Option<Token>) -> Option<String> {
    let before = at.checked_sub(1).and_then(|i| cx.lexed.kinds.get(i)).copied();
    if before == Some(Token::Defer) {
        return Some("what is put off stands behind it on its line: `defer print(\"done\")`".to_owned());
    }
    let text = match (before, found?) {
        (Some(Token::Ident(_)), Token::Str(_) | Token::StrOpen | Token::Int(_)) => {
            "the arguments of a call stand in parentheses"
        }
        (Some(Token::Let), Token::Eq) => "`let name = value` declares a name",
        (Some(Token::Else), _) if failure.expects(Token::If) => "after `else` comes a block or `if`",
        (_, Token::Eq) if failure.expects_rule(Expected::Operator) && !failure.expects(Token::Newline) => {
            "`==` compares"
        }
        _ => return None,
    };
    Some(text.to_owned())
}

fn of_problem(cx: Context<'_>, span: Span, problem: &Problem, uses: &Uses) -> Diagnostic {
    let error = |code, message: &str| Diagnostic::new(code, span, message);
    match problem {
        Problem::NeedsSmall(name) => {
            uses.wrong_case(cx, span, *name, snake_case(cx.names.text(*name)), "begins with a small letter")
        }
        Problem::NeedsCapital(name) => {
            uses.wrong_case(cx, span, *name, camel_case(cx.names.text(*name)), "begins with a capital")
        }
        Problem::NeedsAllCaps(name) => {
            uses.wrong_case(cx, span, *name, snake_case(cx.names.text(*name)).to_uppercase(), "is ALL_CAPS")
        }
        Problem::ChainedComparison => {
            if let Some(arguments) = habits::type_arguments(cx, span) {
                let message = "a call has no type arguments: they are inferred";
                return Diagnostic::new(codes::CHAINED_COMPARISON, arguments, message).suggest(
                    arguments,
                    "",
                    "leave them out",
                );
            }
            let diagnostic = error(codes::CHAINED_COMPARISON, "comparisons do not chain");
            match habits::middle(cx, span) {
                Some((middle, space)) => diagnostic.suggest(
                    span.start(),
                    format!("{space}and {middle} "),
                    "join two comparisons with `and`",
                ),
                None => diagnostic.help("join two comparisons with `and`: `a < b and b < c`"),
            }
        }
        Problem::AssignmentAsValue => error(codes::ASSIGNMENT_AS_VALUE, "an assignment is no value").suggest(
            span,
            "==",
            "compare with `==`",
        ),
        Problem::NamedWithEquals => error(codes::ASSIGNMENT_AS_VALUE, "an assignment is no value").maybe(
            span,
            ":",
            "an argument is named with a colon; a comparison is written `==`",
        ),
        Problem::PositionalAfterNamed => {
            error(codes::POSITIONAL_AFTER_NAMED, "a positional argument after a named one")
                .help("name this one too, or move it before the named ones")
        }
        Problem::BadPlace => error(codes::BAD_PLACE, "this cannot be assigned to")
            .help("variables, fields, elements, and tuples of them can be assigned"),
        Problem::NotInBlock(what) => {
            error(codes::UNEXPECTED_TOKEN, &format!("`{what}` cannot stand within a block"))
                .help("move it to the top level of the file; functions and constants may be nested")
        }
        Problem::UselessPub => error(codes::UNEXPECTED_TOKEN, "`pub` has no meaning here")
            .help("functions, types, traits, constants and globals can be `pub`"),
        Problem::MissingBody => error(codes::UNEXPECTED_TOKEN, "expected `{`: this function has no body")
            .help("only functions in a `trait` or `extern` block have none"),
    }
}

/// `maxWidth` and `MAX_WIDTH` as `max_width`.
fn snake_case(text: &str) -> String {
    if !text.chars().any(char::is_lowercase) {
        return text.to_lowercase();
    }
    let mut result = String::with_capacity(text.len() + 4);
    for c in text.chars() {
        if c.is_uppercase() && !result.is_empty() && !result.ends_with('_') {
            result.push('_');
        }
        result.extend(c.to_lowercase());
    }
    result
}

/// `max_width` as `MaxWidth`.
fn camel_case(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    for word in text.split('_') {
        let mut chars = word.chars();
        result.extend(chars.next().into_iter().flat_map(char::to_uppercase));
        result.push_str(chars.as_str());
    }
    result
}

//! Habits from other languages that are a matter of the order of tokens: what cannot stand somewhere tells, with
//! what stands around it, what was meant.

mod between;

use super::context::Context;
use super::failure::{Expected, Failure};
use crate::ast::known;
use crate::diagnostics::{Applicability, Diagnostic, codes};
use crate::lexer::Token;
use crate::source::Span;

use Applicability::{HasPlaceholders, MachineApplicable, MaybeIncorrect};

/// Tokens that are looked at for the partner of a bracket.
const REACH: usize = 200;

/// The place of a failure and the tokens around it.
#[derive(Clone, Copy)]
struct Around<'s, 'f> {
    cx: Context<'s>,
    failure: &'f Failure,
    at: usize,
    place: Span,
}

/// What another language writes so, if the tokens show that.
pub(super) fn habit(cx: Context<'_>, failure: &Failure, at: usize, place: Span) -> Option<Diagnostic> {
    let around = Around { cx, failure, at, place };
    let before = around.token(-1);
    if let Some(diagnostic) = around.keyword_as_name() {
        return Some(diagnostic);
    }
    match around.token(0)? {
        Token::As => Some(around.cast()),
        Token::FatArrow => around.fat_arrow(),
        Token::Arrow => around.arrow(),
        Token::Colon => around.colon(),
        Token::Comma => around.comma(),
        Token::RParen => around.untyped_parameter(),
        Token::Let if failure.expects_rule(Expected::Parameter) => {
            let edit = (place.to(around.span(1).start()), String::new());
            Some(around.fix("a field has no `let`", [edit], "leave it out", MachineApplicable))
        }
        Token::Eq => around.equals(),
        Token::In => Some(around.within()),
        Token::Else | Token::Fn | Token::If | Token::For | Token::LBrace | Token::LBracket => around.word(),
        Token::Newline => around.line_end(),
        Token::Dot if matches!(around.token(1), Some(Token::Int(_))) => {
            let edit = (place.start(), "0".to_owned());
            Some(around.fix(
                "a number begins with a digit",
                [edit],
                "write a zero before the point",
                MachineApplicable,
            ))
        }
        Token::Int(_) if before == Some(Token::QuestionDot) => Some(
            around.say("`?.` is one token and takes a name", "to hand an error on first, write `(x?).0`"),
        ),
        Token::Int(_) | Token::Str(_) | Token::Ident(_) if before == Some(Token::Question) => {
            Some(around.say("there is no `? :`", "a choice is written `if condition { a } else { b }`"))
        }
        Token::Question => match around.token(1) {
            Some(Token::Ident(_) | Token::TypeName(_)) if failure.expects_rule(Expected::Type) => {
                let edits = [(place, String::new()), (around.span(1).end(), "?".to_owned())];
                Some(around.fix(
                    "the `?` of an option stands behind its type",
                    edits,
                    "move it",
                    MachineApplicable,
                ))
            }
            _ => None,
        },
        Token::Slash if around.in_import() => Some(around.fix(
            "the names of a module are joined by dots",
            [(place, ".".to_owned())],
            "write `.`",
            MachineApplicable,
        )),
        Token::Star if around.in_import() => {
            let edit = (around.span(-1).to(place), String::new());
            let help = "its names are used as `math.sqrt`, or imported by `import math.{sqrt}`";
            Some(around.fix("a module is imported by its name", [edit], help, MachineApplicable))
        }
        Token::Int(_) | Token::Float(_) | Token::Char(_) => {
            around.c_cast().or_else(|| around.missing_comma())
        }
        Token::Str(_) | Token::StrOpen | Token::Ident(_) | Token::TypeName(_) => around.name_or_text(),
        _ => None,
    }
}

/// The text between two comparisons of which the second has a place, if it is a single token; and what else must stand around it there.
pub(super) fn middle(cx: Context<'_>, second: Span) -> Option<(&str, &str)> {
    use Token::{EqEq, Ge, Gt, Ident, Int, Le, Lt, NotEq};
    let at = cx.lexed.spans.partition_point(|span| span.lo < second.lo);
    let (first, middle) = (at.checked_sub(2)?, at - 1);
    let lone = matches!(cx.lexed.kinds[middle], Ident(_) | Int(_));
    let compared = matches!(cx.lexed.kinds[first], EqEq | NotEq | Lt | Le | Gt | Ge);
    let space = if cx.lexed.spans[middle].hi == second.lo { " " } else { "" };
    (lone && compared).then(|| (cx.file.slice(cx.lexed.spans[middle]), space))
}

/// The type arguments of a call, `<int>` of `id<int>(5)`, if the second of two comparisons closes them.
pub(super) fn type_arguments(cx: Context<'_>, second: Span) -> Option<Span> {
    use Token::{Comma, Gt, Ident, LBracket, LParen, Lt, Question, RBracket, Shr, TypeName};
    let close = cx.lexed.spans.partition_point(|span| span.lo < second.lo);
    let token = |at: usize| cx.lexed.kinds.get(at).copied();
    if token(close) != Some(Gt) || token(close + 1) != Some(LParen) {
        return None;
    }
    let part = |at: &usize| {
        matches!(token(*at), Some(Comma | Ident(_) | TypeName(_) | LBracket | RBracket | Question | Shr))
    };
    let open = (close.saturating_sub(REACH)..close).rev().find(|at| !part(at))?;
    let called = matches!(token(open.checked_sub(1)?), Some(Ident(_)));
    let close_by = cx.lexed.spans[open - 1].hi == cx.lexed.spans[open].lo;
    (token(open) == Some(Lt) && called && close_by).then(|| cx.lexed.spans[open].to(second))
}

impl<'s> Around<'s, '_> {
    /// A token by its distance.
    fn token(self, by: isize) -> Option<Token> {
        self.cx.lexed.kinds.get(self.at.checked_add_signed(by)?).copied()
    }

    fn span(self, by: isize) -> Span {
        let index = self.at.checked_add_signed(by).unwrap_or(0);
        self.cx.lexed.spans.get(index).copied().unwrap_or(self.place)
    }

    fn text(self, by: isize) -> &'s str {
        self.cx.file.slice(self.span(by))
    }

    fn say(self, headline: &str, help: &str) -> Diagnostic {
        Diagnostic::new(codes::UNEXPECTED_TOKEN, self.place, headline).help(help)
    }

    fn fix(
        self,
        headline: &str,
        edits: impl IntoIterator<Item = (Span, String)>,
        help: &str,
        applicability: Applicability,
    ) -> Diagnostic {
        Diagnostic::new(codes::UNEXPECTED_TOKEN, self.place, headline).suggestion(edits, help, applicability)
    }

    /// Whether the statement that the place is in begins with a token so far before it.
    fn begins_statement(self, by: isize) -> bool {
        matches!(self.token(by - 1), None | Some(Token::Newline | Token::LBrace | Token::Pub))
    }

    fn is_type(self, by: isize) -> bool {
        match self.token(by) {
            Some(Token::Ident(name)) => known::is_builtin_type(name),
            Some(Token::TypeName(_)) => true,
            _ => false,
        }
    }

    /// Whether a value of one token stands so far away.
    fn is_lone(self, by: isize) -> bool {
        let outside = !matches!(self.token(by - 1), Some(Token::Dot | Token::QuestionDot));
        outside && matches!(self.token(by), Some(Token::Ident(_) | Token::Int(_) | Token::Float(_)))
    }

    fn in_import(self) -> bool {
        (1..8).any(|by| self.token(-by) == Some(Token::Import) && self.begins_statement(-by))
    }

    /// The distance of the bracket that opens what one closes so far before, with nothing but names and commas between.
    fn opener_of_names(self, close: isize) -> Option<isize> {
        let mut by = close - 1;
        while matches!(self.token(by), Some(Token::Ident(_) | Token::Comma)) {
            by -= 1;
        }
        (self.token(by) == Some(Token::LParen)).then_some(by)
    }

    /// The distance of the bracket that closes the one at the place.
    fn closer(self, by: isize) -> Option<isize> {
        let (open, close) = (self.token(by)?, self.token(by)?.closer()?);
        let mut depth = 0;
        (by..by + REACH as isize).find(|&by| {
            match self.token(by) {
                Some(token) if token == open => depth += 1,
                Some(token) if token == close => depth -= 1,
                _ => {}
            }
            depth == 0
        })
    }

    /// `x as float`
    fn cast(self) -> Diagnostic {
        let headline = "there is no `as` for values";
        if self.is_lone(-1) && self.is_type(1) {
            let conversion = format!("{}(", self.text(1));
            let edits = [
                (self.span(-1).start(), conversion),
                (Span::new(self.span(-1).hi, self.span(1).hi), ")".to_owned()),
            ];
            return self.fix(headline, edits, "a type's name converts a value", MachineApplicable);
        }
        self.say(headline, "a value is converted by its type's name: `int(x)`, `float(x)`, `u8(x)`")
    }

    /// `(int) 3.5`
    fn c_cast(self) -> Option<Diagnostic> {
        if !(self.token(-1) == Some(Token::RParen)
            && self.is_type(-2)
            && self.token(-3) == Some(Token::LParen))
        {
            return None;
        }
        let edits = [
            (self.span(-3).to(self.place.start()), format!("{}(", self.text(-2))),
            (self.place.end(), ")".to_owned()),
        ];
        Some(self.fix("a type's name converts a value", edits, "call it", MachineApplicable))
    }

    /// `x => x + 1`, `["a" => 1]`
    fn fat_arrow(self) -> Option<Diagnostic> {
        if self.failure.expects(Token::RBracket) {
            let edit = (Span::new(self.span(-1).hi, self.place.hi), ":".to_owned());
            return Some(self.fix("a key stands before a colon", [edit], "write `:`", MachineApplicable));
        }
        if !self.failure.expects(Token::Newline) && !self.failure.expects(Token::RParen) {
            if self.failure.expects(Token::LBrace) {
                return Some(
                    self.say(
                        "the body of a function stands in braces",
                        "`fn twice(n: int) -> int { n * 2 }`",
                    ),
                );
            }
            return None;
        }
        let headline = "`=>` makes no closure";
        let cut = Span::new(self.span(-1).hi, self.span(1).lo);
        let edits = match self.token(-1) {
            Some(Token::Ident(_)) if self.token(-2) != Some(Token::Dot) => {
                vec![(self.span(-1).start(), "|".to_owned()), (cut, "| ".to_owned())]
            }
            Some(Token::RParen) => match self.opener_of_names(-1) {
                Some(open) => vec![
                    (self.span(open), "|".to_owned()),
                    (Span::new(self.span(-1).lo, self.span(1).lo), "| ".to_owned()),
                ],
                None => Vec::new(),
            },
            _ => Vec::new(),
        };
        Some(match edits.is_empty() {
            true => self.say(headline, "a closure is written `|a, b| a + b`"),
            false => self.fix(headline, edits, "its parameters stand between bars", MachineApplicable),
        })
    }

    /// `xs->len()`, `1 -> print(1)`
    fn arrow(self) -> Option<Diagnostic> {
        if self.failure.expects(Token::FatArrow) {
            let edit = (self.place, "=>".to_owned());
            return Some(self.fix(
                "an arm of a `match` is written with `=>`",
                [edit],
                "write `=>`",
                MachineApplicable,
            ));
        }
        let member =
            matches!(self.token(1), Some(Token::Ident(_))) && self.token(-1).is_some_and(Token::ends_operand);
        member.then(|| {
            self.fix(
                "a member stands behind a dot",
                [(self.place, ".".to_owned())],
                "write `.`",
                MachineApplicable,
            )
        })
    }

    fn colon(self) -> Option<Diagnostic> {
        let before = self.token(-1);
        if self.failure.expects(Token::FatArrow) {
            let edit = (self.place, " =>".to_owned());
            return Some(self.fix(
                "an arm of a `match` has no colon",
                [edit],
                "write `=>`",
                MachineApplicable,
            ));
        }
        if before == Some(Token::RParen) && self.failure.expects(Token::Arrow) && self.is_type(1) {
            let edit = (self.place, " ->".to_owned());
            return Some(self.fix(
                "a function's result stands after an arrow",
                [edit],
                "write `->`",
                MachineApplicable,
            ));
        }
        if self.failure.expects(Token::LBrace) {
            return Some(
                self.say("a block does not begin with a colon", "what follows stands in braces: `{ … }`"),
            );
        }
        match before? {
            Token::SelfValue if self.is_type(1) => {
                let edit = (Span::new(self.place.lo, self.span(1).hi), String::new());
                Some(self.fix("`self` has no type: it is known", [edit], "leave it out", MachineApplicable))
            }
            Token::Str(_) if self.token(-2) == Some(Token::LBrace) => {
                Some(self.say("braces hold statements", "a map stands in brackets: `[\"a\": 1]`"))
            }
            Token::Ident(_) if self.token(-2) == Some(Token::LBrace) => Some(self.say(
                "braces hold statements",
                "a map is written `[\"x\": 1]`, a struct's value `Point(x: 1)`",
            )),
            Token::Ident(_)
                if self.is_type(1) && self.begins_statement(-1) && self.token(2) == Some(Token::Eq) =>
            {
                let edit = (self.span(-1).start(), "let ".to_owned());
                let help = "write `let`, or `var` if it changes";
                Some(self.fix("a variable is declared with `let`", [edit], help, MachineApplicable))
            }
            _ if self.failure.expects(Token::RBracket) => {
                let edit = (self.place, "..".to_owned());
                Some(self.fix("a part is taken by a range", [edit], "write `..`", MachineApplicable))
            }
            _ => None,
        }
    }

    fn comma(self) -> Option<Diagnostic> {
        let declared = matches!(self.token(-2), Some(Token::Let | Token::Var));
        if declared && self.failure.expects(Token::Eq) {
            return Some(self.say("several names are bound as a tuple", "`let (a, b) = (1, 2)`"));
        }
        if let Some(diagnostic) = self.names_of_for() {
            return Some(diagnostic);
        }
        if matches!(self.token(-1), Some(Token::Ident(_))) && self.begins_statement(-1) {
            return Some(self.say("several variables are assigned as a tuple", "`(a, b) = (b, a)`"));
        }
        self.untyped_parameter()
    }

    /// `fn f(x)`
    fn untyped_parameter(self) -> Option<Diagnostic> {
        let is_name = matches!(self.token(-1), Some(Token::Ident(_)));
        (is_name && self.failure.expects(Token::Colon) && !self.failure.expects(Token::Newline)).then(|| {
            let edit = (self.span(-1).end(), ": …".to_owned());
            self.fix("a parameter's type is written out", [edit], "write it behind a colon", HasPlaceholders)
        })
    }

    fn equals(self) -> Option<Diagnostic> {
        match self.token(-1)? {
            Token::Coalesce => Some(self.say("there is no `??=`", "write `x = x ?? 3`")),
            _ if self.failure.expects(Token::RBracket)
                && matches!(self.token(-2), Some(Token::LBracket | Token::Comma)) =>
            {
                let edit = (Span::new(self.span(-1).hi, self.place.hi), ":".to_owned());
                Some(self.fix("a key stands before a colon", [edit], "write `:`", MachineApplicable))
            }
            _ if self.failure.expects(Token::LBrace) && !self.failure.expects_rule(Expected::Operator) => {
                Some(
                    self.say(
                        "the body of a function stands in braces",
                        "`fn twice(n: int) -> int { n * 2 }`",
                    ),
                )
            }
            _ => self
                .variant_number()
                .or_else(|| self.chained_assignment())
                .or_else(|| self.untyped_parameter()),
        }
    }

    /// `1 in xs`
    fn within(self) -> Diagnostic {
        if self.token(-3) == Some(Token::For) && self.token(-2) == Some(Token::LParen) {
            return self.parenthesized_head(-2, self.closer(-2));
        }
        let headline = "`in` belongs to `for`";
        let ends = matches!(
            self.token(2),
            Some(Token::LBrace | Token::Newline | Token::And | Token::Or | Token::RParen)
        );
        if self.is_lone(-1) && matches!(self.token(1), Some(Token::Ident(_))) && ends {
            let call = format!("{}.contains({})", self.text(1), self.text(-1));
            let edit = (self.span(-1).to(self.span(1)), call);
            return self.fix(headline, [edit], "ask an array, or a map with `contains_key`", MaybeIncorrect);
        }
        self.say(
            headline,
            "`xs.contains(x)` asks whether an array has a value, `m.contains_key(k)` whether a map has a key",
        )
    }

    /// `for (x in xs) {`
    fn parenthesized_head(self, open: isize, close: Option<isize>) -> Diagnostic {
        let close = close.map(|by| (self.span(by), String::new()));
        let edits = [(self.span(open), String::new())].into_iter().chain(close);
        self.fix("the head of a `for` has no parentheses", edits, "leave them out", MachineApplicable)
    }

    fn word(self) -> Option<Diagnostic> {
        match self.token(0)? {
            Token::Else if self.token(1) == Some(Token::FatArrow) => {
                let edit = (self.place, "_".to_owned());
                Some(self.fix("the arm for all the rest is `_`", [edit], "write `_`", MachineApplicable))
            }
            Token::Fn if self.failure.expects_rule(Expected::Parameter) => {
                Some(self.say(
                    "a struct has no functions within",
                    "methods stand in an `impl Point { … }` behind it",
                ))
            }
            Token::Fn
                if self.failure.expects_rule(Expected::Expression)
                    && self.token(1) == Some(Token::LParen) =>
            {
                let closing = self.closer(1)?;
                let edits =
                    [(self.place.to(self.span(1)), "|".to_owned()), (self.span(closing), "|".to_owned())];
                Some(self.fix(
                    "a closure has no `fn`",
                    edits,
                    "its parameters stand between bars",
                    MachineApplicable,
                ))
            }
            Token::If if self.failure.expects(Token::Newline) && self.token(-1) != Some(Token::RBrace) => {
                Some(self.say("a condition stands before what it guards", "`if condition { … }`"))
            }
            Token::For if self.failure.expects(Token::RBracket) => {
                let help = "`xs.map(|x| x * 2)` and `xs.filter(|x| x > 0)` make arrays of others";
                Some(self.say("a loop makes no array", help))
            }
            Token::LBrace if self.failure.expects(Token::In) && self.token(-1) == Some(Token::RParen) => {
                let open = (2..REACH as isize).find(|&by| {
                    self.token(-by) == Some(Token::LParen) && self.token(-by - 1) == Some(Token::For)
                })?;
                Some(self.parenthesized_head(-open, Some(-1)))
            }
            Token::LBrace if matches!(self.token(-1), Some(Token::TypeName(_))) => {
                let closing = self.closer(0)?;
                let open = (Span::new(self.span(-1).hi, self.span(1).lo), "(".to_owned());
                let close = (Span::new(self.span(closing - 1).hi, self.span(closing).hi), ")".to_owned());
                let help = "its fields stand in parentheses";
                Some(self.fix("a struct is made by calling its name", [open, close], help, MachineApplicable))
            }
            Token::LBracket if self.token(-2) == Some(Token::Fn) => Some(
                self.say("type parameters stand between `<` and `>`", "`fn first<T>(xs: [T]) -> T? { … }`"),
            ),
            Token::LBracket if self.is_type(-1) && self.token(1) == Some(Token::RBracket) => {
                let edit = (self.span(-1).to(self.span(1)), format!("[{}]", self.text(-1)));
                let headline = "the element's type stands inside the brackets";
                Some(self.fix(headline, [edit], "write the brackets around it", MachineApplicable))
            }
            Token::LBracket if self.is_type(-1) => Some(self.say(
                "the element's type stands inside the brackets",
                "an array of `int` is written `[int]`",
            )),
            _ => None,
        }
    }

    /// `let x: int` and `if a` at the end of a line.
    fn line_end(self) -> Option<Diagnostic> {
        let declared = (2..8)
            .any(|by| matches!(self.token(-by), Some(Token::Let | Token::Var)) && self.begins_statement(-by));
        if declared && self.failure.expects(Token::Eq) && self.token(-1) != Some(Token::Eq) {
            let edit = (self.span(-1).end(), " = …".to_owned());
            return Some(self.fix(
                "a variable needs a first value",
                [edit],
                "write it behind `=`",
                HasPlaceholders,
            ));
        }
        let headed = (1..30)
            .find(|&by| matches!(self.token(-by), None | Some(Token::Newline | Token::If | Token::While)));
        let headed = headed.and_then(|by| self.token(-by));
        if self.failure.expects(Token::LBrace) && matches!(headed, Some(Token::If | Token::While)) {
            return Some(
                self.say(
                    "expected `{`, but the line ends",
                    "what a condition guards always stands in braces",
                ),
            );
        }
        None
    }

    /// A name or text behind something that it cannot follow.
    fn name_or_text(self) -> Option<Diagnostic> {
        if let Some(diagnostic) = self.missing_comma().or_else(|| self.step()) {
            return Some(diagnostic);
        }
        if let Some(Token::Ident(before)) = self.token(-1) {
            let before = self.cx.names.text(before);
            if self.token(-2) == Some(Token::For) && self.text(0) == "of" {
                return Some(self.fix(
                    "a `for` goes through a sequence `in` it",
                    [(self.place, "in".to_owned())],
                    "write `in`",
                    MachineApplicable,
                ));
            }
            return self.two_names(before);
        }
        if let (Some(Token::TypeName(_)), Some(Token::Ident(_))) = (self.token(-1), self.token(0)) {
            return (self.begins_statement(-1) && self.token(1) == Some(Token::Eq))
                .then(|| self.type_first());
        }
        self.without_braces().or_else(|| self.word_operator())
    }

    /// `if a print(a)`
    fn without_braces(self) -> Option<Diagnostic> {
        let braces = self.failure.expects(Token::LBrace) && self.failure.expects_rule(Expected::Operator);
        if !braces || !matches!(self.token(0), Some(Token::Ident(_))) {
            return None;
        }
        let ends =
            |by: &isize| matches!(self.token(*by), None | Some(Token::Newline | Token::Else | Token::RBrace));
        let last = (0..REACH as isize).find(ends)?;
        let edits = [(self.place.start(), "{ ".to_owned()), (self.span(last - 1).end(), " }".to_owned())];
        let message = format!("expected `{{`, found `{}`", self.text(0));
        Some(self.fix(&message, edits, "what a condition guards stands in braces", MaybeIncorrect))
    }

    /// `7 mod 2`
    fn word_operator(self) -> Option<Diagnostic> {
        let operator = match self.text(0) {
            "mod" => "%",
            "div" => "/",
            "xor" => "!=",
            _ => return None,
        };
        let headline = format!("write `{operator}` instead of `{}`", self.text(0));
        let help = format!("write `{operator}`");
        Some(self.fix(&headline, [(self.place, operator.to_owned())], &help, MachineApplicable))
    }

    /// Two names in a row: a declaration as elsewhere, or a call without parentheses.
    fn two_names(self, before: &str) -> Option<Diagnostic> {
        let (follows, is_name) = (self.token(1), matches!(self.token(0), Some(Token::Ident(_))));
        let begins = self.begins_statement(-1);
        if self.is_type(-1) && is_name {
            return Some(match follows {
                Some(Token::LParen) if begins => {
                    self.say("a function is declared with `fn`", "`fn name() -> int { … }`")
                }
                Some(Token::Eq) if begins => self.type_first(),
                _ if !begins => self.parameter_type_first(),
                _ => {
                    let help = "a variable is declared with `let name = value`, or `var` if it changes";
                    self.say("a declaration does not begin with its type", help)
                }
            });
        }
        if is_name && self.is_type(0) && self.failure.expects(Token::Colon) {
            let edit = (self.span(-1).end(), ":".to_owned());
            let declared = matches!(self.token(-2), Some(Token::Let | Token::Var));
            if declared && follows != Some(Token::Eq) {
                let edits = [edit, (self.place.end(), " = …".to_owned())];
                let help = "write it, and a first value";
                return Some(self.fix("a type stands after a colon", edits, help, HasPlaceholders));
            }
            return Some(self.fix("a type stands after a colon", [edit], "write it", MachineApplicable));
        }
        if begins
            && is_name
            && follows == Some(Token::LParen)
            && matches!(before, "void" | "proc" | "sub" | "procedure")
        {
            return Some(self.fix(
                "a function is declared with `fn`",
                [(self.span(-1), "fn".to_owned())],
                "write `fn`",
                MachineApplicable,
            ));
        }
        if begins && is_name && follows == Some(Token::Eq) {
            let edit = (self.span(-1), "let".to_owned());
            let help = "write `let`, or `var` if it changes";
            return Some(self.fix("a variable is declared with `let`", [edit], help, MachineApplicable));
        }
        let ends = matches!(follows, None | Some(Token::Newline | Token::RBrace))
            && self.token(0) != Some(Token::StrOpen);
        let prints = matches!(before, "print" | "println" | "echo" | "puts" | "printf");
        let is_text = matches!(self.token(0), Some(Token::Str(_) | Token::StrOpen));
        if begins && ends && (prints || is_text) && self.failure.expects(Token::Newline) {
            let name = if prints { "print" } else { before };
            let edits = [
                (self.span(-1).to(self.place.start()), format!("{name}(")),
                (self.place.end(), ")".to_owned()),
            ];
            return Some(self.fix(
                "a call needs parentheses",
                edits,
                "put them around the argument",
                MachineApplicable,
            ));
        }
        if is_text && self.failure.expects(Token::Newline) {
            return Some(self.say("a call needs parentheses", "write `print(\"hello\")`"));
        }
        self.without_braces().or_else(|| self.word_operator())
    }

    /// `int x = 3`
    fn type_first(self) -> Diagnostic {
        let edits = [(self.span(-1), "let".to_owned()), (self.place.end(), format!(": {}", self.text(-1)))];
        let help = "write `let`, or `var` if it changes, and the type behind a colon";
        self.fix("a declaration does not begin with its type", edits, help, MachineApplicable)
    }

    /// `fn f(int x)`
    fn parameter_type_first(self) -> Diagnostic {
        let edit = (self.span(-1).to(self.place), format!("{}: {}", self.text(0), self.text(-1)));
        self.fix("a type stands behind its name", [edit], "swap them", MachineApplicable)
    }
}

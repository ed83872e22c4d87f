//! Habits from other languages that are a matter of one token: each gets an error that names what
//! to write here, and the tokens go on as if that had been written.

use super::Lexer;
use super::token::Token;
use crate::ast::{Name, known};
use crate::diagnostics::{Diagnostic, codes};

/// Whether a known name is one of those that [`Lexer::foreign_word`] looks at.
pub(super) fn is_foreign(name: Name) -> bool {
    (known::FUNCTION.index()..=known::FALSE_CAPITAL.index()).contains(&name.index())
}

impl Lexer<'_> {
    /// Reports the text from `start` as another language's and pushes what was meant.
    fn instead(&mut self, start: usize, tokens: &[Token], write: &str) {
        let text = &self.text[start..self.at];
        let place = self.span(start, self.at);
        let message = format!("write `{write}` instead of `{text}`");
        let diagnostic = Diagnostic::new(codes::FOREIGN_SYNTAX, place, message);
        self.error(diagnostic.suggest(place, write, format!("write `{write}`")));
        for &token in tokens {
            self.push(token, start, self.at);
        }
    }

    /// Reports the text from `start` as another language's, with advice in words.
    fn explain(&mut self, start: usize, tokens: &[Token], message: &str, help: &str) {
        let place = self.span(start, self.at);
        let diagnostic = Diagnostic::new(codes::FOREIGN_SYNTAX, place, message);
        self.error(diagnostic.help(help));
        for &token in tokens {
            self.push(token, start, self.at);
        }
    }

    /// An operator that only other languages have. Tells whether there was one.
    pub(super) fn foreign_operator(&mut self) -> bool {
        let start = self.at;
        let prefix = self.is_prefix_place();
        let (token, length, write) = match (self.peek(0), self.peek(1), self.peek(2)) {
            (b'&', b'&', _) => (Token::And, 2, "and"),
            (b'|', b'|', _) => (Token::Or, 2, "or"),
            (b'=', b'=', b'=') => (Token::EqEq, 3, "=="),
            (b'!', b'=', b'=') => (Token::NotEq, 3, "!="),
            (b'!', b'=', _) => return false,
            (b'!', ..) if prefix => (Token::Not, 1, "not "),
            (b'<', b'>', _) | (b'~', b'=', _) if !prefix => (Token::NotEq, 2, "!="),
            (b':', b':', _) if self.stream() => return true,
            (b':', b':', b'<') if self.turbofish() => return true,
            (b':', b':', _) => (Token::Dot, 2, "."),
            (b'?', b':', _) => (Token::Coalesce, 2, "??"),
            (b'.', b'.', b'<') => (Token::DotDot, 3, ".."),
            (b'.', b'.', b'.') => return self.three_dots(),
            (b'+', b'+', _) => return self.step_operator("+"),
            (b'-', b'-', _) if !prefix && !starts_operand(self.byte_after(2)) => {
                return self.step_operator("-");
            }
            _ => return self.foreign_character(prefix),
        };
        self.at += length;
        if token == Token::Not {
            self.nesting.not += 1;
            self.check_depth(start);
        }
        let text = &self.text[start..self.at];
        let place = self.span(start, self.at);
        let message = format!("write `{}` instead of `{text}`", write.trim_end());
        let diagnostic = Diagnostic::new(codes::FOREIGN_SYNTAX, place, message);
        self.error(diagnostic.suggest(place, write, format!("write `{}`", write.trim_end())));
        self.push(token, start, self.at);
        true
    }

    fn foreign_character(&mut self, prefix: bool) -> bool {
        let start = self.at;
        match (self.peek(0), self.peek(1)) {
            (b'!', next) => {
                self.at += 1;
                if matches!(next, b'(' | b'[') && matches!(self.prev(), Token::Ident(_)) {
                    return self.macro_call(start, next);
                }
                self.explain(
                    start,
                    &[],
                    "`!` does not follow a value",
                    "write `.unwrap()` to take the value of an option",
                );
            }
            (b':', b'=') => {
                self.at += 2;
                if self.declares_by_walrus() {
                    return true;
                }
                let help = "`let name = value` declares a variable, `var` one that changes, `=` assigns";
                self.explain(start, &[Token::Eq], "write `let` and `=` instead of `:=`", help);
            }
            (b'#', next) => {
                let place = self.span(start, start + 1);
                let diagnostic = Diagnostic::new(codes::FOREIGN_SYNTAX, place, "`#` has no meaning here");
                self.error(match next {
                    b'[' => diagnostic.help("what can be compared, hashed and shown is so by itself"),
                    b'i' if self.rest().starts_with("#include") => {
                        diagnostic.help("`import math` brings in a module")
                    }
                    _ => diagnostic.suggest(place, "//", "comments begin with `//`"),
                });
                self.at += 1;
                self.skip_line();
            }
            (b'&', _) if prefix => {
                self.at += 1;
                let place = self.span(start, self.at);
                let diagnostic =
                    Diagnostic::new(codes::FOREIGN_SYNTAX, place, "there is no `&` before a value");
                self.error(diagnostic.suggest(place, "", "structs, arrays and maps are references already"));
            }
            (b'`', _) => self.backticks(start),
            _ => return false,
        }
        true
    }

    /// `parse::<int>(text)`, at the `::`.
    fn turbofish(&mut self) -> bool {
        let mut depth = 0;
        let closes = |&(_, byte): &(usize, u8)| {
            depth += i32::from(byte == b'<') - i32::from(byte == b'>');
            byte == b'>' && depth == 0
        };
        let line = self.rest().lines().next().unwrap_or_default();
        let Some((end, _)) = line.bytes().enumerate().find(closes) else { return false };
        let place = self.span(self.at, self.at + end + 1);
        let message = "a call has no type arguments: they are inferred";
        self.error(Diagnostic::new(codes::FOREIGN_SYNTAX, place, message).suggest(
            place,
            "",
            "leave them out",
        ));
        self.at += end + 1;
        true
    }

    /// `std::cout << x`, at the `::`.
    fn stream(&mut self) -> bool {
        let Token::Ident(name) = self.prev() else { return false };
        let streams = ["::cout", "::cerr", "::endl"];
        if self.names.text(name) != "std" || !streams.iter().any(|stream| self.rest().starts_with(stream)) {
            return false;
        }
        let start = self.out.spans.last().map_or(self.at, |span| (span.lo - self.base) as usize);
        self.at += "::cout".len();
        let help =
            "`print(x)` writes a line, `write(x)` leaves the line open, `eprint(x)` writes to standard error";
        self.explain(start, &[], "there are no streams", help);
        self.skip_line();
        true
    }

    /// `switch (x) { case 1: … }`, after its first word: reports it and goes on behind it.
    fn switch_statement(&mut self, start: usize) -> bool {
        let rest = self.rest();
        let Some(open) = rest.lines().next().and_then(|line| line.find('{')) else { return false };
        let (mut depth, mut cases) = (0usize, false);
        let mut end = open;
        for line in rest[open..].split_inclusive('\n') {
            let code = line.split("//").next().unwrap_or("");
            let word = code.trim_start_matches([' ', '\t', '{']);
            cases |= word.starts_with("case ") || word.starts_with("default:");
            let mut quoted = false;
            for (at, byte) in code.bytes().enumerate() {
                match byte {
                    b'"' => quoted = !quoted,
                    b'{' if !quoted => depth += 1,
                    b'}' if !quoted => depth = depth.saturating_sub(1),
                    _ => continue,
                }
                if depth == 0 && !quoted && byte == b'}' {
                    if cases {
                        self.explain_switch(start, end + at + 1);
                    }
                    return cases;
                }
            }
            end += line.len();
        }
        false
    }

    fn explain_switch(&mut self, start: usize, length: usize) {
        let message = "there is no `switch`: write a `match`";
        let help = "`match x { 1 => print(\"one\"), 2 | 3 => print(\"more\"), _ => print(\"other\") }`; an arm ends without `break`";
        self.explain(start, &[], message, help);
        self.at += length;
    }

    /// `...`: C's variadic parameters are written so; a range and a rest are not.
    fn three_dots(&mut self) -> bool {
        let start = self.at;
        if self.byte_after(3) == b')' && matches!(self.prev(), Token::Comma | Token::LParen) {
            return false;
        }
        self.at += 3;
        if self.is_prefix_place() {
            self.instead(start, &[Token::DotDot], "..");
        } else {
            self.explain(
                start,
                &[Token::DotDotEq],
                "`...` is no range",
                "`a..b` ends before `b`, `a..=b` with it",
            );
        }
        true
    }

    /// `++` and `--`.
    fn step_operator(&mut self, operator: &str) -> bool {
        let start = self.at;
        let infix = !self.is_prefix_place() && starts_operand(self.byte_after(2));
        self.at += 2;
        let text = format!("{operator}{operator}");
        if infix {
            let token = if operator == "+" { Token::Plus } else { Token::Minus };
            self.instead(start, &[token], operator);
        } else {
            let message = format!("write `{operator}= 1` instead of `{text}`");
            let place = self.span(start, self.at);
            let diagnostic = Diagnostic::new(codes::FOREIGN_SYNTAX, place, message);
            let comment = self.rest().trim_start_matches([' ', '\t']).starts_with("//");
            let ends = comment || matches!(self.byte_after(0), 0 | b'\n' | b'\r' | b';' | b'}');
            self.error(if ends && self.prev().ends_operand() {
                diagnostic.suggest(
                    place,
                    format!(" {operator}= 1"),
                    "an assignment is a statement of its own",
                )
            } else {
                diagnostic.help(format!("an assignment is a statement of its own: `x {operator}= 1`"))
            });
        }
        true
    }

    /// The first byte that is no space after `ahead` bytes.
    fn byte_after(&self, ahead: usize) -> u8 {
        self.rest().bytes().skip(ahead).find(|b| !matches!(b, b' ' | b'\t')).unwrap_or(0)
    }

    /// A word that only other languages have, if it stands where they put it.
    pub(super) fn foreign_word(&mut self, name: Name, start: usize) -> bool {
        let next = self.next_byte();
        let before_word = next.is_ascii_alphabetic() || next == b'_';
        let begins = self.begins_statement() || self.prev() == Token::Pub;
        if begins && before_word && self.foreign_declaration(name, start) {
            return true;
        }
        let prefix = self.is_prefix_place();
        let after_value = !prefix && self.prev().ends_operand();
        match name {
            known::FUNCTION if prefix && next == b'(' => {
                self.explain(
                    start,
                    &[Token::Fn],
                    "a closure is written `|a, b| a + b`",
                    "`fn` declares a function with a name",
                );
            }
            known::ELIF | known::ELSIF | known::ELSEIF if self.prev() == Token::RBrace => {
                self.instead(start, &[Token::Else, Token::If], "else if");
            }
            known::NULL | known::NIL | known::UNDEFINED | known::NULLPTR
                if prefix && !matches!(next, b':' | b'(') && !self.declares_name() =>
            {
                self.instead(start, &[Token::TypeName(known::NONE)], "None");
            }
            known::MUT if self.prev() == Token::Let => {
                let last = self.out.kinds.len() - 1;
                self.out.kinds[last] = Token::Var;
                let from = (self.out.spans[last].lo - self.base) as usize;
                self.instead(from, &[], "var");
            }
            known::MUT if before_word && matches!(self.prev(), Token::LParen | Token::Comma) => {
                self.explain(
                    start,
                    &[],
                    "there is no `mut` here",
                    "a parameter cannot be assigned: copy it into a `var`",
                );
            }
            known::NEW if prefix && next.is_ascii_uppercase() => {
                let gap = self.rest().len() - self.rest().trim_start().len();
                let (word, place) = (self.span(start, self.at), self.span(start, self.at + gap));
                let message = "there is no `new` before a constructor";
                let diagnostic = Diagnostic::new(codes::FOREIGN_SYNTAX, word, message);
                self.error(diagnostic.suggest(place, "", "a struct is made by calling its name"));
            }
            known::THROW | known::RAISE if prefix && before_word => {
                self.explain(
                    start,
                    &[Token::Return],
                    "there are no exceptions",
                    "a function that can fail gives `Err(…)`: `return Err(Error(\"why\"))`",
                );
            }
            known::TRY if begins && next == b'{' => {
                let help =
                    "a function that can fail gives a `Result`: `?` hands its error on, `match` looks at it";
                self.explain(start, &[], "there are no exceptions", help);
            }
            // What `try` began; the error is there.
            known::CATCH if self.prev() == Token::RBrace => {
                self.push(Token::Newline, start, self.at);
                self.push(Token::If, start, self.at);
            }
            known::TRY if prefix && before_word => {
                self.explain(
                    start,
                    &[],
                    "there is no `try` before an expression",
                    "`?` after an expression hands an error on",
                );
            }
            known::UNLESS if prefix && before_word => self.instead(start, &[Token::If, Token::Not], "if not"),
            known::UNTIL if prefix && before_word => {
                self.instead(start, &[Token::While, Token::Not], "while not")
            }
            known::SWITCH if begins && self.switch_statement(start) => {}
            known::SWITCH if begins && next == b'(' && self.line_opens_block() => {
                self.instead(start, &[Token::Match], "match")
            }
            known::CASE if begins && begins_word_or_literal(next) && self.line_holds(':') => {
                let help = "an arm of a `match` is written `1 => print(\"one\")`, and `_` takes the rest";
                self.explain(start, &[], "there is no `case`", help);
            }
            known::LAMBDA if prefix && self.line_holds(':') => {
                self.explain(start, &[Token::Fn], "there is no `lambda`", "a closure is written `|x| x + 1`");
            }
            known::SWITCH | known::WHEN if prefix && before_word => {
                self.instead(start, &[Token::Match], "match")
            }
            known::FOREACH if begins && before_word => self.instead(start, &[Token::For], "for"),
            known::DO if begins && next == b'{' => self.instead(start, &[Token::Loop], "loop"),
            known::THEN if after_value => {
                self.explain(start, &[], "there is no `then`", "what `if` guards stands in braces");
            }
            known::IS if after_value && before_word => self.instead(start, &[Token::EqEq], "=="),
            known::PASS if begins && matches!(next, 0 | b'\n' | b'\r' | b'}') => {
                self.explain(start, &[], "there is no `pass`", "an empty block is `{}`");
            }
            known::TRUE_CAPITAL if prefix => self.instead(start, &[Token::True], "true"),
            known::FALSE_CAPITAL if prefix => self.instead(start, &[Token::False], "false"),
            _ => return false,
        }
        true
    }

    /// `` `text` ``
    fn backticks(&mut self, start: usize) {
        let end = self.rest()[1..].find(['`', '\n']).map_or(self.text.len(), |n| start + 1 + n);
        let closed = self.text.as_bytes().get(end) == Some(&b'`');
        let text = &self.text[start + 1..end];
        self.at = end + usize::from(closed);
        let place = self.span(start, self.at);
        let diagnostic = Diagnostic::new(codes::FOREIGN_SYNTAX, place, "a string stands in double quotes");
        self.error(match closed && !text.contains(['"', '\\']) {
            true => diagnostic.suggest(place, format!("\"{text}\""), "write `\"`"),
            false => diagnostic.help("`\"a ${b}\"` is a string, `\"\"\"` encloses one of several lines"),
        });
        let value = self.names.intern(text);
        self.push(Token::Str(value), start, self.at);
    }

    /// `println!(…)`, `vec![…]`; the `!` was read.
    fn macro_call(&mut self, start: usize, next: u8) -> bool {
        let name = self.out.spans.last().map_or(start, |span| (span.lo - self.base) as usize);
        let text = &self.text[name..start];
        let place = self.span(name, self.at);
        let diagnostic = Diagnostic::new(codes::FOREIGN_SYNTAX, place, "there are no macros");
        self.error(match text {
            "format" => diagnostic.help("a string holds values: `\"${name}: ${x:.2}\"`"),
            "assert_eq" | "assert_ne" => diagnostic.help("`assert(a == b)` shows both sides"),
            _ if next == b'[' => diagnostic.suggest(place, "", "the brackets make an array"),
            _ => {
                let write = if text.starts_with("print") { "print" } else { text };
                diagnostic.suggest(place, write, format!("call a function: `{write}(…)`"))
            }
        });
        if next == b'[' {
            self.out.kinds.pop();
            self.out.spans.pop();
        }
        true
    }

    /// `for (i = 0; i < 10; i++) {`, after the `for`: reports it and goes on at the brace.
    pub(super) fn counting_loop(&mut self, start: usize) -> bool {
        let line = self.rest().lines().next().unwrap_or("");
        let head = line.find('{').map_or(line, |brace| &line[..brace]);
        if !head.trim_start().starts_with('(') || head.matches(';').count() < 2 || head.contains('"') {
            return false;
        }
        self.push(Token::For, start, self.at);
        self.at += head.trim_end().len();
        let place = self.span(start, self.at);
        let message = "a `for` loop does not count by itself";
        let diagnostic = Diagnostic::new(codes::FOREIGN_SYNTAX, place, message);
        self.error(match counted(head) {
            Some(range) => diagnostic.suggest(place, format!("for {range}"), "it goes over a sequence"),
            None => diagnostic
                .help("it goes over a sequence: `for i in 0..10 { … }`, `for i in (0..10).rev() { … }`"),
        });
        for token in [Token::Ident(known::UNDERSCORE), Token::In, Token::Str(known::EMPTY)] {
            self.push(token, start, self.at);
        }
        true
    }

    fn line_opens_block(&self) -> bool {
        self.rest()
            .lines()
            .next()
            .is_some_and(|line| line.split("//").next().unwrap_or("").trim_end().ends_with('{'))
    }

    fn line_holds(&self, c: char) -> bool {
        self.rest().lines().next().is_some_and(|line| line.contains(c))
    }

    /// `name := value` as a statement, after its operator: reads it as a `let`.
    fn declares_by_walrus(&mut self) -> bool {
        let (Token::Ident(name), Token::Newline | Token::LBrace) = (self.prev(), self.before_prev()) else {
            return false;
        };
        let last = self.out.kinds.len() - 1;
        let lo = (self.out.spans[last].lo - self.base) as usize;
        let text = format!("let {} =", self.names.text(name));
        let place = self.span(lo, self.at);
        let message = "a variable is declared with `let`, and with `var` if it changes";
        let diagnostic = Diagnostic::new(codes::FOREIGN_SYNTAX, place, message);
        self.error(diagnostic.suggest(place, text.clone(), format!("write `{text}`")));
        self.out.kinds.insert(last, Token::Let);
        self.out.spans.insert(last, self.out.spans[last].start());
        self.push(Token::Eq, self.at - 2, self.at);
        true
    }

    /// Whether a name here is being declared, not used.
    fn declares_name(&self) -> bool {
        matches!(
            self.prev(),
            Token::Let | Token::Var | Token::Dot | Token::QuestionDot | Token::Fn | Token::For
        )
    }

    /// A word before another at the start of a statement, as a declaration begins elsewhere.
    fn foreign_declaration(&mut self, name: Name, start: usize) -> bool {
        let (token, write) = match name {
            known::FUNCTION | known::DEF | known::FUNC | known::FUN => (Token::Fn, "fn"),
            known::CLASS | known::RECORD => (Token::Struct, "struct"),
            known::INTERFACE | known::PROTOCOL => (Token::Trait, "trait"),
            known::USE | known::USING | known::INCLUDE | known::REQUIRE => (Token::Import, "import"),
            known::VAL | known::AUTO => (Token::Let, "let"),
            known::PUBLIC | known::EXPORT => (Token::Pub, "pub"),
            known::TYPEDEF | known::TYPEALIAS => (Token::Type, "type"),
            known::PRIVATE | known::STATIC | known::FINAL | known::ABSTRACT | known::OVERRIDE => {
                let message = format!("there is no `{}`", self.names.text(name));
                self.explain(
                    start,
                    &[],
                    &message,
                    "a name is seen by other files only if it is declared with `pub`",
                );
                return true;
            }
            _ => return false,
        };
        self.instead(start, &[token], write);
        true
    }
}

/// Whether an operand can begin with a byte.
fn starts_operand(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_\"'([".contains(&byte)
}

/// `i in 0..10` of `(int i = 0; i < 10; i++)`.
fn counted(head: &str) -> Option<String> {
    let mut parts = head.trim().strip_prefix('(')?.strip_suffix(')')?.split(';').map(str::trim);
    let (first, condition, step) = (parts.next()?, parts.next()?, parts.next()?);
    let (declared, lo) = first.split_once('=')?;
    let name = declared.split_whitespace().next_back()?;
    let bound = condition.strip_prefix(name)?.trim_start();
    let (dots, hi) = match bound.strip_prefix("<=") {
        Some(hi) => ("..=", hi),
        None => ("..", bound.strip_prefix('<')?),
    };
    let steps =
        [format!("{name}++"), format!("++{name}"), format!("{name} += 1"), format!("{name} = {name} + 1")];
    let (lo, hi) = (lo.trim(), hi.trim());
    let plain = |text: &str| !text.is_empty() && !text.contains(['=', '<', '>']);
    (steps.contains(&step.to_owned()) && plain(lo) && plain(hi)).then(|| format!("{name} in {lo}{dots}{hi}"))
}

/// Whether a byte begins a name, a number or text, and nothing that goes on with an expression.
fn begins_word_or_literal(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || !byte.is_ascii() || matches!(byte, b'_' | b'"' | b'\'')
}

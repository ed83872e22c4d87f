//! How good the errors of a whole program are when one bracket or quote is missing or one too many.
//!
//! Each bracket and quote of a program of some 670 lines (every third, unless `LANG_DELETIONS=all`) is deleted in turn, and what is
//! left compiled. An error is good when it is the only one and its place, or one of its labels, is within two lines of the deletion
//! or on the line of the bracket that lost its partner.

use lang_compiler::driver::{Emit, Options, compile};
use lang_compiler::source::Memory;

const PROGRAM: &str = include_str!("deletions/program.lang");

/// What came of the deletions of one character.
#[derive(Default)]
struct Tally {
    good: usize,
    total: usize,
    /// The most errors that one deletion gave.
    most: usize,
    /// The deletions that were not good: line and lines of the errors.
    bad: Vec<String>,
}

impl Tally {
    fn of(character: char) -> Tally {
        let mut tally = Tally::default();
        // Of the frequent ones some are enough; on an ordinary day some of all.
        let step = if "([:,".contains(character) { 5 } else { 1 } * if all() { 1 } else { 3 };
        for (at, _) in PROGRAM.match_indices(character).step_by(step) {
            tally.add(at, character);
        }
        let Tally { good, total, most, .. } = tally;
        println!("`{character}`: {good} of {total} good, at most {most} errors");
        tally
    }

    fn add(&mut self, at: usize, character: char) {
        let errors = errors(&format!("{}{}", &PROGRAM[..at], &PROGRAM[at + 1..]));
        if errors.is_empty() {
            // Quotes within a comment or a string of three: the program is still right.
            return;
        }
        self.total += 1;
        self.most = self.most.max(errors.len());
        let partner = partner(at, character);
        let near = |line: &u32| line.abs_diff(line_of(at)) <= 2 || partner == Some(*line);
        if errors.len() == 1 && errors[0].0.iter().any(near) {
            self.good += 1;
        } else {
            self.bad.push(format!("{}: {errors:?}", line_of(at)));
        }
    }

    fn check(&self, percent: usize) {
        let Tally { good, total, most, bad } = self;
        // Of few, one that is not good counts for more.
        let percent = if all() { percent } else { percent - 5 };
        assert!(good * 100 >= total * percent, "only {good} of {total} are good:\n{}", bad.join("\n"));
        assert!(*most <= 3, "one deletion gives {most} errors:\n{}", bad.join("\n"));
    }
}

#[test]
fn the_program_is_right() {
    assert_eq!(errors(PROGRAM), []);
    assert!(PROGRAM.lines().count() >= 500);
}

#[test]
fn a_missing_parenthesis_gives_one_error_near_it() {
    Tally::of(')').check(98);
    Tally::of('(').check(98);
}

#[test]
fn a_missing_brace_gives_one_error_near_it() {
    Tally::of('}').check(98);
    Tally::of('{').check(98);
}

#[test]
fn a_missing_bracket_gives_one_error_near_it() {
    Tally::of(']').check(98);
    Tally::of('[').check(98);
}

#[test]
fn a_missing_separator_gives_one_error_near_it() {
    Tally::of(':').check(95);
    Tally::of(',').check(95);
    Tally::of('=').check(95);
}

#[test]
fn a_missing_quote_gives_one_error_near_it() {
    Tally::of('"').check(95);
}

/// Whether every deletion is tried: `.ci/run` does so.
fn all() -> bool {
    std::env::var_os("LANG_DELETIONS").is_some_and(|value| value == "all")
}

/// The lines that each error names, its own first, and its message.
fn errors(program: &str) -> Vec<(Vec<u32>, String)> {
    let files = Memory::new().with("main.lang", program);
    let options = Options { emit: Emit::Check, ..Options::default() };
    let compilation = compile(&files, "main.lang", &options);
    let map = &compilation.map;
    let errors = compilation.diagnostics.iter().filter(|diagnostic| diagnostic.is_error());
    errors
        .map(|error| {
            let labels = std::iter::once(&error.primary).chain(&error.secondary);
            let line = |span| map.file_of(span).map_or(0, |file| file.line(span.lo));
            (labels.map(|label| line(label.span)).collect(), error.message.clone())
        })
        .collect()
}

fn line_of(at: usize) -> u32 {
    PROGRAM[..at].matches('\n').count() as u32 + 1
}

/// The line of the bracket that belongs to the one at `at`, or of the quotes that open a string of three.
fn partner(at: usize, character: char) -> Option<u32> {
    let (other, backwards) = match character {
        ')' => ('(', true),
        ']' => ('[', true),
        '}' => ('{', true),
        '(' => (')', false),
        '[' => (']', false),
        '{' => ('}', false),
        _ => return PROGRAM[..at].rfind("\"\"\"").map(line_of),
    };
    let mut depth = 0;
    let step = |(position, c): (usize, char)| {
        if c == character {
            depth += 1;
        } else if c == other {
            depth -= 1;
        }
        (depth < 0).then(|| line_of(position))
    };
    if backwards {
        PROGRAM[..at].char_indices().rev().find_map(step)
    } else {
        PROGRAM[at + 1..].char_indices().map(|(offset, c)| (at + 1 + offset, c)).find_map(step)
    }
}

//! No text makes the parser panic, overflow its stack, or take long.

use std::time::{Duration, Instant};

use super::{errors, on_large_stack, parse_text};

/// A program that uses most of the grammar.
const PROGRAM: &str = include_str!("program.lang");

#[test]
fn the_program_has_no_errors() {
    assert_eq!(errors(PROGRAM), [""; 0]);
}

#[test]
fn every_prefix_of_a_program_parses() {
    on_large_stack(|| {
        for end in (0..PROGRAM.len()).filter(|&end| PROGRAM.is_char_boundary(end)).step_by(17) {
            parse_text(&PROGRAM[..end]);
        }
    });
}

#[test]
fn a_program_without_one_piece_parses() {
    on_large_stack(|| {
        for start in (0..PROGRAM.len()).step_by(47) {
            for length in [1, 5, 40] {
                let end = start + length;
                if PROGRAM.is_char_boundary(start) && PROGRAM.is_char_boundary(end.min(PROGRAM.len())) {
                    parse_text(&format!("{}{}", &PROGRAM[..start], PROGRAM.get(end..).unwrap_or("")));
                }
            }
        }
    });
}

/// A small generator of pseudo-random numbers (xorshift), so that a failure can be repeated.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }
}

#[test]
fn random_tokens_parse_in_bounded_time() {
    const PIECES: &[&str] = &[
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "<",
        ">",
        "|",
        "||",
        "\"",
        "${",
        "'",
        "\n",
        ";",
        ",",
        ":",
        "::",
        ".",
        "..",
        "...",
        "..=",
        "?",
        "?.",
        "??",
        "@",
        "->",
        "=>",
        "=",
        "==",
        "===",
        "+",
        "-",
        "*",
        "**",
        "++",
        "&&",
        "!",
        "~",
        "if ",
        "else ",
        "match ",
        "for ",
        "in ",
        "while ",
        "loop ",
        "let ",
        "var ",
        "fn ",
        "struct ",
        "enum ",
        "impl ",
        "trait ",
        "extern ",
        "import ",
        "pub ",
        "const ",
        "type ",
        "test \"t\" ",
        "return ",
        "break ",
        "continue ",
        "defer ",
        "and ",
        "or ",
        "not ",
        "x ",
        "Foo ",
        "self ",
        "Self ",
        "1 ",
        "0x",
        "1.5 ",
        "'a' ",
        "\"s\" ",
        "b\"x\" ",
        "r\"y\" ",
        "\"\"\"",
        "// c\n",
        "/*",
        "*/",
        "/// d\n",
        "\\",
        "é",
        "\u{2028}",
        "_ ",
        "o: ",
        "function ",
        "null ",
        "elif ",
        "weak ",
        "<<",
        ">>",
        ">>>",
        "%",
        "^",
        "&",
    ];
    on_large_stack(|| {
        let mut random = Random(0x9e37_79b9_7f4a_7c15);
        for _ in 0..600 {
            let length = 1 + random.below(60);
            let text: String = (0..length).map(|_| PIECES[random.below(PIECES.len())]).collect();
            let start = Instant::now();
            parse_text(&text);
            assert!(start.elapsed() < Duration::from_secs(5), "{text}");
        }
    });
}

#[test]
fn deep_nesting_is_an_error() {
    let deep = "more than 256 levels of nesting";
    for (open, count) in [
        ("(", 300),
        ("[", 300),
        ("{", 300),
        ("f(", 300),
        ("-", 300),
        ("not ", 300),
        ("~", 300),
        ("|x| ", 300),
        ("return ", 300),
        ("if ", 300),
        ("2 ** ", 300),
        ("a ?? ", 300),
        (".. ", 300),
        ("match ", 300),
        ("\"${", 300),
        ("(", 100_000),
        ("-", 100_000),
        ("|x| ", 100_000),
        ("if a { ", 100_000),
        ("let x: fn() -> ", 300),
        ("[|a, b| ", 300),
        ("|a, b| ", 100_000),
    ] {
        let source = if open.starts_with("let") {
            format!("let x: {}int = 1", "fn() -> ".repeat(count))
        } else {
            open.repeat(count)
        };
        let errors = errors(&source);
        assert!(errors.len() == 1 && errors[0].contains(deep), "{open}: {errors:?}");
    }
    for (open, close, count) in
        [("(", ")", 250), ("f(", ")", 250), ("-", "", 250), ("{", "}", 250), ("|x| ", "", 250)]
    {
        let source = format!("{}1{}", open.repeat(count), close.repeat(count));
        assert_eq!(errors(&source), [""; 0], "{open}");
    }
}

#[test]
fn long_broken_programs_take_linear_time() {
    for piece in [
        "f(1 2)\n",
        "let = 1\n",
        "fn f( {\n}\n",
        "x = \"abc\n",
        "}\n",
        "{\n",
        "A<B<",
        "if x { ",
        "\"${",
        "(]",
    ] {
        let source = piece.repeat(3_000);
        let start = Instant::now();
        errors(&source);
        assert!(start.elapsed() < Duration::from_secs(20), "{piece:?} took {:?}", start.elapsed());
    }
}

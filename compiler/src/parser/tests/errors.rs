//! What is said of programs that are wrong.

use super::{errors, parse_text};
use crate::diagnostics::Code;

/// Checks that a program has exactly one error, which holds a text.
fn one(source: &str, expected: &str) {
    let errors = errors(source);
    assert!(errors.len() == 1 && errors[0].contains(expected), "{source}\n{errors:#?}");
}

#[test]
fn what_was_expected() {
    one("let = 4", "1:5 expected a pattern, found `=`");
    one("print(ok +)", "1:11 expected an expression, found `)`");
    one("let x 3", "1:7 expected `=`");
    one("fn f(a) {}", "1:7 a parameter's type is written out");
    one("match x { 1 -> 2 }", "1:13 an arm of a `match` is written with `=>`");
    one("for x of xs {}", "1:7 a `for` goes through a sequence `in` it");
    one("if x { 1 } else 2", "expected `{` or `if`");
    one("struct { x: int }", "1:8 expected a name");
    one("fn f(a: ) {}", "1:9 expected a type");
    one("let x =", "expected an expression, but the file ends");
    one("f(1 2)", "1:5 a comma is missing before `2`");
    one("[1, 2 3]", "a comma is missing before `3`");
    one("1 < x < 10", "1:7 comparisons do not chain");
    one("if x = 2 { }", "1:6 an assignment is no value");
    one("f(a: 1, 2)", "1:9 a positional argument after a named one");
    one("f() = 1", "1:1 this cannot be assigned to");
    one("pub print(1)", "1:1 `pub` has no meaning here");
}

#[test]
fn habits_from_other_languages() {
    for (source, expected) in [
        ("if a && b { }", "`and`"),
        ("let c = a || b", "`or`"),
        ("if !x { }", "`not`"),
        ("if a === b { }", "`==`"),
        ("if a !== b { }", "`!=`"),
        ("if a <> b { }", "`!=`"),
        ("function f() { }", "`fn`"),
        ("def f() { }", "`fn`"),
        ("func f() { }", "`fn`"),
        ("pub fun f() { }", "`fn`"),
        ("class A { }", "`struct`"),
        ("interface A { }", "`trait`"),
        ("let x = null", "`None`"),
        ("f(nil)", "`None`"),
        ("if a { } elif b { }", "`else if`"),
        ("x++", "`+= 1`"),
        ("x--", "`-= 1`"),
        ("let mut x = 1", "`var`"),
        ("use math", "`import`"),
        ("switch x { 1 => 2 }", "`match`"),
        ("let s = Shape::Empty", "`.`"),
        ("x := 3", "`let`"),
        ("let x = new Point(1, 2)", "`new`"),
        ("for i in 0...5 { }", "no range"),
        ("for i in 0..<5 { }", "`..`"),
        ("let x = True", "`true`"),
        ("let y = a ?: b", "`??`"),
        ("# comment", "`#`"),
        ("unless a { }", "`if not`"),
        ("throw Error(\"x\")", "exceptions"),
        ("let s = 'long'", "exactly one character"),
        ("let s = `long`", "double quotes"),
        ("let s = “a”", "straight quotes"),
    ] {
        one(source, expected);
    }
}

#[test]
fn foreign_words_are_names_elsewhere() {
    for source in
        ["let class = 1", "let new = f(is: 2)", "func(1)", "def.x", "switch = 3", "let null = 1", "do.x()"]
    {
        assert_eq!(errors(source), [""; 0], "{source}");
    }
}

#[test]
fn unclosed_brackets_are_shown_where_they_open() {
    one("fn f(a: int -> int {\n  a\n}", "1:5 this `(` is never closed");
    one("fn f() {\n  if x {\n    g()\n  h()\n}\nfn g() {}", "2:8 this `{` is never closed");
    one("fn f() {\n  g()\n\nfn g() {\n}\n", "1:8 this `{` is never closed");
    one("let x = f(1, g(2)\nlet y = 3", "1:10 this `(` is never closed");
    one("let x = [1, 2\nlet y = 3", "1:9 this `[` is never closed");
    one("fn f() {\n  g(1))\n}", "2:7 this `)` closes nothing");
    one("fn f() {\n}\n}", "3:1 this `}` closes nothing");
    one("struct P { x: int\nfn f() {}", "1:10 this `{` is never closed");
}

#[test]
fn strings_that_do_not_end() {
    one("let s = \"abc\nlet y = 1", "1:9 unterminated string");
    one("print(\"abc)\nprint(1)", "1:7 unterminated string");
    one("let s = \"abc\\\nlet y = \"1\"", "1:9 unterminated string");
    one("let c = 'a\\\nlet y = 'b'", "1:9 unterminated character");
    one("let s = \"\"\"abc\nlet y = 1", "1:9 unterminated string");
    one("print(\"a ${b\")\nprint(1)", "1:10 unterminated interpolation");
    one("print(\"a ${b:.3\")\nprint(1)", "1:10 unterminated interpolation");
    one("print(\"a ${f(b} c\")", "1:13 this `(` is never closed");
    one("let c = 'a", "1:9 unterminated character");
    one("/* a /* b */", "1:1 unterminated comment");
    one("\"${x:wide}\"", "malformed format");
    one("\"\\q\"", "`\\q` is no escape");
    one("\"\\x80\"", "`\\x` goes up to 7f");
    one("\"\\u{110000}\"", "no Unicode character");
    one("''", "exactly one character");
    one("b'é'", "no single byte");
    one("b\"é\"", "no single byte");
}

#[test]
fn parsing_goes_on_after_an_error() {
    let source = "
fn first() {
  let = 1
  let ok = 2
  print(ok +)
}
struct P { x int, y: int }
fn second(a b) { let = 2 }
match x {
  1 -> 2
  3 => 4 5
}
enum E { A(, B }
let x = [1, 2
fn last() { f(1 2) }
";
    let lines: Vec<_> = errors(source).iter().map(|e| e.split(':').next().unwrap_or("").to_owned()).collect();
    assert_eq!(lines, ["3", "5", "7", "8", "10", "11", "13", "14", "15"]);
}

#[test]
fn the_examples_of_the_codes_are_right() {
    let ours = |code: &Code| code.number().starts_with("E01") || code.number().starts_with("E02");
    for code in Code::all().filter(ours).filter(|code| !code.info().wrong.is_empty()) {
        let (wrong, right) = (code.info().wrong, code.info().right);
        let (_, _, parsed) = parse_text(wrong);
        let found: Vec<_> = parsed.diagnostics.iter().map(|d| d.code.number()).collect();
        assert_eq!(found, [code.number()], "{wrong}");
        assert_eq!(errors(right), [""; 0], "{right}");
    }
}

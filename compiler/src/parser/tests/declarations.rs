//! Declarations.

use super::{check, errors};

#[test]
fn imports() {
    check(&[
        ("import math", "(import math)"),
        ("import util.text as t", "(import util.text (as t))"),
        ("import util.text.{trim, split as cut,}", "(import util.text trim (as split cut))"),
        ("import a.{\n  b,\n  c\n}", "(import a b c)"),
    ]);
}

#[test]
fn functions() {
    check(&[
        ("fn f() {}", "(fn f () (block))"),
        (
            "pub fn f<A, B: Ord + Show>(a: A, n: int = 1) -> B? { n }",
            "(pub (fn f <A, B: Ord + Show> (a: A (n: int = 1)) -> B? (block n)))",
        ),
        (
            "fn f(g: fn(A) -> B, h: (fn() -> int)?) -> fn() -> int? {}",
            "(fn f (g: fn(A) -> B h: (fn() -> int)?) -> fn() -> int? (block))",
        ),
        ("fn f(a: [str: (A)], b: (int,), c: ()) {}", "(fn f (a: [str: A] b: (int) c: ()) (block))"),
        (
            "fn f() {\n  fn g() {}\n  const N = 1\n  g()\n}",
            "(fn f () (block (fn g () (block)) (const N 1) (call g)))",
        ),
        ("/// One.\n///  Two.\nfn f() {}", "(doc \"One.\\n Two.\" (fn f () (block)))"),
    ]);
    assert_eq!(errors("fn f() -> int"), ["1:14 expected `{`: this function has no body"]);
    assert_eq!(errors("fn f() { struct A {} }"), ["1:10 `struct` cannot stand within a block"]);
}

#[test]
fn types() {
    check(&[
        (
            "struct P { x: int, var y: [T]\n /// z\n z: int = 1 }",
            "(struct P (field x int) (var y [T]) (doc \"z\" (field z int 1)))",
        ),
        ("pub struct S<T: Show = int> {}", "(pub (struct S <T: Show = int>))"),
        ("enum E<T> { A, B(int), C(x: int, y: T?)\n D }", "(enum E <T> A (B int) (C x: int y: T?) D)"),
        ("type Name<T> = [str: T]", "(type Name <T> [str: T])"),
        ("const A_1: int = 3", "(const A_1 : int 3)"),
    ]);
}

#[test]
fn traits_and_impls() {
    check(&[
        (
            "trait A: B + C<int> {\n fn f(self)\n fn g() -> int { 1 }\n}",
            "(trait A : B : C<int> (fn f (self)) (fn g () -> int (block 1)))",
        ),
        (
            "impl<T: Show> Show for Stack<T> { fn show(self) -> str { \"\" } }",
            "(impl <T: Show> Show for Stack<T> (fn show (self) -> str (block \"\")))",
        ),
        (
            "impl int { const A = 1; pub fn f(self, o: Self) {} }",
            "(impl int (const A 1) (pub (fn f (self o: Self) (block))))",
        ),
        ("impl<T> [T] {}", "(impl <T> [T])"),
        ("impl Iterator<int> for A {}", "(impl Iterator<int> for A)"),
    ]);
}

#[test]
fn foreign_functions() {
    check(&[
        ("extern \"m\" { fn cos(x: f64) -> f64 }", "(extern \"m\" (fn cos (x: f64) -> f64))"),
        (
            "extern {\n weak fn F(Format: cstr, ...) -> i32 = \"printf\"\n var errno: i32\n}",
            "(extern (weak-fn F (Format: cstr ...) -> i32 (= \"printf\")) (var errno i32))",
        ),
        (
            "extern struct T { sec: i64, buf: [u8; 16], p: *T? }",
            "(extern-struct T (field sec i64) (field buf [u8; 16]) (field p *T?))",
        ),
    ]);
}

#[test]
fn tests_are_words_before_a_string_only() {
    check(&[
        ("test \"a\" { f() }", "(test \"a\" (block (call f)))"),
        ("test(1)", "(call test 1)"),
        ("let test = 1", "(let test 1)"),
    ]);
}

#[test]
fn names_of_the_wrong_case() {
    for (source, expected) in [
        ("fn Area() {}", "`Area` should be `area`"),
        ("fn f(maxWidth: int) {}\nfn g(Width: int) {}", "`Width` should be `width`"),
        ("struct point {}", "`point` should be `Point`"),
        ("struct P { X: int }", "`X` should be `x`"),
        ("enum E { red }", "`red` should be `Red`"),
        ("const limit = 1", "`limit` should be `LIMIT`"),
        ("const maxSize = 1", "`maxSize` should be `MAX_SIZE`"),
        ("fn f<t>(a: t) {}", "`t` should be `T`"),
        ("type my_map = int", "`my_map` should be `MyMap`"),
    ] {
        let errors = errors(source);
        assert!(errors.len() == 1 && errors[0].contains(expected), "{source}: {errors:?}");
    }
}

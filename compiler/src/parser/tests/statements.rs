//! Statements, and where they end.

use super::{check, errors};

#[test]
fn bindings_and_assignments() {
    check(&[
        ("let x = 1", "(let x 1)"),
        ("var (a, b): (int, str?) = f()", "(var (tuple a b) : (int, str?) (call f))"),
        ("let Some(n) = o else { return -1 }", "(let (Some n) o (else (block (return -1))))"),
        ("pub let x = 1", "(pub (let x 1))"),
        ("x = 3", "(= x 3)"),
        ("(a, b) = (b, a)", "(= (tuple a b) (tuple b a))"),
        ("xs[i].y += 1", "(+= (. (index xs i) y) 1)"),
        ("a **= 2; b >>>= 1; c +%= 3", "(**= a 2)\n(>>>= b 1)\n(+%= c 3)"),
        ("defer print(\"x\")", "(defer (call print \"x\"))"),
        ("defer n -= 1", "(defer (-= n 1))"),
    ]);
}

#[test]
fn a_line_end_ends_a_statement() {
    check(&[
        ("a\n-b", "a\n(- b)"),
        ("a\n[1]", "a\n(array 1)"),
        ("a\n(2)", "a\n(paren 2)"),
        ("a\n|x| x", "a\n(closure (x) x)"),
        ("a -\nb", "(- a b)"),
        ("a\n  .b\n  ?.c\n  and d\n  or e\n  ?? f", "(or (and (?. (. a b) c) d) (?? e f))"),
        ("f(a\n  + b,\n  { let x = 1\n    x })", "(call f (+ a b) (block (let x 1) x))"),
        ("let x: Array<int>? =\n  None\nf()", "(let x : Array<int>? None)\n(call f)"),
        ("return\nx", "(return)\nx"),
        ("let r = 1..\nx", "(let r (.. 1 -))\nx"),
        ("a;; b;\n;c", "a\nb\nc"),
        ("{ a; }", "(block a)"),
        ("// c\n\na /* x\n y */ b", "a\nb"),
    ]);
    assert_eq!(errors("a b"), ["1:3 expected the end of the statement, found `b`"]);
}

#[test]
fn type_arguments_and_bars_end_a_line() {
    check(&[(
        "trait T {\n  fn f(self) -> Stack<int>\n  fn g(self) -> A<B<C>>\n}",
        "(trait T (fn f (self) -> Stack<int>) (fn g (self) -> A<B<C>>))",
    )]);
}

//! Expressions: precedence, calls, literals, and what needs lookahead.

use super::{check, errors};

#[test]
fn precedence_from_tightest_to_loosest() {
    check(&[
        ("1 + 2 * 3 - 4", "(- (+ 1 (* 2 3)) 4)"),
        ("2 ** 3 ** 2", "(** 2 (** 3 2))"),
        ("-2 ** 2", "(- (** 2 2))"),
        ("2 ** -1", "(** 2 -1)"),
        ("-x ?? y ?? z * 2", "(* (?? (- x) (?? y z)) 2)"),
        ("a ?? 0 + 1", "(+ (?? a 0) 1)"),
        ("~a.b + -c()", "(+ (~ (. a b)) (- (call c)))"),
        ("a | b ^ c & d << 1 + 2", "(| a (^ b (& c (<< d (+ 1 2)))))"),
        ("1 +% 2 *% 3 -% 4", "(-% (+% 1 (*% 2 3)) 4)"),
        ("a >> 1 >>> 2", "(>>> (>> a 1) 2)"),
        ("a..b | 1 == c", "(== (.. a (| b 1)) c)"),
        ("not a == b and not c or d", "(or (and (not (== a b)) (not c)) d)"),
        ("a and not b or c", "(or (and a (not b)) c)"),
        ("x == |a| a or b", "(== x (closure (a) (or a b)))"),
    ]);
}

#[test]
fn ranges_may_lack_ends() {
    check(&[
        ("1..", "(.. 1 -)"),
        ("..=5", "(..= - 5)"),
        ("xs[..]", "(index xs (.. - -))"),
        ("xs[1..]", "(index xs (.. 1 -))"),
        ("for i in 1.. { f(i) }", "(for i (.. 1 -) (block (call f i)))"),
        ("for i in 0..n { }", "(for i (.. 0 n) (block))"),
    ]);
}

#[test]
fn what_follows_an_operand() {
    check(&[
        ("f(1, width: 2,)", "(call f 1 (width: 2))"),
        ("x.y?.z()?.w[0].1.2", "(. (. (index (?. (call (?. (. x y) z)) w) 0) 1) 2)"),
        ("a()()[1](2)?", "(? (call (index (call (call a)) 1) 2))"),
        ("(r?).f()", "(call (. (paren (? r)) f))"),
        ("a.b()\n  .c()\n  ?? d", "(?? (call (. (call (. a b)) c)) d)"),
    ]);
}

#[test]
fn type_arguments_are_told_from_comparisons() {
    check(&[
        ("Stack<int>.new()", "(call (. Stack<int> new))"),
        ("Map<str, [int]>.new()", "(call (. Map<str, [int]> new))"),
        ("geo.Stack<[int: Array<Array<T>>]>.new(1)", "(call (. geo.Stack<[int: Array<Array<T>>]> new) 1)"),
        ("Stack<int>([])", "(call Stack<int> (array))"),
        ("A < B", "(< A B)"),
        ("LOW < HIGH and HIGH > (d)", "(and (< LOW HIGH) (> HIGH (paren d)))"),
        ("f(A < B, C > d)", "(call f (< A B) (> C d))"),
        ("f(LOW < B, C > (d))", "(call f (< LOW B) (> C (paren d)))"),
        ("if N < LIMIT { f() }", "(if (< N LIMIT) (block (call f)))"),
        ("N < M >> 1", "(< N (>> M 1))"),
    ]);
}

#[test]
fn closures() {
    check(&[
        ("|x| x + 1", "(closure (x) (+ x 1))"),
        ("|| 3", "(closure () 3)"),
        ("f(|| {})", "(call f (closure () (block)))"),
        ("|a: int, (b, c)| -> int { a }", "(closure ((: a int) (tuple b c)) -> int (block a))"),
        ("|k: int| |x: int| x + k", "(closure ((: k int)) (closure ((: x int)) (+ x k)))"),
        ("|a: Array<int>| a | b", "(closure ((: a Array<int>)) (| a b))"),
        ("xs.each(|x| total += x)", "(call (. xs each) (closure (x) (block (+= total x))))"),
        ("f(|x| { x\n }, 2)", "(call f (closure (x) (block x)) 2)"),
    ]);
}

#[test]
fn brackets() {
    check(&[
        ("[1, 2, 3,]", "(array 1 2 3)"),
        ("[]", "(array)"),
        ("[:]", "(map)"),
        ("[\"a\": 1, b: 2,]", "(map (: \"a\" 1) (: b 2))"),
        ("()", "(tuple)"),
        ("(a)", "(paren a)"),
        ("(a,)", "(tuple a)"),
        ("(a, b)", "(tuple a b)"),
        ("[\n  1,\n  2\n]", "(array 1 2)"),
    ]);
}

#[test]
fn numbers() {
    check(&[
        ("1_000", "1000"),
        ("0xffff_ffff_ffff_ffff", "-1"),
        ("0o17 + 0b101", "(+ 15 5)"),
        ("-9223372036854775808", "-9223372036854775808"),
        ("-0x10", "(- 16)"),
        ("-1.5e-3 + 1e9", "(+ -0.0015 1000000000.0)"),
        ("x - 1", "(- x 1)"),
        ("1.max(2)", "(call (. 1 max) 2)"),
    ]);
    assert_eq!(errors("9223372036854775808"), ["1:1 this number is larger than any `int`"]);
    assert_eq!(errors("1 -9223372036854775808"), ["1:4 this number is larger than any `int`"]);
    assert_eq!(errors("0x1_0000_0000_0000_0000"), ["1:1 this number has more than 64 bits"]);
    assert_eq!(errors("0b102"), ["1:1 `2` is no digit of a number in base 2"]);
    assert_eq!(errors("12ab"), ["1:1 `ab` cannot follow a number"]);
    assert_eq!(errors("1e999"), ["1:1 this number is larger than any `float`"]);
}

#[test]
fn strings() {
    check(&[
        (r#""a\n\t\"\\\$\u{e9}\x41""#, r#""a\n\t\"\\$éA""#),
        (r#"r"raw\n${x}""#, r#""raw\\n${x}""#),
        (r#"b"ab\xff\n""#, r#"b"ab\xff\n""#),
        (r"'\u{1F600}'", "'😀'"),
        (r"'\''", r"'\''"),
        ("b'a'", "97"),
        (r"b'\xff'", "255"),
        (r#""a ${b} c""#, r#"(interpolate "a " b " c")"#),
        (r#""${d + 1:*>5}""#, r#"(interpolate (format (+ d 1) "*>5"))"#),
        (r#""${"in ${x}"}""#, r#"(interpolate (interpolate "in " x))"#),
        (r#""${f("}")}""#, r#"(interpolate (call f "}"))"#),
        (r#""${m["k"]}${{ 1 }}""#, r#"(interpolate (index m "k") (block 1))"#),
        (r#""$x costs $""#, r#""$x costs $""#),
        (r#""${xs.map(|x: int| x)}""#, r#"(interpolate (call (. xs map) (closure ((: x int)) x)))"#),
    ]);
}

#[test]
fn strings_of_several_lines() {
    check(&[
        ("\"\"\"\n    one\n      two\n\n    \"q\" three\n    \"\"\"", r#""one\n  two\n\n\"q\" three""#),
        ("\"\"\"a\n  b\"\"\"", r#""a\n  b""#),
        ("\"\"\"\n  x ${a}\n  ${b:>3} y\n  \"\"\"", r#"(interpolate "x " a "\n" (format b ">3") " y")"#),
        ("\"\"\"\r\n  a\r\n  b\r\n  \"\"\"", r#""a\nb""#),
        ("\"\"\"\"\"\"", r#""""#),
        ("\"\"\"\n\"\"\"", r#""""#),
    ]);
    assert_eq!(
        errors("let s = \"\"\"\n    a\n  b\n    \"\"\""),
        ["3:1 this line is indented less than the closing quotes"]
    );
}

#[test]
fn control() {
    check(&[
        ("if a { 1 } else if b { 2 } else { 3 }", "(if a (block 1) b (block 2) (block 3))"),
        ("if a {\n  1\n}\nelse {\n  2\n}", "(if a (block 1) (block 2))"),
        ("if let Some(x) = y { x }", "(if (let (Some x) y) (block x))"),
        ("while let [a] = f() { }", "(while (let (array a) (call f)) (block))"),
        ("match x { 1 => a, 2 => b }", "(match x (=> 1 a) (=> 2 b))"),
        ("match x {\n  1 => a\n  2 => y = 3\n}", "(match x (=> 1 a) (=> 2 (block (= y 3))))"),
        (
            "match x { a if a > 1 => {}, _ => return }",
            "(match x (=> a (if (> a 1)) (block)) (=> _ (return)))",
        ),
        ("let x = loop { break 3 }", "(let x (loop (block (break 3))))"),
        ("return if a { 1 } else { 2 }", "(return (if a (block 1) (block 2)))"),
    ]);
}

#[test]
fn labels_win_over_values() {
    check(&[
        ("outer: for i in a { break outer }", "(for outer: i a (block (break outer:)))"),
        ("let r = o: loop { break o (1 + 2) }", "(let r (loop o: (block (break o: (paren (+ 1 2))))))"),
        ("o: while a { continue o }", "(while o: a (block (continue o:)))"),
        ("loop { break x(3) }", "(loop (block (break (call x 3))))"),
        (
            "o: loop { loop { break o -1 } }\nloop { break o - 1 }",
            "(loop o: (block (loop (block (break o: -1)))))\n(loop (block (break (- o 1))))",
        ),
    ]);
}

#[test]
fn long_chains_are_no_deeper_than_short_ones() {
    for source in [
        vec!["1"; 100_000].join(" + "),
        format!("x{}", ".f(1)".repeat(100_000)),
        format!("x{}", "\n  .f()".repeat(100_000)),
        format!("if a {{ 1 }}{}", " else if b { 2 }".repeat(100_000)),
        vec!["not f(-x ** 2) ?? y"; 1000].join(" and "),
        format!("f({})", vec!["|x| x"; 1000].join(", ")),
    ] {
        assert_eq!(errors(&source), [""; 0]);
    }
}

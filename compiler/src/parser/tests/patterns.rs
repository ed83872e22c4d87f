//! Patterns.

use super::{errors, tree};

fn pattern(source: &str) -> String {
    let tree = tree(&format!("match v {{ {source} => 0 }}"));
    tree["(match v (=> ".len()..tree.len() - " 0))".len()].to_owned()
}

#[test]
fn every_form() {
    for (source, expected) in [
        ("x", "x"),
        ("_", "_"),
        ("-3", "-3"),
        ("'a'", "'a'"),
        ("\"s\" | true", "(| \"s\" true)"),
        ("1..=5", "(..= 1 5)"),
        ("b'0'..=b'9'", "(..= 48 57)"),
        ("10..", "(.. 10 -)"),
        ("..LIMIT", "(.. - LIMIT)"),
        ("LOW..=math.HIGH", "(..= LOW math.HIGH)"),
        ("Red", "Red"),
        ("Shape.Empty", "Shape.Empty"),
        ("shapes.Shape.Circle(r)", "(shapes.Shape.Circle r)"),
        ("Point(0, y)", "(Point 0 y)"),
        ("Point(x: 0, ..)", "(Point (x: 0) ..)"),
        ("Some(Point(_, None))", "(Some (Point _ None))"),
        ("n @ 1..=5", "(@ n (..= 1 5))"),
        ("(a, (b), ())", "(tuple a b (tuple))"),
        ("[]", "(array)"),
        ("[a, b]", "(array a b)"),
        ("[a, ..rest]", "(array a ..rest)"),
        ("[.., z]", "(array .. z)"),
        ("[a, ..rest, Some(z)]", "(array a ..rest (Some z))"),
        ("(1 | 2, x) | (x, 3)", "(| (tuple (| 1 2) x) (tuple x 3))"),
    ] {
        assert_eq!(pattern(source), expected, "{source}");
    }
}

#[test]
fn a_variable_begins_with_a_small_letter() {
    let expected = "1:5 `Count` should be `count`: a name of this kind begins with a small letter";
    assert_eq!(errors("let Count = 1"), [expected]);
    assert_eq!(errors("for Count in xs {}"), [expected]);
    assert_eq!(errors("f(||{}, |Count| 1)"), [expected.replace("1:5", "1:10")]);
    assert_eq!(errors("let Some(Count) = f() else { return }"), [""; 0]);
}

//! E02xx: the order of tokens.

super::codes! { SYNTAX:
    E0201 UNEXPECTED_TOKEN "something else was expected here"
    "The program cannot go on with this token. The message names what could stand here."
    wrong "let = 3\n"
    right "let x = 3\n";

    E0202 UNCLOSED_DELIMITER "a bracket that is not closed, or closed by another"
    "Every `(`, `[` and `{` needs its own closing bracket, in the order in which they were opened. The labels show the opening bracket and where its end was missed; indentation decides which bracket is suspected."
    wrong "fn main() {\n  print(\"hi\")\n"
    right "fn main() {\n  print(\"hi\")\n}\n";

    E0203 FOREIGN_SYNTAX "a habit from another language"
    "This is how another language writes it. The message names what to write here: `and` for `&&`, `not` for `!`, `None` for `null`, `else if` for `elif`, `fn` for `def`, `var` for `let mut`, `+= 1` for `++`."
    wrong "let a = true\nlet b = false\nif a && b { print(1) }\n"
    right "let a = true\nlet b = false\nif a and b { print(1) }\n";

    E0204 NESTING_TOO_DEEP "brackets and blocks nested too deeply"
    "Expressions, patterns, types and blocks may be nested 256 levels deep. Name the inner parts with `let`, or move them into functions."
    wrong "" right "";

    E0205 WRONG_CASE "a name of the wrong case"
    "Types, variants, traits and type parameters begin with a capital, everything else with a small letter or `_`, and constants are ALL_CAPS. So a pattern tells a variant from a new name by its first letter."
    wrong "let Total = 3\n"
    right "let total = 3\n";

    E0206 CHAINED_COMPARISON "a comparison of a comparison"
    "Comparisons do not chain: join two with `and`."
    wrong "let x = 5\nprint(1 < x < 10)\n"
    right "let x = 5\nprint(1 < x and x < 10)\n";

    E0207 ASSIGNMENT_AS_VALUE "an assignment where a value is needed"
    "An assignment is a statement and has no value. A comparison is written `==`."
    wrong "var x = 1\nif x = 2 { print(x) }\n"
    right "let x = 1\nif x == 2 { print(x) }\n";

    E0208 POSITIONAL_AFTER_NAMED "a positional argument after a named one"
    "Once an argument is named, all that follow are."
    wrong "fn area(w: int, h: int) -> int { w * h }\nprint(area(w: 2, 3))\n"
    right "fn area(w: int, h: int) -> int { w * h }\nprint(area(2, h: 3))\n";

    E0209 BAD_PLACE "an assignment to something that is no place"
    "Variables, fields, elements, and tuples of them can be assigned."
    wrong "fn f() -> int { 1 }\nf() = 2\n"
    right "var x = 1\nx = 2\n";
}

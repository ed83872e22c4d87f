//! E05xx: patterns.

super::codes! { PATTERNS:
    E0501 NOT_EXHAUSTIVE "a `match` that misses a case"
    "A `match` covers every value of its type. The message shows a value that no arm takes; add an arm for it, or `_` for all the rest."
    wrong "enum Color { Red, Green }\nfn name(c: Color) -> str {\n  match c { Red => \"red\" }\n}\n"
    right "enum Color { Red, Green }\nfn name(c: Color) -> str {\n  match c {\n    Red => \"red\"\n    Green => \"green\"\n  }\n}\n";

    E0502 REFUTABLE_PATTERN "a pattern that may not match where it must"
    "`let`, `for` and parameters take patterns that always match. Use `if let`, or `let … else` to leave when it does not."
    wrong "let x: int? = Some(1)\nlet Some(n) = x\nprint(n)\n"
    right "let x: int? = Some(1)\nif let Some(n) = x { print(n) }\n";

    E0503 PATTERN_FIELDS "a pattern with too many or too few fields"
    "A struct's or variant's pattern mirrors its call: every field by position or by name, or `..` for the rest."
    wrong "struct Point { x: int, y: int }\nlet Point(x) = Point(1, 2)\nprint(x)\n"
    right "struct Point { x: int, y: int }\nlet Point(x, ..) = Point(1, 2)\nprint(x)\n";

    E0504 OR_PATTERN_NAMES "alternatives that bind different names"
    "Whichever alternative of `A | B` matches, the same names with the same types must be bound."
    wrong "let x: Result<int, int> = Ok(1)\nmatch x { Ok(a) | Err(_) => print(a) }\n"
    right "let x: Result<int, int> = Ok(1)\nmatch x { Ok(a) | Err(a) => print(a) }\n";

    E0505 ELSE_FALLS_THROUGH "the `else` of a `let` that does not leave"
    "After `let … else` the names are bound, so the `else` block must leave: by `return`, `break`, `continue`, `panic` or an endless loop."
    wrong "fn f(x: int?) -> int {\n  let Some(n) = x else { print(0) }\n  n\n}\n"
    right "fn f(x: int?) -> int {\n  let Some(n) = x else { return 0 }\n  n\n}\n";

    E0506 DUPLICATE_BINDING "a name that a pattern binds twice"
    "Each name in a pattern stands for one value. Compare two values with a guard: `(a, b) if a == b`."
    wrong "let (a, a) = (1, 2)\nprint(a)\n"
    right "let (a, b) = (1, 2)\nprint(a, b)\n";

    E0507 PATTERN_TYPE "a pattern that cannot match a value of this type"
    "The pattern is for another type than the value has."
    wrong "let n = 3\nmatch n {\n  \"three\" => print(1)\n  _ => print(2)\n}\n"
    right "let n = 3\nmatch n {\n  3 => print(1)\n  _ => print(2)\n}\n";
}

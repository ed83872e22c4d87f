//! Wxxxx: programs that mean something, but hardly what was meant.

super::codes! { WARNINGS:
    W0301 UNUSED_VARIABLE "a variable that is never used"
    "A name that begins with `_` says that it is not meant to be used."
    wrong "fn f() {\n  let x = 3\n}\nf()\n"
    right "fn f() {\n  let _x = 3\n}\nf()\n";

    W0302 UNUSED_IMPORT "an import that is never used"
    "The program means the same without it."
    wrong "import math\nprint(1)\n"
    right "import math\nprint(math.PI)\n";

    W0303 UNUSED_FUNCTION "a function that is never used"
    "Nothing that runs calls it: not `main`, no statement at the top level, no test, nothing that other files see. A name that begins with `_` says that it is meant to be so."
    wrong "fn double(n: int) -> int { n * 2 }\nprint(2 * 2)\n"
    right "fn double(n: int) -> int { n * 2 }\nprint(double(2))\n";

    W0304 UNCHANGED_VARIABLE "a `var` that is never changed"
    "`let` says that a name keeps its value. Elements and `var` fields of what it holds can be assigned all the same."
    wrong "fn f(n: int) -> int {\n  var twice = 2 * n\n  twice + 1\n}\nprint(f(1))\n"
    right "fn f(n: int) -> int {\n  let twice = 2 * n\n  twice + 1\n}\nprint(f(1))\n";

    W0401 UNREACHABLE_CODE "code that is never reached"
    "What stands before it always leaves."
    wrong "fn f(n: int) {\n  return\n  print(n)\n}\n"
    right "fn f(n: int) {\n  print(n)\n  return\n}\n";

    W0402 UNUSED_RESULT "a `Result` that nobody looks at"
    "An error would pass unnoticed. Use `?`, `match`, or `let _ =`."
    wrong "fn f() { int.parse(\"x\") }\n"
    right "fn f() { let _ = int.parse(\"x\") }\n";

    W0403 UNUSED_VALUE "a value that is not used"
    "An expression that stands alone and calls nothing does nothing."
    wrong "fn f(n: int) {\n  n + 1\n  print(n)\n}\nf(1)\n"
    right "fn f(n: int) {\n  print(n + 1)\n}\nf(1)\n";

    W0501 UNREACHABLE_ARM "an arm of a `match` that is never taken"
    "The arms before it take every value that it would."
    wrong "fn f(n: int) -> int {\n  match n {\n    _ => 1\n    2 => 2\n  }\n}\n"
    right "fn f(n: int) -> int {\n  match n {\n    2 => 2\n    _ => 1\n  }\n}\n";
}

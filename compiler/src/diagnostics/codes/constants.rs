//! E07xx: constants and literals.

super::codes! { CONSTANTS:
    E0701 LITERAL_RANGE "a literal that does not fit its type"
    "`int` holds -9223372036854775808 to 9223372036854775807; `u8`, `i16` and the other storage types hold less."
    wrong "let n = 9223372036854775808\n"
    right "let n = 9223372036854775807\n";

    E0702 NOT_CONSTANT "a constant that is not computed at compile time"
    "A `const` is made of literals, operators and other constants. A value that is computed when the program starts is a `let`."
    wrong "fn f() -> int { 3 }\nconst LIMIT = f()\n"
    right "fn f() -> int { 3 }\nconst LIMIT = 3\n";

    E0703 CONSTANT_CYCLE "constants that are made of each other"
    "A constant cannot need its own value."
    wrong "const A = B + 1\nconst B = A + 1\n"
    right "const A = B + 1\nconst B = 1\n";

    E0704 CONSTANT_TRAP "a constant whose computation fails"
    "The computation overflows or divides by zero, as it would at run time."
    wrong "const A = 1 / 0\n"
    right "const A = 1 / 1\n";
}

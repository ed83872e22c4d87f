//! E01xx: the characters of a token.

super::codes! { LEXICAL:
    E0101 UNKNOWN_CHARACTER "a character that begins no token"
    "The character has no meaning outside strings and comments. Characters that only look like ASCII (curly quotes, a long dash, a no-break space) often come from a word processor."
    wrong "let price = 3 € 4\n"
    right "let price = 3 + 4\n";

    E0102 UNCLOSED_STRING "a string or character that is never closed"
    "A string ends at the next quote of its kind on the same line. Text of several lines stands between triple quotes."
    wrong "print(\"hello)\n"
    right "print(\"hello\")\n";

    E0103 UNCLOSED_COMMENT "a block comment that is never closed"
    "Block comments nest, so every `/*` inside a comment needs a `*/` of its own."
    wrong "/* outer /* inner */\nprint(1)\n"
    right "/* outer /* inner */ */\nprint(1)\n";

    E0104 BAD_ESCAPE "an unknown escape in a string"
    "The escapes are `\\n \\t \\r \\0 \\\\ \\\" \\' \\$`, `\\x7f` with two hexadecimal digits up to 7f (up to ff in a byte string), and `\\u{1F600}`. A raw string `r\"…\"` has no escapes."
    wrong "print(\"C:\\dir\")\n"
    right "print(\"C:\\\\dir\", r\"C:\\dir\")\n";

    E0105 BAD_CHAR_LITERAL "a character literal that is not one character"
    "Single quotes hold exactly one character. Text of any other length is a string, in double quotes."
    wrong "let word = 'ab'\n"
    right "let word = \"ab\"\n";

    E0106 BAD_NUMBER "a malformed number"
    "A number has digits after its `0x`, `0o`, `0b`, after an exponent's `e`, and only digits of its base; `_` may stand between digits. A name cannot follow a number without a space."
    wrong "let mask = 0b102\n"
    right "let mask = 0b101\n";

    E0107 UNCLOSED_INTERPOLATION "an interpolation that is never closed"
    "`${` in a string begins an expression that ends at its `}`. A dollar sign before a brace that is meant as text is written `\\$`."
    wrong "let name = \"Ann\"\nprint(\"hello ${name\")\n"
    right "let name = \"Ann\"\nprint(\"hello ${name}\")\n";

    E0108 BAD_FORMAT_SPEC "a malformed format after the colon of an interpolation"
    "A format is `[[fill]align][sign][0][width][.precision][x|X|b|o|e]`, as in `${total:>10.2}`."
    wrong "let n = 3\nprint(\"${n:wide}\")\n"
    right "let n = 3\nprint(\"${n:>8}\")\n";

    E0109 BAD_INDENTATION "a line of a multi-line string that is indented less than its end"
    "The indentation of the closing quotes is taken off every line, so every line that is not blank must begin with it."
    wrong "let text = \"\"\"\n    one\n  two\n    \"\"\"\n"
    right "let text = \"\"\"\n    one\n      two\n    \"\"\"\n";

    E0110 RESERVED_WORD "a word that is kept for later"
    "`spawn`, `async`, `await` and `yield` mean nothing yet, and cannot be names."
    wrong "let yield = 3\n"
    right "let yielded = 3\n";
}

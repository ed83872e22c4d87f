//! E03xx: names and what they stand for.

super::codes! { NAMES:
    E0301 UNKNOWN_NAME "a name that is not declared"
    "No variable, function, constant or module of this name is visible here. A `let` is visible from the line after it to the end of its block; other files' names need an `import`."
    wrong "let total = 3\nprint(totl)\n"
    right "let total = 3\nprint(total)\n";

    E0302 UNKNOWN_TYPE "a type that is not declared"
    "No struct, enum, trait, alias or type parameter of this name is visible here."
    wrong "fn area(s: Shap) -> int { 0 }\n"
    right "struct Shape { side: int }\nfn area(s: Shape) -> int { s.side * s.side }\n";

    E0303 DUPLICATE_DEFINITION "a name that is declared twice"
    "Two declarations in one place have the same name. A `let` may shadow another, but functions, types, constants, fields, variants and parameters may not."
    wrong "fn f() -> int { 1 }\nfn f() -> int { 2 }\n"
    right "fn f() -> int { 1 }\nfn g() -> int { 2 }\n";

    E0304 UNKNOWN_FIELD "a field that the type does not have"
    "The message names the fields that there are."
    wrong "struct Point { x: int, y: int }\nlet p = Point(1, 2)\nprint(p.z)\n"
    right "struct Point { x: int, y: int }\nlet p = Point(1, 2)\nprint(p.y)\n";

    E0305 UNKNOWN_METHOD "a method that the type does not have"
    "No `impl` for this type, and no trait that it implements, has a method of this name."
    wrong "print([3, 1, 2].lenght())\n"
    right "print([3, 1, 2].len())\n";

    E0306 UNKNOWN_VARIANT "a variant that the enum does not have"
    "The message names the variants that there are."
    wrong "enum Color { Red, Green }\nlet c = Color.Blue\n"
    right "enum Color { Red, Green }\nlet c = Color.Green\n";

    E0307 PRIVATE_NAME "a name that its module keeps to itself"
    "Only names declared with `pub` are seen from other files, and of a public type the fields and methods that do not begin with `_`."
    wrong "" right "";

    E0308 ASSIGN_IMMUTABLE "an assignment to something that cannot change"
    "Only what is declared with `var` can be assigned: variables and fields."
    wrong "let count = 0\ncount = 1\n"
    right "var count = 0\ncount = 1\n";

    E0309 UNKNOWN_LABEL "a label that no surrounding loop has"
    "`break` and `continue` name a loop around them, not one elsewhere or outside the function."
    wrong "fn f() {\n  outer: for _i in 0..3 { continue inner }\n}\n"
    right "fn f() {\n  outer: for _i in 0..3 { continue outer }\n}\n";

    E0310 OUTSIDE_LOOP "`break` or `continue` outside a loop"
    "They act on a loop of the same function; a closure is a function of its own."
    wrong "fn f() { break }\n"
    right "fn f() { loop { break } }\n";

    E0311 OUTSIDE_FUNCTION "`return` or `?` outside a function"
    "Top-level statements belong to no function, so there is nothing to return from."
    wrong "return 3\n"
    right "fn three() -> int { return 3 }\n";

    E0312 UNKNOWN_MODULE "a module that is not there"
    "`import util.text` means the file `util/text.lang` beside the entry file, or a module of the standard library."
    wrong "import mathematics\n"
    right "import math\nprint(math.PI)\n";

    E0313 UNKNOWN_IMPORT "a name that the module does not have"
    "The module was found, but has no public declaration of this name."
    wrong "import math.{sinus}\n"
    right "import math.{sin}\nprint(sin(1.0))\n";

    E0314 INITIALIZER_CYCLE "globals whose values need each other"
    "A global's first value may use globals that are initialised before it."
    wrong "" right "";

    E0315 STATEMENT_IN_MODULE "a statement at the top level of an imported file"
    "Only the entry file has top-level statements. Imported files declare; put the statement into a function."
    wrong "" right "";

    E0316 NO_SELF "`self` or `Self` outside a method"
    "`self` is the first parameter of a method in an `impl` or `trait`; `Self` is the type of that `impl`."
    wrong "fn size() -> int { self.len }\n"
    right "struct Box { len: int }\nimpl Box {\n  fn size(self) -> int { self.len }\n}\n";

    E0317 BAD_MAIN "a `main` of the wrong form"
    "`main` takes nothing or `args: [str]`, and returns nothing, `int` or a `Result<(), E>`."
    wrong "fn main(count: int) { print(count) }\n"
    right "fn main(args: [str]) { print(args) }\n";
}

//! E04xx: types of expressions.

super::codes! { TYPES:
    E0401 TYPE_MISMATCH "a value of the wrong type"
    "The value's type is not the one that its place asks for. Only `int` to `float` and storage types to `int` or `float` convert by themselves; `int(x)`, `float(x)`, `str(x)` and `int.parse(s)` convert explicitly."
    wrong "let n: int = \"three\"\n"
    right "let n: int = 3\n";

    E0402 ARGUMENT_COUNT "too many or too few arguments"
    "Every parameter without a default needs an argument, and every argument a parameter."
    wrong "fn area(w: int, h: int) -> int { w * h }\nprint(area(2))\n"
    right "fn area(w: int, h: int) -> int { w * h }\nprint(area(2, 3))\n";

    E0403 ARGUMENT_NAME "an argument for a parameter that is not there or has one already"
    "An argument's name must be that of a parameter, and each parameter takes one argument."
    wrong "fn area(w: int, h: int) -> int { w * h }\nprint(area(w: 2, height: 3))\n"
    right "fn area(w: int, h: int) -> int { w * h }\nprint(area(w: 2, h: 3))\n";

    E0404 NOT_CALLABLE "a call of something that is no function"
    "Functions, closures and constructors can be called."
    wrong "let n = 3\nprint(n(4))\n"
    right "let n = |x| x + 3\nprint(n(4))\n";

    E0405 NOT_INDEXABLE "an index into something that has none"
    "Arrays, maps, strings (by ranges) and types that implement `Index` have `[ ]`. The parts of a tuple are `.0`, `.1`."
    wrong "let n = 3\nprint(n[0])\n"
    right "let n = [3]\nprint(n[0])\n";

    E0406 BAD_OPERANDS "an operator that these types do not have"
    "Arithmetic is on numbers, `and or not` on `bool`, `+` also joins strings. Other types have operators through the traits `Add`, `Sub`, `Mul`, `Div`, `Rem`, `Neg`, `Eq` and `Ord`."
    wrong "print(true + 1)\n"
    right "print(int(true) + 1)\n";

    E0407 CANNOT_INFER "a type that nothing decides"
    "Neither the value nor any later use says what type this is. Write it down."
    wrong "let xs = []\nprint(xs.len())\n"
    right "let xs: [int] = []\nprint(xs.len())\n";

    E0408 BAD_QUESTION "`?` where it cannot return"
    "`?` takes the value out of a `Result` or an option, or returns the `Err` or `None` from the function, which must therefore return a `Result` or an option."
    wrong "fn twice(s: str) -> int { int.parse(s)? * 2 }\n"
    right "fn twice(s: str) -> Result<int> { Ok(int.parse(s)? * 2) }\n";

    E0409 MISSING_ELSE "an `if` without `else` that must have a value"
    "Without an `else` there is no value when the condition is false."
    wrong "let n = 3\nlet x: int = if n > 2 { 1 }\n"
    right "let n = 3\nlet x: int = if n > 2 { 1 } else { 0 }\n";

    E0410 NOT_ITERABLE "a loop over something that is not a sequence"
    "`for` takes ranges, arrays, maps, strings, and types that implement `Iterator` or `Iterable`."
    wrong "for i in 10 { print(i) }\n"
    right "for i in 0..10 { print(i) }\n";

    E0411 BAD_CONVERSION "a conversion that does not exist"
    "`int`, `float`, `char`, `str` and the storage types convert numbers, and `int` also `bool`, `char` and enums whose variants are bare. Text becomes a number by `int.parse` and `float.parse`."
    wrong "print(int(\"42\"))\n"
    right "print(int.parse(\"42\").unwrap())\n";

    E0412 TYPE_ARGUMENT_COUNT "too many or too few type arguments"
    "A generic type takes as many type arguments as it declares, less those with defaults."
    wrong "struct Pair<A, B> { a: A, b: B }\nfn f(p: Pair<int>) {}\n"
    right "struct Pair<A, B> { a: A, b: B }\nfn f(p: Pair<int, str>) {}\n";

    E0413 RECURSIVE_ALIAS "a type alias that is made of itself"
    "An alias is another name for a type, so it cannot contain itself. A struct or an enum can."
    wrong "type List = (int, List)\n"
    right "enum List { End, Item(int, List) }\n";

    E0414 NO_IDENTITY "`same` on values that are no objects"
    "`same` asks whether two arrays, maps, closures or structs with a `var` field are one object. Everything else is compared with `==`."
    wrong "print(same(1, 1))\n"
    right "print(1 == 1)\n";

    E0415 BAD_CHAIN "`?.` or `??` on something that is no option"
    "`?.` and `??` work on options. For a `Result` write `(r?).f()` or `r.ok()`."
    wrong "let text = \"a\"\nprint(text?.len())\n"
    right "let text: str? = Some(\"a\")\nprint(text?.len())\n";

    E0416 BREAK_VALUE "a `break` with a value out of `for` or `while`"
    "Only `loop` has a value, since only `loop` cannot end by itself."
    wrong "fn f() {\n  for i in 0..3 { break i }\n}\n"
    right "fn f() {\n  let x = loop { break 3 }\n  print(x)\n}\n";

    E0417 FORMAT_TYPE "a format that does not fit the value"
    "A precision is for floats and strings, `x X b o` are for `int`, `e` is for `float`."
    wrong "let n = 3\nprint(\"${n:.2}\")\n"
    right "let n = 3.0\nprint(\"${n:.2}\")\n";

    E0418 INFINITE_TYPE "a type that would contain itself without end"
    "Inference found that a type must be a part of itself, as in a function that returns itself."
    wrong "let xs = []\nxs.push(xs)\n"
    right "let xs = []\nxs.push(1)\n";

    E0419 NOT_A_VALUE "a type or module where a value is needed"
    "A type's name alone is no value: call its constructor. A module's members are reached with a dot."
    wrong "import math\nprint(math)\n"
    right "import math\nprint(math.PI)\n";
}

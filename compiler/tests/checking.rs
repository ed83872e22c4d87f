//! What the type checker finds out, and how often it speaks.

use lang_compiler::ast::Names;
use lang_compiler::diagnostics::{Diagnostic, Sink};
use lang_compiler::driver::{Options, compile};
use lang_compiler::hir;
use lang_compiler::modules::{Search, load};
use lang_compiler::source::{Memory, SourceMap};
use lang_compiler::types::{Purpose, check};

struct Checked {
    diagnostics: Vec<Diagnostic>,
    /// The types of the globals, by name, as they are written.
    globals: Vec<(String, String)>,
}

fn checked(program: &str) -> Checked {
    let files = Memory::new().with("main.lang", program);
    let (mut map, mut names, mut sink) = (SourceMap::new(), Names::new(), Sink::new());
    let modules = load(Search::beside_entry(&files), "main.lang", &mut map, &mut names, &mut sink);
    let checked = check(&modules, Purpose::Program, &mut names, &mut sink);
    let text = |ty| hir::type_text(&checked.program, &checked.types, &names, &[], ty);
    let globals = checked.program.globals.iter();
    let globals = globals.map(|global| (names.text(global.name).to_string(), text(global.ty))).collect();
    Checked { diagnostics: sink.finish(), globals }
}

/// The type of the last global of a program without errors.
fn last_type(program: &str) -> String {
    let checked = checked(program);
    let errors: Vec<&str> =
        checked.diagnostics.iter().filter(|d| d.is_error()).map(|d| d.message.as_str()).collect();
    assert_eq!(errors, [""; 0], "{program}");
    checked.globals.last().map(|(_, ty)| ty.clone()).unwrap_or_default()
}

/// The messages of a program's errors.
fn errors(program: &str) -> Vec<String> {
    let diagnostics = checked(program).diagnostics.into_iter();
    diagnostics.filter(Diagnostic::is_error).map(|d| d.message).collect()
}

#[test]
fn literals_take_the_type_of_their_siblings() {
    assert_eq!(last_type("let x = [1, 2.5]"), "[float]");
    assert_eq!(last_type("let x = max(2, 3.5)"), "float");
    assert_eq!(last_type("let x = 1 + 2.5"), "float");
    assert_eq!(last_type("let x = 7 / 2"), "int");
    assert_eq!(last_type("let x: float = 7 / 2"), "float");
    assert_eq!(last_type("let x = [1.5, 2.5].fold(0, |sum, x| sum + x)"), "float");
}

#[test]
fn later_uses_decide_what_the_first_value_leaves_open() {
    assert_eq!(last_type("let x = []\nx.push(1)"), "[int]");
    assert_eq!(last_type("var x = None\nx = Some(\"a\")"), "str?");
    assert_eq!(last_type("let f = |a, b| a + b\nlet x = f(1, 2)"), "int");
    assert_eq!(last_type("let x = [:]\nx[\"a\"] = [1.5]"), "[str: [float]]");
}

#[test]
fn storage_types_widen_in_names_and_joins() {
    assert_eq!(last_type("let x = u8(3)"), "int");
    assert_eq!(last_type("let xs: [u8] = [1]\nlet x = xs[0]"), "int");
    assert_eq!(last_type("let xs: [u8] = [1]\nlet x = if xs.len() > 0 { xs[0] } else { 1000 }"), "int");
    assert_eq!(last_type("let x = [u8(1), 2]"), "[u8]");
    assert_eq!(last_type("let xs: [f32] = [1]\nlet x = xs.sum()"), "float");
}

#[test]
fn members_are_found_by_type_bound_and_trait() {
    assert_eq!(last_type("let x = [3, 1].map(|n| n.to_str_radix(2)).map(|s| s.len())"), "[int]");
    assert_eq!(last_type("let x = (0..9).filter(|n| n > 3).map(|n| 0.5 * n).collect()"), "[float]");
    let program =
        "trait Named { fn name(self) -> str }\nimpl<T: Show> Named for [T] { fn name(self) -> str { \"\" } }
fn all<T: Named>(x: T) -> str { x.name() }\nlet x = all([1])";
    assert_eq!(last_type(program), "str");
}

#[test]
fn one_mistake_is_one_error() {
    for program in [
        "fn f() -> int { \"a\" }",
        "let x = unknown.a.b(1)[2] + 3\nprint(x, x + 1)",
        "let x = [1, 2].map(|n| n.nope())\nprint(x)",
        "let xs = []\nxs.push(xs)",
        "fn f(n: int) -> int { if n > 1 { 2 } }",
        "struct P { x: int }\nlet p = P(y: 1)\nprint(p.x)",
        "fn f(x: Missing) -> Missing { x }\nprint(f(1))",
        "match 3 { \"a\" => 1, _ => 2 }",
        "let (a, b) = 3\nprint(a + b)",
        "fn f() { return 1 }",
    ] {
        let found = errors(program);
        assert_eq!(found.len(), 1, "{program}: {found:?}");
    }
}

#[test]
fn a_missing_case_is_shown() {
    let missing = |program: &str| errors(program).join("\n");
    let witness = missing("fn f(x: (bool, int?)) -> int {\n  match x { (true, _) => 1, (_, None) => 2 }\n}");
    assert!(witness.contains("`(false, Some(_))`"), "{witness}");
    let witness = missing("fn f(x: [int]) -> int {\n  match x { [] => 1, [_, _, ..] => 2 }\n}");
    assert!(witness.contains("`[_]`"), "{witness}");
    let witness = missing("fn f(x: char) -> int {\n  match x { ..='a' => 1, 'c'.. => 2 }\n}");
    assert!(witness.contains("`'b'`"), "{witness}");
    let witness = missing("fn f(x: str) -> int {\n  match x { \"a\" | \"b\" => 1 }\n}");
    assert!(witness.contains("`_`"), "{witness}");
}

#[test]
fn a_match_of_thousands_of_arms_is_checked_whole() {
    let variants = |skip: usize| (0..3000).filter(move |i| *i != skip);
    let program = |skip: usize| {
        let declared: String = variants(usize::MAX).map(|i| format!("  V{i}(int)\n")).collect();
        let arms: String = variants(skip).map(|i| format!("    V{i}(x) => x\n")).collect();
        format!(
            "enum E {{\n{declared}}}\nfn f(e: E) -> int {{\n  match e {{\n{arms}  }}\n}}\nprint(f(E.V0(1)))\n"
        )
    };
    assert_eq!(errors(&program(usize::MAX)), [""; 0]);
    assert_eq!(errors(&program(2998)), ["this `match` is not exhaustive: `V2998(_)` is missing"]);
}

#[test]
fn a_match_too_intricate_to_check_is_an_error() {
    // Each arm looks at two parts of its own: every choice for the parts before must be followed.
    let width = 40;
    let ty = vec!["bool"; width].join(", ");
    let arm = |at: usize| {
        let parts: Vec<&str> =
            (0..width).map(|i| if i == at || i == width - 1 - at { "true" } else { "_" }).collect();
        format!("    ({}) => {at}\n", parts.join(", "))
    };
    let arms: String = (0..width / 2).map(arm).collect();
    let source = format!("fn f(x: ({ty})) -> int {{\n  match x {{\n{arms}    _ => -1\n  }}\n}}\n");
    assert_eq!(errors(&source), ["this `match` is too intricate to tell whether it is exhaustive"]);
}

#[test]
fn a_fault_in_a_generic_function_of_the_library_is_told_where_it_was_asked_for() {
    let program = "let c = Callback.new(|a: [int]| a.len())\nprint(c.to_ptr().is_null())\n";
    let files = Memory::new().with("main.lang", program);
    let compilation = compile(&files, "main.lang", &Options::default());
    let error = compilation.diagnostics.iter().find(|diagnostic| diagnostic.is_error()).unwrap();
    assert_eq!(error.message, "C cannot call a `fn([int]) -> int`");
    assert_eq!(compilation.map.locate(error.primary.span).unwrap().to_string(), "main.lang:1:9");
}

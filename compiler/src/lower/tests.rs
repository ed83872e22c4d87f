//! The intermediate form of small programs, after optimisation: what the inner loops hold.

use lang_bytecode::FuncId;

use super::Start;
use crate::ast::Names;
use crate::diagnostics::Sink;
use crate::modules::Search;
use crate::source::{Memory, SourceMap};
use crate::types::Purpose;
use crate::{ir, modules, optimize, types};

/// The optimised form of the function `f` of a program.
fn f(source: &str) -> String {
    let files = Memory::new().with("main.lang", source);
    let (mut map, mut names, mut sink) = (SourceMap::new(), Names::new(), Sink::new());
    let modules = modules::load(Search::beside_entry(&files), "main.lang", &mut map, &mut names, &mut sink);
    let mut checked = types::check(&modules, Purpose::Program, &mut names, &mut sink);
    assert!(!sink.has_errors(), "{:#?}", sink.finish());
    let start = checked.program.main.map_or(Start::TopLevel, Start::Main);
    let lowered = super::lower(&checked.program, &mut checked.types, &names, start);
    let mut program = lowered.expect("it can be lowered");
    let at = program.functions.iter().position(|function| &*function.name == "f");
    // As the entry it stays, even where its calls are inlined.
    program.entry = FuncId(at.expect("there is an `f`") as u32);
    optimize::optimize(&mut program, false);
    ir::function_text(&program, &program.functions[program.entry.0 as usize])
}

/// How many lines of a function hold a word.
fn count(text: &str, word: &str) -> usize {
    text.lines().filter(|line| line.contains(word)).count()
}

#[test]
fn a_counted_loop_is_an_increment_and_a_branch() {
    let text = f("fn f(n: int) -> int {\n var t = 0\n for i in 0..n { t += i }\n t\n}\nprint(f(3))");
    assert!(text.contains("v1 = iadd v1, v3\n  v3 = iadd v3, 1\n  if v3 < v0 b1 else b2"), "{text}");
}

#[test]
fn a_loop_to_an_inclusive_end_cannot_overflow() {
    let text = f("fn f(lo: int, hi: int) {\n for i in lo..=hi { print(i) }\n}\nf(int.MAX - 1, int.MAX)");
    let step = text.find(", 1\n").expect("it counts");
    let test = text.find("< v1 b").expect("it tests");
    assert!(step < test, "{text}");
}

#[test]
fn options_and_tuples_allocate_nothing() {
    let source = "fn half(n: int) -> int? { if n % 2 == 0 { Some(n / 2) } else { None } }
fn f(n: int) -> (int, int) {
  match half(n) {
    Some(h) => (h, 1)
    None => (n, 0)
  }
}
print(f(4))";
    let text = f(source);
    assert_eq!(count(&text, "new"), 0, "{text}");
    assert_eq!(count(&text, "call"), 0, "{text}");
    assert_eq!(count(&text, "return"), 2, "{text}");
}

#[test]
fn an_option_of_a_reference_is_the_reference_or_null() {
    let text = f("struct N { next: N?, v: int }
fn f(n: N) -> int { match n.next { Some(m) => m.v, None => 0 } }
print(f(N(None, 1)))");
    assert!(text.contains("nonnull"), "{text}");
    assert_eq!(count(&text, "tag"), 0, "{text}");
}

#[test]
fn conditions_are_branches() {
    let text = f(
        "fn f(a: int, b: int) -> int { if a < b and not (b == 3 or a > 7) { 1 } else { 2 } }\nprint(f(1, 2))",
    );
    assert_eq!(count(&text, "if "), 3, "{text}");
    assert_eq!(count(&text, "mov"), 0, "{text}");
}

#[test]
fn matches_on_many_variants_use_a_table() {
    let text = f("enum E { A(int), B(int), C(int), D(int) }
fn f(e: E) -> int { match e { A(n) => n, B(n) => n + 1, C(n) => n * 2, D(_) => 0 } }
print(f(E.A(1)), f(E.D(2)))");
    assert_eq!(count(&text, "switch"), 1, "{text}");
}

#[test]
fn fields_that_do_not_change_are_read_before_the_loop() {
    let text = f("struct B { cells: [int], var n: int }
fn f(b: B) { for i in 0..100 { b.cells[i] = i * 1_000_003 }\n b.n += 1 }
f(B([], 0))");
    let (read, first) = (text.find("get const").expect("reads the field"), text.find("b1:").expect("loops"));
    assert!(read < first, "{text}");
    assert!(text.find("1000003").expect("the constant") < first, "{text}");
}

#[test]
fn variables_shared_with_closures_live_in_cells_and_others_do_not() {
    let text = f("fn f() -> int {\n var shared = 0\n var own = 1\n let add = |n: int| { shared += n }
 for i in 0..9 { add(i)\n own += 1 }\n shared + own\n}\nprint(f())");
    assert_eq!(count(&text, "new cell"), 1, "{text}");
}

#[test]
fn what_is_deferred_runs_on_every_way_out() {
    let text = f(
        "fn f(n: int) -> int {\n defer print(\"out\")\n if n > 3 { return 1 }\n for i in 0..n { if i == 2 { return i } }\n 0\n}\nprint(f(1))",
    );
    assert_eq!(count(&text, "out_str(1, \"out\\n\")"), 3, "{text}");
}

#[test]
fn a_variable_that_is_assigned_later_in_the_expression_is_read_first() {
    let text = f("fn f(a: int) -> int {\n var x = a\n x + { x = 7\n x }\n}\nprint(f(1))");
    assert!(text.contains("iadd v0, 7"), "{text}");
}

//! Errors that need more than one file.

use lang_compiler::driver::{Emit, Options, compile};
use lang_compiler::source::Memory;

/// What is said of the program `main.lang`: `path:line code`, in order.
fn said(files: &[(&str, &str)]) -> Vec<String> {
    let files = files.iter().fold(Memory::new(), |memory, (path, text)| memory.with(*path, *text));
    let options = Options { emit: Emit::Check, ..Options::default() };
    let compilation = compile(&files, "main.lang", &options);
    let line = |diagnostic: &lang_compiler::diagnostics::Diagnostic| {
        let place = compilation.map.locate(diagnostic.primary.span);
        place.map_or(diagnostic.code.to_string(), |place| {
            format!("{}:{} {}", place.path, place.line, diagnostic.code)
        })
    };
    compilation.diagnostics.iter().map(line).collect()
}

#[test]
fn names_without_pub_stay_at_home() {
    let util = "fn hidden() -> int { 1 }\npub fn shown() -> int { hidden() }\n";
    assert_eq!(said(&[("main.lang", "import util\nprint(util.shown())\n"), ("util.lang", util)]), [""; 0]);
    let found = said(&[("main.lang", "import util\nprint(util.hidden())\n"), ("util.lang", util)]);
    assert_eq!(found, ["main.lang:2 E0307"]);
    let found = said(&[("main.lang", "import util.{hidden}\nprint(hidden())\n"), ("util.lang", util)]);
    assert_eq!(found, ["main.lang:1 E0307"]);
}

#[test]
fn only_the_entry_has_statements() {
    let found =
        said(&[("main.lang", "import util\nprint(util.A)\n"), ("util.lang", "pub const A = 1\nprint(2)\n")]);
    assert_eq!(found, ["util.lang:2 E0315"]);
}

#[test]
fn a_missing_module_is_one_error_an_import() {
    let found =
        said(&[("main.lang", "import nothing\nimport utl\nprint(nothing.x, utl.y)\n"), ("util.lang", "")]);
    assert_eq!(found, ["main.lang:1 E0312", "main.lang:2 E0312"]);
}

#[test]
fn errors_of_all_files_are_reported_together() {
    let found = said(&[
        ("main.lang", "import util\nlet x: int = \"a\"\nprint(x, util.f())\n"),
        ("util.lang", "pub fn f() -> int { \"b\" }\n"),
    ]);
    assert_eq!(found, ["main.lang:2 E0401", "util.lang:1 E0401"]);
}

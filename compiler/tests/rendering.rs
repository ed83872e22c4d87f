//! How diagnostics look, against golden files in `compiler/tests/rendering`.
//!
//! `BLESS=1 cargo test -p lang-compiler --test rendering` writes the files anew; read the difference.

use lang_compiler::diagnostics::{
    Diagnostic, Style, Trap, TrapFrame, TrapPlace, codes, human, json, render_trap,
};
use lang_compiler::source::{SourceFile, SourceMap, Span};

/// Compares with the golden file, or writes it.
fn golden(name: &str, actual: &str) {
    let path = format!("{}/tests/rendering/{name}", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, actual).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(actual, expected, "{name} differs; BLESS=1 accepts it");
}

/// A map with the one file `demo.lang`.
fn map(text: &str) -> SourceMap {
    let mut map = SourceMap::new();
    map.add("demo.lang", text).unwrap();
    map
}

/// The place of the first occurrence.
fn find(map: &SourceMap, part: &str) -> Span {
    find_in(&map.files()[0], part)
}

fn find_in(file: &SourceFile, part: &str) -> Span {
    let at = file.base() + file.text().find(part).unwrap() as u32;
    Span::new(at, at + part.len() as u32)
}

/// The three ways in which a person may see it.
fn three_ways(name: &str, diagnostic: &Diagnostic, map: &SourceMap) {
    golden(&format!("{name}.plain"), &human::render(diagnostic, map, Style::PLAIN));
    golden(&format!("{name}.terminal"), &human::render(diagnostic, map, Style::TERMINAL));
    golden(&format!("{name}.colored"), &human::render(diagnostic, map, Style::COLORED));
}

#[test]
fn a_type_mismatch_with_two_labels_and_a_fix() {
    let map = map("fn main() {\n  let text = \"3\"\n  let n: int = text\n  print(n)\n}\n");
    let text = find(&map, "text\n");
    let text = Span::new(text.lo, text.hi - 1);
    let diagnostic = Diagnostic::new(codes::TYPE_MISMATCH, text, "expected `int`, found `str`")
        .label("this is a `str`")
        .secondary(find(&map, "int"), "expected because of this")
        .suggest(text, "int.parse(text)?", "parse the text");
    three_ways("mismatch", &diagnostic, &map);
}

#[test]
fn labels_in_two_files_and_above_the_error() {
    let mut map = map("struct Point {\n  x: int,\n  y: int,\n}\n\n\nfn f(p: Point) {\n  print(p.z)\n}\n");
    map.add("other/größe.lang", "// größe\npub fn größe(p: Point) -> int { p.z }\n").unwrap();
    let other = find_in(&map.files()[1], "p.z");
    let diagnostic = Diagnostic::new(codes::UNKNOWN_FIELD, find(&map, "p.z"), "`Point` has no field `z`")
        .label("no such field")
        .secondary(find(&map, "Point"), "`Point` is declared here")
        .secondary(other, "and here, too")
        .note("its fields are `x` and `y`")
        .help("write `p.x` or `p.y`");
    three_ways("files", &diagnostic, &map);
}

#[test]
fn a_place_of_several_lines() {
    let map = map(
        "fn area(s: Shape) -> float {\n  match s {\n    Circle(r) => r * r\n    Square(a) => a * a\n  }\n}\n",
    );
    let place = find(&map, "match s {\n    Circle(r) => r * r\n    Square(a) => a * a\n  }");
    let diagnostic = Diagnostic::new(codes::NOT_EXHAUSTIVE, place, "this `match` misses `Empty`")
        .label("`Empty` is not covered")
        .secondary(find(&map, "Shape"), "`s` is a `Shape`");
    three_ways("lines", &diagnostic, &map);
}

#[test]
fn places_far_apart_in_a_long_file() {
    let mut map =
        map(&format!("let a = 1\n{}let b = a\n{}let c = b\n", "\n".repeat(97), "\n".repeat(120_000)));
    map.add("other.lang", "let d = a\n").unwrap();
    let long = Span::new(find(&map, "b = a").lo, find(&map, "c = b").hi);
    let diagnostic = Diagnostic::new(codes::TYPE_MISMATCH, find(&map, "c = b"), "far down")
        .label("here")
        .secondary(find(&map, "a = 1"), "a hundred lines above the next")
        .secondary(long, "long")
        .secondary(find_in(&map.files()[1], "d = a"), "in another file")
        .help("two\nlines");
    three_ways("far_apart", &diagnostic, &map);
}

#[test]
fn wide_characters_emoji_and_tabs() {
    let map = map("\tlet 名前 = \"👩‍👩‍👧 é\"\t+ 1 // größe\n");
    let diagnostic = Diagnostic::new(codes::BAD_OPERANDS, find(&map, "+"), "`str` and `int` cannot be added")
        .label("`+` joins strings")
        .secondary(find(&map, "名前"), "a name")
        .secondary(find(&map, "1"), "an `int`");
    three_ways("wide", &diagnostic, &map);
}

#[test]
fn the_end_of_the_file() {
    for (name, text) in
        [("end_after_newline", "fn main() {\n"), ("end_of_line", "fn main() {"), ("end_empty", "")]
    {
        let map = map(text);
        let end = map.files()[0].span().end();
        let diagnostic =
            Diagnostic::new(codes::UNCLOSED_DELIMITER, end, "expected `}`").label("missing here");
        golden(&format!("{name}.plain"), &human::render(&diagnostic, &map, Style::PLAIN));
    }
}

#[test]
fn a_warning_without_a_label() {
    let map = map("import math\r\nprint(1)\r\n");
    let import = find(&map, "import math");
    let diagnostic = Diagnostic::new(codes::UNUSED_IMPORT, import, "`math` is never used").suggest(
        import,
        "",
        "remove the import",
    );
    three_ways("warning", &diagnostic, &map);
}

#[test]
fn characters_that_a_terminal_would_obey() {
    let map = map("let a = \"\x1b[2J\u{202e}abc\u{2028}\r\" \x07 1\n");
    let diagnostic =
        Diagnostic::new(codes::UNKNOWN_CHARACTER, find(&map, "\x07"), "unknown character `\x07`");
    golden("control.plain", &human::render(&diagnostic, &map, Style::PLAIN));
}

#[test]
fn overlong_lines() {
    let mut map = map(&format!("let a = b + \"{}\"\n", "x".repeat(5000)));
    let diagnostic = Diagnostic::new(codes::UNKNOWN_NAME, find(&map, "b"), "`b` is not declared");
    golden("long.plain", &human::render(&diagnostic, &map, Style::PLAIN));
    map.add("far.lang", format!("{}b", " ".repeat(5000))).unwrap();
    let far = find_in(&map.files()[1], "b");
    let diagnostic = Diagnostic::new(codes::UNKNOWN_NAME, far, "`b` is not declared").help("declare it");
    golden("far.plain", &human::render(&diagnostic, &map, Style::PLAIN));
}

#[test]
fn a_diagnostic_about_no_place() {
    let diagnostic = Diagnostic::new(codes::UNREADABLE_FILE, Span::default(), "cannot read `a.lang`")
        .note("No such file or directory");
    golden("placeless.plain", &human::render(&diagnostic, &SourceMap::new(), Style::PLAIN));
}

#[test]
fn places_that_no_file_has_do_not_panic() {
    let map = map("let größe = 1\n");
    for lo in 0..20 {
        for hi in 0..20 {
            let diagnostic = Diagnostic::new(codes::UNKNOWN_NAME, Span::new(lo, hi), "m")
                .secondary(Span::new(hi, lo), "s")
                .suggest(Span::new(lo, hi), "r", "write");
            assert!(human::render(&diagnostic, &map, Style::COLORED).contains("error[E0301]"));
            assert!(json::render(&diagnostic, &map).ends_with("}\n"));
        }
    }
}

#[test]
fn json_has_the_fields_of_rustc() {
    let map = map("\u{feff}let größe = x && y\n");
    let and = find(&map, "&&");
    let diagnostic = Diagnostic::new(codes::FOREIGN_SYNTAX, and, "`&&` is written `and`")
        .label("not an operator here")
        .secondary(find(&map, "größe"), "in this `let`")
        .note("a note")
        .suggest(and, "and", "write `and`");
    golden("object.json", &json::render(&diagnostic, &map));
}

#[test]
fn runtime_errors() {
    let source = "fn half(n: int) -> int { n / 0 }\n\nprint(half(4))\n";
    let place = |line, column, length| TrapPlace { path: "demo.lang", line, column, length };
    let frames = [
        TrapFrame { function: "half", place: Some(place(1, 26, 5)), repeats: 1 },
        TrapFrame { function: "", place: Some(place(3, 7, 7)), repeats: 1 },
        TrapFrame { function: "host", place: None, repeats: 1 },
        TrapFrame { function: "<entry>", place: None, repeats: 1 },
    ];
    let trap = Trap {
        message: "division by zero\n4 / 0",
        place: frames[0].place.clone(),
        source: Some(source),
        frames: &frames,
        omitted: 0,
    };
    golden("trap.plain", &render_trap(&trap, Style::PLAIN));
    golden("trap.colored", &render_trap(&trap, Style::COLORED));
    golden("trap_without_source.plain", &render_trap(&Trap { source: None, ..trap.clone() }, Style::PLAIN));
    let changed = Trap { source: Some("one line"), place: Some(place(7, 1, 1)), ..trap.clone() };
    golden("trap_changed_source.plain", &render_trap(&changed, Style::PLAIN));
    let deep = vec![frames[0].clone(); 100_000];
    golden("trap_deep.plain", &render_trap(&Trap { frames: &deep, ..trap.clone() }, Style::PLAIN));
    let mutual: Vec<_> =
        deep.iter().cloned().zip(frames[1..2].iter().cycle().cloned()).flat_map(<[_; 2]>::from).collect();
    golden("trap_mutual.plain", &render_trap(&Trap { frames: &mutual, ..trap }, Style::PLAIN));
}

//! Tests of the grammar by the tree's text form, and of its errors.

mod declarations;
mod deletions;
mod errors;
mod expressions;
mod patterns;
mod robustness;
mod statements;

use std::sync::Arc;

use super::{Parsed, parse};
use crate::ast::{Names, dump};
use crate::source::{SourceFile, SourceMap};

/// Runs a test on a stack as large as the compiler's.
fn on_large_stack<T: Send + 'static>(test: impl FnOnce() -> T + Send + 'static) -> T {
    let thread = std::thread::Builder::new().stack_size(256 << 20).spawn(test).expect("a thread starts");
    match thread.join() {
        Ok(value) => value,
        Err(panic) => std::panic::resume_unwind(panic),
    }
}

fn parse_text(source: &str) -> (Arc<SourceFile>, Names, Parsed) {
    let mut map = SourceMap::new();
    let id = map.add("test.lang", source).expect("the text is small");
    let file = map.file(id).clone();
    let mut names = Names::new();
    let parsed = parse(&file, &mut names);
    (file, names, parsed)
}

/// The text form of a program without errors.
fn tree(source: &str) -> String {
    let source = source.to_owned();
    on_large_stack(move || {
        let (_, names, parsed) = parse_text(&source);
        assert!(parsed.diagnostics.is_empty(), "{source}\n{:#?}", parsed.diagnostics);
        dump(&parsed.ast, &names).trim_end().to_owned()
    })
}

/// Every error of a program as `line:column message`.
fn errors(source: &str) -> Vec<String> {
    let source = source.to_owned();
    on_large_stack(move || {
        let (file, _, parsed) = parse_text(&source);
        let show = |d: &crate::diagnostics::Diagnostic| {
            let (line, column) = file.line_column(d.primary.span.lo);
            format!("{line}:{column} {}", d.message)
        };
        parsed.diagnostics.iter().map(show).collect()
    })
}

/// Checks pairs of a program and its text form.
fn check(pairs: &[(&str, &str)]) {
    for (source, expected) in pairs {
        assert_eq!(tree(source), *expected, "{source}");
    }
}

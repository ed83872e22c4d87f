//! The standard library, checked whole: a program checks only what it reaches.

use lang_compiler::ast::Names;
use lang_compiler::diagnostics::{Sink, Style, human};
use lang_compiler::modules::{Search, load, module_names};
use lang_compiler::source::{Memory, SourceMap};
use lang_compiler::types::check_everything;

/// What the check of a program and the whole standard library says.
fn reports(program: &str) -> String {
    let files = Memory::new().with("main.lang", program);
    let (mut map, mut names, mut sink) = (SourceMap::new(), Names::new(), Sink::new());
    let modules = load(Search::beside_entry(&files), "main.lang", &mut map, &mut names, &mut sink);
    check_everything(&modules, &mut names, &mut sink);
    let errors = sink.finish().into_iter().filter(|diagnostic| diagnostic.is_error());
    errors.map(|diagnostic| human::render(&diagnostic, &map, Style::PLAIN)).collect()
}

#[test]
fn every_function_of_the_standard_library_is_right() {
    let program: String = module_names().map(|name| format!("import {name}\n")).collect();
    assert_eq!(reports(&program), "");
}

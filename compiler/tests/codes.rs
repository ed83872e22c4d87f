//! The examples in the table of codes: a wrong one gives exactly its code, a right one nothing.

use lang_compiler::diagnostics::Code;
use lang_compiler::driver::{Emit, Options, compile};
use lang_compiler::source::Memory;

/// The codes that a program gives, in order.
fn codes(program: &str) -> Vec<&'static str> {
    let files = Memory::new().with("example.lang", program);
    let options = Options { emit: Emit::Check, ..Options::default() };
    let compilation = compile(&files, "example.lang", &options);
    compilation.diagnostics.iter().map(|diagnostic| diagnostic.code.number()).collect()
}

#[test]
fn wrong_examples_give_their_code() {
    let failures: Vec<String> = Code::all()
        .filter(|code| !code.info().wrong.is_empty())
        .map(|code| (code, codes(code.info().wrong)))
        .filter(|(code, found)| *found != [code.number()])
        .map(|(code, found)| format!("{code} gives {found:?}:\n{}", code.info().wrong))
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn right_examples_give_nothing() {
    let failures: Vec<String> = Code::all()
        .map(|code| (code, codes(code.info().right)))
        .filter(|(_, found)| !found.is_empty())
        .map(|(code, found)| format!("{code}'s right example gives {found:?}:\n{}", code.info().right))
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

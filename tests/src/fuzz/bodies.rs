//! What is done with an input: compile it, load it, run it. Any bytes end in an error or a run.

use lang_bytecode::Module;
use lang_compiler::diagnostics::{Style, codes, human, json};
use lang_compiler::driver::{self, Options, Output};
use lang_compiler::source::Memory;

const NAME: &str = "fuzz.lang";

/// Compiles the bytes as source text, and shows every diagnostic in each form.
///
/// # Panics
/// When the compiler owns up to a fault of its own.
pub fn compile(source: &[u8]) -> Option<Module> {
    let files = Memory::new().with(NAME, source);
    let compilation = driver::compile(&files, NAME, &Options::default());
    for diagnostic in compilation.diagnostics.iter().take(20) {
        assert!(diagnostic.code != codes::INTERNAL, "{}", diagnostic.message);
        for (color, unicode) in [(false, false), (true, true)] {
            human::render(diagnostic, &compilation.map, Style { color, unicode });
        }
        json::render(diagnostic, &compilation.map);
    }
    let failed = compilation.diagnostics.iter().any(|diagnostic| diagnostic.is_error());
    assert_eq!(failed, compilation.failed(), "errors and no output go together");
    match compilation.output {
        Some(Output::Module(module)) => Some(*module),
        _ => None,
    }
}

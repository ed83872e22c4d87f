//! What is done with an input: compile it, load it, run it. Any bytes end in an error or a run.

use lang_bytecode::{Module, VerifiedModule};
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
    assert!(!failed || compilation.failed(), "a wrong program has no output");
    match compilation.output {
        Some(Output::Module(module)) => Some(*module),
        _ => None,
    }
}

/// Loads the bytes as a bytecode file, and runs the program if it is safe.
pub fn load_and_run(bytes: &[u8]) {
    if let Ok(module) = lang_bytecode::read(bytes) {
        verify_and_run(module);
    }
}

/// Runs a module if the verifier lets it pass. What passes can be written and read again.
///
/// # Panics
/// When the file that is written for the module holds another one.
pub fn verify_and_run(module: Module) {
    let Ok(verified) = lang_bytecode::verify(module) else { return };
    let again = lang_bytecode::read(&lang_bytecode::write(&verified));
    assert!(again.is_ok_and(|again| same(&again, &verified)), "a module changes when it is written and read");
    run(verified);
}

/// Equal as text, since `NaN` constants are equal to nothing.
fn same(one: &Module, other: &Module) -> bool {
    one == other || format!("{one:?}") == format!("{other:?}")
}

fn run(_: VerifiedModule) {}

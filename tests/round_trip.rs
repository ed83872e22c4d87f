//! Bytecode goes to its text form and back without the loss of a byte.

use lang_bytecode::{Module, assemble, disassemble, write};
use lang_tests::fuzz::{corpus, generate, random::Random};

/// How many random modules are tried.
const RANDOM_MODULES: u64 = 2000;

fn comes_back(name: &str, module: &Module) {
    let text = disassemble(module);
    match assemble(&text) {
        Ok(again) => assert!(write(&again) == write(module), "{name} comes back as another file"),
        Err(error) => panic!("{name}: {error}: {}", text.lines().nth(error.line - 1).unwrap_or_default()),
    }
}

#[test]
fn programs_of_the_tests_come_back() {
    let modules = corpus::modules();
    assert!(modules.len() > 100);
    for (number, module) in modules.iter().enumerate() {
        comes_back(&format!("program {number} (`{}`)", module.name), module);
    }
}

#[test]
fn random_modules_come_back() {
    for case in 0..RANDOM_MODULES {
        comes_back(&format!("module {case}"), &generate::module(&mut Random::of_case(8, case)));
    }
}

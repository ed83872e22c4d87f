//! Bytecode goes to its text form and back without the loss of a byte.

use lang_bytecode::{Module, assemble_file, disassemble, read, verify, write};
use lang_tests::fuzz::{generate, random::Random};
use lang_tests::programs;

/// How many random modules are tried on an ordinary day; `LANG_FUZZ_COUNT` asks for more.
const RANDOM_MODULES: u64 = 300;

/// `.bc` to `.lasm` to `.bc`, as `langc` does it.
fn comes_back(name: &str, module: &Module) {
    let file = write(module);
    let module = read(&file).unwrap_or_else(|error| panic!("{name}: {error}"));
    let text = disassemble(&module);
    match assemble_file("other.lasm", &text) {
        Ok(again) => assert!(write(&again) == file, "{name} comes back as another file"),
        Err(error) => panic!("{name}: {error}: {}", text.lines().nth(error.line - 1).unwrap_or_default()),
    }
}

#[test]
fn programs_of_the_tests_come_back() {
    let programs = programs::all();
    assert!(programs.len() > 200, "only {} programs", programs.len());
    programs.iter().for_each(|program| comes_back(&program.path.display().to_string(), &program.module));
}

#[test]
fn random_valid_modules_come_back() {
    let count = std::env::var("LANG_FUZZ_COUNT").ok().and_then(|count| count.parse().ok());
    for case in 0..count.unwrap_or(RANDOM_MODULES) {
        let module = generate::decorated_module(&mut Random::of_case(8, case));
        comes_back(&format!("module {case}"), &module);
        if let Err(error) = verify(module) {
            panic!("module {case} is not valid: {error}");
        }
    }
}

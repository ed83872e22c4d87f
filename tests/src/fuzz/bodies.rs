//! What is done with an input: compile it, load it, run it. Any bytes end in an error or a run.

use super::differential::Known;
use lang_bytecode::{Module, TrapKind, VerifiedModule};
use lang_compiler::diagnostics::{Style, codes, human, json};
use lang_compiler::driver::{self, Options, Output};
use lang_compiler::source::Memory;
use lang_runtime::{Config, Vm};
use std::io::Write;
use std::sync::{Arc, Mutex};

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
    let _ = run(verified);
}

/// Equal as text, since `NaN` constants are equal to nothing.
fn same(one: &Module, other: &Module) -> bool {
    one == other || format!("{one:?}") == format!("{other:?}")
}

/// How a run ended: the status, or the kind of error.
pub type Ended = Result<i32, TrapKind>;

/// Runs a program under every limit; gives what it wrote, and how it ended.
pub fn run(module: VerifiedModule) -> (Vec<u8>, Ended) {
    const FUEL: u64 = 200_000;
    const STACK: usize = 1 << 20;
    const HEAP: usize = 64 << 20;
    let config = Config {
        max_stack: STACK,
        max_heap: Some(HEAP),
        fuel: Some(FUEL),
        sandbox: true,
        ..Config::default()
    };
    let mut vm = Vm::new(config).expect("memory for a small machine");
    let written = Written::default();
    vm.set_output(Box::new(written.clone()), Box::new(std::io::sink()));
    vm.set_input(Box::new(std::io::empty()));
    if vm.load(module).is_err() {
        return (Vec::new(), Ok(0));
    }
    let ended = vm.run(&[]).map_err(|error| {
        // Its words and places are a part of what must not fail.
        let _ = error.to_string();
        error.kind
    });
    (written.take(), ended)
}

/// What a program wrote, up to a limit: a loop may write without end.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Written {
    fn take(&self) -> Vec<u8> {
        self.0.lock().map(|mut bytes| std::mem::take(&mut *bytes)).unwrap_or_default()
    }
}

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        const MOST: usize = 1 << 20;
        if let Ok(mut kept) = self.0.lock()
            && kept.len() < MOST
        {
            kept.extend_from_slice(bytes);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Compiles and runs a program of which everything is known, and compares.
///
/// # Panics
/// When the program does something else.
pub fn agree(known: &Known) {
    let module = compile(known.source.as_bytes()).expect("the program is right");
    let verified = lang_bytecode::verify(module).expect("the compiler makes safe code");
    let (stdout, ended) = run(verified);
    let stdout = String::from_utf8_lossy(&stdout);
    if ended == Err(TrapKind::OutOfFuel) && known.stdout.starts_with(&*stdout) {
        return;
    }
    let trap = ended.err().map(TrapKind::word);
    assert!(
        stdout == known.stdout && trap == known.trap,
        "printed, then {trap:?}:\n{stdout}\nexpected, then {:?}:\n{}",
        known.trap,
        known.stdout
    );
}

//! What is done with an input: compile it, load it, run it. Any bytes end in an error or a run.

use super::differential::Known;
use lang_bytecode::{Module, TrapKind, VerifiedModule};
use lang_compiler::diagnostics::{Style, codes, human, json};
use lang_compiler::driver::{self, Options, Output};
use lang_compiler::source::Memory;
use lang_runtime::{CallFrame, Config, JitMode, JitOptions, TraceMode, TraceOptions, Vm};
use std::io::Write;
use std::sync::{Arc, Mutex};

const NAME: &str = "fuzz.lang";

/// Compiles the bytes as source text, and shows every diagnostic in each form; gives the module, or the errors.
///
/// # Panics
/// When the compiler owns up to a fault of its own.
pub fn compile(source: &[u8]) -> Result<Module, String> {
    let files = Memory::new().with(NAME, source);
    let compilation = driver::compile(&files, NAME, &Options::default());
    const MOST_ERRORS: usize = 20_000;
    let mut errors = String::new();
    for diagnostic in &compilation.diagnostics {
        assert!(diagnostic.code != codes::INTERNAL, "{}", diagnostic.message);
        // Warnings can be many, and errors too.
        if errors.len() > MOST_ERRORS || !diagnostic.is_error() && compilation.diagnostics.len() > 100 {
            continue;
        }
        let plain = human::render(diagnostic, &compilation.map, Style { color: false, unicode: false });
        human::render(diagnostic, &compilation.map, Style { color: true, unicode: true });
        json::render(diagnostic, &compilation.map);
        if diagnostic.is_error() {
            errors.push_str(&plain);
        }
    }
    let failed = compilation.diagnostics.iter().any(|diagnostic| diagnostic.is_error());
    assert_eq!(failed, compilation.failed(), "errors and no output go together");
    match compilation.output {
        Some(Output::Module(module)) => Ok(*module),
        _ => Err(errors),
    }
}

/// Loads the bytes as a bytecode file, and runs the program if it is safe.
pub fn load_and_run(bytes: &[u8]) {
    if let Ok(module) = lang_bytecode::read(bytes) {
        verify_and_run(module);
    }
}

/// Loads the bytes as a bytecode file, and runs the program if it is safe: briefly, and with everything moved at every few allocations.
pub fn load_and_stress(bytes: &[u8]) {
    if let Ok(module) = lang_bytecode::read(bytes)
        && let Ok(verified) = lang_bytecode::verify(module)
    {
        // A collection looks at the whole heap and stack, so both are small.
        let (max_heap, max_stack) = (Some(1 << 20), 1 << 16);
        let _ = run_with(
            verified,
            Config { fuel: Some(1000), gc_stress: Some(7), max_heap, max_stack, ..limited() },
        );
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
    run_with(module, limited())
}

/// Runs a program for so many turns and calls, with room enough for what it makes; gives what it wrote, and how it ended.
pub fn run_for(module: VerifiedModule, fuel: u64) -> (Vec<u8>, Ended) {
    run_with(module, Config { fuel: Some(fuel), ..limited() })
}

/// A machine with every limit.
fn limited() -> Config {
    const FUEL: u64 = 200_000;
    const STACK: usize = 1 << 20;
    const HEAP: usize = 64 << 20;
    Config { max_stack: STACK, max_heap: Some(HEAP), fuel: Some(FUEL), sandbox: true, ..Config::default() }
}

fn run_with(module: VerifiedModule, config: Config) -> (Vec<u8>, Ended) {
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

/// How a run ended, with the words and places of an error.
type Outcome = (Vec<u8>, Result<i32, (TrapKind, String, Vec<CallFrame>)>);

/// Runs a program in the interpreter and compiled, each function before its first call or in the middle of everything.
///
/// # Panics
/// Where there is a difference, but for how deep the stack and how full the heap can get.
pub fn engines_agree(module: Module) {
    let Ok(verified) = lang_bytecode::verify(module) else { return };
    let jit = |mode, threshold| JitOptions { mode, threshold, memory: 1 << 20, ..JitOptions::default() };
    let depends =
        |outcome: &Outcome| matches!(&outcome.1, Err((TrapKind::StackOverflow | TrapKind::OutOfMemory, ..)));
    let stress = Some(13);
    let config = || Config {
        fuel: Some(20_000),
        gc_stress: stress,
        max_heap: Some(4 << 20),
        max_stack: 1 << 16,
        ..limited()
    };
    let interpreted = outcome(verified.clone(), config());
    for options in [jit(JitMode::Force, 1), jit(JitMode::On, 1)] {
        let mode = options.mode;
        let compiled = outcome(verified.clone(), Config { jit: options, ..config() });
        let excused = depends(&interpreted) || depends(&compiled);
        assert!(excused || interpreted == compiled, "interpreted {interpreted:?}\n{mode:?} {compiled:?}");
    }
}

/// Runs a program that is known to be short in the interpreter, and then as those do who are in a hurry: without fuel, which keeps
/// the optimiser from little, each function compiled before its first call, or functions and loops while they run.
///
/// # Panics
/// Where there is a difference, but for how deep the stack and how full the heap can get.
pub fn tiers_agree(module: Module, case: u64) {
    const FUEL: u64 = 4_000_000;
    let Ok(verified) = lang_bytecode::verify(module) else { return };
    let interpreted = outcome(verified.clone(), Config { fuel: Some(FUEL), ..limited() });
    if matches!(
        interpreted.1,
        Err((TrapKind::OutOfFuel | TrapKind::StackOverflow | TrapKind::OutOfMemory, ..))
    ) {
        return;
    }
    let jit = |mode, threshold| JitOptions {
        mode,
        threshold,
        memory: 4 << 20,
        wait: true,
        ..JitOptions::default()
    };
    let stress = case.is_multiple_of(4).then_some(1 + case as u32 % 13);
    // Loops are entered at once, or after functions that are called in them were compiled.
    let threshold = [1, 3, 10, 60][case as usize % 4];
    let stressed = stress.map(|_| (jit(JitMode::Force, 1), stress));
    let ways = [(jit(JitMode::Force, 1), None), (jit(JitMode::On, threshold), None)];
    for (options, gc_stress) in ways.into_iter().chain(stressed) {
        let way = format!("{:?} {} {gc_stress:?}", options.mode, options.threshold);
        let compiled = outcome(verified.clone(), Config { jit: options, fuel: None, gc_stress, ..limited() });
        if interpreted != compiled {
            panic!("interpreted {}\n{way} {}", shown(&interpreted), shown(&compiled));
        }
    }
}

/// The end of what was written, and how it ended.
fn shown((written, ended): &Outcome) -> String {
    const MOST: usize = 1000;
    let end = &written[written.len().saturating_sub(MOST)..];
    format!("{ended:?} behind {} bytes:\n{}", written.len(), String::from_utf8_lossy(end))
}

/// Runs a program with and without a trace, while objects move.
///
/// # Panics
/// Where there is a difference.
pub fn trace_changes_nothing(module: Module) {
    let Ok(verified) = lang_bytecode::verify(module) else { return };
    let (max_heap, max_stack) = (Some(1 << 20), 1 << 16);
    let config = || Config { fuel: Some(1000), gc_stress: Some(7), max_heap, max_stack, ..limited() };
    let plain = outcome(verified.clone(), config());
    for mode in [TraceMode::Functions, TraceMode::Instructions] {
        let trace = Some(TraceOptions { mode, filter: None });
        let traced = outcome(verified.clone(), Config { trace, ..config() });
        assert!(plain == traced, "without a trace {plain:?}\n{mode:?} {traced:?}");
    }
}

fn outcome(module: VerifiedModule, config: Config) -> Outcome {
    let mut vm = Vm::new(config).expect("memory for a small machine");
    let written = Written::default();
    vm.set_output(Box::new(written.clone()), Box::new(std::io::sink()));
    vm.set_input(Box::new(std::io::empty()));
    if vm.load(module).is_err() {
        return (Vec::new(), Ok(0));
    }
    let ended = vm.run(&[]).map_err(|error| (error.kind, error.message, error.frames));
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

/// Compiles and runs a program of which everything is known; tells what it does otherwise.
///
/// # Errors
/// What differs, in words.
pub fn agree(known: &Known) -> Result<(), String> {
    let module =
        compile(known.source.as_bytes()).map_err(|errors| format!("the program is right, but:\n{errors}"))?;
    let verified =
        lang_bytecode::verify(module).map_err(|error| format!("the verifier refuses it: {error}"))?;
    let (stdout, ended) = run(verified);
    let stdout = String::from_utf8_lossy(&stdout);
    if ended == Err(TrapKind::OutOfFuel) && known.stdout.starts_with(&*stdout) {
        return Ok(());
    }
    let trap = ended.err().map(TrapKind::word);
    if stdout == known.stdout && trap == known.trap {
        return Ok(());
    }
    Err(format!("it printed, then {trap:?}:\n{stdout}\nexpected, then {:?}:\n{}", known.trap, known.stdout))
}

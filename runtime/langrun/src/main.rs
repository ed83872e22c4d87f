//! `langrun`: the command line of the runtime.
//!
//! Runs bytecode, or compiles source in memory and runs that. Exit status: the program's own; 1 where the source is wrong, 2
//! for a wrong command line, 3 for bytecode that cannot be used, 101 after a runtime error, 130 when interrupted.

mod arguments;
mod interrupt;
mod program;
mod repl;
mod report;

use std::io::Write as _;
use std::process::ExitCode;

use lang_bytecode::TrapKind;
use lang_runtime::heap::Pause;
use lang_runtime::{Config, JitMode, LoadError, Vm};

use arguments::{Arguments, Emit};
use program::load;

/// The status after a runtime error.
const RUNTIME_ERROR: u8 = 101;
/// The status of bytecode that cannot be used, and of a host without the means to.
const REFUSED: u8 = 3;
/// The status after an interrupt.
const INTERRUPTED: u8 = 130;

fn main() -> ExitCode {
    let arguments = arguments::parse();
    let Some(file) = &arguments.file else { return repl::run(&arguments) };
    let module = match load(file, &arguments.libraries, arguments.trace.is_some()) {
        Ok(module) => module,
        Err(refusal) => return refusal.report(),
    };
    let mut vm = match machine(&arguments) {
        Ok(vm) => vm,
        Err(error) if error.kind() == std::io::ErrorKind::Unsupported => {
            return report::fail(&error.to_string(), REFUSED);
        }
        Err(error) => return report::fail(&format!("cannot make room for the program: {error}"), REFUSED),
    };
    match vm.load(module) {
        Ok(()) => {}
        Err(LoadError::Foreign(error)) => {
            report::foreign_error(&error);
            return ExitCode::from(RUNTIME_ERROR);
        }
        Err(error) => return report::fail(&error.to_string(), REFUSED),
    }
    if let Some(emit) = &arguments.emit {
        return show(&mut vm, emit);
    }
    if arguments.jit.mode == JitMode::Off {
        // Compiled code would look for interrupts all the time; without a handler they end the process.
        interrupt::catch(vm.interrupt_handle());
    }
    let status = match vm.run(&arguments.rest) {
        Ok(status) => ExitCode::from(status as u8),
        Err(error) if error.kind == TrapKind::Interrupted => ExitCode::from(INTERRUPTED),
        Err(error) => {
            report::runtime_error(&error);
            ExitCode::from(RUNTIME_ERROR)
        }
    };
    if arguments.gc_stats {
        let stats = vm.heap_stats();
        eprintln!(
            "gc: {} allocations, {} collections, {} of all, {} bytes promoted",
            stats.allocations, stats.collections, stats.major, stats.copied
        );
        for kind in Pause::ALL {
            let pauses = stats.pauses.of(kind);
            if pauses.count() > 0 {
                let (shortest, median, longest) = (pauses.shortest(), pauses.median(), pauses.longest());
                eprintln!(
                    "gc: {} pauses ({}): {shortest:.1?} at least, {median:.1?} in the median, {longest:.1?} at most",
                    pauses.count(),
                    kind.name()
                );
            }
        }
    }
    if let Some(stats) = vm.jit_stats().filter(|_| arguments.jit_stats) {
        eprintln!("jit: {stats}");
    }
    vm.abandon_compiling();
    status
}

fn machine(arguments: &Arguments) -> std::io::Result<Vm> {
    let defaults = Config::default();
    Vm::new(Config {
        max_stack: arguments.max_stack.unwrap_or(defaults.max_stack),
        max_heap: arguments.max_heap,
        fuel: arguments.fuel,
        sandbox: arguments.sandbox,
        gc_stress: arguments.gc_stress,
        gc_stats: arguments.gc_stats,
        fail_allocation: arguments.fail_allocation,
        starve_lists: arguments.starve_lists,
        jit: arguments.jit.clone(),
        trace: arguments.trace.clone(),
    })
}

/// Prints a function as the code generator is given it, or as machine code.
fn show(vm: &mut Vm, emit: &Emit) -> ExitCode {
    let (Emit::Clif(name) | Emit::Native(name)) = emit;
    if let Some((clif, native)) = vm.compiled_text(name) {
        let text = if matches!(emit, Emit::Clif(_)) { clif } else { native };
        // Nobody is there to hear that nobody listens.
        let _ = std::io::stdout().lock().write_all(text.as_bytes());
        return ExitCode::SUCCESS;
    }
    report::fail(&format!("no function `{name}` is compiled"), REFUSED)
}

//! `langrun`: the command line of the runtime.
//!
//! Runs bytecode, or compiles source in memory and runs that. Exit status: the program's own; 1 where the source is wrong, 2
//! for a wrong command line, 3 for bytecode that cannot be used, 101 after a runtime error, 130 when interrupted.

mod arguments;
mod interrupt;
mod program;
mod report;

use std::process::ExitCode;

use lang_bytecode::TrapKind;
use lang_runtime::{Config, Vm};

use arguments::Arguments;
use program::load;

/// The status after a runtime error.
const RUNTIME_ERROR: u8 = 101;
/// The status of bytecode that cannot be used, and of a host without the means to.
const REFUSED: u8 = 3;
/// The status after an interrupt.
const INTERRUPTED: u8 = 130;

fn main() -> ExitCode {
    let arguments = arguments::parse();
    let module = match load(&arguments.file) {
        Ok(module) => module,
        Err(refusal) => return refusal.report(),
    };
    let mut vm = match machine(&arguments) {
        Ok(vm) => vm,
        Err(error) => return report::fail(&format!("cannot make room for the program: {error}"), REFUSED),
    };
    if let Err(error) = vm.load(module) {
        return report::fail(&error.to_string(), REFUSED);
    }
    interrupt::catch(vm.interrupt_handle());
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
            "gc: {} allocations, {} collections, {} bytes copied",
            stats.allocations, stats.collections, stats.copied
        );
    }
    // Its memory goes with the process.
    std::mem::forget(vm);
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
    })
}

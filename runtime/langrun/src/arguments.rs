//! The command line.

use std::io::IsTerminal as _;

use clap::error::ErrorKind;
use clap::{CommandFactory as _, Parser};
use lang_runtime::{JitMode, JitOptions, TraceMode, TraceOptions};

/// Runs programs of the language Lang, from source or from bytecode.
#[derive(Parser)]
#[command(
    name = "langrun",
    version,
    override_usage = "langrun [OPTIONS] FILE [ARGUMENTS]...\n       langrun [OPTIONS] [--repl]"
)]
struct CommandLine {
    /// Stop with an error after so many calls and turns of loops
    #[arg(long, value_name = "N")]
    fuel: Option<u64>,

    /// How large the stack of calls may get, as `64M`
    #[arg(long, value_name = "SIZE", value_parser = size)]
    max_stack: Option<usize>,

    /// How much memory objects may take, as `2G`
    #[arg(long, value_name = "SIZE", value_parser = size)]
    max_heap: Option<usize>,

    /// Keep the program from files, processes, the network and the environment
    #[arg(long)]
    sandbox: bool,

    /// Collect at every N-th allocation, or at each, to find errors of the runtime
    #[arg(long, value_name = "N", num_args = 0..=1, default_missing_value = "1", require_equals = true, hide = true, overrides_with = "gc_stress")]
    gc_stress: Option<u32>,

    /// Say at the end what was allocated and collected
    #[arg(long, hide = true)]
    gc_stats: bool,

    /// Let the N-th allocation fail, to see that every one may
    #[arg(long, value_name = "N", hide = true)]
    fail_allocation: Option<u64>,
    /// Let none of the collector's lists grow, as if the system refused memory
    #[arg(long, hide = true)]
    starve_lists: bool,

    /// Compile hot functions to machine code in the background; `force` compiles each before its first call
    #[arg(long, value_name = "force", num_args = 0..=1, default_missing_value = "on", require_equals = true, value_parser = ["on", "force", "off"])]
    jit: Option<String>,

    /// Calls of a function before it is compiled
    #[arg(long, value_name = "N")]
    jit_threshold: Option<u32>,

    /// Wait for what is being compiled, to see the same each time
    #[arg(long, hide = true)]
    jit_wait: bool,

    /// How much memory machine code may take, as `64M`
    #[arg(long, value_name = "SIZE", value_parser = size)]
    jit_memory: Option<usize>,

    /// Say at the end what was compiled
    #[arg(long)]
    jit_stats: bool,

    /// Write /tmp/perf-PID.map, so that `perf` knows compiled functions
    #[arg(long)]
    perf_map: bool,

    /// Print what the code generator is given for a function, and do not run
    #[arg(long, value_name = "FUNCTION")]
    emit_clif: Option<String>,

    /// Print the machine code of a function, and do not run
    #[arg(long, value_name = "FUNCTION")]
    emit_native: Option<String>,

    /// Show each call and return, or each instruction, on standard error
    #[arg(long, value_name = "functions|instructions", num_args = 0..=1, default_missing_value = "instructions", require_equals = true, value_parser = ["functions", "instructions"], hide_possible_values = true)]
    trace: Option<String>,

    /// Trace functions whose names hold this text
    #[arg(long, value_name = "NAME", requires = "trace")]
    trace_filter: Option<String>,

    /// For a source file: a folder with modules to import, behind the program's own; LANG_PATH may name more
    #[arg(short = 'L', long = "library", value_name = "DIR")]
    libraries: Vec<String>,

    /// Read and run what is typed, line by line: without FILE, a terminal gets this anyway
    #[arg(long, conflicts_with = "command")]
    repl: bool,

    /// The program, `-` for standard input; what follows belongs to it
    #[arg(value_name = "FILE", trailing_var_arg = true, num_args = 1..)]
    command: Vec<std::ffi::OsString>,
}

/// What is to be run, and how.
pub(crate) struct Arguments {
    pub(crate) fuel: Option<u64>,
    pub(crate) max_stack: Option<usize>,
    pub(crate) max_heap: Option<usize>,
    pub(crate) sandbox: bool,
    pub(crate) gc_stress: Option<u32>,
    pub(crate) gc_stats: bool,
    pub(crate) fail_allocation: Option<u64>,
    pub(crate) starve_lists: bool,
    pub(crate) jit: JitOptions,
    pub(crate) jit_stats: bool,
    pub(crate) emit: Option<Emit>,
    pub(crate) trace: Option<TraceOptions>,
    pub(crate) libraries: Vec<String>,
    /// The program's file, or `-`; none for what is typed.
    pub(crate) file: Option<String>,
    /// The program's own arguments.
    pub(crate) rest: Vec<String>,
}

/// A function to be shown instead of run.
pub(crate) enum Emit {
    /// As the code generator is given it.
    Clif(String),
    /// As machine code.
    Native(String),
}

/// Reads the command line; leaves with status 2 where it is wrong.
pub(crate) fn parse() -> Arguments {
    let line = CommandLine::parse();
    if line.command.is_empty() && !line.repl && !std::io::stdin().is_terminal() {
        let message =
            "there is no FILE to run, and nobody at a terminal to ask; `--repl` reads what is typed";
        CommandLine::command().error(ErrorKind::MissingRequiredArgument, message).exit();
    }
    let emit = line.emit_clif.map(Emit::Clif).or(line.emit_native.map(Emit::Native));
    let defaults = JitOptions::default();
    let jit = JitOptions {
        mode: match line.jit.as_deref() {
            Some("on") => JitMode::On,
            Some("force") => JitMode::Force,
            _ if emit.is_some() => JitMode::On,
            _ => JitMode::Off,
        },
        threshold: line.jit_threshold.unwrap_or(defaults.threshold),
        memory: line.jit_memory.unwrap_or(defaults.memory),
        wait: line.jit_wait,
        perf_map: line.perf_map,
    };
    let trace = line.trace.map(|mode| TraceOptions {
        mode: if mode == "functions" { TraceMode::Functions } else { TraceMode::Instructions },
        filter: line.trace_filter,
    });
    let mut words = line.command.into_iter().map(|word| word.to_string_lossy().into_owned());
    Arguments {
        fuel: line.fuel,
        max_stack: line.max_stack,
        max_heap: line.max_heap,
        sandbox: line.sandbox,
        gc_stress: line.gc_stress,
        gc_stats: line.gc_stats,
        fail_allocation: line.fail_allocation,
        starve_lists: line.starve_lists,
        jit,
        jit_stats: line.jit_stats,
        emit,
        trace,
        libraries: line.libraries,
        file: words.next(),
        rest: words.collect(),
    }
}

/// A number of bytes, with `K`, `M` or `G` behind it if it is large.
fn size(text: &str) -> Result<usize, String> {
    let (digits, shift) = match text.as_bytes().last() {
        Some(b'k' | b'K') => (&text[..text.len() - 1], 10),
        Some(b'm' | b'M') => (&text[..text.len() - 1], 20),
        Some(b'g' | b'G') => (&text[..text.len() - 1], 30),
        _ => (text, 0),
    };
    let number: usize =
        digits.parse().map_err(|_| "a size is a number, with K, M or G behind it if you like".to_string())?;
    number.checked_mul(1 << shift).ok_or_else(|| "that is more than there can be".to_string())
}

//! The command line.

use clap::Parser;

/// Runs programs of the language Lang, from source or from bytecode.
#[derive(Parser)]
#[command(name = "langrun", version, override_usage = "langrun [OPTIONS] FILE [ARGUMENTS]...")]
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
    #[arg(long, value_name = "N", num_args = 0..=1, default_missing_value = "1", require_equals = true, hide = true)]
    gc_stress: Option<u32>,

    /// Say at the end what was allocated and collected
    #[arg(long, hide = true)]
    gc_stats: bool,

    /// The program, `-` for standard input; what follows belongs to it
    #[arg(value_name = "FILE", required = true, trailing_var_arg = true, num_args = 1..)]
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
    /// The program's file, or `-`.
    pub(crate) file: String,
    /// The program's own arguments.
    pub(crate) rest: Vec<String>,
}

/// Reads the command line; leaves with status 2 where it is wrong.
pub(crate) fn parse() -> Arguments {
    let line = CommandLine::parse();
    let mut words = line.command.into_iter().map(|word| word.to_string_lossy().into_owned());
    Arguments {
        fuel: line.fuel,
        max_stack: line.max_stack,
        max_heap: line.max_heap,
        sandbox: line.sandbox,
        gc_stress: line.gc_stress,
        gc_stats: line.gc_stats,
        file: words.next().unwrap_or_default(),
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

//! The command line.

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Compiles programs of the language Lang to bytecode.
#[derive(Parser)]
#[command(name = "langc", version, args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
#[command(
    override_usage = "langc [OPTIONS] FILE\n       langc test [OPTIONS] [PATH]...\n       langc fix [OPTIONS] FILE...\n       langc explain [CODE]\n       langc dump FILE"
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) compile: Compile,
}

/// The first word may name one of these; a file of that name is `./explain`.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Says what an error or a warning means, with examples; without a code, lists all
    Explain {
        /// The code, as `E0401`
        code: Option<String>,
    },
    /// Applies the suggestions of errors and warnings that need no thinking, and says which
    Fix(Fix),
    /// Shows each byte of a bytecode file beside what it means
    Dump(Dump),
    /// Runs the `test` blocks of files, and of all `.lang` files in folders
    Test(Test),
}

/// Which programs to fix.
#[derive(Args)]
pub(crate) struct Fix {
    /// The source files that the programs begin with; what they import is fixed too
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<String>,

    /// Show what would change; write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,

    #[command(flatten)]
    pub(crate) search: Search,
}

/// Which file to show.
#[derive(Args)]
pub(crate) struct Dump {
    /// The bytecode file; `-` is standard input
    #[arg(value_name = "FILE")]
    pub(crate) file: String,

    /// When to use colours; `auto` means on a terminal, unless NO_COLOR is set
    #[arg(long, value_enum, default_value_t = Color::Auto)]
    pub(crate) color: Color,
}

/// Which tests to run.
#[derive(Args)]
pub(crate) struct Test {
    /// Files and folders
    #[arg(default_value = ".", value_name = "PATH")]
    pub(crate) paths: Vec<String>,

    /// Run only tests whose names hold this text
    #[arg(long, value_name = "TEXT")]
    pub(crate) filter: Vec<String>,

    /// When to use colours; `auto` means on a terminal, unless NO_COLOR is set
    #[arg(long, value_enum, default_value_t = Color::Auto)]
    pub(crate) color: Color,

    #[command(flatten)]
    pub(crate) search: Search,
}

/// Where libraries are.
#[derive(Args)]
pub(crate) struct Search {
    /// A folder with modules to import, behind the program's own; LANG_PATH may name more
    #[arg(short = 'L', long = "library", value_name = "DIR")]
    folders: Vec<String>,
}

impl Search {
    /// The folders of the command line, then those of the environment.
    pub(crate) fn libraries(&self) -> Vec<String> {
        let path = std::env::var_os("LANG_PATH").unwrap_or_default();
        let more = std::env::split_paths(&path).map(|folder| folder.to_string_lossy().into_owned());
        self.folders.iter().cloned().chain(more.filter(|folder| !folder.is_empty())).collect()
    }
}

/// How to compile a file.
#[derive(Args)]
pub(crate) struct Compile {
    /// The source file that the program begins with; `-` is standard input
    #[arg(required = true)]
    pub(crate) file: Option<String>,

    /// Where to write; `-` is standard output [default: NAME.bc here, standard output for text]
    #[arg(short, long, value_name = "OUT")]
    pub(crate) output: Option<String>,

    /// Only look for errors; write nothing
    #[arg(long, conflicts_with_all = ["output", "emit"])]
    pub(crate) check: bool,

    /// What to write
    #[arg(long, value_enum, default_value_t = Emit::Bc)]
    pub(crate) emit: Emit,

    /// The form of errors and warnings
    #[arg(long, value_enum, default_value_t = ErrorFormat::Human)]
    pub(crate) error_format: ErrorFormat,

    /// When to use colours; `auto` means on a terminal, unless NO_COLOR is set
    #[arg(long, value_enum, default_value_t = Color::Auto)]
    pub(crate) color: Color,

    /// Leave the source text out of the bytecode
    #[arg(long)]
    pub(crate) strip: bool,

    /// How many errors and warnings to print; 0 prints all
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub(crate) max_errors: usize,

    /// Print how long each phase took, to standard error
    #[arg(long)]
    pub(crate) timings: bool,

    /// Make every warning an error
    #[arg(long)]
    pub(crate) deny_warnings: bool,

    #[command(flatten)]
    pub(crate) search: Search,
}

/// What to write.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Emit {
    /// The syntax tree
    Ast,
    /// The typed tree
    Hir,
    /// The optimised intermediate code
    Ir,
    /// The bytecode as text
    Asm,
    /// The bytecode
    Bc,
}

/// The form of errors and warnings.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ErrorFormat {
    /// For people
    Human,
    /// One JSON object a line
    Json,
}

/// When to use colours.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

//! Runs the `test` blocks of files, each in a machine of its own, and tells which failed, and how.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

use lang_compiler::diagnostics::Style;
use lang_compiler::driver::{self, Emit, Options, Output, Test};
use lang_compiler::source::Disk;
use lang_runtime::{Config, Vm};

use crate::arguments::{self, ErrorFormat};
use crate::report::{self, Reporter};

/// Runs what the command line names. Fails where a test does, or a file cannot be compiled.
pub(crate) fn run(arguments: &arguments::Test) -> ExitCode {
    let mut runner = Runner {
        arguments,
        reporter: Reporter::new(ErrorFormat::Human, arguments.color, 0),
        style: report::style(arguments.color, &io::stdout()),
        tally: Tally::default(),
        failures: Vec::new(),
    };
    for path in &arguments.paths {
        if Path::new(path).is_dir() {
            runner.folder(path);
        } else {
            runner.file(path, &arguments.search.libraries());
        }
    }
    runner.finish()
}

#[derive(Default)]
struct Tally {
    passed: usize,
    failed: usize,
    /// Files that could not be compiled or read.
    broken: usize,
    filtered: usize,
}

struct Runner<'a> {
    arguments: &'a arguments::Test,
    reporter: Reporter,
    style: Style,
    tally: Tally,
    /// What is told at the end of each failure.
    failures: Vec<String>,
}

impl Runner<'_> {
    /// All files in a folder and below that have tests; they may import each other by their path from it.
    fn folder(&mut self, folder: &str) {
        let mut files = Vec::new();
        if let Err(error) = sources(Path::new(folder), &mut files) {
            self.reporter.fail(&format!("cannot read `{folder}`: {error}"));
            self.tally.broken += 1;
        }
        let libraries: Vec<String> =
            std::iter::once(folder.to_string()).chain(self.arguments.search.libraries()).collect();
        for file in files {
            if fs::read(&file).is_ok_and(|bytes| may_have_tests(&bytes)) {
                let path = file.to_string_lossy();
                self.file(path.strip_prefix("./").unwrap_or(&path), &libraries);
            }
        }
    }

    fn file(&mut self, path: &str, libraries: &[String]) {
        let options = Options { emit: Emit::Tests, libraries: libraries.to_vec(), ..Options::default() };
        let compilation = driver::compile(&Disk, path, &options);
        self.reporter.print(&compilation);
        let Some(Output::Tests(tests)) = compilation.output else {
            self.tally.broken += 1;
            return;
        };
        let all = tests.len();
        let chosen: Vec<Test> = tests.into_iter().filter(|test| self.is_chosen(&test.name)).collect();
        self.tally.filtered += all - chosen.len();
        if chosen.is_empty() {
            return;
        }
        say(&format!("{path}\n"));
        for test in chosen {
            self.test(path, test);
        }
    }

    fn is_chosen(&self, name: &str) -> bool {
        let filter = &self.arguments.filter;
        filter.is_empty() || filter.iter().any(|text| name.contains(text.as_str()))
    }

    fn test(&mut self, path: &str, test: Test) {
        let Test { name, line, module } = test;
        let written = Captured::default();
        let failure = execute(*module, &written, self.style).err();
        match failure {
            None => {
                self.tally.passed += 1;
                say(&format!("  {}  {name}\n", paint("ok    ", "32", self.style)));
            }
            Some(reason) => {
                self.tally.failed += 1;
                say(&format!("  {}  {name}\n", paint("FAILED", "1;31", self.style)));
                let printed = written.text();
                let printed = if printed.is_empty() {
                    printed
                } else {
                    format!("it printed:\n{}\n", printed.trim_end())
                };
                self.failures.push(format!("{path}:{line}: {name}\n{printed}{reason}"));
            }
        }
    }

    fn finish(self) -> ExitCode {
        let Tally { passed, failed, broken, filtered } = self.tally;
        let mut out = String::new();
        for failure in &self.failures {
            out += &format!("\n{failure}");
        }
        let mut counts = vec![format!("{passed} passed"), format!("{failed} failed")];
        if broken > 0 {
            counts.push(format!("{broken} not compiled"));
        }
        if filtered > 0 {
            counts.push(format!("{filtered} filtered out"));
        }
        out += &format!("\n{}\n", counts.join(", "));
        say(&out);
        if failed + broken == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

/// Runs a test; what it writes is kept for the report.
fn execute(module: lang_bytecode::Module, written: &Captured, style: Style) -> Result<(), String> {
    let module = lang_bytecode::verify(module).map_err(|error| format!("{error}\n"))?;
    let mut vm = Vm::new(Config::default()).map_err(|error| format!("{error}\n"))?;
    vm.set_output(Box::new(written.clone()), Box::new(written.clone()));
    vm.load(module).map_err(|error| format!("{error}\n"))?;
    match vm.run(&[]) {
        Ok(0) => Ok(()),
        Ok(status) => Err(format!("it ended the program with status {status}\n")),
        Err(error) => Err(langrun::render(&error, style)),
    }
}

/// The `.lang` files of a folder and its folders, sorted; what is hidden is left out.
fn sources(folder: &Path, found: &mut Vec<PathBuf>) -> io::Result<()> {
    let mut entries = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let (path, kind) = (entry.path(), entry.file_type()?);
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        // A link to a folder could lead round in a circle.
        if kind.is_dir() {
            sources(&path, found)?;
        } else if path.extension().is_some_and(|extension| extension == "lang") {
            found.push(path);
        }
    }
    Ok(())
}

/// Whether `test` stands before a string somewhere: most files of a folder need not be compiled.
fn may_have_tests(text: &[u8]) -> bool {
    let text = String::from_utf8_lossy(text);
    text.match_indices("test").any(|(at, word)| text[at + word.len()..].trim_start().starts_with(['"', 'r']))
}

fn paint(text: &str, code: &str, style: Style) -> String {
    if style.color { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_string() }
}

fn say(text: &str) {
    // Nobody is there to hear that nobody listens.
    let _ = io::stdout().lock().write_all(text.as_bytes());
}

/// What a test writes, kept.
#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl Captured {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
    }
}

impl Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

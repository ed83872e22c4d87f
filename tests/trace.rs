//! `langrun --trace`: what it prints of the programs in `cases/trace`, and that it changes nothing else.

use lang_tests::golden;
use lang_tests::process::{self, Finished};
use lang_tests::tools::Tools;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/trace")
}

/// Runs a program of the folder with these flags alone.
fn langrun(flags: &[&str], program: &str) -> Finished {
    let arguments: Vec<String> = flags.iter().chain([&program]).map(|&word| word.to_owned()).collect();
    let input = std::fs::read(folder().join(program).with_extension("in")).unwrap_or_default();
    process::run(Tools::get().langrun_path(), &arguments, &folder(), &input).expect("it can be started")
}

#[track_caller]
fn shows(flags: &[&str], program: &str, golden: &str) {
    let traced = langrun(flags, program);
    let plain = langrun(&[], program);
    assert_eq!((&traced.status, traced.stdout_text()), (&plain.status, plain.stdout_text()));
    let path = folder().join(program).with_extension(golden);
    golden::check(&path, &traced.stderr).unwrap_or_else(|why| panic!("{program}: {why}"));
    // Objects that move at each allocation show the same values.
    let moved = langrun(&[flags, &["--gc-stress"]].concat(), program);
    assert_eq!(moved.stderr_text(), traced.stderr_text());
}

#[test]
fn calls_are_shown_with_arguments_and_results() {
    shows(&["--trace=functions"], "calls.lang", "functions");
    shows(&["--trace=functions"], "values.lasm", "functions");
}

#[test]
fn instructions_are_shown_with_what_they_read_and_write() {
    shows(&["--trace"], "calls.lang", "instructions");
    shows(&["--trace=instructions"], "values.lasm", "instructions");
    shows(&["--trace"], "trap.lang", "instructions");
}

#[test]
fn a_filter_shows_the_functions_of_that_name() {
    shows(&["--trace=functions", "--trace-filter", "fib"], "calls.lang", "filtered");
    let nothing = langrun(&["--trace", "--trace-filter", "no such name"], "calls.lang");
    assert_eq!(nothing.stderr_text(), "");
}

#[test]
fn inlined_instructions_of_a_file_are_shown_where_their_function_is_asked_for() {
    let path = folder().join("trap.lang");
    let module =
        lang_tests::fuzz::bodies::compile(&std::fs::read(path).expect("it is there")).expect("it compiles");
    let file = lang_bytecode::write(&module);
    let arguments = ["--trace", "--trace-filter", "mean", "-"].map(String::from);
    let done =
        process::run(Tools::get().langrun_path(), &arguments, &folder(), &file).expect("it can be started");
    assert!(
        done.stderr_text().lines().any(|line| line.contains("idiv") && line.ends_with("= 3")),
        "{}",
        done.transcript()
    );
}

#[test]
fn a_trace_changes_nothing_that_programs_do() {
    // These have every opcode.
    let folder = lang_tests::programs::cases().join("run/assembly");
    for program in lang_tests::programs::assembly() {
        let name = program.path.display().to_string();
        // A trace of a million calls says no more than one of a few.
        if program.path.starts_with(&folder) && !name.ends_with("tail_calls.lasm") {
            let plain = langrun(&[], &name);
            for flag in ["--trace", "--trace=functions"] {
                let traced = langrun(&[flag], &name);
                assert_eq!(
                    (&traced.status, traced.stdout_text()),
                    (&plain.status, plain.stdout_text()),
                    "{name}"
                );
                assert!(!traced.stderr.is_empty(), "{name}");
            }
        }
    }
}

#[test]
fn what_is_typed_is_traced() {
    let arguments = ["--repl", "--trace=functions", "--trace-filter", "twice"].map(String::from);
    let typed = b"fn twice(n: int) -> int { n + n }\ntwice(21)\n";
    let done =
        process::run(Tools::get().langrun_path(), &arguments, &folder(), typed).expect("it can be started");
    assert_eq!(
        (done.stdout_text().as_str(), done.stderr_text().as_str()),
        ("42 : int\n", "twice(21)\ntwice -> 42\n")
    );
}

#[test]
fn compiled_code_is_not_traced() {
    let done = langrun(&["--trace", "--jit"], "calls.lang");
    assert_eq!(done.status, Ok(3));
    assert!(done.stderr_text().contains("not traced"), "{}", done.transcript());
}

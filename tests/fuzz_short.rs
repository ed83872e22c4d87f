//! The short fuzz: seeded, on stable, every case in a child process. See `docs/testing.md`.

use lang_tests::fuzz::bodies;
use lang_tests::fuzz::corpus;
use lang_tests::fuzz::damage::{damage, reseal, swap_sections};
use lang_tests::fuzz::differential;
use lang_tests::fuzz::generate;
use lang_tests::fuzz::isolate::{self, Campaign};
use lang_tests::fuzz::kernels;
use lang_tests::fuzz::lines;
use lang_tests::fuzz::mutate::mutate;
use lang_tests::fuzz::random::Random;
use lang_tests::fuzz::soup;
use libtest_mimic::{Arguments, Failed, Trial};
use std::process::ExitCode;

/// A campaign: how its inputs are made, and how many on an ordinary day (`.ci/run` asks for more).
struct Kind {
    name: &'static str,
    count: u64,
    input: fn(&mut Random) -> Vec<u8>,
    body: Body,
}

/// What is done with an input.
enum Body {
    /// The input says it all.
    Bytes(fn(&[u8])),
    /// The input comes with more, made again from its numbers.
    Numbers(fn(&mut Random)),
    /// The input is a source text, run in ways that depend on the case.
    Source(fn(&str, u64)),
}

const COMPILE: Body = Body::Bytes(|input| drop(bodies::compile(input)));
const LOAD: Body = Body::Bytes(bodies::load_and_run);
const ENGINES: Body = Body::Bytes(|input| {
    if let Ok(module) = lang_bytecode::read(input) {
        bodies::engines_agree(module);
    }
});
const ENGINES_SOURCE: Body = Body::Bytes(|input| {
    if let Ok(module) = bodies::compile(input) {
        bodies::engines_agree(module);
    }
});
const TRACE: Body = Body::Bytes(|input| {
    if let Ok(module) = lang_bytecode::read(input) {
        bodies::trace_changes_nothing(module);
    }
});
const TRACE_SOURCE: Body = Body::Bytes(|input| {
    if let Ok(module) = bodies::compile(input) {
        bodies::trace_changes_nothing(module);
    }
});
const KERNELS: Body = Body::Source(|source, case| match bodies::compile(source.as_bytes()) {
    Ok(module) => bodies::tiers_agree(module, case),
    Err(errors) => panic!("the program is right, but:\n{errors}"),
});
const STRESS: Body = Body::Bytes(bodies::load_and_stress);

const KINDS: &[Kind] = &[
    Kind { name: "compile_words", count: 250, input: |r| soup::words(r).into_bytes(), body: COMPILE },
    Kind { name: "compile_torn", count: 250, input: torn, body: COMPILE },
    Kind { name: "compile_bytes", count: 250, input: damaged_source, body: COMPILE },
    Kind { name: "differential", count: 200, input: known_source, body: Body::Numbers(agree) },
    Kind { name: "load_damaged", count: 500, input: damaged_file, body: LOAD },
    Kind { name: "load_resealed", count: 500, input: resealed_file, body: LOAD },
    Kind { name: "engines_hostile", count: 300, input: hostile_file, body: ENGINES },
    Kind { name: "load_mutated", count: 500, input: mutated_file, body: LOAD },
    Kind { name: "engines_source", count: 60, input: known_source, body: ENGINES_SOURCE },
    Kind { name: "engines_kernels", count: 60, input: |r| kernels::program(r).into_bytes(), body: KERNELS },
    Kind { name: "engines_generated", count: 100, input: generated_file, body: ENGINES },
    Kind { name: "load_generated", count: 200, input: generated_file, body: STRESS },
    Kind { name: "trace_generated", count: 60, input: generated_file, body: TRACE },
    Kind { name: "trace_source", count: 20, input: known_source, body: TRACE_SOURCE },
];

/// The source is shown; what it must do follows from it.
fn known_source(random: &mut Random) -> Vec<u8> {
    differential::program(random).map(|known| known.source.into_bytes()).unwrap_or_default()
}

fn damaged_file(random: &mut Random) -> Vec<u8> {
    let mut bytes = random.pick(corpus::files()).clone();
    damage(&mut bytes, random);
    bytes
}

fn resealed_file(random: &mut Random) -> Vec<u8> {
    let mut bytes = damaged_file(random);
    reseal(&mut bytes);
    bytes
}

/// One of ten files that lie far apart, with damage that the checksum does not show.
fn hostile_file(random: &mut Random) -> Vec<u8> {
    const FILES: usize = 10;
    let files = corpus::files();
    let mut bytes = files[random.below(FILES) * files.len() / FILES].clone();
    if random.one_in(20) {
        swap_sections(&mut bytes, random);
    } else {
        damage(&mut bytes, random);
    }
    reseal(&mut bytes);
    bytes
}

fn mutated_file(random: &mut Random) -> Vec<u8> {
    let mut module = random.pick(corpus::modules()).clone();
    mutate(&mut module, random);
    lang_bytecode::write(&module)
}

/// Nearly always safe to run, as made or with some damage to the code.
fn generated_file(random: &mut Random) -> Vec<u8> {
    let mut module = generate::module(random);
    if random.one_in(4) {
        mutate(&mut module, random);
    }
    lang_bytecode::write(&module)
}

fn torn(random: &mut Random) -> Vec<u8> {
    soup::torn(corpus::programs(), random).into_bytes()
}

fn damaged_source(random: &mut Random) -> Vec<u8> {
    let mut bytes = random.pick(corpus::programs()).clone();
    damage(&mut bytes, random);
    bytes
}

fn agree(random: &mut Random) {
    if let Some(known) = differential::program(random)
        && let Err(why) = bodies::agree(&known)
    {
        panic!("{why}");
    }
}

/// Whether both sides are the same but for `.0`.
fn without_fractions(why: &str) -> bool {
    let plain = why.replace(".0", "");
    plain.split_once("\nexpected").is_some_and(|(found, expected)| {
        found.split_once('\n').map(|(_, text)| text) == expected.split_once('\n').map(|(_, text)| text)
    })
}

/// Shows the smallest program that disagrees in the same way.
fn explain_disagreement(mut random: Random) {
    let first_word = |known: &differential::Known| {
        let outcome = std::panic::catch_unwind(|| bodies::agree(known));
        match outcome {
            Ok(Ok(())) => None,
            // An int where a float was: shrinking made it, the evaluator does not widen.
            Ok(Err(why)) if without_fractions(&why) => None,
            Ok(Err(why)) => Some(why.split(' ').take(4).collect::<Vec<_>>().join(" ")),
            Err(_) => Some("panic".to_owned()),
        }
    };
    let Some(whole) = differential::program(&mut random.clone()) else { return };
    let kind = first_word(&whole);
    if kind.is_none() {
        return eprintln!("it does what it should");
    }
    let small = differential::shrunk(&mut random, &|known| first_word(known) == kind);
    if let Some(small) = small {
        let why = std::panic::catch_unwind(|| bodies::agree(&small));
        eprintln!(
            "{}\n{}",
            small.source,
            why.map_or_else(|_| "panic".to_owned(), |why| why.err().unwrap_or_default())
        );
    }
}

fn execute(kind: &Kind, seed: u64, case: u64) {
    let mut random = Random::of_case(seed, case);
    match kind.body {
        Body::Bytes(body) => body(&(kind.input)(&mut random)),
        Body::Numbers(body) => body(&mut random),
        Body::Source(body) => body(&String::from_utf8_lossy(&(kind.input)(&mut random)), case),
    }
}

/// Shows the smallest text that fails in the same way.
fn explain_failure(body: fn(&str, u64), source: &str, case: u64) {
    let why = |source: &str| {
        let caught = std::panic::catch_unwind(|| body(source, case)).err()?;
        Some(caught.downcast_ref::<String>().cloned().unwrap_or_default())
    };
    // What does not compile says in which way in its second line.
    let kind = |why: &str| {
        let skipped = if why.starts_with("the program is right") { 1 } else { 0 };
        why.lines().nth(skipped).and_then(|line| line.split(' ').next()).unwrap_or_default().to_owned()
    };
    let Some(whole) = why(source) else { return eprintln!("it does what it should") };
    std::panic::set_hook(Box::new(|_| ()));
    let small = lines::shrunk(source, &|text| why(text).is_some_and(|why| kind(&why) == kind(&whole)));
    eprintln!("{small}\n{}", why(&small).unwrap_or_default());
}

fn main() -> ExitCode {
    let names = KINDS.iter().map(|kind| kind.name);
    let campaigns: Vec<Campaign> = names.map(|name| Campaign { name, run: run_case }).collect();
    if isolate::be_child(&campaigns) {
        return ExitCode::SUCCESS;
    }
    let words: Vec<String> = std::env::args().skip_while(|a| a != "--case").collect();
    if let [_, name, seed, case] = words.as_slice() {
        return repeat(name, seed, case);
    }
    let seed = setting("LANG_FUZZ_SEED").unwrap_or(1);
    let trials = KINDS.iter().zip(campaigns).map(|(kind, campaign)| {
        let count = setting("LANG_FUZZ_COUNT").unwrap_or(kind.count);
        Trial::test(kind.name, move || isolate::run(campaign, seed, count).map_err(Failed::from))
    });
    let mut arguments = Arguments::from_args();
    // A campaign uses every core by itself.
    arguments.test_threads = Some(1);
    libtest_mimic::run(&arguments, trials.collect()).exit_code()
}

fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

fn run_case(name: &str, seed: u64, case: u64) {
    if let Some(kind) = KINDS.iter().find(|kind| kind.name == name) {
        execute(kind, seed, case);
    }
}

/// Shows the input of one case, then runs it in this process.
fn repeat(name: &str, seed: &str, case: &str) -> ExitCode {
    let kind = KINDS.iter().find(|kind| kind.name == name);
    let (Some(kind), Ok(seed), Ok(case)) = (kind, seed.parse(), case.parse()) else {
        eprintln!("--case NAME SEED CASE, as a finding names them");
        return ExitCode::from(2);
    };
    let input = (kind.input)(&mut Random::of_case(seed, case));
    let path = std::env::temp_dir().join(format!("{name}-{seed}-{case}"));
    match std::fs::write(&path, &input) {
        Ok(()) => eprintln!("the input is in {}", path.display()),
        Err(error) => eprintln!("cannot write {}: {error}", path.display()),
    }
    match kind.body {
        Body::Bytes(_) => {
            eprintln!("{}", String::from_utf8_lossy(&input));
            execute(kind, seed, case);
        }
        Body::Numbers(_) => explain_disagreement(Random::of_case(seed, case)),
        Body::Source(body) => explain_failure(body, &String::from_utf8_lossy(&input), case),
    }
    ExitCode::SUCCESS
}

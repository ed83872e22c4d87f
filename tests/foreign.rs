//! Calls of C from inside a process: random signatures against a library that gcc made, and symbols that a host gives.
#![cfg(feature = "jit")]

use std::fmt::Write as _;
use std::io::Write;
use std::process::Command;
use std::sync::{Arc, Mutex};

use lang_compiler::driver::{self, Options, Output};
use lang_compiler::source::{Disk, Memory};
use lang_runtime::{Config, JitMode, Vm};
use lang_tests::fuzz::random::Random;

/// How many signatures are made.
const SIGNATURES: usize = 300;
/// The most arguments.
const MOST: usize = 14;
/// What a checksum is multiplied by at each scalar.
const FACTOR: u64 = 31;

/// Takes what a program prints.
#[derive(Clone, Default)]
struct Sink(Arc<Mutex<Vec<u8>>>);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("one thread writes").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// What a program prints.
fn printed(source: &str, config: Config, prepare: impl FnOnce(&mut Vm)) -> String {
    let files = Memory::over(&Disk).with("main.lang", source.as_bytes().to_vec());
    let mut compilation = driver::compile(&files, "main.lang", &Options::default());
    let Some(Output::Module(module)) = compilation.output.take() else {
        panic!("{:?}\n{source}", compilation.diagnostics);
    };
    let mut vm = Vm::new(config).expect("there is memory");
    prepare(&mut vm);
    let sink = Sink::default();
    vm.set_output(Box::new(sink.clone()), Box::new(std::io::sink()));
    vm.load(lang_bytecode::verify(*module).expect("the compiler's modules are valid"))
        .expect("all symbols are there");
    let outcome = vm.run(&[]);
    let text = String::from_utf8(sink.0.lock().expect("one thread writes").clone()).expect("text");
    assert!(outcome.is_ok(), "{outcome:?}\n{text}");
    text
}

/// The configurations that a call must be the same in.
fn configurations() -> [Config; 3] {
    let mut forced = Config::default();
    forced.jit.mode = JitMode::Force;
    [Config::default(), forced, Config { gc_stress: Some(1), ..Config::default() }]
}

extern "C" fn doubled(n: i32) -> i32 {
    n * 2
}

#[test]
fn a_host_gives_symbols() {
    let source = "extern { fn host_doubled(n: i32) -> i32\n weak fn host_missing() }\nprint(host_doubled(21), is_linked(host_missing))\n";
    for config in configurations() {
        // SAFETY: the function takes and gives what the program declares.
        let text = printed(source, config, |vm| unsafe { vm.register("host_doubled", doubled as *const ()) });
        assert_eq!(text, "42 false\n");
    }
}

/// A scalar: its name in the language and in C, and the least and greatest value to try; floats are quarters of those.
const SCALARS: [(&str, &str, i64, i64); 12] = [
    ("i8", "int8_t", -128, 127),
    ("i16", "int16_t", -30_000, 30_000),
    ("i32", "int32_t", -2_000_000_000, 2_000_000_000),
    ("i64", "int64_t", -(1 << 60), 1 << 60),
    ("u8", "uint8_t", 0, 255),
    ("u16", "uint16_t", 0, 65_535),
    ("u32", "uint32_t", 0, 4_000_000_000),
    ("u64", "uint64_t", 0, 1 << 62),
    ("f32", "float", -4000, 4000),
    ("f64", "double", -1_000_000, 1_000_000),
    ("bool", "bool", 0, 1),
    ("ptr", "void *", 0, 1 << 40),
];
/// Those that come as variable arguments.
const VARIABLE: [usize; 3] = [3, 9, 11];

/// A test under way: the C file, the program, and what it must print.
#[derive(Default)]
struct Generated {
    c: String,
    declarations: String,
    calls: String,
    expected: String,
}

/// The checksum of an argument list, as text in C and as a number here.
#[derive(Default)]
struct Checksum {
    c: String,
    value: u64,
}

impl Checksum {
    /// Adds a scalar: where it is in C, and its number.
    fn add(&mut self, kind: usize, place: &str, number: i64) {
        let word = match SCALARS[kind].0 {
            "f32" | "f64" => format!("(int64_t)({place} * 4)"),
            "ptr" => format!("(int64_t)(intptr_t){place}"),
            _ => format!("(int64_t){place}"),
        };
        let _ = writeln!(self.c, "  s = s * {FACTOR} + (uint64_t){word};");
        self.value = self.value.wrapping_mul(FACTOR).wrapping_add(number as u64);
    }
}

fn number(random: &mut Random, kind: usize) -> i64 {
    let (_, _, least, greatest) = SCALARS[kind];
    least + (random.next() % (greatest - least + 1) as u64) as i64
}

/// A number as a literal of the language.
fn literal(kind: usize, number: i64) -> String {
    match SCALARS[kind].0 {
        "f32" | "f64" => format!("{:?}", number as f64 / 4.0),
        "bool" => (number != 0).to_string(),
        "ptr" => format!("ptr.from_int({number})"),
        _ => number.to_string(),
    }
}

impl Generated {
    /// A struct of up to 64 bytes; gives its fields' kinds.
    fn structure(&mut self, random: &mut Random, name: &str) -> Vec<usize> {
        let most = if random.one_in(2) { 3 } else { 8 };
        let count = 1 + random.below(most);
        let kinds: Vec<usize> = (0..count).map(|_| random.below(SCALARS.len())).collect();
        let (mut c, mut ours) = (String::new(), Vec::new());
        for (index, kind) in kinds.iter().enumerate() {
            let _ = write!(c, "{} f{index}; ", SCALARS[*kind].1);
            ours.push(format!("f{index}: {}", SCALARS[*kind].0));
        }
        let _ = writeln!(self.c, "typedef struct {{ {c}}} {name};");
        let _ = writeln!(self.declarations, "extern struct {name} {{ {} }}", ours.join(", "));
        kinds
    }

    /// A function, its call, and what that prints.
    fn function(&mut self, random: &mut Random, index: usize) {
        let (mut c_params, mut params, mut args) = (Vec::new(), Vec::new(), Vec::new());
        let mut sum = Checksum::default();
        let mut echoed = None;
        for at in 0..1 + random.below(MOST) {
            if random.one_in(4) {
                let name = format!("S{index}x{at}");
                let kinds = self.structure(random, &name);
                let numbers: Vec<i64> = kinds.iter().map(|kind| number(random, *kind)).collect();
                for (field, (kind, number)) in kinds.iter().zip(&numbers).enumerate() {
                    sum.add(*kind, &format!("a{at}.f{field}"), *number);
                }
                let literals: Vec<String> =
                    kinds.iter().zip(&numbers).map(|(k, n)| literal(*k, *n)).collect();
                let _ = writeln!(self.calls, "  let v{index}x{at} = {name}({})", literals.join(", "));
                c_params.push(format!("{name} a{at}"));
                params.push(format!("a{at}: {name}"));
                args.push(format!("v{index}x{at}"));
                echoed = Some((name, at));
            } else {
                let kind = random.below(SCALARS.len());
                let number = number(random, kind);
                sum.add(kind, &format!("a{at}"), number);
                c_params.push(format!("{} a{at}", SCALARS[kind].1));
                params.push(format!("a{at}: {}", SCALARS[kind].0));
                args.push(literal(kind, number));
            }
        }
        let tail = if random.one_in(4) { 1 + random.below(6) } else { 0 };
        if tail > 0 {
            tail_of(random, tail, &mut sum, &mut args);
            c_params.push("...".to_owned());
            params.push("...".to_owned());
        }
        let echoed = echoed.filter(|_| random.one_in(2));
        let (c_result, result, value, seen) = match &echoed {
            Some((name, at)) => (name.clone(), name.clone(), format!("a{at}"), format!("r == v{index}x{at}")),
            None if random.one_in(2) => (
                "double".into(),
                "f64".into(),
                "(double)(s >> 1 & 65535)".into(),
                "r == float(last() & 65535)".into(),
            ),
            None => (
                "int16_t".into(),
                "i16".into(),
                "(int16_t)(s >> 1 & 32767)".into(),
                "r == (last() & 32767)".into(),
            ),
        };
        let begin = if tail > 0 {
            format!("  va_list more; va_start(more, a{});\n", c_params.len() - 2)
        } else {
            String::new()
        };
        let _ = writeln!(
            self.c,
            "{c_result} f{index}({}) {{\n  uint64_t s = 0;\n{begin}{}  last_sum = s >> 1;\n  return {value};\n}}",
            c_params.join(", "),
            sum.c
        );
        let _ = writeln!(
            self.declarations,
            "extern \"LIBRARY\" {{ fn f{index}({}) -> {result} }}",
            params.join(", ")
        );
        let _ = writeln!(
            self.calls,
            "  {{ let r = f{index}({})\n    print({index}, last(), {seen}) }}",
            args.join(", ")
        );
        let _ = writeln!(self.expected, "{index} {} true", sum.value >> 1);
    }
}

/// Variable arguments.
fn tail_of(random: &mut Random, count: usize, sum: &mut Checksum, args: &mut Vec<String>) {
    for _ in 0..count {
        let kind = *random.pick(&VARIABLE);
        let number = number(random, kind);
        sum.add(kind, &format!("va_arg(more, {})", SCALARS[kind].1), number);
        args.push(literal(kind, number));
    }
}

#[test]
fn random_signatures_are_as_gcc_has_them() {
    let mut random = Random::of_case(7, 0);
    let mut made = Generated::default();
    made.c.push_str("#include <stdarg.h>\n#include <stdbool.h>\n#include <stdint.h>\nstatic uint64_t last_sum;\nuint64_t last(void) { return last_sum; }\n");
    made.declarations.push_str("extern \"LIBRARY\" { fn last() -> u64 }\n");
    (0..SIGNATURES).for_each(|index| made.function(&mut random, index));
    let folder = std::env::temp_dir().join(format!("lang-abi-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder for the library");
    let (c, library) = (folder.join("abi.c"), folder.join("libabi.so"));
    std::fs::write(&c, &made.c).expect("the C file can be written");
    let status =
        Command::new("gcc").args(["-O1", "-shared", "-fPIC", "-w", "-o"]).arg(&library).arg(&c).status();
    assert!(status.is_ok_and(|status| status.success()), "gcc compiles {}", c.display());
    let source = format!("{}\nfn main() {{\n{}}}\n", made.declarations, made.calls);
    let source = source.replace("LIBRARY", &library.display().to_string());
    for config in configurations() {
        let text = printed(&source, config, |_| ());
        for (line, expected) in text.lines().zip(made.expected.lines()) {
            assert_eq!(line, expected);
        }
        assert_eq!(text.lines().count(), SIGNATURES);
    }
    let _ = std::fs::remove_dir_all(&folder);
}

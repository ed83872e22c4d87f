//! Programs assembled by hand, small enough to check every way the interpreter can run them.

use std::error::Error;

use lang_bytecode::{
    FuncId, Function, Instr, Module, Reg, RegType, Storage, TrapKind, TypeDef, TypeId, Width, verify,
};
use lang_runtime::{Config, RuntimeError, Vm};

const INT: RegType = RegType::Int;
const FLOAT: RegType = RegType::Float;

fn r(number: u16) -> Reg {
    Reg(number)
}

fn function(
    name: &str,
    params: u16,
    registers: Vec<RegType>,
    results: Vec<RegType>,
    code: &[Instr],
) -> Function {
    let code = code.iter().map(|instr| instr.encode()).collect();
    Function { name: name.to_string(), params, registers, results, code, ..Function::default() }
}

fn module(types: Vec<TypeDef>, constants: Vec<u64>, functions: Vec<Function>) -> Module {
    let types = [TypeDef::Str].into_iter().chain(types).collect();
    Module { types, constants, functions, entry: FuncId(0), ..Module::default() }
}

fn run_with(module: Module, config: Config) -> Result<Result<i32, RuntimeError>, Box<dyn Error>> {
    let mut vm = Vm::new(config)?;
    vm.load(verify(module)?)?;
    Ok(vm.run(&[]))
}

fn run(module: Module) -> Result<i32, Box<dyn Error>> {
    Ok(run_with(module, Config::default())??)
}

/// `fib(n)`, called by an entry that gives its result.
fn fib(n: i32) -> Module {
    let out = r(0);
    let entry = [Instr::IConst { dst: out, value: n }, Instr::Call { callee: 1 }, Instr::Ret1 { src: out }];
    let (a0, n, t) = (r(2), r(0), r(1));
    let code = [
        Instr::JGeI { lhs: n, rhs: 2, target: 2 },
        Instr::Ret1 { src: n },
        Instr::IAddI { dst: a0, lhs: n, rhs: -1 },
        Instr::Call { callee: 1 },
        Instr::Mov { dst: t, src: a0 },
        Instr::IAddI { dst: a0, lhs: n, rhs: -2 },
        Instr::Call { callee: 1 },
        Instr::IAdd { dst: t, lhs: t, rhs: a0 },
        Instr::Ret1 { src: t },
    ];
    module(
        vec![],
        vec![],
        vec![
            function("entry", 0, vec![], vec![INT], &entry),
            function("fib", 1, vec![INT, INT], vec![INT], &code),
        ],
    )
}

/// The steps of all Collatz sequences from 1 up to `n`.
fn collatz(n: i32) -> Module {
    let (limit, i, v, t, steps) = (r(0), r(1), r(2), r(3), r(4));
    let code = [
        Instr::IConst { dst: limit, value: n },
        Instr::IConst { dst: i, value: 1 },
        Instr::IConst { dst: steps, value: 0 },
        Instr::Mov { dst: v, src: i },
        Instr::JEqI { lhs: v, rhs: 1, target: 9 },
        Instr::IRemI { dst: t, lhs: v, rhs: 2 },
        Instr::JNeI { lhs: t, rhs: 0, target: 3 },
        Instr::IDivI { dst: v, lhs: v, rhs: 2 },
        Instr::Jmp { target: 3 },
        Instr::IMulI { dst: t, lhs: v, rhs: 3 },
        Instr::IAddI { dst: v, lhs: t, rhs: 1 },
        Instr::IAddI { dst: steps, lhs: steps, rhs: 1 },
        Instr::JNeI { lhs: v, rhs: 1, target: -7 },
        Instr::IAddI { dst: i, lhs: i, rhs: 1 },
        Instr::JLe { lhs: i, rhs: limit, target: -11 },
        Instr::Ret1 { src: steps },
    ];
    module(vec![], vec![], vec![function("entry", 0, vec![INT; 5], vec![INT], &code)])
}

/// The trace of a product of two matrices of ones: `n` squared.
fn matmul(n: i32) -> Module {
    let (floats, rows) = (TypeId(1), TypeId(2));
    let types = vec![TypeDef::Array(Storage::F64), TypeDef::Array(Storage::Ref(floats))];
    let matrix = RegType::Ref(rows);
    let row = RegType::Ref(floats);
    // matrix(n, value): n rows of n values.
    let (size, value, m, i, line, out0, out1) = (r(0), r(1), r(2), r(3), r(4), r(5), r(6));
    let make = [
        Instr::ANew { dst: m, capacity: size, of: 2 },
        Instr::IConst { dst: i, value: 0 },
        Instr::Mov { dst: out0, src: size },
        Instr::Mov { dst: out1, src: value },
        Instr::AFilled { dst: line, of: 1 },
        Instr::APush { array: m, src: line },
        Instr::IAddI { dst: i, lhs: i, rhs: 1 },
        Instr::JLt { lhs: i, rhs: size, target: -5 },
        Instr::Ret1 { src: m },
    ];
    let make = function("matrix", 2, vec![INT, FLOAT, matrix, INT, row], vec![matrix], &make);
    let [n_, a, b, c, i, j, k, ai, bk, ci, x, t1, t2, t3, t4] = std::array::from_fn(|index| r(index as u16));
    let (a0, a1) = (r(15), r(16));
    let build = |dst, value| {
        [
            Instr::Mov { dst: a0, src: n_ },
            Instr::FConst { dst: a1, value },
            Instr::Call { callee: 1 },
            Instr::Mov { dst, src: a0 },
        ]
    };
    let mut code = vec![Instr::IConst { dst: n_, value: n }];
    code.extend(build(a, 0));
    code.extend(build(b, 0));
    code.extend(build(c, 1));
    code.extend([
        Instr::IConst { dst: i, value: 0 },
        Instr::AGet { dst: ai, array: a, index: i },
        Instr::AGet { dst: ci, array: c, index: i },
        Instr::IConst { dst: k, value: 0 },
        Instr::AGet { dst: x, array: ai, index: k },
        Instr::AGet { dst: bk, array: b, index: k },
        Instr::IConst { dst: j, value: 0 },
        Instr::AGet { dst: t1, array: ci, index: j },
        Instr::AGet { dst: t2, array: bk, index: j },
        Instr::FMul { dst: t3, lhs: x, rhs: t2 },
        Instr::FAdd { dst: t4, lhs: t1, rhs: t3 },
        Instr::ASet { array: ci, index: j, src: t4 },
        Instr::IAddI { dst: j, lhs: j, rhs: 1 },
        Instr::JLt { lhs: j, rhs: n_, target: -6 },
        Instr::IAddI { dst: k, lhs: k, rhs: 1 },
        Instr::JLt { lhs: k, rhs: n_, target: -11 },
        Instr::IAddI { dst: i, lhs: i, rhs: 1 },
        Instr::JLt { lhs: i, rhs: n_, target: -16 },
        Instr::FConst { dst: t1, value: 1 },
        Instr::IConst { dst: i, value: 0 },
        Instr::AGet { dst: ci, array: c, index: i },
        Instr::AGet { dst: t2, array: ci, index: i },
        Instr::FAdd { dst: t1, lhs: t1, rhs: t2 },
        Instr::IAddI { dst: i, lhs: i, rhs: 1 },
        Instr::JLt { lhs: i, rhs: n_, target: -4 },
        Instr::FToI { dst: i, src: t1 },
        Instr::Ret1 { src: i },
    ]);
    let registers =
        vec![INT, matrix, matrix, matrix, INT, INT, INT, row, row, row, FLOAT, FLOAT, FLOAT, FLOAT, FLOAT];
    let main = function("entry", 0, registers, vec![INT], &code);
    module(types, vec![1.0f64.to_bits(), 0.0f64.to_bits()], vec![main, make])
}

/// How many primes there are below `n`, by a sieve of bytes.
fn sieve(n: i32) -> Module {
    let flags = RegType::Ref(TypeId(1));
    let (limit, composite, i, j, count, square) = (r(0), r(1), r(2), r(3), r(4), r(5));
    let (one, a0, a1) = (r(6), r(7), r(8));
    let code = [
        Instr::IConst { dst: limit, value: n },
        Instr::IConst { dst: one, value: 1 },
        Instr::Mov { dst: a0, src: limit },
        Instr::IConst { dst: a1, value: 0 },
        Instr::AFilled { dst: composite, of: 1 },
        Instr::IConst { dst: count, value: 0 },
        Instr::IConst { dst: i, value: 2 },
        Instr::AGet { dst: square, array: composite, index: i },
        Instr::JTrue { cond: square, target: 7 },
        Instr::IAddI { dst: count, lhs: count, rhs: 1 },
        Instr::IMul { dst: j, lhs: i, rhs: i },
        Instr::JLe { lhs: limit, rhs: j, target: 4 },
        Instr::ASet { array: composite, index: j, src: one },
        Instr::IAdd { dst: j, lhs: j, rhs: i },
        Instr::JLt { lhs: j, rhs: limit, target: -2 },
        Instr::IAddI { dst: i, lhs: i, rhs: 1 },
        Instr::JLt { lhs: i, rhs: limit, target: -9 },
        Instr::Ret1 { src: count },
    ];
    let types = vec![TypeDef::Array(Storage::Narrow(Width::U8))];
    module(
        types,
        vec![],
        vec![function("entry", 0, vec![INT, flags, INT, INT, INT, INT, INT], vec![INT], &code)],
    )
}

#[test]
fn kernels_give_what_they_must() -> Result<(), Box<dyn Error>> {
    let size =
        |usual: i32| std::env::var("KERNEL_SIZE").ok().and_then(|size| size.parse().ok()).unwrap_or(usual);
    let only = std::env::var("KERNEL").ok();
    let wanted = |name: &str| only.as_deref().is_none_or(|only| only == name);
    if wanted("fib") {
        let result = run(fib(size(20)))?;
        assert!(only.is_some() || result == 6765, "{result}");
    }
    if wanted("collatz") {
        let result = run(collatz(size(1000)))?;
        assert!(only.is_some() || result == 59_542, "{result}");
    }
    if wanted("matmul") {
        let result = run(matmul(size(20)))?;
        assert!(only.is_some() || result == 400, "{result}");
    }
    if wanted("sieve") {
        let result = run(sieve(size(10_000)))?;
        assert!(only.is_some() || result == 1229, "{result}");
    }
    Ok(())
}

#[test]
fn machines_do_not_share_anything() -> Result<(), Box<dyn Error>> {
    let (mut one, mut other) = (Vm::new(Config::default())?, Vm::new(Config::default())?);
    one.load(verify(matmul(8))?)?;
    other.load(verify(sieve(100))?)?;
    assert_eq!((one.run(&[])?, other.run(&[])?), (64, 25));
    one.load(verify(sieve(1000))?)?;
    assert_eq!((one.run(&[])?, one.run(&[])?, other.run(&[])?), (168, 168, 25));
    Ok(())
}

#[test]
fn fuel_is_exact() -> Result<(), Box<dyn Error>> {
    // One call by the entry; then for each call of fib over 1 two more.
    let calls = |n: i32| -> u64 {
        let mut counts = vec![1u64, 1];
        (2..=n as usize).for_each(|n| counts.push(1 + counts[n - 1] + counts[n - 2]));
        counts[n as usize]
    };
    let with = |fuel| Config { fuel: Some(fuel), ..Config::default() };
    assert_eq!(run_with(fib(18), with(calls(18)))??, 2584);
    let error = run_with(fib(18), with(calls(18) - 1))?.expect_err("one call too many");
    assert_eq!(error.kind, TrapKind::OutOfFuel);
    let error = run_with(fib(18), with(0))?.expect_err("no fuel at all");
    assert_eq!(error.kind, TrapKind::OutOfFuel);
    // 998 outer back-edges, and one fewer inner one than steps in each of the 999 sequences that have any.
    let back_edges = 999 + 59_542 - 999;
    assert_eq!(run_with(collatz(1000), with(back_edges))??, 59_542);
    let error = run_with(collatz(1000), with(back_edges - 1))?.expect_err("one back-edge too many");
    assert_eq!(error.kind, TrapKind::OutOfFuel);
    Ok(())
}

#[test]
fn endless_recursion_overflows_the_stack() -> Result<(), Box<dyn Error>> {
    let a0 = r(1);
    let code =
        [Instr::IAddI { dst: a0, lhs: r(0), rhs: 1 }, Instr::Call { callee: 1 }, Instr::Ret1 { src: a0 }];
    let entry = [Instr::IConst { dst: r(0), value: 0 }, Instr::Call { callee: 1 }, Instr::Ret1 { src: r(0) }];
    let module = module(
        vec![],
        vec![],
        vec![
            function("entry", 0, vec![], vec![INT], &entry),
            function("down", 1, vec![INT], vec![INT], &code),
        ],
    );
    let error = run_with(module, Config::default())?.expect_err("the stack is finite");
    assert_eq!(error.kind, TrapKind::StackOverflow);
    assert_eq!(error.frames.len(), 2);
    assert!(error.frames[0].repeats > 100_000, "{}", error.frames[0].repeats);
    assert_eq!(&*error.frames[0].function, "down");
    Ok(())
}

#[test]
fn a_float_that_is_moved_before_a_jump_stays_one() -> Result<(), Box<dyn Error>> {
    let (int, moved, temp, result) = (r(0), r(1), r(2), r(3));
    let code = [
        Instr::IConst { dst: int, value: 1 },
        Instr::FConst { dst: moved, value: 0 },
        Instr::JNeI { lhs: int, rhs: 1, target: 4 },
        Instr::FAdd { dst: temp, lhs: moved, rhs: moved },
        Instr::Mov { dst: moved, src: temp },
        Instr::Jmp { target: 2 },
        Instr::FNeg { dst: moved, src: moved },
        Instr::FToI { dst: result, src: moved },
        Instr::Ret1 { src: result },
    ];
    let registers = vec![INT, FLOAT, FLOAT, INT];
    let module =
        module(vec![], vec![1.5f64.to_bits()], vec![function("entry", 0, registers, vec![INT], &code)]);
    assert_eq!(run(module)?, 3);
    Ok(())
}

#[test]
fn no_handler_calls_the_next_one() -> Result<(), Box<dyn Error>> {
    let listing = std::process::Command::new("objdump")
        .args(["-d", "-C", "--no-show-raw-insn"])
        .arg(std::env::current_exe()?)
        .output();
    // Without the tool, the test below still finds what matters most.
    let Ok(listing) = listing else { return Ok(()) };
    let text = String::from_utf8_lossy(&listing.stdout);
    let mut handlers = 0;
    for function in text.split("\n\n").filter(|function| {
        let head = function.lines().next().unwrap_or("");
        head.contains("interpreter::handlers::") && !head.contains("::cold::")
    }) {
        handlers += 1;
        // A call through the table of imported functions is a call of the C library.
        let indirect = function
            .lines()
            .find(|line| line.contains("call") && line.contains('*') && !line.contains("(%rip)"));
        assert_eq!(indirect, None, "{function}");
    }
    assert!(!cfg!(target_arch = "x86_64") || handlers > 500, "{handlers} handlers found");
    Ok(())
}

#[test]
fn every_handler_ends_in_a_jump() -> Result<(), Box<dyn Error>> {
    // Ten million instructions on a stack that would not hold a frame for each thousandth of them.
    let run_small = || -> Result<(), String> {
        let run = |module| run(module).map_err(|error| error.to_string());
        run(collatz(60_000))?;
        run(fib(24))?;
        run(matmul(60))?;
        run(sieve(100_000)).map(|_| ())
    };
    let thread = std::thread::Builder::new().stack_size(128 << 10).spawn(run_small)?;
    thread.join().map_err(|_| "the thread died")??;
    Ok(())
}

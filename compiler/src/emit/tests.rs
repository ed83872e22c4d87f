//! Emission of small functions built by hand.

use lang_bytecode::{FuncId, Instr, RegType, instructions};

use super::{Options, emit};
use crate::ir::{At, BinaryOp, BlockId, Callee, End, Function, Inst, Op, Operand, Program, Test, VReg};
use crate::optimize::optimize;
use crate::source::SourceMap;

/// A function under construction.
struct Build(Function);

impl Build {
    fn new(name: &str, params: &[RegType], results: &[RegType]) -> Build {
        Build(Function::new(name.into(), params, results.to_vec()))
    }

    fn inst(&mut self, block: BlockId, op: Op) {
        self.0.block_mut(block).insts.push(Inst { op, at: At::default() });
    }

    fn int(&mut self) -> VReg {
        self.0.add_reg(RegType::Int)
    }

    fn binary(
        &mut self,
        block: BlockId,
        op: BinaryOp,
        lhs: impl Into<Operand>,
        rhs: impl Into<Operand>,
    ) -> VReg {
        let dst = self.int();
        let (lhs, rhs) = (lhs.into(), rhs.into());
        self.inst(block, Op::Binary { op, dst, lhs, rhs });
        dst
    }

    fn call(&mut self, block: BlockId, callee: u32, args: &[Operand]) -> VReg {
        let dst = self.int();
        let (args, results) = (self.0.add_list(args.iter().copied()), self.0.add_list([dst.into()]));
        self.inst(block, Op::Call { callee: Callee::Function(FuncId(callee)), args, results });
        dst
    }

    fn end(&mut self, block: BlockId, end: End) {
        self.0.block_mut(block).end = end;
    }

    fn ret(&mut self, block: BlockId, value: impl Into<Operand>) {
        let list = self.0.add_list([value.into()]);
        self.end(block, End::Return(list));
    }
}

impl From<i32> for Operand {
    fn from(value: i32) -> Operand {
        Operand::Int(value)
    }
}

/// The instructions of a function of the optimised program, as text.
fn code(functions: Vec<Build>, which: usize) -> Vec<String> {
    let functions = functions.into_iter().map(|build| build.0).collect();
    let entry = FuncId(which as u32);
    let mut program = Program { functions, entry, ..Program::default() };
    optimize(&mut program, false);
    let module =
        emit(&program, &SourceMap::new(), &Options::default()).expect("small functions can be emitted");
    instructions(&module.functions[module.entry.0 as usize].code).map(|(_, instr)| text(instr)).collect()
}

fn text(instr: Instr) -> String {
    format!("{instr:?}").replace("Reg(", "r").replace(')', "")
}

const ENTRY: BlockId = BlockId(0);

#[test]
fn arguments_are_computed_in_their_slots_and_results_read_from_theirs() {
    let mut fib = Build::new("fib", &[RegType::Int], &[RegType::Int]);
    let n = VReg(0);
    let (small, large) = (fib.0.add_block(), fib.0.add_block());
    fib.end(
        ENTRY,
        End::Branch { test: Test::ILt, lhs: n.into(), rhs: Operand::Int(2), then: small, otherwise: large },
    );
    fib.ret(small, n);
    let one = fib.binary(large, BinaryOp::ISub, n, 1);
    let first = fib.call(large, 0, &[one.into()]);
    let two = fib.binary(large, BinaryOp::ISub, n, 2);
    let second = fib.call(large, 0, &[two.into()]);
    let sum = fib.binary(large, BinaryOp::IAdd, first, second);
    fib.ret(large, sum);
    assert_eq!(
        code(vec![fib], 0),
        [
            "JGeI { lhs: r0, rhs: 2, target: 2 }",
            "Ret1 { src: r0 }",
            "IAddI { dst: r2, lhs: r0, rhs: -1 }",
            "Call { callee: 0 }",
            "Mov { dst: r1, src: r2 }",
            "IAddI { dst: r2, lhs: r0, rhs: -2 }",
            "Call { callee: 0 }",
            "IAdd { dst: r1, lhs: r1, rhs: r2 }",
            "Ret1 { src: r1 }",
        ]
    );
}

#[test]
fn a_rotated_loop_has_its_constants_before_it() {
    let mut sum = Build::new("sum", &[RegType::Int], &[RegType::Int]);
    let (n, i, total) = (VReg(0), sum.int(), sum.int());
    let (body, after) = (sum.0.add_block(), sum.0.add_block());
    sum.inst(ENTRY, Op::Move { dst: i, src: Operand::Int(0) });
    sum.inst(ENTRY, Op::Move { dst: total, src: Operand::Int(0) });
    let test =
        |then, otherwise| End::Branch { test: Test::ILt, lhs: i.into(), rhs: n.into(), then, otherwise };
    sum.end(ENTRY, test(body, after));
    let added = sum.binary(body, BinaryOp::IAdd, total, i);
    let cut = sum.binary(body, BinaryOp::IRem, added, 1_000_003);
    sum.inst(body, Op::Move { dst: total, src: cut.into() });
    let next = sum.binary(body, BinaryOp::IAdd, i, 1);
    sum.inst(body, Op::Move { dst: i, src: next.into() });
    sum.end(body, test(body, after));
    sum.ret(after, total);
    let code = code(vec![sum], 0);
    let text: Vec<&str> = code.iter().map(String::as_str).collect();
    assert!(text.iter().all(|line| !line.starts_with("Mov")), "{text:#?}");
    let constant = text.iter().position(|line| line.contains("1000003"));
    let back = text.iter().position(|line| line.starts_with("JLt") && line.contains("target: -3"));
    assert!(constant < back && back.is_some(), "{text:#?}");
}

#[test]
fn what_would_trap_is_not_folded() {
    let mut f = Build::new("f", &[], &[RegType::Int]);
    let zero = f.binary(ENTRY, BinaryOp::ISub, 1, 1);
    let bad = f.binary(ENTRY, BinaryOp::IDiv, 7, zero);
    f.ret(ENTRY, bad);
    let code = code(vec![f], 0);
    assert!(code.iter().any(|line| line.starts_with("IDiv ")), "{code:#?}");
    assert!(code.iter().all(|line| !line.starts_with("IAddI")), "{code:#?}");
}

#[test]
fn a_small_function_is_inlined() {
    let mut twice = Build::new("twice", &[RegType::Int], &[RegType::Int]);
    let sum = twice.binary(ENTRY, BinaryOp::IAdd, VReg(0), VReg(0));
    twice.ret(ENTRY, sum);
    let mut f = Build::new("f", &[RegType::Int], &[RegType::Int]);
    let inner = f.call(ENTRY, 0, &[Operand::Reg(VReg(0))]);
    let outer = f.call(ENTRY, 0, &[inner.into()]);
    f.ret(ENTRY, outer);
    let code = code(vec![twice, f], 1);
    assert_eq!(
        code,
        ["IAdd { dst: r1, lhs: r0, rhs: r0 }", "IAdd { dst: r1, lhs: r1, rhs: r1 }", "Ret1 { src: r1 }"]
    );
}

#[test]
fn results_in_the_wrong_slots_are_exchanged() {
    let mut pair = Build::new("pair", &[], &[RegType::Int, RegType::Int]);
    let called = pair.call(ENTRY, 0, &[]);
    let list = pair.0.add_list([called.into(), Operand::Int(1)]);
    pair.end(ENTRY, End::Return(list));
    let mut f = Build::new("f", &[], &[RegType::Int, RegType::Int]);
    let (a, b) = (f.int(), f.int());
    let results = f.0.add_list([a.into(), b.into()]);
    f.inst(ENTRY, Op::Call { callee: Callee::Function(FuncId(0)), args: Default::default(), results });
    let list = f.0.add_list([b.into(), a.into()]);
    f.end(ENTRY, End::Return(list));
    assert_eq!(
        code(vec![pair, f], 1),
        [
            "Call { callee: 0 }",
            "Mov { dst: r2, src: r1 }",
            "Mov { dst: r1, src: r0 }",
            "Mov { dst: r0, src: r2 }",
            "RetN { count: 2 }",
        ]
    );
}

//! The passes, each on small functions of stored code: what their text form has afterwards.

mod hoist;
mod inline;
mod ranges;
mod scalars;
mod select;
mod strength;
mod values;

use std::sync::Arc;

use lang_bytecode::{
    Field, FuncId, Function, Instr, Module, Reg, RegType, Storage, TypeDef, TypeId, Width, verify,
};

use super::Stats;
use crate::heap::Layouts;
use crate::jit::build;
use crate::jit::program::Program;
use crate::jit::translate::Request;

const INT: RegType = RegType::Int;
const FLOAT: RegType = RegType::Float;
/// An array of ints: the first type after strings.
const INTS: RegType = RegType::Ref(TypeId(1));
/// A struct of two ints that may be written.
const PAIRS: TypeId = TypeId(3);
const PAIR: RegType = RegType::Ref(PAIRS);
const MAYBE_PAIR: RegType = RegType::RefNull(PAIRS);

fn r(number: u16) -> Reg {
    Reg(number)
}

/// A function without results.
fn function(params: u16, registers: &[RegType], results: &[RegType], code: &[Instr]) -> Function {
    let code = code.iter().map(|instr| instr.encode()).collect();
    Function { params, registers: registers.to_vec(), results: results.to_vec(), code, ..Function::default() }
}

/// The first of these functions after all passes, and what they did.
fn optimised(functions: Vec<Function>) -> (String, Stats) {
    with_constants(functions, Vec::new())
}

/// The same of functions that use these constants.
fn with_constants(functions: Vec<Function>, constants: Vec<u64>) -> (String, Stats) {
    let entry = function(0, &[], &[], &[Instr::Ret {}]);
    let last = functions.len() as u32;
    let field = |name: &str| Field { name: name.to_owned(), storage: Storage::I64, mutable: true };
    let pair = TypeDef::Struct { name: "Pair".to_owned(), fields: vec![field("first"), field("second")] };
    let (ints, bytes) = (TypeDef::Array(Storage::I64), TypeDef::Array(Storage::Narrow(Width::U8)));
    let module = Module {
        types: vec![TypeDef::Str, ints, bytes, pair],
        functions: functions.into_iter().chain([entry]).collect(),
        constants,
        entry: FuncId(last),
        ..Module::default()
    };
    let module = match verify(module) {
        Ok(module) => module,
        Err(error) => panic!("the verifier refuses the function: {error}"),
    };
    let program = Program {
        closures: Arc::default(),
        seen: Arc::default(),
        natives: Arc::new([]),
        foreign: Arc::default(),
        calls_back: false,
        reads_errno: false,
        layouts: Arc::new(Layouts::new(&module.types)),
        out_slots: (0..=last).map(|index| module.out_slots(FuncId(index)) as u32).collect(),
        strings: Arc::new([]),
        statics: module.types.iter().map(|_| 0).collect(),
        methods: Arc::new([]),
        entries: 0,
        module: Arc::new(module),
    };
    let mut func = build::build(&program, &Request { function: 0, osr: None, poll: false, inline: true });
    let stats = super::run(&mut func);
    (func.to_string(), stats)
}

/// How often a word stands in a text.
fn count(text: &str, word: &str) -> usize {
    text.matches(word).count()
}

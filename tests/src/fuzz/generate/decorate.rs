//! What a module has beside code that runs: names, comments, sources, places, tables of C. Programs differ in it more than in code.

use super::ids;
use crate::fuzz::random::Random;
use lang_bytecode::{
    CAction, CFunction, CLayout, CScalar, CSignature, CType, Function, Global, Line, Module, Place, RegType,
    Scope, Signature, Source, TypeId, instructions,
};

/// Texts that a text form may stumble over.
const TEXTS: [&str; 10] = [
    "",
    "plain",
    "two words",
    "\"quoted\" \\ slash",
    "line\nline\r\n\ttab",
    "naïve 漢字 🦀",
    "// no comment",
    "end",
    "@1 #2 $3",
    "\u{0}\u{7f}\u{85}\u{2028}",
];

/// Adds tables that no code needs; what was valid stays so.
pub(super) fn decorate(module: &mut Module, random: &mut Random) {
    module.name = text(random);
    module.comment = text(random);
    for _ in 0..random.below(4) {
        let path = format!("{}{}.lang", text(random), module.sources.len());
        let text = random.one_in(2).then(|| (0..random.below(5)).map(|_| text(random) + "\n").collect());
        module.sources.push(Source { path, text, standard: random.one_in(3) });
    }
    for _ in 0..random.below(4) {
        // Values that are there already, and bits that are no number.
        module.constants.push(*random.pick(&[0, 1, u64::MAX, 0x7ff8_0000_0000_0001, 1 << 63]));
        module.strings.push(text(random));
        let ty = *random.pick(&[RegType::Int, RegType::Float, RegType::RefNull(TypeId(ids::NODE))]);
        module.globals.push(Global { name: text(random), ty });
    }
    if !module.sources.is_empty() {
        let sources = module.sources.len();
        module.functions.iter_mut().for_each(|function| places(function, sources, random));
        foreign(module, random);
    }
}

fn text(random: &mut Random) -> String {
    (*random.pick(&TEXTS)).to_owned()
}

/// Gives a function inlined calls and lines.
fn places(function: &mut Function, sources: usize, random: &mut Random) {
    for index in 0..random.below(4) {
        let (call, parent) = (place(sources, random), random.below(index + 1) as u32);
        function.scopes.push(Scope { name: text(random), call, parent });
    }
    let scopes = function.scopes.len();
    for (at, _) in instructions(&function.code) {
        if random.one_in(3) {
            let (place, scope) = (place(sources, random), random.below(scopes + 1) as u32);
            function.lines.push(Line { at: at as u32, place, scope });
        }
    }
}

fn place(sources: usize, random: &mut Random) -> Place {
    let mut number = || {
        let shift = random.below(32);
        (random.next() as u32) >> shift
    };
    let (line, column, length) = (number(), number(), number());
    Place { source: random.below(sources) as u32, line, column, length }
}

/// Declares structs, callbacks and functions of C.
fn foreign(module: &mut Module, random: &mut Random) {
    for _ in 0..random.below(3) {
        let scalar = *random.pick(CScalar::ALL);
        let (size, align) = (2 * scalar.bytes(), scalar.bytes());
        let fields = vec![(0, scalar), (align, scalar)];
        module.foreign.layouts.push(CLayout { name: text(random), size, align, fields });
        let callback =
            CSignature { params: vec![CType::Scalar(scalar), CType::Text], result: None, variadic: None };
        module.foreign.callbacks.push(callback);
    }
    for _ in 0..random.below(4) {
        let (signature, action) = match random.below(3) {
            0 => (Signature { params: Vec::new(), results: vec![RegType::Int] }, CAction::Address),
            1 => (Signature { params: vec![RegType::Int], results: Vec::new() }, CAction::FreeCallback),
            _ => call(random),
        };
        let library = random.one_in(2).then(|| text(random));
        let (symbol, weak) = (text(random), random.one_in(2));
        let place = place(module.sources.len(), random);
        module.foreign.functions.push(CFunction { library, symbol, weak, place, signature, action });
    }
}

/// A call with what carries its arguments.
fn call(random: &mut Random) -> (Signature, CAction) {
    let value = |random: &mut Random| match random.below(3) {
        0 => (CType::Text, RegType::Ref(TypeId(ids::STR))),
        1 => (CType::Elements, RegType::RefNull(TypeId(ids::BYTES))),
        _ => {
            let scalar = *random.pick(CScalar::ALL);
            (CType::Scalar(scalar), if scalar.is_float() { RegType::Float } else { RegType::Int })
        }
    };
    let (params, registers): (Vec<_>, Vec<_>) = (0..random.below(6)).map(|_| value(random)).unzip();
    let scalar = *random.pick(CScalar::ALL);
    let result = random.one_in(2).then_some(CType::Scalar(scalar));
    let carrier = if scalar.is_float() { RegType::Float } else { RegType::Int };
    let variadic = random.one_in(3).then(|| random.below(params.len() + 1) as u32);
    let signature = Signature { params: registers, results: result.map(|_| carrier).into_iter().collect() };
    (signature, CAction::Call(CSignature { params, result, variadic }))
}

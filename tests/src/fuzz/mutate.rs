//! Changes a module where it hurts: operands, opcodes, types, tables. Most of it the verifier must
//! refuse; what it lets through must run.

use super::random::Random;
use lang_bytecode::{FuncId, Function, Module, Opcode, RegType, Storage, TypeDef, TypeId};

/// Makes a few changes.
pub fn mutate(module: &mut Module, random: &mut Random) {
    for _ in 0..=random.below(4) {
        match random.below(16) {
            0..10 => mutate_code(module, random),
            10..13 => mutate_function(module, random),
            _ => mutate_tables(module, random),
        }
    }
}

fn function<'a>(module: &'a mut Module, random: &mut Random) -> Option<&'a mut Function> {
    let count = module.functions.len();
    module.functions.get_mut(random.below(count))
}

fn mutate_code(module: &mut Module, random: &mut Random) {
    let Some(function) = function(module, random) else { return };
    let registers = function.registers.len();
    let code = &mut function.code;
    if code.is_empty() {
        code.push(any_word(registers, random));
        return;
    }
    let (at, other) = (random.below(code.len()), random.below(code.len()));
    match random.below(10) {
        0..3 => code[at] = with_operand(code[at], registers, random),
        3 | 4 => code[at] = with_opcode(code[at], random),
        5 => code[at] = any_word(registers, random),
        6 => code.insert(at, any_word(registers, random)),
        7 => code.swap(at, other),
        8 => code[at] = code[other],
        _ if random.one_in(3) => drop(code.remove(at)),
        _ => code.insert(at, code[other]),
    }
}

/// The word with one of its 16-bit operands, or its `x`, replaced.
fn with_operand(word: u64, registers: usize, random: &mut Random) -> u64 {
    let value = operand(registers, random);
    match random.below(7) {
        0..2 => word & !(0xffff << 16) | value << 16,
        2..4 => word & !(0xffff << 32) | value << 32,
        4..6 => word & !(0xffff << 48) | value << 48,
        _ => word & !(0xff << 8) | (value & 0xff) << 8,
    }
}

fn operand(registers: usize, random: &mut Random) -> u64 {
    match random.below(8) {
        0..5 => random.below(registers + 4) as u64,
        5 => 0u64.wrapping_sub(random.below(6) as u64) & 0xffff,
        6 => random.below(6) as u64,
        _ => random.next() & 0xffff,
    }
}

fn with_opcode(word: u64, random: &mut Random) -> u64 {
    word & !0xff | *random.pick(Opcode::ALL) as u64
}

fn any_word(registers: usize, random: &mut Random) -> u64 {
    let [a, b, c, x] = [(); 4].map(|()| operand(registers, random));
    let x = if random.one_in(2) { 0 } else { x & 0xff };
    with_opcode(x << 8 | a << 16 | b << 32 | c << 48, random)
}

fn mutate_function(module: &mut Module, random: &mut Random) {
    let types = module.types.len();
    let Some(function) = function(module, random) else { return };
    let ty = reg_type(types, random);
    match random.below(9) {
        0..3 if !function.registers.is_empty() => {
            let at = random.below(function.registers.len());
            function.registers[at] = ty;
        }
        0..4 => function.registers.push(ty),
        4 => drop(function.registers.pop()),
        5 => function.params = function.params.wrapping_add(1).wrapping_sub(random.below(3) as u16),
        6 => function.results.push(ty),
        7 => drop(function.results.pop()),
        _ => {
            let count = function.lines.len();
            if let Some(line) = function.lines.get_mut(random.below(count)) {
                line.at = random.next() as u32 >> random.below(32);
                line.scope = random.below(3) as u32;
            }
        }
    }
}

fn reg_type(types: usize, random: &mut Random) -> RegType {
    let id = TypeId(random.below(types + 1) as u32);
    match random.below(4) {
        0 => RegType::Int,
        1 => RegType::Float,
        2 => RegType::Ref(id),
        _ => RegType::RefNull(id),
    }
}

fn mutate_tables(module: &mut Module, random: &mut Random) {
    let types = module.types.len();
    let ty = reg_type(types, random);
    match random.below(7) {
        0 => module.entry = FuncId(random.below(module.functions.len() + 1) as u32),
        1 => module.constants.push(random.next()),
        2 => drop(module.strings.pop()),
        3 => {
            let count = module.globals.len();
            if let Some(global) = module.globals.get_mut(random.below(count)) {
                global.ty = ty;
            }
        }
        4 => {
            let count = module.natives.len();
            if let Some(native) = module.natives.get_mut(random.below(count)) {
                let params = &mut native.signature.params;
                params.insert(random.below(params.len() + 1), ty);
            }
        }
        5 => drop(module.functions.pop()),
        _ => mutate_type(module, random),
    }
}

fn mutate_type(module: &mut Module, random: &mut Random) {
    let count = module.types.len();
    let storage = match reg_type(count, random) {
        RegType::Int => Storage::I64,
        RegType::Float => Storage::F32,
        RegType::Ref(id) => Storage::Ref(id),
        RegType::RefNull(id) => Storage::RefNull(id),
    };
    let copied = module.types.get(random.below(count)).cloned();
    let Some(ty) = module.types.get_mut(random.below(count)) else { return };
    match ty {
        TypeDef::Array(element) => *element = storage,
        TypeDef::Struct { fields, .. } | TypeDef::Variant { fields, .. } if !fields.is_empty() => {
            let at = random.below(fields.len());
            fields[at].storage = storage;
        }
        _ => *ty = copied.unwrap_or(TypeDef::Str),
    }
}

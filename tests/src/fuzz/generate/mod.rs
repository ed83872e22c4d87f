//! Programs made as bytecode, with the right types nearly everywhere: most pass the verifier, and then use every instruction
//! and native in ways that no compiler would. Whatever they do, they must end in a result or a runtime error.

mod decorate;
mod function;
mod items;

use super::random::Random;
use lang_bytecode::{
    Module, NATIVES, NativeImport, NativeType, RegType, Signature, TypeDef, TypeId, assemble,
};

const WORLD: &str = include_str!("world.asm");

/// The types of [`WORLD`] that the generator names.
pub(super) mod ids {
    pub(in crate::fuzz) const STR: u32 = 0;
    pub(in crate::fuzz) const BYTES: u32 = 1;
    pub(in crate::fuzz) const STRINGS: u32 = 5;
    pub(in crate::fuzz) const WORDS: u32 = 7;
    pub(in crate::fuzz) const MIXED: u32 = 8;
    pub(in crate::fuzz) const NODE: u32 = 9;
    pub(in crate::fuzz) const SHAPE: u32 = 10;
    pub(in crate::fuzz) const CIRCLE: u32 = 11;
    pub(in crate::fuzz) const EMPTY: u32 = 12;
    pub(in crate::fuzz) const PAIR: u32 = 13;
    pub(in crate::fuzz) const UNARY: u32 = 14;
    pub(in crate::fuzz) const ADDER: u32 = 15;
    pub(in crate::fuzz) const PLAIN: u32 = 16;
    pub(in crate::fuzz) const SHOW: u32 = 17;
    pub(in crate::fuzz) const KNOTTED: u32 = 21;
    pub(in crate::fuzz) const KNOT: u32 = 22;
    pub(in crate::fuzz) const ARRAYS: [u32; 10] = [1, 2, 3, 4, 5, 6, 7, 18, 19, 20];
}

/// A program.
///
/// # Panics
/// When the world it plays in cannot be read.
pub fn module(random: &mut Random) -> Module {
    let mut module = assemble(WORLD).expect("the world is well written");
    module.natives = natives(&module.types, random);
    for index in 0..module.functions.len() {
        module.functions[index] = function::generate(&module, index, random);
    }
    module
}

/// A program with tables that its code does not need, and places in sources; it may declare functions of C that are nowhere.
pub fn decorated_module(random: &mut Random) -> Module {
    let mut module = module(random);
    decorate::decorate(&mut module, random);
    module
}

/// Every native that only computes, each at types that it accepts.
fn natives(types: &[TypeDef], random: &mut Random) -> Vec<NativeImport> {
    let outside = ["files", "env", "process"];
    let inside =
        NATIVES.iter().filter(|native| !native.effects.iter().any(|effect| outside.contains(effect)));
    inside
        .map(|native| {
            let array = TypeId(*random.pick(&ids::ARRAYS));
            let concrete =
                |patterns: &[NativeType]| patterns.iter().map(|ty| instance(*ty, array, types)).collect();
            let signature = Signature { params: concrete(native.params), results: concrete(native.results) };
            NativeImport { name: native.name.to_owned(), signature }
        })
        .collect()
}

/// A type that fits a pattern, in a row whose array is this one.
fn instance(pattern: NativeType, array: TypeId, types: &[TypeDef]) -> RegType {
    let of = |id: u32| RegType::Ref(TypeId(id));
    match (pattern, &types[array.0 as usize]) {
        (NativeType::Int, _) => RegType::Int,
        (NativeType::Float, _) => RegType::Float,
        (NativeType::Str, _) => of(ids::STR),
        (NativeType::StrOrNull, _) => RegType::RefNull(TypeId::STR),
        (NativeType::Bytes, _) => of(ids::BYTES),
        (NativeType::Strings, _) => of(ids::STRINGS),
        (NativeType::Chars | NativeType::Words, _) => of(ids::WORDS),
        (NativeType::Elem, TypeDef::Array(storage)) => storage.register(),
        (NativeType::Array | NativeType::Same | NativeType::Elem, _) => RegType::Ref(array),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generated_programs_are_safe_to_run() {
        for case in 0..40 {
            let module = module(&mut Random::of_case(5, case));
            if let Err(error) = lang_bytecode::verify(module) {
                panic!("case {case}: {error}");
            }
        }
    }
}

//! Constants and strings while instructions name them by value, and natives that they name without a declaration.

use crate::{Module, Native, NativeImport, NativeType, RegType, Signature, TypeId};
use std::collections::HashMap;

/// Where each value first stands in the module's tables.
#[derive(Default)]
pub(super) struct Pools {
    constants: HashMap<u64, u32>,
    strings: HashMap<String, u32>,
    /// Natives that code names and nothing declares.
    pub(super) imports: Vec<NativeImport>,
    /// Whether instructions get their places in the text that is assembled.
    pub(super) place_lines: bool,
}

impl Pools {
    /// Empty ones.
    pub(super) fn new(place_lines: bool) -> Pools {
        Pools { place_lines, ..Pools::default() }
    }

    /// Adds a constant, also where there is such a one already.
    pub(super) fn declare_constant(&mut self, module: &mut Module, bits: u64) {
        self.constants.entry(bits).or_insert(module.constants.len() as u32);
        module.constants.push(bits);
    }

    /// Adds a string, also where there is such a one already.
    pub(super) fn declare_string(&mut self, module: &mut Module, text: String) {
        self.strings.entry(text.clone()).or_insert(module.strings.len() as u32);
        module.strings.push(text);
    }

    /// The first such constant, added where there is none.
    pub(super) fn constant(&mut self, module: &mut Module, bits: u64) -> u32 {
        if !self.constants.contains_key(&bits) {
            self.declare_constant(module, bits);
        }
        self.constants[&bits]
    }

    /// The first such string, added where there is none.
    pub(super) fn string(&mut self, module: &mut Module, text: String) -> u32 {
        if let Some(index) = self.strings.get(&text) {
            return *index;
        }
        self.declare_string(module, text);
        module.strings.len() as u32 - 1
    }

    /// The index of a native that nothing declares, where its types are all known; `declared` are declared.
    pub(super) fn import(&mut self, name: &str, declared: u32) -> Option<u32> {
        if let Some(index) = self.imports.iter().position(|import| import.name == name) {
            return Some(declared + index as u32);
        }
        let native = Native::find(name)?;
        let types = |patterns: &[NativeType]| {
            patterns.iter().map(|pattern| plain_type(*pattern)).collect::<Option<_>>()
        };
        let signature = Signature { params: types(native.params)?, results: types(native.results)? };
        self.imports.push(NativeImport { name: name.to_owned(), signature });
        Some(declared + self.imports.len() as u32 - 1)
    }
}

/// The type of a pattern that needs no type of the module but `str`.
fn plain_type(pattern: NativeType) -> Option<RegType> {
    match pattern {
        NativeType::Int => Some(RegType::Int),
        NativeType::Float => Some(RegType::Float),
        NativeType::Str => Some(RegType::Ref(TypeId::STR)),
        NativeType::StrOrNull => Some(RegType::RefNull(TypeId::STR)),
        _ => None,
    }
}

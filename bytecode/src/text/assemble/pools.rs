//! Constants and strings while instructions name them by value.

use crate::Module;
use std::collections::HashMap;

/// Where each value first stands in the module's tables.
#[derive(Default)]
pub(super) struct Pools {
    constants: HashMap<u64, u32>,
    strings: HashMap<String, u32>,
}

impl Pools {
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
}

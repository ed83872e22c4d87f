//! The tables of the module that code refers to: constants and strings, each once and only if used.

use lang_bytecode::{Instr, Reg};

use crate::ir::{Const, ConstId, Constants};

/// The tables under way.
pub(super) struct Tables<'a> {
    source: &'a Constants,
    /// Where each constant of the program is in its table, once it is used.
    index: Vec<Option<u32>>,
    pub(super) constants: Vec<u64>,
    pub(super) strings: Vec<String>,
}

impl<'a> Tables<'a> {
    pub(super) fn new(source: &'a Constants) -> Tables<'a> {
        Tables { source, index: vec![None; source.len()], constants: Vec::new(), strings: Vec::new() }
    }

    /// The instruction that loads a constant.
    pub(super) fn constant(&mut self, dst: Reg, id: ConstId) -> Instr {
        match self.source.get(id) {
            Const::Int(value) => Instr::IConst64 { dst, value: self.number(id, value as u64) },
            Const::Float(bits) => Instr::FConst { dst, value: self.number(id, bits) },
            Const::Str(text) => {
                let slot = &mut self.index[id.0 as usize];
                let value = *slot.get_or_insert_with(|| {
                    self.strings.push(self.source.text(text).to_owned());
                    self.strings.len() as u32 - 1
                });
                Instr::StrConst { dst, value }
            }
            Const::Null(_) => Instr::Null { dst },
            Const::Static(of) => Instr::Static { dst, of: of.0 },
        }
    }

    fn number(&mut self, id: ConstId, bits: u64) -> u32 {
        let slot = &mut self.index[id.0 as usize];
        *slot.get_or_insert_with(|| {
            self.constants.push(bits);
            self.constants.len() as u32 - 1
        })
    }
}

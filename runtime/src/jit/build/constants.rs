//! Registers that hold the same constant on every way to a block. A loop that is compiled by itself reads its registers from the interpreter's
//! frame; what is a constant there is better known than read.

use lang_bytecode::{Instr, Role};

use super::cfg::Graph;

impl Graph {
    /// The constant that a register holds at the beginning of a block, as the instruction that sets it.
    pub(super) fn constant_at(&self, block: u32, register: usize) -> Option<Instr> {
        let mut found: Option<Instr> = None;
        let mut seen = vec![false; self.blocks.len()];
        let mut open = vec![block];
        while let Some(block) = open.pop() {
            // What is not written before the function's first block reads as zero, which is no constant of the code.
            if block == 0 {
                return None;
            }
            for pred in &self.preds[block as usize] {
                match self.last_write(*pred, register) {
                    Some(write) if is_constant(write) && found.is_none_or(|found| found == write) => {
                        found = Some(write);
                    }
                    Some(_) => return None,
                    None if !std::mem::replace(&mut seen[*pred as usize], true) => open.push(*pred),
                    None => {}
                }
            }
        }
        found
    }

    /// The last instruction of a block that may write a register.
    fn last_write(&self, block: u32, register: usize) -> Option<Instr> {
        let stretch = &self.blocks[block as usize];
        let instrs = self.instrs[stretch.first..stretch.end].iter().rev().map(|(_, instr)| *instr);
        instrs.into_iter().find(|instr| {
            let mut writes = false;
            self.each(*instr, Role::Def, |written| writes |= written == register);
            writes
        })
    }
}

/// Whether an instruction sets its register to a constant.
fn is_constant(instr: Instr) -> bool {
    matches!(
        instr,
        Instr::IConst { .. }
            | Instr::IConst64 { .. }
            | Instr::FConst { .. }
            | Instr::StrConst { .. }
            | Instr::Null { .. }
            | Instr::Static { .. }
    )
}

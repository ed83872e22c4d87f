//! What is noted when a trap happens; the report is made of it afterwards.

use lang_bytecode::TrapKind;

use crate::interpreter::Op;

/// The trap that ended a run.
#[derive(Debug)]
pub(crate) struct Trapped {
    /// The instruction, null while nothing happened.
    pub(crate) pc: *const Op,
    /// The frame that it ran in.
    pub(crate) base: *mut u64,
    /// Which of the stored instructions that it was made from.
    pub(crate) part: u32,
    /// The values involved; what they are follows from the stored instruction.
    pub(crate) values: [u64; 2],
    /// The kind and what is said, where they do not follow from the instruction.
    pub(crate) said: Option<(TrapKind, Option<String>)>,
}

impl Default for Trapped {
    fn default() -> Self {
        Trapped { pc: std::ptr::null(), base: std::ptr::null_mut(), part: 0, values: [0; 2], said: None }
    }
}

impl Trapped {
    /// A trap that the stored instruction and the values explain.
    pub(crate) fn set(&mut self, pc: *const Op, base: *mut u64, part: u32) {
        (self.pc, self.base, self.part, self.said) = (pc, base, part, None);
    }

    /// A trap of another kind.
    pub(crate) fn raise(&mut self, kind: TrapKind, pc: *const Op, base: *mut u64) {
        self.set(pc, base, 0);
        self.said = Some((kind, None));
    }
}

//! Values while code is made: their words as operands.

use super::layout::MAX_WORDS;
use crate::ir::{Operand, VReg};

/// A value: up to four operands. What never gives a value has none; its words read as zeros, in code that is not reached.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Value {
    words: [Operand; MAX_WORDS],
    len: u8,
}

impl Value {
    /// No words.
    pub(super) const UNIT: Value = Value { words: [Operand::Int(0); MAX_WORDS], len: 0 };

    /// One word.
    pub(super) fn one(word: impl Into<Operand>) -> Value {
        let mut value = Value { len: 1, ..Value::UNIT };
        value.words[0] = word.into();
        value
    }

    /// Several words; those beyond what a value can have are dropped.
    pub(super) fn of(words: &[Operand]) -> Value {
        let mut value = Value::UNIT;
        for word in words.iter().take(MAX_WORDS) {
            value.push(*word);
        }
        value
    }

    /// The words in registers.
    pub(super) fn of_regs(regs: &[VReg]) -> Value {
        let mut value = Value::UNIT;
        for reg in regs.iter().take(MAX_WORDS) {
            value.push((*reg).into());
        }
        value
    }

    /// One more word.
    pub(super) fn push(&mut self, word: Operand) {
        if (self.len as usize) < MAX_WORDS {
            self.words[self.len as usize] = word;
            self.len += 1;
        }
    }

    /// Its words.
    pub(super) fn words(&self) -> &[Operand] {
        &self.words[..self.len as usize]
    }

    /// Its words, to change them.
    pub(super) fn words_mut(&mut self) -> &mut [Operand] {
        &mut self.words[..self.len as usize]
    }

    /// A word.
    pub(super) fn word(&self, index: usize) -> Operand {
        self.words.get(index).copied().unwrap_or(Operand::Int(0))
    }

    /// The only word.
    pub(super) fn single(&self) -> Operand {
        self.words[0]
    }
}

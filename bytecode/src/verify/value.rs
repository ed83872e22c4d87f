//! The type of a value in a register or an out slot, as the verifier knows it.

use crate::RegType;

/// What is known of a value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Value {
    /// A value of a register's type.
    Of(RegType),
    /// The null reference, which fits every nullable place.
    Null,
}

/// The out slots of one basic block. Forgetting them all is one step, however many there are.
#[derive(Default)]
pub(super) struct OutSlots<'m> {
    written: Vec<(u32, Option<Value>)>,
    epoch: u32,
    /// The results of the last call, which slots hold that were not written since.
    results: &'m [RegType],
    /// How many slots the function has used.
    pub(super) count: usize,
}

impl<'m> OutSlots<'m> {
    /// Begins a function.
    pub(super) fn start(&mut self) {
        self.forget();
        self.count = 0;
    }

    /// Makes every slot undefined.
    pub(super) fn forget(&mut self) {
        self.set_results(&[]);
    }

    /// Makes the slots hold a call's results and nothing else.
    pub(super) fn set_results(&mut self, results: &'m [RegType]) {
        self.results = results;
        self.count = self.count.max(results.len());
        self.epoch = match self.epoch.checked_add(1) {
            Some(epoch) => epoch,
            None => {
                self.written.clear();
                1
            }
        };
    }

    /// What a slot holds, where that is known.
    pub(super) fn get(&self, slot: usize) -> Option<Value> {
        match self.written.get(slot) {
            Some((epoch, value)) if *epoch == self.epoch => *value,
            _ => self.results.get(slot).map(|ty| Value::Of(*ty)),
        }
    }

    /// Puts a value into a slot.
    pub(super) fn set(&mut self, slot: usize, value: Value) {
        if slot >= self.written.len() {
            self.written.resize(slot + 1, (0, None));
        }
        self.written[slot] = (self.epoch, Some(value));
        self.count = self.count.max(slot + 1);
    }
}

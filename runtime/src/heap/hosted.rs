//! Values of the host that an object stands for, such as open files: dropped when no reference to the object is left.
//!
//! The object is an array of `u32` that holds the number of its value. A number alone gives no access: the array must be the one that the
//! value was put behind. Arrays are never large themselves, so that an entry's object is either young or in the old space.

use std::any::Any;

use super::allocate::OutOfMemory;
use super::collect::Survivors;
use super::roots::Root;
use super::scope::{Scope, Words};

/// An object, and the value behind it.
#[derive(Debug)]
struct Entry {
    object: u64,
    /// Nothing while it is lent.
    value: Option<Box<dyn Any>>,
    /// How much memory the value takes.
    bytes: usize,
}

/// All values of the host that objects of a heap stand for.
#[derive(Debug)]
pub(super) struct Hosted {
    entries: Vec<Option<Entry>>,
    /// Places without an entry; there is room for all of them.
    free: Vec<u32>,
    /// How many bytes all values take.
    bytes: usize,
    /// How many they may take before those that nothing refers to are looked for.
    budget: usize,
}

/// The budget at first, and at least.
const BUDGET: usize = 16 << 20;

impl Default for Hosted {
    fn default() -> Hosted {
        Hosted { entries: Vec::new(), free: Vec::new(), bytes: 0, budget: BUDGET }
    }
}

impl Hosted {
    /// Drops the values whose objects did not survive, and takes note of where the others are.
    pub(super) fn keep(&mut self, survivors: &Survivors) {
        for place in 0..self.entries.len() {
            if let Some(entry) = &mut self.entries[place] {
                // SAFETY: the entry's object was alive before this collection.
                match unsafe { survivors.address(entry.object) } {
                    Some(address) => entry.object = address,
                    None => self.forget(place),
                }
            }
        }
    }

    fn forget(&mut self, place: usize) {
        if let Some(entry) = self.entries[place].take() {
            self.bytes -= entry.bytes;
            self.free.push(place as u32);
        }
    }

    fn add(&mut self, object: u64, value: Box<dyn Any>, bytes: usize) -> Result<u32, OutOfMemory> {
        let place = match self.free.pop() {
            Some(place) => place,
            None => {
                self.entries.try_reserve(1).map_err(|_| OutOfMemory)?;
                self.free.try_reserve(self.entries.len() + 1).map_err(|_| OutOfMemory)?;
                self.entries.push(None);
                u32::try_from(self.entries.len() - 1).map_err(|_| OutOfMemory)?
            }
        };
        self.entries[place as usize] = Some(Entry { object, value: Some(value), bytes });
        self.bytes += bytes;
        Ok(place)
    }

    /// The place of an object's entry, where the number is that of one.
    fn find(&self, object: u64, number: Option<u32>) -> Option<usize> {
        let place = number? as usize;
        self.entries.get(place)?.as_ref().is_some_and(|entry| entry.object == object).then_some(place)
    }

    fn of(&mut self, object: u64, number: Option<u32>) -> Option<&mut Entry> {
        let place = self.find(object, number)?;
        self.entries[place].as_mut()
    }
}

impl Scope<'_> {
    /// Finds all objects that cannot be reached any more, young and old, so that the values behind them are dropped. Takes as
    /// long as the heap is large.
    pub fn collect_all(&mut self) -> Result<(), OutOfMemory> {
        self.heap_mut().collect_whole()
    }

    /// Lets an array stand for a value that takes so many bytes, which is dropped when nothing refers to the array any more. Replaces
    /// the array's contents. All values together may take as much as all objects may.
    pub fn host(
        &mut self,
        array: Root<'_, Words>,
        value: Box<dyn Any>,
        bytes: usize,
    ) -> Result<(), OutOfMemory> {
        if self.heap_mut().hosted.bytes + bytes > self.heap_mut().hosted.budget.min(self.heap_mut().max_heap)
        {
            self.collect_all()?;
            let hosted = &mut self.heap_mut().hosted;
            hosted.budget = BUDGET.max(2 * (hosted.bytes + bytes));
            if hosted.bytes + bytes > self.heap_mut().max_heap {
                return Err(OutOfMemory);
            }
        }
        self.set_words(array, &[0])?;
        let number = self.heap_mut().hosted.add(array.address(), value, bytes)?;
        self.words_mut(array)[0] = number;
        Ok(())
    }

    /// Takes the value of an array out for a while; none where it stands for none of this type, or is lent already.
    pub fn lend<T: Any>(&mut self, array: Root<'_, Words>) -> Option<Box<T>> {
        let number = self.words(array).first().copied();
        let value = &mut self.heap_mut().hosted.of(array.address(), number)?.value;
        match value.take()?.downcast() {
            Ok(found) => Some(found),
            Err(other) => {
                *value = Some(other);
                None
            }
        }
    }

    /// Gives back what was lent; it is dropped where the program changed the array meanwhile.
    pub fn give_back<T: Any>(&mut self, array: Root<'_, Words>, value: Box<T>) {
        let number = self.words(array).first().copied();
        if let Some(entry) = self.heap_mut().hosted.of(array.address(), number) {
            entry.value = Some(value);
        }
    }

    /// Forgets the value of an array, which was lent, for good.
    pub fn release(&mut self, array: Root<'_, Words>) {
        let number = self.words(array).first().copied();
        let hosted = &mut self.heap_mut().hosted;
        if let Some(place) = hosted.find(array.address(), number) {
            hosted.forget(place);
        }
    }
}

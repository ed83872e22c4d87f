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
}

/// All values of the host that objects of a heap stand for.
#[derive(Debug, Default)]
pub(super) struct Hosted {
    entries: Vec<Option<Entry>>,
}

impl Hosted {
    /// Drops the values whose objects did not survive, and takes note of where the others are.
    pub(super) fn keep(&mut self, survivors: &Survivors) {
        for place in &mut self.entries {
            if let Some(entry) = place {
                // SAFETY: the entry's object was alive before this collection.
                match unsafe { survivors.address(entry.object) } {
                    Some(address) => entry.object = address,
                    None => *place = None,
                }
            }
        }
        while matches!(self.entries.last(), Some(None)) {
            self.entries.pop();
        }
    }

    fn add(&mut self, object: u64, value: Box<dyn Any>) -> Option<u32> {
        let entry = Some(Entry { object, value: Some(value) });
        let place = match self.entries.iter().position(Option::is_none) {
            Some(place) => place,
            None => {
                self.entries.try_reserve(1).ok()?;
                self.entries.push(None);
                self.entries.len() - 1
            }
        };
        self.entries[place] = entry;
        u32::try_from(place).ok()
    }

    fn of(&mut self, object: u64, number: Option<u32>) -> Option<&mut Option<Entry>> {
        let place = self.entries.get_mut(number? as usize)?;
        place.as_ref().is_some_and(|entry| entry.object == object).then_some(place)
    }
}

impl Scope<'_> {
    /// Finds all objects that cannot be reached any more, young and old, so that the values behind them are dropped. Takes as
    /// long as the heap is large.
    pub fn collect_all(&mut self) -> Result<(), OutOfMemory> {
        self.heap_mut().collect_whole()
    }

    /// Lets an array stand for a value, which is dropped when nothing refers to the array any more. Replaces its contents.
    pub fn host(&mut self, array: Root<'_, Words>, value: Box<dyn Any>) -> Result<(), OutOfMemory> {
        self.set_words(array, &[0])?;
        let number = self.heap_mut().hosted.add(array.address(), value).ok_or(OutOfMemory)?;
        self.words_mut(array)[0] = number;
        Ok(())
    }

    /// Takes the value of an array out for a while; none where it stands for none of this type, or is lent already.
    pub fn lend<T: Any>(&mut self, array: Root<'_, Words>) -> Option<Box<T>> {
        let number = self.words(array).first().copied();
        let value = &mut self.heap_mut().hosted.of(array.address(), number)?.as_mut()?.value;
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
        if let Some(Some(entry)) = self.heap_mut().hosted.of(array.address(), number) {
            entry.value = Some(value);
        }
    }

    /// Forgets the value of an array, which was lent, for good.
    pub fn release(&mut self, array: Root<'_, Words>) {
        let number = self.words(array).first().copied();
        if let Some(place) = self.heap_mut().hosted.of(array.address(), number) {
            *place = None;
        }
    }
}

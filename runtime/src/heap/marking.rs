//! Marking the old space: which objects can be reached, found in steps from collection to collection.
//!
//! A marked object that is still to be looked at stands in a list; one with a large store, or that is large itself, in the list of
//! the large blocks, which is never longer than their table. Where the other list cannot grow, a bit of the object's block is set
//! instead. So a marking needs no memory that the system could refuse.

use lang_bytecode::Storage;

use super::layout::Shape;
use super::object::{Array, Header, STORE_HEAD};
use super::old::{mark_lines, set_bit};
use super::remember::is_large;
use super::trace::{Tracer, extent, store_size};

/// How many elements of an array with a large store are marked at once.
const PART: usize = 1024;
/// What marking an object counts for beside its references, in bytes looked at.
const OBJECT_WORK: usize = 32;

/// What a marking of the old space knows; it goes on from collection to collection.
#[derive(Debug)]
pub(super) struct Marking {
    /// Whether one is under way.
    pub(super) active: bool,
    /// The mark of this one, or of the last: 1 and 2 in turn.
    pub(super) epoch: u8,
    /// Bytes of small objects found so far.
    pub(super) live: usize,
    /// Small objects found so far, other than those that became old meanwhile.
    pub(super) found: usize,
    /// Objects that were marked and not looked at. Large blocks that wait have a list of their own.
    gray: Vec<*mut u8>,
    /// Whether more such objects have their bits set in their blocks, since the list could not grow.
    spilled: bool,
    /// The number of the block from which on they are looked for.
    spilled_from: usize,
    /// Whether the list may not grow; for tests.
    starved: bool,
}

impl Marking {
    /// None is under way. The list of one that is `starved` never grows.
    pub(super) fn new(starved: bool) -> Marking {
        Marking {
            active: false,
            epoch: 1,
            live: 0,
            found: 0,
            gray: Vec::new(),
            spilled: false,
            spilled_from: 0,
            starved,
        }
    }

    /// Begins: no old object is marked from here on.
    pub(super) fn start(&mut self) {
        *self = Marking { active: true, epoch: 3 - self.epoch, ..Marking::new(self.starved) };
    }

    /// Ends.
    pub(super) fn stop(&mut self) {
        *self = Marking { epoch: self.epoch, live: self.live, ..Marking::new(self.starved) };
    }

    /// The marked objects that are listed as not looked at.
    #[cfg(debug_assertions)]
    pub(super) fn listed(&self) -> &[*mut u8] {
        &self.gray
    }

    /// The flag of objects that are marked.
    #[inline]
    pub(super) fn parity(&self) -> u64 {
        if self.epoch == 2 { Header::PARITY } else { 0 }
    }
}

impl Tracer<'_> {
    /// Notes that a marked object is to be looked at.
    pub(super) fn put_off(&mut self, object: *mut u8) {
        let gray = &mut self.marking.gray;
        if gray.len() < gray.capacity() || !self.marking.starved && gray.try_reserve(1).is_ok() {
            gray.push(object);
            return;
        }
        // SAFETY: a marked object lies in a large block, or in a block of the old space.
        unsafe {
            if is_large(object) {
                let place = self.large.place(object);
                self.large.queue(place, object, 0);
            } else {
                set_bit(object);
                self.marking.spilled = true;
            }
        }
    }

    /// A marked object that is still to be looked at.
    fn next_gray(&mut self) -> Option<*mut u8> {
        loop {
            if let Some(object) = self.marking.gray.pop() {
                return Some(object);
            }
            if !self.marking.spilled {
                return None;
            }
            if let Some((object, block)) = self.old.take_waiting(self.marking.spilled_from) {
                self.marking.spilled_from = block;
                return Some(object);
            }
            // What was put off meanwhile may lie in front.
            self.marking.spilled = std::mem::take(&mut self.marking.spilled_from) > 0;
        }
    }

    /// Marks a small old object, and keeps it for later where it has references.
    ///
    /// # Safety
    /// `object` is in the old space.
    pub(super) unsafe fn mark(&mut self, object: *mut u8, header: Header) {
        if (header.0 ^ self.marking.parity()) & Header::PARITY == 0 {
            return;
        }
        let layouts = self.layouts;
        let layout = layouts.get(header.type_id());
        // SAFETY: objects are as large as their headers and layouts say.
        unsafe {
            object.cast::<Header>().write(Header(header.0 ^ Header::PARITY));
            if let Shape::Array(storage) = layout.shape {
                self.mark_store(object.cast(), storage);
            }
            let (size, follow) = extent(object, header, layout);
            mark_lines(object, size, self.marking.epoch);
            self.marking.live += size;
            self.marking.found += 1;
            if follow {
                self.put_off(object);
            }
        }
    }

    /// Marks the store of an array. A store that is still young is marked when it becomes old.
    unsafe fn mark_store(&mut self, array: *const Array, storage: Storage) {
        // SAFETY: as for arrays everywhere.
        unsafe {
            let store = (*array).data.sub(STORE_HEAD);
            if is_large(store) {
                self.reach_block(store);
            } else if !(*store.cast::<Header>()).has(Header::IMMORTAL) && !self.is_young(store as u64) {
                let size = store_size(*store.add(8).cast::<usize>(), storage);
                mark_lines(store, size, self.marking.epoch);
                self.marking.live += size;
            }
        }
    }

    /// Marks on until about so many bytes were looked at. Gives whether nothing is left.
    ///
    /// # Safety
    /// The nursery is empty, and all objects in the lists are whole.
    pub(super) unsafe fn mark_some(&mut self, work: usize) -> bool {
        let before = self.marking.found;
        let mut done = 0;
        while done + (self.marking.found - before) * OBJECT_WORK < work {
            // SAFETY: old objects stay where they are, and arrays have elements up to their length of now.
            unsafe {
                if let Some(object) = self.next_gray() {
                    done += self.mark_through(object);
                } else if let Some((object, from)) = self.next_part() {
                    done += self.mark_part(object, from);
                } else {
                    return true;
                }
            }
        }
        false
    }

    /// An object that a large block belongs to, and the element from which on a part of it is to be looked at.
    fn next_part(&mut self) -> Option<(*mut u8, usize)> {
        let layouts = self.layouts;
        self.large.next_part(PART, |object| {
            // SAFETY: the object is marked, so it is whole.
            unsafe {
                match layouts.get((*object.cast::<Header>()).type_id()).shape {
                    Shape::Array(_) => (*object.cast::<Array>()).len,
                    _ => 0,
                }
            }
        })
    }

    /// Looks at a part of an array with a large store, or at a large object. Gives the bytes of what it looked at.
    unsafe fn mark_part(&mut self, object: *mut u8, from: usize) -> usize {
        // SAFETY: the object is marked, so it is whole.
        unsafe {
            let layout = self.layouts.get((*object.cast::<Header>()).type_id());
            if matches!(layout.shape, Shape::Array(_)) {
                self.scan_elements(object.cast(), from, from + PART);
                PART * 8
            } else {
                self.scan(object);
                layout.references.len() * 8
            }
        }
    }

    /// Looks at a marked object, or puts it off where it is an array with a large store. Gives the bytes of its references.
    unsafe fn mark_through(&mut self, object: *mut u8) -> usize {
        // SAFETY: the object is marked, so it is whole.
        unsafe {
            let layout = self.layouts.get((*object.cast::<Header>()).type_id());
            let count = match layout.shape {
                Shape::Array(_) => (*object.cast::<Array>()).len,
                _ => layout.references.len(),
            };
            if matches!(layout.shape, Shape::Array(_)) {
                let store = (*object.cast::<Array>()).data.sub(STORE_HEAD);
                if is_large(store) {
                    let place = self.large.place(store);
                    self.large.queue(place, object, 0);
                    return 0;
                }
            }
            self.scan(object);
            count * 8
        }
    }
}

//! Checks the heap after a collection, in debug builds under stress: what can be reached is whole, old, and where it may be; what a marking
//! under way has looked at refers to nothing that it does not know of.
//!
//! A check walks over everything, so that only one collection in [`EVERY`] is followed by one.

use std::collections::HashSet;

use super::allocate::Heap;
use super::layout::Shape;
use super::object::{Array, FIELDS_AT, Header, STORE_HEAD, STR_HEAD, Str};
use super::old::has_bit;
use super::remember::is_large;
use super::trace::{Parts, Tracer, is_reference, store_size};

/// How many collections there are for each check: no divisor of a round under stress, so that each of its steps is checked.
const EVERY: u64 = 13;

/// A heap in which more bytes are used is not checked, which would take too long.
const MOST: usize = 1 << 20;

impl Heap {
    /// Checks everything that can be reached; panics where something is wrong. The nursery is empty.
    pub(super) fn verify(&mut self) {
        if !self.stats.collections.is_multiple_of(EVERY) || self.used() > MOST {
            return;
        }
        let mut waiting = self.root_objects();
        let mut seen = HashSet::new();
        let gray: HashSet<u64> = self.marking.listed().iter().map(|object| *object as u64).collect();
        while let Some(object) = waiting.pop() {
            if object != 0 && seen.insert(object) {
                let before = waiting.len();
                self.verify_object(object, &mut waiting);
                if self.marking.active && !gray.contains(&object) {
                    self.verify_marked(object, &waiting[before..]);
                }
            }
        }
    }

    /// The objects that the engine and the host hold.
    fn root_objects(&mut self) -> Vec<u64> {
        let mut found = Vec::new();
        let layouts = self.layouts.clone();
        let parts = Parts {
            layouts: &layouts,
            nursery: (self.nursery.start(), 0),
            old: &mut self.old,
            large: &mut self.large,
            marking: &mut self.marking,
            copied: &mut self.copied,
        };
        let mut tracer = Tracer::new(parts);
        tracer.list(&mut found);
        // SAFETY: `set_roots` was promised that this call is possible at every allocation; the tracer changes nothing.
        unsafe {
            if let Some(source) = self.roots {
                (source.trace)(source.data, &mut tracer);
            }
        }
        self.handles.trace(&mut tracer);
        found
    }

    /// Checks one object, and adds what it refers to.
    fn verify_object(&mut self, object: u64, found: &mut Vec<u64>) {
        assert!(object.is_multiple_of(8), "{object:#x} is no address of an object");
        // SAFETY: what is read is checked first, as far as that can be.
        unsafe {
            let header = *(object as *const Header);
            assert!(
                !header.has(Header::FORWARDED),
                "{object:#x} was moved, and something still refers to it"
            );
            let id = header.type_id();
            assert!((id.0 as usize) < self.layouts.len(), "{object:#x} has the unknown type {}", id.0);
            if header.has(Header::IMMORTAL) {
                return;
            }
            let layouts = self.layouts.clone();
            let layout = layouts.get(id);
            assert!(layout.shape != Shape::Abstract, "{object:#x} is of an abstract type");
            assert!(
                header.has(Header::BARRIER) || layout.shape == Shape::Str,
                "{object:#x} would not be remembered"
            );
            let address = object as *mut u8;
            match layout.shape {
                Shape::Array(storage) => {
                    self.verify_place(address, FIELDS_AT, header);
                    let array = &*(object as *const Array);
                    let store = array.data.sub(STORE_HEAD);
                    let (kind, capacity) = (*store.cast::<Header>(), *store.add(8).cast::<usize>());
                    assert!(
                        array.len <= capacity,
                        "{object:#x} has {} elements in room for {capacity}",
                        array.len
                    );
                    if !kind.has(Header::IMMORTAL) {
                        self.verify_place(store, store_size(capacity, storage), kind);
                    }
                    if is_reference(storage) {
                        found.extend_from_slice(std::slice::from_raw_parts(
                            array.data.cast::<u64>(),
                            array.len,
                        ));
                    }
                }
                Shape::Str => {
                    self.verify_place(address, STR_HEAD, header);
                    let text = &*(object as *const Str);
                    let bytes = std::slice::from_raw_parts(text.data, text.len);
                    assert!(std::str::from_utf8(bytes).is_ok(), "{object:#x} is a string of other bytes");
                    if header.has(Header::SLICE) {
                        found.push(*address.add(STR_HEAD).cast::<u64>());
                    }
                }
                Shape::Object | Shape::Abstract => {
                    self.verify_place(address, layout.size, header);
                    found.extend(layout.references.iter().map(|offset| *address.add(*offset).cast::<u64>()));
                }
            }
        }
    }

    /// Checks that a marked object which is not to be looked at any more refers to marked objects only.
    fn verify_marked(&mut self, object: u64, found: &[u64]) {
        // SAFETY: both were found to be objects, and the store of an array that is large is one of the blocks.
        unsafe {
            if !self.is_marked(object) || self.is_spilled(object) {
                return;
            }
            let header = *(object as *const Header);
            let block = match self.layouts.get(header.type_id()).shape {
                Shape::Array(_) => (*(object as *const Array)).data.sub(STORE_HEAD),
                _ => object as *mut u8,
            };
            let looked_at = if is_large(block) { self.large.get(block).looked_at() } else { usize::MAX };
            for (index, to) in found.iter().enumerate().take(looked_at) {
                assert!(
                    self.is_marked(*to),
                    "{object:#x} is marked, and what it has at {index}, {to:#x}, is not"
                );
            }
        }
    }

    /// Whether the bit of an object says that it is to be looked at.
    ///
    /// # Safety
    /// It is an object of this heap.
    unsafe fn is_spilled(&self, object: u64) -> bool {
        // SAFETY: what is not fixed lies in a block.
        unsafe { !(*(object as *const Header)).has(Header::FIXED) && has_bit(object as *mut u8) }
    }

    /// Whether an object is marked, or needs no mark.
    ///
    /// # Safety
    /// It is 0 or an object of this heap.
    unsafe fn is_marked(&mut self, object: u64) -> bool {
        if object == 0 {
            return true;
        }
        // SAFETY: as promised by the caller.
        unsafe {
            let header = *(object as *const Header);
            if is_large(object as *const u8) {
                return self.large.get(object as *const u8).mark == self.marking.epoch;
            }
            header.has(Header::IMMORTAL) || header.0 & Header::PARITY == self.marking.parity()
        }
    }

    /// Checks that so many bytes lie in the old space, or begin a large block, as a header says.
    fn verify_place(&self, start: *mut u8, bytes: usize, header: Header) {
        let right =
            if header.has(Header::FIXED) { self.large.has(start) } else { self.old.has(start, bytes) };
        assert!(right, "{start:?} lies where no such object can be");
    }
}

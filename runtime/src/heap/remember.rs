//! The write barrier: which old objects the next collection has to look at.
//!
//! Whoever stores a reference into an object that may be old tests one bit of the object's header, and where it is set, calls
//! [`Heap::remember`]. The object then stands in a list until the next collection, which looks at it as a whole and sets the bit again. So
//! the barrier costs one test per store, and one call per object and collection. Arrays with large stores keep the bit and
//! mark cards instead, since looking at all of a long array each time would take too long.
//!
//! The same list serves a marking of the old space that is under way: an object that was changed after it was marked
//! is looked at again (an incremental update). A store into an object that was just made needs no barrier.

use super::allocate::Heap;
use super::layout::Shape;
use super::object::{Array, Header, STORE_HEAD, has_barrier};

/// With so many objects in the list, another one is looked at before it is added.
const MANY: usize = 4096;

impl Heap {
    /// Notes that a reference was stored into an object, at `place`, which matters for arrays only.
    ///
    /// # Safety
    /// `object` is a live object of this heap; where it is an array, `place` is that of an element.
    #[cold]
    #[inline(never)]
    pub(crate) unsafe fn remember(&mut self, object: u64, place: *const u8) {
        // SAFETY: as promised by the caller.
        unsafe { self.remember_range(object, place, 1) }
    }

    /// As [`Heap::remember`], for all of `count` elements from `place` on.
    ///
    /// # Safety
    /// As for [`Heap::remember`].
    pub(super) unsafe fn remember_range(&mut self, object: u64, place: *const u8, count: usize) {
        let object = object as *mut u8;
        // SAFETY: every object begins with its header; the store of an array that is large is one of the blocks.
        unsafe {
            let header = *object.cast::<Header>();
            if !header.has(Header::BARRIER) {
                return;
            }
            if matches!(self.layouts.get(header.type_id()).shape, Shape::Array(_)) {
                let store = (*object.cast::<Array>()).data.sub(STORE_HEAD);
                let kind = *store.cast::<Header>();
                if kind.has(Header::FIXED) && !kind.has(Header::IMMORTAL) {
                    let block = self.large.get(store);
                    let first = place as usize - store as usize;
                    for offset in (first..first + count * 8).step_by(8) {
                        block.stored_at(offset);
                    }
                    if !std::mem::replace(&mut block.dirty, true) {
                        self.remembered.push(object);
                    }
                    return;
                }
            }
            if self.remembered.len() >= MANY && self.is_settled(object, header) {
                return;
            }
            object.cast::<Header>().write(header.without(Header::BARRIER));
            self.remembered.push(object);
        }
    }

    /// Whether the next collection need not look at an object with fields, since it refers to nothing young; what it refers to is
    /// marked now, where it was marked before. So a program that rewrites millions of old objects makes no long pause.
    ///
    /// # Safety
    /// `object` is a live old object.
    unsafe fn is_settled(&mut self, object: *mut u8, header: Header) -> bool {
        let layouts = self.layouts.clone();
        let layout = layouts.get(header.type_id());
        if layout.shape != Shape::Object {
            return false;
        }
        // SAFETY: the layout says where the references of a live object are.
        unsafe {
            let young = |offset: &usize| self.is_young(*object.add(*offset).cast::<u64>());
            if layout.references.iter().any(young) {
                return false;
            }
            if self.marking.active && header.0 & Header::PARITY == self.marking.parity() {
                self.mark_behind(object, &layouts);
            }
        }
        true
    }

    /// Whether no collection has seen an object yet, which may be null.
    ///
    /// # Safety
    /// `object` is 0 or a live object.
    unsafe fn is_young(&mut self, object: u64) -> bool {
        let start = self.nursery.start() as u64;
        if object.wrapping_sub(start) < self.nursery.capacity() as u64 {
            return true;
        }
        // SAFETY: every object begins with its header; what is fixed and not immortal is a large block.
        unsafe {
            object != 0
                && (*(object as *const Header)).has(Header::FIXED)
                && !(*(object as *const Header)).has(Header::IMMORTAL)
                && self.large.get(object as *const u8).young
        }
    }

    /// Notes that references may have been stored into an array: `count` from an index on.
    ///
    /// # Safety
    /// `array` is a live array of references of this heap, with so many elements.
    #[inline]
    pub(super) unsafe fn stored(&mut self, array: u64, index: usize, count: usize) {
        // SAFETY: as promised by the caller.
        unsafe {
            if has_barrier(array) {
                self.remember_range(array, (*(array as *const Array)).data.add(index * 8), count);
            }
        }
    }
}

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
                    for index in 0..count {
                        block.stored_at(place.wrapping_add(index * 8) as usize - store as usize);
                    }
                    if !std::mem::replace(&mut block.dirty, true) {
                        self.remembered.push(object);
                    }
                    return;
                }
            }
            object.cast::<Header>().write(header.without(Header::BARRIER));
            self.remembered.push(object);
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

//! The write barrier: what the next collection has to look at beside the roots.
//!
//! Whoever stores a reference into an object that may be old tests one bit of the object's header, and where it is set, calls
//! [`Heap::remember`]. The object then stands in a list until the next collection, which looks at it as a whole and sets the bit again. So
//! the barrier costs one test per store, and one call per object and collection. Arrays with large stores keep the bit, and
//! each of their elements that is young is listed instead, since looking at all of a long array each time would take too long.
//!
//! The lists are as long as one short pause allows. Soon they ask for a collection, which the next allocation makes. Where a program goes on
//! storing without any, what is young is pinned in place of listing what refers to it: the next collection does not move it, and no
//! reference to it has to be found. The lists never grow, so that a store cannot fail.
//!
//! The same barrier serves a marking of the old space that is under way: an object that was changed after it was marked
//! is looked at again (an incremental update), and what is stored into a large store is marked at once. A store into an object that was
//! just made needs no barrier.

use super::allocate::{Heap, OutOfMemory};
use super::layout::Shape;
use super::object::{Array, Header, STORE_HEAD, has_barrier};

/// The most entries that each list has.
const MOST: usize = 32 << 10;
/// The same under stress, so that tests come to what happens beyond it.
const MOST_UNDER_STRESS: usize = 24;
/// With so many objects in the list, another one is looked at before it is added.
const MANY: usize = 4 << 10;
/// How much there may be to look at before a collection is asked for: one for each entry, and for each [`UNIT`] elements of an array.
const DUE: usize = 8 << 10;
const UNIT: usize = 16;
/// With more elements than this moved at once, a marking under way looks at them later, in parts.
const FEW: usize = 1024;

/// An element of a large store that refers to something young.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot {
    /// The place of the store in the table of large blocks.
    pub(super) place: usize,
    pub(super) index: usize,
}

/// What changed in old objects since the last collection.
#[derive(Debug)]
pub(super) struct Remembered {
    /// Old objects that may refer to young ones.
    pub(super) objects: Vec<*mut u8>,
    /// The same for elements of large stores.
    pub(super) slots: Vec<Slot>,
    /// Whether young objects are pinned, since the lists were full.
    pub(super) pinned: bool,
    /// How much there is to look at.
    work: usize,
    most: usize,
}

impl Remembered {
    /// Lists of a length that never changes.
    pub(super) fn new(under_stress: bool) -> Result<Remembered, OutOfMemory> {
        let most = if under_stress { MOST_UNDER_STRESS } else { MOST };
        let (mut objects, mut slots) = (Vec::new(), Vec::new());
        objects.try_reserve_exact(most + 1).map_err(|_| OutOfMemory)?;
        slots.try_reserve_exact(most).map_err(|_| OutOfMemory)?;
        Ok(Remembered { objects, slots, pinned: false, work: 0, most })
    }

    /// Begins anew after a collection.
    pub(super) fn clear(&mut self) {
        self.objects.clear();
        self.slots.clear();
        (self.pinned, self.work) = (false, 0);
    }

    /// Whether there is enough for a collection.
    pub(super) fn is_due(&self) -> bool {
        self.work >= DUE || self.pinned || self.objects.len() >= self.most
    }

    fn add_object(&mut self, object: *mut u8, work: usize) -> bool {
        let room = self.objects.len() < self.most;
        if room {
            self.objects.push(object);
            self.work += work;
        }
        room
    }

    fn add_slot(&mut self, slot: Slot) -> bool {
        let room = self.slots.len() < self.most;
        if room {
            self.slots.push(slot);
            self.work += 1;
        }
        room
    }
}

/// What became of elements that changed within an array.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Change {
    /// They may be any objects.
    Stored,
    /// They were in the array before, so many places behind.
    Down(usize),
    /// They were in the array before, in front of where they are.
    Up,
}

impl Heap {
    /// Notes that a reference was stored into an object, at `place`, which matters for arrays only.
    ///
    /// # Safety
    /// `object` is a live object of this heap; where it is an array, `place` is that of an element.
    #[cold]
    #[inline(never)]
    pub(crate) unsafe fn remember(&mut self, object: u64, place: *const u8) {
        // SAFETY: as promised by the caller; every object begins with its header.
        unsafe {
            let header = *(object as *const Header);
            if !header.has(Header::BARRIER) {
                return;
            }
            match self.layouts.get(header.type_id()).shape {
                Shape::Array(_) => self.remember_element(object as *mut Array, place),
                _ => self.remember_object(object as *mut u8, header),
            }
        }
        self.ask_where_due();
    }

    /// Has the next allocation collect where there is enough to look at.
    fn ask_where_due(&mut self) {
        if self.remembered.is_due() {
            self.stop_fast_path();
        }
    }

    /// # Safety
    /// `array` is an array of this heap with the barrier's bit, and `place` that of an element.
    unsafe fn remember_element(&mut self, array: *mut Array, place: *const u8) {
        // SAFETY: as promised by the caller.
        unsafe {
            let value = *place.cast::<u64>();
            let store = (*array).data.sub(STORE_HEAD);
            if is_large(store) {
                if self.is_young(value) {
                    let index = (place as usize - (*array).data as usize) / 8;
                    let slot = Slot { place: self.large.place(store), index };
                    if !self.remembered.add_slot(slot) {
                        self.pin(value);
                    }
                } else {
                    self.mark_stored(value);
                }
                return;
            }
            if self.remembered.objects.len() >= MANY.min(self.remembered.most) {
                if !self.is_young(value) {
                    return self.mark_stored(value);
                }
                if self.remembered.objects.len() >= self.remembered.most {
                    return self.pin(value);
                }
            }
            self.list_small(array);
        }
    }

    /// Has the next collection look at all elements of an array whose store is small.
    ///
    /// # Safety
    /// `array` is an old array of this heap. There is room in the list.
    unsafe fn list_small(&mut self, array: *mut Array) {
        // SAFETY: as promised by the caller.
        unsafe {
            let header = (*array).header;
            if self.remembered.add_object(array.cast(), 1 + (*array).len / UNIT) {
                (*array).header = header.without(Header::BARRIER);
            }
        }
    }

    /// Has the next collection look at an object with fields, unless it refers to nothing young, or is one too many. So a program that
    /// rewrites millions of old objects makes no long pause.
    ///
    /// # Safety
    /// `object` is a live old object.
    unsafe fn remember_object(&mut self, object: *mut u8, header: Header) {
        // SAFETY: the layout says where the references of a live object are.
        unsafe {
            let count = self.remembered.objects.len();
            if count >= MANY.min(self.remembered.most) {
                let layouts = self.layouts.clone();
                let references = &layouts.get(header.type_id()).references;
                let full = count >= self.remembered.most;
                let mut any_young = false;
                for offset in references {
                    let value = *object.add(*offset).cast::<u64>();
                    if !self.is_young(value) {
                        self.mark_stored(value);
                    } else if full {
                        self.pin(value);
                    } else {
                        any_young = true;
                    }
                }
                if !any_young {
                    return;
                }
            }
            if self.remembered.add_object(object, 1) {
                object.cast::<Header>().write(header.without(Header::BARRIER));
            }
        }
    }

    /// Notes that an array was given a new store, which may be young. No object was made since `make_room`, so that there is room
    /// in the list.
    ///
    /// # Safety
    /// `array` is a live array of this heap.
    pub(super) unsafe fn remember_store(&mut self, array: *mut Array) {
        // SAFETY: as promised by the caller.
        unsafe {
            if !has_barrier(array as u64) {
                return;
            }
            let store = (*array).data.sub(STORE_HEAD);
            if is_large(store) {
                // It keeps the bit.
                self.remembered.add_object(array.cast(), 1 + (*array).len / UNIT);
            } else {
                self.list_small(array);
            }
        }
        self.ask_where_due();
    }

    /// Notes that `count` elements of an array may have changed from an index on, in a way that is told.
    ///
    /// # Safety
    /// `array` is a live array of references of this heap, with so many elements.
    #[inline]
    pub(super) unsafe fn stored(&mut self, array: u64, index: usize, count: usize, change: Change) {
        // SAFETY: as promised by the caller.
        unsafe {
            if has_barrier(array) && count > 0 {
                self.remember_range(array as *mut Array, index, count, change);
            }
        }
    }

    /// As [`Heap::stored`], where all of these elements are the same object, or null.
    ///
    /// # Safety
    /// As for [`Heap::stored`].
    pub(super) unsafe fn filled(&mut self, array: u64, index: usize, count: usize) {
        // SAFETY: as promised by the caller.
        unsafe {
            if count == 0 || !has_barrier(array) {
                return;
            }
            let array = array as *mut Array;
            let value = *(*array).data.cast::<u64>().add(index);
            if !self.is_young(value) {
                self.mark_stored(value);
            } else if count > MANY && is_large((*array).data.sub(STORE_HEAD)) {
                self.pin(value);
            } else {
                self.remember_range(array, index, count, Change::Stored);
            }
        }
        self.ask_where_due();
    }

    /// # Safety
    /// As for [`Heap::stored`]; the array has the barrier's bit.
    unsafe fn remember_range(&mut self, array: *mut Array, index: usize, count: usize, change: Change) {
        // SAFETY: as promised by the caller.
        unsafe {
            let first = (*array).data.cast::<u64>().add(index);
            let store = (*array).data.sub(STORE_HEAD);
            let small = !is_large(store);
            if small && self.remembered.objects.len() < MANY.min(self.remembered.most) {
                self.list_small(array);
                return self.ask_where_due();
            }
            let later = !small && self.marking.active && self.mark_later(array, index, count, change);
            for at in 0..count {
                let value = *first.add(at);
                if self.is_young(value) {
                    self.remember_element(array, first.add(at).cast());
                    if small && !has_barrier(array as u64) {
                        break;
                    }
                } else if !later {
                    self.mark_stored(value);
                }
            }
        }
        self.ask_where_due();
    }

    /// Has the marking under way look at changed elements of a large store later, in parts. Gives whether nobody has to mark them now.
    ///
    /// # Safety
    /// As for [`Heap::stored`]; the array's store is large.
    unsafe fn mark_later(&mut self, array: *mut Array, index: usize, count: usize, change: Change) -> bool {
        // SAFETY: as promised by the caller.
        unsafe {
            let store = (*array).data.sub(STORE_HEAD);
            // What is not marked yet will be looked at as a whole.
            if self.is_in_nursery(array as u64) || self.large.get(store).mark != self.marking.epoch {
                return true;
            }
            let place = self.large.place(store);
            match change {
                Change::Up => true,
                Change::Down(by) => {
                    self.large.moved_down(place, by);
                    true
                }
                Change::Stored => count > FEW && self.large.queue_again(place, array.cast(), index),
            }
        }
    }

    /// Marks what was stored into an old object, while a marking is under way.
    ///
    /// # Safety
    /// `value` is 0 or a live object that is not young.
    unsafe fn mark_stored(&mut self, value: u64) {
        if self.marking.active && value != 0 {
            // SAFETY: as promised by the caller.
            unsafe { self.mark_one(value) }
        }
    }

    /// Keeps a young object alive and where it is in the next collection.
    ///
    /// # Safety
    /// `value` is a live young object.
    unsafe fn pin(&mut self, value: u64) {
        self.remembered.pinned = true;
        // SAFETY: what is not in the nursery and young is a large block; the nursery consists of blocks.
        unsafe {
            if self.is_in_nursery(value) {
                super::old::set_bit(value as *mut u8);
            } else {
                self.large.get(value as *const u8).pinned = true;
            }
        }
    }

    /// Whether an object is in the nursery.
    #[inline]
    fn is_in_nursery(&self, object: u64) -> bool {
        object.wrapping_sub(self.nursery.start() as u64) < self.nursery.capacity() as u64
    }

    /// Whether no collection has seen an object yet, which may be null.
    ///
    /// # Safety
    /// `object` is 0 or a live object.
    #[inline]
    unsafe fn is_young(&mut self, object: u64) -> bool {
        if self.is_in_nursery(object) {
            return true;
        }
        // SAFETY: every object begins with its header; only an object is asked for.
        unsafe {
            object != 0
                && self.large.has_young()
                && is_large(object as *const u8)
                && self.large.get(object as *const u8).young
        }
    }
}

/// Whether an object, or a store, is a large block.
///
/// # Safety
/// It begins with a header.
#[inline]
pub(super) unsafe fn is_large(object: *const u8) -> bool {
    // SAFETY: as promised by the caller.
    let header = unsafe { *object.cast::<Header>() };
    header.has(Header::FIXED) && !header.has(Header::IMMORTAL)
}

//! Following references: copies young objects into the old space, and marks old ones while a marking is under way.
//!
//! Nothing recurses, however deep a structure is: objects whose contents are still to be looked at wait in lists.

use lang_bytecode::Storage;

use super::large::LargeBlocks;
use super::layout::{Layout, Layouts, Shape};
use super::marking::Marking;
use super::object::{ARRAY_SIZE, Array, Header, SLICE_SIZE, STORE_HEAD, STR_HEAD, Str};
use super::old::{BLOCK, OldSpace, mark_lines, take_bit};
use super::remember::{Slot, is_large};
use super::storage::size_of;

/// A collection under way: moves and marks what it is shown.
#[derive(Debug)]
pub struct Tracer<'h> {
    pub(super) layouts: &'h Layouts,
    nursery: u64,
    nursery_size: u64,
    pub(super) old: &'h mut OldSpace,
    pub(super) large: &'h mut LargeBlocks,
    pub(super) marking: &'h mut Marking,
    /// Objects that were copied and not looked at.
    copied: &'h mut Vec<*mut u8>,
    /// Whether old objects move too.
    everything: bool,
    /// Whether young objects stay where they are, and the nursery becomes a part of the old space.
    in_place: bool,
    /// Whether anything has to be done about objects that are not in the nursery.
    outside: bool,
    /// Where objects are listed that are shown, in place of moving and marking them.
    #[cfg(debug_assertions)]
    listed: Option<&'h mut Vec<u64>>,
}

/// What a collection moves.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Reach {
    /// Young objects, into the old space.
    Young,
    /// None: the nursery becomes a part of the old space.
    InPlace,
    /// All small objects, into a new old space.
    Everything,
}

/// The parts of the heap that a [`Tracer`] works with.
pub(super) struct Parts<'h> {
    pub(super) layouts: &'h Layouts,
    /// Where the nursery is, and its bytes.
    pub(super) nursery: (*mut u8, usize),
    /// Where objects that move go.
    pub(super) old: &'h mut OldSpace,
    pub(super) large: &'h mut LargeBlocks,
    pub(super) marking: &'h mut Marking,
    /// An empty list.
    pub(super) copied: &'h mut Vec<*mut u8>,
}

impl<'h> Tracer<'h> {
    /// Begins, to move young objects.
    pub(super) fn new(parts: Parts<'h>) -> Tracer<'h> {
        Tracer::with(parts, Reach::Young)
    }

    /// Begins.
    pub(super) fn with(parts: Parts<'h>, reach: Reach) -> Tracer<'h> {
        let everything = reach == Reach::Everything;
        let Parts { layouts, nursery, old, large, marking, copied } = parts;
        let outside = everything || marking.active || large.has_young();
        let (nursery, nursery_size) = (nursery.0 as u64, nursery.1 as u64);
        Tracer {
            layouts,
            nursery,
            nursery_size,
            old,
            large,
            marking,
            copied,
            everything,
            in_place: reach == Reach::InPlace,
            outside,
            #[cfg(debug_assertions)]
            listed: None,
        }
    }

    /// From now on, only lists what it is shown.
    #[cfg(debug_assertions)]
    pub(super) fn list(&mut self, into: &'h mut Vec<u64>) {
        self.listed = Some(into);
    }

    /// Shows a slot that holds an object's address, or null; it gets the address that the object has after the collection.
    ///
    /// # Safety
    /// `slot` may be read and written, and holds 0 or the address of an object of this heap.
    #[inline]
    pub unsafe fn slot(&mut self, slot: *mut u64) {
        // SAFETY: as promised by the caller.
        unsafe {
            let object = *slot;
            #[cfg(debug_assertions)]
            if let Some(listed) = &mut self.listed {
                listed.push(object);
                return;
            }
            if self.is_young(object) {
                *slot = self.evacuate(object as *mut u8) as u64;
            } else if self.outside && object != 0 {
                *slot = self.visit(object as *mut u8) as u64;
            }
        }
    }

    #[inline]
    pub(super) fn is_young(&self, address: u64) -> bool {
        address.wrapping_sub(self.nursery) < self.nursery_size
    }

    /// Where a young object is after the collection.
    ///
    /// # Safety
    /// `object` is in the nursery.
    #[inline]
    unsafe fn evacuate(&mut self, object: *mut u8) -> *mut u8 {
        // SAFETY: every object begins with its header.
        unsafe {
            let header = *object.cast::<Header>();
            if header.has(Header::FORWARDED) {
                return header.without(Header::FORWARDED).0 as *mut u8;
            }
            if self.in_place {
                self.keep(object, header);
                return object;
            }
            self.copy(object, header)
        }
    }

    /// Where an object outside the nursery is after the collection, which it survives.
    ///
    /// # Safety
    /// `object` is an object of this heap.
    unsafe fn visit(&mut self, object: *mut u8) -> *mut u8 {
        // SAFETY: every object begins with its header.
        unsafe {
            let header = *object.cast::<Header>();
            if header.has(Header::IMMORTAL) {
                return object;
            }
            if header.has(Header::FIXED) {
                self.reach_large(object, header);
                return object;
            }
            if self.everything {
                return self.evacuate(object);
            }
            if self.marking.active {
                self.mark(object, header);
            }
            object
        }
    }

    /// Notes that a large object survives, and keeps it for later where it has references.
    unsafe fn reach_large(&mut self, object: *mut u8, header: Header) {
        let has_references = !self.layouts.get(header.type_id()).references.is_empty();
        // SAFETY: only large objects are shown.
        unsafe {
            match self.reach_block(object) {
                Reached::Now if has_references => {
                    object.cast::<Header>().write(header.with(Header::BARRIER));
                    self.copied.push(object);
                }
                Reached::Marked if has_references => self.put_off(object),
                _ => {}
            }
        }
    }

    /// Notes that a large block survives.
    ///
    /// # Safety
    /// It is one of the heap's.
    pub(super) unsafe fn reach_block(&mut self, block: *const u8) -> Reached {
        let epoch = self.marking.epoch;
        // SAFETY: as promised by the caller.
        let block = unsafe { self.large.get(block) };
        if self.everything || block.young {
            block.mark = epoch;
            return if std::mem::replace(&mut block.reached, true) { Reached::Before } else { Reached::Now };
        }
        if self.marking.active && block.mark != epoch {
            block.mark = epoch;
            return Reached::Marked;
        }
        Reached::Before
    }

    /// Copies an object into the old space; an array takes its store along.
    ///
    /// # Safety
    /// `object` moves and was not copied yet.
    unsafe fn copy(&mut self, object: *mut u8, header: Header) -> *mut u8 {
        let layouts = self.layouts;
        let layout = layouts.get(header.type_id());
        // SAFETY: objects are as large as their headers and layouts say, and so much was reserved.
        unsafe {
            let (new, follow) = match layout.shape {
                Shape::Array(storage) => (self.copy_array(object.cast(), storage), is_reference(storage)),
                Shape::Str => (self.copy_string(object, header), header.has(Header::SLICE)),
                Shape::Object | Shape::Abstract => {
                    let new = self.room(layout.size);
                    copy_words(object, new, layout.size);
                    (new, !layout.references.is_empty())
                }
            };
            let plain = header.without(Header::PARITY);
            new.cast::<Header>().write(plain.with(Header::BARRIER | self.marking.parity()));
            object.cast::<Header>().write(Header(new as u64).with(Header::FORWARDED));
            if follow {
                self.copied.push(new);
            }
            new
        }
    }

    /// Makes a young object old where it is.
    ///
    /// # Safety
    /// `object` is in the nursery, which becomes a part of the old space.
    unsafe fn keep(&mut self, object: *mut u8, header: Header) {
        let layouts = self.layouts;
        let layout = layouts.get(header.type_id());
        // SAFETY: objects are as large as their headers and layouts say.
        unsafe {
            if header.has(Header::BARRIER) && !self.is_unseen(object, layout.shape) {
                return;
            }
            object.cast::<Header>().write(header.with(Header::BARRIER | self.marking.parity()));
            if let Shape::Array(storage) = layout.shape {
                self.settle(object.cast(), storage);
            }
            let (size, follow) = extent(object, header, layout);
            self.count_marked(object, size);
            if follow {
                self.copied.push(object);
            }
        }
    }

    /// Whether a young object that has the barrier's bit was not kept yet: arrays with settled stores have it from the start.
    unsafe fn is_unseen(&mut self, object: *mut u8, shape: Shape) -> bool {
        // SAFETY: an array has a store, and one that is large is one of the blocks.
        unsafe {
            if !matches!(shape, Shape::Array(_)) {
                return false;
            }
            let store = (*object.cast::<Array>()).data.sub(STORE_HEAD);
            is_large(store) && self.large.get(store).young && !self.large.get(store).reached
        }
    }

    /// Counts something new in the old space as marked, where a marking is under way.
    #[inline]
    unsafe fn count_marked(&mut self, start: *mut u8, size: usize) {
        if self.marking.active {
            self.marking.live += size;
            // SAFETY: the caller has it from the old space, or from a nursery that becomes a part of it.
            unsafe { mark_lines(start, size, self.marking.epoch) };
        }
    }

    /// Room in the old space, marked where a marking is under way.
    #[inline]
    unsafe fn room(&mut self, size: usize) -> *mut u8 {
        let new = self.old.allocate(size);
        // SAFETY: the room lies in the old space.
        unsafe { self.count_marked(new, size) };
        new
    }

    /// # Safety
    /// As for [`Tracer::copy`].
    unsafe fn copy_string(&mut self, object: *mut u8, header: Header) -> *mut u8 {
        // SAFETY: a slice has its owner behind its head, any other string its bytes.
        unsafe {
            if header.has(Header::SLICE) {
                let new = self.room(SLICE_SIZE);
                copy_words(object, new, SLICE_SIZE);
                return new;
            }
            let size = string_size((*object.cast::<Str>()).len);
            let new = self.room(size);
            copy_words(object, new, size);
            (*new.cast::<Str>()).data = new.add(STR_HEAD);
            new
        }
    }

    /// # Safety
    /// As for [`Tracer::copy`]; the array's elements lie as `storage` says.
    unsafe fn copy_array(&mut self, array: *mut Array, storage: Storage) -> *mut u8 {
        // SAFETY: an array's data is preceded by its store's head, and followed by as many elements as its capacity says.
        unsafe {
            let store = (*array).data.sub(STORE_HEAD);
            if (*store.cast::<Header>()).has(Header::FIXED) {
                let new = self.room(ARRAY_SIZE);
                copy_words(array.cast(), new, ARRAY_SIZE);
                self.settle(new.cast(), storage);
                return new;
            }
            let size = store_size(*store.add(8).cast::<usize>(), storage);
            let new = self.room(ARRAY_SIZE + size);
            copy_words(array.cast(), new, ARRAY_SIZE);
            copy_store(new.cast(), new.add(ARRAY_SIZE), storage);
            new
        }
    }

    /// Sees to it that the store of an old array is old, or reached where it is large.
    ///
    /// # Safety
    /// `array` is old, and its elements lie as `storage` says.
    unsafe fn settle(&mut self, array: *mut Array, storage: Storage) {
        // SAFETY: as above.
        unsafe {
            let store = (*array).data.sub(STORE_HEAD);
            if is_large(store) {
                self.reach_block(store);
            } else if self.is_young(store as u64) {
                let size = store_size(*store.add(8).cast::<usize>(), storage);
                if self.in_place {
                    self.keep_store(array, store, size);
                } else {
                    let new = self.room(size);
                    copy_store(array, new, storage);
                }
            }
        }
    }

    /// Makes the young store of an array old where it is; the flag of an old object says that it was done.
    unsafe fn keep_store(&mut self, array: *mut Array, store: *mut u8, size: usize) {
        // SAFETY: a store begins with a header.
        unsafe {
            let header = *store.cast::<Header>();
            if !header.has(Header::BARRIER) {
                debug_assert_eq!((*array).header.type_id(), header.type_id());
                store.cast::<Header>().write(header.with(Header::BARRIER));
                self.count_marked(store, size);
            }
        }
    }

    /// Looks at a remembered object, and has it remember again from now on.
    ///
    /// # Safety
    /// `object` is old.
    pub(super) unsafe fn remembered(&mut self, object: *mut u8) {
        // SAFETY: as promised; the store of an array that is large is one of the blocks.
        unsafe {
            let header = *object.cast::<Header>();
            object.cast::<Header>().write(header.with(Header::BARRIER));
            if let Shape::Array(storage) = self.layouts.get(header.type_id()).shape {
                let array = object.cast::<Array>();
                let store = (*array).data.sub(STORE_HEAD);
                // A large store is remembered by element, unless it is new.
                if is_large(store) && is_reference(storage) {
                    let block = self.large.get(store);
                    if !block.young || block.settled {
                        if block.young {
                            self.reach_block(store);
                        }
                        return;
                    }
                }
            }
            self.scan(object);
        }
    }

    /// Reaches the settled store of an array that has just become old, and has a marking under way look at it in parts: what is young in it is
    /// remembered by element. Gives whether it has such a store.
    unsafe fn scan_settled(&mut self, array: *mut Array) -> bool {
        // SAFETY: the store of an array that is large is one of the blocks.
        unsafe {
            let store = (*array).data.sub(STORE_HEAD);
            if self.everything || !is_large(store) {
                return false;
            }
            let block = self.large.get(store);
            if !block.young || !block.settled {
                return false;
            }
            self.reach_block(store);
            if self.marking.active {
                self.put_off(array.cast());
            }
            true
        }
    }

    /// Looks at remembered elements of large stores.
    ///
    /// # Safety
    /// All of them were elements of such stores when they were remembered.
    pub(super) unsafe fn remembered_slots(&mut self, slots: &[Slot]) {
        const AHEAD: usize = 12;
        let place = |large: &LargeBlocks, slot: &Slot| {
            large.at(slot.place).wrapping_add(STORE_HEAD).cast::<u64>().wrapping_add(slot.index)
        };
        for (at, slot) in slots.iter().enumerate() {
            if let Some(next) = slots.get(at + AHEAD) {
                prefetch(place(self.large, next));
            }
            let element = place(self.large, slot);
            // SAFETY: a store does not shrink, and holds a reference where one was stored.
            unsafe { self.slot(element) };
        }
    }

    /// Keeps the pinned objects of a nursery that becomes a part of the old space, and those in large blocks.
    ///
    /// # Safety
    /// The nursery consists of blocks.
    pub(super) unsafe fn pinned(&mut self) {
        for at in (0..self.nursery_size as usize).step_by(BLOCK) {
            let block = (self.nursery as *mut u8).wrapping_add(at);
            // SAFETY: what is pinned are objects of this heap.
            while let Some(object) = unsafe { take_bit(block) } {
                self.keep_pinned(object);
            }
        }
        while let Some(object) = self.large.take_pinned() {
            self.keep_pinned(object);
        }
    }

    fn keep_pinned(&mut self, object: *mut u8) {
        // Under stress it moves, if anything but a reference that nobody knows keeps it alive.
        if !self.everything {
            let mut slot = object as u64;
            // SAFETY: the object was alive when it was pinned, and nothing was collected since.
            unsafe { self.slot(&raw mut slot) };
        }
    }

    /// Looks at everything that was copied, until nothing is left.
    ///
    /// # Safety
    /// All objects in the list are whole.
    pub(super) unsafe fn finish(&mut self) {
        while let Some(object) = self.copied.pop() {
            // SAFETY: as promised by the caller.
            unsafe { self.scan(object) };
        }
    }

    /// Shows what an old object refers to.
    ///
    /// # Safety
    /// `object` is whole, and not in the nursery.
    pub(super) unsafe fn scan(&mut self, object: *mut u8) {
        let layouts = self.layouts;
        // SAFETY: the layout says where references lie.
        unsafe {
            let header = *object.cast::<Header>();
            let layout = layouts.get(header.type_id());
            match layout.shape {
                Shape::Array(storage) => {
                    self.settle(object.cast(), storage);
                    if is_reference(storage) && !self.scan_settled(object.cast()) {
                        self.scan_elements(object.cast(), 0, usize::MAX);
                    }
                }
                Shape::Str if header.has(Header::SLICE) => self.move_owner(object),
                Shape::Str => {}
                Shape::Object | Shape::Abstract => {
                    for offset in &layout.references {
                        self.slot(object.add(*offset).cast());
                    }
                }
            }
        }
    }

    /// Shows the elements from one to before another, as far as there are such.
    ///
    /// # Safety
    /// `array` is an array of references.
    pub(super) unsafe fn scan_elements(&mut self, array: *const Array, from: usize, to: usize) {
        // SAFETY: the array has so many elements, and they do not move meanwhile.
        unsafe {
            let first = (*array).data.cast::<u64>();
            for index in from..to.min((*array).len) {
                self.slot(first.add(index));
            }
        }
    }

    /// Moves the owner of a slice's bytes, and has the slice point into them again.
    ///
    /// # Safety
    /// `slice` is an old slice.
    unsafe fn move_owner(&mut self, slice: *mut u8) {
        // SAFETY: the owner is a string with bytes of its own; of one already copied, all but the header is still there.
        unsafe {
            let owner = slice.add(STR_HEAD).cast::<*mut Str>();
            let from = (**owner).data as usize;
            self.slot(owner.cast());
            let data = &raw mut (*slice.cast::<Str>()).data;
            *data = (**owner).data.wrapping_add((*data as usize).wrapping_sub(from));
        }
    }
}

/// Has the processor fetch what will be looked at soon; any address will do.
#[inline]
fn prefetch(place: *const u64) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: a prefetch of any address has no effect that a program could see.
    unsafe {
        std::arch::x86_64::_mm_prefetch::<{ std::arch::x86_64::_MM_HINT_T0 }>(place.cast());
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = place;
}

/// How a large block was reached.
pub(super) enum Reached {
    /// It was already, or nobody asks.
    Before,
    /// For the first time in this collection.
    Now,
    /// For the first time in this marking.
    Marked,
}

/// Copies the store of an array to a place of its own.
///
/// # Safety
/// The array has a store, and at `new` there is room for one of its size.
unsafe fn copy_store(array: *mut Array, new: *mut u8, storage: Storage) {
    // SAFETY: as promised by the caller.
    unsafe {
        let filled = (*array).len * size_of(storage);
        let old = (*array).data.sub(STORE_HEAD);
        std::ptr::copy_nonoverlapping(old, new, STORE_HEAD + filled);
        (*array).data = new.add(STORE_HEAD);
    }
}

/// The bytes of an object without its store, and whether it refers to others.
///
/// # Safety
/// The object is whole, with this header and layout.
#[inline]
pub(super) unsafe fn extent(object: *const u8, header: Header, layout: &Layout) -> (usize, bool) {
    match layout.shape {
        Shape::Array(storage) => (ARRAY_SIZE, is_reference(storage)),
        Shape::Str if header.has(Header::SLICE) => (SLICE_SIZE, true),
        // SAFETY: as promised.
        Shape::Str => (string_size(unsafe { (*object.cast::<Str>()).len }), false),
        Shape::Object | Shape::Abstract => (layout.size, !layout.references.is_empty()),
    }
}

/// Bytes of a string with its text.
pub(super) fn string_size(len: usize) -> usize {
    STR_HEAD + len.next_multiple_of(8)
}

/// Bytes of a store with room for `capacity` elements, which was once allocated.
pub(super) fn store_size(capacity: usize, storage: Storage) -> usize {
    STORE_HEAD + (capacity * size_of(storage)).next_multiple_of(8)
}

/// Whether values so stored are references.
pub(crate) fn is_reference(storage: Storage) -> bool {
    matches!(storage, Storage::Ref(_) | Storage::RefNull(_))
}

/// Copies whole words.
///
/// # Safety
/// Both places have `size` bytes, a multiple of eight, and do not overlap.
unsafe fn copy_words(from: *const u8, to: *mut u8, size: usize) {
    // SAFETY: as promised by the caller.
    unsafe {
        for word in 0..size / 8 {
            *to.cast::<u64>().add(word) = *from.cast::<u64>().add(word);
        }
    }
}

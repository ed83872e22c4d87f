//! Following references: copies young objects into the old space, and marks old ones while a marking is under way.
//!
//! Nothing recurses, however deep a structure is: objects whose contents are still to be looked at wait in lists.

use lang_bytecode::Storage;

use super::large::{Cards, LargeBlocks, elements_on};
use super::layout::{Layouts, Shape};
use super::object::{ARRAY_SIZE, Array, Header, SLICE_SIZE, STORE_HEAD, STR_HEAD, Str};
use super::old::{OldSpace, mark_lines};
use super::storage::size_of;

/// How many elements of an array are marked at once.
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
    found: usize,
    /// Objects that were marked and not looked at.
    gray: Vec<*mut u8>,
    /// Long arrays, and how many of their elements were looked at.
    parts: Vec<(*mut u8, usize)>,
}

impl Marking {
    pub(super) fn new() -> Marking {
        Marking { active: false, epoch: 1, live: 0, found: 0, gray: Vec::new(), parts: Vec::new() }
    }

    /// Begins: no old object is marked from here on.
    pub(super) fn start(&mut self) {
        *self = Marking { active: true, epoch: 3 - self.epoch, ..Marking::new() };
    }

    /// Ends, or gives up.
    pub(super) fn stop(&mut self) {
        *self = Marking { epoch: self.epoch, live: self.live, ..Marking::new() };
    }

    /// The flag of objects that are marked.
    #[inline]
    pub(super) fn parity(&self) -> u64 {
        if self.epoch == 2 { Header::PARITY } else { 0 }
    }
}

/// A collection under way: moves and marks what it is shown.
#[derive(Debug)]
pub struct Tracer<'h> {
    layouts: &'h Layouts,
    nursery: u64,
    nursery_size: u64,
    old: &'h mut OldSpace,
    large: &'h mut LargeBlocks,
    marking: &'h mut Marking,
    /// Objects that were copied and not looked at.
    copied: &'h mut Vec<*mut u8>,
    /// Whether old objects move too.
    everything: bool,
    /// Whether anything has to be done about objects that are not in the nursery.
    outside: bool,
    /// Where objects are listed that are shown, in place of moving and marking them.
    #[cfg(debug_assertions)]
    listed: Option<&'h mut Vec<u64>>,
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
    /// Begins; with `everything`, old objects move too.
    pub(super) fn new(parts: Parts<'h>, everything: bool) -> Tracer<'h> {
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

    /// Whether a store is a large block.
    unsafe fn is_large(store: *const u8) -> bool {
        // SAFETY: every store begins with a header.
        let header = unsafe { *store.cast::<Header>() };
        header.has(Header::FIXED) && !header.has(Header::IMMORTAL)
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
                Reached::Marked if has_references => self.marking.gray.push(object),
                _ => {}
            }
        }
    }

    /// Notes that a large block survives.
    ///
    /// # Safety
    /// It is one of the heap's.
    unsafe fn reach_block(&mut self, block: *const u8) -> Reached {
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

    /// Room in the old space, marked where a marking is under way.
    #[inline]
    unsafe fn room(&mut self, size: usize) -> *mut u8 {
        let new = self.old.allocate(size);
        if self.marking.active {
            self.marking.live += size;
            // SAFETY: the room lies in the old space.
            unsafe { mark_lines(new, size, self.marking.epoch) };
        }
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
            if Self::is_large(store) {
                self.reach_block(store);
            } else if self.is_young(store as u64) {
                let new = self.room(store_size(*store.add(8).cast::<usize>(), storage));
                copy_store(array, new, storage);
            }
        }
    }

    /// Marks a small old object, and keeps it for later where it has references.
    ///
    /// # Safety
    /// `object` is in the old space.
    unsafe fn mark(&mut self, object: *mut u8, header: Header) {
        if (header.0 ^ self.marking.parity()) & Header::PARITY == 0 {
            return;
        }
        let layouts = self.layouts;
        let layout = layouts.get(header.type_id());
        // SAFETY: objects are as large as their headers and layouts say.
        unsafe {
            object.cast::<Header>().write(Header(header.0 ^ Header::PARITY));
            let (size, follow) = match layout.shape {
                Shape::Array(storage) => {
                    self.mark_store(object.cast(), storage);
                    (ARRAY_SIZE, is_reference(storage))
                }
                Shape::Str if header.has(Header::SLICE) => (SLICE_SIZE, true),
                Shape::Str => (string_size((*object.cast::<Str>()).len), false),
                Shape::Object | Shape::Abstract => (layout.size, !layout.references.is_empty()),
            };
            mark_lines(object, size, self.marking.epoch);
            self.marking.live += size;
            self.marking.found += 1;
            if follow {
                self.marking.gray.push(object);
            }
        }
    }

    /// Marks the store of an array. A store that is still young is marked when it becomes old.
    unsafe fn mark_store(&mut self, array: *const Array, storage: Storage) {
        // SAFETY: as for arrays everywhere.
        unsafe {
            let store = (*array).data.sub(STORE_HEAD);
            if Self::is_large(store) {
                self.reach_block(store);
            } else if !(*store.cast::<Header>()).has(Header::IMMORTAL) && !self.is_young(store as u64) {
                let size = store_size(*store.add(8).cast::<usize>(), storage);
                mark_lines(store, size, self.marking.epoch);
                self.marking.live += size;
            }
        }
    }

    /// Looks at a remembered object, and has it remember again from now on.
    ///
    /// # Safety
    /// `object` is old.
    pub(super) unsafe fn remembered(&mut self, object: *mut u8) {
        // SAFETY: as promised; the store of an array of references that is large has cards.
        unsafe {
            let header = *object.cast::<Header>();
            object.cast::<Header>().write(header.with(Header::BARRIER));
            if let Shape::Array(storage) = self.layouts.get(header.type_id()).shape {
                let array = object.cast::<Array>();
                let store = (*array).data.sub(STORE_HEAD);
                if Self::is_large(store) {
                    if is_reference(storage) && !self.everything && self.scan_dirty(array, store) {
                        return;
                    }
                    self.large.get(store).dirty = false;
                }
            }
            self.scan(object);
        }
    }

    /// Looks at what was stored into a large store since the last collection, where that is all that may be young. Gives
    /// whether it is.
    unsafe fn scan_dirty(&mut self, array: *const Array, store: *const u8) -> bool {
        // SAFETY: the store is a large block.
        unsafe {
            let block = self.large.get(store);
            if block.young && !block.settled {
                return false;
            }
            block.dirty = false;
            if block.young {
                self.reach_block(store);
            }
            let block = self.large.get(store);
            let cards = std::mem::take(&mut block.cards);
            let cards = self.scan_cards(array, cards);
            self.large.get(store).cards = cards;
        }
        true
    }

    /// Looks at what changed in the settled store of an array that has just become old, and has a marking under way look at the rest in
    /// parts. Gives whether it has such a store.
    unsafe fn scan_settled(&mut self, array: *mut Array) -> bool {
        // SAFETY: the store of an array that is large is one of the blocks.
        unsafe {
            let store = (*array).data.sub(STORE_HEAD);
            if self.everything || !Self::is_large(store) {
                return false;
            }
            let block = self.large.get(store);
            if !block.young || !block.settled {
                return false;
            }
            self.scan_dirty(array, store);
            if self.marking.active {
                self.marking.gray.push(array.cast());
            }
            true
        }
    }

    /// Looks at the elements on the cards that are set; gives the cards, cleared.
    unsafe fn scan_cards(&mut self, array: *const Array, mut cards: Cards) -> Cards {
        // SAFETY: the array has a store.
        let first = unsafe { (*array).data.cast::<u64>() };
        let soon = |card| prefetch(first.wrapping_add(elements_on(card).start));
        cards.clear(soon, |card| {
            let range = elements_on(card);
            // SAFETY: the array has elements up to its length.
            unsafe { self.scan_elements(array, range.start, range.end) };
        });
        cards
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
                if let Some(object) = self.marking.gray.pop() {
                    done += self.mark_through(object);
                } else if let Some((object, from)) = self.marking.parts.pop() {
                    let array = object.cast::<Array>();
                    if from + PART < (*array).len {
                        self.marking.parts.push((object, from + PART));
                    }
                    self.scan_elements(array, from, from + PART);
                    done += PART * 8;
                } else {
                    return true;
                }
            }
        }
        false
    }

    /// Looks at a marked object, or puts it off where it is a long array. Gives the bytes of its references.
    unsafe fn mark_through(&mut self, object: *mut u8) -> usize {
        // SAFETY: the object is marked, so it is whole.
        unsafe {
            let layout = self.layouts.get((*object.cast::<Header>()).type_id());
            let count = match layout.shape {
                Shape::Array(_) => (*object.cast::<Array>()).len,
                _ => layout.references.len(),
            };
            if count > PART && matches!(layout.shape, Shape::Array(_)) {
                self.marking.parts.push((object, 0));
                return 0;
            }
            self.scan(object);
            count * 8
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
    unsafe fn scan_elements(&mut self, array: *const Array, from: usize, to: usize) {
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
enum Reached {
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

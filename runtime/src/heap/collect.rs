//! The collector: copies what is reachable into a fresh space (Cheney's algorithm), so that the rest is gone.
//!
//! Objects copied but not yet looked at lie between `scan` and `cursor`; nothing recurses, however deep a structure is.
//! An array takes its store along, right behind it.

use lang_bytecode::Storage;

use super::allocate::{Heap, MIN_BUDGET, OutOfMemory};
use super::large::Gray;
use super::layout::{Layouts, Shape};
use super::object::{ARRAY_SIZE, Array, Header, SLICE_SIZE, STORE_HEAD, STR_HEAD, Str};
use super::space::Space;
use super::storage::size_of;

/// Spaces up to this size are kept for the next collection; larger ones go back to the system.
const KEEP_SPACE: usize = 16 << 20;

/// A collection under way: moves what it is shown.
#[derive(Debug)]
pub struct Tracer<'h> {
    layouts: &'h Layouts,
    cursor: *mut u8,
    gray: Gray,
}

impl Heap {
    /// Collects, so that then there is room for `moving` bytes in the moving space and `large` bytes apart.
    pub(super) fn collect(&mut self, moving: usize, large: usize) -> Result<(), OutOfMemory> {
        let used = self.cursor() as usize - self.space.start() as usize;
        let needed = used.checked_add(moving).ok_or(OutOfMemory)?;
        let to = self.fresh_space(needed, used.max(MIN_BUDGET))?;
        let live = self.copy_into(to, used);
        self.stats.collections += 1;
        self.stats.copied += live as u64;
        self.reset_large_trigger();
        self.set_limits(live, moving);

        let total = live
            .checked_add(self.large.bytes())
            .and_then(|bytes| bytes.checked_add(moving)?.checked_add(large));
        self.stats.live_peak = self.stats.live_peak.max(live + self.large.bytes());
        if total.is_none_or(|total| total > self.max_heap) {
            return Err(OutOfMemory);
        }
        self.large_trigger = self.large_trigger.max(self.large.bytes() + large);
        Ok(())
    }

    /// A space of at least `needed` bytes, with up to `more` to spare.
    fn fresh_space(&mut self, needed: usize, more: usize) -> Result<Space, OutOfMemory> {
        match self.spare.take() {
            Some(space) if space.capacity() >= needed => Ok(space),
            _ => Space::new(needed.saturating_add(more)).or_else(|| Space::new(needed)).ok_or(OutOfMemory),
        }
    }

    /// Moves everything reachable into `to`, which takes the place of the space so far with `used` bytes. Gives the bytes copied.
    fn copy_into(&mut self, to: Space, used: usize) -> usize {
        let layouts = self.layouts.clone();
        let mut tracer = Tracer { layouts: &layouts, cursor: to.start(), gray: Gray::new() };
        if let Some(source) = self.roots {
            // SAFETY: `set_roots` was promised that this call is possible at every allocation.
            unsafe { (source.trace)(source.data, &mut tracer) };
        }
        self.handles.trace(&mut tracer);
        // SAFETY: all roots were shown; `to` begins with the objects copied so far.
        unsafe {
            tracer.finish(to.start());
            self.large.sweep();
        }
        let end = tracer.cursor;
        let live = end as usize - to.start() as usize;
        let old = std::mem::replace(&mut self.space, to);
        self.end = end;
        self.set_cursor(end);
        self.retire(old, used);
        live
    }

    /// Keeps a small space for the next collection. Under stress its contents are spoilt, so that a stale address shows.
    fn retire(&mut self, old: Space, used: usize) {
        if self.options.stress.is_some() {
            // SAFETY: nothing lives in the old space, of which so many bytes were in use.
            unsafe { old.start().write_bytes(0xdb, used) };
        }
        if old.capacity() <= KEEP_SPACE {
            self.spare = Some(old);
        }
    }

    /// Decides how much may be allocated until the next collection, and gives back what is far beyond it.
    fn set_limits(&mut self, live: usize, moving: usize) {
        let wanted =
            live.saturating_add(live.max(MIN_BUDGET)).saturating_add(moving).min(self.space.capacity());
        if self.space.capacity() > KEEP_SPACE.max(wanted) {
            self.space.trim(wanted);
        }
        self.end = self.space.start().wrapping_add(wanted & !7);
        self.limit_end();
    }
}

impl Tracer<'_> {
    /// Shows a slot that holds an object's address, or null; it gets the address that the object has after the collection.
    ///
    /// # Safety
    /// `slot` may be read and written, and holds 0 or the address of an object of this heap.
    #[inline]
    pub unsafe fn slot(&mut self, slot: *mut u64) {
        // SAFETY: as promised by the caller.
        unsafe {
            if *slot != 0 {
                *slot = self.moved(*slot as *mut u8) as u64;
            }
        }
    }

    /// The address that an object has after the collection.
    ///
    /// # Safety
    /// `object` is an object of this heap.
    unsafe fn moved(&mut self, object: *mut u8) -> *mut u8 {
        // SAFETY: every object begins with its header.
        unsafe {
            let header = *object.cast::<Header>();
            if header.has(Header::FORWARDED) {
                return header.without(Header::FORWARDED).0 as *mut u8;
            }
            if header.has(Header::FIXED) {
                if !header.has(Header::IMMORTAL) {
                    self.gray.mark(object, 0);
                }
                return object;
            }
            self.copy(object, header)
        }
    }

    /// Copies an object; an array takes its store along.
    ///
    /// # Safety
    /// `object` lies in the old space and was not copied yet.
    unsafe fn copy(&mut self, object: *mut u8, header: Header) -> *mut u8 {
        let new = self.cursor;
        // SAFETY: the new space has room for all that the old one holds; objects are as large as their headers and layouts say.
        unsafe {
            match self.layouts.get(header.type_id()).shape {
                Shape::Array(storage) => {
                    std::ptr::copy_nonoverlapping(object, new, ARRAY_SIZE);
                    self.cursor = new.add(ARRAY_SIZE);
                    self.move_store(new.cast(), storage);
                }
                Shape::Str => self.copy_string(object, header),
                Shape::Object | Shape::Abstract => {
                    let size = self.layouts.get(header.type_id()).size;
                    copy_words(object, new, size);
                    self.cursor = new.add(size);
                }
            }
            object.cast::<Header>().write(Header(new as u64).with(Header::FORWARDED));
        }
        new
    }

    /// Copies a string to the cursor.
    ///
    /// # Safety
    /// As for [`Tracer::copy`].
    unsafe fn copy_string(&mut self, object: *mut u8, header: Header) {
        let new = self.cursor;
        // SAFETY: a slice has its owner behind its head, any other string its bytes.
        unsafe {
            if header.has(Header::SLICE) {
                copy_words(object, new, SLICE_SIZE);
                self.cursor = new.add(SLICE_SIZE);
                return;
            }
            let size = string_size((*object.cast::<Str>()).len);
            copy_words(object, new, size);
            (*new.cast::<Str>()).data = new.add(STR_HEAD);
            self.cursor = new.add(size);
        }
    }

    /// Copies the store of an array that was just copied, or marks it where it is large.
    ///
    /// # Safety
    /// `array` is the new copy of an array whose elements lie as `storage` says.
    unsafe fn move_store(&mut self, array: *mut Array, storage: Storage) {
        // SAFETY: an array's data is preceded by its store's head, and followed by as many elements as its capacity says.
        unsafe {
            let (len, old) = ((*array).len, (*array).data.sub(STORE_HEAD));
            let header = *old.cast::<Header>();
            if header.has(Header::FIXED) {
                if !header.has(Header::IMMORTAL) {
                    self.gray.mark(old, len);
                }
                return;
            }
            let new = self.cursor;
            let capacity = *old.add(8).cast::<usize>();
            let (filled, whole) = (len * size_of(storage), store_size(capacity, storage));
            std::ptr::copy_nonoverlapping(old, new, STORE_HEAD + filled);
            if is_reference(storage) {
                new.add(STORE_HEAD + filled).write_bytes(0, whole - STORE_HEAD - filled);
            }
            (*array).data = new.add(STORE_HEAD);
            self.cursor = new.add(whole);
        }
    }

    /// Looks at everything copied from `scan` on, and at the large blocks reached, until nothing is left.
    ///
    /// # Safety
    /// From `scan` to the cursor lie the objects copied so far.
    unsafe fn finish(&mut self, mut scan: *mut u8) {
        // SAFETY: whole objects follow one another up to the cursor.
        unsafe {
            loop {
                while scan < self.cursor {
                    scan = self.scan(scan);
                }
                let Some((block, in_use)) = self.gray.take() else { return };
                let header = *block.cast::<Header>();
                if header.has(Header::STORE) {
                    self.scan_elements(block, header, in_use);
                } else {
                    self.scan_fields(block, header);
                }
            }
        }
    }

    /// Moves what an object refers to. Gives the address behind the object.
    ///
    /// # Safety
    /// `object` was copied and not looked at yet.
    unsafe fn scan(&mut self, object: *mut u8) -> *mut u8 {
        // SAFETY: objects are as large as their headers and layouts say.
        unsafe {
            let header = *object.cast::<Header>();
            if header.has(Header::STORE) {
                let capacity = *object.add(8).cast::<usize>();
                self.scan_elements(object, header, capacity);
                return object.add(store_size(capacity, self.layouts.element(header.type_id())));
            }
            match self.layouts.get(header.type_id()).shape {
                Shape::Array(_) => object.add(ARRAY_SIZE),
                Shape::Str if header.has(Header::SLICE) => {
                    self.move_owner(object);
                    object.add(SLICE_SIZE)
                }
                Shape::Str => object.add(string_size((*object.cast::<Str>()).len)),
                Shape::Object | Shape::Abstract => {
                    self.scan_fields(object, header);
                    object.add(self.layouts.get(header.type_id()).size)
                }
            }
        }
    }

    /// # Safety
    /// `object` has this header and belongs to the new space or is large.
    unsafe fn scan_fields(&mut self, object: *mut u8, header: Header) {
        let layouts = self.layouts;
        for offset in &layouts.get(header.type_id()).references {
            // SAFETY: the layout says that a reference or null lies there.
            unsafe { self.slot(object.add(*offset).cast()) };
        }
    }

    /// # Safety
    /// `store` has this header, and its first `count` elements are valid.
    unsafe fn scan_elements(&mut self, store: *mut u8, header: Header, count: usize) {
        if !is_reference(self.layouts.element(header.type_id())) {
            return;
        }
        // SAFETY: the store holds so many references.
        unsafe {
            let first = store.add(STORE_HEAD).cast::<u64>();
            for index in 0..count {
                self.slot(first.add(index));
            }
        }
    }

    /// Moves the owner of a slice's bytes, and has the slice point into them again.
    ///
    /// # Safety
    /// `slice` is a copied slice.
    unsafe fn move_owner(&mut self, slice: *mut u8) {
        // SAFETY: the owner is a string with bytes of its own; of one already copied, all but the header is still there.
        unsafe {
            let owner = slice.add(STR_HEAD).cast::<*mut Str>();
            let from = (**owner).data as usize;
            *owner = self.moved((*owner).cast()).cast();
            let data = &raw mut (*slice.cast::<Str>()).data;
            *data = (**owner).data.add(*data as usize - from);
        }
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
pub(super) fn is_reference(storage: Storage) -> bool {
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

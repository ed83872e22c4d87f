//! Making arrays and giving them room.

use lang_bytecode::{Storage, TypeId};

use super::allocate::{Heap, LARGE, OutOfMemory};
use super::object::{ARRAY_SIZE, Array, Header, STORE_HEAD, empty_data, has_barrier};
use super::storage::{size_of, write};
use super::trace::{is_reference, store_size};

/// The least room that an array which grows is given.
const LEAST_CAPACITY: usize = 4;

/// Stores of so many bytes are made when no object is young.
const SETTLED_FROM: usize = 1 << 20;

impl Heap {
    /// A new array of `len` elements, which the caller fills before the next allocation, with room for `capacity`.
    pub fn array_new(&mut self, id: TypeId, len: usize, capacity: usize) -> Result<u64, OutOfMemory> {
        self.array_raw(id, len, capacity, false)
    }

    /// A new array of `len` elements, each `value` as a register holds it.
    ///
    /// # Safety
    /// `value` is of the element type of `id`; where that is a reference, it is an object of this heap.
    pub unsafe fn array_filled(&mut self, id: TypeId, len: usize, value: u64) -> Result<u64, OutOfMemory> {
        let storage = self.layouts.element(id);
        let depth = self.handles.depth();
        let kept = is_reference(storage).then(|| self.handles.push(value));
        let array = self.array_raw(id, len, len, value == 0);
        // SAFETY: the slot was pushed above and holds the value's address of now.
        let value = kept.map_or(value, |slot| unsafe { *slot });
        self.handles.truncate(depth);
        let array = array?;
        // SAFETY: the array was made with room for `len` elements.
        unsafe { fill(storage, (*(array as *const Array)).data, len, value) };
        Ok(array)
    }

    fn array_raw(
        &mut self,
        id: TypeId,
        len: usize,
        capacity: usize,
        zeroed: bool,
    ) -> Result<u64, OutOfMemory> {
        let capacity = capacity.max(len);
        let layout = self.layouts.get(id);
        let header = layout.header;
        let storage = self.layouts.element(id);
        let store = checked_store_size(capacity, storage)?;
        if capacity == 0 {
            let array = self.allocate(header, ARRAY_SIZE)?;
            // SAFETY: there is room for an array at the address.
            unsafe { array.cast::<Array>().write(Array { header, len, data: empty_data() }) };
            return Ok(array as u64);
        }
        let (array, block) = if store <= LARGE {
            let array = self.allocate(header, ARRAY_SIZE + store)?;
            (array, array.wrapping_add(ARRAY_SIZE))
        } else {
            let settled = is_settled(storage, store);
            self.make_room_after(ARRAY_SIZE, store, settled)?;
            let block = self.place_large(header, store, zeroed)?;
            // SAFETY: the block was just made.
            unsafe { self.large.get(block).settled = settled };
            // A settled store hears of what is put into it from the first store on.
            let barrier = if settled { Header::BARRIER } else { 0 };
            (self.place(header.with(barrier), ARRAY_SIZE), block)
        };
        // SAFETY: there is room for an array and for a store's head at these addresses.
        unsafe {
            let flags = if store <= LARGE { 0 } else { Header::FIXED };
            block.cast::<Header>().write(header.with(flags));
            block.add(8).cast::<usize>().write(capacity);
            let header = *array.cast::<Header>();
            array.cast::<Array>().write(Array { header, len, data: block.add(STORE_HEAD) });
        }
        Ok(array as u64)
    }

    /// Appends to an array that has no room: the slow half of a push. `array` and `value` need not be in slots that the collector
    /// knows; after the call, only such slots hold good addresses.
    ///
    /// # Safety
    /// `array` is an array of this heap, and `value` of its element type.
    #[cold]
    pub unsafe fn array_push_slow(&mut self, array: u64, value: u64) -> Result<(), OutOfMemory> {
        let depth = self.handles.depth();
        let slot = self.handles.push(array);
        // SAFETY: as promised by the caller.
        let (storage, len) = unsafe {
            (
                self.layouts.element((*(array as *const Array)).header.type_id()),
                (*(array as *const Array)).len,
            )
        };
        let kept = is_reference(storage).then(|| self.handles.push(value));
        // SAFETY: the slot holds the array's address; after growing, there is room for one element more.
        let result = unsafe {
            self.array_reserve(slot, len + 1).map(|()| {
                let array = *slot as *mut Array;
                let place = (*array).data.add(len * size_of(storage));
                write(storage, place, kept.map_or(value, |slot| *slot));
                (*array).len = len + 1;
                if kept.is_some() && has_barrier(*slot) {
                    self.remember(*slot, place);
                }
            })
        };
        self.handles.truncate(depth);
        result
    }

    /// Gives the array in a slot room for at least `capacity` elements.
    ///
    /// # Safety
    /// The collector knows `slot`, and it holds an array of this heap.
    pub unsafe fn array_reserve(&mut self, slot: *mut u64, capacity: usize) -> Result<(), OutOfMemory> {
        // SAFETY: the slot holds an array, and its data follows a store's head.
        let (header, old) = unsafe {
            let array = *slot as *const Array;
            ((*array).header, *(*array).data.sub(8).cast::<usize>())
        };
        if capacity <= old {
            return Ok(());
        }
        let generous = capacity.max(old.saturating_mul(2)).max(LEAST_CAPACITY);
        // Near the limit arrays grow more slowly, but not by element, which would move everything each time.
        let modest = capacity.max(old + old / 16);
        // SAFETY: as promised by the caller.
        unsafe {
            match self.array_regrow(slot, header, generous) {
                Err(OutOfMemory) if generous > modest => self.array_regrow(slot, header, modest),
                result => result,
            }
        }
    }

    /// Sees to it that the elements of the array in a slot stay where they are, as long as the array does not grow.
    ///
    /// # Safety
    /// As for [`Heap::array_reserve`].
    pub unsafe fn array_fix(&mut self, slot: *mut u64) -> Result<(), OutOfMemory> {
        // SAFETY: as promised by the caller; data follow their store's head, but for the shared data of arrays without any.
        unsafe {
            let array = *slot as *const Array;
            let (header, len) = ((*array).header, (*array).len);
            if len == 0 || (*(*array).data.sub(STORE_HEAD).cast::<Header>()).has(Header::FIXED) {
                return Ok(());
            }
            let size = size_of(self.layouts.element(header.type_id()));
            self.array_regrow(slot, header, (LARGE / size + 1).max(len))
        }
    }

    /// [`Heap::array_fix`] for the array that is the first field of the object in a slot.
    ///
    /// # Safety
    /// The collector knows `slot`, and it holds an object whose first field is an array.
    pub unsafe fn array_fix_within(&mut self, slot: *mut u64) -> Result<(), OutOfMemory> {
        let depth = self.handles.depth();
        // SAFETY: as promised by the caller; the handle is a slot that the collector knows.
        let result = unsafe {
            let array = *(*slot as *const u8).add(super::object::FIELDS_AT).cast::<u64>();
            let handle = self.handles.push(array);
            self.array_fix(handle)
        };
        self.handles.truncate(depth);
        result
    }

    /// # Safety
    /// As for [`Heap::array_reserve`]; `capacity` is more than the array has.
    unsafe fn array_regrow(
        &mut self,
        slot: *mut u64,
        header: Header,
        capacity: usize,
    ) -> Result<(), OutOfMemory> {
        let storage = self.layouts.element(header.type_id());
        let size = checked_store_size(capacity, storage)?;
        let settled = is_settled(storage, size);
        if size <= LARGE {
            self.make_room(size, 0)?
        } else {
            self.make_room_after(0, size, settled)?
        }
        // SAFETY: nothing is collected from here on; the array's old store has `len` elements, the new one room for more.
        unsafe {
            let array = *slot as *mut Array;
            let old = (*array).data.sub(STORE_HEAD);
            let old_header = *old.cast::<Header>();
            let store_header = header.without(Header::BARRIER | Header::PARITY);
            let new = if old_header.has(Header::FIXED) && !old_header.has(Header::IMMORTAL) {
                let new = self.large.grow(old, size).ok_or(OutOfMemory)?;
                self.limit_end();
                new
            } else {
                let new = if size <= LARGE {
                    self.place(store_header, size)
                } else {
                    let new = self.place_large(store_header, size, false)?;
                    self.large.get(new).settled = settled;
                    new
                };
                std::ptr::copy_nonoverlapping(
                    (*array).data,
                    new.add(STORE_HEAD),
                    (*array).len * size_of(storage),
                );
                new
            };
            new.add(8).cast::<usize>().write(capacity);
            (*array).data = new.add(STORE_HEAD);
            // An old array may have a young store from now on.
            self.remember_store(array);
        }
        Ok(())
    }
}

/// Whether a new store is large enough that a collection looks at what changed in it only: for that, all that it refers to is to be
/// old when it is made.
fn is_settled(storage: Storage, size: usize) -> bool {
    is_reference(storage) && size >= SETTLED_FROM
}

/// Bytes of a store, where there can be one so large.
fn checked_store_size(capacity: usize, storage: Storage) -> Result<usize, OutOfMemory> {
    match capacity.checked_mul(size_of(storage)) {
        Some(bytes) if bytes <= isize::MAX as usize / 2 => Ok(store_size(capacity, storage)),
        _ => Err(OutOfMemory),
    }
}

/// Writes a value to `count` elements.
///
/// # Safety
/// At `data` there is room for so many elements, and `value` is of their type.
pub(super) unsafe fn fill(storage: Storage, data: *mut u8, count: usize, value: u64) {
    // SAFETY: as promised by the caller; each element is as wide as the storage says.
    unsafe {
        match size_of(storage) {
            1 => data.write_bytes(value as u8, count),
            2 => std::slice::from_raw_parts_mut(data.cast::<u16>(), count).fill(value as u16),
            4 => {
                let mut element = 0u32;
                write(storage, (&raw mut element).cast(), value);
                std::slice::from_raw_parts_mut(data.cast::<u32>(), count).fill(element);
            }
            _ => std::slice::from_raw_parts_mut(data.cast::<u64>(), count).fill(value),
        }
    }
}

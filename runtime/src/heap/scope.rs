//! The safe door for host code: new objects are rooted as they are made, contents are seen through a borrow of the heap.

use std::ops::Deref;

use lang_bytecode::{Storage, TypeId, Width};

use super::allocate::{Heap, OutOfMemory};
use super::object::{Array, STORE_CAPACITY, str_bytes};
use super::remember::Change;
use super::roots::Root;
use super::storage::size_of;

/// Stands for strings.
#[derive(Clone, Copy, Debug)]
pub struct Text;

/// Stands for arrays of `u8`.
#[derive(Clone, Copy, Debug)]
pub struct Bytes;

/// Stands for arrays of strings.
#[derive(Clone, Copy, Debug)]
pub struct Strings;

/// Stands for arrays of code points.
#[derive(Clone, Copy, Debug)]
pub struct Chars;

/// Stands for arrays of `u32`.
#[derive(Clone, Copy, Debug)]
pub struct Words;

/// Stands for arrays of any element type.
#[derive(Clone, Copy, Debug)]
pub struct AnyArray;

impl<'s> From<Root<'s, Bytes>> for Root<'s, AnyArray> {
    fn from(bytes: Root<'s, Bytes>) -> Self {
        bytes.cast()
    }
}

impl<'s> From<Root<'s, Strings>> for Root<'s, AnyArray> {
    fn from(strings: Root<'s, Strings>) -> Self {
        strings.cast()
    }
}

impl<'s> From<Root<'s, Chars>> for Root<'s, AnyArray> {
    fn from(chars: Root<'s, Chars>) -> Self {
        chars.cast()
    }
}

impl<'s> From<Root<'s, Words>> for Root<'s, AnyArray> {
    fn from(words: Root<'s, Words>) -> Self {
        words.cast()
    }
}

/// A stretch of host code that works with objects; its roots end with it.
#[derive(Debug)]
pub struct Scope<'s> {
    heap: &'s mut Heap,
    depth: usize,
}

impl Drop for Scope<'_> {
    fn drop(&mut self) {
        self.heap.handles.truncate(self.depth);
    }
}

impl Deref for Scope<'_> {
    type Target = Heap;

    fn deref(&self) -> &Heap {
        self.heap
    }
}

impl Heap {
    /// The text of a string.
    #[inline]
    pub fn text(&self, string: Root<'_, Text>) -> &str {
        // SAFETY: the root holds a live string, strings are UTF-8, and the borrow keeps the heap from allocating.
        unsafe { std::str::from_utf8_unchecked(str_bytes(string.address())) }
    }

    /// The contents of an array of bytes.
    #[inline]
    pub fn bytes(&self, array: Root<'_, Bytes>) -> &[u8] {
        let array = array.array();
        // SAFETY: the elements are bytes, `len` of them, and the borrow keeps the heap from allocating.
        unsafe { std::slice::from_raw_parts(array.data, array.len) }
    }

    /// The contents of an array of code points, which may hold other numbers too.
    pub fn chars(&self, array: Root<'_, Chars>) -> &[u32] {
        let array = array.array();
        // SAFETY: the elements are 32 bits wide, `len` of them, and the borrow keeps the heap from allocating.
        unsafe { std::slice::from_raw_parts(array.data.cast(), array.len) }
    }

    /// The contents of an array of `u32`.
    #[inline]
    pub fn words(&self, array: Root<'_, Words>) -> &[u32] {
        let array = array.array();
        // SAFETY: the elements are 32 bits wide, `len` of them, and the borrow keeps the heap from allocating.
        unsafe { std::slice::from_raw_parts(array.data.cast(), array.len) }
    }

    /// The strings of an array, in order.
    pub fn strings(&self, array: Root<'_, Strings>) -> impl ExactSizeIterator<Item = &str> + Clone {
        let array = array.array();
        // SAFETY: the elements are references to strings, and the borrow keeps the heap from allocating.
        let words = unsafe { std::slice::from_raw_parts(array.data.cast::<u64>(), array.len) };
        // SAFETY: as above; strings are UTF-8.
        words.iter().map(|word| unsafe { std::str::from_utf8_unchecked(str_bytes(*word)) })
    }

    /// The bytes of an array of numbers; none where it holds references.
    pub fn scalars(&self, array: Root<'_, AnyArray>) -> Option<&[u8]> {
        let array = array.array();
        let storage = self.layouts().element(array.header.type_id());
        if matches!(storage, Storage::Ref(_) | Storage::RefNull(_)) {
            return None;
        }
        // SAFETY: the elements are numbers, `len` of this size, and the borrow keeps the heap from allocating.
        Some(unsafe { std::slice::from_raw_parts(array.data, array.len * size_of(storage)) })
    }

    /// How many elements an array has.
    #[inline]
    pub fn len(&self, array: Root<'_, AnyArray>) -> usize {
        array.array().len
    }
}

impl<'s> Scope<'s> {
    /// Begins a scope.
    #[inline]
    pub fn new(heap: &'s mut Heap) -> Scope<'s> {
        let depth = heap.handles.depth();
        Scope { heap, depth }
    }

    /// The heap.
    #[inline]
    pub(super) fn heap_mut(&mut self) -> &mut Heap {
        self.heap
    }

    /// Roots an object.
    ///
    /// # Safety
    /// `address` is that of a live object that `T` stands for.
    pub(super) unsafe fn root<T>(&mut self, address: u64) -> Root<'s, T> {
        let slot = self.heap.handles.push(address);
        // SAFETY: slots of handles do not move, and this one is in use until the scope ends.
        unsafe { Root::new(slot) }
    }

    /// A new string.
    pub fn new_text(&mut self, text: &str) -> Result<Root<'s, Text>, OutOfMemory> {
        let string = self.heap.str_new(text)?;
        // SAFETY: the string was just made.
        Ok(unsafe { self.root(string) })
    }

    /// A new string with the text of these bytes, where they are UTF-8.
    pub fn text_of_bytes(&mut self, bytes: Root<'_, Bytes>) -> Result<Option<Root<'s, Text>>, OutOfMemory> {
        if std::str::from_utf8(self.heap.bytes(bytes)).is_err() {
            return Ok(None);
        }
        // SAFETY: the root holds a live array of bytes, which were found to be UTF-8.
        unsafe {
            let string = self.heap.str_of_bytes(bytes.address())?;
            Ok(Some(self.root(string)))
        }
    }

    /// A new string of two others.
    pub fn concat(
        &mut self,
        lhs: Root<'_, Text>,
        rhs: Root<'_, Text>,
    ) -> Result<Root<'s, Text>, OutOfMemory> {
        // SAFETY: roots hold live strings, and so does what is made of them.
        unsafe {
            let string = self.heap.str_concat(lhs.address(), rhs.address())?;
            Ok(self.root(string))
        }
    }

    /// A part of a string; both offsets must be character boundaries in it.
    pub fn slice(
        &mut self,
        parent: Root<'_, Text>,
        start: usize,
        end: usize,
    ) -> Result<Root<'s, Text>, OutOfMemory> {
        let part = self.slice_within(parent, start, end)?;
        Ok(part.expect("a slice's ends are character boundaries"))
    }

    /// A part of a string, where both offsets are character boundaries in it.
    #[inline]
    pub fn slice_within(
        &mut self,
        parent: Root<'_, Text>,
        start: usize,
        end: usize,
    ) -> Result<Option<Root<'s, Text>>, OutOfMemory> {
        if self.heap.text(parent).get(start..end).is_none() {
            return Ok(None);
        }
        // SAFETY: the root holds a live string, and the offsets were checked.
        unsafe {
            let string = self.heap.str_slice(parent.address(), start, end)?;
            Ok(Some(self.root(string)))
        }
    }

    /// A new array of bytes.
    pub fn new_bytes(&mut self, id: TypeId, bytes: &[u8]) -> Result<Root<'s, Bytes>, OutOfMemory> {
        let array = self.new_array(id, Storage::Narrow(Width::U8), 0)?;
        self.append(array, bytes)?;
        Ok(array)
    }

    /// A new array of code points.
    pub fn new_chars(&mut self, id: TypeId, chars: &[u32]) -> Result<Root<'s, Chars>, OutOfMemory> {
        let array: Root<'s, Words> = self.new_array(id, Storage::Narrow(Width::U32), 0)?;
        self.set_words(array, chars)?;
        Ok(array.cast())
    }

    /// Replaces the contents of an array of `u32`.
    pub fn set_words(&mut self, array: Root<'_, Words>, words: &[u32]) -> Result<(), OutOfMemory> {
        self.reserve(array.into(), words.len().saturating_sub(self.heap.words(array).len()))?;
        // SAFETY: the array has room for so many elements, each 32 bits wide; `words` lies outside of the heap.
        unsafe {
            let array = array.address() as *mut Array;
            std::ptr::copy_nonoverlapping(words.as_ptr(), (*array).data.cast(), words.len());
            (*array).len = words.len();
        }
        Ok(())
    }

    /// The contents of an array of `u32`, to be changed.
    pub fn words_mut(&mut self, array: Root<'_, Words>) -> &mut [u32] {
        let array = array.array();
        // SAFETY: the elements are 32 bits wide, `len` of them, and the borrow keeps others from the heap.
        unsafe { std::slice::from_raw_parts_mut(array.data.cast(), array.len) }
    }

    /// A new empty array of strings.
    pub fn new_strings(&mut self, id: TypeId, capacity: usize) -> Result<Root<'s, Strings>, OutOfMemory> {
        self.new_array(id, Storage::Ref(TypeId::STR), capacity)
    }

    fn new_array<T>(
        &mut self,
        id: TypeId,
        storage: Storage,
        capacity: usize,
    ) -> Result<Root<'s, T>, OutOfMemory> {
        assert_eq!(self.layouts().element(id), storage, "the array type has these elements");
        let array = self.heap.array_new(id, 0, capacity)?;
        // SAFETY: the array was just made, of the element type that the caller's `T` stands for.
        Ok(unsafe { self.root(array) })
    }

    /// The contents of an array of bytes, to be changed.
    pub fn bytes_mut(&mut self, array: Root<'_, Bytes>) -> &mut [u8] {
        let array = array.array();
        // SAFETY: the elements are bytes, `len` of them, and the borrow keeps others from the heap.
        unsafe { std::slice::from_raw_parts_mut(array.data, array.len) }
    }

    /// The bytes of an array of numbers; none where it holds references.
    pub fn scalars_mut(&mut self, array: Root<'_, AnyArray>) -> Option<&mut [u8]> {
        let len = self.heap.scalars(array)?.len();
        // SAFETY: the elements are numbers of so many bytes, and the borrow keeps others from the heap.
        Some(unsafe { std::slice::from_raw_parts_mut(array.array().data, len) })
    }

    /// Makes room for so many more elements.
    #[inline]
    pub fn reserve(&mut self, array: Root<'_, AnyArray>, more: usize) -> Result<(), OutOfMemory> {
        let needed = self.heap.len(array).checked_add(more).ok_or(OutOfMemory)?;
        // SAFETY: the root's slot is known to the collector and holds an array, whose data follow its capacity.
        unsafe {
            if needed <= *array.array().data.offset(STORE_CAPACITY).cast::<usize>() {
                return Ok(());
            }
            self.heap.array_reserve(array.slot(), needed)
        }
    }

    /// Appends bytes.
    #[inline]
    pub fn append(&mut self, array: Root<'_, Bytes>, bytes: &[u8]) -> Result<(), OutOfMemory> {
        self.reserve(array.into(), bytes.len())?;
        // SAFETY: there is room for so many bytes behind the elements; `bytes` lies outside of the heap, which is borrowed mutably.
        unsafe { push_bytes(array.address(), bytes.as_ptr(), bytes.len()) };
        Ok(())
    }

    /// Appends the text of a string.
    #[inline]
    pub fn append_text(&mut self, array: Root<'_, Bytes>, text: Root<'_, Text>) -> Result<(), OutOfMemory> {
        let len = self.heap.text(text).len();
        self.reserve(array.into(), len)?;
        // SAFETY: there is room for so many bytes, and a string never shares memory with an array.
        unsafe { push_bytes(array.address(), self.heap.text(text).as_ptr(), len) };
        Ok(())
    }

    /// Appends a string.
    pub fn push_string(&mut self, array: Root<'_, Strings>, text: Root<'_, Text>) -> Result<(), OutOfMemory> {
        self.reserve(array.into(), 1)?;
        // SAFETY: there is room for one reference more.
        unsafe {
            let array = array.address() as *mut Array;
            (*array).data.cast::<u64>().add((*array).len).write(text.address());
            (*array).len += 1;
            self.heap.stored(array as u64, (*array).len - 1, 1, Change::Stored);
        }
        Ok(())
    }

    /// Appends a new string with this text.
    pub fn push_new_string(&mut self, array: Root<'_, Strings>, text: &str) -> Result<(), OutOfMemory> {
        let depth = self.heap.handles.depth();
        let string = self.new_text(text)?;
        let result = self.push_string(array, string);
        self.heap.handles.truncate(depth);
        result
    }

    /// Appends a part of a string; both offsets must be character boundaries in it.
    pub fn push_slice(
        &mut self,
        array: Root<'_, Strings>,
        parent: Root<'_, Text>,
        start: usize,
        end: usize,
    ) -> Result<(), OutOfMemory> {
        let depth = self.heap.handles.depth();
        let string = self.slice(parent, start, end)?;
        let result = self.push_string(array, string);
        self.heap.handles.truncate(depth);
        result
    }

    /// A new array of the elements from `start` to `end`, of the same type.
    pub fn sub_array(
        &mut self,
        array: Root<'_, AnyArray>,
        start: usize,
        end: usize,
    ) -> Result<Root<'s, AnyArray>, OutOfMemory> {
        assert!(start <= end && end <= self.heap.len(array), "the part lies within the array");
        let id = array.array().header.type_id();
        let size = size_of(self.layouts().element(id));
        let new = self.heap.array_new(id, end - start, end - start)?;
        // SAFETY: both arrays have elements of this size, and these many of them.
        unsafe {
            let from = array.array().data.add(start * size);
            std::ptr::copy_nonoverlapping(from, (*(new as *mut Array)).data, (end - start) * size);
            Ok(self.root(new))
        }
    }
}

/// Copies bytes behind an array's elements.
///
/// # Safety
/// `array` is an array of bytes with room for `count` more, which `from` points to.
#[inline]
unsafe fn push_bytes(array: u64, from: *const u8, count: usize) {
    let array = array as *mut Array;
    // SAFETY: as promised by the caller.
    unsafe {
        std::ptr::copy_nonoverlapping(from, (*array).data.add((*array).len), count);
        (*array).len += count;
    }
}

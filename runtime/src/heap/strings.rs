//! Making strings.

use lang_bytecode::TypeId;

use super::allocate::{Heap, LARGE, OutOfMemory};
use super::object::{Array, Header, SLICE_SIZE, STR_HEAD, Str, str_bytes};
use super::trace::string_size;

/// A slice of more bytes than this shares its parent's.
const SHARE_ABOVE: usize = 32;

impl Heap {
    /// A new string of `len` bytes, which the caller fills with UTF-8 before the next allocation.
    #[inline]
    fn str_raw(&mut self, len: usize) -> Result<*mut Str, OutOfMemory> {
        if len > isize::MAX as usize / 2 {
            return Err(OutOfMemory);
        }
        let (header, size) = (Header::new(TypeId::STR, 0), string_size(len));
        // The nursery may have room for a string that must not move: no block of the old space has.
        let string =
            if size <= LARGE { self.allocate(header, size) } else { self.allocate_slow(header, size) };
        let string = string?.cast::<Str>();
        // SAFETY: there is room for a string's head; `allocate` wrote the header.
        unsafe {
            (*string).len = len;
            (*string).data = string.cast::<u8>().add(STR_HEAD);
        }
        Ok(string)
    }

    /// As [`Heap::str_raw`], while the objects at these addresses may move.
    #[inline]
    fn str_raw_keeping(&mut self, len: usize, kept: [&mut u64; 2]) -> Result<*mut Str, OutOfMemory> {
        if string_size(len) <= LARGE && self.has_fast_room(string_size(len)) {
            return self.str_raw(len);
        }
        let depth = self.handles.depth();
        let slots = kept.each_ref().map(|word| self.handles.push(**word));
        let string = self.str_raw(len);
        self.handles.truncate(depth);
        for (word, slot) in kept.into_iter().zip(slots) {
            // SAFETY: the slots were pushed above, and nothing was pushed over them.
            *word = unsafe { *slot };
        }
        string
    }

    /// The string of at most one ASCII character, where text is that.
    fn short_str(&self, text: &[u8]) -> Option<u64> {
        match text {
            [] => self.short_strings.last().copied(),
            [byte] => self.short_strings.get(usize::from(*byte)).copied(),
            _ => None,
        }
    }

    /// A new string with this text.
    pub fn str_new(&mut self, text: &str) -> Result<u64, OutOfMemory> {
        if let Some(short) = self.short_str(text.as_bytes()) {
            return Ok(short);
        }
        let string = self.str_raw(text.len())?;
        // SAFETY: the string has room for so many bytes.
        unsafe { std::ptr::copy_nonoverlapping(text.as_ptr(), (*string).data, text.len()) };
        Ok(string as u64)
    }

    /// A new string of an array's bytes.
    ///
    /// # Safety
    /// `array` is an array of bytes of this heap, and they are UTF-8.
    pub unsafe fn str_of_bytes(&mut self, array: u64) -> Result<u64, OutOfMemory> {
        // SAFETY: as promised by the caller.
        let bytes = unsafe {
            std::slice::from_raw_parts((*(array as *const Array)).data, (*(array as *const Array)).len)
        };
        if let Some(short) = self.short_str(bytes) {
            return Ok(short);
        }
        let len = bytes.len();
        let (mut array, mut none) = (array, 0);
        let string = self.str_raw_keeping(len, [&mut array, &mut none])?;
        // SAFETY: the array is where it is now; the string has room for its bytes.
        unsafe { std::ptr::copy_nonoverlapping((*(array as *const Array)).data, (*string).data, len) };
        Ok(string as u64)
    }

    /// A new string of the first text and then the second.
    ///
    /// # Safety
    /// Both are strings of this heap; they need not be in slots that the collector knows.
    pub unsafe fn str_concat(&mut self, lhs: u64, rhs: u64) -> Result<u64, OutOfMemory> {
        // SAFETY: as promised by the caller.
        let (left, right) = unsafe { (str_bytes(lhs).len(), str_bytes(rhs).len()) };
        if left == 0 {
            return Ok(rhs);
        }
        if right == 0 {
            return Ok(lhs);
        }
        let (mut lhs, mut rhs) = (lhs, rhs);
        let string = self.str_raw_keeping(left + right, [&mut lhs, &mut rhs])?;
        // SAFETY: the strings are where they are now; the new string has room for both texts.
        unsafe {
            let data = (*string).data;
            std::ptr::copy_nonoverlapping(str_bytes(lhs).as_ptr(), data, left);
            std::ptr::copy_nonoverlapping(str_bytes(rhs).as_ptr(), data.add(left), right);
        }
        Ok(string as u64)
    }

    /// The bytes from `start` to `end` of a string as a string.
    ///
    /// # Safety
    /// `parent` is a string of this heap; `start <= end`, and both are character boundaries in it.
    #[inline]
    pub unsafe fn str_slice(&mut self, parent: u64, start: usize, end: usize) -> Result<u64, OutOfMemory> {
        // SAFETY: as promised by the caller.
        let bytes = unsafe { str_bytes(parent) };
        let len = end - start;
        if len == bytes.len() {
            return Ok(parent);
        }
        if let Some(short) = self.short_str(&bytes[start..end]) {
            return Ok(short);
        }
        let (mut parent, mut none) = (parent, 0);
        // A slice takes as much as a string of eight bytes.
        let room = if len > SHARE_ABOVE { SLICE_SIZE - STR_HEAD } else { len };
        let part = self.str_raw_keeping(room, [&mut parent, &mut none])?;
        // SAFETY: the parent is where it is now; a slice's owner is a string with bytes of its own.
        unsafe {
            let parent = parent as *mut Str;
            let data = (*parent).data.add(start);
            if len > SHARE_ABOVE {
                let owner_of = (*parent).header.has(Header::SLICE);
                let owner =
                    if owner_of { *parent.cast::<u8>().add(STR_HEAD).cast::<u64>() } else { parent as u64 };
                part.cast::<u8>().add(STR_HEAD).cast::<u64>().write(owner);
                (*part).header = (*part).header.with(Header::SLICE);
                (*part).len = len;
                (*part).data = data;
            } else {
                std::ptr::copy_nonoverlapping(data, (*part).data, len);
            }
        }
        Ok(part as u64)
    }
}

//! Arguments on their way to C: each becomes a word that the stub knows how to place.

use std::mem::MaybeUninit;

use lang_bytecode::{CLayout, CScalar, CType, TrapKind};

use super::callback::Slot;
use crate::heap::{Array, FIELDS_AT, OutOfMemory, str_bytes};
use crate::natives::Failure;

/// What is done to an argument. Instructions can do those before [`Step::Text`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Step {
    /// The word as it is: 64-bit ints and addresses.
    Word,
    /// The word as it is, in a float register.
    Double,
    /// An int that must fit.
    Narrow(CScalar),
    /// A float becomes a `float` of C.
    Float,
    /// The address of an array's elements.
    Elements,
    /// The address of a struct's bytes.
    Pointer,
    /// A string becomes a text that ends with a NUL and lives for the call.
    Text,
    /// A struct by value: the address of a copy of so many bytes.
    Struct(u32),
    /// A closure becomes a C function that lives for the call.
    Callback(u32),
}

impl Step {
    /// What the arguments of a type need.
    pub(super) fn of(ty: CType, layouts: &[CLayout]) -> Step {
        match ty {
            CType::Scalar(CScalar::F32) => Step::Float,
            CType::Scalar(CScalar::F64) => Step::Double,
            CType::Scalar(CScalar::I64 | CScalar::Ptr) => Step::Word,
            CType::Scalar(scalar) => Step::Narrow(scalar),
            CType::Text => Step::Text,
            CType::Elements => Step::Elements,
            CType::Pointer => Step::Pointer,
            CType::Struct(index) => Step::Struct(layouts[index as usize].size),
            CType::Callback(index) => Step::Callback(index),
        }
    }
}

/// Arguments held without a block of memory of their own.
const INLINE: usize = 16;
/// Words of what arguments point to, held without blocks of memory.
const ROOM: usize = 64;

/// The words of a call's arguments, and what they point to.
pub(super) struct Arguments {
    few: [MaybeUninit<u64>; INLINE],
    many: Vec<u64>,
    /// Copies of texts and structs, as far as they fit, and how many words they take.
    room: [MaybeUninit<u64>; ROOM],
    used: usize,
    /// The others.
    blocks: Vec<Vec<u64>>,
    /// The C functions that were made for the call.
    pub(super) callbacks: Vec<*mut Slot>,
}

impl Arguments {
    #[inline]
    pub(super) fn new(count: usize) -> Arguments {
        Arguments {
            few: [const { MaybeUninit::uninit() }; INLINE],
            many: if count > INLINE { vec![0; count] } else { Vec::new() },
            room: [const { MaybeUninit::uninit() }; ROOM],
            used: 0,
            blocks: Vec::new(),
            callbacks: Vec::new(),
        }
    }

    #[inline]
    pub(super) fn set(&mut self, index: usize, word: u64) {
        match self.many.is_empty() {
            true => self.few[index] = MaybeUninit::new(word),
            false => self.many[index] = word,
        }
    }

    /// Where the words are.
    #[inline]
    pub(super) fn as_ptr(&self) -> *const u64 {
        if self.many.is_empty() { self.few.as_ptr().cast() } else { self.many.as_ptr() }
    }

    /// Memory for so many bytes that stays until the call is over. The arguments must not be moved any more.
    fn memory(&mut self, bytes: usize) -> Result<*mut u8, OutOfMemory> {
        let words = bytes.div_ceil(8);
        if let Some(room) = self.room.get_mut(self.used..self.used + words) {
            self.used += words;
            return Ok(room.as_mut_ptr().cast());
        }
        let mut block = Vec::<u64>::new();
        block.try_reserve_exact(words).map_err(|_| OutOfMemory)?;
        let address = block.as_mut_ptr().cast();
        self.blocks.push(block);
        Ok(address)
    }

    /// The address of a copy with a NUL behind it; 0 for no string.
    ///
    /// # Safety
    /// `string` is a live string, or 0.
    pub(super) unsafe fn text(&mut self, string: u64) -> Result<u64, BadText> {
        if string == 0 {
            return Ok(0);
        }
        // SAFETY: as promised by the caller; there is room for the bytes and one more.
        unsafe {
            let text = str_bytes(string);
            if let Some(at) = memchr::memchr(0, text) {
                return Err(BadText::InnerNul { at });
            }
            let copy = self.memory(text.len() + 1).map_err(|OutOfMemory| BadText::NoMemory)?;
            copy.copy_from_nonoverlapping(text.as_ptr(), text.len());
            copy.add(text.len()).write(0);
            Ok(copy as u64)
        }
    }

    /// The address of a copy of a struct's bytes, as many words as they take.
    ///
    /// # Safety
    /// `object` is a live object that holds the array of its bytes.
    pub(super) unsafe fn copy_struct(&mut self, object: u64, bytes: u32) -> Result<u64, OutOfMemory> {
        let bytes = bytes as usize;
        let copy = self.memory(bytes)?;
        // SAFETY: the array has `len` bytes, and the copy room for `bytes` in whole words, all of which go into registers.
        unsafe {
            copy.write_bytes(0, bytes.next_multiple_of(8));
            let array = struct_bytes(object);
            copy.copy_from_nonoverlapping((*array).data, bytes.min((*array).len));
        }
        Ok(copy as u64)
    }
}

/// Why a text cannot go to C.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum BadText {
    /// C would see its beginning only.
    InnerNul {
        /// The byte that is NUL.
        at: usize,
    },
    /// There is no memory for a copy.
    NoMemory,
}

/// The array that an extern struct's object holds.
///
/// # Safety
/// `object` is such a live object.
pub(super) unsafe fn struct_bytes(object: u64) -> *const Array {
    // SAFETY: the verifier saw that such objects have one field, an array.
    unsafe { *((object as *const u8).add(FIELDS_AT).cast::<u64>()) as *const Array }
}

/// An int as a narrower type of C.
#[inline]
pub(super) fn narrow(word: u64, to: CScalar) -> Result<u64, String> {
    let (least, greatest) = to.range();
    if (least..=greatest).contains(&(word as i64)) { Ok(word) } else { Err(unfit(word, to)) }
}

#[cold]
pub(super) fn unfit(word: u64, to: CScalar) -> String {
    format!("{} does not fit `{}`", word as i64, to.word())
}

/// A trap that names the function.
#[cold]
pub(super) fn failure(kind: TrapKind, message: String) -> Box<Failure> {
    Box::new(Failure::Trap { kind, message })
}

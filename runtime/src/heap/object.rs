//! The shapes of objects: header, strings, arrays and their stores.
//!
//! ```text
//! header   { type id: u32, info: 26 bits, flags: 6 bits }   info: a variant's tag, a closure's function, a string's hash
//! object   { header, fields … }
//! array    { header, len: u64, data: *u8 }          data = address of a store + 16
//! store    { header, capacity: u64, elements … }    header's type is the array's; belongs to one array
//! string   { header, len: u64, data: *u8, bytes … } data = own address + 24
//! slice    { header, len: u64, data: *u8, owner }   a string whose bytes belong to another one
//! ```

use std::cmp::Ordering;

use lang_bytecode::TypeId;

/// Bytes of a header.
pub const HEADER_SIZE: usize = 8;
/// Where an object's fields begin.
pub const FIELDS_AT: usize = HEADER_SIZE;
/// Offset of an array's or string's length.
pub const ARRAY_LEN: usize = 8;
/// Offset of an array's or string's pointer to its contents.
pub const ARRAY_DATA: usize = 16;
/// Bytes of an array without its store.
pub const ARRAY_SIZE: usize = 24;
/// Where an array's capacity is, relative to its contents.
pub const STORE_CAPACITY: isize = -8;
/// Bytes of a store before its elements.
pub(super) const STORE_HEAD: usize = 16;
/// Bytes of a string before the bytes of its text, and the offset of a slice's owner.
pub(super) const STR_HEAD: usize = 24;
/// Bytes of a slice.
pub(super) const SLICE_SIZE: usize = 32;

/// The first word of every object.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(transparent)]
pub struct Header(pub u64);

impl Header {
    /// How many bits `info` has.
    pub const INFO_BITS: u32 = 26;
    const INFO_MASK: u64 = (1 << Self::INFO_BITS) - 1;
    /// Lives as long as the heap, and refers to nothing.
    pub(super) const IMMORTAL: u64 = 1 << 58;
    /// A string whose bytes belong to another string.
    pub(super) const SLICE: u64 = 1 << 59;
    /// An old object that the collector has to hear of when a reference is stored into it.
    pub(super) const BARRIER: u64 = 1 << 60;
    /// An old object that the marking with this parity has reached.
    pub(super) const PARITY: u64 = 1 << 61;
    /// Never moves: large or immortal.
    pub(super) const FIXED: u64 = 1 << 62;
    /// Was copied; the other bits are the new address.
    pub(super) const FORWARDED: u64 = 1 << 63;

    /// Where the byte with the flag lies that makes stores call [`Heap::remember`](super::Heap::remember).
    pub(crate) const BARRIER_AT: usize = 7;
    /// The flag within that byte.
    pub(crate) const BARRIER_BIT: u8 = (Self::BARRIER >> 56) as u8;

    /// The header of objects of a type.
    pub fn new(id: TypeId, info: u32) -> Header {
        Header(u64::from(id.0) | (u64::from(info) & Self::INFO_MASK) << 32)
    }

    /// The type.
    #[inline]
    pub fn type_id(self) -> TypeId {
        TypeId(self.0 as u32)
    }

    /// A variant's tag, a closure's function, a string's hash or 0.
    #[inline]
    pub fn info(self) -> u32 {
        (self.0 >> 32 & Self::INFO_MASK) as u32
    }

    #[inline]
    pub(super) fn has(self, flag: u64) -> bool {
        self.0 & flag != 0
    }

    #[inline]
    pub(super) fn with(self, flag: u64) -> Header {
        Header(self.0 | flag)
    }

    #[inline]
    pub(super) fn without(self, flag: u64) -> Header {
        Header(self.0 & !flag)
    }
}

/// An array.
#[derive(Debug)]
#[repr(C)]
pub struct Array {
    /// Type and flags.
    pub header: Header,
    /// How many elements there are.
    pub len: usize,
    /// The first element.
    pub data: *mut u8,
}

/// A string, with its own bytes or as a slice.
#[derive(Debug)]
#[repr(C)]
pub struct Str {
    /// Type and flags.
    pub header: Header,
    /// Bytes of text.
    pub len: usize,
    /// The first byte.
    pub data: *mut u8,
}

/// A header and a capacity of 0, in front of the elements that an empty array does not have.
#[repr(C, align(16))]
struct EmptyStore([u64; 2], [u64; 2]);

static EMPTY_STORE: EmptyStore = EmptyStore([Header::FIXED | Header::IMMORTAL, 0], [0, 0]);

/// The contents of arrays without room for elements.
#[inline]
pub(super) fn empty_data() -> *mut u8 {
    EMPTY_STORE.1.as_ptr().cast::<u8>().cast_mut()
}

/// Whether the collector has to hear of a reference that is stored into an object.
///
/// # Safety
/// `object` is the address of a live object.
#[inline(always)]
pub(crate) unsafe fn has_barrier(object: u64) -> bool {
    // SAFETY: every object begins with its header.
    unsafe { *(object as *const u8).add(Header::BARRIER_AT) & Header::BARRIER_BIT != 0 }
}

/// The type of an object.
///
/// # Safety
/// `object` is the address of a live object.
#[inline]
pub unsafe fn type_of(object: u64) -> TypeId {
    // SAFETY: every object begins with its header.
    unsafe { (*(object as *const Header)).type_id() }
}

/// The number of a variant's object in its enum.
///
/// # Safety
/// `object` is the address of a live object of a variant type.
#[inline]
pub unsafe fn variant_tag(object: u64) -> u32 {
    // SAFETY: every object begins with its header.
    unsafe { (*(object as *const Header)).info() }
}

/// The bytes of a string.
///
/// # Safety
/// `string` is the address of a live string, and nothing is allocated while the result is used.
#[inline]
pub unsafe fn str_bytes<'a>(string: u64) -> &'a [u8] {
    let string = string as *const Str;
    // SAFETY: a string's data points to len bytes that live as long as it does.
    unsafe { std::slice::from_raw_parts((*string).data, (*string).len) }
}

/// Whether two texts are the same. Texts that are compared are short more often than not, and a call of the library would take longer.
#[inline]
pub(super) fn same_text(a: &[u8], b: &[u8]) -> bool {
    // Two parts that may overlap cover every length between one and two of them.
    macro_rules! by_parts {
        ($bytes:literal) => {
            a.first_chunk::<$bytes>() == b.first_chunk() && a.last_chunk::<$bytes>() == b.last_chunk()
        };
    }
    a.len() == b.len()
        && match a.len() {
            0..=3 => a.iter().eq(b),
            4..=7 => by_parts!(4),
            8..=16 => by_parts!(8),
            _ => a == b,
        }
}

/// Whether two strings are the same text.
///
/// # Safety
/// Both are addresses of live strings.
#[inline]
pub unsafe fn str_equal(lhs: u64, rhs: u64) -> bool {
    // SAFETY: as promised by the caller; nothing is allocated here.
    lhs == rhs || unsafe { same_text(str_bytes(lhs), str_bytes(rhs)) }
}

/// The order of two strings by their bytes.
///
/// # Safety
/// Both are addresses of live strings.
#[inline]
pub unsafe fn str_compare(lhs: u64, rhs: u64) -> Ordering {
    // SAFETY: as promised by the caller; nothing is allocated here.
    unsafe { str_bytes(lhs).cmp(str_bytes(rhs)) }
}

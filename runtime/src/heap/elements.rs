//! An array's elements as slices, whatever their storage, and the operations that move elements about.

use lang_bytecode::{Storage, TypeId, Width};

use super::Heap;
use super::allocate::OutOfMemory;
use super::arrays::fill;
use super::object::{Array, same_text, str_bytes, str_compare, str_equal};
use super::remember::Change;
use super::roots::{Elem, Root};
use super::scope::{AnyArray, Scope};
use super::storage::{read, size_of, write};
use super::trace::is_reference;

macro_rules! define_elements {
    ($($variant:ident $ty:ty, $pattern:pat,)*) => {
        /// The elements of an array, by how they are stored.
        #[derive(Debug)]
        #[expect(missing_docs, reason = "each is named for its storage")]
        pub enum Elements<'h> {
            $($variant(&'h [$ty]),)*
            /// References to strings.
            Strings(References<'h>),
            /// References to anything else, or null.
            References(References<'h>),
        }

        /// The elements of an array, to change places.
        #[derive(Debug)]
        enum ElementsMut<'h> {
            $($variant(&'h mut [$ty]),)*
            /// References to strings.
            Strings(ReferencesMut<'h>),
            /// References to anything else, or null.
            References(ReferencesMut<'h>),
        }

        impl Heap {
            /// The elements of an array.
            #[inline]
            pub fn elements(&self, array: Root<'_, AnyArray>) -> Elements<'_> {
                let (storage, data, len) = self.parts(array);
                // SAFETY: the elements lie as the storage says, `len` of them, and the borrow keeps the heap from allocating.
                unsafe {
                    match storage {
                        $($pattern => Elements::$variant(std::slice::from_raw_parts(data.cast(), len)),)*
                        Storage::Ref(TypeId::STR) => Elements::Strings(References(std::slice::from_raw_parts(data.cast(), len))),
                        Storage::Ref(_) | Storage::RefNull(_) => {
                            Elements::References(References(std::slice::from_raw_parts(data.cast(), len)))
                        }
                    }
                }
            }
        }

        impl Scope<'_> {
            /// The elements of an array, to change places; the collector hears of that afterwards.
            fn elements_mut(&mut self, array: Root<'_, AnyArray>) -> ElementsMut<'_> {
                let (storage, data, len) = self.parts(array);
                // SAFETY: the elements lie as the storage says, `len` of them, and the borrow keeps others from the heap.
                unsafe {
                    match storage {
                        $($pattern => ElementsMut::$variant(std::slice::from_raw_parts_mut(data.cast(), len)),)*
                        Storage::Ref(TypeId::STR) => {
                            ElementsMut::Strings(ReferencesMut(std::slice::from_raw_parts_mut(data.cast(), len)))
                        }
                        Storage::Ref(_) | Storage::RefNull(_) => {
                            ElementsMut::References(ReferencesMut(std::slice::from_raw_parts_mut(data.cast(), len)))
                        }
                    }
                }
            }
        }
    };
}

define_elements! {
    I8 i8, Storage::Narrow(Width::I8),
    I16 i16, Storage::Narrow(Width::I16),
    I32 i32, Storage::Narrow(Width::I32),
    U8 u8, Storage::Narrow(Width::U8),
    U16 u16, Storage::Narrow(Width::U16),
    U32 u32, Storage::Narrow(Width::U32),
    I64 i64, Storage::I64,
    F32 f32, Storage::F32,
    F64 f64, Storage::F64,
}

/// References as elements; comparing is all that can be done with them.
#[derive(Clone, Copy, Debug)]
pub struct References<'h>(&'h [u64]);

/// References as elements, which may change places.
#[derive(Debug)]
struct ReferencesMut<'h>(&'h mut [u64]);

impl References<'_> {
    /// How many there are.
    #[inline]
    pub fn len(self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// Whether the element at an index is this text. Only for arrays of strings.
    #[inline(always)]
    fn is_text(self, index: usize, text: &[u8]) -> bool {
        // SAFETY: the caller holds this from an array of strings, whose elements are live.
        self.0.get(index).is_some_and(|word| same_text(unsafe { str_bytes(*word) }, text))
    }

    /// Whether the same strings stand at the same places. Only for arrays of strings.
    fn equal_texts(self, other: References<'_>) -> bool {
        // SAFETY: the caller holds both from arrays of strings, whose elements are live.
        self.0.len() == other.0.len() && self.0.iter().zip(other.0).all(|(a, b)| unsafe { str_equal(*a, *b) })
    }
}

impl Elements<'_> {
    /// Whether numbers and strings are equal one by one, and other elements the same objects.
    pub fn equal(&self, other: &Elements<'_>) -> bool {
        match (self, other) {
            (Elements::I8(a), Elements::I8(b)) => a == b,
            (Elements::I16(a), Elements::I16(b)) => a == b,
            (Elements::I32(a), Elements::I32(b)) => a == b,
            (Elements::U8(a), Elements::U8(b)) => a == b,
            (Elements::U16(a), Elements::U16(b)) => a == b,
            (Elements::U32(a), Elements::U32(b)) => a == b,
            (Elements::I64(a), Elements::I64(b)) => a == b,
            (Elements::F32(a), Elements::F32(b)) => a == b,
            (Elements::F64(a), Elements::F64(b)) => a == b,
            (Elements::Strings(a), Elements::Strings(b)) => a.equal_texts(*b),
            (Elements::References(a), Elements::References(b)) => a.0 == b.0,
            _ => false,
        }
    }

    /// Where a value first occurs at or after an index: numbers and strings by value, other elements as the same object.
    pub fn position(&self, wanted: Elem<'_>, from: usize) -> Option<usize> {
        let word = wanted.word();
        let int = word as i64;
        let float = f64::from_bits(word);
        macro_rules! first {
            ($slice:expr, $test:expr) => {{ $slice.get(from..)?.iter().position($test).map(|at| at + from) }};
        }
        match self {
            Elements::I8(xs) => first!(xs, |x| i64::from(*x) == int),
            Elements::I16(xs) => first!(xs, |x| i64::from(*x) == int),
            Elements::I32(xs) => first!(xs, |x| i64::from(*x) == int),
            Elements::U8(xs) => first!(xs, |x| i64::from(*x) == int),
            Elements::U16(xs) => first!(xs, |x| i64::from(*x) == int),
            Elements::U32(xs) => first!(xs, |x| i64::from(*x) == int),
            Elements::I64(xs) => first!(xs, |x| *x == int),
            Elements::F32(xs) => first!(xs, |x| f64::from(*x) == float),
            Elements::F64(xs) => first!(xs, |x| *x == float),
            // SAFETY: the elements and the value are strings by the array's type.
            Elements::Strings(xs) => first!(xs.0, |x| unsafe { str_equal(*x, word) }),
            Elements::References(xs) => first!(xs.0, |x| *x == word),
        }
    }
}

/// An element as a key: what equality of keys and their hashes go by.
#[derive(Clone, Copy, Debug)]
pub enum Key<'h> {
    /// A number.
    Int(i64),
    /// A float: NaN equals itself.
    Float(f64),
    /// A string.
    Text(&'h [u8]),
    /// An object, which only itself equals.
    Object(u64),
}

impl PartialEq for Key<'_> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Key::Int(a), Key::Int(b)) => a == b,
            (Key::Float(a), Key::Float(b)) => a == b || a.is_nan() && b.is_nan(),
            (Key::Text(a), Key::Text(b)) => same_text(a, b),
            (Key::Object(a), Key::Object(b)) => a == b,
            _ => false,
        }
    }
}

impl Elements<'_> {
    /// An element as a key.
    #[inline]
    pub fn key(&self, index: usize) -> Option<Key<'_>> {
        Some(match self {
            Elements::I8(xs) => Key::Int(i64::from(*xs.get(index)?)),
            Elements::I16(xs) => Key::Int(i64::from(*xs.get(index)?)),
            Elements::I32(xs) => Key::Int(i64::from(*xs.get(index)?)),
            Elements::U8(xs) => Key::Int(i64::from(*xs.get(index)?)),
            Elements::U16(xs) => Key::Int(i64::from(*xs.get(index)?)),
            Elements::U32(xs) => Key::Int(i64::from(*xs.get(index)?)),
            Elements::I64(xs) => Key::Int(*xs.get(index)?),
            Elements::F32(xs) => Key::Float(f64::from(*xs.get(index)?)),
            Elements::F64(xs) => Key::Float(*xs.get(index)?),
            // SAFETY: the elements are strings, and the borrow keeps the heap from allocating.
            Elements::Strings(xs) => Key::Text(unsafe { str_bytes(*xs.0.get(index)?) }),
            Elements::References(xs) => Key::Object(*xs.0.get(index)?),
        })
    }

    /// Whether the element at an index is this key.
    #[inline(always)]
    pub fn is_key(&self, index: usize, key: Key<'_>) -> bool {
        match (self, key) {
            (Elements::I64(xs), Key::Int(int)) => xs.get(index) == Some(&int),
            (Elements::Strings(xs), Key::Text(text)) => xs.is_text(index, text),
            _ => self.key(index) == Some(key),
        }
    }

    /// A value of the element type as a key.
    #[inline]
    pub fn key_of(&self, value: Elem<'_>) -> Key<'_> {
        match self {
            Elements::F32(_) | Elements::F64(_) => Key::Float(f64::from_bits(value.word())),
            // SAFETY: the value is a string, as the elements are, and the borrow keeps the heap from allocating.
            Elements::Strings(_) => Key::Text(unsafe { str_bytes(value.word()) }),
            Elements::References(_) => Key::Object(value.word()),
            _ => Key::Int(value.word() as i64),
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        match self {
            Elements::I8(xs) => xs.len(),
            Elements::I16(xs) => xs.len(),
            Elements::I32(xs) => xs.len(),
            Elements::U8(xs) => xs.len(),
            Elements::U16(xs) => xs.len(),
            Elements::U32(xs) => xs.len(),
            Elements::I64(xs) => xs.len(),
            Elements::F32(xs) => xs.len(),
            Elements::F64(xs) => xs.len(),
            Elements::Strings(xs) | Elements::References(xs) => xs.0.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl ReferencesMut<'_> {
    fn reverse(&mut self) {
        self.0.reverse();
    }

    /// Sorts strings by their bytes.
    fn sort_texts(&mut self) {
        // SAFETY: the caller has this from an array of strings, whose elements are live.
        self.0.sort_unstable_by(|a, b| unsafe { str_compare(*a, *b) });
    }
}

impl ElementsMut<'_> {
    /// Equal ints and equal strings cannot be told apart, so that only floats need a stable method.
    fn sort(&mut self) {
        match self {
            ElementsMut::I8(xs) => xs.sort_unstable(),
            ElementsMut::I16(xs) => xs.sort_unstable(),
            ElementsMut::I32(xs) => xs.sort_unstable(),
            ElementsMut::U8(xs) => xs.sort_unstable(),
            ElementsMut::U16(xs) => xs.sort_unstable(),
            ElementsMut::U32(xs) => xs.sort_unstable(),
            ElementsMut::I64(xs) => xs.sort_unstable(),
            ElementsMut::F32(xs) => xs.sort_by(|a, b| compare_floats(f64::from(*a), f64::from(*b))),
            ElementsMut::F64(xs) => xs.sort_by(|a, b| compare_floats(*a, *b)),
            ElementsMut::Strings(xs) => xs.sort_texts(),
            ElementsMut::References(_) => {}
        }
    }

    fn compact(&mut self, stays: impl Fn(usize) -> bool) -> usize {
        match self {
            ElementsMut::I8(xs) => compact(xs, stays),
            ElementsMut::I16(xs) => compact(xs, stays),
            ElementsMut::I32(xs) => compact(xs, stays),
            ElementsMut::U8(xs) => compact(xs, stays),
            ElementsMut::U16(xs) => compact(xs, stays),
            ElementsMut::U32(xs) => compact(xs, stays),
            ElementsMut::I64(xs) => compact(xs, stays),
            ElementsMut::F32(xs) => compact(xs, stays),
            ElementsMut::F64(xs) => compact(xs, stays),
            ElementsMut::Strings(xs) | ElementsMut::References(xs) => compact(xs.0, stays),
        }
    }

    /// Puts at each index the element whose index `order` has there. All of them exist.
    fn permute(&mut self, order: &[u32]) {
        match self {
            ElementsMut::I8(xs) => permute(xs, order),
            ElementsMut::I16(xs) => permute(xs, order),
            ElementsMut::I32(xs) => permute(xs, order),
            ElementsMut::U8(xs) => permute(xs, order),
            ElementsMut::U16(xs) => permute(xs, order),
            ElementsMut::U32(xs) => permute(xs, order),
            ElementsMut::I64(xs) => permute(xs, order),
            ElementsMut::F32(xs) => permute(xs, order),
            ElementsMut::F64(xs) => permute(xs, order),
            ElementsMut::Strings(xs) | ElementsMut::References(xs) => permute(xs.0, order),
        }
    }

    fn reverse(&mut self) {
        match self {
            ElementsMut::I8(xs) => xs.reverse(),
            ElementsMut::I16(xs) => xs.reverse(),
            ElementsMut::I32(xs) => xs.reverse(),
            ElementsMut::U8(xs) => xs.reverse(),
            ElementsMut::U16(xs) => xs.reverse(),
            ElementsMut::U32(xs) => xs.reverse(),
            ElementsMut::I64(xs) => xs.reverse(),
            ElementsMut::F32(xs) => xs.reverse(),
            ElementsMut::F64(xs) => xs.reverse(),
            ElementsMut::Strings(xs) | ElementsMut::References(xs) => xs.reverse(),
        }
    }
}

fn permute<T: Copy>(xs: &mut [T], order: &[u32]) {
    let permuted: Vec<T> = order.iter().map(|at| xs[*at as usize]).collect();
    xs.copy_from_slice(&permuted);
}

fn compact<T: Copy>(xs: &mut [T], stays: impl Fn(usize) -> bool) -> usize {
    let mut kept = 0;
    for index in 0..xs.len() {
        xs[kept] = xs[index];
        kept += usize::from(stays(index));
    }
    kept
}

/// The total order of floats: NaN above all, -0.0 equal to 0.0.
pub(crate) fn compare_floats(a: f64, b: f64) -> std::cmp::Ordering {
    a.partial_cmp(&b).unwrap_or_else(|| a.is_nan().cmp(&b.is_nan()))
}

impl Heap {
    /// How an array's elements lie, where, and how many there are.
    #[inline]
    fn parts(&self, array: Root<'_, AnyArray>) -> (Storage, *mut u8, usize) {
        let array: &Array = array.array();
        (self.layouts().element(array.header.type_id()), array.data, array.len)
    }
}

impl Scope<'_> {
    /// Appends the elements of `from`, which has the same element type and may be the same array.
    pub fn extend(&mut self, array: Root<'_, AnyArray>, from: Root<'_, AnyArray>) -> Result<(), OutOfMemory> {
        let more = self.len(from);
        self.reserve(array, more)?;
        let len = self.len(array);
        self.set_len(array, len + more);
        self.copy_elements(array, len, from, 0, more);
        Ok(())
    }

    /// Copies elements between arrays of one element type, or within one.
    pub fn copy_elements(
        &mut self,
        to: Root<'_, AnyArray>,
        at: usize,
        from: Root<'_, AnyArray>,
        start: usize,
        count: usize,
    ) {
        let (storage, target, target_len) = self.parts(to);
        let (from_storage, source, source_len) = self.parts(from);
        assert!(
            storage == from_storage && fits(at, count, target_len) && fits(start, count, source_len),
            "the parts lie within the arrays"
        );
        let size = size_of(storage);
        // SAFETY: both parts lie within their arrays, as was checked.
        unsafe { std::ptr::copy(source.add(start * size), target.add(at * size), count * size) };
        let change = match start.checked_sub(at) {
            _ if to.address() != from.address() => Change::Stored,
            None => Change::Up,
            Some(by) => Change::Down(by),
        };
        self.stored_into(to, at, count, change);
    }

    /// Inserts a value before an index, which is at most the length.
    pub fn insert(
        &mut self,
        array: Root<'_, AnyArray>,
        index: usize,
        value: Elem<'_>,
    ) -> Result<(), OutOfMemory> {
        self.reserve(array, 1)?;
        let len = self.len(array);
        self.set_len(array, len + 1);
        self.copy_elements(array, index + 1, array, index, len - index);
        self.write_element(array, index, value.word());
        Ok(())
    }

    /// Takes an element out and gives it, as a register holds it.
    pub fn remove(&mut self, array: Root<'_, AnyArray>, index: usize) -> u64 {
        let (storage, data, len) = self.parts(array);
        assert!(index < len, "the index lies within the array");
        // SAFETY: the index was checked.
        let value = unsafe { read(storage, data.add(index * size_of(storage))) };
        self.copy_elements(array, index, array, index + 1, len - index - 1);
        self.set_len(array, len - 1);
        value
    }

    /// Drops the elements from `len` on.
    pub fn truncate(&mut self, array: Root<'_, AnyArray>, len: usize) {
        if len < self.len(array) {
            self.set_len(array, len);
        }
    }

    /// Appends a value so many times.
    pub fn append_filled(
        &mut self,
        array: Root<'_, AnyArray>,
        count: usize,
        value: Elem<'_>,
    ) -> Result<(), OutOfMemory> {
        self.reserve(array, count)?;
        let (storage, data, len) = self.parts(array);
        // SAFETY: there is room for so many elements more, and the value is of their type.
        unsafe { fill(storage, data.add(len * size_of(storage)), count, value.word()) };
        self.set_len(array, len + count);
        self.filled(array, len, count);
        Ok(())
    }

    /// Sets every element to a value.
    pub fn fill(&mut self, array: Root<'_, AnyArray>, value: Elem<'_>) {
        let (storage, data, len) = self.parts(array);
        // SAFETY: there are so many elements, and the value is of their type.
        unsafe { fill(storage, data, len, value.word()) };
        self.filled(array, 0, len);
    }

    fn write_element(&mut self, array: Root<'_, AnyArray>, index: usize, value: u64) {
        let (storage, data, len) = self.parts(array);
        assert!(index < len, "the index lies within the array");
        // SAFETY: the index was checked, and the value is of the element type.
        unsafe { write(storage, data.add(index * size_of(storage)), value) };
        self.stored_into(array, index, 1, Change::Stored);
    }

    /// Sorts numbers and strings; leaves others as they are.
    pub fn sort(&mut self, array: Root<'_, AnyArray>) {
        self.elements_mut(array).sort();
        self.stored_into(array, 0, self.len(array), Change::Stored);
    }

    /// Puts at each index the element whose index `order` has there. All of them exist.
    pub fn permute(&mut self, array: Root<'_, AnyArray>, order: &[u32]) {
        self.elements_mut(array).permute(order);
        self.stored_into(array, 0, self.len(array), Change::Stored);
    }

    /// Turns the order of the elements around.
    pub fn reverse(&mut self, array: Root<'_, AnyArray>) {
        self.elements_mut(array).reverse();
        self.stored_into(array, 0, self.len(array), Change::Stored);
    }

    /// Drops all elements but those that are to stay, by their indices.
    pub fn retain(&mut self, array: Root<'_, AnyArray>, stays: impl Fn(usize) -> bool) {
        let len = self.len(array);
        let kept = self.elements_mut(array).compact(stays);
        self.set_len(array, kept);
        self.stored_into(array, 0, kept, Change::Down(len - kept));
    }

    /// Tells the collector where references may have been stored into an array, and how.
    #[inline]
    fn stored_into(&mut self, array: Root<'_, AnyArray>, index: usize, count: usize, change: Change) {
        if is_reference(self.parts(array).0) {
            // SAFETY: the root holds a live array, whose elements are references.
            unsafe { self.heap_mut().stored(array.address(), index, count, change) };
        }
    }

    /// Tells the collector where the same reference was stored into an array.
    fn filled(&mut self, array: Root<'_, AnyArray>, index: usize, count: usize) {
        if is_reference(self.parts(array).0) {
            // SAFETY: the root holds a live array, whose elements are references.
            unsafe { self.heap_mut().filled(array.address(), index, count) };
        }
    }

    /// Sets the length; what becomes part of the array is written before anyone reads it.
    fn set_len(&mut self, array: Root<'_, AnyArray>, len: usize) {
        let array = array.address() as *mut Array;
        // SAFETY: the root holds a live array; callers have made room for the length.
        unsafe { (*array).len = len };
    }
}

/// Whether `count` elements from `start` on lie within `len`.
fn fits(start: usize, count: usize, len: usize) -> bool {
    start.checked_add(count).is_some_and(|end| end <= len)
}

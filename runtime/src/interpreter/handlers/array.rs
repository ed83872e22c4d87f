//! Arrays and the bytes of strings.

use super::cold;
use super::compare::IntTest;
use super::float::FloatOp;
use crate::heap::{Array, STORE_CAPACITY, Str, has_barrier};
use crate::interpreter::abi::State;
use crate::interpreter::operand::{Dst, Edge, Src};
use crate::interpreter::stored::Stored;

/// The place of an element; none where the index is out of bounds.
#[inline(always)]
unsafe fn element(array: *const Array, index: i64, size: usize) -> Option<*mut u8> {
    // SAFETY: `array` is a live array, by its register's type.
    unsafe {
        if (index as u64) < (*array).len as u64 {
            Some((*array).data.add(index as usize * size))
        } else {
            None
        }
    }
}

/// Ends with a trap about an index and a length.
#[inline(always)]
unsafe fn out_of_bounds(s: State, array: *const Array, index: i64) -> u32 {
    // SAFETY: as above.
    unsafe { s.trap(index as u64, (*array).len as u64) }
}

/// Exchanges two values, which may be one.
#[inline(always)]
unsafe fn exchange<T: Copy>(first: *mut T, second: *mut T) {
    // SAFETY: both are places of elements of this type.
    unsafe {
        let (one, other) = (*first, *second);
        *first = other;
        *second = one;
    }
}

handlers! {
    /// a = b[c]
    fn array_get<S: Stored, D: Dst, A: Src, I: Src>(s) {
        let (array, index) = (A::int(s, s.b()) as *const Array, I::int(s, s.c()));
        let Some(place) = element(array, index, S::SIZE) else {
            return out_of_bounds(s, array, index);
        };
        s = S::load::<D>(s, s.a(), place);
        s.next(1)
    }

    /// a[b] = c
    fn array_set<S: Stored, I: Src, V: Src>(s) {
        let (array, index) = (s.word(s.a()) as *const Array, I::int(s, s.b()));
        let Some(place) = element(array, index, S::SIZE) else {
            return out_of_bounds(s, array, index);
        };
        S::store::<V>(s, s.c(), place);
        if S::REFERENCE && has_barrier(array as u64) {
            (*s.vm).written = place;
            return s.go(cold::remember_element);
        }
        s.next(1)
    }

    /// to c:x where a[b] test 0
    fn element_jump<S: Stored, T: IntTest, I: Src, E: Edge>(s) {
        let (array, index) = (s.word(s.a()) as *const Array, I::int(s, s.b()));
        let Some(place) = element(array, index, S::SIZE) else {
            return out_of_bounds(s, array, index);
        };
        if T::holds(i64::from(!S::is_zero(place)), 0) {
            return E::take(s);
        }
        s.next(1)
    }

    /// a = x op b[c], on floats
    fn element_right<O: FloatOp, D: Dst, I: Src, X: Src>(s) {
        let (array, index) = (s.word(s.b()) as *const Array, I::int(s, s.c()));
        let Some(place) = element(array, index, 8) else {
            return out_of_bounds(s, array, index);
        };
        let value = O::apply(X::float(s, s.x()), *place.cast::<f64>());
        s = D::float(s, s.a(), value);
        s.next(1)
    }

    /// a = b[c] op x, on floats
    fn element_left<O: FloatOp, D: Dst, I: Src, X: Src>(s) {
        let (array, index) = (s.word(s.b()) as *const Array, I::int(s, s.c()));
        let Some(place) = element(array, index, 8) else {
            return out_of_bounds(s, array, index);
        };
        let value = O::apply(*place.cast::<f64>(), X::float(s, s.x()));
        s = D::float(s, s.a(), value);
        s.next(1)
    }

    /// a = y + x * b[c], where y is a itself or the accumulator; rounded twice
    fn element_multiply_add<D: Dst, I: Src, X: Src, Y: Src>(s) {
        let (array, index) = (s.word(s.b()) as *const Array, I::int(s, s.c()));
        let Some(place) = element(array, index, 8) else {
            return out_of_bounds(s, array, index);
        };
        let value = Y::float(s, s.a()) + X::float(s, s.x()) * *place.cast::<f64>();
        s = D::float(s, s.a(), value);
        s.next(1)
    }

    /// a = the element x of the array in the field of b at c
    fn field_array_get<S: Stored, D: Dst, I: Src>(s) {
        let object = s.word(s.b()) as *const u8;
        let (array, index) = (*object.add(s.c() as usize).cast::<*const Array>(), I::int(s, s.x()));
        let Some(place) = element(array, index, S::SIZE) else {
            return s.trap_second(index as u64, (*array).len as u64);
        };
        s = S::load::<D>(s, s.a(), place);
        s.next(1)
    }

    /// a[b] = c[x]
    fn element_copy<S: Stored, I: Src, J: Src>(s) {
        let (array, index) = (s.word(s.c()) as *const Array, J::int(s, s.x()));
        let Some(from) = element(array, index, S::SIZE) else {
            return out_of_bounds(s, array, index);
        };
        let (array, index) = (s.word(s.a()) as *const Array, I::int(s, s.b()));
        let Some(to) = element(array, index, S::SIZE) else {
            return s.trap_second(index as u64, (*array).len as u64);
        };
        match S::SIZE {
            1 => *to = *from,
            2 => *to.cast::<u16>() = *from.cast::<u16>(),
            4 => *to.cast::<u32>() = *from.cast::<u32>(),
            _ => *to.cast::<u64>() = *from.cast::<u64>(),
        }
        if S::REFERENCE && has_barrier(array as u64) {
            (*s.vm).written = to;
            return s.go(cold::remember_element);
        }
        s.next(1)
    }

    /// a = b[c][x]
    fn array_array_get<S: Stored, D: Dst, I: Src>(s) {
        let (outer, index) = (s.word(s.b()) as *const Array, I::int(s, s.c()));
        let Some(place) = element(outer, index, 8) else {
            return out_of_bounds(s, outer, index);
        };
        let (array, index) = (*place.cast::<*const Array>(), s.int(s.x()));
        let Some(place) = element(array, index, S::SIZE) else {
            return s.trap_second(index as u64, (*array).len as u64);
        };
        s = S::load::<D>(s, s.a(), place);
        s.next(1)
    }

    /// a = how many elements b has
    fn array_len<D: Dst, A: Src>(s) {
        let len = (*(A::int(s, s.b()) as *const Array)).len as i64;
        s = D::int(s, s.a(), len);
        s.next(1)
    }

    /// appends b to a
    fn array_push<S: Stored>(s) {
        let array = s.word(s.a()) as *mut Array;
        let (len, data) = ((*array).len, (*array).data);
        if len >= *data.offset(STORE_CAPACITY).cast::<usize>() {
            return s.go(cold::push_slow);
        }
        let place = data.add(len * S::SIZE);
        S::store::<crate::interpreter::operand::Slot>(s, s.b(), place);
        (*array).len = len + 1;
        if S::REFERENCE && has_barrier(array as u64) {
            (*s.vm).written = place;
            return s.go(cold::remember_element);
        }
        s.next(1)
    }

    /// a = the last element of b, taken off
    fn array_pop<S: Stored, D: Dst>(s) {
        let array = s.word(s.b()) as *mut Array;
        let len = (*array).len;
        if len == 0 {
            return s.trap(0, 0);
        }
        (*array).len = len - 1;
        let place = (*array).data.add((len - 1) * S::SIZE);
        s = S::load::<D>(s, s.a(), place);
        s.next(1)
    }

    /// exchanges a[b] and a[c]
    fn array_swap<S: Stored>(s) {
        let (array, i, j) = (s.word(s.a()) as *const Array, s.int(s.b()), s.int(s.c()));
        let Some(first) = element(array, i, S::SIZE) else {
            return out_of_bounds(s, array, i);
        };
        let Some(second) = element(array, j, S::SIZE) else {
            return out_of_bounds(s, array, j);
        };
        match S::SIZE {
            1 => exchange(first, second),
            2 => exchange(first.cast::<u16>(), second.cast::<u16>()),
            4 => exchange(first.cast::<u32>(), second.cast::<u32>()),
            _ => exchange(first.cast::<u64>(), second.cast::<u64>()),
        }
        if S::REFERENCE && has_barrier(array as u64) {
            (*s.vm).written = first;
            return s.go(cold::remember_swap);
        }
        s.next(1)
    }

    /// a = the length of b in bytes
    fn str_len<D: Dst>(s) {
        let len = (*(s.word(s.b()) as *const Str)).len as i64;
        s = D::int(s, s.a(), len);
        s.next(1)
    }

    /// a = the byte of b at c
    fn str_byte<D: Dst, I: Src>(s) {
        let (string, index) = (s.word(s.b()) as *const Str, I::int(s, s.c()));
        let len = (*string).len as u64;
        if index as u64 >= len {
            return s.trap(index as u64, len);
        }
        let byte = *(*string).data.add(index as usize);
        s = D::int(s, s.a(), i64::from(byte));
        s.next(1)
    }
}

//! How values lie in fields and elements, as type parameters of handlers.

use super::abi::State;
use super::operand::{Dst, Src};

/// A storage type.
pub(super) trait Stored {
    /// Bytes that a value takes.
    const SIZE: usize;
    /// Whether values are references, about whose stores the collector has to hear.
    const REFERENCE: bool = false;
    /// Reads a value into a register.
    unsafe fn load<D: Dst>(s: State, slot: u16, place: *const u8) -> State;
    /// Writes an operand, cut to the width.
    unsafe fn store<V: Src>(s: State, operand: u16, place: *mut u8);
    /// Whether the value is zero; for storage of ints.
    unsafe fn is_zero(place: *const u8) -> bool;
}

macro_rules! ints {
    ($($name:ident $ty:ty;)*) => { $(
        pub(super) struct $name;
        impl Stored for $name {
            const SIZE: usize = size_of::<$ty>();
            #[inline(always)]
            unsafe fn load<D: Dst>(s: State, slot: u16, place: *const u8) -> State {
                // SAFETY: the place was checked to be inside the object, and is aligned for the type.
                unsafe {
                    let value = *place.cast::<$ty>() as i64;
                    D::int(s, slot, value)
                }
            }
            #[inline(always)]
            unsafe fn store<V: Src>(s: State, operand: u16, place: *mut u8) {
                // SAFETY: as above.
                unsafe { *place.cast::<$ty>() = V::int(s, operand) as $ty }
            }
            #[inline(always)]
            unsafe fn is_zero(place: *const u8) -> bool {
                // SAFETY: as above.
                unsafe { *place.cast::<$ty>() == 0 }
            }
        }
    )* };
}

macro_rules! floats {
    ($($name:ident $ty:ty;)*) => { $(
        pub(super) struct $name;
        impl Stored for $name {
            const SIZE: usize = size_of::<$ty>();
            #[inline(always)]
            unsafe fn load<D: Dst>(s: State, slot: u16, place: *const u8) -> State {
                // SAFETY: the place was checked to be inside the object, and is aligned for the type.
                unsafe {
                    let value = f64::from(*place.cast::<$ty>());
                    D::float(s, slot, value)
                }
            }
            #[inline(always)]
            unsafe fn store<V: Src>(s: State, operand: u16, place: *mut u8) {
                // SAFETY: as above.
                unsafe { *place.cast::<$ty>() = V::float(s, operand) as $ty }
            }
            #[inline(always)]
            unsafe fn is_zero(place: *const u8) -> bool {
                // SAFETY: as above.
                unsafe { *place.cast::<$ty>() == 0.0 }
            }
        }
    )* };
}

ints! {
    AsI8 i8;
    AsI16 i16;
    AsI32 i32;
    AsU8 u8;
    AsU16 u16;
    AsU32 u32;
    AsWord i64;
}

/// References, where they are stored.
pub(super) struct AsRef;

impl Stored for AsRef {
    const SIZE: usize = AsWord::SIZE;
    const REFERENCE: bool = true;
    #[inline(always)]
    unsafe fn load<D: Dst>(s: State, slot: u16, place: *const u8) -> State {
        // SAFETY: as above.
        unsafe { AsWord::load::<D>(s, slot, place) }
    }
    #[inline(always)]
    unsafe fn store<V: Src>(s: State, operand: u16, place: *mut u8) {
        // SAFETY: as above.
        unsafe { AsWord::store::<V>(s, operand, place) }
    }
    #[inline(always)]
    unsafe fn is_zero(place: *const u8) -> bool {
        // SAFETY: as above.
        unsafe { AsWord::is_zero(place) }
    }
}

floats! {
    AsF32 f32;
    AsF64 f64;
}

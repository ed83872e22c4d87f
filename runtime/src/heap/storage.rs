//! Values between registers and memory: every storage type is read and written here.

use lang_bytecode::{Storage, Width};

/// Bytes that a value takes in memory; also its alignment.
#[inline]
pub const fn size_of(storage: Storage) -> usize {
    match storage {
        Storage::Narrow(Width::I8 | Width::U8) => 1,
        Storage::Narrow(Width::I16 | Width::U16) => 2,
        Storage::Narrow(Width::I32 | Width::U32) | Storage::F32 => 4,
        Storage::I64 | Storage::F64 | Storage::Ref(_) | Storage::RefNull(_) => 8,
    }
}

/// Reads a value as a register holds it.
///
/// # Safety
/// `place` is aligned for the storage type and holds a value of it.
#[inline]
pub unsafe fn read(storage: Storage, place: *const u8) -> u64 {
    // SAFETY: as promised by the caller; the pointer's type is the storage's.
    unsafe {
        match storage {
            Storage::Narrow(Width::I8) => i64::from(*place.cast::<i8>()) as u64,
            Storage::Narrow(Width::I16) => i64::from(*place.cast::<i16>()) as u64,
            Storage::Narrow(Width::I32) => i64::from(*place.cast::<i32>()) as u64,
            Storage::Narrow(Width::U8) => u64::from(*place),
            Storage::Narrow(Width::U16) => u64::from(*place.cast::<u16>()),
            Storage::Narrow(Width::U32) => u64::from(*place.cast::<u32>()),
            Storage::F32 => f64::from(*place.cast::<f32>()).to_bits(),
            Storage::I64 | Storage::F64 | Storage::Ref(_) | Storage::RefNull(_) => *place.cast::<u64>(),
        }
    }
}

/// Writes a register's value, cut to the storage's width.
///
/// # Safety
/// `place` is aligned for the storage type and may be written.
#[inline]
pub unsafe fn write(storage: Storage, place: *mut u8, value: u64) {
    // SAFETY: as promised by the caller; the pointer's type is the storage's.
    unsafe {
        match storage {
            Storage::Narrow(Width::I8 | Width::U8) => *place = value as u8,
            Storage::Narrow(Width::I16 | Width::U16) => *place.cast::<u16>() = value as u16,
            Storage::Narrow(Width::I32 | Width::U32) => *place.cast::<u32>() = value as u32,
            Storage::F32 => *place.cast::<f32>() = f64::from_bits(value) as f32,
            Storage::I64 | Storage::F64 | Storage::Ref(_) | Storage::RefNull(_) => {
                *place.cast::<u64>() = value
            }
        }
    }
}

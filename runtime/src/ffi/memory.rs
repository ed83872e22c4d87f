//! Text on its way to and from C.

use std::borrow::Cow;
use std::ffi::{CStr, c_char};

/// Why a text cannot go to C.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct InnerNul {
    /// The byte that is NUL.
    pub(crate) at: usize,
}

/// The text with a NUL behind it.
///
/// # Errors
/// Where a NUL is in it already: C would see its beginning only.
pub(crate) fn c_string(text: &[u8]) -> Result<Box<[u8]>, InnerNul> {
    match memchr::memchr(0, text) {
        Some(at) => Err(InnerNul { at }),
        None => Ok([text, &[0]].concat().into_boxed_slice()),
    }
}

/// The text at an address, bad UTF-8 replaced.
///
/// # Safety
/// At the address lies a text of C that ends with a NUL, and it stays as it is while the result is used.
pub(crate) unsafe fn lossy<'t>(address: *const c_char) -> Cow<'t, str> {
    // SAFETY: as promised by the caller.
    unsafe { CStr::from_ptr(address) }.to_string_lossy()
}

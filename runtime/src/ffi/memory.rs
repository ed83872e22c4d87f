//! Text as C has it.

use std::borrow::Cow;
use std::ffi::{CStr, c_char};

/// The text at an address, bad UTF-8 replaced.
///
/// # Safety
/// At the address lies a text of C that ends with a NUL, and it stays as it is while the result is used.
pub(crate) unsafe fn lossy<'t>(address: *const c_char) -> Cow<'t, str> {
    // SAFETY: as promised by the caller.
    unsafe { CStr::from_ptr(address) }.to_string_lossy()
}

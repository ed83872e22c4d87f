//! The stack of frames: one mapping, whose pages take memory only once they are used.

use std::io;
use std::ptr::NonNull;

/// A stack of words.
#[derive(Debug)]
pub(super) struct Stack {
    start: NonNull<u64>,
    bytes: usize,
}

/// Below this no program can do anything.
const LEAST: usize = 64 << 10;

impl Stack {
    /// Maps a stack of so many bytes.
    pub(super) fn new(bytes: usize) -> io::Result<Stack> {
        let bytes = bytes.max(LEAST).next_multiple_of(4096);
        // SAFETY: a fresh anonymous mapping touches no existing memory.
        let start = unsafe {
            libc::mmap(
                std::ptr::null_mut(),
                bytes,
                libc::PROT_READ | libc::PROT_WRITE,
                libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE,
                -1,
                0,
            )
        };
        if start == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        NonNull::new(start.cast()).map(|start| Stack { start, bytes }).ok_or_else(io::Error::last_os_error)
    }

    /// The first word.
    pub(super) fn start(&self) -> *mut u64 {
        self.start.as_ptr()
    }

    /// The end of the last word.
    pub(super) fn end(&self) -> *mut u64 {
        self.start.as_ptr().wrapping_byte_add(self.bytes)
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        // SAFETY: the mapping was made by `new` and is used through this value alone.
        unsafe { libc::munmap(self.start.as_ptr().cast(), self.bytes) };
    }
}

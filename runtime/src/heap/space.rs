//! A stretch of memory from the system, given back to it when dropped.

use std::ptr::NonNull;

/// Memory pages that nothing else uses. Pages never touched take no memory.
#[derive(Debug)]
pub(super) struct Space {
    start: NonNull<u8>,
    capacity: usize,
}

const PAGE: usize = 4096;

impl Space {
    /// Asks the system for at least `capacity` bytes.
    pub(super) fn new(capacity: usize) -> Option<Space> {
        let capacity = capacity.max(PAGE).checked_next_multiple_of(PAGE)?;
        // SAFETY: a fresh anonymous mapping touches no existing memory.
        let start = unsafe {
            libc::mmap(
                std::ptr::null_mut(),
                capacity,
                libc::PROT_READ | libc::PROT_WRITE,
                libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE,
                -1,
                0,
            )
        };
        if start == libc::MAP_FAILED {
            return None;
        }
        Some(Space { start: NonNull::new(start.cast())?, capacity })
    }

    /// The first byte.
    pub(super) fn start(&self) -> *mut u8 {
        self.start.as_ptr()
    }

    /// How many bytes there are.
    pub(super) fn capacity(&self) -> usize {
        self.capacity
    }

    /// Asks the system for `capacity` bytes, a power of two, at a multiple of it.
    pub(super) fn aligned(capacity: usize, huge_pages: bool) -> Option<Space> {
        let mut space = Space::new(capacity.checked_mul(2)?)?;
        let before = space.start().align_offset(capacity);
        // SAFETY: both ends belong to this mapping, and nobody uses them.
        unsafe {
            let start = space.start().add(before);
            if before > 0 {
                libc::munmap(space.start().cast(), before);
            }
            if before < capacity {
                libc::munmap(start.add(capacity).cast(), capacity - before);
            }
            space.start = NonNull::new(start)?;
            space.capacity = capacity;
            if huge_pages {
                libc::madvise(start.cast(), capacity, libc::MADV_HUGEPAGE);
            }
        }
        Some(space)
    }
}

impl Drop for Space {
    fn drop(&mut self) {
        // SAFETY: the mapping was made by `new` and is used through this value alone.
        unsafe { libc::munmap(self.start.as_ptr().cast(), self.capacity) };
    }
}

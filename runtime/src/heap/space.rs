//! A stretch of memory from the system, given back to it when dropped.

use std::ptr::NonNull;

/// Memory pages that nothing else uses. Pages never touched take no memory.
#[derive(Debug)]
pub(super) struct Space {
    start: NonNull<u8>,
    capacity: usize,
}

/// Spaces from this size on ask for huge pages.
const HUGE_PAGES_FROM: usize = 8 << 20;

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
        if capacity >= HUGE_PAGES_FROM {
            // SAFETY: the advice concerns the mapping made above, and changes no contents.
            unsafe { libc::madvise(start, capacity, libc::MADV_HUGEPAGE) };
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

    /// Gives back what lies beyond the first `keep` bytes.
    pub(super) fn trim(&mut self, keep: usize) {
        let keep = keep.max(PAGE).next_multiple_of(PAGE);
        if keep >= self.capacity {
            return;
        }
        // SAFETY: the tail belongs to this mapping, and the caller no longer uses it.
        unsafe { libc::munmap(self.start.as_ptr().add(keep).cast(), self.capacity - keep) };
        self.capacity = keep;
    }
}

impl Drop for Space {
    fn drop(&mut self) {
        // SAFETY: the mapping was made by `new` and is used through this value alone.
        unsafe { libc::munmap(self.start.as_ptr().cast(), self.capacity) };
    }
}

//! The memory of machine code: one stretch of addresses, filled from its start, never writable and executable at once.

use std::io;
use std::ops::Range;
use std::ptr::NonNull;

/// Pages change between writable and executable as a whole.
const PAGE: usize = 4096;

/// Memory for code. It is executable up to what was added, and goes back to the system with this value: nothing may run in it then.
///
/// While code is added, the page that it begins in cannot be executed; so only the thread that runs the code adds to it.
#[derive(Debug)]
pub(crate) struct CodeMemory {
    start: NonNull<u8>,
    capacity: usize,
    used: usize,
}

impl CodeMemory {
    /// Reserves so many bytes of addresses, which take no memory yet.
    ///
    /// # Errors
    /// Where the system refuses.
    pub(crate) fn new(capacity: usize) -> io::Result<CodeMemory> {
        let capacity = capacity.max(PAGE).next_multiple_of(PAGE);
        // SAFETY: a fresh anonymous mapping touches no existing memory.
        let start = unsafe {
            libc::mmap(
                std::ptr::null_mut(),
                capacity,
                libc::PROT_NONE,
                libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE,
                -1,
                0,
            )
        };
        if start == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        let start = NonNull::new(start.cast()).ok_or_else(io::Error::last_os_error)?;
        Ok(CodeMemory { start, capacity, used: 0 })
    }

    /// Copies position-independent code in, and gives its address; none where there is no room, or the system refuses.
    ///
    /// `align` is a power of two of at most a page. Addresses of later additions are higher.
    pub(crate) fn add(&mut self, code: &[u8], align: usize) -> Option<*const u8> {
        let at = self.place(align);
        self.add_at(at, code)
    }

    /// Where the next addition with this alignment goes: for code that is made for its address.
    pub(crate) fn next(&self, align: usize) -> *const u8 {
        self.start.as_ptr().wrapping_add(self.place(align))
    }

    fn place(&self, align: usize) -> usize {
        self.used.next_multiple_of(align.clamp(1, PAGE))
    }

    fn add_at(&mut self, at: usize, code: &[u8]) -> Option<*const u8> {
        let end = at.checked_add(code.len()).filter(|end| *end <= self.capacity)?;
        let pages = at / PAGE * PAGE..end.next_multiple_of(PAGE);
        self.protect(&pages, libc::PROT_READ | libc::PROT_WRITE)?;
        // SAFETY: the stretch lies inside the mapping and is writable now; nothing else looks at it.
        unsafe { self.start.as_ptr().add(at).copy_from_nonoverlapping(code.as_ptr(), code.len()) };
        self.protect(&pages, libc::PROT_READ | libc::PROT_EXEC)?;
        self.used = end;
        Some(self.start.as_ptr().wrapping_add(at))
    }

    fn protect(&mut self, pages: &Range<usize>, protection: libc::c_int) -> Option<()> {
        // SAFETY: the pages lie inside the mapping, which this value alone owns.
        let outcome =
            unsafe { libc::mprotect(self.start.as_ptr().add(pages.start).cast(), pages.len(), protection) };
        (outcome == 0).then_some(())
    }

    /// The bytes in use.
    pub(crate) fn used(&self) -> usize {
        self.used
    }

    /// The addresses that code may lie at.
    pub(crate) fn range(&self) -> Range<usize> {
        let start = self.start.as_ptr() as usize;
        start..start + self.capacity
    }
}

impl Drop for CodeMemory {
    fn drop(&mut self) {
        // SAFETY: the mapping was made by `new` and is used through this value alone.
        unsafe { libc::munmap(self.start.as_ptr().cast(), self.capacity) };
    }
}

//! Blocks too large to copy: each is an allocation of its own that stays where it is until no object refers to it.

use std::alloc::{Layout, alloc, alloc_zeroed, dealloc, realloc};

use super::object::Header;

/// What precedes a large block's header.
#[repr(C)]
struct Prefix {
    /// The block's place in the list.
    index: usize,
    /// Bytes of the block, from its header on.
    bytes: usize,
    /// The next block whose contents the collector has yet to look at.
    next_gray: *mut u8,
    /// How many elements of a store are in use, as its array said.
    in_use: usize,
}

const PREFIX: usize = size_of::<Prefix>();
const ALIGN: usize = 16;

/// All large blocks of a heap, by the addresses of their headers.
#[derive(Debug, Default)]
pub(super) struct LargeBlocks {
    blocks: Vec<*mut u8>,
    bytes: usize,
}

fn layout(bytes: usize) -> Option<Layout> {
    Layout::from_size_align(bytes.checked_add(PREFIX)?, ALIGN).ok()
}

/// The prefix of a block.
fn prefix(block: *mut u8) -> *mut Prefix {
    block.wrapping_sub(PREFIX).cast()
}

impl LargeBlocks {
    /// Bytes of all blocks.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// A new block with room for its header; the caller writes it.
    pub(super) fn allocate(&mut self, bytes: usize, zeroed: bool) -> Option<*mut u8> {
        self.blocks.try_reserve(1).ok()?;
        let layout = layout(bytes)?;
        // SAFETY: the layout is not empty.
        let start = unsafe { if zeroed { alloc_zeroed(layout) } else { alloc(layout) } };
        if start.is_null() {
            return None;
        }
        let block = start.wrapping_add(PREFIX);
        // SAFETY: the allocation begins with room for the prefix, aligned for it.
        unsafe {
            prefix(block).write(Prefix {
                index: self.blocks.len(),
                bytes,
                next_gray: std::ptr::null_mut(),
                in_use: 0,
            })
        };
        self.blocks.push(block);
        self.bytes += bytes;
        Some(block)
    }

    /// Makes a block larger; its address may change, its contents do not.
    ///
    /// # Safety
    /// `block` is one of these blocks; addresses into it are no longer used.
    pub(super) unsafe fn grow(&mut self, block: *mut u8, bytes: usize) -> Option<*mut u8> {
        let new_layout = layout(bytes)?;
        // SAFETY: a block has a prefix, and was allocated with this layout.
        unsafe {
            let old = (*prefix(block)).bytes;
            let start = realloc(prefix(block).cast(), layout(old)?, new_layout.size());
            if start.is_null() {
                return None;
            }
            let block = start.add(PREFIX);
            (*prefix(block)).bytes = bytes;
            self.blocks[(*prefix(block)).index] = block;
            self.bytes += bytes - old;
            Some(block)
        }
    }

    /// Frees the blocks that are not marked, and clears the others' marks.
    ///
    /// # Safety
    /// No reference to a block without a mark is left.
    pub(super) unsafe fn sweep(&mut self) {
        let mut at = 0;
        while at < self.blocks.len() {
            let block = self.blocks[at];
            // SAFETY: every block in the list is allocated and has a header.
            unsafe {
                let header = block.cast::<Header>();
                if (*header).has(Header::MARKED) {
                    *header = (*header).without(Header::MARKED);
                    at += 1;
                    continue;
                }
                self.blocks.swap_remove(at);
                if let Some(moved) = self.blocks.get(at) {
                    (*prefix(*moved)).index = at;
                }
                self.free(block);
            }
        }
    }

    /// # Safety
    /// `block` was one of these blocks and is no longer used.
    unsafe fn free(&mut self, block: *mut u8) {
        // SAFETY: the prefix holds the size that the block was allocated with.
        unsafe {
            let bytes = (*prefix(block)).bytes;
            self.bytes -= bytes;
            if let Some(layout) = layout(bytes) {
                dealloc(prefix(block).cast(), layout);
            }
        }
    }
}

impl Drop for LargeBlocks {
    fn drop(&mut self) {
        for block in std::mem::take(&mut self.blocks) {
            // SAFETY: the heap goes, and with it all references.
            unsafe { self.free(block) };
        }
    }
}

/// The large blocks that were reached and whose contents were not yet looked at.
#[derive(Debug)]
pub(super) struct Gray {
    first: *mut u8,
}

impl Gray {
    /// No blocks.
    pub(super) fn new() -> Gray {
        Gray { first: std::ptr::null_mut() }
    }

    /// Marks a large block and keeps it for later, unless it is marked.
    ///
    /// # Safety
    /// `block` is a large block of which `in_use` elements are valid.
    pub(super) unsafe fn mark(&mut self, block: *mut u8, in_use: usize) {
        // SAFETY: a large block has a header and a prefix.
        unsafe {
            let header = block.cast::<Header>();
            if (*header).has(Header::MARKED) {
                return;
            }
            *header = (*header).with(Header::MARKED);
            (*prefix(block)).in_use = in_use;
            (*prefix(block)).next_gray = self.first;
        }
        self.first = block;
    }

    /// Takes a block out, with its count of elements in use.
    pub(super) fn take(&mut self) -> Option<(*mut u8, usize)> {
        if self.first.is_null() {
            return None;
        }
        let block = self.first;
        // SAFETY: only large blocks were put in.
        unsafe {
            self.first = (*prefix(block)).next_gray;
            Some((block, (*prefix(block)).in_use))
        }
    }
}

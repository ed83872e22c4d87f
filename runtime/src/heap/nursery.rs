//! The nursery: where new objects are made, one after the other.
//!
//! It consists of blocks like those of the old space, each with room for marks in front, so that it can become a part of the old space as it
//! is: that happens where objects were pinned. An object lies in one block.

use super::old::{BLOCK, BLOCK_HEAD, take_bit};
use super::space::Space;

/// Bytes of the nursery.
const NURSERY: usize = 1 << 20;

/// The memory of new objects, and which of its blocks they are put into.
#[derive(Debug)]
pub(super) struct Nursery {
    space: Space,
    /// Where the objects of the block of now begin.
    first: *mut u8,
}

impl Nursery {
    /// The most bytes of objects in a block.
    pub(super) const BLOCK_ROOM: usize = BLOCK - BLOCK_HEAD;

    pub(super) fn new() -> Option<Nursery> {
        let space = Space::aligned(NURSERY, false)?;
        let first = space.start().wrapping_add(BLOCK_HEAD);
        Some(Nursery { space, first })
    }

    /// The first byte.
    #[inline]
    pub(super) fn start(&self) -> *mut u8 {
        self.space.start()
    }

    /// How many bytes there are.
    #[inline]
    pub(super) fn capacity(&self) -> usize {
        NURSERY
    }

    /// Where the objects of the block of now begin.
    #[inline]
    pub(super) fn first(&self) -> *mut u8 {
        self.first
    }

    /// Room in the blocks before the one of now.
    fn room_before(&self) -> usize {
        (self.first as usize - self.start() as usize) / BLOCK * Self::BLOCK_ROOM
    }

    /// Bytes of objects, which end at the cursor; counts what was left at the end of blocks.
    pub(super) fn used(&self, cursor: *mut u8) -> usize {
        self.room_before() + (cursor as usize - self.first as usize)
    }

    /// How far objects reach in the block of now, where there may be `most` bytes in all.
    pub(super) fn end(&self, most: usize) -> *mut u8 {
        let room = most.saturating_sub(self.room_before()).min(Self::BLOCK_ROOM);
        self.first.wrapping_add(room & !7)
    }

    /// Goes to the next block; false where this is the last one.
    pub(super) fn advance(&mut self) -> bool {
        let next = self.first.wrapping_add(BLOCK);
        let more = (next as usize - self.start() as usize) < NURSERY;
        if more {
            self.first = next;
        }
        more
    }

    /// Begins with the first block.
    pub(super) fn restart(&mut self) {
        self.first = self.start().wrapping_add(BLOCK_HEAD);
    }

    /// Forgets which objects are pinned.
    pub(super) fn unpin(&mut self) {
        for at in (0..NURSERY).step_by(BLOCK) {
            // SAFETY: the nursery consists of blocks.
            while unsafe { take_bit(self.start().wrapping_add(at)) }.is_some() {}
        }
    }

    /// Overwrites what lies in front of the cursor, so that a stale address shows.
    ///
    /// # Safety
    /// Nothing lives in the nursery any more.
    pub(super) unsafe fn spoil(&mut self, cursor: *mut u8) {
        let mut first = self.start().wrapping_add(BLOCK_HEAD);
        // SAFETY: these are the parts of the blocks that objects were put into.
        unsafe {
            while first < self.first {
                first.write_bytes(0xdb, Self::BLOCK_ROOM);
                first = first.wrapping_add(BLOCK);
            }
            first.write_bytes(0xdb, cursor as usize - first as usize);
        }
    }

    /// The memory.
    pub(super) fn into_space(self) -> Space {
        self.space
    }
}

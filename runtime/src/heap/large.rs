//! Objects too large to copy: each is an allocation of its own that stays where it is until no object refers to it.
//!
//! A block is young until the first collection after it was made. A marking looks at the elements of a large store in parts: the block
//! knows how far that went.

use std::alloc::{Layout, alloc, alloc_zeroed, dealloc, realloc};

const PREFIX: usize = 16;
/// How often elements of a block may be moved about before whoever does that has to mark them.
const MOST_RESTARTS: u8 = 4;
const ALIGN: usize = 16;

/// What the heap knows of a large block.
#[derive(Debug, Default)]
pub(super) struct Block {
    /// Where its header is; null where the place in the table is free.
    address: *mut u8,
    /// Bytes of the block, from its header on.
    bytes: usize,
    /// Whether no collection has seen it yet.
    pub(super) young: bool,
    /// Whether this collection has reached it, while it is young or everything moves.
    pub(super) reached: bool,
    /// The epoch of the marking that last reached it.
    pub(super) mark: u8,
    /// Whether the next collection is to keep it, since not all that refers to it is known.
    pub(super) pinned: bool,
    /// Whether it had nothing young in it when it was made, so that all young objects that it refers to were stored by the barrier.
    pub(super) settled: bool,
    /// Whether it waits for the marking to look at its elements.
    queued: bool,
    /// The array that it is the store of, and the element from which on they are still to be looked at, while it waits.
    array: *mut u8,
    from: usize,
    /// How often elements were moved about, in this marking, so that it had to begin anew.
    restarts: u8,
}

#[cfg(debug_assertions)]
impl Block {
    /// How many of the elements the marking is done with, where it has begun with them.
    pub(super) fn looked_at(&self) -> usize {
        if self.queued { self.from } else { usize::MAX }
    }
}

/// All large blocks of a heap. A block's place in the table stays the same and stands before its header.
#[derive(Debug, Default)]
pub(super) struct LargeBlocks {
    blocks: Vec<Block>,
    /// Places in the table that are free.
    places: Vec<usize>,
    /// The places of young blocks.
    young: Vec<usize>,
    /// The places of blocks that the marking is to look at.
    queue: Vec<usize>,
    bytes: usize,
    /// Bytes made or added since the last collection.
    fresh: usize,
}

fn layout(bytes: usize) -> Option<Layout> {
    Layout::from_size_align(bytes.checked_add(PREFIX)?, ALIGN).ok()
}

impl LargeBlocks {
    /// Bytes of all blocks.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Bytes made or added since the last collection.
    pub(super) fn fresh(&self) -> usize {
        self.fresh
    }

    /// Whether there are young blocks.
    pub(super) fn has_young(&self) -> bool {
        !self.young.is_empty()
    }

    /// What is known of a block.
    ///
    /// # Safety
    /// `block` is the address of one of these blocks.
    #[inline]
    pub(super) unsafe fn get(&mut self, block: *const u8) -> &mut Block {
        // SAFETY: a block's place stands before its header.
        let place = unsafe { *block.sub(PREFIX).cast::<usize>() };
        &mut self.blocks[place]
    }

    /// The place of a block in the table.
    ///
    /// # Safety
    /// `block` is the address of one of these blocks.
    #[inline]
    pub(super) unsafe fn place(&self, block: *const u8) -> usize {
        // SAFETY: a block's place stands before its header.
        unsafe { *block.sub(PREFIX).cast::<usize>() }
    }

    /// Where the block at a place begins; null where there is none any more.
    #[inline]
    pub(super) fn at(&self, place: usize) -> *mut u8 {
        self.blocks.get(place).map_or(std::ptr::null_mut(), |block| block.address)
    }

    /// A young block that is pinned, which it is no longer then.
    pub(super) fn take_pinned(&mut self) -> Option<*mut u8> {
        let place = self.young.iter().copied().find(|place| self.blocks[*place].pinned)?;
        self.blocks[place].pinned = false;
        Some(self.blocks[place].address)
    }

    /// How many young blocks there are.
    pub(super) fn young_count(&self) -> usize {
        self.young.len()
    }

    /// Has the marking look at the elements of a block, the store of `array`, from one on.
    pub(super) fn queue(&mut self, place: usize, array: *mut u8, from: usize) {
        let block = &mut self.blocks[place];
        if block.queued {
            block.from = block.from.min(from);
            return;
        }
        (block.queued, block.array, block.from) = (true, array, from);
        self.queue.push(place);
    }

    /// As [`LargeBlocks::queue`], where elements were moved about; false where that happened so often that the marking would never end.
    pub(super) fn queue_again(&mut self, place: usize, array: *mut u8, from: usize) -> bool {
        let block = &mut self.blocks[place];
        if block.restarts == MOST_RESTARTS {
            return false;
        }
        block.restarts += 1;
        self.queue(place, array, from);
        true
    }

    /// Notes that elements moved so much closer to the beginning of a block, which may have been looked at already.
    pub(super) fn moved_down(&mut self, place: usize, by: usize) {
        let block = &mut self.blocks[place];
        block.from = block.from.saturating_sub(by);
    }

    /// An object, and the element of it from which on `count` are to be looked at, where a block waits for the marking.
    pub(super) fn next_part(
        &mut self,
        count: usize,
        len_of: impl Fn(*mut u8) -> usize,
    ) -> Option<(*mut u8, usize)> {
        let block = &mut self.blocks[*self.queue.last()?];
        let (array, from) = (block.array, block.from);
        block.from += count;
        if block.from >= len_of(array) {
            block.queued = false;
            self.queue.pop();
        }
        Some((array, from))
    }

    /// Forgets what waits for a marking.
    pub(super) fn forget_queue(&mut self) {
        for place in self.queue.drain(..) {
            self.blocks[place].queued = false;
        }
    }

    /// Whether no block waits for a marking.
    pub(super) fn is_queue_empty(&self) -> bool {
        self.queue.is_empty()
    }

    /// Whether one of the blocks begins here.
    #[cfg(debug_assertions)]
    pub(super) fn has(&self, address: *const u8) -> bool {
        self.blocks.iter().any(|block| block.address.cast_const() == address)
    }

    /// A new block with room for its header; the caller writes it. It counts as marked in `epoch`.
    pub(super) fn allocate(&mut self, bytes: usize, zeroed: bool, epoch: u8) -> Option<*mut u8> {
        // No list of places is longer than the table, so that none needs memory later.
        self.blocks.try_reserve(1).ok()?;
        for list in [&mut self.young, &mut self.places, &mut self.queue] {
            list.try_reserve(self.blocks.len() + 1 - list.len()).ok()?;
        }
        let layout = layout(bytes)?;
        // SAFETY: the layout is not empty.
        let start = unsafe { if zeroed { alloc_zeroed(layout) } else { alloc(layout) } };
        if start.is_null() {
            return None;
        }
        let address = start.wrapping_add(PREFIX);
        let block = Block { address, bytes, young: true, mark: epoch, ..Block::default() };
        let place = match self.places.pop() {
            Some(place) => {
                self.blocks[place] = block;
                place
            }
            None => {
                self.blocks.push(block);
                self.blocks.len() - 1
            }
        };
        // SAFETY: the allocation begins with room for the place, aligned for it.
        unsafe { start.cast::<usize>().write(place) };
        self.young.push(place);
        self.bytes += bytes;
        self.fresh += bytes;
        Some(address)
    }

    /// Makes a block larger; its address may change, its contents do not.
    ///
    /// # Safety
    /// `block` is one of these blocks; addresses into it are no longer used.
    pub(super) unsafe fn grow(&mut self, block: *mut u8, bytes: usize) -> Option<*mut u8> {
        let new_layout = layout(bytes)?;
        // SAFETY: a block has a prefix, and was allocated with this layout.
        unsafe {
            let known = self.get(block);
            let old = known.bytes;
            let start = realloc(block.sub(PREFIX), layout(old)?, new_layout.size());
            if start.is_null() {
                return None;
            }
            known.address = start.add(PREFIX);
            known.bytes = bytes;
            self.bytes += bytes - old;
            self.fresh += bytes - old;
            Some(start.add(PREFIX))
        }
    }

    /// Frees the young blocks that were not reached; the others are old from now on.
    ///
    /// # Safety
    /// No reference to a young block that was not reached is left.
    pub(super) unsafe fn age(&mut self) {
        while let Some(place) = self.young.pop() {
            let block = &mut self.blocks[place];
            if std::mem::take(&mut block.reached) {
                block.young = false;
            } else {
                self.free(place);
            }
        }
        self.fresh = 0;
    }

    /// Frees the blocks that are not marked.
    ///
    /// # Safety
    /// No reference to a block without the mark of `epoch` is left, and none is young.
    pub(super) unsafe fn sweep(&mut self, epoch: u8) {
        for place in 0..self.blocks.len() {
            let block = &mut self.blocks[place];
            block.restarts = 0;
            if !block.address.is_null() && block.mark != epoch {
                self.free(place);
            }
        }
    }

    /// Frees the blocks that a collection of everything did not reach; the others are old from now on.
    ///
    /// # Safety
    /// No reference to a block that was not reached is left.
    pub(super) unsafe fn keep_reached(&mut self) {
        self.young.clear();
        self.fresh = 0;
        for place in 0..self.blocks.len() {
            let block = &mut self.blocks[place];
            if std::mem::take(&mut block.reached) {
                block.young = false;
            } else if !block.address.is_null() {
                self.free(place);
            }
        }
    }

    /// Frees a block whose contents nobody uses any more.
    fn free(&mut self, place: usize) {
        let block = std::mem::take(&mut self.blocks[place]);
        self.bytes -= block.bytes;
        self.places.push(place);
        if let Some(layout) = layout(block.bytes) {
            // SAFETY: the block was allocated with this layout, behind the prefix.
            unsafe { dealloc(block.address.sub(PREFIX), layout) };
        }
    }
}

impl Drop for LargeBlocks {
    fn drop(&mut self) {
        for place in 0..self.blocks.len() {
            if !self.blocks[place].address.is_null() {
                self.free(place);
            }
        }
    }
}

//! Objects too large to copy: each is an allocation of its own that stays where it is until no object refers to it.
//!
//! A block is young until the first collection after it was made. The store of an old array remembers by cards, stretches of
//! [`CARD`] bytes, where references were stored.

use std::alloc::{Layout, alloc, alloc_zeroed, dealloc, realloc};

use super::object::STORE_HEAD;

/// Bytes of a store that share a mark.
pub(super) const CARD: usize = 64;

const PREFIX: usize = 16;
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
    /// Whether it had nothing young in it when it was made, so that its cards know of all young objects that it refers to.
    pub(super) settled: bool,
    /// Whether its array is among the remembered objects.
    pub(super) dirty: bool,
    /// Where references were stored.
    pub(super) cards: Cards,
}

/// Where in a store references were stored since the last collection.
#[derive(Debug, Default)]
pub(super) struct Cards {
    /// For each card whether it is in the list; cards beyond the end are not.
    set: Vec<bool>,
    list: Vec<usize>,
}

impl Cards {
    /// Shows the cards that are set, and sets none. A few ahead of each, `soon` hears of one.
    pub(super) fn clear(&mut self, soon: impl Fn(usize), mut show: impl FnMut(usize)) {
        const AHEAD: usize = 8;
        for (index, card) in self.list.iter().enumerate() {
            if let Some(next) = self.list.get(index + AHEAD) {
                soon(*next);
            }
            self.set[*card] = false;
            show(*card);
        }
        self.list.clear();
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
    bytes: usize,
    /// Bytes made or added since the last collection.
    fresh: usize,
}

fn layout(bytes: usize) -> Option<Layout> {
    Layout::from_size_align(bytes.checked_add(PREFIX)?, ALIGN).ok()
}

impl Block {
    /// Notes that a reference was stored at an offset from the header.
    pub(super) fn stored_at(&mut self, offset: usize) {
        let (card, cards) = (offset / CARD, &mut self.cards);
        if card >= cards.set.len() {
            cards.set.resize((self.bytes / CARD + 1).max(card + 1), false);
        }
        if !std::mem::replace(&mut cards.set[card], true) {
            cards.list.push(card);
        }
    }
}

/// The elements of a store of references that lie on a card, by their indices.
pub(super) fn elements_on(card: usize) -> std::ops::Range<usize> {
    let element = |offset: usize| offset.saturating_sub(STORE_HEAD) / 8;
    element(card * CARD)..element((card + 1) * CARD)
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

    /// Whether one of the blocks begins here.
    #[cfg(debug_assertions)]
    pub(super) fn has(&self, address: *const u8) -> bool {
        self.blocks.iter().any(|block| block.address.cast_const() == address)
    }

    /// A new block with room for its header; the caller writes it. It counts as marked in `epoch`.
    pub(super) fn allocate(&mut self, bytes: usize, zeroed: bool, epoch: u8) -> Option<*mut u8> {
        self.blocks.try_reserve(1).ok()?;
        self.young.try_reserve(1).ok()?;
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
        for place in std::mem::take(&mut self.young) {
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
            if !self.blocks[place].address.is_null() && self.blocks[place].mark != epoch {
                self.free(place);
            }
        }
    }

    /// Frees the blocks that a collection of everything did not reach; the others are old from now on, and remember nothing.
    ///
    /// # Safety
    /// No reference to a block that was not reached is left.
    pub(super) unsafe fn keep_reached(&mut self) {
        self.young.clear();
        self.fresh = 0;
        for place in 0..self.blocks.len() {
            let block = &mut self.blocks[place];
            if std::mem::take(&mut block.reached) {
                (block.young, block.dirty) = (false, false);
                block.cards.clear(|_| (), |_| ());
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

//! The old space: where objects that survived live, and do not move again.
//!
//! A mark-region space after Blackburn and McKinley, *Immix* (PLDI 2008), without its defragmentation. Memory comes in blocks of 128 KiB, each
//! divided into lines of 128 bytes; a block begins with a byte for each of its lines, and a bit for each address that an object can have. Marking an object marks the
//! lines that it lies in; between marked lines are holes, in which new objects are put one after the other. Sweeping looks at
//! these bytes only, never at objects.

use super::space::Space;

/// Bytes of a block, and its alignment.
pub(super) const BLOCK: usize = 128 << 10;
/// Bytes of a line.
const LINE: usize = 128;
/// Lines of a block.
const LINES: usize = BLOCK / LINE;
/// Words of the bits of a block.
const BIT_WORDS: usize = BLOCK / 8 / 64;
/// Bytes of a block in front of its objects: the marks of its lines, and its bits.
pub(super) const BLOCK_HEAD: usize = LINES + BIT_WORDS * 8;
/// The first line with objects.
const FIRST_LINE: usize = BLOCK_HEAD / LINE;
/// Bytes that the system is asked for at once, and their alignment.
const CHUNK: usize = 4 << 20;
/// From this many chunks on, the system is asked for huge pages.
const HUGE_FROM: usize = 3;
/// A block with a hole of so many lines takes objects of any size.
const ROOMY: usize = (super::allocate::LARGE + 256) / LINE;
/// Free blocks that are kept however little is in use.
const KEEP: usize = 2 * CHUNK / BLOCK;

/// A stretch of free lines that objects are put into.
#[derive(Clone, Copy, Debug)]
struct Hole {
    cursor: *mut u8,
    limit: *mut u8,
    /// The block, and the line from which on the next hole is looked for.
    block: *mut u8,
    next_line: usize,
}

impl Hole {
    const NONE: Hole = Hole {
        cursor: std::ptr::null_mut(),
        limit: std::ptr::null_mut(),
        block: std::ptr::null_mut(),
        next_line: LINES,
    };

    #[inline]
    fn bump(&mut self, size: usize) -> Option<*mut u8> {
        if size > self.limit as usize - self.cursor as usize {
            return None;
        }
        let object = self.cursor;
        self.cursor = object.wrapping_add(size);
        Some(object)
    }

    /// Goes to the next hole of the block that has at least so many lines.
    ///
    /// # Safety
    /// The block belongs to the space, or there is none.
    unsafe fn advance(&mut self, least: usize) -> bool {
        while self.next_line < LINES {
            // SAFETY: a block begins with the marks of its lines.
            let marks = unsafe { lines(self.block) };
            let Some(start) = (self.next_line..LINES).find(|line| marks[*line] == 0) else { break };
            let end = (start..LINES).find(|line| marks[*line] != 0).unwrap_or(LINES);
            self.next_line = end;
            if end - start >= least {
                self.cursor = self.block.wrapping_add(start * LINE);
                self.limit = self.block.wrapping_add(end * LINE);
                return true;
            }
        }
        *self = Hole::NONE;
        false
    }

    /// How far objects reach in a block at most.
    fn reach(&self, block: *mut u8) -> usize {
        let end = block.wrapping_add(BLOCK);
        if self.block == block && self.limit == end { self.cursor as usize - block as usize } else { BLOCK }
    }

    /// Begins with a block.
    fn enter(&mut self, block: *mut u8) {
        *self = Hole { cursor: block, limit: block, block, next_line: FIRST_LINE };
    }
}

/// Whether a block is marked, and how its holes are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holes {
    Whole,
    Roomy,
    Some,
    None,
}

/// The blocks of a heap's old objects.
#[derive(Debug)]
pub(super) struct OldSpace {
    chunks: Vec<Space>,
    /// How many blocks the chunks have. No list of blocks is longer, and each has room for as many.
    blocks: usize,
    /// Blocks in which nothing lies.
    free: Vec<*mut u8>,
    /// The same as they were before a sweep, sorted; empty in between.
    untouched: Vec<*mut u8>,
    /// Blocks with a large hole.
    roomy: Vec<*mut u8>,
    /// Blocks with small holes.
    holey: Vec<*mut u8>,
    small: Hole,
    medium: Hole,
    /// Bytes of objects: those that the last marking found, and those put here since.
    used: usize,
}

/// The marks of a block's lines.
///
/// # Safety
/// `block` is a block's address, and nobody else has its marks.
unsafe fn lines<'a>(block: *mut u8) -> &'a mut [u8] {
    // SAFETY: as promised by the caller.
    unsafe { std::slice::from_raw_parts_mut(block, LINES) }
}

/// Marks the lines that an object lies in.
///
/// # Safety
/// The object lies in a block of an old space, and has so many bytes, which are not none.
#[inline]
pub(super) unsafe fn mark_lines(object: *mut u8, size: usize, epoch: u8) {
    let offset = object as usize & (BLOCK - 1);
    let block = object.wrapping_sub(offset);
    // SAFETY: blocks are aligned to their size and begin with the marks of their lines.
    unsafe {
        for line in offset / LINE..=(offset + size - 1) / LINE {
            *block.add(line) = epoch;
        }
    }
}

/// The word with the bit of an object, and the bit.
fn bit(object: *mut u8) -> (*mut u64, u64) {
    let offset = object as usize & (BLOCK - 1);
    let words = object.wrapping_sub(offset).wrapping_add(LINES).cast::<u64>();
    (words.wrapping_add(offset / 512), 1 << (offset / 8 % 64))
}

/// Sets the bit of an object, which says that it waits: in the nursery that it is pinned, in the old space that it is to be looked at.
///
/// # Safety
/// The object lies in a block.
pub(super) unsafe fn set_bit(object: *mut u8) {
    let (word, bit) = bit(object);
    // SAFETY: a block has such a word for each of its addresses.
    unsafe { *word |= bit };
}

/// Whether the bit of an object is set.
///
/// # Safety
/// The object lies in a block.
#[cfg(debug_assertions)]
pub(super) unsafe fn has_bit(object: *mut u8) -> bool {
    let (word, bit) = bit(object);
    // SAFETY: as promised by the caller.
    unsafe { *word & bit != 0 }
}

/// Takes one of the objects of a block whose bits are set.
///
/// # Safety
/// `block` is a block of the nursery or of an old space.
pub(super) unsafe fn take_bit(block: *mut u8) -> Option<*mut u8> {
    let words = block.wrapping_add(LINES).cast::<u64>();
    // SAFETY: as promised by the caller.
    unsafe {
        let at = (0..BIT_WORDS).find(|at| *words.add(*at) != 0)?;
        let bit = (*words.add(at)).trailing_zeros() as usize;
        *words.add(at) &= *words.add(at) - 1;
        Some(block.add(at * 512 + bit * 8))
    }
}

impl OldSpace {
    pub(super) fn new() -> OldSpace {
        OldSpace {
            chunks: Vec::new(),
            blocks: 0,
            free: Vec::new(),
            untouched: Vec::new(),
            roomy: Vec::new(),
            holey: Vec::new(),
            small: Hole::NONE,
            medium: Hole::NONE,
            used: 0,
        }
    }

    /// Bytes of objects.
    pub(super) fn used(&self) -> usize {
        self.used
    }

    /// Whether so many bytes from an address on lie in this space, behind the marks of one block.
    #[cfg(debug_assertions)]
    pub(super) fn has(&self, start: *const u8, bytes: usize) -> bool {
        let offset = start as usize & (BLOCK - 1);
        let in_chunk =
            |chunk: &Space| (start as usize).wrapping_sub(chunk.start() as usize) < chunk.capacity();
        offset >= FIRST_LINE * LINE && offset + bytes <= BLOCK && self.chunks.iter().any(in_chunk)
    }

    /// Sees to it that [`OldSpace::allocate`] can put so many bytes here; false where the system has no more memory.
    pub(super) fn reserve(&mut self, bytes: usize) -> bool {
        // The end of a block may be too short for an object of the largest size.
        let blocks = bytes / (BLOCK - BLOCK_HEAD - 2 * super::allocate::LARGE) + 4;
        while self.free.len() < blocks {
            if !self.reserve_lists(CHUNK / BLOCK) {
                return false;
            }
            let Some(chunk) = Space::aligned(CHUNK, self.chunks.len() >= HUGE_FROM) else { return false };
            self.free.extend(blocks_of(&chunk).rev());
            self.blocks += CHUNK / BLOCK;
            self.chunks.push(chunk);
        }
        true
    }

    /// Sees to it that a chunk of so many blocks can be added, and that no list of blocks needs memory then.
    pub(super) fn reserve_lists(&mut self, more: usize) -> bool {
        let most = self.blocks + more;
        let lists = [&mut self.free, &mut self.untouched, &mut self.roomy, &mut self.holey];
        lists.into_iter().all(|list| list.try_reserve(most - list.len()).is_ok())
            && self.chunks.try_reserve(1).is_ok()
    }

    /// Takes blocks with objects, the room for which was reserved.
    pub(super) fn adopt(&mut self, chunk: Space) {
        self.used += chunk.capacity();
        self.blocks += chunk.capacity() / BLOCK;
        self.chunks.push(chunk);
    }

    /// Takes an object whose bit is set, from the block of a number on; gives it and the number of its block.
    pub(super) fn take_waiting(&self, from: usize) -> Option<(*mut u8, usize)> {
        let blocks = self.chunks.iter().flat_map(blocks_of).enumerate().skip(from);
        // SAFETY: chunks consist of blocks.
        blocks.into_iter().find_map(|(at, block)| Some((unsafe { take_bit(block) }?, at)))
    }

    /// Room for an object of `size` bytes, a multiple of eight and at most a block's third, which was reserved.
    #[inline]
    pub(super) fn allocate(&mut self, size: usize) -> *mut u8 {
        self.used += size;
        match self.small.bump(size) {
            Some(object) => object,
            None => self.allocate_slow(size),
        }
    }

    #[cold]
    fn allocate_slow(&mut self, size: usize) -> *mut u8 {
        loop {
            if size > LINE {
                if let Some(object) = self.medium.bump(size) {
                    return object;
                }
                // SAFETY: only blocks of this space are entered.
                if unsafe { !self.medium.advance(ROOMY) } {
                    let block = self.roomy.pop().or_else(|| self.free.pop());
                    self.medium.enter(block.expect("room was reserved before the collection"));
                }
            } else {
                if let Some(object) = self.small.bump(size) {
                    return object;
                }
                // SAFETY: as above.
                if unsafe { !self.small.advance(1) } {
                    let block = self.holey.pop().or_else(|| self.roomy.pop()).or_else(|| self.free.pop());
                    self.small.enter(block.expect("room was reserved before the collection"));
                }
            }
        }
    }

    /// Makes holes of all lines without the mark of `epoch`, in which `live` bytes lie, and gives back to the system what is
    /// much more than needed. `spoil` overwrites the holes.
    ///
    /// # Safety
    /// All objects that are reached lie in lines with this mark.
    pub(super) unsafe fn sweep(&mut self, epoch: u8, live: usize, spoil: bool) {
        (self.small, self.medium) = (Hole::NONE, Hole::NONE);
        self.used = live;
        self.set_free_aside();
        self.roomy.clear();
        self.holey.clear();
        let keep = KEEP.max(live / BLOCK / 4);
        for index in (0..self.chunks.len()).rev() {
            let before = self.free.len();
            for block in blocks_of(&self.chunks[index]).rev() {
                if self.untouched.binary_search(&block).is_ok() {
                    self.free.push(block);
                    continue;
                }
                // SAFETY: chunks consist of blocks.
                match unsafe { sweep_block(block, epoch, spoil) } {
                    Holes::Whole => self.free.push(block),
                    Holes::Roomy => self.roomy.push(block),
                    Holes::Some => self.holey.push(block),
                    Holes::None => {}
                }
            }
            let blocks = self.chunks[index].capacity() / BLOCK;
            if self.free.len() - before == blocks && before >= keep {
                self.free.truncate(before);
                self.chunks.swap_remove(index);
                self.blocks -= blocks;
            }
        }
        self.untouched.clear();
        self.give_back(keep);
    }

    /// Empties the list of free blocks, and keeps it aside, sorted.
    fn set_free_aside(&mut self) {
        std::mem::swap(&mut self.free, &mut self.untouched);
        self.untouched.sort_unstable();
    }

    /// Gives the memory of free blocks beyond the first `keep` back to the system; their addresses stay.
    fn give_back(&self, keep: usize) {
        // The last ones are the first to be taken.
        let surplus = self.free.len().saturating_sub(keep);
        for block in &self.free[..surplus] {
            // SAFETY: nothing lies in the block, and fresh pages are zero, as the marks of its lines must be.
            unsafe { libc::madvise(block.cast(), BLOCK, libc::MADV_DONTNEED) };
        }
    }

    /// Forgets all objects, and overwrites them, so that a stale address shows.
    ///
    /// # Safety
    /// Nobody needs any of them.
    pub(super) unsafe fn spoil(&mut self) {
        self.set_free_aside();
        for chunk in &self.chunks {
            for block in blocks_of(chunk).rev() {
                if self.untouched.binary_search(&block).is_err() {
                    // SAFETY: the block belongs to this space; its marks are zero again, as those of free blocks are.
                    unsafe {
                        block.write_bytes(0, BLOCK_HEAD);
                        let end = self.small.reach(block).min(self.medium.reach(block));
                        block.add(BLOCK_HEAD).write_bytes(0xdb, end - BLOCK_HEAD);
                    }
                }
                self.free.push(block);
            }
        }
        self.untouched.clear();
        self.roomy.clear();
        self.holey.clear();
        (self.small, self.medium, self.used) = (Hole::NONE, Hole::NONE, 0);
    }
}

/// The blocks of a chunk.
fn blocks_of(chunk: &Space) -> impl DoubleEndedIterator<Item = *mut u8> + use<> {
    let (start, blocks) = (chunk.start(), chunk.capacity() / BLOCK);
    (0..blocks).map(move |at| start.wrapping_add(at * BLOCK))
}

/// # Safety
/// `block` is a block of an old space, in which nothing without the mark is needed.
unsafe fn sweep_block(block: *mut u8, epoch: u8, spoil: bool) -> Holes {
    // SAFETY: as promised by the caller.
    let marks = unsafe { lines(block) };
    for mark in &mut marks[FIRST_LINE..] {
        *mark = if *mark == epoch { epoch } else { 0 };
    }
    if spoil {
        for line in (FIRST_LINE..LINES).filter(|line| marks[*line] == 0) {
            // SAFETY: the line belongs to the block, and nothing lies in it.
            unsafe { block.add(line * LINE).write_bytes(0xdb, LINE) };
        }
    }
    // Most blocks are full or empty, which a pass without branches tells.
    let marked = marks[FIRST_LINE..].iter().map(|mark| u32::from(*mark != 0)).sum::<u32>() as usize;
    match LINES - FIRST_LINE - marked {
        0 => Holes::None,
        _ if marked == 0 => Holes::Whole,
        free if free >= ROOMY
            && may_be_roomy(marks)
            && marks[FIRST_LINE..].chunk_by(|a, b| a == b).any(is_roomy) =>
        {
            Holes::Roomy
        }
        _ => Holes::Some,
    }
}

/// Whether there is a stretch without marks that every large hole has one of, which is faster to see than holes are.
fn may_be_roomy(marks: &[u8]) -> bool {
    marks.chunks_exact(ROOMY / 2).any(|part| part.iter().fold(0, |all, mark| all | mark) == 0)
}

/// Whether a stretch of lines is a large hole.
fn is_roomy(lines: &[u8]) -> bool {
    lines.first() == Some(&0) && lines.len() >= ROOMY
}

//! The heap itself: bump allocation, its slow path, and the decision to collect.

use std::rc::Rc;

use lang_bytecode::TypeId;

use super::collect::LARGE_BUDGET;
use super::hosted::Hosted;
use super::large::LargeBlocks;
use super::layout::{Layouts, Shape};
use super::marking::Marking;
use super::nursery::Nursery;
use super::object::{Header, STR_HEAD, Str};
use super::old::OldSpace;
use super::pauses::Pauses;
use super::remember::Remembered;
use super::roots::{Handles, RootSource};

/// Objects of more bytes than this are kept apart and never move.
pub const LARGE: usize = 16 << 10;

/// How many bytes in use begin the first marking.
const FIRST_MARK: usize = 16 << 20;

/// What a heap is asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct HeapOptions {
    /// The most bytes that objects may take; by default a part of the machine's memory.
    pub max_heap: Option<usize>,
    /// Collect at every so many allocations.
    pub stress: Option<u32>,
    /// Count allocations, which takes the fast path away, and measure pauses.
    pub stats: bool,
    /// The allocation that fails, counted from 1; for tests.
    pub fail_allocation: Option<u64>,
    /// Let none of the collector's lists grow, as if there were no memory for that; for tests.
    pub starve_lists: bool,
}

/// The heap is full, or the system gives no more memory.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct OutOfMemory;

/// What happened in a heap so far.
#[derive(Clone, Default, Debug)]
pub struct Stats {
    /// How many objects were made; counted only where [`HeapOptions::stats`] or `stress` is on.
    pub allocations: u64,
    /// How many collections there were.
    pub collections: u64,
    /// How many times the old space was marked and swept.
    pub major: u64,
    /// How many of these were done at once, within one collection.
    pub whole: u64,
    /// How many bytes collections copied: those of young objects that became old, and under stress those of old ones too.
    pub copied: u64,
    /// The most bytes in use after a collection.
    pub live_peak: usize,
    /// How long collections took; measured only where [`HeapOptions::stats`] is on.
    pub pauses: Pauses,
}

/// The objects of one running program.
#[derive(Debug)]
#[repr(C)]
pub struct Heap {
    /// Where the next object goes.
    cursor: *mut u8,
    /// How far it may reach without a call.
    limit: *mut u8,
    /// How far it may reach before a collection.
    pub(super) end: *mut u8,
    pub(super) layouts: Rc<Layouts>,
    /// Where new objects are made.
    pub(super) nursery: Nursery,
    /// Where those are that survived.
    pub(super) old: OldSpace,
    /// An empty space that everything may move into; only stress has one.
    pub(super) spare: Option<OldSpace>,
    pub(super) large: LargeBlocks,
    pub(super) marking: Marking,
    /// What the next collection looks at beside the roots.
    pub(super) remembered: Remembered,
    /// What a collection works with; empty in between.
    pub(super) copied: Vec<*mut u8>,
    /// How many bytes in use begin a marking.
    pub(super) mark_trigger: usize,
    /// How many bytes of new large blocks start a collection.
    pub(super) large_budget: usize,
    pub(super) max_heap: usize,
    pub(super) roots: Option<RootSource>,
    pub(super) handles: Handles,
    /// What objects stand for outside of the heap.
    pub(super) hosted: Hosted,
    pub(super) stats: Stats,
    pub(super) options: HeapOptions,
    /// Objects that are never freed: string constants and objects without fields.
    immortal: Vec<Box<[u64]>>,
    /// The objects of types without fields, by type; 0 where the type has fields.
    statics: Vec<u64>,
    /// The strings of one ASCII character, and last the empty one.
    pub(super) short_strings: Vec<u64>,
}

impl Heap {
    /// Where compiled code finds the address of the next object.
    #[cfg(feature = "jit")]
    pub(crate) const CURSOR_AT: usize = std::mem::offset_of!(Heap, cursor);
    /// Where compiled code finds how far objects may reach without a call.
    #[cfg(feature = "jit")]
    pub(crate) const LIMIT_AT: usize = std::mem::offset_of!(Heap, limit);

    /// A heap for a program with these types.
    pub fn new(layouts: Rc<Layouts>, options: HeapOptions) -> Result<Heap, OutOfMemory> {
        let max_heap = options.max_heap.unwrap_or_else(default_max_heap);
        let nursery = Nursery::new().ok_or(OutOfMemory)?;
        let mut heap = Heap {
            cursor: nursery.first(),
            limit: nursery.first(),
            end: nursery.first(),
            layouts: Rc::default(),
            nursery,
            old: OldSpace::new(),
            spare: None,
            large: LargeBlocks::default(),
            marking: Marking::new(options.starve_lists),
            remembered: Remembered::new(options.stress.is_some())?,
            copied: Vec::new(),
            mark_trigger: FIRST_MARK,
            large_budget: LARGE_BUDGET,
            max_heap,
            roots: None,
            handles: Handles::default(),
            hosted: Hosted::default(),
            stats: Stats::default(),
            options,
            immortal: Vec::new(),
            statics: Vec::new(),
            short_strings: Vec::new(),
        };
        heap.set_layouts(layouts);
        Ok(heap)
    }

    /// Begins with another program: all objects go, and those of its types without fields are made.
    pub fn set_layouts(&mut self, layouts: Rc<Layouts>) {
        self.large = LargeBlocks::default();
        self.old = OldSpace::new();
        self.spare = None;
        self.marking = Marking::new(self.options.starve_lists);
        if self.remembered.pinned {
            self.nursery.unpin();
        }
        self.remembered.clear();
        self.mark_trigger = FIRST_MARK;
        self.handles = Handles::default();
        self.hosted = Hosted::default();
        self.immortal.clear();
        self.nursery.restart();
        self.set_cursor(self.nursery.first());
        self.limit_end();
        self.statics.clear();
        self.add_layouts(layouts);
        self.short_strings =
            (0..128u8).map(|byte| self.immortal_str(std::str::from_utf8(&[byte]).unwrap_or(""))).collect();
        let empty = self.immortal_str("");
        self.short_strings.push(empty);
    }

    /// Takes the types of a program that goes on with these objects: those of the program before come first.
    pub fn add_layouts(&mut self, layouts: Rc<Layouts>) {
        for index in self.statics.len()..layouts.len() {
            let layout = layouts.get(TypeId(index as u32));
            let is_static = layout.shape == Shape::Object && layout.fields.is_empty();
            let header = layout.header.with(Header::FIXED | Header::IMMORTAL).0;
            let object = if is_static { self.immortal(&[header]) } else { 0 };
            self.statics.push(object);
        }
        self.layouts = layouts;
    }

    /// How objects of the program's types lie.
    pub fn layouts(&self) -> &Layouts {
        &self.layouts
    }

    /// Says where the engine's references are.
    ///
    /// # Safety
    /// Until it is set again or the heap is dropped, `source.trace` may be called with `source.data` at any allocation.
    pub unsafe fn set_roots(&mut self, source: Option<RootSource>) {
        self.roots = source;
    }

    /// What happened so far.
    pub fn stats(&self) -> &Stats {
        &self.stats
    }

    /// Bytes that objects take now.
    pub fn used(&self) -> usize {
        self.nursery.used(self.cursor) + self.old.used() + self.large.bytes()
    }

    /// Whether the heap could hold an object of so many bytes were it empty.
    pub fn could_hold(&self, bytes: usize) -> bool {
        bytes <= self.max_heap
    }

    /// The one object of a type without fields; 0 where the type has fields.
    #[inline]
    pub fn static_object(&self, id: TypeId) -> u64 {
        self.statics.get(id.0 as usize).copied().unwrap_or(0)
    }

    /// A string that lives as long as the heap.
    pub fn immortal_str(&mut self, text: &str) -> u64 {
        let mut words = vec![0u64; STR_HEAD / 8 + text.len().div_ceil(8)];
        for (word, bytes) in words[STR_HEAD / 8..].iter_mut().zip(text.as_bytes().chunks(8)) {
            let mut padded = [0; 8];
            padded[..bytes.len()].copy_from_slice(bytes);
            *word = u64::from_ne_bytes(padded);
        }
        words[0] = Header::new(TypeId::STR, 0).with(Header::FIXED | Header::IMMORTAL).0;
        words[1] = text.len() as u64;
        let object = self.immortal(&words);
        // SAFETY: the words just stored are a string's head and its bytes.
        unsafe { (*(object as *mut Str)).data = (object as *mut u8).add(STR_HEAD) };
        object
    }

    fn immortal(&mut self, words: &[u64]) -> u64 {
        let mut block: Box<[u64]> = words.into();
        let address = block.as_mut_ptr() as u64;
        self.immortal.push(block);
        address
    }

    /// Room for an object of `size` bytes, a multiple of eight, where the fast path has it. The caller fills all of it.
    #[inline(always)]
    pub fn bump(&mut self, size: usize) -> Option<*mut u8> {
        let object = self.cursor;
        if size > self.limit as usize - object as usize {
            return None;
        }
        self.cursor = object.wrapping_add(size);
        Some(object)
    }

    /// Whether [`Heap::bump`] would give room.
    #[inline]
    pub(super) fn has_fast_room(&self, size: usize) -> bool {
        size <= self.limit as usize - self.cursor as usize
    }

    /// A new object of `size` bytes, a multiple of eight: its header is written, the rest is the caller's to
    /// fill before the next allocation.
    #[inline]
    pub fn allocate(&mut self, header: Header, size: usize) -> Result<*mut u8, OutOfMemory> {
        let Some(object) = self.bump(size) else { return self.allocate_slow(header, size) };
        // SAFETY: `bump` gives room for the header, aligned to eight.
        unsafe { object.cast::<Header>().write(header) };
        Ok(object)
    }

    /// As [`Heap::allocate`], where there may be no room without a collection.
    #[cold]
    #[inline(never)]
    pub fn allocate_slow(&mut self, header: Header, size: usize) -> Result<*mut u8, OutOfMemory> {
        if size > LARGE {
            self.make_room(0, size)?;
            return self.place_large(header, size, false);
        }
        self.make_room(size, 0)?;
        Ok(self.place(header, size))
    }

    /// Sees to it that `moving` bytes in the nursery and `large` bytes apart can be had without a collection.
    pub(super) fn make_room(&mut self, moving: usize, large: usize) -> Result<(), OutOfMemory> {
        self.make_room_after(moving, large, false)
    }

    /// As [`Heap::make_room`]; where that is asked for, all objects are old then.
    pub(super) fn make_room_after(
        &mut self,
        moving: usize,
        large: usize,
        settled: bool,
    ) -> Result<(), OutOfMemory> {
        self.stats.allocations += 1;
        if self.options.fail_allocation == Some(self.stats.allocations) {
            return Err(OutOfMemory);
        }
        let stressed = self
            .options
            .stress
            .is_some_and(|every| self.stats.allocations.is_multiple_of(u64::from(every.max(1))));
        if stressed || self.remembered.is_due() || settled && self.has_young() {
            return self.collect(moving, large);
        }
        while !self.has_room(moving, large) {
            if !self.has_room(0, large) || !self.nursery.advance() {
                return self.collect(moving, large);
            }
            self.begin_block();
        }
        Ok(())
    }

    /// Whether there are objects that no collection has seen.
    fn has_young(&self) -> bool {
        self.nursery.used(self.cursor) > 0 || self.large.has_young()
    }

    fn has_room(&self, moving: usize, large: usize) -> bool {
        let more = |bytes: usize| bytes.checked_add(large);
        moving <= self.end as usize - self.cursor as usize
            && (large == 0
                || more(self.large.fresh()).is_some_and(|fresh| fresh <= self.large_budget)
                    && more(self.used() + moving).is_some_and(|used| used <= self.max_heap))
    }

    /// Puts an object into the nursery, which has room for it.
    pub(super) fn place(&mut self, header: Header, size: usize) -> *mut u8 {
        let object = self.cursor;
        debug_assert!(size <= self.end as usize - object as usize);
        self.set_cursor(object.wrapping_add(size));
        // SAFETY: `make_room` saw to it that there are so many bytes left in the nursery.
        unsafe { object.cast::<Header>().write(header) };
        object
    }

    /// Makes a large block, for which there is room.
    pub(super) fn place_large(
        &mut self,
        header: Header,
        size: usize,
        zeroed: bool,
    ) -> Result<*mut u8, OutOfMemory> {
        let block = self.large.allocate(size, zeroed, self.marking.epoch).ok_or(OutOfMemory)?;
        // SAFETY: the block begins with its header.
        unsafe { block.cast::<Header>().write(header.with(Header::FIXED)) };
        self.limit_end();
        Ok(block)
    }

    /// Lets the nursery reach as far as the limit of the heap allows beside everything else.
    pub(super) fn limit_end(&mut self) {
        let most = self.max_heap.saturating_sub(self.old.used() + self.large.bytes()) & !7;
        self.end = self.nursery.end(most).max(self.cursor);
        self.set_cursor(self.cursor);
    }

    /// Goes on in the block that the nursery has gone to.
    pub(super) fn begin_block(&mut self) {
        self.cursor = self.nursery.first();
        self.limit_end();
    }

    /// Has the next allocation come to `make_room`.
    pub(super) fn stop_fast_path(&mut self) {
        self.limit = self.cursor;
    }

    /// Where the next object goes.
    pub(super) fn cursor(&self) -> *mut u8 {
        self.cursor
    }

    /// Continues at an address, within the limits of now.
    pub(super) fn set_cursor(&mut self, cursor: *mut u8) {
        self.cursor = cursor;
        let HeapOptions { stress, stats, fail_allocation, .. } = self.options;
        let every_call_counts = stats || stress.is_some() || fail_allocation.is_some();
        self.limit = if every_call_counts { cursor } else { self.end };
    }
}

/// Half of the machine's memory.
fn default_max_heap() -> usize {
    // SAFETY: `sysconf` only reads.
    let (pages, page) = unsafe { (libc::sysconf(libc::_SC_PHYS_PAGES), libc::sysconf(libc::_SC_PAGESIZE)) };
    match (usize::try_from(pages), usize::try_from(page)) {
        (Ok(pages), Ok(page)) if pages > 0 => pages.saturating_mul(page) / 2,
        _ => usize::MAX / 4,
    }
}

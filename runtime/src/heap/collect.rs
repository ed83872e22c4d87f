//! When to collect, and how a collection goes.
//!
//! Each collection empties the nursery: what is reachable from roots and remembered objects is copied into the old space. When the
//! old space has grown enough, a marking of it begins with a collection, goes on for a bounded while in each further one, and ends
//! in the first that leaves nothing to be looked at; then what is not marked is swept. A collection sees all roots and all objects
//! changed since the one before, so that none that the program can still reach escapes a marking.

use super::allocate::{Heap, OutOfMemory};
use super::nursery::Nursery;
use super::object::Header;
use super::old::{BLOCK, OldSpace};
use super::pauses::{Pause, Stopwatch};
use super::trace::{Parts, Reach, Tracer};

/// The least that must come to be in use before a marking begins.
const LEAST_GROWTH: usize = 16 << 20;
/// Bytes of the smallest object that refers to others.
const LEAST_OBJECT: usize = 16;
/// How much is marked in a collection at least, and at most, in bytes looked at; and where it takes long until the end.
const MARK_LEAST: usize = 1 << 20;
const MARK_MOST: usize = 5 << 20;
const MARK_LATE: usize = 8 << 20;
/// How much may be made in large blocks between two collections at least.
pub(super) const LARGE_BUDGET: usize = 8 << 20;
/// Under stress, how many collections make a round, and from which one on they mark instead of moving everything.
const ROUND: u64 = 32;
const MARK_FROM: u64 = 16;

/// How a collection that has reached all it can tells which small objects survive it.
pub(super) enum Survivors {
    /// Those in the nursery, of this address and size, that were copied; all old ones.
    Young(u64, u64),
    /// Those in the nursery, of this address and size, that became old where they are; all old ones.
    Kept(u64, u64),
    /// Those that are marked with this parity; none is young.
    Marked(u64),
    /// Those that were copied.
    Moved,
}

impl Survivors {
    /// Where an object is from now on; nothing where it did not survive.
    ///
    /// # Safety
    /// `object` was alive before the collection, and is not large.
    pub(super) unsafe fn address(&self, object: u64) -> Option<u64> {
        // SAFETY: what objects were is overwritten only after this.
        let header = unsafe { *(object as *const Header) };
        let survives = match *self {
            Survivors::Young(nursery, size) | Survivors::Kept(nursery, size)
                if object.wrapping_sub(nursery) >= size =>
            {
                return Some(object);
            }
            Survivors::Kept(..) => return header.has(Header::BARRIER).then_some(object),
            Survivors::Marked(parity) => return (header.0 & Header::PARITY == parity).then_some(object),
            Survivors::Young(..) | Survivors::Moved => header.has(Header::FORWARDED),
        };
        survives.then(|| header.without(Header::FORWARDED).0)
    }
}

impl Heap {
    /// Collects, so that then there is room for `moving` bytes in the nursery and `large` bytes apart.
    pub(super) fn collect(&mut self, moving: usize, large: usize) -> Result<(), OutOfMemory> {
        let watch = Stopwatch::start(self.options.stats);
        let (major, whole) = (self.stats.major, self.stats.whole);
        let result = self.collect_for(moving, large);
        let kind = if self.stats.whole > whole {
            Pause::Whole
        } else if self.stats.major > major {
            Pause::Sweep
        } else if self.marking.active {
            Pause::Marking
        } else {
            Pause::Nursery
        };
        self.stats.pauses.add(kind, watch);
        result
    }

    fn collect_for(&mut self, moving: usize, large: usize) -> Result<(), OutOfMemory> {
        let round = self.stats.collections % ROUND;
        self.stats.collections += 1;
        if self.options.stress.is_none() {
            let due = self.old.used().saturating_add(self.large.bytes()) >= self.mark_trigger;
            self.collect_young(due, None)?;
        } else if round < MARK_FROM {
            self.move_everything()?;
        } else {
            self.collect_young(round == MARK_FROM, Some(if round + 1 == ROUND { usize::MAX } else { 256 }))?;
        }
        #[cfg(debug_assertions)]
        if self.options.stress.is_some() {
            self.verify();
        }
        self.stats.live_peak = self.stats.live_peak.max(self.used());
        if !self.fits(moving, large) {
            if self.marking.active {
                self.stats.whole += 1;
                self.mark_on(usize::MAX);
            }
            if !self.fits(moving, large) {
                self.mark_all();
            }
        }
        self.limit_end();
        self.large_budget = LARGE_BUDGET.max(self.used() / 4).max(large);
        if self.fits(moving, large) { Ok(()) } else { Err(OutOfMemory) }
    }

    /// Finds everything that cannot be reached, and leaves room for new objects.
    pub(super) fn collect_whole(&mut self) -> Result<(), OutOfMemory> {
        let watch = Stopwatch::start(self.options.stats);
        self.stats.collections += 1;
        self.collect_young(false, Some(usize::MAX))?;
        self.mark_all();
        self.limit_end();
        self.stats.pauses.add(Pause::Whole, watch);
        Ok(())
    }

    /// Whether there may be so much more.
    fn fits(&self, moving: usize, large: usize) -> bool {
        let more = moving.checked_add(large).and_then(|more| more.checked_add(self.used()));
        more.is_some_and(|total| total <= self.max_heap) && moving <= Nursery::BLOCK_ROOM
    }

    /// Empties the nursery; begins to mark where that is due, and marks on, by default as much as has become old needs.
    fn collect_young(&mut self, due: bool, work: Option<usize>) -> Result<(), OutOfMemory> {
        let next = self.reserve_for_young()?;
        let reach = if next.is_some() { Reach::InPlace } else { Reach::Young };
        if due && !self.marking.active {
            self.marking.start();
        }
        let before = self.old.used();
        let grown = self.large.fresh();
        self.trace(reach);
        let nursery = (self.nursery.start() as u64, self.nursery.capacity() as u64);
        self.hosted.keep(&match reach {
            Reach::InPlace => Survivors::Kept(nursery.0, nursery.1),
            _ => Survivors::Young(nursery.0, nursery.1),
        });
        // SAFETY: all that can be reached was.
        unsafe { self.large.age() };
        match next {
            Some(next) => {
                let full = std::mem::replace(&mut self.nursery, next);
                self.old.adopt(full.into_space());
                self.begin_block();
            }
            None => self.empty_nursery(),
        }
        let promoted = self.old.used() - before;
        self.stats.copied += promoted as u64;
        if self.marking.active {
            let late = self.old.used() + self.large.bytes() > self.mark_trigger.saturating_mul(3) / 2;
            let most = if late { MARK_LATE } else { MARK_MOST };
            self.mark_on(work.unwrap_or((MARK_LEAST + 3 * (promoted + grown)).min(most)));
        }
        Ok(())
    }

    /// Sees to it that a collection needs no memory. Gives the next nursery, where this one becomes old as it is.
    fn reserve_for_young(&mut self) -> Result<Option<Nursery>, OutOfMemory> {
        self.reserve_copied(self.nursery.used(self.cursor()))?;
        if self.remembered.pinned {
            let blocks = self.nursery.capacity() / BLOCK;
            let next = self.old.reserve_lists(blocks).then(Nursery::new).flatten();
            return next.ok_or(OutOfMemory).map(Some);
        }
        if self.old.reserve(self.nursery.used(self.cursor())) { Ok(None) } else { Err(OutOfMemory) }
    }

    /// Sees to it that all objects of so many bytes, and all young large ones, could be listed.
    fn reserve_copied(&mut self, bytes: usize) -> Result<(), OutOfMemory> {
        let most = bytes / LEAST_OBJECT + self.large.young_count();
        self.copied.try_reserve(most).map_err(|_| OutOfMemory)
    }

    /// Moves what is young and reachable, or all that is reachable, into the old space or what takes its place.
    fn trace(&mut self, reach: Reach) {
        let everything = reach == Reach::Everything;
        let layouts = self.layouts.clone();
        let nursery = (self.nursery.start(), self.nursery.capacity());
        let parts = Parts {
            layouts: &layouts,
            nursery,
            old: &mut self.old,
            large: &mut self.large,
            marking: &mut self.marking,
            copied: &mut self.copied,
        };
        let mut tracer = Tracer::with(parts, reach);
        // SAFETY: `set_roots` was promised that this call is possible at every allocation; remembered objects are old, and
        // there was room reserved for what is copied.
        unsafe {
            if !everything {
                for object in &self.remembered.objects {
                    // Young arrays with settled stores may be in the list; who reaches them sees to them.
                    if !tracer.is_young(*object as u64) {
                        tracer.remembered(*object);
                    }
                }
                tracer.remembered_slots(&self.remembered.slots);
            }
            if self.remembered.pinned {
                tracer.pinned();
            }
            self.remembered.clear();
            if let Some(source) = self.roots {
                (source.trace)(source.data, &mut tracer);
            }
            self.handles.trace(&mut tracer);
            tracer.finish();
        }
    }

    /// Marks on, for about so many bytes; where nothing is left, sweeps. The nursery is empty.
    fn mark_on(&mut self, work: usize) {
        let layouts = self.layouts.clone();
        let parts = Parts {
            layouts: &layouts,
            nursery: (self.nursery.start(), 0),
            old: &mut self.old,
            large: &mut self.large,
            marking: &mut self.marking,
            copied: &mut self.copied,
        };
        // SAFETY: the nursery is empty; roots, and what changed, were shown in this collection.
        let done = unsafe { Tracer::new(parts).mark_some(work) };
        if !done {
            return;
        }
        debug_assert!(self.large.is_queue_empty());
        self.marking.stop();
        self.stats.major += 1;
        self.hosted.keep(&Survivors::Marked(self.marking.parity()));
        // SAFETY: everything that can be reached is marked, and no large block is young.
        unsafe {
            self.large.sweep(self.marking.epoch);
            self.old.sweep(self.marking.epoch, self.marking.live, self.options.stress.is_some());
        }
        self.set_mark_trigger();
    }

    /// Marks an object, while a marking is under way.
    ///
    /// # Safety
    /// `object` is a live object that is not young.
    pub(super) unsafe fn mark_one(&mut self, object: u64) {
        let layouts = self.layouts.clone();
        let nursery = (self.nursery.start(), self.nursery.capacity());
        let parts = Parts {
            layouts: &layouts,
            nursery,
            old: &mut self.old,
            large: &mut self.large,
            marking: &mut self.marking,
            copied: &mut self.copied,
        };
        let mut slot = object;
        // SAFETY: as promised, so that nothing is copied.
        unsafe { Tracer::new(parts).slot(&raw mut slot) };
    }

    /// A whole marking at once. The nursery is empty.
    fn mark_all(&mut self) {
        self.stats.whole += 1;
        self.marking.start();
        self.trace(Reach::Young);
        self.mark_on(usize::MAX);
    }

    /// Copies all that is reachable and not large into a new old space. It needs memory for a second copy; only stress asks for it.
    fn move_everything(&mut self) -> Result<(), OutOfMemory> {
        let mut to = self.spare.take().unwrap_or_else(OldSpace::new);
        let bytes = self.used() - self.large.bytes();
        if !to.reserve(bytes) {
            return Err(OutOfMemory);
        }
        self.reserve_copied(bytes)?;
        self.marking.stop();
        self.large.forget_queue();
        let mut from = std::mem::replace(&mut self.old, to);
        self.trace(Reach::Everything);
        self.hosted.keep(&Survivors::Moved);
        // SAFETY: all that can be reached was, and what moves was copied.
        unsafe {
            from.spoil();
            self.large.keep_reached();
        }
        self.spare = Some(from);
        self.stats.copied += self.old.used() as u64;
        self.empty_nursery();
        self.set_mark_trigger();
        Ok(())
    }

    fn set_mark_trigger(&mut self) {
        let live = self.old.used() + self.large.bytes();
        self.mark_trigger = live + LEAST_GROWTH.max(live / 4 * 3);
    }

    /// Begins the nursery anew. Under stress it is spoilt, so that a stale address shows.
    fn empty_nursery(&mut self) {
        if self.options.stress.is_some() {
            // SAFETY: nothing lives in the nursery any more.
            unsafe { self.nursery.spoil(self.cursor()) };
        }
        self.nursery.restart();
        self.begin_block();
    }
}

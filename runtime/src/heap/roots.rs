//! What keeps objects alive: the engine's frames and globals, and the slots that host code holds.

use std::marker::PhantomData;

use super::object::Array;

pub use super::trace::Tracer;

/// How the collector finds the references of the engine: stack frames and globals.
#[derive(Clone, Copy, Debug)]
pub struct RootSource {
    /// What `trace` is given.
    pub data: *const (),
    /// Calls [`Tracer::slot`] for every slot outside the heap that holds a reference. It must not reach the heap itself.
    pub trace: unsafe fn(*const (), &mut Tracer<'_>),
}

/// A slot that the collector knows and rewrites; `T` says what kind of object it refers to.
///
/// It is valid during `'s`: the run of one native, or one scope of an embedding host. Contents are looked at
/// through the heap, so that no address can be kept across an allocation.
#[derive(Debug)]
pub struct Root<'s, T> {
    slot: *mut u64,
    scope: PhantomData<(&'s (), T)>,
}

impl<T> Clone for Root<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Root<'_, T> {}

impl<T> Root<'_, T> {
    /// Makes a root of a slot.
    ///
    /// # Safety
    /// During `'s` the slot exists, the collector traces it, and it holds the address of an object that `T` stands for.
    #[inline]
    pub(crate) unsafe fn new(slot: *mut u64) -> Self {
        Root { slot, scope: PhantomData }
    }

    /// The address of the object, good until the next allocation.
    #[inline]
    pub(crate) fn address(self) -> u64 {
        // SAFETY: `new` was promised that the slot exists as long as this value does.
        unsafe { *self.slot }
    }
}

impl<'s, T> Root<'s, T> {
    /// The slot itself.
    #[inline]
    pub(super) fn slot(self) -> *mut u64 {
        self.slot
    }

    /// The same object under another kind, which it must be of too.
    #[inline]
    pub(super) fn cast<U>(self) -> Root<'s, U> {
        Root { slot: self.slot, scope: PhantomData }
    }

    /// The head of the array, which `T` must stand for.
    #[inline]
    pub(super) fn array(&self) -> &Array {
        // SAFETY: `new` was promised that the slot holds such an object.
        unsafe { &*(*self.slot as *const Array) }
    }
}

/// An element's value in a slot that the collector knows: a number, or a reference that it rewrites.
#[derive(Clone, Copy, Debug)]
pub struct Elem<'s> {
    slot: *const u64,
    scope: PhantomData<&'s ()>,
}

impl Elem<'_> {
    /// Makes an element's value of a slot.
    ///
    /// # Safety
    /// During `'s` the slot exists, and the collector traces it where it holds a reference.
    #[inline]
    pub(crate) unsafe fn new(slot: *const u64) -> Self {
        Elem { slot, scope: PhantomData }
    }

    /// The value as a register holds it; an address is good until the next allocation.
    #[inline]
    pub(crate) fn word(self) -> u64 {
        // SAFETY: `new` was promised that the slot exists as long as this value does.
        unsafe { *self.slot }
    }
}

/// How many slots a chunk of handles has.
const CHUNK: usize = 128;

/// A stack of slots for host code. Slots never move, so a [`Root`] is the address of one.
#[derive(Debug)]
pub(super) struct Handles {
    /// The first slots, which are nearly always enough.
    first: Box<[u64; CHUNK]>,
    #[expect(
        clippy::vec_box,
        reason = "the addresses of slots must not change when the list of chunks grows"
    )]
    others: Vec<Box<[u64; CHUNK]>>,
    depth: usize,
}

impl Default for Handles {
    fn default() -> Handles {
        Handles { first: Box::new([0; CHUNK]), others: Vec::new(), depth: 0 }
    }
}

impl Handles {
    /// Puts an object's address into a new slot.
    #[inline]
    pub(super) fn push(&mut self, word: u64) -> *mut u64 {
        let depth = self.depth;
        self.depth += 1;
        let slot = match self.first.get_mut(depth) {
            Some(slot) => slot,
            None => other(&mut self.others, depth - CHUNK),
        };
        *slot = word;
        slot
    }

    /// How many slots are in use.
    #[inline]
    pub(super) fn depth(&self) -> usize {
        self.depth
    }

    /// Drops the slots above a depth.
    #[inline]
    pub(super) fn truncate(&mut self, depth: usize) {
        self.depth = depth;
    }

    /// Shows the slots in use to the collector.
    pub(super) fn trace(&mut self, tracer: &mut Tracer<'_>) {
        let slots = self.first.iter_mut().chain(self.others.iter_mut().flat_map(|chunk| chunk.iter_mut()));
        for slot in slots.take(self.depth) {
            // SAFETY: slots in use hold addresses of live objects.
            unsafe { tracer.slot(slot) };
        }
    }
}

/// A slot beyond the first chunk.
#[cold]
#[expect(clippy::vec_box, reason = "as for the list itself")]
fn other(chunks: &mut Vec<Box<[u64; CHUNK]>>, index: usize) -> &mut u64 {
    if index / CHUNK == chunks.len() {
        chunks.push(Box::new([0; CHUNK]));
    }
    &mut chunks[index / CHUNK][index % CHUNK]
}

//! The heap: how objects lie in memory, how they are made, and how those no longer reachable are found.
//!
//! New objects are put into a nursery; those that survive a collection move into the old space (`collect.rs`, `trace.rs`), which is
//! marked in steps and swept (`old.rs`). What takes more than [`LARGE`] bytes lives apart and never moves (`large.rs`); string constants
//! and objects without fields live as long as the heap. Who stores a reference into an object may have to tell the heap (`remember.rs`).
//! Host code never keeps the address of an object across an allocation: it holds a [`Root`], a slot that the collector
//! rewrites, and looks at contents through a borrow of the heap, which no allocation can happen under.

mod allocate;
mod arrays;
mod collect;
mod elements;
mod hosted;
mod large;
mod layout;
mod marking;
mod nursery;
mod object;
mod old;
mod pauses;
mod remember;
mod roots;
mod scope;
mod space;
mod storage;
mod strings;
#[cfg(test)]
mod tests;
mod trace;
#[cfg(debug_assertions)]
mod verify;

pub use allocate::{Heap, HeapOptions, LARGE, OutOfMemory, Stats};
pub use elements::{Elements, Key};
pub use layout::{FieldAt, Layout, Layouts, Shape};
pub(crate) use object::has_barrier;
pub use object::{
    ARRAY_DATA, ARRAY_LEN, ARRAY_SIZE, Array, FIELDS_AT, HEADER_SIZE, Header, STORE_CAPACITY, Str, str_bytes,
    str_compare, str_equal, type_of, variant_tag,
};
pub use pauses::{Durations, Pause, Pauses};
pub use roots::{Elem, Root, RootSource, Tracer};
pub use scope::{AnyArray, Bytes, Chars, Scope, Strings, Text, Words};
pub use storage::{read, size_of, write};
#[cfg(feature = "jit")]
pub(crate) use trace::is_reference;

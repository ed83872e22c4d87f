//! The heap: how objects lie in memory, how they are made, and how those no longer reachable are found.
//!
//! Objects of a program live in a moving space and are collected by copying (`collect.rs`); blocks over [`LARGE`] bytes live apart
//! and stay where they are (`large.rs`); string constants and objects without fields live as long as the heap.
//! Host code never keeps the address of an object across an allocation: it holds a [`Root`], a slot that the collector
//! rewrites, and looks at contents through a borrow of the heap, which no allocation can happen under.

mod allocate;
mod arrays;
mod collect;
mod elements;
mod large;
mod layout;
mod object;
mod roots;
mod scope;
mod space;
mod storage;
mod strings;
#[cfg(test)]
mod tests;

pub use allocate::{Heap, HeapOptions, LARGE, OutOfMemory, Stats};
pub use elements::{Elements, ElementsMut, Key};
pub use layout::{FieldAt, Layout, Layouts, Shape};
pub use object::{
    ARRAY_DATA, ARRAY_LEN, ARRAY_SIZE, Array, FIELDS_AT, HEADER_SIZE, Header, STORE_CAPACITY, Str, str_bytes,
    str_compare, str_equal, type_of, variant_tag,
};
pub use roots::{Elem, Root, RootSource, Tracer};
pub use scope::{AnyArray, Bytes, Chars, Scope, Strings, Text, Words};
pub use storage::{read, size_of, write};

//! Source files and places in them.
//!
//! All files of one compilation share one space of byte positions, as in rustc: a file occupies
//! `base .. base + len`, so that a [`Span`] is eight bytes and names its file by itself.

mod span;

pub use span::Span;

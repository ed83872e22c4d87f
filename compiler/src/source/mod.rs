//! Source files and places in them.
//!
//! All files of one compilation share one space of byte positions, as in rustc: a file occupies
//! `base .. base + len`, so that a [`Span`] is eight bytes and names its file by itself. Lines end
//! with `\n` or `\r\n`; lines and columns count from 1, columns in characters.

mod file;
mod files;
mod map;
mod span;

pub use file::SourceFile;
pub use files::{Disk, FileSystem, Memory};
pub use map::{FileId, Location, SourceMap, TooLarge};
pub use span::Span;

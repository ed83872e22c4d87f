//! All files of one compilation, and the way from a [`Span`] to file, line and column.

use std::sync::Arc;

use super::{SourceFile, Span};

/// Positions stay below this, so that arithmetic on them cannot overflow.
const MAX_POSITION: u64 = 1 << 31;

/// Which file of a [`SourceMap`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// The sources do not fit into the position space (2 GiB).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLarge;

/// A place as people read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Location<'a> {
    /// The file's path as given.
    pub path: &'a str,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1, in characters.
    pub column: u32,
}

impl std::fmt::Display for Location<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}:{}", self.path, self.line, self.column)
    }
}

/// The files of one compilation, in the order in which they were added.
///
/// Position 0 is in no file, so that `Span::default()` means "no place".
#[derive(Debug, Default)]
pub struct SourceMap {
    files: Vec<Arc<SourceFile>>,
}

impl SourceMap {
    /// A map without files.
    pub fn new() -> SourceMap {
        SourceMap::default()
    }

    /// Adds a file after the others and gives it its positions.
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<String>) -> Result<FileId, TooLarge> {
        let (path, text) = (path.into(), text.into());
        let base = self.files.last().map_or(1, |file| file.span().hi + 1);
        if u64::from(base) + text.len() as u64 >= MAX_POSITION {
            return Err(TooLarge);
        }
        self.files.push(Arc::new(SourceFile::new(path, text, base)));
        Ok(FileId(self.files.len() as u32 - 1))
    }

    /// A file of this map.
    pub fn file(&self, id: FileId) -> &Arc<SourceFile> {
        &self.files[id.0 as usize]
    }

    /// All files, in order.
    pub fn files(&self) -> &[Arc<SourceFile>] {
        &self.files
    }

    /// The file that holds a position.
    pub fn file_id_at(&self, position: u32) -> Option<FileId> {
        let index = self.files.partition_point(|file| file.base() <= position).checked_sub(1)?;
        self.files[index].contains(position).then_some(FileId(index as u32))
    }

    /// The file that holds the beginning of a place.
    pub fn file_of(&self, span: Span) -> Option<&SourceFile> {
        self.file_id_at(span.lo).map(|id| &**self.file(id))
    }

    /// File, line and column of the beginning of a place.
    pub fn locate(&self, span: Span) -> Option<Location<'_>> {
        let file = self.file_of(span)?;
        let (line, column) = file.line_column(span.lo);
        Some(Location { path: file.path(), line, column })
    }

    /// The text of a place; empty for a place in no file.
    pub fn text(&self, span: Span) -> &str {
        self.file_of(span).map_or("", |file| file.slice(span))
    }
}

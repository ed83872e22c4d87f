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

#[cfg(test)]
mod tests {
    use super::{FileId, SourceMap};
    use crate::source::Span;

    /// `path:line:column` of a position.
    fn at(map: &SourceMap, position: u32) -> String {
        map.locate(Span::new(position, position)).map_or("nowhere".to_string(), |place| place.to_string())
    }

    #[test]
    fn positions_lead_to_files_lines_and_columns() {
        let mut map = SourceMap::new();
        map.add("a", "x\r\ngröße y\n").unwrap();
        map.add("empty", "").unwrap();
        map.add("b", "\u{feff}z").unwrap();
        assert_eq!(at(&map, 0), "nowhere");
        assert_eq!(at(&map, 1), "a:1:1");
        assert_eq!(at(&map, 2), "a:1:2");
        // `y` is behind two characters of two bytes.
        assert_eq!(at(&map, 1 + 3 + 8), "a:2:7");
        // Inside of a character counts as its first byte.
        assert_eq!(at(&map, 1 + 3 + 3), at(&map, 1 + 3 + 2));
        let end = map.file(FileId(0)).span().hi;
        assert_eq!(at(&map, end), "a:3:1");
        assert_eq!(at(&map, end + 1), "empty:1:1");
        assert_eq!(at(&map, end + 2), "b:1:1");
        assert_eq!(at(&map, end + 3), "b:1:2");
        assert_eq!(at(&map, end + 4), "nowhere");
        assert_eq!(at(&map, u32::MAX), "nowhere");
        assert_eq!(map.file(FileId(2)).disk_offset(end + 2), 3);
    }

    #[test]
    fn lines_are_found_in_any_order() {
        let mut map = SourceMap::new();
        let id = map.add("a", "ab\n".repeat(100)).unwrap();
        let file = map.file(id);
        let positions = (0..=300).chain((0..=300).rev()).chain((0..=300).map(|at| at * 97 % 301));
        for offset in positions {
            assert_eq!(file.line_column(file.base() + offset), (offset / 3 + 1, offset % 3 + 1));
        }
    }

    #[test]
    fn lines_have_no_ends() {
        let mut map = SourceMap::new();
        map.add("a", "one\r\ntwo\n\nfour").unwrap();
        let file = map.file(FileId(0));
        let lines: Vec<&str> = (0..=file.line_count() + 1).map(|line| file.line_text(line)).collect();
        assert_eq!(lines, ["", "one", "two", "", "four", ""]);
        assert_eq!(map.text(Span::new(6, 9)), "two");
        assert_eq!(map.text(Span::new(9, 6)), "");
        assert_eq!(map.text(Span::new(0, 6)), "");
    }
}

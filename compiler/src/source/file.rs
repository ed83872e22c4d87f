//! One source file: its text, where it stands in the shared position space, and its lines.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use super::Span;

/// The byte order mark that some editors put before UTF-8 text.
const BOM: &str = "\u{feff}";

/// How many lines are looked at one by one before the index is searched.
const NEAR: usize = 8;

/// A file's text with its place in the position space of the compilation.
#[derive(Debug)]
pub struct SourceFile {
    path: String,
    text: Box<str>,
    base: u32,
    skipped: u32,
    line_starts: OnceLock<Box<[u32]>>,
    /// The line that was asked for last, from 0: the next one is near it, as a rule.
    last_line: AtomicU32,
}

impl SourceFile {
    /// A file at `base`. A byte order mark is dropped; it counts in [`SourceFile::disk_offset`] only.
    pub(super) fn new(path: String, text: String, base: u32) -> SourceFile {
        let (text, skipped) = match text.strip_prefix(BOM) {
            Some(rest) => (rest.into(), BOM.len() as u32),
            None => (text.into_boxed_str(), 0),
        };
        SourceFile { path, text, base, skipped, line_starts: OnceLock::new(), last_line: AtomicU32::new(0) }
    }

    /// The path as the user or an `import` gave it: what errors print.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The whole text, without a byte order mark.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The position of the first byte.
    pub fn base(&self) -> u32 {
        self.base
    }

    /// The place of the whole text.
    pub fn span(&self) -> Span {
        Span::new(self.base, self.base + self.text.len() as u32)
    }

    /// Whether a position is in this file; the position after the last byte is.
    pub fn contains(&self, position: u32) -> bool {
        (self.base..=self.base + self.text.len() as u32).contains(&position)
    }

    /// The text of a place, cut to this file and to whole characters.
    pub fn slice(&self, span: Span) -> &str {
        let lo = self.text_offset(span.lo);
        let hi = self.text_offset(span.hi).max(lo);
        &self.text[lo..hi]
    }

    /// The offset of a position in [`SourceFile::text`], moved back to the start of a character.
    pub fn text_offset(&self, position: u32) -> usize {
        let offset = position.saturating_sub(self.base) as usize;
        self.text.floor_char_boundary(offset)
    }

    /// The offset of a position in the file as it is stored, which may begin with a byte order mark.
    pub fn disk_offset(&self, position: u32) -> usize {
        self.text_offset(position) + self.skipped as usize
    }

    /// The line (from 1) and the column (from 1, in characters) of a position.
    pub fn line_column(&self, position: u32) -> (u32, u32) {
        let offset = self.text_offset(position);
        let line = self.line_index(offset);
        let start = self.line_starts()[line] as usize;
        (line as u32 + 1, self.text[start..offset].chars().count() as u32 + 1)
    }

    /// The line (from 1) of a position.
    pub fn line(&self, position: u32) -> u32 {
        self.line_index(self.text_offset(position)) as u32 + 1
    }

    /// The position where a line (from 1) begins; the end of the text for a line that is not there.
    pub fn line_start(&self, line: u32) -> u32 {
        let start = (line as usize).checked_sub(1).and_then(|index| self.line_starts().get(index));
        self.base + start.copied().unwrap_or(self.text.len() as u32)
    }

    /// The text of a line (from 1) without its line end; empty for a line that is not there.
    pub fn line_text(&self, line: u32) -> &str {
        let starts = self.line_starts();
        let Some(&start) = (line as usize).checked_sub(1).and_then(|index| starts.get(index)) else {
            return "";
        };
        let end = starts.get(line as usize).map_or(self.text.len(), |&next| next as usize);
        let text = &self.text[start as usize..end];
        let text = text.strip_suffix('\n').unwrap_or(text);
        text.strip_suffix('\r').unwrap_or(text)
    }

    /// How many lines there are; a text that ends with a line end has an empty last line.
    pub fn line_count(&self) -> u32 {
        self.line_starts().len() as u32
    }

    /// The line of an offset, from 0.
    fn line_index(&self, offset: usize) -> usize {
        let starts = self.line_starts();
        let last = self.last_line.load(Ordering::Relaxed) as usize;
        let near = &starts[last..starts.len().min(last + NEAR)];
        let line = match near.iter().rposition(|&start| start as usize <= offset) {
            Some(found) if found + 1 < near.len() => last + found,
            _ => starts.partition_point(|&start| start as usize <= offset) - 1,
        };
        self.last_line.store(line as u32, Ordering::Relaxed);
        line
    }

    fn line_starts(&self) -> &[u32] {
        self.line_starts.get_or_init(|| {
            let ends = self.text.bytes().enumerate().filter(|&(_, byte)| byte == b'\n');
            std::iter::once(0).chain(ends.map(|(offset, _)| offset as u32 + 1)).collect()
        })
    }
}

//! Standard input, read in large pieces.

use std::fmt;
use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::os::fd::AsFd;

/// How much is asked of the system at once.
const PIECE: usize = 64 << 10;

/// A program's input stream.
pub struct Input {
    source: Box<dyn Read + Send>,
    /// What was read; the bytes from `start` to `end` were not yet taken.
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    /// How many lines were taken.
    lines: u64,
}

impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Input").field("lines", &self.lines).finish_non_exhaustive()
    }
}

impl Input {
    /// Standard input of this process.
    pub fn of_process() -> Input {
        match io::stdin().as_fd().try_clone_to_owned() {
            Ok(descriptor) => Input::new(Box::new(File::from(descriptor))),
            Err(_) => Input::new(Box::new(io::empty())),
        }
    }

    /// Input from a source.
    pub fn new(source: Box<dyn Read + Send>) -> Input {
        Input { source, buffer: Vec::new(), start: 0, end: 0, lines: 0 }
    }

    /// How many lines were taken so far.
    pub(super) fn lines(&self) -> u64 {
        self.lines
    }

    /// Whether taking a line or bytes may have to wait for someone.
    pub(super) fn may_wait(&self) -> bool {
        memchr::memchr(b'\n', &self.buffer[self.start..self.end]).is_none()
    }

    /// The next line without its end; `None` at the end of input.
    pub(super) fn line(&mut self) -> io::Result<Option<&[u8]>> {
        let mut searched = self.start;
        let (line, next) = loop {
            if let Some(at) = memchr::memchr(b'\n', &self.buffer[searched..self.end]) {
                break (self.start..searched + at, searched + at + 1);
            }
            let before = self.end - self.start;
            if self.fill(PIECE)? == 0 {
                if before == 0 {
                    return Ok(None);
                }
                break (self.start..self.end, self.end);
            }
            searched = self.start + before;
        };
        self.start = next;
        self.lines += 1;
        let line = &self.buffer[line];
        Ok(Some(line.strip_suffix(b"\r").unwrap_or(line)))
    }

    /// Everything that is left.
    pub(super) fn rest(&mut self) -> io::Result<&[u8]> {
        let mut piece = PIECE;
        while self.fill(piece)? > 0 {
            piece = piece.max(self.end - self.start);
        }
        let rest = self.start..self.end;
        self.start = self.end;
        Ok(&self.buffer[rest])
    }

    /// Gives up the memory of what was taken.
    pub(super) fn forget(&mut self) {
        if self.start == self.end && self.buffer.len() > 4 * PIECE {
            (self.buffer, self.start, self.end) = (Vec::new(), 0, 0);
        }
    }

    /// Up to `most` bytes, at least one unless the input has ended.
    pub(super) fn bytes(&mut self, most: usize) -> io::Result<&[u8]> {
        if self.start == self.end && most > 0 {
            self.fill(PIECE)?;
        }
        let taken = self.start..self.end.min(self.start.saturating_add(most));
        self.start = taken.end;
        Ok(&self.buffer[taken])
    }

    /// Reads up to `piece` bytes more behind those not yet taken. Gives how many it were.
    fn fill(&mut self, piece: usize) -> io::Result<usize> {
        if self.start > 0 {
            self.buffer.copy_within(self.start..self.end, 0);
            (self.start, self.end) = (0, self.end - self.start);
        }
        if self.buffer.len() < self.end + piece {
            let more = self.end + piece - self.buffer.len();
            self.buffer.try_reserve(more).map_err(|_| io::Error::from(ErrorKind::OutOfMemory))?;
            self.buffer.resize(self.end + piece, 0);
        }
        loop {
            match self.source.read(&mut self.buffer[self.end..self.end + piece]) {
                Ok(count) => {
                    self.end += count;
                    return Ok(count);
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_any_length() {
        let long = "x".repeat(200_000);
        let text = format!("one\r\ntwo\n\n{long}\nlast");
        let mut input = Input::new(Box::new(io::Cursor::new(text)));
        let mut lines = Vec::new();
        while let Some(line) = input.line().unwrap() {
            lines.push(String::from_utf8(line.to_vec()).unwrap());
        }
        assert_eq!(lines, ["one", "two", "", &long, "last"]);
        assert_eq!(input.lines(), 5);
    }

    #[test]
    fn the_rest_follows_what_was_taken() {
        let text = format!("first\n{}", "y".repeat(300_000));
        let mut input = Input::new(Box::new(io::Cursor::new(text)));
        assert_eq!(input.line().unwrap(), Some(b"first".as_slice()));
        assert_eq!(input.bytes(2).unwrap(), b"yy");
        assert_eq!(input.rest().unwrap().len(), 299_998);
        assert!(input.rest().unwrap().is_empty());
        assert_eq!(input.line().unwrap(), None);
    }
}

//! Where source text comes from: the one door between the compiler and a file system.

use std::collections::BTreeMap;
use std::io;

/// Reads source files. Paths are written with `/`.
pub trait FileSystem: Sync {
    /// The bytes of a file.
    fn read(&self, path: &str) -> io::Result<Vec<u8>>;

    /// Whether `path` names a file that [`FileSystem::read`] would try to read.
    fn exists(&self, path: &str) -> bool;
}

/// The machine's own files.
#[derive(Clone, Copy, Debug, Default)]
pub struct Disk;

impl FileSystem for Disk {
    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        std::fs::read(path)
    }

    fn exists(&self, path: &str) -> bool {
        std::path::Path::new(path).is_file()
    }
}

/// Files held in memory, over those of another file system if there is one.
#[derive(Default)]
pub struct Memory<'a> {
    files: BTreeMap<String, Vec<u8>>,
    below: Option<&'a dyn FileSystem>,
}

impl<'a> Memory<'a> {
    /// No files.
    pub fn new() -> Memory<'a> {
        Memory::default()
    }

    /// What is not in memory is read from `below`.
    pub fn over(below: &'a dyn FileSystem) -> Memory<'a> {
        Memory { files: BTreeMap::new(), below: Some(below) }
    }

    /// This, with one more file.
    pub fn with(mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Memory<'a> {
        self.files.insert(path.into(), bytes.into());
        self
    }
}

impl FileSystem for Memory<'_> {
    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        match (self.files.get(path), self.below) {
            (Some(bytes), _) => Ok(bytes.clone()),
            (None, Some(below)) => below.read(path),
            (None, None) => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn exists(&self, path: &str) -> bool {
        self.files.contains_key(path) || self.below.is_some_and(|below| below.exists(path))
    }
}

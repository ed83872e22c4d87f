//! The file format.
//!
//! ```text
//! an optional first line "#!…"
//! magic          8 bytes; its tail shows damage done by programs that think it text
//! version        u32
//! checksum       u32, CRC-32 of everything but the first line and itself
//! section count  u32
//! section table  kind: u32, size: u64 for each, by ascending kind
//! sections       one after another
//! ```
//!
//! Numbers of fixed size are little-endian. Within sections numbers are LEB128 unless said otherwise, signed ones in zigzag
//! form, and a text or a list has its length before it. Sections of unknown kind are skipped, missing ones are empty.
//! [`Section`] names the kinds; `write.rs` and `read.rs` say what is in each, side by side.

mod cursor;
mod dump;
mod foreign;
mod read;
mod write;

#[cfg(test)]
mod dump_tests;
#[cfg(test)]
mod tests;

pub use dump::{DumpRow, dump};
pub use read::{ReadError, read};
pub use write::write;

use crc32fast::Hasher;

/// The version of the format that this crate writes, and the newest that it reads.
pub const FORMAT_VERSION: u32 = 1;

/// The first bytes of a file: not text, not a name of anything else.
const MAGIC: [u8; 8] = *b"\x8fLNG\r\n\x1a\n";
/// How much of the magic survives a program that changes line ends.
const MAGIC_HEAD: usize = 4;
/// The length of everything before the section table.
const HEADER: usize = 20;
/// The length of an entry of the section table.
const TABLE_ENTRY: usize = 12;

macro_rules! sections {
    ($($name:ident $kind:literal $meaning:literal;)*) => {
        /// What a section of a file holds.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
        #[repr(u32)]
        pub(crate) enum Section {
            $(#[doc = $meaning] $name = $kind,)*
        }

        impl Section {
            /// Every section, by ascending kind.
            pub(crate) const ALL: &'static [Section] = &[$(Section::$name),*];

            /// What it holds, in a line.
            pub(crate) fn meaning(self) -> &'static str {
                match self { $(Section::$name => $meaning,)* }
            }
        }
    };
}

sections! {
    Program 1 "the program's name, the comment, the entry function";
    Types 2 "the heap types";
    Constants 3 "64-bit constants, fixed size";
    Strings 4 "string constants";
    Globals 5 "global variables";
    Natives 6 "host functions and the types they are used at";
    Methods 7 "methods of traits that are called";
    Functions 8 "names, register types in runs, results, code words of fixed size";
    Lines 9 "inlined calls and the places of instructions, function by function";
    Sources 10 "paths and texts of source files";
    Foreign 11 "functions of C and their types";
}

/// Whether these bytes are a bytecode file rather than source: judged by the first bytes, which damage by text mode leaves alone.
pub fn is_bytecode(bytes: &[u8]) -> bool {
    skip_shebang(bytes).starts_with(&MAGIC[..MAGIC_HEAD])
}

/// The bytes after a first line that begins with `#!`.
fn skip_shebang(bytes: &[u8]) -> &[u8] {
    if !bytes.starts_with(b"#!") {
        return bytes;
    }
    match bytes.iter().position(|byte| *byte == b'\n') {
        Some(end) => &bytes[end + 1..],
        None => &[],
    }
}

/// The checksum of a file that begins with the magic.
fn checksum(file: &[u8]) -> u32 {
    let mut hasher = Hasher::new();
    hasher.update(&file[..12]);
    hasher.update(&file[16..]);
    hasher.finalize()
}

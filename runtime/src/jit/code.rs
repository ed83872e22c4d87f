//! The code of a machine: what was compiled, where it lies, and what its addresses stand for.

use std::io;

use super::compiler::Blob;
use super::ir::Site;
use crate::machine::CodeMemory;

/// Whose code it is.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(super) enum Of {
    /// A function's.
    Function(u32),
    /// A stub's that the interpreter enters compiled code by.
    Entry,
    /// Another stub's.
    #[default]
    Exit,
}

/// What a piece of code stands for.
#[derive(Debug, Default)]
pub(super) struct Details {
    pub(super) of: Of,
    /// The places of traps and calls.
    pub(super) sites: Vec<Site>,
    /// Stretches of code and the site that each belongs to, by their start.
    pub(super) places: Vec<(u32, u32, u32)>,
    /// The codes of traps, by offset.
    pub(super) traps: Vec<(u32, u8)>,
    /// For each return address: the size of the frame, and which of the slots hold references, as a stretch of `slots`.
    pub(super) maps: Vec<(u32, u32, std::ops::Range<u32>)>,
    /// Distances of slots from the stack pointer.
    pub(super) slots: Vec<u32>,
}

impl Details {
    /// The site that the instruction at an offset belongs to.
    pub(super) fn site(&self, offset: u32) -> Option<u32> {
        let place = self.places.partition_point(|(start, ..)| *start <= offset).checked_sub(1)?;
        let (_, end, site) = self.places[place];
        (offset < end).then_some(site)
    }

    /// The trap of the instruction at an offset.
    pub(super) fn trap(&self, offset: u32) -> Option<u8> {
        let place = self.traps.binary_search_by_key(&offset, |(at, _)| *at).ok()?;
        Some(self.traps[place].1)
    }

    /// The size of the frame at a return address, and the slots that hold references there.
    pub(super) fn references(&self, offset: u32) -> Option<(u32, &[u32])> {
        let place = self.maps.binary_search_by_key(&offset, |(at, ..)| *at).ok()?;
        let (_, size, slots) = &self.maps[place];
        Some((*size, &self.slots[slots.start as usize..slots.end as usize]))
    }
}

/// A piece of code in memory.
#[derive(Debug)]
struct Piece {
    start: usize,
    end: usize,
    details: Details,
}

/// All code of a machine.
#[derive(Debug)]
pub(super) struct Code {
    memory: CodeMemory,
    /// By address.
    pieces: Vec<Piece>,
    /// Whether something did not fit; then nothing more is compiled.
    full: bool,
}

/// Bytes between the starts of the stubs that stand for functions.
const THUNK: usize = 32;

impl Code {
    /// No code yet, and room for so many bytes of it.
    pub(super) fn new(bytes: usize) -> io::Result<Code> {
        Ok(Code { memory: CodeMemory::new(bytes)?, pieces: Vec::new(), full: false })
    }

    /// Adds code; none where there is no room.
    pub(super) fn add(&mut self, blob: Blob) -> Option<*const u8> {
        let Some(start) = self.memory.add(&blob.bytes, blob.align) else {
            self.full = true;
            return None;
        };
        let details = blob.details;
        self.pieces.push(Piece { start: start as usize, end: start as usize + blob.bytes.len(), details });
        Some(start)
    }

    /// Adds a stub for each function: it notes the function at `callee`, and continues in the stub of its signature.
    pub(super) fn add_thunks(&mut self, callee: *const u64, targets: &[*const u8]) -> Option<*const u8> {
        let start = self.memory.next(THUNK) as usize;
        let mut bytes = Vec::with_capacity(targets.len() * THUNK);
        for (function, target) in targets.iter().enumerate() {
            let begin = bytes.len();
            // mov r11, callee; mov qword [r11], function; mov r11, target; jmp r11
            bytes.extend([0x49, 0xbb]);
            bytes.extend((callee as u64).to_le_bytes());
            bytes.extend([0x49, 0xc7, 0x03]);
            bytes.extend((function as u32).to_le_bytes());
            bytes.push(0xe9);
            let next = start + bytes.len() + 4;
            bytes.extend(((*target as usize).wrapping_sub(next) as i32).to_le_bytes());
            bytes.resize(begin + THUNK, 0xcc);
        }
        self.add(Blob { bytes, align: THUNK, details: Details::default(), native: None })
    }

    /// The stub of a function among those that begin at `thunks`.
    pub(super) fn thunk(thunks: *const u8, function: usize) -> *const u8 {
        thunks.wrapping_add(function * THUNK)
    }

    /// The piece of code that an address lies in, and the offset there.
    pub(super) fn find(&self, pc: u64) -> Option<(&Details, u32)> {
        let pc = pc as usize;
        let place = self.pieces.partition_point(|piece| piece.start <= pc).checked_sub(1)?;
        let piece = &self.pieces[place];
        (pc < piece.end).then(|| (&piece.details, (pc - piece.start) as u32))
    }

    /// Whether nothing more fits.
    pub(super) fn is_full(&self) -> bool {
        self.full
    }

    /// The bytes in use.
    pub(super) fn used(&self) -> usize {
        self.memory.used()
    }

    /// The addresses that code may lie at.
    pub(super) fn range(&self) -> std::ops::Range<usize> {
        self.memory.range()
    }
}

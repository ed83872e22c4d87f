//! Choosing handlers: what is known while the decoded code of a function is written, and the choices by kind of operand.

use lang_bytecode::{Effects, Reg, RegType, Storage};

use super::accs::Accs;
use super::form::Node;
use super::listing::{Kind, Listing, kind_of};
use super::{Context, Landing};
use crate::interpreter::abi::{Handler, Link, Op, Word};

/// Picks the instance of a generic handler for operands that are known now: `keep` whether the result is stored, `src` whether an
/// operand is in its accumulator (`imm` and `slot` where that is settled), `edge` whether a jump is a back-edge.
macro_rules! choose {
    ($handler:path [$($fixed:ty),*] $(,)?) => { { use $handler as handler; handler::<$($fixed),*> as Handler } };
    ($handler:path [$($fixed:ty),*] imm $(, $($rest:tt)*)?) => {
        choose!($handler [$($fixed,)* crate::interpreter::operand::Imm] $($($rest)*)?)
    };
    ($handler:path [$($fixed:ty),*] slot $(, $($rest:tt)*)?) => {
        choose!($handler [$($fixed,)* crate::interpreter::operand::Slot] $($($rest)*)?)
    };
    ($handler:path [$($fixed:ty),*] keep $keep:expr $(, $($rest:tt)*)?) => {
        if $keep {
            choose!($handler [$($fixed,)* crate::interpreter::operand::Keep] $($($rest)*)?)
        } else {
            choose!($handler [$($fixed,)* crate::interpreter::operand::Drop] $($($rest)*)?)
        }
    };
    ($handler:path [$($fixed:ty),*] src $acc:expr $(, $($rest:tt)*)?) => {
        if $acc {
            choose!($handler [$($fixed,)* crate::interpreter::operand::Acc] $($($rest)*)?)
        } else {
            choose!($handler [$($fixed,)* crate::interpreter::operand::Slot] $($($rest)*)?)
        }
    };
    ($handler:path [$($fixed:ty),*] edge $back:expr $(, $($rest:tt)*)?) => {
        if $back {
            choose!($handler [$($fixed,)* crate::interpreter::operand::Back] $($($rest)*)?)
        } else {
            choose!($handler [$($fixed,)* crate::interpreter::operand::Forward] $($($rest)*)?)
        }
    };
}

/// Picks the instance of a generic handler for a storage type.
macro_rules! by_storage {
    ($storage:expr, $handler:path [$($fixed:ty),*] $($rest:tt)*) => {
        match $storage {
            Storage::Narrow(Width::I8) => choose!($handler [AsI8 $(, $fixed)*] $($rest)*),
            Storage::Narrow(Width::I16) => choose!($handler [AsI16 $(, $fixed)*] $($rest)*),
            Storage::Narrow(Width::I32) => choose!($handler [AsI32 $(, $fixed)*] $($rest)*),
            Storage::Narrow(Width::U8) => choose!($handler [AsU8 $(, $fixed)*] $($rest)*),
            Storage::Narrow(Width::U16) => choose!($handler [AsU16 $(, $fixed)*] $($rest)*),
            Storage::Narrow(Width::U32) => choose!($handler [AsU32 $(, $fixed)*] $($rest)*),
            Storage::I64 | Storage::Ref(_) | Storage::RefNull(_) => choose!($handler [AsWord $(, $fixed)*] $($rest)*),
            Storage::F32 => choose!($handler [AsF32 $(, $fixed)*] $($rest)*),
            Storage::F64 => choose!($handler [AsF64 $(, $fixed)*] $($rest)*),
        }
    };
}

/// As [`by_storage`], for handlers that store.
macro_rules! by_stored {
    ($storage:expr, $handler:path [$($fixed:ty),*] $($rest:tt)*) => {
        match $storage {
            Storage::Ref(_) | Storage::RefNull(_) => choose!($handler [AsRef $(, $fixed)*] $($rest)*),
            storage => by_storage!(storage, $handler [$($fixed),*] $($rest)*),
        }
    };
}

pub(super) use {by_storage, by_stored, choose};

/// A jump whose distance is not known yet.
struct Fixup {
    word: usize,
    /// Where in the word's four numbers the distance goes, and the word that it counts from.
    place: usize,
    from: usize,
    target: usize,
}

/// Decoded code being written.
pub(super) struct Select<'a, 'c> {
    pub(super) listing: &'a Listing<'a>,
    pub(super) context: &'a mut Context<'c>,
    words: Vec<Word>,
    /// The instruction that each word came from.
    origin: Vec<u32>,
    /// Where the node that begins at each instruction lies.
    start: Vec<u32>,
    fixups: Vec<Fixup>,
    landings: Vec<Landing>,
    /// Whether a jump stands before the next node.
    jumped: bool,
    accs: Accs,
    /// Whether the result of this node is stored.
    pub(super) keep: bool,
    /// The instruction that this node ends with, which is the one that jumps.
    pub(super) last: usize,
    /// The instruction that this node begins with.
    pub(super) at: usize,
}

impl<'a, 'c> Select<'a, 'c> {
    pub(super) fn new(listing: &'a Listing<'a>, context: &'a mut Context<'c>) -> Select<'a, 'c> {
        Select {
            listing,
            context,
            words: Vec::with_capacity(listing.instrs.len() + 4),
            origin: Vec::with_capacity(listing.instrs.len() + 4),
            start: vec![0; listing.instrs.len()],
            fixups: Vec::new(),
            landings: Vec::new(),
            jumped: false,
            accs: Accs::default(),
            keep: true,
            last: 0,
            at: 0,
        }
    }

    /// Prepares for a node; `entry` is what the accumulators hold where it is jumped to.
    pub(super) fn begin(&mut self, node: &Node, keep: bool, entry: Accs) {
        let leader = self.listing.leader[node.at];
        if leader {
            self.accs = entry;
        }
        if leader || self.jumped {
            let slot = |reg: Option<Reg>| reg.map_or(0, |reg| self.listing.slot(reg));
            self.landings.push(Landing {
                word: self.listing.at[node.at],
                at: self.words.len() as u32,
                int: slot(self.accs.int),
                float: slot(self.accs.float),
            });
        }
        let last = self.listing.instrs[node.last()].opcode().effects();
        self.jumped = last.has(Effects::JUMPS) || last.has(Effects::ENDS);
        (self.at, self.last, self.keep) = (node.at, node.last(), keep);
        self.start[node.at] = self.words.len() as u32;
    }

    /// Notes what a node left in the accumulators.
    pub(super) fn end(&mut self, node: &Node) {
        self.accs = self.accs.after(node, self.listing);
    }

    /// Whether the int accumulator holds this register.
    pub(super) fn int(&self, reg: Reg) -> bool {
        self.accs.int == Some(reg)
    }

    /// Whether the float accumulator holds this register.
    pub(super) fn float(&self, reg: Reg) -> bool {
        self.accs.float == Some(reg)
    }

    /// Whether the accumulator for values stored so holds this register.
    pub(super) fn stored(&self, storage: Storage, reg: Reg) -> bool {
        match kind_of(storage.register()) {
            Kind::Int => self.int(reg),
            Kind::Float => self.float(reg),
        }
    }

    pub(super) fn slot(&self, reg: Reg) -> u16 {
        self.listing.slot(reg)
    }

    /// The type of this node's result.
    pub(super) fn result_type(&self) -> RegType {
        self.listing.types[self.last]
    }

    /// Writes an instruction of up to four small operands.
    pub(super) fn op(&mut self, run: Handler, a: u16, b: u16, c: u16, x: u16) {
        self.word(Word { op: Op { run, a, b, c, x } });
    }

    /// Writes an instruction of two small operands and a wide one.
    pub(super) fn wide(&mut self, run: Handler, a: u16, b: u16, wide: u32) {
        let [c, x] = halves(wide);
        self.op(run, a, b, c, x);
    }

    /// Writes a jump to an instruction.
    pub(super) fn jump(&mut self, run: Handler, a: u16, b: u16, target: usize) {
        let word = self.words.len();
        self.fixups.push(Fixup { word, place: 3, from: word, target });
        self.op(run, a, b, 0, 0);
    }

    /// Writes a table of distances behind the instruction just written.
    pub(super) fn table(&mut self, targets: &[usize]) {
        let from = self.words.len() - 1;
        for four in targets.chunks(4) {
            let word = self.words.len();
            self.word(Word { distances: [0; 4] });
            for (place, target) in four.iter().enumerate() {
                self.fixups.push(Fixup { word, place, from, target: *target });
            }
        }
    }

    /// Writes the second word of a call; `callee` where it is known.
    pub(super) fn link(&mut self, callee: Option<u32>) {
        let caller = self.listing.id.0;
        let (code, frame) = match callee {
            Some(callee) => {
                let slot = &self.context.tables.functions[callee as usize];
                (slot.code, slot.frame)
            }
            None => (self.note().unwrap_or(std::ptr::null()), 0),
        };
        self.word(Word { link: Link { code, frame, caller } });
    }

    /// Where the call of a closure or method at hand is noted, if it is.
    fn note(&self) -> Option<*const Op> {
        #[cfg(feature = "jit")]
        if let Some(seen) = &self.context.tables.seen {
            return Some(seen.call(self.listing.id.0, self.listing.at[self.at]).cast());
        }
        None
    }

    /// Writes a word of data.
    pub(super) fn bits(&mut self, first: u64, second: u64) {
        self.word(Word { bits: [first, second] });
    }

    fn word(&mut self, word: Word) {
        self.words.push(word);
        self.origin.push(self.at as u32);
    }

    /// Whether a jump of this node to `target` is a back-edge.
    pub(super) fn back(&self, target: usize) -> bool {
        target <= self.last
    }

    /// Where blocks begin.
    pub(super) fn take_landings(&mut self) -> Box<[Landing]> {
        std::mem::take(&mut self.landings).into_boxed_slice()
    }

    /// Sets the distances of jumps and gives the code and the origins of its words.
    pub(super) fn finish(mut self) -> (Box<[Word]>, Box<[u32]>) {
        for fixup in &self.fixups {
            let distance = (self.start[fixup.target] as i64 - fixup.from as i64) * size_of::<Word>() as i64;
            // SAFETY: every word was written whole, and all of its bytes are initialised in each of its forms; the last of its
            // four numbers is where `c` and `x` of an instruction are.
            unsafe { self.words[fixup.word].distances[fixup.place] = distance as i32 };
        }
        (self.words.into_boxed_slice(), self.origin.into_boxed_slice())
    }
}

/// A number as the operands `c` and `x`.
fn halves(wide: u32) -> [u16; 2] {
    let [a, b, c, d] = wide.to_ne_bytes();
    [u16::from_ne_bytes([a, b]), u16::from_ne_bytes([c, d])]
}

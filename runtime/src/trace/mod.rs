//! The trace: what a program does, instruction by instruction or call by call, on its standard error.
//!
//! A function that is traced is decoded in another way: nothing is fused, each result goes to its slot, and around the instructions
//! stand words that call [`event`]. Functions that are not traced are decoded as ever, so a trace that is off costs nothing.

mod log;
mod value;

use lang_bytecode::{InstructionTexts, Module, RegType};

use crate::vm::Vm;

pub(crate) use log::Log;
use value::Values;

/// What a trace shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TraceMode {
    /// Calls with their arguments, returns with their results.
    Functions,
    /// Each instruction, with the values that it reads and writes.
    Instructions,
}

/// What is traced.
#[derive(Clone, Debug)]
pub struct TraceOptions {
    /// What is shown.
    pub mode: TraceMode,
    /// Functions whose names hold this text; all by default.
    pub filter: Option<String>,
}

/// What decoding needs to know to make traced code of a program.
pub(crate) struct Plan {
    options: TraceOptions,
    texts: InstructionTexts,
    place_width: usize,
}

/// The least and the most characters that places take before other columns begin.
const PLACE_WIDTHS: (usize, usize) = (16, 48);

impl Plan {
    pub(crate) fn new(options: TraceOptions, module: &Module) -> Plan {
        let own = module.sources.iter().filter(|source| !source.standard);
        // With a colon and a line of four digits.
        let widest = own.map(|source| source.path.chars().count() + 5).max().unwrap_or(0);
        let (least, most) = PLACE_WIDTHS;
        Plan { options, texts: InstructionTexts::new(module), place_width: widest.clamp(least, most) }
    }

    /// Whether a function is traced.
    pub(crate) fn wants(&self, function: &str) -> bool {
        self.options.filter.as_ref().is_none_or(|filter| function.contains(filter.as_str()))
    }

    /// What is shown.
    pub(crate) fn mode(&self) -> TraceMode {
        self.options.mode
    }

    /// How many characters the places of instructions take, so that columns stand below each other.
    pub(crate) fn place_width(&self) -> usize {
        self.place_width
    }

    /// How instructions are written.
    pub(crate) fn texts(&self) -> &InstructionTexts {
        &self.texts
    }
}

/// What happens at a traced place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Event {
    /// A function begins; the values are its arguments.
    Enter,
    /// A function ends; the values are its results.
    Leave,
    /// A function makes way for another one.
    Replace,
    /// An instruction is about to run; the values are what it reads.
    Before(Then),
    /// An instruction has run; the values are what it wrote.
    After,
}

/// What comes after an instruction that is about to run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Then {
    /// The next instruction: there is nothing to say of this one's results.
    Next,
    /// Its results.
    Results,
    /// Its results, perhaps much later: a function of the host or of C runs before.
    ResultsOfHost,
}

/// A place in decoded code that tells the trace what happens.
pub(crate) struct Site {
    pub(crate) event: Event,
    /// Whether it belongs to a trace of calls: the line is indented, and values have no names.
    pub(crate) of_calls: bool,
    /// What is known before the program runs: the place and the instruction, or the name of the function.
    pub(crate) text: Box<str>,
    pub(crate) values: Box<[Shown]>,
}

/// A value that is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Shown {
    pub(crate) name: Name,
    /// Where it lies in the frame.
    pub(crate) slot: u16,
    pub(crate) ty: RegType,
}

/// How the text form calls an operand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Name {
    /// A register.
    Register(u16),
    /// An out slot.
    Out(u16),
}

/// Tells the trace that the program is at a site of a function.
///
/// # Safety
/// The VM runs this function's decoded code, at this site, with its frame at `base`.
pub(crate) unsafe fn event(vm: *mut Vm, function: u32, site: u32, base: *mut u64) {
    // SAFETY: handlers hold no reference into the VM while they call this.
    let vm = unsafe { &mut *vm };
    let site = vm.tables.decoded(function).and_then(|decoded| decoded.sites.get(site as usize));
    let (Some((_, log)), Some(module), Some(site)) = (&mut vm.trace, vm.module.as_deref(), site) else {
        return;
    };
    let values = Values { module, layouts: vm.tables.layouts() };
    // SAFETY: the decoder took the slots and their types from verified code, so each value is of its type, and nothing is allocated
    // while they are read.
    let text = unsafe { log.event(site, base, &values) };
    vm.host.services.output.trace(text);
}

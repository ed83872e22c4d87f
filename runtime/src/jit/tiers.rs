//! What is compiled when: calls are counted by the interpreter's stubs, turns of loops by its fuel.

use std::collections::HashMap;
use std::ptr::null;
use std::sync::Arc;

use lang_bytecode::{FuncId, Instr, TypeId, instructions};

use super::Jit;
use super::code::Code;
use super::compiler::{Blob, Compiler, Done, Job};
use super::entry::Entry;
use super::perf;
use super::program::{MethodRow, Program};
use super::stubs::Stub;
use super::translate::Request;
use crate::heap::Layouts;
use crate::interpreter::Op;
use crate::vm::{JitMode, Vm};

/// How far a function has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Stage {
    /// It was not called yet.
    New,
    /// Its calls are counted.
    Counted,
    /// It is being compiled.
    Asked,
    /// It is compiled, or never will be.
    Settled,
}

/// A function, as the interpreter's calls see it.
#[derive(Debug)]
pub(crate) struct Row {
    /// Its compiled code; null where there is none.
    pub(crate) code: *const u8,
    /// What enters it.
    stub: *const u8,
    /// Its decoded code; null before its first call.
    pub(crate) decoded: *const Op,
    /// Calls until it is looked at.
    pub(crate) count: u32,
    stage: Stage,
}

impl Row {
    pub(super) fn new() -> Row {
        Row { code: null(), stub: null(), decoded: null(), count: 1, stage: Stage::New }
    }

    /// How compiled code is entered.
    pub(crate) fn entry(&self) -> Entry {
        Entry { code: self.code, stub: self.stub }
    }
}

/// Calls between two looks at whether code is ready.
const PATIENCE: u32 = 32;
/// Looks at a loop before it is compiled.
const LOOKS: u32 = 2;
/// Turns of inner loops to wait for the outermost one, once it is compiled.
const WAIT: u32 = 1 << 14;
/// Turns and calls between two looks at loops, at most.
pub(super) const TURNS: u32 = 1 << 10;

/// The loops that were looked at, by function and header.
#[derive(Debug, Default)]
pub(super) struct Loops {
    seen: HashMap<(u32, u32), Loop>,
    /// For each function looked at: the headers of its loops and the last back-edge to each.
    ranges: HashMap<u32, Vec<(u32, u32)>>,
}

#[derive(Debug)]
struct Loop {
    looks: u32,
    asked: bool,
    code: Option<Entry>,
    /// Turns of inner loops that were waited for its own one.
    waited: u32,
}

/// A function with its count at zero: decodes it, asks for its code, or takes it.
///
/// # Safety
/// The VM runs and has a JIT and such a function.
#[cold]
#[inline(never)]
pub(crate) unsafe fn hot(vm: *mut Vm, function: u32) {
    // SAFETY: handlers hold no reference into the VM while they call this.
    let vm = unsafe { &mut *vm };
    vm.take_ready();
    let Some(jit) = &mut vm.jit else { return };
    let row = &mut jit.rows[function as usize];
    let forced = jit.options.mode == JitMode::Force;
    match row.stage {
        Stage::New if !forced => {
            (row.stage, row.count) = (Stage::Counted, jit.options.threshold.saturating_add(1).max(2));
        }
        Stage::New | Stage::Counted => {
            (row.stage, row.count) = (Stage::Asked, PATIENCE);
            vm.ask(Request { function, osr: None, poll: false, inline: true });
            if forced {
                vm.take_all();
            }
        }
        Stage::Asked => row.count = PATIENCE,
        Stage::Settled => row.count = u32::MAX,
    }
    if vm.jit.as_ref().is_some_and(|jit| jit.rows[function as usize].code.is_null()) {
        let decoded = vm.decode(function);
        if let Some(jit) = &mut vm.jit {
            jit.rows[function as usize].decoded = decoded;
        }
    }
}

/// The code of a function that compiled code calls; null where it is interpreted.
///
/// # Safety
/// As for [`hot`].
pub(super) unsafe fn resolve(vm: *mut Vm, function: u32) -> *const u8 {
    // SAFETY: as promised.
    unsafe {
        let Some(jit) = &mut (*vm).jit else { return null() };
        let row = &mut jit.rows[function as usize];
        if row.code.is_null() && row.stage != Stage::Settled {
            // The interpreter counts the call itself, but for the last one before it would be compiled.
            if row.count == 1 {
                hot(vm, function);
            }
        }
        (*vm).jit.as_ref().map_or(null(), |jit| jit.rows[function as usize].code)
    }
}

/// A loop whose fuel ran out, at a jump back to `target`: the code to go on in; null where there is none. It is good until the next
/// look.
///
/// # Safety
/// The VM runs and has a JIT; `target` is an instruction.
#[cold]
#[inline(never)]
pub(crate) unsafe fn turn(vm: *mut Vm, target: *const Op) -> *const Entry {
    // SAFETY: handlers hold no reference into the VM while they call this.
    let vm = unsafe { &mut *vm };
    vm.take_ready();
    vm.look(target).unwrap_or(null())
}

/// Does the addition that stands before the target of a jump; false where it would trap.
///
/// # Safety
/// `op` is such an instruction, and `base` its frame.
#[inline(never)]
pub(crate) unsafe fn step(vm: *mut Vm, op: *const Op, base: *mut u64) -> bool {
    // SAFETY: as promised; the registers of the instruction are slots of the frame.
    unsafe {
        let Some((function, word)) = (*vm).tables.locate(op) else { return false };
        let (dst, lhs, rhs) = match (*vm).instr(function, word) {
            Some(Instr::IAddI { dst, lhs, rhs }) => (dst, lhs, i64::from(rhs)),
            Some(Instr::IAdd { dst, lhs, rhs }) => (dst, lhs, *base.add(rhs.0 as usize) as i64),
            _ => return false,
        };
        let sum = (*base.add(lhs.0 as usize) as i64).checked_add(rhs);
        sum.map(|sum| *base.add(dst.0 as usize) = sum as u64).is_some()
    }
}

/// What is to be done about a loop.
enum Look {
    Enter(*const Entry),
    Ask(u32),
    /// Look again at the next turn.
    Wait,
    Nothing,
}

impl Loops {
    /// Looks at the loop with header `word`, inside the one with header `outer`.
    fn look(&mut self, function: u32, word: u32, outer: u32) -> Look {
        if let Some(Loop { code: Some(entry), .. }) = self.seen.get(&(function, word)) {
            return Look::Enter(entry);
        }
        let lead = self.of(function, outer);
        lead.looks += 1;
        if !lead.asked && lead.looks >= LOOKS {
            lead.asked = true;
            return Look::Ask(outer);
        }
        if word == outer || lead.code.is_none() {
            return Look::Nothing;
        }
        lead.waited += 1;
        if lead.waited < WAIT {
            return Look::Wait;
        }
        let inner = self.of(function, word);
        match std::mem::replace(&mut inner.asked, true) {
            false => Look::Ask(word),
            true => Look::Nothing,
        }
    }

    fn of(&mut self, function: u32, word: u32) -> &mut Loop {
        let fresh = Loop { looks: 0, asked: false, code: None, waited: 0 };
        self.seen.entry((function, word)).or_insert(fresh)
    }
}

/// The headers of loops and the last back-edge to each, outer ones first.
fn ranges(code: &[u64]) -> Vec<(u32, u32)> {
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for (at, instr) in instructions(code) {
        let at = at as u32;
        for distance in instr.jump().into_iter().filter(|distance| *distance <= 0) {
            ranges.push((at - distance.unsigned_abs(), at));
        }
    }
    ranges.sort_by_key(|(first, last)| (*first, u32::MAX - last));
    ranges
}

impl Vm {
    /// Looks at the loop that goes on at an instruction: the code to go on in, where there is some.
    fn look(&mut self, target: *const Op) -> Option<*const Entry> {
        let (function, word) = self.tables.locate(target)?;
        let module = self.module.clone()?;
        let jit = self.jit.as_mut()?;
        let ranges = jit
            .loops
            .ranges
            .entry(function)
            .or_insert_with(|| ranges(&module.functions[function as usize].code));
        let outer = ranges
            .iter()
            .find(|(first, last)| (*first..=*last).contains(&word))
            .map_or(word, |range| range.0);
        let code = jit.loops.look(function, word, outer);
        match code {
            Look::Enter(entry) => return Some(entry),
            Look::Ask(word) => {
                self.ask(Request { function, osr: Some(word), poll: false, inline: true });
                self.ask_for_calls(function);
                if self.jit.as_ref()?.options.mode == JitMode::Force {
                    self.take_all();
                }
            }
            Look::Wait => self.hurry(),
            Look::Nothing => {}
        }
        None
    }

    /// Asks for a function's code for later calls, which know more of their registers than code that begins in a loop does.
    fn ask_for_calls(&mut self, function: u32) {
        let row = self.jit.as_mut().and_then(|jit| jit.rows.get_mut(function as usize));
        if let Some(row) = row
            && matches!(row.stage, Stage::New | Stage::Counted)
        {
            (row.stage, row.count) = (Stage::Asked, PATIENCE);
            self.ask(Request { function, osr: None, poll: false, inline: true });
        }
    }

    /// Asks for code.
    fn ask(&mut self, request: Request) {
        if self.start_compiler().is_none() {
            return;
        }
        let Some(jit) = &mut self.jit else { return };
        let full = jit.code.as_ref().is_none_or(|code| code.is_full());
        let request = Request { poll: jit.poll, ..request };
        if !full && jit.compiler.as_ref().is_some_and(|compiler| compiler.ask(Job { request, text: false })) {
            jit.pending += 1;
        }
    }

    /// Starts the thread that compiles, if it does not run.
    fn start_compiler(&mut self) -> Option<()> {
        if self.jit.as_ref()?.compiler.is_some() {
            return Some(());
        }
        let program = self.program()?;
        let jit = self.jit.as_mut()?;
        if jit.code.is_none() {
            let code = Code::new(jit.options.memory).ok()?;
            jit.context.code = [code.range().start as u64, code.range().end as u64];
            jit.code = Some(code);
            jit.compiler = Some(Compiler::start(program).ok()?);
        }
        jit.compiler.as_ref().map(|_| ())
    }

    /// What translation reads.
    fn program(&mut self) -> Option<Program> {
        let module = self.module.clone()?;
        let heap = &mut self.host.heap;
        let strings =
            (0..module.strings.len() as u32).map(|index| self.tables.string(heap, &module.strings, index));
        let strings = strings.collect();
        let methods = (0..module.methods.len() as u32).map(|method| {
            let (first, functions) = self.tables.method_row(&module, method);
            MethodRow { first, functions }
        });
        let methods = methods.collect();
        let count = module.functions.len() as u32;
        Some(Program {
            layouts: Arc::new(Layouts::new(&module.types)),
            out_slots: (0..count).map(|function| module.out_slots(FuncId(function)) as u32).collect(),
            strings,
            statics: (0..module.types.len() as u32)
                .map(|id| self.host.heap.static_object(TypeId(id)))
                .collect(),
            methods,
            foreign: self.foreign.direct().into(),
            calls_back: !module.foreign.callbacks.is_empty(),
            reads_errno: module.natives.iter().any(|native| native.name == "c_errno"),
            entries: self.jit.as_ref()?.entries.as_ptr() as usize,
            module,
        })
    }

    /// Takes what was compiled meanwhile.
    fn take_ready(&mut self) {
        while let Some(done) = self.jit.as_mut().and_then(|jit| jit.compiler.as_ref()?.ready()) {
            self.install(done);
        }
    }

    /// Waits for everything that was asked for.
    fn take_all(&mut self) {
        while self.jit.as_ref().is_some_and(|jit| jit.pending > 0) {
            match self.jit.as_mut().and_then(|jit| jit.compiler.as_ref()?.wait()) {
                Some(done) => self.install(done),
                // The thread is gone, and nothing comes any more.
                None => self.jit.iter_mut().for_each(|jit| jit.pending = 0),
            }
        }
    }

    fn install(&mut self, done: Done) {
        let (Some(module), Some(jit)) = (self.module.clone(), self.jit.as_mut()) else { return };
        let name = &module.functions[done.request.function as usize].name;
        jit.install(done, name);
    }

    /// A function's decoded code.
    fn decode(&mut self, function: u32) -> *const Op {
        match self.module.clone() {
            Some(module) => self.tables.enter_first(&module, &mut self.host.heap, function).code,
            None => null(),
        }
    }

    /// Makes machine code of a function without running it: what Cranelift is given, and the instructions, as text.
    pub(crate) fn jit_text(&mut self, function: u32) -> Option<(String, String)> {
        self.start_compiler()?;
        let jit = self.jit.as_mut()?;
        let request = Request { function, osr: None, poll: jit.poll, inline: true };
        let compiler = jit.compiler.as_ref()?;
        compiler.ask(Job { request, text: true });
        let done = compiler.wait()?;
        Some((done.clif?, done.code?.native?))
    }
}

impl Jit {
    /// Puts what was compiled in its place, for a function of this name.
    fn install(&mut self, done: Done, name: &str) {
        self.pending = self.pending.saturating_sub(1);
        self.totals.time += done.time;
        let entry = self.place(done.stubs, &done.exits, &done.entry, done.code, &done.request, name);
        let function = done.request.function as usize;
        match (entry, done.request.osr) {
            (Some(entry), None) => {
                self.totals.functions += 1;
                self.entries[function] = entry.code;
                let row = &mut self.rows[function];
                (row.code, row.stub, row.stage) = (entry.code, entry.stub, Stage::Settled);
            }
            (Some(entry), Some(word)) => {
                self.totals.loops += 1;
                self.loops.of(done.request.function, word).code = Some(entry);
            }
            (None, osr) => {
                self.totals.refused += 1;
                if osr.is_none() {
                    self.rows[function].stage = Stage::Settled;
                }
                return;
            }
        }
        self.totals.passes.bounds += done.stats.bounds;
        self.totals.passes.bounds_removed += done.stats.bounds_removed;
        self.totals.passes.overflows += done.stats.overflows;
        self.totals.passes.overflows_removed += done.stats.overflows_removed;
    }

    /// Copies code and the stubs that it needs into the code memory; none where something is missing or has no room.
    fn place(
        &mut self,
        stubs: Vec<(Stub, Blob)>,
        exits: &[Stub],
        entry: &Stub,
        blob: Option<Blob>,
        request: &Request,
        name: &str,
    ) -> Option<Entry> {
        let code = self.code.as_mut()?;
        for (stub, blob) in stubs {
            let address = code.add(blob)?;
            self.stubs.insert(stub, address);
        }
        if self.thunks.is_null() {
            let targets: Option<Vec<*const u8>> =
                exits.iter().map(|exit| self.stubs.get(exit).copied()).collect();
            self.thunks = code.add_thunks(&raw const self.context.callee, &targets?)?;
            for (function, entry) in self.entries.iter_mut().enumerate() {
                *entry = Code::thunk(self.thunks, function);
            }
        }
        let stub = *self.stubs.get(entry)?;
        let blob = blob?;
        let size = blob.bytes.len();
        let address = code.add(blob)?;
        if self.options.perf_map {
            perf::note(address, size, name, request.osr);
        }
        Some(Entry { code: address, stub })
    }
}

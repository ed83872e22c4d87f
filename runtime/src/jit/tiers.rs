//! What is compiled when: calls are counted by the interpreter's stubs. For loops see `loops.rs`.

use std::ptr::null;
use std::sync::Arc;

use lang_bytecode::{FuncId, TypeId};

use super::Jit;
use super::code::Code;
use super::compiler::{Blob, Compiler, Done, Job};
use super::entry::Entry;
use super::perf;
use super::program::{MethodRow, Program, closures};
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
    /// Calls between two looks at whether its code is ready.
    patience: u32,
    stage: Stage,
}

impl Row {
    pub(super) fn new() -> Row {
        Row { code: null(), stub: null(), decoded: null(), count: 1, patience: PATIENCE, stage: Stage::New }
    }

    /// How compiled code is entered.
    pub(crate) fn entry(&self) -> Entry {
        Entry { code: self.code, stub: self.stub }
    }
}

/// Calls of a function without a hot loop between two looks at whether its code is ready.
const PATIENCE: u32 = 32;
/// Turns and calls between two looks at loops, at most.
pub(super) const TURNS: u32 = 1 << 10;

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
    let waits = jit.options.waits();
    match row.stage {
        Stage::New if !forced => {
            (row.stage, row.count) = (Stage::Counted, jit.options.threshold.saturating_add(1).max(2));
        }
        Stage::New | Stage::Counted => {
            (row.stage, row.count) = (Stage::Asked, row.patience);
            vm.ask(Request { function, osr: None, poll: false, inline: true });
            if waits {
                vm.take_all();
            }
        }
        Stage::Asked => row.count = row.patience,
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

impl Vm {
    /// A function with a hot loop is compiled as a whole at its next call: that code knows more of its registers than the loop's own.
    pub(super) fn expect_calls(&mut self, function: u32) {
        let Some(row) = self.jit.as_mut().and_then(|jit| jit.rows.get_mut(function as usize)) else { return };
        row.patience = 1;
        if matches!(row.stage, Stage::Counted | Stage::Asked) {
            row.count = 1;
        }
    }

    /// Asks for code.
    pub(super) fn ask(&mut self, request: Request) {
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
            closures: Arc::new(closures(&module)),
            seen: self.jit.as_ref()?.seen.clone(),
            natives: self.natives.as_slice().into(),
            foreign: self.foreign.direct().into(),
            calls_back: !module.foreign.callbacks.is_empty(),
            reads_errno: module.natives.iter().any(|native| native.name == "c_errno"),
            entries: self.jit.as_ref()?.entries.as_ptr() as usize,
            module,
        })
    }

    /// Takes what was compiled meanwhile.
    pub(super) fn take_ready(&mut self) {
        while let Some(done) = self.jit.as_mut().and_then(|jit| jit.compiler.as_ref()?.ready()) {
            self.install(done);
        }
    }

    /// Waits for everything that was asked for.
    pub(super) fn take_all(&mut self) {
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
        let (request, left_to) = (done.request, done.left_to.clone());
        let name = &module.functions[request.function as usize].name;
        let entry = jit.install(done, name);
        if let Some(region) = request.osr {
            self.enter_loop(request.function, region, entry, &left_to);
        }
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
    /// Puts what was compiled in its place, for a function of this name; how it is entered.
    fn install(&mut self, done: Done, name: &str) -> Option<Entry> {
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
            (Some(_), Some(_)) => self.totals.loops += 1,
            (None, osr) => {
                self.totals.refused += 1;
                if osr.is_none() {
                    self.rows[function].stage = Stage::Settled;
                }
                return None;
            }
        }
        self.totals.passes.bounds += done.stats.bounds;
        self.totals.passes.bounds_removed += done.stats.bounds_removed;
        self.totals.passes.overflows += done.stats.overflows;
        self.totals.passes.overflows_removed += done.stats.overflows_removed;
        entry
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
            perf::note(address, size, name, request.osr.is_some());
        }
        Some(Entry { code: address, stub })
    }
}

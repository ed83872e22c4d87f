//! Loops that run long: which of a nest are compiled, how the interpreter gets into their code, and how it goes on behind them.
//!
//! The interpreter looks at the loops it is in whenever its slice of fuel is used up. The outermost one is compiled first, because its
//! code keeps what the inner ones need in registers; an inner one follows when the interpreter is still in it long after. Once a loop is compiled, its first
//! instruction is replaced by one that enters the code, so that it is entered wherever control comes to it. The code is that of the loop alone: where
//! control leaves the loop, the registers are written to the frame, and the interpreter goes on.

use std::collections::HashMap;

use lang_bytecode::{Instr, instructions, switch_distances};

use super::entry::Entry;
use super::translate::{Region, Request};
use crate::interpreter::{Landing, Op, loop_entry};
use crate::vm::Vm;

/// Looks at a loop before it is compiled.
const LOOKS: u32 = 2;
/// Looks at a loop that is compiled, and whose beginning the interpreter does not come to, before the loop within it is compiled.
const PATIENCE: u32 = 32;

/// The compiled code of a loop.
#[derive(Debug)]
pub(crate) struct LoopCode {
    entry: Entry,
    ways_out: Box<[WayOut]>,
}

/// Where the interpreter goes on behind a loop.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WayOut {
    pub(crate) to: *const Op,
    /// The slots whose values the accumulators take.
    pub(crate) int: u16,
    pub(crate) float: u16,
}

impl LoopCode {
    /// How it is entered.
    pub(crate) fn entry(&self) -> Entry {
        self.entry
    }
}

/// The loops of the functions that were looked at.
#[derive(Debug, Default)]
pub(super) struct Loops(HashMap<u32, Vec<Loop>>);

/// A loop.
#[derive(Debug)]
struct Loop {
    region: Region,
    stage: Stage,
    /// Looks at it at this stage.
    looks: u32,
    /// Its code, which the instruction that enters it points to.
    code: Option<Box<LoopCode>>,
}

/// How far a loop has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Stage {
    New,
    /// It is being compiled.
    Asked,
    /// It is entered wherever control comes to its beginning.
    Compiled,
    /// It stays interpreted.
    Refused,
}

/// Where the interpreter goes on behind a loop whose code came back; none where the function returned.
///
/// # Safety
/// The VM runs, and this is the code that came back.
pub(crate) unsafe fn way_out(vm: *mut Vm, code: *const LoopCode) -> Option<WayOut> {
    // SAFETY: handlers hold no reference into the VM while they call this, and code lives as long as the program.
    unsafe {
        let jit = (*vm).jit.as_mut()?;
        let left_to = std::mem::take(&mut jit.context.left_to);
        let ways: &[WayOut] = &(*code).ways_out;
        ways.get((left_to as usize).checked_sub(1)?).copied()
    }
}

impl Loops {
    /// The loops of a function, outer ones before those in them.
    fn of(&mut self, function: u32, code: &[u64]) -> &mut Vec<Loop> {
        self.0.entry(function).or_insert_with(|| find(code))
    }
}

impl Loop {
    /// Whether it is its turn to be compiled; none where those within it are to be looked at.
    fn look(&mut self) -> Option<bool> {
        self.looks += 1;
        match self.stage {
            Stage::New if self.looks < LOOKS => Some(false),
            Stage::New => {
                self.stage = Stage::Asked;
                Some(true)
            }
            Stage::Asked => Some(false),
            Stage::Compiled if self.looks < PATIENCE => Some(false),
            Stage::Compiled | Stage::Refused => None,
        }
    }
}

/// The loops of stored code, by their first word, outer ones first.
fn find(code: &[u64]) -> Vec<Loop> {
    let mut ends: HashMap<u32, u32> = HashMap::new();
    let mut targets: Vec<u32> = Vec::new();
    for (at, instr) in instructions(code) {
        let mut jump = |distance: i32| {
            let target = (at as i64 + i64::from(distance)) as u32;
            targets.push(target);
            if distance <= 0 {
                let last = ends.entry(target).or_default();
                *last = (*last).max(at as u32);
            }
        };
        if let Instr::Switch { count, .. } = instr {
            switch_distances(&code[at + 1..], count).for_each(&mut jump);
        }
        instr.jump().into_iter().for_each(&mut jump);
    }
    targets.sort_unstable();
    let mut loops: Vec<Loop> = ends
        .into_iter()
        .map(|(first, last)| {
            let region = Region { entry: entry(code, first, &targets), first, last };
            Loop { region, stage: Stage::New, looks: 0, code: None }
        })
        .collect();
    loops.sort_unstable_by_key(|found| (found.region.first, u32::MAX - found.region.last));
    loops
}

/// Where the code of a loop is entered: behind an addition at its top that others jump over, which a back-edge may do on its way.
fn entry(code: &[u64], first: u32, targets: &[u32]) -> u32 {
    let mut here = instructions(&code[first as usize..]);
    let steps = matches!(here.next(), Some((_, Instr::IAddI { .. } | Instr::IAdd { .. })));
    match here.next() {
        Some((next, _)) if steps && targets.binary_search(&(first + next as u32)).is_ok() => {
            first + next as u32
        }
        _ => first,
    }
}

/// Looks at the loops around an instruction, because the interpreter's slice of fuel was used up there.
///
/// # Safety
/// The VM runs; `pc` is an instruction of its program.
#[cold]
#[inline(never)]
pub(crate) unsafe fn turn(vm: *mut Vm, pc: *const Op) {
    // SAFETY: handlers hold no reference into the VM while they call this.
    let vm = unsafe { &mut *vm };
    if vm.jit.is_some() {
        vm.take_ready();
        vm.look(pc);
    }
}

impl Vm {
    fn look(&mut self, pc: *const Op) -> Option<()> {
        let (function, word) = self.tables.locate(pc)?;
        let module = self.module.clone()?;
        let jit = self.jit.as_mut()?;
        let loops = jit.loops.of(function, &module.functions[function as usize].code);
        let around =
            loops.iter_mut().filter(|found| (found.region.first..=found.region.last).contains(&word));
        let (due, region) = around.filter_map(|found| Some((found.look()?, found.region))).next()?;
        if due {
            self.ask(Request { function, osr: Some(region), poll: false, inline: true });
            self.expect_calls(function);
            if self.jit.as_ref()?.options.waits() {
                self.take_all();
            }
        }
        Some(())
    }

    /// Lets the interpreter enter the code of a loop, which is left to these stored words.
    pub(super) fn enter_loop(
        &mut self,
        function: u32,
        region: Region,
        entry: Option<Entry>,
        left_to: &[u32],
    ) {
        let made = entry.and_then(|entry| self.loop_code(function, region, entry, left_to));
        let Some(jit) = &mut self.jit else { return };
        let loops = jit.loops.0.get_mut(&function);
        let Some(found) = loops.and_then(|loops| loops.iter_mut().find(|found| found.region == region))
        else {
            return;
        };
        (found.looks, found.stage) = (0, Stage::Refused);
        if let Some((landing, code)) = made {
            let code = found.code.insert(code);
            self.tables.patch(function, landing, loop_entry(&raw const **code));
            found.stage = Stage::Compiled;
        }
    }

    /// The code of a loop, with the ways in and out.
    fn loop_code(
        &self,
        function: u32,
        region: Region,
        entry: Entry,
        left_to: &[u32],
    ) -> Option<(Landing, Box<LoopCode>)> {
        let decoded = self.tables.decoded(function)?;
        let way_out = |word: &u32| {
            let Landing { at, int, float, .. } = decoded.landing(*word)?;
            Some(WayOut { to: (&raw const decoded.words[at as usize]).cast(), int, float })
        };
        let ways_out = left_to.iter().map(way_out).collect::<Option<Box<[WayOut]>>>()?;
        Some((decoded.landing(region.entry)?, Box::new(LoopCode { entry, ways_out })))
    }
}

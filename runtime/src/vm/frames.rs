//! Walking over the stack: for the collector, and for reports.

use lang_bytecode::{Effects, Instr, RegType, Storage, TypeId};

use super::Vm;
use crate::heap::Tracer;
use crate::interpreter::{LINK_SLOTS, Link, Op, Word};

/// A call that has not returned.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    pub(super) function: u32,
    /// The stored word that it is at.
    pub(super) word: u32,
    pub(super) base: *mut u64,
}

/// The frames from one on, innermost first.
pub(super) struct Frames<'v> {
    vm: &'v Vm,
    pc: *const Op,
    base: *mut u64,
    /// The function, where the call above knows it.
    function: Option<u32>,
}

impl<'v> Frames<'v> {
    /// # Safety
    /// The VM's program is at `pc` and `base`, or was when it trapped.
    pub(super) unsafe fn new(vm: &'v Vm, pc: *const Op, base: *mut u64) -> Frames<'v> {
        Frames { vm, pc, base, function: None }
    }
}

impl Iterator for Frames<'_> {
    type Item = Frame;

    fn next(&mut self) -> Option<Frame> {
        let (function, word) = match self.function {
            None => self.vm.tables.locate(self.pc)?,
            Some(function) => (function, self.vm.tables.origin(function, self.pc)?),
        };
        let frame = Frame { function, word, base: self.base };
        // SAFETY: under every frame lie the two link slots, and what they return to has the second word of a call before it.
        unsafe {
            let return_to = *self.base.sub(1) as *const Word;
            let link = return_to.sub(1).cast::<Link>();
            if (*link).caller == u32::MAX {
                self.function = None;
                self.pc = std::ptr::null();
            } else {
                self.function = Some((*link).caller);
                self.pc = return_to.sub(2).cast();
                self.base = *self.base.sub(LINK_SLOTS) as *mut u64;
            }
        }
        Some(frame)
    }
}

/// Shows every reference of a VM outside the heap to the collector.
///
/// # Safety
/// `vm` is the address of a [`Vm`] whose `top` says where its program is.
pub(super) unsafe fn trace(vm: *const (), tracer: &mut Tracer<'_>) {
    // SAFETY: as promised; only parts of the VM outside the heap are looked at.
    unsafe {
        let vm = &*vm.cast::<Vm>();
        let Some(module) = &vm.module else { return };
        for (index, global) in module.globals.iter().enumerate() {
            if matches!(global.ty, RegType::Ref(_) | RegType::RefNull(_)) {
                tracer.slot(vm.globals.add(index));
            }
        }
        let (pc, base) = vm.top;
        for (depth, frame) in Frames::new(vm, pc, base).enumerate() {
            let Some(decoded) = vm.tables.decoded(frame.function) else { continue };
            for slot in &decoded.references {
                tracer.slot(frame.base.add(*slot as usize));
            }
            if depth == 0 {
                trace_arguments(vm, &frame, tracer);
            }
        }
    }
}

/// Shows the out slots that the innermost frame's instruction reads.
unsafe fn trace_arguments(vm: &Vm, frame: &Frame, tracer: &mut Tracer<'_>) {
    let Some(module) = &vm.module else { return };
    let function = &module.functions[frame.function as usize];
    let window = frame.base.wrapping_add(function.registers.len() + LINK_SLOTS);
    let is_reference = |storage: Storage| matches!(storage, Storage::Ref(_) | Storage::RefNull(_));
    // SAFETY: the verifier found values of these types in the out slots.
    let mut show = |slot: usize| unsafe { tracer.slot(window.add(slot)) };
    match vm.instr(frame.function, frame.word) {
        Some(Instr::CallNative { callee }) => {
            let params = &module.natives[callee as usize].signature.params;
            (0..params.len())
                .filter(|slot| matches!(params[*slot], RegType::Ref(_) | RegType::RefNull(_)))
                .for_each(show);
        }
        Some(Instr::New { of, .. }) => {
            let fields = &vm.tables.layouts().get(TypeId(of)).fields;
            (0..fields.len()).filter(|slot| is_reference(fields[*slot].storage)).for_each(show);
        }
        Some(Instr::ALit { count, of, .. }) if is_reference(vm.tables.layouts().element(TypeId(of))) => {
            (0..count as usize).for_each(show);
        }
        Some(Instr::AFilled { of, .. }) if is_reference(vm.tables.layouts().element(TypeId(of))) => show(1),
        _ => {}
    }
}

impl Vm {
    /// A stored instruction.
    pub(super) fn instr(&self, function: u32, word: u32) -> Option<Instr> {
        let module = self.module.as_ref()?;
        Instr::decode(*module.functions.get(function as usize)?.code.get(word as usize)?)
    }

    /// The word of the call that a frame is in: what was fused before it is stepped over.
    pub(super) fn call_word(&self, frame: &Frame) -> u32 {
        let is_call = |word| {
            self.instr(frame.function, word).is_some_and(|instr| instr.opcode().effects().has(Effects::CALL))
        };
        if !is_call(frame.word) && is_call(frame.word + 1) { frame.word + 1 } else { frame.word }
    }
}

//! Walking over the stack: for the collector, and for reports.

use lang_bytecode::{Effects, Instr, RegType, Storage, TypeId};

use super::Vm;
use crate::heap::Tracer;
use crate::interpreter::{LINK_SLOTS, Link, Op, Word};
#[cfg(feature = "jit")]
use crate::jit::{
    context::Entered,
    frames::{CompiledFrame, Found, Place},
};

/// A call that has not returned.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    pub(super) function: u32,
    /// The stored word that it is at.
    pub(super) word: u32,
    pub(super) base: *mut u64,
    /// Whether the program called the host here: the arguments of that call are still in the out slots.
    pub(super) calls_host: bool,
}

/// A frame of either engine.
#[derive(Clone, Copy, Debug)]
pub(super) enum Activation<'v> {
    Interpreted(Frame),
    #[cfg(feature = "jit")]
    Compiled(CompiledFrame<'v>),
    #[cfg(not(feature = "jit"))]
    #[allow(dead_code, reason = "gives the lifetime a place")]
    Compiled(std::convert::Infallible, std::marker::PhantomData<&'v ()>),
}

/// Where a program, or a walk over its frames, is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum At {
    /// In the interpreter; with the function, where the call above knows it.
    Interpreter(*const Op, *mut u64, Option<u32>),
    #[cfg(feature = "jit")]
    Compiled(Place),
    End,
}

/// The frames from one on, innermost first.
pub(super) struct Frames<'v> {
    vm: &'v Vm,
    at: At,
    /// The innermost entry into compiled code that was not walked past.
    #[cfg(feature = "jit")]
    entered: *const Entered,
    /// How many calls of C that called back are still further out.
    outer: usize,
    /// Whether the next frame is where the program called the host.
    calls_host: bool,
}

impl<'v> Frames<'v> {
    /// The frames of a program that runs.
    ///
    /// # Safety
    /// The VM's program is at a safepoint.
    unsafe fn of_run(vm: &'v Vm) -> Frames<'v> {
        // SAFETY: as promised by the caller.
        Frames::new(vm, unsafe { vm.place() })
    }

    /// The frames of a program that trapped.
    ///
    /// # Safety
    /// Nothing ran since.
    pub(super) unsafe fn of_trap(vm: &'v Vm) -> Frames<'v> {
        #[cfg(feature = "jit")]
        if let Some(place) = vm.jit.as_ref().and_then(|jit| Place::of_trap(&jit.context)) {
            return Frames::new(vm, At::Compiled(place));
        }
        Frames::new(vm, At::Interpreter(vm.trap.pc, vm.trap.base, None))
    }

    fn new(vm: &'v Vm, at: At) -> Frames<'v> {
        Frames {
            vm,
            at,
            outer: vm.foreign.activations.len(),
            calls_host: true,
            #[cfg(feature = "jit")]
            entered: vm.jit.as_ref().map_or(std::ptr::null(), |jit| jit.context.entered),
        }
    }

    /// What the frame at `base` returns to.
    ///
    /// # Safety
    /// Under the frame lie the two link slots.
    unsafe fn below(base: *mut u64) -> At {
        // SAFETY: what frames return to has the second word of a call before it.
        unsafe {
            let return_to = *base.sub(1) as *const Word;
            let link = return_to.sub(1).cast::<Link>();
            let slot = *base.sub(LINK_SLOTS);
            match (*link).caller {
                u32::MAX if slot == 0 => At::End,
                #[cfg(feature = "jit")]
                u32::MAX => At::Compiled(Place::of_call(slot)),
                #[cfg(not(feature = "jit"))]
                u32::MAX => At::End,
                caller => At::Interpreter(return_to.sub(2).cast(), slot as *mut u64, Some(caller)),
            }
        }
    }
}

impl<'v> Iterator for Frames<'v> {
    type Item = Activation<'v>;

    fn next(&mut self) -> Option<Activation<'v>> {
        #[cfg(feature = "jit")]
        while let At::Compiled(place) = self.at {
            // SAFETY: the frames of compiled code are there until the next run.
            self.at = match unsafe { place.find(self.vm.jit.as_ref()?, &mut self.entered) } {
                Found::Frame(frame, caller) => {
                    self.at = At::Compiled(caller);
                    self.calls_host = false;
                    return Some(Activation::Compiled(frame));
                }
                // SAFETY: compiled code runs in place of a frame that was made.
                Found::Interpreter(base) => unsafe { Frames::below(base) },
                Found::Lost => At::End,
            };
            self.step_out();
        }
        let At::Interpreter(pc, base, function) = self.at else { return None };
        let (function, word) = match function {
            None => self.vm.tables.locate(pc)?,
            Some(function) => (function, self.vm.tables.origin(function, pc)?),
        };
        // SAFETY: every frame of the interpreter has link slots.
        self.at = unsafe { Frames::below(base) };
        let calls_host = std::mem::replace(&mut self.calls_host, false);
        self.step_out();
        Some(Activation::Interpreted(Frame { function, word, base, calls_host }))
    }
}

impl Frames<'_> {
    /// Where C called the program, the walk goes on with the call of C.
    fn step_out(&mut self) {
        if let (At::End, Some(outer)) = (self.at, self.outer.checked_sub(1)) {
            (self.at, self.outer, self.calls_host) = (self.vm.foreign.activations[outer], outer, true);
        }
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
        vm.foreign.trace(tracer);
        for activation in Frames::of_run(vm) {
            let frame = match activation {
                Activation::Interpreted(frame) => frame,
                #[cfg(feature = "jit")]
                Activation::Compiled(frame) => {
                    frame.trace(tracer);
                    continue;
                }
                #[cfg(not(feature = "jit"))]
                Activation::Compiled(never, _) => match never {},
            };
            let Some(decoded) = vm.tables.decoded(frame.function) else { continue };
            for slot in &decoded.references {
                tracer.slot(frame.base.add(*slot as usize));
            }
            if frame.calls_host {
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
            show_references(&module.natives[callee as usize].signature.params, show);
        }
        Some(Instr::CallC { callee }) => {
            show_references(&module.foreign.functions[callee as usize].signature.params, show);
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

/// Shows the slots of parameters that are references.
fn show_references(params: &[RegType], show: impl FnMut(usize)) {
    (0..params.len())
        .filter(|slot| matches!(params[*slot], RegType::Ref(_) | RegType::RefNull(_)))
        .for_each(show);
}

impl Vm {
    /// Where the program is that called the host.
    ///
    /// # Safety
    /// The program is at a safepoint.
    pub(crate) unsafe fn place(&self) -> At {
        #[cfg(feature = "jit")]
        // SAFETY: as promised by the caller.
        if let Some(place) = self.jit.as_ref().and_then(|jit| unsafe { Place::of_exit(&jit.context) }) {
            return At::Compiled(place);
        }
        let (pc, base) = self.top;
        At::Interpreter(pc, base, None)
    }

    /// Notes that the program ends where it called the host.
    #[cfg_attr(
        not(feature = "jit"),
        allow(dead_code, reason = "only C and compiled code are called from places")
    )]
    pub(crate) fn trap_at(&mut self, place: At) {
        #[cfg(feature = "jit")]
        if let Some(jit) = &mut self.jit {
            jit.context.trap_pc = 0;
            if let At::Compiled(place) = place {
                place.trap(&mut jit.context);
            }
        }
        if let At::Interpreter(pc, base, _) = place {
            self.trap.set(pc, base, 0);
        }
    }

    /// A stored instruction.
    pub(crate) fn instr(&self, function: u32, word: u32) -> Option<Instr> {
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

//! Frames of compiled code, along the frame pointers: for the collector, and for reports.

use super::Jit;
use super::code::{Details, Of};
use super::context::{Context, Entered, Left};
use super::ir::Site;
use crate::heap::Tracer;

/// A place in compiled code.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    /// The instruction; for a call that has not returned, the last byte of the call.
    pc: u64,
    fp: u64,
}

/// A frame of compiled code.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CompiledFrame<'j> {
    details: &'j Details,
    offset: u32,
    fp: u64,
}

/// What a walk finds.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Found<'j> {
    /// A frame, and where its caller is.
    Frame(CompiledFrame<'j>, Place),
    /// The interpreter called from here: what the frame at this base returns to.
    Interpreter(*mut u64),
    /// Nothing is known of this address.
    Lost,
}

impl Place {
    /// Where compiled code last called the host; none while the interpreter runs.
    ///
    /// # Safety
    /// That call has not returned.
    pub(crate) unsafe fn of_exit(context: &Context) -> Option<Place> {
        let Context { exit_pc, exit_fp, code: [start, end], .. } = *context;
        let pc = match exit_pc {
            0 => return None,
            pc if (start..end).contains(&pc) => pc,
            // SAFETY: compiled code that calls C by itself notes its stack pointer; the call put the return address below.
            stack => unsafe { *(stack as *const u64).sub(1) },
        };
        Some(Place { pc: pc - 1, fp: exit_fp })
    }

    /// Notes that what happened at this place ended the program.
    pub(crate) fn trap(self, context: &mut Context) {
        (context.trap_pc, context.trap_fp) = (self.pc, self.fp);
    }

    /// Where compiled code trapped; none where the interpreter did.
    pub(crate) fn of_trap(context: &Context) -> Option<Place> {
        (context.trap_pc != 0).then_some(Place { pc: context.trap_pc, fp: context.trap_fp })
    }

    /// Where compiled code called the interpreter.
    ///
    /// # Safety
    /// The word is what such a call left below the interpreter's frame.
    pub(crate) unsafe fn of_call(word: u64) -> Place {
        // SAFETY: as promised; the record lives as long as the call.
        let left = unsafe { &*(word as *const Left) };
        Place { pc: left.pc - 1, fp: left.fp }
    }

    /// The frame of this place, or the next one outwards that is not a stub's. `entered` is the innermost entry into compiled code
    /// that was not walked past.
    ///
    /// # Safety
    /// The place is of this JIT's compiled code, and its frames are still there.
    pub(crate) unsafe fn find<'j>(self, jit: &'j Jit, entered: &mut *const Entered) -> Found<'j> {
        let Some(code) = &jit.code else { return Found::Lost };
        let Place { mut pc, mut fp } = self;
        loop {
            let Some((details, offset)) = code.find(pc) else { return Found::Lost };
            // SAFETY: compiled code keeps frame pointers, and entries are recorded by those who make them.
            unsafe {
                if details.of == Of::Entry {
                    let Some(entry) = entered.as_ref() else { return Found::Lost };
                    *entered = entry.previous;
                    return Found::Interpreter(entry.base);
                }
                let frame = fp as *const u64;
                let caller = Place { pc: *frame.add(1) - 1, fp: *frame };
                if let Of::Function(_) = details.of {
                    return Found::Frame(CompiledFrame { details, offset, fp }, caller);
                }
                (pc, fp) = (caller.pc, caller.fp);
            }
        }
    }
}

impl<'j> CompiledFrame<'j> {
    /// The instruction, and the calls that were inlined around it, innermost first.
    pub(crate) fn sites(self) -> impl Iterator<Item = Site> + use<'j> {
        let sites = &self.details.sites;
        let first = self.details.site(self.offset).and_then(|site| sites.get(site as usize));
        std::iter::successors(first, |site| sites.get(site.caller? as usize)).copied()
    }

    /// Shows the references of the frame to the collector.
    ///
    /// # Safety
    /// The frame is in a call.
    pub(crate) unsafe fn trace(self, tracer: &mut Tracer<'_>) {
        let Some((size, slots)) = self.details.references(self.offset + 1) else { return };
        let stack = self.fp - u64::from(size);
        for slot in slots {
            // SAFETY: the stack map says that the slot holds a reference, or null.
            unsafe { tracer.slot((stack + u64::from(*slot)) as *mut u64) };
        }
    }
}

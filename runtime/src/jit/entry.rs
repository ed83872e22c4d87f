//! The ways between the engines: into compiled code and back, and what is left of a run that trapped.

use std::ptr::null;

use lang_bytecode::TrapKind;

use super::context::{Context, Entered, Left};
use super::helpers::failed;
use super::signals::Running;
use super::stack::{nest, switch, unwind};
use super::tiers;
use super::translate::traps;
use crate::ffi;
use crate::interpreter::{FINISHED, LINK_SLOTS, Op, RETURNED, TRAPPED};
use crate::natives::Failure;
use crate::vm::Vm;

/// Cranelift's code of a prologue that found no room on the stack.
const STACK_OVERFLOW: u8 = cranelift_codegen::ir::TrapCode::STACK_OVERFLOW.as_raw().get();

/// Enters compiled code: with the address of the code, the context, and a window of words for arguments and results.
pub(super) type EntryStub = unsafe extern "sysv64" fn(*const u8, *mut Context, *mut u64);

/// Code, and the stub that enters it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    pub(super) code: *const u8,
    pub(super) stub: *const u8,
}

/// Where a run begins.
struct Start {
    vm: *mut Vm,
    code: *const Op,
    base: *mut u64,
}

/// Runs the program from here on the stack that compiled code uses; gives how it ended.
///
/// # Safety
/// As for running the code in the interpreter; the VM has a JIT.
pub(crate) unsafe fn run(vm: *mut Vm, code: *const Op, base: *mut u64) -> u32 {
    // SAFETY: as promised; nothing holds a reference into the VM while it runs.
    unsafe {
        let Some(jit) = &mut (*vm).jit else { return TRAPPED };
        let (top, limit) = (jit.stack.top(), jit.stack.limit());
        let context: *mut Context = &mut *jit.context;
        (*context).stack_limit = limit;
        ((*context).exit_pc, (*context).trap_pc, (*context).entered) = (0, 0, null());
        (*context).vm = vm;
        ((*context).host, (*context).heap) = (&raw mut (*vm).host, &raw mut (*vm).host.heap);
        (*context).globals = (*vm).globals;
        (*context).unflushed = (*vm).host.services.output.unflushed();
        (*context).errno = [libc::__errno_location(), &raw mut (*vm).host.services.c_errno];
        (*context).pending = 0;
        let mut start = Start { vm, code, base };
        let running = Running::new(context);
        let outcome = switch(context, top, begin, (&raw mut start).cast());
        drop(running);
        settle(vm, context, outcome)
    }
}

/// Runs the program from here within a run, for C that calls it; a trap comes back here, and not further.
///
/// # Safety
/// As for running the code in the interpreter; the machine runs, and the interpreter called C.
pub(crate) unsafe fn nested(vm: *mut Vm, code: *const Op, base: *mut u64) -> u32 {
    // SAFETY: as promised; nothing holds a reference into the VM while it runs.
    unsafe {
        let Some(jit) = &mut (*vm).jit else { return ((*code).run)(code, base, vm, 0, 0.0, 1) };
        let context: *mut Context = &mut *jit.context;
        let Context { host_sp, exit_fp, exit_pc, .. } = *context;
        (*context).exit_pc = 0;
        let mut start = Start { vm, code, base };
        let outcome = nest(context, begin, (&raw mut start).cast());
        ((*context).host_sp, (*context).exit_fp, (*context).exit_pc) = (host_sp, exit_fp, exit_pc);
        settle(vm, context, outcome)
    }
}

unsafe extern "sysv64" fn begin(start: *mut ()) -> u32 {
    // SAFETY: `run` gives its own record; no fuel in the register: the first back-edge or call asks for it.
    unsafe {
        let Start { vm, code, base } = *start.cast::<Start>();
        ((*code).run)(code, base, vm, 0, 0.0, 1)
    }
}

/// The first slot of the interpreter's stack that is free while compiled code is in a call of the host.
pub(crate) fn free_stack(context: &Context) -> Option<*mut u64> {
    // SAFETY: the record of an entry lives until it returns.
    unsafe { context.entered.as_ref() }.map(|entered| entered.base)
}

/// Leaves a run that trapped in compiled code.
pub(super) unsafe extern "sysv64" fn end_trapped(context: *mut Context) -> ! {
    // SAFETY: compiled code of this context trapped, and its frames are above.
    unsafe {
        let vm = (*context).vm;
        if (*vm).foreign.is_called_back() && settle(vm, context, TRAPPED) == TRAPPED {
            end(context, TRAPPED);
        }
        unwind(context, TRAPPED)
    }
}

/// Leaves a run, but makes the error of one within a call of C while the frames that it tells of are there.
unsafe fn end(context: *mut Context, outcome: u32) -> ! {
    // SAFETY: the machine runs, and nothing that is left has anything to clean up.
    unsafe {
        if outcome == TRAPPED {
            let vm = (*context).vm;
            if (*vm).foreign.is_called_back() {
                ffi::note_error(vm);
                (*context).trap_pc = 0;
            }
        }
        unwind(context, outcome)
    }
}

/// Makes of a trap of compiled code what the interpreter would have noted.
unsafe fn settle(vm: *mut Vm, context: *mut Context, outcome: u32) -> u32 {
    // SAFETY: nothing runs any more; the frames of a run that trapped are still on its stack.
    unsafe {
        if outcome != TRAPPED || (*context).trap_pc == 0 {
            return outcome;
        }
        let code = (*vm).jit.as_ref().and_then(|jit| jit.code.as_ref());
        let found = code.and_then(|code| code.find((*context).trap_pc));
        let trap = found.and_then(|(details, offset)| details.trap(offset));
        let notes = &mut (*vm).trap;
        match trap {
            Some(traps::HALT) => {
                ((*vm).status, (*vm).halted) = ((*context).status, true);
                return FINISHED;
            }
            Some(traps::EXPLAINED) => {
                (notes.values, notes.said) = ((*context).trap_values, None);
            }
            Some(traps::FAILED) => {
                let failure = Box::from_raw((*context).trap_values[0] as *mut Failure);
                failed(context, *failure);
            }
            Some(traps::OUT_OF_MEMORY) => notes.said = Some((TrapKind::OutOfMemory, None)),
            Some(STACK_OVERFLOW) => {
                notes.said = Some((TrapKind::StackOverflow, None));
                // It belongs to the caller: the frame was made, but nothing of the function ran.
                let frame = (*context).trap_fp as *const u64;
                ((*context).trap_pc, (*context).trap_fp) = (*frame.add(1) - 1, *frame);
            }
            _ => {}
        }
        TRAPPED
    }
}

/// Runs compiled code in place of an interpreted frame, with the arguments there, and leaves the results there; gives the fuel
/// that is left. A trap does not come back.
///
/// # Safety
/// The machine runs in [`run`]; below `base` lies what the function returns to.
// In a handler's own frame its record would keep the handler from ending in a jump.
#[inline(never)]
pub(crate) unsafe fn enter(vm: *mut Vm, entry: Entry, base: *mut u64, fuel: i64) -> i64 {
    // SAFETY: as promised; the stub was made for the signature of the code.
    unsafe {
        let Some(jit) = &mut (*vm).jit else { return fuel };
        let context: *mut Context = &mut *jit.context;
        let entered = Entered { base, previous: (*context).entered };
        ((*context).entered, (*context).fuel) = (&raw const entered, fuel);
        let stub: EntryStub = std::mem::transmute(entry.stub);
        stub(entry.code, context, base);
        ((*context).entered, (*context).exit_pc) = (entered.previous, 0);
        (*context).fuel
    }
}

/// The code of a function that was called through its stub; 0 where it is interpreted.
pub(super) unsafe extern "sysv64" fn resolve(context: *mut Context, function: u64) -> u64 {
    // SAFETY: compiled code gives its context, whose machine runs.
    unsafe { tiers::resolve((*context).vm, function as u32) as u64 }
}

/// Calls the interpreter from compiled code.
unsafe extern "sysv64" fn interpret(context: *mut Context, function: u64, window: *mut u64) {
    // SAFETY: the stub gives a window that holds the arguments and has room for the results; the interpreter's stack is free above
    // the frame in whose place compiled code runs.
    unsafe {
        let vm = (*context).vm;
        let left = Left { pc: (*context).exit_pc, fp: (*context).exit_fp };
        let base = (*(*context).entered).base.add(LINK_SLOTS);
        let slot = *(*vm).tables.function_slot(function as u32);
        if base.wrapping_byte_add(slot.frame as usize) > (*vm).stack_limit {
            (*vm).trap.said = Some((TrapKind::StackOverflow, None));
            ((*context).trap_pc, (*context).trap_fp) = (left.pc - 1, left.fp);
            end_trapped(context);
        }
        base.sub(1).write((*vm).return_to_compiled() as u64);
        base.sub(LINK_SLOTS).write(&raw const left as u64);
        base.copy_from_nonoverlapping(window, slot.params as usize);
        (*context).exit_pc = 0;
        let outcome = ((*slot.code).run)(slot.code, base, vm, 0, 0.0, (*context).fuel);
        if outcome != RETURNED {
            (*context).trap_pc = 0;
            end(context, outcome);
        }
        window.copy_from_nonoverlapping(base, (*vm).results_of(function as u32));
    }
}

super::helpers::exit_thunk!(interpret_thunk => interpret);

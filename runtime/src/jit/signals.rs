//! Traps of compiled code: an instruction that the processor refuses raises a signal, whose handler leaves the run.
//!
//! The handlers are the process's, since signals are; they act on nothing but the code of the machine that runs on the
//! thread, and hand everything else to the handlers that were there before.

use std::cell::Cell;
use std::ptr::null_mut;
use std::sync::OnceLock;

use super::context::Context;
use super::entry::end_trapped;

thread_local! {
    /// The machine that runs on this thread.
    static RUNNING: Cell<*mut Context> = const { Cell::new(null_mut()) };
}

/// The handlers that were there before.
static BEFORE: OnceLock<[libc::sigaction; 2]> = OnceLock::new();

/// The signals of a refused instruction, and of the guard page below the stack.
const SIGNALS: [libc::c_int; 2] = [libc::SIGILL, libc::SIGSEGV];

/// While it lives, traps of this thread belong to a machine.
#[derive(Debug)]
pub(super) struct Running {
    before: *mut Context,
}

impl Running {
    /// Traps of this thread's compiled code belong to this context.
    pub(super) fn new(context: *mut Context) -> Running {
        BEFORE.get_or_init(install);
        Running { before: RUNNING.replace(context) }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        RUNNING.set(self.before);
    }
}

fn install() -> [libc::sigaction; 2] {
    SIGNALS.map(|signal| {
        // SAFETY: both structures are plain memory, and the handler does only what handlers may.
        unsafe {
            let mut action: libc::sigaction = std::mem::zeroed();
            let mut before: libc::sigaction = std::mem::zeroed();
            let handler: extern "C" fn(libc::c_int, *mut libc::siginfo_t, *mut libc::c_void) = on_trap;
            action.sa_sigaction = handler as libc::sighandler_t;
            action.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK | libc::SA_NODEFER;
            libc::sigemptyset(&raw mut action.sa_mask);
            libc::sigaction(signal, &raw const action, &raw mut before);
            before
        }
    })
}

extern "C" fn on_trap(signal: libc::c_int, info: *mut libc::siginfo_t, state: *mut libc::c_void) {
    let context = RUNNING.get();
    // SAFETY: the system gives the state of the thread; a context is registered only while its machine runs.
    unsafe {
        let registers = &mut (*state.cast::<libc::ucontext_t>()).uc_mcontext.gregs;
        let pc = registers[libc::REG_RIP as usize] as u64;
        if context.is_null() || !((*context).code[0]..(*context).code[1]).contains(&pc) {
            return pass_on(signal, info, state);
        }
        (*context).trap_pc = pc;
        (*context).trap_fp = registers[libc::REG_RBP as usize] as u64;
        // Goes on in `land`, on the stack of what trapped.
        registers[libc::REG_RIP as usize] = land as *const () as i64;
        registers[libc::REG_RDI as usize] = context as i64;
    }
}

/// Where a thread goes on after a trap of compiled code.
#[unsafe(naked)]
unsafe extern "sysv64" fn land(context: *mut Context) -> ! {
    std::arch::naked_asm!(
        "and rsp, -16",
        "call {end}",
        "ud2",
        end = sym end_trapped,
    )
}

/// Does what would have been done without us.
unsafe fn pass_on(signal: libc::c_int, info: *mut libc::siginfo_t, state: *mut libc::c_void) {
    let place = SIGNALS.iter().position(|own| *own == signal);
    let before = place.and_then(|place| BEFORE.get().map(|before| before[place]));
    // SAFETY: what the system told about a handler says how it is called.
    unsafe {
        match before {
            Some(action) if action.sa_sigaction == libc::SIG_IGN => {}
            Some(action) if action.sa_sigaction != libc::SIG_DFL => {
                if action.sa_flags & libc::SA_SIGINFO != 0 {
                    let handler: extern "C" fn(libc::c_int, *mut libc::siginfo_t, *mut libc::c_void) =
                        std::mem::transmute(action.sa_sigaction);
                    handler(signal, info, state);
                } else {
                    let handler: extern "C" fn(libc::c_int) = std::mem::transmute(action.sa_sigaction);
                    handler(signal);
                }
            }
            // The instruction runs again, and then the process ends as it would have.
            _ => {
                libc::signal(signal, libc::SIG_DFL);
            }
        }
    }
}

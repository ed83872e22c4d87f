//! Ctrl-C: the first one asks the program to stop, the second one does not ask.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use lang_runtime::InterruptHandle;

static HANDLE: OnceLock<InterruptHandle> = OnceLock::new();
static ASKED: AtomicBool = AtomicBool::new(false);

/// From now on interrupts go to the program with this handle.
pub(crate) fn catch(handle: InterruptHandle) {
    if HANDLE.set(handle).is_ok() {
        let handler: extern "C" fn(libc::c_int) = on_interrupt;
        // SAFETY: the handler does nothing but what is allowed in one: it stores a flag or leaves.
        unsafe { libc::signal(libc::SIGINT, handler as libc::sighandler_t) };
    }
}

/// The program that was asked to stop has stopped: the next one is asked again.
pub(crate) fn forget() {
    ASKED.store(false, Ordering::Relaxed);
}

extern "C" fn on_interrupt(_: libc::c_int) {
    if ASKED.swap(true, Ordering::Relaxed) {
        // SAFETY: leaving at once is allowed in a handler of signals.
        unsafe { libc::_exit(i32::from(crate::INTERRUPTED)) };
    }
    if let Some(handle) = HANDLE.get() {
        handle.interrupt();
    }
}

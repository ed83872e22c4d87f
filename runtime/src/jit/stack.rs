//! The stack that compiled code runs on: a mapping of its own with a guard page, entered once for each run of a machine.

use std::io;
use std::mem::offset_of;
use std::ptr::NonNull;

use super::context::Context;

/// Bytes that stay free for the host's functions, which compiled code calls without a check.
const RESERVE: usize = 512 << 10;
const GUARD: usize = 4096;

/// A stack that grows down.
#[derive(Debug)]
pub(super) struct NativeStack {
    start: NonNull<u8>,
    bytes: usize,
}

impl NativeStack {
    /// Maps a stack with so many bytes for compiled frames.
    pub(super) fn new(bytes: usize) -> io::Result<NativeStack> {
        let bytes = bytes.next_multiple_of(GUARD).saturating_add(RESERVE + GUARD);
        // SAFETY: a fresh anonymous mapping touches no existing memory.
        let start = unsafe {
            libc::mmap(
                std::ptr::null_mut(),
                bytes,
                libc::PROT_READ | libc::PROT_WRITE,
                libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE,
                -1,
                0,
            )
        };
        if start == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: the first page lies inside the new mapping.
        unsafe { libc::mprotect(start, GUARD, libc::PROT_NONE) };
        let start = NonNull::new(start.cast()).ok_or_else(io::Error::last_os_error)?;
        Ok(NativeStack { start, bytes })
    }

    /// Where it begins.
    pub(super) fn top(&self) -> *mut u8 {
        self.start.as_ptr().wrapping_add(self.bytes)
    }

    /// Compiled frames must stay above this address.
    pub(super) fn limit(&self) -> u64 {
        self.start.as_ptr() as u64 + (RESERVE + GUARD) as u64
    }
}

impl Drop for NativeStack {
    fn drop(&mut self) {
        // SAFETY: the mapping was made by `new`, and nothing runs on it when the machine goes.
        unsafe { libc::munmap(self.start.as_ptr().cast(), self.bytes) };
    }
}

/// Calls `run` with `data` on the stack that begins at `top`; gives its result, or what [`unwind`] is given.
///
/// # Safety
/// `top` is the end of a stack that nothing runs on, and `context` outlives the call.
#[unsafe(naked)]
pub(super) unsafe extern "sysv64" fn switch(
    context: *mut Context,
    top: *mut u8,
    run: unsafe extern "sysv64" fn(*mut ()) -> u32,
    data: *mut (),
) -> u32 {
    std::arch::naked_asm!(
        "push rbp",
        "mov rbp, rsp",
        "push rbx",
        "push r12",
        "push r13",
        "push r14",
        "push r15",
        "sub rsp, 8",
        "mov [rdi + {host_sp}], rsp",
        "mov rsp, rsi",
        "mov rdi, rcx",
        "call rdx",
        "lea rsp, [rbp - 40]",
        "pop r15",
        "pop r14",
        "pop r13",
        "pop r12",
        "pop rbx",
        "pop rbp",
        "ret",
        host_sp = const offset_of!(Context, host_sp),
    )
}

/// As [`switch`], on the stack that it is called on. What `host_sp` was before is for the caller to put back.
///
/// # Safety
/// `context` outlives the call.
#[unsafe(naked)]
pub(super) unsafe extern "sysv64" fn nest(
    context: *mut Context,
    run: unsafe extern "sysv64" fn(*mut ()) -> u32,
    data: *mut (),
) -> u32 {
    std::arch::naked_asm!(
        "push rbp",
        "mov rbp, rsp",
        "push rbx",
        "push r12",
        "push r13",
        "push r14",
        "push r15",
        "sub rsp, 8",
        "mov [rdi + {host_sp}], rsp",
        "mov rdi, rdx",
        "call rsi",
        "lea rsp, [rbp - 40]",
        "pop r15",
        "pop r14",
        "pop r13",
        "pop r12",
        "pop rbx",
        "pop rbp",
        "ret",
        host_sp = const offset_of!(Context, host_sp),
    )
}

/// Leaves everything since [`switch`] or [`nest`], which gives `outcome`.
///
/// # Safety
/// The machine runs in [`switch`] with this context, and no frame that is left has anything to clean up.
#[unsafe(naked)]
pub(super) unsafe extern "sysv64" fn unwind(context: *mut Context, outcome: u32) -> ! {
    std::arch::naked_asm!(
        "mov rsp, [rdi + {host_sp}]",
        "mov eax, esi",
        "add rsp, 8",
        "pop r15",
        "pop r14",
        "pop r13",
        "pop r12",
        "pop rbx",
        "pop rbp",
        "ret",
        host_sp = const offset_of!(Context, host_sp),
    )
}

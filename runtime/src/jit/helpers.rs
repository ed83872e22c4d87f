//! The host's side of operations that compiled code does not do itself: allocation, natives, what is rare.
//!
//! Helpers that may run the collector or end the program are reached through a thunk that notes where compiled code was.

use lang_bytecode::{TrapKind, TypeId};

use super::context::Context;
use super::ir::Type;
use super::stack::unwind;
use crate::ffi::{self, Unfit};
use crate::heap::{OutOfMemory, str_compare, str_equal};
use crate::interpreter::{TRAPPED, semantics};
use crate::natives::Failure;

/// What a helper's result says about success.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Failing {
    /// It always succeeds.
    Never,
    /// A result of 0 means that there is no memory.
    OutOfMemory,
    /// A result that is not 0 means a trap that was noted.
    Said,
}

/// Declares helpers: the enum that names them, their signatures and their addresses.
macro_rules! helpers {
    ($($(#[$meta:meta])* $name:ident $function:ident ($($param:ident),*) -> $result:ident [$failing:ident $(, $safepoint:ident)?] $address:expr;)*) => {
        /// A function of the host that compiled code calls.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        pub(crate) enum Helper {
            $($(#[$meta])* $name,)*
        }

        impl Helper {
            /// The kinds of its parameters, after the context.
            pub(crate) fn params(self) -> &'static [Type] {
                match self { $(Helper::$name => &[$(Type::$param),*],)* }
            }

            /// The kind of its result.
            pub(crate) fn result(self) -> Type {
                match self { $(Helper::$name => Type::$result,)* }
            }

            /// How it says that it failed.
            pub(crate) fn failing(self) -> Failing {
                match self { $(Helper::$name => Failing::$failing,)* }
            }

            /// Whether it may run the collector.
            pub(crate) fn is_safepoint(self) -> bool {
                match self { $(Helper::$name => [false $(, stringify!($safepoint) == "safepoint")?].contains(&true),)* }
            }

            /// What compiled code calls.
            pub(crate) fn address(self) -> usize {
                match self { $(Helper::$name => $address as *const () as usize,)* }
            }
        }
    };
}

helpers! {
    /// A new object of a type, whose fields are not yet set.
    NewObject new_object(Int) -> Ref [OutOfMemory, safepoint] new_object_thunk;
    /// A new array of a type, with a length of unset elements, and a capacity.
    NewArray new_array(Int, Int, Int) -> Ref [OutOfMemory, safepoint] new_array_thunk;
    /// A new array of a type, of a length that is not negative, of elements of this value.
    FilledArray filled_array(Int, Int, Int) -> Ref [OutOfMemory, safepoint] filled_array_thunk;
    /// Appends to an array that has no room.
    Push push(Ref, Int) -> Int [OutOfMemory, safepoint] push_thunk;
    /// More fuel.
    Refuel refuel() -> Int [Said] refuel_thunk;
    /// Calls a native: its arguments in a window, the type of what it makes, its code. Gives why it failed, or 0.
    Native native(Int, Int, Int) -> Int [Never, safepoint] native_thunk;
    /// Writes the program's output, which C must find written.
    Flush flush() -> Int [Said] flush_thunk;
    /// Calls a function of C with its arguments in a window.
    CallC call_c(Int, Int) -> Int [Said, safepoint] call_c_thunk;
    /// Notes that a call of C refuses a word: by the function, what it is to the call, and the word.
    Refuse refuse(Int, Int, Int) -> Int [Said] refuse;
    /// Ends the program, as a callback did.
    Leave leave() -> Int [Never] leave;
    /// A power, in the context's result; 0 where there is none.
    Power power(Int, Int) -> Int [Never] power;
    FRem float_remainder(Float, Float) -> Float [Never] float_remainder;
    FCmp float_order(Float, Float) -> Int [Never] float_order;
    StrEq string_equal(Ref, Ref) -> Int [Never] string_equal;
    StrCmp string_order(Ref, Ref) -> Int [Never] string_order;
}

/// A function that notes the frame and the place of the compiled code that calls it, and continues in a helper.
macro_rules! exit_thunk {
    ($thunk:ident => $helper:ident) => {
        #[unsafe(naked)]
        pub(super) unsafe extern "sysv64" fn $thunk() {
            std::arch::naked_asm!(
                "mov [rdi + {fp}], rbp",
                "mov rax, [rsp]",
                "mov [rdi + {pc}], rax",
                "jmp {helper}",
                fp = const std::mem::offset_of!($crate::jit::context::Context, exit_fp),
                pc = const std::mem::offset_of!($crate::jit::context::Context, exit_pc),
                helper = sym $helper,
            )
        }
    };
}

pub(super) use exit_thunk;

exit_thunk!(new_object_thunk => new_object);
exit_thunk!(new_array_thunk => new_array);
exit_thunk!(filled_array_thunk => filled_array);
exit_thunk!(push_thunk => push);
exit_thunk!(refuel_thunk => refuel);
exit_thunk!(flush_thunk => flush);
exit_thunk!(call_c_thunk => call_c);

/// Notes where compiled code is as the other thunks do, and goes on in a native's own code.
#[unsafe(naked)]
unsafe extern "sysv64" fn native_thunk() {
    std::arch::naked_asm!(
        "mov [rdi + {fp}], rbp",
        "mov rax, [rsp]",
        "mov [rdi + {pc}], rax",
        "mov rdi, [rdi + {host}]",
        "jmp rcx",
        fp = const std::mem::offset_of!(Context, exit_fp),
        pc = const std::mem::offset_of!(Context, exit_pc),
        host = const std::mem::offset_of!(Context, host),
    )
}

/// Tells the heap of a stored reference, and leaves all registers as they are, so that the call costs its surroundings nothing.
#[unsafe(naked)]
pub(super) unsafe extern "sysv64" fn remember_thunk() {
    std::arch::naked_asm!(
        "push rbp",
        "mov rbp, rsp",
        "push rax",
        "push rcx",
        "push rdx",
        "push rsi",
        "push rdi",
        "push r8",
        "push r9",
        "push r10",
        "push r11",
        "and rsp, -16",
        "sub rsp, 256",
        "movaps [rsp], xmm0",
        "movaps [rsp + 16], xmm1",
        "movaps [rsp + 32], xmm2",
        "movaps [rsp + 48], xmm3",
        "movaps [rsp + 64], xmm4",
        "movaps [rsp + 80], xmm5",
        "movaps [rsp + 96], xmm6",
        "movaps [rsp + 112], xmm7",
        "movaps [rsp + 128], xmm8",
        "movaps [rsp + 144], xmm9",
        "movaps [rsp + 160], xmm10",
        "movaps [rsp + 176], xmm11",
        "movaps [rsp + 192], xmm12",
        "movaps [rsp + 208], xmm13",
        "movaps [rsp + 224], xmm14",
        "movaps [rsp + 240], xmm15",
        "call {remember}",
        "movaps xmm0, [rsp]",
        "movaps xmm1, [rsp + 16]",
        "movaps xmm2, [rsp + 32]",
        "movaps xmm3, [rsp + 48]",
        "movaps xmm4, [rsp + 64]",
        "movaps xmm5, [rsp + 80]",
        "movaps xmm6, [rsp + 96]",
        "movaps xmm7, [rsp + 112]",
        "movaps xmm8, [rsp + 128]",
        "movaps xmm9, [rsp + 144]",
        "movaps xmm10, [rsp + 160]",
        "movaps xmm11, [rsp + 176]",
        "movaps xmm12, [rsp + 192]",
        "movaps xmm13, [rsp + 208]",
        "movaps xmm14, [rsp + 224]",
        "movaps xmm15, [rsp + 240]",
        "lea rsp, [rbp - 72]",
        "pop r11",
        "pop r10",
        "pop r9",
        "pop r8",
        "pop rdi",
        "pop rsi",
        "pop rdx",
        "pop rcx",
        "pop rax",
        "pop rbp",
        "ret",
        remember = sym remember,
    )
}

unsafe extern "sysv64" fn remember(context: *mut Context, object: u64, place: *const u8) {
    // SAFETY: compiled code gives its context, a live object, and the place of an element where that is an array.
    unsafe { (*(*context).heap).remember(object, place) }
}

/// The address of what was made; 0 where there was no memory.
fn made(object: Result<u64, OutOfMemory>) -> u64 {
    object.unwrap_or(0)
}

unsafe extern "sysv64" fn new_object(context: *mut Context, of: u64) -> u64 {
    // SAFETY: compiled code gives its context, whose heap is that of the machine that runs.
    unsafe {
        let heap = &mut *(*context).heap;
        let layout = heap.layouts().get(TypeId(of as u32));
        let (header, size) = (layout.header, layout.size);
        made(heap.allocate(header, size).map(|object| object as u64))
    }
}

unsafe extern "sysv64" fn new_array(context: *mut Context, of: u64, len: i64, capacity: i64) -> u64 {
    // SAFETY: as above.
    unsafe {
        let capacity = usize::try_from(capacity).unwrap_or(0);
        made((*(*context).heap).array_new(TypeId(of as u32), len as usize, capacity))
    }
}

unsafe extern "sysv64" fn filled_array(context: *mut Context, of: u64, len: i64, value: u64) -> u64 {
    // SAFETY: as above; the value is of the element type.
    unsafe { made((*(*context).heap).array_filled(TypeId(of as u32), len as usize, value)) }
}

unsafe extern "sysv64" fn push(context: *mut Context, array: u64, value: u64) -> u64 {
    // SAFETY: as above; the value is of the array's element type.
    unsafe { u64::from((*(*context).heap).array_push_slow(array, value).is_ok()) }
}

unsafe extern "sysv64" fn refuel(context: *mut Context) -> u64 {
    // SAFETY: as above.
    unsafe {
        match (*(*context).vm).refuel() {
            Ok(fuel) => {
                (*context).fuel = fuel;
                0
            }
            Err(kind) => said(context, kind, None),
        }
    }
}

unsafe extern "sysv64" fn flush(context: *mut Context) -> u64 {
    // SAFETY: as above.
    unsafe {
        match (*(*context).vm).host.services.output.flush() {
            Ok(()) => 0,
            Err(failure) => failed(context, *failure),
        }
    }
}

unsafe extern "sysv64" fn call_c(context: *mut Context, function: u64, window: *mut u64) -> u64 {
    // SAFETY: as above; the stack map of the call names the references in the window.
    unsafe {
        match ffi::call_from_compiled((*context).vm, function as u32, window) {
            Ok(()) => 0,
            Err(Some(failure)) => failed(context, *failure),
            Err(None) => leave(context),
        }
    }
}

unsafe extern "sysv64" fn refuse(context: *mut Context, function: u64, what: u64, word: u64) -> u64 {
    // SAFETY: as above.
    unsafe {
        let failure = (*(*context).vm).foreign.refusal(function as u32, Unfit::of(what as u32), word);
        failed(context, *failure)
    }
}

unsafe extern "sysv64" fn leave(context: *mut Context) -> u64 {
    // SAFETY: as above; compiled frames have nothing to clean up, and neither do those of helpers by now.
    unsafe { unwind(context, TRAPPED) }
}

/// Notes why the program ends.
#[cold]
pub(super) unsafe fn failed(context: *mut Context, failure: Failure) -> u64 {
    // SAFETY: as above.
    unsafe {
        match failure {
            Failure::Trap { kind, message } => said(context, kind, Some(message)),
            Failure::Exit(status) => {
                (*(*context).vm).exit = Some(status);
                1
            }
        }
    }
}

/// Notes a trap.
#[cold]
unsafe fn said(context: *mut Context, kind: TrapKind, message: Option<String>) -> u64 {
    // SAFETY: as above.
    unsafe { (*(*context).vm).trap.said = Some((kind, message)) };
    1
}

unsafe extern "sysv64" fn power(context: *mut Context, base: i64, exponent: i64) -> u64 {
    match semantics::int_pow(base, exponent) {
        Some(power) => {
            // SAFETY: as above.
            unsafe { (*context).result = power as u64 };
            1
        }
        None => 0,
    }
}

extern "sysv64" fn float_remainder(_: *mut Context, lhs: f64, rhs: f64) -> f64 {
    lhs % rhs
}

extern "sysv64" fn float_order(_: *mut Context, lhs: f64, rhs: f64) -> i64 {
    semantics::float_order(lhs, rhs)
}

unsafe extern "sysv64" fn string_equal(_: *mut Context, lhs: u64, rhs: u64) -> u64 {
    // SAFETY: both are live strings, by the types of the registers.
    u64::from(unsafe { str_equal(lhs, rhs) })
}

unsafe extern "sysv64" fn string_order(_: *mut Context, lhs: u64, rhs: u64) -> i64 {
    // SAFETY: as above.
    unsafe { str_compare(lhs, rhs) as i64 }
}

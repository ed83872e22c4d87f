//! How handlers are called: the decoded instruction, the machine's registers, and the macro that declares a handler.
//!
//! Every handler ends by calling the next one with the same arguments, which compiles to a jump. That holds only while nothing
//! with a destructor is alive at that point and the handler has no more arguments than these, so slow paths are handlers of
//! their own (`handlers/cold.rs`).

use crate::vm::Vm;

/// Declares functions with the convention that all handlers share.
macro_rules! handlers {
    ($($(#[$meta:meta])* fn $name:ident $(<$($param:ident : $bound:path),*>)? ($state:ident) $body:block)*) => { $(
        handlers!(@one $(#[$meta])* $name [$($($param : $bound),*)?] $state $body);
    )* };
    (@one $(#[$meta:meta])* $name:ident [$($param:ident : $bound:path),*] $state:ident $body:block) => {
        $(#[$meta])*
        #[cfg(target_arch = "x86_64")]
        pub(in crate::interpreter) unsafe extern "sysv64" fn $name<$($param: $bound),*>(
            pc: *const $crate::interpreter::abi::Op,
            base: *mut u64,
            vm: *mut $crate::vm::Vm,
            acc: i64,
            facc: f64,
            fuel: i64,
        ) -> u32 {
            #[allow(unused_mut, reason = "some handlers change nothing before they go on")]
            let mut $state = $crate::interpreter::abi::State { pc, base, vm, acc, facc, fuel };
            // SAFETY: handlers run on decoded code of a verified module, with `base` at the frame of the function that `pc` is in.
            unsafe { $body }
        }

        $(#[$meta])*
        #[cfg(not(target_arch = "x86_64"))]
        pub(in crate::interpreter) unsafe extern "C" fn $name<$($param: $bound),*>(
            pc: *const $crate::interpreter::abi::Op,
            base: *mut u64,
            vm: *mut $crate::vm::Vm,
            acc: i64,
            facc: f64,
            fuel: i64,
        ) -> u32 {
            #[allow(unused_mut, reason = "some handlers change nothing before they go on")]
            let mut $state = $crate::interpreter::abi::State { pc, base, vm, acc, facc, fuel };
            // SAFETY: as above.
            unsafe { $body }
        }
    };
}

/// The code of a decoded instruction.
#[cfg(target_arch = "x86_64")]
pub(crate) type Handler = unsafe extern "sysv64" fn(*const Op, *mut u64, *mut Vm, i64, f64, i64) -> u32;
/// The code of a decoded instruction.
#[cfg(not(target_arch = "x86_64"))]
pub(crate) type Handler = unsafe extern "C" fn(*const Op, *mut u64, *mut Vm, i64, f64, i64) -> u32;

/// What a handler gives when the program is over: its exit status is in the VM.
pub(crate) const FINISHED: u32 = 0;
/// What a handler gives after a trap: what happened is in the VM.
pub(crate) const TRAPPED: u32 = 1;
/// What a handler gives when a function returns to the compiled code or the function of C that called it.
pub(crate) const RETURNED: u32 = 2;

/// A decoded instruction. `c` and `x` read as one are a distance in bytes or an immediate.
#[derive(Clone, Copy)]
#[repr(C)]
pub(crate) struct Op {
    pub(crate) run: Handler,
    pub(crate) a: u16,
    pub(crate) b: u16,
    pub(crate) c: u16,
    pub(crate) x: u16,
}

/// The second word of a call.
#[derive(Clone, Copy)]
#[repr(C)]
pub(crate) struct Link {
    /// Where the callee's code begins, if it is known. Else, where calls are noted for the JIT, the address of the note.
    pub(crate) code: *const Op,
    /// The bytes of the callee's frame.
    pub(crate) frame: u32,
    /// The function that the call stands in.
    pub(crate) caller: u32,
}

/// A word of decoded code.
#[derive(Clone, Copy)]
#[repr(C)]
pub(crate) union Word {
    pub(crate) op: Op,
    pub(crate) link: Link,
    pub(crate) bits: [u64; 2],
    pub(crate) distances: [i32; 4],
}

/// Slots between a frame and the out slots above it: the caller's base, and where it goes on.
pub(crate) const LINK_SLOTS: usize = 2;

/// What handlers hand on to each other.
#[derive(Clone, Copy)]
pub(in crate::interpreter) struct State {
    pub(in crate::interpreter) pc: *const Op,
    /// The current function's register 0.
    pub(in crate::interpreter) base: *mut u64,
    pub(in crate::interpreter) vm: *mut Vm,
    /// The last int or reference produced.
    pub(in crate::interpreter) acc: i64,
    /// The last float produced.
    pub(in crate::interpreter) facc: f64,
    /// Back-edges and calls until the cold path is due, plus one.
    pub(in crate::interpreter) fuel: i64,
}

/// Reading the current instruction and its frame.
///
/// All of these require what a handler may rely on: `pc` is at an instruction whose operands were made for the handler that
/// runs, and `base` at its frame.
#[allow(clippy::missing_safety_doc, reason = "the requirement is the same for all and stands above")]
impl State {
    #[inline(always)]
    pub(in crate::interpreter) unsafe fn a(self) -> u16 {
        // SAFETY: see above.
        unsafe { (*self.pc).a }
    }

    #[inline(always)]
    pub(in crate::interpreter) unsafe fn b(self) -> u16 {
        // SAFETY: see above.
        unsafe { (*self.pc).b }
    }

    #[inline(always)]
    pub(in crate::interpreter) unsafe fn c(self) -> u16 {
        // SAFETY: see above.
        unsafe { (*self.pc).c }
    }

    #[inline(always)]
    pub(in crate::interpreter) unsafe fn x(self) -> u16 {
        // SAFETY: see above.
        unsafe { (*self.pc).x }
    }

    /// `c` and `x` as one number.
    #[inline(always)]
    pub(in crate::interpreter) unsafe fn wide(self) -> i32 {
        // SAFETY: see above; `c` is at a multiple of four bytes, and `x` follows it.
        unsafe { (&raw const (*self.pc).c).cast::<i32>().read() }
    }

    /// The 64-bit constant in the word after this one.
    #[inline(always)]
    pub(in crate::interpreter) unsafe fn constant(self) -> u64 {
        // SAFETY: see above.
        unsafe { (*self.pc.add(1).cast::<Word>()).bits[0] }
    }

    /// A slot of the frame, or of the out slots.
    #[inline(always)]
    pub(in crate::interpreter) unsafe fn word(self, slot: u16) -> u64 {
        // SAFETY: see above; the frame was checked to lie on the stack when it was entered.
        unsafe { *self.base.add(slot as usize) }
    }

    #[inline(always)]
    pub(in crate::interpreter) unsafe fn int(self, slot: u16) -> i64 {
        // SAFETY: see above.
        unsafe { self.word(slot) as i64 }
    }

    #[inline(always)]
    pub(in crate::interpreter) unsafe fn float(self, slot: u16) -> f64 {
        // SAFETY: see above.
        unsafe { f64::from_bits(self.word(slot)) }
    }

    #[inline(always)]
    pub(in crate::interpreter) unsafe fn set(self, slot: u16, word: u64) {
        // SAFETY: see above.
        unsafe { *self.base.add(slot as usize) = word }
    }

    /// Continues `words` further.
    #[inline(always)]
    pub(in crate::interpreter) unsafe fn next(mut self, words: usize) -> u32 {
        // SAFETY: see above; the decoder ends all code with an instruction that does not continue.
        unsafe {
            self.pc = self.pc.add(words);
            self.go((*self.pc).run)
        }
    }

    /// Continues at the distance in this instruction, with no charge.
    #[inline(always)]
    pub(in crate::interpreter) unsafe fn jump(mut self) -> u32 {
        // SAFETY: see above; distances lead to instructions of the same function.
        unsafe {
            self.pc = self.pc.byte_offset(self.wide() as isize);
            self.go((*self.pc).run)
        }
    }

    /// Continues with a handler at the same place.
    #[inline(always)]
    pub(in crate::interpreter) unsafe fn go(self, handler: Handler) -> u32 {
        // SAFETY: see above.
        unsafe { handler(self.pc, self.base, self.vm, self.acc, self.facc, self.fuel) }
    }

    /// Ends with a trap of this instruction; the report is made from these two values.
    #[inline(always)]
    pub(in crate::interpreter) unsafe fn trap(self, first: u64, second: u64) -> u32 {
        // SAFETY: see above; the VM outlives the run.
        unsafe {
            (*self.vm).trap.values = [first, second];
            super::handlers::cold::trap_first(self.pc, self.base, self.vm, self.acc, self.facc, self.fuel)
        }
    }

    /// As [`State::trap`], by the second of the instructions that this one was made from.
    #[inline(always)]
    pub(in crate::interpreter) unsafe fn trap_second(self, first: u64, second: u64) -> u32 {
        // SAFETY: see above.
        unsafe {
            (*self.vm).trap.values = [first, second];
            super::handlers::cold::trap_second(self.pc, self.base, self.vm, self.acc, self.facc, self.fuel)
        }
    }
}

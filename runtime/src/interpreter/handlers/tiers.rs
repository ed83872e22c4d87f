//! Where compiled code takes over: calls that are counted, loops that ran long, and the way back.

use crate::heap;
use crate::interpreter::abi::{Handler, Link, RETURNED, State, Word};
use crate::jit::loops::LoopCode;
use crate::jit::seen::Call;
use crate::jit::{entry, loops, tiers};

/// Keeps the convention of the slow paths as it is declared.
#[used]
static SLOW_PATHS: [Handler; 4] = [counted_call, hot_call, compiled_call, compiled_loop];

impl State {
    /// Where the call is noted that begins here.
    #[inline(always)]
    unsafe fn note(self) -> *const Call {
        // SAFETY: the second word of a noted call holds the address, and notes live as long as the program.
        unsafe { (*self.pc.add(1).cast::<Link>()).code.cast() }
    }

    /// The compiled code of the loop that begins here; it takes the place of the instruction's operands.
    #[inline(always)]
    unsafe fn loop_code(self) -> *const LoopCode {
        // SAFETY: the instruction was written by `loop_entry`.
        unsafe { (*self.pc.cast::<Word>()).bits[1] as *const LoopCode }
    }
}

handlers! {
    /// What functions' code is where calls are counted. The call has been made already.
    fn counted_call(s) {
        let row = (*s.vm).rows.add(s.wide() as u32 as usize);
        if !(*row).code.is_null() {
            return s.go(compiled_call);
        }
        (*row).count -= 1;
        if (*row).count == 0 {
            return s.go(hot_call);
        }
        let mut s = s;
        s.pc = (*row).decoded;
        s.next(0)
    }

    /// Calls a closure, whose function is noted.
    fn noted_closure(s) {
        (*s.note()).note(heap::variant_tag(s.word(s.b())));
        s.go(super::call::call_closure)
    }

    /// Calls a method; the receiver's type is noted.
    fn noted_virtual(s) {
        (*s.note()).note(heap::type_of(s.word(s.a())).0);
        s.go(super::call::call_virtual)
    }

    /// Looks at the function, and begins again.
    #[cold]
    #[inline(never)]
    fn hot_call(s) {
        tiers::hot(s.vm, s.wide() as u32);
        s.next(0)
    }

    /// Runs compiled code in place of the frame, and returns from it.
    #[inline(never)]
    fn compiled_call(s) {
        let row = (*s.vm).rows.add(s.wide() as u32 as usize);
        s.fuel = entry::enter(s.vm, (*row).entry(), s.base, s.fuel);
        s.go(return_compiled)
    }

    /// Returns; the results are in place.
    fn return_compiled(s) {
        s.acc = *s.base as i64;
        s.facc = f64::from_bits(*s.base);
        super::call::leave(s)
    }

    /// What a loop's first instruction is once the loop is compiled: goes on in its code.
    #[inline(never)]
    fn compiled_loop(s) {
        let entry = (*s.loop_code()).entry();
        s.fuel = entry::enter(s.vm, entry, s.base, s.fuel);
        s.go(leave_loop)
    }

    /// Goes on where the code of a loop was left, or returns where it did.
    fn leave_loop(s) {
        let Some(way) = loops::way_out(s.vm, s.loop_code()) else {
            return s.go(return_compiled);
        };
        s.acc = s.int(way.int);
        s.facc = s.float(way.float);
        s.pc = way.to;
        s.next(0)
    }

    /// What a function returns to that compiled code called; its results are in place.
    fn hand_back(s) {
        if let Some(jit) = &mut (*s.vm).jit {
            jit.context.fuel = s.fuel;
        }
        RETURNED
    }
}

//! Slow paths: handlers of their own, so that nothing they need is saved on the hot ones.
//!
//! A handler that is only ever called by name may get another signature from the compiler, and its callers would have to
//! rearrange their registers for it; so the addresses of all of them are kept.

use crate::heap::{Array, Header};
use crate::interpreter::abi::{FINISHED, Handler, Link, TRAPPED, Word};
use crate::interpreter::runtime::{call_native, enter_first, new_object, push};

/// Keeps the convention of the slow paths as it is declared.
#[used]
static SLOW_PATHS: [Handler; 16] = [
    trap_first,
    trap_second,
    trap_third,
    tick_jump,
    tick_switch,
    tick_step,
    tick_call,
    stack_overflow,
    first_call,
    native,
    call_c,
    new_slow,
    push_slow,
    remember_field,
    remember_element,
    remember_swap,
];

handlers! {
    #[cold]
    #[inline(never)]
    fn trap_first(s) {
        (*s.vm).trap.set(s.pc, s.base, 0);
        TRAPPED
    }

    #[cold]
    #[inline(never)]
    fn trap_second(s) {
        (*s.vm).trap.set(s.pc, s.base, 1);
        TRAPPED
    }

    #[cold]
    #[inline(never)]
    fn trap_third(s) {
        (*s.vm).trap.set(s.pc, s.base, 2);
        TRAPPED
    }

    /// A back-edge with no fuel in the register: gets more, charges it, and takes the jump.
    #[cold]
    #[inline(never)]
    fn tick_jump(s) {
        match (*s.vm).refuel() {
            Ok(fuel) => {
                s.fuel = fuel;
                // The look may replace this very instruction.
                let target = s.pc.byte_offset(s.wide() as isize);
                #[cfg(feature = "jit")]
                crate::jit::loops::turn(s.vm, s.pc);
                s.pc = target;
                s.next(0)
            }
            Err(kind) => {
                (*s.vm).trap.raise(kind, s.pc, s.base);
                TRAPPED
            }
        }
    }

    /// As [`tick_jump`], for a jump that steps a register on its way: goes to the addition before its target.
    #[cold]
    #[inline(never)]
    fn tick_step(s) {
        match (*s.vm).refuel() {
            Ok(fuel) => {
                s.fuel = fuel;
                let target = s.pc.byte_offset(s.wide() as isize).sub(1);
                #[cfg(feature = "jit")]
                crate::jit::loops::turn(s.vm, s.pc);
                s.pc = target;
                s.next(0)
            }
            Err(kind) => {
                (*s.vm).trap.raise(kind, s.pc, s.base);
                TRAPPED
            }
        }
    }

    /// As [`tick_jump`], for a jump through a table.
    #[cold]
    #[inline(never)]
    fn tick_switch(s) {
        match (*s.vm).refuel() {
            // One more, because the switch runs and is charged again.
            Ok(fuel) => {
                #[cfg(feature = "jit")]
                crate::jit::loops::turn(s.vm, s.pc);
                s.fuel = fuel + 1;
                s.next(0)
            }
            Err(kind) => {
                (*s.vm).trap.raise(kind, s.pc, s.base);
                TRAPPED
            }
        }
    }

    /// A call with no fuel in the register; the call runs and is charged again.
    #[cold]
    #[inline(never)]
    fn tick_call(s) {
        match (*s.vm).refuel() {
            Ok(fuel) => {
                s.fuel = fuel + 1;
                s.next(0)
            }
            Err(kind) => {
                (*s.vm).trap.raise(kind, s.pc, s.base);
                TRAPPED
            }
        }
    }

    /// A call whose frame does not fit on the stack.
    #[cold]
    #[inline(never)]
    fn stack_overflow(s) {
        (*s.vm).trap.raise(lang_bytecode::TrapKind::StackOverflow, s.pc, s.base);
        TRAPPED
    }

    /// What a function's code is until it is first called: decodes it and begins. The call has been made already.
    #[cold]
    #[inline(never)]
    fn first_call(s) {
        let entry = enter_first(s.vm, s.wide() as u32);
        let link = (*s.base.sub(1) as *const Word).sub(1).cast::<Link>().cast_mut();
        if (*link).code == s.pc {
            (*link).code = entry.code;
        }
        s.pc = entry.code;
        s.next(0)
    }

    /// Calls a host function; its arguments and results are in the out slots.
    #[inline(never)]
    fn native(s) {
        let window = s.base.add(s.a() as usize);
        if call_native(s.vm, s.pc, s.base, s.wide() as u32, window) {
            s.acc = *window as i64;
            s.facc = f64::from_bits(*window);
            return s.next(1);
        }
        TRAPPED
    }

    /// Calls a function of C; its arguments and results are in the out slots.
    #[inline(never)]
    fn call_c(s) {
        let window = s.base.add(s.a() as usize);
        if crate::ffi::call(s.vm, s.pc, s.base, s.wide() as u32, window) {
            s.acc = *window as i64;
            s.facc = f64::from_bits(*window);
            return s.next(1);
        }
        TRAPPED
    }

    /// Where a callback of C returns to.
    fn finish_callback(s) {
        let vm = &*s.vm;
        debug_assert!(!vm.foreign.activations.is_empty(), "C called this function");
        crate::interpreter::abi::RETURNED
    }

    /// Where the entry function returns to.
    fn finish(s) {
        if (*s.vm).returns_status {
            (*s.vm).status = s.acc;
        }
        FINISHED
    }

    /// The part of `new_words` that may collect.
    #[cold]
    #[inline(never)]
    fn new_slow(s) {
        let [header, _] = (*s.pc.add(1).cast::<Word>()).bits;
        if new_object(s.vm, s.pc, s.base, Header(header).type_id()) {
            s.acc = s.int(s.a());
            return s.next(2);
        }
        TRAPPED
    }

    /// The end of `field_set` where the collector has to hear of it.
    #[cold]
    #[inline(never)]
    fn remember_field(s) {
        (*s.vm).host.heap.remember(s.word(s.a()), std::ptr::null());
        s.next(1)
    }

    /// The end of what stores an element, where the collector has to hear of it.
    #[cold]
    #[inline(never)]
    fn remember_element(s) {
        (*s.vm).host.heap.remember(s.word(s.a()), (*s.vm).written);
        s.next(1)
    }

    /// The end of `array_swap` where the collector has to hear of it; the first place was noted.
    #[cold]
    #[inline(never)]
    fn remember_swap(s) {
        let array = s.word(s.a());
        let second = (*(array as *const Array)).data.add(s.int(s.c()) as usize * 8);
        (*s.vm).host.heap.remember(array, (*s.vm).written);
        (*s.vm).host.heap.remember(array, second);
        s.next(1)
    }

    /// The part of `array_push` that may collect.
    #[cold]
    #[inline(never)]
    fn push_slow(s) {
        if push(s.vm, s.pc, s.base) {
            return s.next(1);
        }
        TRAPPED
    }
}

//! Where compiled code takes over: calls that are counted, loops that ran long, and the way back.

use crate::interpreter::abi::{Handler, RETURNED};
use crate::jit::{entry, tiers};

/// Keeps the convention of the slow paths as it is declared.
#[used]
static SLOW_PATHS: [Handler; 5] = [counted_call, hot_call, compiled_call, turn, turn_after_step];

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

    /// A back-edge that was charged: goes on in compiled code, where there is some, or takes the jump.
    #[cold]
    #[inline(never)]
    fn turn(s) {
        let target = s.pc.byte_offset(s.wide() as isize);
        let entry = tiers::turn(s.vm, target);
        if !entry.is_null() {
            s.fuel = entry::enter(s.vm, *entry, s.base, s.fuel);
            return s.go(return_compiled);
        }
        s.jump()
    }

    /// As [`turn`], for a jump that goes to the addition before its target.
    #[cold]
    #[inline(never)]
    fn turn_after_step(s) {
        let target = s.pc.byte_offset(s.wide() as isize);
        let entry = tiers::turn(s.vm, target);
        if !entry.is_null() && tiers::step(s.vm, target.sub(1), s.base) {
            s.fuel = entry::enter(s.vm, *entry, s.base, s.fuel);
            return s.go(return_compiled);
        }
        s.pc = target.sub(1);
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

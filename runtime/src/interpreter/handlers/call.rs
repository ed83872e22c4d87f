//! Calls and returns.
//!
//! A call is two words: the instruction, with the first out slot in `a`, and a [`Link`]. It leaves the place to return to
//! and its own base in the two slots under the callee's frame, where the arguments already lie.

use super::arith::IntOp;
use crate::interpreter::abi::{LINK_SLOTS, Link, State};
use crate::interpreter::operand::Src;
use crate::vm::FunctionSlot;

/// The second word of the call at `pc`.
#[inline(always)]
unsafe fn link(s: State) -> *const Link {
    // SAFETY: the decoder gives every call a second word.
    unsafe { s.pc.add(1).cast() }
}

/// Begins a function whose frame starts at out slot 0.
#[inline(always)]
unsafe fn enter(mut s: State, code: *const crate::interpreter::abi::Op, frame: u32) -> u32 {
    // SAFETY: the stack has room for the link slots wherever a frame fits, and for the callee's frame by the check.
    unsafe {
        let base = s.base.add(s.a() as usize);
        if base.byte_add(frame as usize) > (*s.vm).stack_limit {
            return super::cold::stack_overflow(s.pc, s.base, s.vm, s.acc, s.facc, s.fuel);
        }
        s.fuel -= 1;
        if s.fuel == 0 {
            return super::cold::tick_call(s.pc, s.base, s.vm, s.acc, s.facc, s.fuel);
        }
        *base.sub(1) = s.pc.add(2) as u64;
        *base.sub(LINK_SLOTS) = s.base as u64;
        s.base = base;
        s.pc = code;
        s.go((*code).run)
    }
}

/// Ends a function whose results are in place.
#[inline(always)]
pub(super) unsafe fn leave(mut s: State) -> u32 {
    // SAFETY: the slots under the frame hold what the call left there.
    unsafe {
        s.pc = *s.base.sub(1) as *const crate::interpreter::abi::Op;
        s.base = *s.base.sub(LINK_SLOTS) as *mut u64;
        s.go((*s.pc).run)
    }
}

/// Puts another function in this one's place; its arguments are moved down from the out slots.
#[inline(always)]
unsafe fn replace(mut s: State, slot: *const FunctionSlot, first: usize) -> u32 {
    // SAFETY: out slots hold the arguments; `first_call` checks the frame of a function that was not decoded yet.
    unsafe {
        if s.base.byte_add((*slot).frame as usize) > (*s.vm).stack_limit {
            return s.go(super::cold::stack_overflow);
        }
        s.fuel -= 1;
        if s.fuel == 0 {
            return s.go(super::cold::tick_call);
        }
        let arguments = (*slot).params as usize;
        let window = s.base.add(s.a() as usize);
        for index in first..arguments {
            *s.base.add(index) = *window.add(index);
        }
        s.pc = (*slot).code;
        s.go((*s.pc).run)
    }
}

handlers! {
    fn call(s) {
        let link = link(s);
        enter(s, (*link).code, (*link).frame)
    }

    /// out slot b = c op x, then a call; for arguments that are made from a register and an immediate
    fn call_with<O: IntOp, L: Src, R: Src>(s) {
        let (lhs, rhs) = (L::int(s, s.b()), R::int(s, s.c()));
        match O::apply(lhs, rhs) {
            Some(value) => {
                s.set(s.a(), value as u64);
                let link = link(s);
                enter(s, (*link).code, (*link).frame)
            }
            None => s.trap(lhs as u64, rhs as u64),
        }
    }

    /// b = the closure, whose header says its function
    fn call_closure(s) {
        let closure = s.word(s.b());
        let slot = (*s.vm).tables.closure_slot(closure);
        s.set(s.a(), closure);
        enter(s, (*slot).code, (*slot).frame)
    }

    /// c:x = the method's number in the module
    fn call_virtual(s) {
        let receiver = s.word(s.a());
        let slot = (*s.vm).tables.method_slot(s.wide() as u32, receiver);
        enter(s, (*slot).code, (*slot).frame)
    }

    fn tail_call(s) {
        let slot = (*s.vm).tables.function_slot(s.wide() as u32);
        replace(s, slot, 0)
    }

    fn tail_call_closure(s) {
        let closure = s.word(s.b());
        let slot = (*s.vm).tables.closure_slot(closure);
        *s.base = closure;
        replace(s, slot, 1)
    }

    fn ret(s) {
        leave(s)
    }

    /// Gives an int or a reference.
    fn ret_int<V: Src>(s) {
        s.acc = V::int(s, s.a());
        *s.base = s.acc as u64;
        leave(s)
    }

    fn ret_float<V: Src>(s) {
        s.facc = V::float(s, s.a());
        *s.base = s.facc.to_bits();
        leave(s)
    }

    /// Gives the values in out slots 0 to c:x.
    fn ret_many(s) {
        let window = s.base.add(s.a() as usize);
        for index in 0..s.wide() as u32 as usize {
            *s.base.add(index) = *window.add(index);
        }
        s.acc = *s.base as i64;
        s.facc = f64::from_bits(*s.base);
        leave(s)
    }

    /// Gives the values in out slots 0 and 1.
    fn ret_two(s) {
        let window = s.base.add(s.a() as usize);
        let (first, second) = (*window, *window.add(1));
        *s.base = first;
        *s.base.add(1) = second;
        s.acc = first as i64;
        s.facc = f64::from_bits(first);
        leave(s)
    }
}

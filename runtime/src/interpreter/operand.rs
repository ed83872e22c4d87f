//! Where a handler finds an operand and where it leaves its result: type parameters of the handlers.

use super::abi::State;

/// Where an operand comes from.
pub(super) trait Src {
    /// The operand as an int; `operand` is the instruction's field for it.
    unsafe fn int(s: State, operand: u16) -> i64;
    /// The operand as a float.
    unsafe fn float(s: State, operand: u16) -> f64;
}

/// From a slot of the frame.
pub(super) struct Slot;
/// From the accumulator of its kind.
pub(super) struct Acc;
/// The field itself, signed.
pub(super) struct Imm;

impl Src for Slot {
    #[inline(always)]
    unsafe fn int(s: State, operand: u16) -> i64 {
        // SAFETY: the decoder made the field a slot of this frame.
        unsafe { s.int(operand) }
    }
    #[inline(always)]
    unsafe fn float(s: State, operand: u16) -> f64 {
        // SAFETY: as above.
        unsafe { s.float(operand) }
    }
}

impl Src for Acc {
    #[inline(always)]
    unsafe fn int(s: State, _: u16) -> i64 {
        s.acc
    }
    #[inline(always)]
    unsafe fn float(s: State, _: u16) -> f64 {
        s.facc
    }
}

impl Src for Imm {
    #[inline(always)]
    unsafe fn int(_: State, operand: u16) -> i64 {
        i64::from(operand as i16)
    }
    #[inline(always)]
    unsafe fn float(_: State, operand: u16) -> f64 {
        f64::from(operand as i16)
    }
}

/// Whether a result is also stored.
pub(super) trait Dst {
    /// Leaves an int in the accumulator, and stores it where it must be.
    unsafe fn int(s: State, slot: u16, value: i64) -> State;
    /// Leaves a float in its accumulator, and stores it where it must be.
    unsafe fn float(s: State, slot: u16, value: f64) -> State;
}

/// Stored in its slot too.
pub(super) struct Keep;
/// Left in the accumulator alone: the only uses follow before the next result.
pub(super) struct Drop;

impl Dst for Keep {
    #[inline(always)]
    unsafe fn int(mut s: State, slot: u16, value: i64) -> State {
        s.acc = value;
        // SAFETY: the decoder made the field a slot of this frame.
        unsafe { s.set(slot, value as u64) }
        s
    }
    #[inline(always)]
    unsafe fn float(mut s: State, slot: u16, value: f64) -> State {
        s.facc = value;
        // SAFETY: as above.
        unsafe { s.set(slot, value.to_bits()) }
        s
    }
}

impl Dst for Drop {
    #[inline(always)]
    unsafe fn int(mut s: State, _: u16, value: i64) -> State {
        s.acc = value;
        s
    }
    #[inline(always)]
    unsafe fn float(mut s: State, _: u16, value: f64) -> State {
        s.facc = value;
        s
    }
}

/// What kind of jump is taken.
pub(super) trait Edge {
    /// Continues at the jump's target.
    unsafe fn take(s: State) -> u32;
}

/// A jump forwards, which is free.
pub(super) struct Forward;
/// A back-edge, which is charged before it is taken.
pub(super) struct Back;

impl Edge for Forward {
    #[inline(always)]
    unsafe fn take(s: State) -> u32 {
        // SAFETY: the decoder made the distance.
        unsafe { s.jump() }
    }
}

impl Edge for Back {
    #[inline(always)]
    unsafe fn take(mut s: State) -> u32 {
        s.fuel -= 1;
        // SAFETY: the decoder made the distance.
        unsafe {
            if s.fuel == 0 {
                return super::handlers::cold::tick_jump(s.pc, s.base, s.vm, s.acc, s.facc, s.fuel);
            }
            s.jump()
        }
    }
}

//! Jumps, with their tests.

use super::arith::IntOp;
use super::compare::{FloatTest, IntTest};
use super::float::FloatOp;
use crate::interpreter::operand::{Edge, Src};

handlers! {
    fn jump<E: Edge>(s) {
        E::take(s)
    }

    /// to c:x where a test b
    fn int_jump<T: IntTest, L: Src, R: Src, E: Edge>(s) {
        if T::holds(L::int(s, s.a()), R::int(s, s.b())) {
            return E::take(s);
        }
        s.next(1)
    }

    /// to c:x where a test b
    fn float_jump<T: FloatTest, L: Src, R: Src, E: Edge>(s) {
        if T::holds(L::float(s, s.a()), R::float(s, s.b())) {
            return E::take(s);
        }
        s.next(1)
    }

    /// to c:x where a % (b + 1) test 0; b + 1 is a power of two
    fn mask_jump<T: IntTest, V: Src, E: Edge>(s) {
        if T::holds(V::int(s, s.a()) & i64::from(s.b()), 0) {
            return E::take(s);
        }
        s.next(1)
    }

    /// a += 1, then to c:x where a test b
    fn increment_jump<T: IntTest, V: Src, R: Src, E: Edge>(s) {
        let old = V::int(s, s.a());
        let Some(value) = old.checked_add(1) else {
            return s.trap(old as u64, 1);
        };
        s.acc = value;
        s.set(s.a(), value as u64);
        if T::holds(value, R::int(s, s.b())) {
            return E::take(s);
        }
        s.next(1)
    }

    /// a -= 1, then to c:x where a test b
    fn decrement_jump<T: IntTest, V: Src, R: Src, E: Edge>(s) {
        let old = V::int(s, s.a());
        let Some(value) = old.checked_sub(1) else {
            return s.trap(old as u64, -1i64 as u64);
        };
        s.acc = value;
        s.set(s.a(), value as u64);
        if T::holds(value, R::int(s, s.b())) {
            return E::take(s);
        }
        s.next(1)
    }

    /// a = b op the next word's first operand, then to c:x where a test its second one
    fn compute_jump<O: IntOp, T: IntTest, L: Src, R: Src, M: Src, E: Edge>(s) {
        let more = s.pc.add(1);
        let (lhs, rhs) = (L::int(s, s.b()), R::int(s, (*more).a));
        let Some(value) = O::apply(lhs, rhs) else {
            return s.trap(lhs as u64, rhs as u64);
        };
        s.acc = value;
        s.set(s.a(), value as u64);
        if T::holds(value, M::int(s, (*more).b)) {
            return E::take(s);
        }
        s.next(2)
    }

    /// a += the next word's first operand; then to c:x where b, as it was before, test the second one
    fn step_then_jump<T: IntTest, L: Src, M: Src, E: Edge>(s) {
        let more = s.pc.add(1);
        let (old, step, lhs) = (s.int(s.a()), i64::from((*more).a as i16), L::int(s, s.b()));
        let Some(value) = old.checked_add(step) else {
            return s.trap(old as u64, step as u64);
        };
        s.set(s.a(), value as u64);
        s.acc = value;
        if T::holds(lhs, M::int(s, (*more).b)) {
            return E::take(s);
        }
        s.next(2)
    }

    /// where a test b: a += the next word's operand, and to c:x. The instruction before the target is that addition: it is
    /// gone to instead where the sum overflows.
    fn jump_and_step<T: IntTest, L: Src, M: Src, R: Src>(s) {
        let lhs = L::int(s, s.a());
        if !T::holds(lhs, M::int(s, s.b())) {
            return s.next(2);
        }
        s.fuel -= 1;
        if s.fuel == 0 {
            return super::cold::tick_step(s.pc, s.base, s.vm, s.acc, s.facc, s.fuel);
        }
        match lhs.checked_add(R::int(s, (*s.pc.add(1)).a)) {
            Some(value) => {
                s.acc = value;
                s.set(s.a(), value as u64);
                s.jump()
            }
            None => {
                s.pc = s.pc.byte_offset(s.wide() as isize).sub(1);
                s.next(0)
            }
        }
    }

    /// to c:x where a op b test the next word's operand
    fn float_compute_jump<O: FloatOp, T: FloatTest, L: Src, R: Src, E: Edge>(s) {
        let value = O::apply(L::float(s, s.a()), R::float(s, s.b()));
        if T::holds(value, s.float((*s.pc.add(1)).a)) {
            return E::take(s);
        }
        s.next(2)
    }

    /// a += b, then to c:x
    fn add_jump<V: Src, E: Edge>(s) {
        let (old, step) = (V::int(s, s.a()), i64::from(s.b() as i16));
        let Some(value) = old.checked_add(step) else {
            return s.trap(old as u64, step as u64);
        };
        s.acc = value;
        s.set(s.a(), value as u64);
        E::take(s)
    }

    /// a = b, a float, then to c:x
    fn float_move_jump<V: Src, E: Edge>(s) {
        s.facc = V::float(s, s.b());
        s.set(s.a(), s.facc.to_bits());
        E::take(s)
    }

    /// a = b, an int or a reference, then to c:x
    fn move_jump<V: Src, E: Edge>(s) {
        let value = V::int(s, s.b());
        s.acc = value;
        s.set(s.a(), value as u64);
        E::take(s)
    }

    /// a = b unless that is null; then to c:x
    fn null_else<E: Edge>(s) {
        let value = s.int(s.b());
        if value == 0 {
            return E::take(s);
        }
        s.set(s.a(), value as u64);
        s.next(1)
    }

    /// to the a-th distance of the table behind, or past the table
    fn switch<V: Src>(s) {
        let (index, count) = (V::int(s, s.a()) as u64, s.wide() as u32);
        if index >= u64::from(count) {
            return s.next(1 + (count as usize).div_ceil(4));
        }
        let distance = *s.pc.add(1).cast::<i32>().add(index as usize);
        if distance <= 0 {
            s.fuel -= 1;
            if s.fuel == 0 {
                return s.go(super::cold::tick_switch);
            }
        }
        s.pc = s.pc.byte_offset(distance as isize);
        s.go((*s.pc).run)
    }
}

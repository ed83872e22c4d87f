//! Constants, moves, globals, and the clearing of slots at the start of a function.

use crate::interpreter::operand::{Dst, Src};

handlers! {
    fn nop(s) {
        s.next(1)
    }

    /// a = c:x
    fn const_small<D: Dst>(s) {
        let value = i64::from(s.wide());
        s = D::int(s, s.a(), value);
        s.next(1)
    }

    /// a = the next word's constant
    fn const_wide<D: Dst>(s) {
        let value = s.constant() as i64;
        s = D::int(s, s.a(), value);
        s.next(2)
    }

    fn const_float<D: Dst>(s) {
        let value = f64::from_bits(s.constant());
        s = D::float(s, s.a(), value);
        s.next(2)
    }

    /// a = b, an int or a reference
    fn move_int<D: Dst, V: Src>(s) {
        let value = V::int(s, s.b());
        s = D::int(s, s.a(), value);
        s.next(1)
    }

    fn move_float<D: Dst, V: Src>(s) {
        let value = V::float(s, s.b());
        s = D::float(s, s.a(), value);
        s.next(1)
    }

    /// a = b; c = x
    fn move_two(s) {
        let first = s.word(s.b());
        s.set(s.a(), first);
        let second = s.word(s.x());
        s.set(s.c(), second);
        s.acc = second as i64;
        s.facc = f64::from_bits(second);
        s.next(1)
    }

    /// a = the global c:x
    fn global_get_int<D: Dst>(s) {
        let value = *(*s.vm).globals.add(s.wide() as u32 as usize) as i64;
        s = D::int(s, s.a(), value);
        s.next(1)
    }

    fn global_get_float<D: Dst>(s) {
        let value = f64::from_bits(*(*s.vm).globals.add(s.wide() as u32 as usize));
        s = D::float(s, s.a(), value);
        s.next(1)
    }

    /// As [`global_get_int`], where null means that it was not set yet.
    fn global_get_set<D: Dst>(s) {
        let value = *(*s.vm).globals.add(s.wide() as u32 as usize) as i64;
        if value == 0 {
            return s.trap(0, 0);
        }
        s = D::int(s, s.a(), value);
        s.next(1)
    }

    /// the global c:x = a
    fn global_set_int<V: Src>(s) {
        let value = V::int(s, s.a());
        *(*s.vm).globals.add(s.wide() as u32 as usize) = value as u64;
        s.next(1)
    }

    fn global_set_float<V: Src>(s) {
        let value = V::float(s, s.a());
        *(*s.vm).globals.add(s.wide() as u32 as usize) = value.to_bits();
        s.next(1)
    }

    /// a = 0
    fn clear_one(s) {
        s.set(s.a(), 0);
        s.next(1)
    }

    /// a = b = c = x = 0
    fn clear_four(s) {
        s.set(s.a(), 0);
        s.set(s.b(), 0);
        s.set(s.c(), 0);
        s.set(s.x(), 0);
        s.next(1)
    }

    /// a, a + 1 … up to b = 0
    fn clear_range(s) {
        for slot in s.a()..s.b() {
            s.set(slot, 0);
        }
        s.next(1)
    }

    /// Ends the program with status a.
    fn halt<V: Src>(s) {
        ((*s.vm).status, (*s.vm).halted) = (V::int(s, s.a()), true);
        crate::interpreter::abi::FINISHED
    }
}

//! Integer arithmetic and bits.

use crate::interpreter::operand::{Dst, Src};
use crate::interpreter::semantics;

/// An operation on two ints.
pub(in crate::interpreter) trait IntOp {
    /// The result; none where it traps.
    fn apply(lhs: i64, rhs: i64) -> Option<i64>;
}

/// An operation on one int.
pub(in crate::interpreter) trait IntOp1 {
    /// The result; none where it traps.
    fn apply(value: i64) -> Option<i64>;
}

macro_rules! int_ops {
    ($($(#[$meta:meta])* $name:ident($lhs:ident, $rhs:ident) => $result:expr;)*) => { $(
        $(#[$meta])*
        pub(in crate::interpreter) struct $name;
        impl IntOp for $name {
            #[inline(always)]
            fn apply($lhs: i64, $rhs: i64) -> Option<i64> {
                $result
            }
        }
    )* };
}

macro_rules! int_ops1 {
    ($($(#[$meta:meta])* $name:ident($value:ident) => $result:expr;)*) => { $(
        $(#[$meta])*
        pub(in crate::interpreter) struct $name;
        impl IntOp1 for $name {
            #[inline(always)]
            fn apply($value: i64) -> Option<i64> {
                $result
            }
        }
    )* };
}

int_ops! {
    Add(l, r) => l.checked_add(r);
    Sub(l, r) => l.checked_sub(r);
    /// The other way round, for an immediate on the left.
    RSub(r, l) => l.checked_sub(r);
    Mul(l, r) => l.checked_mul(r);
    Div(l, r) => l.checked_div(r);
    Rem(l, r) => l.checked_rem(r);
    Pow(l, r) => semantics::int_pow(l, r);
    AddW(l, r) => Some(l.wrapping_add(r));
    SubW(l, r) => Some(l.wrapping_sub(r));
    MulW(l, r) => Some(l.wrapping_mul(r));
    Min(l, r) => Some(l.min(r));
    Max(l, r) => Some(l.max(r));
    And(l, r) => Some(l & r);
    Or(l, r) => Some(l | r);
    Xor(l, r) => Some(l ^ r);
    Shl(l, r) => Some(l.wrapping_shl(r as u32));
    Shr(l, r) => Some(l.wrapping_shr(r as u32));
    UShr(l, r) => Some((l as u64).wrapping_shr(r as u32) as i64);
    Rotl(l, r) => Some(l.rotate_left(r as u32 & 63));
    Rotr(l, r) => Some(l.rotate_right(r as u32 & 63));
    /// Division by 2 to the power of `r`, toward zero.
    DivPow2(l, r) => {
        let bias = (l >> 63) & (1i64 << (r & 63)).wrapping_sub(1);
        Some(l.wrapping_add(bias) >> (r & 63))
    };
    /// Remainder by 2 to the power of `r`, with the sign of `l`.
    RemPow2(l, r) => {
        let mask = (1i64 << (r & 63)).wrapping_sub(1);
        let bias = (l >> 63) & mask;
        Some((l.wrapping_add(bias) & mask).wrapping_sub(bias))
    };
}

int_ops1! {
    Neg(v) => v.checked_neg();
    Abs(v) => v.checked_abs();
    Not(v) => Some(v ^ 1);
    BitNot(v) => Some(!v);
    Popcnt(v) => Some(i64::from(v.count_ones()));
    Clz(v) => Some(i64::from(v.leading_zeros()));
    Ctz(v) => Some(i64::from(v.trailing_zeros()));
}

handlers! {
    /// a = b op c
    fn int_binary<O: IntOp, D: Dst, L: Src, R: Src>(s) {
        let (lhs, rhs) = (L::int(s, s.b()), R::int(s, s.c()));
        match O::apply(lhs, rhs) {
            Some(value) => {
                s = D::int(s, s.a(), value);
                s.next(1)
            }
            None => s.trap(lhs as u64, rhs as u64),
        }
    }

    /// a = op b
    fn int_unary<O: IntOp1, D: Dst, V: Src>(s) {
        let value = V::int(s, s.b());
        match O::apply(value) {
            Some(result) => {
                s = D::int(s, s.a(), result);
                s.next(1)
            }
            None => s.trap(value as u64, 0),
        }
    }

    /// a = b * c + x
    fn multiply_add<D: Dst, L: Src, R: Src, X: Src>(s) {
        let (lhs, rhs, addend) = (L::int(s, s.b()), R::int(s, s.c()), X::int(s, s.x()));
        let Some(product) = lhs.checked_mul(rhs) else {
            return s.trap(lhs as u64, rhs as u64);
        };
        let Some(sum) = product.checked_add(addend) else {
            return s.trap_second(product as u64, addend as u64);
        };
        s = D::int(s, s.a(), sum);
        s.next(1)
    }

    /// a = b + c + x
    fn add_add<D: Dst, L: Src, R: Src, X: Src>(s) {
        let (lhs, rhs, addend) = (L::int(s, s.b()), R::int(s, s.c()), X::int(s, s.x()));
        let Some(inner) = lhs.checked_add(rhs) else {
            return s.trap(lhs as u64, rhs as u64);
        };
        let Some(sum) = inner.checked_add(addend) else {
            return s.trap_second(inner as u64, addend as u64);
        };
        s = D::int(s, s.a(), sum);
        s.next(1)
    }
}

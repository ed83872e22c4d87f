//! Float arithmetic; nothing here traps.

use crate::interpreter::operand::{Dst, Src};
use crate::interpreter::semantics;

/// An operation on two floats.
pub(in crate::interpreter) trait FloatOp {
    fn apply(lhs: f64, rhs: f64) -> f64;
}

/// An operation on one float.
pub(in crate::interpreter) trait FloatOp1 {
    fn apply(value: f64) -> f64;
}

macro_rules! float_ops {
    ($($name:ident($lhs:ident, $rhs:ident) => $result:expr;)*) => { $(
        pub(in crate::interpreter) struct $name;
        impl FloatOp for $name {
            #[inline(always)]
            fn apply($lhs: f64, $rhs: f64) -> f64 {
                $result
            }
        }
    )* };
}

macro_rules! float_ops1 {
    ($($name:ident($value:ident) => $result:expr;)*) => { $(
        pub(in crate::interpreter) struct $name;
        impl FloatOp1 for $name {
            #[inline(always)]
            fn apply($value: f64) -> f64 {
                $result
            }
        }
    )* };
}

float_ops! {
    FAdd(l, r) => l + r;
    FSub(l, r) => l - r;
    FMul(l, r) => l * r;
    FDiv(l, r) => l / r;
    FRem(l, r) => l % r;
}

float_ops1! {
    FNeg(v) => -v;
    FAbs(v) => v.abs();
    FSqrt(v) => v.sqrt();
    FFloor(v) => semantics::floor(v);
    FCeil(v) => semantics::ceil(v);
    FTrunc(v) => semantics::trunc(v);
    FRound(v) => semantics::round(v);
    ToF32(v) => f64::from(v as f32);
}

handlers! {
    /// a = b op c
    fn float_binary<O: FloatOp, D: Dst, L: Src, R: Src>(s) {
        let value = O::apply(L::float(s, s.b()), R::float(s, s.c()));
        s = D::float(s, s.a(), value);
        s.next(1)
    }

    /// a = op b
    fn float_unary<O: FloatOp1, D: Dst, V: Src>(s) {
        let value = O::apply(V::float(s, s.b()));
        s = D::float(s, s.a(), value);
        s.next(1)
    }

    /// a = x outer (b inner c), rounded twice as two instructions would
    fn float_chain_right<I: FloatOp, O: FloatOp, D: Dst, L: Src, R: Src, X: Src>(s) {
        let inner = I::apply(L::float(s, s.b()), R::float(s, s.c()));
        let value = O::apply(X::float(s, s.x()), inner);
        s = D::float(s, s.a(), value);
        s.next(1)
    }

    /// a = (b inner c) outer x
    fn float_chain_left<I: FloatOp, O: FloatOp, D: Dst, L: Src, R: Src, X: Src>(s) {
        let inner = I::apply(L::float(s, s.b()), R::float(s, s.c()));
        let value = O::apply(inner, X::float(s, s.x()));
        s = D::float(s, s.a(), value);
        s.next(1)
    }

    /// a = b op (c as a float)
    fn float_with_int<O: FloatOp, D: Dst, L: Src, V: Src>(s) {
        let value = O::apply(L::float(s, s.b()), V::int(s, s.c()) as f64);
        s = D::float(s, s.a(), value);
        s.next(1)
    }

    /// a = (b as a float) op c
    fn int_with_float<O: FloatOp, D: Dst, V: Src, R: Src>(s) {
        let value = O::apply(V::int(s, s.b()) as f64, R::float(s, s.c()));
        s = D::float(s, s.a(), value);
        s.next(1)
    }
}

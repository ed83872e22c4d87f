//! Comparisons whose result is a value, and the tests that they share with jumps.

use crate::heap;
use crate::interpreter::operand::{Dst, Src};
use crate::interpreter::semantics;

/// A question about two ints.
pub(in crate::interpreter) trait IntTest {
    fn holds(lhs: i64, rhs: i64) -> bool;
}

/// A question about two floats.
pub(in crate::interpreter) trait FloatTest {
    fn holds(lhs: f64, rhs: f64) -> bool;
}

macro_rules! tests {
    ($class:ident $ty:ty: $($name:ident($lhs:ident, $rhs:ident) => $result:expr;)*) => { $(
        pub(in crate::interpreter) struct $name;
        impl $class for $name {
            #[inline(always)]
            fn holds($lhs: $ty, $rhs: $ty) -> bool {
                $result
            }
        }
    )* };
}

tests! { IntTest i64:
    Eq(l, r) => l == r;
    Ne(l, r) => l != r;
    Lt(l, r) => l < r;
    Le(l, r) => l <= r;
    Gt(l, r) => l > r;
    Ge(l, r) => l >= r;
}

tests! { FloatTest f64:
    FEq(l, r) => l == r;
    FNe(l, r) => l != r;
    FLt(l, r) => l < r;
    FLe(l, r) => l <= r;
    FNlt(l, r) => !matches!(l.partial_cmp(&r), Some(std::cmp::Ordering::Less));
    FNle(l, r) => !matches!(l.partial_cmp(&r), Some(std::cmp::Ordering::Less | std::cmp::Ordering::Equal));
}

handlers! {
    /// a = b test c
    fn int_compare<T: IntTest, D: Dst, L: Src, R: Src>(s) {
        let holds = T::holds(L::int(s, s.b()), R::int(s, s.c()));
        s = D::int(s, s.a(), i64::from(holds));
        s.next(1)
    }

    /// a = b test c
    fn float_compare<T: FloatTest, D: Dst, L: Src, R: Src>(s) {
        let holds = T::holds(L::float(s, s.b()), R::float(s, s.c()));
        s = D::int(s, s.a(), i64::from(holds));
        s.next(1)
    }

    /// a = the order of b and c
    fn float_order<D: Dst>(s) {
        let order = semantics::float_order(s.float(s.b()), s.float(s.c()));
        s = D::int(s, s.a(), order);
        s.next(1)
    }

    fn str_equal<D: Dst>(s) {
        let equal = heap::str_equal(s.word(s.b()), s.word(s.c()));
        s = D::int(s, s.a(), i64::from(equal));
        s.next(1)
    }

    fn str_order<D: Dst>(s) {
        let order = heap::str_compare(s.word(s.b()), s.word(s.c()));
        s = D::int(s, s.a(), order as i64);
        s.next(1)
    }
}

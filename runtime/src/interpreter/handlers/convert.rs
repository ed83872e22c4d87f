//! Conversions between ints, floats and storage widths.

use lang_bytecode::Width;

use crate::interpreter::operand::{Dst, Src};
use crate::interpreter::semantics;

/// A storage width as a type.
pub(in crate::interpreter) trait Narrow {
    const WIDTH: Width;
}

macro_rules! widths {
    ($($name:ident)*) => { $(
        pub(in crate::interpreter) struct $name;
        impl Narrow for $name {
            const WIDTH: Width = Width::$name;
        }
    )* };
}

widths!(I8 I16 I32 U8 U16 U32);

handlers! {
    fn int_to_float<D: Dst, V: Src>(s) {
        let value = V::int(s, s.b()) as f64;
        s = D::float(s, s.a(), value);
        s.next(1)
    }

    fn float_to_int<D: Dst, V: Src>(s) {
        let value = V::float(s, s.b());
        match semantics::float_to_int(value) {
            Some(result) => {
                s = D::int(s, s.a(), result);
                s.next(1)
            }
            None => s.trap(value.to_bits(), 0),
        }
    }

    fn float_bits<D: Dst, V: Src>(s) {
        let value = V::float(s, s.b()).to_bits() as i64;
        s = D::int(s, s.a(), value);
        s.next(1)
    }

    fn float_from_bits<D: Dst, V: Src>(s) {
        let value = f64::from_bits(V::int(s, s.b()) as u64);
        s = D::float(s, s.a(), value);
        s.next(1)
    }

    /// a = b where it fits the width
    fn narrow<W: Narrow, D: Dst, V: Src>(s) {
        let value = V::int(s, s.b());
        if semantics::wrap(value, W::WIDTH) != value {
            return s.trap(value as u64, 0);
        }
        s = D::int(s, s.a(), value);
        s.next(1)
    }

    /// a = b cut to the width
    fn wrap<W: Narrow, D: Dst, V: Src>(s) {
        let value = semantics::wrap(V::int(s, s.b()), W::WIDTH);
        s = D::int(s, s.a(), value);
        s.next(1)
    }

    fn to_char<D: Dst, V: Src>(s) {
        let value = V::int(s, s.b());
        if !semantics::is_char(value) {
            return s.trap(value as u64, 0);
        }
        s = D::int(s, s.a(), value);
        s.next(1)
    }
}

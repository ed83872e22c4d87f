//! Mathematics on floats.

use super::call::Context;
use super::failure::Outcome;

macro_rules! functions {
    ($($name:ident($($arg:ident),*) $method:ident;)*) => {
        $(pub(super) fn $name(_: &mut Context<'_>, x: f64 $(, $arg: f64)*) -> Outcome<f64> {
            Ok(x.$method($($arg),*))
        })*
    };
}

functions! {
    math_sin() sin;
    math_cos() cos;
    math_tan() tan;
    math_asin() asin;
    math_acos() acos;
    math_atan() atan;
    math_sinh() sinh;
    math_cosh() cosh;
    math_tanh() tanh;
    math_asinh() asinh;
    math_acosh() acosh;
    math_atanh() atanh;
    math_exp() exp;
    math_exp2() exp2;
    math_exp_m1() exp_m1;
    math_log() ln;
    math_log2() log2;
    math_log10() log10;
    math_ln_1p() ln_1p;
    math_cbrt() cbrt;
    math_pow(y) powf;
    math_atan2(y) atan2;
    math_hypot(y) hypot;
    math_copysign(y) copysign;
}

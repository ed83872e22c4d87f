//! What operations mean where the hardware does not say it: plain functions, shared by every engine.

use lang_bytecode::Width;

/// `base ** exponent`; none on overflow and on a negative exponent.
pub fn int_pow(base: i64, exponent: i64) -> Option<i64> {
    match u32::try_from(exponent) {
        Ok(exponent) => base.checked_pow(exponent),
        // Past 32 bits only these three have powers that fit.
        Err(_) if exponent < 0 => None,
        Err(_) => match base {
            0 | 1 => Some(base),
            -1 => Some(if exponent % 2 == 0 { 1 } else { -1 }),
            _ => None,
        },
    }
}

/// A float truncated to an int; none where that is no int.
#[inline(always)]
pub fn float_to_int(value: f64) -> Option<i64> {
    // 2^63 is a float, 2^63 - 1 is not; a NaN fails both comparisons.
    (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&value).then_some(value as i64)
}

/// From this magnitude on every float is whole.
const WHOLE: f64 = 4_503_599_627_370_496.0;

/// A float without its fraction.
#[inline(always)]
pub fn trunc(value: f64) -> f64 {
    if value.abs() < WHOLE { (value as i64 as f64).copysign(value) } else { value }
}

/// A float rounded down.
#[inline(always)]
pub fn floor(value: f64) -> f64 {
    let whole = trunc(value);
    if whole > value { whole - 1.0 } else { whole }
}

/// A float rounded up.
#[inline(always)]
pub fn ceil(value: f64) -> f64 {
    let whole = trunc(value);
    // The sum keeps the sign of a zero.
    if whole < value { (whole + 1.0).copysign(value) } else { whole }
}

/// A float rounded to the nearest whole number, halves away from zero.
#[inline(always)]
pub fn round(value: f64) -> f64 {
    let whole = trunc(value);
    // The difference is exact, and a NaN for an infinity.
    if (value - whole).abs() >= 0.5 { whole + 1f64.copysign(value) } else { whole }
}

/// The total order of floats: NaN above all and equal to itself, -0.0 equal to 0.0.
pub fn float_order(lhs: f64, rhs: f64) -> i64 {
    match lhs.partial_cmp(&rhs) {
        Some(order) => order as i64,
        None => i64::from(lhs.is_nan()) - i64::from(rhs.is_nan()),
    }
}

/// The low bits of a value, extended by the width's sign.
#[inline(always)]
pub fn wrap(value: i64, width: Width) -> i64 {
    match width {
        Width::I8 => i64::from(value as i8),
        Width::I16 => i64::from(value as i16),
        Width::I32 => i64::from(value as i32),
        Width::U8 => i64::from(value as u8),
        Width::U16 => i64::from(value as u16),
        Width::U32 => i64::from(value as u32),
    }
}

/// The name of a width in the language.
pub fn width_name(width: Width) -> &'static str {
    match width {
        Width::I8 => "i8",
        Width::I16 => "i16",
        Width::I32 => "i32",
        Width::U8 => "u8",
        Width::U16 => "u16",
        Width::U32 => "u32",
    }
}

/// Whether a value is a Unicode scalar value.
#[inline(always)]
pub fn is_char(value: i64) -> bool {
    u32::try_from(value).is_ok_and(|value| char::from_u32(value).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers() {
        assert_eq!(int_pow(2, 62), Some(1 << 62));
        assert_eq!(int_pow(2, 63), None);
        assert_eq!(int_pow(-2, 63), Some(i64::MIN));
        assert_eq!(int_pow(0, 0), Some(1));
        assert_eq!(int_pow(3, -1), None);
        assert_eq!(int_pow(-1, i64::MAX), Some(-1));
        assert_eq!(int_pow(1, i64::MAX), Some(1));
        assert_eq!(int_pow(2, i64::MAX), None);
    }

    #[test]
    fn floats_become_ints_where_they_fit() {
        assert_eq!(float_to_int(-1.9), Some(-1));
        assert_eq!(float_to_int(-9_223_372_036_854_775_808.0), Some(i64::MIN));
        assert_eq!(float_to_int(9_223_372_036_854_775_808.0), None);
        assert_eq!(float_to_int(f64::NAN), None);
        assert_eq!(float_to_int(f64::NEG_INFINITY), None);
    }

    #[test]
    fn rounding_is_that_of_the_standard_library() {
        let halves = (-9..10).map(|half| f64::from(half) / 2.0);
        let special = [-0.0, f64::INFINITY, f64::NEG_INFINITY, f64::NAN, WHOLE - 0.5, 1e300, -1e300, 1e-320];
        for value in halves.chain(special) {
            assert_eq!(trunc(value).to_bits(), value.trunc().to_bits(), "{value}");
            assert_eq!(round(value).to_bits(), value.round().to_bits(), "{value}");
            assert_eq!(floor(value).to_bits(), value.floor().to_bits(), "{value}");
            assert_eq!(ceil(value).to_bits(), value.ceil().to_bits(), "{value}");
        }
    }

    #[test]
    fn floats_have_a_total_order() {
        assert_eq!(float_order(1.0, 2.0), -1);
        assert_eq!(float_order(-0.0, 0.0), 0);
        assert_eq!(float_order(f64::NAN, f64::INFINITY), 1);
        assert_eq!(float_order(f64::INFINITY, f64::NAN), -1);
        assert_eq!(float_order(f64::NAN, f64::NAN), 0);
    }
}

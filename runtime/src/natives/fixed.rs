//! Floats with a fixed number of digits behind the point.

use std::fmt::Write;

use super::format::{ShortText, int_text};

/// The most digits that are computed here: with a mantissa of 53 bits, 128 bits hold all that is computed on the way.
const MOST_DIGITS: usize = 17;

/// A float that is not negative, with so many digits behind the point; none where it or they are too many.
///
/// A float is a whole number times a power of two. So the digits are a whole number as well, but for a shift to the right, whose lost
/// bits say how to round: to the nearest, and to the even one of two that are as near, as the standard library does. That one takes a way with
/// large numbers where a float lies between two results, as 0.125 does, or is one of them, as amounts of money often do.
pub(super) fn fixed_text(value: f64, digits: usize) -> Option<ShortText> {
    const FRACTION: u32 = f64::MANTISSA_DIGITS - 1;
    if digits > MOST_DIGITS || !(0.0..9e18).contains(&value) {
        return None;
    }
    let (bits, power) = (value.abs().to_bits(), 10u64.pow(digits as u32));
    let (exponent, fraction) = ((bits >> FRACTION) as i32, bits & ((1 << FRACTION) - 1));
    let mantissa = if exponent == 0 { fraction } else { fraction | 1 << FRACTION };
    let shift = 1075 - exponent.max(1);
    let product = u128::from(mantissa) * u128::from(power);
    let scaled = if shift <= 0 { product << -shift } else { shifted(product, shift as u32) };
    let (whole, rest) = match u64::try_from(scaled) {
        Ok(scaled) => (scaled / power, scaled % power),
        Err(_) => ((scaled / u128::from(power)) as u64, (scaled % u128::from(power)) as u64),
    };
    let mut text = ShortText::empty();
    text.write_str(int_text(whole as i64).as_str()).ok()?;
    if digits > 0 {
        let rest = int_text(rest as i64);
        text.write_str(".").ok()?;
        text.write_str(&"00000000000000000"[..digits - rest.as_bytes().len()]).ok()?;
        text.write_str(rest.as_str()).ok()?;
    }
    Some(text)
}

/// A number below 2¹¹⁰, shifted to the right and rounded.
fn shifted(product: u128, shift: u32) -> u128 {
    if shift > 120 {
        return 0;
    }
    let (low, half) = (product & ((1 << shift) - 1), 1 << (shift - 1));
    let result = product >> shift;
    result + u128::from(low > half || low == half && result & 1 == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_those_of_the_standard_library() {
        let mut state = 1u64;
        for round in 0..20_000 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let digits = (state >> 40) as usize % (MOST_DIGITS + 1);
            let value = match round % 4 {
                0 => f64::from_bits(state >> 1),
                1 => (state >> 34) as f64 / 64.0,
                2 => (state >> 20) as f64 / 1e6,
                _ => f64::from_bits(state >> 12 | (1000 + round % 64) << 52),
            };
            if let Some(text) = fixed_text(value, digits) {
                assert_eq!(text.as_str(), format!("{value:.digits$}"), "{value:e}");
            }
        }
    }

    #[test]
    fn what_is_too_large_is_left_to_others() {
        assert!(
            fixed_text(9e18, 2).is_none()
                && fixed_text(1.0, 18).is_none()
                && fixed_text(f64::NAN, 1).is_none()
        );
        assert_eq!(fixed_text(8.99e18, 17).unwrap().as_str(), format!("{:.17}", 8.99e18));
        assert_eq!(fixed_text(5e-324, 17).unwrap().as_str(), format!("{:.17}", 5e-324));
    }
}

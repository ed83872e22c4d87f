//! Reading numbers from text.

/// Why a text is no int.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum NoInt {
    /// It is not a sign, if any, and digits.
    Malformed,
    /// It has more digits than 64 bits hold.
    TooLarge,
}

/// The int that a text says in a base of 2 to 36.
pub(super) fn parse_int(text: &[u8], radix: u32) -> Result<i64, NoInt> {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    if digits.is_empty() {
        return Err(NoInt::Malformed);
    }
    let mut value = Some(0i64);
    for byte in digits {
        let digit = i64::from(char::from(*byte).to_digit(radix).ok_or(NoInt::Malformed)?);
        let signed = if negative { -digit } else { digit };
        value = value.and_then(|value| value.checked_mul(i64::from(radix))?.checked_add(signed));
    }
    value.ok_or(NoInt::TooLarge)
}

/// The float that a text says.
pub(super) fn parse_float(text: &str) -> Option<f64> {
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ints() {
        for value in [0, 1, -1, 42, i64::MAX, i64::MIN] {
            assert_eq!(parse_int(value.to_string().as_bytes(), 10), Ok(value));
        }
        assert_eq!(parse_int(b"+7", 10), Ok(7));
        assert_eq!(parse_int(b"-fF", 16), Ok(-255));
        for malformed in ["", "-", "+", "4x", " 4", "4 ", "1_0", "--1", "99999999999999999999x"] {
            assert_eq!(parse_int(malformed.as_bytes(), 10), Err(NoInt::Malformed), "{malformed}");
        }
        for large in ["9223372036854775808", "-9223372036854775809", "99999999999999999999999"] {
            assert_eq!(parse_int(large.as_bytes(), 10), Err(NoInt::TooLarge), "{large}");
        }
    }

    #[test]
    fn floats() {
        assert_eq!(parse_float("2.50"), Some(2.5));
        assert_eq!(parse_float("-1e-3"), Some(-0.001));
        assert_eq!(parse_float("inf"), Some(f64::INFINITY));
        assert!(parse_float("NaN").is_some_and(f64::is_nan));
        for malformed in ["", ".", "1e", "x", " 1", "1 ", "0x10", "1_0.0"] {
            assert_eq!(parse_float(malformed), None, "{malformed}");
        }
    }
}

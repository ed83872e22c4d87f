//! Formatting against Rust's own, where the rules agree.

use super::*;

fn floats() -> Vec<f64> {
    let mut values = vec![
        0.0,
        1.0,
        0.1,
        0.1 + 0.2,
        1.5,
        100.0,
        1e15,
        1e16,
        123_456_789.125,
        1e20,
        9.99e20,
        5e-324,
        f64::MAX,
        f64::MIN_POSITIVE,
    ];
    values.extend([
        1e-6,
        1.5e-6,
        1e-5,
        std::f64::consts::PI,
        1.0 / 3.0,
        9_007_199_254_740_993.0,
        4503599627370497.5,
    ]);
    let mut bits = 0x1234_5678_9abc_def0u64;
    for _ in 0..3_000 {
        bits = bits.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        values.push(f64::from_bits(bits));
        values.push((bits >> 40) as f64 / 1000.0);
    }
    values.iter().flat_map(|value| [*value, -*value]).filter(|value| !value.is_nan()).collect()
}

#[test]
fn the_shortest_form_reads_back_and_says_that_it_is_a_float() {
    for value in floats() {
        let text = float_text(value);
        let text = text.as_str();
        assert_eq!(text.parse::<f64>().map(f64::to_bits), Ok(value.to_bits()), "{text}");
        assert!(text.contains(['.', 'e']) || value.is_infinite(), "{text}");
        let exponent = value != 0.0 && !(1e-6..1e21).contains(&value.abs());
        assert_eq!(text.contains('e'), exponent && value.is_finite(), "{text}");
    }
}

#[test]
fn forms_that_the_language_names() {
    let cases = [
        (1.0, "1.0"),
        (1e21, "1e21"),
        (1e-7, "1e-7"),
        (f64::INFINITY, "inf"),
        (f64::NEG_INFINITY, "-inf"),
        (f64::NAN, "NaN"),
        (-f64::NAN, "NaN"),
        (-0.0, "-0.0"),
        (1e-6, "0.000001"),
        (0.1 + 0.2, "0.30000000000000004"),
        (1.5e300, "1.5e300"),
        (123456789012345680000.0, "123456789012345680000.0"),
    ];
    for (value, text) in cases {
        assert_eq!(float_text(value).as_str(), text);
    }
}

fn ints() -> Vec<i64> {
    let mut values = vec![i64::MIN, i64::MAX, 0];
    for shift in 0..63 {
        values.extend([1 << shift, -(1 << shift), (1 << shift) - 1]);
    }
    let mut power = 1i64;
    while let Some(next) = power.checked_mul(10) {
        values.extend([power, power - 1, -power]);
        power = next;
    }
    values
}

#[test]
fn ints_as_rust_writes_them() {
    for value in ints() {
        assert_eq!(int_text(value).as_str(), value.to_string());
        assert_eq!(i64::from_str_radix(radix_text(value, 7).as_str(), 7), Ok(value));
        assert_eq!(
            radix_text(value, 2).as_str().trim_start_matches('-'),
            format!("{:b}", value.unsigned_abs())
        );
    }
}

const PLUS: i64 = 1 << 23;
const ZERO: i64 = 1 << 24;
const EXPONENT: i64 = 5 << 25;

fn align(code: i64) -> i64 {
    code << 21
}

#[test]
fn specifications_for_ints() {
    let format = |value, flags, width| {
        let mut out = String::new();
        Spec::unpack(flags, width, -1).unwrap().format_int(&mut out, value);
        out
    };
    for value in ints() {
        for width in [0, 1, 5, 30] {
            let w = width as usize;
            assert_eq!(format(value, 0, width), format!("{value:w$}"));
            assert_eq!(format(value, PLUS | ZERO, width), format!("{value:+0w$}"));
            assert_eq!(format(value, align(1) | i64::from(u32::from('*')), width), format!("{value:*<w$}"));
            assert_eq!(format(value, align(2) | PLUS, width), format!("{value:^+w$}"));
            assert_eq!(format(value, EXPONENT, width), format!("{value:w$e}"));
            if value >= 0 {
                assert_eq!(format(value, 1 << 25 | ZERO, width), format!("{value:0w$x}"));
                assert_eq!(format(value, 2 << 25, width), format!("{value:w$X}"));
                assert_eq!(format(value, 3 << 25, width), format!("{value:w$b}"));
                assert_eq!(format(value, 4 << 25, width), format!("{value:w$o}"));
            }
        }
    }
    assert_eq!(format(-255, 1 << 25, 0), "-ff");
    assert_eq!(format(-5, 3 << 25 | ZERO, 8), "-0000101");
}

#[test]
fn specifications_for_floats() {
    let format = |value, flags, width, precision| {
        let mut out = String::new();
        Spec::unpack(flags, width, precision).unwrap().format_float(&mut out, value);
        out
    };
    for value in floats().into_iter().step_by(7).chain([f64::NAN, f64::INFINITY, f64::NEG_INFINITY]) {
        for (width, digits) in [(0, 0), (12, 2), (40, 10)] {
            let (w, d) = (width as usize, digits as usize);
            assert_eq!(format(value, 0, width, digits), format!("{value:w$.d$}"));
            assert_eq!(format(value, PLUS | ZERO, width, digits), format!("{value:+0w$.d$}"));
            assert_eq!(format(value, align(1), width, digits), format!("{value:<w$.d$}"));
            assert_eq!(format(value, EXPONENT, width, digits), format!("{value:w$.d$e}"));
            assert_eq!(format(value, EXPONENT | ZERO, width, -1), format!("{value:0w$e}"));
        }
        assert_eq!(format(value, 0, 0, -1), float_text(value).as_str());
    }
}

#[test]
fn specifications_for_text() {
    let format = |text, flags, width, precision| {
        let mut out = String::new();
        Spec::unpack(flags, width, precision).unwrap().format_text(&mut out, text);
        out
    };
    for text in ["", "ab", "héllo wörld"] {
        for (width, most) in [(0, 0), (4, 1), (20, 30)] {
            let (w, m) = (width as usize, most as usize);
            assert_eq!(format(text, 0, width, most), format!("{text:w$.m$}"));
            assert_eq!(format(text, align(3), width, -1), format!("{text:>w$}"));
            assert_eq!(
                format(text, align(2) | i64::from(u32::from('é')), width, most),
                format!("{text:é^w$.m$}")
            );
        }
    }
    assert!(
        Spec::unpack(0, -1, -1).is_none()
            && Spec::unpack(0, MOST + 1, -1).is_none()
            && Spec::unpack(0, 0, MOST + 1).is_none()
    );
}

#[test]
fn quoting() {
    let mut out = String::new();
    quote_text(&mut out, "a\"b\\c\n\t\r\0 ${x} $5 'é' \u{1b}");
    assert_eq!(out, r#""a\"b\\c\n\t\r\0 \${x} $5 'é' \u{1b}""#);
    out.clear();
    quote_char(&mut out, '\'');
    quote_char(&mut out, '"');
    assert_eq!(out, r#"'\''"'"#.replace("\"'", "'\"'"));
}

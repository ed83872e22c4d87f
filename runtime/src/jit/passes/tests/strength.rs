//! Divisions that become cheaper.

use super::{FLOAT, INT, Instr, count, function, optimised, r, with_constants};

#[test]
fn numbers_without_a_sign_are_shifted_and_masked() {
    let code = [
        Instr::BAndI { dst: r(0), lhs: r(0), rhs: 1000 },
        Instr::IDivI { dst: r(1), lhs: r(0), rhs: 8 },
        Instr::IRemI { dst: r(2), lhs: r(0), rhs: 8 },
        Instr::BXor { dst: r(0), lhs: r(1), rhs: r(2) },
        Instr::Ret1 { src: r(0) },
    ];
    let (text, _) = optimised(vec![function(1, &[INT; 3], &[INT], &code)]);
    assert_eq!((count(&text, "div"), count(&text, "rem"), count(&text, "ushr")), (0, 0, 1), "{text}");
}

#[test]
fn numbers_with_a_sign_are_divided() {
    let code = [Instr::IDivI { dst: r(1), lhs: r(0), rhs: 8 }, Instr::Ret1 { src: r(1) }];
    let (text, _) = optimised(vec![function(1, &[INT; 2], &[INT], &code)]);
    assert_eq!(count(&text, "div"), 1, "{text}");
}

#[test]
fn whether_a_number_is_even_does_not_depend_on_its_sign() {
    let code = [
        Instr::IRemI { dst: r(1), lhs: r(0), rhs: 2 },
        Instr::IEqI { dst: r(1), lhs: r(1), rhs: 0 },
        Instr::Ret1 { src: r(1) },
    ];
    let (text, _) = optimised(vec![function(1, &[INT; 2], &[INT], &code)]);
    assert_eq!((count(&text, "rem"), count(&text, "and")), (0, 1), "{text}");
}

/// What becomes of a float and a constant.
fn of_float(number: f64, instr: Instr) -> String {
    let code = [Instr::FConst { dst: r(1), value: 0 }, instr, Instr::Ret1 { src: r(0) }];
    with_constants(vec![function(1, &[FLOAT; 2], &[FLOAT], &code)], vec![number.to_bits()]).0
}

#[test]
fn floats_are_doubled_by_adding() {
    let text = of_float(2.0, Instr::FMul { dst: r(0), lhs: r(1), rhs: r(0) });
    assert_eq!((count(&text, "fmul"), count(&text, "fadd")), (0, 1), "{text}");
}

#[test]
fn floats_are_multiplied_where_the_reciprocal_is_exact() {
    let by = |number| of_float(number, Instr::FDiv { dst: r(0), lhs: r(0), rhs: r(1) });
    for number in [2.0, -0.25, 4_294_967_296.0] {
        let text = by(number);
        assert_eq!((count(&text, "fdiv"), count(&text, "fmul")), (0, 1), "{text}");
    }
    // The last one's reciprocal is below the normal floats.
    for number in [3.0, 0.1, 0.0, f64::INFINITY, f64::NAN, f64::MIN_POSITIVE / 2.0, f64::MAX, 2f64.powi(1023)]
    {
        let text = by(number);
        assert_eq!((count(&text, "fdiv"), count(&text, "fmul")), (1, 0), "{text}");
    }
}

#[test]
fn a_quotient_and_its_remainder_take_one_division() {
    let (x, y, quotient, rest) = (r(0), r(1), r(2), r(3));
    let code = [
        Instr::IRem { dst: rest, lhs: x, rhs: y },
        Instr::IDiv { dst: quotient, lhs: x, rhs: y },
        Instr::BXor { dst: x, lhs: quotient, rhs: rest },
        Instr::Ret1 { src: x },
    ];
    let (text, _) = optimised(vec![function(2, &[INT; 4], &[INT], &code)]);
    assert_eq!((count(&text, "div"), count(&text, "rem")), (1, 0), "{text}");
}

#[test]
fn a_remainder_alone_stays_one() {
    let code = [Instr::IRem { dst: r(2), lhs: r(0), rhs: r(1) }, Instr::Ret1 { src: r(2) }];
    let (text, _) = optimised(vec![function(2, &[INT; 3], &[INT], &code)]);
    assert_eq!((count(&text, "div"), count(&text, "rem")), (0, 1), "{text}");
}

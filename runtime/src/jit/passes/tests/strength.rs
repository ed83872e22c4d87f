//! Divisions that become cheaper.

use super::{INT, Instr, count, function, optimised, r};

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

//! What is done once, and what is computed beforehand.

use super::{INT, Instr, count, function, optimised, r};

#[test]
fn the_same_operation_is_done_once() {
    let (x, y, one, two) = (r(0), r(1), r(2), r(3));
    let code = [
        Instr::IMulW { dst: one, lhs: x, rhs: y },
        Instr::IMulW { dst: two, lhs: x, rhs: y },
        Instr::BXor { dst: one, lhs: one, rhs: two },
        Instr::Ret1 { src: one },
    ];
    let (text, _) = optimised(vec![function(2, &[INT; 4], &[INT], &code)]);
    assert_eq!(count(&text, "mul"), 1, "{text}");
}

#[test]
fn arithmetic_on_constants_is_done_beforehand() {
    let code = [
        Instr::IConst { dst: r(0), value: 20 },
        Instr::IMulI { dst: r(0), lhs: r(0), rhs: 2 },
        Instr::IAddI { dst: r(0), lhs: r(0), rhs: 2 },
        Instr::Ret1 { src: r(0) },
    ];
    let (text, _) = optimised(vec![function(0, &[INT], &[INT], &code)]);
    assert!(text.contains("= 42\n") && !text.contains("checked"), "{text}");
}

#[test]
fn what_overflows_is_left_to_trap() {
    let code = [
        Instr::IConst { dst: r(0), value: i32::MAX },
        Instr::IMul { dst: r(0), lhs: r(0), rhs: r(0) },
        Instr::IMul { dst: r(0), lhs: r(0), rhs: r(0) },
        Instr::Ret1 { src: r(0) },
    ];
    let (text, _) = optimised(vec![function(0, &[INT], &[INT], &code)]);
    assert_eq!(count(&text, "checked"), 1, "{text}");
}

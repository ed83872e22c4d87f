//! Which checks go, and which must stay.

use super::{INT, INTS, Instr, RegType, count, function, optimised, r};

/// The sum of an array's elements from a start to an end that is `n`, or the length where there is none.
fn sum(first: i32, end_is_length: bool, step: i16) -> lang_bytecode::Function {
    let (array, n, i, total, element) = (r(0), r(1), r(2), r(3), r(4));
    let end = if end_is_length { Instr::ALen { dst: n, array } } else { Instr::Nop {} };
    let code = [
        end,
        Instr::IConst { dst: i, value: first },
        Instr::JLe { lhs: n, rhs: i, target: 5 },
        Instr::AGet { dst: element, array, index: i },
        Instr::IAdd { dst: total, lhs: total, rhs: element },
        Instr::IAddI { dst: i, lhs: i, rhs: step },
        Instr::JLt { lhs: i, rhs: n, target: -3 },
        Instr::Ret1 { src: total },
    ];
    function(2, &[INTS, INT, INT, INT, INT], &[INT], &code)
}

#[test]
fn a_counter_below_the_length_needs_no_checks() {
    let (text, stats) = optimised(vec![sum(0, true, 1)]);
    assert_eq!(count(&text, "bounds"), 0, "{text}");
    assert_eq!(count(&text, "checked"), 1, "the sum may overflow:\n{text}");
    assert_eq!((stats.bounds, stats.bounds_removed, stats.overflows, stats.overflows_removed), (1, 1, 2, 1));
}

#[test]
fn a_counter_below_an_unknown_number_is_checked() {
    let (text, _) = optimised(vec![sum(0, false, 1)]);
    assert_eq!(count(&text, "bounds"), 1, "{text}");
    assert_eq!(count(&text, "checked"), 1, "it is below a number, and so never the greatest:\n{text}");
}

#[test]
fn a_counter_that_begins_below_zero_is_checked() {
    let (text, _) = optimised(vec![sum(-1, true, 1)]);
    assert_eq!(count(&text, "bounds"), 1, "{text}");
}

#[test]
fn a_counter_that_goes_down_is_checked() {
    let (text, _) = optimised(vec![sum(0, true, -1)]);
    assert_eq!(count(&text, "bounds"), 1, "{text}");
    assert_eq!(count(&text, "checked"), 1, "an index that was checked is not the least int:\n{text}");
}

#[test]
fn an_index_that_was_checked_is_not_checked_again() {
    let (array, i, one, two) = (r(0), r(1), r(2), r(3));
    let code = [
        Instr::AGet { dst: one, array, index: i },
        Instr::AGet { dst: two, array, index: i },
        Instr::BXor { dst: one, lhs: one, rhs: two },
        Instr::Ret1 { src: one },
    ];
    let (text, _) = optimised(vec![function(2, &[INTS, INT, INT, INT], &[INT], &code)]);
    assert_eq!(count(&text, "bounds"), 1, "{text}");
}

#[test]
fn a_check_on_one_way_says_nothing_of_the_other() {
    let (array, i, cond, value) = (r(0), r(1), r(2), r(3));
    let code = [
        Instr::JFalse { cond, target: 2 },
        Instr::AGet { dst: value, array, index: i },
        Instr::AGet { dst: value, array, index: i },
        Instr::Ret1 { src: value },
    ];
    let (text, _) = optimised(vec![function(3, &[INTS, INT, INT, INT], &[INT], &code)]);
    assert_eq!(count(&text, "bounds"), 2, "{text}");
}

#[test]
fn an_index_is_checked_again_once_the_array_is_shorter() {
    let (array, i, value) = (r(0), r(1), r(2));
    let code = [
        Instr::AGet { dst: value, array, index: i },
        Instr::APop { dst: value, array },
        Instr::AGet { dst: value, array, index: i },
        Instr::Ret1 { src: value },
    ];
    let (text, _) = optimised(vec![function(2, &[INTS, INT, INT], &[INT], &code)]);
    assert_eq!(count(&text, "bounds"), 2, "{text}");
}

#[test]
fn masked_and_narrow_numbers_do_not_overflow() {
    let (x, y) = (r(0), r(1));
    let code = [
        Instr::BAndI { dst: x, lhs: x, rhs: 255 },
        Instr::Wrap { dst: y, src: y, to: lang_bytecode::Width::I32 },
        Instr::IAdd { dst: x, lhs: x, rhs: y },
        Instr::IMulI { dst: x, lhs: x, rhs: 1000 },
        Instr::Ret1 { src: x },
    ];
    let (text, stats) = optimised(vec![function(2, &[INT, INT], &[INT], &code)]);
    assert_eq!(
        count(&text, "checked"),
        stats.overflows as usize - stats.overflows_removed as usize,
        "{text}"
    );
    assert!(stats.overflows_removed >= 1, "{text}");
}

#[test]
fn conditions_hold_in_their_own_branch_only() {
    let (x, y) = (r(0), r(1));
    let code = [
        Instr::JGtI { lhs: x, rhs: 100, target: 3 },
        Instr::IAddI { dst: y, lhs: x, rhs: 1 },
        Instr::Ret1 { src: y },
        Instr::IAddI { dst: y, lhs: x, rhs: 2 },
        Instr::Ret1 { src: y },
    ];
    let (text, stats) = optimised(vec![function(1, &[INT, RegType::Int], &[INT], &code)]);
    assert_eq!((stats.overflows, stats.overflows_removed), (2, 1), "{text}");
}

#[test]
fn what_fits_is_not_asked_whether_it_fits() {
    let x = r(0);
    let code = [
        Instr::BAndI { dst: x, lhs: x, rhs: 200 },
        Instr::Narrow { dst: x, src: x, to: lang_bytecode::Width::U8 },
        Instr::Ret1 { src: x },
    ];
    let (text, _) = optimised(vec![function(1, &[INT], &[INT], &code)]);
    assert_eq!(count(&text, "guard"), 0, "{text}");
}

#[test]
fn what_may_not_fit_is_asked_once() {
    let x = r(0);
    let to = lang_bytecode::Width::U8;
    let code = [
        Instr::BAndI { dst: x, lhs: x, rhs: 300 },
        Instr::Narrow { dst: x, src: x, to },
        Instr::Narrow { dst: x, src: x, to },
        Instr::Ret1 { src: x },
    ];
    let (text, _) = optimised(vec![function(1, &[INT], &[INT], &code)]);
    assert_eq!(count(&text, "guard"), 1, "{text}");
}

#[test]
fn a_divisor_above_zero_needs_no_checks() {
    let (x, y) = (r(0), r(1));
    let code = [
        Instr::BAndI { dst: y, lhs: y, rhs: 7 },
        Instr::IAddI { dst: y, lhs: y, rhs: 1 },
        Instr::IDiv { dst: x, lhs: x, rhs: y },
        Instr::Ret1 { src: x },
    ];
    let (text, _) = optimised(vec![function(2, &[INT; 2], &[INT], &code)]);
    assert_eq!(count(&text, "guard"), 0, "{text}");
}

#[test]
fn a_sum_that_was_checked_is_not_checked_again() {
    let (x, y, one, two) = (r(0), r(1), r(2), r(3));
    let code = [
        Instr::IAdd { dst: one, lhs: x, rhs: y },
        Instr::IAdd { dst: two, lhs: x, rhs: y },
        Instr::BXor { dst: one, lhs: one, rhs: two },
        Instr::Ret1 { src: one },
    ];
    let (text, _) = optimised(vec![function(2, &[INT; 4], &[INT], &code)]);
    assert_eq!(count(&text, "checked"), 1, "{text}");
}

/// What becomes of two bytes, put together by an operation and doubled.
fn of_bytes(together: Instr) -> String {
    let (x, y) = (r(0), r(1));
    let code = [
        Instr::BAndI { dst: x, lhs: x, rhs: 255 },
        Instr::BAndI { dst: y, lhs: y, rhs: 255 },
        together,
        Instr::IAdd { dst: x, lhs: x, rhs: x },
        Instr::Ret1 { src: x },
    ];
    optimised(vec![function(2, &[INT; 2], &[INT], &code)]).0
}

#[test]
fn numbers_made_of_bytes_do_not_overflow() {
    let (dst, lhs, rhs) = (r(0), r(0), r(1));
    for together in
        [Instr::BOr { dst, lhs, rhs }, Instr::BXor { dst, lhs, rhs }, Instr::ShlI { dst, lhs, rhs: 40 }]
    {
        let text = of_bytes(together);
        assert_eq!(count(&text, "checked"), 0, "{text}");
    }
    let text = of_bytes(Instr::ShlI { dst, lhs, rhs: 55 });
    assert_eq!(count(&text, "checked"), 1, "255 << 55 takes all bits but the sign:\n{text}");
}

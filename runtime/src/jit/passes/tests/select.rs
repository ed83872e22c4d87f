//! Branches that become selections.

use super::{INT, Instr, count, function, optimised, r};

/// `if r0 < r1 { r2 = … }`, and then `r2`.
fn where_less(then: &[Instr]) -> String {
    let mut code = vec![Instr::JLe { lhs: r(1), rhs: r(0), target: then.len() as i32 + 1 }];
    code.extend_from_slice(then);
    code.push(Instr::Ret1 { src: r(2) });
    optimised(vec![function(3, &[INT; 3], &[INT], &code)]).0
}

#[test]
fn a_choice_of_numbers_needs_no_branch() {
    let text = where_less(&[Instr::Mov { dst: r(2), src: r(0) }]);
    assert_eq!((count(&text, "branch"), count(&text, "select")), (0, 1), "{text}");
    let text = where_less(&[Instr::IAddW { dst: r(2), lhs: r(0), rhs: r(1) }]);
    assert_eq!((count(&text, "branch"), count(&text, "select")), (0, 1), "{text}");
}

#[test]
fn a_sum_that_may_overflow_adds_nothing_instead() {
    for sum in [
        Instr::IAddI { dst: r(2), lhs: r(2), rhs: 1 },
        Instr::IAdd { dst: r(2), lhs: r(2), rhs: r(0) },
        Instr::IAdd { dst: r(2), lhs: r(0), rhs: r(2) },
        Instr::ISub { dst: r(2), lhs: r(2), rhs: r(0) },
    ] {
        let text = where_less(&[sum]);
        assert_eq!(
            (count(&text, "branch"), count(&text, "select"), count(&text, "checked")),
            (0, 1, 1),
            "{text}"
        );
    }
}

#[test]
fn what_fails_or_takes_long_stays_behind_its_branch() {
    for op in [
        // Nothing minus the number is another number.
        Instr::ISub { dst: r(2), lhs: r(0), rhs: r(2) },
        Instr::IMul { dst: r(2), lhs: r(2), rhs: r(0) },
        Instr::IMulW { dst: r(2), lhs: r(2), rhs: r(0) },
        Instr::IDiv { dst: r(2), lhs: r(2), rhs: r(0) },
    ] {
        let text = where_less(&[op]);
        assert_eq!((count(&text, "branch"), count(&text, "select")), (1, 0), "{text}");
    }
}

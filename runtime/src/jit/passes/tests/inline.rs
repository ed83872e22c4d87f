//! Calls that become part of their caller.

use super::{INT, Instr, count, function, optimised, r};

#[test]
fn a_small_function_is_inlined() {
    let caller = [Instr::Mov { dst: r(1), src: r(0) }, Instr::Call { callee: 1 }, Instr::Ret1 { src: r(1) }];
    let callee = [Instr::BXorI { dst: r(0), lhs: r(0), rhs: 5 }, Instr::Ret1 { src: r(0) }];
    let (text, _) =
        optimised(vec![function(1, &[INT], &[INT], &caller), function(1, &[INT], &[INT], &callee)]);
    assert_eq!((count(&text, "call"), count(&text, "xor")), (0, 1), "{text}");
}

#[test]
fn recursion_is_inlined_a_few_times() {
    let (n, out) = (r(0), r(1));
    let code = [
        Instr::JGtI { lhs: n, rhs: 0, target: 2 },
        Instr::Ret1 { src: n },
        Instr::IAddI { dst: out, lhs: n, rhs: -1 },
        Instr::Call { callee: 0 },
        Instr::Ret1 { src: out },
    ];
    let (text, _) = optimised(vec![function(1, &[INT], &[INT], &code)]);
    assert_eq!(count(&text, "call"), 1, "{text}");
    assert!(count(&text, "branch") > 1, "{text}");
}

//! Which objects are made, and which are values. Functions have six registers, so that pairs take their fields from r6 and r7.

use super::{INT, Instr, MAYBE_PAIR, PAIR, PAIRS, RegType, count, function, optimised, r};

const REGISTERS: [RegType; 6] = [INT, INT, INT, PAIR, PAIR, MAYBE_PAIR];

/// A new pair of two registers.
fn pair(dst: u16, first: u16, second: u16) -> [Instr; 3] {
    [
        Instr::Mov { dst: r(6), src: r(first) },
        Instr::Mov { dst: r(7), src: r(second) },
        Instr::New { dst: r(dst), of: PAIRS.0 },
    ]
}

/// How many pairs a function of two ints makes.
fn made(results: &[RegType], code: &[&[Instr]]) -> (usize, String) {
    let text = optimised(vec![function(2, &REGISTERS, results, &code.concat())]).0;
    (count(&text, "bump"), text)
}

fn read(object: u16, field: u16) -> Instr {
    Instr::FGet { dst: r(2), object: r(object), field }
}

fn write(object: u16, src: u16) -> Instr {
    Instr::FSet { object: r(object), src: r(src), field: 0 }
}

#[test]
fn an_object_that_nobody_else_sees_is_not_made() {
    let (made, text) = made(&[INT], &[&pair(3, 0, 1), &[read(3, 1), Instr::Ret1 { src: r(2) }]]);
    assert_eq!(made, 0, "{text}");
    assert!(text.contains("return v1"), "{text}");
}

#[test]
fn an_object_that_is_returned_is_made() {
    let (made, text) = made(&[PAIR], &[&pair(3, 0, 1), &[Instr::Ret1 { src: r(3) }]]);
    assert_eq!(made, 1, "{text}");
}

#[test]
fn an_object_that_each_turn_of_a_loop_replaces_is_not_made() {
    let next = [read(3, 0), Instr::IAddI { dst: r(2), lhs: r(2), rhs: 1 }];
    let end = [Instr::JLt { lhs: r(2), rhs: r(1), target: -5 }, read(3, 0), Instr::Ret1 { src: r(2) }];
    let (made, text) = made(&[INT], &[&pair(3, 0, 1), &next, &pair(3, 2, 1), &end]);
    assert_eq!(made, 0, "{text}");
}

#[test]
fn an_object_that_is_written_to_on_one_way_is_not_made() {
    let branch = [Instr::JLt { lhs: r(0), rhs: r(1), target: 2 }, write(3, 1)];
    let (made, text) = made(&[INT], &[&pair(3, 0, 1), &branch, &[read(3, 0), Instr::Ret1 { src: r(2) }]]);
    assert_eq!(made, 0, "{text}");
}

#[test]
fn two_objects_that_a_reference_may_mean_are_made_where_one_is_written_to() {
    let choose = [
        Instr::JLt { lhs: r(0), rhs: r(1), target: 2 },
        Instr::Mov { dst: r(4), src: r(3) },
        write(4, 1),
        read(3, 0),
        Instr::Ret1 { src: r(2) },
    ];
    let (made, text) = made(&[INT], &[&pair(3, 0, 1), &pair(4, 1, 0), &choose]);
    assert_eq!(made, 2, "{text}");
}

#[test]
fn an_object_that_may_be_missing_is_not_made() {
    let make = [Instr::Null { dst: r(5) }, Instr::JLt { lhs: r(0), rhs: r(1), target: 5 }];
    let ask = [
        Instr::Mov { dst: r(5), src: r(3) },
        Instr::JNull { src: r(5), target: 4 },
        Instr::NonNull { dst: r(3), src: r(5) },
        read(3, 0),
        Instr::Ret1 { src: r(2) },
        Instr::Ret1 { src: r(1) },
    ];
    let (made, text) = made(&[INT], &[&make, &pair(3, 0, 1), &ask]);
    assert_eq!(made, 0, "{text}");
}

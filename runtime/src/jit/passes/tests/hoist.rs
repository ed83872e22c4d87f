//! What is read before a loop, and what must be read at each turn.

use super::{INT, INTS, Instr, function, optimised, r};

/// A loop that reads an element and then does something else.
fn reading(other: Instr) -> String {
    let (array, i, n, value) = (r(0), r(1), r(2), r(3));
    let code = [
        Instr::AGet { dst: value, array, index: i },
        other,
        Instr::IAddI { dst: i, lhs: i, rhs: 1 },
        Instr::JLt { lhs: i, rhs: n, target: -3 },
        Instr::Ret1 { src: value },
    ];
    optimised(vec![function(5, &[INTS, INT, INT, INT, INTS], &[INT], &code)]).0
}

/// Whether the text of the loop's block has a word: the loop is the block that jumps to itself or is jumped back to.
fn loop_has(text: &str, word: &str) -> bool {
    let (_, body) = text.split_once("bounds").unwrap_or(("", text));
    let head = text.split("bounds").next().and_then(|before| before.rsplit("):\n").next()).unwrap_or("");
    head.contains(word) || body.contains(word)
}

#[test]
fn lengths_and_places_are_read_before_the_loop() {
    let text = reading(Instr::Nop {});
    assert!(!loop_has(&text, "len ") && !loop_has(&text, "data "), "{text}");
}

#[test]
fn a_loop_that_shortens_an_array_reads_lengths_at_each_turn() {
    let text = reading(Instr::APop { dst: r(3), array: r(4) });
    assert!(loop_has(&text, "len "), "{text}");
}

#[test]
fn a_loop_that_appends_reads_everything_at_each_turn() {
    let text = reading(Instr::APush { array: r(4), src: r(3) });
    assert!(loop_has(&text, "len ") && loop_has(&text, "data "), "{text}");
}

//! Random programs as people write them, for the engines to agree on: loops over arrays of every width, indices and sums at
//! their limits, maps, strings, enums, objects, closures, trait objects and recursion.
//!
//! Nothing here knows what a program does. What is known of each int is the interval that it lies in: so indices, sums and
//! conversions can be made to come as near to failing as they can without doing so. Loops are bounded, and most programs run to
//! their end; some are reckless, and go one too far now and then.

mod conditions;
mod data;
mod floats;
mod guards;
mod idioms;
mod ints;
mod items;
mod loops;
mod maker;
mod scope;
mod statements;
mod texts;

use super::random::Random;
use maker::Maker;
use std::fmt::Write;

/// The source text of a program.
pub fn program(random: &mut Random) -> String {
    let items = items::Items::make(random);
    let reckless = random.one_in(3);
    let mut text = String::new();
    let mut calls = String::new();
    for number in 0..1 + random.below(3) {
        let size = 3 + random.below(20) as i64;
        let mut maker = Maker::new(random, &items, reckless);
        text.push_str(&maker.kernel(number, size));
        let rounds = 3 + random.below(10);
        let _ = writeln!(calls, "  for round in 0..{rounds} {{ print(k{number}({size}, round)) }}");
    }
    format!("{}{text}fn main() {{\n{calls}}}\n", items.text)
}

#[cfg(test)]
mod tests {
    use super::super::bodies;
    use super::super::random::Random;
    use lang_bytecode::TrapKind;

    #[test]
    fn programs_are_right_and_most_of_them_end() {
        const CASES: u64 = 150;
        let ends: Vec<_> = (0..CASES)
            .map(|case| {
                let source = super::program(&mut Random::of_case(1, case));
                let module = bodies::compile(source.as_bytes());
                let module = module.unwrap_or_else(|errors| panic!("case {case}:\n{source}\n{errors}"));
                bodies::run_for(lang_bytecode::verify(module).expect("compiled code is valid"), 4_000_000).1
            })
            .collect();
        let whole = ends.iter().filter(|end| end.is_ok()).count();
        assert!(whole > 100, "{whole} of {CASES} end without an error");
        let long = ends.iter().filter(|end| **end == Err(TrapKind::OutOfFuel)).count();
        assert!(long < 8, "{long} of {CASES} take too long");
    }
}

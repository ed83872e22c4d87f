//! What a program declares beside its kernels: a struct with a link to its like, an enum with payloads, a trait with several
//! implementers, small functions, and recursive ones. The text of each is made of parts that are never the same twice.

use super::super::random::Random;
use std::fmt::Write;

/// A function that kernels may call: its name, and the intervals of its arguments.
#[derive(Debug)]
pub(super) struct Callee {
    pub(super) name: String,
    pub(super) params: Vec<(i128, i128)>,
    pub(super) gives: (i128, i128),
}

/// The declarations.
#[derive(Debug)]
pub(super) struct Items {
    pub(super) text: String,
    pub(super) callees: Vec<Callee>,
    /// How many types have the trait.
    pub(super) steps: usize,
}

/// What steps, closures and small functions take and give.
pub(super) const SMALL: (i128, i128) = (-100_000, 100_000);

impl Items {
    pub(super) fn make(random: &mut Random) -> Items {
        let mut items = Items { text: String::new(), callees: Vec::new(), steps: 1 + random.below(4) };
        items.types(random);
        items.steps(random);
        for number in 0..random.below(4) {
            items.small(random, number);
        }
        items.recursive(random);
        items
    }

    fn types(&mut self, random: &mut Random) {
        let kept = |random: &mut Random| {
            *random.pick(&["var b: u8", "var b: i16", "var b: u32", "var b: int", "b: int"])
        };
        let _ = write!(
            self.text,
            "struct Cell {{\n  var a: int\n  {}\n  var x: float\n  var on: bool\n  var next: Cell?\n}}\n",
            kept(random)
        );
        self.text.push_str("struct Pair { left: int, right: float }\n");
        let (a, b) = (formula(random, "i"), formula(random, "(a -% b)"));
        let _ = write!(
            self.text,
            "enum Sign {{\n  Stop\n  One(int)\n  Both(a: int, b: int)\n  Wide(Pair)\n  Text(str)\n}}\n\
             fn weigh(s: Sign) -> int {{\n  match s {{\n    Stop => 1\n    One(i) if i > {} => {a}\n    One(i) => i & 255\n    \
             Both(a, b) => {b}\n    Wide(p) => p.left & 1023\n    Text(t) => t.len()\n  }}\n}}\n",
            random.below(20),
        );
    }

    fn steps(&mut self, random: &mut Random) {
        self.text.push_str("trait Step {\n  fn step(self, x: int) -> int\n  fn twice(self, x: int) -> int { self.step(self.step(x)) }\n}\n");
        for number in 0..self.steps {
            let body = formula(random, "(x + self.k)");
            let _ = match random.below(3) {
                0 => write!(
                    self.text,
                    "struct S{number} {{ k: int, var hits: int }}\nimpl Step for S{number} {{\n  fn step(self, x: int) -> int {{\n    self.hits += 1\n    {body} + (self.hits & 3)\n  }}\n}}\n"
                ),
                1 => write!(
                    self.text,
                    "struct S{number} {{ k: int, scale: float }}\nimpl Step for S{number} {{\n  fn step(self, x: int) -> int {{ {body} + int(self.scale) }}\n}}\n"
                ),
                _ => write!(
                    self.text,
                    "struct S{number} {{ k: int, hits: int }}\nimpl Step for S{number} {{\n  fn step(self, x: int) -> int {{ {body} }}\n}}\n"
                ),
            };
        }
    }

    fn small(&mut self, random: &mut Random, number: usize) {
        let (a, b) = (formula(random, "(a + b)"), formula(random, "(a - b)"));
        let name = format!("h{number}");
        let condition = *random.pick(&["a < b", "a & 1 == 0", "a == b", "a > 0 and b > 0"]);
        let body = match random.below(3) {
            0 => a,
            1 => format!("if {condition} {{ {a} }} else {{ {b} }}"),
            _ => format!("if {condition} {{ return {b} }}\n  {a}"),
        };
        let _ = write!(self.text, "fn {name}(a: int, b: int) -> int {{\n  {body}\n}}\n");
        self.callees.push(Callee { name, params: vec![SMALL, SMALL], gives: SMALL });
    }

    fn recursive(&mut self, random: &mut Random) {
        const BODIES: [(&str, &str); 5] = [
            ("fib", "fn fib(n: int) -> int { if n < 2 { n } else { fib(n - 1) + fib(n - 2) } }"),
            (
                "even",
                "fn even(n: int) -> int { if n <= 0 { 1 } else { odd(n - 1) } }\nfn odd(n: int) -> int { if n <= 0 { 0 } else { even(n - 1) } }",
            ),
            ("down", "fn down(n: int) -> int { if n <= 0 { return 0 }\n  n % 3 + down(n - 1) }"),
            ("tree", "fn tree(n: int) -> int { if n <= 0 { 1 } else { tree(n - 2) + tree(n - 3) } }"),
            (
                "fold",
                "fn fold(n: int) -> int { fold_on(n, 0) }\nfn fold_on(n: int, acc: int) -> int { if n <= 0 { acc & 4095 } else { fold_on(n - 1, acc * 2 + n) } }",
            ),
        ];
        for (name, text) in BODIES {
            if random.one_in(2) {
                let _ = writeln!(self.text, "{text}");
                self.callees.push(Callee { name: name.to_owned(), params: vec![(-1, 9)], gives: (0, 4095) });
            }
        }
    }
}

/// A short formula of a small int that gives a small int.
pub(super) fn formula(random: &mut Random, x: &str) -> String {
    let c = 1 + random.below(20);
    match random.below(10) {
        0 => format!("({x} *% {c} & 1023)"),
        1 => format!("({x} % {c} * 3)"),
        2 => format!("({x} & {c} | 1)"),
        3 => format!("(({x} ^ {c}) & 8191)"),
        4 => format!("({x} / {c} % 77)"),
        5 => format!("(if {x} > {c} {{ {x} & 511 }} else {{ {c} }})"),
        6 => format!("min(max({x}, -{c}), {c})"),
        7 => format!("({x} >> {c})"),
        8 => format!("(u8.wrap({x}) + {c})"),
        _ => format!("(({x} +% 9223372036854775800) >>> 50)"),
    }
}

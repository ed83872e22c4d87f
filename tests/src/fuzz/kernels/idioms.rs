//! Loops that everybody writes: sorting, searching, sieving, counting, sums of rows, tables of two dimensions.
//!
//! Each is right as it stands; a reckless program has one of its limits wrong.

use super::maker::Maker;
use super::scope::{Array, Elem, STORAGES};

/// Makes one over an array of ints; given how far to go too far.
type Make = fn(&mut Maker<'_>, &Array, i64);

const KINDS: &[(usize, Make)] = &[
    (2, |m, array, slip| m.insertion_sort(array, slip)),
    (2, |m, array, slip| m.bubble_sort(array, slip)),
    (2, |m, array, slip| m.prefix_sums(array, slip)),
    (2, |m, array, slip| m.search(array, slip)),
    (2, |m, array, slip| m.sieve(array, slip)),
    (2, |m, array, slip| m.histogram(array, slip)),
    (2, |m, array, slip| m.table(array, slip)),
    (2, |m, array, slip| m.follow(array, slip)),
    (2, |m, array, slip| m.reverse(array, slip)),
    (2, |m, array, slip| m.compact(array, slip)),
    (6, |m, array, _| m.brink(array)),
];

impl Maker<'_> {
    pub(super) fn idiom(&mut self) {
        let found = self.array(|elem| matches!(elem, Elem::Int(..)));
        let Some(array) = found.filter(|array| array.len.is_some()) else { return self.mix() };
        if !self.affords(2 * self.size * self.size) {
            return self.mix();
        }
        let slip = i64::from(self.slips());
        let make = self.kind(KINDS);
        make(self, &array, slip);
    }

    /// Lines, indented by their brackets.
    fn lines(&mut self, text: &str) {
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            self.code(line);
        }
    }

    fn insertion_sort(&mut self, array: &Array, slip: i64) {
        let (a, i, j, least) = (&array.name, self.fresh("ix"), self.fresh("j"), -slip);
        let order = *self.random.pick(&[">", "<", ">="]);
        self.lines(&format!(
            "for {i} in 1..{a}.len() {{
            var {j} = {i}
            while {j} > {least} and {a}[{j} - 1] {order} {a}[{j}] {{
            {a}.swap({j}, {j} - 1)
            {j} -= 1
            if {j} < -3 {{ break }}
            }}
            }}"
        ));
    }

    fn bubble_sort(&mut self, array: &Array, slip: i64) {
        let (a, i, j) = (&array.name, self.fresh("ix"), self.fresh("j"));
        let less = 1 - slip;
        self.lines(&format!(
            "for {i} in 0..{a}.len() {{
            for {j} in 0..{a}.len() - {i} - {less} {{
            if {a}[{j}] > {a}[{j} + 1] {{ ({a}[{j}], {a}[{j} + 1]) = ({a}[{j} + 1], {a}[{j}]) }}
            }}
            }}"
        ));
    }

    fn prefix_sums(&mut self, array: &Array, slip: i64) {
        let (a, p, i, size) = (&array.name, self.fresh("p"), self.fresh("ix"), self.size);
        let (masked, from) = (if self.random.one_in(2) { " & 65535" } else { " >> 8" }, 1 - slip);
        self.lines(&format!(
            "let {p} = Array.filled({a}.len() + 1, 0)
            for {i} in {from}..={a}.len() {{ {p}[{i}] = {p}[{i} - 1] + ({a}[{i} - 1]{masked}) }}
            sum ^= {p}[{a}.len()] -% {p}[{}]",
            size / 2
        ));
    }

    fn search(&mut self, array: &Array, slip: i64) {
        let (a, lo, hi, mid) = (&array.name, self.fresh("lo"), self.fresh("hi"), self.fresh("mid"));
        let wanted = self.atom().text;
        let middle = *self.random.pick(&[
            "({lo} + {hi}) / 2",
            "{lo} + ({hi} - {lo}) / 2",
            "({lo} + {hi}) >> 1",
            "({lo} + {hi}) >>> 1",
        ]);
        let middle = middle.replace("{lo}", &lo).replace("{hi}", &hi);
        self.lines(&format!(
            "var {lo} = 0
            var {hi} = {a}.len() + {slip}
            while {lo} < {hi} {{
            let {mid} = {middle}
            if {a}[{mid}] < {wanted} {{ {lo} = {mid} + 1 }} else {{ {hi} = {mid} }}
            }}
            sum = sum *% 31 +% {lo}"
        ));
    }

    fn sieve(&mut self, _: &Array, slip: i64) {
        let (s, i, j, more) = (self.fresh("sieve"), self.fresh("ix"), self.fresh("j"), 1 - slip);
        let (size, start) = (self.size * 2, *self.random.pick(&["{i} * {i}", "2 * {i}", "{i} + {i}"]));
        let start = start.replace("{i}", &i);
        self.lines(&format!(
            "let {s} = Array.filled({size} + {more}, true)
            for {i} in 2..={size} {{
            if {s}[{i} - {slip}] {{
            sum +%= {i}
            var {j} = {start}
            while {j} <= {size} {{
            {s}[{j}] = false
            {j} += {i}
            }}
            }}
            }}"
        ));
    }

    fn histogram(&mut self, array: &Array, slip: i64) {
        let (a, h, x) = (&array.name, self.fresh("h"), self.fresh("x"));
        let bits = 3 + self.random.below(3);
        let mask = (1 << bits) - 1;
        let storage = *self.random.pick(&STORAGES);
        let place = match self.random.below(4) {
            0 => format!("{x} & {mask}"),
            1 => format!("({x} >>> 3) & {mask}"),
            2 => format!("({x} % {0} + {0}) % {0}", mask + 1),
            _ => format!("u8.wrap({x}) % {}", mask + 1),
        };
        let length = mask + 1 - slip;
        self.lines(&format!(
            "let {h}: [{}] = Array.filled({length}, 0)
            for {x} in {a} {{ {h}[{place}] += 1 }}
            for {x} in {h} {{ sum = sum *% 7 +% {x} }}",
            storage.name
        ));
    }

    fn table(&mut self, array: &Array, slip: i64) {
        let (a, t, r, c) = (&array.name, self.fresh("t"), self.fresh("r"), self.fresh("c"));
        let (height, width) = (2 + self.random.below(5) as i64, 2 + self.random.below(6) as i64);
        let last = width - 1 + slip;
        let value = self.int_in((-1000, 1000), 1).text;
        self.lines(&format!(
            "let {t} = Array.filled({height} * {width}, 1)
            for {r} in 1..{height} {{
            for {c} in 1..={last} {{
            {t}[{r} * {width} + {c}] = {t}[({r} - 1) * {width} + {c}] +% {t}[{r} * {width} + {c} - 1] *% {a}[({r} + {c}) % {a}.len()] +% {value}
            }}
            }}
            for {c} in {t} {{ sum = sum *% 31 +% {c} }}"
        ));
    }

    /// From place to place, as the elements say.
    fn follow(&mut self, array: &Array, slip: i64) {
        let (a, at, left) = (&array.name, self.fresh("at"), self.fresh("left"));
        self.lines(&format!(
            "var {at} = 0
            for {left} in 0..{} {{
            {at} = ({a}[{at}] & 1023) % ({a}.len() + {slip})
            sum = sum *% 3 +% {at}
            }}",
            self.size
        ));
    }

    fn reverse(&mut self, array: &Array, slip: i64) {
        let (a, i) = (&array.name, self.fresh("ix"));
        let by_halves = self.random.one_in(2);
        if by_halves {
            self.lines(&format!(
                "for {i} in 0..{a}.len() / 2 {{ {a}.swap({i}, {a}.len() - 1 - {i} + {slip}) }}"
            ));
        } else {
            let (j, kept) = (self.fresh("j"), stored(array, "kept"));
            self.lines(&format!(
                "var {i} = 0
                var {j} = {a}.len() - 1 + {slip}
                while {i} < {j} {{
                let kept = {a}[{i}]
                {a}[{i}] = {a}[{j}]
                {a}[{j}] = {kept}
                {i} += 1
                {j} -= 1
                }}"
            ));
        }
    }

    /// What suits moves to the front.
    fn compact(&mut self, array: &Array, slip: i64) {
        let (a, to, x) = (&array.name, self.fresh("to"), self.fresh("x"));
        let bit = 1 << self.random.below(6);
        let kept = stored(array, &x);
        self.lines(&format!(
            "var {to} = {}
            for {x} in {a} {{
            if {x} & {bit} == 0 {{
            {a}[{to}] = {kept}
            {to} += 1
            }}
            }}
            sum = sum *% 31 +% {to}",
            slip
        ));
    }

    /// Sums and products that come up to the largest or smallest int, and pass it in the late rounds where this goes over.
    fn brink(&mut self, array: &Array) {
        let over = i64::from(self.goes_over());
        let (a, b, i, size) = (&array.name, self.fresh("b"), self.fresh("ix"), self.size);
        let late = format!("(if round > 1 {{ {over} }} else {{ 0 }})");
        let text = match self.random.below(4) {
            0 => format!(
                "var {b} = int.MAX - ({} - {late} * {})
                for {i} in 0..{a}.len() {{ {b} += {a}[{i}] & 7 }}
                sum ^= {b}",
                7 * size,
                6 * size
            ),
            1 => format!(
                "var {b} = int.MIN + ({} - {late} * {})
                for {i} in 0..{a}.len() {{ {b} = {b} - ({a}[{i}] & 7) }}
                sum ^= {b}",
                7 * size,
                6 * size
            ),
            // The square of 3,037,000,499 is the largest below int.MAX.
            2 => format!(
                "let {b} = 3037000499 + {late} * 4
                for {i} in 0..{a}.len() {{ sum ^= {b} * ({b} - ({a}[{i}] & 3)) }}"
            ),
            _ => format!(
                "var {b} = 3 - 2 * {late}
                while {b} < 4611686018427387904 + {over} {{ {b} = {b} + {b} }}
                sum ^= {b}"
            ),
        };
        self.lines(&text);
    }
}

/// What a variable holds, as an element.
fn stored(array: &Array, name: &str) -> String {
    match array.elem {
        Elem::Int(storage, _) if storage.name != "int" => format!("{}({name})", storage.name),
        _ => name.to_owned(),
    }
}

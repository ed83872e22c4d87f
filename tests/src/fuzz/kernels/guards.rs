//! What is behind a condition that says something of a number: the checks there need not be made.

use super::maker::Maker;
use super::scope::{ALL, Elem, Num};

impl Maker<'_> {
    /// A number is compared with its limits first, in one of the ways in which people do that.
    pub(super) fn guarded(&mut self, depth: usize) {
        let (num, t) = (self.int(2), self.fresh("t"));
        self.line(format_args!("let {t} = {}", num.text));
        let (lo, hi) = match self.random.below(4) {
            0 => (self.random.below(5) as i64 - 2, 3 + self.random.below(300) as i64),
            1 => (1, self.size),
            _ => (0, self.size - 1),
        };
        let slip = i64::from(self.slips());
        let end = if hi == self.size - 1 { "n".to_owned() } else { (hi + 1).to_string() };
        let is_looping = self.scope.labels.last().is_some();
        let head = match self.random.below(6) {
            0 => format!("if {t} >= {lo} and {t} < {end} {{"),
            1 => format!("if {lo} <= {t} and {} >= {t} {{", hi + slip),
            2 => format!("if not ({t} < {lo} or {t} > {}) {{", hi + slip),
            3 => format!("if {t} > {} and {t} != {end} and {t} < {end} {{", lo - 1 - slip),
            4 if is_looping => {
                self.line(format_args!("if {t} < {lo} or {t} >= {end} {{ continue }}"));
                "if true {".to_owned()
            }
            _ => format!("if {end} > {t} and {t} >= {} {{", lo - slip),
        };
        self.block(head, 1, |m| {
            m.bind(&t, (lo.into(), hi.into()), false);
            m.body(depth);
        });
    }

    /// Of two numbers one is greater, so that their difference is not negative.
    pub(super) fn ordered(&mut self, depth: usize) {
        let (a, b) = (self.int_in((-1000, 1000), 2), self.int_in((-1000, 1000), 2));
        let (x, y) = (self.fresh("x"), self.fresh("y"));
        self.line(format_args!("let {x} = {}", a.text));
        self.line(format_args!("let {y} = {}", b.text));
        let (head, least) = match self.random.below(4) {
            0 => (format!("if {x} < {y} {{"), 1),
            1 => (format!("if {x} <= {y} {{"), 0),
            2 => (format!("if {y} > {x} {{"), 1),
            _ => (format!("if not ({x} > {y}) {{"), 0),
        };
        self.block(head, 1, |m| {
            let most = (b.hi - a.lo).max(least);
            m.bind(&x, a.interval(), false);
            m.bind(&y, b.interval(), false);
            m.bind(&format!("({y} - {x})"), (least, most), false);
            m.bind(&format!("({x} - {y})"), (-most, -least), false);
            m.body(depth);
        });
    }

    /// An option of an int, and what is in it.
    pub(super) fn optional(&mut self, depth: usize) -> Option<Num> {
        let name = self.one(|scope| &scope.options)?;
        let other = self.int_in((-9, 99), depth.min(1)).text;
        Some(match self.random.below(3) {
            0 => Num::new(format!("({name} ?? {other})"), ALL),
            1 => Num::new(format!("(if let Some(v) = {name} {{ v & 127 }} else {{ {other} }})"), (-9, 127)),
            _ => Num::new(
                format!("(match {name} {{ Some(v) if v > 5 => v, Some(_) => 5, None => {other} }})"),
                (-9, ALL.1),
            ),
        })
    }

    pub(super) fn let_option(&mut self) {
        let (name, value) = (self.fresh("o"), self.option());
        self.line(format_args!("var {name}: int? = {value}"));
        self.scope.options.push(name);
    }

    pub(super) fn set_option(&mut self) {
        let Some(name) = self.one(|scope| &scope.options) else { return self.let_option() };
        let value = self.option();
        self.line(format_args!("{name} = {value}"));
    }

    fn option(&mut self) -> String {
        let value = self.int(2).text;
        match self.random.below(4) {
            0 => "None".to_owned(),
            1 => format!("(if {} {{ Some({value}) }} else {{ None }})", self.truth(1)),
            2 => match self.array(|elem| matches!(elem, Elem::Int(storage, _) if storage.name == "int")) {
                Some(array) => format!("{}.get({value})", array.name),
                None => format!("Some({value})"),
            },
            _ => format!("Some({value})"),
        }
    }

    pub(super) fn let_pair(&mut self) {
        let (name, left, right) = (self.fresh("pair"), self.int(1).text, self.float(1));
        self.line(format_args!("var {name} = Pair({left}, {right})"));
        self.scope.pairs.push(name);
    }

    /// A small struct that each turn of a loop makes anew.
    pub(super) fn set_pair(&mut self) {
        let Some(name) = self.one(|scope| &scope.pairs) else { return self.let_pair() };
        let (left, right) = (self.int(2).text, self.float(2));
        match self.random.below(4) {
            0 => self.line(format_args!("{name} = {name}.with(left: {left})")),
            1 => {
                let condition = self.truth(1);
                self.line(format_args!("if {condition} {{ {name} = Pair({name}.left +% 1, {right}) }}"));
            }
            2 => {
                let other = self.one(|scope| &scope.pairs).unwrap_or_default();
                self.line(format_args!("if {name} == {other} {{ sum +%= 1 }} else {{ {name} = {other} }}"));
            }
            _ => self.line(format_args!("{name} = Pair({left}, {right})")),
        }
    }
}

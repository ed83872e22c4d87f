//! Expressions of ints, each with the interval that it lies in.

use super::maker::Maker;
use super::scope::{ALL, Elem, Num, STORAGES};

/// Makes an expression of some depth; none where there is nothing to make it of.
type Make = fn(&mut Maker<'_>, usize) -> Option<Num>;

/// The kinds of expressions, and how often each is wanted.
const KINDS: &[(usize, Make)] = &[
    (8, |m, d| Some(m.sum(d))),
    (4, |m, d| Some(m.product(d))),
    (4, |m, d| Some(m.wrapping(d))),
    (4, |m, d| Some(m.quotient(d))),
    (3, |m, d| Some(m.masked(d))),
    (3, |m, d| Some(m.bits(d))),
    (3, |m, d| Some(m.shifted(d))),
    (2, |m, d| Some(m.counted(d))),
    (3, |m, d| Some(m.extreme(d))),
    (3, |m, d| Some(m.chosen(d))),
    (2, |m, d| Some(m.matched(d))),
    (3, |m, d| Some(m.converted(d))),
    (2, |m, d| Some(m.at_the_edge(d))),
    (7, |m, d| m.element(d)),
    (2, |m, _| m.length()),
    (2, |m, d| Some(m.truncated(d))),
    (1, |m, d| Some(Num::new(format!("int({})", m.truth(d)), (0, 1)))),
    (3, |m, d| m.field(d)),
    (3, |m, d| m.called(d)),
    (2, |m, d| m.looked_up(d)),
    (2, |m, d| m.of_text(d)),
    (1, |m, _| m.evaluated()),
    (2, |m, d| m.optional(d)),
    (1, |m, _| m.one(|scope| &scope.pairs).map(|pair| Num::new(format!("{pair}.left"), ALL))),
];

/// Numbers that things happen at.
const EDGES: [i128; 16] =
    [0, 1, 2, 7, 8, 63, 64, 127, 128, 255, 256, -1, -128, 65_535, 1 << 31, (1 << 32) - 1];

impl Maker<'_> {
    /// An int.
    pub(super) fn int(&mut self, depth: usize) -> Num {
        if depth == 0 || self.random.one_in(5) {
            return self.atom();
        }
        let make = self.kind(KINDS);
        make(self, depth - 1).unwrap_or_else(|| self.atom())
    }

    /// An int of an interval; few are outside, where the program is reckless.
    pub(super) fn int_in(&mut self, interval: (i128, i128), depth: usize) -> Num {
        let num = self.int(depth);
        self.fit(num, interval)
    }

    /// A variable or a literal.
    pub(super) fn atom(&mut self) -> Num {
        if self.random.one_in(4) {
            return self.literal();
        }
        match self.one(|scope| &scope.ints) {
            Some(var) => var.num,
            None => self.literal(),
        }
    }

    fn literal(&mut self) -> Num {
        if self.random.one_in(8) {
            return Num::literal(*self.random.pick(&EDGES));
        }
        Num::literal(self.random.below(21) as i128 - 6)
    }

    /// Brings an int into an interval, as people do, or so that it just fits.
    pub(super) fn fit(&mut self, num: Num, (lo, hi): (i128, i128)) -> Num {
        if num.within((lo, hi)) {
            return num;
        }
        let slip = i128::from(self.slips());
        let width = hi - lo;
        // Moved to touch one end, where it is narrow enough.
        if num.hi - num.lo <= width && num.lo - hi > -(1 << 60) && num.hi - lo < 1 << 60 {
            let by = if self.random.one_in(2) { lo - num.lo - slip } else { hi - num.hi + slip };
            return if by < 0 {
                Num::new(format!("({} - {})", num.text, -by), (num.lo + by, num.hi + by))
            } else {
                Num::new(format!("({} + {by})", num.text), (num.lo + by, num.hi + by))
            };
        }
        if lo == 0 && self.random.one_in(2) {
            return self.cut_down(num, hi);
        }
        let text = &num.text;
        match self.random.below(3) {
            0 => Num::new(format!("min(max({text}, {lo}), {})", (hi + slip).min(ALL.1)), (lo, hi)),
            1 if lo > i64::MIN.into() => {
                Num::new(format!("(if {text} > {hi} {{ {hi} }} else {{ max({text}, {lo}) }})"), (lo, hi))
            }
            _ => {
                let ones = ones(width);
                let text = format!("(({text} & {ones}) + {})", Num::literal(lo).text);
                Num::new(text, (lo, lo + ones))
            }
        }
    }

    /// Brings an int between 0 and `hi`.
    fn cut_down(&mut self, num: Num, hi: i128) -> Num {
        let text = &num.text;
        let (size, slip) = (i128::from(self.size), i128::from(self.slips()));
        if num.lo >= 0 && self.random.one_in(2) {
            let by = if hi + 1 == size && slip == 0 { "n".to_owned() } else { (hi + 1 + slip).to_string() };
            return Num::new(format!("({text} % {by})"), (0, hi));
        }
        if hi < 1 << 40 && num.lo > i64::MIN.into() && self.random.one_in(3) {
            return Num::new(format!("(abs({text}) % {})", hi + 1 + slip), (0, hi));
        }
        let ones = ones(hi);
        Num::new(format!("({text} & {ones})"), (0, ones))
    }

    /// An int that is small enough to go on with.
    fn small(&mut self, depth: usize) -> Num {
        let num = self.int(depth);
        if num.within((-(1 << 40), 1 << 40)) || self.random.one_in(12) {
            num
        } else {
            self.fit(num, (-(1 << 31), 1 << 31))
        }
    }

    /// The text, checked if it cannot fail, and wrapping otherwise.
    fn arithmetic(&mut self, op: &str, a: &Num, b: &Num, interval: (i128, i128)) -> Num {
        let fits = Num::new("", interval).within(ALL);
        if fits || self.slips() {
            let (lo, hi) = (interval.0.max(ALL.0), interval.1.min(ALL.1));
            return Num::new(format!("({} {op} {})", a.text, b.text), (lo, hi));
        }
        Num::new(format!("({} {op}% {})", a.text, b.text), ALL)
    }

    fn sum(&mut self, depth: usize) -> Num {
        let (a, b) = (self.small(depth), self.small(depth));
        if self.random.one_in(3) {
            return self.arithmetic("-", &a, &b, (a.lo - b.hi, a.hi - b.lo));
        }
        self.arithmetic("+", &a, &b, (a.lo + b.lo, a.hi + b.hi))
    }

    fn product(&mut self, depth: usize) -> Num {
        let (a, b) = (self.small(depth), self.small(depth.min(1)));
        let ends = [a.lo * b.lo, a.lo * b.hi, a.hi * b.lo, a.hi * b.hi];
        let interval = (ends.into_iter().min().unwrap_or(0), ends.into_iter().max().unwrap_or(0));
        self.arithmetic("*", &a, &b, interval)
    }

    fn wrapping(&mut self, depth: usize) -> Num {
        let op = *self.random.pick(&["+%", "-%", "*%", "*%"]);
        let (a, b) = (self.int(depth), self.int(depth));
        Num::new(format!("({} {op} {})", a.text, b.text), ALL)
    }

    fn quotient(&mut self, depth: usize) -> Num {
        let a = self.int(depth);
        let slip = self.slips();
        let divisor = match self.random.below(5) {
            // It may be 0.
            _ if slip => self.int(depth),
            0 | 1 => Num::literal(1 << self.random.below(9)),
            2 => Num::literal(*self.random.pick(&[3, 5, 7, 10, 60, 1000, -3, -8, i64::MAX.into()])),
            3 => self.int_in((1, 64), depth),
            _ => {
                let by = self.atom();
                Num::new(format!("({} | 1)", by.text), ALL)
            }
        };
        let overflows = a.lo == ALL.0 && divisor.lo <= -1 && divisor.hi >= -1;
        let a = if overflows { self.fit(a, (-(1 << 50), 1 << 50)) } else { a };
        let most = a.lo.abs().max(a.hi.abs());
        if self.random.one_in(2) {
            let lo = if a.lo >= 0 && divisor.lo > 0 { 0 } else { -most };
            return Num::new(format!("({} / {})", a.text, divisor.text), (lo.max(ALL.0), most.min(ALL.1)));
        }
        let most = most.min(divisor.lo.abs().max(divisor.hi.abs()) - 1).max(0);
        let lo = if a.lo >= 0 { 0 } else { -most };
        Num::new(format!("({} % {})", a.text, divisor.text), (lo, if a.hi <= 0 { 0 } else { most }))
    }

    fn masked(&mut self, depth: usize) -> Num {
        let a = self.int(depth);
        let ones = (1i128 << (1 + self.random.below(20))) - 1;
        match self.random.below(3) {
            0 => Num::new(format!("({} & {ones})", a.text), (0, ones)),
            1 => Num::new(format!("({ones} & {})", a.text), (0, ones)),
            _ => Num::new(format!("({} >>> {})", a.text, 64 - ones.count_ones()), (0, ones)),
        }
    }

    fn bits(&mut self, depth: usize) -> Num {
        let (a, b) = (self.int(depth), self.int(depth));
        let op = *self.random.pick(&["&", "|", "^", "|", "^"]);
        let text = format!("({} {op} {})", a.text, b.text);
        if self.random.one_in(8) {
            return Num::new(format!("(~{})", a.text), (-1 - a.hi, -1 - a.lo));
        }
        match op {
            _ if a.lo < 0 || b.lo < 0 => Num::new(text, ALL),
            "&" => Num::new(text, (0, a.hi.min(b.hi))),
            _ => Num::new(text, (0, ones_above(a.hi.max(b.hi)))),
        }
    }

    fn shifted(&mut self, depth: usize) -> Num {
        let a = self.int(depth);
        let by = if self.random.one_in(3) {
            self.int_in((0, 70), depth.min(1))
        } else {
            Num::literal(self.random.below(40) as i128)
        };
        let places = (by.lo == by.hi && (0..63).contains(&by.lo)).then_some(by.lo);
        match (self.random.below(4), places) {
            (0 | 1, Some(places)) => {
                let times = 1i128 << places;
                let interval = (a.lo * times, a.hi * times);
                let fits = Num::new("", interval).within(ALL);
                Num::new(format!("({} << {})", a.text, by.text), if fits { interval } else { ALL })
            }
            (0, None) => Num::new(format!("({} << {})", a.text, by.text), ALL),
            (1 | 2, _) => {
                let places = places.unwrap_or(0);
                let interval = ((a.lo >> places).min(0), (a.hi >> places).max(0));
                Num::new(format!("({} >> {})", a.text, by.text), interval)
            }
            _ if a.lo >= 0 => Num::new(format!("({} >>> {})", a.text, by.text), (0, a.hi)),
            _ => Num::new(format!("({} >>> {})", a.text, by.text), ALL),
        }
    }

    fn counted(&mut self, depth: usize) -> Num {
        let name = *self.random.pick(&["count_ones", "leading_zeros", "trailing_zeros"]);
        Num::new(format!("{}.{name}()", self.int(depth).text), (0, 64))
    }

    fn extreme(&mut self, depth: usize) -> Num {
        let a = self.int(depth);
        match self.random.below(3) {
            0 => {
                let b = self.int(depth);
                Num::new(format!("min({}, {})", a.text, b.text), (a.lo.min(b.lo), a.hi.min(b.hi)))
            }
            1 => {
                let b = self.int(depth);
                Num::new(format!("max({}, {})", a.text, b.text), (a.lo.max(b.lo), a.hi.max(b.hi)))
            }
            _ => {
                let a = self.fit(a, (-(1 << 62), ALL.1));
                let most = a.lo.abs().max(a.hi.abs()).min(ALL.1);
                if self.random.one_in(2) {
                    Num::new(format!("abs({})", a.text), (0, most))
                } else {
                    Num::new(format!("(-{})", a.text), (-a.hi, -a.lo))
                }
            }
        }
    }

    fn chosen(&mut self, depth: usize) -> Num {
        let condition = self.truth(depth);
        let (a, b) = (self.int(depth), self.int(depth));
        let text = format!("(if {condition} {{ {} }} else {{ {} }})", a.text, b.text);
        Num::new(text, (a.lo.min(b.lo), a.hi.max(b.hi)))
    }

    fn matched(&mut self, depth: usize) -> Num {
        let subject = self.int_in((-2, 20), depth.min(1));
        let arms = [self.atom(), self.int(depth), self.atom(), self.int(depth)];
        let [a, b, c, other] = &arms;
        let (lo, hi) = (arms.iter().map(|arm| arm.lo).min(), arms.iter().map(|arm| arm.hi).max());
        let from = self.random.below(6);
        let text = format!(
            "(match {} {{ {from} => {}, {} | {} => {}, {}..={} if {} => {}, _ => {} }})",
            subject.text,
            a.text,
            from + 1,
            from + 3,
            b.text,
            from + 4,
            from + 8,
            self.truth(0),
            c.text,
            other.text
        );
        Num::new(text, (lo.unwrap_or(ALL.0), hi.unwrap_or(ALL.1)))
    }

    /// Cut or checked to a storage type.
    fn converted(&mut self, depth: usize) -> Num {
        let storage = *self.random.pick(&STORAGES[1..]);
        let num = self.int(depth);
        if self.random.one_in(2) {
            let interval = if num.within(storage.interval()) { num.interval() } else { storage.interval() };
            return Num::new(format!("int({}.wrap({}))", storage.name, num.text), interval);
        }
        let num = self.fit(num, storage.interval());
        Num::new(format!("int({}({}))", storage.name, num.text), num.interval())
    }

    /// A sum or difference that comes to the greatest or least int.
    fn at_the_edge(&mut self, depth: usize) -> Num {
        let num = self.small(depth);
        if num.hi >= 1 << 50 || num.lo <= -(1 << 50) {
            return num;
        }
        let slip = i128::from(self.slips());
        match self.random.below(3) {
            0 => {
                Num::new(format!("({} + {})", num.text, ALL.1 - num.hi.max(0) + slip.min(num.hi.max(0))), ALL)
            }
            1 => {
                let by = ALL.1 + num.lo.min(0) + 1;
                let by = by.min(ALL.1);
                let num = if num.lo < 0 { num } else { self.fit(num, (0, 1 << 50)) };
                Num::new(format!("({} - {by})", num.text), ALL)
            }
            _ => {
                let times = ALL.1 / num.hi.abs().max(num.lo.abs()).max(1) + slip;
                Num::new(format!("({} * {})", num.text, times.min(ALL.1)), ALL)
            }
        }
    }

    /// An element of an array of ints.
    fn element(&mut self, depth: usize) -> Option<Num> {
        let array = self.array(|elem| matches!(elem, Elem::Int(..)))?;
        let Elem::Int(_, interval) = array.elem else { return None };
        let at = self.index(&array, depth)?;
        Some(Num::new(format!("{}[{at}]", array.name), interval))
    }

    fn length(&mut self) -> Option<Num> {
        let array = self.one(|scope| &scope.arrays)?;
        let interval = array.len.map_or((0, 1 << 20), |len| (len.into(), len.into()));
        Some(Num::new(format!("{}.len()", array.name), interval))
    }

    fn truncated(&mut self, depth: usize) -> Num {
        let float = self.float(depth.min(2));
        if self.slips() {
            return Num::new(format!("int({float})"), ALL);
        }
        match self.random.below(2) {
            0 => Num::new(
                format!("({{ let f = {float}; if f > -1e9 and f < 1e9 {{ int(f) }} else {{ 7 }} }})"),
                (-1_000_000_000, 1_000_000_000),
            ),
            _ => Num::new(format!("int(min(max({float}, -3e9), 9.2e18))"), ALL),
        }
    }
}

/// The greatest number of ones only that is at most `most`.
fn ones(most: i128) -> i128 {
    (1 << (most + 1).ilog2()) - 1
}

/// The least number of ones only that is at least `most`.
fn ones_above(most: i128) -> i128 {
    (1 << (128 - most.leading_zeros())) - 1
}

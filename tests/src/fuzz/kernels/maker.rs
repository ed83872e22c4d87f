//! The state that everything is made with: the text so far, what is in scope, and how often this place runs.

use super::super::random::Random;
use super::items::Items;
use super::scope::{ALL, Elem, IntVar, Num, STORAGES, Scope, Storage};
use std::fmt::Display;

/// The most times that a statement may be run in one call of its kernel.
const MOST_TURNS: i64 = 6000;

/// Makes one kernel.
pub(super) struct Maker<'a> {
    pub(super) random: &'a mut Random,
    pub(super) items: &'a Items,
    /// Whether it may go one too far.
    reckless: bool,
    pub(super) scope: Scope,
    out: String,
    depth: usize,
    names: usize,
    /// How often this place runs at most, in one call of the kernel.
    turns: i64,
    /// The parameter that every array of fixed length is as long as, and its value.
    pub(super) size: i64,
}

impl<'a> Maker<'a> {
    pub(super) fn new(random: &'a mut Random, items: &'a Items, reckless: bool) -> Maker<'a> {
        let (scope, out) = (Scope::default(), String::new());
        Maker { random, items, reckless, scope, out, depth: 0, names: 0, turns: 1, size: 0 }
    }

    /// A function whose arguments are always `size` and a number of few bits.
    pub(super) fn kernel(&mut self, number: usize, size: i64) -> String {
        self.size = size;
        self.line(format_args!("fn k{number}(n: int, round: int) -> int {{"));
        self.depth = 1;
        self.bind("n", (size.into(), size.into()), false);
        self.bind("round", (0, 12), false);
        self.line("var sum = round");
        self.bind("sum", ALL, true);
        for _ in 0..3 + self.random.below(4) {
            self.declaration();
        }
        for _ in 0..1 + self.random.below(4) {
            self.repeat(2);
            self.statement(2);
        }
        self.conclude();
        self.depth = 0;
        self.line("}");
        std::mem::take(&mut self.out)
    }

    /// Mixes what the variables came to into the result.
    fn conclude(&mut self) {
        for array in self.scope.arrays.clone() {
            let x = self.fresh("x");
            let value = match array.elem {
                Elem::Int(..) => x.clone(),
                Elem::Float | Elem::F32 => {
                    format!("(if {x} > -1e6 and {x} < 1e6 {{ int({x} * 8.0) }} else {{ 3 }})")
                }
                Elem::Bool => format!("int({x})"),
            };
            self.line(format_args!("for {x} in {} {{ sum = sum *% 31 +% {value} }}", array.name));
        }
        let shown: Vec<String> = (self.scope.ints.iter().map(|var| var.num.text.clone()))
            .chain(self.scope.floats.iter().map(|(name, _)| name.clone()))
            .chain(self.scope.bools.iter().map(|(name, _)| name.clone()))
            .chain(self.scope.texts.iter().map(|(name, ..)| name.clone()))
            .chain(self.scope.maps.iter().map(|(name, _)| name.clone()))
            .chain(self.scope.cells.iter().map(|name| format!("{name}.a")))
            .chain(self.scope.enums.iter().cloned())
            .chain(self.scope.options.iter().cloned())
            .chain(self.scope.pairs.iter().cloned())
            .collect();
        for part in shown.chunks(6) {
            let part = part.join(", ");
            self.line(format_args!("print({part})"));
        }
        self.line("sum");
    }

    /// A line of code.
    pub(super) fn line(&mut self, text: impl Display) {
        use std::fmt::Write;
        let depth = self.depth;
        let _ = writeln!(self.out, "{:1$}{text}", "", depth * 2);
    }

    /// A line whose brackets say how deep the next one is.
    pub(super) fn code(&mut self, text: &str) {
        let (open, close) = (text.matches('{').count(), text.matches('}').count());
        if close > open {
            self.depth -= close - open;
        }
        self.line(text);
        if open > close {
            self.depth += open - close;
        }
    }

    /// A name that nothing has yet.
    pub(super) fn fresh(&mut self, kind: &str) -> String {
        self.names += 1;
        format!("{kind}{}", self.names)
    }

    /// An int is in scope from here on.
    pub(super) fn bind(&mut self, name: &str, interval: (i128, i128), mutable: bool) {
        self.scope.ints.push(IntVar { num: Num::new(name, interval), mutable });
    }

    /// A block that begins with a line and runs so many times as often as this place; what is declared in it goes with it.
    pub(super) fn block(&mut self, head: impl Display, times: i64, inside: impl FnOnce(&mut Maker<'a>)) {
        self.line(head);
        self.within(times, inside);
        self.line("}");
    }

    /// What is within brackets: a scope of its own.
    pub(super) fn within(&mut self, times: i64, inside: impl FnOnce(&mut Maker<'a>)) {
        let (scope, turns) = (self.scope.clone(), self.turns);
        self.depth += 1;
        self.turns *= times.max(1);
        inside(self);
        self.depth -= 1;
        (self.scope, self.turns) = (scope, turns);
    }

    /// Whether a loop of so many turns may be here.
    pub(super) fn affords(&self, turns: i64) -> bool {
        self.turns * turns <= MOST_TURNS
    }

    /// Whether to go one too far here.
    pub(super) fn slips(&mut self) -> bool {
        self.reckless && self.random.one_in(30)
    }

    /// Whether something that is there for going over its limit does.
    pub(super) fn goes_over(&mut self) -> bool {
        self.reckless && self.random.one_in(3)
    }

    /// A storage type, most often that of all ints.
    pub(super) fn storage(&mut self) -> Storage {
        if self.random.one_in(2) { STORAGES[0] } else { *self.random.pick(&STORAGES) }
    }

    /// One of the names.
    pub(super) fn one<T: Clone>(&mut self, of: impl Fn(&Scope) -> &Vec<T>) -> Option<T> {
        self.one_where(of, |_| true)
    }

    /// One of those that suit.
    pub(super) fn one_where<T: Clone>(
        &mut self,
        of: impl Fn(&Scope) -> &Vec<T>,
        suits: impl Fn(&T) -> bool,
    ) -> Option<T> {
        let all: Vec<&T> = of(&self.scope).iter().filter(|item| suits(item)).collect();
        if all.is_empty() { None } else { Some((*self.random.pick(&all)).clone()) }
    }

    /// One of the kinds of a table, by their weights.
    pub(super) fn kind<T: Copy>(&mut self, table: &[(usize, T)]) -> T {
        let mut left = self.random.below(table.iter().map(|(weight, _)| weight).sum());
        for (weight, kind) in table {
            if left < *weight {
                return *kind;
            }
            left -= weight;
        }
        table[0].1
    }
}

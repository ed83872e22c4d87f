//! Loops as people write them.

use super::maker::Maker;
use super::scope::{ALL, Elem};

/// Makes a loop whose body is of some depth.
type Make = fn(&mut Maker<'_>, usize);

const KINDS: &[(usize, Make)] = &[
    (5, |m, d| m.up_to(d)),
    (3, |m, d| m.down_to(d)),
    (3, |m, d| m.inner_from(d)),
    (2, |m, d| m.counted_while(d)),
    (3, |m, d| m.two_ends(d)),
    (3, |m, d| m.over_array(d)),
    (2, |m, d| m.numbered(d)),
    (2, |m, d| m.stepped(d)),
    (2, |m, d| m.worklist(d)),
    (1, |m, d| m.halving(d)),
    (2, |m, d| m.along_links(d)),
    (1, |m, d| m.over_map(d)),
    (1, |m, d| m.over_text(d)),
];

impl Maker<'_> {
    pub(super) fn repeat(&mut self, depth: usize) {
        let make = self.kind(KINDS);
        make(self, depth);
    }

    /// The body of a loop or branch.
    pub(super) fn body(&mut self, depth: usize) {
        for _ in 0..1 + self.random.below(4) {
            self.statement(depth);
        }
    }

    /// The parameter, its name or its value.
    fn size_text(&mut self) -> String {
        match self.random.below(4) {
            0 => self.size.to_string(),
            1 => {
                let len = Some(self.size);
                let array = self.one_where(|scope| &scope.arrays, |array| array.len == len);
                array.map_or_else(|| "n".to_owned(), |array| format!("{}.len()", array.name))
            }
            _ => "n".to_owned(),
        }
    }

    fn labelled(&mut self) -> (String, String) {
        if self.random.one_in(3) {
            let label = self.fresh("l");
            (format!("{label}: "), label)
        } else {
            (String::new(), String::new())
        }
    }

    /// A loop with its variable in an interval.
    fn ranged(&mut self, range: &str, (lo, hi): (i64, i64), turns: i64, depth: usize) {
        let i = self.fresh("ix");
        let (head, label) = self.labelled();
        self.block(format_args!("{head}for {i} in {range} {{"), turns, |m| {
            m.scope.labels.push(label);
            m.bind(&i, (lo.into(), hi.max(lo).into()), false);
            m.body(depth);
        });
    }

    fn up_to(&mut self, depth: usize) {
        let (from, less) = (self.random.below(3) as i64, self.random.below(3) as i64);
        let (size, slip) = (self.size_text(), self.slips());
        let end = if less > 0 { format!("{size} - {less}") } else { size };
        let dots = if slip { "..=" } else { ".." };
        if self.affords(self.size) {
            self.ranged(&format!("{from}{dots}{end}"), (from, self.size - less - 1), self.size, depth);
        } else {
            self.statement(0);
        }
    }

    fn down_to(&mut self, depth: usize) {
        if !self.affords(self.size) {
            return self.statement(0);
        }
        let size = self.size_text();
        if self.random.one_in(2) {
            let from = self.random.below(2) as i64;
            return self.ranged(&format!("({from}..{size}).rev()"), (from, self.size - 1), self.size, depth);
        }
        let i = self.fresh("ix");
        self.line(format_args!("var {i} = {size} - 1"));
        let least = i64::from(!self.slips()) - 1;
        self.block(format_args!("while {i} >= {least} {{"), self.size, |m| {
            m.scope.labels.clear();
            m.bind(&i, (0, i128::from(m.size) - 1), false);
            m.body(depth);
            m.line(format_args!("{i} -= 1"));
        });
    }

    /// Bounded by the variable of a loop around.
    fn inner_from(&mut self, depth: usize) {
        let size = i128::from(self.size);
        let outer: Vec<_> = (self.scope.ints.iter())
            .filter(|var| !var.mutable && var.num.lo >= 0 && var.num.hi < size && var.num.hi > var.num.lo)
            .map(|var| var.num.clone())
            .collect();
        if outer.is_empty() || !self.affords(self.size) {
            return self.up_to(depth);
        }
        let outer = self.random.pick(&outer).clone();
        let (lo, hi) = (outer.lo as i64, outer.hi as i64);
        let i = &outer.text;
        let (end, last) = (self.size_text(), self.size - 1);
        match self.random.below(4) {
            0 => self.ranged(&format!("0..{i}"), (0, hi - 1), hi, depth),
            1 => self.ranged(&format!("0..={i}"), (0, hi), hi + 1, depth),
            2 => self.ranged(&format!("{i}..{end}"), (lo, last), self.size, depth),
            _ => {
                let j = self.fresh("j");
                self.block(format_args!("for {j} in {i} + 1..{end} {{"), self.size, |m| {
                    m.bind(&j, (i128::from(lo) + 1, i128::from(last).max(i128::from(lo) + 1)), false);
                    m.bind(&format!("({j} - {i})"), (1, last.max(1).into()), false);
                    m.body(depth);
                });
            }
        }
    }

    fn counted_while(&mut self, depth: usize) {
        let most = 2 + self.random.below(14) as i64;
        if !self.affords(most) {
            return self.statement(0);
        }
        let (i, step) = (self.fresh("w"), 1 + self.random.below(3) as i64);
        let condition = if self.random.one_in(3) { format!(" and {}", self.truth(1)) } else { String::new() };
        let (head, label) = self.labelled();
        self.line(format_args!("var {i} = 0"));
        self.block(format_args!("{head}while {i} < {most}{condition} {{"), most, |m| {
            let first = m.random.one_in(2);
            if first {
                m.line(format_args!("{i} += {step}"));
                m.scope.labels.push(label);
                m.bind(&i, (step.into(), (most + step - 1).into()), false);
            } else {
                m.bind(&i, (0, (most - 1).into()), false);
                // Nothing may go on before the count.
                m.scope.labels.clear();
            }
            m.body(depth);
            if !first {
                m.line(format_args!("{i} += {step}"));
            }
        });
    }

    /// Two variables that come towards each other.
    fn two_ends(&mut self, depth: usize) {
        if !self.affords(self.size) {
            return self.statement(0);
        }
        let (lo, hi, last) = (self.fresh("lo"), self.fresh("hi"), i128::from(self.size) - 1);
        let size = self.size_text();
        self.line(format_args!("var {lo} = 0"));
        self.line(format_args!("var {hi} = {size} - 1"));
        self.block(format_args!("while {lo} < {hi} {{"), self.size, |m| {
            m.scope.labels.clear();
            m.bind(&lo, (0, last - 1), false);
            m.bind(&hi, (1, last), false);
            m.bind(&format!("(({lo} + {hi}) / 2)"), (0, last), false);
            m.bind(&format!("({hi} - {lo})"), (1, last), false);
            m.body(depth);
            let condition = m.truth(1);
            match m.random.below(3) {
                0 => m.line(format_args!("if {condition} {{ {lo} += 1 }} else {{ {hi} -= 1 }}")),
                1 => m.line(format_args!(
                    "if {condition} {{ {lo} = ({lo} + {hi}) / 2 + 1 }} else {{ {hi} = ({lo} + {hi}) / 2 }}"
                )),
                _ => {
                    m.line(format_args!("{lo} += 1"));
                    m.line(format_args!("{hi} -= 1"));
                }
            }
        });
    }

    fn over_array(&mut self, depth: usize) {
        let Some(array) = self.array(|_| true) else { return self.up_to(depth) };
        let turns = array.len.unwrap_or(24);
        if !self.affords(turns) {
            return self.statement(0);
        }
        let x = self.fresh("x");
        let (head, label) = self.labelled();
        self.block(format_args!("{head}for {x} in {} {{", array.name), turns, |m| {
            m.scope.labels.push(label);
            m.bind_item(&x, array.elem);
            // It does not end if it grows.
            m.scope.arrays.retain(|other| other.len.is_some() || array.len.is_some());
            m.body(depth);
        });
    }

    /// An element is in scope.
    fn bind_item(&mut self, name: &str, elem: Elem) {
        match elem {
            Elem::Int(_, interval) => self.bind(name, interval, false),
            Elem::Float | Elem::F32 => self.scope.floats.push((name.to_owned(), false)),
            Elem::Bool => self.scope.bools.push((name.to_owned(), false)),
        }
    }

    fn numbered(&mut self, depth: usize) {
        let Some(array) = self.array(|_| true).filter(|array| array.len.is_some()) else {
            return self.up_to(depth);
        };
        let turns = array.len.unwrap_or(1);
        if !self.affords(turns) {
            return self.statement(0);
        }
        let (i, x) = (self.fresh("ix"), self.fresh("x"));
        self.block(format_args!("for ({i}, {x}) in {}.enumerate() {{", array.name), turns, |m| {
            m.scope.labels.push(String::new());
            m.bind(&i, (0, (turns - 1).into()), false);
            m.bind_item(&x, array.elem);
            m.body(depth);
        });
    }

    fn stepped(&mut self, depth: usize) {
        if !self.affords(self.size) {
            return self.statement(0);
        }
        let (size, step) = (self.size_text(), 2 + self.random.below(3));
        if self.random.one_in(2) {
            let hi = (self.size / 2 - 1).max(0);
            return self.ranged(&format!("0..{size} / 2"), (0, hi), self.size, depth);
        }
        self.ranged(&format!("(0..{size}).step_by({step})"), (0, self.size - 1), self.size, depth);
    }

    /// An array that what is taken from it puts more into, for some time.
    fn worklist(&mut self, depth: usize) {
        const MOST: i64 = 30;
        if !self.affords(MOST) {
            return self.statement(0);
        }
        let (list, left, x) = (self.fresh("todo"), self.fresh("left"), self.fresh("x"));
        let first = self.int_in((0, 1000), 1).text;
        self.line(format_args!("let {list}: [int] = [{first}, 3]"));
        let turns = 3 + self.random.below(12);
        self.line(format_args!("var {left} = {turns}"));
        self.block(format_args!("while let Some({x}) = {list}.pop() {{"), MOST, |m| {
            m.scope.labels.push(String::new());
            m.bind(&x, (0, 1000), false);
            m.line(format_args!("{left} -= 1"));
            m.bind(&left, (-MOST as i128, MOST.into()), false);
            let more = m.int_in((0, 1000), 2).text;
            m.line(format_args!("if {left} > 0 {{ {list}.push({more}) }}"));
            m.body(depth);
        });
    }

    fn halving(&mut self, depth: usize) {
        if !self.affords(64) {
            return self.statement(0);
        }
        let (i, start) = (self.fresh("h"), self.int_in((0, i64::MAX.into()), 1));
        let by = *self.random.pick(&["/= 2", ">>= 1", "/= 10", ">>>= 3", "/= 3"]);
        self.line(format_args!("var {i} = {}", start.text));
        self.block(format_args!("while {i} > 0 {{"), 64, |m| {
            m.scope.labels.clear();
            m.bind(&i, (1, ALL.1), false);
            m.body(depth);
            m.line(format_args!("{i} {by}"));
        });
    }

    /// Along a list of cells, which may come back to where it was.
    fn along_links(&mut self, depth: usize) {
        const MOST: i64 = 12;
        let Some(cell) = self.one(|scope| &scope.cells) else { return self.let_cell() };
        if !self.affords(MOST) {
            return self.statement(0);
        }
        let (link, at, left) = (self.fresh("link"), self.fresh("at"), self.fresh("left"));
        self.line(format_args!("var {link}: Cell? = Some({cell})"));
        self.line(format_args!("var {left} = {MOST}"));
        self.block(format_args!("while let Some({at}) = {link} {{"), MOST, |m| {
            m.scope.labels.push(String::new());
            m.line(format_args!("{left} -= 1"));
            m.line(format_args!("if {left} < 0 {{ break }}"));
            m.line(format_args!("{link} = {at}.next"));
            m.bind(&left, (0, MOST.into()), false);
            m.scope.cells.push(at.clone());
            m.body(depth);
        });
    }

    fn over_map(&mut self, depth: usize) {
        let Some((map, texts)) = self.one(|scope| &scope.maps) else { return self.let_map() };
        if !self.affords(30) {
            return self.statement(0);
        }
        let (k, v) = (self.fresh("k"), self.fresh("v"));
        self.block(format_args!("for ({k}, {v}) in {map} {{"), 30, |m| {
            m.scope.labels.push(String::new());
            if texts {
                m.scope.texts.push((k.clone(), 0, false));
            } else {
                m.bind(&k, ALL, false);
            }
            m.bind(&v, ALL, false);
            // A map that changes during a loop over it is an error.
            m.scope.maps.clear();
            m.body(depth);
        });
    }
}

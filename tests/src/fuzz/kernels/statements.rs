//! Statements.

use super::items::SMALL;
use super::maker::Maker;
use super::scope::{ALL, Array, Elem, STORAGES};

/// Makes a statement whose blocks are of some depth.
type Make = fn(&mut Maker<'_>, usize);

const DECLARATIONS: &[(usize, Make)] = &[
    (6, |m, _| m.let_array()),
    (4, |m, _| m.let_int()),
    (3, |m, _| m.let_float()),
    (1, |m, _| m.let_bool()),
    (2, |m, _| m.let_growing()),
    (2, |m, _| m.let_map()),
    (2, |m, _| m.let_text()),
    (3, |m, _| m.let_cell()),
    (1, |m, _| m.let_link()),
    (2, |m, _| m.let_cells()),
    (2, |m, _| m.let_callable()),
    (2, |m, _| m.let_callables()),
    (2, |m, _| m.let_sign()),
    (2, |m, _| m.let_option()),
    (2, |m, _| m.let_pair()),
];

/// What blocks are made of; the first ones hold blocks.
const STATEMENTS: &[(usize, Make)] = &[
    (14, |m, d| m.repeat(d)),
    (7, |m, d| m.branch(d)),
    (4, |m, d| m.guarded(d)),
    (2, |m, d| m.ordered(d)),
    (3, |m, _| m.declaration()),
    (9, |m, _| m.mix()),
    (9, |m, _| m.set_int()),
    (12, |m, _| m.set_element()),
    (3, |m, _| m.swap()),
    (3, |m, _| m.set_float()),
    (1, |m, _| m.set_bool()),
    (4, |m, _| m.grow()),
    (3, |m, _| m.set_map()),
    (2, |m, _| m.set_text()),
    (5, |m, _| m.set_cell()),
    (2, |m, _| m.set_sign()),
    (2, |m, _| m.set_option()),
    (3, |m, _| m.set_pair()),
    (3, |m, _| m.idiom()),
    (3, |m, _| m.leave()),
];
const WITH_BLOCKS: usize = 4;

impl Maker<'_> {
    pub(super) fn declaration(&mut self) {
        let make = self.kind(DECLARATIONS);
        make(self, 0);
    }

    pub(super) fn statement(&mut self, depth: usize) {
        let table = if depth == 0 { &STATEMENTS[WITH_BLOCKS..] } else { STATEMENTS };
        let make = self.kind(table);
        make(self, depth.saturating_sub(1));
    }

    fn let_array(&mut self) {
        let (elem, name) = (self.elem(), self.fresh("a"));
        let ty = Self::item_type(elem);
        // Some are a little longer than the others.
        let more = if self.random.one_in(3) { self.random.below(3) as i64 } else { 0 };
        let len = self.size + more;
        match self.random.below(3) {
            0 => {
                let first = self.item(elem, 1);
                let length = if more > 0 { format!("n + {more}") } else { "n".to_owned() };
                self.line(format_args!("let {name}: [{ty}] = Array.filled({length}, {first})"));
            }
            1 => {
                let i = self.fresh("ix");
                self.line(format_args!("let {name}: [{ty}] = []"));
                self.block(format_args!("for {i} in 0..{len} {{"), len, |m| {
                    m.bind(&i, (0, (len - 1).into()), false);
                    let item = m.item(elem, 2);
                    m.line(format_args!("{name}.push({item})"));
                });
            }
            _ => {
                let items: Vec<String> = (0..len).map(|_| self.item(elem, 0)).collect();
                let items = items.join(", ");
                self.line(format_args!("let {name}: [{ty}] = [{items}]"));
            }
        }
        self.scope.arrays.push(Array { name, elem, len: Some(len) });
    }

    fn elem(&mut self) -> Elem {
        match self.random.below(10) {
            0 | 1 => Elem::Float,
            2 => Elem::F32,
            3 => Elem::Bool,
            // Places in the arrays.
            4 | 5 => {
                let fitting: Vec<_> =
                    STORAGES.iter().filter(|storage| self.size <= storage.most && storage.most > 0).collect();
                Elem::Int(**self.random.pick(&fitting), (0, i128::from(self.size) - 1))
            }
            6 => Elem::Int(STORAGES[0], (-1000, 1000)),
            _ => {
                let storage = self.storage();
                Elem::Int(storage, storage.interval())
            }
        }
    }

    fn let_growing(&mut self) {
        let (storage, name) = (self.storage(), self.fresh("g"));
        let elem = Elem::Int(storage, storage.interval());
        self.line(format_args!("let {name}: [{}] = []", storage.name));
        self.scope.arrays.push(Array { name, elem, len: None });
    }

    fn let_int(&mut self) {
        let (num, name) = (self.int(2), self.fresh("v"));
        if self.random.one_in(3) {
            self.line(format_args!("let {name} = {}", num.text));
            return self.bind(&name, num.interval(), false);
        }
        let interval =
            *self.random.pick(&[ALL, (0, 255), (0, 1000), (-1000, 1000), (0, i128::from(self.size) - 1)]);
        let num = self.fit(num, interval);
        self.line(format_args!("var {name} = {}", num.text));
        self.bind(&name, interval, true);
    }

    fn let_float(&mut self) {
        let (value, name) = (self.float(1), self.fresh("fl"));
        self.line(format_args!("var {name}: float = {value}"));
        self.scope.floats.push((name, true));
    }

    fn let_bool(&mut self) {
        let (value, name) = (self.truth(1), self.fresh("q"));
        self.line(format_args!("var {name} = {value}"));
        self.scope.bools.push((name, true));
    }

    pub(super) fn let_map(&mut self) {
        let (texts, name) = (self.random.one_in(2), self.fresh("m"));
        self.line(format_args!("let {name}: [{}: int] = [:]", if texts { "str" } else { "int" }));
        self.scope.maps.push((name, texts));
    }

    fn new_cell(&mut self, next: &str) -> String {
        let (a, b) = (self.int(1).text, self.int_in((0, 100), 1).text);
        // Whatever the width of the field is, a literal fits.
        let b =
            if b.bytes().all(|byte| byte.is_ascii_digit()) { b } else { self.random.below(100).to_string() };
        format!("Cell({a}, {b}, {}, {}, {next})", self.float(1), self.truth(0))
    }

    pub(super) fn let_cell(&mut self) {
        let next = match self.one(|scope| &scope.cells) {
            Some(cell) if self.random.one_in(2) => format!("Some({cell})"),
            _ => "None".to_owned(),
        };
        let (value, name) = (self.new_cell(&next), self.fresh("c"));
        self.line(format_args!("var {name} = {value}"));
        self.scope.cells.push(name);
    }

    fn let_link(&mut self) {
        let value = self.link();
        let name = self.fresh("link");
        self.line(format_args!("var {name}: Cell? = {value}"));
        self.scope.links.push(name);
    }

    fn link(&mut self) -> String {
        match self.one(|scope| &scope.cells) {
            Some(cell) if self.random.one_in(2) => format!("Some({cell})"),
            Some(cell) if self.random.one_in(3) => format!("{cell}.next"),
            _ if self.random.one_in(2) => "None".to_owned(),
            _ => format!("Some({})", self.new_cell("None")),
        }
    }

    fn let_cells(&mut self) {
        let name = self.fresh("cs");
        let items: Vec<String> = (0..2 + self.random.below(3)).map(|_| self.new_cell("None")).collect();
        self.line(format_args!("let {name} = [{}]", items.join(", ")));
        self.scope.cell_arrays.push((name, items.len() as i64));
    }

    fn let_callable(&mut self) {
        let name = self.fresh("call");
        if self.random.one_in(2) {
            let closure = self.closure();
            self.line(format_args!("let {name} = {closure}"));
            self.scope.callables.push(name);
        } else {
            let object = self.step_object();
            self.line(format_args!("let {name}: Step = {object}"));
            self.scope.callables.push(format!("{name}.step"));
        }
    }

    fn let_callables(&mut self) {
        let (name, count) = (self.fresh("calls"), 2 + self.random.below(4));
        if self.random.one_in(2) {
            let items: Vec<String> = (0..count).map(|_| self.closure()).collect();
            self.line(format_args!("let {name}: [fn(int) -> int] = [{}]", items.join(", ")));
            self.scope.callable_arrays.push((name, count as i64, "§"));
        } else {
            let items: Vec<String> = (0..count).map(|_| self.step_object()).collect();
            self.line(format_args!("let {name}: [Step] = [{}]", items.join(", ")));
            let call = *self.random.pick(&["§.step", "§.step", "§.twice"]);
            self.scope.callable_arrays.push((name, count as i64, call));
        }
    }

    fn let_sign(&mut self) {
        let (value, name) = (self.sign(1), self.fresh("e"));
        self.line(format_args!("var {name} = {value}"));
        self.scope.enums.push(name);
    }

    fn set_sign(&mut self) {
        let Some(name) = self.one(|scope| &scope.enums) else { return self.let_sign() };
        let value = self.sign(2);
        self.line(format_args!("{name} = {value}"));
    }

    fn branch(&mut self, depth: usize) {
        let condition = self.truth(2);
        self.line(format_args!("if {condition} {{"));
        self.within(1, |m| m.body(depth));
        if self.random.one_in(2) {
            self.line("} else {");
            self.within(1, |m| m.body(depth));
        }
        self.line("}");
    }

    /// What was computed goes into the result.
    pub(super) fn mix(&mut self) {
        let value = self.int(3).text;
        match self.random.below(3) {
            0 => self.line(format_args!("sum = sum *% 31 +% {value}")),
            1 => self.line(format_args!("sum ^= {value}")),
            _ => self.line(format_args!("sum +%= {value}")),
        }
    }

    fn set_int(&mut self) {
        let Some(var) = self.one_where(|scope| &scope.ints, |var| var.mutable) else { return self.let_int() };
        let (name, interval) = (&var.num.text, var.num.interval());
        match self.random.below(6) {
            0 if interval == ALL => {
                let (op, value) =
                    (*self.random.pick(&["+%=", "-%=", "*%=", "^=", "|=", "&=", "<<="]), self.int(2).text);
                self.line(format_args!("{name} {op} {value}"));
            }
            1 if interval != ALL => {
                let condition = self.truth(1);
                self.line(format_args!("if {condition} and {name} < {} {{ {name} += 1 }}", interval.1));
            }
            2 if interval != ALL => {
                self.line(format_args!("if {name} > {} {{ {name} -= 1 }}", interval.0));
            }
            _ => {
                let value = self.int_in(interval, 3).text;
                self.line(format_args!("{name} = {value}"));
            }
        }
    }

    fn set_element(&mut self) {
        let Some(array) = self.array(|_| true) else { return self.let_array() };
        let Some(at) = self.index(&array, 2) else { return self.grow() };
        let name = &array.name;
        match array.elem {
            Elem::Int(storage, interval) if interval == storage.interval() && self.random.one_in(3) => {
                let bits = ["^=", "|=", "&="];
                if storage.name == "int" {
                    let op = *self.random.pick(&["+%=", "^=", "|=", "&=", "*%=", ">>="]);
                    let value = self.int(2).text;
                    self.line(format_args!("{name}[{at}] {op} {value}"));
                } else {
                    let (op, value) =
                        (*self.random.pick(&bits), self.int_in((0, storage.most.into()), 2).text);
                    self.line(format_args!("{name}[{at}] {op} {value}"));
                }
            }
            Elem::Int(_, (_, most)) if self.random.one_in(6) => {
                let limit = if self.slips() { most + 1 } else { most };
                self.line(format_args!("if {name}[{at}] < {} {{ {name}[{at}] += 1 }}", limit.min(ALL.1)));
            }
            Elem::Float | Elem::F32 if self.random.one_in(2) => {
                let (op, value) = (*self.random.pick(&["+=", "-=", "*="]), self.float(2));
                self.line(format_args!("{name}[{at}] {op} {value}"));
            }
            elem => {
                let value = self.item(elem, 3);
                self.line(format_args!("{name}[{at}] = {value}"));
            }
        }
    }

    fn swap(&mut self) {
        let Some(array) = self.array(|_| true) else { return self.mix() };
        let (Some(a), Some(b)) = (self.index(&array, 1), self.index(&array, 1)) else { return self.grow() };
        let name = &array.name;
        if self.random.one_in(2) {
            self.line(format_args!("({name}[{a}], {name}[{b}]) = ({name}[{b}], {name}[{a}])"));
        } else {
            self.line(format_args!("{name}.swap({a}, {b})"));
        }
    }

    fn set_float(&mut self) {
        let Some((name, _)) = self.one_where(|scope| &scope.floats, |(_, mutable)| *mutable) else {
            return self.let_float();
        };
        let (op, value) = (*self.random.pick(&["=", "=", "+=", "-=", "*=", "/="]), self.float(3));
        self.line(format_args!("{name} {op} {value}"));
    }

    fn set_bool(&mut self) {
        let Some((name, _)) = self.one_where(|scope| &scope.bools, |(_, mutable)| *mutable) else {
            return self.let_bool();
        };
        let value = self.truth(3);
        self.line(format_args!("{name} = {value}"));
    }

    /// Pushes to an array that grows, or takes from it.
    fn grow(&mut self) {
        let Some(array) = self.one_where(|scope| &scope.arrays, |array| array.len.is_none()) else {
            return self.mix();
        };
        let (name, item) = (&array.name, self.item(array.elem, 2));
        match self.random.below(7) {
            0..3 => self.line(format_args!("if {name}.len() < 24 {{ {name}.push({item}) }}")),
            3 => self.line(format_args!("if let Some(x) = {name}.pop() {{ sum ^= x }}")),
            4 => self.line(format_args!("if {name}.len() > 3 {{ {name}[{name}.len() - 2] = {item} }}")),
            5 => {
                let kept = *self.random.pick(&[0, 3, 19]);
                self.line(format_args!("if {name}.len() > 20 {{ {name}.truncate({kept}) }}"));
            }
            _ => {
                let at = self.atom();
                let at = self.fit(at, (0, 1 << 30)).text;
                self.line(format_args!("if {name}.len() > 0 {{ {name}[{at} % {name}.len()] = {item} }}"));
            }
        }
    }

    fn set_map(&mut self) {
        let Some((map, texts)) = self.one(|scope| &scope.maps) else { return self.let_map() };
        let (key, value) = (self.key(texts, 1), self.int(2).text);
        match self.random.below(6) {
            0 => self.line(format_args!("{map}[{key}] = {map}.get({key}) ?? 0 +% {value}")),
            1 => self.line(format_args!("{map}.update({key}, 1, |v| v +% {value})")),
            2 => self.line(format_args!("if let Some(v) = {map}.remove({key}) {{ sum +%= v }}")),
            3 => self.line(format_args!("if {map}.contains_key({key}) {{ sum +%= {map}[{key}] }}")),
            _ => self.line(format_args!("{map}[{key}] = {value}")),
        }
    }

    fn set_cell(&mut self) {
        let Some(cell) = self.one(|scope| &scope.cells) else { return self.let_cell() };
        let place = match self.one(|scope| &scope.cell_arrays) {
            Some((name, len)) if self.random.one_in(3) => {
                format!("{name}[{}]", self.int_in((0, i128::from(len) - 1), 1).text)
            }
            _ => cell.clone(),
        };
        match self.random.below(8) {
            0 | 1 => {
                let value = self.int(3).text;
                self.line(format_args!("{place}.a = {value}"));
            }
            2 => self.line(format_args!("{place}.a +%= {}", SMALL.1)),
            3 => {
                let value = self.float(2);
                self.line(format_args!("{place}.x = {value}"));
            }
            4 => {
                let value = self.truth(2);
                self.line(format_args!("{place}.on = {value}"));
            }
            5 => {
                let link = self.link();
                self.line(format_args!("{place}.next = {link}"));
            }
            6 if !self.scope.links.is_empty() => {
                let (name, link) = (self.one(|scope| &scope.links).unwrap_or_default(), self.link());
                self.line(format_args!("{name} = {link}"));
            }
            _ => {
                let value = self.new_cell("None");
                // A loop's own is not assigned.
                let declared = cell.starts_with('c');
                self.line(if declared {
                    format!("{cell} = {value}")
                } else {
                    format!("{cell}.next = Some({value})")
                });
            }
        }
    }

    fn leave(&mut self) {
        let condition = self.truth(2);
        match self.one(|scope| &scope.labels) {
            Some(label) => {
                let word = *self.random.pick(&["break", "continue"]);
                let to = if self.random.one_in(2) { label } else { String::new() };
                self.line(format_args!("if {condition} {{ {word} {to} }}"));
            }
            None if self.random.one_in(3) => self.line(format_args!("if {condition} {{ return sum }}")),
            None => self.mix(),
        }
    }
}

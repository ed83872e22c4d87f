//! What ints come out of beside arithmetic: arrays, objects, enums, maps, closures, trait objects.

use super::items::{SMALL, formula};
use super::maker::Maker;
use super::scope::{ALL, Array, Elem, Num};

impl Maker<'_> {
    /// An array whose elements are so.
    pub(super) fn array(&mut self, suits: impl Fn(Elem) -> bool) -> Option<Array> {
        self.one_where(|scope| &scope.arrays, |array| suits(array.elem))
    }

    /// A place in an array of known length; none where that is not known.
    pub(super) fn index(&mut self, array: &Array, depth: usize) -> Option<String> {
        let len = i128::from(array.len?);
        let place = (0, len - 1);
        let vars: Vec<Num> = (self.scope.ints.iter().map(|var| &var.num))
            .filter(|num| num.hi - num.lo < len && num.lo > -len && num.hi < 2 * len)
            .cloned()
            .collect();
        let num = if vars.is_empty() || self.random.one_in(3) {
            self.int(depth.min(2))
        } else {
            let var = self.random.pick(&vars).clone();
            self.beside(var, len)
        };
        Some(self.fit(num, place).text)
    }

    /// A place beside that of a loop's variable, where it may not be one.
    fn beside(&mut self, var: Num, len: i128) -> Num {
        let text = &var.text;
        match self.random.below(8) {
            0 => Num::new(format!("({text} + 1)"), (var.lo + 1, var.hi + 1)),
            1 => Num::new(format!("({text} - 1)"), (var.lo - 1, var.hi - 1)),
            2 => Num::new(format!("(2 * {text})"), (2 * var.lo, 2 * var.hi)),
            3 if len == i128::from(self.size) => {
                Num::new(format!("(n - 1 - {text})"), (len - 1 - var.hi, len - 1 - var.lo))
            }
            4 => Num::new(format!("({text} >> 1)"), (var.lo >> 1, var.hi >> 1)),
            _ => var,
        }
    }

    /// A value for an element.
    pub(super) fn item(&mut self, elem: Elem, depth: usize) -> String {
        match elem {
            Elem::Float => self.float(depth),
            Elem::F32 => format!("f32({})", self.float(depth)),
            Elem::Bool => self.truth(depth),
            Elem::Int(storage, interval) if storage.name == "int" => self.int_in(interval, depth).text,
            Elem::Int(storage, interval) => {
                if interval == storage.interval() && self.random.one_in(2) {
                    return format!("{}.wrap({})", storage.name, self.int(depth).text);
                }
                let value = self.int_in(interval, depth).text;
                format!("{}({value})", storage.name)
            }
        }
    }

    /// The type of an element.
    pub(super) fn item_type(elem: Elem) -> &'static str {
        match elem {
            Elem::Int(storage, _) => storage.name,
            Elem::Float => "float",
            Elem::F32 => "f32",
            Elem::Bool => "bool",
        }
    }

    pub(super) fn field(&mut self, depth: usize) -> Option<Num> {
        if self.random.one_in(3)
            && let Some((name, len)) = self.one(|scope| &scope.cell_arrays)
        {
            let at = self.int_in((0, i128::from(len) - 1), depth.min(1)).text;
            return Some(Num::new(format!("{name}[{at}].a"), ALL));
        }
        if self.random.one_in(3)
            && let Some(link) = self.one(|scope| &scope.links)
        {
            return Some(match self.random.below(3) {
                0 => Num::new(format!("({link}?.a ?? {})", self.random.below(9)), ALL),
                1 => Num::new(format!("(match {link} {{ Some(c) => c.a, None => -1 }})"), ALL),
                _ => Num::new(format!("(if let Some(c) = {link} {{ c.a & 63 }} else {{ 5 }})"), (0, 63)),
            });
        }
        let cell = self.one(|scope| &scope.cells)?;
        Some(match self.random.below(4) {
            0 => Num::new(format!("{cell}.b"), ALL),
            1 => Num::new(format!("({cell}.next?.a ?? -5)"), ALL),
            _ => Num::new(format!("{cell}.a"), ALL),
        })
    }

    pub(super) fn called(&mut self, depth: usize) -> Option<Num> {
        let x = self.int_in(SMALL, depth.min(1)).text;
        if self.random.one_in(3)
            && let Some((name, len, call)) = self.one(|scope| &scope.callable_arrays)
        {
            let at = self.int_in((0, i128::from(len) - 1), depth.min(1)).text;
            let call = call.replace('§', &format!("{name}[{at}]"));
            return Some(Num::new(format!("{call}({x})"), SMALL));
        }
        if self.random.one_in(2)
            && let Some(name) = self.one(|scope| &scope.callables)
        {
            return Some(Num::new(format!("{name}({x})"), SMALL));
        }
        if self.items.callees.is_empty() {
            return None;
        }
        let items = self.items;
        let callee = self.random.pick(&items.callees);
        let args: Vec<String> =
            callee.params.iter().map(|interval| self.int_in(*interval, depth.min(1)).text).collect();
        Some(Num::new(format!("{}({})", callee.name, args.join(", ")), callee.gives))
    }

    pub(super) fn looked_up(&mut self, depth: usize) -> Option<Num> {
        let (map, texts) = self.one(|scope| &scope.maps)?;
        let key = self.key(texts, depth);
        Some(match self.random.below(3) {
            0 => Num::new(format!("{map}.len()"), (0, 1 << 20)),
            1 => Num::new(
                format!("(if let Some(v) = {map}.get({key}) {{ v & 4095 }} else {{ -2 }})"),
                (-2, 4095),
            ),
            _ => Num::new(format!("({map}.get({key}) ?? {})", self.random.below(9)), ALL),
        })
    }

    /// A key of a map; there are few.
    pub(super) fn key(&mut self, texts: bool, depth: usize) -> String {
        let num = self.int_in((-3, 12), depth.min(1)).text;
        match texts {
            true if self.random.one_in(2) => self.text(1).0,
            true => format!("\"k${{{num}}}\""),
            false => num,
        }
    }

    /// A value of the enum.
    pub(super) fn sign(&mut self, depth: usize) -> String {
        match self.random.below(6) {
            0 => "Sign.Stop".to_owned(),
            1 | 2 => format!("Sign.One({})", self.int_in(SMALL, depth).text),
            3 => format!("Sign.Both({}, b: {})", self.atom().text, self.int(depth).text),
            4 => format!("Sign.Wide(Pair({}, {}))", self.int(depth).text, self.float(depth)),
            _ => format!("Sign.Text({})", self.text(1).0),
        }
    }

    /// What a value of the enum weighs, whether that is looked up or made for it.
    pub(super) fn evaluated(&mut self) -> Option<Num> {
        let sign = match self.one(|scope| &scope.enums) {
            Some(name) if !self.random.one_in(3) => name,
            _ => self.sign(1),
        };
        Some(match self.random.below(3) {
            0 => Num::new(format!("(match {sign} {{ One(i) => i, Both(_, b) => b & 31, _ => 0 }})"), SMALL),
            1 => Num::new(format!("(if let Sign.One(i) = {sign} {{ i }} else {{ 9 }})"), SMALL),
            _ => Num::new(format!("weigh({sign})"), (-1_000_000, 1_000_000)),
        })
    }

    /// A new trait object.
    pub(super) fn step_object(&mut self) -> String {
        let number = self.random.below(self.items.steps);
        let k = self.random.below(30) as i64 - 5;
        format!("S{number}({k}, {})", self.random.below(4))
    }

    /// A closure that takes and gives a small int.
    pub(super) fn closure(&mut self) -> String {
        let captured = self.atom();
        let captured = self.fit(captured, SMALL).text;
        let body = formula(self.random, "x");
        let counts: Vec<String> = (self.scope.ints.iter())
            .filter(|var| var.mutable && var.num.interval() == ALL)
            .map(|var| var.num.text.clone())
            .collect();
        if self.random.one_in(4) && !counts.is_empty() {
            let counted = self.random.pick(&counts).clone();
            return format!("|x: int| {{ {counted} = {counted} +% x; {body} }}");
        }
        match self.random.below(3) {
            0 => format!("|x: int| ({body} + {captured}) % 1000"),
            1 => format!("|x: int| if x < {captured} {{ {body} }} else {{ x & 255 }}"),
            _ => format!("|x: int| {body}"),
        }
    }
}

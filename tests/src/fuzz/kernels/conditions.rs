//! Conditions.

use super::maker::Maker;
use super::scope::Elem;

const COMPARISONS: [&str; 6] = ["==", "!=", "<", "<=", ">", ">="];

impl Maker<'_> {
    /// A condition, in brackets or a name.
    pub(super) fn truth(&mut self, depth: usize) -> String {
        let inner = depth.saturating_sub(1);
        match self.random.below(if depth == 0 { 5 } else { 13 }) {
            0 => self.bool_atom(),
            1 | 2 => {
                let (a, b) = (self.atom().text, self.atom().text);
                self.compared(&a, &b)
            }
            3 => {
                let a = self.atom().text;
                let b = self.random.below(16).to_string();
                self.compared(&a, &b)
            }
            4 => self.bit_test(inner),
            5 | 6 => {
                let (a, b) = (self.int(inner).text, self.int(inner).text);
                self.compared(&a, &b)
            }
            7 => {
                let (a, b) = (self.float(inner), self.float(inner));
                self.compared(&a, &b)
            }
            8 => format!("(not {})", self.truth(inner)),
            9 => format!("({} and {})", self.truth(inner), self.truth(inner)),
            10 => format!("({} or {})", self.truth(inner), self.truth(inner)),
            11 => self.flag().unwrap_or_else(|| self.bool_atom()),
            _ => self.text_compared().unwrap_or_else(|| self.bool_atom()),
        }
    }

    fn compared(&mut self, a: &str, b: &str) -> String {
        format!("({a} {} {b})", self.random.pick(&COMPARISONS))
    }

    fn bool_atom(&mut self) -> String {
        match self.one(|scope| &scope.bools) {
            Some((name, _)) => name,
            None if self.random.one_in(6) => self.random.one_in(2).to_string(),
            None => {
                let (a, b) = (self.atom().text, self.atom().text);
                self.compared(&a, &b)
            }
        }
    }

    fn bit_test(&mut self, depth: usize) -> String {
        let num = self.int(depth).text;
        match self.random.below(4) {
            0 => format!("({num} & (1 << {}) != 0)", self.atom().text),
            1 => format!("({num} & {} == 0)", 1u64 << self.random.below(10)),
            2 => format!("(({num} >> {}) & 1 == 1)", self.atom().text),
            _ => format!("({num} % {} == 0)", 1 + self.random.below(8)),
        }
    }

    fn flag(&mut self) -> Option<String> {
        let array = self.array(|elem| elem == Elem::Bool)?;
        let at = self.index(&array, 1)?;
        Some(format!("{}[{at}]", array.name))
    }
}

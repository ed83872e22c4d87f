//! Expressions of floats: what is no number, has no end, or is a zero with a sign is among them.

use super::maker::Maker;
use super::scope::Elem;

impl Maker<'_> {
    /// A float, in brackets or a name.
    pub(super) fn float(&mut self, depth: usize) -> String {
        if depth == 0 || self.random.one_in(5) {
            return self.float_atom();
        }
        let inner = depth - 1;
        match self.random.below(12) {
            0..5 => {
                let op = *self.random.pick(&["+", "-", "*", "/", "*", "+", "%"]);
                format!("({} {op} {})", self.float(inner), self.float(inner))
            }
            5 => format!(
                "({} * {})",
                self.float(inner),
                self.random.pick(&["2.0", "0.5", "1.0", "-1.0", "0.0"])
            ),
            6 => format!(
                "({} / {})",
                self.float(inner),
                self.random.pick(&["2.0", "4.0", "0.25", "3.0", "1e300"])
            ),
            7 => format!("float({})", self.int(inner).text),
            8 => {
                let name = *self.random.pick(&["min", "max"]);
                format!("{name}({}, {})", self.float(inner), self.float(inner))
            }
            9 => {
                let name = *self.random.pick(&["abs", "sqrt", "floor", "ceil", "trunc", "round"]);
                format!("({}).{name}()", self.float(inner))
            }
            10 => {
                let condition = self.truth(inner);
                format!("(if {condition} {{ {} }} else {{ {} }})", self.float(inner), self.float(inner))
            }
            _ => self.float_element(inner).unwrap_or_else(|| self.float_atom()),
        }
    }

    fn float_atom(&mut self) -> String {
        match self.one(|scope| &scope.floats) {
            Some((name, _)) if !self.random.one_in(4) => name,
            _ => self.float_literal(),
        }
    }

    pub(super) fn float_literal(&mut self) -> String {
        const ODD: [&str; 8] =
            ["float.NAN", "float.INF", "(-float.INF)", "(-0.0)", "0.0", "1e308", "5e-324", "9.3e18"];
        if self.random.one_in(6) {
            return (*self.random.pick(&ODD)).to_owned();
        }
        format!("({:?})", (self.random.below(81) as f64 - 40.0) / 8.0)
    }

    fn float_element(&mut self, depth: usize) -> Option<String> {
        if self.random.one_in(3)
            && let Some(cell) = self.one(|scope| &scope.cells)
        {
            return Some(format!("{cell}.x"));
        }
        if self.random.one_in(3)
            && let Some(pair) = self.one(|scope| &scope.pairs)
        {
            return Some(format!("{pair}.right"));
        }
        let array = self.array(|elem| matches!(elem, Elem::Float | Elem::F32))?;
        let at = self.index(&array, depth)?;
        Some(format!("{}[{at}]", array.name))
    }
}

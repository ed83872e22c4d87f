//! Strings, all of ASCII: indexed by byte, sliced, compared, built and taken apart.

use super::maker::Maker;
use super::scope::Num;

/// The most bytes of a string that is built.
const MOST: i64 = 40;

impl Maker<'_> {
    /// A string, and the least length that it has.
    pub(super) fn text(&mut self, depth: usize) -> (String, i64) {
        let inner = depth.saturating_sub(1);
        match self.random.below(if depth == 0 { 4 } else { 9 }) {
            0 => self.text_literal(),
            1..4 => match self.one(|scope| &scope.texts) {
                Some((name, least, _)) => (name, least),
                None => self.text_literal(),
            },
            4 => (format!("\"<${{{}}}>\"", self.atom().text), 3),
            5 => {
                let (text, _) = self.text_literal();
                let (other, least) = self.text_atom();
                (format!("({text} + {other})"), least + 1)
            }
            6 => {
                let (text, least) = self.text_atom();
                let at = self.int_in((0, least.into()), inner).text;
                if self.random.one_in(2) {
                    (format!("{text}[{at}..]"), 0)
                } else {
                    (format!("{text}[..{at}]"), 0)
                }
            }
            7 => {
                let condition = self.truth(inner);
                let ((a, least), (b, other)) = (self.text_atom(), self.text_atom());
                (format!("(if {condition} {{ {a} }} else {{ {b} }})"), least.min(other))
            }
            _ => {
                let num = self.int_in((0, 9), inner).text;
                (format!("str({num})"), 1)
            }
        }
    }

    fn text_atom(&mut self) -> (String, i64) {
        self.text(0)
    }

    pub(super) fn text_literal(&mut self) -> (String, i64) {
        let len = 1 + self.random.below(12);
        let text: String = (0..len).map(|_| char::from(b'a' + self.random.below(6) as u8)).collect();
        (format!("\"{text}\""), len as i64)
    }

    /// An int that a string gives.
    pub(super) fn of_text(&mut self, depth: usize) -> Option<Num> {
        let (name, least, _) = self.one(|scope| &scope.texts)?;
        Some(match self.random.below(4) {
            0 => Num::new(format!("{name}.len()"), (0, 1 << 20)),
            1 => {
                let (part, _) = self.text_literal();
                Num::new(format!("({name}.find({part}) ?? -1)"), (-1, 1 << 20))
            }
            _ if least == 0 => return None,
            _ => {
                let at = self.int_in((0, i128::from(least) - 1), depth).text;
                Num::new(format!("{name}.byte_at({at})"), (0, 255))
            }
        })
    }

    pub(super) fn text_compared(&mut self) -> Option<String> {
        let (name, ..) = self.one(|scope| &scope.texts)?;
        let (other, _) = self.text(1);
        let op = *self.random.pick(&["==", "!=", "<", ">="]);
        Some(format!("({name} {op} {other})"))
    }

    pub(super) fn let_text(&mut self) {
        let ((text, least), name) = (self.text(1), self.fresh("s"));
        if self.random.one_in(2) {
            self.line(format_args!("let {name} = {text}"));
            self.scope.texts.push((name, least, false));
        } else {
            self.line(format_args!("var {name} = {text}"));
            self.scope.texts.push((name, 0, true));
        }
    }

    /// A string is changed, but does not grow without end.
    pub(super) fn set_text(&mut self) {
        let Some((name, ..)) = self.one_where(|scope| &scope.texts, |(_, _, mutable)| *mutable) else {
            return self.let_text();
        };
        let (more, _) = self.text(2);
        match self.random.below(3) {
            0 => self.line(format_args!("{name} = if {more}.len() > {MOST} {{ \"\" }} else {{ {more} }}")),
            1 => {
                let kept = 1 + self.random.below(20);
                self.line(format_args!("{name} += {more}"));
                self.line(format_args!(
                    "if {name}.len() > {MOST} {{ {name} = {name}[{name}.len() - {kept}..] }}"
                ));
            }
            _ => self
                .line(format_args!("if {name}.len() + {more}.len() < {MOST} {{ {name} = {name} + {more} }}")),
        }
    }

    /// Goes over a string by its bytes, as a parser does.
    pub(super) fn over_text(&mut self, depth: usize) {
        let Some((name, least, _)) = self.one(|scope| &scope.texts) else { return self.let_text() };
        let turns = MOST * 2;
        if !self.affords(turns) {
            return self.set_text();
        }
        let (at, byte) = (self.fresh("p"), self.fresh("b"));
        if self.random.one_in(2) && least > 0 {
            return self.block(format_args!("for {byte} in {name}.bytes() {{"), turns, |m| {
                m.bind(&byte, (0, 255), false);
                m.body(depth);
            });
        }
        let text = self.fresh("t");
        self.line(format_args!("let {text} = {name}"));
        self.line(format_args!("var {at} = 0"));
        self.block(format_args!("while {at} < {text}.len() {{"), turns, |m| {
            m.line(format_args!("let {byte} = {text}.byte_at({at})"));
            m.line(format_args!("{at} += 1"));
            m.bind(&byte, (0, 255), false);
            m.bind(&at, (0, 1 << 20), false);
            m.body(depth);
        });
    }
}

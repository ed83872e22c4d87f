//! The tree as text: nested lists in parentheses, for `langc --emit=ast` and for tests.
//!
//! A list begins with a word that says what it is, or with an operator. It stands on one line when
//! it fits, and otherwise with its parts indented below it.

mod expr;
mod item;
mod simple;

use super::{Module, Name, Names};

/// The longest line, but for a single word.
const WIDTH: usize = 100;

/// Deeper lists are indented no further, so that the text grows no faster than the tree.
const MAX_INDENT: usize = 60;

/// The text form of a file.
pub fn dump(module: &Module, names: &Names) -> String {
    let printer = Printer { names };
    let mut out = String::new();
    for stmt in &module.stmts {
        printer.stmt(stmt).write(&mut out, 0);
        out.push('\n');
    }
    out
}

/// Turns nodes of the tree into lists.
struct Printer<'a> {
    names: &'a Names,
}

impl Printer<'_> {
    fn text(&self, name: Name) -> &str {
        self.names.text(name)
    }

    fn word(&self, name: Name) -> List {
        List::word(self.text(name))
    }

    /// A string as it could be written in the source.
    fn quoted(&self, name: Name) -> List {
        List::Word(format!("{:?}", self.text(name)))
    }
}

/// A word, or a list of lists.
enum List {
    Word(String),
    List(Vec<List>),
}

impl List {
    fn word(text: impl Into<String>) -> List {
        List::Word(text.into())
    }

    /// A list that begins with a word.
    fn of(head: impl Into<String>, rest: impl IntoIterator<Item = List>) -> List {
        let mut parts = vec![List::word(head)];
        parts.extend(rest);
        List::List(parts)
    }

    /// The list with one more part.
    fn and(mut self, part: List) -> List {
        if let List::List(parts) = &mut self {
            parts.push(part);
        }
        self
    }

    /// The list with one more part if there is one.
    fn and_maybe(self, part: Option<List>) -> List {
        match part {
            Some(part) => self.and(part),
            None => self,
        }
    }

    /// The list with more parts.
    fn and_all(mut self, more: impl IntoIterator<Item = List>) -> List {
        if let List::List(parts) = &mut self {
            parts.extend(more);
        }
        self
    }

    fn write(&self, out: &mut String, indent: usize) {
        let start = out.len();
        if self.write_flat(out, start + WIDTH.saturating_sub(indent)) {
            return;
        }
        out.truncate(start);
        let List::List(parts) = self else { return };
        out.push('(');
        // The words at the start stay on the first line.
        let first = parts.iter().take_while(|part| matches!(part, List::Word(_))).count().clamp(1, 2);
        for (number, part) in parts.iter().enumerate() {
            if number >= first {
                out.push('\n');
                out.extend(std::iter::repeat_n(' ', indent + 2));
            } else if number > 0 {
                out.push(' ');
            }
            part.write(out, (indent + 2).min(MAX_INDENT));
        }
        out.push(')');
    }

    /// Writes everything on one line; gives up at `limit`.
    fn write_flat(&self, out: &mut String, limit: usize) -> bool {
        match self {
            List::Word(text) => {
                out.push_str(text);
                true
            }
            List::List(parts) => {
                out.push('(');
                for (number, part) in parts.iter().enumerate() {
                    if number > 0 {
                        out.push(' ');
                    }
                    if !part.write_flat(out, limit) || out.len() > limit {
                        return false;
                    }
                }
                out.push(')');
                true
            }
        }
    }
}

//! The names that a text declares, found before anything is assembled, so that code may name what comes later.

use std::collections::HashMap;

/// What may be named, with the sigil of its references.
const KINDS: [(&str, char); 6] =
    [("fn", '@'), ("type", '#'), ("global", '$'), ("native", '!'), ("method", '^'), ("cfunction", '%')];

/// The index of each name.
#[derive(Default)]
pub(super) struct Symbols<'t> {
    indices: HashMap<(char, &'t str), u32>,
    /// How many natives are declared: those that code names without a declaration come after them.
    pub(super) natives: u32,
    /// Whether `str` is type 0 without being declared.
    pub(super) implicit_str: bool,
}

impl<'t> Symbols<'t> {
    /// The names of a text, whether its lines are right or not.
    pub(super) fn find(text: &'t str) -> Symbols<'t> {
        let mut symbols = Symbols { implicit_str: true, ..Symbols::default() };
        let mut counts = [0u32; KINDS.len()];
        let mut types_begun = false;
        let mut in_function = false;
        for line in text.lines().map(str::trim_start) {
            let (word, rest) = line.split_at(word_length(line));
            if in_function {
                in_function = word != "end" && !line.starts_with('}');
                continue;
            }
            let Some(kind) = KINDS.iter().position(|(keyword, _)| *keyword == word) else { continue };
            in_function = word == "fn";
            let (name, numbered) = declared_name(rest.trim_start());
            if word == "type" && !types_begun {
                symbols.implicit_str = !numbered;
                counts[kind] = u32::from(!numbered);
                types_begun = true;
            }
            symbols.indices.entry((KINDS[kind].1, name)).or_insert(counts[kind]);
            counts[kind] += 1;
        }
        symbols.natives = counts[3];
        if symbols.implicit_str {
            symbols.indices.insert(('#', "str"), 0);
        }
        symbols
    }

    /// The index of the first such thing with this name.
    pub(super) fn get(&self, sigil: &str, name: &str) -> Option<u32> {
        self.indices.get(&(sigil.chars().next()?, name)).copied()
    }
}

/// How many bytes the word at the start of a text takes.
pub(super) fn word_length(text: &str) -> usize {
    text.find(|char: char| !(char.is_ascii_alphanumeric() || char == '_' || char == '.'))
        .unwrap_or(text.len())
}

/// The name in `add(` or in `@0 = "add"`, and whether it is the second form.
fn declared_name(rest: &str) -> (&str, bool) {
    if rest.starts_with(['@', '#', '$', '!', '^']) {
        let quoted = rest.split_once('=').and_then(|(_, value)| value.trim_start().strip_prefix('"'));
        return (quoted.and_then(|text| text.split('"').next()).unwrap_or(""), true);
    }
    (&rest[..word_length(rest)], false)
}

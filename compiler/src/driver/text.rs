//! The syntax tree as text, for `--emit=ast`.

use crate::ast::{Module, Names};

/// What `Debug` prints for a name, up to its number.
const NAME: &str = "Name(";

/// The tree as `Debug` prints it, with the names' texts in place of their numbers. Places are
/// positions among all files.
pub(super) fn ast_text(module: &Module, names: &Names) -> String {
    let raw = format!("{module:#?}\n");
    let (mut text, mut rest) = (String::with_capacity(raw.len()), raw.as_str());
    while let Some(start) = rest.find(NAME) {
        let (before, after) = rest.split_at(start);
        text.push_str(before);
        let digits = after[NAME.len()..].split(')').next().unwrap_or_default();
        match digits.parse().ok().and_then(|number| names.get(number)) {
            Some(name) => {
                text.push_str(&format!("{:?}", names.text(name)));
                rest = &after[NAME.len() + digits.len() + 1..];
            }
            None => {
                text.push_str(NAME);
                rest = &after[NAME.len()..];
            }
        }
    }
    text.push_str(rest);
    text
}

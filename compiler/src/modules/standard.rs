//! The standard library's sources, which are part of the compiler.

mod sources {
    include!(concat!(env!("OUT_DIR"), "/standard.rs"));
}

/// The files of the prelude, by name and text, sorted by name.
pub(super) fn prelude() -> &'static [(&'static str, &'static str)] {
    sources::PRELUDE
}

/// The text of a standard module, by its dotted name without `std.`.
pub(super) fn module(name: &str) -> Option<&'static str> {
    let index = sources::MODULES.binary_search_by(|(known, _)| known.cmp(&name)).ok()?;
    Some(sources::MODULES[index].1)
}

/// The text of a standard module, by its dotted name without `std.`; empty where there is none.
pub fn standard_source(name: &str) -> &'static str {
    module(name).unwrap_or("")
}

/// The names of all standard modules, sorted.
pub fn module_names() -> impl Iterator<Item = &'static str> {
    sources::MODULES.iter().map(|(name, _)| *name)
}

/// What the paths of standard sources begin with; no file of a program's own is named so.
const ROOT: &str = "<std>/";

/// How a standard source is named in errors: `math` is `<std>/math.lang`.
pub(super) fn path(name: &str) -> String {
    format!("{ROOT}{}.lang", name.replace('.', "/"))
}

/// Whether a path is that of a standard source.
pub fn is_standard(path: &str) -> bool {
    path.starts_with(ROOT)
}

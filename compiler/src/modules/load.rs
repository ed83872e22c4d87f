//! Reads and parses the files of a program.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::{Module, ModuleId, Modules, Role, standard};
use crate::ast::{self, Import, Item, Names, StmtKind};
use crate::diagnostics::{Diagnostic, Sink, codes};
use crate::parser::{Parsed, parse};
use crate::source::{FileId, FileSystem, SourceMap, Span};

/// Where modules are looked for.
#[derive(Clone, Copy)]
pub struct Search<'a> {
    /// What reads the files.
    pub files: &'a dyn FileSystem,
    /// Folders with libraries, searched in this order behind the entry file's own folder.
    pub libraries: &'a [String],
    /// What was entered before the entry file, in a session.
    pub past: &'a [String],
}

impl<'a> Search<'a> {
    /// In the entry file's folder alone.
    pub fn beside_entry(files: &'a dyn FileSystem) -> Search<'a> {
        Search { files, libraries: &[], past: &[] }
    }
}

/// Loads the prelude, the entry file and everything that it imports. What cannot be read or found is
/// reported and left out.
pub fn load(
    search: Search<'_>,
    entry: &str,
    map: &mut SourceMap,
    names: &mut Names,
    sink: &mut Sink,
) -> Modules {
    let beside = entry.rfind('/').map_or("", |slash| &entry[..=slash]);
    let libraries = search.libraries.iter().map(|folder| format!("{}/", folder.trim_end_matches('/')));
    let folders = std::iter::once(beside.to_string()).chain(libraries).collect();
    let files = search.files;
    let mut loader =
        Loader { files, folders, map, names, sink, known: FxHashMap::default(), list: Vec::new() };
    for (name, text) in standard::prelude() {
        loader.add_standard(name, text, Role::Prelude);
    }
    for path in search.past {
        loader.add_file(entry_name(path), path, Role::Past, Span::default());
    }
    let roots = loader.list.len() + 1;
    loader.add_file(entry_name(entry), entry, Role::Entry, Span::default());
    let mut next = 0;
    while next < loader.list.len() {
        loader.follow_imports(next);
        next += 1;
    }
    let list = loader.list;
    let initialization = initialization(&list, roots);
    Modules { list, initialization }
}

fn entry_name(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.strip_suffix(".lang").unwrap_or(name).to_string()
}

struct Loader<'a> {
    files: &'a dyn FileSystem,
    /// Where the program's modules may be, each with a slash at its end unless empty.
    folders: Vec<String>,
    map: &'a mut SourceMap,
    names: &'a mut Names,
    sink: &'a mut Sink,
    /// What became of every path that was asked for.
    known: FxHashMap<String, Option<ModuleId>>,
    list: Vec<Module>,
}

impl Loader<'_> {
    fn follow_imports(&mut self, index: usize) {
        let paths: Vec<(String, Span)> = imports(&self.list[index].ast)
            .map(|import| {
                let parts: Vec<&str> = import.path.iter().map(|part| self.names.text(part.name)).collect();
                let place = import.path.iter().map(|part| part.span).reduce(Span::to);
                (parts.join("."), place.unwrap_or(import.span))
            })
            .collect();
        let standard = matches!(self.list[index].role, Role::Prelude | Role::Standard);
        let found = paths.iter().map(|(name, place)| self.find(name, *place, standard)).collect();
        self.list[index].imports = found;
    }

    /// The module of an import; the standard library itself imports nothing of the program's.
    fn find(&mut self, name: &str, place: Span, from_standard: bool) -> Option<ModuleId> {
        let (standard_name, always) = match name.strip_prefix("std.") {
            Some(rest) => (rest, true),
            None => (name, from_standard),
        };
        let folders = if always { 0 } else { self.folders.len() };
        for folder in 0..folders {
            let path = format!("{}{}.lang", self.folders[folder], name.replace('.', "/"));
            if let Some(known) = self.known.get(&path) {
                return *known;
            }
            if self.files.exists(&path) {
                return self.add_file(name.to_string(), &path, Role::Local, place);
            }
        }
        if let Some(known) = self.known.get(&standard::path(standard_name)) {
            return *known;
        }
        match standard::module(standard_name) {
            Some(text) => self.add_standard(standard_name, text, Role::Standard),
            None => {
                self.sink.push(self.unknown_module(name, standard_name, place));
                None
            }
        }
    }

    fn unknown_module(&self, name: &str, standard_name: &str, place: Span) -> Diagnostic {
        let file = format!("{}.lang", name.replace('.', "/"));
        let paths: Vec<String> = self.folders.iter().map(|folder| format!("`{folder}{file}`")).collect();
        let note = match paths.as_slice() {
            [path] => format!("neither the file {path} nor the standard library has it"),
            paths => format!("there is no file {}, and the standard library has none", paths.join(" or ")),
        };
        let diagnostic =
            Diagnostic::new(codes::UNKNOWN_MODULE, place, format!("there is no module `{name}`"))
                .label("not found")
                .note(note);
        if let Some((module, last)) = name.rsplit_once('.')
            && last.starts_with(char::is_uppercase)
        {
            let names = format!("{module}.{{{last}}}");
            return diagnostic.suggest(place, names, "a name out of a module stands in braces");
        }
        match crate::diagnostics::similar(standard_name, standard::module_names()) {
            Some(close) => diagnostic.maybe(place, close, format!("there is a standard module `{close}`")),
            None => diagnostic,
        }
    }

    fn add_standard(&mut self, name: &str, text: &str, role: Role) -> Option<ModuleId> {
        self.add(format!("std.{name}"), &standard::path(name), text.to_string(), role)
    }

    /// Reads a file; `place` is the import that asks for it.
    fn add_file(&mut self, name: String, path: &str, role: Role, place: Span) -> Option<ModuleId> {
        let text = match self.files.read(path) {
            Ok(bytes) => self.decode(path, bytes),
            Err(error) => {
                let message = format!("cannot read `{path}`: {}", reason(&error));
                self.sink.push(Diagnostic::new(codes::UNREADABLE_FILE, place, message));
                None
            }
        };
        match text {
            Some(text) => self.add(name, path, text, role),
            None => {
                self.known.insert(path.to_string(), None);
                None
            }
        }
    }

    /// The text of a file's bytes. Where they are not UTF-8, the report shows them as far as they are.
    fn decode(&mut self, path: &str, bytes: Vec<u8>) -> Option<String> {
        let error = match String::from_utf8(bytes) {
            Ok(text) => return Some(text),
            Err(error) => error,
        };
        let offset = error.utf8_error().valid_up_to();
        let bytes = error.into_bytes();
        let shown = String::from_utf8_lossy(&bytes).into_owned();
        let message = format!(
            "`{path}` is not UTF-8: the byte 0x{:02x} at offset {offset} begins no character",
            bytes[offset]
        );
        let place = match self.map.add(path, shown) {
            Ok(file) => {
                let file = self.map.file(file);
                let at = file.base() + (offset - (file.disk_offset(file.base()))) as u32;
                Span::new(at, at + char::REPLACEMENT_CHARACTER.len_utf8() as u32)
            }
            Err(_) => Span::default(),
        };
        self.sink.push(Diagnostic::new(codes::NOT_UTF8, place, message).label("not UTF-8"));
        None
    }

    fn add(&mut self, name: String, path: &str, text: String, role: Role) -> Option<ModuleId> {
        let module = match self.map.add(path, text) {
            Ok(file) => Some(self.parse_file(name, role, file)),
            Err(_) => {
                let message = format!("the source text up to `{path}` is longer than 2 GiB");
                self.sink.push(Diagnostic::new(codes::SOURCE_TOO_LARGE, Span::default(), message));
                None
            }
        };
        self.known.insert(path.to_string(), module);
        module
    }

    fn parse_file(&mut self, name: String, role: Role, file: FileId) -> ModuleId {
        let source = Arc::clone(self.map.file(file));
        let Parsed { ast, diagnostics } = parse(&source, self.names);
        self.sink.extend(diagnostics);
        self.list.push(Module { name, role, file, source, ast, imports: Vec::new() });
        ModuleId(self.list.len() as u32 - 1)
    }
}

/// What the operating system said, without its number.
fn reason(error: &std::io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_string()
}

/// The imports of a file, in order.
fn imports(ast: &ast::Module) -> impl Iterator<Item = &Import> {
    ast.stmts.iter().filter_map(|stmt| match &stmt.kind {
        StmtKind::Item(Item::Import(import)) => Some(&**import),
        _ => None,
    })
}

/// Depth first from each of the first files, which are the prelude's and what was entered, a module after its imports.
fn initialization(list: &[Module], roots: usize) -> Vec<ModuleId> {
    let mut order = Vec::with_capacity(list.len());
    let mut entered = vec![false; list.len()];
    for root in 0..list.len().min(roots) {
        // Each pending module with the number of its next import.
        let mut pending = Vec::new();
        if !std::mem::replace(&mut entered[root], true) {
            pending.push((root, 0));
        }
        while let Some((index, next)) = pending.pop() {
            let Some(import) = list[index].imports.get(next) else {
                order.push(ModuleId(index as u32));
                continue;
            };
            pending.push((index, next + 1));
            if let Some(ModuleId(id)) = *import
                && !std::mem::replace(&mut entered[id as usize], true)
            {
                pending.push((id as usize, 0));
            }
        }
    }
    order
}

#[cfg(test)]
mod tests {
    use super::{Search, load};
    use crate::ast::Names;
    use crate::diagnostics::Sink;
    use crate::modules::{Modules, Role};
    use crate::source::{Memory, SourceMap};

    fn loaded(files: &Memory<'_>, entry: &str) -> (Modules, Vec<String>) {
        let (mut map, mut names, mut sink) = (SourceMap::new(), Names::new(), Sink::new());
        let modules = load(Search::beside_entry(files), entry, &mut map, &mut names, &mut sink);
        let said = sink.finish().into_iter().map(|d| format!("{}: {}", d.code, d.message)).collect();
        (modules, said)
    }

    /// The program's own modules in the order of their initialisation.
    fn order(modules: &Modules) -> Vec<&str> {
        let all = modules.initialization.iter().map(|&id| modules.get(id));
        all.filter(|module| matches!(module.role, Role::Entry | Role::Local))
            .map(|m| m.name.as_str())
            .collect()
    }

    #[test]
    fn imports_are_found_beside_the_entry_and_initialised_depth_first() {
        let files = Memory::new()
            .with("dir/main.lang", "import b\nimport util.a\nimport b\n")
            .with("dir/b.lang", "import util.a\nimport main\n")
            .with("dir/util/a.lang", "import b\n");
        let (modules, said) = loaded(&files, "dir/main.lang");
        assert_eq!(said, [""; 0]);
        assert_eq!(order(&modules), ["util.a", "b", "main"]);
        let entry = modules.entry().unwrap();
        assert_eq!(entry.imports.len(), 3);
        assert_eq!(entry.imports[0], entry.imports[2]);
    }

    #[test]
    fn libraries_come_behind_the_files_beside_the_entry() {
        let files = Memory::new()
            .with("main.lang", "import a\nimport b\nimport math\n")
            .with("a.lang", "")
            .with("lib/a.lang", "import missing\n")
            .with("lib/b.lang", "import c.d\n")
            .with("more/c/d.lang", "");
        let (mut map, mut names, mut sink) = (SourceMap::new(), Names::new(), Sink::new());
        let libraries = ["lib".to_string(), "more/".to_string()];
        let search = Search { files: &files, libraries: &libraries, past: &[] };
        let modules = load(search, "main.lang", &mut map, &mut names, &mut sink);
        assert_eq!(sink.finish().len(), 0);
        assert_eq!(order(&modules), ["a", "c.d", "b", "main"]);
    }

    #[test]
    fn what_is_missing_or_broken_is_reported_at_its_import() {
        let files = Memory::new().with("main.lang", "import a\nimport b\nimport b\nimport std.c\n");
        let (_, said) = loaded(&files.with("b.lang", *b"let x = \xe9\n"), "main.lang");
        assert_eq!(
            said,
            [
                "E0312: there is no module `a`",
                "E0312: there is no module `std.c`",
                "E0002: `b.lang` is not UTF-8: the byte 0xe9 at offset 8 begins no character",
            ]
        );
        let (modules, said) = loaded(&Memory::new(), "main.lang");
        assert_eq!(said, ["E0001: cannot read `main.lang`: entity not found"]);
        assert!(modules.entry().is_none());
    }
}

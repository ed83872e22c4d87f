//! Brings the names of imports into the files' scopes.

use std::cell::Cell;

use super::{Declarations, Def, Entry};
use crate::ast::{Ident, Import, ImportWhat, Item, Name, Names, StmtKind};
use crate::diagnostics::{Diagnostic, Sink, codes, similar};
use crate::modules::{ModuleId, Modules};

/// Enters what every import of every file brings in.
pub(super) fn import_names(modules: &Modules, names: &Names, out: &mut Declarations<'_>, sink: &mut Sink) {
    for (index, module) in modules.list.iter().enumerate() {
        let imports = module.ast.stmts.iter().filter_map(|stmt| match &stmt.kind {
            StmtKind::Item(Item::Import(import)) => Some(&**import),
            _ => None,
        });
        for (import, target) in imports.zip(&module.imports) {
            bring_in(ModuleId(index as u32), import, *target, names, out, sink);
        }
    }
}

fn bring_in(
    module: ModuleId,
    import: &Import,
    target: Option<ModuleId>,
    names: &Names,
    out: &mut Declarations<'_>,
    sink: &mut Sink,
) {
    let whole = target.map_or(Def::Broken, Def::Module);
    match &import.what {
        ImportWhat::Module => {
            if let Some(last) = import.path.last() {
                enter(module, *last, whole, names, out, sink);
            }
        }
        ImportWhat::Alias(alias) => enter(module, *alias, whole, names, out, sink),
        ImportWhat::Names(list) => {
            for item in list {
                let def = match target {
                    Some(target) => {
                        let module = import.path.last().map_or("", |last| names.text(last.name));
                        member(target, module, item.name, names, out, sink)
                    }
                    None => Def::Broken,
                };
                enter(module, item.alias.unwrap_or(item.name), def, names, out, sink);
            }
        }
    }
}

/// What a name means in the module that it is imported from.
fn member(
    target: ModuleId,
    module: &str,
    name: Ident,
    names: &Names,
    out: &Declarations<'_>,
    sink: &mut Sink,
) -> Def {
    let scope = &out.scopes[target.0 as usize];
    let text = names.text(name.name);
    match scope.get(name.name) {
        Some(entry) if entry.public => entry.def,
        Some(entry) if entry.import.is_none() => {
            let message = format!("`{text}` is private to its module");
            let diagnostic = Diagnostic::new(codes::PRIVATE_NAME, name.span, message)
                .label("not public")
                .secondary(entry.span, "declared here without `pub`");
            sink.push(diagnostic);
            Def::Broken
        }
        _ => {
            let public = |(&name, entry): (&Name, &Entry)| entry.public.then(|| names.text(name));
            let mut candidates: Vec<&str> = scope.names.iter().filter_map(public).collect();
            candidates.sort_unstable();
            let message = format!("the module `{module}` has no `{text}`");
            let diagnostic = Diagnostic::new(codes::UNKNOWN_IMPORT, name.span, message);
            sink.push(match similar(text, candidates) {
                Some(close) => diagnostic.maybe(name.span, close, format!("there is `{close}`")),
                None => diagnostic,
            });
            Def::Broken
        }
    }
}

fn enter(
    module: ModuleId,
    name: Ident,
    def: Def,
    names: &Names,
    out: &mut Declarations<'_>,
    sink: &mut Sink,
) {
    let scope = &mut out.scopes[module.0 as usize];
    if let Some(before) = scope.names.get(&name.name) {
        // A module imported whole and by a name of its own (`shapes` and `shapes.{area}`) is no conflict.
        if before.def != def {
            let message = format!("`{}` is declared twice", names.text(name.name));
            let diagnostic = Diagnostic::new(codes::DUPLICATE_DEFINITION, name.span, message)
                .label("declared again here")
                .secondary(before.span, "first declared here");
            sink.push(diagnostic);
        }
        return;
    }
    let entry = Entry { def, public: false, span: name.span, import: Some(Cell::new(false)) };
    scope.names.insert(name.name, entry);
}

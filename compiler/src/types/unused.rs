//! Warns of what a program declares and does not use: variables, imports, functions, and `var` where `let` would do.
//!
//! What functions and globals are used by is known when all bodies have been checked, and only if there are no errors:
//! what is wrong may hide a use.

use std::cell::Cell;

use super::Checker;
use crate::ast::{self, ImportName, ImportWhat, Item, Name, StmtKind};
use crate::diagnostics::{Diagnostic, codes};
use crate::hir::{FnId, GlobalId, LocalId, Owner, TyKind};
use crate::modules::{ModuleId, Role};
use crate::resolve::{Def, FnSource};
use crate::source::Span;

/// What the bodies of a program use.
#[derive(Default)]
pub(super) struct Usage {
    /// Functions, each with one whose body uses it.
    functions: Vec<(FnId, FnId)>,
    /// By the globals' numbers.
    globals: Vec<Used>,
    /// The `var`s in bodies that could be `let`s: the word, and a name.
    unchanged: Vec<(Span, Name)>,
}

/// What is done with a variable.
#[derive(Clone, Copy, Default)]
struct Used {
    at_all: bool,
    changed: bool,
}

impl Usage {
    /// Notes that a global is read or assigned.
    pub(super) fn global(&mut self, id: GlobalId, changed: bool) {
        if id.index() >= self.globals.len() {
            self.globals.resize(id.index() + 1, Used::default());
        }
        self.globals[id.index()].at_all = true;
        self.globals[id.index()].changed |= changed;
    }

    fn of_global(&self, index: usize) -> Used {
        self.globals.get(index).copied().unwrap_or_default()
    }
}

impl<'a> Checker<'a, '_> {
    /// Sees to it that a function that the body at hand uses is checked.
    pub(super) fn uses(&mut self, id: FnId) {
        self.used_by(self.body.function, id);
        self.reach(id);
    }

    /// Notes that a function uses another.
    pub(super) fn used_by(&mut self, user: FnId, id: FnId) {
        if !self.is_standard(self.decls.functions[id.index()].module) {
            self.usage.functions.push((user, id));
        }
    }

    /// Warns of variables of a body that nothing uses.
    pub(super) fn unused_locals(&mut self) {
        if self.is_standard(self.module) {
            return;
        }
        for index in 0..self.body.locals.len() {
            let state = self.body.local_states[index];
            if state.warn && !state.used && !self.types.has_error(self.body.locals[index].ty) {
                let (name, span) = (self.body.locals[index].name, self.body.locals[index].span);
                self.unused_variable(name, span);
            }
        }
    }

    fn unused_variable(&mut self, name: Name, span: Span) {
        let text = self.text(name);
        if !text.starts_with('_') {
            let message = format!("`{text}` is never used");
            let replacement = format!("_{text}");
            let diagnostic = Diagnostic::new(codes::UNUSED_VARIABLE, span, message);
            self.report(diagnostic.maybe(span, replacement, UNDERSCORE));
        }
    }

    /// Notes the `var`s of a body that nothing assigns to.
    pub(super) fn unchanged_locals(&mut self) {
        if self.is_standard(self.module) {
            return;
        }
        for (keyword, locals) in std::mem::take(&mut self.body.vars_declared) {
            let states = &self.body.local_states[locals.clone()];
            let first = self.body.locals[locals].first().map(|local| local.name);
            if let Some(name) = first.filter(|_| states.iter().all(|state| state.used && !state.changed)) {
                self.usage.unchanged.push((keyword, name));
            }
        }
    }

    /// Notes an assignment to a local.
    pub(super) fn change(&mut self, local: LocalId) {
        self.body.local_states[local.index()].changed = true;
    }

    /// Warns of what the bodies together do not use.
    pub(super) fn unused(&mut self) {
        self.unused_imports();
        if self.purpose == super::Purpose::Increment || self.sink.has_errors() {
            return;
        }
        if self.does_something() {
            self.unused_globals();
            self.unused_functions();
        }
        for (keyword, name) in std::mem::take(&mut self.usage.unchanged) {
            self.never_changed(keyword, name);
        }
    }

    fn never_changed(&mut self, keyword: Span, name: Name) {
        let message = format!("`{}` is a `var`, but it is never assigned again", self.text(name));
        let diagnostic = Diagnostic::new(codes::UNCHANGED_VARIABLE, keyword, message);
        self.report(diagnostic.suggest(keyword, "let", "bind it with `let`"));
    }

    /// Warns of private globals that nothing uses, and of those that nothing changes.
    fn unused_globals(&mut self) {
        let mut start = 0;
        while let Some(first) = self.decls.globals.get(start) {
            let (binding, module, name) = (first.binding, first.module, first.name);
            let of_binding = |global: &&crate::resolve::GlobalDecl<'_>| std::ptr::eq(global.binding, binding);
            let end = start + self.decls.globals[start..].iter().take_while(of_binding).count();
            if !binding.public && !self.is_standard(module) {
                for index in start..end {
                    let name = self.decls.globals[index].name;
                    if !self.usage.of_global(index).at_all {
                        self.unused_variable(name.name, name.span);
                    }
                }
                let mut used = (start..end).map(|index| self.usage.of_global(index));
                if binding.mutable && used.all(|used| used.at_all && !used.changed) {
                    self.never_changed(binding.keyword, name.name);
                }
            }
            start = end;
        }
    }

    /// Warns of private functions that nothing reaches; what only they use is not mentioned.
    fn unused_functions(&mut self) {
        let count = self.decls.functions.len();
        let mut used: Vec<Vec<FnId>> = vec![Vec::new(); count];
        for &(user, id) in &self.usage.functions {
            used[user.index()].push(id);
        }
        let mut reached = vec![false; count];
        let (candidates, starts): (Vec<FnId>, Vec<FnId>) =
            (0..count).map(|index| FnId(index as u32)).partition(|&id| self.may_be_unused(id));
        for &id in &starts {
            spread(id, &used, &mut reached);
        }
        let is_declared =
            |id: &FnId| matches!(self.decls.functions[id.index()].source, FnSource::Function(_));
        let unused = candidates.into_iter().filter(|id| !reached[id.index()] && is_declared(id));
        let mut unused: Vec<FnId> = unused.collect();
        // Those that no other uses first; what is left then are circles.
        let mut by_others = vec![false; count];
        for &user in &unused {
            let others = used[user.index()].iter().filter(|&&id| id != user);
            others.for_each(|id| by_others[id.index()] = true);
        }
        unused.sort_by_key(|id| (by_others[id.index()], self.program.function(*id).span));
        for id in unused {
            if !reached[id.index()] {
                spread(id, &used, &mut reached);
                self.unused_function(
                    id,
                    match used[id.index()].contains(&id) {
                        _ if by_others[id.index()] => {
                            Some("only functions that are never used themselves use it")
                        }
                        true => Some("only it uses itself"),
                        false => None,
                    },
                );
            }
        }
    }

    fn unused_function(&mut self, id: FnId, note: Option<&str>) {
        let function = self.program.function(id);
        let (name, span) = (self.text(function.name), function.span);
        let what = if function.has_self { "method" } else { "function" };
        let message = format!("the {what} `{name}` is never used");
        let replacement = format!("_{name}");
        let mut diagnostic = Diagnostic::new(codes::UNUSED_FUNCTION, span, message);
        diagnostic.notes.extend(note.map(str::to_string));
        self.report(diagnostic.maybe(span, replacement, UNDERSCORE));
    }

    /// Whether a function has to be reached to be of use.
    fn may_be_unused(&self, id: FnId) -> bool {
        let decl = &self.decls.functions[id.index()];
        let FnSource::Function(ast) = decl.source else {
            return matches!(decl.source, FnSource::Default(..));
        };
        if self.is_standard(decl.module) || ast.public || self.text(ast.name.name).starts_with('_') {
            return false;
        }
        let is_main = self.program.main.as_ref().is_some_and(|main| main.function == id);
        match decl.owner {
            Owner::Module => !is_main,
            Owner::Function(_) => true,
            Owner::Trait(_) => false,
            Owner::Impl(of) => {
                let of = self.program.impl_(of);
                of.trait_ref.is_none() && self.is_private_type(of.target, decl.module)
            }
        }
    }

    /// Whether only the file that declares a type, this one, knows it.
    fn is_private_type(&self, ty: crate::hir::Ty, module: ModuleId) -> bool {
        let (of, public) = match self.types.kind(ty) {
            TyKind::Struct(id, _) => {
                let decl = &self.decls.structs[id.index()];
                (decl.module, decl.ast.is_none_or(|ast| ast.public))
            }
            TyKind::Enum(id, _) => {
                let decl = &self.decls.enums[id.index()];
                (decl.module, decl.ast.is_none_or(|ast| ast.public))
            }
            _ => return false,
        };
        of == module && !public
    }

    /// Whether the entry file does something by itself, or for others: one of nothing but private declarations is a
    /// sketch, of which nothing needs to be used yet.
    fn does_something(&self) -> bool {
        let entry = self.modules.list.iter().filter(|module| module.role == Role::Entry);
        entry.flat_map(|module| &module.ast.stmts).any(|stmt| match &stmt.kind {
            StmtKind::Item(Item::Function(function)) => {
                function.public || function.name.name == ast::known::MAIN
            }
            StmtKind::Item(Item::Test(_)) => true,
            StmtKind::Item(_) | StmtKind::Let(_) => false,
            _ => true,
        })
    }

    /// Reports imports that nothing uses.
    pub(super) fn unused_imports(&mut self) {
        let mut unused: Vec<(Span, Name, &ast::Module)> = Vec::new();
        for (scope, module) in self.decls.scopes.iter().zip(&self.modules.list) {
            if matches!(module.role, Role::Prelude | Role::Standard) {
                continue;
            }
            for (&name, entry) in &scope.names {
                if entry.import.as_ref().is_some_and(|used: &Cell<bool>| !used.get())
                    && entry.def != Def::Broken
                    && !self.extends_other_types(entry.def)
                {
                    unused.push((entry.span, name, &module.ast));
                }
            }
        }
        unused.sort_unstable_by_key(|&(span, ..)| span);
        for (span, name, ast) in unused {
            let message = format!("the import `{}` is never used", self.text(name));
            let diagnostic = Diagnostic::new(codes::UNUSED_IMPORT, span, message);
            self.report(match without_import(ast, span) {
                Some(place) => diagnostic.suggest(place, "", "remove it"),
                None => diagnostic,
            });
        }
    }

    /// Whether an import gives methods to types that are declared elsewhere: they are used without its name.
    fn extends_other_types(&self, import: Def) -> bool {
        let Def::Module(id) = import else { return false };
        let own = |ty| match self.types.kind(ty) {
            TyKind::Struct(of, _) => self.program.struct_(of).module.0 == id.0,
            TyKind::Enum(of, _) => self.program.enum_(of).module.0 == id.0,
            _ => false,
        };
        let impls = self.decls.impls.iter().zip(&self.program.impls);
        impls.filter(|(decl, _)| decl.module == id).any(|(_, of)| !own(of.target))
    }
}

/// What is said of a name that is suggested for something unused.
const UNDERSCORE: &str = "a name that begins with `_` is meant to be unused";

/// Marks a function and what it uses.
fn spread(id: FnId, used: &[Vec<FnId>], reached: &mut [bool]) {
    let mut waiting = vec![id];
    while let Some(id) = waiting.pop() {
        if !std::mem::replace(&mut reached[id.index()], true) {
            waiting.extend(&used[id.index()]);
        }
    }
}

/// What to delete so that an import does not bring in the name at `span`.
fn without_import(ast: &ast::Module, span: Span) -> Option<Span> {
    let next = ast.stmts.partition_point(|stmt| stmt.span.lo <= span.lo);
    let StmtKind::Item(Item::Import(import)) = &ast.stmts.get(next.checked_sub(1)?)?.kind else {
        return None;
    };
    let ImportWhat::Names(list) = &import.what else { return Some(import.span) };
    let at = list.iter().position(|item| item.alias.unwrap_or(item.name).span == span)?;
    let end = |item: &ImportName| item.alias.unwrap_or(item.name).span.hi;
    Some(match (at.checked_sub(1), list.get(at + 1)) {
        (_, Some(next)) => Span::new(list[at].name.span.lo, next.name.span.lo),
        (Some(before), None) => Span::new(end(&list[before]), end(&list[at])),
        (None, None) => import.span,
    })
}

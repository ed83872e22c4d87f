//! Names that mean nothing where they stand, with what was probably meant.

use super::Checker;
use super::body::Binding;
use crate::ast::{self, Ident, Item, Name, Stmt, StmtKind};
use crate::diagnostics::{Applicability, Diagnostic, codes};
use crate::hir::{Ty, TyKind};
use crate::resolve::Def;
use crate::source::Span;

impl Checker<'_, '_> {
    /// A name that means nothing here.
    pub(super) fn unknown_name(&mut self, name: Ident) {
        if self.is_outer_local(name.name) {
            return self.outer_local(name);
        }
        if let Some(path) = self.imported_below(name.name) {
            return self.module_by_path(name, &path);
        }
        let text = self.text(name.name).to_string();
        let diagnostic = Diagnostic::new(codes::UNKNOWN_NAME, name.span, format!("cannot find `{text}`"));
        let diagnostic = if let Some(member) = self.member_of_self(name.name) {
            diagnostic.suggest(name.span, format!("self.{text}"), member)
        } else if self.body.naming.contains(&name.name) {
            let help = format!(
                "a closure cannot call itself by the name it gets; a function can: `fn {text}(…) {{ … }}`"
            );
            diagnostic.help(help)
        } else if let Some(here) = super::elsewhere::value_name(&text) {
            diagnostic.suggest(name.span, here, format!("it is called `{here}` here"))
        } else if let Some((place, here)) = self.printer(name.span) {
            diagnostic.suggest(place, here, format!("it is called `{here}` here"))
        } else if let Some(help) = super::elsewhere::value(&text) {
            diagnostic.help(help)
        } else if crate::modules::module_names().any(|module| module == text) {
            self.import_module(diagnostic, &text)
        } else if let Some(module) = super::meant::module_with(&text) {
            self.import_of(diagnostic, name.span, module, &text)
        } else if let Some(close) = self.similar_value(&text) {
            close.add(diagnostic, name.span)
        } else if let Some(of) = self.enum_of_variant(name.name) {
            diagnostic.maybe(name.span, format!("{of}.{text}"), format!("it is a variant of `{of}`"))
        } else if self.body.unknown.insert(name.name) {
            diagnostic.label("nothing in scope has this name")
        } else {
            // Its declaration is missing: that was said where the body uses it first.
            return;
        };
        self.report(diagnostic);
    }

    /// The path of an import that begins with a name: `lib`, where `lib.shapes` is imported as `shapes`.
    fn imported_below(&self, name: Name) -> Option<Vec<Name>> {
        let stmts = &self.modules.get(self.module).ast.stmts;
        // Imports stand at the top.
        stmts.iter().take(200).find_map(|stmt| match &stmt.kind {
            StmtKind::Item(Item::Import(import)) => {
                let path: Vec<Name> = import.path.iter().map(|part| part.name).collect();
                let whole = matches!(import.what, ast::ImportWhat::Module);
                (whole && path.len() > 1 && path[0] == name).then_some(path)
            }
            _ => None,
        })
    }

    /// Reports a module's path where its name is enough.
    fn module_by_path(&mut self, name: Ident, path: &[Name]) {
        let parts: Vec<&str> = path.iter().map(|&part| self.text(part)).collect();
        let (whole, short) = (parts.join("."), parts.last().copied().unwrap_or_default());
        let message = format!("cannot find `{}`: the module `{whole}` is called `{short}` here", parts[0]);
        let diagnostic = Diagnostic::new(codes::UNKNOWN_NAME, name.span, message);
        let written = self.rest_of_line(name.span).starts_with(&whole);
        let place = Span::new(name.span.lo, name.span.lo + whole.len() as u32);
        self.report(match written {
            true => diagnostic.suggest(place, short, "a module goes by the last part of its path"),
            false => diagnostic,
        });
    }

    /// `console.log` and its like, and what is called instead.
    fn printer(&self, span: Span) -> Option<(Span, &'static str)> {
        let line = self.rest_of_line(span);
        let called =
            |(there, _): &&(&str, &str)| line.strip_prefix(there).is_some_and(|rest| rest.starts_with('('));
        let (there, here) = super::elsewhere::PRINTERS.iter().find(called)?;
        Some((Span::new(span.lo, span.lo + there.len() as u32), here))
    }

    /// A call of a function that is a method here, or a range. Whether it was one.
    pub(super) fn foreign_call(&mut self, name: Ident, call: &ast::Call, span: Span) -> bool {
        let values: Vec<Span> = call.args.iter().map(|arg| arg.value.span).collect();
        let simple = |expr: &ast::Expr| {
            use ast::ExprKind as Ast;
            matches!(
                expr.kind,
                Ast::Name(_)
                    | Ast::Field(..)
                    | Ast::Call(_)
                    | Ast::Index(_)
                    | Ast::Literal(_)
                    | Ast::Array(_)
            )
        };
        let text = self.text(name.name).to_string();
        let begin = |to: u32| Span::new(name.span.lo, to);
        let (edits, help) = match (text.as_str(), values.as_slice()) {
            ("len" | "size" | "strlen", &[value]) if simple(&call.args[0].value) => {
                let end = (Span::new(value.hi, span.hi), ".len()".to_string());
                (vec![(begin(value.lo), String::new()), end], "the length is a method")
            }
            ("range", &[hi]) => {
                let end = (Span::new(hi.hi, span.hi), String::new());
                (vec![(begin(hi.lo), "0..".to_string()), end], "count with a range")
            }
            ("range", &[lo, hi]) => {
                let end = (Span::new(hi.hi, span.hi), String::new());
                let between = (Span::new(lo.hi, hi.lo), "..".to_string());
                (vec![(begin(lo.lo), String::new()), between, end], "count with a range")
            }
            _ => return false,
        };
        let message = format!("cannot find `{text}`");
        let diagnostic = Diagnostic::new(codes::UNKNOWN_NAME, name.span, message);
        self.report(diagnostic.suggestion(edits, help, Applicability::MachineApplicable));
        true
    }

    /// An assignment to a name that is declared nowhere. From then on it is known, and nothing more is said of it.
    pub(super) fn undeclared(&mut self, name: Ident) {
        if self.is_outer_local(name.name) || self.member_of_self(name.name).is_some() {
            return self.unknown_name(name);
        }
        let text = self.text(name.name).to_string();
        let diagnostic = Diagnostic::new(codes::UNKNOWN_NAME, name.span, format!("cannot find `{text}`"));
        let diagnostic = match self.similar_value(&text) {
            Some(close) => close.add(diagnostic, name.span),
            None => diagnostic.maybe(
                name.span.start(),
                "let ",
                "declare it, with `let`, or with `var` if it changes",
            ),
        };
        self.report(diagnostic);
        let local = self.new_local(name.name, Ty::ERROR, true, name.span);
        self.bind_local(name.name, local);
    }

    /// Suggests the import of a standard module.
    fn import_module(&self, diagnostic: Diagnostic, module: &str) -> Diagnostic {
        match self.import_line(module) {
            Some((place, line)) => diagnostic.suggest(place, line, "import the module"),
            None => diagnostic.help(format!("`import {module}` at the top of the file")),
        }
    }

    /// Suggests the name of a standard module, imported if it is not yet.
    fn import_of(&self, diagnostic: Diagnostic, span: Span, module: &str, name: &str) -> Diagnostic {
        let scope = &self.decls.scopes[self.module.0 as usize];
        let imported = scope.names.iter().any(|(&known, entry)| {
            matches!(entry.def, Def::Module(_)) && entry.import.is_some() && self.text(known) == module
        });
        let line = if imported { None } else { self.import_line(module) };
        let edits = line.into_iter().chain([(span, format!("{module}.{name}"))]);
        let message = format!("the module `{module}` has it");
        diagnostic.suggestion(edits, message, Applicability::MaybeIncorrect)
    }

    /// An import, and its place: before the first of the file, or else before its first statement.
    fn import_line(&self, module: &str) -> Option<(Span, String)> {
        let stmts = &self.modules.get(self.module).ast.stmts;
        let is_import = |stmt: &&Stmt| matches!(stmt.kind, StmtKind::Item(Item::Import(_)));
        // Imports stand at the top.
        let first = stmts.iter().take(200).find(is_import).or(stmts.first())?;
        Some((first.span.start(), format!("import {module}\n")))
    }

    /// A type's name that means nothing here.
    pub(super) fn unknown_type(&mut self, name: Ident) {
        let text = self.text(name.name).to_string();
        let message = format!("cannot find the type `{text}`");
        let diagnostic = Diagnostic::new(codes::UNKNOWN_TYPE, name.span, message);
        let diagnostic = if let Some(here) = super::elsewhere::type_name(&text) {
            diagnostic.suggest(name.span, here, format!("the type is called `{here}` here"))
        } else if let Some(module) = super::meant::module_with(&text) {
            self.import_of(diagnostic, name.span, module, &text)
        } else if let Some(place) = self.place_of_parameter(name.span, &text) {
            let message = format!("declare the type parameter `{text}`");
            diagnostic.maybe(place, format!("<{text}>"), message)
        } else if let Some(close) = self.similar_type(&text) {
            close.add(diagnostic, name.span)
        } else if self.body.unknown.insert(name.name) {
            diagnostic.label("nothing in scope has this name")
        } else {
            // Its declaration is missing: that was said where the body uses it first.
            return;
        };
        self.report(diagnostic);
    }

    /// Where on its line an `impl`, function, struct, enum or trait would declare a type parameter: a name of one letter that nothing
    /// declares is probably one.
    fn place_of_parameter(&self, span: Span, text: &str) -> Option<Span> {
        let behind = self.rest_of_line(span).get(1..).unwrap_or_default();
        if text.len() != 1 || behind.starts_with('<') || behind.starts_with(" for ") {
            return None;
        }
        let line = self.line_of(span);
        let declared = line.trim_start();
        let declared = declared.strip_prefix("pub ").unwrap_or(declared);
        let rest = match declared.strip_prefix("impl") {
            Some(rest) => rest,
            None => {
                let words = ["fn ", "struct ", "enum ", "trait "];
                let named = words.iter().find_map(|word| declared.strip_prefix(word))?;
                named.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_')
            }
        };
        let begin = span.lo - (line.len() - self.rest_of_line(span).len()) as u32;
        let at = begin + (line.len() - rest.len()) as u32;
        (rest.starts_with([' ', '(']) && at < span.lo).then(|| Span::new(at, at))
    }

    /// What to say of a name that is a field or a method of `self`, where there is one.
    fn member_of_self(&mut self, name: Name) -> Option<&'static str> {
        if self.body.binding(ast::known::SELF) == Binding::None {
            return None;
        }
        let ty = self.type_scope.self_ty?;
        if let TyKind::Struct(id, _) = self.types.kind(ty)
            && self.program.struct_(id).fields.iter().any(|field| field.name == name)
        {
            return Some("a field is reached through `self`");
        }
        self.find_inherent(ty, name).map(|_| "a method is called on `self`")
    }
}

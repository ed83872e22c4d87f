//! Reports of assignments to what is bound once, with what would make it a variable.

use super::Checker;
use crate::ast::Ident;
use crate::diagnostics::{Applicability, Diagnostic, codes};
use crate::hir::{GlobalId, LocalId, Ty};
use crate::resolve::FnSource;
use crate::source::Span;

impl Checker<'_, '_> {
    pub(super) fn immutable_local(&mut self, local: LocalId, name: Ident) {
        let at = self.body.locals[local.index()].span;
        let text = self.text(name.name).to_string();
        let diagnostic = not_a_var(&text, name.span);
        if let Some(keyword) = self.body.local_states[local.index()].keyword {
            return self.report(with_var(diagnostic, at, keyword));
        }
        let diagnostic = match self.body.local_states[local.index()].warn {
            false => diagnostic.secondary(at, "a parameter is bound once"),
            true => diagnostic.secondary(at, "bound here, and not to be changed"),
        };
        let diagnostic = match self.start_of_body(at) {
            Some((start, behind)) => {
                diagnostic.maybe(start, format!("var {text} = {text}{behind}"), "copy it into a variable")
            }
            None => diagnostic.help(format!("`var {text} = {text}` makes a variable of it")),
        };
        self.report(diagnostic);
    }

    /// Where the body of the function that is checked begins, if a place is one of its parameters, and what must stand
    /// behind a statement there.
    fn start_of_body(&self, param: Span) -> Option<(Span, String)> {
        let FnSource::Function(ast) = self.decls.functions[self.body.function.index()].source else {
            return None;
        };
        let own = ast.signature.lo <= param.lo && param.hi <= ast.signature.hi;
        let first = ast.body.as_ref()?.stmts.first()?.span.start();
        let behind = match self.on_one_line(ast.name.span, first) {
            true => "; ".to_string(),
            false => format!("\n{}", self.indent_at(first)),
        };
        own.then_some((first, behind))
    }

    pub(super) fn immutable_global(&mut self, id: GlobalId, span: Span) {
        let global = self.program.global(id);
        let (at, name) = (global.span, self.text(global.name).to_string());
        let keyword = self.decls.globals[id.index()].binding.keyword;
        self.report(with_var(not_a_var(&name, span), at, keyword));
    }

    pub(super) fn immutable_field(&mut self, ty: Ty, name: Ident, at: Span) {
        let text = self.text(name.name).to_string();
        let of = self.show(ty);
        let message = format!("the field `{text}` of `{of}` cannot be assigned: it is not a `var`");
        let diagnostic = Diagnostic::new(codes::ASSIGN_IMMUTABLE, name.span, message)
            .secondary(at, "declared here")
            .maybe(
                at.start(),
                "var ",
                format!("declare it with `var`; `.with({text}: …)` makes a changed copy"),
            );
        self.report(diagnostic);
    }
}

fn not_a_var(name: &str, span: Span) -> Diagnostic {
    let message = format!("`{name}` cannot be assigned: it is not a `var`");
    Diagnostic::new(codes::ASSIGN_IMMUTABLE, span, message)
}

/// `var` in place of the `let` that binds a name.
fn with_var(diagnostic: Diagnostic, at: Span, keyword: Span) -> Diagnostic {
    let edit = [(keyword, "var".to_string())];
    diagnostic.secondary(at, "bound once here").suggestion(
        edit,
        "declare it with `var`",
        Applicability::MachineApplicable,
    )
}

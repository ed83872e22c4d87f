//! How types are named in messages, and the reports that several places make.

use super::Checker;
use super::body::Binding;
use super::pending::first_unknown;
use crate::ast::{Ident, Name};
use crate::diagnostics::{Diagnostic, codes};
use crate::hir::{Ty, TyKind, TyList, type_text};
use crate::source::Span;

/// Where an expected type comes from.
#[derive(Clone, Copy)]
pub(super) struct Why {
    pub span: Span,
    pub text: &'static str,
}

impl Why {
    /// Nowhere that needs to be shown.
    pub(super) const NONE: Why = Why { span: Span { lo: 0, hi: 0 }, text: "" };

    pub(super) fn new(span: Span, text: &'static str) -> Why {
        Why { span, text }
    }
}

impl Checker<'_, '_> {
    /// A type as a message names it.
    pub(super) fn show(&mut self, ty: Ty) -> String {
        let ty = self.resolve(ty);
        let ty = self.default_literals(ty);
        type_text(&self.program, &self.types, self.names, &self.type_scope.params, ty)
    }

    /// The types of a list, with commas.
    pub(super) fn show_list(&mut self, list: TyList) -> String {
        let parts = self.types.list(list).to_vec();
        let parts: Vec<String> = parts.into_iter().map(|part| self.show(part)).collect();
        parts.join(", ")
    }

    /// Undecided literals as what they will be.
    fn default_literals(&mut self, ty: Ty) -> Ty {
        if !self.types.has_infer(ty) {
            return ty;
        }
        let vars = std::mem::take(&mut self.body.vars);
        let shown = self.types.map(ty, &mut |types, kind| match kind {
            TyKind::Infer(var) => match vars.get(var as usize).map(|var| var.kind) {
                Some(super::infer::VarKind::Literal) => Some(Ty::INT),
                Some(super::infer::VarKind::Soft(storage)) => Some(types.intern(TyKind::Storage(storage))),
                _ => Some(types.intern(kind)),
            },
            _ => None,
        });
        self.body.vars = vars;
        shown
    }

    /// A value of another type than its place asks for.
    pub(super) fn mismatch(&mut self, span: Span, expected: Ty, found: Ty, why: Why) {
        let (expected_ty, found_ty) = (self.resolve(expected), self.resolve(found));
        if self.types.has_error(expected_ty) || self.types.has_error(found_ty) {
            return;
        }
        let (expected, found) = (self.show(expected_ty), self.show(found_ty));
        let is_none =
            self.types.option_payload(found_ty).is_some_and(|payload| self.types.has_infer(payload));
        let (code, message) = if std::mem::take(&mut self.body.infinite) {
            (
                codes::INFINITE_TYPE,
                format!("the type would contain itself: `{expected}` is a part of `{found}`"),
            )
        } else if is_none && found == "_?" {
            (codes::TYPE_MISMATCH, format!("expected `{expected}`, found an option"))
        } else {
            (codes::TYPE_MISMATCH, format!("expected `{expected}`, found `{found}`"))
        };
        let mut diagnostic = Diagnostic::new(code, span, message);
        diagnostic = if is_none && found == "_?" {
            diagnostic
                .label("this is an option")
                .help(format!("only a value of type `{expected}?` can be `None`"))
        } else {
            diagnostic.label(format!("this is `{found}`"))
        };
        if why.span != Span::default() && why.span != span {
            diagnostic = diagnostic.secondary(why.span, why.text);
        }
        if let Some(help) = self.conversion_help(expected_ty, found_ty) {
            diagnostic = diagnostic.help(help);
        }
        self.report(diagnostic);
        if code == codes::INFINITE_TYPE {
            self.give_up(expected_ty);
            self.give_up(found_ty);
        }
    }

    /// Makes the unknown parts of a type the error type, so that nothing more is said of them.
    fn give_up(&mut self, ty: Ty) {
        let mut rest = self.resolve(ty);
        while let Some(var) = first_unknown(&self.types, rest) {
            self.body.vars[var as usize].value = Some(Ty::ERROR);
            rest = self.resolve(rest);
        }
    }

    /// How to get from one type to the other.
    fn conversion_help(&mut self, expected: Ty, found: Ty) -> Option<String> {
        let expected_kind = self.types.kind(expected);
        Some(match (expected_kind, self.types.kind(found)) {
            (TyKind::Int, TyKind::Float) => "`int(x)` cuts off the fraction, `x.round()` rounds".to_string(),
            (TyKind::Int, TyKind::Str) => "`int.parse(s)` reads a number from text".to_string(),
            (TyKind::Float, TyKind::Str) => "`float.parse(s)` reads a number from text".to_string(),
            (TyKind::Str, TyKind::Int | TyKind::Float | TyKind::Bool | TyKind::Char) => {
                "`str(x)` gives the text of a value".to_string()
            }
            (TyKind::Storage(storage), TyKind::Int) => {
                let name = storage.text();
                format!("`{name}(x)` checks the range, `{name}.wrap(x)` cuts off the upper bits")
            }
            (TyKind::Storage(crate::hir::Storage::F32), TyKind::Float) => "`f32(x)` rounds".to_string(),
            _ if expected == Ty::UNIT => {
                let found = self.show(found);
                format!("a function that gives a value says so: `fn f() -> {found}`")
            }
            (TyKind::Bool, TyKind::Int) => "compare it, as in `n != 0`".to_string(),
            _ if self.types.option_payload(expected) == Some(found) => "wrap it in `Some(…)`".to_string(),
            _ if self.types.option_payload(found) == Some(expected) => {
                "take the value out with `??`, `if let Some(x) = …` or `.unwrap()`".to_string()
            }
            _ => match self.types.result_payloads(found) {
                Some((ok, _)) if ok == expected => "take the value out with `?` or `.unwrap()`".to_string(),
                _ => return None,
            },
        })
    }

    /// A name that means nothing here.
    pub(super) fn unknown_name(&mut self, name: Ident) {
        if self.is_outer_local(name.name) {
            return self.outer_local(name);
        }
        let text = self.text(name.name).to_string();
        let mut diagnostic = Diagnostic::new(codes::UNKNOWN_NAME, name.span, format!("cannot find `{text}`"))
            .label("not declared here");
        if let Some(member) = self.member_of_self(name.name) {
            diagnostic = diagnostic.suggest(name.span, format!("self.{text}"), member);
        } else if let Some(help) = super::elsewhere::value(&text) {
            diagnostic = diagnostic.help(help);
        } else if let Some(module) = super::meant::module_with(&text) {
            let full = format!("{module}.{text}");
            diagnostic = diagnostic.maybe(name.span, full, format!("`import {module}` has one"));
        } else if let Some(close) = self.similar_value(&text) {
            diagnostic = close.add(diagnostic, name.span);
        } else if crate::modules::module_names().any(|module| module == text) {
            diagnostic = diagnostic.help(format!("`import {text}` at the top of the file"));
        } else if let Some(of) = self.enum_of_variant(name.name) {
            let full = format!("{of}.{text}");
            diagnostic = diagnostic.maybe(name.span, full, format!("it is a variant of `{of}`"));
        }
        self.report(diagnostic);
    }

    /// A type's name that means nothing here.
    pub(super) fn unknown_type(&mut self, name: Ident) {
        let text = self.text(name.name).to_string();
        let mut diagnostic =
            Diagnostic::new(codes::UNKNOWN_TYPE, name.span, format!("cannot find the type `{text}`"))
                .label("not declared here");
        if let Some(here) = super::elsewhere::type_name(&text) {
            diagnostic = diagnostic.suggest(name.span, here, format!("the type is called `{here}` here"));
        } else if let Some(close) = self.similar_type(&text) {
            diagnostic = close.add(diagnostic, name.span);
        }
        self.report(diagnostic);
    }

    /// What to say of a name that is a field or a method of `self`, where there is one.
    fn member_of_self(&mut self, name: Name) -> Option<&'static str> {
        if self.body.binding(crate::ast::known::SELF) == Binding::None {
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

    /// A list of names for a message: `` `a`, `b` ``.
    pub(super) fn quoted(&self, names: impl Iterator<Item = Name>) -> String {
        let list: Vec<String> = names.map(|name| format!("`{}`", self.text(name))).collect();
        list.join(", ")
    }
}

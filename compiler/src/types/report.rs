//! How types are named in messages, and the report of a type that does not fit.

use super::Checker;
use super::pending::first_unknown;
use crate::ast::Name;
use crate::diagnostics::{Diagnostic, codes};
use crate::hir::{ExprId, Ty, TyKind, TyList, type_text};
use crate::source::Span;

/// Where an expected type comes from.
#[derive(Clone, Copy)]
pub(super) struct Why {
    pub span: Span,
    /// What is said there; `{}` stands for the type.
    pub text: &'static str,
    /// Whether what does not fit is a value, and not what uses one.
    pub of_value: bool,
}

/// What is said of the other side of a comparison.
pub(super) const COMPARED: &str = "compared with this `{}`";

impl Why {
    /// Nowhere that needs to be shown.
    pub(super) const NONE: Why = Why { span: Span { lo: 0, hi: 0 }, text: "", of_value: false };

    pub(super) fn new(span: Span, text: &'static str) -> Why {
        Why { span, text, of_value: false }
    }

    /// [`Why::new`], where what is reported is a value.
    pub(super) fn of_value(span: Span, text: &'static str) -> Why {
        Why { span, text, of_value: true }
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
                Some(super::infer::VarKind::Literal(..)) => Some(Ty::INT),
                Some(super::infer::VarKind::Soft(storage)) => Some(types.intern(TyKind::Storage(storage))),
                _ => Some(types.intern(kind)),
            },
            _ => None,
        });
        self.body.vars = vars;
        shown
    }

    /// Another type than the one asked for, where it is not a value's.
    pub(super) fn mismatch(&mut self, span: Span, expected: Ty, found: Ty, why: Why) {
        self.report_mismatch(span, None, expected, found, why);
    }

    /// A value of another type than its place asks for.
    pub(super) fn wrong_value(&mut self, value: ExprId, expected: Ty, found: Ty, why: Why) {
        self.report_mismatch(self.span_of(value), Some(value), expected, found, why);
    }

    fn report_mismatch(&mut self, span: Span, value: Option<ExprId>, expected: Ty, found: Ty, why: Why) {
        let (expected_ty, found_ty) = (self.resolve(expected), self.resolve(found));
        if self.types.has_error(expected_ty) || self.types.has_error(found_ty) {
            return;
        }
        if std::mem::take(&mut self.body.infinite) {
            return self.infinite_type(span, expected_ty, found_ty);
        }
        let (expected, found) = (self.show(expected_ty), self.show(found_ty));
        let is_none = found == "_?";
        let found = if is_none { "None".to_string() } else { found };
        let message = format!("expected `{expected}`, found `{found}`");
        let diagnostic = Diagnostic::new(codes::TYPE_MISMATCH, span, message);
        let mut diagnostic = match found_ty {
            _ if is_none => diagnostic.help(format!("only a value of type `{expected}?` can be `None`")),
            Ty::UNIT => diagnostic.label("this gives no value"),
            _ => diagnostic.label(format!("this is `{found}`")),
        };
        if why.span != Span::default() && why.span != span {
            diagnostic = diagnostic.secondary(why.span, why.text.replace("{}", &expected));
        }
        // Which side of a comparison is the wrong one, nobody knows; but an option is compared with one.
        let wraps = self.types.option_payload(expected_ty) == Some(found_ty) || expected_ty == Ty::CHAR;
        if let Some(value) = value.filter(|_| why.text != COMPARED || wraps) {
            diagnostic = self.remedy(diagnostic, value, expected_ty, found_ty);
        }
        self.report(diagnostic);
    }

    /// A type that unification would make a part of itself.
    fn infinite_type(&mut self, span: Span, expected: Ty, found: Ty) {
        let (part, whole) = match (self.types.kind(expected), self.types.kind(found)) {
            (TyKind::Infer(_), _) => (expected, found),
            _ => (found, expected),
        };
        let whole = self.show(whole);
        let message = "the type of this would contain itself";
        let diagnostic = Diagnostic::new(codes::INFINITE_TYPE, span, message)
            .label(format!("this is `{whole}`, and would have to be what stands for `_` in it"))
            .help("an `enum` or a `struct` can contain itself, by its name");
        self.report(diagnostic);
        self.give_up(part);
        self.give_up(expected);
        self.give_up(found);
    }

    /// Makes the unknown parts of a type the error type, so that nothing more is said of them.
    pub(super) fn give_up(&mut self, ty: Ty) {
        let mut rest = self.resolve(ty);
        while let Some(var) = first_unknown(&self.types, rest) {
            self.body.vars[var as usize].value = Some(Ty::ERROR);
            rest = self.resolve(rest);
        }
    }

    /// The line of a place from there on.
    pub(super) fn rest_of_line(&self, span: Span) -> &str {
        let Some(source) = self.source_of(span) else { return "" };
        let line = source.line(span.lo);
        let start = source.text_offset(span.lo) - source.text_offset(source.line_start(line));
        source.line_text(line).get(start..).unwrap_or("")
    }

    /// The line of a place.
    pub(super) fn line_of(&self, span: Span) -> &str {
        self.source_of(span).map_or("", |source| source.line_text(source.line(span.lo)))
    }

    /// The spaces that the line of a place begins with.
    pub(super) fn indent_at(&self, span: Span) -> &str {
        let line = self.line_of(span);
        &line[..line.len() - line.trim_start().len()]
    }

    /// Whether two places begin on one line.
    pub(super) fn on_one_line(&self, a: Span, b: Span) -> bool {
        self.source_of(a)
            .is_some_and(|source| source.contains(b.lo) && source.line(a.lo) == source.line(b.lo))
    }

    fn source_of(&self, span: Span) -> Option<&crate::source::SourceFile> {
        let module = self.modules.list.iter().find(|module| module.source.contains(span.lo))?;
        Some(&module.source)
    }

    /// A list of names for a message: `` `a`, `b` ``.
    pub(super) fn quoted(&self, names: impl Iterator<Item = Name>) -> String {
        let list: Vec<String> = names.map(|name| format!("`{}`", self.text(name))).collect();
        list.join(", ")
    }
}

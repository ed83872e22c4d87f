//! `e.name`, `e.0`: fields, and what a type or module has under a name.

use super::Checker;
use super::expr::Expect;
use super::paths::Path;
use crate::ast::{self, Ident};
use crate::diagnostics::{Applicability, Diagnostic, codes};
use crate::hir::{ExprId, ExprKind, Head, Literal, Ty, TyKind};
use crate::source::Span;

impl<'a> Checker<'a, '_> {
    /// `base.name` as a value.
    pub(super) fn field_value(
        &mut self,
        base: &'a ast::Expr,
        name: Ident,
        expect: Expect,
        span: Span,
    ) -> ExprId {
        match self.path(base) {
            Some(Path::Module(id)) => match self.member_of(id, name) {
                Some(def) => {
                    let id = self.def_value(def, name, expect);
                    self.body.exprs[id.index()].span = span;
                    id
                }
                None => self.error_expr(span),
            },
            Some(Path::Type(ty)) => self.type_member(ty, name, expect, span),
            Some(Path::Trait(_)) => {
                let message = format!("the method `{}` can only be called", self.text(name.name));
                self.report(Diagnostic::new(codes::NOT_A_VALUE, name.span, message));
                self.error_expr(span)
            }
            Some(Path::Broken) => self.error_expr(span),
            None => {
                let base = self.any_expr(base);
                self.field(base, name, expect, span)
            }
        }
    }

    /// `Type.name`: a variant, a constant or a function of the type.
    fn type_member(&mut self, ty: Ty, name: Ident, expect: Expect, span: Span) -> ExprId {
        let ty = self.shallow(ty);
        if let TyKind::Enum(id, _) = self.types.kind(ty) {
            let variants = &self.program.enum_(id).variants;
            if let Some(index) = variants.iter().position(|variant| variant.name == name.name) {
                return self.variant_of(ty, id, index as u32, expect, span);
            }
        }
        if ty == Ty::PTR && name.name == self.known.null {
            return self.add(ExprKind::Literal(Literal::Int(0)), ty, span);
        }
        let head = Head::of(&self.types, ty);
        if let Some(&constant) = head.and_then(|head| self.member_consts.get(&(head, name.name))) {
            return self.const_value(constant, span, expect);
        }
        if let Some(super::lookup::Found::Inherent(id, args)) = self.find_inherent(ty, name.name) {
            self.visible_member(id, name);
            let args = self.with_own_args(id, args, name.span);
            return self.function_value(id, args, span);
        }
        match self.types.kind(ty) {
            TyKind::Error => {}
            TyKind::Enum(id, _) if self.text(name.name).starts_with(char::is_uppercase) => {
                self.unknown_variant(id, name);
            }
            _ => self.unknown_method(ty, name, true),
        }
        self.error_expr(span)
    }

    /// `base.name` on a checked value.
    pub(super) fn field(&mut self, base: ExprId, name: Ident, expect: Expect, span: Span) -> ExprId {
        let ty = self.known_type(self.ty_of(base));
        match self.find_field(ty, name) {
            Some((index, field)) => self.add(ExprKind::Field(base, index), field, span),
            None => {
                match self.types.kind(ty) {
                    TyKind::Error => {}
                    TyKind::Infer(_) if self.is_unknown(ty) => {
                        let at = self.span_of(base);
                        self.cannot_infer(ty, at);
                    }
                    _ => {
                        let wanted = self.wanted_parameters(expect).map(|count| (count, span));
                        self.unknown_field(ty, name, wanted);
                    }
                }
                self.error_expr(span)
            }
        }
    }

    /// The number and type of a field of a struct.
    pub(super) fn find_field(&mut self, ty: Ty, name: Ident) -> Option<(u32, Ty)> {
        let TyKind::Struct(id, args) = self.types.kind(ty) else { return None };
        let item = self.program.struct_(id);
        let index = item.fields.iter().position(|field| field.name == name.name)?;
        let (home, at, field) = (item.module.0, item.fields[index].span, item.fields[index].ty);
        if !self.is_at_home(crate::modules::ModuleId(home)) && self.text(name.name).starts_with('_') {
            let message = format!("the field `{}` is private to its module", self.text(name.name));
            let diagnostic =
                Diagnostic::new(codes::PRIVATE_NAME, name.span, message).secondary(at, "declared here");
            self.report(diagnostic);
        }
        let args = self.types.list(args).to_vec();
        Some((index as u32, self.types.subst(field, &args)))
    }

    /// A field that holds a function, for calls.
    pub(super) fn fn_field(&mut self, ty: Ty, name: Ident, base: ExprId, span: Span) -> Option<ExprId> {
        let (index, field) = self.find_field(ty, name)?;
        let known = self.known_type(field);
        let is_fn = matches!(self.types.kind(known), TyKind::Fn(..) | TyKind::Error);
        is_fn.then(|| self.add(ExprKind::Field(base, index), field, span))
    }

    /// How many parameters the function has that is expected.
    fn wanted_parameters(&self, expect: Expect) -> Option<usize> {
        match expect.ty().map(|ty| self.kind(ty)) {
            Some(TyKind::Fn(params, _)) => Some(self.types.list(params).len()),
            _ => None,
        }
    }

    /// Reports a field that is not there. `wanted` is the number of parameters and the whole `base.name`, where a function is wanted.
    pub(super) fn unknown_field(&mut self, ty: Ty, name: Ident, wanted: Option<(usize, Span)>) {
        let shown = self.show(ty);
        let text = self.text(name.name).to_string();
        let is_method = self.find_method(ty, name.name, name.span).is_some();
        let (code, message) = match is_method {
            true => (codes::UNKNOWN_FIELD, format!("`{text}` is a method of `{shown}`, no field")),
            false => (codes::UNKNOWN_FIELD, format!("`{shown}` has no field `{text}`")),
        };
        let mut diagnostic = Diagnostic::new(code, name.span, message);
        let resolved = self.shallow(ty);
        let here = super::elsewhere::method(&text).filter(|_| !is_method);
        let here = here.filter(|here| self.method_names(ty).iter().any(|&name| self.text(name) == *here));
        if let Some(here) = here {
            let call = format!("{here}()");
            diagnostic = diagnostic.suggest(name.span, call, format!("it is the method `{here}` here"));
        } else if is_method {
            diagnostic = match wanted {
                Some((count, whole)) => method_as_value(diagnostic, count, whole),
                None => diagnostic.maybe(name.span.end(), "()", "call it"),
            };
        } else if let TyKind::Struct(id, _) = self.types.kind(resolved) {
            let names: Vec<ast::Name> =
                self.program.struct_(id).fields.iter().map(|field| field.name).collect();
            match self.closest(name.name, names.iter().copied()) {
                Some(close) => {
                    diagnostic = close.add(diagnostic, name.span);
                }
                None if names.is_empty() => {}
                None => {
                    let list = self.quoted(names.into_iter().take(12));
                    diagnostic = diagnostic.label(format!("it has {list}"));
                }
            }
        } else if self.types.option_payload(resolved).is_some() {
            diagnostic = diagnostic.help(format!("on an option: `x?.{text}`, or take the value out first"));
        } else if self.types.result_payloads(resolved).is_some() {
            diagnostic = diagnostic.help(format!("on a `Result`: `(x?).{text}`"));
        }
        self.report(diagnostic);
    }

    /// `base.0`
    pub(super) fn tuple_field(
        &mut self,
        base: &'a ast::Expr,
        index: u32,
        index_span: Span,
        span: Span,
    ) -> ExprId {
        let base = self.any_expr(base);
        let ty = self.known_type(self.ty_of(base));
        let part = match self.types.kind(ty) {
            TyKind::Tuple(parts) => self.types.list(parts).get(index as usize).copied(),
            TyKind::Error => return self.error_expr(span),
            TyKind::Infer(_) if self.is_unknown(ty) => {
                let at = self.span_of(base);
                self.cannot_infer(ty, at);
                return self.error_expr(span);
            }
            _ => None,
        };
        match part {
            Some(part) => self.add(ExprKind::TupleField(base, index), part, span),
            None => {
                let shown = self.show(ty);
                let message = format!("`{shown}` has no part `{index}`");
                self.report(Diagnostic::new(codes::UNKNOWN_FIELD, index_span, message));
                self.error_expr(span)
            }
        }
    }
}

/// Adds to the report of a method where a function is wanted the closure that calls it.
fn method_as_value(diagnostic: Diagnostic, count: usize, whole: Span) -> Diagnostic {
    let names = ["x", "y", "z"].get(..count).map_or_else(|| "…".to_string(), |names| names.join(", "));
    let (before, behind) = (format!("|{names}| "), format!("({names})"));
    let message = "a method as a value is a closure that calls it";
    diagnostic.around(whole, (&before, &behind), message, Applicability::MaybeIncorrect)
}

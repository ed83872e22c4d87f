//! Reports of impls that do not keep their traits' promises.

use super::Checker;
use crate::ast::{self, Ident, Name};
use crate::diagnostics::{Diagnostic, codes};
use crate::hir::{FnId, ImplId, TraitId, Ty};
use crate::resolve::FnSource;
use crate::source::Span;

impl<'a> Checker<'a, '_> {
    /// An impl without some of its trait's methods.
    pub(super) fn incomplete_impl(&mut self, id: ImplId, trait_id: TraitId, missing: &[FnId]) {
        let names: Vec<Name> = missing.iter().map(|&id| self.program.function(id).name).collect();
        let list = self.quoted(names.into_iter());
        let name = self.text(self.program.trait_(trait_id).name);
        let message = format!("this `impl` lacks {list} of the trait `{name}`");
        let span = self.program.impl_(id).span;
        let mut diagnostic =
            Diagnostic::new(codes::INCOMPLETE_IMPL, span, message).label(format!("missing {list}"));
        if let (&[only], true) = (missing, self.program.trait_(trait_id).span != Span::default()) {
            diagnostic = diagnostic.secondary(self.program.function(only).span, "declared here");
        } else if self.program.trait_(trait_id).span != Span::default() {
            diagnostic =
                diagnostic.secondary(self.program.trait_(trait_id).span, "the trait is declared here");
        }
        if let &[only] = missing
            && let Some(text) = self.stub(id, only)
        {
            let ast = self.decls.impls[id.index()].ast;
            let close = Span::new(ast.span.hi.saturating_sub(1), ast.span.hi).start();
            let text = match self.on_one_line(ast.span, close) {
                true => format!(" {text} "),
                false => format!("{0}  {text}\n{0}", self.indent_at(ast.span)),
            };
            diagnostic = diagnostic.outline(close, text, "add it");
        }
        self.report(diagnostic);
    }

    /// A method as an impl must have it, with its body left open.
    fn stub(&mut self, id: ImplId, declared: FnId) -> Option<String> {
        let function = self.program.function(declared);
        if function.generics.len() != function.outer_generics as usize {
            return None;
        }
        let item = self.program.impl_(id);
        let mut args = vec![item.target];
        args.extend_from_slice(self.types.list(item.trait_ref?.args));
        let names: Vec<Name> = self.program.impl_(id).generics.iter().map(|param| param.name).collect();
        Some(format!("{} {{ … }}", self.signature_text(declared, &args, &names)))
    }

    /// A method in an impl that its trait does not have.
    pub(super) fn not_in_trait(&mut self, trait_id: TraitId, name: Ident) {
        let item = self.program.trait_(trait_id);
        let message = format!("the trait `{}` has no `{}`", self.text(item.name), self.text(name.name));
        let (at, methods) = (item.span, item.methods.clone());
        let mut diagnostic = Diagnostic::new(codes::NOT_IN_TRAIT, name.span, message);
        if at != Span::default() {
            diagnostic = diagnostic.secondary(at, "the trait is declared here");
        }
        let close = self.closest(name.name, methods.iter().map(|method| method.name));
        self.report(match close {
            Some(close) => close.add(diagnostic, name.span),
            None => diagnostic.help("a method that is the type's own stands in an `impl` without a trait"),
        });
    }

    /// A parameter (by its number, `self` included) or the result of a method that has not its trait's type.
    pub(super) fn wrong_part(&mut self, declared: FnId, given: FnId, part: Option<usize>, args: &[Ty]) {
        let type_of = |id: FnId| {
            let function = self.program.function(id);
            part.map_or(function.result, |index| function.params[index].ty)
        };
        let (wanted, found) = (type_of(declared), type_of(given));
        let wanted = self.types.subst(wanted, args);
        let names = self.generic_names(given);
        let shown = |ty| crate::hir::type_text(&self.program, &self.types, self.names, &names, ty);
        let (wanted, found) = (shown(wanted), shown(found));
        let function = self.program.function(given);
        let name = self.text(function.name);
        let (message, fallback) = match part {
            Some(index) => {
                let param = &function.params[index];
                let text = self.text(param.name);
                (format!("`{text}` of `{name}` is `{found}`, but `{wanted}` in the trait"), param.span)
            }
            None => (format!("`{name}` gives `{found}`, but `{wanted}` in the trait"), function.span),
        };
        let at = self.written_part(given, part);
        let mut diagnostic = Diagnostic::new(codes::IMPL_SIGNATURE, at.unwrap_or(fallback), message);
        let there = self.written_part(declared, part).unwrap_or(self.program.function(declared).span);
        if there != Span::default() {
            diagnostic = diagnostic.secondary(there, "declared here");
        }
        self.report(match (at, part) {
            (Some(at), _) if wanted != "()" => diagnostic.maybe(at, wanted, "write the trait's type"),
            (None, None) => match self.written_function(given) {
                Some(ast) => {
                    let arrow = format!(" -> {wanted}");
                    diagnostic.maybe(ast.signature.end(), arrow, "write the trait's type")
                }
                None => diagnostic,
            },
            _ => diagnostic,
        });
    }

    /// Where the type of a parameter or result is written.
    fn written_part(&self, id: FnId, part: Option<usize>) -> Option<Span> {
        let ast = self.written_function(id)?;
        let ty = match part {
            Some(index) => Some(&ast.params.get(index.checked_sub(1)?)?.ty),
            None => ast.result.as_ref(),
        };
        ty.map(|ty| ty.span)
    }

    fn written_function(&self, id: FnId) -> Option<&'a ast::Function> {
        match self.decls.functions[id.index()].source {
            FnSource::Function(ast) => Some(ast),
            _ => None,
        }
    }

    /// A method that has not the number of parameters that its trait's has, or a `self` or not.
    pub(super) fn wrong_signature(&mut self, declared: FnId, given: FnId, args: &[Ty]) {
        let names = self.generic_names(given);
        let wanted = self.signature_text(declared, args, &names);
        let name = self.text(self.program.function(given).name).to_string();
        let (at, span) = (self.program.function(declared).span, self.program.function(given).span);
        let mut diagnostic =
            Diagnostic::new(codes::IMPL_SIGNATURE, span, format!("`{name}` differs from its trait's"))
                .label(format!("the trait asks for `{wanted}`"));
        if at != Span::default() {
            diagnostic = diagnostic.secondary(at, "declared here");
        }
        self.report(diagnostic);
    }

    fn generic_names(&self, id: FnId) -> Vec<Name> {
        self.program.function(id).generics.iter().map(|param| param.name).collect()
    }

    /// A function's signature as it is written, with types in place of the parameters.
    fn signature_text(&mut self, id: FnId, args: &[Ty], names: &[Name]) -> String {
        let function = self.program.function(id);
        let params: Vec<(Name, Ty)> = function.params.iter().map(|param| (param.name, param.ty)).collect();
        let (name, result, has_self) = (function.name, function.result, function.has_self);
        let mut list = Vec::new();
        for (index, (name, ty)) in params.into_iter().enumerate() {
            if index == 0 && has_self {
                list.push("self".to_string());
                continue;
            }
            let ty = self.types.subst(ty, args);
            let ty = crate::hir::type_text(&self.program, &self.types, self.names, names, ty);
            list.push(format!("{}: {ty}", self.names.text(name)));
        }
        let result = self.types.subst(result, args);
        let arrow = match result {
            Ty::UNIT => String::new(),
            _ => {
                format!(
                    " -> {}",
                    crate::hir::type_text(&self.program, &self.types, self.names, names, result)
                )
            }
        };
        format!("fn {}({}){arrow}", self.text(name), list.join(", "))
    }
}

//! Calls of methods and of functions that belong to types.

use super::Checker;
use super::arguments::Callable;
use super::expr::Expect;
use super::lookup::Found;
use super::report::Why;
use crate::ast::{self, Ident};
use crate::diagnostics::{Diagnostic, codes};
use crate::hir::{Call, Callee, Conversion, ExprId, ExprKind, FnId, TraitId, TraitRef, Ty, TyKind};
use crate::source::Span;

impl<'a> Checker<'a, '_> {
    /// `receiver.name(args)`
    pub(super) fn method_call(
        &mut self,
        receiver: ExprId,
        name: Ident,
        args: &'a [ast::Arg],
        expect: Expect,
        span: Span,
    ) -> ExprId {
        let ty = self.known_type(self.ty_of(receiver));
        let ty = self.settle_type(ty);
        match self.types.kind(ty) {
            TyKind::Error | TyKind::Never => return self.check_loose(args, span),
            TyKind::Infer(_) => {
                let at = self.span_of(receiver);
                self.cannot_infer(ty, at);
                return self.check_loose(args, span);
            }
            TyKind::Struct(id, _)
                if name.name == self.known.with && self.find_inherent(ty, name.name).is_none() =>
            {
                return self.copy_with(id, receiver, args, span);
            }
            _ => {}
        }
        if let Some(found) = self.find_method(ty, name.name, name.span) {
            return self.call_found(found, ty, receiver, name, args, expect, span);
        }
        if let Some(field) = self.fn_field(ty, name, receiver, span) {
            return self.call_value(field, args, expect, span);
        }
        self.unknown_method(ty, name, false);
        self.check_loose(args, span)
    }

    #[allow(clippy::too_many_arguments, reason = "the parts of a call")]
    fn call_found(
        &mut self,
        found: Found,
        ty: Ty,
        receiver: ExprId,
        name: Ident,
        args: &'a [ast::Arg],
        expect: Expect,
        span: Span,
    ) -> ExprId {
        match found {
            Found::Inherent(id, impl_args) => {
                if !self.program.function(id).has_self {
                    return self.without_self(id, name, args, span);
                }
                self.visible_member(id, name);
                let type_args = self.with_own_args(id, impl_args, name.span);
                self.call_function(id, type_args, Some(receiver), args, expect, span)
            }
            Found::Trait(of, method) => {
                let id = self.program.trait_(of.id).methods[method as usize].function;
                if !self.program.function(id).has_self {
                    return self.without_self(id, name, args, span);
                }
                self.call_trait_method(ty, of, method, Some(receiver), args, expect, span)
            }
            Found::Virtual(of, method) => {
                let id = self.program.trait_(of.id).methods[method as usize].function;
                let mut type_args = vec![ty];
                type_args.extend_from_slice(self.types.list(of.args));
                let callee = Callee::Virtual(of.id, method);
                self.call_with(callee, id, type_args, Some(receiver), args, expect, span)
            }
        }
    }

    fn without_self(&mut self, id: FnId, name: Ident, args: &'a [ast::Arg], span: Span) -> ExprId {
        let at = self.program.function(id).span;
        let text = self.text(name.name).to_string();
        let message = format!("`{text}` is no method: it has no `self`");
        let diagnostic = Diagnostic::new(codes::UNKNOWN_METHOD, name.span, message)
            .secondary(at, "declared here")
            .help(format!("call it on the type: `Type.{text}(…)`"));
        self.report(diagnostic);
        self.check_loose(args, span)
    }

    /// Members that begin with `_` are seen in their own file only.
    pub(super) fn visible_member(&mut self, id: FnId, name: Ident) {
        let home = self.decls.functions[id.index()].module;
        if !self.is_at_home(home) && self.text(name.name).starts_with('_') && !self.is_standard(self.module) {
            let at = self.program.function(id).span;
            let message = format!("`{}` is private to its module", self.text(name.name));
            let diagnostic =
                Diagnostic::new(codes::PRIVATE_NAME, name.span, message).secondary(at, "declared here");
            self.report(diagnostic);
        }
    }

    /// The type arguments of a function in an impl: the impl's, then unknown ones for its own parameters.
    pub(super) fn with_own_args(&mut self, id: FnId, mut args: Vec<Ty>, span: Span) -> Vec<Ty> {
        let function = self.program.function(id);
        let own = function.generics.len() - function.outer_generics as usize;
        args.extend(self.fresh_args(own, span));
        args
    }

    /// A call of a trait's method on a type that implements it.
    #[allow(clippy::too_many_arguments, reason = "the parts of a call")]
    pub(super) fn call_trait_method(
        &mut self,
        self_ty: Ty,
        of: TraitRef,
        method: u32,
        receiver: Option<ExprId>,
        args: &'a [ast::Arg],
        expect: Expect,
        span: Span,
    ) -> ExprId {
        let id = self.program.trait_(of.id).methods[method as usize].function;
        let mut type_args = vec![self_ty];
        type_args.extend_from_slice(self.types.list(of.args));
        let function = self.program.function(id);
        let own = function.generics.len() - function.outer_generics as usize;
        let own = self.fresh_args(own, span);
        type_args.extend_from_slice(&own);
        let own = self.types.intern_list(&own);
        let callee = Callee::Method { self_ty, trait_ref: of, method, args: own };
        self.call_with(callee, id, type_args, receiver, args, expect, span)
    }

    /// A call of a callee with the parameters of a trait's declaration.
    #[allow(clippy::too_many_arguments, reason = "the parts of a call")]
    fn call_with(
        &mut self,
        callee: Callee,
        id: FnId,
        type_args: Vec<Ty>,
        receiver: Option<ExprId>,
        args: &'a [ast::Arg],
        expect: Expect,
        span: Span,
    ) -> ExprId {
        if self.has_body(id) {
            self.uses(id);
        }
        let skip = usize::from(receiver.is_some());
        let views = self.param_views(id, skip, &type_args);
        let result = self.program.function(id).result;
        let result = self.types.subst(result, &type_args);
        self.expect_result(result, expect);
        let Some(checked) = self.arguments(Callable::Function(id), &views, args, &type_args, receiver, span)
        else {
            return self.failed_call(result, span);
        };
        self.require_bounds(id, &type_args, &checked.values, span);
        let call = Call { callee, args: checked.values.into() };
        let call = self.add(ExprKind::Call(Box::new(call)), result, span);
        self.sequence(checked.before, call)
    }

    /// A call of a trait's method that the compiler makes, with checked arguments (the receiver first).
    pub(super) fn made_trait_call(
        &mut self,
        self_ty: Ty,
        of: TraitRef,
        method: u32,
        args: Vec<ExprId>,
        span: Span,
    ) -> ExprId {
        let id = self.program.trait_(of.id).methods[method as usize].function;
        if self.has_body(id) {
            self.uses(id);
        }
        let mut type_args = vec![self_ty];
        type_args.extend_from_slice(self.types.list(of.args));
        let result = self.program.function(id).result;
        let result = self.types.subst(result, &type_args);
        let is_virtual = self.program.trait_(of.id).methods[method as usize].is_virtual;
        let object = matches!(self.kind(self_ty), TyKind::Dyn(id, _) if id == of.id) && is_virtual;
        let callee = match object {
            true => Callee::Virtual(of.id, method),
            false => Callee::Method { self_ty, trait_ref: of, method, args: crate::hir::TyList::EMPTY },
        };
        self.add(ExprKind::Call(Box::new(Call { callee, args: args.into() })), result, span)
    }

    /// A call of a prelude method that the compiler makes, with checked arguments after the receiver.
    pub(super) fn made_method_call(
        &mut self,
        receiver: ExprId,
        name: ast::Name,
        args: Vec<ExprId>,
        span: Span,
    ) -> Option<ExprId> {
        let ty = self.shallow(self.ty_of(receiver));
        let Some(Found::Inherent(id, impl_args)) = self.find_inherent_from(ty, name, true) else {
            return None;
        };
        self.uses(id);
        let mut values = vec![receiver];
        for (index, arg) in args.into_iter().enumerate() {
            let wanted = self.program.function(id).params.get(index + 1)?.ty;
            let wanted = self.types.subst(wanted, &impl_args);
            values.push(self.coerce(arg, wanted, Why::NONE));
        }
        self.require_bounds(id, &impl_args, &values, span);
        let result = self.program.function(id).result;
        let result = self.types.subst(result, &impl_args);
        let list = self.types.intern_list(&impl_args);
        let call = Call { callee: Callee::Function(id, list), args: values.into() };
        Some(self.add(ExprKind::Call(Box::new(call)), result, span))
    }

    /// `Type.name(args)`: a variant, a function of the type, or a conversion that cuts.
    pub(super) fn call_member(
        &mut self,
        ty: Ty,
        name: Ident,
        call: &'a ast::Call,
        expect: Expect,
        span: Span,
    ) -> ExprId {
        let ty = self.shallow(ty);
        match self.types.kind(ty) {
            TyKind::Error => return self.wrong_call(call, span),
            TyKind::Enum(id, _) => {
                let variants = &self.program.enum_(id).variants;
                if let Some(index) = variants.iter().position(|variant| variant.name == name.name) {
                    return self.construct_variant(id, index as u32, Some(ty), call, expect, span);
                }
                if self.text(name.name).starts_with(char::is_uppercase) {
                    self.unknown_variant(id, name);
                    return self.wrong_call(call, span);
                }
            }
            TyKind::Storage(storage) if name.name == self.known.wrap => {
                return self.wrap_conversion(storage, ty, call, span);
            }
            _ => {}
        }
        if let Some(Found::Inherent(id, impl_args)) = self.find_inherent(ty, name.name) {
            self.visible_member(id, name);
            let type_args = self.with_own_args(id, impl_args, name.span);
            return self.call_function(id, type_args, None, &call.args, expect, span);
        }
        match self.find_method(ty, name.name, name.span) {
            Some(Found::Trait(of, method) | Found::Virtual(of, method)) => {
                self.call_trait_method(ty, of, method, None, &call.args, expect, span)
            }
            Some(Found::Inherent(id, impl_args)) => {
                let type_args = self.with_own_args(id, impl_args, name.span);
                self.call_function(id, type_args, None, &call.args, expect, span)
            }
            None => {
                self.unknown_method(ty, name, true);
                self.wrong_call(call, span)
            }
        }
    }

    fn wrap_conversion(
        &mut self,
        storage: crate::hir::Storage,
        ty: Ty,
        call: &'a ast::Call,
        span: Span,
    ) -> ExprId {
        let [arg] = call.args.as_slice() else {
            let message = format!("`wrap` takes 1 argument, but {} were given", call.args.len());
            self.report(Diagnostic::new(codes::ARGUMENT_COUNT, span, message));
            return self.wrong_call(call, span);
        };
        let value = self.expr_as(&arg.value, storage.wide(), Why::NONE);
        self.add(ExprKind::Convert(Conversion::Wrap(storage), value), ty, span)
    }

    /// `Trait.name(x, args)`: the first argument says which type's method it is.
    pub(super) fn call_trait_member(
        &mut self,
        id: TraitId,
        name: Ident,
        call: &'a ast::Call,
        expect: Expect,
        span: Span,
    ) -> ExprId {
        let methods = &self.program.trait_(id).methods;
        let Some(method) = methods.iter().position(|method| method.name == name.name) else {
            let message = format!(
                "the trait `{}` has no `{}`",
                self.text(self.program.trait_(id).name),
                self.text(name.name)
            );
            self.report(Diagnostic::new(codes::UNKNOWN_METHOD, name.span, message));
            return self.wrong_call(call, span);
        };
        let self_ty = self.fresh(super::infer::VarKind::Any, name.span);
        let of = self.fresh_trait_args(id, name.span);
        self.call_trait_method(self_ty, of, method as u32, None, &call.args, expect, span)
    }
}

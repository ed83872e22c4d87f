//! Calls: what is called, and with which type arguments.

use super::Checker;
use super::arguments::{Callable, ParamView};
use super::expr::Expect;
use super::paths::{Meaning, Path};
use crate::ast::{self, ExprKind as Ast, Ident};
use crate::diagnostics::{Diagnostic, codes};
use crate::hir::{Call, Callee, Code, ExprId, ExprKind, FnId, Ty, TyKind};
use crate::resolve::Def;
use crate::source::Span;

impl<'a> Checker<'a, '_> {
    pub(super) fn call(&mut self, call: &'a ast::Call, expect: Expect, span: Span) -> ExprId {
        match &call.callee.kind {
            Ast::Name(name) => {
                let name = Ident { name: *name, span: call.callee.span };
                self.call_name(name, call, expect, span)
            }
            Ast::Field(base, name) => match self.path(base) {
                Some(Path::Module(id)) => match self.member_of(id, *name) {
                    Some(def) => self.call_def(def, *name, call, expect, span),
                    None => self.wrong_call(call, span),
                },
                Some(Path::Type(ty)) => self.call_member(ty, *name, call, expect, span),
                Some(Path::Trait(id)) => self.call_trait_member(id, *name, call, expect, span),
                Some(Path::Broken) => self.wrong_call(call, span),
                None => {
                    let receiver = self.any_expr(base);
                    self.method_call(receiver, *name, &call.args, expect, span)
                }
            },
            Ast::OptionalField(base, name) => self.optional_call(base, *name, &call.args, span),
            Ast::Generic(ty) => match self.written_type(ty) {
                Ty::ERROR => self.wrong_call(call, span),
                ty => self.construct_type(ty, call, expect, span),
            },
            _ => {
                let callee = self.any_expr(&call.callee);
                self.call_value(callee, &call.args, expect, span)
            }
        }
    }

    fn call_name(&mut self, name: Ident, call: &'a ast::Call, expect: Expect, span: Span) -> ExprId {
        match self.meaning(name.name) {
            Some(Meaning::Local(local)) => {
                let callee = self.use_local(local, name.span);
                self.call_value(callee, &call.args, expect, span)
            }
            Some(Meaning::Outer) => {
                self.name_value(name, expect);
                self.wrong_call(call, span)
            }
            Some(Meaning::Type(ty)) => self.construct_type(ty, call, expect, span),
            Some(Meaning::Def(def)) => match self.variant_before(def, name.name, expect) {
                Some((id, variant)) => self.construct_variant(id, variant, None, call, expect, span),
                None => self.call_def(def, name, call, expect, span),
            },
            None => match self.expected_variant(name.name, expect) {
                Some((id, variant)) => self.construct_variant(id, variant, None, call, expect, span),
                None if self.foreign_call(name, call, span) => self.wrong_call(call, span),
                None => {
                    self.name_value(name, Expect::Any);
                    self.wrong_call(call, span)
                }
            },
        }
    }

    /// A call of a declaration.
    pub(super) fn call_def(
        &mut self,
        def: Def,
        name: Ident,
        call: &'a ast::Call,
        expect: Expect,
        span: Span,
    ) -> ExprId {
        match def {
            Def::Function(id) => {
                let args = self.call_args(id, name.span);
                self.call_function(id, args, None, &call.args, expect, span)
            }
            Def::Struct(id) => {
                let (ty, _) = self.fresh_struct(id, name.span);
                self.construct_struct(id, ty, call, expect, span)
            }
            Def::Variant(id, variant) => self.construct_variant(id, variant, None, call, expect, span),
            Def::Builtin(builtin) => self.call_builtin(builtin, call, expect, span),
            Def::Type(ty) => self.conversion(ty, call, span),
            Def::Alias(_) => {
                let ty = match self.path(&call.callee) {
                    Some(Path::Type(ty)) => ty,
                    _ => return self.wrong_call(call, span),
                };
                self.construct_type(ty, call, expect, span)
            }
            Def::Const(_) | Def::Global(_) | Def::ForeignVar(_) => {
                let callee = self.def_value(def, name, Expect::Any);
                self.call_value(callee, &call.args, expect, span)
            }
            Def::Broken => self.wrong_call(call, span),
            Def::Array | Def::Enum(_) | Def::Trait(_) | Def::Module(_) => {
                let text = self.text(name.name).to_string();
                let message = format!("`{text}` cannot be called");
                let mut diagnostic = Diagnostic::new(codes::NOT_CALLABLE, name.span, message);
                if let Def::Enum(id) = def {
                    let variants = self.program.enum_(id).variants.iter().map(|variant| variant.name);
                    let list = self.quoted(variants.take(5));
                    diagnostic = diagnostic.help(format!("construct one of its variants: {list}"));
                } else if def == Def::Array {
                    diagnostic = diagnostic.help("`Array<int>.new()` or `[]` makes an array");
                }
                self.report(diagnostic);
                self.wrong_call(call, span)
            }
        }
    }

    /// `Type<args>(…)`: a struct's constructor or a conversion.
    fn construct_type(&mut self, ty: Ty, call: &'a ast::Call, expect: Expect, span: Span) -> ExprId {
        match self.kind(ty) {
            TyKind::Struct(id, _) => self.construct_struct(id, ty, call, expect, span),
            TyKind::Error => self.wrong_call(call, span),
            TyKind::Int | TyKind::Float | TyKind::Bool | TyKind::Char | TyKind::Str | TyKind::Storage(_) => {
                self.conversion(ty, call, span)
            }
            _ => {
                let shown = self.show(ty);
                let message = format!("`{shown}` has no constructor");
                self.report(Diagnostic::new(codes::NOT_CALLABLE, call.callee.span, message));
                self.wrong_call(call, span)
            }
        }
    }

    /// After a report: the arguments are checked for their own errors.
    pub(super) fn wrong_call(&mut self, call: &'a ast::Call, span: Span) -> ExprId {
        for arg in &call.args {
            self.lost_expr(&arg.value);
        }
        self.error_expr(span)
    }

    /// A call of a value of a function type.
    pub(super) fn call_value(
        &mut self,
        callee: ExprId,
        args: &'a [ast::Arg],
        expect: Expect,
        span: Span,
    ) -> ExprId {
        let ty = self.known_type(self.ty_of(callee));
        let (params, result) = match self.types.kind(ty) {
            TyKind::Fn(params, result) => (self.types.list(params).to_vec(), result),
            TyKind::Infer(_) => {
                let at = self.span_of(callee);
                let params = self.fresh_args(args.len(), at);
                let result = self.fresh(super::infer::VarKind::Any, span);
                let wanted = self.types.function(&params, result);
                if !self.unify(ty, wanted) {
                    self.not_callable(callee);
                    return self.check_loose(args, span);
                }
                (params, result)
            }
            TyKind::Error => return self.check_loose(args, span),
            _ => {
                self.not_callable(callee);
                return self.check_loose(args, span);
            }
        };
        self.expect_result(result, expect);
        let views: Vec<ParamView> = params
            .into_iter()
            .map(|ty| ParamView { name: ast::known::EMPTY, ty, default: false, span: Span::default() })
            .collect();
        let Some(checked) = self.arguments(Callable::Value, &views, args, &[], None, span) else {
            return self.error_expr(span);
        };
        let call = Call { callee: Callee::Value(callee), args: checked.values.into() };
        let id = self.add(ExprKind::Call(Box::new(call)), result, span);
        self.sequence(checked.before, id)
    }

    fn not_callable(&mut self, callee: ExprId) {
        let (ty, span) = (self.ty_of(callee), self.span_of(callee));
        let shown = self.show(ty);
        let message = format!("`{shown}` cannot be called");
        let diagnostic = Diagnostic::new(codes::NOT_CALLABLE, span, message).label("this is no function");
        let diagnostic = match self.declaration_of(callee) {
            Some(at) => diagnostic.secondary(at, format!("this is `{shown}`")),
            None => diagnostic,
        };
        self.report(diagnostic);
    }

    /// Where the variable that is a value was declared, in the program.
    fn declaration_of(&self, value: ExprId) -> Option<Span> {
        match self.body.exprs[value.index()].kind {
            ExprKind::Local(local) => Some(self.body.locals[local.index()].span),
            ExprKind::Global(id) => Some(self.program.global(id).span),
            _ => None,
        }
    }

    /// Checks arguments that no parameter is for.
    pub(super) fn check_loose(&mut self, args: &'a [ast::Arg], span: Span) -> ExprId {
        for arg in args {
            self.lost_expr(&arg.value);
        }
        self.error_expr(span)
    }

    /// What is expected of a call's result may decide type arguments before the arguments are looked at.
    pub(super) fn expect_result(&mut self, result: Ty, expect: Expect) {
        let Some(expected) = expect.ty() else { return };
        if !self.types.has_infer(result) {
            return;
        }
        let (result, expected) = (self.shallow(result), self.shallow(expected));
        // A value of the bare type may still be converted, so its type is not decided by these.
        let converts = matches!(
            self.types.kind(expected),
            TyKind::Float
                | TyKind::Storage(_)
                | TyKind::Dyn(..)
                | TyKind::Infer(_)
                | TyKind::Error
                | TyKind::Unit
        );
        if converts && matches!(self.types.kind(result), TyKind::Infer(_)) {
            return;
        }
        let snapshot = self.snapshot();
        if self.unify(result, expected) {
            self.commit(snapshot);
        } else {
            self.rollback(snapshot);
        }
    }

    /// A call of a function with type arguments, some of which may be unknown.
    pub(super) fn call_function(
        &mut self,
        id: FnId,
        type_args: Vec<Ty>,
        receiver: Option<ExprId>,
        args: &'a [ast::Arg],
        expect: Expect,
        span: Span,
    ) -> ExprId {
        self.uses(id);
        let skip = usize::from(receiver.is_some());
        let views = self.param_views(id, skip, &type_args);
        let result = self.program.function(id).result;
        let result = self.types.subst(result, &type_args);
        if !type_args.is_empty() {
            self.expect_result(result, expect);
        }
        if let Code::C(_) = self.program.function(id).code {
            return self.call_c(id, &views, args, result, span);
        }
        let callable = Callable::Function(id);
        let Some(checked) = self.arguments(callable, &views, args, &type_args, receiver, span) else {
            return self.failed_call(result, span);
        };
        self.require_bounds(id, &type_args, &checked.values, span);
        let list = self.types.intern_list(&type_args);
        let call = Call { callee: Callee::Function(id, list), args: checked.values.into() };
        let id = self.add(ExprKind::Call(Box::new(call)), result, span);
        self.sequence(checked.before, id)
    }

    /// A call whose arguments were wrong still has its result's type, if that does not hang on them.
    pub(super) fn failed_call(&mut self, result: Ty, span: Span) -> ExprId {
        let result = self.resolve(result);
        let ty = if self.types.has_infer(result) { Ty::ERROR } else { result };
        self.add(ExprKind::Error, ty, span)
    }

    /// The parameters of a function from `skip` on, with type arguments in their types.
    pub(super) fn param_views(&mut self, id: FnId, skip: usize, type_args: &[Ty]) -> Vec<ParamView> {
        let count = self.program.function(id).params.len();
        let shift = usize::from(self.program.function(id).has_self);
        let source = self.decls.functions[id.index()].source;
        let mut views = Vec::with_capacity(count - skip);
        for index in skip..count {
            let param = &self.program.function(id).params[index];
            let (name, ty, span) = (param.name, param.ty, param.span);
            let default = match source {
                crate::resolve::FnSource::Function(ast) => {
                    index >= shift
                        && ast.params.get(index - shift).is_some_and(|param| param.default.is_some())
                }
                _ => false,
            };
            let ty = self.types.subst(ty, type_args);
            views.push(ParamView { name, ty, default, span });
        }
        views
    }
}

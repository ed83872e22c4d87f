//! Constructors: of structs and variants, called or as values, and copies with changes.

use super::Checker;
use super::arguments::{Callable, ParamView};
use super::expr::Expect;
use super::report::Why;
use crate::ast::{self, Ident};
use crate::diagnostics::{Diagnostic, codes};
use crate::hir::{Closure, EnumId, ExprId, ExprKind, LocalId, StructId, Ty, TyKind};
use crate::source::Span;

impl<'a> Checker<'a, '_> {
    /// `Point(1, y: 2)`; `ty` may have unknown arguments.
    pub(super) fn construct_struct(
        &mut self,
        id: StructId,
        ty: Ty,
        call: &'a ast::Call,
        expect: Expect,
        span: Span,
    ) -> ExprId {
        self.expect_result(ty, expect);
        let args = self.type_args(ty);
        let views = self.field_views(id, &args);
        let Some(checked) = self.arguments(Callable::Struct(id), &views, &call.args, &args, None, span)
        else {
            return self.failed_call(ty, span);
        };
        self.struct_bounds(id, &args, span);
        let made = self.add(ExprKind::Struct(checked.values.into()), ty, span);
        self.sequence(checked.before, made)
    }

    /// The bounds of a struct's type parameters.
    fn struct_bounds(&mut self, id: StructId, args: &[Ty], span: Span) {
        for index in 0..args.len() {
            for bound in 0..self.program.struct_(id).generics[index].bounds.len() {
                let param = &self.program.struct_(id).generics[index];
                let (bound, at) = (param.bounds[bound], param.span);
                let args_of = self.types.subst_list(bound.args, args);
                let bound = crate::hir::TraitRef { id: bound.id, args: args_of };
                self.require(args[index], bound, span, Why::new(at, "required by this bound"));
            }
        }
    }

    /// The type arguments of a struct or enum.
    pub(super) fn type_args(&self, ty: Ty) -> Vec<Ty> {
        match self.kind(ty) {
            TyKind::Struct(_, args) | TyKind::Enum(_, args) | TyKind::Dyn(_, args) => {
                self.types.list(args).to_vec()
            }
            _ => Vec::new(),
        }
    }

    fn field_views(&mut self, id: StructId, args: &[Ty]) -> Vec<ParamView> {
        let ast = self.decls.structs[id.index()].ast;
        let count = self.program.struct_(id).fields.len();
        let mut views = Vec::with_capacity(count);
        for index in 0..count {
            let field = &self.program.struct_(id).fields[index];
            let (name, ty, span) = (field.name, field.ty, field.span);
            let default = ast.is_some_and(|ast| ast.fields[index].default.is_some());
            views.push(ParamView { name, ty: self.types.subst(ty, args), default, span });
        }
        views
    }

    /// `Circle(2.0)`, `Shape.Circle(2.0)`; `ty` is the enum's type where it is written.
    pub(super) fn construct_variant(
        &mut self,
        id: EnumId,
        variant: u32,
        ty: Option<Ty>,
        call: &'a ast::Call,
        expect: Expect,
        span: Span,
    ) -> ExprId {
        let ty = ty.unwrap_or_else(|| self.fresh_enum(id, call.callee.span));
        self.expect_result(ty, expect);
        let args = self.type_args(ty);
        let views = self.variant_views(id, variant, &args);
        let name = self.program.enum_(id).variants[variant as usize].name;
        if views.is_empty() {
            let text = self.text(name).to_string();
            let message = format!("`{text}` has no fields");
            let diagnostic = Diagnostic::new(codes::NOT_CALLABLE, span, message)
                .help(format!("write `{text}` without parentheses"));
            self.report(diagnostic);
            return self.wrong_call(call, span);
        }
        let callable = Callable::Variant(name);
        let Some(checked) = self.arguments(callable, &views, &call.args, &args, None, span) else {
            return self.failed_call(ty, span);
        };
        let made = self.add(ExprKind::Variant(variant, checked.values.into()), ty, span);
        self.sequence(checked.before, made)
    }

    fn variant_views(&mut self, id: EnumId, variant: u32, args: &[Ty]) -> Vec<ParamView> {
        let count = self.program.enum_(id).variants[variant as usize].fields.len();
        let mut views = Vec::with_capacity(count);
        for index in 0..count {
            let field = &self.program.enum_(id).variants[variant as usize].fields[index];
            let (name, ty, span) = (field.name, field.ty, field.span);
            views.push(ParamView { name, ty: self.types.subst(ty, args), default: false, span });
        }
        views
    }

    /// An enum with unknown types for its parameters.
    pub(super) fn fresh_enum(&mut self, id: EnumId, span: Span) -> Ty {
        let count = self.program.enum_(id).generics.len();
        let args = self.fresh_args(count, span);
        let args = self.types.intern_list(&args);
        self.types.intern(TyKind::Enum(id, args))
    }

    /// A variant without parentheses: its value, or its constructor as a function.
    pub(super) fn variant_value(&mut self, id: EnumId, variant: u32, expect: Expect, span: Span) -> ExprId {
        let ty = self.fresh_enum(id, span);
        self.variant_of(ty, id, variant, expect, span)
    }

    /// A variant of an enum's type, which may have unknown arguments.
    pub(super) fn variant_of(
        &mut self,
        ty: Ty,
        id: EnumId,
        variant: u32,
        expect: Expect,
        span: Span,
    ) -> ExprId {
        if self.program.enum_(id).variants[variant as usize].fields.is_empty() {
            self.expect_result(ty, expect);
            return self.add(ExprKind::Variant(variant, Box::default()), ty, span);
        }
        let args = self.type_args(ty);
        let params: Vec<Ty> = self.variant_views(id, variant, &args).iter().map(|view| view.ty).collect();
        self.constructor(params, ty, span, |fields| ExprKind::Variant(variant, fields))
    }

    /// A struct's name without parentheses: its constructor as a function.
    pub(super) fn constructor_value(&mut self, id: StructId, span: Span) -> ExprId {
        let (ty, args) = self.fresh_struct(id, span);
        let params: Vec<Ty> = self.field_views(id, &args).iter().map(|view| view.ty).collect();
        self.constructor(params, ty, span, ExprKind::Struct)
    }

    /// `|a, b| Made(a, b)`
    fn constructor(
        &mut self,
        params: Vec<Ty>,
        result: Ty,
        span: Span,
        make: impl FnOnce(Box<[ExprId]>) -> ExprKind,
    ) -> ExprId {
        let locals: Vec<LocalId> = params
            .iter()
            .map(|&ty| {
                let local = self.new_local(ast::known::EMPTY, ty, false, span);
                self.body.local_states[local.index()].depth += 1;
                local
            })
            .collect();
        let fields: Vec<ExprId> = locals.iter().map(|&local| self.local_value(local, span)).collect();
        let body = self.add(make(fields.into()), result, span);
        let ty = self.types.function(&params, result);
        let closure = Closure { params: locals.into(), captures: Box::default(), body, result };
        self.add(ExprKind::Closure(Box::new(closure)), ty, span)
    }

    pub(super) fn unknown_variant(&mut self, id: EnumId, name: Ident) {
        let item = self.program.enum_(id);
        let (of, at) = (item.name, item.span);
        let names: Vec<ast::Name> = item.variants.iter().map(|variant| variant.name).collect();
        let message = format!("`{}` has no variant `{}`", self.text(of), self.text(name.name));
        let mut diagnostic = Diagnostic::new(codes::UNKNOWN_VARIANT, name.span, message);
        if at != Span::default() {
            diagnostic = diagnostic.secondary(at, "the enum is declared here");
        }
        match self.closest(name.name, names.iter().copied()) {
            Some(close) => diagnostic = close.add(diagnostic, name.span),
            None => {
                let list = self.quoted(names.iter().copied().take(8));
                diagnostic = diagnostic.label(format!("it has {list}"));
            }
        }
        self.report(diagnostic);
    }

    /// `s.with(a: 3)`
    pub(super) fn copy_with(
        &mut self,
        id: StructId,
        receiver: ExprId,
        args: &'a [ast::Arg],
        span: Span,
    ) -> ExprId {
        let ty = self.shallow(self.ty_of(receiver));
        let type_args = self.type_args(ty);
        let mut views = self.field_views(id, &type_args);
        views.iter_mut().for_each(|view| view.default = true);
        if let Some(positional) = args.iter().find(|arg| arg.name.is_none()) {
            let message = "`with` takes fields by name: `s.with(a: 3)`";
            self.report(Diagnostic::new(codes::ARGUMENT_NAME, positional.value.span, message));
            return self.check_loose(args, span);
        }
        let mut before = Vec::new();
        let base = self.evaluate_first(receiver, &mut before);
        let mut values: Vec<Option<ExprId>> = vec![None; views.len()];
        for arg in args {
            let Some(name) = arg.name else { continue };
            let Some(place) = views.iter().position(|view| view.name == name.name) else {
                self.unknown_field(ty, name, None);
                self.any_expr(&arg.value);
                continue;
            };
            let view = &views[place];
            let why = Why::new(view.span, "expected because of this field");
            let value = self.expr_as(&arg.value, view.ty, why);
            values[place] = Some(self.evaluate_first(value, &mut before));
        }
        let fields: Vec<ExprId> = (0..values.len())
            .map(|index| match values[index] {
                Some(value) => value,
                None => {
                    let base = self.copy_stable(base);
                    self.add(ExprKind::Field(base, index as u32), views[index].ty, span)
                }
            })
            .collect();
        let made = self.add(ExprKind::Struct(fields.into()), ty, span);
        self.sequence(before, made)
    }
}

//! C: which types its functions and structs may have, what those are to the language, and calls.

use super::Checker;
use super::arguments::{Callable, ParamView};
use super::infer::VarKind;
use super::paths::Path;
use crate::ast;
use crate::diagnostics::{Diagnostic, codes};
use crate::hir::{Call, Callee, Code, ExprId, ExprKind, FnId, StructId, Ty, TyKind, TyList};
use crate::resolve::Def;
use crate::source::Span;

/// The most elements of an array within an extern struct, and the most bytes of all of them.
const MAX_FIXED: u64 = 1 << 20;
/// How deep extern structs may be nested.
const MAX_NESTING: u32 = 100;

/// Where a type of C stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Param,
    Result,
    /// A parameter of a callback.
    CallbackParam,
    /// The result of a callback.
    CallbackResult,
}

impl<'a> Checker<'a, '_> {
    /// A parameter's or result's type as it is written in an `extern` block.
    pub(super) fn foreign_type(&mut self, ty: &'a ast::Type) -> Ty {
        let outer = std::mem::replace(&mut self.foreign, true);
        let ty = self.written_type(ty);
        self.foreign = outer;
        ty
    }

    /// The type of a field of an extern struct, and how many elements it has if it is an array within.
    pub(super) fn foreign_field(&mut self, ty: &'a ast::Type) -> (Ty, Option<u32>) {
        let written = self.foreign_type(ty);
        match (self.types.kind(written), &ty.kind) {
            (TyKind::FixedArray(element, _), ast::TypeKind::FixedArray(_, count)) => {
                if *count == 0 || *count > MAX_FIXED || !self.is_c_scalar(element) {
                    self.bad_c_type(
                        ty.span,
                        written,
                        &format!("an array within a struct has 1 to {MAX_FIXED} scalars"),
                    );
                    return (Ty::ERROR, None);
                }
                (self.types.array(element), Some(*count as u32))
            }
            (TyKind::Struct(id, _), _) if self.program.struct_(id).is_extern => (written, None),
            (TyKind::Error, _) => (written, None),
            _ if self.is_c_scalar(written) => (written, None),
            _ => {
                self.bad_c_type(
                    ty.span,
                    written,
                    "a field is a scalar, a `ptr`, an extern struct or an array like `[u8; 16]`",
                );
                (Ty::ERROR, None)
            }
        }
    }

    /// Reports extern structs that are generic, empty, or contain themselves.
    pub(super) fn check_extern_structs(&mut self) {
        for index in 0..self.program.structs.len() {
            let item = &self.program.structs[index];
            if !item.is_extern {
                continue;
            }
            let (span, name) = (item.span, self.text(item.name).to_string());
            let wrong = if !item.generics.is_empty() {
                "has type parameters, which C does not know"
            } else if item.fields.is_empty() {
                "has no fields, which C does not allow"
            } else if self.nested_without_end(StructId(index as u32), 0) {
                "contains itself; `ptr` can point to another one"
            } else {
                continue;
            };
            self.report(Diagnostic::new(
                codes::BAD_C_TYPE,
                span,
                format!("the extern struct `{name}` {wrong}"),
            ));
            self.program.structs[index].fields.clear();
        }
    }

    fn nested_without_end(&self, id: StructId, depth: u32) -> bool {
        if depth > MAX_NESTING {
            return true;
        }
        // A chain of structs is followed as far as it goes: the first field that never ends decides.
        self.program.struct_(id).fields.iter().any(|field| match self.types.kind(field.ty) {
            TyKind::Struct(inner, _) if self.program.struct_(inner).is_extern => {
                inner == id || self.nested_without_end(inner, depth + 1)
            }
            _ => false,
        })
    }

    /// Whether C has a number or address of this type.
    pub(super) fn is_c_scalar(&self, ty: Ty) -> bool {
        matches!(
            self.types.kind(ty),
            TyKind::Int | TyKind::Float | TyKind::Bool | TyKind::Ptr | TyKind::Storage(_) | TyKind::Error
        )
    }

    /// The type of a parameter as callers see it; the error type after a report.
    pub(super) fn foreign_param(&mut self, ty: Ty, span: Span) -> Ty {
        match self.check_c_type(ty, Place::Param, span) {
            true => {
                let seen = self.seen(ty);
                self.types.wide(seen)
            }
            false => Ty::ERROR,
        }
    }

    /// The type of a result as callers see it; the error type after a report.
    pub(super) fn foreign_result(&mut self, ty: Ty, span: Span) -> Ty {
        if self.check_c_type(ty, Place::Result, span) { self.seen(ty) } else { Ty::ERROR }
    }

    fn check_c_type(&mut self, ty: Ty, place: Place, span: Span) -> bool {
        let inner = self.types.option_payload(ty);
        let (of, optional) = (inner.unwrap_or(ty), inner.is_some());
        let callback = matches!(place, Place::CallbackParam | Place::CallbackResult);
        let why = match self.types.kind(of) {
            TyKind::Error => return true,
            TyKind::Ptr if optional => "a `ptr` may be null by itself: `ptr.NULL`",
            TyKind::Unit if !optional && matches!(place, Place::Result | Place::CallbackResult) => {
                return true;
            }
            _ if self.is_c_scalar(of) && !optional => return true,
            TyKind::CStr if place != Place::CallbackResult => return true,
            TyKind::Str => "text is a `cstr` in C",
            _ if callback => {
                "a callback takes scalars, `ptr` and `cstr`, and gives a scalar, a `ptr` or nothing"
            }
            TyKind::Struct(id, _) if self.program.struct_(id).is_extern && !optional => return true,
            TyKind::Struct(id, _) if !self.program.struct_(id).is_extern => "C knows extern structs only",
            TyKind::Struct(..) => "a struct by value is always there; `*S?` may be null",
            TyKind::Pointer(to) if place == Place::Param => match self.types.kind(to) {
                TyKind::Struct(id, _) if self.program.struct_(id).is_extern => return true,
                TyKind::Error => return true,
                _ => "`*` is for extern structs",
            },
            TyKind::Array(element) if place == Place::Param && self.is_c_scalar(element) => return true,
            TyKind::Array(_) if place == Place::Param => {
                "an array for C has numbers, `bool` or `ptr` as elements"
            }
            TyKind::Pointer(_) | TyKind::Array(_) => "C gives addresses: write `ptr`",
            TyKind::Fn(params, result) if place == Place::Param => {
                let params = self.types.list(params).to_vec();
                let fine =
                    params.into_iter().all(|param| self.check_c_type(param, Place::CallbackParam, span));
                return fine && self.check_c_type(result, Place::CallbackResult, span);
            }
            _ => "the signature of a C function is made of C's types",
        };
        self.bad_c_type(span, ty, why);
        false
    }

    fn bad_c_type(&mut self, span: Span, ty: Ty, why: &str) {
        if !self.types.has_error(ty) {
            let message = format!("`{}` is no type for C here", self.show(ty));
            self.report(Diagnostic::new(codes::BAD_C_TYPE, span, message).label(why));
        }
    }

    /// What a type of C is to the language: `cstr` is `str`, `*S` is `S`.
    fn seen(&mut self, ty: Ty) -> Ty {
        self.types.map(ty, &mut |types, kind| match kind {
            TyKind::CStr => Some(Ty::STR),
            TyKind::Pointer(to) => Some(to),
            TyKind::Storage(storage) => Some(types.intern(TyKind::Storage(storage))),
            _ => None,
        })
    }

    /// A call of a C function.
    pub(super) fn call_c(
        &mut self,
        id: FnId,
        views: &[ParamView],
        args: &'a [ast::Arg],
        result: Ty,
        span: Span,
    ) -> ExprId {
        let variadic = matches!(&self.program.function(id).code, Code::C(c) if c.variadic);
        let fixed = if variadic { args.len().min(views.len()) } else { args.len() };
        let (fixed, more) = args.split_at(fixed);
        let Some(checked) = self.arguments(Callable::Function(id), views, fixed, &[], None, span) else {
            more.iter().for_each(|arg| {
                self.any_expr(&arg.value);
            });
            return self.failed_call(result, span);
        };
        let mut values = checked.values;
        for arg in more {
            values.push(self.variadic_arg(&arg.value));
        }
        let call = Call { callee: Callee::Function(id, TyList::EMPTY), args: values.into() };
        let id = self.add(ExprKind::Call(Box::new(call)), result, span);
        self.sequence(checked.before, id)
    }

    /// A C function as a value: where nothing else is asked for, with the storage types that it is declared with.
    pub(super) fn c_function_value(&mut self, id: FnId, span: Span) -> ExprId {
        let function = self.program.function(id);
        let Code::C(c) = &function.code else { return self.error_expr(span) };
        if c.variadic {
            return self.variadic_value(id, span);
        }
        let (written, result) = (c.params.clone(), function.result);
        let params: Vec<Ty> = written.iter().map(|&ty| self.soft(ty, span)).collect();
        let result = self.soft(result, span);
        let ty = self.types.function(&params, result);
        self.add(ExprKind::Function(id, TyList::EMPTY), ty, span)
    }

    /// A type of C in the type of a function's value: a storage type, or its wide one where such a function is wanted.
    fn soft(&mut self, ty: Ty, span: Span) -> Ty {
        let seen = self.seen(ty);
        match self.types.kind(seen) {
            TyKind::Storage(storage) if storage.is_of_c_alone() => storage.wide(),
            TyKind::Storage(storage) => self.fresh(VarKind::Soft(storage), span),
            _ => seen,
        }
    }

    /// Reports a variadic function as a value.
    fn variadic_value(&mut self, id: FnId, span: Span) -> ExprId {
        let function = self.program.function(id);
        let (name, at, count) = (self.text(function.name).to_string(), function.span, function.params.len());
        let message = format!("`{name}` takes variable arguments, so it can only be called");
        let params: Vec<&str> = ["a", "b", "c", "d", "e"].into_iter().take(count + 1).collect();
        let params = params.join(", ");
        let closure = format!("|{params}| {name}({params})");
        let help = "C needs the types of all arguments at the call; say them in a closure";
        let diagnostic = Diagnostic::new(codes::NOT_A_VALUE, span, message)
            .secondary(at, "declared with `...`")
            .outline(span, closure, help);
        self.report(diagnostic);
        self.error_expr(span)
    }

    /// An argument in the place of `...`.
    fn variadic_arg(&mut self, arg: &'a ast::Expr) -> ExprId {
        let id = self.any_expr(arg);
        let ty = self.known_type(self.ty_of(id));
        let ty = self.settle_type(ty);
        let fine = match self.types.kind(ty) {
            TyKind::Char | TyKind::Str | TyKind::Never => true,
            TyKind::Array(element) => {
                let element = self.settle_type(element);
                self.is_c_scalar(element)
            }
            _ => self.is_c_scalar(ty),
        };
        if !fine {
            let why =
                "a variable argument is a number, `bool`, `char`, `str`, `ptr` or an array of such numbers";
            self.bad_c_type(arg.span, ty, why);
        }
        id
    }

    /// The type of a library's variable.
    pub(super) fn foreign_variable(&mut self, ty: &'a ast::Type) -> Ty {
        let written = self.foreign_type(ty);
        if self.is_c_scalar(written) {
            return written;
        }
        self.bad_c_type(ty.span, written, "a variable is a scalar or a `ptr`");
        Ty::ERROR
    }

    /// `is_linked(f)`: whether the symbol of a C function is there.
    pub(super) fn is_linked(&mut self, call: &'a ast::Call, span: Span) -> ExprId {
        let [arg] = &call.args[..] else { return self.wrong_builtin(call, "is_linked", "1 argument", span) };
        let def = match &arg.value.kind {
            ast::ExprKind::Name(name) => self.global_name(*name),
            ast::ExprKind::Field(base, name) => match self.path(base) {
                Some(Path::Module(module)) => self.member_of(module, *name),
                _ => None,
            },
            _ => None,
        };
        match def {
            Some(Def::Function(id)) if matches!(self.program.function(id).code, Code::C(_)) => {
                self.add(ExprKind::IsLinked(id), Ty::BOOL, span)
            }
            _ => {
                let message = "`is_linked` takes the name of a C function";
                self.report(Diagnostic::new(codes::BAD_C_TYPE, arg.value.span, message));
                self.error_expr(span)
            }
        }
    }
}

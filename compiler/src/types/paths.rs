//! Names: what they mean in a body, and what they give as values.

use super::Checker;
use super::body::Binding;
use super::expr::Expect;
use crate::ast::{self, ExprKind as Ast, Ident, Name, TypeKind};
use crate::diagnostics::{Diagnostic, codes};
use crate::hir::{Code, EnumId, ExprId, ExprKind, FnId, LocalId, StructId, Ty, TyKind};
use crate::modules::ModuleId;
use crate::resolve::Def;
use crate::source::Span;

/// What a name in a body means.
#[derive(Clone, Copy)]
pub(super) enum Meaning {
    Local(LocalId),
    /// A local of a function around this one.
    Outer,
    Def(Def),
    /// A type parameter or `Self`.
    Type(Ty),
}

/// What stands before a dot when it is no value.
#[derive(Clone, Copy)]
pub(super) enum Path {
    Module(ModuleId),
    /// A type, with unknown types for arguments that are not written.
    Type(Ty),
    /// A trait's name.
    Trait(crate::hir::TraitId),
    /// Reported already.
    Broken,
}

impl<'a> Checker<'a, '_> {
    /// What a name means here.
    pub(super) fn meaning(&mut self, name: Name) -> Option<Meaning> {
        match self.body.binding(name) {
            Binding::Local(serial, local) if serial == self.body.serial => {
                return Some(Meaning::Local(local));
            }
            Binding::Local(..) => return Some(Meaning::Outer),
            Binding::Def(_, def) => return Some(Meaning::Def(def)),
            Binding::None => {}
        }
        if name == ast::known::SELF_TYPE
            && let Some(ty) = self.type_scope.self_ty
        {
            return Some(Meaning::Type(ty));
        }
        if let Some(index) = self.type_scope.params.iter().rposition(|&param| param == name) {
            return Some(Meaning::Type(self.types.intern(TyKind::Param(index as u32))));
        }
        self.global_name(name).map(Meaning::Def)
    }

    /// What a name means outside bodies: in this file, or everywhere.
    pub(super) fn global_name(&self, name: Name) -> Option<Def> {
        let scope = &self.decls.scopes[self.module.0 as usize];
        scope
            .resolve(name)
            .or_else(|| self.decls.prelude.get(&name).copied())
            .or_else(|| self.known.type_of(name).map(Def::Type))
    }

    /// A member of a module; `None` after a report.
    pub(super) fn module_member(&mut self, module: Ident, name: Ident) -> Option<Def> {
        match self.global_name(module.name) {
            Some(Def::Module(id)) => self.member_of(id, name),
            Some(Def::Broken) => None,
            Some(_) => {
                let message = format!("`{}` is no module", self.text(module.name));
                self.report(Diagnostic::new(codes::UNKNOWN_NAME, module.span, message));
                None
            }
            None => {
                self.unknown_name(module);
                None
            }
        }
    }

    /// A public name of another file; `None` after a report.
    pub(super) fn member_of(&mut self, module: ModuleId, name: Ident) -> Option<Def> {
        let scope = &self.decls.scopes[module.0 as usize];
        match scope.get(name.name) {
            Some(entry) if entry.public && entry.import.is_none() => match entry.def {
                Def::Broken => None,
                def => Some(def),
            },
            Some(entry) if entry.import.is_none() => {
                let at = entry.span;
                let message = format!("`{}` is private to its module", self.text(name.name));
                let diagnostic = Diagnostic::new(codes::PRIVATE_NAME, name.span, message)
                    .label("not public")
                    .secondary(at, "declared here without `pub`");
                self.report(diagnostic);
                None
            }
            _ => {
                let close = self.similar_member(module, name.name);
                let whole = self.modules.get(module).name.clone();
                let message = format!("the module `{whole}` has no `{}`", self.text(name.name));
                let mut diagnostic = Diagnostic::new(codes::UNKNOWN_NAME, name.span, message);
                if let Some(here) = self.member_elsewhere(module, name.name) {
                    diagnostic = diagnostic.maybe(name.span, here, format!("it is called `{here}` here"));
                } else if let Some(close) = close {
                    diagnostic = close.add(diagnostic, name.span);
                }
                self.report(diagnostic);
                None
            }
        }
    }

    /// What an expression before a dot means, if it is a module or type rather than a value.
    pub(super) fn path(&mut self, expr: &'a ast::Expr) -> Option<Path> {
        match &expr.kind {
            Ast::Name(name) => {
                let meaning = self.meaning(*name)?;
                self.path_of(meaning, Ident { name: *name, span: expr.span })
            }
            Ast::Generic(ty) => {
                let TypeKind::Named(named) = &ty.kind else { return None };
                if let Some(Def::Trait(id)) = self.type_def(named.module, named.name) {
                    return Some(Path::Trait(id));
                }
                let ty = self.written_type(ty);
                Some(if ty == Ty::ERROR { Path::Broken } else { Path::Type(ty) })
            }
            Ast::Field(base, name) => {
                let Ast::Name(first) = &base.kind else { return None };
                let Some(Meaning::Def(Def::Module(id))) = self.meaning(*first) else { return None };
                let entry = self.decls.scopes[id.0 as usize].get(name.name)?;
                if !matches!(entry.def, Def::Struct(_) | Def::Enum(_) | Def::Trait(_) | Def::Alias(_)) {
                    return None;
                }
                match self.member_of(id, *name) {
                    Some(def) => self.path_of(Meaning::Def(def), *name),
                    None => Some(Path::Broken),
                }
            }
            _ => None,
        }
    }

    fn path_of(&mut self, meaning: Meaning, name: Ident) -> Option<Path> {
        let def = match meaning {
            Meaning::Type(ty) => return Some(Path::Type(ty)),
            Meaning::Def(def) => def,
            Meaning::Local(_) | Meaning::Outer => return None,
        };
        Some(match def {
            Def::Module(id) => Path::Module(id),
            Def::Broken => Path::Broken,
            Def::Trait(id) => Path::Trait(id),
            Def::Type(ty) => Path::Type(ty),
            Def::Struct(_) | Def::Enum(_) | Def::Array => {
                let count = match def {
                    Def::Struct(id) => self.program.struct_(id).generics.len(),
                    Def::Enum(id) => self.program.enum_(id).generics.len(),
                    _ => 1,
                };
                let args = self.fresh_args(count, name.span);
                Path::Type(self.applied(def, name, args, name.span))
            }
            Def::Alias(id) => {
                let count = self.decls.aliases[id.0 as usize].ast.generics.len();
                let args = self.fresh_args(count, name.span);
                match self.applied(def, name, args, name.span) {
                    Ty::ERROR => Path::Broken,
                    ty => Path::Type(ty),
                }
            }
            _ => return None,
        })
    }

    /// A name as a value.
    pub(super) fn name_value(&mut self, name: Ident, expect: Expect) -> ExprId {
        if let Some(meaning) = self.meaning(name.name) {
            return match meaning {
                Meaning::Local(local) => self.use_local(local, name.span),
                Meaning::Outer => {
                    self.outer_local(name);
                    self.error_expr(name.span)
                }
                Meaning::Type(_) => self.no_value(name.span, "a type"),
                Meaning::Def(def) => match self.variant_before(def, name.name, expect) {
                    Some((id, variant)) => self.variant_value(id, variant, expect, name.span),
                    None => self.def_value(def, name, expect),
                },
            };
        }
        if let Some((id, variant)) = self.expected_variant(name.name, expect) {
            return self.variant_value(id, variant, expect, name.span);
        }
        let is_lost = matches!(expect, Expect::Hint(Ty::ERROR));
        if is_lost && self.text(name.name).starts_with(char::is_uppercase) {
            // A variant, perhaps, of an enum that the place would have named.
            return self.error_expr(name.span);
        }
        if name.name == ast::known::SELF {
            let message = "there is no `self` here: it is the first parameter of a method";
            self.report(Diagnostic::new(codes::NO_SELF, name.span, message));
        } else {
            self.unknown_name(name);
        }
        self.error_expr(name.span)
    }

    /// The variant of the expected enum that a name without qualification means.
    pub(super) fn expected_variant(&mut self, name: Name, expect: Expect) -> Option<(EnumId, u32)> {
        let ty = self.known_type(expect.ty()?);
        let found = self.own_variant(ty, name);
        if found.is_some() {
            return found;
        }
        // `let c: Color? = Some(Red)` expects through the constructor, so the option itself is no obstacle.
        let payload = self.types.option_payload(ty)?;
        let payload = self.shallow(payload);
        self.own_variant(payload, name)
    }

    fn own_variant(&self, ty: Ty, name: Name) -> Option<(EnumId, u32)> {
        let TyKind::Enum(id, _) = self.types.kind(ty) else { return None };
        let variants = &self.program.enum_(id).variants;
        let index = variants.iter().position(|variant| variant.name == name)?;
        Some((id, index as u32))
    }

    /// The variant of the expected enum, where the declaration that has its name gives way to it: one that is no value by
    /// itself (`Neg`, the trait), or one of the prelude's.
    pub(super) fn variant_before(&mut self, def: Def, name: Name, expect: Expect) -> Option<(EnumId, u32)> {
        match def {
            Def::Trait(_) | Def::Enum(_) | Def::Module(_) => self.expected_variant(name, expect),
            Def::Variant(..) | Def::Struct(_) | Def::Array if self.is_of_prelude(name) => {
                self.expected_variant(name, expect)
            }
            _ => None,
        }
    }

    /// Whether neither this body nor this file says what a name means.
    fn is_of_prelude(&self, name: Name) -> bool {
        matches!(self.body.binding(name), Binding::None)
            && self.decls.scopes[self.module.0 as usize].resolve(name).is_none()
    }

    /// The value of a local; closures between its declaration and here capture it.
    pub(super) fn use_local(&mut self, local: LocalId, span: Span) -> ExprId {
        self.body.local_states[local.index()].used = true;
        self.capture(local);
        let ty = self.body.locals[local.index()].ty;
        self.add(ExprKind::Local(local), ty, span)
    }

    /// Reports the use of a local of a function around this one.
    pub(super) fn outer_local(&mut self, name: Ident) {
        let text = self.text(name.name).to_string();
        let message = format!("a nested function cannot use `{text}` of the function around it");
        let diagnostic = Diagnostic::new(codes::UNKNOWN_NAME, name.span, message)
            .help("make it a closure: `let f = |x| …`, or pass the value as a parameter");
        self.report(diagnostic);
    }

    /// A declaration as a value.
    pub(super) fn def_value(&mut self, def: Def, name: Ident, expect: Expect) -> ExprId {
        match def {
            Def::Function(id) => {
                let args = self.call_args(id, name.span);
                self.function_value(id, args, name.span)
            }
            Def::Const(id) => self.const_value(id, name.span, expect),
            Def::Global(id) => self.global_value(id, name.span),
            Def::ForeignVar(id) => {
                let ty = self.program.function(id).result;
                self.add(ExprKind::ForeignVar(id), ty, name.span)
            }
            Def::Variant(id, variant) => self.variant_value(id, variant, expect, name.span),
            Def::Struct(id) => self.constructor_value(id, name.span),
            Def::Broken => self.error_expr(name.span),
            Def::Module(_) => self.no_value(name.span, &format!("the module `{}`", self.text(name.name))),
            Def::Builtin(_) => {
                let message = format!("`{}` can only be called", self.text(name.name));
                let diagnostic = Diagnostic::new(codes::NOT_A_VALUE, name.span, message)
                    .help("wrap it in a closure: `|x| …`");
                self.report(diagnostic);
                self.error_expr(name.span)
            }
            Def::Type(ty) if self.converts(ty) => self.conversion_as_value(name),
            Def::Enum(_) | Def::Trait(_) | Def::Alias(_) | Def::Type(_) | Def::Array => {
                self.no_value(name.span, &format!("the type `{}`", self.text(name.name)))
            }
        }
    }

    /// Whether calling a type's name converts to it.
    fn converts(&self, ty: Ty) -> bool {
        use TyKind::{Char, Float, Int, Storage, Str};
        matches!(self.types.kind(ty), Int | Float | Str | Char | Storage(_))
    }

    /// Reports a type that converts where a function is wanted: `xs.map(str)`.
    fn conversion_as_value(&mut self, name: Ident) -> ExprId {
        let text = self.text(name.name).to_string();
        let diagnostic = Diagnostic::new(
            codes::NOT_A_VALUE,
            name.span,
            format!("the type `{text}` is no value"),
        )
        .maybe(name.span, format!("|x| {text}(x)"), "the function that converts is a closure");
        self.report(diagnostic);
        self.error_expr(name.span)
    }

    /// A function as a value, with all its type arguments.
    pub(super) fn function_value(&mut self, id: FnId, args: Vec<Ty>, span: Span) -> ExprId {
        self.uses(id);
        self.require_bounds(id, &args, &[], span);
        if let Code::C(_) = self.program.function(id).code {
            return self.c_function_value(id, span);
        }
        let params: Vec<Ty> = self.program.function(id).params.iter().map(|param| param.ty).collect();
        let result = self.program.function(id).result;
        let params: Vec<Ty> = params.into_iter().map(|ty| self.types.subst(ty, &args)).collect();
        let result = self.types.subst(result, &args);
        let ty = self.types.function(&params, result);
        let list = self.types.intern_list(&args);
        self.add(ExprKind::Function(id, list), ty, span)
    }

    /// The type arguments of a call by name: a nested function keeps those of the function around it, the others are
    /// found by inference.
    pub(super) fn call_args(&mut self, id: FnId, span: Span) -> Vec<Ty> {
        let function = self.program.function(id);
        let (count, outer) = (function.generics.len(), function.outer_generics as usize);
        if count == 0 {
            return Vec::new();
        }
        match function.owner {
            crate::hir::Owner::Function(_) => {
                let mut args = self.own_params(outer);
                args.extend(self.fresh_args(count - outer, span));
                args
            }
            _ => self.fresh_args(count, span),
        }
    }

    fn global_value(&mut self, id: crate::hir::GlobalId, span: Span) -> ExprId {
        self.usage.global(id, false);
        let ty = match self.global_types[id.index()] {
            Some(ty) => ty,
            None => {
                let global = self.program.global(id);
                let (name, at) = (self.text(global.name).to_string(), global.span);
                let message = format!("`{name}` is used before its value is known");
                let diagnostic = Diagnostic::new(codes::INITIALIZER_CYCLE, span, message)
                    .secondary(at, "it is initialised here, later")
                    .help(format!("write its type: `let {name}: … =`"));
                self.report(diagnostic);
                Ty::ERROR
            }
        };
        self.add(ExprKind::Global(id), ty, span)
    }

    /// The type of a struct with unknown types in place of its parameters.
    pub(super) fn fresh_struct(&mut self, id: StructId, span: Span) -> (Ty, Vec<Ty>) {
        let count = self.program.struct_(id).generics.len();
        let args = self.fresh_args(count, span);
        (self.struct_type(id, &args), args)
    }
}

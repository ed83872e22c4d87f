//! Types as they are written, turned into types.

use super::{Checker, TypeScope};
use crate::ast::{self, Ident, NamedType, TypeKind};
use crate::diagnostics::{Diagnostic, codes};
use crate::hir::{EnumId, StructId, TraitId, TraitMethod, TraitRef, Ty, TyKind};
use crate::resolve::{AliasId, Def};
use crate::source::Span;

/// What is known of an alias.
#[derive(Clone, Copy)]
pub(super) enum AliasState {
    Unresolved,
    InProgress,
    /// Over its own type parameters.
    Known(Ty),
}

impl<'a> Checker<'a, '_> {
    /// The type that a written one stands for; the error type after a report.
    pub(super) fn written_type(&mut self, ty: &'a ast::Type) -> Ty {
        match &ty.kind {
            TypeKind::Named(named) => self.named_type(named, ty.span),
            TypeKind::Array(element) => {
                let element = self.written_type(element);
                self.types.array(element)
            }
            TypeKind::FixedArray(..) | TypeKind::Pointer(_) if !self.foreign => {
                let message = "this type is for `extern` declarations only";
                self.report(Diagnostic::new(codes::BAD_C_TYPE, ty.span, message));
                Ty::ERROR
            }
            TypeKind::FixedArray(element, len) => {
                let element = self.written_type(element);
                self.types.intern(TyKind::FixedArray(element, *len as u32))
            }
            TypeKind::Map(parts) => {
                let (key, value) = (self.written_type(&parts.0), self.written_type(&parts.1));
                self.map_type(key, value)
            }
            TypeKind::Tuple(parts) => {
                let parts: Vec<Ty> = parts.iter().map(|part| self.written_type(part)).collect();
                self.types.tuple(&parts)
            }
            TypeKind::Fn(params, result) => {
                let params: Vec<Ty> = params.iter().map(|param| self.written_type(param)).collect();
                let result = result.as_ref().map_or(Ty::UNIT, |result| self.written_type(result));
                self.types.function(&params, result)
            }
            TypeKind::Option(payload) => {
                let payload = self.written_type(payload);
                self.types.option(payload)
            }
            TypeKind::Pointer(to) => {
                let to = self.written_type(to);
                self.types.intern(TyKind::Pointer(to))
            }
            TypeKind::Error => Ty::ERROR,
        }
    }

    /// `[K: V]`
    pub(super) fn map_type(&mut self, key: Ty, value: Ty) -> Ty {
        let args = self.types.intern_list(&[key, value]);
        self.types.intern(TyKind::Struct(StructId::MAP, args))
    }

    fn named_type(&mut self, named: &'a NamedType, span: Span) -> Ty {
        if named.module.is_none() {
            let name = named.name.name;
            if let Some(index) = self.type_scope.params.iter().rposition(|&param| param == name) {
                return self.types.intern(TyKind::Param(index as u32));
            }
            if name == ast::known::SELF_TYPE {
                return match self.type_scope.self_ty {
                    Some(ty) => ty,
                    None => {
                        let message = "`Self` is the type of an `impl` or `trait`, and there is none here";
                        self.report(Diagnostic::new(codes::NO_SELF, span, message));
                        Ty::ERROR
                    }
                };
            }
        }
        let Some(def) = self.type_def(named.module, named.name) else { return Ty::ERROR };
        let args: Vec<Ty> = named.args.iter().map(|arg| self.written_type(arg)).collect();
        self.applied(def, named.name, args, span)
    }

    /// What the name of a type means; `None` after a report.
    pub(super) fn type_def(&mut self, module: Option<Ident>, name: Ident) -> Option<Def> {
        let def = match module {
            Some(module) => self.module_member(module, name)?,
            None => match self.global_name(name.name) {
                Some(def) => def,
                None => {
                    self.unknown_type(name);
                    return None;
                }
            },
        };
        match def {
            Def::Broken => None,
            Def::Struct(_) | Def::Enum(_) | Def::Trait(_) | Def::Alias(_) | Def::Type(_) | Def::Array => {
                Some(def)
            }
            // A function `float` does not hide the type in the place of a type.
            _ => match self.known.type_of(name.name).filter(|_| module.is_none()) {
                Some(ty) => Some(Def::Type(ty)),
                None => {
                    let message = format!("`{}` is no type", self.text(name.name));
                    self.report(Diagnostic::new(codes::UNKNOWN_TYPE, name.span, message));
                    None
                }
            },
        }
    }

    /// A generic type with its arguments; defaults fill up what is missing.
    pub(super) fn applied(&mut self, def: Def, name: Ident, args: Vec<Ty>, span: Span) -> Ty {
        match def {
            Def::Type(Ty::CSTR) if !self.foreign => {
                let diagnostic =
                    Diagnostic::new(codes::BAD_C_TYPE, span, "`cstr` is for `extern` declarations only");
                self.report(diagnostic.help("everywhere else text is a `str`"));
                Ty::ERROR
            }
            Def::Type(Ty::UNIT) if !self.foreign => {
                let message = "only functions of C give `void`";
                let diagnostic = Diagnostic::new(codes::UNKNOWN_TYPE, span, message);
                self.report(diagnostic.help("a function that gives nothing has no `->`: `fn f() { … }`"));
                Ty::ERROR
            }
            Def::Type(ty) => {
                self.complete(name, args, 0, &[], span);
                ty
            }
            Def::Array => match self.complete(name, args, 1, &[None], span).first() {
                Some(&element) => self.types.array(element),
                None => Ty::ERROR,
            },
            Def::Struct(id) => {
                let (count, at) = (self.program.struct_(id).generics.len(), self.program.struct_(id).span);
                let args = self.complete_from(name, args, count, at, span);
                self.struct_type(id, &args)
            }
            Def::Enum(EnumId::OPTION) => match self.complete(name, args, 1, &[None], span).first() {
                Some(&payload) => self.types.option(payload),
                None => Ty::ERROR,
            },
            Def::Enum(EnumId::RESULT) => {
                let error = self.struct_type(StructId::ERROR, &[]);
                match *self.complete(name, args, 2, &[None, Some(error)], span) {
                    [ok, err] => self.types.result(ok, err),
                    _ => Ty::ERROR,
                }
            }
            Def::Enum(id) => {
                let (count, at) = (self.program.enum_(id).generics.len(), self.program.enum_(id).span);
                let args = self.complete_from(name, args, count, at, span);
                let args = self.types.intern_list(&args);
                self.types.intern(TyKind::Enum(id, args))
            }
            Def::Trait(id) => self.object_type(id, name, args, span),
            Def::Alias(id) => self.alias_type(id, name, args, span),
            _ => Ty::ERROR,
        }
    }

    /// A struct with its type arguments.
    pub(super) fn struct_type(&mut self, id: StructId, args: &[Ty]) -> Ty {
        let args = self.types.intern_list(args);
        self.types.intern(TyKind::Struct(id, args))
    }

    fn complete_from(&mut self, name: Ident, args: Vec<Ty>, count: usize, at: Span, span: Span) -> Vec<Ty> {
        let defaults = self.type_defaults.get(&at).cloned().unwrap_or_default();
        self.complete(name, args, count, &defaults, span)
    }

    /// Fills up type arguments with defaults, and reports a wrong number of them.
    fn complete(
        &mut self,
        name: Ident,
        mut args: Vec<Ty>,
        count: usize,
        defaults: &[Option<Ty>],
        span: Span,
    ) -> Vec<Ty> {
        let given = args.len();
        while args.len() < count {
            let Some(default) = defaults.get(args.len()).copied().flatten() else { break };
            let default = self.types.subst(default, &args);
            args.push(default);
        }
        if args.len() != count {
            let plural = if count == 1 { "" } else { "s" };
            let were = if given == 1 { "was" } else { "were" };
            let text = self.text(name.name);
            let message = format!("`{text}` takes {count} type argument{plural}, but {given} {were} given");
            self.report(Diagnostic::new(codes::TYPE_ARGUMENT_COUNT, span, message));
            args.resize(count, Ty::ERROR);
        }
        args
    }

    /// A trait as a type.
    fn object_type(&mut self, id: TraitId, name: Ident, args: Vec<Ty>, span: Span) -> Ty {
        let count = self.program.trait_(id).generics.len() - 1;
        if id <= TraitId::HASH || (TraitId::ADD..=TraitId::NEG).contains(&id) {
            let text = self.text(name.name);
            let message = format!("the trait `{text}` cannot be a type");
            let diagnostic = Diagnostic::new(codes::NOT_DYNAMIC, span, message)
                .help(format!("use it as a bound: `<T: {text}>`"));
            self.report(diagnostic);
            return Ty::ERROR;
        }
        self.object_types.push((id, span));
        let at = self.program.trait_(id).span;
        let defaults: Vec<Option<Ty>> = self.type_defaults.get(&at).cloned().unwrap_or_default();
        let args = self.complete(name, args, count, &defaults, span);
        let args = self.types.intern_list(&args);
        self.types.intern(TyKind::Dyn(id, args))
    }

    /// Reports traits that were written as types, but have methods that need to know what `Self` is and
    /// no body to go without. Only when all traits are read is that known.
    pub(super) fn check_object_types(&mut self) {
        for (id, span) in std::mem::take(&mut self.object_types) {
            let item = self.program.trait_(id);
            let needs_self = |method: &&TraitMethod| !method.is_virtual && !self.has_body(method.function);
            let Some(method) = item.methods.iter().find(needs_self) else { continue };
            let function = self.program.function(method.function);
            let reason = match function.generics.len() > item.generics.len() {
                true => "has type parameters of its own",
                false => "needs to know what `Self` is",
            };
            let (text, method) = (self.text(item.name), self.text(method.name));
            let message = format!("the trait `{text}` cannot be a type: its `{method}` {reason}");
            let diagnostic = Diagnostic::new(codes::NOT_DYNAMIC, span, message)
                .secondary(function.span, "declared here")
                .help(format!("use it as a bound: `<T: {text}>`"));
            self.report(diagnostic);
        }
    }

    fn alias_type(&mut self, id: AliasId, name: Ident, args: Vec<Ty>, span: Span) -> Ty {
        let ast = self.decls.aliases[id.0 as usize].ast;
        let ty = match self.alias_states[id.0 as usize] {
            AliasState::Known(ty) => ty,
            AliasState::InProgress => {
                let message = format!("the alias `{}` is made of itself", self.text(ast.name.name));
                self.report(Diagnostic::new(codes::RECURSIVE_ALIAS, ast.name.span, message));
                self.alias_states[id.0 as usize] = AliasState::Known(Ty::ERROR);
                return Ty::ERROR;
            }
            AliasState::Unresolved => self.resolve_alias(id),
        };
        let args = self.complete_from(name, args, ast.generics.len(), ast.name.span, span);
        self.types.subst(ty, &args)
    }

    /// Reads an alias in its own file and scope.
    pub(super) fn resolve_alias(&mut self, id: AliasId) -> Ty {
        if let AliasState::Known(ty) = self.alias_states[id.0 as usize] {
            return ty;
        }
        let (ast, module) = {
            let decl = &self.decls.aliases[id.0 as usize];
            (decl.ast, decl.module)
        };
        self.alias_states[id.0 as usize] = AliasState::InProgress;
        let params = ast.generics.iter().map(|param| param.name.name).collect();
        let ty = self.in_scope(module, TypeScope { params, self_ty: None }, |checker| {
            checker.read_defaults(&ast.generics, ast.name.span);
            checker.written_type(&ast.ty)
        });
        let known = match self.alias_states[id.0 as usize] {
            AliasState::Known(reported) => reported,
            _ => ty,
        };
        self.alias_states[id.0 as usize] = AliasState::Known(known);
        known
    }

    /// Runs with the names of another file and other type parameters in scope.
    pub(super) fn in_scope<T>(
        &mut self,
        module: crate::modules::ModuleId,
        scope: TypeScope,
        run: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let outer_module = std::mem::replace(&mut self.module, module);
        let outer_scope = std::mem::replace(&mut self.type_scope, scope);
        let value = run(self);
        self.module = outer_module;
        self.type_scope = outer_scope;
        value
    }

    /// Remembers the defaults of type parameters, if there are any, by the place of their declaration.
    pub(super) fn read_defaults(&mut self, generics: &'a [ast::GenericParam], at: Span) {
        if generics.iter().any(|param| param.default.is_some()) {
            let defaults = generics
                .iter()
                .map(|param| param.default.as_ref().map(|default| self.written_type(default)))
                .collect();
            self.type_defaults.insert(at, defaults);
        }
    }

    /// A trait with its arguments, in a bound or before `for`; `self_ty` is who implements it.
    pub(super) fn written_trait(&mut self, ty: &'a ast::Type, self_ty: Ty) -> Option<TraitRef> {
        let TypeKind::Named(named) = &ty.kind else {
            if !matches!(ty.kind, TypeKind::Error) {
                self.report(Diagnostic::new(codes::NOT_A_TRAIT, ty.span, "expected a trait"));
            }
            return None;
        };
        let id = match self.type_def(named.module, named.name)? {
            Def::Trait(id) => id,
            _ => {
                let message = format!("`{}` is no trait", self.text(named.name.name));
                let diagnostic = Diagnostic::new(codes::NOT_A_TRAIT, ty.span, message)
                    .label("a type, where a trait is needed");
                self.report(diagnostic);
                return None;
            }
        };
        let mut args = vec![self_ty];
        args.extend(named.args.iter().map(|arg| self.written_type(arg)).collect::<Vec<Ty>>());
        let (count, at) = (self.program.trait_(id).generics.len(), self.program.trait_(id).span);
        let mut defaults = vec![None];
        defaults.extend(self.type_defaults.get(&at).into_iter().flatten().copied());
        let given = args.len();
        let args = if given > count {
            self.complete(named.name, args[1..].to_vec(), count - 1, &[], ty.span)
        } else {
            let mut args = self.complete_trait(named.name, args, count, &defaults, ty.span);
            args.remove(0);
            args
        };
        Some(TraitRef { id, args: self.types.intern_list(&args) })
    }

    /// Like `complete`, where the first argument is `Self` and is not counted in messages.
    fn complete_trait(
        &mut self,
        name: Ident,
        args: Vec<Ty>,
        count: usize,
        defaults: &[Option<Ty>],
        span: Span,
    ) -> Vec<Ty> {
        let missing = (args.len()..count).any(|index| defaults.get(index).copied().flatten().is_none());
        if missing {
            let given = args[1..].to_vec();
            let mut completed = self.complete(name, given, count - 1, &[], span);
            completed.insert(0, args[0]);
            return completed;
        }
        self.complete(name, args, count, defaults, span)
    }
}

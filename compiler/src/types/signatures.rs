//! Reads the signatures of all declarations: type parameters, fields, variants, parameters, results.

use super::{Checker, TypeScope};
use crate::ast::{self, GenericParam, Ident, Name};
use crate::diagnostics::{Diagnostic, codes};
use crate::hir::{
    CFunction, Code, Enum, EnumId, Field, FnId, Function, Global, GlobalId, Module, ModuleId, Owner, Param,
    Struct, StructId, Trait, TraitId, TraitMethod, TraitRef, Ty, TyKind, TypeParam, Variant,
};
use crate::modules::Role;
use crate::resolve::{AliasId, FnSource};
use crate::source::Span;

impl<'a> Checker<'a, '_> {
    /// Reads everything that stands outside bodies.
    pub(super) fn signatures(&mut self) {
        self.modules_of_program();
        self.declare_types();
        self.read_type_defaults();
        for index in 0..self.decls.aliases.len() {
            self.resolve_alias(AliasId(index as u32));
        }
        self.read_bounds();
        (0..self.decls.structs.len()).for_each(|index| self.read_fields(StructId(index as u32)));
        self.check_extern_structs();
        (2..self.decls.enums.len()).for_each(|index| self.read_variants(EnumId(index as u32)));
        self.impl_headers();
        for index in 0..self.decls.functions.len() {
            self.read_function(FnId(index as u32));
        }
        for index in 0..self.decls.traits.len() {
            self.read_methods(TraitId(index as u32));
        }
        self.check_impls();
        self.read_globals();
    }

    fn modules_of_program(&mut self) {
        let list = self.modules.list.iter();
        self.program.modules = list
            .map(|module| Module {
                name: if module.role == Role::Entry { String::new() } else { module.name.clone() },
                standard: matches!(module.role, Role::Prelude | Role::Standard),
            })
            .collect();
    }

    /// Makes the structs, enums and traits with their type parameters, which have no bounds yet.
    fn declare_types(&mut self) {
        for decl in &self.decls.structs {
            let ast = decl.ast;
            self.program.structs.push(Struct {
                name: ast.map_or(ast::known::EMPTY, |ast| ast.name.name),
                module: ModuleId(decl.module.0),
                generics: ast.map(|ast| type_params(&ast.generics)).unwrap_or_default(),
                fields: Vec::new(),
                is_extern: ast.is_some_and(|ast| ast.is_extern),
                span: ast.map(|ast| ast.name.span).unwrap_or_default(),
            });
        }
        self.declare_option_and_result();
        for decl in self.decls.enums.iter().skip(2) {
            let Some(ast) = decl.ast else { continue };
            self.program.enums.push(Enum {
                name: ast.name.name,
                module: ModuleId(decl.module.0),
                generics: type_params(&ast.generics),
                variants: Vec::new(),
                span: ast.name.span,
            });
        }
        for decl in &self.decls.traits {
            let ast = decl.ast;
            let own_self =
                TypeParam { name: ast::known::SELF_TYPE, bounds: Vec::new(), span: Span::default() };
            let own = ast.map(|ast| type_params(&ast.generics)).unwrap_or_default();
            self.program.traits.push(Trait {
                name: ast.map_or(ast::known::EMPTY, |ast| ast.name.name),
                module: ModuleId(decl.module.0),
                generics: std::iter::once(own_self).chain(own).collect(),
                supertraits: Vec::new(),
                methods: Vec::new(),
                span: ast.map(|ast| ast.name.span).unwrap_or_default(),
            });
        }
    }

    fn declare_option_and_result(&mut self) {
        let known = self.known;
        let no_span = Span::default();
        let param = |name: Name| TypeParam { name, bounds: Vec::new(), span: no_span };
        let first = self.types.intern(TyKind::Param(0));
        let second = self.types.intern(TyKind::Param(1));
        let variant = |name: Name, payload: Option<Ty>| {
            let field =
                |ty| Field { name: ast::known::EMPTY, ty, mutable: false, fixed: None, span: no_span };
            Variant { name, fields: payload.map(field).into_iter().collect(), span: no_span }
        };
        let (t, e) = (self.names.intern("T"), self.names.intern("E"));
        let module = ModuleId(0);
        self.program.enums.push(Enum {
            name: known.option,
            module,
            generics: vec![param(t)],
            variants: vec![variant(known.none, None), variant(known.some, Some(first))],
            span: no_span,
        });
        self.program.enums.push(Enum {
            name: known.result,
            module,
            generics: vec![param(t), param(e)],
            variants: vec![variant(known.ok, Some(first)), variant(known.err, Some(second))],
            span: no_span,
        });
    }

    fn read_type_defaults(&mut self) {
        for index in 0..self.decls.structs.len() {
            let Some(ast) = self.decls.structs[index].ast else { continue };
            let scope = TypeScope { params: params_of(&ast.generics), self_ty: None };
            let module = self.decls.structs[index].module;
            self.in_scope(module, scope, |checker| checker.read_defaults(&ast.generics, ast.name.span));
        }
        for index in 2..self.decls.enums.len() {
            let Some(ast) = self.decls.enums[index].ast else { continue };
            let scope = TypeScope { params: params_of(&ast.generics), self_ty: None };
            let module = self.decls.enums[index].module;
            self.in_scope(module, scope, |checker| checker.read_defaults(&ast.generics, ast.name.span));
        }
        for index in 0..self.decls.traits.len() {
            let Some(ast) = self.decls.traits[index].ast else { continue };
            let scope = trait_scope(ast);
            let module = self.decls.traits[index].module;
            self.in_scope(module, scope, |checker| checker.read_defaults(&ast.generics, ast.name.span));
        }
    }

    /// Reads the bounds of structs', enums' and traits' type parameters, and supertraits.
    fn read_bounds(&mut self) {
        for index in 0..self.decls.structs.len() {
            let Some(ast) = self.decls.structs[index].ast else { continue };
            let scope = TypeScope { params: params_of(&ast.generics), self_ty: None };
            let module = self.decls.structs[index].module;
            let bounds = self.in_scope(module, scope, |checker| checker.bounds(&ast.generics, 0));
            set_bounds(&mut self.program.structs[index].generics, bounds);
        }
        for index in 2..self.decls.enums.len() {
            let Some(ast) = self.decls.enums[index].ast else { continue };
            let scope = TypeScope { params: params_of(&ast.generics), self_ty: None };
            let module = self.decls.enums[index].module;
            let bounds = self.in_scope(module, scope, |checker| checker.bounds(&ast.generics, 0));
            set_bounds(&mut self.program.enums[index].generics, bounds);
        }
        for index in 0..self.decls.traits.len() {
            let Some(ast) = self.decls.traits[index].ast else { continue };
            let module = self.decls.traits[index].module;
            let (bounds, supertraits) = self.in_scope(module, trait_scope(ast), |checker| {
                let bounds = checker.bounds(&ast.generics, 1);
                let supertraits: Vec<TraitRef> =
                    ast.supertraits.iter().filter_map(|ty| checker.written_trait(ty, Ty::SELF)).collect();
                (bounds, supertraits)
            });
            let item = &mut self.program.traits[index];
            set_bounds(&mut item.generics[1..], bounds);
            // Within the trait, `Self` implements it.
            let args: Vec<Ty> = (1..item.generics.len())
                .map(|index| self.types.intern(TyKind::Param(index as u32)))
                .collect();
            let itself = TraitRef { id: TraitId(index as u32), args: self.types.intern_list(&args) };
            item.generics[0].bounds = vec![itself];
            item.supertraits = supertraits;
        }
        self.break_supertrait_cycles();
    }

    /// A trait that is its own supertrait is reported and loses its supertraits.
    fn break_supertrait_cycles(&mut self) {
        for start in 0..self.program.traits.len() {
            let mut seen = vec![start];
            let mut next = 0;
            while next < seen.len() {
                let above = self.program.traits[seen[next]].supertraits.iter().map(|of| of.id.index());
                let above: Vec<usize> = above.collect();
                if above.contains(&start) {
                    let item = &self.program.traits[start];
                    let message = format!("the trait `{}` is its own supertrait", self.names.text(item.name));
                    let span = item.span;
                    self.report(Diagnostic::new(codes::RECURSIVE_ALIAS, span, message));
                    self.program.traits[start].supertraits.clear();
                    break;
                }
                seen.extend(above.into_iter().filter(|id| !seen.contains(id)).collect::<Vec<_>>());
                next += 1;
            }
        }
    }

    /// The bounds of type parameters, the first of which has the number `offset`.
    pub(super) fn bounds(&mut self, generics: &'a [GenericParam], offset: usize) -> Vec<Vec<TraitRef>> {
        let mut all = Vec::with_capacity(generics.len());
        for (index, param) in generics.iter().enumerate() {
            let own = self.types.intern(TyKind::Param((offset + index) as u32));
            all.push(param.bounds.iter().filter_map(|bound| self.written_trait(bound, own)).collect());
        }
        all
    }

    fn read_fields(&mut self, id: StructId) {
        let Some(ast) = self.decls.structs[id.index()].ast else { return };
        let module = self.decls.structs[id.index()].module;
        let params = params_of(&ast.generics);
        let args = self.own_params(params.len());
        let self_ty = Some(self.struct_type(id, &args));
        let fields = self.in_scope(module, TypeScope { params, self_ty }, |checker| {
            checker.duplicates(ast.fields.iter().map(|field| field.name), "field");
            let field = |field: &'a ast::Field| {
                let (ty, fixed) = match ast.is_extern {
                    true => checker.foreign_field(&field.ty),
                    false => (checker.written_type(&field.ty), None),
                };
                Field { name: field.name.name, ty, mutable: field.mutable, fixed, span: field.name.span }
            };
            ast.fields.iter().map(field).collect()
        });
        self.program.structs[id.index()].fields = fields;
    }

    fn read_variants(&mut self, id: EnumId) {
        let Some(ast) = self.decls.enums[id.index()].ast else { return };
        let module = self.decls.enums[id.index()].module;
        let params = params_of(&ast.generics);
        let args = self.own_params(params.len());
        let args = self.types.intern_list(&args);
        let self_ty = Some(self.types.intern(TyKind::Enum(id, args)));
        let variants = self.in_scope(module, TypeScope { params, self_ty }, |checker| {
            checker.duplicates(ast.variants.iter().map(|variant| variant.name), "variant");
            ast.variants
                .iter()
                .map(|variant| {
                    checker.duplicates(variant.fields.iter().filter_map(|field| field.name), "field");
                    let field = |field: &'a ast::VariantField| Field {
                        name: field.name.map_or(ast::known::EMPTY, |name| name.name),
                        ty: checker.written_type(&field.ty),
                        mutable: false,
                        fixed: None,
                        span: field.name.map_or(field.ty.span, |name| name.span),
                    };
                    let fields = variant.fields.iter().map(field).collect();
                    Variant { name: variant.name.name, fields, span: variant.name.span }
                })
                .collect()
        });
        self.program.enums[id.index()].variants = variants;
    }

    /// The first `count` type parameters as types.
    pub(super) fn own_params(&mut self, count: usize) -> Vec<Ty> {
        (0..count).map(|index| self.types.intern(TyKind::Param(index as u32))).collect()
    }

    /// Reports names that occur twice.
    pub(super) fn duplicates(&mut self, names: impl Iterator<Item = Ident>, what: &str) {
        let mut seen: Vec<Ident> = Vec::new();
        for name in names {
            if name.name == ast::known::UNDERSCORE {
                continue;
            }
            match seen.iter().find(|before| before.name == name.name) {
                Some(before) => {
                    let message = format!("the {what} `{}` is declared twice", self.names.text(name.name));
                    let diagnostic = Diagnostic::new(codes::DUPLICATE_DEFINITION, name.span, message)
                        .label("declared again here")
                        .secondary(before.span, "first declared here");
                    self.sink.push(diagnostic);
                }
                None => seen.push(name),
            }
        }
    }

    fn read_function(&mut self, id: FnId) {
        let decl = &self.decls.functions[id.index()];
        let (source, module, owner) = (decl.source, decl.module, decl.owner);
        let function = match source {
            FnSource::Function(ast) => {
                let (generics, scope) = self.owner_scope(owner);
                self.in_scope(module, scope, |checker| checker.signature(ast, owner, generics))
            }
            FnSource::Extern(block, ast) => {
                let lang = block.library.is_some_and(|library| library.value == self.known.lang);
                let params = if lang { implicit_params(self, ast) } else { Vec::new() };
                let scope = TypeScope { params, self_ty: None };
                self.in_scope(module, scope, |checker| checker.extern_signature(block, ast, lang))
            }
            FnSource::ExternVar(block, ast) => {
                let scope = TypeScope::default();
                self.in_scope(module, scope, |checker| checker.extern_var(block, ast))
            }
            FnSource::Initializer(_) | FnSource::Test(_) => {
                self.plain_function(ast::known::EMPTY, Span::default())
            }
            FnSource::Default(..) | FnSource::FieldDefault(..) => return,
        };
        self.program.functions.push(Function { module: ModuleId(module.0), owner, ..function });
    }

    fn plain_function(&self, name: Name, span: Span) -> Function {
        Function {
            name,
            module: ModuleId(0),
            owner: Owner::Module,
            generics: Vec::new(),
            outer_generics: 0,
            has_self: false,
            params: Vec::new(),
            result: Ty::UNIT,
            code: Code::Unreached,
            span,
        }
    }

    /// The type parameters that a function has from its owner, and the scope that they make.
    pub(super) fn owner_scope(&mut self, owner: Owner) -> (Vec<TypeParam>, TypeScope) {
        let (generics, self_ty) = match owner {
            Owner::Module => (Vec::new(), None),
            Owner::Impl(id) => {
                let item = self.program.impl_(id);
                (item.generics.clone(), Some(item.target))
            }
            Owner::Trait(id) => (self.program.trait_(id).generics.clone(), Some(Ty::SELF)),
            Owner::Function(id) => (self.program.function(id).generics.clone(), self.type_scope.self_ty),
        };
        let params = generics.iter().map(|param| param.name).collect();
        (generics, TypeScope { params, self_ty })
    }

    /// The signature of a function whose owner's type parameters are in scope.
    pub(super) fn signature(
        &mut self,
        ast: &'a ast::Function,
        owner: Owner,
        mut generics: Vec<TypeParam>,
    ) -> Function {
        let outer = generics.len();
        self.duplicates(ast.generics.iter().map(|param| param.name), "type parameter");
        self.duplicates(ast.params.iter().map(|param| param.name), "parameter");
        generics.extend(type_params(&ast.generics));
        self.type_scope.params.extend(ast.generics.iter().map(|param| param.name.name));
        let bounds = self.bounds(&ast.generics, outer);
        set_bounds(&mut generics[outer..], bounds);
        let mut params = Vec::with_capacity(ast.params.len() + 1);
        if let Some(span) = ast.receiver {
            let ty = self.receiver_type(owner, span);
            params.push(Param { name: ast::known::SELF, ty, span });
        }
        for param in &ast.params {
            let ty = self.written_type(&param.ty);
            params.push(Param { name: param.name.name, ty, span: param.name.span });
        }
        let result = ast.result.as_ref().map_or(Ty::UNIT, |result| self.written_type(result));
        Function {
            outer_generics: outer as u32,
            generics,
            has_self: ast.receiver.is_some(),
            params,
            result,
            code: if ast.body.is_some() { Code::Unreached } else { Code::Required },
            ..self.plain_function(ast.name.name, ast.name.span)
        }
    }

    fn receiver_type(&mut self, owner: Owner, span: Span) -> Ty {
        match (owner, self.type_scope.self_ty) {
            (Owner::Impl(_) | Owner::Trait(_), Some(ty)) => ty,
            _ => {
                let message = "`self` is a parameter of methods only";
                self.report(Diagnostic::new(codes::NO_SELF, span, message));
                Ty::ERROR
            }
        }
    }

    fn extern_signature(
        &mut self,
        block: &'a ast::ExternBlock,
        ast: &'a ast::ExternFunction,
        lang: bool,
    ) -> Function {
        let mut params = Vec::with_capacity(ast.params.len());
        let mut written = Vec::with_capacity(ast.params.len());
        for param in &ast.params {
            let ty = self.foreign_type(&param.ty);
            written.push(ty);
            let ty = if lang { ty } else { self.foreign_param(ty, param.ty.span) };
            params.push(Param { name: param.name.name, ty, span: param.name.span });
        }
        let written_result = ast.result.as_ref().map_or(Ty::UNIT, |result| self.foreign_type(result));
        let result = match &ast.result {
            Some(ty) if !lang => self.foreign_result(written_result, ty.span),
            _ => written_result,
        };
        let code = if lang {
            Code::Intrinsic(ast.symbol.map_or(ast.name.name, |symbol| symbol.value))
        } else {
            Code::C(Box::new(CFunction {
                library: block.library.map(|library| library.value),
                symbol: ast.symbol.map_or(ast.name.name, |symbol| symbol.value),
                params: written,
                result: written_result,
                variadic: ast.variadic.is_some(),
                weak: ast.weak,
            }))
        };
        let generics = self.type_scope.params.clone();
        let generics = generics
            .into_iter()
            .map(|name| TypeParam { name, bounds: Vec::new(), span: ast.name.span })
            .collect();
        Function { generics, params, result, code, ..self.plain_function(ast.name.name, ast.name.span) }
    }

    /// A variable of a C library, as a function without parameters that gives it.
    fn extern_var(&mut self, block: &'a ast::ExternBlock, ast: &'a ast::ExternVar) -> Function {
        let ty = self.foreign_variable(&ast.ty);
        let code = Code::C(Box::new(CFunction {
            library: block.library.map(|library| library.value),
            symbol: ast.symbol.map_or(ast.name.name, |symbol| symbol.value),
            params: Vec::new(),
            result: ty,
            variadic: false,
            weak: false,
        }));
        Function { result: ty, code, ..self.plain_function(ast.name.name, ast.name.span) }
    }

    fn read_methods(&mut self, id: TraitId) {
        let functions = self.decls.traits[id.index()].functions.clone();
        let Some(ast) = self.decls.traits[id.index()].ast else { return };
        self.duplicates(ast.functions.iter().map(|function| function.name), "method");
        for (index, function) in functions.into_iter().enumerate() {
            let method = TraitMethod {
                name: self.program.function(function).name,
                function,
                // What an iterator has beside `next` is made of it, so objects need no table of that.
                is_virtual: self.is_virtual(function) && (id != TraitId::ITERATOR || index == 0),
            };
            self.program.traits[id.index()].methods.push(method);
            self.trait_methods.entry(method.name).or_default().push((id, index as u32));
        }
    }

    /// Whether a trait's method can be called without knowing `Self`.
    fn is_virtual(&self, id: FnId) -> bool {
        let function = self.program.function(id);
        let mentions_self = |ty: Ty| self.types.has_param(ty) && mentions_first(&self.types, ty);
        function.has_self
            && function.generics.len() == function.outer_generics as usize
            && !function.params.iter().skip(1).any(|param| mentions_self(param.ty))
            && !mentions_self(function.result)
    }

    fn read_globals(&mut self) {
        for index in 0..self.decls.globals.len() {
            let decl = &self.decls.globals[index];
            let (name, mutable, written, module) = (decl.name, decl.binding.mutable, decl.ty, decl.module);
            let scope = TypeScope::default();
            let ty = written.map(|ty| self.in_scope(module, scope, |checker| checker.written_type(ty)));
            self.global_types[index] = ty;
            self.program.globals.push(Global {
                name: name.name,
                module: ModuleId(module.0),
                ty: ty.unwrap_or(Ty::ERROR),
                mutable,
                span: name.span,
            });
        }
    }

    /// Gives a global the type that its first value has.
    pub(super) fn set_global_type(&mut self, id: GlobalId, ty: Ty) {
        self.global_types[id.index()] = Some(ty);
        self.program.globals[id.index()].ty = ty;
    }
}

/// Whether `Param(0)` is anywhere within.
fn mentions_first(types: &crate::hir::Types, ty: Ty) -> bool {
    let list = |list| types.list(list).iter().any(|&part| mentions_first(types, part));
    match types.kind(ty) {
        TyKind::Param(index) => index == 0,
        TyKind::Array(inner) | TyKind::Pointer(inner) | TyKind::FixedArray(inner, _) => {
            mentions_first(types, inner)
        }
        TyKind::Tuple(parts) => list(parts),
        TyKind::Fn(params, result) => list(params) || mentions_first(types, result),
        TyKind::Struct(_, args) | TyKind::Enum(_, args) | TyKind::Dyn(_, args) => list(args),
        _ => false,
    }
}

/// In `extern "lang"` every unknown capital letter is a type parameter: `fn array_len(xs: [T]) -> int`.
fn implicit_params(checker: &Checker<'_, '_>, ast: &ast::ExternFunction) -> Vec<Name> {
    let mut found = Vec::new();
    for ty in ast.params.iter().map(|param| &param.ty).chain(&ast.result) {
        collect_letters(checker, ty, &mut found);
    }
    found
}

fn collect_letters(checker: &Checker<'_, '_>, ty: &ast::Type, found: &mut Vec<Name>) {
    match &ty.kind {
        ast::TypeKind::Named(named) => {
            let text = checker.text(named.name.name);
            if text.len() == 1 && text.as_bytes()[0].is_ascii_uppercase() && !found.contains(&named.name.name)
            {
                found.push(named.name.name);
            }
            named.args.iter().for_each(|arg| collect_letters(checker, arg, found));
        }
        ast::TypeKind::Array(inner) | ast::TypeKind::Option(inner) => collect_letters(checker, inner, found),
        ast::TypeKind::Tuple(parts) => parts.iter().for_each(|part| collect_letters(checker, part, found)),
        _ => {}
    }
}

pub(super) fn type_params(generics: &[GenericParam]) -> Vec<TypeParam> {
    let param =
        |param: &GenericParam| TypeParam { name: param.name.name, bounds: Vec::new(), span: param.name.span };
    generics.iter().map(param).collect()
}

pub(super) fn params_of(generics: &[GenericParam]) -> Vec<Name> {
    generics.iter().map(|param| param.name.name).collect()
}

pub(super) fn set_bounds(generics: &mut [TypeParam], bounds: Vec<Vec<TraitRef>>) {
    for (param, bounds) in generics.iter_mut().zip(bounds) {
        param.bounds = bounds;
    }
}

fn trait_scope(ast: &ast::Trait) -> TypeScope {
    let params = std::iter::once(ast::known::SELF_TYPE).chain(params_of(&ast.generics)).collect();
    TypeScope { params, self_ty: Some(Ty::SELF) }
}

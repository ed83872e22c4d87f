//! Impls: their headers, the index by which members are found, and whether they keep their trait's promises.

use super::signatures::{params_of, set_bounds, type_params};
use super::{Checker, TypeScope};
use crate::diagnostics::{Diagnostic, codes};
use crate::hir::{FnId, Head, Impl, ImplId, TraitId, Ty, TyKind};

impl Checker<'_, '_> {
    /// Reads what stands before the braces of every impl.
    pub(super) fn impl_headers(&mut self) {
        for index in 0..self.decls.impls.len() {
            let (ast, module) = (self.decls.impls[index].ast, self.decls.impls[index].module);
            let scope = TypeScope { params: params_of(&ast.generics), self_ty: None };
            let item = self.in_scope(module, scope, |checker| {
                checker.duplicates(ast.generics.iter().map(|param| param.name), "type parameter");
                let target = checker.written_type(&ast.target);
                checker.type_scope.self_ty = Some(target);
                let mut generics = type_params(&ast.generics);
                let bounds = checker.bounds(&ast.generics, 0);
                set_bounds(&mut generics, bounds);
                let trait_ref = ast.trait_type.as_ref().map(|ty| checker.written_trait(ty, target));
                // A trait that is wrong leaves an impl without functions, so that nothing is found in it.
                let (trait_ref, target) = match trait_ref {
                    Some(None) => (None, Ty::ERROR),
                    Some(found) => (found, target),
                    None => (None, target),
                };
                Impl { generics, trait_ref, target, functions: Vec::new(), span: ast.header }
            });
            self.program.impls.push(item);
            self.index_impl(ImplId(index as u32));
        }
    }

    fn index_impl(&mut self, id: ImplId) {
        let item = self.program.impl_(id);
        let (target, trait_ref) = (item.target, item.trait_ref);
        let Some(head) = Head::of(&self.types, target) else { return };
        let decl = &self.decls.impls[id.index()];
        match trait_ref {
            Some(of) => self.program.impl_index.entry((of.id, head)).or_default().push(id),
            None => {
                for (function, ast) in decl.functions.iter().zip(&decl.ast.functions) {
                    self.methods.entry((head, ast.name.name)).or_default().push(*function);
                }
            }
        }
        for (constant, ast) in decl.consts.iter().zip(&decl.ast.consts) {
            self.member_consts.insert((head, ast.name.name), *constant);
        }
    }

    /// Once all signatures are known: matches the functions of impls with the methods of their traits.
    pub(super) fn check_impls(&mut self) {
        for index in 0..self.program.impls.len() {
            let id = ImplId(index as u32);
            match self.program.impl_(id).trait_ref {
                Some(of) => self.check_trait_impl(id, of.id),
                None => {
                    let functions = self.decls.impls[index].functions.iter().copied().map(Some).collect();
                    self.program.impls[index].functions = functions;
                }
            }
        }
        self.conflicting_members();
        self.conflicting_impls();
    }

    fn check_trait_impl(&mut self, id: ImplId, trait_id: TraitId) {
        let ast = self.decls.impls[id.index()].ast;
        let given = self.decls.impls[id.index()].functions.clone();
        self.duplicates(ast.functions.iter().map(|function| function.name), "method");
        let methods = self.program.trait_(trait_id).methods.clone();
        let mut functions = vec![None; methods.len()];
        for (function, ast) in given.into_iter().zip(&ast.functions) {
            match methods.iter().position(|method| method.name == ast.name.name) {
                Some(place) => {
                    functions[place] = Some(function);
                    self.check_method_signature(id, methods[place].function, function);
                }
                None => self.not_in_trait(trait_id, ast.name),
            }
        }
        // `show` has a default, made of `_write`, for derived implementations only.
        let needs_show = trait_id == TraitId::SHOW && functions.iter().all(Option::is_none);
        let missing: Vec<FnId> = methods
            .iter()
            .zip(&functions)
            .enumerate()
            .filter(|(place, (method, given))| {
                given.is_none() && (!self.has_body(method.function) || needs_show && *place == 0)
            })
            .map(|(_, (method, _))| method.function)
            .collect();
        if !missing.is_empty() {
            self.incomplete_impl(id, trait_id, &missing);
        }
        self.program.impls[id.index()].functions = functions;
    }

    /// Whether a function of a trait has a default body.
    pub(super) fn has_body(&self, id: FnId) -> bool {
        !matches!(self.program.function(id).code, crate::hir::Code::Required)
    }

    /// A method must have its trait's parameters and result, with the impl's types in their places.
    fn check_method_signature(&mut self, id: ImplId, declared: FnId, given: FnId) {
        let item = self.program.impl_(id);
        let impl_params = item.generics.len();
        let mut args = vec![item.target];
        let Some(of) = item.trait_ref else { return };
        args.extend_from_slice(self.types.list(of.args));
        let (wanted, found) = (self.program.function(declared), self.program.function(given));
        let own = wanted.generics.len() - wanted.outer_generics as usize;
        let found_own = found.generics.len() - impl_params;
        if own != found_own || wanted.has_self != found.has_self || wanted.params.len() != found.params.len()
        {
            return self.wrong_signature(declared, given, &args);
        }
        for index in 0..own {
            args.push(self.types.intern(TyKind::Param((impl_params + index) as u32)));
        }
        let count = self.program.function(declared).params.len();
        for index in 1..count {
            let wanted = self.program.function(declared).params[index].ty;
            let found = self.program.function(given).params[index].ty;
            if self.differs(wanted, found, &args) {
                return self.wrong_part(declared, given, Some(index), &args);
            }
        }
        let (wanted, found) = (self.program.function(declared).result, self.program.function(given).result);
        if self.differs(wanted, found, &args) {
            self.wrong_part(declared, given, None, &args);
        }
    }

    /// Whether a type of a trait's method is not the one in an impl.
    fn differs(&mut self, wanted: Ty, found: Ty, args: &[Ty]) -> bool {
        let wanted = self.types.subst(wanted, args);
        wanted != found && !self.types.has_error(found) && !self.types.has_error(wanted)
    }

    /// Two inherent functions of one name for one type. A program may have one that the library has too.
    fn conflicting_members(&mut self) {
        let lists = self.methods.values().filter(|list| list.len() > 1);
        let mut lists: Vec<Vec<FnId>> = lists.cloned().collect();
        lists.sort_unstable();
        for list in lists {
            for (index, &function) in list.iter().enumerate().skip(1) {
                let target = self.owner_target(function);
                let library = self.is_of_library(function);
                let before = list[..index].iter().find(|&&before| {
                    self.owner_target(before) == target && self.is_of_library(before) == library
                });
                if let Some(&before) = before {
                    let first = self.program.function(before).span;
                    let function = self.program.function(function);
                    let message = format!("`{}` is declared twice for this type", self.text(function.name));
                    let diagnostic = Diagnostic::new(codes::DUPLICATE_DEFINITION, function.span, message)
                        .label("declared again here")
                        .secondary(first, "first declared here");
                    self.report(diagnostic);
                }
            }
        }
    }

    /// Whether a function is the prelude's or a standard module's.
    pub(super) fn is_of_library(&self, function: FnId) -> bool {
        self.is_standard(self.decls.functions[function.index()].module)
    }

    fn owner_target(&self, function: FnId) -> Option<Ty> {
        match self.program.function(function).owner {
            crate::hir::Owner::Impl(id) => Some(self.program.impl_(id).target),
            _ => None,
        }
    }

    /// Two impls of one trait for types that can be the same.
    fn conflicting_impls(&mut self) {
        let lists = self.program.impl_index.values().filter(|list| list.len() > 1);
        let mut lists: Vec<Vec<ImplId>> = lists.cloned().collect();
        lists.sort_unstable();
        for list in lists {
            for (index, &id) in list.iter().enumerate().skip(1) {
                let conflict = list[..index].iter().copied().find(|&before| self.overlap(before, id));
                if let Some(before) = conflict {
                    let of = self.program.impl_(id).trait_ref.map(|of| self.program.trait_(of.id).name);
                    let name = of.map(|name| self.text(name).to_string()).unwrap_or_default();
                    let message = format!("`{name}` is implemented twice for one type");
                    let diagnostic =
                        Diagnostic::new(codes::CONFLICTING_IMPL, self.program.impl_(id).span, message)
                            .label("implemented again here")
                            .secondary(self.program.impl_(before).span, "first implemented here");
                    self.report(diagnostic);
                }
            }
        }
    }

    /// Whether two impls can be of the same trait for the same type; bounds are not looked at.
    fn overlap(&mut self, a: ImplId, b: ImplId) -> bool {
        let snapshot = self.snapshot();
        let (a_args, b_args) = (self.fresh_impl_args(a), self.fresh_impl_args(b));
        let (a_target, b_target) = (self.program.impl_(a).target, self.program.impl_(b).target);
        let a_target = self.types.subst(a_target, &a_args);
        let b_target = self.types.subst(b_target, &b_args);
        let mut same = self.unify(a_target, b_target);
        if let (Some(x), Some(y)) = (self.program.impl_(a).trait_ref, self.program.impl_(b).trait_ref) {
            let x = self.types.subst_list(x.args, &a_args);
            let y = self.types.subst_list(y.args, &b_args);
            same = same && self.unify_lists(x, y);
        }
        self.rollback(snapshot);
        same
    }
}

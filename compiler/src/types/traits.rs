//! Which types implement which traits.

use super::Checker;
use super::infer::VarKind;
use super::report::Why;
use crate::ast;
use crate::diagnostics::{Diagnostic, codes};
use crate::hir::{ExprId, FnId, Head, ImplId, Owner, Param, TraitId, TraitRef, Ty, TyKind, TyList};
use crate::resolve::FnSource;
use crate::source::Span;

/// Whether a type implements a trait.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Answer {
    Yes,
    No,
    /// Too little is known of the types.
    Unknown,
}

impl Answer {
    fn and(self, other: Answer) -> Answer {
        match (self, other) {
            (Answer::No, _) | (_, Answer::No) => Answer::No,
            (Answer::Unknown, _) | (_, Answer::Unknown) => Answer::Unknown,
            _ => Answer::Yes,
        }
    }
}

impl Checker<'_, '_> {
    /// Whether a type implements a trait. A `Yes` decides unknown arguments of the trait, and sees to it that the
    /// functions behind it are checked.
    pub(super) fn implements(&mut self, ty: Ty, of: TraitRef) -> Answer {
        let ty = self.shallow(ty);
        match self.types.kind(ty) {
            TyKind::Error | TyKind::Never => Answer::Yes,
            // An undecided literal may still become a `float`, and other functions would be reached then.
            TyKind::Infer(_) => Answer::Unknown,
            TyKind::Param(index) => match self.param_implements(ty, index, of) {
                Answer::No => self.by_impls(ty, Head::Any, of),
                answer => answer,
            },
            TyKind::Dyn(id, args) if self.object_implements(ty, id, args, of) => Answer::Yes,
            TyKind::Storage(storage) => match self.by_impl_of(ty, of) {
                Answer::No => self.implements(storage.wide(), of),
                answer => answer,
            },
            _ => match self.by_impl_of(ty, of) {
                Answer::No if (TraitId::EQ..=TraitId::SHOW).contains(&of.id) => self.derives(ty, of.id),
                answer => answer,
            },
        }
    }

    fn by_impl_of(&mut self, ty: Ty, of: TraitRef) -> Answer {
        let Some(head) = Head::of(&self.types, ty) else { return Answer::No };
        match self.by_impls(ty, head, of) {
            Answer::No => self.by_impls(ty, Head::Any, of),
            answer => answer,
        }
    }

    /// A type parameter implements what its bounds say, and their supertraits.
    fn param_implements(&mut self, ty: Ty, index: u32, of: TraitRef) -> Answer {
        let mut waiting = self.bounds_of(index);
        let mut next = 0;
        while let Some(&bound) = waiting.get(next) {
            if bound.id == of.id {
                let snapshot = self.snapshot();
                if self.unify_lists(bound.args, of.args) {
                    self.commit(snapshot);
                    return Answer::Yes;
                }
                self.rollback(snapshot);
            }
            self.push_supertraits(ty, bound, &mut waiting);
            next += 1;
        }
        Answer::No
    }

    /// The bounds of a type parameter of the function that is checked.
    pub(super) fn bounds_of(&self, index: u32) -> Vec<TraitRef> {
        let generics = match self.program.functions.get(self.body.function.index()) {
            Some(function) => &function.generics,
            None => return Vec::new(),
        };
        generics.get(index as usize).map(|param| param.bounds.clone()).unwrap_or_default()
    }

    /// Adds the supertraits of a bound on a type.
    pub(super) fn push_supertraits(&mut self, ty: Ty, bound: TraitRef, out: &mut Vec<TraitRef>) {
        for index in 0..self.program.trait_(bound.id).supertraits.len() {
            let above = self.program.trait_(bound.id).supertraits[index];
            let mut args = vec![ty];
            args.extend_from_slice(self.types.list(bound.args));
            let above = TraitRef { id: above.id, args: self.types.subst_list(above.args, &args) };
            if !out.contains(&above) {
                out.push(above);
            }
        }
    }

    /// An object of a trait implements that trait and its supertraits.
    fn object_implements(&mut self, ty: Ty, id: TraitId, args: TyList, of: TraitRef) -> bool {
        let mut waiting = vec![TraitRef { id, args }];
        let mut next = 0;
        while let Some(&bound) = waiting.get(next) {
            if bound.id == of.id {
                return self.unify_lists(bound.args, of.args);
            }
            self.push_supertraits(ty, bound, &mut waiting);
            next += 1;
        }
        false
    }

    /// The impls of a trait for types of one head.
    fn by_impls(&mut self, ty: Ty, head: Head, of: TraitRef) -> Answer {
        let Some(list) = self.program.impl_index.get(&(of.id, head)) else { return Answer::No };
        let candidates: Vec<ImplId> = match list.as_slice() {
            [] => return Answer::No,
            &[only] => return self.by_impl(only, ty, of),
            list => list.to_vec(),
        };
        let mut fitting = Vec::new();
        for id in candidates {
            let snapshot = self.snapshot();
            let answer = self.by_impl(id, ty, of);
            self.rollback(snapshot);
            if answer != Answer::No {
                fitting.push(id);
            }
        }
        match fitting.as_slice() {
            [] => Answer::No,
            &[only] => self.by_impl(only, ty, of),
            _ => Answer::Unknown,
        }
    }

    /// Whether an impl is one of a trait for a type: what it decides holds only if it is.
    fn by_impl(&mut self, id: ImplId, ty: Ty, of: TraitRef) -> Answer {
        let snapshot = self.snapshot();
        let args = self.fresh_impl_args(id);
        let item = self.program.impl_(id);
        let (target, given) = (item.target, item.trait_ref);
        let target = self.types.subst(target, &args);
        let mut answer = if self.unify(target, ty) { Answer::Yes } else { Answer::No };
        if answer == Answer::Yes
            && let Some(given) = given
        {
            let given = self.types.subst_list(given.args, &args);
            if !self.unify_lists(given, of.args) {
                answer = Answer::No;
            }
        }
        if answer == Answer::Yes {
            answer = self.bounds_hold(id, &args);
        }
        if answer == Answer::Yes {
            self.commit(snapshot);
            self.reach_impl(id);
            self.reach_supertraits(ty, of);
        } else {
            self.rollback(snapshot);
        }
        answer
    }

    /// Whether the bounds of an impl hold for its arguments.
    pub(super) fn bounds_hold(&mut self, id: ImplId, args: &[Ty]) -> Answer {
        let mut answer = Answer::Yes;
        for index in 0..args.len() {
            for bound in 0..self.program.impl_(id).generics[index].bounds.len() {
                let bound = self.program.impl_(id).generics[index].bounds[bound];
                let bound = TraitRef { id: bound.id, args: self.types.subst_list(bound.args, args) };
                answer = answer.and(self.implements(args[index], bound));
                if answer == Answer::No {
                    return Answer::No;
                }
            }
        }
        answer
    }

    /// Unknown types in place of an impl's parameters.
    pub(super) fn fresh_impl_args(&mut self, id: ImplId) -> Vec<Ty> {
        let count = self.program.impl_(id).generics.len();
        self.fresh_args(count, Span::default())
    }

    fn reach_impl(&mut self, id: ImplId) {
        let item = self.program.impl_(id);
        let trait_id = item.trait_ref.map(|of| of.id);
        for index in 0..item.functions.len() {
            if let Some(function) = self.program.impl_(id).functions[index] {
                self.reach(function);
            }
        }
        if let Some(trait_id) = trait_id.filter(|id| (TraitId::EQ..=TraitId::SHOW).contains(id)) {
            self.reach_defaults(trait_id);
        }
    }

    /// Sees to it that what default bodies call through a supertrait is checked.
    fn reach_supertraits(&mut self, ty: Ty, of: TraitRef) {
        let mut above = Vec::new();
        self.push_supertraits(ty, of, &mut above);
        for of in above {
            self.implements(ty, of);
        }
    }

    /// Sees to it that the default bodies of a trait are checked.
    pub(super) fn reach_defaults(&mut self, id: TraitId) {
        for index in 0..self.program.trait_(id).methods.len() {
            let function = self.program.trait_(id).methods[index].function;
            if self.has_body(function) {
                self.reach(function);
            }
        }
    }

    /// Sees to it that what the table of an object holds is checked: the default bodies of its trait and of those above.
    pub(super) fn reach_virtual(&mut self, ty: Ty, of: TraitRef) {
        let mut waiting = vec![of];
        let mut next = 0;
        while let Some(&of) = waiting.get(next) {
            for index in 0..self.program.trait_(of.id).methods.len() {
                let method = self.program.trait_(of.id).methods[index];
                if method.is_virtual && self.has_body(method.function) {
                    self.reach(method.function);
                }
            }
            if next > 0 {
                self.implements(ty, of);
            }
            self.push_supertraits(ty, of, &mut waiting);
            next += 1;
        }
    }

    /// `Eq`, `Ord`, `Hash` and `Show` of structs, enums and tuples, when all parts have them.
    fn derives(&mut self, ty: Ty, id: TraitId) -> Answer {
        if let Some(&known) = self.derived.get(&(ty, id)) {
            return if known { Answer::Yes } else { Answer::No };
        }
        let Some(parts) = self.parts(ty) else { return Answer::No };
        // A type that is a part of itself implements what its other parts do.
        self.derived.insert((ty, id), true);
        let mut answer = Answer::Yes;
        for part in parts {
            answer = answer.and(self.implements(part, TraitRef { id, args: TyList::EMPTY }));
            if answer == Answer::No {
                break;
            }
        }
        if answer == Answer::Yes {
            self.reach_defaults(id);
            self.reach_supertraits(ty, TraitRef { id, args: TyList::EMPTY });
        }
        // What depends on a bound or an unknown type holds here only.
        if answer == Answer::Unknown || self.types.has_param(ty) || self.types.has_infer(ty) {
            self.derived.remove(&(ty, id));
        } else {
            self.derived.insert((ty, id), answer == Answer::Yes);
        }
        answer
    }

    /// The types of the parts of a struct, enum or tuple.
    fn parts(&mut self, ty: Ty) -> Option<Vec<Ty>> {
        let (fields, args): (Vec<Ty>, TyList) = match self.types.kind(ty) {
            TyKind::Unit => return Some(Vec::new()),
            TyKind::Tuple(parts) => return Some(self.types.list(parts).to_vec()),
            TyKind::Struct(id, args) => {
                (self.program.struct_(id).fields.iter().map(|field| field.ty).collect(), args)
            }
            TyKind::Enum(id, args) => {
                let variants = self.program.enum_(id).variants.iter();
                (variants.flat_map(|variant| variant.fields.iter().map(|field| field.ty)).collect(), args)
            }
            _ => return None,
        };
        let args = self.types.list(args).to_vec();
        Some(fields.into_iter().map(|field| self.types.subst(field, &args)).collect())
    }

    /// Asks for a trait; what cannot be answered yet waits.
    pub(super) fn require(&mut self, ty: Ty, of: TraitRef, span: Span, why: Why) {
        self.widen_for(ty, of);
        match self.implements(ty, of) {
            Answer::Yes => {}
            Answer::No => self.missing_impl(ty, of, span, why),
            Answer::Unknown => self.body.pending.push(super::pending::Pending::Bound { ty, of, span, why }),
        }
    }

    /// A type taken from values of a storage type becomes the wide one, where a trait is asked for that the storage type itself has not
    /// (`abs(x)` needs a `Neg` that gives the same type).
    fn widen_for(&mut self, ty: Ty, of: TraitRef) {
        let Some(VarKind::Soft(storage)) = self.var_kind(ty) else { return };
        let narrow = self.types.intern(TyKind::Storage(storage));
        let snapshot = self.snapshot();
        self.unify(ty, narrow);
        let answer = self.implements(narrow, of);
        self.rollback(snapshot);
        if answer == Answer::No {
            self.unify(ty, storage.wide());
        }
    }

    /// [`Checker::require`] for a trait without arguments.
    pub(super) fn require_plain(&mut self, ty: Ty, id: TraitId, span: Span) {
        self.require(ty, TraitRef { id, args: TyList::EMPTY }, span, Why::NONE);
    }

    /// [`Checker::require_plain`] of a value.
    pub(super) fn require_of_value(&mut self, ty: Ty, id: TraitId, span: Span) {
        let why = Why { of_value: true, ..Why::NONE };
        self.require(ty, TraitRef { id, args: TyList::EMPTY }, span, why);
    }

    /// The bounds of a function's type parameters, with what stands for them. `values` are the arguments of a call in the
    /// order of the parameters: one that is of the parameter's type is to blame, otherwise what is at `span`.
    pub(super) fn require_bounds(&mut self, id: FnId, args: &[Ty], values: &[ExprId], span: Span) {
        for index in 0..args.len() {
            let count = self.program.function(id).generics.get(index).map_or(0, |param| param.bounds.len());
            for place in 0..count {
                let param = &self.program.function(id).generics[index];
                let (bound, declared) = (param.bounds[place], param.span);
                let declared = self.written_bound(id, index, place).unwrap_or(declared);
                // `Self` of a trait's own method implements it, or the method had not been found.
                let bound = TraitRef { id: bound.id, args: self.types.subst_list(bound.args, args) };
                let is_param = |param: &Param| matches!(self.types.kind(param.ty), TyKind::Param(of) if of == index as u32);
                let param = self.program.function(id).params.iter().position(is_param);
                let blamed =
                    param.and_then(|param| values.get(param)).map_or(span, |&value| self.span_of(value));
                let why = Why::new(declared, "required by this bound");
                self.require(args[index], bound, blamed, Why { of_value: blamed != span, ..why });
            }
        }
    }

    /// Where a bound of a function's own type parameter is written.
    fn written_bound(&self, id: FnId, index: usize, place: usize) -> Option<Span> {
        let FnSource::Function(ast) = self.decls.functions[id.index()].source else { return None };
        let outer = self.program.function(id).outer_generics as usize;
        let bounds = &ast.generics.get(index.checked_sub(outer)?)?.bounds;
        bounds.get(place).map(|bound| bound.span)
    }

    /// Reports a type that does not implement a trait.
    pub(super) fn missing_impl(&mut self, ty: Ty, of: TraitRef, span: Span, why: Why) {
        let resolved = self.resolve(ty);
        if self.types.has_error(resolved) {
            return;
        }
        let part = self.part_without(resolved, of.id);
        // What lies in a type's parts is one mistake, wherever it shows.
        if part.is_some() && !self.underivable.insert((resolved, of.id)) {
            return;
        }
        let shown = self.show(ty);
        let mut name = self.text(self.program.trait_(of.id).name).to_string();
        if of.args != TyList::EMPTY {
            let args = self.show_list(of.args);
            name = format!("{name}<{args}>");
        }
        let mut diagnostic =
            Diagnostic::new(codes::MISSING_IMPL, span, format!("`{shown}` does not implement `{name}`"));
        if why.of_value {
            diagnostic = diagnostic.label(format!("this is `{shown}`"));
        }
        if why.span != Span::default() {
            diagnostic = diagnostic.secondary(why.span, why.text);
        }
        if let TyKind::Param(index) = self.types.kind(resolved) {
            diagnostic = self.add_bound(diagnostic, index, &name);
        } else if let Some(part) = part {
            let part = self.show(part);
            diagnostic = diagnostic.note(format!("a part of it is a `{part}`, which does not"));
        } else if let TyKind::Fn(..) = self.types.kind(resolved)
            && of.id <= TraitId::SHOW
        {
            diagnostic = diagnostic.help("functions are neither compared nor shown");
        } else if of.id > TraitId::SHOW && self.decls.traits[of.id.index()].ast.is_some() {
            diagnostic = diagnostic.help(format!("`impl {name} for {shown} {{ … }}` implements it"));
        }
        self.report(diagnostic);
    }

    /// Suggests a bound of a type parameter of the function that is checked.
    pub(super) fn add_bound(&self, diagnostic: Diagnostic, index: u32, name: &str) -> Diagnostic {
        let Some(param) = self.written_param(index) else {
            return self.add_supertrait(diagnostic, index, name);
        };
        let text = self.text(param.name.name);
        let (place, bound) = match param.bounds.last() {
            Some(last) => (last.span.end(), format!(" + {name}")),
            None => (param.name.span.end(), format!(": {name}")),
        };
        diagnostic.maybe(place, bound, format!("ask for a `{text}` that does"))
    }

    /// Suggests a supertrait, where what lacks a trait is the `Self` of a default method.
    fn add_supertrait(&self, diagnostic: Diagnostic, index: u32, name: &str) -> Diagnostic {
        let Some(decl) = self.decls.functions.get(self.body.function.index()) else { return diagnostic };
        let Owner::Trait(id) = decl.owner else { return diagnostic };
        let Some(ast) = self.decls.traits[id.index()].ast.filter(|_| index == 0) else { return diagnostic };
        let message = format!("ask whoever implements it for `{name}`");
        match ast.supertraits.last() {
            Some(last) => diagnostic.maybe(last.span.end(), format!(" + {name}"), message),
            None if ast.generics.is_empty() => {
                diagnostic.maybe(ast.name.span.end(), format!(": {name}"), message)
            }
            None => diagnostic.help(format!("{message}: `trait Name<T>: {name}`")),
        }
    }

    /// The declaration of a type parameter of the function that is checked.
    fn written_param(&self, index: u32) -> Option<&ast::GenericParam> {
        let function = self.program.functions.get(self.body.function.index())?;
        let name = function.generics.get(index as usize)?.name;
        let decl = &self.decls.functions[self.body.function.index()];
        let FnSource::Function(ast) = decl.source else { return None };
        let outer = match decl.owner {
            Owner::Impl(id) => self.decls.impls.get(id.index()).map(|decl| decl.ast.generics.as_slice()),
            _ => None,
        };
        let all = ast.generics.iter().chain(outer.unwrap_or_default());
        all.into_iter().find(|param| param.name.name == name)
    }

    /// The part of a type that prevents a derived implementation.
    fn part_without(&mut self, ty: Ty, id: TraitId) -> Option<Ty> {
        if !(TraitId::EQ..=TraitId::SHOW).contains(&id) {
            return None;
        }
        let of = TraitRef { id, args: TyList::EMPTY };
        self.parts(ty)?.into_iter().find(|&part| self.implements(part, of) == Answer::No)
    }
}

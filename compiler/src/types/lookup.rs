//! Finds the method that a name means on a type.

use super::Checker;
use super::traits::Answer;
use crate::ast::{Ident, Name};
use crate::diagnostics::{Diagnostic, codes};
use crate::hir::{FnId, Head, Owner, TraitId, TraitRef, Ty, TyKind};
use crate::source::Span;

/// A method that was found.
pub(super) enum Found {
    /// A function of an impl of the type alone, with the impl's type arguments.
    Inherent(FnId, Vec<Ty>),
    /// A method of a trait that the type implements.
    Trait(TraitRef, u32),
    /// A method of a trait object, through its table.
    Virtual(TraitRef, u32),
}

impl Checker<'_, '_> {
    /// The method of a name on a type that is known at its outermost level.
    pub(super) fn find_method(&mut self, ty: Ty, name: Name, span: Span) -> Option<Found> {
        let ty = self.shallow(ty);
        if let Some(found) = self.find_inherent(ty, name) {
            return Some(found);
        }
        if let Some(found) = self.find_by_bounds(ty, name) {
            return Some(found);
        }
        if let Some(found) = self.find_by_traits(ty, name, span) {
            return Some(found);
        }
        match self.types.kind(ty) {
            TyKind::Storage(storage) => self.find_method(storage.wide(), name, span),
            _ => None,
        }
    }

    /// A function of an impl without a trait. A program's own stands before the library's of the same name, which only the library
    /// itself goes on to mean.
    pub(super) fn find_inherent(&mut self, ty: Ty, name: Name) -> Option<Found> {
        self.find_inherent_from(ty, name, self.is_standard(self.module))
    }

    /// [`Checker::find_inherent`], with those of the library first, or those of the program.
    pub(super) fn find_inherent_from(&mut self, ty: Ty, name: Name, library: bool) -> Option<Found> {
        let head = Head::of(&self.types, ty)?;
        for head in [head, Head::Any] {
            let count = self.methods.get(&(head, name)).map_or(0, Vec::len);
            for first in [true, false] {
                for index in 0..count {
                    let id = self.methods[&(head, name)][index];
                    // One alone needs no turn.
                    let is_first = count == 1 || self.is_of_library(id) == library;
                    if is_first == first
                        && let Some(args) = self.inherent_args(id, ty, head == Head::Any)
                    {
                        return Some(Found::Inherent(id, args));
                    }
                }
            }
        }
        None
    }

    /// The arguments of the impl that a function is in, if its type can be `ty` and its bounds can hold.
    fn inherent_args(&mut self, id: FnId, ty: Ty, any: bool) -> Option<Vec<Ty>> {
        let Owner::Impl(impl_id) = self.program.function(id).owner else { return None };
        let target = self.program.impl_(impl_id).target;
        let count = self.program.impl_(impl_id).generics.len();
        if count == 0 {
            let snapshot = self.snapshot();
            if self.unify(target, ty) {
                self.commit(snapshot);
                return Some(Vec::new());
            }
            self.rollback(snapshot);
            return None;
        }
        let snapshot = self.snapshot();
        let args = self.fresh_args(count, Span::default());
        let target = self.types.subst(target, &args);
        if self.unify(target, ty) && !(any && self.bounds_hold(impl_id, &args) == Answer::No) {
            self.commit(snapshot);
            return Some(args);
        }
        self.rollback(snapshot);
        None
    }

    /// A method of a bound of a type parameter, or of a trait object's trait; supertraits too.
    fn find_by_bounds(&mut self, ty: Ty, name: Name) -> Option<Found> {
        let (mut waiting, object) = match self.types.kind(ty) {
            TyKind::Param(index) => (self.bounds_of(index), false),
            TyKind::Dyn(id, args) => (vec![TraitRef { id, args }], true),
            _ => return None,
        };
        let mut next = 0;
        while let Some(&bound) = waiting.get(next) {
            let methods = &self.program.trait_(bound.id).methods;
            if let Some(index) = methods.iter().position(|method| method.name == name) {
                let is_virtual = methods[index].is_virtual;
                return Some(match object && is_virtual {
                    true => Found::Virtual(bound, index as u32),
                    false => Found::Trait(bound, index as u32),
                });
            }
            self.push_supertraits(ty, bound, &mut waiting);
            next += 1;
        }
        None
    }

    /// A method of any trait that the type implements.
    fn find_by_traits(&mut self, ty: Ty, name: Name, span: Span) -> Option<Found> {
        let candidates = self.trait_methods.get(&name)?.clone();
        let mut found: Option<(TraitRef, u32)> = None;
        for (id, method) in candidates {
            let args = self.fresh_trait_args(id, span);
            if self.implements(ty, args) == Answer::No {
                continue;
            }
            if let Some((other, _)) = found {
                self.ambiguous(name, other.id, id, span);
                break;
            }
            found = Some((args, method));
        }
        found.map(|(of, method)| Found::Trait(of, method))
    }

    /// A trait with unknown types for its own parameters.
    pub(super) fn fresh_trait_args(&mut self, id: TraitId, span: Span) -> TraitRef {
        let count = self.program.trait_(id).generics.len() - 1;
        let args = self.fresh_args(count, span);
        TraitRef { id, args: self.types.intern_list(&args) }
    }

    fn ambiguous(&mut self, name: Name, a: TraitId, b: TraitId, span: Span) {
        let list = self.quoted([a, b].into_iter().map(|id| self.program.trait_(id).name));
        let message = format!("`{}` is a method of several traits: {list}", self.text(name));
        self.report(Diagnostic::new(codes::AMBIGUOUS_METHOD, span, message));
    }

    /// Reports a method that is not there.
    pub(super) fn unknown_method(&mut self, ty: Ty, name: Ident, on_type: bool) {
        let resolved = self.resolve(ty);
        if self.types.has_error(resolved) {
            return;
        }
        let shown = self.show(ty);
        let text = self.text(name.name).to_string();
        let what = if on_type { "function" } else { "method" };
        let message = format!("`{shown}` has no {what} `{text}`");
        let mut diagnostic = Diagnostic::new(codes::UNKNOWN_METHOD, name.span, message);
        let candidates = self.method_names(ty);
        let exists =
            |here: &str| here == "show" || candidates.iter().any(|candidate| self.text(*candidate) == here);
        let here = super::elsewhere::method(&text).filter(|here| exists(here));
        let misspelt = super::elsewhere::similar_method(&text).filter(|here| exists(here));
        if let Some(here) = here {
            diagnostic = diagnostic.suggest(name.span, here, format!("it is called `{here}` here"));
        } else if let Some(close) = self.closest(name.name, candidates.iter().copied()) {
            diagnostic = close.add(diagnostic, name.span);
        } else if let Some(here) = misspelt {
            diagnostic = diagnostic.maybe(name.span, here, format!("it is called `{here}` here"));
        } else if let Some(help) = super::elsewhere::method_advice(&text) {
            diagnostic = diagnostic.help(help);
        } else if let (true, "new" | "init", TyKind::Struct(..)) =
            (on_type, text.as_str(), self.types.kind(resolved))
        {
            let place = Span::new(name.span.lo.saturating_sub(1), name.span.hi);
            diagnostic = diagnostic.maybe(place, "", "a struct is made by calling its name");
        } else if self.types.option_payload(resolved).is_some() {
            diagnostic =
                diagnostic.help(format!("on an option: `x?.{text}(…)`, or take the value out first"));
        } else if self.types.result_payloads(resolved).is_some() {
            diagnostic = diagnostic.help(format!("on a `Result`: `(x?).{text}(…)`"));
        } else if let TyKind::Param(index) = self.types.kind(resolved)
            && let Some(list) = self.trait_methods.get(&name.name)
            && let Some(&(id, _)) = list.first()
        {
            let of = self.text(self.program.trait_(id).name).to_string();
            diagnostic = self.add_bound(diagnostic, index, &of);
        }
        self.report(diagnostic);
    }
}

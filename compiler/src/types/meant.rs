//! Finds the names that misspelt ones stand for.
//!
//! What many names have to be compared with is prepared once for each file: a program may have thousands of
//! names, and thousands of them misspelt.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::Checker;
use crate::ast::Name;
use crate::diagnostics::{self, Diagnostic, Spellings};
use crate::hir::{Head, TraitId, Ty, TyKind};
use crate::modules::ModuleId;
use crate::resolve::{Def, Entry};
use crate::source::Span;

/// The standard module that declares a name; nothing when several do.
pub(super) fn module_with(name: &str) -> Option<&'static str> {
    type Index = FxHashMap<&'static str, Option<&'static str>>;
    static INDEX: std::sync::LazyLock<Index> = std::sync::LazyLock::new(|| {
        let mut index = Index::default();
        for module in crate::modules::module_names() {
            for line in crate::modules::standard_source(module).lines() {
                let words = ["pub fn ", "pub const ", "pub struct ", "pub enum ", "pub trait "];
                let rest = words.iter().find_map(|word| line.strip_prefix(word));
                let name =
                    rest.and_then(|rest| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next());
                name.map(|name| index.entry(name).and_modify(|of| *of = None).or_insert(Some(module)));
            }
        }
        index
    });
    INDEX.get(name).copied().flatten()
}

/// The name that a misspelt one stands for.
pub(super) struct Close {
    text: String,
    sure: bool,
}

impl Close {
    /// Suggests it instead of what stands at a place.
    pub(super) fn add(&self, diagnostic: Diagnostic, span: Span) -> Diagnostic {
        diagnostic.there_is(span, &self.text, self.sure)
    }
}

/// A name of a file or of the prelude.
#[derive(Clone, Copy)]
pub(super) struct Candidate {
    name: Name,
    def: Def,
    public: bool,
}

impl Candidate {
    fn of((&name, entry): (&Name, &Entry)) -> Candidate {
        Candidate { name, def: entry.def, public: entry.public }
    }

    /// Whether it can stand in the place of a type.
    fn is_type(self) -> bool {
        use Def::{Alias, Array, Enum, Struct, Trait, Type};
        matches!(self.def, Struct(_) | Enum(_) | Trait(_) | Alias(_) | Type(_) | Array)
    }
}

/// The prepared names of files, and those of the prelude.
pub(super) type Prepared = FxHashMap<Option<ModuleId>, Rc<Spellings<Candidate>>>;

/// What types have, by their heads, in no order.
#[derive(Default)]
pub(super) struct Members {
    /// The functions of their impls without a trait.
    methods: FxHashMap<Head, Vec<Name>>,
    /// The traits that they implement.
    traits: FxHashMap<Head, Vec<TraitId>>,
}

impl Checker<'_, '_> {
    /// The variable, function, constant, constructor or module in scope that was probably meant.
    pub(super) fn similar_value(&mut self, text: &str) -> Option<Close> {
        let capital = text.starts_with(char::is_uppercase);
        let locals = self.body.names_in_scope();
        let fits = |candidate: Candidate, begins_with_capital: bool| match candidate.def {
            Def::Const(_) => true,
            Def::Trait(_) => false,
            _ => begins_with_capital == capital,
        };
        self.similar_name(text, locals, fits)
    }

    /// The type in scope that was probably meant.
    pub(super) fn similar_type(&mut self, text: &str) -> Option<Close> {
        let params = self.type_scope.params.clone();
        self.similar_name(text, params, |candidate, _| candidate.is_type())
    }

    /// The closest of some local names and of those of the file at hand and the prelude that fit.
    fn similar_name(
        &mut self,
        text: &str,
        mut local: Vec<Name>,
        fits: impl Fn(Candidate, bool) -> bool,
    ) -> Option<Close> {
        local.sort_unstable();
        local.dedup();
        local.retain(|name| !self.names.text(*name).starts_with('_'));
        let local = self.spellings(local.into_iter()).closest(text, |_| true);
        let mut best = local;
        for file in [Some(self.module), None] {
            let prepared = self.prepared(file);
            let fits = |candidate: Candidate| {
                fits(candidate, self.names.text(candidate.name).starts_with(char::is_uppercase))
            };
            let Some(found) = prepared.closest(text, fits) else { continue };
            let found =
                diagnostics::Close { value: found.value.name, distance: found.distance, alone: found.alone };
            best = Some(match best {
                Some(best) if best.value == found.value => best,
                Some(best) if best.distance <= found.distance => diagnostics::Close { alone: false, ..best },
                Some(_) => diagnostics::Close { alone: false, ..found },
                None => found,
            });
        }
        best.map(|close| self.close(text, close))
    }

    /// The closest of the public names of another file to a misspelt one.
    pub(super) fn similar_member(&mut self, module: ModuleId, name: Name) -> Option<Close> {
        let prepared = self.prepared(Some(module));
        let found = prepared.closest(self.text(name), |candidate| candidate.public)?;
        let found =
            diagnostics::Close { value: found.value.name, distance: found.distance, alone: found.alone };
        Some(self.close(self.text(name), found))
    }

    /// The public name in a module for what another language calls otherwise.
    pub(super) fn member_elsewhere(&mut self, module: ModuleId, name: Name) -> Option<&'static str> {
        let here = super::elsewhere::member(self.text(name))?;
        let prepared = self.prepared(Some(module));
        let close = prepared.closest(here, |candidate| candidate.public)?;
        (self.text(close.value.name) == here).then_some(here)
    }

    /// The closest of some names to a misspelt one.
    pub(super) fn closest(&self, name: Name, candidates: impl Iterator<Item = Name>) -> Option<Close> {
        let found =
            self.spellings(candidates.filter(|&other| other != name)).closest(self.text(name), |_| true)?;
        Some(self.close(self.text(name), found))
    }

    fn close(&self, wrong: &str, close: diagnostics::Close<Name>) -> Close {
        // Of very short names most are close to each other.
        let sure = close.alone && close.distance < wrong.chars().count().div_ceil(2);
        Close { text: self.text(close.value).to_string(), sure }
    }

    fn spellings(&self, names: impl Iterator<Item = Name>) -> Spellings<Name> {
        Spellings::of(names.map(|name| (self.text(name), name)))
    }

    /// The names of a file, or of the prelude; names that begin with `_` are nobody's but their own.
    fn prepared(&mut self, file: Option<ModuleId>) -> Rc<Spellings<Candidate>> {
        if let Some(prepared) = self.prepared.get(&file) {
            return Rc::clone(prepared);
        }
        let mut candidates: Vec<Candidate> = match file {
            Some(file) => self.decls.scopes[file.0 as usize].names.iter().map(Candidate::of).collect(),
            None => {
                let types = self.known.types().into_iter().take(12);
                let types = types.map(|(name, ty)| (name, Def::Type(ty)));
                let prelude = self.decls.prelude.iter().map(|(&name, &def)| (name, def));
                prelude.chain(types).map(|(name, def)| Candidate { name, def, public: true }).collect()
            }
        };
        candidates.retain(|candidate| !self.text(candidate.name).starts_with('_'));
        candidates.sort_unstable_by_key(|candidate| candidate.name);
        candidates.dedup_by_key(|candidate| candidate.name);
        let texts = candidates.iter().map(|&candidate| (self.text(candidate.name), candidate));
        let prepared = Rc::new(Spellings::of(texts));
        self.prepared.insert(file, Rc::clone(&prepared));
        prepared
    }

    /// The names of the functions of a type.
    pub(super) fn method_names(&mut self, ty: Ty) -> Vec<Name> {
        let ty = self.resolve(ty);
        let ty = self.types.wide(ty);
        let Some(head) = Head::of(&self.types, ty) else { return Vec::new() };
        let members = self.members();
        let mut names = members.methods.get(&head).cloned().unwrap_or_default();
        if let TyKind::Struct(id, _) = self.types.kind(ty) {
            names.extend(self.program.struct_(id).fields.iter().map(|field| field.name));
        }
        let mut traits: Vec<TraitId> = match self.types.kind(ty) {
            TyKind::Dyn(id, _) => vec![id],
            TyKind::Param(index) => self.bounds_of(index).iter().map(|of| of.id).collect(),
            _ => members.traits.get(&head).cloned().unwrap_or_default(),
        };
        traits.sort_unstable();
        for id in traits {
            names.extend(self.program.trait_(id).methods.iter().map(|method| method.name));
        }
        names.sort_unstable();
        names
    }

    /// The members of all types.
    fn members(&mut self) -> Rc<Members> {
        if let Some(members) = &self.members {
            return Rc::clone(members);
        }
        let mut members = Members::default();
        for &(head, name) in self.methods.keys().filter(|(_, name)| !self.text(*name).starts_with('_')) {
            members.methods.entry(head).or_default().push(name);
        }
        for &(id, head) in self.program.impl_index.keys() {
            members.traits.entry(head).or_default().push(id);
        }
        Rc::clone(self.members.insert(Rc::new(members)))
    }

    /// The enum in scope that has a variant of this name.
    pub(super) fn enum_of_variant(&self, name: Name) -> Option<String> {
        if !self.text(name).starts_with(char::is_uppercase) {
            return None;
        }
        let scope = &self.decls.scopes[self.module.0 as usize];
        let has = |(_, entry): &(&Name, &Entry)| match entry.def {
            Def::Enum(id) => self.program.enum_(id).variants.iter().any(|variant| variant.name == name),
            _ => false,
        };
        let enums = scope.names.iter().filter(has).map(|(of, _)| self.text(*of));
        enums.min().map(str::to_string)
    }
}

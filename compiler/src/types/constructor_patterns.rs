//! Patterns that name a variant, a struct or a constant.

use super::Checker;
use super::paths::Meaning;
use super::patterns::Bound;
use crate::ast::{self, Ident, Name};
use crate::diagnostics::{Diagnostic, codes};
use crate::hir::{EnumId, Field, Pattern, PatternKind, StructId, Ty, TyKind};
use crate::resolve::Def;
use crate::source::Span;

impl<'a> Checker<'a, '_> {
    pub(super) fn constructor_pattern(
        &mut self,
        constructor: &'a ast::Constructor,
        ty: Ty,
        span: Span,
        bound: &mut Bound,
    ) -> Option<PatternKind> {
        let found = match constructor.path.as_slice() {
            [name] => self.plain_constructor(*name, ty),
            [first, name] => self.dotted_constructor(*first, *name),
            [module, of, name] => match self.module_member(*module, *of) {
                Some(Def::Enum(id)) => self.variant_named(id, *name),
                _ => None,
            },
            _ => None,
        };
        let kind = match found {
            Some(Constructed::Variant(id, variant)) => {
                self.variant_pattern(id, variant, constructor, ty, span, bound)
            }
            Some(Constructed::Struct(id)) => self.struct_pattern(id, constructor, ty, span, bound),
            Some(Constructed::Const(id)) => {
                let name = constructor.path.last().copied()?;
                let (value, own) = self.const_value_of(id, name.span)?;
                self.const_pattern(&value, own, ty, span)
            }
            None => None,
        };
        if kind.is_none() {
            self.bind_errors(constructor, bound);
        }
        kind
    }

    /// After a report: the names within are bound all the same.
    fn bind_errors(&mut self, constructor: &'a ast::Constructor, bound: &mut Bound) {
        for field in constructor.fields.iter().flatten() {
            self.sub_pattern(&field.pattern, Ty::ERROR, bound);
        }
    }

    fn plain_constructor(&mut self, name: Ident, ty: Ty) -> Option<Constructed> {
        if let TyKind::Enum(id, _) = self.types.kind(ty)
            && let Some(found) = self.variant_index(id, name.name)
        {
            return Some(Constructed::Variant(id, found));
        }
        match self.meaning(name.name) {
            Some(Meaning::Def(Def::Variant(id, variant))) => Some(Constructed::Variant(id, variant)),
            Some(Meaning::Def(Def::Struct(id))) => Some(Constructed::Struct(id)),
            Some(Meaning::Def(Def::Const(id))) => Some(Constructed::Const(id)),
            Some(Meaning::Def(Def::Alias(id))) => {
                let ty = self.resolve_alias(id);
                match self.types.kind(ty) {
                    TyKind::Struct(id, _) => Some(Constructed::Struct(id)),
                    _ => {
                        self.wrong_path(name);
                        None
                    }
                }
            }
            Some(Meaning::Type(self_ty)) => match self.types.kind(self_ty) {
                TyKind::Struct(id, _) => Some(Constructed::Struct(id)),
                _ => {
                    self.wrong_path(name);
                    None
                }
            },
            Some(_) => {
                self.wrong_path(name);
                None
            }
            None => {
                let resolved = self.resolve(ty);
                match self.types.kind(resolved) {
                    TyKind::Enum(id, _) => self.unknown_variant(id, name),
                    _ if self.types.has_error(resolved) => {}
                    _ => self.unknown_name(name),
                }
                None
            }
        }
    }

    fn dotted_constructor(&mut self, first: Ident, name: Ident) -> Option<Constructed> {
        let meaning = self.meaning(first.name);
        let def = match meaning {
            Some(Meaning::Def(Def::Module(id))) => {
                return match self.member_of(id, name)? {
                    Def::Struct(id) => Some(Constructed::Struct(id)),
                    Def::Const(id) => Some(Constructed::Const(id)),
                    _ => {
                        self.wrong_path(name);
                        None
                    }
                };
            }
            Some(Meaning::Def(Def::Enum(id))) => return self.variant_named(id, name),
            Some(Meaning::Type(ty)) => self.types.kind(ty),
            Some(Meaning::Def(Def::Alias(id))) => {
                let ty = self.resolve_alias(id);
                self.types.kind(ty)
            }
            Some(Meaning::Def(Def::Type(ty))) => {
                let head = crate::hir::Head::of(&self.types, ty)?;
                if let Some(&id) = self.member_consts.get(&(head, name.name)) {
                    return Some(Constructed::Const(id));
                }
                self.types.kind(ty)
            }
            Some(_) => TyKind::Error,
            None => {
                self.unknown_type(first);
                return None;
            }
        };
        match def {
            TyKind::Enum(id, _) => self.variant_named(id, name),
            _ => {
                self.wrong_path(name);
                None
            }
        }
    }

    fn variant_index(&self, id: EnumId, name: Name) -> Option<u32> {
        let variants = &self.program.enum_(id).variants;
        variants.iter().position(|variant| variant.name == name).map(|index| index as u32)
    }

    fn variant_named(&mut self, id: EnumId, name: Ident) -> Option<Constructed> {
        match self.variant_index(id, name.name) {
            Some(variant) => Some(Constructed::Variant(id, variant)),
            None => {
                self.unknown_variant(id, name);
                None
            }
        }
    }

    fn variant_pattern(
        &mut self,
        id: EnumId,
        variant: u32,
        constructor: &'a ast::Constructor,
        ty: Ty,
        span: Span,
        bound: &mut Bound,
    ) -> Option<PatternKind> {
        let own = self.fresh_enum(id, Span::default());
        if !self.unify(ty, own) {
            let what = format!("`{}`", self.text(self.program.enum_(id).name));
            self.wrong_pattern(span, &what, ty);
            return None;
        }
        let args = self.type_args(own);
        let fields = self.program.enum_(id).variants[variant as usize].fields.clone();
        let fields = self.field_patterns(&fields, &args, constructor, span, bound)?;
        Some(PatternKind::Variant(variant, fields.into()))
    }

    fn struct_pattern(
        &mut self,
        id: StructId,
        constructor: &'a ast::Constructor,
        ty: Ty,
        span: Span,
        bound: &mut Bound,
    ) -> Option<PatternKind> {
        let (own, args) = self.fresh_struct(id, Span::default());
        if !self.unify(ty, own) {
            let what = format!("`{}`", self.text(self.program.struct_(id).name));
            self.wrong_pattern(span, &what, ty);
            return None;
        }
        let fields = self.program.struct_(id).fields.clone();
        let fields = self.field_patterns(&fields, &args, constructor, span, bound)?;
        Some(PatternKind::Struct(fields.into()))
    }

    /// The patterns of fields, by position or name.
    fn field_patterns(
        &mut self,
        fields: &[Field],
        args: &[Ty],
        constructor: &'a ast::Constructor,
        span: Span,
        bound: &mut Bound,
    ) -> Option<Vec<(u32, Pattern)>> {
        let given = constructor.fields.as_deref().unwrap_or_default();
        let mut out: Vec<(u32, Pattern)> = Vec::with_capacity(given.len());
        let mut fine = true;
        for (position, field) in given.iter().enumerate() {
            let place = match field.name {
                Some(name) => fields.iter().position(|of| of.name == name.name),
                None => (position < fields.len()).then_some(position),
            };
            let place = place.filter(|&place| !out.iter().any(|(before, _)| *before as usize == place));
            match place {
                Some(place) => {
                    let ty = self.types.subst(fields[place].ty, args);
                    let pattern = self.sub_pattern(&field.pattern, ty, bound);
                    out.push((place as u32, pattern));
                }
                None => {
                    self.sub_pattern(&field.pattern, Ty::ERROR, bound);
                    if fine && let Some(name) = field.name {
                        let names = self.quoted(fields.iter().map(|field| field.name));
                        let message = format!("there is no field `{}` to match", self.text(name.name));
                        let diagnostic = Diagnostic::new(codes::PATTERN_FIELDS, name.span, message)
                            .label(format!("the fields are {names}"));
                        self.report(diagnostic);
                        return Some(out);
                    }
                    fine = false;
                }
            }
        }
        if !fine || constructor.rest.is_none() && out.len() < fields.len() {
            self.wrong_field_count(fields, constructor, span);
        }
        Some(out)
    }

    /// A pattern with more or fewer fields than there are.
    fn wrong_field_count(&mut self, fields: &[Field], constructor: &'a ast::Constructor, span: Span) {
        let given = constructor.fields.as_deref().unwrap_or_default();
        let name = constructor.path.last().map_or("", |name| self.names.text(name.name)).to_string();
        let (count, plural) = (fields.len(), if fields.len() == 1 { "" } else { "s" });
        let message = format!("`{name}` has {count} field{plural}, but the pattern has {}", given.len());
        let mut diagnostic = Diagnostic::new(codes::PATTERN_FIELDS, span, message);
        if let (Some(first), Some(last)) = (fields.first(), fields.last())
            && first.span != Span::default()
        {
            let at = first.span.to(last.span);
            diagnostic = diagnostic.secondary(at, "declared here");
        }
        let more = count.saturating_sub(given.len());
        let positional = given.iter().all(|field| field.name.is_none());
        let wildcards = vec!["_"; more].join(", ");
        self.report(match given.last() {
            Some(_) if count == 0 => {
                let name_end = constructor.path.last().map_or(span.lo, |name| name.span.hi);
                diagnostic.maybe(Span::new(name_end, span.hi), "", "it holds nothing")
            }
            _ if more == 0 => diagnostic,
            Some(last) if positional => {
                let help = "`_` leaves a field out, `..` all the others";
                diagnostic.maybe(last.pattern.span.end(), format!(", {wildcards}"), help)
            }
            Some(last) => diagnostic.maybe(last.pattern.span.end(), ", ..", "leave the other fields out"),
            None => {
                let name_end = constructor.path.last().map_or(span.lo, |name| name.span.hi);
                let edit = Span::new(name_end, span.hi);
                diagnostic.maybe(edit, format!("({wildcards})"), "`_` leaves a field out, `..` all of them")
            }
        });
    }
}

/// What a constructor pattern names.
enum Constructed {
    Variant(EnumId, u32),
    Struct(StructId),
    Const(crate::resolve::ConstId),
}

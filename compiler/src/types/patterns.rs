//! Patterns: against the type of the value that they are matched with.

use super::Checker;
use super::paths::Meaning;
use crate::ast::{self, Ident, PatternKind as Ast};
use crate::diagnostics::{Diagnostic, codes};
use crate::hir::{ArrayPattern, Literal, LocalId, Pattern, PatternKind, Storage, Ty, TyKind};
use crate::resolve::Def;
use crate::source::Span;

/// What is bound by the pattern that is checked.
#[derive(Default)]
pub(super) struct Bound {
    mutable: bool,
    /// Whether a name keeps a storage type (`let x: u8 = …`).
    exact: bool,
    names: Vec<(Ident, LocalId)>,
    /// The names of the first alternative, while another is checked.
    reuse: Option<Vec<(Ident, LocalId)>>,
    /// Whether a name was missing there.
    failed: bool,
}

impl<'a> Checker<'a, '_> {
    /// Checks a pattern and binds its names in the current scope.
    pub(super) fn pattern(&mut self, pattern: &'a ast::Pattern, ty: Ty, mutable: bool) -> Pattern {
        self.let_pattern(pattern, ty, mutable, false)
    }

    /// [`Checker::pattern`]; with `exact`, a name has the written storage type.
    pub(super) fn let_pattern(
        &mut self,
        pattern: &'a ast::Pattern,
        ty: Ty,
        mutable: bool,
        exact: bool,
    ) -> Pattern {
        let mut bound = Bound { mutable, exact, ..Bound::default() };
        self.sub_pattern(pattern, ty, &mut bound)
    }

    pub(super) fn sub_pattern(&mut self, pattern: &'a ast::Pattern, ty: Ty, bound: &mut Bound) -> Pattern {
        let span = pattern.span;
        let ty = self.known_type(ty);
        let kind = match &pattern.kind {
            Ast::Wildcard => Some(PatternKind::Wildcard),
            Ast::Bind(name) => self.bind_name(*name, ty, bound).map(|local| PatternKind::Bind(local, None)),
            Ast::At(name, inner) => {
                let local = self.bind_name(*name, ty, bound);
                let inner = self.sub_pattern(inner, ty, bound);
                local.map(|local| PatternKind::Bind(local, Some(Box::new(inner))))
            }
            Ast::Literal(literal) => self.literal_pattern(literal, ty, span),
            Ast::Range { lo, hi, inclusive } => {
                self.range_pattern(lo.as_deref(), hi.as_deref(), *inclusive, ty, span)
            }
            Ast::Constructor(constructor) => self.constructor_pattern(constructor, ty, span, bound),
            Ast::Tuple(parts) => self.tuple_pattern(parts, ty, span, bound),
            Ast::Array(array) => self.array_pattern(array, ty, span, bound),
            Ast::Or(alternatives) => self.or_pattern(alternatives, ty, bound),
            Ast::Error => None,
        };
        match kind {
            Some(kind) => Pattern { kind, ty, span },
            None => Pattern { kind: PatternKind::Wildcard, ty: Ty::ERROR, span },
        }
    }

    fn bind_name(&mut self, name: Ident, ty: Ty, bound: &mut Bound) -> Option<LocalId> {
        let ty = if bound.exact { ty } else { self.wide(ty) };
        if let Some(before) = bound.names.iter().find(|(before, _)| before.name == name.name)
            && name.name != ast::known::UNDERSCORE
        {
            if ty == Ty::ERROR {
                return None;
            }
            let at = before.0.span;
            let message = format!("`{}` is bound twice in one pattern", self.text(name.name));
            let diagnostic = Diagnostic::new(codes::DUPLICATE_BINDING, name.span, message)
                .secondary(at, "first bound here");
            self.report(diagnostic);
            return None;
        }
        let local = match &bound.reuse {
            None => self.declare_local(name, ty, bound.mutable),
            Some(first) => match first.iter().find(|(before, _)| before.name == name.name) {
                Some(&(_, local)) => {
                    let expected = self.body.locals[local.index()].ty;
                    if !self.unify(expected, ty) {
                        self.mismatch(name.span, expected, ty, super::report::Why::NONE);
                    }
                    local
                }
                None => {
                    self.alternative_names(name);
                    bound.failed = true;
                    return None;
                }
            },
        };
        bound.names.push((name, local));
        Some(local)
    }

    fn alternative_names(&mut self, name: Ident) {
        let text = self.text(name.name);
        let message = format!("`{text}` is not bound by every alternative");
        self.report(Diagnostic::new(codes::OR_PATTERN_NAMES, name.span, message));
    }

    fn or_pattern(
        &mut self,
        alternatives: &'a [ast::Pattern],
        ty: Ty,
        bound: &mut Bound,
    ) -> Option<PatternKind> {
        let start = bound.names.len();
        let mut patterns = Vec::with_capacity(alternatives.len());
        for (index, alternative) in alternatives.iter().enumerate() {
            if index == 0 {
                patterns.push(self.sub_pattern(alternative, ty, bound));
                continue;
            }
            let first: Vec<(Ident, LocalId)> = bound.names[start..].to_vec();
            let outer = bound.reuse.clone();
            let reuse = Some(outer.into_iter().flatten().chain(first.iter().copied()).collect());
            let mut own = Bound { mutable: bound.mutable, exact: bound.exact, reuse, ..Bound::default() };
            patterns.push(self.sub_pattern(alternative, ty, &mut own));
            let failed = own.failed || patterns.last().is_some_and(|pattern| pattern.ty == Ty::ERROR);
            let missing =
                first.iter().find(|(name, _)| !own.names.iter().any(|(own, _)| own.name == name.name));
            if let Some(&(name, _)) = missing.filter(|_| !failed) {
                self.alternative_names(name);
            }
        }
        let wrong = patterns.iter().any(|pattern| pattern.ty == Ty::ERROR);
        (!wrong).then(|| PatternKind::Or(patterns.into()))
    }

    /// Reports a pattern for another type than the value has.
    pub(super) fn wrong_pattern(&mut self, span: Span, what: &str, ty: Ty) {
        let resolved = self.resolve(ty);
        if self.types.has_error(resolved) {
            return;
        }
        let shown = self.show(ty);
        let message = format!("this pattern is for {what}, but the value is `{shown}`");
        self.report(Diagnostic::new(codes::PATTERN_TYPE, span, message));
    }

    fn literal_pattern(&mut self, literal: &ast::Literal, ty: Ty, span: Span) -> Option<PatternKind> {
        self.pattern_value(literal, ty, span).map(PatternKind::Literal)
    }

    /// A literal as a value of a type.
    fn pattern_value(&mut self, literal: &ast::Literal, ty: Ty, span: Span) -> Option<Literal> {
        let (value, own) = match literal {
            ast::Literal::Int(value) => (Literal::Int(*value), Ty::INT),
            ast::Literal::Float(value) => (Literal::Float(*value), Ty::FLOAT),
            ast::Literal::Bool(value) => (Literal::Bool(*value), Ty::BOOL),
            ast::Literal::Char(value) => (Literal::Char(*value), Ty::CHAR),
            ast::Literal::Str(value) => (Literal::Str(*value), Ty::STR),
            ast::Literal::Bytes(_) => return None,
        };
        self.value_of_type(value, own, ty, span)
    }

    fn value_of_type(&mut self, value: Literal, own: Ty, ty: Ty, span: Span) -> Option<Literal> {
        match (self.kind(ty), &value) {
            (TyKind::Float, Literal::Int(value)) => return Some(Literal::Float(*value as f64)),
            (TyKind::Storage(Storage::F32), Literal::Float(_)) => return Some(value),
            (TyKind::Storage(Storage::F32), Literal::Int(value)) => {
                return Some(Literal::Float(*value as f64));
            }
            (TyKind::Storage(storage), Literal::Int(value)) => {
                self.literal_fits(*value, storage, span);
                return Some(Literal::Int(*value));
            }
            _ => {}
        }
        // A constant of a storage type widens, as its values do elsewhere.
        if !self.unify(ty, self.types.wide(own)) {
            let what = format!("`{}`", self.show(own));
            self.wrong_pattern(span, &what, ty);
            return None;
        }
        Some(value)
    }

    fn range_pattern(
        &mut self,
        lo: Option<&'a ast::Pattern>,
        hi: Option<&'a ast::Pattern>,
        inclusive: bool,
        ty: Ty,
        span: Span,
    ) -> Option<PatternKind> {
        let lo = match lo {
            Some(lo) => Some(self.range_end(lo, ty)?),
            None => None,
        };
        let hi = match hi {
            Some(hi) => Some(self.range_end(hi, ty)?),
            None => None,
        };
        let ordered =
            |value: &Literal| matches!(value, Literal::Int(_) | Literal::Float(_) | Literal::Char(_));
        if !lo.iter().chain(&hi).all(ordered) {
            self.report(Diagnostic::new(codes::PATTERN_TYPE, span, "a range pattern is of numbers or chars"));
            return None;
        }
        Some(PatternKind::Range { lo, hi, inclusive })
    }

    fn range_end(&mut self, end: &'a ast::Pattern, ty: Ty) -> Option<Literal> {
        match &end.kind {
            Ast::Literal(literal) => self.pattern_value(literal, ty, end.span),
            Ast::Constructor(constructor) => {
                let name = constructor.path.last().copied()?;
                let id = self.pattern_const(constructor)?;
                let (value, own) = self.const_literal(id, name.span)?;
                self.value_of_type(value, own, ty, end.span)
            }
            _ => None,
        }
    }

    /// The constant that a path names.
    fn pattern_const(&mut self, constructor: &'a ast::Constructor) -> Option<crate::resolve::ConstId> {
        match constructor.path.as_slice() {
            [name] => match self.meaning(name.name) {
                Some(Meaning::Def(Def::Const(id))) => Some(id),
                Some(_) => {
                    self.wrong_path(*name);
                    None
                }
                None => {
                    self.unknown_name(*name);
                    None
                }
            },
            [module, name] => match self.meaning(module.name) {
                Some(Meaning::Def(Def::Module(id))) => match self.member_of(id, *name)? {
                    Def::Const(id) => Some(id),
                    _ => {
                        self.wrong_path(*name);
                        None
                    }
                },
                Some(Meaning::Def(Def::Type(ty))) => {
                    let head = crate::hir::Head::of(&self.types, ty)?;
                    let found = self.member_consts.get(&(head, name.name)).copied();
                    if found.is_none() {
                        self.wrong_path(*name);
                    }
                    found
                }
                _ => {
                    self.wrong_path(*module);
                    None
                }
            },
            _ => None,
        }
    }

    pub(super) fn wrong_path(&mut self, name: Ident) {
        let message = format!("`{}` is no variant, struct or constant", self.text(name.name));
        self.report(Diagnostic::new(codes::PATTERN_TYPE, name.span, message));
    }

    fn tuple_pattern(
        &mut self,
        parts: &'a [ast::Pattern],
        ty: Ty,
        span: Span,
        bound: &mut Bound,
    ) -> Option<PatternKind> {
        let types = match self.types.kind(ty) {
            TyKind::Tuple(list) if self.types.list(list).len() == parts.len() => {
                Some(self.types.list(list).to_vec())
            }
            TyKind::Unit if parts.is_empty() => return Some(PatternKind::Wildcard),
            TyKind::Infer(_) if self.is_unknown(ty) => {
                let types = self.fresh_args(parts.len(), span);
                let tuple = self.types.tuple(&types);
                self.unify(ty, tuple);
                Some(types)
            }
            _ => None,
        };
        let Some(types) = types else {
            self.wrong_pattern(span, &format!("a tuple of {} parts", parts.len()), ty);
            for part in parts {
                self.sub_pattern(part, Ty::ERROR, bound);
            }
            return None;
        };
        let patterns: Vec<Pattern> =
            parts.iter().zip(types).map(|(part, ty)| self.sub_pattern(part, ty, bound)).collect();
        Some(PatternKind::Tuple(patterns.into()))
    }

    fn array_pattern(
        &mut self,
        array: &'a ast::ArrayPattern,
        ty: Ty,
        span: Span,
        bound: &mut Bound,
    ) -> Option<PatternKind> {
        let element = match self.types.kind(ty) {
            TyKind::Array(element) => element,
            TyKind::Infer(_) if self.is_unknown(ty) => {
                let element = self.fresh(super::infer::VarKind::Any, span);
                let own = self.types.array(element);
                self.unify(ty, own);
                element
            }
            _ => {
                self.wrong_pattern(span, "an array", ty);
                for part in array.before.iter().chain(&array.after) {
                    self.sub_pattern(part, Ty::ERROR, bound);
                }
                if let Some((_, Some(name))) = array.rest {
                    self.bind_name(name, Ty::ERROR, bound);
                }
                return None;
            }
        };
        let before: Vec<Pattern> =
            array.before.iter().map(|part| self.sub_pattern(part, element, bound)).collect();
        let rest = array.rest.map(|(_, name)| name.and_then(|name| self.bind_name(name, ty, bound)));
        let after: Vec<Pattern> =
            array.after.iter().map(|part| self.sub_pattern(part, element, bound)).collect();
        Some(PatternKind::Array(Box::new(ArrayPattern { before: before.into(), rest, after: after.into() })))
    }

    /// A constant's value as a pattern.
    pub(super) fn const_pattern(
        &mut self,
        value: &super::constants::Value,
        own: Ty,
        ty: Ty,
        span: Span,
    ) -> Option<PatternKind> {
        match value {
            super::constants::Value::Literal(literal) => {
                self.value_of_type(literal.clone(), own, ty, span).map(PatternKind::Literal)
            }
            super::constants::Value::Tuple(parts) => {
                if !self.unify(ty, own) {
                    let what = format!("`{}`", self.show(own));
                    self.wrong_pattern(span, &what, ty);
                    return None;
                }
                let TyKind::Tuple(list) = self.kind(own) else { return None };
                let types = self.types.list(list).to_vec();
                let patterns: Option<Vec<Pattern>> = parts
                    .iter()
                    .zip(types)
                    .map(|(part, ty)| {
                        Some(Pattern { kind: self.const_pattern(part, ty, ty, span)?, ty, span })
                    })
                    .collect();
                Some(PatternKind::Tuple(patterns?.into()))
            }
        }
    }
}

//! What waits until more is known of the types.

use super::Checker;
use super::closures::WaitingClosure;
use super::report::Why;
use super::traits::Answer;
use crate::ast;
use crate::diagnostics::{Diagnostic, codes};
use crate::hir::{ExprId, TraitRef, Ty};
use crate::source::Span;

/// Something that could not be decided where it stands.
pub(super) enum Pending<'a> {
    /// A type must implement a trait.
    Bound { ty: Ty, of: TraitRef, span: Span, why: Why },
    /// An operator on operands of unknown types; `node` becomes what it means.
    Binary { node: ExprId, op: ast::BinaryOp, op_span: Span, lhs: ExprId, rhs: ExprId },
    /// A closure whose parameters' types are unknown; its body is checked when they are known.
    Closure(Box<WaitingClosure<'a>>),
}

impl<'a> Checker<'a, '_> {
    /// The type as far as it can be known now: what waits is tried first.
    pub(super) fn known_type(&mut self, ty: Ty) -> Ty {
        let mut ty = self.shallow(ty);
        while self.is_unknown(ty) && !self.body.pending.is_empty() && self.progress(false) {
            ty = self.shallow(ty);
        }
        ty
    }

    /// Tries everything that waits once; whether anything was decided. With `force`, closures are checked though
    /// their parameters are unknown.
    pub(super) fn progress(&mut self, force: bool) -> bool {
        let waiting = std::mem::take(&mut self.body.pending);
        let mut progress = false;
        let mut kept = Vec::new();
        for item in waiting {
            match self.try_pending(item, force && !progress) {
                Some(item) => kept.push(item),
                None => progress = true,
            }
        }
        kept.append(&mut self.body.pending);
        self.body.pending = kept;
        progress
    }

    fn try_pending(&mut self, item: Pending<'a>, force: bool) -> Option<Pending<'a>> {
        match item {
            Pending::Bound { ty, of, span, why } => match self.implements(ty, of) {
                Answer::Yes => None,
                Answer::No => {
                    self.missing_impl(ty, of, span, why);
                    None
                }
                Answer::Unknown => Some(Pending::Bound { ty, of, span, why }),
            },
            Pending::Binary { node, op, op_span, lhs, rhs } => {
                let decided = self.decide_binary(node, op, op_span, lhs, rhs);
                (!decided).then_some(Pending::Binary { node, op, op_span, lhs, rhs })
            }
            Pending::Closure(closure) => {
                if force || self.parameters_known(&closure) {
                    self.finish_waiting(*closure);
                    None
                } else {
                    Some(Pending::Closure(closure))
                }
            }
        }
    }

    /// At the end of a body: decides everything, or reports what cannot be decided.
    pub(super) fn settle_all(&mut self) {
        loop {
            while self.progress(false) {}
            if !self.body.open_literals.is_empty() {
                self.settle_literals(0);
                if self.progress(false) {
                    continue;
                }
            }
            let endless = std::mem::take(&mut self.body.endless_results);
            let endless: Vec<Ty> = endless.into_iter().filter(|&ty| self.is_unknown(ty)).collect();
            endless.iter().for_each(|&ty| {
                self.unify(ty, Ty::UNIT);
            });
            if endless.is_empty() && !self.progress(true) {
                break;
            }
        }
        for item in std::mem::take(&mut self.body.pending) {
            match item {
                Pending::Bound { ty, span, .. } => self.cannot_infer(ty, span),
                Pending::Binary { lhs, .. } => {
                    let (ty, span) = (self.body.exprs[lhs.index()].ty, self.body.exprs[lhs.index()].span);
                    self.cannot_infer(ty, span);
                }
                Pending::Closure(_) => {}
            }
        }
    }

    /// Reports a type that nothing decides, once: it is the error type from then on.
    pub(super) fn cannot_infer(&mut self, ty: Ty, span: Span) {
        let resolved = self.resolve(ty);
        let Some(var) = first_unknown(&self.types, resolved) else { return };
        let at = self.body.vars[var as usize].span;
        let at = if at == Span::default() { span } else { at };
        let shown = self.show(resolved).replace('_', "…");
        self.body.vars[var as usize].value = Some(Ty::ERROR);
        if at == Span::default() || self.body.is_broken_at(at.lo) {
            return;
        }
        let message = "cannot infer the type: nothing says what it is";
        let diagnostic = Diagnostic::new(codes::CANNOT_INFER, at, message);
        self.report(match self.bound_at(at) {
            Some(place) => diagnostic.outline(place, format!(": {shown}"), "write the type down"),
            None => diagnostic.label("the type of this is unknown").help("write the type down"),
        });
    }

    /// Where the type belongs on a line that binds what is at a place to a name: `let xs = []`.
    fn bound_at(&self, at: Span) -> Option<Span> {
        let statement = self.line_of(at).trim_start();
        let words = statement.strip_prefix("let ").or_else(|| statement.strip_prefix("var "))?;
        let (name, value) = words.split_once(" = ")?;
        let plain = name.chars().all(|c| c.is_alphanumeric() || c == '_');
        let place = at.lo.checked_sub(" = ".len() as u32)?;
        (plain && value == self.rest_of_line(at)).then(|| Span::new(place, place))
    }
}

/// The first unknown type within a type.
pub(super) fn first_unknown(types: &crate::hir::Types, ty: Ty) -> Option<u32> {
    use crate::hir::TyKind;
    if !types.has_infer(ty) {
        return None;
    }
    let list = |list| types.list(list).iter().find_map(|&part| first_unknown(types, part));
    match types.kind(ty) {
        TyKind::Infer(var) => Some(var),
        TyKind::Array(inner) | TyKind::Pointer(inner) | TyKind::FixedArray(inner, _) => {
            first_unknown(types, inner)
        }
        TyKind::Tuple(parts) => list(parts),
        TyKind::Fn(params, result) => list(params).or_else(|| first_unknown(types, result)),
        TyKind::Struct(_, args) | TyKind::Enum(_, args) | TyKind::Dyn(_, args) => list(args),
        _ => None,
    }
}

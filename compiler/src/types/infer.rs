//! Unknown types: the table of what they stand for, and unification.

use super::Checker;
use crate::hir::{Storage, Ty, TyKind, TyList};
use crate::source::Span;

/// What an unknown type can become.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum VarKind {
    /// Anything.
    Any,
    /// The type of `int` literals from the least to the greatest of these: `int`, `float` or a storage type; `int` if nothing decides.
    Literal(i64, i64),
    /// Taken from a value of a storage type: that type, or its wide one where such values meet others.
    Soft(Storage),
}

/// An unknown type.
#[derive(Clone, Copy, Debug)]
pub(super) struct Var {
    pub kind: VarKind,
    pub value: Option<Ty>,
    /// What has this type, for the report when nothing decides it.
    pub span: Span,
}

/// A state of the table to go back to.
pub(super) struct Snapshot {
    trail: usize,
}

impl Checker<'_, '_> {
    /// A new unknown type.
    pub(super) fn fresh(&mut self, kind: VarKind, span: Span) -> Ty {
        let index = self.body.vars.len() as u32;
        self.body.vars.push(Var { kind, value: None, span });
        if kind != VarKind::Any {
            self.body.open_literals.push(index);
        }
        self.types.intern(TyKind::Infer(index))
    }

    /// Unknown types in place of `count` type parameters.
    pub(super) fn fresh_args(&mut self, count: usize, span: Span) -> Vec<Ty> {
        (0..count).map(|_| self.fresh(VarKind::Any, span)).collect()
    }

    pub(super) fn snapshot(&mut self) -> Snapshot {
        self.body.snapshots += 1;
        Snapshot { trail: self.body.trail.len() }
    }

    /// Forgets what was found since the snapshot.
    pub(super) fn rollback(&mut self, snapshot: Snapshot) {
        self.body.snapshots -= 1;
        while self.body.trail.len() > snapshot.trail {
            if let Some((var, kind)) = self.body.trail.pop() {
                self.body.vars[var as usize].value = None;
                self.body.vars[var as usize].kind = kind;
            }
        }
    }

    /// Keeps what was found since the snapshot.
    pub(super) fn commit(&mut self, snapshot: Snapshot) {
        let _ = snapshot;
        self.body.snapshots -= 1;
        if self.body.snapshots == 0 {
            self.body.trail.clear();
        }
    }

    /// Says more of what an unknown type can become.
    fn narrow_kind(&mut self, var: u32, kind: VarKind) {
        let entry = &mut self.body.vars[var as usize];
        if self.body.snapshots > 0 {
            self.body.trail.push((var, entry.kind));
        }
        entry.kind = kind;
    }

    fn set(&mut self, var: u32, ty: Ty) {
        let entry = &mut self.body.vars[var as usize];
        if self.body.snapshots > 0 {
            self.body.trail.push((var, entry.kind));
        }
        entry.value = Some(ty);
    }

    /// The type with what is known at its outermost level.
    pub(super) fn shallow(&self, mut ty: Ty) -> Ty {
        while let TyKind::Infer(var) = self.types.kind(ty) {
            match self.body.vars.get(var as usize).and_then(|var| var.value) {
                Some(known) => ty = known,
                None => break,
            }
        }
        ty
    }

    /// The outermost form of a type, as far as it is known.
    pub(super) fn kind(&self, ty: Ty) -> TyKind {
        self.types.kind(self.shallow(ty))
    }

    /// What an unknown type can become; `None` for a known one.
    pub(super) fn var_kind(&self, ty: Ty) -> Option<VarKind> {
        match self.kind(ty) {
            TyKind::Infer(var) => Some(self.body.vars[var as usize].kind),
            _ => None,
        }
    }

    /// Whether a type is that of a literal that nothing has decided.
    pub(super) fn is_literal(&self, ty: Ty) -> bool {
        matches!(self.var_kind(ty), Some(VarKind::Literal(..)))
    }

    /// Whether nothing at all is known of a type.
    pub(super) fn is_unknown(&self, ty: Ty) -> bool {
        self.var_kind(ty) == Some(VarKind::Any)
    }

    /// The type with everything that is known in it.
    pub(super) fn resolve(&mut self, ty: Ty) -> Ty {
        if !self.types.has_infer(ty) {
            return ty;
        }
        let vars = std::mem::take(&mut self.body.vars);
        let resolved = self.types.map(ty, &mut |types, kind| resolve_leaf(types, &vars, kind));
        self.body.vars = vars;
        resolved
    }

    /// [`Checker::resolve`] on every type of a list.
    pub(super) fn resolve_list(&mut self, list: TyList) -> TyList {
        let parts = self.types.list(list);
        if !parts.iter().any(|&part| self.types.has_infer(part)) {
            return list;
        }
        let parts = parts.to_vec();
        let resolved: Vec<Ty> = parts.into_iter().map(|part| self.resolve(part)).collect();
        self.types.intern_list(&resolved)
    }

    /// Makes two types one; `false` where they differ (some parts may be unified then).
    pub(super) fn unify(&mut self, a: Ty, b: Ty) -> bool {
        if a == b {
            return true;
        }
        let (a, b) = (self.shallow(a), self.shallow(b));
        if a == b {
            return true;
        }
        if a == Ty::ERROR || b == Ty::ERROR {
            self.silence(a);
            self.silence(b);
            return true;
        }
        match (self.types.kind(a), self.types.kind(b)) {
            (TyKind::Infer(x), TyKind::Infer(y)) => self.unify_vars(x, a, y, b),
            (TyKind::Infer(x), _) => self.bind(x, b),
            (_, TyKind::Infer(y)) => self.bind(y, a),
            (TyKind::Array(x), TyKind::Array(y)) | (TyKind::Pointer(x), TyKind::Pointer(y)) => {
                self.unify(x, y)
            }
            (TyKind::Tuple(x), TyKind::Tuple(y)) => self.unify_lists(x, y),
            (TyKind::Fn(x, r), TyKind::Fn(y, s)) => self.unify_lists(x, y) && self.unify(r, s),
            (TyKind::Struct(i, x), TyKind::Struct(j, y)) => i == j && self.unify_lists(x, y),
            (TyKind::Enum(i, x), TyKind::Enum(j, y)) => i == j && self.unify_lists(x, y),
            (TyKind::Dyn(i, x), TyKind::Dyn(j, y)) => i == j && self.unify_lists(x, y),
            _ => false,
        }
    }

    /// [`Checker::unify`] part by part.
    pub(super) fn unify_lists(&mut self, a: TyList, b: TyList) -> bool {
        if a == b {
            return true;
        }
        let len = self.types.list(a).len();
        if len != self.types.list(b).len() {
            return false;
        }
        (0..len).all(|index| {
            let (x, y) = (self.types.list(a)[index], self.types.list(b)[index]);
            self.unify(x, y)
        })
    }

    /// What is unknown beside an error stays so: nothing more is said of it.
    pub(super) fn silence(&mut self, ty: Ty) {
        if let TyKind::Infer(var) = self.types.kind(ty) {
            self.set(var, Ty::ERROR);
        }
    }

    fn unify_vars(&mut self, x: u32, x_ty: Ty, y: u32, y_ty: Ty) -> bool {
        match (self.body.vars[x as usize].kind, self.body.vars[y as usize].kind) {
            (VarKind::Any, _) => self.set(x, y_ty),
            (_, VarKind::Any) => self.set(y, x_ty),
            (VarKind::Literal(a, b), VarKind::Literal(c, d)) => {
                self.narrow_kind(y, VarKind::Literal(a.min(c), b.max(d)));
                self.set(x, y_ty);
            }
            (VarKind::Literal(least, greatest), VarKind::Soft(storage))
            | (VarKind::Soft(storage), VarKind::Literal(least, greatest)) => {
                // A literal that does not fit makes all of them wide, as any other `int` does.
                let soft = if let VarKind::Soft(_) = self.body.vars[x as usize].kind { x_ty } else { y_ty };
                let fits = storage == Storage::F32 || storage.holds(least) && storage.holds(greatest);
                let both = if fits { soft } else { Ty::INT };
                for (var, ty) in [(x, x_ty), (y, y_ty)] {
                    if ty != both {
                        self.set(var, both);
                    }
                }
            }
            (VarKind::Soft(a), VarKind::Soft(b)) if a == b => self.set(x, y_ty),
            (VarKind::Soft(a), VarKind::Soft(b)) if a.wide() == b.wide() => {
                self.set(x, a.wide());
                self.set(y, a.wide());
            }
            _ => return false,
        }
        true
    }

    fn bind(&mut self, var: u32, ty: Ty) -> bool {
        let fits = match self.body.vars[var as usize].kind {
            VarKind::Any => !self.occurs(var, ty),
            VarKind::Literal(..) => {
                matches!(self.types.kind(ty), TyKind::Int | TyKind::Float | TyKind::Storage(_))
            }
            VarKind::Soft(storage) => match self.types.kind(ty) {
                TyKind::Storage(other) => other == storage,
                _ => ty == storage.wide(),
            },
        };
        if fits {
            self.set(var, ty);
        }
        fits
    }

    /// Whether an unknown type is a part of a type, which then has no end.
    fn occurs(&mut self, var: u32, ty: Ty) -> bool {
        if !self.types.has_infer(ty) {
            return false;
        }
        let wanted = self.types.intern(TyKind::Infer(var));
        let resolved = self.resolve(ty);
        let found = contains(&self.types, resolved, wanted);
        self.body.infinite |= found;
        found
    }

    /// Decides the literals made since `mark` that nothing has decided.
    pub(super) fn settle_literals(&mut self, mark: usize) {
        while self.body.open_literals.len() > mark {
            let Some(var) = self.body.open_literals.pop() else { return };
            let entry = self.body.vars[var as usize];
            if entry.value.is_none() {
                self.body.vars[var as usize].value = Some(match entry.kind {
                    VarKind::Soft(storage) => self.types.intern(TyKind::Storage(storage)),
                    _ => Ty::INT,
                });
            }
        }
    }
}

fn resolve_leaf(types: &mut crate::hir::Types, vars: &[Var], kind: TyKind) -> Option<Ty> {
    let TyKind::Infer(var) = kind else { return None };
    match vars.get(var as usize).and_then(|var| var.value) {
        Some(known) => Some(types.map(known, &mut |types, kind| resolve_leaf(types, vars, kind))),
        None => Some(types.intern(kind)),
    }
}

fn contains(types: &crate::hir::Types, ty: Ty, wanted: Ty) -> bool {
    if ty == wanted {
        return true;
    }
    let list = |list| types.list(list).iter().any(|&part| contains(types, part, wanted));
    match types.kind(ty) {
        TyKind::Array(inner) | TyKind::Pointer(inner) | TyKind::FixedArray(inner, _) => {
            contains(types, inner, wanted)
        }
        TyKind::Tuple(parts) => list(parts),
        TyKind::Fn(params, result) => list(params) || contains(types, result, wanted),
        TyKind::Struct(_, args) | TyKind::Enum(_, args) | TyKind::Dyn(_, args) => list(args),
        _ => false,
    }
}

//! Assignments: to variables, fields, elements, keys, and to several places at once.

use super::Checker;
use super::paths::Meaning;
use super::report::Why;
use crate::ast::{self, ExprKind as Ast, Ident};
use crate::diagnostics::{Diagnostic, codes};
use crate::hir::{
    Conversion, ExprId, ExprKind, FnId, GlobalId, Let, LocalId, Pattern, PatternKind, Stmt, StructId,
    TraitRef, Ty, TyKind,
};
use crate::resolve::Def;
use crate::source::Span;

/// Where a value goes; its parts have been checked.
enum Place {
    Local(LocalId, Span),
    Global(GlobalId, Span),
    Field(ExprId, u32, Ty, Span),
    Element(ExprId, ExprId, Ty, Span),
    /// A key of a map: base, key, the type of the values.
    Key(ExprId, ExprId, Ty, Span),
    /// Through the trait `Index`.
    Trait(ExprId, ExprId, TraitRef, Ty, Span),
    /// A variable of a C library.
    Foreign(FnId, Span),
    /// Reported already.
    Wrong,
}

impl<'a> Checker<'a, '_> {
    pub(super) fn assign(&mut self, assign: &'a ast::Assign, span: Span, out: &mut Vec<Stmt>) {
        if let (Ast::Tuple(parts), None) = (&strip(&assign.place).kind, assign.op) {
            return self.assign_tuple(parts, &assign.value, span, out);
        }
        if let (Ast::Name(name), None) = (&strip(&assign.place).kind, assign.op)
            && self.meaning(*name).is_none()
        {
            self.undeclared(Ident { name: *name, span: strip(&assign.place).span });
            self.any_expr(&assign.value);
            return;
        }
        let place = self.place(&assign.place);
        match assign.op {
            None => {
                let (ty, why) = self.place_type(&place);
                let value = match ty {
                    Some(ty) => self.expr_as(&assign.value, ty, why),
                    None => self.any_expr(&assign.value),
                };
                let store = self.store_to(place, value, span);
                out.push(Stmt::Expr(store));
            }
            Some(op) => self.assign_compound(place, op, assign, span, out),
        }
    }

    /// `place op= value`: the place's parts once, the old value, the right side, the store.
    fn assign_compound(
        &mut self,
        place: Place,
        op: ast::BinaryOp,
        assign: &'a ast::Assign,
        span: Span,
        out: &mut Vec<Stmt>,
    ) {
        let mut before = Vec::new();
        let place = self.stable_place(place, &mut before);
        let (Some(ty), _) = self.place_type(&place) else {
            self.any_expr(&assign.value);
            return;
        };
        let Some(old) = self.read_place(&place) else { return };
        let wide = self.wide(ty);
        let hint = match op {
            ast::BinaryOp::Shl | ast::BinaryOp::Shr | ast::BinaryOp::ShrLogical => Ty::INT,
            _ => wide,
        };
        let value = self.expr(&assign.value, super::expr::Expect::Hint(hint));
        let result = self.operate(op, assign.op_span, old, value, span);
        let result = self.narrow(result, ty, span);
        let why = Why::new(self.span_of(old), "this is `{}`");
        let result = self.coerce(result, ty, why);
        let store = self.store_to(place, result, span);
        out.append(&mut before);
        out.push(Stmt::Expr(store));
    }

    /// A result that goes back into a place of a storage type is checked as `u8(…)` does.
    fn narrow(&mut self, value: ExprId, place: Ty, span: Span) -> ExprId {
        let TyKind::Storage(storage) = self.kind(place) else { return value };
        let found = self.shallow(self.ty_of(value));
        if found != storage.wide() && !(found == Ty::INT && storage == crate::hir::Storage::F32) {
            return value;
        }
        let value = self.coerce(value, storage.wide(), Why::NONE);
        let conversion = match storage {
            crate::hir::Storage::F32 => Conversion::RoundF32,
            _ => Conversion::Narrow(storage),
        };
        let ty = self.shallow(place);
        self.add(ExprKind::Convert(conversion, value), ty, span)
    }

    /// Checks a place.
    fn place(&mut self, expr: &'a ast::Expr) -> Place {
        match &expr.kind {
            Ast::Paren(inner) => self.place(inner),
            Ast::Name(name) => self.named_place(Ident { name: *name, span: expr.span }),
            Ast::Field(base, name) => match self.path(base) {
                Some(super::paths::Path::Module(id)) => match self.member_of(id, *name) {
                    Some(Def::Global(id)) => self.global_place(id, name.span),
                    Some(Def::ForeignVar(id)) => Place::Foreign(id, name.span),
                    Some(_) => self.not_assignable(expr.span),
                    None => Place::Wrong,
                },
                Some(super::paths::Path::Broken) => Place::Wrong,
                Some(_) => self.not_assignable(expr.span),
                None => {
                    let base = self.any_expr(base);
                    self.field_place(base, *name, expr.span)
                }
            },
            Ast::Index(parts) => {
                let base = self.any_expr(&parts.0);
                self.index_place(base, &parts.1, expr.span)
            }
            _ => {
                self.any_expr(expr);
                self.not_assignable(expr.span)
            }
        }
    }

    fn not_assignable(&mut self, span: Span) -> Place {
        let message = "only variables, `var` fields, elements and keys can be assigned";
        self.report(Diagnostic::new(codes::ASSIGN_IMMUTABLE, span, message));
        Place::Wrong
    }

    fn named_place(&mut self, name: Ident) -> Place {
        match self.meaning(name.name) {
            Some(Meaning::Local(local)) => {
                self.body.local_states[local.index()].used = true;
                if !self.body.locals[local.index()].mutable {
                    self.immutable_local(local, name);
                    return Place::Wrong;
                }
                self.capture(local);
                self.change(local);
                Place::Local(local, name.span)
            }
            Some(Meaning::Def(Def::Global(id))) => self.global_place(id, name.span),
            Some(Meaning::Def(Def::ForeignVar(id))) => Place::Foreign(id, name.span),
            Some(Meaning::Def(Def::Broken)) => Place::Wrong,
            Some(Meaning::Outer) | None => {
                self.name_value(name, super::expr::Expect::Any);
                Place::Wrong
            }
            Some(_) => {
                let text = self.text(name.name).to_string();
                let message = format!("`{text}` cannot be assigned: it is no variable");
                self.report(Diagnostic::new(codes::ASSIGN_IMMUTABLE, name.span, message));
                Place::Wrong
            }
        }
    }

    fn global_place(&mut self, id: GlobalId, span: Span) -> Place {
        if !self.program.global(id).mutable {
            self.immutable_global(id, span);
            return Place::Wrong;
        }
        self.usage.global(id, true);
        Place::Global(id, span)
    }

    fn field_place(&mut self, base: ExprId, name: Ident, span: Span) -> Place {
        let ty = self.known_type(self.ty_of(base));
        let Some((index, field)) = self.find_field(ty, name) else {
            self.field(base, name, super::expr::Expect::Any, span);
            return Place::Wrong;
        };
        let TyKind::Struct(id, _) = self.types.kind(ty) else { return Place::Wrong };
        let declared = &self.program.struct_(id).fields[index as usize];
        if !declared.mutable && !self.program.struct_(id).is_extern {
            let at = declared.span;
            self.immutable_field(ty, name, at);
            return Place::Wrong;
        }
        Place::Field(base, index, field, span)
    }

    fn index_place(&mut self, base: ExprId, index: &'a ast::Expr, span: Span) -> Place {
        let ty = self.known_type(self.ty_of(base));
        match self.types.kind(ty) {
            TyKind::Array(element) => {
                let index = self.expr_as(index, Ty::INT, Why::NONE);
                Place::Element(base, index, element, span)
            }
            TyKind::Struct(StructId::MAP, args) => {
                let &[key, value] = self.types.list(args) else { return Place::Wrong };
                let key = self.expr_as(index, key, Why::NONE);
                Place::Key(base, key, value, span)
            }
            TyKind::Error => {
                self.any_expr(index);
                Place::Wrong
            }
            TyKind::Infer(_) => {
                let at = self.span_of(base);
                self.cannot_infer(ty, at);
                self.any_expr(index);
                Place::Wrong
            }
            TyKind::Str => {
                let at = self.span_of(base);
                let message = "a `str` cannot be changed: make a new one";
                self.report(Diagnostic::new(codes::ASSIGN_IMMUTABLE, at, message));
                self.any_expr(index);
                Place::Wrong
            }
            _ => match self.index_trait(base, ty, index, None) {
                Some((of, key, value)) => Place::Trait(base, key, of, value, span),
                None => Place::Wrong,
            },
        }
    }

    /// The type of what a place holds, and where it is said.
    fn place_type(&mut self, place: &Place) -> (Option<Ty>, Why) {
        match *place {
            Place::Local(local, _) => {
                let local = &self.body.locals[local.index()];
                (Some(local.ty), Why::new(local.span, "this variable is `{}`"))
            }
            Place::Global(id, _) => {
                let at = self.program.global(id).span;
                (self.global_types[id.index()], Why::new(at, "this variable is `{}`"))
            }
            Place::Field(_, _, ty, _)
            | Place::Element(_, _, ty, _)
            | Place::Key(_, _, ty, _)
            | Place::Trait(_, _, _, ty, _) => (Some(ty), Why::NONE),
            Place::Foreign(id, _) => (Some(self.program.function(id).result), Why::NONE),
            Place::Wrong => (None, Why::NONE),
        }
    }

    /// The value that a place holds; its parts are stable.
    fn read_place(&mut self, place: &Place) -> Option<ExprId> {
        Some(match *place {
            Place::Local(local, span) => self.use_local(local, span),
            Place::Global(id, span) => {
                let ty = self.global_types[id.index()].unwrap_or(Ty::ERROR);
                self.add(ExprKind::Global(id), ty, span)
            }
            Place::Foreign(id, span) => {
                let ty = self.program.function(id).result;
                self.add(ExprKind::ForeignVar(id), ty, span)
            }
            Place::Field(base, index, ty, span) => {
                let base = self.copy_stable(base);
                self.add(ExprKind::Field(base, index), ty, span)
            }
            Place::Element(base, index, ty, span) => {
                let (base, index) = (self.copy_stable(base), self.copy_stable(index));
                self.add(ExprKind::Index(base, index), ty, span)
            }
            Place::Key(base, key, _, span) => {
                let (base, key) = (self.copy_stable(base), self.copy_stable(key));
                self.made_method_call(base, self.known.at, vec![key], span)?
            }
            Place::Trait(base, key, of, _, span) => {
                let (base, key) = (self.copy_stable(base), self.copy_stable(key));
                let ty = self.shallow(self.ty_of(base));
                self.made_trait_call(ty, of, 0, vec![base, key], span)
            }
            Place::Wrong => return None,
        })
    }

    /// Evaluates the parts of a place once.
    fn stable_place(&mut self, place: Place, before: &mut Vec<Stmt>) -> Place {
        match place {
            Place::Field(base, index, ty, span) => {
                Place::Field(self.evaluate_first(base, before), index, ty, span)
            }
            Place::Element(base, index, ty, span) => {
                let base = self.evaluate_first(base, before);
                Place::Element(base, self.evaluate_first(index, before), ty, span)
            }
            Place::Key(base, key, ty, span) => {
                let base = self.evaluate_first(base, before);
                Place::Key(base, self.evaluate_first(key, before), ty, span)
            }
            Place::Trait(base, key, of, ty, span) => {
                let base = self.evaluate_first(base, before);
                Place::Trait(base, self.evaluate_first(key, before), of, ty, span)
            }
            Place::Local(..) | Place::Global(..) | Place::Foreign(..) | Place::Wrong => place,
        }
    }

    /// The store of a checked value.
    fn store_to(&mut self, place: Place, value: ExprId, span: Span) -> ExprId {
        let place = match place {
            Place::Local(local, at) => {
                let ty = self.body.locals[local.index()].ty;
                self.add(ExprKind::Local(local), ty, at)
            }
            Place::Global(id, at) => {
                let ty = self.global_types[id.index()].unwrap_or(Ty::ERROR);
                self.add(ExprKind::Global(id), ty, at)
            }
            Place::Foreign(id, at) => {
                let ty = self.program.function(id).result;
                self.add(ExprKind::ForeignVar(id), ty, at)
            }
            Place::Field(base, index, ty, at) => self.add(ExprKind::Field(base, index), ty, at),
            Place::Element(base, index, ty, at) => self.add(ExprKind::Index(base, index), ty, at),
            Place::Key(base, key, _, at) => {
                let call = self.made_method_call(base, self.known.set, vec![key, value], at);
                return call.unwrap_or_else(|| self.error_expr(span));
            }
            Place::Trait(base, key, of, _, at) => {
                let ty = self.shallow(self.ty_of(base));
                return self.made_trait_call(ty, of, 1, vec![base, key, value], at);
            }
            Place::Wrong => return self.error_expr(span),
        };
        self.add(ExprKind::Assign(place, value), Ty::UNIT, span)
    }

    /// `(a, b) = value`: the places' parts, the value, then the stores.
    fn assign_tuple(
        &mut self,
        parts: &'a [ast::Expr],
        value: &'a ast::Expr,
        span: Span,
        out: &mut Vec<Stmt>,
    ) {
        let mut places = Vec::with_capacity(parts.len());
        for part in parts {
            let place = self.place(part);
            places.push(self.stable_place(place, out));
        }
        let mut types = Vec::with_capacity(parts.len());
        for place in &places {
            types.push(match self.place_type(place).0 {
                Some(ty) => ty,
                None => self.fresh(super::infer::VarKind::Any, Span::default()),
            });
        }
        let ty = self.types.tuple(&types);
        let value = self.expr_as(value, ty, Why::NONE);
        let locals: Vec<LocalId> =
            types.iter().map(|&ty| self.new_local(ast::known::EMPTY, ty, false, span)).collect();
        let bind =
            |(&local, &ty): (&LocalId, &Ty)| Pattern { kind: PatternKind::Bind(local, None), ty, span };
        let patterns: Vec<Pattern> = locals.iter().zip(&types).map(bind).collect();
        let pattern = Pattern { kind: PatternKind::Tuple(patterns.into()), ty, span };
        out.push(Stmt::Let(Box::new(Let { pattern, value, otherwise: None })));
        for (place, local) in places.into_iter().zip(locals) {
            let value = self.local_value(local, span);
            let store = self.store_to(place, value, span);
            out.push(Stmt::Expr(store));
        }
    }
}

fn strip(expr: &ast::Expr) -> &ast::Expr {
    match &expr.kind {
        Ast::Paren(inner) => strip(inner),
        _ => expr,
    }
}

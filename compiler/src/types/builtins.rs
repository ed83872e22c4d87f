//! The functions that are constructs of the language, and conversions written as calls of types.

use super::Checker;
use super::expr::Expect;
use super::report::{COMPARED, Why};
use crate::ast::{self, BinaryOp, ExprKind as Ast};
use crate::diagnostics::{Diagnostic, codes};
use crate::hir::{
    Assert, Block, Conversion, ExprId, ExprKind, Piece, Print, Storage, TraitId, TraitRef, Ty, TyKind, TyList,
};
use crate::resolve::Builtin;
use crate::source::Span;

impl<'a> Checker<'a, '_> {
    pub(super) fn call_builtin(
        &mut self,
        builtin: Builtin,
        call: &'a ast::Call,
        _expect: Expect,
        span: Span,
    ) -> ExprId {
        if let Some(named) = call.args.iter().find_map(|arg| arg.name) {
            let message = "this function takes its arguments by position";
            self.report(Diagnostic::new(codes::ARGUMENT_NAME, named.span, message));
            return self.wrong_call(call, span);
        }
        let args = &call.args[..];
        match builtin {
            Builtin::Print | Builtin::Eprint | Builtin::Write => {
                let args: Vec<ExprId> = args.iter().map(|arg| self.shown_arg(&arg.value)).collect();
                let print = Print {
                    to_stderr: builtin == Builtin::Eprint,
                    newline: builtin != Builtin::Write,
                    args: args.into(),
                };
                self.add(ExprKind::Print(Box::new(print)), Ty::UNIT, span)
            }
            Builtin::Assert => self.assert(call, span),
            Builtin::Panic => {
                let [message] = args else { return self.wrong_builtin(call, "panic", "1 argument", span) };
                let message = self.expr_as(&message.value, Ty::STR, Why::NONE);
                self.add(ExprKind::Panic(message), Ty::NEVER, span)
            }
            Builtin::Same => self.same(call, span),
            Builtin::IsLinked => self.is_linked(call, span),
            Builtin::TypeName => {
                let [value] = args else { return self.wrong_builtin(call, "type_name", "1 argument", span) };
                let value = self.any_expr(&value.value);
                self.add(ExprKind::TypeName(value), Ty::STR, span)
            }
        }
    }

    pub(super) fn wrong_builtin(
        &mut self,
        call: &'a ast::Call,
        name: &str,
        takes: &str,
        span: Span,
    ) -> ExprId {
        let given = call.args.len();
        let were = if given == 1 { "was" } else { "were" };
        let message = format!("`{name}` takes {takes}, but {given} {were} given");
        self.report(Diagnostic::new(codes::ARGUMENT_COUNT, span, message));
        self.wrong_call(call, span)
    }

    fn shown_arg(&mut self, arg: &'a ast::Expr) -> ExprId {
        let id = self.any_expr(arg);
        self.shown(id);
        id
    }

    fn same(&mut self, call: &'a ast::Call, span: Span) -> ExprId {
        let [a, b] = &call.args[..] else { return self.wrong_builtin(call, "same", "2 arguments", span) };
        let a = self.any_expr(&a.value);
        let ty = self.known_type(self.ty_of(a));
        let b = self.expr_as(&b.value, ty, Why::new(self.span_of(a), COMPARED));
        let ty = self.settle_type(ty);
        let object = match self.types.kind(ty) {
            TyKind::Array(_) | TyKind::Fn(..) | TyKind::Error => true,
            TyKind::Struct(id, _) => self.program.struct_(id).fields.iter().any(|field| field.mutable),
            _ => false,
        };
        if !object {
            let shown = self.show(ty);
            let at = self.span_of(a);
            let message = format!("`{shown}` has no identity that `same` could ask for");
            let diagnostic = Diagnostic::new(codes::NO_IDENTITY, at, message)
                .label(format!("this is `{shown}`"))
                .help("compare values with `==`");
            self.report(diagnostic);
        }
        self.add(ExprKind::Same(a, b), Ty::BOOL, span)
    }

    /// `assert(condition, message)`: the sides of a comparison are kept, to be shown when it fails.
    fn assert(&mut self, call: &'a ast::Call, span: Span) -> ExprId {
        let (condition, message) = match &call.args[..] {
            [condition] => (&condition.value, None),
            [condition, message] => (&condition.value, Some(&message.value)),
            _ => return self.wrong_builtin(call, "assert", "1 or 2 arguments", span),
        };
        let mut stmts = Vec::new();
        let mut sides = None;
        let literals = self.body.open_literals.len();
        let condition = match &condition.kind {
            Ast::Binary(op, op_span, lhs, rhs) if is_comparison(*op) => {
                let lhs = self.any_expr(lhs);
                let hint = match self.kind(self.ty_of(lhs)) {
                    TyKind::Storage(storage) => Expect::Hint(storage.wide()),
                    TyKind::Infer(_) => Expect::Any,
                    _ => Expect::Hint(self.ty_of(lhs)),
                };
                let rhs = self.expr(rhs, hint);
                let ((a, first), (b, second)) = (self.temporary(lhs), self.temporary(rhs));
                stmts.extend([first, second]);
                let (a_span, b_span) = (self.span_of(lhs), self.span_of(rhs));
                let (a_value, b_value) = (self.local_value(a, a_span), self.local_value(b, b_span));
                let result = self.operate(*op, *op_span, a_value, b_value, condition.span);
                // Nothing behind the comparison decides its literals, and what is unknown could not be shown.
                self.settle_literals(literals);
                let of = TraitRef { id: TraitId::SHOW, args: TyList::EMPTY };
                let yes = super::traits::Answer::Yes;
                let (a_ty, b_ty) = (self.settle_type(self.ty_of(lhs)), self.settle_type(self.ty_of(rhs)));
                if self.implements(a_ty, of) == yes && self.implements(b_ty, of) == yes {
                    sides = Some((a, b));
                }
                result
            }
            _ => self.expr_as(condition, Ty::BOOL, Why::NONE),
        };
        let message = message.map(|message| self.expr_as(message, Ty::STR, Why::NONE));
        let assert = Assert { condition, sides, message };
        let id = self.add(ExprKind::Assert(Box::new(assert)), Ty::UNIT, span);
        self.sequence(stmts, id)
    }

    /// `int(x)`, `u8(x)`, `str(x)`
    pub(super) fn conversion(&mut self, to: Ty, call: &'a ast::Call, span: Span) -> ExprId {
        let [arg] = &call.args[..] else {
            let name = self.show(to);
            return self.wrong_builtin(call, &name, "1 argument", span);
        };
        let hint = match self.types.kind(to) {
            TyKind::Storage(storage) => Expect::Hint(storage.wide()),
            TyKind::Float => Expect::Hint(Ty::FLOAT),
            _ => Expect::Any,
        };
        let value = self.expr(&arg.value, hint);
        let ty = self.known_type(self.ty_of(value));
        let ty = self.settle_type(ty);
        let from = self.types.wide(ty);
        if from == Ty::ERROR || from == Ty::NEVER {
            return self.error_expr(span);
        }
        if self.is_unknown(from) {
            self.cannot_infer(from, span);
            return self.error_expr(span);
        }
        match self.converted(value, from, to, span) {
            Some(id) => id,
            None => {
                self.bad_conversion(value, from, to);
                self.add(ExprKind::Error, to, span)
            }
        }
    }

    fn converted(&mut self, value: ExprId, from: Ty, to: Ty, span: Span) -> Option<ExprId> {
        let conversion = match (self.types.kind(from), self.types.kind(to)) {
            (TyKind::Str, TyKind::Str) => return Some(value),
            (_, TyKind::Str) => {
                self.shown(value);
                let pieces = [Piece::Show(value, None)].into();
                return Some(self.add(ExprKind::Interpolate(pieces), Ty::STR, span));
            }
            (a, b) if a == b => return Some(self.widened(value, to, span)),
            (TyKind::Float, TyKind::Int) => Conversion::FloatToInt,
            (TyKind::Char, TyKind::Int) => Conversion::CharToInt,
            (TyKind::Bool, TyKind::Int) => Conversion::BoolToInt,
            (TyKind::Enum(id, _), TyKind::Int) if self.program.enum_(id).is_bare() => Conversion::EnumToInt,
            (TyKind::Int, TyKind::Float) => {
                let id = self.coerce(value, Ty::FLOAT, Why::NONE);
                return Some(id);
            }
            (TyKind::Int, TyKind::Char) => Conversion::IntToChar,
            (TyKind::Float, TyKind::Storage(Storage::F32)) => Conversion::RoundF32,
            (TyKind::Int, TyKind::Storage(Storage::F32)) => {
                let value = self.coerce(value, Ty::FLOAT, Why::NONE);
                return Some(self.add(ExprKind::Convert(Conversion::RoundF32, value), to, span));
            }
            (TyKind::Int, TyKind::Storage(storage)) => {
                if let ExprKind::Literal(crate::hir::Literal::Int(literal)) =
                    self.body.exprs[value.index()].kind
                {
                    let at = self.span_of(value);
                    self.literal_fits(literal, storage, at);
                }
                Conversion::Narrow(storage)
            }
            _ => return None,
        };
        Some(self.add(ExprKind::Convert(conversion, value), to, span))
    }

    /// A value under its wide type.
    fn widened(&mut self, value: ExprId, to: Ty, span: Span) -> ExprId {
        if self.shallow(self.ty_of(value)) == to {
            return value;
        }
        self.add(ExprKind::Block(Box::new(Block { stmts: Box::default(), value: Some(value) })), to, span)
    }

    fn bad_conversion(&mut self, value: ExprId, from: Ty, to: Ty) {
        let at = self.span_of(value);
        let (from_text, to_text) = (self.show(from), self.show(to));
        let message = format!("`{from_text}` does not convert to `{to_text}`");
        let mut diagnostic =
            Diagnostic::new(codes::BAD_CONVERSION, at, message).label(format!("this is `{from_text}`"));
        match (from, to) {
            (Ty::STR, Ty::INT) => diagnostic = diagnostic.help("`int.parse(s)` reads a number from text"),
            (Ty::STR, Ty::FLOAT) => diagnostic = diagnostic.help("`float.parse(s)` reads a number from text"),
            (Ty::FLOAT, _) if matches!(self.types.kind(to), TyKind::Storage(_)) => {
                diagnostic = diagnostic.help(format!("cut off the fraction first: `{to_text}(int(x))`"));
            }
            _ => {}
        }
        self.report(diagnostic);
    }
}

fn is_comparison(op: BinaryOp) -> bool {
    matches!(op, BinaryOp::Eq | BinaryOp::Ne | BinaryOp::Lt | BinaryOp::Le | BinaryOp::Gt | BinaryOp::Ge)
}

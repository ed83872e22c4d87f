//! The value of what was entered in a session: shown with its type.

use super::Checker;
use super::expr::Expect;
use super::traits::Answer;
use crate::ast;
use crate::hir::{ExprId, ExprKind, Piece, Print, Stmt, TraitId, TraitRef, Ty, TyList, type_text};

impl<'a> Checker<'a, '_> {
    /// Checks an expression at the end of what was entered, and keeps a place for what shows it.
    pub(super) fn displayed(&mut self, expr: &'a ast::Expr, out: &mut Vec<Stmt>) -> ExprId {
        let mark = self.body.open_literals.len();
        let id = self.expr(expr, Expect::Any);
        self.settle_literals(mark);
        out.push(Stmt::Expr(id));
        id
    }

    /// Shows the value, now that its type is known: in quotes where it is text, and functions by their type alone.
    pub(super) fn finish_display(&mut self, id: ExprId, stmts: &mut Vec<Stmt>) {
        let ty = self.resolve(self.ty_of(id));
        let span = self.body.exprs[id.index()].span;
        if ty == Ty::UNIT || ty == Ty::NEVER || self.types.has_error(ty) || self.types.has_infer(ty) {
            return;
        }
        self.program.displayed = Some(ty);
        let text = type_text(&self.program, &self.types, self.names, &[], ty);
        let pieces: Vec<Piece> =
            if self.implements(ty, TraitRef { id: TraitId::SHOW, args: TyList::EMPTY }) == Answer::Yes {
                stmts.pop();
                vec![Piece::Quote(id), Piece::Text(self.names.intern(&format!(" : {text}")))]
            } else {
                vec![Piece::Text(self.names.intern(&text))]
            };
        let shown = self.add(ExprKind::Interpolate(pieces.into()), Ty::STR, span);
        let print = Print { to_stderr: false, newline: true, args: [shown].into() };
        let print = self.add(ExprKind::Print(Box::new(print)), Ty::UNIT, span);
        stmts.push(Stmt::Expr(print));
    }
}

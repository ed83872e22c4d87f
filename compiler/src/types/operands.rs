//! Reports of operators that their operands' types do not have, with what was probably meant.

use super::Checker;
use super::operators::{Class, class};
use crate::ast::BinaryOp;
use crate::diagnostics::{Applicability, Diagnostic, codes};
use crate::hir::{ExprId, ExprKind, Ty, TyKind};
use crate::source::Span;

/// An operator and its operands.
struct Operation {
    op: BinaryOp,
    op_span: Span,
    lhs: (ExprId, Span, Ty),
    rhs: (ExprId, Span, Ty),
}

impl Checker<'_, '_> {
    pub(super) fn bad_operands(
        &mut self,
        op: BinaryOp,
        op_span: Span,
        lhs: ExprId,
        rhs: ExprId,
    ) -> (ExprKind, Ty) {
        let (l, r) = (self.ty_of(lhs), self.ty_of(rhs));
        let (l_text, r_text) = (self.show(l), self.show(r));
        let (l_span, r_span) = (self.span_of(lhs), self.span_of(rhs));
        let message = format!("`{}` is not defined for `{l_text}` and `{r_text}`", op.text());
        let diagnostic = Diagnostic::new(codes::BAD_OPERANDS, op_span, message)
            .secondary(l_span, format!("this is `{l_text}`"))
            .secondary(r_span, format!("this is `{r_text}`"));
        let (lhs, rhs) = ((lhs, l_span, self.shallow(l)), (rhs, r_span, self.shallow(r)));
        let diagnostic = self.other_operation(diagnostic, &Operation { op, op_span, lhs, rhs });
        self.report(diagnostic);
        let ty = if let Class::Equality | Class::Order = class(op) { Ty::BOOL } else { Ty::ERROR };
        (ExprKind::Error, ty)
    }

    /// Adds to the report of an operation what could stand in its place.
    fn other_operation(&mut self, diagnostic: Diagnostic, of: &Operation) -> Diagnostic {
        use BinaryOp as Op;
        use TyKind as Kind;
        let (lhs, rhs) = (of.lhs, of.rhs);
        for (value, _, ty) in [lhs, rhs] {
            if ty == Ty::UNIT {
                return self.explain_unit(diagnostic, value);
            }
            if let Some(payload) = self.types.option_payload(ty) {
                let payload = self.shallow(payload);
                return self.or_else(diagnostic, value, payload);
            }
            if self.types.result_payloads(ty).is_some() {
                return self.hand_on(diagnostic, value);
            }
        }
        match (of.op, self.types.kind(lhs.2), self.types.kind(rhs.2)) {
            (Op::Add, Kind::Str, kind) if is_scalar(kind) => to_text(diagnostic, rhs.1),
            (Op::Add, kind, Kind::Str) if is_scalar(kind) => to_text(diagnostic, lhs.1),
            (Op::Add, Kind::Array(_), Kind::Array(_)) => {
                as_method(diagnostic, of, "concat", "make one array of two")
            }
            (Op::Add, Kind::Array(element), _) if self.shallow(element) == rhs.2 => {
                diagnostic.help("`xs.push(x)` adds an element to an array")
            }
            (Op::Rem, Kind::Str, _) => diagnostic.help("a string holds values: `\"${name}: ${x:.2}\"`"),
            (Op::Mul, Kind::Str, Kind::Int) => as_method(diagnostic, of, "repeat", "repeat the text"),
            (Op::BitAnd | Op::BitOr, Kind::Bool, Kind::Bool) => {
                let word = if of.op == Op::BitAnd { "and" } else { "or" };
                diagnostic.suggest(of.op_span, word, format!("conditions are joined by `{word}`"))
            }
            (Op::BitXor, Kind::Bool, Kind::Bool) => {
                diagnostic.suggest(of.op_span, "!=", "two conditions differ by `!=`")
            }
            (Op::BitXor, Kind::Float, Kind::Int | Kind::Float) | (Op::BitXor, Kind::Int, Kind::Float) => {
                diagnostic.suggest(of.op_span, "**", "the power is written `**`")
            }
            (_, Kind::Bool, Kind::Int | Kind::Float) if of.op != Op::Mul => count(diagnostic, lhs.1),
            (_, Kind::Int | Kind::Float, Kind::Bool) if of.op != Op::Mul => count(diagnostic, rhs.1),
            (_, Kind::Param(index), _) => match class(of.op) {
                Class::Arithmetic(Some(id)) => {
                    let name = self.text(self.program.trait_(id).name).to_string();
                    self.add_bound(diagnostic, index, &name)
                }
                _ => diagnostic,
            },
            _ => diagnostic,
        }
    }
}

fn is_scalar(kind: TyKind) -> bool {
    matches!(kind, TyKind::Int | TyKind::Float | TyKind::Bool | TyKind::Char | TyKind::Storage(_))
}

fn to_text(diagnostic: Diagnostic, span: Span) -> Diagnostic {
    let message = "convert it; `\"${a}${b}\"` joins any values";
    diagnostic.around(span, ("str(", ")"), message, Applicability::MachineApplicable)
}

fn count(diagnostic: Diagnostic, span: Span) -> Diagnostic {
    diagnostic.around(span, ("int(", ")"), "count it as 0 or 1", Applicability::MaybeIncorrect)
}

/// `a.name(b)` in place of `a op b`.
fn as_method(diagnostic: Diagnostic, of: &Operation, name: &str, message: &str) -> Diagnostic {
    let between = Span::new(of.lhs.1.hi, of.rhs.1.lo);
    let edits = [(between, format!(".{name}(")), (of.rhs.1.end(), ")".to_string())];
    diagnostic.suggestion(edits, message, Applicability::MaybeIncorrect)
}

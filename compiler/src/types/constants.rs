//! Constants: checked like any expression, then computed.

use super::body::BodyState;
use super::coerce::int_operation;
use super::expr::Expect;
use super::report::Why;
use super::{Checker, TypeScope};
use crate::ast;
use crate::diagnostics::{Diagnostic, codes};
use crate::hir::{BinaryOp, Conversion, ExprId, ExprKind, Literal, Ty, TyKind, UnaryOp};
use crate::resolve::{ConstDecl, ConstId};
use crate::source::Span;

/// A constant's value.
#[derive(Clone)]
pub(super) enum Value {
    Literal(Literal),
    Tuple(Vec<Value>),
}

/// What is known of a constant.
pub(super) enum ConstState {
    Unresolved,
    InProgress,
    Known(Value, Ty),
    /// Reported already.
    Wrong,
}

impl<'a> Checker<'a, '_> {
    /// A constant as an expression.
    pub(super) fn const_value(&mut self, id: ConstId, span: Span, expect: Expect) -> ExprId {
        let _ = expect;
        match self.const_value_of(id, span) {
            Some((value, ty)) => self.value_expr(&value, ty, span),
            None => self.error_expr(span),
        }
    }

    fn value_expr(&mut self, value: &Value, ty: Ty, span: Span) -> ExprId {
        match value {
            Value::Literal(literal) => self.add(ExprKind::Literal(literal.clone()), ty, span),
            Value::Tuple(parts) => {
                let types = match self.types.kind(ty) {
                    TyKind::Tuple(list) => self.types.list(list).to_vec(),
                    _ => Vec::new(),
                };
                let ids: Vec<ExprId> =
                    parts.iter().zip(types).map(|(part, ty)| self.value_expr(part, ty, span)).collect();
                self.add(ExprKind::Tuple(ids.into()), ty, span)
            }
        }
    }

    /// A scalar constant.
    pub(super) fn const_literal(&mut self, id: ConstId, span: Span) -> Option<(Literal, Ty)> {
        match self.const_value_of(id, span)? {
            (Value::Literal(literal), ty) => Some((literal, ty)),
            (Value::Tuple(_), _) => None,
        }
    }

    /// A constant's value and type; `None` after a report.
    pub(super) fn const_value_of(&mut self, id: ConstId, span: Span) -> Option<(Value, Ty)> {
        let index = id.0 as usize;
        match &self.const_states[index] {
            ConstState::Known(value, ty) => return Some((value.clone(), *ty)),
            ConstState::Wrong => return None,
            ConstState::InProgress => {
                let name = self.decls.consts[index].ast.name;
                let message = format!("the constant `{}` needs its own value", self.text(name.name));
                let diagnostic = Diagnostic::new(codes::CONSTANT_CYCLE, name.span, message)
                    .secondary(span, "needed again here");
                self.report(diagnostic);
                self.const_states[index] = ConstState::Wrong;
                return None;
            }
            ConstState::Unresolved => {}
        }
        self.const_states[index] = ConstState::InProgress;
        let computed = self.compute_const(id);
        if !matches!(self.const_states[index], ConstState::InProgress) {
            return None;
        }
        let result = computed.clone();
        self.const_states[index] = match computed {
            Some((value, ty)) => ConstState::Known(value, ty),
            None => ConstState::Wrong,
        };
        result
    }

    /// Checks and computes every constant of the program, used or not.
    pub(super) fn check_consts(&mut self) {
        for index in 0..self.decls.consts.len() {
            if !self.is_standard(self.decls.consts[index].module) {
                self.const_value_of(ConstId(index as u32), Span::default());
            }
        }
    }

    /// A constant declared in a block.
    pub(super) fn local_const(&mut self, ast: &'a ast::Const) -> ConstId {
        let id = ConstId(self.decls.consts.len() as u32);
        self.decls.consts.push(ConstDecl { ast, module: self.module, owner: None });
        self.const_states.push(ConstState::Unresolved);
        id
    }

    fn compute_const(&mut self, id: ConstId) -> Option<(Value, Ty)> {
        let decl = &self.decls.consts[id.0 as usize];
        let (ast, module, owner) = (decl.ast, decl.module, decl.owner);
        let self_ty = owner.map(|owner| self.program.impl_(owner).target);
        let scope = TypeScope { params: Vec::new(), self_ty };
        let outer = std::mem::replace(&mut self.body, BodyState::new(0));
        self.body.top_level = true;
        self.body.serial = outer.serial;
        let result = self.in_scope(module, scope, |checker| {
            let value = match &ast.ty {
                Some(written) => {
                    let ty = checker.written_type(written);
                    checker.expr_as(&ast.value, ty, Why::new(written.span, "expected because of this type"))
                }
                None => checker.any_expr(&ast.value),
            };
            checker.settle_all();
            checker.finish_body();
            let ty = checker.ty_of(value);
            let value = checker.evaluate(value)?;
            Some((value, ty))
        });
        self.body = outer;
        result
    }

    /// The value of an expression; `None` after a report.
    fn evaluate(&mut self, id: ExprId) -> Option<Value> {
        let expr = &self.body.exprs[id.index()];
        let (span, ty) = (expr.span, expr.ty);
        match &expr.kind {
            ExprKind::Literal(Literal::Bytes(_)) => self.not_constant(span),
            ExprKind::Literal(literal) => Some(Value::Literal(literal.clone())),
            ExprKind::Error => None,
            ExprKind::Tuple(parts) => {
                let parts = parts.clone();
                let values: Option<Vec<Value>> = parts.iter().map(|&part| self.evaluate(part)).collect();
                Some(Value::Tuple(values?))
            }
            ExprKind::TupleField(base, index) => {
                let index = *index as usize;
                match self.evaluate(*base)? {
                    Value::Tuple(parts) => parts.into_iter().nth(index),
                    Value::Literal(_) => None,
                }
            }
            &ExprKind::Unary(op, operand) => {
                let operand = self.scalar(operand)?;
                match unary(op, operand) {
                    Some(value) => Some(Value::Literal(value)),
                    None => self.trapping(span, "`-int.MIN` overflows"),
                }
            }
            &ExprKind::Binary(op, a, b) => {
                let (a, b) = (self.scalar(a)?, self.scalar(b)?);
                self.binary_value(op, a, b, span)
            }
            &ExprKind::And(a, b) | &ExprKind::Or(a, b) => {
                let decisive = matches!(self.body.exprs[id.index()].kind, ExprKind::Or(..));
                match self.scalar(a)? {
                    Literal::Bool(value) if value == decisive => Some(Value::Literal(Literal::Bool(value))),
                    _ => self.evaluate(b),
                }
            }
            &ExprKind::Convert(conversion, operand) => {
                let operand = self.scalar(operand)?;
                match convert(conversion, operand.clone()) {
                    Some(value) => Some(Value::Literal(value)),
                    None => {
                        let of = self.show(ty);
                        self.trapping(span, &format!("`{}` does not fit `{of}`", shown(&operand)))
                    }
                }
            }
            ExprKind::Block(block) if block.stmts.is_empty() => match block.value {
                Some(value) => self.evaluate(value),
                None => self.not_constant(span),
            },
            _ => self.not_constant(span),
        }
    }

    fn scalar(&mut self, id: ExprId) -> Option<Literal> {
        match self.evaluate(id)? {
            Value::Literal(literal) => Some(literal),
            Value::Tuple(_) => None,
        }
    }

    fn not_constant(&mut self, span: Span) -> Option<Value> {
        let message = "this is not computed at compile time";
        let diagnostic = Diagnostic::new(codes::NOT_CONSTANT, span, message)
            .help("a `const` is made of literals, operators and other constants; a `let` can hold any value");
        self.report(diagnostic);
        None
    }

    fn trapping(&mut self, span: Span, why: &str) -> Option<Value> {
        let message = format!("the computation of this constant fails: {why}");
        self.report(Diagnostic::new(codes::CONSTANT_TRAP, span, message));
        None
    }

    fn binary_value(&mut self, op: BinaryOp, a: Literal, b: Literal, span: Span) -> Option<Value> {
        if let (BinaryOp::Add, Literal::Str(a), Literal::Str(b)) = (op, &a, &b) {
            let joined = format!("{}{}", self.names.text(*a), self.names.text(*b));
            return Some(Value::Literal(Literal::Str(self.names.intern(&joined))));
        }
        let ordering = match (&a, &b) {
            (Literal::Int(a), Literal::Int(b)) => Some(a.cmp(b)),
            (Literal::Float(a), Literal::Float(b)) => a.partial_cmp(b),
            (Literal::Bool(a), Literal::Bool(b)) => Some(a.cmp(b)),
            (Literal::Char(a), Literal::Char(b)) => Some(a.cmp(b)),
            (Literal::Str(a), Literal::Str(b)) => Some(self.names.text(*a).cmp(self.names.text(*b))),
            _ => None,
        };
        let compared = match op {
            BinaryOp::Eq => Some(ordering.is_some_and(|ordering| ordering.is_eq())),
            BinaryOp::Ne => Some(!ordering.is_some_and(|ordering| ordering.is_eq())),
            BinaryOp::Lt => Some(ordering.is_some_and(|ordering| ordering.is_lt())),
            BinaryOp::Le => Some(ordering.is_some_and(|ordering| ordering.is_le())),
            BinaryOp::Gt => Some(ordering.is_some_and(|ordering| ordering.is_gt())),
            BinaryOp::Ge => Some(ordering.is_some_and(|ordering| ordering.is_ge())),
            _ => None,
        };
        if let Some(truth) = compared {
            return Some(Value::Literal(Literal::Bool(truth)));
        }
        let value = match (&a, &b) {
            (&Literal::Int(a), &Literal::Int(b)) => int_operation(op, a, b).map(Literal::Int),
            (&Literal::Float(a), &Literal::Float(b)) => float_operation(op, a, b).map(Literal::Float),
            _ => None,
        };
        match value {
            Some(value) => Some(Value::Literal(value)),
            None => self.trapping(span, &failure(op, &a, &b)),
        }
    }
}

/// Why an operator on two `int`s has no value.
fn failure(op: BinaryOp, a: &Literal, b: &Literal) -> String {
    let (a, b) = (shown(a), shown(b));
    let text = match op {
        BinaryOp::Div | BinaryOp::Rem if b == "0" => return format!("`{a}` is divided by zero"),
        BinaryOp::Pow if b.starts_with('-') => return format!("`{b}` is a negative exponent"),
        BinaryOp::Add => "+",
        BinaryOp::Sub => "-",
        BinaryOp::Mul => "*",
        BinaryOp::Div => "/",
        BinaryOp::Rem => "%",
        _ => "**",
    };
    format!("`{a} {text} {b}` overflows")
}

/// A number in a message.
fn shown(literal: &Literal) -> String {
    match literal {
        Literal::Int(value) => value.to_string(),
        Literal::Float(value) => value.to_string(),
        _ => "_".to_string(),
    }
}

fn unary(op: UnaryOp, operand: Literal) -> Option<Literal> {
    Some(match (op, operand) {
        (UnaryOp::Neg, Literal::Int(value)) => Literal::Int(value.checked_neg()?),
        (UnaryOp::Neg, Literal::Float(value)) => Literal::Float(-value),
        (UnaryOp::BitNot, Literal::Int(value)) => Literal::Int(!value),
        (UnaryOp::Not, Literal::Bool(value)) => Literal::Bool(!value),
        _ => return None,
    })
}

fn float_operation(op: BinaryOp, a: f64, b: f64) -> Option<f64> {
    Some(match op {
        BinaryOp::Add => a + b,
        BinaryOp::Sub => a - b,
        BinaryOp::Mul => a * b,
        BinaryOp::Div => a / b,
        BinaryOp::Rem => a % b,
        BinaryOp::Pow => a.powf(b),
        _ => return None,
    })
}

fn convert(conversion: Conversion, operand: Literal) -> Option<Literal> {
    Some(match (conversion, operand) {
        (Conversion::IntToFloat, Literal::Int(value)) => Literal::Float(value as f64),
        (Conversion::FloatToInt, Literal::Float(value)) => {
            let whole = value.trunc();
            let fits = (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&whole);
            Literal::Int(fits.then_some(whole as i64)?)
        }
        (Conversion::Narrow(storage), Literal::Int(value)) => {
            let (least, greatest) = storage.range();
            Literal::Int((least..=greatest).contains(&value).then_some(value)?)
        }
        (Conversion::Wrap(storage), Literal::Int(value)) => Literal::Int(match storage.text() {
            "u8" => i64::from(value as u8),
            "u16" => i64::from(value as u16),
            "u32" => i64::from(value as u32),
            "i8" => i64::from(value as i8),
            "i16" => i64::from(value as i16),
            "i32" => i64::from(value as i32),
            _ => value,
        }),
        (Conversion::RoundF32, Literal::Float(value)) => Literal::Float(f64::from(value as f32)),
        (Conversion::IntToChar, Literal::Int(value)) => {
            Literal::Char(u32::try_from(value).ok().and_then(char::from_u32)?)
        }
        (Conversion::CharToInt, Literal::Char(value)) => Literal::Int(i64::from(u32::from(value))),
        (Conversion::BoolToInt, Literal::Bool(value)) => Literal::Int(i64::from(value)),
        _ => return None,
    })
}

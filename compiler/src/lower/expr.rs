//! Expressions: values from the tree.

use lang_bytecode::{RegType, TrapKind};

use super::builder::Builder;
use super::layout::{Kind, width};
use super::value::Value;
use crate::hir::{
    BinaryOp as HirBinary, Body, Conversion, Expr, ExprId, ExprKind, Literal, Storage, Ty, TyKind,
    UnaryOp as HirUnary,
};
use crate::ir::{BinaryOp, End, Op, Operand, Test, UnaryOp, VReg};

impl<'p> Builder<'_, 'p> {
    /// The expression of an id.
    pub(super) fn expr(&self, id: ExprId) -> Option<&'p Expr> {
        self.body.and_then(|body: &'p Body| body.exprs.get(id.index()))
    }

    /// The type of an expression, with the type arguments in place.
    pub(super) fn ty(&mut self, id: ExprId) -> Ty {
        let ty = self.expr(id).map_or(Ty::UNIT, |expr| expr.ty);
        self.subst(ty)
    }

    /// A function's whole body: its value is the result.
    pub(super) fn body(&mut self, root: ExprId) {
        let value = self.value(root);
        self.return_value(value);
    }

    /// Returns a value, once what was deferred has run.
    pub(super) fn return_value(&mut self, value: Value) {
        let value = self.run_defers(0, value);
        let ty = self.result;
        let count = self.layout(ty).words.len();
        let words: Vec<Operand> = (0..count).map(|index| value.word(index)).collect();
        let list = self.f.add_list(words);
        self.end(End::Return(list));
    }

    /// Evaluates an expression. The words of a variable are its own registers: see [`Builder::values`].
    pub(super) fn value(&mut self, id: ExprId) -> Value {
        let Some(expr) = self.expr(id) else { return Value::UNIT };
        let saved = self.at;
        self.at(expr.span);
        let value = self.value_of(id, expr);
        self.at = saved;
        value
    }

    fn value_of(&mut self, id: ExprId, expr: &'p Expr) -> Value {
        match &expr.kind {
            ExprKind::Literal(literal) => self.literal(literal),
            ExprKind::Unit | ExprKind::Error => Value::UNIT,
            ExprKind::Local(local) => self.load_local(*local),
            ExprKind::Global(global) => self.load_global(*global),
            ExprKind::ForeignVar(id) => self.load_foreign(*id),
            ExprKind::IsLinked(id) => self.is_linked(*id),
            ExprKind::Function(function, args) => self.function_value(*function, *args, expr.ty),
            ExprKind::Tuple(parts) | ExprKind::Struct(parts) => {
                let ty = self.subst(expr.ty);
                let values = self.values(parts);
                self.aggregate(ty, &values)
            }
            ExprKind::Variant(number, fields) => {
                let ty = self.subst(expr.ty);
                let values = self.values(fields);
                self.variant(ty, *number, &values)
            }
            ExprKind::Array(elements) => self.array_literal(expr.ty, elements),
            ExprKind::Unary(HirUnary::Not, _)
            | ExprKind::And(..)
            | ExprKind::Or(..)
            | ExprKind::Matches(..) => {
                let dst = self.int_reg();
                self.truth_into(id, dst);
                Value::one(dst)
            }
            ExprKind::Unary(op, operand) => self.unary_expr(*op, *operand),
            ExprKind::Binary(op, lhs, rhs) => self.binary_expr(*op, *lhs, *rhs, None),
            ExprKind::Convert(conversion, operand) => self.convert(*conversion, *operand, expr.ty),
            ExprKind::Field(object, field) => self.field(*object, *field),
            ExprKind::TupleField(object, field) => self.field(*object, *field),
            ExprKind::Index(array, index) => self.index(*array, *index),
            ExprKind::Call(call) => self.call_expr(call, expr.ty),
            ExprKind::Block(block) => self.block_value(block),
            ExprKind::If(_) | ExprKind::Match(_) | ExprKind::Loop(..) => {
                let ty = self.subst(expr.ty);
                let dst = self.regs(ty);
                self.control(id, Some(&dst));
                Value::of_regs(&dst)
            }
            ExprKind::While(..)
            | ExprKind::For(_)
            | ExprKind::Break(..)
            | ExprKind::Continue(_)
            | ExprKind::Return(_) => {
                self.control(id, None);
                Value::UNIT
            }
            ExprKind::Closure(closure) => self.closure_value(id, closure),
            ExprKind::Assign(place, value) => {
                self.assign(*place, *value);
                Value::UNIT
            }
            ExprKind::Interpolate(pieces) => self.interpolate(pieces),
            ExprKind::Print(print) => {
                self.print(print);
                Value::UNIT
            }
            ExprKind::Assert(assert) => {
                self.assert(assert);
                Value::UNIT
            }
            ExprKind::Panic(message) => {
                let message = self.value(*message).single();
                self.fail(message, TrapKind::Panic);
                Value::UNIT
            }
            ExprKind::Same(lhs, rhs) => {
                let values = self.values(&[*lhs, *rhs]);
                let dst = self.binary(BinaryOp::REq, values[0].single(), values[1].single());
                Value::one(dst)
            }
            ExprKind::TypeName(operand) => {
                self.value(*operand);
                let ty = self.ty(*operand);
                let name = self.lower.type_name(ty);
                Value::one(self.string(&name))
            }
        }
    }

    /// Evaluates an expression into registers that nothing reads before that is done, or that have one word.
    pub(super) fn value_into(&mut self, id: ExprId, dst: &[VReg]) {
        let Some(expr) = self.expr(id) else { return };
        let saved = self.at;
        self.at(expr.span);
        match (&expr.kind, dst) {
            (ExprKind::If(_) | ExprKind::Match(_) | ExprKind::Loop(..), _) => self.control(id, Some(dst)),
            (ExprKind::Block(block), _) => self.block_into(block, dst),
            (
                ExprKind::Unary(HirUnary::Not, _)
                | ExprKind::And(..)
                | ExprKind::Or(..)
                | ExprKind::Matches(..),
                &[dst],
            ) => self.truth_into(id, dst),
            (ExprKind::Binary(op, lhs, rhs), &[dst]) => {
                let value = self.binary_expr(*op, *lhs, *rhs, Some(dst));
                self.move_value(&[dst], value);
            }
            _ => {
                let value = self.value_of(id, expr);
                self.move_value(dst, value);
            }
        }
        self.at = saved;
    }

    /// Evaluates an expression for what it does.
    pub(super) fn effect(&mut self, id: ExprId) {
        let Some(expr) = self.expr(id) else { return };
        let saved = self.at;
        self.at(expr.span);
        match &expr.kind {
            ExprKind::If(_) | ExprKind::Match(_) | ExprKind::Loop(..) => self.control(id, None),
            ExprKind::Block(block) => self.block_effect(block),
            _ => {
                self.value_of(id, expr);
            }
        }
        self.at = saved;
    }

    /// Evaluates expressions in order. A variable that a later one may assign to is copied before that.
    pub(super) fn values(&mut self, ids: &[ExprId]) -> Vec<Value> {
        // The last expression that may assign to a variable.
        let last = (1..ids.len()).rev().find(|&index| !self.is_stable(ids[index]));
        let mut values = Vec::with_capacity(ids.len());
        for (index, id) in ids.iter().enumerate() {
            let value = self.value(*id);
            let exposed = last.is_some_and(|last| index < last);
            values.push(if exposed { self.copy(value) } else { value });
        }
        values
    }

    /// Whether evaluating the expression leaves every variable as it is.
    pub(super) fn is_stable(&self, id: ExprId) -> bool {
        let Some(expr) = self.expr(id) else { return true };
        let all = |ids: &[ExprId]| ids.iter().all(|id| self.is_stable(*id));
        match &expr.kind {
            ExprKind::Literal(_)
            | ExprKind::Unit
            | ExprKind::Local(_)
            | ExprKind::Global(_)
            | ExprKind::ForeignVar(_)
            | ExprKind::IsLinked(_)
            | ExprKind::Function(..)
            | ExprKind::Closure(_) => true,
            ExprKind::Unary(_, operand)
            | ExprKind::Convert(_, operand)
            | ExprKind::Field(operand, _)
            | ExprKind::TupleField(operand, _) => self.is_stable(*operand),
            ExprKind::Binary(_, lhs, rhs)
            | ExprKind::And(lhs, rhs)
            | ExprKind::Or(lhs, rhs)
            | ExprKind::Index(lhs, rhs) => all(&[*lhs, *rhs]),
            ExprKind::Tuple(parts)
            | ExprKind::Struct(parts)
            | ExprKind::Array(parts)
            | ExprKind::Variant(_, parts) => all(parts),
            ExprKind::Call(call) => all(&call.args),
            _ => false,
        }
    }

    pub(super) fn literal(&mut self, literal: &Literal) -> Value {
        Value::one(match literal {
            Literal::Int(value) => self.int(*value),
            Literal::Float(value) => self.float(*value),
            Literal::Bool(value) => Operand::Int(i32::from(*value)),
            Literal::Char(value) => self.int(i64::from(u32::from(*value))),
            Literal::Str(name) => {
                let text = self.lower.names.text(*name);
                self.lower.out.constants.string(text)
            }
            Literal::Bytes(bytes) => return self.bytes(bytes),
        })
    }

    /// A tuple or struct of these parts.
    pub(super) fn aggregate(&mut self, ty: Ty, parts: &[Value]) -> Value {
        if let Some(id) = self.lower.extern_struct(ty) {
            return self.new_extern_struct(id, ty, parts);
        }
        let layout = self.layout(ty);
        let words: Vec<Operand> = parts.iter().flat_map(|part| part.words().to_vec()).collect();
        match layout.kind {
            Kind::Object(of) => {
                let dst = self.reg(layout.words[0]);
                let args = self.f.add_list(words);
                self.push(Op::New { dst, of, args });
                Value::one(dst)
            }
            _ => Value::of(&words),
        }
    }

    /// A variant of an enum with these fields.
    pub(super) fn variant(&mut self, ty: Ty, number: u32, fields: &[Value]) -> Value {
        let layout = self.layout(ty);
        match &layout.kind {
            Kind::NullOption(_) => match fields.first() {
                Some(payload) => *payload,
                None => Value::one(self.nothing(layout.words[0])),
            },
            Kind::Tagged(variants) => {
                let mut words: Vec<Operand> = layout.words.iter().map(|word| self.nothing(*word)).collect();
                words[0] = Operand::Int(number as i32);
                for (part, value) in variants[number as usize].iter().zip(fields) {
                    let at = part.at as usize;
                    words[at..at + value.words().len()].copy_from_slice(value.words());
                }
                Value::of(&words)
            }
            Kind::Enum(of) => {
                let of = self.lower.variant_type(*of, number);
                let words: Vec<Operand> = fields.iter().flat_map(|field| field.words().to_vec()).collect();
                if words.is_empty() {
                    return Value::one(self.lower.out.constants.operand(crate::ir::Const::Static(of)));
                }
                let dst = self.reg(layout.words[0]);
                let args = self.f.add_list(words);
                self.push(Op::New { dst, of, args });
                Value::one(dst)
            }
            _ => Value::one(Operand::Int(number as i32)),
        }
    }

    fn unary_expr(&mut self, op: HirUnary, operand: ExprId) -> Value {
        let is_float = self.is_float(operand);
        let src = self.value(operand).single();
        let op = match op {
            HirUnary::Neg if is_float => UnaryOp::FNeg,
            HirUnary::Neg => UnaryOp::INeg,
            HirUnary::BitNot => UnaryOp::BNot,
            HirUnary::Not => UnaryOp::Not,
        };
        Value::one(self.unary(op, src))
    }

    /// Whether an expression's value is in a float register.
    pub(super) fn is_float(&mut self, id: ExprId) -> bool {
        let ty = self.ty(id);
        self.layout(ty).words.first() == Some(&RegType::Float)
    }

    /// An operator on two operands; into `dst`, if it is one instruction and `dst` is given. The left operands of a long chain of
    /// operators are taken one after the other, not one within the other.
    fn binary_expr(&mut self, op: HirBinary, lhs: ExprId, rhs: ExprId, dst: Option<VReg>) -> Value {
        let mut chain = vec![(op, lhs, rhs, self.at.span)];
        let mut first = lhs;
        while let Some(expr) = self.expr(first)
            && let ExprKind::Binary(op, lhs, rhs) = expr.kind
        {
            chain.push((op, lhs, rhs, expr.span));
            first = lhs;
        }
        let mut left = self.value(first);
        while let Some((op, lhs, rhs, span)) = chain.pop() {
            if !self.is_stable(rhs) {
                left = self.copy(left);
            }
            let right = self.value(rhs).single();
            self.at(span);
            let ty = self.operand_type(lhs, rhs);
            left = self.operation(op, ty, left.single(), right, dst.filter(|_| chain.is_empty()));
        }
        left
    }

    /// The type of two operands, of which one may never be there.
    pub(super) fn operand_type(&mut self, lhs: ExprId, rhs: ExprId) -> Ty {
        let ty = self.ty(lhs);
        if self.lower.types.kind(ty) == TyKind::Never { self.ty(rhs) } else { ty }
    }

    fn operation(&mut self, op: HirBinary, ty: Ty, lhs: Operand, rhs: Operand, dst: Option<VReg>) -> Value {
        if self.lower.types.kind(ty) == TyKind::Str {
            return self.string_op(op, lhs, rhs);
        }
        let is_float = self.layout(ty).words.first() == Some(&RegType::Float);
        if is_float && op == HirBinary::Pow {
            let float = RegType::Float;
            return self.native("math_pow", &[(lhs, float), (rhs, float)], &[float]);
        }
        let (op, swapped) = if is_float { float_op(op) } else { int_op(op) };
        let (lhs, rhs) = if swapped { (rhs, lhs) } else { (lhs, rhs) };
        match dst {
            Some(dst) => {
                self.push(Op::Binary { op, dst, lhs, rhs });
                Value::one(dst)
            }
            None => Value::one(self.binary(op, lhs, rhs)),
        }
    }

    /// Two operands of one word, the left one safe from what the right one does.
    pub(super) fn operands(&mut self, lhs: ExprId, rhs: ExprId) -> (Operand, Operand) {
        let stable = self.is_stable(rhs);
        let left = self.value(lhs);
        let left = if stable { left } else { self.copy(left) };
        (left.single(), self.value(rhs).single())
    }

    fn string_op(&mut self, op: HirBinary, lhs: Operand, rhs: Operand) -> Value {
        let text = RegType::Ref(lang_bytecode::TypeId::STR);
        let (compare, swapped) = int_op(op);
        match op {
            HirBinary::Add => self.native("str_concat", &[(lhs, text), (rhs, text)], &[text]),
            HirBinary::Eq => Value::one(self.binary(BinaryOp::StrEq, lhs, rhs)),
            HirBinary::Ne => {
                let equal = self.binary(BinaryOp::StrEq, lhs, rhs);
                Value::one(self.unary(UnaryOp::Not, equal))
            }
            _ => {
                let order = self.binary(BinaryOp::StrCmp, lhs, rhs);
                let (lhs, rhs) = (Operand::Reg(order), Operand::Int(0));
                let (lhs, rhs) = if swapped { (rhs, lhs) } else { (lhs, rhs) };
                Value::one(self.binary(compare, lhs, rhs))
            }
        }
    }

    fn convert(&mut self, conversion: Conversion, operand: ExprId, to: Ty) -> Value {
        let value = self.value(operand);
        let src = value.single();
        match conversion {
            Conversion::IntToFloat => Value::one(self.unary(UnaryOp::IToF, src)),
            Conversion::FloatToInt => Value::one(self.unary(UnaryOp::FToI, src)),
            Conversion::RoundF32 => Value::one(self.unary(UnaryOp::FToF32, src)),
            Conversion::IntToChar => Value::one(self.unary(UnaryOp::ToChar, src)),
            Conversion::Narrow(storage) => self.narrow(storage, src),
            Conversion::Wrap(storage) => match width(storage) {
                Some(to) => {
                    let dst = self.int_reg();
                    self.push(Op::Wrap { dst, src, to });
                    Value::one(dst)
                }
                None => value,
            },
            Conversion::CharToInt | Conversion::BoolToInt | Conversion::EnumToInt => value,
            Conversion::ToDyn => {
                let (from, to) = (self.ty(operand), self.subst(to));
                self.make_object(value, from, to)
            }
        }
    }

    fn narrow(&mut self, storage: Storage, src: Operand) -> Value {
        match (width(storage), storage) {
            (Some(to), _) => {
                let dst = self.int_reg();
                self.push(Op::Narrow { dst, src, to });
                Value::one(dst)
            }
            (None, Storage::U64 | Storage::Usize) => {
                let (bad, good) = (self.block(), self.block());
                self.branch(Test::ILt, src, Operand::Int(0), bad, good);
                self.start(bad);
                self.cold();
                self.trap(TrapKind::Conversion);
                self.start(good);
                Value::one(src)
            }
            (None, Storage::F32) => Value::one(self.unary(UnaryOp::FToF32, src)),
            (None, _) => Value::one(src),
        }
    }
}

/// The instruction of an operator on ints, and whether its sides change places.
pub(super) fn int_op(op: HirBinary) -> (BinaryOp, bool) {
    let op = match op {
        HirBinary::Add => BinaryOp::IAdd,
        HirBinary::Sub => BinaryOp::ISub,
        HirBinary::Mul => BinaryOp::IMul,
        HirBinary::Div => BinaryOp::IDiv,
        HirBinary::Rem => BinaryOp::IRem,
        HirBinary::Pow => BinaryOp::IPow,
        HirBinary::WrapAdd => BinaryOp::IAddW,
        HirBinary::WrapSub => BinaryOp::ISubW,
        HirBinary::WrapMul => BinaryOp::IMulW,
        HirBinary::Shl => BinaryOp::Shl,
        HirBinary::Shr => BinaryOp::Shr,
        HirBinary::ShrLogical => BinaryOp::UShr,
        HirBinary::BitAnd => BinaryOp::BAnd,
        HirBinary::BitOr => BinaryOp::BOr,
        HirBinary::BitXor => BinaryOp::BXor,
        HirBinary::Eq => BinaryOp::IEq,
        HirBinary::Ne => BinaryOp::INe,
        HirBinary::Lt => BinaryOp::ILt,
        HirBinary::Le => BinaryOp::ILe,
        HirBinary::Gt => return (BinaryOp::ILt, true),
        HirBinary::Ge => return (BinaryOp::ILe, true),
    };
    (op, false)
}

/// The instruction of an operator on floats, and whether its sides change places. Those that floats lack do not get here.
fn float_op(op: HirBinary) -> (BinaryOp, bool) {
    match op {
        HirBinary::Add => (BinaryOp::FAdd, false),
        HirBinary::Sub => (BinaryOp::FSub, false),
        HirBinary::Mul => (BinaryOp::FMul, false),
        HirBinary::Div => (BinaryOp::FDiv, false),
        HirBinary::Rem => (BinaryOp::FRem, false),
        HirBinary::Ne => (BinaryOp::FNe, false),
        HirBinary::Lt => (BinaryOp::FLt, false),
        HirBinary::Le => (BinaryOp::FLe, false),
        HirBinary::Gt => (BinaryOp::FLt, true),
        HirBinary::Ge => (BinaryOp::FLe, true),
        _ => (BinaryOp::FEq, false),
    }
}

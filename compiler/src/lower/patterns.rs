//! Patterns: tests that jump where they fail, and bindings. Nothing is allocated for them.

use lang_bytecode::{RegType, TypeId};

use super::builder::Builder;
use super::layout::Kind;
use super::value::Value;
use crate::hir::{ArrayPattern, ExprId, Literal, Pattern, PatternKind, Ty};
use crate::ir::{BinaryOp, BlockId, End, Op, Operand, Test, VReg};

impl<'p> Builder<'_, 'p> {
    /// `let pattern = value else { … }`
    pub(super) fn let_stmt(&mut self, pattern: &'p Pattern, value: ExprId, otherwise: Option<ExprId>) {
        if let PatternKind::Bind(local, None) = &pattern.kind
            && !self.is_cell(*local)
            && otherwise.is_none()
        {
            // A variable that its own first value shadows is another local, so nothing reads these registers yet.
            let regs = self.declare(*local);
            self.value_into(value, &regs);
            return;
        }
        let value = self.value(value);
        match otherwise {
            None => self.pattern(pattern, value, None),
            Some(otherwise) => {
                let (fail, after) = (self.block(), self.block());
                self.pattern(pattern, value, Some(fail));
                self.jump(after);
                self.start(fail);
                self.effect(otherwise);
                self.start(after);
            }
        }
    }

    /// Matches a value: goes on where the pattern holds, with its names bound, and to `fail` where not. Without `fail` it is known to hold.
    pub(super) fn pattern(&mut self, pattern: &'p Pattern, value: Value, fail: impl Into<Option<BlockId>>) {
        let fail = fail.into();
        match &pattern.kind {
            PatternKind::Wildcard => {}
            PatternKind::Bind(local, inner) => {
                if let Some(inner) = inner {
                    self.pattern(inner, value, fail);
                }
                self.init_local(*local, value);
            }
            PatternKind::Literal(literal) => {
                if let Some(fail) = fail {
                    self.test_literal(literal, value.single(), fail);
                }
            }
            PatternKind::Range { lo, hi, inclusive } => {
                if let Some(fail) = fail {
                    self.test_range(lo.as_ref(), hi.as_ref(), *inclusive, value.single(), fail);
                }
            }
            PatternKind::Variant(number, fields) => {
                let ty = self.subst(pattern.ty);
                self.variant_pattern(ty, *number, fields, value, fail);
            }
            PatternKind::Struct(fields) => {
                let ty = self.subst(pattern.ty);
                for (field, inner) in fields {
                    if !matches!(inner.kind, PatternKind::Wildcard) {
                        let part = self.part_of(ty, value, *field);
                        self.pattern(inner, part, fail);
                    }
                }
            }
            PatternKind::Tuple(parts) => {
                let ty = self.subst(pattern.ty);
                for (index, inner) in parts.iter().enumerate() {
                    if !matches!(inner.kind, PatternKind::Wildcard) {
                        let part = self.part_of(ty, value, index as u32);
                        self.pattern(inner, part, fail);
                    }
                }
            }
            PatternKind::Array(array) => {
                let ty = self.subst(pattern.ty);
                self.array_pattern(ty, array, value.single(), fail);
            }
            PatternKind::Or(alternatives) => self.alternatives(alternatives, value, fail),
        }
    }

    fn alternatives(&mut self, alternatives: &'p [Pattern], value: Value, fail: Option<BlockId>) {
        let mut binds = false;
        alternatives.iter().for_each(|alternative| alternative.locals(&mut |_| binds = true));
        if fail.is_none() && !binds {
            return;
        }
        let matched = self.block();
        for (index, alternative) in alternatives.iter().enumerate() {
            if index + 1 == alternatives.len() {
                self.pattern(alternative, value, fail);
                self.jump(matched);
            } else {
                let next = self.block();
                self.pattern(alternative, value, Some(next));
                self.jump(matched);
                self.start(next);
            }
        }
        self.start(matched);
    }

    /// Goes on where a test holds, to `fail` where not.
    fn require(&mut self, test: Test, lhs: impl Into<Operand>, rhs: impl Into<Operand>, fail: BlockId) {
        let next = self.block();
        self.branch(test, lhs.into(), rhs.into(), next, fail);
        self.start(next);
    }

    fn test_literal(&mut self, literal: &Literal, word: Operand, fail: BlockId) {
        let value = self.literal(literal).single();
        match literal {
            Literal::Float(_) => self.require(Test::FEq, word, value, fail),
            Literal::Str(_) => {
                let equal = self.binary(BinaryOp::StrEq, word, value);
                self.require(Test::INe, equal, Operand::Int(0), fail);
            }
            _ => self.require(Test::IEq, word, value, fail),
        }
    }

    fn test_range(
        &mut self,
        lo: Option<&Literal>,
        hi: Option<&Literal>,
        inclusive: bool,
        word: Operand,
        fail: BlockId,
    ) {
        if let Some(lo) = lo {
            let end = self.literal(lo).single();
            match lo {
                Literal::Float(_) => self.require(Test::FLe, end, word, fail),
                _ => self.require(Test::IGe, word, end, fail),
            }
        }
        if let Some(hi) = hi {
            let end = self.literal(hi).single();
            let test = match (hi, inclusive) {
                (Literal::Float(_), true) => Test::FLe,
                (Literal::Float(_), false) => Test::FLt,
                (_, true) => Test::ILe,
                (_, false) => Test::ILt,
            };
            self.require(test, word, end, fail);
        }
    }

    fn variant_pattern(
        &mut self,
        ty: Ty,
        number: u32,
        fields: &'p [(u32, Pattern)],
        value: Value,
        fail: Option<BlockId>,
    ) {
        let layout = self.layout(ty);
        let looks = fields.iter().any(|(_, inner)| !matches!(inner.kind, PatternKind::Wildcard));
        match &layout.kind {
            Kind::NullOption(payload) => {
                let word = value.single();
                if number == 0 {
                    if let Some(fail) = fail {
                        self.require(Test::Null, word, Operand::Int(0), fail);
                    }
                    return;
                }
                let payload = self.layout(*payload).words[0];
                let Some(some) = self.not_null(word, payload, looks, fail) else { return };
                for (_, inner) in fields {
                    self.pattern(inner, Value::one(some), fail);
                }
            }
            Kind::Tagged(variants) => {
                if let Some(fail) = fail {
                    self.require(Test::IEq, value.single(), Operand::Int(number as i32), fail);
                }
                for (field, inner) in fields {
                    if !matches!(inner.kind, PatternKind::Wildcard) {
                        let payload = self.payload(value, variants[number as usize][*field as usize]);
                        self.pattern(inner, payload, fail);
                    }
                }
            }
            Kind::Enum(of) => {
                let object = value.single();
                if let Some(fail) = fail {
                    let tag = self.int_reg();
                    self.push(Op::Tag { dst: tag, object });
                    self.require(Test::IEq, tag, Operand::Int(number as i32), fail);
                }
                if looks {
                    let to = self.lower.variant_type(*of, number);
                    let parts = self.lower.variant_parts(ty);
                    let dst = self.reg(RegType::Ref(to));
                    self.push(Op::Cast { dst, src: object, to });
                    for (field, inner) in fields {
                        if !matches!(inner.kind, PatternKind::Wildcard) {
                            let part = self.load_part(dst.into(), parts[number as usize][*field as usize]);
                            self.pattern(inner, part, fail);
                        }
                    }
                }
            }
            _ => {
                if let Some(fail) = fail {
                    self.require(Test::IEq, value.single(), Operand::Int(number as i32), fail);
                }
            }
        }
    }

    /// Goes on where a reference is not null; gives it, known not to be null, if it is looked at.
    pub(super) fn not_null(
        &mut self,
        word: Operand,
        ty: RegType,
        looks: bool,
        fail: Option<BlockId>,
    ) -> Option<VReg> {
        // A constructor that was just written: its payload is no option, and cannot be null.
        if word.reg().is_some_and(|reg| self.f.ty(reg) == ty) {
            return word.reg();
        }
        match fail {
            Some(fail) if looks => {
                let (dst, some) = (self.reg(ty), self.block());
                self.end(End::NonNull { dst, src: word, none: fail, some });
                self.start(some);
                Some(dst)
            }
            Some(fail) => {
                self.require(Test::NotNull, word, Operand::Int(0), fail);
                None
            }
            None if looks => {
                let dst = self.reg(ty);
                self.push(Op::NonNull { dst, src: word });
                Some(dst)
            }
            None => None,
        }
    }

    fn array_pattern(&mut self, ty: Ty, pattern: &'p ArrayPattern, array: Operand, fail: Option<BlockId>) {
        let element = self.element_of(ty);
        let (before, after) = (pattern.before.len(), pattern.after.len());
        let len = self.int_reg();
        self.push(Op::ArrayLen { dst: len, array });
        if let Some(fail) = fail {
            let least = self.int((before + after) as i64);
            let test = if pattern.rest.is_some() { Test::IGe } else { Test::IEq };
            self.require(test, len, least, fail);
        }
        for (index, inner) in pattern.before.iter().enumerate() {
            let index = self.int(index as i64);
            let value = self.get_element(element, array, index);
            self.pattern(inner, value, fail);
        }
        for (index, inner) in pattern.after.iter().enumerate() {
            let back = self.int((after - index) as i64);
            let index = self.binary(BinaryOp::ISub, len, back);
            let value = self.get_element(element, array, index.into());
            self.pattern(inner, value, fail);
        }
        if let Some(Some(rest)) = pattern.rest {
            let (from, back) = (self.int(before as i64), self.int(after as i64));
            let to = self.binary(BinaryOp::ISub, len, back);
            let of: TypeId = self.lower.heap_type(ty);
            let (array_ty, int) = (RegType::Ref(of), RegType::Int);
            let args = [(array, array_ty), (from, int), (to.into(), int)];
            let part = self.native("array_slice", &args, &[array_ty]);
            self.init_local(rest, part);
        }
    }
}

//! `for` over arrays, strings and iterators. Loops stand with their test at the bottom and a guard before them.

use lang_bytecode::{RegType, TypeId};

use super::builder::Builder;
use super::value::Value;
use crate::hir::{Callee, ExprId, For, Pattern, PatternKind, Source, Ty};
use crate::ir::{BinaryOp, Op, Operand, Test, VReg};

impl<'p> Builder<'_, 'p> {
    pub(super) fn for_loop(&mut self, for_: &'p For) {
        match &for_.source {
            Source::Range(range) => self.for_range(for_, range),
            Source::Array(array) => self.for_array(for_, *array),
            Source::Chars(text) => self.for_chars(for_, *text),
            Source::Bytes(text) => self.for_bytes(for_, *text),
            Source::Iterator { iterator, next } => self.for_iterator(for_, *iterator, next),
        }
    }

    /// The value of a loop's source in a register that the body cannot change.
    pub(super) fn fixed(&mut self, id: ExprId) -> Operand {
        let value = self.value(id);
        self.copy(value).single()
    }

    /// Binds a counter that the loop itself keeps. A plain name is the counter's own register: it cannot be assigned to.
    pub(super) fn bind_counter(&mut self, pattern: &'p Pattern, counter: VReg) {
        if let PatternKind::Bind(local, None) = pattern.kind
            && self.body.is_some_and(|body| !body[local].mutable)
        {
            self.vars[local.index()] = Some(super::builder::Var::Regs([counter].into()));
            return;
        }
        self.pattern(pattern, Value::one(counter), None);
    }

    /// A counter from 0, for `enumerate` or a loop's own index.
    pub(super) fn counter(&mut self, from: Operand) -> VReg {
        self.temp(RegType::Int, from)
    }

    pub(super) fn increment(&mut self, counter: VReg) {
        let (lhs, rhs) = (counter.into(), Operand::Int(1));
        self.push(Op::Binary { op: BinaryOp::IAdd, dst: counter, lhs, rhs });
    }

    fn length(&mut self, array: Operand) -> VReg {
        let dst = self.int_reg();
        self.push(Op::ArrayLen { dst, array });
        dst
    }

    fn for_array(&mut self, for_: &'p For, array: ExprId) {
        let element = self.element_type(array);
        let array = self.fixed(array);
        let index = self.counter(Operand::Int(0));
        let (top, next, exit) = (self.block(), self.block(), self.block());
        let length = self.length(array);
        self.branch(Test::ILt, index.into(), length.into(), top, exit);
        self.start(top);
        self.enter_loop(for_.id, exit, next, None);
        if let Some(pattern) = &for_.index {
            self.bind_counter(pattern, index);
        }
        if !matches!(for_.item.kind, PatternKind::Wildcard) {
            let value = self.get_element(element, array, index.into());
            self.pattern(&for_.item, value, None);
        }
        self.effect(for_.body);
        self.jump(next);
        self.start(next);
        self.increment(index);
        let length = self.length(array);
        self.branch(Test::ILt, index.into(), length.into(), top, exit);
        self.start(exit);
    }

    fn for_bytes(&mut self, for_: &'p For, text: ExprId) {
        let text = self.fixed(text);
        let length = self.unary(crate::ir::UnaryOp::StrLen, text);
        let index = self.counter(Operand::Int(0));
        let (top, next, exit) = (self.block(), self.block(), self.block());
        self.branch(Test::ILt, index.into(), length.into(), top, exit);
        self.start(top);
        self.enter_loop(for_.id, exit, next, None);
        if let Some(pattern) = &for_.index {
            self.bind_counter(pattern, index);
        }
        let byte = self.int_reg();
        self.push(Op::StrByte { dst: byte, src: text, index: index.into() });
        self.pattern(&for_.item, Value::one(byte), None);
        self.effect(for_.body);
        self.jump(next);
        self.start(next);
        self.increment(index);
        self.branch(Test::ILt, index.into(), length.into(), top, exit);
        self.start(exit);
    }

    /// Chars: one of a single byte is read at once, others by the host.
    fn for_chars(&mut self, for_: &'p For, text: ExprId) {
        let text = self.fixed(text);
        let length = self.unary(crate::ir::UnaryOp::StrLen, text);
        let position = self.counter(Operand::Int(0));
        let number = for_.index.as_ref().map(|_| self.counter(Operand::Int(0)));
        let (top, next, exit) = (self.block(), self.block(), self.block());
        let (wide, body) = (self.block(), self.block());
        self.branch(Test::ILt, position.into(), length.into(), top, exit);
        self.start(top);
        self.enter_loop(for_.id, exit, next, None);
        let char_ = self.int_reg();
        self.push(Op::StrByte { dst: char_, src: text, index: position.into() });
        let narrow = self.block();
        self.branch(Test::ILt, char_.into(), Operand::Int(0x80), narrow, wide);
        self.start(wide);
        let (str_, int) = (RegType::Ref(TypeId::STR), RegType::Int);
        let read = self.native("str_next_char", &[(text, str_), (position.into(), int)], &[int, int]);
        self.mov(char_, read.word(0));
        self.mov(position, read.word(1));
        self.jump(body);
        self.start(narrow);
        self.increment(position);
        self.jump(body);
        self.start(body);
        if let (Some(pattern), Some(number)) = (&for_.index, number) {
            self.bind_counter(pattern, number);
        }
        self.pattern(&for_.item, Value::one(char_), None);
        self.effect(for_.body);
        self.jump(next);
        self.start(next);
        if let Some(number) = number {
            self.increment(number);
        }
        self.branch(Test::ILt, position.into(), length.into(), top, exit);
        self.start(exit);
    }

    fn for_iterator(&mut self, for_: &'p For, iterator: ExprId, next: &'p Callee) {
        let iterator_ty = self.ty(iterator);
        let value = self.value(iterator);
        let value = self.copy(value);
        let number = for_.index.as_ref().map(|_| self.counter(Operand::Int(0)));
        let (top, continue_, exit) = (self.block(), self.block(), self.block());
        self.jump(top);
        self.start(top);
        self.enter_loop(for_.id, exit, continue_, None);
        let item_ty = self.subst(for_.item.ty);
        let option = self.lower.types.option(item_ty);
        let step = self.call_on(next, iterator_ty, value, option);
        let item = self.some_or(option, item_ty, step, exit);
        if let (Some(pattern), Some(number)) = (&for_.index, number) {
            self.bind_counter(pattern, number);
        }
        self.pattern(&for_.item, item, None);
        self.effect(for_.body);
        self.jump(continue_);
        self.start(continue_);
        if let Some(number) = number {
            self.increment(number);
        }
        self.jump(top);
        self.start(exit);
    }

    /// The payload of an option; to `none` where there is none.
    fn some_or(&mut self, option: Ty, payload: Ty, value: Value, none: crate::ir::BlockId) -> Value {
        use super::layout::Kind;
        let layout = self.layout(option);
        match &layout.kind {
            Kind::NullOption(_) => {
                let ty = self.layout(payload).words[0];
                self.not_null(value.single(), ty, true, Some(none)).map_or(Value::UNIT, Value::one)
            }
            Kind::Tagged(variants) => {
                let some = self.block();
                self.branch(Test::INe, value.single(), Operand::Int(0), some, none);
                self.start(some);
                match variants.get(1).and_then(|parts| parts.first()) {
                    Some(part) => self.payload(value, *part),
                    None => Value::UNIT,
                }
            }
            Kind::Enum(of) => {
                let some = self.block();
                let (tag, object) = (self.int_reg(), value.single());
                self.push(Op::Tag { dst: tag, object });
                self.branch(Test::INe, tag.into(), Operand::Int(0), some, none);
                self.start(some);
                let to = self.lower.variant_type(*of, 1);
                let parts = self.lower.variant_parts(option);
                let dst = self.reg(RegType::Ref(to));
                self.push(Op::Cast { dst, src: object, to });
                match parts.get(1).and_then(|parts| parts.first()) {
                    Some(part) => self.load_part(dst.into(), *part),
                    None => Value::UNIT,
                }
            }
            _ => Value::UNIT,
        }
    }
}

//! Arrays: literals, elements, and the boxes of elements that have several words.

use lang_bytecode::{RegType, Storage, TypeId};

use super::builder::Builder;
use super::value::Value;
use crate::hir::{ExprId, Ty, TyKind};
use crate::ir::{Op, Operand, VReg};

/// Literals with more elements than this are pushed one by one, so that they need no long row of out slots.
const MAX_LITERAL: usize = 64;

impl Builder<'_, '_> {
    /// The type of the elements of an array.
    pub(super) fn element_of(&self, array: Ty) -> Ty {
        match self.lower.types.kind(array) {
            TyKind::Array(element) => element,
            _ => Ty::UNIT,
        }
    }

    /// The type of the elements of the array that an expression gives.
    pub(super) fn element_type(&mut self, array: ExprId) -> Ty {
        let ty = self.ty(array);
        self.element_of(ty)
    }

    /// The register type of an element as an array keeps it.
    pub(super) fn element_word(&mut self, element: Ty) -> RegType {
        self.lower.element_storage(element).register()
    }

    /// A value as an array keeps it: one word.
    pub(super) fn box_element(&mut self, element: Ty, value: Value) -> Operand {
        match *value.words() {
            [one] => one,
            [] => Operand::Int(0),
            _ => {
                let Storage::Ref(of) = self.lower.element_storage(element) else { return value.single() };
                let dst = self.reg(RegType::Ref(of));
                let args = self.f.add_list(value.words().iter().copied());
                self.push(Op::New { dst, of, args });
                dst.into()
            }
        }
    }

    /// The value of an element as an array keeps it.
    pub(super) fn unbox_element(&mut self, element: Ty, word: Operand) -> Value {
        let layout = self.layout(element);
        match layout.words.len() {
            0 => Value::UNIT,
            1 => Value::one(word),
            _ => {
                let mut value = Value::UNIT;
                for (field, ty) in layout.words.iter().enumerate() {
                    let dst = self.reg(*ty);
                    self.push(Op::FieldGet { dst, object: word, field: field as u16, constant: true });
                    value.push(dst.into());
                }
                value
            }
        }
    }

    /// `array[index]`
    pub(super) fn index(&mut self, array: ExprId, index: ExprId) -> Value {
        let element = self.element_type(array);
        let (array, index) = self.operands(array, index);
        self.get_element(element, array, index)
    }

    pub(super) fn get_element(&mut self, element: Ty, array: Operand, index: Operand) -> Value {
        let word = self.element_word(element);
        let dst = self.reg(word);
        self.push(Op::ArrayGet { dst, array, index });
        self.unbox_element(element, dst.into())
    }

    pub(super) fn set_element(&mut self, element: Ty, array: Operand, index: Operand, value: Value) {
        let src = self.box_element(element, value);
        self.push(Op::ArraySet { array, index, src });
    }

    /// `[a, b]`
    pub(super) fn array_literal(&mut self, ty: Ty, elements: &[ExprId]) -> Value {
        let ty = self.subst(ty);
        let element = self.element_of(ty);
        let of = self.lower.heap_type(ty);
        if elements.len() > MAX_LITERAL {
            let array = self.new_array(of, elements.len());
            for id in elements {
                let value = self.value(*id);
                let src = self.box_element(element, value);
                self.push(Op::ArrayPush { array: array.into(), src });
            }
            return Value::one(array);
        }
        let values = self.values(elements);
        let words: Vec<Operand> = values.into_iter().map(|value| self.box_element(element, value)).collect();
        self.literal_of(of, &words)
    }

    /// `b"…"`
    pub(super) fn bytes(&mut self, bytes: &[u8]) -> Value {
        let of = self.lower.heap_type(Ty::BYTES);
        if bytes.len() > MAX_LITERAL {
            let array = self.new_array(of, bytes.len());
            for byte in bytes {
                self.push(Op::ArrayPush { array: array.into(), src: Operand::Int(i32::from(*byte)) });
            }
            return Value::one(array);
        }
        let words: Vec<Operand> = bytes.iter().map(|byte| Operand::Int(i32::from(*byte))).collect();
        self.literal_of(of, &words)
    }

    fn literal_of(&mut self, of: TypeId, words: &[Operand]) -> Value {
        if words.is_empty() {
            return Value::one(self.new_array(of, 0));
        }
        let dst = self.reg(RegType::Ref(of));
        let args = self.f.add_list(words.iter().copied());
        self.push(Op::ArrayLiteral { dst, of, args });
        Value::one(dst)
    }

    /// An empty array with room for so many elements.
    pub(super) fn new_array(&mut self, of: TypeId, capacity: usize) -> VReg {
        let dst = self.reg(RegType::Ref(of));
        let capacity = self.int(capacity as i64);
        self.push(Op::ArrayNew { dst, capacity, of });
        dst
    }
}

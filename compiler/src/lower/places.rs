//! Places: fields, globals, and assignments to all of them.

use super::builder::{Builder, Var};
use super::layout::{Kind, Part};
use super::value::Value;
use crate::hir::{ExprId, ExprKind, GlobalId, Ty};
use crate::ir::{Op, Operand};
use lang_bytecode::RegType;

impl Builder<'_, '_> {
    /// A field of a struct or a part of a tuple.
    pub(super) fn field(&mut self, object: ExprId, field: u32) -> Value {
        let ty = self.ty(object);
        let value = self.value(object);
        self.part_of(ty, value, field)
    }

    /// A field or part of a value.
    pub(super) fn part_of(&mut self, ty: Ty, value: Value, field: u32) -> Value {
        if let Some(id) = self.lower.extern_struct(ty) {
            return self.load_extern_field(id, value.single(), field);
        }
        let layout = self.layout(ty);
        match &layout.kind {
            Kind::Inline(parts) => parts.get(field as usize).map_or(Value::UNIT, |part| slice(value, *part)),
            Kind::Object(_) => {
                let parts = self.lower.object_parts(ty);
                match parts.get(field as usize) {
                    Some(part) => self.load_part(value.single(), *part),
                    None => Value::UNIT,
                }
            }
            _ => Value::UNIT,
        }
    }

    /// Reads the words of a part of an object.
    pub(super) fn load_part(&mut self, object: Operand, part: Part) -> Value {
        let layout = self.layout(part.ty);
        let mut value = Value::UNIT;
        for (offset, word) in layout.words.iter().enumerate() {
            let dst = self.reg(*word);
            let field = part.at + offset as u16;
            self.push(Op::FieldGet { dst, object, field, constant: !part.mutable });
            value.push(dst.into());
        }
        value
    }

    /// The part of a variant's payload in registers, whose references are known not to be null.
    pub(super) fn payload(&mut self, value: Value, part: Part) -> Value {
        let layout = self.layout(part.ty);
        let mut payload = slice(value, part);
        for (word, ty) in payload.words_mut().iter_mut().zip(&layout.words) {
            if let (RegType::Ref(_), Operand::Reg(_)) = (ty, *word) {
                let dst = self.reg(*ty);
                self.push(Op::NonNull { dst, src: *word });
                *word = dst.into();
            }
        }
        payload
    }

    pub(super) fn load_global(&mut self, global: GlobalId) -> Value {
        let ty = self.lower.program.global(global).ty;
        let first = self.lower.first_global[global.index()];
        let mut value = Value::UNIT;
        for (offset, word) in self.layout(ty).words.iter().enumerate() {
            let dst = self.reg(*word);
            self.push(Op::GlobalGet { dst, global: first + offset as u32 });
            value.push(dst.into());
        }
        value
    }

    /// `place = value`
    pub(super) fn assign(&mut self, place: ExprId, value: ExprId) {
        let Some(target) = self.expr(place) else { return };
        match &target.kind {
            ExprKind::Local(local) => match self.vars[local.index()].clone() {
                Some(Var::Regs(regs)) if regs.len() == 1 => self.value_into(value, &regs),
                _ => {
                    let value = self.value(value);
                    self.store_local(*local, value);
                }
            },
            ExprKind::Global(global) => {
                let value = self.value(value);
                let first = self.lower.first_global[global.index()];
                for (offset, src) in value.words().iter().enumerate() {
                    self.push(Op::GlobalSet { global: first + offset as u32, src: *src });
                }
            }
            ExprKind::ForeignVar(id) => {
                let value = self.value(value).single();
                self.store_foreign(*id, value);
            }
            ExprKind::Field(object, field) => {
                let ty = self.ty(*object);
                let values = self.values(&[*object, value]);
                if let Some(id) = self.lower.extern_struct(ty) {
                    return self.store_extern_field(id, values[0].single(), *field, values[1].single());
                }
                let parts = self.lower.object_parts(ty);
                let Some(part) = parts.get(*field as usize) else { return };
                for (offset, src) in values[1].words().iter().enumerate() {
                    let field = part.at + offset as u16;
                    self.push(Op::FieldSet { object: values[0].single(), src: *src, field });
                }
            }
            ExprKind::Index(array, index) => {
                let element = self.element_type(*array);
                let values = self.values(&[*array, *index, value]);
                // A bad index is reported at the place, not at the whole assignment.
                let saved = self.at;
                self.at(target.span);
                self.set_element(element, values[0].single(), values[1].single(), values[2]);
                self.at = saved;
            }
            _ => {}
        }
    }
}

/// The words of a part.
pub(super) fn slice(value: Value, part: Part) -> Value {
    let (at, len) = (part.at as usize, part.len as usize);
    Value::of(value.words().get(at..at + len).unwrap_or_default())
}

//! Extern structs: objects that hold an array of bytes, which lie as C has them. Fields are read and written in place there.

use std::rc::Rc;

use lang_bytecode::{CScalar, RegType};

use super::Lower;
use super::builder::Builder;
use super::foreign::scalar;
use super::value::Value;
use crate::hir::{StructId, Ty, TyKind};
use crate::ir::{Op, Operand};

/// How a struct lies in C's memory.
#[derive(Debug)]
pub(super) struct CStruct {
    /// Its bytes.
    pub(super) size: u32,
    /// Its alignment.
    pub(super) align: u32,
    pub(super) fields: Vec<CField>,
}

/// A field of such a struct.
#[derive(Clone, Copy, Debug)]
pub(super) struct CField {
    at: u32,
    kind: CKind,
}

#[derive(Clone, Copy, Debug)]
enum CKind {
    Scalar(CScalar),
    /// Another struct, of this type.
    Struct(StructId, Ty),
    /// So many scalars; the array's type.
    Array(CScalar, u32, Ty),
}

impl Lower<'_> {
    /// The extern struct that a type is.
    pub(super) fn extern_struct(&self, ty: Ty) -> Option<StructId> {
        match self.types.kind(ty) {
            TyKind::Struct(id, _) if self.program.struct_(id).is_extern => Some(id),
            _ => None,
        }
    }

    /// How an extern struct lies in memory.
    pub(super) fn c_struct(&mut self, id: StructId) -> Rc<CStruct> {
        if let Some(known) = self.c_structs.get(&id) {
            return known.clone();
        }
        let program = self.program;
        let mut made = CStruct { size: 0, align: 1, fields: Vec::new() };
        for field in &program.struct_(id).fields {
            let (kind, size, align) = self.c_field(field.ty, field.fixed);
            let at = made.size.next_multiple_of(align);
            made.size = at.saturating_add(size);
            made.align = made.align.max(align);
            made.fields.push(CField { at, kind });
        }
        made.size = made.size.next_multiple_of(made.align);
        let made = Rc::new(made);
        self.c_structs.insert(id, made.clone());
        made
    }

    /// What a field is, its bytes and its alignment.
    fn c_field(&mut self, ty: Ty, fixed: Option<u32>) -> (CKind, u32, u32) {
        match self.types.kind(ty) {
            TyKind::Struct(id, _) => {
                let inner = self.c_struct(id);
                (CKind::Struct(id, ty), inner.size, inner.align)
            }
            TyKind::Array(element) => {
                let scalar = scalar(self.types.kind(element)).unwrap_or(CScalar::I64);
                let count = fixed.unwrap_or(1);
                (CKind::Array(scalar, count, ty), scalar.bytes() * count, scalar.bytes())
            }
            kind => {
                let scalar = scalar(kind).unwrap_or(CScalar::I64);
                (CKind::Scalar(scalar), scalar.bytes(), scalar.bytes())
            }
        }
    }

    /// The scalars of a struct that begins at `at`, with those of structs and arrays within.
    pub(super) fn c_scalars(&mut self, of: &CStruct, at: u32, out: &mut Vec<(u32, CScalar)>) {
        for field in &of.fields {
            let at = at + field.at;
            match field.kind {
                CKind::Scalar(scalar) => out.push((at, scalar)),
                CKind::Struct(id, _) => {
                    let inner = self.c_struct(id);
                    self.c_scalars(&inner, at, out);
                }
                CKind::Array(scalar, count, _) => {
                    out.extend((0..count).map(|index| (at + index * scalar.bytes(), scalar)));
                }
            }
        }
    }
}

impl Builder<'_, '_> {
    /// A new struct with these fields.
    pub(super) fn new_extern_struct(&mut self, id: StructId, ty: Ty, values: &[Value]) -> Value {
        let of = self.lower.c_struct(id);
        let bytes = self.zeroed(Ty::BYTES, of.size);
        for (field, value) in of.fields.iter().zip(values) {
            self.store_in(bytes, *field, value.single());
        }
        self.wrap_bytes(ty, bytes)
    }

    /// A field of a struct: a copy of it, where it is a struct or an array.
    pub(super) fn load_extern_field(&mut self, id: StructId, object: Operand, field: u32) -> Value {
        let of = self.lower.c_struct(id);
        let Some(field) = of.fields.get(field as usize).copied() else { return Value::UNIT };
        let from = self.bytes_of(object);
        let at = self.int(i64::from(field.at));
        let (int, bytes) = (RegType::Int, self.bytes_register());
        match field.kind {
            CKind::Scalar(scalar) => {
                let args = [(from, bytes), (at, int), (Operand::Int(scalar as i32), int)];
                match scalar.is_float() {
                    true => self.native("c_get_float", &args, &[RegType::Float]),
                    false => self.native("c_get_int", &args, &[int]),
                }
            }
            CKind::Struct(id, ty) => {
                let size = self.lower.c_struct(id).size;
                let copy = self.zeroed(Ty::BYTES, size);
                self.copy_bytes(copy, Operand::Int(0), from, at, size);
                self.wrap_bytes(ty, copy)
            }
            CKind::Array(_, count, ty) => {
                let copy = self.zeroed(ty, count);
                let register = RegType::Ref(self.lower.heap_type(ty));
                self.native("c_get_array", &[(copy, register), (from, bytes), (at, int)], &[]);
                Value::one(copy)
            }
        }
    }

    /// Writes a field of a struct.
    pub(super) fn store_extern_field(&mut self, id: StructId, object: Operand, field: u32, value: Operand) {
        let of = self.lower.c_struct(id);
        let Some(field) = of.fields.get(field as usize).copied() else { return };
        let bytes = self.bytes_of(object);
        self.store_in(bytes, field, value);
    }

    fn store_in(&mut self, to: Operand, field: CField, value: Operand) {
        let at = self.int(i64::from(field.at));
        let (int, bytes) = (RegType::Int, self.bytes_register());
        match field.kind {
            CKind::Scalar(scalar) => {
                let (name, word) = match scalar.is_float() {
                    true => ("c_set_float", RegType::Float),
                    false => ("c_set_int", int),
                };
                let kind = Operand::Int(scalar as i32);
                self.native(name, &[(to, bytes), (at, int), (kind, int), (value, word)], &[]);
            }
            CKind::Struct(id, _) => {
                let size = self.lower.c_struct(id).size;
                let from = self.bytes_of(value);
                self.copy_bytes(to, at, from, Operand::Int(0), size);
            }
            CKind::Array(_, count, ty) => {
                let register = RegType::Ref(self.lower.heap_type(ty));
                let count = self.int(i64::from(count));
                self.native("c_set_array", &[(value, register), (to, bytes), (at, int), (count, int)], &[]);
            }
        }
    }

    fn copy_bytes(&mut self, to: Operand, to_at: Operand, from: Operand, from_at: Operand, count: u32) {
        let (int, bytes) = (RegType::Int, self.bytes_register());
        let count = self.int(i64::from(count));
        let args = [(to, bytes), (to_at, int), (from, bytes), (from_at, int), (count, int)];
        self.native("c_copy", &args, &[]);
    }

    fn bytes_register(&mut self) -> RegType {
        RegType::Ref(self.lower.heap_type(Ty::BYTES))
    }

    /// The bytes that an object holds.
    fn bytes_of(&mut self, object: Operand) -> Operand {
        let ty = self.bytes_register();
        let dst = self.reg(ty);
        self.push(Op::FieldGet { dst, object, field: 0, constant: true });
        dst.into()
    }

    /// An array of so many zeros.
    fn zeroed(&mut self, ty: Ty, count: u32) -> Operand {
        let of = self.lower.heap_type(ty);
        let dst = self.reg(RegType::Ref(of));
        let element = match self.lower.types.kind(ty) {
            TyKind::Array(element) => self.element_word(element),
            _ => RegType::Int,
        };
        let (count, zero) = (self.int(i64::from(count)), self.nothing(element));
        let args = self.f.add_list([count, zero]);
        self.push(Op::ArrayFilled { dst, of, args });
        dst.into()
    }

    fn wrap_bytes(&mut self, ty: Ty, bytes: Operand) -> Value {
        let of = self.lower.heap_type(ty);
        let dst = self.reg(RegType::Ref(of));
        let args = self.f.add_list([bytes]);
        self.push(Op::New { dst, of, args });
        Value::one(dst)
    }
}

//! In a session: what types and globals are known by from one program to the next.
//!
//! A type is its construction, in which each declaration stands by its place in the source; two programs of a session that hold the
//! same declaration thus agree. Closures have no keys, because each belongs to its program's function.

use super::Lower;
use crate::hir::{Ty, TyKind, TyList};
use crate::ir::{Key, KeyPart};
use crate::source::Span;

impl Lower<'_> {
    /// Gives types and globals their keys.
    pub(super) fn name_parts(&mut self) {
        let mut types = Vec::new();
        for (&ty, &id) in &self.heap_types {
            let key = self.key("", ty);
            if let TyKind::Enum(of, _) = self.types.kind(ty) {
                for variant in 0..self.program.enum_(of).variants.len() as u32 {
                    let mut own = key.clone();
                    own.push(KeyPart::Text(format!("/{variant}")));
                    types.push((lang_bytecode::TypeId(id.0 + 1 + variant), own));
                }
            }
            types.push((id, key));
        }
        types.extend(self.boxes.iter().map(|(&ty, &id)| (id, self.key("box ", ty))));
        types.extend(self.cells.iter().map(|(&ty, &id)| (id, self.key("cell ", ty))));
        types.sort_unstable_by_key(|(id, _)| *id);
        self.out.keys.types = types;
        let mut globals = Vec::new();
        for (index, global) in self.program.globals.iter().enumerate() {
            let words = self.layout(global.ty).words.len() as u32;
            let first = self.first_global[index];
            globals.extend((0..words).map(|word| (first + word, global.span, word)));
        }
        self.out.keys.globals = globals;
    }

    fn key(&self, prefix: &str, ty: Ty) -> Key {
        let mut key = vec![KeyPart::Text(prefix.to_owned())];
        self.add_type(ty, &mut key);
        key
    }

    fn add_type(&self, ty: Ty, key: &mut Key) {
        match self.types.kind(ty) {
            TyKind::Array(part) => self.add_all("array", &[part], key),
            TyKind::Pointer(part) => self.add_all("pointer", &[part], key),
            TyKind::FixedArray(part, count) => self.add_all(&format!("array {count}"), &[part], key),
            TyKind::Tuple(parts) => self.add_list("tuple", parts, key),
            TyKind::Fn(params, result) => {
                self.add_list("fn", params, key);
                self.add_all("to", &[result], key);
            }
            TyKind::Struct(id, args) => {
                self.add_declared("struct", self.program.struct_(id).span, id.0, args, key);
            }
            TyKind::Enum(id, args) => {
                self.add_declared("enum", self.program.enum_(id).span, id.0, args, key);
            }
            TyKind::Dyn(id, args) => {
                self.add_declared("trait", self.program.trait_(id).span, id.0, args, key);
            }
            other => key.push(KeyPart::Text(format!("{other:?}"))),
        }
    }

    /// A declaration by its place; the built-in ones have none, and fixed numbers.
    fn add_declared(&self, what: &str, span: Span, number: u32, args: TyList, key: &mut Key) {
        key.push(KeyPart::Text(format!("{what} ")));
        key.push(match span == Span::default() {
            true => KeyPart::Text(number.to_string()),
            false => KeyPart::Place(span),
        });
        self.add_list("", args, key);
    }

    fn add_list(&self, what: &str, list: TyList, key: &mut Key) {
        self.add_all(what, self.types.list(list), key);
    }

    fn add_all(&self, what: &str, parts: &[Ty], key: &mut Key) {
        key.push(KeyPart::Text(format!("{what}(")));
        for part in parts {
            self.add_type(*part, key);
            key.push(KeyPart::Text(",".to_owned()));
        }
        key.push(KeyPart::Text(")".to_owned()));
    }
}

//! Values as a trace shows them: short, and without addresses, so that two runs of a program give the same text.

use lang_bytecode::{Module, RegType, Storage, TypeDef, Width};

use super::{Name, Site};
use crate::heap::{Array, Layouts, Shape, read, size_of, str_bytes, type_of};
use crate::natives::float_text;

/// Characters of a string that are shown.
const MOST_TEXT: usize = 40;
/// Elements and fields that are shown.
const MOST_PARTS: usize = 6;
/// How far objects in objects are shown.
const DEEPEST: usize = 2;

/// What is needed to tell what a value is.
pub(super) struct Values<'m> {
    pub(super) module: &'m Module,
    pub(super) layouts: &'m Layouts,
}

impl Values<'_> {
    /// The values of a site, with their names where it shows an instruction.
    ///
    /// # Safety
    /// Each lies in its slot at `base`; references are to live objects of this module's types.
    pub(super) unsafe fn list(&self, site: &Site, base: *const u64) -> String {
        let mut text = String::new();
        for (number, shown) in site.values.iter().enumerate() {
            if number > 0 {
                text += ", ";
            }
            match shown.name {
                _ if site.of_calls => {}
                Name::Register(number) => text += &format!("r{number} = "),
                Name::Out(number) => text += &format!("a{number} = "),
            }
            // SAFETY: as promised by the caller.
            unsafe { self.show(&mut text, shown.ty, *base.add(shown.slot as usize), 0) };
        }
        text
    }

    /// # Safety
    /// The word is of the type; a reference is to a live object of this module's types.
    unsafe fn show(&self, text: &mut String, ty: RegType, word: u64, depth: usize) {
        match ty {
            RegType::Int => *text += &(word as i64).to_string(),
            RegType::Float => *text += float_text(f64::from_bits(word)).as_str(),
            RegType::Ref(_) | RegType::RefNull(_) if word == 0 => *text += "null",
            // SAFETY: as promised by the caller.
            RegType::Ref(_) | RegType::RefNull(_) => unsafe { self.show_object(text, word, depth) },
        }
    }

    /// # Safety
    /// The word is the address of a live object of this module's types.
    unsafe fn show_object(&self, text: &mut String, object: u64, depth: usize) {
        // SAFETY: as promised by the caller, and the layout is the object's.
        unsafe {
            let id = type_of(object);
            let layout = self.layouts.get(id);
            match layout.shape {
                Shape::Str => show_text(text, str_bytes(object)),
                Shape::Array(Storage::Narrow(Width::U8)) => {
                    let array = &*(object as *const Array);
                    show_bytes(text, std::slice::from_raw_parts(array.data, array.len));
                }
                Shape::Array(storage) => {
                    let array = &*(object as *const Array);
                    let part =
                        |index: usize| (storage, array.data.cast_const().add(index * size_of(storage)));
                    text.push('[');
                    self.show_parts(text, array.len, depth, part);
                    text.push(']');
                }
                Shape::Object | Shape::Abstract => {
                    *text += self.name_of(&self.module.types[id.0 as usize]);
                    if !layout.fields.is_empty() {
                        let fields = &layout.fields;
                        let part = |index: usize| {
                            (fields[index].storage, (object as *const u8).add(fields[index].offset))
                        };
                        text.push('(');
                        self.show_parts(text, fields.len(), depth, part);
                        text.push(')');
                    }
                }
            }
        }
    }

    /// Shows the first elements or fields, and says that there are more.
    ///
    /// # Safety
    /// At the places that `part` gives lie values of these storage types; references are to live objects.
    unsafe fn show_parts(
        &self,
        text: &mut String,
        count: usize,
        depth: usize,
        part: impl Fn(usize) -> (Storage, *const u8),
    ) {
        let shown = if depth < DEEPEST { count.min(MOST_PARTS) } else { 0 };
        for index in 0..shown {
            if index > 0 {
                *text += ", ";
            }
            let (storage, place) = part(index);
            // SAFETY: as promised by the caller.
            unsafe { self.show(text, storage.register(), read(storage, place), depth + 1) };
        }
        match count {
            _ if shown == count => {}
            _ if shown == 0 => text.push('…'),
            _ => *text += &format!(", … {count} in all"),
        }
    }

    /// What an object of a type is called.
    fn name_of<'t>(&'t self, def: &'t TypeDef) -> &'t str {
        match def {
            TypeDef::Struct { name, .. }
            | TypeDef::Enum { name, .. }
            | TypeDef::Variant { name, .. }
            | TypeDef::Trait { name, .. } => name,
            TypeDef::Closure { function, .. } => &self.module.functions[function.0 as usize].name,
            TypeDef::Str | TypeDef::Array(_) | TypeDef::Function(_) => "",
        }
    }
}

fn show_text(text: &mut String, bytes: &[u8]) {
    // A character has at most four bytes, and one may be cut at the end.
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(4 * MOST_TEXT + 4)]);
    match head.char_indices().nth(MOST_TEXT) {
        None => *text += &format!("{head:?}"),
        Some((end, _)) => *text += &format!("{:?}… {} bytes in all", &head[..end], bytes.len()),
    }
}

/// An array of bytes is mostly text on its way.
fn show_bytes(text: &mut String, bytes: &[u8]) {
    let head = bytes[..bytes.len().min(MOST_TEXT)].escape_ascii();
    *text += &format!("b\"{head}\"");
    if bytes.len() > MOST_TEXT {
        *text += &format!("… {} bytes in all", bytes.len());
    }
}

//! Where the fields of each type lie: computed once, when a module is loaded.

use lang_bytecode::{Field, Storage, TypeDef, TypeId};

use super::object::{FIELDS_AT, Header};
use super::storage::size_of;

/// What an object of a type consists of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shape {
    /// A string.
    Str,
    /// An array, with how its elements lie.
    Array(Storage),
    /// An object with fields.
    Object,
    /// A type that no object has exactly: enums, function types, traits.
    Abstract,
}

/// A field's place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FieldAt {
    /// Distance in bytes from the object's address.
    pub offset: usize,
    /// How it lies there.
    pub storage: Storage,
}

/// How objects of one type lie in memory.
#[derive(Clone, Debug)]
pub struct Layout {
    /// The word that every object of this type begins with.
    pub header: Header,
    /// The size in bytes of an object with fields, header included; a multiple of eight.
    pub size: usize,
    /// What the object consists of.
    pub shape: Shape,
    /// The fields, in declared order.
    pub fields: Box<[FieldAt]>,
    /// The offsets of the fields that hold references.
    pub references: Box<[usize]>,
}

/// The layouts of all types of a module.
#[derive(Clone, Debug, Default)]
pub struct Layouts {
    types: Vec<Layout>,
}

impl Layouts {
    /// Lays out the types of a module.
    pub fn new(types: &[TypeDef]) -> Layouts {
        let mut layouts = Layouts::default();
        layouts.extend(types, types.len());
        layouts
    }

    /// Lays out the types that were appended to a module; `types` are all of them.
    pub fn append(&mut self, types: &[TypeDef]) {
        self.extend(types, types.len());
    }

    fn extend(&mut self, types: &[TypeDef], count: usize) {
        let tags = tags(types);
        for index in self.types.len()..count {
            let id = TypeId(index as u32);
            self.types.push(match &types[index] {
                TypeDef::Str => plain(Header::new(id, 0), Shape::Str),
                TypeDef::Array(storage) => plain(Header::new(id, 0), Shape::Array(*storage)),
                TypeDef::Struct { fields, .. } => object(Header::new(id, 0), fields),
                TypeDef::Variant { fields, .. } => object(Header::new(id, tags[index]), fields),
                TypeDef::Closure { captures, function, .. } => object(Header::new(id, function.0), captures),
                TypeDef::Enum { .. } | TypeDef::Function(_) | TypeDef::Trait { .. } => {
                    plain(Header::new(id, 0), Shape::Abstract)
                }
            });
        }
    }

    /// The layout of a type.
    #[inline]
    pub fn get(&self, id: TypeId) -> &Layout {
        &self.types[id.0 as usize]
    }

    /// How many types there are.
    pub fn len(&self) -> usize {
        self.types.len()
    }

    /// Whether there are no types.
    pub fn is_empty(&self) -> bool {
        self.types.is_empty()
    }

    /// How the elements of an array type lie; 64-bit integers where the type is no array.
    #[inline]
    pub fn element(&self, id: TypeId) -> Storage {
        match self.get(id).shape {
            Shape::Array(storage) => storage,
            _ => Storage::I64,
        }
    }
}

/// Each variant's number in its enum, by type.
fn tags(types: &[TypeDef]) -> Vec<u32> {
    let mut tags = vec![0; types.len()];
    for ty in types {
        if let TypeDef::Enum { variants, .. } = ty {
            for (tag, variant) in variants.iter().enumerate() {
                if let Some(slot) = tags.get_mut(variant.0 as usize) {
                    *slot = tag as u32;
                }
            }
        }
    }
    tags
}

fn plain(header: Header, shape: Shape) -> Layout {
    Layout { header, size: 0, shape, fields: Box::default(), references: Box::default() }
}

/// Places fields in declared order, each aligned to its size.
fn object(header: Header, fields: &[Field]) -> Layout {
    let mut end = FIELDS_AT;
    let mut placed = Vec::with_capacity(fields.len());
    let mut references = Vec::new();
    for field in fields {
        let size = size_of(field.storage);
        let offset = end.next_multiple_of(size);
        if matches!(field.storage, Storage::Ref(_) | Storage::RefNull(_)) {
            references.push(offset);
        }
        placed.push(FieldAt { offset, storage: field.storage });
        end = offset + size;
    }
    Layout {
        header,
        size: end.next_multiple_of(8),
        shape: Shape::Object,
        fields: placed.into_boxed_slice(),
        references: references.into_boxed_slice(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lang_bytecode::Width;

    fn field(storage: Storage) -> Field {
        Field { name: "f".to_string(), storage, mutable: false }
    }

    #[test]
    fn fields_are_aligned_in_declared_order() {
        let fields = vec![
            field(Storage::Narrow(Width::U8)),
            field(Storage::Narrow(Width::I32)),
            field(Storage::Ref(TypeId::STR)),
            field(Storage::Narrow(Width::U16)),
        ];
        let layouts = Layouts::new(&[TypeDef::Str, TypeDef::Struct { name: "S".to_string(), fields }]);
        let layout = layouts.get(TypeId(1));
        assert_eq!(layout.fields.iter().map(|f| f.offset).collect::<Vec<_>>(), [8, 12, 16, 24]);
        assert_eq!(layout.size, 32);
        assert_eq!(*layout.references, [16]);
    }

    #[test]
    fn variants_know_their_number() {
        let variant = |of| TypeDef::Variant { name: "V".to_string(), of: TypeId(of), fields: vec![] };
        let types = [
            TypeDef::Str,
            TypeDef::Enum { name: "E".to_string(), variants: vec![TypeId(2), TypeId(3)] },
            variant(1),
            variant(1),
        ];
        let layouts = Layouts::new(&types);
        assert_eq!(layouts.get(TypeId(2)).header.info(), 0);
        assert_eq!(layouts.get(TypeId(3)).header.info(), 1);
    }
}

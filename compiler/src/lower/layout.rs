//! How values of each type are represented: as which words in registers, and as which fields and elements on the heap.
//!
//! A value takes at most [`MAX_WORDS`] registers; what would take more is an object on the heap.

use std::rc::Rc;

use lang_bytecode::{RegType, Storage, TypeId, Width};

use super::Lower;
use crate::hir::{self, EnumId, StructId, Ty, TyKind, TyList};

/// The most registers that a value takes.
pub(super) const MAX_WORDS: usize = 4;

/// The representation of a type.
#[derive(Debug)]
pub(super) struct Layout {
    /// Its words in registers.
    pub(super) words: Vec<RegType>,
    /// How they are to be read.
    pub(super) kind: Kind,
}

/// The forms of representations.
#[derive(Debug)]
pub(super) enum Kind {
    /// No word: unit, never, structs without fields.
    Unit,
    /// One word that is the value itself: numbers, bare enums, and references that are not looked into here.
    Scalar,
    /// A tuple or struct in registers.
    Inline(Vec<Part>),
    /// A tuple or struct on the heap.
    Object(TypeId),
    /// An option of a reference: null is `None`.
    NullOption(Ty),
    /// An option or result in registers: the tag, then the parts of each variant.
    Tagged(Vec<Vec<Part>>),
    /// An enum on the heap.
    Enum(TypeId),
}

/// A part of a value that has several.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Part {
    /// Its type.
    pub(super) ty: Ty,
    /// Where its words begin: a place among the words of the whole, or the number of its first field.
    pub(super) at: u16,
    /// How many words it has.
    pub(super) len: u16,
    /// Whether it may be assigned.
    pub(super) mutable: bool,
}

impl Layout {
    fn new(words: Vec<RegType>, kind: Kind) -> Layout {
        Layout { words, kind }
    }

    fn scalar(word: RegType) -> Layout {
        Layout::new(vec![word], Kind::Scalar)
    }
}

/// The type of a register that may also hold nothing.
pub(super) fn nullable(word: RegType) -> RegType {
    match word {
        RegType::Ref(id) => RegType::RefNull(id),
        other => other,
    }
}

fn nullable_storage(storage: Storage) -> Storage {
    match storage {
        Storage::Ref(id) => Storage::RefNull(id),
        other => other,
    }
}

impl Lower<'_> {
    /// The representation of a type without type parameters.
    pub(super) fn layout(&mut self, ty: Ty) -> Rc<Layout> {
        if let Some(Some(layout)) = self.layouts.get(ty.index()) {
            return layout.clone();
        }
        let layout = Rc::new(self.make_layout(ty));
        if self.layouts.len() <= ty.index() {
            self.layouts.resize(self.types.len().max(ty.index() + 1), None);
        }
        self.layouts[ty.index()] = Some(layout.clone());
        layout
    }

    fn make_layout(&mut self, ty: Ty) -> Layout {
        match self.types.kind(ty) {
            TyKind::Unit | TyKind::Never | TyKind::Error | TyKind::Infer(_) | TyKind::Param(_) => {
                Layout::new(Vec::new(), Kind::Unit)
            }
            TyKind::Float | TyKind::Storage(hir::Storage::F32) => Layout::scalar(RegType::Float),
            TyKind::Bool | TyKind::Int | TyKind::Char | TyKind::Ptr | TyKind::Storage(_) => {
                Layout::scalar(RegType::Int)
            }
            TyKind::Str | TyKind::CStr => Layout::scalar(RegType::Ref(TypeId::STR)),
            TyKind::Array(_)
            | TyKind::Fn(..)
            | TyKind::Dyn(..)
            | TyKind::Pointer(_)
            | TyKind::FixedArray(..) => Layout::scalar(RegType::Ref(self.heap_type(ty))),
            TyKind::Tuple(parts) => {
                let parts: Vec<(Ty, bool)> =
                    self.types.list(parts).iter().map(|part| (*part, false)).collect();
                self.aggregate(ty, &parts)
            }
            TyKind::Struct(id, args) => {
                if self.is_object(id, args) {
                    return Layout::new(
                        vec![RegType::Ref(self.heap_type(ty))],
                        Kind::Object(self.heap_type(ty)),
                    );
                }
                let fields = self.struct_fields(id, args);
                self.aggregate(ty, &fields)
            }
            TyKind::Enum(id, args) => self.enum_layout(ty, id, args),
        }
    }

    /// A tuple or a struct that needs no identity: in registers, if it is small enough.
    fn aggregate(&mut self, ty: Ty, parts: &[(Ty, bool)]) -> Layout {
        let mut words = Vec::new();
        let parts = self.parts(parts, |word| words.push(word));
        if words.len() > MAX_WORDS {
            let id = self.heap_type(ty);
            return Layout::new(vec![RegType::Ref(id)], Kind::Object(id));
        }
        if words.is_empty() {
            return Layout::new(words, Kind::Unit);
        }
        Layout::new(words, Kind::Inline(parts))
    }

    /// Lays parts out one after the other.
    pub(super) fn parts(&mut self, types: &[(Ty, bool)], mut word: impl FnMut(RegType)) -> Vec<Part> {
        let mut at = 0;
        let mut parts = Vec::with_capacity(types.len());
        for &(ty, mutable) in types {
            let layout = self.layout(ty);
            let len = layout.words.len() as u16;
            layout.words.iter().for_each(|w| word(*w));
            parts.push(Part { ty, at, len, mutable });
            at += len;
        }
        parts
    }

    fn enum_layout(&mut self, ty: Ty, id: EnumId, args: TyList) -> Layout {
        if id == EnumId::OPTION
            && let Some(payload) = self.types.option_payload(ty)
            && let [RegType::Ref(of)] = self.layout(payload).words[..]
        {
            return Layout::new(vec![RegType::RefNull(of)], Kind::NullOption(payload));
        }
        if self.program.enum_(id).is_bare() && id != EnumId::OPTION && id != EnumId::RESULT {
            return Layout::scalar(RegType::Int);
        }
        if id == EnumId::OPTION || id == EnumId::RESULT {
            let mut words = vec![RegType::Int];
            let mut variants = Vec::new();
            for fields in self.variant_fields(id, args) {
                let first = words.len() as u16;
                let mut parts = self.parts(&fields, |word| words.push(nullable(word)));
                parts.iter_mut().for_each(|part| part.at += first);
                variants.push(parts);
            }
            if words.len() <= MAX_WORDS {
                return Layout::new(words, Kind::Tagged(variants));
            }
        }
        let heap = self.heap_type(ty);
        Layout::new(vec![RegType::Ref(heap)], Kind::Enum(heap))
    }

    /// The types of a struct's fields, and whether they may be assigned.
    pub(super) fn struct_fields(&mut self, id: StructId, args: TyList) -> Vec<(Ty, bool)> {
        let program = self.program;
        let args = self.types.list(args).to_vec();
        let fields = &program.struct_(id).fields;
        fields.iter().map(|field| (self.types.subst(field.ty, &args), field.mutable)).collect()
    }

    /// The types of the fields of an enum's variants.
    pub(super) fn variant_fields(&mut self, id: EnumId, args: TyList) -> Vec<Vec<(Ty, bool)>> {
        let program = self.program;
        let args = self.types.list(args).to_vec();
        let variants = &program.enum_(id).variants;
        let fields = |lower: &mut Self, variant: &hir::Variant| {
            variant.fields.iter().map(|field| (lower.types.subst(field.ty, &args), false)).collect()
        };
        variants.iter().map(|variant| fields(self, variant)).collect()
    }

    /// Whether a struct is always on the heap: it can be assigned to, or contains itself.
    fn is_object(&mut self, id: StructId, args: TyList) -> bool {
        let item = self.program.struct_(id);
        if item.is_extern || item.fields.iter().any(|field| field.mutable) {
            return true;
        }
        if let Some(&known) = self.objects.get(&(id, args)) {
            return known;
        }
        let mut seen = Vec::new();
        let fields = self.struct_fields(id, args);
        let recursive = fields.iter().any(|(ty, _)| self.contains(*ty, id, &mut seen));
        self.objects.insert((id, args), recursive);
        recursive
    }

    /// Whether a value of `ty` would hold one of the struct within its own words.
    fn contains(&mut self, ty: Ty, target: StructId, seen: &mut Vec<Ty>) -> bool {
        if seen.contains(&ty) {
            return false;
        }
        seen.push(ty);
        // A type that grows without end (`struct S<T> { x: S<(T, T)>? }`) is taken as recursive.
        if seen.len() > 200 {
            return true;
        }
        let parts: Vec<Ty> = match self.types.kind(ty) {
            TyKind::Tuple(parts) => self.types.list(parts).to_vec(),
            TyKind::Struct(id, _) if id == target => return true,
            TyKind::Struct(id, args) => {
                let item = self.program.struct_(id);
                if item.is_extern || item.fields.iter().any(|field| field.mutable) {
                    return false;
                }
                self.struct_fields(id, args).into_iter().map(|(ty, _)| ty).collect()
            }
            TyKind::Enum(EnumId::OPTION | EnumId::RESULT, args) => self.types.list(args).to_vec(),
            _ => return false,
        };
        parts.into_iter().any(|part| self.contains(part, target, seen))
    }

    /// How the words of a type lie in memory.
    pub(super) fn storages(&mut self, ty: Ty) -> Vec<Storage> {
        let layout = self.layout(ty);
        match &layout.kind {
            Kind::Unit => Vec::new(),
            Kind::Inline(parts) => {
                let parts = parts.clone();
                parts.iter().flat_map(|part| self.storages(part.ty)).collect()
            }
            Kind::Tagged(variants) => {
                let mut out = vec![Storage::Narrow(Width::U8)];
                for part in variants.clone().iter().flatten() {
                    out.extend(self.storages(part.ty).into_iter().map(nullable_storage));
                }
                out
            }
            Kind::Scalar => vec![self.scalar_storage(ty, layout.words[0])],
            Kind::Object(_) | Kind::NullOption(_) | Kind::Enum(_) => vec![storage_of(layout.words[0])],
        }
    }

    fn scalar_storage(&mut self, ty: Ty, word: RegType) -> Storage {
        match self.types.kind(ty) {
            TyKind::Bool => Storage::Narrow(Width::U8),
            TyKind::Char => Storage::Narrow(Width::U32),
            TyKind::Storage(storage) => match width(storage) {
                Some(width) => Storage::Narrow(width),
                None if storage == hir::Storage::F32 => Storage::F32,
                None => Storage::I64,
            },
            TyKind::Enum(id, _) => match self.program.enum_(id).variants.len() {
                0..=256 => Storage::Narrow(Width::U8),
                257..=65_536 => Storage::Narrow(Width::U16),
                _ => Storage::I64,
            },
            _ => storage_of(word),
        }
    }

    /// How the elements of an array lie in memory: several words are one object.
    pub(super) fn element_storage(&mut self, element: Ty) -> Storage {
        match self.storages(element)[..] {
            [one] => one,
            [] => Storage::Narrow(Width::U8),
            _ => Storage::Ref(self.box_type(element)),
        }
    }
}

/// The integer width of a storage type, if it is one narrower than `int`.
pub(super) fn width(storage: hir::Storage) -> Option<Width> {
    Some(match storage {
        hir::Storage::U8 => Width::U8,
        hir::Storage::U16 => Width::U16,
        hir::Storage::U32 => Width::U32,
        hir::Storage::I8 => Width::I8,
        hir::Storage::I16 => Width::I16,
        hir::Storage::I32 => Width::I32,
        hir::Storage::F32 | hir::Storage::U64 | hir::Storage::Usize | hir::Storage::Isize => return None,
    })
}

fn storage_of(word: RegType) -> Storage {
    match word {
        RegType::Int => Storage::I64,
        RegType::Float => Storage::F64,
        RegType::Ref(id) => Storage::Ref(id),
        RegType::RefNull(id) => Storage::RefNull(id),
    }
}

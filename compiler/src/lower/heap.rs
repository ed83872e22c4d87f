//! The heap types of the program: numbered when they are first met, defined later, since they may hold each other.

use std::rc::Rc;

use lang_bytecode::{Field, RegType, Signature, Storage, TypeDef, TypeId};

use super::Lower;
use super::layout::Part;
use crate::diagnostics::{Diagnostic, codes};
use crate::hir::{Ty, TyKind};
use crate::source::Span;

/// A heap type that waits for its definition.
#[derive(Clone, Copy, Debug)]
pub(super) enum Pending {
    /// The heap type of a type of the language.
    Type(Ty, TypeId),
    /// An object that holds the words of a value of this type.
    Box(Ty, TypeId),
}

impl Lower<'_> {
    /// The number of a new heap type; its definition comes later.
    pub(super) fn reserve_type(&mut self) -> TypeId {
        let id = TypeId(self.out.types.len() as u32);
        self.out.types.push(TypeDef::Struct { name: String::new(), fields: Vec::new() });
        id
    }

    /// The heap type of a type whose values are references.
    pub(super) fn heap_type(&mut self, ty: Ty) -> TypeId {
        if let Some(&id) = self.heap_types.get(&ty) {
            return id;
        }
        if self.grows_without_end(ty) {
            return TypeId::STR;
        }
        let id = self.reserve_type();
        self.heap_types.insert(ty, id);
        if let TyKind::Enum(id_, args) = self.types.kind(ty) {
            // The variants follow their enum, so that a variant's type is found by its number.
            let count = self.variant_fields(id_, args).len();
            for _ in 0..count {
                self.reserve_type();
            }
        }
        self.pending.push(Pending::Type(ty, id));
        id
    }

    /// The heap type of a variant of an enum on the heap.
    pub(super) fn variant_type(&mut self, enum_: TypeId, variant: u32) -> TypeId {
        TypeId(enum_.0 + 1 + variant)
    }

    /// The type of an object that holds the words of a value: an element of an array, a cell is another thing.
    pub(super) fn box_type(&mut self, ty: Ty) -> TypeId {
        if let Some(&id) = self.boxes.get(&ty) {
            return id;
        }
        let id = self.reserve_type();
        self.boxes.insert(ty, id);
        self.pending.push(Pending::Box(ty, id));
        id
    }

    /// The type of a cell: an object that holds a captured variable's words.
    pub(super) fn cell_type(&mut self, ty: Ty) -> TypeId {
        if let Some(&id) = self.cells.get(&ty) {
            return id;
        }
        let storages = self.storages(ty);
        let field = |storage| Field { name: "value".into(), storage, mutable: true };
        let fields = storages.into_iter().map(field).collect();
        let id = self.reserve_type();
        self.out.types[id.0 as usize] = TypeDef::Struct { name: "cell".into(), fields };
        self.cells.insert(ty, id);
        id
    }

    /// Where the parts of a tuple or struct on the heap lie: `at` is the number of a field.
    pub(super) fn object_parts(&mut self, ty: Ty) -> Rc<[Part]> {
        if let Some(parts) = self.object_parts.get(&ty) {
            return parts.clone();
        }
        let types: Vec<(Ty, bool)> = match self.types.kind(ty) {
            TyKind::Struct(id, args) => self.struct_fields(id, args),
            TyKind::Tuple(parts) => self.types.list(parts).iter().map(|part| (*part, false)).collect(),
            _ => Vec::new(),
        };
        let parts: Rc<[Part]> = self.parts(&types, |_| {}).into();
        self.object_parts.insert(ty, parts.clone());
        parts
    }

    /// Where the fields of each variant of an enum on the heap lie.
    pub(super) fn variant_parts(&mut self, ty: Ty) -> Rc<[Vec<Part>]> {
        if let Some(parts) = self.variant_parts.get(&ty) {
            return parts.clone();
        }
        let variants = match self.types.kind(ty) {
            TyKind::Enum(id, args) => self.variant_fields(id, args),
            _ => Vec::new(),
        };
        let parts: Rc<[Vec<Part>]> = variants.iter().map(|fields| self.parts(fields, |_| {})).collect();
        self.variant_parts.insert(ty, parts.clone());
        parts
    }

    /// Defines every heap type that was met.
    pub(super) fn define_types(&mut self) {
        while let Some(pending) = self.pending.pop() {
            match pending {
                Pending::Type(ty, id) => self.define(ty, id),
                Pending::Box(ty, id) => {
                    let storages = self.storages(ty);
                    let field = |(n, storage): (usize, Storage)| Field {
                        name: n.to_string(),
                        storage,
                        mutable: false,
                    };
                    let fields = storages.into_iter().enumerate().map(field).collect();
                    let name = self.type_name(ty);
                    self.out.types[id.0 as usize] = TypeDef::Struct { name, fields };
                }
            }
        }
    }

    fn define(&mut self, ty: Ty, id: TypeId) {
        let def = match self.types.kind(ty) {
            TyKind::Array(element) => TypeDef::Array(self.element_storage(element)),
            TyKind::Fn(params, result) => {
                let params = self.types.list(params).to_vec();
                TypeDef::Function(self.signature(&params, result))
            }
            TyKind::Struct(of, _) if self.program.struct_(of).is_extern => {
                let bytes = Storage::Ref(self.heap_type(Ty::BYTES));
                let field = Field { name: "bytes".to_owned(), storage: bytes, mutable: false };
                TypeDef::Struct { name: self.type_name(ty), fields: vec![field] }
            }
            TyKind::Struct(of, _) => {
                let program = self.program;
                let names =
                    program.struct_(of).fields.iter().map(|field| self.names.text(field.name).to_owned());
                let names: Vec<String> = names.collect();
                let parts = self.object_parts(ty);
                TypeDef::Struct { name: self.type_name(ty), fields: self.fields(&parts, &names) }
            }
            TyKind::Tuple(_) => {
                let parts = self.object_parts(ty);
                let names: Vec<String> = (0..parts.len()).map(|n| n.to_string()).collect();
                TypeDef::Struct { name: self.type_name(ty), fields: self.fields(&parts, &names) }
            }
            TyKind::Enum(of, _) => {
                let parts = self.variant_parts(ty);
                let program = self.program;
                let mut variants = Vec::with_capacity(parts.len());
                for (number, (parts, variant)) in parts.iter().zip(&program.enum_(of).variants).enumerate() {
                    let names = variant.fields.iter().map(|field| self.names.text(field.name).to_owned());
                    let names: Vec<String> = names.collect();
                    let fields = self.fields(parts, &names);
                    let name = self.names.text(variant.name).to_owned();
                    let variant = self.variant_type(id, number as u32);
                    self.out.types[variant.0 as usize] = TypeDef::Variant { name, of: id, fields };
                    variants.push(variant);
                }
                TypeDef::Enum { name: self.type_name(ty), variants }
            }
            TyKind::Dyn(..) => self.trait_type(ty),
            _ => return,
        };
        self.out.types[id.0 as usize] = def;
    }

    /// The fields of an object with these parts, one a word.
    fn fields(&mut self, parts: &[Part], names: &[String]) -> Vec<Field> {
        let mut fields = Vec::new();
        for (part, name) in parts.iter().zip(names) {
            let storages = self.storages(part.ty);
            let several = storages.len() > 1;
            for (word, storage) in storages.into_iter().enumerate() {
                let name = if several { format!("{name}.{word}") } else { name.clone() };
                fields.push(Field { name, storage, mutable: part.mutable });
            }
        }
        fields
    }

    /// The words that a function of these types takes and gives.
    pub(super) fn signature(&mut self, params: &[Ty], result: Ty) -> Signature {
        let params: Vec<RegType> = params.iter().flat_map(|ty| self.layout(*ty).words.clone()).collect();
        Signature { params, results: self.layout(result).words.clone() }
    }

    /// A type as a person would write it; a very long one is cut.
    pub(super) fn type_name(&mut self, ty: Ty) -> String {
        if self.extent(ty).size > MAX_NAMED {
            return "…".to_owned();
        }
        crate::hir::type_text(self.program, self.types, self.names, &[], ty)
    }

    /// Whether a type is nested so deeply that only a program that needs ever larger types has it; that is reported.
    pub(super) fn grows_without_end(&mut self, ty: Ty) -> bool {
        let deep = self.extent(ty).depth > MAX_DEPTH;
        if deep && self.errors.is_empty() {
            let message = "the program needs ever larger types: a generic function or struct uses itself with a larger type each time";
            self.errors.push(Diagnostic::new(codes::LIMIT, Span::default(), message));
        }
        deep
    }

    /// How deeply a type is nested, and how many parts it has.
    fn extent(&mut self, ty: Ty) -> Extent {
        if let Some(Some(known)) = self.extents.get(ty.index()) {
            return *known;
        }
        let parts = match self.types.kind(ty) {
            TyKind::Array(part) | TyKind::Pointer(part) | TyKind::FixedArray(part, _) => vec![part],
            TyKind::Tuple(list) | TyKind::Struct(_, list) | TyKind::Enum(_, list) | TyKind::Dyn(_, list) => {
                self.types.list(list).to_vec()
            }
            TyKind::Fn(params, result) => {
                let mut parts = self.types.list(params).to_vec();
                parts.push(result);
                parts
            }
            _ => Vec::new(),
        };
        let mut extent = Extent { depth: 1, size: 1 };
        for part in parts {
            let inner = self.extent(part);
            extent.depth = extent.depth.max(inner.depth + 1);
            extent.size = extent.size.saturating_add(inner.size);
        }
        if self.extents.len() <= ty.index() {
            self.extents.resize(ty.index() + 1, None);
        }
        self.extents[ty.index()] = Some(extent);
        extent
    }
}

/// Types nested deeper than this come from types that grow without end only.
const MAX_DEPTH: u32 = 100;
/// Types of more parts than this are not written out.
const MAX_NAMED: u32 = 200;

/// How large a type is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Extent {
    depth: u32,
    size: u32,
}

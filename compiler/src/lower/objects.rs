//! Trait objects: their tables hold the methods that the program calls through them, for the types that became one.

use lang_bytecode::{FuncId, RegType, Signature, TypeDef, TypeId};

use super::calls::Target;
use super::layout::Kind;
use super::{Lower, Work};
use crate::hir::{TraitId, TraitRef, Ty, TyKind, TyList};

/// A method that is called through a table: the trait with its arguments, and its place there.
type Slot = (TraitId, TyList, u32);

/// The table of a trait object type.
#[derive(Default)]
pub(super) struct Table {
    slots: Vec<Slot>,
    rows: Vec<Row>,
}

/// A type that became a trait object: itself, its object's type, and its functions slot by slot.
#[derive(Clone)]
struct Row {
    ty: Ty,
    object: TypeId,
    functions: Vec<FuncId>,
}

impl Lower<'_> {
    /// The place of a method in the table of a trait object type; the methods of supertraits may be called too.
    pub(super) fn slot(&mut self, object: Ty, of: TraitId, method: u32) -> Option<u32> {
        let args = self.trait_args(object, of)?;
        let slot = (of, args, method);
        self.prepare_table(object);
        let table = self.tables.entry(object).or_default();
        if let Some(place) = table.slots.iter().position(|known| *known == slot) {
            return Some(place as u32);
        }
        table.slots.push(slot);
        let place = table.slots.len() as u32 - 1;
        for index in 0..table.rows.len() {
            let row = self.tables[&object].rows[index].clone();
            let function = self.row_function(&row, slot)?;
            if let Some(table) = self.tables.get_mut(&object) {
                table.rows[index].functions.push(function);
            }
        }
        Some(place)
    }

    /// Gives a trait object type its table. In a session all methods have places in it, since a later program may call any of them on
    /// objects that are made now.
    fn prepare_table(&mut self, object: Ty) {
        self.heap_type(object);
        if !self.in_session || self.tables.contains_key(&object) {
            return;
        }
        let mut slots: Vec<Slot> = Vec::new();
        for of in self.traits_of(object) {
            let methods = self.program.trait_(of.id).methods.iter().zip(0..);
            slots.extend(
                methods.filter(|(item, _)| item.is_virtual).map(|(_, place)| (of.id, of.args, place)),
            );
        }
        self.tables.insert(object, Table { slots, rows: Vec::new() });
    }

    /// The arguments of a trait that a trait object's own trait is or follows from.
    fn trait_args(&mut self, object: Ty, wanted: TraitId) -> Option<TyList> {
        self.traits_of(object).into_iter().find(|of| of.id == wanted).map(|of| of.args)
    }

    /// The trait of a trait object type, and those that it follows from.
    fn traits_of(&mut self, object: Ty) -> Vec<TraitRef> {
        let TyKind::Dyn(id, args) = self.types.kind(object) else { return Vec::new() };
        let mut work = vec![TraitRef { id, args }];
        let mut seen: Vec<TraitRef> = Vec::new();
        while let Some(of) = work.pop() {
            if seen.iter().any(|known| known.id == of.id) {
                continue;
            }
            seen.push(of);
            let mut own = vec![object];
            own.extend_from_slice(self.types.list(of.args));
            for above in &self.program.trait_(of.id).supertraits {
                let args = self.types.subst_list(above.args, &own);
                work.push(TraitRef { id: above.id, args });
            }
        }
        seen
    }

    /// Sees to it that a type is in the table of a trait object type.
    pub(super) fn add_row(&mut self, object: Ty, ty: Ty, inner: TypeId) {
        self.prepare_table(object);
        let table = self.tables.entry(object).or_default();
        if table.rows.iter().any(|row| row.ty == ty) {
            return;
        }
        let slots = table.slots.clone();
        let index = table.rows.len();
        let row = Row { ty, object: inner, functions: Vec::new() };
        table.rows.push(row.clone());
        for slot in slots {
            let Some(function) = self.row_function(&row, slot) else { return };
            if let Some(table) = self.tables.get_mut(&object) {
                table.rows[index].functions.push(function);
            }
        }
    }

    /// The code of a type's method behind a trait object: a value that is no object itself is taken out of its box first.
    fn row_function(&mut self, row: &Row, (of, args, method): Slot) -> Option<FuncId> {
        let callee = match self.method(row.ty, TraitRef { id: of, args }, method, TyList::EMPTY) {
            Target::Function(id, args) => self.instance(id, args),
            Target::Derived(of, method, ty) => self.derived_function(of, method, ty),
            Target::Virtual(of, method) => return self.virtual_function(row, of, args, method),
            Target::Missing => return None,
        };
        let layout = self.layout(row.ty);
        if let Kind::Object(_) = layout.kind {
            return Some(callee);
        }
        let inner = &self.out.functions[callee.0 as usize];
        let mut params = vec![RegType::Ref(row.object)];
        params.extend(inner.regs[layout.words.len()..inner.params as usize].iter().copied());
        let signature = Signature { params, results: inner.results.clone() };
        let name = inner.name.clone();
        let func = self.reserve_function(&name, &signature);
        self.work.push(Work::Unbox(func, row.ty, callee));
        Some(func)
    }

    /// The code of a method for an object of another trait, which calls it through that one's table.
    fn virtual_function(&mut self, row: &Row, of: TraitId, args: TyList, method: u32) -> Option<FuncId> {
        let mut signature = self.method_signature(row.ty, of, args, method);
        *signature.params.first_mut()? = RegType::Ref(row.object);
        let item = self.program.trait_(of).methods[method as usize];
        let trait_name = self.names.text(self.program.trait_(of).name);
        let name = format!("{trait_name}.{}", self.names.text(item.name));
        let func = self.reserve_function(&name, &signature);
        self.work.push(Work::Virtual(func, row.ty, of, method));
        Some(func)
    }

    /// The signature of a trait's method for a type.
    fn method_signature(&mut self, self_ty: Ty, of: TraitId, args: TyList, method: u32) -> Signature {
        let item = self.program.trait_(of).methods[method as usize];
        let function = self.program.function(item.function);
        let mut own = vec![self_ty];
        own.extend_from_slice(self.types.list(args));
        let params: Vec<Ty> = function.params.iter().map(|param| self.types.subst(param.ty, &own)).collect();
        let result = self.types.subst(function.result, &own);
        self.signature(&params, result)
    }

    /// The heap type of trait objects, with the rows of all types that became one.
    pub(super) fn trait_type(&mut self, object: Ty) -> TypeDef {
        let TyKind::Dyn(id, _) = self.types.kind(object) else { return TypeDef::Str };
        let table = self.tables.remove(&object).unwrap_or_default();
        let mut methods = Vec::new();
        for (of, args, method) in &table.slots {
            methods.push(self.method_signature(object, *of, *args, *method));
        }
        let impls = table.rows.into_iter().map(|row| (row.object, row.functions)).collect();
        TypeDef::Trait { name: self.names.text(self.program.trait_(id).name).to_owned(), methods, impls }
    }
}

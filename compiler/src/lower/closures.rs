//! Closures, functions as values, and trait objects.

use std::rc::Rc;

use lang_bytecode::{Field, FuncId, RegType, Signature, Storage, TypeDef, TypeId};

use super::builder::{Builder, Var};
use super::layout::Kind;
use super::value::Value;
use super::{Lower, Work};
use crate::hir::{Body, Closure, ExprId, FnId, LocalId, TraitId, Ty, TyKind, TyList};
use crate::ir::{Callee, Const, Op, Operand, VReg};

/// A closure whose code waits to be lowered.
pub(super) struct Pending<'p> {
    func: FuncId,
    body: &'p Body,
    closure: &'p Closure,
    args: Rc<[Ty]>,
}

impl<'p> Builder<'_, 'p> {
    /// A function as a value: a closure without captures.
    pub(super) fn function_value(&mut self, id: FnId, args: TyList, ty: Ty) -> Value {
        let ty = self.subst(ty);
        let args = self.lower.types.subst_list(args, &self.args);
        let callee = self.instance(id, args);
        let of = self.lower.function_type(callee, ty);
        Value::one(self.lower.out.constants.operand(Const::Static(of)))
    }

    /// `|x| …`: an object of what it captured.
    pub(super) fn closure_value(&mut self, id: ExprId, closure: &'p Closure) -> Value {
        let (Some(body), ty) = (self.body, self.ty(id)) else { return Value::UNIT };
        let mut words: Vec<Operand> = Vec::new();
        let mut captures: Vec<Field> = Vec::new();
        for local in &closure.captures {
            let name = self.lower.names.text(body[*local].name).to_owned();
            let field = |storage| Field { name: name.clone(), storage, mutable: false };
            match self.vars[local.index()].clone() {
                Some(Var::Cell(cell)) => {
                    let ty = self.local_type(*local);
                    let of = self.lower.cell_type(ty);
                    words.push(cell.into());
                    captures.push(field(Storage::Ref(of)));
                }
                _ => {
                    let ty = self.local_type(*local);
                    words.extend_from_slice(self.load_local(*local).words());
                    captures.extend(self.lower.storages(ty).into_iter().map(field));
                }
            }
        }
        let of = self.lower.heap_type(ty);
        let TypeDefParts { closure_type, func } =
            self.lower.closure_type(ty, of, captures, self.f.name.clone());
        let args = self.args.clone();
        self.lower.work.push(Work::Closure(Pending { func, body, closure, args }));
        if words.is_empty() {
            return Value::one(self.lower.out.constants.operand(Const::Static(closure_type)));
        }
        let dst = self.reg(RegType::Ref(closure_type));
        let args = self.f.add_list(words);
        self.push(Op::New { dst, of: closure_type, args });
        Value::one(dst)
    }

    /// The closure's captures, from its object in the first register.
    fn captures(&mut self, captures: &[LocalId]) {
        let mut field = 0;
        let mut load = |builder: &mut Self, ty: RegType| -> VReg {
            let dst = builder.reg(ty);
            builder.push(Op::FieldGet { dst, object: Operand::Reg(VReg(0)), field, constant: true });
            field += 1;
            dst
        };
        for local in captures {
            let ty = self.local_type(*local);
            let var = if self.is_cell(*local) {
                let of = self.lower.cell_type(ty);
                Var::Cell(load(self, RegType::Ref(of)))
            } else {
                let words = self.layout(ty).words.clone();
                Var::Regs(words.iter().map(|word| load(self, *word)).collect())
            };
            self.vars[local.index()] = Some(var);
        }
    }

    /// A value as an object of a trait.
    pub(super) fn make_object(&mut self, value: Value, from: Ty, to: Ty) -> Value {
        if from == to {
            return value;
        }
        let object = self.lower.object_type(from);
        self.lower.add_row(to, from, object);
        let Kind::Object(_) = self.layout(from).kind else {
            let dst = self.reg(RegType::Ref(object));
            let args = self.f.add_list(value.words().iter().copied());
            self.push(Op::New { dst, of: object, args });
            return Value::one(dst);
        };
        value
    }

    pub(super) fn call_virtual(
        &mut self,
        object: Ty,
        of: TraitId,
        method: u32,
        values: &[Value],
        result: Ty,
    ) -> Value {
        let words = super::calls::flatten(values);
        let results = self.layout(result).words.clone();
        self.call_slot(object, of, method, &words, &results)
    }

    /// [`Builder::call_virtual`] with the words of the arguments and of the result.
    fn call_slot(
        &mut self,
        object: Ty,
        of: TraitId,
        method: u32,
        words: &[Operand],
        results: &[RegType],
    ) -> Value {
        let Some(place) = self.lower.slot(object, of, method) else {
            let span = self.at.span;
            self.lower.fault(span, "the trait object has no place for the method that is called here");
            return Value::UNIT;
        };
        let key = (self.lower.heap_type(object), place);
        let next = self.lower.out.methods.len() as u32;
        let id = *self.lower.methods.entry(key).or_insert(next);
        if id == next {
            self.lower.out.methods.push(key);
        }
        self.call(Callee::Virtual(id), words, results)
    }
}

/// A closure's type and its code.
struct TypeDefParts {
    closure_type: TypeId,
    func: FuncId,
}

impl<'p> Lower<'p> {
    fn closure_type(&mut self, ty: Ty, of: TypeId, captures: Vec<Field>, name: Rc<str>) -> TypeDefParts {
        let closure_type = self.reserve_type();
        let signature = self.closure_signature(ty, closure_type);
        let func = self.reserve_function(&format!("{name}.closure"), &signature);
        self.out.types[closure_type.0 as usize] = TypeDef::Closure { of, function: func, captures };
        TypeDefParts { closure_type, func }
    }

    /// The signature of a closure's code: the closure itself comes first.
    fn closure_signature(&mut self, ty: Ty, closure: TypeId) -> Signature {
        let TyKind::Fn(params, result) = self.types.kind(ty) else { return Signature::default() };
        let params = self.types.list(params).to_vec();
        let mut signature = self.signature(&params, result);
        signature.params.insert(0, RegType::Ref(closure));
        signature
    }

    pub(super) fn closure(&mut self, pending: Pending<'p>) {
        let Pending { func, body, closure, args } = pending;
        let result = self.types.subst(closure.result, &args);
        let mut builder = Builder::new(self, func, Some(body), args, result);
        builder.captures(&closure.captures);
        let mut next = 1;
        for param in &closure.params {
            next = builder.parameter(*param, next);
        }
        builder.body(closure.body);
        builder.finish();
    }

    /// The type of the closure that only calls a function.
    fn function_type(&mut self, callee: FuncId, ty: Ty) -> TypeId {
        if let Some(&known) = self.function_values.get(&(callee, ty)) {
            return known;
        }
        let of = self.heap_type(ty);
        let name = self.out.functions[callee.0 as usize].name.clone();
        let TypeDefParts { closure_type, func } = self.closure_type(ty, of, Vec::new(), name);
        self.function_values.insert((callee, ty), closure_type);
        self.work.push(Work::Thunk(func, callee));
        closure_type
    }

    /// Code of a function as a value: passes its arguments on.
    pub(super) fn thunk(&mut self, func: FuncId, callee: FuncId) {
        self.forward(func, callee, |_| Vec::new());
    }

    /// Code of a method of a trait object whose value is not an object itself: takes the value out of its box.
    pub(super) fn unbox_method(&mut self, func: FuncId, ty: Ty, callee: FuncId) {
        let words = self.layout(ty).words.clone();
        self.forward(func, callee, |builder| {
            let mut inner = Vec::new();
            for (field, word) in words.iter().enumerate() {
                let dst = builder.reg(*word);
                let (object, field) = (Operand::Reg(VReg(0)), field as u16);
                builder.push(Op::FieldGet { dst, object, field, constant: true });
                inner.push(dst.into());
            }
            inner
        });
    }

    /// Code of a method of a trait object that holds an object of another trait: takes that one out, and calls it through its table.
    pub(super) fn virtual_method(&mut self, func: FuncId, object: Ty, of: TraitId, method: u32) {
        let mut builder = Builder::new(self, func, None, Rc::from([]), Ty::UNIT);
        let word = builder.layout(object).words[0];
        let inner = builder.reg(word);
        builder.push(Op::FieldGet { dst: inner, object: Operand::Reg(VReg(0)), field: 0, constant: true });
        let mut args = vec![inner.into()];
        args.extend((1..builder.f.params).map(|param| Operand::Reg(VReg(param))));
        let results = builder.f.results.clone();
        let value = builder.call_slot(object, of, method, &args, &results);
        let list = builder.f.add_list(value.words().iter().copied());
        builder.end(crate::ir::End::Return(list));
        builder.finish();
    }

    /// A function that calls another one with its own arguments, the first replaced.
    fn forward(
        &mut self,
        func: FuncId,
        callee: FuncId,
        first: impl FnOnce(&mut Builder<'_, 'p>) -> Vec<Operand>,
    ) {
        let mut builder = Builder::new(self, func, None, Rc::from([]), Ty::UNIT);
        let mut args = first(&mut builder);
        args.extend((1..builder.f.params).map(|param| Operand::Reg(VReg(param))));
        let results = builder.f.results.clone();
        let value = builder.call(Callee::Function(callee), &args, &results);
        let list = builder.f.add_list(value.words().iter().copied());
        builder.end(crate::ir::End::Return(list));
        builder.finish();
    }

    /// The type of the object that a value is behind a trait.
    fn object_type(&mut self, ty: Ty) -> TypeId {
        match self.layout(ty).kind {
            Kind::Object(id) => id,
            _ => self.box_type(ty),
        }
    }
}

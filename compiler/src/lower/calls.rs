//! Calls: of functions, methods of traits, trait objects and closures.

use lang_bytecode::{FuncId, TrapKind};

use super::builder::Builder;
use super::value::Value;
use crate::hir::{self, Call, Callee, Code, FnId, Method, TraitId, TraitRef, Ty, TyKind, TyList};
use crate::ir::{self, Operand};

/// A callee whose types are known.
#[derive(Clone, Copy, Debug)]
pub(super) enum Target {
    /// A function with its type arguments.
    Function(FnId, TyList),
    /// A derived method of a type.
    Derived(TraitId, u32, Ty),
    /// A method of the trait object that is the first argument, whose type this is.
    Virtual(TraitId, u32),
    /// Nothing that could be found.
    Missing,
}

impl<'p> Builder<'_, 'p> {
    pub(super) fn call_expr(&mut self, call: &'p Call, result: Ty) -> Value {
        let result = self.subst(result);
        if let Callee::Value(callee) = call.callee {
            let ids: Vec<hir::ExprId> = std::iter::once(callee).chain(call.args.iter().copied()).collect();
            let values = self.values(&ids);
            let ty = self.ty(callee);
            return self.call_closure(ty, &values);
        }
        let self_ty = call.args.first().map_or(Ty::UNIT, |arg| self.ty(*arg));
        let values = self.values(&call.args);
        if let Callee::Function(id, _) = call.callee
            && let Code::C(c) = &self.lower.program.function(id).code
        {
            let fixed = c.params.len().min(call.args.len());
            let extra: Vec<Ty> = call.args[fixed..].iter().map(|arg| self.ty(*arg)).collect();
            return self.call_c(id, &extra, &values);
        }
        self.call_on_values(&call.callee, self_ty, &values, result)
    }

    /// Calls with one argument that is there already.
    pub(super) fn call_on(&mut self, callee: &Callee, self_ty: Ty, value: Value, result: Ty) -> Value {
        self.call_on_values(callee, self_ty, &[value], result)
    }

    fn call_on_values(&mut self, callee: &Callee, self_ty: Ty, values: &[Value], result: Ty) -> Value {
        let target = self.target(callee);
        let value = self.call_target(target, self_ty, values, result);
        if result == Ty::NEVER {
            self.trap(TrapKind::Unreachable);
        }
        value
    }

    /// What a callee is once the type arguments are in place.
    fn target(&mut self, callee: &Callee) -> Target {
        match *callee {
            Callee::Function(id, args) => Target::Function(id, self.lower.types.subst_list(args, &self.args)),
            Callee::Method { self_ty, trait_ref, method, args } => {
                let self_ty = self.subst(self_ty);
                let args = self.lower.types.subst_list(args, &self.args);
                let of = TraitRef {
                    id: trait_ref.id,
                    args: self.lower.types.subst_list(trait_ref.args, &self.args),
                };
                self.lower.method(self_ty, of, method, args)
            }
            Callee::Virtual(of, method) => Target::Virtual(of, method),
            Callee::Value(_) => Target::Missing,
        }
    }

    pub(super) fn call_target(&mut self, target: Target, self_ty: Ty, values: &[Value], result: Ty) -> Value {
        match target {
            Target::Function(id, args) => self.call_function(id, args, values),
            Target::Derived(of, method, ty) => {
                let func = self.lower.derived_function(of, method, ty);
                self.call_func(func, values, result)
            }
            Target::Virtual(of, method) => self.call_virtual(self_ty, of, method, values, result),
            Target::Missing => {
                let span = self.at.span;
                self.lower.fault(span, "no type was found to have the method that is called here");
                Value::UNIT
            }
        }
    }

    /// Calls a function of the program with its type arguments.
    pub(super) fn call_function(&mut self, id: FnId, args: TyList, values: &[Value]) -> Value {
        let program = self.lower.program;
        let item = program.function(id);
        let types: Vec<Ty> = self.lower.types.list(args).to_vec();
        if let Some(value) = self.on_ints(id, &types, values) {
            return value;
        }
        match &item.code {
            Code::Intrinsic(name) => {
                let params: Vec<Ty> = item.params.iter().map(|param| param.ty).collect();
                self.intrinsic(*name, &params, item.result, &types, values)
            }
            Code::C(_) => self.call_c(id, &[], values),
            _ => {
                let result = self.lower.types.subst(item.result, &types);
                let func = self.instance(id, args);
                self.call_func(func, values, result)
            }
        }
    }

    /// `min`, `max` and `abs` of the prelude on ints are one instruction.
    fn on_ints(&mut self, id: FnId, types: &[Ty], values: &[Value]) -> Option<Value> {
        let item = self.lower.program.function(id);
        let module = self.lower.program.modules.get(item.module.index())?;
        if types != [Ty::INT] || !module.standard || item.owner != hir::Owner::Module {
            return None;
        }
        Some(Value::one(match (self.lower.names.text(item.name), values) {
            ("min", [a, b]) => self.binary(ir::BinaryOp::IMin, a.single(), b.single()),
            ("max", [a, b]) => self.binary(ir::BinaryOp::IMax, a.single(), b.single()),
            ("abs", [a]) => self.unary(ir::UnaryOp::IAbs, a.single()),
            _ => return None,
        }))
    }

    /// Calls a function of the intermediate form.
    pub(super) fn call_func(&mut self, func: FuncId, values: &[Value], result: Ty) -> Value {
        let words = flatten(values);
        let results = self.layout(result).words.clone();
        self.call(ir::Callee::Function(func), &words, &results)
    }

    /// Calls a closure: the first value, on the others.
    pub(super) fn call_closure(&mut self, ty: Ty, values: &[Value]) -> Value {
        let TyKind::Fn(_, result) = self.lower.types.kind(ty) else { return Value::UNIT };
        let Some((callee, args)) = values.split_first() else { return Value::UNIT };
        let results = self.layout(result).words.clone();
        let value = self.call(ir::Callee::Closure(callee.single()), &flatten(args), &results);
        if result == Ty::NEVER {
            self.trap(TrapKind::Unreachable);
        }
        value
    }

    /// Calls a method of a trait on a value.
    pub(super) fn call_method(
        &mut self,
        self_ty: Ty,
        of: TraitId,
        method: u32,
        values: &[Value],
        result: Ty,
    ) -> Value {
        let trait_ref = TraitRef { id: of, args: TyList::EMPTY };
        let target = self.lower.method(self_ty, trait_ref, method, TyList::EMPTY);
        self.call_target(target, self_ty, values, result)
    }
}

/// The words of values, one after the other.
pub(super) fn flatten(values: &[Value]) -> Vec<Operand> {
    values.iter().flat_map(|value| value.words().to_vec()).collect()
}

impl super::Lower<'_> {
    /// What a call of a trait's method runs.
    pub(super) fn method(&mut self, self_ty: Ty, of: TraitRef, method: u32, args: TyList) -> Target {
        match self.program.find_method(self.types, self_ty, of, method, args) {
            Some(Method::Function(id, args)) => Target::Function(id, args),
            Some(Method::Derived(of, method, ty)) => Target::Derived(of, method, ty),
            Some(Method::Virtual(of, method)) => Target::Virtual(of, method),
            None => Target::Missing,
        }
    }
}

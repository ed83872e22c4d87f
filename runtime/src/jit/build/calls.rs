//! Calls of functions, closures, methods and natives; returns.

use lang_bytecode::{Native, Reg, RegType, TypeDef, TypeId};

use super::{Body, Exit};
use crate::jit::ir::{Callee, Edge, Op, Term, Type, Value};
use crate::vm::implementations;

impl<'p> Body<'_, 'p> {
    /// The kinds of a function's parameters, and the types of its results.
    pub(super) fn signature(&self, function: u32) -> (Vec<Type>, &'p [RegType]) {
        let code = &self.builder.program.module.functions[function as usize];
        let params = code.registers[..code.params as usize].iter().map(|ty| Type::of(*ty)).collect();
        (params, &code.results)
    }

    /// The first out slots.
    fn arguments(&mut self, count: usize) -> Vec<Value> {
        (0..count).map(|slot| self.out(slot)).collect()
    }

    /// The types of the first out slots.
    pub(super) fn argument_types(&self, count: usize) -> Vec<Option<RegType>> {
        (0..count).map(|slot| self.state.outs.get(slot).copied().flatten().map(|(_, ty)| ty)).collect()
    }

    /// Calls a function of the module; the closure that it belongs to is its first argument, where it has one.
    pub(super) fn call_function(&mut self, function: u32, closure: Option<Value>) {
        let (params, results) = self.signature(function);
        let mut args = self.arguments(params.len());
        let mut types = self.argument_types(params.len());
        if let (Some(closure), Some(first)) = (closure, args.first_mut()) {
            *first = closure;
            // The function's own parameter has this closure's type.
            types[0] = None;
        }
        if self.should_inline(function) {
            self.inline(function, &args, &types, results);
        } else {
            self.call(Callee::Function(function), args, params, results);
        }
    }

    pub(super) fn call_closure(&mut self, callee: Reg) {
        let id = self.pointee(callee);
        let closure = self.get(callee);
        match self.closure_type(id) {
            Ok(function) => self.call_function(function, Some(closure)),
            Err((params, results)) => {
                let mut args = self.arguments(params.len());
                args[0] = closure;
                let targets = self.closure_targets(id);
                self.call_one_of(Callee::Closure, &targets, args, params, results);
            }
        }
    }

    /// The function of a closure's type; for a type of functions, the kinds of the parameters, the closure among them, and the
    /// types of the results.
    fn closure_type(&self, id: TypeId) -> Result<u32, (Vec<Type>, &'p [RegType])> {
        let program = self.builder.program;
        match &program.module.types[id.0 as usize] {
            TypeDef::Closure { function, .. } => Ok(function.0),
            TypeDef::Function(signature) => {
                let params = signature.params.iter().map(|ty| Type::of(*ty));
                Err(([Type::Ref].into_iter().chain(params).collect(), &signature.results))
            }
            _ => Err((vec![Type::Ref], &[])),
        }
    }

    pub(super) fn call_method(&mut self, method: u32) {
        let program = self.builder.program;
        let (id, place) = program.module.methods[method as usize];
        let TypeDef::Trait { methods, .. } = &program.module.types[id.0 as usize] else { return };
        let signature = &methods[place as usize];
        let params: Vec<Type> = signature.params.iter().map(|ty| Type::of(*ty)).collect();
        if let Some(function) = self.method_of_receiver(method) {
            return self.call_function(function, None);
        }
        let args = self.arguments(params.len());
        let targets = self.method_targets(method);
        self.call_one_of(Callee::Method(method), &targets, args, params, &signature.results);
    }

    /// The one function that a method can mean, where the receiver's type is known.
    fn method_of_receiver(&self, method: u32) -> Option<u32> {
        let Some((_, RegType::Ref(id))) = self.state.outs.first().copied().flatten() else { return None };
        let program = self.builder.program;
        let found = implementations(&program.module, method).into_iter().find(|(known, _)| *known == id.0);
        found.filter(|_| program.is_exact(id)).map(|(_, function)| function)
    }

    pub(super) fn call(&mut self, callee: Callee, args: Vec<Value>, params: Vec<Type>, results: &[RegType]) {
        self.poll();
        self.finish_call(Op::Call { callee, args, params }, results, true);
    }

    pub(super) fn call_native(&mut self, native: u32) {
        let program = self.builder.program;
        let import = &program.module.natives[native as usize];
        let effects = Native::find(&import.name).map_or(&[][..], |row| row.effects);
        let args = self.arguments(import.signature.params.len());
        let safepoint = effects.contains(&"safepoint");
        let op = Op::Native { native, args, safepoint, fallible: !effects.is_empty() };
        self.finish_call(op, &import.signature.results, safepoint);
    }

    pub(super) fn call_c(&mut self, function: u32) {
        let program = self.builder.program;
        let signature = &program.module.foreign.functions[function as usize].signature;
        let args = self.arguments(signature.params.len());
        // A helper may make objects of what C gives.
        let by_helper = program.foreign.get(function as usize).is_none_or(|direct| direct.is_none());
        let safepoint = program.calls_back || by_helper;
        self.finish_call(Op::CallC { function, args }, &signature.results, safepoint);
    }

    /// Adds a call and leaves its results in the out slots.
    pub(super) fn finish_call(&mut self, op: Op, results: &[RegType], safepoint: bool) {
        self.state.outs.iter_mut().for_each(|out| *out = None);
        let values: Vec<Value> = results.iter().map(|ty| self.builder.func.value(Type::of(*ty))).collect();
        if safepoint {
            self.safepoint(op, values.clone());
        } else {
            self.push(op, values.clone(), Vec::new());
        }
        for (slot, (value, ty)) in values.into_iter().zip(results).enumerate() {
            self.set_out(slot, value, *ty);
        }
    }

    pub(super) fn tail_call(&mut self, function: u32) {
        let (params, results) = self.signature(function);
        let args = self.arguments(params.len());
        self.finish_tail_call(Callee::Function(function), args, params, results);
    }

    /// Ends in a call; in the code of a loop, whose results are the frame's, with a return behind it.
    fn finish_tail_call(&mut self, callee: Callee, args: Vec<Value>, params: Vec<Type>, results: &[RegType]) {
        if self.frame.is_some() {
            self.call(callee, args, params, results);
            let values = (0..results.len()).map(|slot| self.out(slot)).collect();
            return self.leave(values);
        }
        self.poll();
        self.end(Term::TailCall { callee, args, params });
    }

    pub(super) fn tail_call_closure(&mut self, callee: Reg) {
        let id = self.pointee(callee);
        let closure = self.get(callee);
        let (callee, (params, results)) = match self.closure_type(id) {
            Ok(function) => (Callee::Function(function), self.signature(function)),
            Err(signature) => (Callee::Closure, signature),
        };
        let mut args = self.arguments(params.len());
        if let Some(first) = args.first_mut() {
            *first = closure;
        }
        self.finish_tail_call(callee, args, params, results);
    }

    /// Returns, or continues behind the inlined call.
    pub(super) fn leave(&mut self, values: Vec<Value>) {
        match (self.exit, self.frame) {
            (Exit::Return, Some(frame)) => {
                for (slot, value) in values.into_iter().enumerate() {
                    self.store_to_frame(frame, slot, value);
                }
                self.end(Term::Return(Vec::new()));
            }
            (Exit::Return, None) => self.end(Term::Return(values)),
            (Exit::Join(to), _) => {
                let args = values.into_iter().chain(self.state.outer.iter().copied()).collect();
                self.end(Term::Jump(Edge { to, args }));
            }
        }
    }
}

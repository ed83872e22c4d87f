//! Calls of closures and methods that mean few functions: each is inlined behind a test, and behind the last stands the call as it was.
//! Either the program has only these, or the interpreter saw only these. What comes later, as from a program that a prompt loads, goes
//! to the call. Outside of loops the code would only get larger.

use lang_bytecode::{RegType, TypeId};

use super::Body;
use super::inline::{Join, size_of};
use crate::jit::ir::{Callee, Cond, Edge, Op, Term, Type, Value};
use crate::vm::implementations;

/// Functions that a call is tested for.
pub(crate) const MOST_TARGETS: usize = 2;

/// What a call may mean.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Target {
    /// What the receiver's header says: its type for a method, its function for a closure.
    pub(crate) header: u32,
    /// The function that is called.
    pub(crate) function: u32,
}

impl Body<'_, '_> {
    /// Calls a closure or method, its receiver first among the arguments.
    pub(super) fn call_one_of(
        &mut self,
        callee: Callee,
        targets: &[Target],
        args: Vec<Value>,
        params: Vec<Type>,
        results: &[RegType],
    ) {
        if !self.fit(targets) {
            return self.call(callee, args, params, results);
        }
        self.poll();
        let mut types = self.argument_types(args.len());
        // What is tested is known better from the function's own parameter.
        types[0] = None;
        let join = self.open_join(results);
        let header = match callee {
            Callee::Method(_) => Op::TypeOf(args[0]),
            _ => Op::Info(args[0]),
        };
        let header = self.emit(header, Type::Int);
        for target in targets {
            let wanted = self.emit(Op::Const(target.header.into()), Type::Int);
            let cond = self.emit(Op::Compare(Cond::Eq, header, wanted), Type::Int);
            let (then, other) = (self.builder.func.block(), self.builder.func.block());
            let edge = |to| Edge { to, args: Vec::new() };
            self.go(Term::Branch { cond, then: edge(then), other: edge(other) });
            self.builder.block = then;
            let mut args = args.clone();
            args[0] = self.refine(args[0]);
            self.inline_into(&join, target.function, &args, &types);
            self.builder.block = other;
        }
        self.finish_call(Op::Call { callee, args, params }, results, true);
        self.jump_to_join(&join, results.len());
        self.close_join(join, results);
    }

    /// What the closure of a function type can mean that is called here: all there are, or else all that were seen.
    pub(super) fn closure_targets(&self, id: TypeId) -> Vec<Target> {
        match self.builder.program.closures.get(&id) {
            Some(known) => known.clone(),
            None => self.seen().into_iter().map(|function| Target { header: function, function }).collect(),
        }
    }

    /// The same for a method.
    pub(super) fn method_targets(&self, method: u32) -> Vec<Target> {
        // Elsewhere targets do not matter.
        if !self.in_loop() {
            return Vec::new();
        }
        let found = implementations(&self.builder.program.module, method);
        let seen = if found.len() > MOST_TARGETS { Some(self.seen()) } else { None };
        (found.into_iter())
            .filter(|(header, _)| seen.as_ref().is_none_or(|seen| seen.contains(header)))
            .map(|(header, function)| Target { header, function })
            .collect()
    }

    /// What the headers of the receivers said that the interpreter saw here.
    fn seen(&self) -> Vec<u32> {
        self.builder.program.seen.headers(self.function, self.graph.instrs[self.index].0)
    }

    /// Whether there is room for all of them.
    fn fit(&mut self, targets: &[Target]) -> bool {
        // Only small ones are measured.
        if targets.is_empty()
            || !self.in_loop()
            || !targets.iter().all(|target| self.should_inline(target.function))
        {
            return false;
        }
        let functions = &self.builder.program.module.functions;
        self.has_room(targets.iter().map(|target| size_of(&functions[target.function as usize])).sum())
    }

    /// From a call that was made to where the inlined ones lead.
    fn jump_to_join(&mut self, join: &Join, results: usize) {
        let mut args: Vec<Value> = (0..results).map(|slot| self.out(slot)).collect();
        let kept: Vec<Value> = join.kept.iter().map(|register| self.register(*register)).collect();
        args.extend(kept);
        args.extend(&self.state.outer);
        self.go(Term::Jump(Edge { to: join.block, args }));
    }
}

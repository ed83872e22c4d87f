//! Inlining: a call is replaced by the callee's blocks.
//!
//! The callee's safepoints move the caller's references too, so these go through its blocks as further values. Sites keep the
//! call that they were reached through, so that call stacks stay exact; calls are charged as if they were made.

use lang_bytecode::{Instr, RegType, instructions};

use super::{Body, Exit};
use crate::jit::ir::{Type, Value};

/// Instructions of a function that is inlined wherever it is called.
const SMALL: usize = 60;
/// Instructions that inlining may bring into one function.
const BUDGET: usize = 300;
/// How deep bodies may lie in each other.
const DEPTH: usize = 8;
/// How often a function may lie in itself.
const REPEATS: usize = 3;

impl Body<'_, '_> {
    /// Whether a call of a function is replaced by its body.
    pub(super) fn should_inline(&mut self, function: u32) -> bool {
        let builder = &self.builder;
        let code = &builder.program.module.functions[function as usize];
        let repeats = builder.open.iter().filter(|open| **open == function).count();
        let fits = builder.inlining
            && code.code.len() <= SMALL
            && builder.inlined + code.code.len() <= BUDGET
            && builder.open.len() < DEPTH
            && repeats <= REPEATS;
        fits && !instructions(&code.code)
            .any(|(_, instr)| matches!(instr, Instr::TailCall { .. } | Instr::TailCallClosure { .. }))
    }

    /// Replaces the call at hand.
    pub(super) fn inline(&mut self, function: u32, args: &[Value], results: &[RegType]) {
        self.poll();
        let site = self.site();
        self.builder.inlined += self.builder.program.module.functions[function as usize].code.len();
        let kept = self.references_kept();
        let mut outer: Vec<Value> =
            kept.iter().filter_map(|register| self.state.registers[*register]).collect();
        outer.extend(&self.state.outer);
        self.state.outs.iter_mut().for_each(|out| *out = None);
        let join = self.builder.func.block();
        let values: Vec<Value> = results.iter().map(|ty| self.param(join, Type::of(*ty))).collect();
        let mut after =
            outer.iter().map(|value| self.param_like(join, *value)).collect::<Vec<_>>().into_iter();

        let mut body = Body::new(self.builder, function, None, Some(site), Exit::Join(join));
        body.set_arguments(args);
        body.state.outer = outer;
        body.run();

        self.builder.block = join;
        for (register, value) in kept.into_iter().zip(&mut after) {
            self.state.registers[register] = Some(value);
        }
        self.state.outer = after.collect();
        for (slot, (value, ty)) in values.into_iter().zip(results).enumerate() {
            self.set_out(slot, value, *ty);
        }
    }

    /// The registers with references that are alive after the call at hand.
    fn references_kept(&self) -> Vec<usize> {
        let Some(live) = self.live_after.last() else { return Vec::new() };
        live.iter()
            .filter(|register| {
                matches!(self.code.registers[*register], RegType::Ref(_) | RegType::RefNull(_))
                    && self.state.registers[*register].is_some()
            })
            .collect()
    }
}

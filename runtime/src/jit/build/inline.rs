//! Inlining: a call is replaced by the callee's blocks.
//!
//! The callee's safepoints move the caller's references too, so these go through its blocks as further values. Sites keep the
//! call that they were reached through, so that call stacks stay exact; calls are charged as if they were made.

use lang_bytecode::{Effects, Function, Instr, RegType, Role, instructions};

use super::{Body, Exit};
use crate::jit::ir::{Block, Type, Value};

/// Words of a function that is inlined wherever it is called.
const SMALL: usize = 60;
/// What inlining may bring into one function.
const BUDGET: usize = 300;
/// What a safepoint counts for beside its words: it becomes a way of its own, on which all references are kept and read again.
const SAFEPOINT: usize = 4;
/// How deep bodies may lie in each other.
const DEPTH: usize = 8;
/// How often a function may lie in itself.
const REPEATS: usize = 3;

/// The block behind a call that is inlined.
pub(super) struct Join {
    /// It takes the results, and then the caller's references.
    pub(super) block: Block,
    /// The registers with references that are used after the call.
    pub(super) kept: Vec<usize>,
    /// The references that go through: of these registers, and of the functions around.
    outer: Vec<Value>,
    /// The results behind the call.
    results: Vec<Value>,
    /// The references behind the call.
    after: Vec<Value>,
}

/// What a function counts for: its words, and more for safepoints.
pub(super) fn size_of(code: &Function) -> usize {
    let safepoints =
        instructions(&code.code).filter(|(_, instr)| instr.opcode().effects().has(Effects::SAFEPOINT));
    code.code.len() + SAFEPOINT * safepoints.count()
}

impl Body<'_, '_> {
    /// Whether a call of a function is replaced by its body.
    pub(super) fn should_inline(&mut self, function: u32) -> bool {
        let builder = &self.builder;
        let code = &builder.program.module.functions[function as usize];
        let repeats = builder.open.iter().filter(|open| **open == function).count();
        let fits = builder.inlining
            && code.code.len() <= SMALL
            && self.has_room(size_of(code))
            && builder.open.len() < DEPTH
            && repeats <= REPEATS;
        fits && !instructions(&code.code)
            .any(|(_, instr)| matches!(instr, Instr::TailCall { .. } | Instr::TailCallClosure { .. }))
    }

    /// Whether so much more may be inlined.
    pub(super) fn has_room(&self, size: usize) -> bool {
        self.builder.inlined + size <= BUDGET
    }

    /// Replaces the call at hand.
    pub(super) fn inline(
        &mut self,
        function: u32,
        args: &[Value],
        types: &[Option<RegType>],
        results: &[RegType],
    ) {
        self.poll();
        let join = self.open_join(results);
        self.inline_into(&join, function, args, types);
        self.close_join(join, results);
    }

    /// The block behind the call at hand, which every body that is inlined for it leads to.
    pub(super) fn open_join(&mut self, results: &[RegType]) -> Join {
        let kept = self.references_kept();
        let mut outer: Vec<Value> =
            kept.iter().filter_map(|register| self.state.registers[*register]).collect();
        outer.extend(&self.state.outer);
        let block = self.builder.func.block();
        let results = results.iter().map(|ty| self.param(block, Type::of(*ty))).collect();
        let after = outer.iter().map(|value| self.param_like(block, *value)).collect();
        Join { block, kept, outer, results, after }
    }

    /// Puts a function's body here.
    pub(super) fn inline_into(
        &mut self,
        join: &Join,
        function: u32,
        args: &[Value],
        types: &[Option<RegType>],
    ) {
        let (site, repeated) = (self.site(), self.in_loop());
        self.builder.inlined += size_of(&self.builder.program.module.functions[function as usize]);
        let mut body = Body::new(self.builder, function, None, Some(site), Exit::Join(join.block));
        body.repeated = repeated;
        body.set_arguments(args);
        body.learn_types(types);
        body.state.outer.clone_from(&join.outer);
        body.run();
    }

    /// Of parameters that are never written, the arguments' types say more than the declared ones: which closure, which implementation.
    fn learn_types(&mut self, types: &[Option<RegType>]) {
        for (register, ty) in types.iter().enumerate() {
            // Null has no type of its own, so what may be null is left alone.
            if let Some(ty @ RegType::Ref(id)) = *ty
                && self.builder.program.is_exact(id)
            {
                self.types[register] = ty;
            }
        }
        for (_, instr) in &self.graph.instrs {
            let (types, declared) = (&mut self.types, &self.code.registers);
            self.graph.each(*instr, Role::Def, |register| types[register] = declared[register]);
        }
    }

    /// Goes on behind the call.
    pub(super) fn close_join(&mut self, join: Join, results: &[RegType]) {
        self.builder.block = join.block;
        let mut after = join.after.into_iter();
        for (register, value) in join.kept.into_iter().zip(&mut after) {
            self.state.registers[register] = Some(value);
        }
        self.state.outer = after.collect();
        self.state.outs.iter_mut().for_each(|out| *out = None);
        for (slot, (value, ty)) in join.results.into_iter().zip(results).enumerate() {
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

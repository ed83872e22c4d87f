//! From the optimised form to CLIF.
//!
//! Every check becomes a branch to a cold block that stores the values of the message and traps; `SourceLoc` n + 1 on an
//! instruction stands for the site n. References that are used after a safepoint are stored to slots of the native frame
//! before it, which the call's stack map names, and loaded after it.

mod arith;
mod calls;
mod foreign;
mod memory;

use std::mem::offset_of;

use cranelift_codegen::ir::{
    self, AbiParam, ArgumentPurpose, BlockArg, GlobalValueData, InstBuilder, MemFlagsData, Signature,
    SourceLoc, StackSlot, StackSlotData, StackSlotKind, TrapCode, types,
};
use cranelift_codegen::isa::{CallConv, TargetIsa};
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext, Switch};

use self::memory::Regions;
use super::context::Context;
use super::ir::{Block, Edge, Function, Op, Term, Type, Value};
use super::program::Program;
use super::translate::traps;

/// The CLIF type of a kind of value.
fn clif_type(ty: Type) -> ir::Type {
    match ty {
        Type::Int | Type::Ref => types::I64,
        Type::Float => types::F64,
    }
}

/// The signature of compiled functions with these parameters and results.
pub(crate) fn signature(params: &[Type], results: &[Type]) -> Signature {
    let mut signature = Signature::new(CallConv::Tail);
    signature.params.push(AbiParam::special(types::I64, ArgumentPurpose::VMContext));
    signature.params.extend(params.iter().map(|ty| AbiParam::new(clif_type(*ty))));
    signature.returns.extend(results.iter().map(|ty| AbiParam::new(clif_type(*ty))));
    signature
}

/// The function that is being lowered.
struct Lower<'a> {
    program: &'a Program,
    func: &'a Function,
    b: FunctionBuilder<'a>,
    /// The values, where they are lowered already.
    values: Vec<Option<ir::Value>>,
    /// The results of comparisons as branches take them.
    flags: Vec<Option<ir::Value>>,
    blocks: Vec<ir::Block>,
    context: ir::Value,
    regions: Regions,
    /// The slots for references at safepoints.
    spills: StackSlot,
    /// The words that natives take arguments from.
    window: StackSlot,
}

/// Lowers a function.
pub(crate) fn lower(program: &Program, func: &Function, isa: &dyn TargetIsa) -> ir::Function {
    let mut clif = ir::Function::with_name_signature(
        ir::UserFuncName::default(),
        signature(&func.params, &func.results),
    );
    limit_stack(&mut clif);
    let regions = Regions::new(&mut clif);
    let (spills, window) = slots(func);
    let spills = words(&mut clif, spills);
    let window = words(&mut clif, window);
    let mut frontend = FunctionBuilderContext::new();
    let mut b = FunctionBuilder::new(&mut clif, &mut frontend);
    let blocks: Vec<ir::Block> = func.blocks.iter().map(|_| b.create_block()).collect();
    b.append_block_params_for_function_params(blocks[0]);
    b.switch_to_block(blocks[0]);
    let context = b.block_params(blocks[0])[0];
    let (values, flags) = (vec![None; func.types.len()], vec![None; func.types.len()]);
    let mut lower = Lower { program, func, b, values, flags, blocks, context, regions, spills, window };
    for block in order(func) {
        lower.block(block);
    }
    lower.b.seal_all_blocks();
    lower.b.finalize(isa.frontend_config());
    clif
}

/// Lets the prologue check that the frame fits above the context's limit.
fn limit_stack(clif: &mut ir::Function) {
    let context = clif.create_global_value(GlobalValueData::VMContext);
    let flags = clif.dfg.mem_flags.insert_unchecked(MemFlagsData::trusted());
    let limit = clif.create_global_value(GlobalValueData::Load {
        base: context,
        offset: (offset_of!(Context, stack_limit) as i32).into(),
        global_type: types::I64,
        flags,
    });
    clif.stack_limit = Some(limit);
}

/// A slot of so many words.
fn words(clif: &mut ir::Function, count: usize) -> StackSlot {
    clif.create_sized_stack_slot(StackSlotData::new(StackSlotKind::ExplicitSlot, count as u32 * 8, 3))
}

/// How many words the references at one safepoint, and the arguments or results of one native take at most.
fn slots(func: &Function) -> (usize, usize) {
    let (mut spills, mut window) = (0, 0);
    for inst in func.blocks.iter().flat_map(|block| &block.insts) {
        spills = spills.max(inst.moved.len());
        if let Op::Native { args, .. } | Op::CallC { args, .. } = &inst.op {
            window = window.max(args.len()).max(inst.results.len()).max(1);
        }
    }
    (spills, window)
}

/// The blocks that are reached, each after those that dominate it: reverse postorder.
pub(crate) fn order(func: &Function) -> Vec<Block> {
    let mut seen = vec![false; func.blocks.len()];
    let mut stack = vec![(Block(0), 0)];
    seen[0] = true;
    let mut order = Vec::new();
    while let Some((block, place)) = stack.last_mut() {
        match func.data(*block).term.edges().get(*place).map(|edge| edge.to) {
            Some(next) => {
                *place += 1;
                if !std::mem::replace(&mut seen[next.0 as usize], true) {
                    stack.push((next, 0));
                }
            }
            None => {
                order.push(*block);
                stack.pop();
            }
        }
    }
    order.reverse();
    order
}

impl Lower<'_> {
    fn block(&mut self, block: Block) {
        let data = self.func.data(block);
        let clif = self.blocks[block.0 as usize];
        if block == Block(0) {
            let params = self.b.block_params(clif)[1..].to_vec();
            for (param, value) in data.params.iter().zip(params) {
                self.values[param.0 as usize] = Some(value);
            }
        } else {
            self.b.switch_to_block(clif);
            for param in &data.params {
                let value = self.b.append_block_param(clif, clif_type(self.func.ty(*param)));
                self.values[param.0 as usize] = Some(value);
            }
        }
        for inst in &data.insts {
            self.place(inst.site);
            self.inst(inst);
        }
        self.place(data.site);
        self.term(&data.term);
    }

    /// What follows belongs to a site.
    fn place(&mut self, site: u32) {
        self.b.set_srcloc(SourceLoc::new(site + 1));
    }

    /// A value that is lowered already; its definition dominates this use.
    fn value(&mut self, value: Value) -> ir::Value {
        match self.values[value.0 as usize] {
            Some(lowered) => lowered,
            // Only a block that is never reached uses what is not defined.
            None => self.zero(self.func.ty(value)),
        }
    }

    fn zero(&mut self, ty: Type) -> ir::Value {
        match ty {
            Type::Float => self.b.ins().f64const(0.0),
            _ => self.b.ins().iconst(types::I64, 0),
        }
    }

    fn set(&mut self, value: Value, lowered: ir::Value) {
        self.values[value.0 as usize] = Some(lowered);
    }

    /// A value as branches take it.
    fn flag(&mut self, value: Value) -> ir::Value {
        match self.flags[value.0 as usize] {
            Some(flag) => flag,
            None => self.value(value),
        }
    }

    fn constant(&mut self, value: i64) -> ir::Value {
        self.b.ins().iconst(types::I64, value)
    }

    /// Traps where a condition is not 0, after storing the values that explain it.
    fn trap_if(&mut self, cond: ir::Value, values: &[ir::Value], code: u8) {
        let (trap, next) = (self.b.create_block(), self.b.create_block());
        self.b.ins().brif(cond, trap, &[], next, &[]);
        self.b.set_cold_block(trap);
        self.b.switch_to_block(trap);
        self.trap(values, code);
        self.b.switch_to_block(next);
    }

    /// As [`Lower::trap_if`], where the condition is 0.
    fn trap_unless(&mut self, cond: ir::Value, values: &[ir::Value], code: u8) {
        let (trap, next) = (self.b.create_block(), self.b.create_block());
        self.b.ins().brif(cond, next, &[], trap, &[]);
        self.b.set_cold_block(trap);
        self.b.switch_to_block(trap);
        self.trap(values, code);
        self.b.switch_to_block(next);
    }

    fn trap(&mut self, values: &[ir::Value], code: u8) {
        for (place, value) in values.iter().enumerate() {
            let offset = offset_of!(Context, trap_values) as i32 + place as i32 * 8;
            self.b.ins().store(self.regions.context, *value, self.context, offset);
        }
        // The codes are small and not 0.
        self.b.ins().trap(TrapCode::unwrap_user(code));
    }

    fn edge(&mut self, edge: &Edge) -> (ir::Block, Vec<BlockArg>) {
        let args = edge.args.iter().map(|arg| BlockArg::Value(self.value(*arg))).collect();
        (self.blocks[edge.to.0 as usize], args)
    }

    fn term(&mut self, term: &Term) {
        match term {
            Term::Jump(edge) => {
                let (to, args) = self.edge(edge);
                self.b.ins().jump(to, &args);
            }
            Term::Branch { cond, then, other } => {
                let cond = self.flag(*cond);
                let ((then, then_args), (other, other_args)) = (self.edge(then), self.edge(other));
                self.b.ins().brif(cond, then, &then_args, other, &other_args);
            }
            Term::Switch { index, targets, default } => self.switch(*index, targets, default),
            Term::Return(values) => {
                let values: Vec<ir::Value> = values.iter().map(|value| self.value(*value)).collect();
                self.b.ins().return_(&values);
            }
            Term::TailCall { callee, args, params } => self.tail_call(*callee, args, params),
            Term::Trap { values } => {
                let mut values: Vec<ir::Value> =
                    values.iter().flatten().map(|value| self.value(*value)).collect();
                if values.is_empty() {
                    // Of a block that does nothing but trap, Cranelift makes a trap at the place of the branch to it.
                    values.push(self.constant(0));
                }
                self.trap(&values, traps::EXPLAINED);
            }
            Term::Resume(exit) => {
                let number = self.constant(i64::from(*exit) + 1);
                let offset = offset_of!(Context, left_to) as i32;
                self.b.ins().store(self.regions.context, number, self.context, offset);
                self.b.ins().return_(&[]);
            }
            Term::Halt(status) => {
                let status = self.value(*status);
                let offset = offset_of!(Context, status) as i32;
                self.b.ins().store(self.regions.context, status, self.context, offset);
                self.trap(&[], traps::HALT);
            }
        }
    }

    /// A table of jumps; each edge has a block of its own, because tables pass no arguments on.
    fn switch(&mut self, index: Value, targets: &[Edge], default: &Edge) {
        let index = self.value(index);
        let mut switch = Switch::new();
        let mut edges = Vec::new();
        for (entry, edge) in targets.iter().enumerate() {
            let block = self.b.create_block();
            switch.set_entry(entry as u128, block);
            edges.push((block, edge));
        }
        let otherwise = self.b.create_block();
        edges.push((otherwise, default));
        switch.emit(&mut self.b, index, otherwise);
        for (block, edge) in edges {
            self.b.switch_to_block(block);
            let (to, args) = self.edge(edge);
            self.b.ins().jump(to, &args);
        }
    }

    /// 1 where a flag is set.
    fn set_flag(&mut self, result: Value, flag: ir::Value) {
        self.flags[result.0 as usize] = Some(flag);
        let wide = self.b.ins().uextend(types::I64, flag);
        self.set(result, wide);
    }
}

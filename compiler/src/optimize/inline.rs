//! Inlining of small leaf functions: wrappers of the prelude and small functions of the program.
//!
//! What is inlined keeps its places and gets a scope, so that a runtime error still shows the whole stack of calls.

use crate::ir::{At, Block, BlockId, Callee, Constants, End, Function, Inst, List, Op, Operand, Scope, VReg};

/// Functions with more instructions than this are called.
const MAX_SIZE: usize = 14;
/// Functions with more blocks than this are called.
const MAX_BLOCKS: usize = 6;
/// A function that has grown to this size takes no more.
const MAX_CALLER: usize = 20_000;

/// Whether calls of a function are replaced by its body.
pub(super) fn is_candidate(function: &Function) -> bool {
    if function.blocks.len() > MAX_BLOCKS || function.size() > MAX_SIZE {
        return false;
    }
    function.blocks.iter().enumerate().all(|(index, block)| {
        let mut forward = true;
        function.successors(&block.end, |to| forward &= to.0 as usize > index);
        let tables = matches!(block.end, End::Switch { .. } | End::Halt(_));
        let leaf = block.insts.iter().all(|inst| {
            !matches!(
                inst.op,
                Op::Call { callee: Callee::Function(_) | Callee::Closure(_) | Callee::Virtual(_), .. }
            )
        });
        forward && !tables && leaf
    })
}

/// Replaces calls in `function` by the bodies that `body` gives; says whether there was one.
pub(super) fn run<'a>(
    function: &mut Function,
    constants: &Constants,
    body: impl Fn(u32) -> Option<&'a Function>,
) -> bool {
    let callee = |inst: &Inst| match inst.op {
        Op::Call { callee: Callee::Function(id), .. } => body(id.0),
        _ => None,
    };
    if !function.blocks.iter().any(|block| block.insts.iter().any(|inst| callee(inst).is_some())) {
        return false;
    }
    let old = std::mem::take(&mut function.blocks);
    let mut out = Output { starts: Vec::with_capacity(old.len()), blocks: Vec::with_capacity(old.len() * 2) };
    let mut size = old.iter().map(|block| block.insts.len()).sum::<usize>();
    for block in old {
        out.starts.push(BlockId(out.blocks.len() as u32));
        let mut insts = Vec::with_capacity(block.insts.len());
        for inst in block.insts {
            match callee(&inst) {
                Some(callee) if size < MAX_CALLER => {
                    size += callee.size();
                    let call = Call { function, constants, callee, at: inst.at };
                    call.expand(&inst.op, &mut insts, &mut out, block.cold);
                }
                _ => insts.push(inst),
            }
        }
        out.blocks.push((Block { insts, end: block.end, at: block.at, cold: block.cold }, true));
    }
    finish(function, out);
    true
}

/// The new blocks of a function under way.
struct Output {
    /// Where each old block begins.
    starts: Vec<BlockId>,
    /// The blocks; whether their targets are old numbers.
    blocks: Vec<(Block, bool)>,
}

/// Gives the blocks to the function and turns old numbers of blocks into new ones.
fn finish(function: &mut Function, out: Output) {
    let Output { starts, blocks } = out;
    let old: Vec<bool> = blocks.iter().map(|(_, old)| *old).collect();
    function.blocks = blocks.into_iter().map(|(block, _)| block).collect();
    for (index, old) in old.into_iter().enumerate() {
        if old {
            function.retarget(BlockId(index as u32), |to| starts[to.0 as usize]);
        }
    }
}

/// A call that is being replaced.
struct Call<'a, 'b> {
    function: &'a mut Function,
    constants: &'a Constants,
    callee: &'b Function,
    at: At,
}

/// How the callee's registers and scopes are called in the caller.
struct Names {
    regs: Vec<Operand>,
    scope: u32,
    first_inner: u32,
}

impl Names {
    fn at(&self, at: At) -> At {
        let scope = if at.scope == 0 { self.scope } else { self.first_inner + at.scope };
        At { span: at.span, scope }
    }

    fn operand(&self, operand: Operand) -> Operand {
        match operand {
            Operand::Reg(reg) => self.regs[reg.0 as usize],
            constant => constant,
        }
    }

    fn reg(&self, reg: VReg) -> VReg {
        self.regs[reg.0 as usize].reg().unwrap_or(reg)
    }
}

impl Call<'_, '_> {
    /// Appends the callee's body to `insts`, and to `out` where it has several blocks; what follows the call goes on in `insts`.
    fn expand(mut self, call: &Op, insts: &mut Vec<Inst>, out: &mut Output, cold: bool) {
        let names = self.names(call, insts);
        let results = call.results();
        let callee = self.callee;
        if let [only] = callee.blocks.as_slice()
            && let End::Return(values) = only.end
        {
            self.copy_insts(only, &names, insts);
            self.copy_results(values, results, &names, insts);
            return;
        }
        let first = out.blocks.len() as u32 + 1;
        let after = BlockId(first + callee.blocks.len() as u32);
        let head = Block { insts: std::mem::take(insts), end: End::Jump(BlockId(first)), at: self.at, cold };
        out.blocks.push((head, false));
        for block in &callee.blocks {
            let mut body = Vec::with_capacity(block.insts.len() + 1);
            self.copy_insts(block, &names, &mut body);
            let end = match block.end {
                End::Return(values) => {
                    self.copy_results(values, results, &names, &mut body);
                    End::Jump(after)
                }
                mut end => {
                    for operand in end.operands_mut().into_iter().flatten() {
                        *operand = names.operand(*operand);
                    }
                    shift_targets(&mut end, first, &names);
                    end
                }
            };
            let at = names.at(block.at);
            out.blocks.push((Block { insts: body, end, at, cold: cold || block.cold }, false));
        }
    }

    /// Names the callee's registers: parameters are the arguments themselves unless the body writes them.
    fn names(&mut self, call: &Op, insts: &mut Vec<Inst>) -> Names {
        let scope = self.function.scopes.len() as u32 + 1;
        self.function.scopes.push(Scope {
            name: self.callee.name.clone(),
            call: self.at.span,
            parent: self.at.scope,
        });
        for inner in &self.callee.scopes {
            let parent = if inner.parent == 0 { scope } else { scope + inner.parent };
            self.function.scopes.push(Scope { parent, ..inner.clone() });
        }
        let mut written = vec![false; self.callee.regs.len()];
        for block in &self.callee.blocks {
            for inst in &block.insts {
                self.callee.defs(&inst.op, |reg| written[reg.0 as usize] = true);
            }
        }
        let args: Vec<Operand> = self.function.list(call.args()).to_vec();
        let mut regs = Vec::with_capacity(self.callee.regs.len());
        for (index, ty) in self.callee.regs.iter().enumerate() {
            let arg = args.get(index).copied().filter(|_| (index as u32) < self.callee.params);
            // A constant of reference type, and a subtype, keep the parameter's own type by a move.
            let direct = arg.filter(|arg| !written[index] && self.has_type(*arg, *ty));
            regs.push(direct.unwrap_or_else(|| {
                let own = self.function.add_reg(*ty);
                if let Some(src) = arg {
                    insts.push(Inst { op: Op::Move { dst: own, src }, at: self.at });
                }
                own.into()
            }));
        }
        Names { regs, scope, first_inner: scope }
    }

    fn has_type(&self, arg: Operand, ty: lang_bytecode::RegType) -> bool {
        use crate::ir::Const;
        use lang_bytecode::{RegType, TypeId};
        match arg {
            Operand::Reg(reg) => self.function.ty(reg) == ty,
            Operand::Int(_) => ty == RegType::Int,
            Operand::Const(id) => match self.constants.get(id) {
                Const::Int(_) => ty == RegType::Int,
                Const::Float(_) => ty == RegType::Float,
                Const::Str(_) => ty == RegType::Ref(TypeId::STR),
                Const::Null(of) => ty == RegType::RefNull(of),
                Const::Static(of) => ty == RegType::Ref(of),
            },
        }
    }

    fn copy_insts(&mut self, block: &Block, names: &Names, insts: &mut Vec<Inst>) {
        for inst in &block.insts {
            let mut op = inst.op;
            for operand in op.operands_mut().into_iter().flatten() {
                *operand = names.operand(*operand);
            }
            if let Some(dst) = op.dst_mut() {
                *dst = names.reg(*dst);
            }
            match &mut op {
                Op::Call { args, results, .. } => {
                    *args = self.copy_list(*args, names);
                    *results = self.copy_list(*results, names);
                }
                Op::New { args, .. } | Op::ArrayFilled { args, .. } | Op::ArrayLiteral { args, .. } => {
                    *args = self.copy_list(*args, names);
                }
                _ => {}
            }
            insts.push(Inst { op, at: names.at(inst.at) });
        }
    }

    fn copy_list(&mut self, list: List, names: &Names) -> List {
        let callee = self.callee;
        self.function.add_list(callee.list(list).iter().map(|operand| names.operand(*operand)))
    }

    /// Moves the returned values to the call's results. Several go through temporaries: one may be the source of another.
    fn copy_results(&mut self, values: List, results: List, names: &Names, insts: &mut Vec<Inst>) {
        let at = self.at;
        let mut sources: Vec<Operand> = self.callee.list(values).iter().map(|v| names.operand(*v)).collect();
        let targets: Vec<VReg> =
            self.function.list(results).iter().filter_map(|result| result.reg()).collect();
        if sources.len() > 1 {
            for (source, target) in sources.iter_mut().zip(&targets) {
                let ty = self.function.ty(*target);
                let temp = self.function.add_reg(ty);
                insts.push(Inst { op: Op::Move { dst: temp, src: *source }, at });
                *source = temp.into();
            }
        }
        for (src, dst) in sources.into_iter().zip(targets) {
            insts.push(Inst { op: Op::Move { dst, src }, at });
        }
    }
}

fn shift_targets(end: &mut End, first: u32, names: &Names) {
    let shift = |to: &mut BlockId| to.0 += first;
    match end {
        End::Jump(to) => shift(to),
        End::Branch { then, otherwise, .. } => {
            shift(then);
            shift(otherwise);
        }
        End::NonNull { dst, none, some, .. } => {
            *dst = names.reg(*dst);
            shift(none);
            shift(some);
        }
        End::Switch { .. } | End::Return(_) | End::Trap(_) | End::Fail { .. } | End::Halt(_) => {}
    }
}

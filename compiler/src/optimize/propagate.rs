//! Propagates copies and constants, folds, and decides branches: one forward walk.
//!
//! A register with one definition that is a copy of a constant, or of a register with one definition, is that
//! everywhere. Other copies hold within their block, as long as neither side is written again.

use lang_bytecode::RegType;

use super::{flow, fold};
use crate::ir::{Const, Constants, End, Function, Op, Operand, Test, VReg};

/// What is known of a register within the current block.
#[derive(Clone, Copy)]
struct Local {
    /// What it is a copy of.
    value: Operand,
    /// The block in which that holds, counted from 1.
    block: u32,
    /// The version of the register it is a copy of, when the copy was made.
    version: u32,
}

/// A comparison whose result a register holds, for a branch on it.
#[derive(Clone, Copy)]
struct Comparison {
    dst: VReg,
    op: Op,
    versions: [u32; 2],
    own: u32,
}

struct Pass<'a> {
    /// What single-definition registers are copies of everywhere.
    global: Vec<Option<Operand>>,
    local: Vec<Local>,
    /// How often each register was written so far in the walk.
    versions: Vec<u32>,
    constants: &'a mut Constants,
    block: u32,
    comparison: Option<Comparison>,
}

/// Runs the pass; says whether a branch was decided.
pub(super) fn run(function: &mut Function, constants: &mut Constants) -> bool {
    let count = function.regs.len();
    let mut pass = Pass {
        global: global_copies(function),
        local: vec![Local { value: Operand::Int(0), block: 0, version: 0 }; count],
        versions: vec![0; count],
        constants,
        block: 0,
        comparison: None,
    };
    let mut decided = false;
    let mut blocks = std::mem::take(&mut function.blocks);
    for block in &mut blocks {
        pass.block += 1;
        pass.comparison = None;
        for inst in &mut block.insts {
            pass.instruction(function, &mut inst.op);
        }
        decided |= pass.end(function, &mut block.end);
    }
    function.blocks = blocks;
    decided
}

/// For each register with one definition, what that is a copy of.
fn global_copies(function: &Function) -> Vec<Option<Operand>> {
    let defs = super::count_definitions(function);
    let mut global = vec![None; function.regs.len()];
    for inst in function.blocks.iter().flat_map(|block| &block.insts) {
        let Op::Move { dst, src } = inst.op else { continue };
        let stable =
            src.reg().is_none_or(|reg| defs[reg.0 as usize] == 1 && function.ty(reg) == function.ty(dst));
        if defs[dst.0 as usize] == 1 && stable {
            global[dst.0 as usize] = Some(src);
        }
    }
    global
}

impl Pass<'_> {
    /// What an operand is known to be.
    fn resolve(&self, operand: Operand) -> Operand {
        let mut now = operand;
        for _ in 0..8 {
            let Operand::Reg(reg) = now else { break };
            let index = reg.0 as usize;
            let local = self.local[index];
            now = if let Some(value) = self.global[index] {
                value
            } else if local.block == self.block && self.is_current(local) {
                local.value
            } else {
                break;
            };
        }
        now
    }

    fn is_current(&self, local: Local) -> bool {
        local.value.reg().is_none_or(|source| self.versions[source.0 as usize] == local.version)
    }

    fn version(&self, operand: Operand) -> u32 {
        operand.reg().map_or(0, |reg| self.versions[reg.0 as usize])
    }

    fn instruction(&mut self, function: &mut Function, op: &mut Op) {
        for operand in op.operands_mut().into_iter().flatten() {
            *operand = self.resolve(*operand);
        }
        self.list(function, op.args());
        if let Op::Binary { op: binary, lhs, rhs, .. } = op
            && binary.commutes()
            && lhs.is_const()
        {
            std::mem::swap(lhs, rhs);
        }
        if let Op::NonNull { dst, src } = *op
            && self.is_never_null(function, src)
        {
            *op = Op::Move { dst, src };
        }
        if let Some(value) = fold::fold(op, self.constants)
            && let Some(dst) = op.dst()
        {
            *op = Op::Move { dst, src: value };
        }
        let results = op.results();
        for index in results.range() {
            if let Operand::Reg(reg) = function.pool[index] {
                self.written(reg);
            }
        }
        let Some(dst) = op.dst() else { return };
        self.written(dst);
        match *op {
            Op::Move { src, .. } if src != Operand::Reg(dst) => {
                let same_type = src.reg().is_none_or(|reg| function.ty(reg) == function.ty(dst));
                if same_type {
                    let version = self.version(src);
                    self.local[dst.0 as usize] = Local { value: src, block: self.block, version };
                }
            }
            Op::Binary { op: binary, lhs, rhs, .. } if Test::of_comparison(binary).is_some() => {
                let versions = [self.version(lhs), self.version(rhs)];
                self.comparison = Some(Comparison { dst, op: *op, versions, own: self.version(dst.into()) });
            }
            _ => {}
        }
    }

    /// Whether an operand's own type says that it is not null.
    fn is_never_null(&self, function: &Function, operand: Operand) -> bool {
        match operand {
            Operand::Reg(reg) => matches!(function.ty(reg), RegType::Ref(_)),
            Operand::Const(id) => matches!(self.constants.get(id), Const::Str(_) | Const::Static(_)),
            Operand::Int(_) => false,
        }
    }

    fn written(&mut self, reg: VReg) {
        self.versions[reg.0 as usize] += 1;
        self.local[reg.0 as usize].block = 0;
    }

    fn list(&mut self, function: &mut Function, list: crate::ir::List) {
        for index in list.range() {
            function.pool[index] = self.resolve(function.pool[index]);
        }
    }

    fn end(&mut self, function: &mut Function, end: &mut End) -> bool {
        for operand in end.operands_mut().into_iter().flatten() {
            *operand = self.resolve(*operand);
        }
        self.list(function, end.args());
        if let End::Branch { test, lhs, rhs, .. } = end {
            if lhs.is_const()
                && !rhs.is_const()
                && let Some(swapped) = test.swapped()
            {
                std::mem::swap(lhs, rhs);
                *test = swapped;
            }
            self.fuse(test, lhs, rhs);
        }
        if let End::Switch { index, table } = *end
            && let Some(index) = self.constants.as_int(index)
        {
            let targets = &function.tables[table as usize];
            let Some((&last, listed)) = targets.split_last() else { return false };
            *end =
                End::Jump(usize::try_from(index).ok().and_then(|i| listed.get(i)).copied().unwrap_or(last));
            return true;
        }
        let Some(holds) = flow::fold_branch(end, self.constants) else {
            return false;
        };
        if let End::Branch { then, otherwise, .. } = *end {
            *end = End::Jump(if holds { then } else { otherwise });
        }
        true
    }

    /// Lets a branch on the result of a comparison make the comparison itself.
    fn fuse(&self, test: &mut Test, lhs: &mut Operand, rhs: &mut Operand) {
        let Some(comparison) = self.comparison else { return };
        let wanted = match (*test, *rhs) {
            (Test::INe, Operand::Int(0)) | (Test::IEq, Operand::Int(1)) => true,
            (Test::IEq, Operand::Int(0)) | (Test::INe, Operand::Int(1)) => false,
            _ => return,
        };
        let Op::Binary { op, lhs: a, rhs: b, .. } = comparison.op else { return };
        let unchanged = [self.version(a), self.version(b)] == comparison.versions
            && self.version(comparison.dst.into()) == comparison.own;
        if *lhs != Operand::Reg(comparison.dst) || !unchanged {
            return;
        }
        let Some(direct) = Test::of_comparison(op) else { return };
        *test = if wanted { direct } else { direct.negated() };
        (*lhs, *rhs) = (a, b);
        if let Some(swapped) = test.swapped()
            && a.is_const()
        {
            *test = swapped;
            (*lhs, *rhs) = (b, a);
        }
    }
}

//! Common subexpressions: what was computed before, on the only way here, is not computed again.
//!
//! An entry holds along chains of blocks with one predecessor each, while its operands and its result are not written
//! again and, for what reads memory, nothing wrote there.

use lang_bytecode::{RegType, Storage, TypeDef};
use rustc_hash::FxHashMap;

use crate::ir::{Function, Op, Operand, UnaryOp, VReg};

/// How many blocks up the chain an entry is looked for.
const MAX_CHAIN: usize = 8;

/// What memory an operation reads.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reads {
    Nothing,
    Field(u16),
    Elements,
    Lengths,
    Global(u32),
}

/// A value that was computed.
#[derive(Clone, Copy)]
struct Entry {
    result: VReg,
    /// The versions of its operands and of the result.
    versions: [u32; 4],
    memory: u32,
    block: u32,
}

struct Pass {
    table: FxHashMap<Op, Entry>,
    /// How often each register was written so far in the walk.
    versions: Vec<u32>,
    /// When what is read last changed, as a number that only grows.
    clock: u32,
    calls: u32,
    elements: u32,
    lengths: u32,
    fields: FxHashMap<u16, u32>,
    globals: FxHashMap<u32, u32>,
    /// For each block its only predecessor.
    above: Vec<Option<u32>>,
    /// Whether each register has one definition.
    single: Vec<bool>,
    /// For registers that turned out to be copies: of what, both with one definition.
    same: Vec<Option<VReg>>,
}

/// Runs the pass; says whether something was found.
pub(super) fn run(function: &mut Function, types: &[TypeDef]) -> bool {
    let mut pass = Pass {
        table: FxHashMap::default(),
        versions: vec![0; function.regs.len()],
        clock: 1,
        calls: 0,
        elements: 0,
        lengths: 0,
        fields: FxHashMap::default(),
        globals: FxHashMap::default(),
        above: only_predecessors(function),
        single: super::count_definitions(function).into_iter().map(|count| count == 1).collect(),
        same: vec![None; function.regs.len()],
    };
    let mut found = false;
    let mut blocks = std::mem::take(&mut function.blocks);
    for (number, block) in blocks.iter_mut().enumerate() {
        for inst in &mut block.insts {
            found |= pass.instruction(function, &mut inst.op, number as u32);
            pass.remember_store(function, types, &inst.op, number as u32);
        }
        if let Some(dst) = block.end.dst() {
            pass.versions[dst.0 as usize] += 1;
        }
    }
    function.blocks = blocks;
    found
}

fn only_predecessors(function: &Function) -> Vec<Option<u32>> {
    let mut above = vec![None; function.blocks.len()];
    let mut several = vec![false; function.blocks.len()];
    if let Some(first) = several.first_mut() {
        *first = true;
    }
    for (number, block) in function.blocks.iter().enumerate() {
        function.successors(&block.end, |to| {
            let to = to.0 as usize;
            several[to] |= above[to].is_some();
            above[to] = Some(number as u32);
        });
    }
    above.into_iter().zip(several).map(|(above, several)| above.filter(|_| !several)).collect()
}

impl Pass {
    fn instruction(&mut self, function: &Function, op: &mut Op, block: u32) -> bool {
        let Some(reads) = reads(op) else {
            self.clobber(op);
            function.defs(op, |reg| self.versions[reg.0 as usize] += 1);
            return false;
        };
        let Some(dst) = op.dst() else { return false };
        for operand in op.operands_mut().into_iter().flatten() {
            if let Operand::Reg(reg) = *operand
                && let Some(same) = self.same[reg.0 as usize]
            {
                *operand = same.into();
            }
        }
        // `i += 1` stays as it is: a loop's end is made of it.
        if op.operands().iter().flatten().any(|operand| operand.reg() == Some(dst)) {
            self.versions[dst.0 as usize] += 1;
            return false;
        }
        let key = without_result(*op);
        let memory = self.changed(reads);
        if let Some(entry) = self.table.get(&key)
            && entry.memory == memory
            && entry.versions == self.versions_of(&key, entry.result)
            && function.ty(entry.result) == function.ty(dst)
            && self.is_above(entry.block, block)
        {
            let src = entry.result.into();
            *op = Op::Move { dst, src };
            self.versions[dst.0 as usize] += 1;
            if self.single[dst.0 as usize] && self.single[entry.result.0 as usize] {
                self.same[dst.0 as usize] = Some(entry.result);
            }
            return true;
        }
        self.versions[dst.0 as usize] += 1;
        let versions = self.versions_of(&key, dst);
        self.table.insert(key, Entry { result: dst, versions, memory, block });
        false
    }

    /// What was stored is what a read of the same place gives, where memory keeps all of it.
    fn remember_store(&mut self, function: &Function, types: &[TypeDef], op: &Op, block: u32) {
        let dst = VReg(0);
        let (key, src, reads) = match *op {
            Op::GlobalSet { global, src } => (Op::GlobalGet { dst, global }, src, Reads::Global(global)),
            Op::FieldSet { object, src, field } if keeps_all(function, types, object, Some(field)) => {
                (Op::FieldGet { dst, object, field, constant: false }, src, Reads::Field(field))
            }
            Op::ArraySet { array, index, src } if keeps_all(function, types, array, None) => {
                (Op::ArrayGet { dst, array, index }, src, Reads::Elements)
            }
            _ => return,
        };
        let Operand::Reg(result) = src else { return };
        let (versions, memory) = (self.versions_of(&key, result), self.changed(reads));
        self.table.insert(key, Entry { result, versions, memory, block });
    }

    fn versions_of(&self, key: &Op, result: VReg) -> [u32; 4] {
        let version = |operand: Option<Operand>| match operand {
            Some(Operand::Reg(reg)) => self.versions[reg.0 as usize],
            _ => 0,
        };
        let [a, b, c] = key.operands();
        [version(a), version(b), version(c), self.versions[result.0 as usize]]
    }

    /// When what is read last changed.
    fn changed(&self, reads: Reads) -> u32 {
        let own = match reads {
            Reads::Nothing => return 0,
            Reads::Field(field) => self.fields.get(&field).copied().unwrap_or(0),
            Reads::Elements => self.elements,
            Reads::Lengths => self.lengths,
            Reads::Global(global) => self.globals.get(&global).copied().unwrap_or(0),
        };
        own.max(self.calls)
    }

    /// Notes what an operation writes to memory.
    fn clobber(&mut self, op: &Op) {
        self.clock += 1;
        match *op {
            Op::Call { .. } => self.calls = self.clock,
            Op::FieldSet { field, .. } => {
                self.fields.insert(field, self.clock);
            }
            Op::ArraySet { .. } | Op::ArraySwap { .. } => self.elements = self.clock,
            Op::ArrayPush { .. } | Op::ArrayPop { .. } => {
                self.elements = self.clock;
                self.lengths = self.clock;
            }
            Op::GlobalSet { global, .. } => {
                self.globals.insert(global, self.clock);
            }
            _ => {}
        }
    }

    /// Whether every way to a block comes through another one, by predecessors that are the only ones.
    fn is_above(&self, ancestor: u32, block: u32) -> bool {
        let mut at = block;
        for _ in 0..MAX_CHAIN {
            if at == ancestor {
                return true;
            }
            match self.above[at as usize] {
                Some(next) => at = next,
                None => return false,
            }
        }
        false
    }
}

/// Whether a field of an object, or the elements of an array, hold a register's whole value.
fn keeps_all(function: &Function, types: &[TypeDef], holder: Operand, field: Option<u16>) -> bool {
    let Operand::Reg(reg) = holder else { return false };
    let (RegType::Ref(id) | RegType::RefNull(id)) = function.ty(reg) else { return false };
    let storage = match (types.get(id.0 as usize), field) {
        (Some(TypeDef::Struct { fields, .. }), Some(field)) => {
            fields.get(field as usize).map(|field| field.storage)
        }
        (Some(TypeDef::Array(storage)), None) => Some(*storage),
        _ => None,
    };
    storage.is_some_and(|storage| !matches!(storage, Storage::Narrow(_) | Storage::F32))
}

/// What an operation reads, if it may be found again; operations that trap may: they did not the first time.
fn reads(op: &Op) -> Option<Reads> {
    match *op {
        Op::Unary { op: UnaryOp::IsNull, .. } => None,
        Op::Unary { .. } | Op::Binary { .. } | Op::Narrow { .. } | Op::Wrap { .. } | Op::Tag { .. } => {
            Some(Reads::Nothing)
        }
        Op::Cast { .. } | Op::NonNull { .. } | Op::StrByte { .. } => Some(Reads::Nothing),
        Op::FieldGet { constant: true, .. } => Some(Reads::Nothing),
        Op::FieldGet { field, .. } => Some(Reads::Field(field)),
        Op::ArrayGet { .. } => Some(Reads::Elements),
        Op::ArrayLen { .. } => Some(Reads::Lengths),
        Op::GlobalGet { global, .. } => Some(Reads::Global(global)),
        _ => None,
    }
}

fn without_result(mut op: Op) -> Op {
    if let Some(dst) = op.dst_mut() {
        *dst = VReg(0);
    }
    op
}

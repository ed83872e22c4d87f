//! Functions: blocks over typed virtual registers.

use lang_bytecode::RegType;

use super::{At, BlockId, End, Inst, List, Op, Operand, VReg};
use crate::source::Span;

/// A straight run of instructions.
#[derive(Clone, PartialEq, Debug)]
pub struct Block {
    /// What it does.
    pub insts: Vec<Inst>,
    /// How it ends.
    pub end: End,
    /// What its end comes from.
    pub at: At,
    /// Whether it runs seldom: it ends in a runtime error, or leads to nothing else.
    pub cold: bool,
}

/// A call that was inlined.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Scope {
    /// The name of the function that was called.
    pub name: std::rc::Rc<str>,
    /// The place of the call.
    pub call: Span,
    /// The scope that the call stands in, counted as in [`At::scope`].
    pub parent: u32,
}

/// A function's body. The first block is where it begins; the order of blocks is the order of the code.
///
/// A variable of the source is one register with many definitions, a temporary has one. Every path to a
/// read passes a definition, but for the payload of an option or result whose tag says that it is not there.
#[derive(Clone, PartialEq, Debug)]
pub struct Function {
    /// Its name, for people: `Board.place`.
    pub name: std::rc::Rc<str>,
    /// How many of the first registers are parameters.
    pub params: u32,
    /// The types of its results.
    pub results: Vec<RegType>,
    /// The types of its registers.
    pub regs: Vec<RegType>,
    /// Its blocks.
    pub blocks: Vec<Block>,
    /// Lists of arguments, results and returned values.
    pub pool: Vec<Operand>,
    /// The targets of switches; the last one is where an index outside goes.
    pub tables: Vec<Vec<BlockId>>,
    /// The calls that were inlined.
    pub scopes: Vec<Scope>,
}

impl Function {
    /// A function with an empty first block that ends in a trap, to be filled.
    pub fn new(name: std::rc::Rc<str>, params: &[RegType], results: Vec<RegType>) -> Function {
        let mut function = Function {
            name,
            params: params.len() as u32,
            results,
            regs: params.to_vec(),
            blocks: Vec::new(),
            pool: Vec::new(),
            tables: Vec::new(),
            scopes: Vec::new(),
        };
        function.add_block();
        function
    }

    /// A new register.
    pub fn add_reg(&mut self, ty: RegType) -> VReg {
        self.regs.push(ty);
        VReg(self.regs.len() as u32 - 1)
    }

    /// A new block, after the others, that ends in a trap until it is told otherwise.
    pub fn add_block(&mut self) -> BlockId {
        self.blocks.push(Block {
            insts: Vec::new(),
            end: End::Trap(lang_bytecode::TrapKind::Unreachable),
            at: At::default(),
            cold: false,
        });
        BlockId(self.blocks.len() as u32 - 1)
    }

    /// Puts operands into the pool.
    pub fn add_list(&mut self, operands: impl IntoIterator<Item = Operand>) -> List {
        let start = self.pool.len() as u32;
        self.pool.extend(operands);
        List { start, len: self.pool.len() as u32 - start }
    }

    /// The operands of a list.
    pub fn list(&self, list: List) -> &[Operand] {
        &self.pool[list.range()]
    }

    /// A block.
    pub fn block(&self, id: BlockId) -> &Block {
        &self.blocks[id.0 as usize]
    }

    /// A block, to change it.
    pub fn block_mut(&mut self, id: BlockId) -> &mut Block {
        &mut self.blocks[id.0 as usize]
    }

    /// A register's type.
    pub fn ty(&self, reg: VReg) -> RegType {
        self.regs[reg.0 as usize]
    }

    /// Calls `visit` with every register that an instruction reads.
    #[inline]
    pub fn uses(&self, op: &Op, mut visit: impl FnMut(VReg)) {
        for operand in op.operands().into_iter().flatten() {
            operand.reg().map(&mut visit);
        }
        for operand in self.list(op.args()) {
            operand.reg().map(&mut visit);
        }
    }

    /// Calls `visit` with every register that an instruction writes.
    #[inline]
    pub fn defs(&self, op: &Op, mut visit: impl FnMut(VReg)) {
        op.dst().map(&mut visit);
        for operand in self.list(op.results()) {
            operand.reg().map(&mut visit);
        }
    }

    /// Calls `visit` with every register that the end of a block reads.
    #[inline]
    pub fn end_uses(&self, end: &End, mut visit: impl FnMut(VReg)) {
        for operand in end.operands().into_iter().flatten() {
            operand.reg().map(&mut visit);
        }
        for operand in self.list(end.args()) {
            operand.reg().map(&mut visit);
        }
    }

    /// Calls `visit` with every block that the end of a block may continue at.
    #[inline]
    pub fn successors(&self, end: &End, mut visit: impl FnMut(BlockId)) {
        match *end {
            End::Jump(to) => visit(to),
            End::Branch { then, otherwise, .. } => {
                visit(then);
                visit(otherwise);
            }
            End::NonNull { none, some, .. } => {
                visit(none);
                visit(some);
            }
            End::Switch { table, .. } => {
                if let Some(targets) = self.tables.get(table as usize) {
                    targets.iter().copied().for_each(visit);
                }
            }
            End::Return(_) | End::Trap(_) | End::Fail { .. } | End::Halt(_) => {}
        }
    }

    /// Replaces every target of the end of a block.
    pub fn retarget(&mut self, block: BlockId, mut new: impl FnMut(BlockId) -> BlockId) {
        let mut end = self.block(block).end;
        match &mut end {
            End::Jump(to) => *to = new(*to),
            End::Branch { then, otherwise, .. } => {
                *then = new(*then);
                *otherwise = new(*otherwise);
            }
            End::NonNull { none, some, .. } => {
                *none = new(*none);
                *some = new(*some);
            }
            End::Switch { table, .. } => {
                for target in self.tables.get_mut(*table as usize).into_iter().flatten() {
                    *target = new(*target);
                }
            }
            End::Return(_) | End::Trap(_) | End::Fail { .. } | End::Halt(_) => {}
        }
        self.block_mut(block).end = end;
    }

    /// How many instructions there are, ends of blocks counted.
    pub fn size(&self) -> usize {
        self.blocks.iter().map(|block| block.insts.len() + 1).sum()
    }
}

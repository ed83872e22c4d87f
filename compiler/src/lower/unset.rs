//! Globals that may be read before they are set, where that is a runtime error.
//!
//! A reference that is not set is null, and reading it traps by itself. For numbers, this walks what a run does before it sets each
//! global; those that may be read too early get a reference beside them that is set with them and read before them.

use lang_bytecode::{FuncId, Global, RegType, TypeDef, TypeId};

use super::{Lower, Start};
use crate::ir::{Callee, Inst, Op, Program};

/// What a run may have read and set up to some point.
struct Walk<'a> {
    program: &'a Program,
    set: Vec<bool>,
    early: Vec<bool>,
    seen: Vec<bool>,
    /// Whether closures and trait objects may have been called.
    indirect: bool,
}

impl Lower<'_> {
    /// Guards the globals that may be read too early.
    pub(super) fn guard_globals(&mut self, start: Start<'_>) {
        let count = self.out.globals.len();
        let is_number = |global: &Global| matches!(global.ty, RegType::Int | RegType::Float);
        if !self.out.globals.iter().any(is_number) {
            return;
        }
        let mut walk = Walk {
            program: &self.out,
            set: self.set_before(start),
            early: vec![false; count],
            seen: vec![false; self.out.functions.len()],
            indirect: false,
        };
        walk.in_order(self.out.entry);
        let mut early = walk.early;
        for (early, global) in early.iter_mut().zip(&self.out.globals) {
            *early &= is_number(global);
        }
        if early.contains(&true) {
            self.add_guards(&early);
        }
    }

    /// The globals that were set before the run, in a session.
    fn set_before(&self, start: Start<'_>) -> Vec<bool> {
        let mut set = vec![false; self.out.globals.len()];
        for (index, global) in self.program.globals.iter().enumerate() {
            let first = self.first_global[index] as usize;
            let end = self.first_global.get(index + 1).map_or(set.len(), |next| *next as usize);
            set[first..end].fill(start.ran(global.module));
        }
        set
    }

    fn add_guards(&mut self, early: &[bool]) {
        let mut guards: Vec<Option<u32>> = Vec::with_capacity(early.len());
        for (index, &early) in early.iter().enumerate() {
            guards.push(early.then(|| {
                let name = self.out.globals[index].name.clone();
                self.out.globals.push(Global { name, ty: RegType::Ref(TypeId::STR) });
                self.out.globals.len() as u32 - 1
            }));
        }
        let set = self.out.constants.string("");
        for function in &mut self.out.functions {
            let mut blocks = std::mem::take(&mut function.blocks);
            for block in &mut blocks {
                let mut insts = Vec::with_capacity(block.insts.len());
                for inst in std::mem::take(&mut block.insts) {
                    match inst.op {
                        Op::GlobalGet { global, .. } => {
                            if let Some(Some(guard)) = guards.get(global as usize) {
                                let dst = function.add_reg(RegType::Ref(TypeId::STR));
                                insts.push(Inst { op: Op::GlobalGet { dst, global: *guard }, at: inst.at });
                            }
                            insts.push(inst);
                        }
                        Op::GlobalSet { global, .. } => {
                            insts.push(inst);
                            if let Some(Some(guard)) = guards.get(global as usize) {
                                insts.push(Inst {
                                    op: Op::GlobalSet { global: *guard, src: set },
                                    at: inst.at,
                                });
                            }
                        }
                        _ => insts.push(inst),
                    }
                }
                block.insts = insts;
            }
            function.blocks = blocks;
        }
    }
}

impl Walk<'_> {
    /// Walks the entry function and the initialisers that it calls, in the order of the run.
    fn in_order(&mut self, entry: FuncId) {
        let program = self.program;
        let Some(entry) = program.functions.get(entry.0 as usize) else { return };
        for inst in entry.blocks.iter().flat_map(|block| &block.insts) {
            let Op::Call { callee: Callee::Function(id), .. } = inst.op else { continue };
            let Some(function) = program.functions.get(id.0 as usize) else { continue };
            for inst in function.blocks.iter().flat_map(|block| &block.insts) {
                self.instruction(&inst.op);
            }
        }
    }

    fn instruction(&mut self, op: &Op) {
        match *op {
            Op::GlobalGet { global, .. } => self.early[global as usize] |= !self.set[global as usize],
            Op::GlobalSet { global, .. } => self.set[global as usize] = true,
            Op::Call { callee: Callee::Function(id), .. } => self.reach(vec![id]),
            Op::Call { callee: Callee::Closure(_) | Callee::Virtual(_), .. } if !self.indirect => {
                self.indirect = true;
                let functions = self.program.types.iter().flat_map(|ty| match ty {
                    TypeDef::Closure { function, .. } => vec![*function],
                    TypeDef::Trait { impls, .. } => impls.iter().flat_map(|(_, row)| row.clone()).collect(),
                    _ => Vec::new(),
                });
                let functions = functions.collect();
                self.reach(functions);
            }
            _ => {}
        }
    }

    /// Everything that these functions reach may read globals now.
    fn reach(&mut self, mut work: Vec<FuncId>) {
        let program = self.program;
        while let Some(id) = work.pop() {
            let Some(seen) = self.seen.get_mut(id.0 as usize) else { continue };
            if std::mem::replace(seen, true) {
                continue;
            }
            for inst in program.functions[id.0 as usize].blocks.iter().flat_map(|block| &block.insts) {
                match inst.op {
                    Op::GlobalGet { global, .. } => self.early[global as usize] |= !self.set[global as usize],
                    Op::Call { callee: Callee::Function(id), .. } => work.push(id),
                    Op::Call { callee: Callee::Closure(_) | Callee::Virtual(_), .. } => {
                        self.instruction(&inst.op)
                    }
                    _ => {}
                }
            }
        }
    }
}

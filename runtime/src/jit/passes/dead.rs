//! What is never reached or never used goes.

use crate::jit::ir::{Block, Function, Op, Term, Value};

/// Empties blocks that no path from the entry leads to.
pub(super) fn unreachable(func: &mut Function) {
    let mut reached = vec![false; func.blocks.len()];
    let mut open = vec![Block(0)];
    while let Some(block) = open.pop() {
        if !std::mem::replace(&mut reached[block.0 as usize], true) {
            open.extend(func.data(block).term.edges().into_iter().map(|edge| edge.to));
        }
    }
    for (data, reached) in func.blocks.iter_mut().zip(reached) {
        if !reached {
            data.insts.clear();
            data.params.clear();
            data.term = Term::Trap { values: [None; 2] };
        }
    }
}

/// Makes branches jumps whose way is known; whether there were any.
pub(super) fn decided(func: &mut Function) -> bool {
    let mut constants: Vec<Option<i64>> = vec![None; func.types.len()];
    for inst in func.blocks.iter().flat_map(|block| &block.insts) {
        if let (Op::Const(number), [result]) = (&inst.op, &inst.results[..]) {
            constants[result.0 as usize] = Some(*number);
        }
    }
    let mut changed = false;
    for block in &mut func.blocks {
        let way = match &block.term {
            Term::Branch { cond, then, other } => {
                constants[cond.0 as usize].map(|cond| if cond != 0 { then } else { other })
            }
            Term::Switch { index, targets, default } => constants[index.0 as usize].map(|index| {
                usize::try_from(index).ok().and_then(|index| targets.get(index)).unwrap_or(default)
            }),
            _ => None,
        };
        if let Some(edge) = way.cloned() {
            block.term = Term::Jump(edge);
            changed = true;
        }
    }
    changed
}

/// Drops operations, parameters and relocations whose values are not used.
pub(super) fn unused(func: &mut Function) {
    let used = Uses::find(func);
    for block in &mut func.blocks {
        block
            .insts
            .retain(|inst| !inst.op.is_droppable() || inst.results.iter().any(|value| used.has(*value)));
        for inst in &mut block.insts {
            inst.moved.retain(|(_, after)| used.has(*after));
        }
    }
    let keeps: Vec<Vec<bool>> = func
        .blocks
        .iter()
        .enumerate()
        .map(|(index, block)| block.params.iter().map(|param| index == 0 || used.has(*param)).collect())
        .collect();
    for (block, keep) in func.blocks.iter_mut().zip(&keeps) {
        let mut keep = keep.iter();
        block.params.retain(|_| *keep.next().unwrap_or(&true));
        for edge in block.term.edges_mut() {
            let mut keep = keeps[edge.to.0 as usize].iter();
            edge.args.retain(|_| *keep.next().unwrap_or(&true));
        }
    }
}

/// Which values something needs.
struct Uses {
    used: Vec<bool>,
    open: Vec<Value>,
}

impl Uses {
    fn has(&self, value: Value) -> bool {
        self.used[value.0 as usize]
    }

    fn need(&mut self, value: Value) {
        if !std::mem::replace(&mut self.used[value.0 as usize], true) {
            self.open.push(value);
        }
    }

    /// Follows needs from what has effects.
    fn find(func: &Function) -> Uses {
        let mut uses = Uses { used: vec![false; func.types.len()], open: Vec::new() };
        let needs = Needs::of(func);
        for block in &func.blocks {
            for inst in block.insts.iter().filter(|inst| !inst.op.is_droppable()) {
                inst.op.for_each_operand(|value| uses.need(value));
            }
            let mut term = block.term.clone();
            term.map_operands(|value| {
                uses.need(value);
                value
            });
        }
        while let Some(value) = uses.open.pop() {
            for needed in &needs.0[value.0 as usize] {
                uses.need(*needed);
            }
        }
        uses
    }
}

/// For each value what it is made of.
struct Needs(Vec<Vec<Value>>);

impl Needs {
    fn of(func: &Function) -> Needs {
        let mut needs = vec![Vec::new(); func.types.len()];
        for block in &func.blocks {
            for inst in &block.insts {
                if inst.op.is_droppable() {
                    for result in &inst.results {
                        inst.op.for_each_operand(|value| needs[result.0 as usize].push(value));
                    }
                }
                for (before, after) in &inst.moved {
                    needs[after.0 as usize].push(*before);
                }
            }
            for edge in block.term.edges() {
                for (param, arg) in func.data(edge.to).params.iter().zip(&edge.args) {
                    needs[param.0 as usize].push(*arg);
                }
            }
        }
        Needs(needs)
    }
}

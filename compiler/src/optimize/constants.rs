//! Puts constants that no immediate form takes into registers: before the outermost loop they are used in, or before their use.

use rustc_hash::FxHashMap;

use super::{flow, immediate, loops};
use crate::ir::{At, Block, BlockId, Constants, End, Function, Inst, Op, Operand, VReg};

/// A loop's constants.
#[derive(Default)]
struct Hoisted {
    regs: FxHashMap<Operand, VReg>,
    moves: Vec<Inst>,
}

struct Pass<'a> {
    constants: &'a Constants,
    hoisted: Vec<Hoisted>,
    /// Constants that the current block has put into registers.
    local: FxHashMap<Operand, VReg>,
}

/// Runs the pass. Afterwards an instruction's own operands are registers or immediates; lists may hold any constants.
pub(super) fn run(function: &mut Function, constants: &Constants) {
    let loops = loops::outermost(function);
    let mut hoisted = Vec::new();
    hoisted.resize_with(loops.len(), Hoisted::default);
    let mut pass = Pass { constants, hoisted, local: FxHashMap::default() };
    let mut at_loop = loops.iter().enumerate().peekable();
    for index in 0..function.blocks.len() {
        while at_loop.peek().is_some_and(|(_, inner)| inner.last < index) {
            at_loop.next();
        }
        let inside = at_loop.peek().filter(|(_, inner)| inner.first <= index && inner.entered_at_first);
        let home = inside.map(|(number, _)| *number).filter(|_| !function.blocks[index].cold);
        pass.block(function, index, home);
    }
    let mut preheaders: Vec<(usize, Vec<Inst>)> = Vec::new();
    for (inner, hoisted) in loops.iter().zip(pass.hoisted) {
        if !hoisted.moves.is_empty() {
            preheaders.push((inner.first, hoisted.moves));
        }
    }
    if !preheaders.is_empty() {
        insert_preheaders(function, &loops, preheaders);
        flow::simplify(function);
    }
}

impl Pass<'_> {
    fn block(&mut self, function: &mut Function, index: usize, home: Option<usize>) {
        self.local.clear();
        let illegal = |op: &Op| {
            op.operands().into_iter().enumerate().any(|(number, operand)| {
                operand.is_some_and(|operand| operand.is_const() && !immediate::takes(op, number))
            })
        };
        if function.blocks[index].insts.iter().any(|inst| illegal(&inst.op)) {
            let old = std::mem::take(&mut function.blocks[index].insts);
            let mut insts = Vec::with_capacity(old.len() + 4);
            for mut inst in old {
                let before = inst.op;
                for (number, operand) in inst.op.operands_mut().into_iter().enumerate() {
                    if let Some(operand) = operand
                        && operand.is_const()
                        && !immediate::takes(&before, number)
                    {
                        *operand = self.place(function, *operand, home, inst.at, &mut insts).into();
                    }
                }
                insts.push(inst);
            }
            function.blocks[index].insts = insts;
        }
        let mut end = function.blocks[index].end;
        let before = end;
        let at = function.blocks[index].at;
        let mut insts = std::mem::take(&mut function.blocks[index].insts);
        for (number, operand) in end.operands_mut().into_iter().enumerate() {
            if let Some(operand) = operand
                && operand.is_const()
                && !immediate::end_takes(&before, number)
            {
                *operand = self.place(function, *operand, home, at, &mut insts).into();
            }
        }
        function.blocks[index].end = end;
        function.blocks[index].insts = insts;
    }

    /// A register that holds the constant here.
    fn place(
        &mut self,
        function: &mut Function,
        constant: Operand,
        home: Option<usize>,
        at: At,
        insts: &mut Vec<Inst>,
    ) -> VReg {
        let (regs, moves) = match home {
            Some(number) => {
                let hoisted = &mut self.hoisted[number];
                (&mut hoisted.regs, &mut hoisted.moves)
            }
            None => (&mut self.local, insts),
        };
        *regs.entry(constant).or_insert_with(|| {
            let dst = function.add_reg(immediate::register_type(constant, self.constants));
            moves.push(Inst { op: Op::Move { dst, src: constant }, at });
            dst
        })
    }
}

/// Puts a block before the first block of each of these loops; edges from outside lead there.
pub(super) fn insert_preheaders(
    function: &mut Function,
    loops: &[loops::Loop],
    preheaders: Vec<(usize, Vec<Inst>)>,
) {
    let mut order = Vec::with_capacity(function.blocks.len() + preheaders.len());
    let mut new_at: FxHashMap<usize, BlockId> = FxHashMap::default();
    let count = function.blocks.len();
    for (first, insts) in preheaders {
        new_at.insert(first, BlockId(function.blocks.len() as u32));
        let at = insts.first().map_or_else(At::default, |inst| inst.at);
        function.blocks.push(Block { insts, end: End::Jump(BlockId(first as u32)), at, cold: false });
    }
    let mut at_loop = loops.iter().peekable();
    for index in 0..count {
        while at_loop.peek().is_some_and(|inner| inner.last < index) {
            at_loop.next();
        }
        let inside = at_loop.peek().filter(|inner| inner.first <= index).map(|inner| inner.first);
        function.retarget(BlockId(index as u32), |to| match new_at.get(&(to.0 as usize)) {
            Some(&new) if inside != Some(to.0 as usize) => new,
            _ => to,
        });
        order.extend(new_at.get(&index).map(|new| new.0 as usize));
        order.push(index);
    }
    flow::reorder(function, &order);
}

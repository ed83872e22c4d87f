//! Puts constants that no immediate form takes into registers: before the outermost loop they are used in, or before their use.

use rustc_hash::FxHashMap;

use super::{immediate, loops};
use crate::ir::{At, Constants, Function, Inst, Op, Operand, VReg};

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
        let inside = at_loop.peek().filter(|(_, inner)| inner.first <= index && inner.entry.is_some());
        let home = inside.map(|(number, _)| *number).filter(|_| !function.blocks[index].cold);
        pass.block(function, index, home);
    }
    let preheaders: Vec<Vec<Inst>> = pass.hoisted.into_iter().map(|hoisted| hoisted.moves).collect();
    loops::insert_preheaders(function, &loops, preheaders);
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

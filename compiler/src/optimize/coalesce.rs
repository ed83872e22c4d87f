//! Redundant moves: `t = a + b; … x = t` becomes `x = a + b` where nothing between touches `x` and nothing else
//! reads `t`.

use super::dead;
use crate::ir::{Function, Op, Operand, VReg};

/// Where a register was last touched in the current block.
#[derive(Clone, Copy, Default)]
struct Touch {
    /// The block, counted from 1.
    block: u32,
    /// One more than the index of the last instruction that wrote it; 0 for none.
    def: u32,
    /// One more than the index of the last instruction that read it; 0 for none.
    use_: u32,
}

/// Runs the pass.
pub(super) fn run(function: &mut Function) {
    let defs = super::count_definitions(function);
    let mut uses = vec![0u32; function.regs.len()];
    for block in &function.blocks {
        for inst in &block.insts {
            function.uses(&inst.op, |reg| uses[reg.0 as usize] += 1);
        }
        function.end_uses(&block.end, |reg| uses[reg.0 as usize] += 1);
    }
    let mut touches = vec![Touch::default(); function.regs.len()];
    for number in 0..function.blocks.len() {
        let mut removed = false;
        for index in 0..function.blocks[number].insts.len() {
            let stamp = number as u32 + 1;
            let op = function.blocks[number].insts[index].op;
            if let Op::Move { dst, src: Operand::Reg(temp) } = op
                && dst != temp
                && defs[temp.0 as usize] == 1
                && uses[temp.0 as usize] == 1
                && function.ty(dst) == function.ty(temp)
                && let Some(at) = movable(&touches, stamp, dst, temp)
            {
                redirect(function, number, at, temp, dst);
                dead::mark(&mut function.blocks[number].insts[index].op);
                removed = true;
                touch(&mut touches, stamp, dst).def = at as u32 + 1;
                continue;
            }
            function.uses(&op, |reg| touch(&mut touches, stamp, reg).use_ = index as u32 + 1);
            function.defs(&op, |reg| touch(&mut touches, stamp, reg).def = index as u32 + 1);
        }
        if removed {
            function.blocks[number].insts.retain(|inst| !dead::is_marked(&inst.op));
        }
    }
}

fn touch(touches: &mut [Touch], block: u32, reg: VReg) -> &mut Touch {
    let touch = &mut touches[reg.0 as usize];
    if touch.block != block {
        *touch = Touch { block, ..Touch::default() };
    }
    touch
}

/// The index of the instruction that writes `temp`, if it may write `dst` instead.
fn movable(touches: &[Touch], block: u32, dst: VReg, temp: VReg) -> Option<usize> {
    let temp = touches[temp.0 as usize];
    if temp.block != block || temp.def == 0 {
        return None;
    }
    let dst = touches[dst.0 as usize];
    let free = dst.block != block || (dst.def < temp.def && dst.use_ <= temp.def);
    free.then(|| temp.def as usize - 1)
}

fn redirect(function: &mut Function, block: usize, index: usize, from: VReg, to: VReg) {
    let op = &mut function.blocks[block].insts[index].op;
    let results = op.results();
    if let Some(dst) = op.dst_mut()
        && *dst == from
    {
        *dst = to;
    }
    for operand in &mut function.pool[results.range()] {
        if *operand == Operand::Reg(from) {
            *operand = Operand::Reg(to);
        }
    }
}

//! Splitting of live ranges: a variable that is written in a block that leaves the function is a temporary there.
//!
//! So the result of `if … { f(x) } else { … }` is returned from where the call left it.

use crate::ir::{Function, Inst, Operand, VReg};

/// Runs the pass.
pub(super) fn run(function: &mut Function) {
    let defs = super::count_definitions(function);
    // The block in which a register has a new name, counted from 1, and the name.
    let mut names = vec![(0u32, VReg(0)); function.regs.len()];
    for number in 0..function.blocks.len() {
        let mut leaves = true;
        function.successors(&function.blocks[number].end, |_| leaves = false);
        let several = |inst: &Inst| {
            let mut found = false;
            function.defs(&inst.op, |reg| found |= defs[reg.0 as usize] > 1);
            found
        };
        if !leaves || !function.blocks[number].insts.iter().any(several) {
            continue;
        }
        rename(function, number, &defs, &mut names);
    }
}

fn rename(function: &mut Function, number: usize, defs: &[u32], names: &mut [(u32, VReg)]) {
    let stamp = number as u32 + 1;
    let current = |names: &[(u32, VReg)], operand: &mut Operand| {
        if let Operand::Reg(reg) = *operand
            && let Some(&(block, name)) = names.get(reg.0 as usize)
            && block == stamp
        {
            *operand = name.into();
        }
    };
    let mut insts = std::mem::take(&mut function.blocks[number].insts);
    for inst in &mut insts {
        inst.op.operands_mut().into_iter().flatten().for_each(|operand| current(names, operand));
        let args = inst.op.args().range();
        function.pool[args].iter_mut().for_each(|operand| current(names, operand));
        let mut new_name = |function: &mut Function, reg: VReg| {
            if defs.get(reg.0 as usize).is_none_or(|count| *count < 2) {
                return reg;
            }
            let name = function.add_reg(function.ty(reg));
            names[reg.0 as usize] = (stamp, name);
            name
        };
        if let Some(dst) = inst.op.dst_mut() {
            *dst = new_name(function, *dst);
        }
        for index in inst.op.results().range() {
            if let Operand::Reg(reg) = function.pool[index] {
                function.pool[index] = new_name(function, reg).into();
            }
        }
    }
    let mut end = function.blocks[number].end;
    end.operands_mut().into_iter().flatten().for_each(|operand| current(names, operand));
    let args = end.args().range();
    function.pool[args].iter_mut().for_each(|operand| current(names, operand));
    let block = &mut function.blocks[number];
    (block.insts, block.end) = (insts, end);
}

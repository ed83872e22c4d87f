//! Instruction selection: one function's blocks into words.

use lang_bytecode::{Instr, Reg, patch_jump, switch_table, switch_words};

use super::lines::Lines;
use super::registers::{Allocation, Place};
use super::slots::first_slot;
use super::tables::Tables;
use crate::ir::{BinaryOp, BlockId, Callee, End, Function, Inst, List, Op, Operand, Test, UnaryOp, VReg};
use crate::optimize::immediate::small;

/// Why a function cannot be emitted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Failure {
    /// A jump is too far, or a register has too high a number.
    TooLarge,
    /// An operand is a constant where only a register may be: a fault of a pass before.
    Operand,
}

/// A function under way.
pub(super) struct Selector<'a, 'b> {
    function: &'a Function,
    allocation: &'a Allocation,
    tables: &'a mut Tables<'b>,
    lines: &'a mut Lines<'b>,
    code: Vec<u64>,
    /// Jumps whose distance is still open: the word, and the block it leads to.
    jumps: Vec<(usize, BlockId)>,
    /// Jump tables that are still open: the switch, and the table of the function.
    switches: Vec<(usize, u32)>,
    starts: Vec<usize>,
    failure: Option<Failure>,
}

/// Selects the instructions of a function.
pub(super) fn select<'b>(
    function: &Function,
    allocation: &Allocation,
    tables: &mut Tables<'b>,
    lines: &mut Lines<'b>,
) -> Result<Vec<u64>, Failure> {
    let mut selector = Selector {
        function,
        allocation,
        tables,
        lines,
        code: Vec::with_capacity(function.size() + function.size() / 4),
        jumps: Vec::new(),
        switches: Vec::new(),
        starts: Vec::with_capacity(function.blocks.len()),
        failure: None,
    };
    for (number, block) in function.blocks.iter().enumerate() {
        selector.starts.push(selector.code.len());
        for inst in &block.insts {
            selector.inst(inst);
        }
        selector.lines.at(selector.code.len(), block.at);
        selector.end(&block.end, BlockId(number as u32 + 1));
    }
    selector.finish()
}

impl Selector<'_, '_> {
    fn push(&mut self, instr: Instr) {
        self.code.push(instr.encode());
    }

    fn fail(&mut self, failure: Failure) {
        self.failure.get_or_insert(failure);
    }

    fn slot(&mut self, slot: u32) -> Reg {
        let number = self.allocation.registers.len() + slot as usize;
        match u16::try_from(number) {
            Ok(number) => Reg(number),
            Err(_) => {
                self.fail(Failure::TooLarge);
                Reg(0)
            }
        }
    }

    fn reg(&mut self, reg: VReg) -> Reg {
        match self.allocation.places[reg.0 as usize] {
            Place::Reg(number) => Reg(number),
            Place::Slot(slot) => self.slot(u32::from(slot)),
            Place::None => {
                self.fail(Failure::Operand);
                Reg(0)
            }
        }
    }

    fn use_(&mut self, operand: Operand) -> Reg {
        match operand {
            Operand::Reg(reg) => self.reg(reg),
            _ => {
                self.fail(Failure::Operand);
                Reg(0)
            }
        }
    }

    /// Puts an operand into a register.
    fn load(&mut self, dst: Reg, operand: Operand) {
        let instr = match operand {
            Operand::Reg(reg) => {
                let src = self.reg(reg);
                if src == dst {
                    return;
                }
                Instr::Mov { dst, src }
            }
            Operand::Int(value) => Instr::IConst { dst, value },
            Operand::Const(id) => self.tables.constant(dst, id),
        };
        self.push(instr);
    }

    /// Puts arguments into the out slots from `first` on. One that is in another slot is moved before that is overwritten.
    fn arguments(&mut self, list: List, first: u32) {
        let list = &self.function.pool[list.range()];
        let mut waiting: Vec<(u32, u32)> = Vec::new();
        for (place, operand) in list.iter().enumerate() {
            let slot = first + place as u32;
            if let Operand::Reg(reg) = operand
                && let Place::Slot(from) = self.allocation.places[reg.0 as usize]
                && u32::from(from) != slot
            {
                waiting.push((slot, u32::from(from)));
            }
        }
        self.shuffle(waiting, first + list.len() as u32);
        for (place, operand) in list.iter().enumerate() {
            let in_slot = operand
                .reg()
                .is_some_and(|reg| matches!(self.allocation.places[reg.0 as usize], Place::Slot(_)));
            if !in_slot {
                let dst = self.slot(first + place as u32);
                self.load(dst, *operand);
            }
        }
    }

    /// Moves between out slots as if all at once; `scratch` is a slot that no move names.
    fn shuffle(&mut self, mut moves: Vec<(u32, u32)>, scratch: u32) {
        let scratch = moves.iter().fold(scratch, |top, &(_, from)| top.max(from + 1));
        while !moves.is_empty() {
            let free = moves.iter().position(|&(to, _)| moves.iter().all(|&(_, from)| from != to));
            let (to, from) = match free {
                Some(index) => moves.swap_remove(index),
                None => {
                    // A circle: its first source waits in the scratch slot.
                    let from = moves[0].1;
                    moves[0].1 = scratch;
                    (scratch, from)
                }
            };
            let (dst, src) = (self.slot(to), self.slot(from));
            self.push(Instr::Mov { dst, src });
        }
    }

    fn inst(&mut self, inst: &Inst) {
        if !inst.op.is_pure() {
            self.lines.at(self.code.len(), inst.at);
        }
        match inst.op {
            Op::Move { dst, src } => {
                let dst = self.reg(dst);
                self.load(dst, src);
            }
            Op::Unary { op, dst, src } => self.unary(op, dst, src),
            Op::Binary { op, dst, lhs, rhs } => self.binary(op, dst, lhs, rhs),
            Op::Call { callee, args, results } => self.call(callee, args, results),
            Op::New { dst, of, args } => {
                self.arguments(args, first_slot(&inst.op));
                let dst = self.reg(dst);
                self.push(Instr::New { dst, of: of.0 });
            }
            Op::ArrayFilled { dst, of, args } => {
                self.arguments(args, 0);
                let dst = self.reg(dst);
                self.push(Instr::AFilled { dst, of: of.0 });
            }
            Op::ArrayLiteral { dst, of, args } => {
                self.arguments(args, 0);
                let (dst, count) = (self.reg(dst), self.short(args.len));
                self.push(Instr::ALit { dst, count, of: of.0 });
            }
            op => self.plain(op),
        }
    }

    fn short(&mut self, value: u32) -> u16 {
        u16::try_from(value).unwrap_or_else(|_| {
            self.fail(Failure::TooLarge);
            0
        })
    }

    /// Operations that are one instruction on registers.
    fn plain(&mut self, op: Op) {
        let dst = op.dst().map_or(Reg(0), |dst| self.reg(dst));
        let [a, b, c] = op.operands().map(|operand| operand.map_or(Reg(0), |operand| self.use_(operand)));
        let instr = match op {
            Op::Narrow { to, .. } => Instr::Narrow { dst, src: a, to },
            Op::Wrap { to, .. } => Instr::Wrap { dst, src: a, to },
            Op::FieldGet { field, .. } => Instr::FGet { dst, object: a, field },
            Op::FieldSet { field, .. } => Instr::FSet { object: a, src: b, field },
            Op::Tag { .. } => Instr::Tag { dst, object: a },
            Op::Cast { to, .. } => Instr::Cast { dst, src: a, to: to.0 },
            Op::IsType { of, .. } => Instr::IsType { dst, src: a, of: of.0 },
            Op::NonNull { .. } => Instr::NonNull { dst, src: a },
            Op::ArrayNew { of, .. } => Instr::ANew { dst, capacity: a, of: of.0 },
            Op::ArrayLen { .. } => Instr::ALen { dst, array: a },
            Op::ArrayGet { .. } => Instr::AGet { dst, array: a, index: b },
            Op::ArraySet { .. } => Instr::ASet { array: a, index: b, src: c },
            Op::ArrayPush { .. } => Instr::APush { array: a, src: b },
            Op::ArrayPop { .. } => Instr::APop { dst, array: a },
            Op::ArraySwap { .. } => Instr::ASwap { array: a, i: b, j: c },
            Op::StrByte { .. } => Instr::StrByte { dst, src: a, index: b },
            Op::GlobalGet { global, .. } => Instr::GGet { dst, global },
            Op::GlobalSet { global, .. } => Instr::GSet { src: a, global },
            Op::Move { .. }
            | Op::Unary { .. }
            | Op::Binary { .. }
            | Op::Call { .. }
            | Op::New { .. }
            | Op::ArrayFilled { .. }
            | Op::ArrayLiteral { .. } => return,
        };
        self.push(instr);
    }

    fn unary(&mut self, op: UnaryOp, dst: VReg, src: Operand) {
        let (dst, src) = (self.reg(dst), self.use_(src));
        self.push(op.instr(dst, src));
    }

    fn binary(&mut self, op: BinaryOp, dst: VReg, lhs: Operand, rhs: Operand) {
        let dst = self.reg(dst);
        let instr = match (small(lhs), small(rhs)) {
            (None, Some(value)) => {
                let lhs = self.use_(lhs);
                immediate_right(op, dst, lhs, value)
            }
            (Some(value), None) => {
                let rhs = self.use_(rhs);
                immediate_left(op, dst, value, rhs)
            }
            _ => None,
        };
        let instr = instr.unwrap_or_else(|| {
            let (lhs, rhs) = (self.use_(lhs), self.use_(rhs));
            op.instr(dst, lhs, rhs)
        });
        self.push(instr);
    }

    fn call(&mut self, callee: Callee, args: List, results: List) {
        let first = u32::from(matches!(callee, Callee::Closure(_)));
        self.arguments(args, first);
        let instr = match callee {
            Callee::Function(id) => Instr::Call { callee: id.0 },
            Callee::Native(id) => Instr::CallNative { callee: id },
            Callee::C(id) => Instr::CallC { callee: id },
            Callee::Closure(closure) => {
                let callee = self.use_(closure);
                Instr::CallClosure { callee }
            }
            Callee::Virtual(id) => Instr::CallVirtual { method: id },
        };
        self.push(instr);
        let results = &self.function.pool[results.range()];
        for (place, operand) in results.iter().enumerate() {
            let Operand::Reg(reg) = operand else { continue };
            if let Place::Reg(number) = self.allocation.places[reg.0 as usize] {
                let src = self.slot(place as u32);
                self.push(Instr::Mov { dst: Reg(number), src });
            }
        }
    }

    fn end(&mut self, end: &End, next: BlockId) {
        match *end {
            End::Jump(to) => self.jump(to, next),
            End::Branch { test, lhs, rhs, then, otherwise } => {
                if then == next {
                    self.branch(test.negated(), lhs, rhs, otherwise);
                } else {
                    self.branch(test, lhs, rhs, then);
                    self.jump(otherwise, next);
                }
            }
            End::NonNull { dst, src, none, some } => {
                let src = self.use_(src);
                self.jumps.push((self.code.len(), none));
                match self.allocation.places[dst.0 as usize] {
                    Place::Reg(number) => self.push(Instr::JNullElse { dst: Reg(number), src, target: 0 }),
                    _ => self.push(Instr::JNull { src, target: 0 }),
                }
                self.jump(some, next);
            }
            End::Switch { index, table } => self.switch(index, table, next),
            End::Return(list) => self.ret(list),
            End::Trap(kind) => self.push(Instr::Trap { kind }),
            End::Fail { message, kind } => {
                let message = self.use_(message);
                self.push(Instr::Fail { message, kind });
            }
            End::Halt(status) => {
                let status = self.use_(status);
                self.push(Instr::Halt { status });
            }
        }
    }

    fn jump(&mut self, to: BlockId, next: BlockId) {
        if to != next {
            self.jumps.push((self.code.len(), to));
            self.push(Instr::Jmp { target: 0 });
        }
    }

    fn branch(&mut self, test: Test, lhs: Operand, rhs: Operand, to: BlockId) {
        let instr = match (test, rhs) {
            (Test::Null, _) => Instr::JNull { src: self.use_(lhs), target: 0 },
            (Test::NotNull, _) => Instr::JNotNull { src: self.use_(lhs), target: 0 },
            (_, Operand::Reg(_)) => {
                let (lhs, rhs) = (self.use_(lhs), self.use_(rhs));
                register_branch(test, lhs, rhs)
            }
            _ => match small(rhs) {
                Some(value) => immediate_branch(test, self.use_(lhs), value),
                None => None,
            }
            .unwrap_or_else(|| {
                self.fail(Failure::Operand);
                Instr::Nop {}
            }),
        };
        self.jumps.push((self.code.len(), to));
        self.push(instr);
    }

    fn switch(&mut self, index: Operand, table: u32, next: BlockId) {
        let index = self.use_(index);
        let Some((&last, listed)) = self.function.tables[table as usize].split_last() else { return };
        let count = listed.len() as u32;
        self.switches.push((self.code.len(), table));
        self.push(Instr::Switch { index, count });
        self.code.resize(self.code.len() + switch_words(count), 0);
        self.jump(last, next);
    }

    fn ret(&mut self, list: List) {
        match self.function.list(list) {
            [] => self.push(Instr::Ret {}),
            &[Operand::Reg(reg)] => {
                let src = self.reg(reg);
                self.push(Instr::Ret1 { src });
            }
            &[constant] => {
                let src = self.slot(0);
                self.load(src, constant);
                self.push(Instr::Ret1 { src });
            }
            _ => {
                self.arguments(list, 0);
                self.push(Instr::RetN { count: list.len });
            }
        }
    }

    fn finish(mut self) -> Result<Vec<u64>, Failure> {
        for (at, to) in std::mem::take(&mut self.jumps) {
            let target = self.starts.get(to.0 as usize).copied().unwrap_or_default();
            let distance = i32::try_from(target as i64 - at as i64).unwrap_or(i32::MAX);
            if !patch_jump(&mut self.code[at], distance) {
                self.fail(Failure::TooLarge);
            }
        }
        for (at, table) in std::mem::take(&mut self.switches) {
            let Some((_, listed)) = self.function.tables[table as usize].split_last() else { continue };
            let distances: Vec<i32> =
                listed.iter().map(|to| self.starts[to.0 as usize] as i32 - at as i32).collect();
            for (index, word) in switch_table(&distances).enumerate() {
                self.code[at + 1 + index] = word;
            }
        }
        match self.failure {
            Some(failure) => Err(failure),
            None => Ok(self.code),
        }
    }
}

fn immediate_right(op: BinaryOp, dst: Reg, lhs: Reg, rhs: i16) -> Option<Instr> {
    Some(match op {
        BinaryOp::IAdd => Instr::IAddI { dst, lhs, rhs },
        BinaryOp::ISub => Instr::IAddI { dst, lhs, rhs: rhs.checked_neg()? },
        BinaryOp::IMul => Instr::IMulI { dst, lhs, rhs },
        BinaryOp::IDiv if rhs != 0 && rhs != -1 => Instr::IDivI { dst, lhs, rhs },
        BinaryOp::IRem if rhs != 0 && rhs != -1 => Instr::IRemI { dst, lhs, rhs },
        BinaryOp::BAnd => Instr::BAndI { dst, lhs, rhs },
        BinaryOp::BOr => Instr::BOrI { dst, lhs, rhs },
        BinaryOp::BXor => Instr::BXorI { dst, lhs, rhs },
        BinaryOp::Shl => Instr::ShlI { dst, lhs, rhs },
        BinaryOp::Shr => Instr::ShrI { dst, lhs, rhs },
        BinaryOp::UShr => Instr::UShrI { dst, lhs, rhs },
        BinaryOp::IEq => Instr::IEqI { dst, lhs, rhs },
        BinaryOp::INe => Instr::INeI { dst, lhs, rhs },
        BinaryOp::ILt => Instr::ILtI { dst, lhs, rhs },
        BinaryOp::ILe => Instr::ILeI { dst, lhs, rhs },
        _ => return None,
    })
}

fn immediate_left(op: BinaryOp, dst: Reg, lhs: i16, rhs: Reg) -> Option<Instr> {
    Some(match op {
        BinaryOp::ISub => Instr::IRSubI { dst, rhs, lhs },
        BinaryOp::ILt => Instr::IGtI { dst, lhs: rhs, rhs: lhs },
        BinaryOp::ILe => Instr::IGeI { dst, lhs: rhs, rhs: lhs },
        _ => return None,
    })
}

fn register_branch(test: Test, lhs: Reg, rhs: Reg) -> Instr {
    let target = 0;
    match test {
        Test::IEq => Instr::JEq { lhs, rhs, target },
        Test::INe => Instr::JNe { lhs, rhs, target },
        Test::ILt => Instr::JLt { lhs, rhs, target },
        Test::ILe => Instr::JLe { lhs, rhs, target },
        Test::IGt => Instr::JLt { lhs: rhs, rhs: lhs, target },
        Test::IGe => Instr::JLe { lhs: rhs, rhs: lhs, target },
        Test::FEq => Instr::JFEq { lhs, rhs, target },
        Test::FNe => Instr::JFNe { lhs, rhs, target },
        Test::FLt => Instr::JFLt { lhs, rhs, target },
        Test::FLe => Instr::JFLe { lhs, rhs, target },
        Test::FNlt => Instr::JFNlt { lhs, rhs, target },
        Test::FNle => Instr::JFNle { lhs, rhs, target },
        Test::Null => Instr::JNull { src: lhs, target },
        Test::NotNull => Instr::JNotNull { src: lhs, target },
    }
}

fn immediate_branch(test: Test, lhs: Reg, rhs: i16) -> Option<Instr> {
    let target = 0;
    Some(match test {
        Test::IEq if rhs == 0 => Instr::JFalse { cond: lhs, target },
        Test::INe if rhs == 0 => Instr::JTrue { cond: lhs, target },
        Test::IEq => Instr::JEqI { lhs, rhs, target },
        Test::INe => Instr::JNeI { lhs, rhs, target },
        Test::ILt => Instr::JLtI { lhs, rhs, target },
        Test::ILe => Instr::JLeI { lhs, rhs, target },
        Test::IGt => Instr::JGtI { lhs, rhs, target },
        Test::IGe => Instr::JGeI { lhs, rhs, target },
        _ => return None,
    })
}

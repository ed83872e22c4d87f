//! Which stored instructions become one: patterns over neighbours that nothing jumps between.

use lang_bytecode::{Instr, Reg, Storage, Width};

use super::form::{FloatOpcode, FloatTest, Form, Node, Result, Rhs, Test};
use super::listing::{Kind, Listing};
use super::liveness::Fate;

/// The code as nodes, in order.
pub(super) fn nodes(listing: &Listing<'_>, fates: &[Fate]) -> Vec<Node> {
    let mut nodes: Vec<Node> = Vec::with_capacity(listing.instrs.len());
    let mut at = 0;
    while at < listing.instrs.len() {
        let before = nodes.last().filter(|_| !listing.leader[at]).map(|node| node.result(listing));
        let view = View { listing, fates, at, before };
        let (len, form) = view.fuse().unwrap_or((1, Form::Plain));
        nodes.push(Node { at, len, form });
        at += len;
    }
    nodes
}

/// The instructions from one on.
struct View<'a> {
    listing: &'a Listing<'a>,
    fates: &'a [Fate],
    at: usize,
    /// What the node before leaves in the accumulators.
    before: Option<Result>,
}

impl View<'_> {
    /// The instruction `ahead` of this one, if only this one leads to it.
    fn peek(&self, ahead: usize) -> Option<Instr> {
        let index = self.at + ahead;
        (!*self.listing.leader.get(index)?).then(|| self.listing.instrs[index])
    }

    /// Whether the result of the instruction `from` ahead is used by the one `to` ahead and nowhere else.
    fn feeds(&self, from: usize, to: usize) -> bool {
        let user = (self.at + to) as u32;
        self.fates[self.at + from] == Fate::Uses(user, user)
    }

    /// Where the jump `ahead` of here leads.
    fn target(&self, ahead: usize, distance: i32) -> usize {
        self.listing.target(self.at + ahead, distance)
    }

    fn fuse(&self) -> Option<(usize, Form)> {
        let first = self.listing.instrs[self.at];
        if self.fates[self.at] == Fate::Unused && has_no_effect(first) {
            return Some((1, Form::Nothing));
        }
        if let Some(form) = self.jump_and_step(first) {
            return Some((1, form));
        }
        let next = self.peek(1)?;
        match first {
            Instr::IAddI { dst, lhs, rhs } => self.add(dst, lhs, rhs, next),
            Instr::IAdd { dst, lhs, rhs } => self
                .add_add(dst, lhs, Rhs::Reg(rhs), next)
                .or_else(|| self.compute_jump(false, dst, lhs, Rhs::Reg(rhs), next)),
            Instr::IToF { dst, src } => self.float_with_int(dst, src, next),
            Instr::IConst { dst, value } => self.element_set(dst, value, next),
            Instr::ISub { dst, lhs, rhs } => self.compute_jump(true, dst, lhs, Rhs::Reg(rhs), next),
            Instr::IMul { dst, lhs, rhs } => self.multiply(dst, lhs, Rhs::Reg(rhs), next),
            Instr::IMulI { dst, lhs, rhs } => self.multiply(dst, lhs, Rhs::Imm(rhs), next),
            Instr::IRemI { dst, lhs, rhs } if rhs > 0 && (rhs as u16).is_power_of_two() => {
                self.mask_jump(dst, lhs, rhs as u16 - 1, next)
            }
            Instr::BAndI { dst, lhs, rhs } if rhs >= 0 => self.mask_jump(dst, lhs, rhs as u16, next),
            Instr::FAdd { dst, lhs, rhs } => self.float_chain(FloatOpcode::Add, dst, lhs, rhs, next),
            Instr::FSub { dst, lhs, rhs } => self.float_chain(FloatOpcode::Sub, dst, lhs, rhs, next),
            Instr::FMul { dst, lhs, rhs } => self.float_chain(FloatOpcode::Mul, dst, lhs, rhs, next),
            Instr::AGet { dst, array, index } => self.element(dst, array, index, next),
            Instr::FGet { dst, object, .. } => self.field(dst, object, next),
            Instr::Mov { dst, src } => self.moves(dst, src, next),
            _ => None,
        }
    }

    fn add(&self, dst: Reg, lhs: Reg, by: i16, next: Instr) -> Option<(usize, Form)> {
        let step = by == 1 || by == -1;
        match next {
            Instr::Jmp { target } if dst == lhs => {
                Some((2, Form::AddJump { reg: dst, step: by, to: self.target(1, target) }))
            }
            Instr::Call { .. }
                if dst == Reg::out(self.listing.registers, 0)?
                    && lhs.out_slot(self.listing.registers).is_none() =>
            {
                Some((2, Form::CallWith { src: lhs, addend: by }))
            }
            _ if dst == lhs && step => {
                let (test, rhs, distance) = comparing_jump(next, dst)?;
                Some((2, Form::StepJump { reg: dst, up: by == 1, test, rhs, to: self.target(1, distance) }))
            }
            _ => self
                .compute_jump(false, dst, lhs, Rhs::Imm(by), next)
                .or_else(|| self.step_then_jump(dst, lhs, by, next))
                .or_else(|| self.add_add(dst, lhs, Rhs::Imm(by), next)),
        }
    }

    fn step_then_jump(&self, reg: Reg, lhs: Reg, step: i16, next: Instr) -> Option<(usize, Form)> {
        let (test, left, rhs, distance) = any_jump(next)?;
        let apart = reg == lhs && left != reg && rhs != Rhs::Reg(reg);
        apart.then(|| {
            (2, Form::StepThenJump { reg, step, test, lhs: left, rhs, to: self.target(1, distance) })
        })
    }

    /// A back-edge to an addition to the register that it compares, behind which others come in.
    fn jump_and_step(&self, first: Instr) -> Option<Form> {
        let (test, reg, limit, distance) = any_jump(first)?;
        let to = self.target(0, distance);
        if to >= self.at || !*self.listing.leader.get(to + 1)? {
            return None;
        }
        let step = match self.listing.instrs[to] {
            Instr::IAddI { dst, lhs, rhs } if dst == reg && lhs == reg => Rhs::Imm(rhs),
            Instr::IAdd { dst, lhs, rhs } if dst == reg && lhs == reg => Rhs::Reg(rhs),
            _ => return None,
        };
        matches!(test, Test::Lt | Test::Le | Test::Ne).then_some(Form::JumpAndStep {
            reg,
            test,
            limit,
            step,
            to: to + 1,
        })
    }

    fn add_add(&self, inner: Reg, lhs: Reg, rhs: Rhs, next: Instr) -> Option<(usize, Form)> {
        let (dst, addend) = sum_with(next, inner)?;
        self.feeds(0, 1).then_some((2, Form::AddAdd { dst, lhs, rhs, addend }))
    }

    fn float_with_int(&self, temp: Reg, src: Reg, next: Instr) -> Option<(usize, Form)> {
        let (op, dst, left, right) = match next {
            Instr::FDiv { dst, lhs, rhs } => (FloatOpcode::Div, dst, lhs, rhs),
            next => float_op(next)?,
        };
        if !self.feeds(0, 1) || left == right {
            return None;
        }
        let int_left = left == temp;
        let other = if int_left { right } else { left };
        Some((2, Form::FloatWithInt { op, dst, src, other, int_left }))
    }

    fn element_set(&self, temp: Reg, value: i32, next: Instr) -> Option<(usize, Form)> {
        let value = i16::try_from(value).ok()?;
        match next {
            Instr::ASet { array, index, src } if src == temp && index != temp && self.feeds(0, 1) => {
                Some((2, Form::ElementSet { array, index, value }))
            }
            _ => None,
        }
    }

    fn compute_jump(
        &self,
        subtract: bool,
        dst: Reg,
        lhs: Reg,
        rhs: Rhs,
        next: Instr,
    ) -> Option<(usize, Form)> {
        let (test, limit, distance) = comparing_jump(next, dst)?;
        Some((2, Form::ComputeJump { subtract, dst, lhs, rhs, test, limit, to: self.target(1, distance) }))
    }

    fn multiply(&self, product: Reg, lhs: Reg, rhs: Rhs, next: Instr) -> Option<(usize, Form)> {
        let (dst, addend) = sum_with(next, product)?;
        self.feeds(0, 1).then_some((2, Form::MultiplyAdd { dst, lhs, rhs, addend }))
    }

    fn mask_jump(&self, masked: Reg, value: Reg, mask: u16, next: Instr) -> Option<(usize, Form)> {
        let (tested, zero, distance) = zero_jump(next)?;
        let test = if zero { Test::Eq } else { Test::Ne };
        (tested == masked && self.feeds(0, 1))
            .then(|| (2, Form::MaskJump { value, mask, test, to: self.target(1, distance) }))
    }

    fn float_chain(
        &self,
        inner: FloatOpcode,
        temp: Reg,
        lhs: Reg,
        rhs: Reg,
        next: Instr,
    ) -> Option<(usize, Form)> {
        if let Some((test, limit, distance)) = float_jump(next, temp)
            && self.feeds(0, 1)
            && inner != FloatOpcode::Mul
        {
            let to = self.target(1, distance);
            return Some((2, Form::FloatComputeJump { op: inner, lhs, rhs, test, limit, to }));
        }
        let (outer, dst, left, right) = float_op(next)?;
        if !self.feeds(0, 1) || left == right {
            return None;
        }
        let on_left = left == temp;
        let other = if on_left { right } else { left };
        Some((2, Form::FloatChain { inner, outer, dst, lhs, rhs, other, on_left }))
    }

    fn element(&self, temp: Reg, array: Reg, index: Reg, next: Instr) -> Option<(usize, Form)> {
        if !self.feeds(0, 1) {
            return None;
        }
        let storage = self.listing.element(self.listing.subject[self.at]);
        match next {
            Instr::ASet { array: to, index: place, src } if src == temp && to != temp && place != temp => {
                let same = self.listing.element(self.listing.subject[self.at + 1]) == storage;
                let (from, at) = (array, index);
                return same.then_some((2, Form::ElementCopy { array: to, index: place, from, at }));
            }
            _ => {}
        }
        match storage {
            Storage::F64 => {
                let (op, dst, left, right) = float_op(next)?;
                if left == right {
                    return None;
                }
                let on_left = left == temp;
                let other = if on_left { right } else { left };
                if op == FloatOpcode::Mul
                    && let Some(Instr::FAdd { dst: sum, lhs, rhs }) = self.peek(2)
                    && self.feeds(1, 2)
                    && lhs != rhs
                {
                    let addend = if lhs == dst { rhs } else { lhs };
                    let at_hand = self.before == Some(Result::In(Kind::Float, addend));
                    if at_hand || addend == sum {
                        return Some((
                            3,
                            Form::ElementMulAdd { dst: sum, array, index, factor: other, addend },
                        ));
                    }
                }
                Some((2, Form::ElementFloat { op, dst, array, index, other, on_left }))
            }
            Storage::Narrow(Width::U8) | Storage::I64 => {
                let (tested, zero, distance) = zero_jump(next)?;
                (tested == temp)
                    .then(|| (2, Form::ElementJump { array, index, zero, to: self.target(1, distance) }))
            }
            Storage::Ref(_) => match next {
                Instr::AGet { dst, array: row, index: inner } if row == temp && inner != temp => {
                    Some((2, Form::ElementElement { dst, array, index, inner }))
                }
                _ => None,
            },
            _ => None,
        }
    }

    fn field(&self, temp: Reg, object: Reg, next: Instr) -> Option<(usize, Form)> {
        match next {
            Instr::AGet { dst, array, index } if array == temp && self.feeds(0, 1) => {
                u16::try_from(self.listing.field_at(self.at)?.offset).ok()?;
                Some((2, Form::FieldElement { dst, object, index }))
            }
            _ => None,
        }
    }

    fn moves(&self, dst: Reg, src: Reg, next: Instr) -> Option<(usize, Form)> {
        match next {
            Instr::Jmp { target } => Some((2, Form::MoveJump { dst, src, to: self.target(1, target) })),
            _ if comparing_jump(next, src).is_some() => {
                let (test, limit, distance) = comparing_jump(next, src)?;
                let to = self.target(1, distance);
                let rhs = Rhs::Imm(0);
                (limit != Rhs::Reg(dst)).then_some((
                    2,
                    Form::ComputeJump { subtract: false, dst, lhs: src, rhs, test, limit, to },
                ))
            }
            Instr::Mov { dst: second, src: from } if !self.at_hand(src) && !self.at_hand(from) => {
                Some((2, Form::MoveTwo { first: (dst, src), second: (second, from) }))
            }
            _ => None,
        }
    }

    /// Whether the node before leaves this register in an accumulator.
    fn at_hand(&self, reg: Reg) -> bool {
        matches!(self.before, Some(Result::In(_, found)) if found == reg)
    }
}

/// Whether all that an instruction does is to leave a value.
fn has_no_effect(instr: Instr) -> bool {
    matches!(
        instr,
        Instr::Mov { .. }
            | Instr::IConst { .. }
            | Instr::IConst64 { .. }
            | Instr::FConst { .. }
            | Instr::StrConst { .. }
            | Instr::Static { .. }
            | Instr::Null { .. }
    )
}

/// An addition to `reg`: the result and what is added.
fn sum_with(instr: Instr, reg: Reg) -> Option<(Reg, Rhs)> {
    match instr {
        Instr::IAddI { dst, lhs, rhs } if lhs == reg => Some((dst, Rhs::Imm(rhs))),
        Instr::IAdd { dst, lhs, rhs } if lhs == reg && rhs != reg => Some((dst, Rhs::Reg(rhs))),
        Instr::IAdd { dst, lhs, rhs } if rhs == reg && lhs != reg => Some((dst, Rhs::Reg(lhs))),
        _ => None,
    }
}

/// A jump that compares two ints.
fn any_jump(instr: Instr) -> Option<(Test, Reg, Rhs, i32)> {
    match instr {
        Instr::JEq { lhs, rhs, target } => Some((Test::Eq, lhs, Rhs::Reg(rhs), target)),
        Instr::JNe { lhs, rhs, target } => Some((Test::Ne, lhs, Rhs::Reg(rhs), target)),
        Instr::JLt { lhs, rhs, target } => Some((Test::Lt, lhs, Rhs::Reg(rhs), target)),
        Instr::JLe { lhs, rhs, target } => Some((Test::Le, lhs, Rhs::Reg(rhs), target)),
        Instr::JTrue { cond, target } => Some((Test::Ne, cond, Rhs::Imm(0), target)),
        Instr::JFalse { cond, target } => Some((Test::Eq, cond, Rhs::Imm(0), target)),
        Instr::JEqI { lhs, rhs, target } => Some((Test::Eq, lhs, Rhs::Imm(rhs), target)),
        Instr::JNeI { lhs, rhs, target } => Some((Test::Ne, lhs, Rhs::Imm(rhs), target)),
        Instr::JLtI { lhs, rhs, target } => Some((Test::Lt, lhs, Rhs::Imm(rhs), target)),
        Instr::JLeI { lhs, rhs, target } => Some((Test::Le, lhs, Rhs::Imm(rhs), target)),
        Instr::JGtI { lhs, rhs, target } => Some((Test::Gt, lhs, Rhs::Imm(rhs), target)),
        Instr::JGeI { lhs, rhs, target } => Some((Test::Ge, lhs, Rhs::Imm(rhs), target)),
        _ => None,
    }
}

/// A jump that compares `reg` with something, as a question about `reg`.
fn comparing_jump(instr: Instr, reg: Reg) -> Option<(Test, Rhs, i32)> {
    let (test, lhs, rhs, target) = any_jump(instr)?;
    let Rhs::Reg(rhs) = rhs else {
        return (lhs == reg).then_some((test, rhs, target));
    };
    match (lhs == reg, rhs == reg) {
        (true, false) => Some((test, Rhs::Reg(rhs), target)),
        (false, true) => {
            let mirrored = match test {
                Test::Lt => Test::Gt,
                Test::Le => Test::Ge,
                same => same,
            };
            Some((mirrored, Rhs::Reg(lhs), target))
        }
        _ => None,
    }
}

/// A jump that compares the float in `reg` with something on its right.
fn float_jump(instr: Instr, reg: Reg) -> Option<(FloatTest, Reg, i32)> {
    match instr {
        Instr::JFLt { lhs, rhs, target } if lhs == reg && rhs != reg => Some((FloatTest::Lt, rhs, target)),
        Instr::JFLe { lhs, rhs, target } if lhs == reg && rhs != reg => Some((FloatTest::Le, rhs, target)),
        Instr::JFNlt { lhs, rhs, target } if lhs == reg && rhs != reg => {
            Some((FloatTest::NotLt, rhs, target))
        }
        Instr::JFNle { lhs, rhs, target } if lhs == reg && rhs != reg => {
            Some((FloatTest::NotLe, rhs, target))
        }
        _ => None,
    }
}

/// A jump that asks whether a register is zero (true) or is not (false).
fn zero_jump(instr: Instr) -> Option<(Reg, bool, i32)> {
    match instr {
        Instr::JTrue { cond, target } => Some((cond, false, target)),
        Instr::JFalse { cond, target } => Some((cond, true, target)),
        Instr::JEqI { lhs, rhs: 0, target } => Some((lhs, true, target)),
        Instr::JNeI { lhs, rhs: 0, target } => Some((lhs, false, target)),
        _ => None,
    }
}

/// An operation on floats: what it does, its result and its operands.
fn float_op(instr: Instr) -> Option<(FloatOpcode, Reg, Reg, Reg)> {
    match instr {
        Instr::FAdd { dst, lhs, rhs } => Some((FloatOpcode::Add, dst, lhs, rhs)),
        Instr::FSub { dst, lhs, rhs } => Some((FloatOpcode::Sub, dst, lhs, rhs)),
        Instr::FMul { dst, lhs, rhs } => Some((FloatOpcode::Mul, dst, lhs, rhs)),
        _ => None,
    }
}

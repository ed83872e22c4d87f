//! What becomes one decoded instruction: a stored one, or several that were fused.

use lang_bytecode::{Effects, Instr, Reg};

use super::listing::{Kind, Listing, is_reference, kind_of};
use super::liveness::defined;

/// A question about two ints.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Test {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

/// The right side of a comparison.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Rhs {
    Reg(Reg),
    Imm(i16),
}

/// A question about two floats.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum FloatTest {
    Lt,
    Le,
    NotLt,
    NotLe,
}

/// An operation on two floats.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum FloatOpcode {
    Add,
    Sub,
    Mul,
    Div,
}

/// How one decoded instruction does the work of stored ones. `to` is the instruction that a jump leads to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Form {
    Plain,
    /// reg += step (1 or -1), then a comparing jump.
    StepJump {
        reg: Reg,
        up: bool,
        test: Test,
        rhs: Rhs,
        to: usize,
    },
    AddJump {
        reg: Reg,
        step: i16,
        to: usize,
    },
    MoveJump {
        dst: Reg,
        src: Reg,
        to: usize,
    },
    MoveTwo {
        first: (Reg, Reg),
        second: (Reg, Reg),
    },
    /// A jump where some low bits are all zero, or are not.
    MaskJump {
        value: Reg,
        mask: u16,
        test: Test,
        to: usize,
    },
    /// dst = lhs * rhs + addend.
    MultiplyAdd {
        dst: Reg,
        lhs: Reg,
        rhs: Rhs,
        addend: Rhs,
    },
    /// dst = lhs + rhs, or less, then a jump that compares it.
    ComputeJump {
        subtract: bool,
        dst: Reg,
        lhs: Reg,
        rhs: Rhs,
        test: Test,
        limit: Rhs,
        to: usize,
    },
    /// dst = lhs + rhs + addend.
    AddAdd {
        dst: Reg,
        lhs: Reg,
        rhs: Rhs,
        addend: Rhs,
    },
    /// reg += step, then a jump that compares others.
    StepThenJump {
        reg: Reg,
        step: i16,
        test: Test,
        lhs: Reg,
        rhs: Rhs,
        to: usize,
    },
    /// A back-edge where reg compares with limit; to behind the addition of step to reg that it leads to.
    JumpAndStep {
        reg: Reg,
        test: Test,
        limit: Rhs,
        step: Rhs,
        to: usize,
    },
    /// dst = other op (src as a float), or the other way round.
    FloatWithInt {
        op: FloatOpcode,
        dst: Reg,
        src: Reg,
        other: Reg,
        int_left: bool,
    },
    /// array[index] = value.
    ElementSet {
        array: Reg,
        index: Reg,
        value: i16,
    },
    /// Nothing: a value that nobody looks at.
    Nothing,
    /// A jump that compares lhs op rhs with limit.
    FloatComputeJump {
        op: FloatOpcode,
        lhs: Reg,
        rhs: Reg,
        test: FloatTest,
        limit: Reg,
        to: usize,
    },
    /// array[index] = from[at].
    ElementCopy {
        array: Reg,
        index: Reg,
        from: Reg,
        at: Reg,
    },
    /// dst = other outer (lhs inner rhs), or the other way round.
    FloatChain {
        inner: FloatOpcode,
        outer: FloatOpcode,
        dst: Reg,
        lhs: Reg,
        rhs: Reg,
        other: Reg,
        on_left: bool,
    },
    /// dst = other op array[index], or the other way round.
    ElementFloat {
        op: FloatOpcode,
        dst: Reg,
        array: Reg,
        index: Reg,
        other: Reg,
        on_left: bool,
    },
    /// dst = addend + factor * array[index]; addend is in the accumulator, or is dst.
    ElementMulAdd {
        dst: Reg,
        array: Reg,
        index: Reg,
        factor: Reg,
        addend: Reg,
    },
    /// A jump where an element is zero, or is not.
    ElementJump {
        array: Reg,
        index: Reg,
        zero: bool,
        to: usize,
    },
    /// dst = (the field of object)[index].
    FieldElement {
        dst: Reg,
        object: Reg,
        index: Reg,
    },
    /// dst = array[index][inner].
    ElementElement {
        dst: Reg,
        array: Reg,
        index: Reg,
        inner: Reg,
    },
    /// a0 = src + addend, then a call.
    CallWith {
        src: Reg,
        addend: i16,
    },
}

/// A form with the instructions it stands for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    /// The first instruction.
    pub(super) at: usize,
    /// How many there are.
    pub(super) len: usize,
    pub(super) form: Form,
}

/// What a node does with the accumulators.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Result {
    /// Leaves them as they are.
    Nothing,
    /// Leaves this register's value in the accumulator of this kind.
    In(Kind, Reg),
    /// Leaves nothing that can be relied on.
    Disturbed,
}

impl Node {
    /// The last instruction.
    pub(super) fn last(&self) -> usize {
        self.at + self.len - 1
    }

    /// What it does with the accumulators.
    pub(super) fn result(&self, listing: &Listing<'_>) -> Result {
        match self.form {
            Form::Plain => {
                let instr = listing.instrs[self.at];
                if instr.opcode().effects().has(Effects::SAFEPOINT)
                    || matches!(instr, Instr::JNullElse { .. })
                {
                    return Result::Disturbed;
                }
                match defined(instr) {
                    Some(reg) => Result::In(kind_of(listing.types[self.at]), reg),
                    None => Result::Nothing,
                }
            }
            Form::StepJump { reg, .. } | Form::AddJump { reg, .. } | Form::StepThenJump { reg, .. } => {
                Result::In(Kind::Int, reg)
            }
            Form::FloatWithInt { dst, .. } => Result::In(Kind::Float, dst),
            Form::MultiplyAdd { dst, .. } | Form::AddAdd { dst, .. } | Form::ComputeJump { dst, .. } => {
                Result::In(Kind::Int, dst)
            }
            Form::FloatChain { dst, .. }
            | Form::ElementFloat { dst, .. }
            | Form::ElementMulAdd { dst, .. } => Result::In(Kind::Float, dst),
            Form::FieldElement { dst, .. } | Form::ElementElement { dst, .. } => {
                Result::In(kind_of(listing.types[self.last()]), dst)
            }
            Form::MaskJump { .. }
            | Form::ElementJump { .. }
            | Form::FloatComputeJump { .. }
            | Form::ElementCopy { .. }
            | Form::JumpAndStep { .. }
            | Form::ElementSet { .. }
            | Form::Nothing => Result::Nothing,
            Form::MoveJump { .. } | Form::MoveTwo { .. } | Form::CallWith { .. } => Result::Disturbed,
        }
    }

    /// Whether the result may be left out of its slot.
    pub(super) fn can_drop(&self, listing: &Listing<'_>) -> bool {
        let jumps = matches!(
            self.form,
            Form::StepJump { .. }
                | Form::AddJump { .. }
                | Form::ComputeJump { .. }
                | Form::StepThenJump { .. }
        );
        !jumps && !is_reference(listing.types[self.last()])
    }

    /// Whether every time it reads `reg`, it can take it from an accumulator.
    pub(super) fn takes(&self, listing: &Listing<'_>, reg: Reg) -> bool {
        match self.form {
            Form::Plain => plain_takes(listing.instrs[self.at], reg),
            Form::StepJump { rhs, .. } => rhs != Rhs::Reg(reg),
            Form::FloatChain { .. } | Form::MultiplyAdd { .. } | Form::MaskJump { .. } => true,
            Form::AddAdd { .. } | Form::FloatWithInt { .. } | Form::Nothing => true,
            Form::StepThenJump { reg: stepped, rhs, .. } => stepped != reg && rhs != Rhs::Reg(reg),
            Form::JumpAndStep { limit, step, .. } => limit != Rhs::Reg(reg) && step != Rhs::Reg(reg),
            Form::ElementSet { array, .. } => array != reg,
            Form::ComputeJump { rhs, limit, .. } => rhs != Rhs::Reg(reg) && limit != Rhs::Reg(reg),
            Form::FloatComputeJump { limit, .. } => limit != reg,
            Form::ElementCopy { array, from, .. } => reg != array && reg != from,
            Form::AddJump { .. } | Form::MoveJump { .. } => true,
            Form::ElementFloat { array, .. } | Form::ElementJump { array, .. } => reg != array,
            Form::ElementMulAdd { array, .. } => reg != array,
            Form::FieldElement { object, .. } => reg != object,
            Form::ElementElement { array, inner, .. } => reg != array && reg != inner,
            Form::MoveTwo { .. } | Form::CallWith { .. } => false,
        }
    }
}

/// Whether a stored instruction alone can take each of its uses of `reg` from an accumulator.
fn plain_takes(instr: Instr, reg: Reg) -> bool {
    match instr {
        Instr::FCmp { .. } | Instr::StrEq { .. } | Instr::StrCmp { .. } | Instr::JNullElse { .. } => false,
        Instr::ASet { array, .. } => array != reg,
        Instr::FSet { object, .. } => object != reg,
        Instr::StrByte { src, .. } => src != reg,
        Instr::APush { .. } | Instr::APop { .. } | Instr::ASwap { .. } | Instr::StrLen { .. } => false,
        Instr::CallClosure { .. } | Instr::TailCallClosure { .. } | Instr::Fail { .. } => false,
        Instr::REq { .. } => true,
        _ => !instr.opcode().effects().has(Effects::SAFEPOINT),
    }
}

//! Operands, instructions and the ends of blocks.

use lang_bytecode::{FuncId, TrapKind, TypeId, Width};

use super::{BinaryOp, Test, UnaryOp};
use crate::source::Span;

/// A virtual register of a function.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct VReg(pub u32);

/// A block of a function.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct BlockId(pub u32);

/// A constant in [`super::Constants`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct ConstId(pub u32);

/// A value that an instruction reads. An int that fits is always [`Operand::Int`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Operand {
    /// What a register holds.
    Reg(VReg),
    /// A small int.
    Int(i32),
    /// Any other constant.
    Const(ConstId),
}

impl Operand {
    /// The register, if it is one.
    pub fn reg(self) -> Option<VReg> {
        match self {
            Operand::Reg(reg) => Some(reg),
            _ => None,
        }
    }

    /// Whether it is a constant.
    pub fn is_const(self) -> bool {
        !matches!(self, Operand::Reg(_))
    }
}

impl From<VReg> for Operand {
    fn from(reg: VReg) -> Operand {
        Operand::Reg(reg)
    }
}

/// A run of operands in a function's pool.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct List {
    /// Index of the first.
    pub start: u32,
    /// How many there are.
    pub len: u32,
}

impl List {
    /// The indices of its operands in the pool.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..(self.start + self.len) as usize
    }
}

/// What an instruction comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct At {
    /// Its place in the source.
    pub span: Span,
    /// The inlined call that it belongs to: 0 the function itself, n the scope `n - 1`.
    pub scope: u32,
}

/// An instruction.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Inst {
    /// What it does.
    pub op: Op,
    /// What it comes from.
    pub at: At,
}

/// Who is called.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Callee {
    /// A function of the program.
    Function(FuncId),
    /// A function of the host, by its place in the program's imports.
    Native(u32),
    /// A function of C, by its place in [`super::Program::foreign`].
    C(u32),
    /// A closure.
    Closure(Operand),
    /// A method of a trait object, by its place in the program's methods; the object is the first argument.
    Virtual(u32),
}

/// What an instruction does. The opcodes of the same names say it in more words.
#[allow(missing_docs, reason = "operands are named as in the opcode table")]
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Op {
    Move {
        dst: VReg,
        src: Operand,
    },
    Unary {
        op: UnaryOp,
        dst: VReg,
        src: Operand,
    },
    Binary {
        op: BinaryOp,
        dst: VReg,
        lhs: Operand,
        rhs: Operand,
    },
    /// Traps where `src` does not fit.
    Narrow {
        dst: VReg,
        src: Operand,
        to: Width,
    },
    Wrap {
        dst: VReg,
        src: Operand,
        to: Width,
    },
    Call {
        callee: Callee,
        args: List,
        results: List,
    },
    New {
        dst: VReg,
        of: TypeId,
        args: List,
    },
    /// `constant` fields are never written again after the object was made.
    FieldGet {
        dst: VReg,
        object: Operand,
        field: u16,
        constant: bool,
    },
    FieldSet {
        object: Operand,
        src: Operand,
        field: u16,
    },
    Tag {
        dst: VReg,
        object: Operand,
    },
    Cast {
        dst: VReg,
        src: Operand,
        to: TypeId,
    },
    IsType {
        dst: VReg,
        src: Operand,
        of: TypeId,
    },
    /// Traps where `src` is null.
    NonNull {
        dst: VReg,
        src: Operand,
    },
    ArrayNew {
        dst: VReg,
        capacity: Operand,
        of: TypeId,
    },
    /// `args` are how many and which value.
    ArrayFilled {
        dst: VReg,
        of: TypeId,
        args: List,
    },
    ArrayLiteral {
        dst: VReg,
        of: TypeId,
        args: List,
    },
    ArrayLen {
        dst: VReg,
        array: Operand,
    },
    ArrayGet {
        dst: VReg,
        array: Operand,
        index: Operand,
    },
    ArraySet {
        array: Operand,
        index: Operand,
        src: Operand,
    },
    ArrayPush {
        array: Operand,
        src: Operand,
    },
    ArrayPop {
        dst: VReg,
        array: Operand,
    },
    ArraySwap {
        array: Operand,
        i: Operand,
        j: Operand,
    },
    StrByte {
        dst: VReg,
        src: Operand,
        index: Operand,
    },
    GlobalGet {
        dst: VReg,
        global: u32,
    },
    GlobalSet {
        global: u32,
        src: Operand,
    },
}

/// How a block ends.
#[allow(missing_docs, reason = "operands are named as in the opcode table")]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum End {
    Jump(BlockId),
    Branch {
        test: Test,
        lhs: Operand,
        rhs: Operand,
        then: BlockId,
        otherwise: BlockId,
    },
    /// To `none` where `src` is null; else `dst` is it, known not to be null.
    NonNull {
        dst: VReg,
        src: Operand,
        none: BlockId,
        some: BlockId,
    },
    /// To the block of the function's table at `index`, or to its last one where there is none.
    Switch {
        index: Operand,
        table: u32,
    },
    Return(List),
    Trap(TrapKind),
    Fail {
        message: Operand,
        kind: TrapKind,
    },
    Halt(Operand),
}

impl Op {
    /// The register that it writes; a call's results are in its list.
    #[inline]
    pub fn dst(&self) -> Option<VReg> {
        let mut op = *self;
        op.dst_mut().copied()
    }

    /// The register that it writes, to change it.
    #[inline]
    pub fn dst_mut(&mut self) -> Option<&mut VReg> {
        match self {
            Op::Move { dst, .. }
            | Op::Unary { dst, .. }
            | Op::Binary { dst, .. }
            | Op::Narrow { dst, .. }
            | Op::Wrap { dst, .. }
            | Op::New { dst, .. }
            | Op::FieldGet { dst, .. }
            | Op::Tag { dst, .. }
            | Op::Cast { dst, .. }
            | Op::IsType { dst, .. }
            | Op::NonNull { dst, .. }
            | Op::ArrayNew { dst, .. }
            | Op::ArrayFilled { dst, .. }
            | Op::ArrayLiteral { dst, .. }
            | Op::ArrayLen { dst, .. }
            | Op::ArrayGet { dst, .. }
            | Op::ArrayPop { dst, .. }
            | Op::StrByte { dst, .. }
            | Op::GlobalGet { dst, .. } => Some(dst),
            Op::Call { .. }
            | Op::FieldSet { .. }
            | Op::ArraySet { .. }
            | Op::ArrayPush { .. }
            | Op::ArraySwap { .. }
            | Op::GlobalSet { .. } => None,
        }
    }

    /// The operands that it reads directly (not those in its list), to change them, in the order of evaluation.
    #[inline]
    pub fn operands_mut(&mut self) -> [Option<&mut Operand>; 3] {
        match self {
            Op::Move { src, .. }
            | Op::Unary { src, .. }
            | Op::Narrow { src, .. }
            | Op::Wrap { src, .. }
            | Op::Cast { src, .. }
            | Op::IsType { src, .. }
            | Op::NonNull { src, .. }
            | Op::GlobalSet { src, .. } => [Some(src), None, None],
            Op::Binary { lhs, rhs, .. } => [Some(lhs), Some(rhs), None],
            Op::FieldGet { object, .. } | Op::Tag { object, .. } => [Some(object), None, None],
            Op::FieldSet { object, src, .. } => [Some(object), Some(src), None],
            Op::ArrayNew { capacity, .. } => [Some(capacity), None, None],
            Op::ArrayLen { array, .. } | Op::ArrayPop { array, .. } => [Some(array), None, None],
            Op::ArrayGet { array, index, .. } => [Some(array), Some(index), None],
            Op::ArraySet { array, index, src } => [Some(array), Some(index), Some(src)],
            Op::ArrayPush { array, src } => [Some(array), Some(src), None],
            Op::ArraySwap { array, i, j } => [Some(array), Some(i), Some(j)],
            Op::StrByte { src, index, .. } => [Some(src), Some(index), None],
            Op::Call { callee: Callee::Closure(closure), .. } => [Some(closure), None, None],
            Op::Call { .. }
            | Op::New { .. }
            | Op::ArrayFilled { .. }
            | Op::ArrayLiteral { .. }
            | Op::GlobalGet { .. } => [None, None, None],
        }
    }

    /// The operands that it reads directly (not those in its list).
    #[inline]
    pub fn operands(&self) -> [Option<Operand>; 3] {
        let mut op = *self;
        op.operands_mut().map(|operand| operand.copied())
    }

    /// The operands that it reads from the pool: arguments that travel in out slots.
    #[inline]
    pub fn args(&self) -> List {
        match *self {
            Op::Call { args, .. }
            | Op::New { args, .. }
            | Op::ArrayFilled { args, .. }
            | Op::ArrayLiteral { args, .. } => args,
            _ => List::default(),
        }
    }

    /// The registers that a call writes.
    #[inline]
    pub fn results(&self) -> List {
        match *self {
            Op::Call { results, .. } => results,
            _ => List::default(),
        }
    }

    /// Whether out slots do not survive it (a call leaves its results there).
    pub fn is_safepoint(&self) -> bool {
        matches!(
            self,
            Op::Call { .. }
                | Op::New { .. }
                | Op::ArrayNew { .. }
                | Op::ArrayFilled { .. }
                | Op::ArrayLiteral { .. }
                | Op::ArrayPush { .. }
        )
    }

    /// Whether it only computes its result: without a reader it may go, and it may be computed more seldom.
    /// The result may still depend on memory.
    pub fn is_pure(&self) -> bool {
        match self {
            Op::Unary { op, .. } => !op.traps(),
            Op::Binary { op, .. } => !op.traps(),
            Op::Move { .. }
            | Op::Wrap { .. }
            | Op::FieldGet { .. }
            | Op::Tag { .. }
            | Op::IsType { .. }
            | Op::ArrayLen { .. } => true,
            _ => false,
        }
    }
}

impl End {
    /// The operands that it reads directly, to change them.
    #[inline]
    pub fn operands_mut(&mut self) -> [Option<&mut Operand>; 2] {
        match self {
            End::Branch { test, lhs, rhs, .. } => [Some(lhs), test.is_binary().then_some(rhs)],
            End::NonNull { src, .. } => [Some(src), None],
            End::Switch { index, .. } => [Some(index), None],
            End::Fail { message, .. } => [Some(message), None],
            End::Halt(status) => [Some(status), None],
            End::Jump(_) | End::Return(_) | End::Trap(_) => [None, None],
        }
    }

    /// The operands that it reads directly.
    #[inline]
    pub fn operands(&self) -> [Option<Operand>; 2] {
        let mut end = *self;
        end.operands_mut().map(|operand| operand.copied())
    }

    /// The values that it returns.
    #[inline]
    pub fn args(&self) -> List {
        match *self {
            End::Return(list) => list,
            _ => List::default(),
        }
    }

    /// The register that it writes.
    #[inline]
    pub fn dst(&self) -> Option<VReg> {
        match *self {
            End::NonNull { dst, .. } => Some(dst),
            _ => None,
        }
    }
}

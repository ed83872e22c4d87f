//! Walking over the operands of operations and the edges of blocks.

use super::{BlockData, Edge, Op, Term, Value};

impl Op {
    /// Calls `visit` with every operand.
    pub(crate) fn for_each_operand(&self, mut visit: impl FnMut(Value)) {
        self.clone().map_operands(|value| {
            visit(value);
            value
        });
    }

    /// Puts another value in the place of every operand.
    pub(crate) fn map_operands(&mut self, mut map: impl FnMut(Value) -> Value) {
        let mut each = |value: &mut Value| *value = map(*value);
        match self {
            Op::Const(_)
            | Op::Float(_)
            | Op::Fixed(_)
            | Op::Global { .. }
            | Op::Room { .. }
            | Op::Bump { .. }
            | Op::Poll => {}
            Op::Unary(_, value)
            | Op::Len(value)
            | Op::Data(value)
            | Op::Capacity(value)
            | Op::TypeOf(value)
            | Op::Info(value)
            | Op::SetGlobal { value, .. }
            | Op::Field { object: value, .. } => each(value),
            Op::Binary(_, lhs, rhs)
            | Op::Compare(_, lhs, rhs)
            | Op::FCompare(_, lhs, rhs)
            | Op::Checked { lhs, rhs, .. }
            | Op::Bounds { index: lhs, len: rhs }
            | Op::SetLen { array: lhs, len: rhs }
            | Op::Element { data: lhs, index: rhs, .. }
            | Op::SetField { object: lhs, value: rhs, .. }
            | Op::InitField { object: lhs, value: rhs, .. } => {
                each(lhs);
                each(rhs);
            }
            Op::Guard { cond, values: [lhs, rhs] } => {
                each(cond);
                each(lhs);
                each(rhs);
            }
            Op::Select { cond, then, other } => {
                each(cond);
                each(then);
                each(other);
            }
            Op::SetElement { owner, data, index, value, .. } => {
                each(owner);
                each(data);
                each(index);
                each(value);
            }
            Op::Call { args, .. }
            | Op::Native { args, .. }
            | Op::CallC { args, .. }
            | Op::Helper { args, .. } => {
                args.iter_mut().for_each(each);
            }
            Op::New { fields, .. } => fields.iter_mut().for_each(|field| each(&mut field.value)),
        }
    }

    /// Whether nothing is lost when the operation is dropped because its results are not used.
    pub(crate) fn is_droppable(&self) -> bool {
        match self {
            Op::Const(_)
            | Op::Float(_)
            | Op::Fixed(_)
            | Op::Unary(..)
            | Op::Binary(..)
            | Op::Compare(..)
            | Op::FCompare(..)
            | Op::Select { .. }
            | Op::Len(_)
            | Op::Data(_)
            | Op::Capacity(_)
            | Op::Field { .. }
            | Op::Element { .. }
            | Op::TypeOf(_)
            | Op::Info(_)
            | Op::Global { .. }
            | Op::Room { .. } => true,
            Op::Checked { .. }
            | Op::Guard { .. }
            | Op::Bounds { .. }
            | Op::SetLen { .. }
            | Op::SetField { .. }
            | Op::InitField { .. }
            | Op::SetElement { .. }
            | Op::SetGlobal { .. }
            | Op::Call { .. }
            | Op::Native { .. }
            | Op::CallC { .. }
            | Op::Helper { .. }
            | Op::New { .. }
            | Op::Bump { .. }
            | Op::Poll => false,
        }
    }
}

impl Term {
    /// The edges, in order.
    pub(crate) fn edges(&self) -> Vec<&Edge> {
        match self {
            Term::Jump(edge) => vec![edge],
            Term::Branch { then, other, .. } => vec![then, other],
            Term::Switch { targets, default, .. } => targets.iter().chain([default]).collect(),
            Term::Return(_) | Term::TailCall { .. } | Term::Trap { .. } | Term::Halt(_) | Term::Resume(_) => {
                Vec::new()
            }
        }
    }

    /// The edges, to be changed.
    pub(crate) fn edges_mut(&mut self) -> Vec<&mut Edge> {
        match self {
            Term::Jump(edge) => vec![edge],
            Term::Branch { then, other, .. } => vec![then, other],
            Term::Switch { targets, default, .. } => targets.iter_mut().chain([default]).collect(),
            Term::Return(_) | Term::TailCall { .. } | Term::Trap { .. } | Term::Halt(_) | Term::Resume(_) => {
                Vec::new()
            }
        }
    }

    /// Puts another value in the place of every operand, but for the arguments of edges.
    pub(crate) fn map_operands(&mut self, mut map: impl FnMut(Value) -> Value) {
        let mut each = |value: &mut Value| *value = map(*value);
        match self {
            Term::Jump(_) | Term::Resume(_) => {}
            Term::Branch { cond: value, .. } | Term::Switch { index: value, .. } | Term::Halt(value) => {
                each(value);
            }
            Term::Return(values) | Term::TailCall { args: values, .. } => values.iter_mut().for_each(each),
            Term::Trap { values } => values.iter_mut().flatten().for_each(each),
        }
    }
}

impl BlockData {
    /// Puts another value in the place of every one that is used here, the arguments of edges among them.
    pub(crate) fn map_uses(&mut self, mut map: impl FnMut(Value) -> Value) {
        for inst in &mut self.insts {
            inst.op.map_operands(&mut map);
            inst.moved.iter_mut().for_each(|(before, _)| *before = map(*before));
        }
        self.term.map_operands(&mut map);
        for edge in self.term.edges_mut() {
            edge.args.iter_mut().for_each(|arg| *arg = map(*arg));
        }
    }

    /// Calls `visit` with every operand of an operation and of the end.
    pub(crate) fn for_each_operand(&self, mut visit: impl FnMut(Value)) {
        self.insts.iter().for_each(|inst| inst.op.for_each_operand(&mut visit));
        self.term.clone().map_operands(|value| {
            visit(value);
            value
        });
    }
}

//! The text form, for tests and for people.

use std::fmt::{self, Display, Formatter};

use super::{Block, Edge, Function, Inst, Op, Term, Value};

impl Display for Value {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "v{}", self.0)
    }
}

impl Display for Block {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "b{}", self.0)
    }
}

/// Values with commas between them.
struct List<'v>(&'v [Value]);

impl Display for List<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (index, value) in self.0.iter().enumerate() {
            write!(f, "{}{value}", if index == 0 { "" } else { ", " })?;
        }
        Ok(())
    }
}

impl Display for Edge {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}({})", self.to, List(&self.args))
    }
}

/// The name of an operation in lower case, from its variant's.
fn word(name: &impl fmt::Debug) -> String {
    format!("{name:?}").to_lowercase()
}

impl Display for Op {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Op::Const(value) => write!(f, "{value}"),
            Op::Float(bits) => write!(f, "{:?}", f64::from_bits(*bits)),
            Op::Fixed(0) => f.write_str("null"),
            Op::Fixed(_) => f.write_str("fixed"),
            Op::Unary(op, value) => write!(f, "{} {value}", word(op)),
            Op::Binary(op, lhs, rhs) => write!(f, "{} {lhs}, {rhs}", word(op)),
            Op::Compare(cond, lhs, rhs) => write!(f, "{} {lhs}, {rhs}", word(cond)),
            Op::FCompare(cond, lhs, rhs) => write!(f, "f{} {lhs}, {rhs}", word(cond)),
            Op::Select { cond, then, other } => write!(f, "select {cond}, {then}, {other}"),
            Op::Checked { op, lhs, rhs, .. } => write!(f, "checked {} {lhs}, {rhs}", word(op)),
            Op::Guard { cond, .. } => write!(f, "guard {cond}"),
            Op::Bounds { index, len } => write!(f, "bounds {index}, {len}"),
            Op::Len(value) => write!(f, "len {value}"),
            Op::Data(value) => write!(f, "data {value}"),
            Op::Capacity(value) => write!(f, "capacity {value}"),
            Op::SetLen { array, len } => write!(f, "setlen {array}, {len}"),
            Op::Field { object, offset, .. } => write!(f, "field {object}+{offset}"),
            Op::SetField { object, offset, value, .. } => write!(f, "setfield {object}+{offset}, {value}"),
            Op::InitField { object, offset, value, .. } => write!(f, "initfield {object}+{offset}, {value}"),
            Op::Element { data, index, .. } => write!(f, "element {data}[{index}]"),
            Op::SetElement { data, index, value, .. } => write!(f, "setelement {data}[{index}], {value}"),
            Op::TypeOf(value) => write!(f, "typeof {value}"),
            Op::Info(value) => write!(f, "info {value}"),
            Op::Global { index, .. } => write!(f, "global {index}"),
            Op::SetGlobal { index, value } => write!(f, "setglobal {index}, {value}"),
            Op::Call { callee, args, .. } => write!(f, "call {callee:?}({})", List(args)),
            Op::Native { native, args, .. } => write!(f, "native {native}({})", List(args)),
            Op::CallC { function, args } => write!(f, "callc {function}({})", List(args)),
            Op::Helper { helper, args } => write!(f, "helper {}({})", word(helper), List(args)),
            Op::New { of, fields, .. } => {
                write!(f, "new {of}(")?;
                for (index, field) in fields.iter().enumerate() {
                    write!(f, "{}{}", if index == 0 { "" } else { ", " }, field.value)?;
                }
                f.write_str(")")
            }
            Op::Room { size } => write!(f, "room {size}"),
            Op::Bump { size, .. } => write!(f, "bump {size}"),
            Op::Poll => f.write_str("poll"),
        }
    }
}

impl Display for Inst {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if !self.results.is_empty() {
            write!(f, "{} = ", List(&self.results))?;
        }
        write!(f, "{}", self.op)?;
        for (index, (before, after)) in self.moved.iter().enumerate() {
            write!(f, "{}{after} = {before}", if index == 0 { " moved " } else { ", " })?;
        }
        Ok(())
    }
}

impl Display for Term {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Term::Jump(edge) => write!(f, "jump {edge}"),
            Term::Branch { cond, then, other } => write!(f, "branch {cond}, {then}, {other}"),
            Term::Switch { index, targets, default } => {
                write!(f, "switch {index}")?;
                targets.iter().try_for_each(|edge| write!(f, ", {edge}"))?;
                write!(f, ", else {default}")
            }
            Term::Return(values) => write!(f, "return {}", List(values)),
            Term::TailCall { callee, args, .. } => write!(f, "tailcall {callee:?}({})", List(args)),
            Term::Trap { .. } => f.write_str("trap"),
            Term::Resume(exit) => write!(f, "resume {exit}"),
            Term::Halt(status) => write!(f, "halt {status}"),
        }
    }
}

impl Display for Function {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (index, block) in self.blocks.iter().enumerate() {
            writeln!(f, "{}({}):", Block(index as u32), List(&block.params))?;
            for inst in &block.insts {
                writeln!(f, "    {inst}")?;
            }
            writeln!(f, "    {}", block.term)?;
        }
        Ok(())
    }
}

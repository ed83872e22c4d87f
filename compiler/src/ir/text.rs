//! The readable form of the intermediate form: what `--emit=ir` prints.

use std::fmt::{Display, Formatter, Result, Write};

use lang_bytecode::{RegType, TypeDef, TypeId, Width};

use super::{Block, Callee, Const, End, Function, List, Op, Operand, Program, VReg};

/// The whole program.
pub fn program_text(program: &Program) -> String {
    let mut out = String::new();
    for (index, global) in program.globals.iter().enumerate() {
        let ty = Type(program, global.ty);
        let _ = writeln!(out, "global g{index}: {ty} // {}", global.name);
    }
    for function in &program.functions {
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(&function_text(program, function));
    }
    out
}

/// One function.
pub fn function_text(program: &Program, function: &Function) -> String {
    Body { program, function }.to_string()
}

struct Body<'a> {
    program: &'a Program,
    function: &'a Function,
}

impl Display for Body<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let function = self.function;
        write!(f, "fn {}(", function.name)?;
        for (index, ty) in function.regs.iter().take(function.params as usize).enumerate() {
            let comma = if index > 0 { ", " } else { "" };
            write!(f, "{comma}v{index}: {}", Type(self.program, *ty))?;
        }
        f.write_char(')')?;
        for (index, ty) in function.results.iter().enumerate() {
            write!(f, "{}{}", if index > 0 { ", " } else { " -> " }, Type(self.program, *ty))?;
        }
        f.write_str(" {\n")?;
        for (index, block) in function.blocks.iter().enumerate() {
            writeln!(f, "b{index}:{}", if block.cold { " // cold" } else { "" })?;
            self.block(f, block)?;
        }
        f.write_str("}\n")
    }
}

impl Body<'_> {
    fn block(&self, f: &mut Formatter<'_>, block: &Block) -> Result {
        for inst in &block.insts {
            f.write_str("  ")?;
            self.inst(f, &inst.op)?;
            f.write_char('\n')?;
        }
        f.write_str("  ")?;
        self.end(f, &block.end)?;
        f.write_char('\n')
    }

    fn dst(&self, f: &mut Formatter<'_>, dst: VReg) -> Result {
        write!(f, "v{}", dst.0)?;
        if let Some(ty) = self.function.regs.get(dst.0 as usize).filter(|ty| **ty != RegType::Int) {
            write!(f, ": {}", Type(self.program, *ty))?;
        }
        f.write_str(" = ")
    }

    fn inst(&self, f: &mut Formatter<'_>, op: &Op) -> Result {
        if let Some(dst) = op.dst() {
            self.dst(f, dst)?;
        }
        f.write_str(&self.word(op))?;
        let mut comma = "";
        for operand in op.operands().into_iter().flatten() {
            write!(f, "{comma} {}", self.operand(operand))?;
            comma = ",";
        }
        match op {
            Op::FieldGet { field, .. } | Op::FieldSet { field, .. } => write!(f, " .{field}")?,
            Op::Call { args, .. }
            | Op::New { args, .. }
            | Op::ArrayFilled { args, .. }
            | Op::ArrayLiteral { args, .. } => write!(f, "({})", self.list(*args))?,
            _ => {}
        }
        match op {
            Op::Call { results, .. } if results.len > 0 => write!(f, " -> {}", self.list(*results)),
            _ => Ok(()),
        }
    }

    /// The name of an operation with what is no operand of it.
    fn word(&self, op: &Op) -> String {
        let name = |id: TypeId| type_name(self.program, id);
        match *op {
            Op::Move { .. } => "mov".into(),
            Op::Unary { op, .. } => op.text().into(),
            Op::Binary { op, .. } => op.text().into(),
            Op::Narrow { to, .. } => format!("narrow {}", width(to)),
            Op::Wrap { to, .. } => format!("wrap {}", width(to)),
            Op::Call { callee, .. } => self.callee(callee),
            Op::New { of, .. } => format!("new {}", name(of)),
            Op::FieldGet { constant, .. } => if constant { "get const" } else { "get" }.into(),
            Op::FieldSet { .. } => "set".into(),
            Op::Tag { .. } => "tag".into(),
            Op::Cast { to, .. } => format!("cast {}", name(to)),
            Op::IsType { of, .. } => format!("istype {}", name(of)),
            Op::NonNull { .. } => "nonnull".into(),
            Op::ArrayNew { of, .. } => format!("anew {}", name(of)),
            Op::ArrayFilled { of, .. } => format!("afilled {}", name(of)),
            Op::ArrayLiteral { of, .. } => format!("alit {}", name(of)),
            Op::ArrayLen { .. } => "alen".into(),
            Op::ArrayGet { .. } => "aget".into(),
            Op::ArraySet { .. } => "aset".into(),
            Op::ArrayPush { .. } => "apush".into(),
            Op::ArrayPop { .. } => "apop".into(),
            Op::ArraySwap { .. } => "aswap".into(),
            Op::StrByte { .. } => "strbyte".into(),
            Op::GlobalGet { global, .. } => format!("gget g{global}"),
            Op::GlobalSet { global, .. } => format!("gset g{global}"),
        }
    }

    fn callee(&self, callee: Callee) -> String {
        match callee {
            Callee::Function(id) => match self.program.functions.get(id.0 as usize) {
                Some(function) => format!("call {}", function.name),
                None => format!("call f{}", id.0),
            },
            Callee::Native(id) => match self.program.natives.get(id as usize) {
                Some(native) => format!("native {}", native.name),
                None => format!("native n{id}"),
            },
            Callee::C(id) => match self.program.foreign.functions.get(id as usize) {
                Some(function) => format!("c {}", function.symbol),
                None => format!("c c{id}"),
            },
            Callee::Closure(_) => "call closure".into(),
            Callee::Virtual(id) => format!("call method m{id}"),
        }
    }

    fn operand(&self, operand: Operand) -> String {
        match operand {
            Operand::Reg(reg) => format!("v{}", reg.0),
            Operand::Int(value) => value.to_string(),
            Operand::Const(id) => match self.program.constants.get(id) {
                Const::Int(value) => value.to_string(),
                Const::Float(bits) => format!("{:?}", f64::from_bits(bits)),
                Const::Str(id) => format!("{:?}", self.program.constants.text(id)),
                Const::Null(_) => "null".into(),
                Const::Static(id) => format!("static {}", type_name(self.program, id)),
            },
        }
    }

    fn list(&self, list: List) -> String {
        let items: Vec<String> = self.function.list(list).iter().map(|item| self.operand(*item)).collect();
        items.join(", ")
    }

    fn end(&self, f: &mut Formatter<'_>, end: &End) -> Result {
        match *end {
            End::Jump(to) => write!(f, "jump b{}", to.0),
            End::Branch { test, lhs, rhs, then, otherwise } => {
                write!(f, "if {} {}", self.operand(lhs), test.text())?;
                if test.is_binary() {
                    write!(f, " {}", self.operand(rhs))?;
                }
                write!(f, " b{} else b{}", then.0, otherwise.0)
            }
            End::NonNull { dst, src, none, some } => {
                self.dst(f, dst)?;
                write!(f, "nonnull {} b{} else b{}", self.operand(src), some.0, none.0)
            }
            End::Switch { index, table } => {
                write!(f, "switch {}", self.operand(index))?;
                self.function
                    .tables
                    .get(table as usize)
                    .into_iter()
                    .flatten()
                    .try_for_each(|b| write!(f, " b{}", b.0))
            }
            End::Return(list) => write!(f, "return {}", self.list(list)),
            End::Trap(kind) => write!(f, "trap {}", kind.word()),
            End::Fail { message, kind } => write!(f, "fail {} {}", kind.word(), self.operand(message)),
            End::Halt(status) => write!(f, "halt {}", self.operand(status)),
        }
    }
}

/// A register's type.
struct Type<'a>(&'a Program, RegType);

impl Display for Type<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self.1 {
            RegType::Int => f.write_str("int"),
            RegType::Float => f.write_str("float"),
            RegType::Ref(id) => write!(f, "ref {}", type_name(self.0, id)),
            RegType::RefNull(id) => write!(f, "ref? {}", type_name(self.0, id)),
        }
    }
}

fn type_name(program: &Program, id: TypeId) -> String {
    match program.types.get(id.0 as usize) {
        Some(TypeDef::Str) => "str".into(),
        Some(TypeDef::Array(_)) => format!("[t{}]", id.0),
        Some(TypeDef::Struct { name, .. } | TypeDef::Enum { name, .. } | TypeDef::Trait { name, .. }) => {
            name.clone()
        }
        Some(TypeDef::Variant { name, .. }) => name.clone(),
        Some(TypeDef::Function(_)) => format!("fn t{}", id.0),
        Some(TypeDef::Closure { .. }) => format!("closure t{}", id.0),
        None => format!("t{}", id.0),
    }
}

fn width(width: Width) -> &'static str {
    match width {
        Width::I8 => "i8",
        Width::I16 => "i16",
        Width::I32 => "i32",
        Width::U8 => "u8",
        Width::U16 => "u16",
        Width::U32 => "u32",
    }
}

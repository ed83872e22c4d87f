//! Where a run begins: initialisers and top-level statements in order, then `main` in each of its forms, or a test.

use std::rc::Rc;

use lang_bytecode::{RegType, Signature};

use super::builder::Builder;
use super::layout::Kind;
use super::value::Value;
use super::{Lower, Start};
use crate::hir::{Main, MainResult, ModuleId, Ty, TyList};
use crate::ir::{Operand, Test, VReg};

impl Start<'_> {
    /// Whether a file's top-level statements ran before.
    pub(super) fn ran(self, module: ModuleId) -> bool {
        matches!(self, Start::Increment(ran) if ran.modules.get(module.index()).copied().unwrap_or(false))
    }
}

impl Lower<'_> {
    /// Makes the entry function; what it calls is reached.
    pub(super) fn entry(&mut self, start: Start<'_>) {
        let program = self.program;
        let takes_args = matches!(start, Start::Main(main) if main.takes_args);
        let arguments = self.types.array(Ty::STR);
        let params: Vec<RegType> =
            if takes_args { vec![RegType::Ref(self.heap_type(arguments))] } else { Vec::new() };
        let signature = Signature { params, results: vec![RegType::Int] };
        let entry = self.reserve_function("<entry>", &signature);
        self.out.entry = entry;
        let mut builder = Builder::new(self, entry, None, Rc::from([]), Ty::INT);
        for (id, module) in &program.initializers {
            if start.ran(*module) {
                continue;
            }
            builder.at(program.function(*id).span);
            builder.call_function(*id, TyList::EMPTY, &[]);
        }
        let status = match start {
            Start::Main(main) => builder.main(main),
            Start::TopLevel | Start::Increment(_) => Operand::Int(0),
            Start::Test(test) => {
                builder.at(program.function(test).span);
                builder.call_function(test, TyList::EMPTY, &[]);
                Operand::Int(0)
            }
        };
        builder.return_value(Value::one(status));
        builder.finish();
    }
}

impl Builder<'_, '_> {
    /// Calls `main`; gives the exit status.
    fn main(&mut self, main: Main) -> Operand {
        let span = self.lower.program.function(main.function).span;
        self.at(span);
        let args: Vec<Value> = if main.takes_args { vec![Value::one(VReg(0))] } else { Vec::new() };
        let value = self.call_function(main.function, TyList::EMPTY, &args);
        match main.result {
            MainResult::Unit => Operand::Int(0),
            MainResult::Status => value.single(),
            MainResult::Result(error) => self.main_result(value, error),
        }
    }

    /// An `Err` is shown on standard error; the exit status is 1.
    fn main_result(&mut self, value: Value, error: Ty) -> Operand {
        let ty = self.lower.types.result(Ty::UNIT, error);
        let (bad, good) = (self.block(), self.block());
        let layout = self.layout(ty);
        let tag = match layout.kind {
            Kind::Enum(_) => {
                let dst = self.int_reg();
                self.push(crate::ir::Op::Tag { dst, object: value.single() });
                dst.into()
            }
            _ => value.word(0),
        };
        self.branch(Test::INe, tag, Operand::Int(0), bad, good);
        self.start(bad);
        self.print_error(ty, error, value);
        self.return_value(Value::one(Operand::Int(1)));
        self.start(good);
        Operand::Int(0)
    }

    fn print_error(&mut self, ty: Ty, error: Ty, value: Value) {
        let parts = self.variant_parts_of(ty, 1, value);
        let Some((_, shown)) = parts.first() else { return };
        let of = self.lower.heap_type(Ty::BYTES);
        let buffer: Operand = self.new_array(of, 0).into();
        self.append_text(buffer, "error: ");
        self.append_value(buffer, error, *shown, false);
        self.append_text(buffer, "\n");
        let (int, bytes) = (RegType::Int, RegType::Ref(of));
        self.native("out_bytes", &[(Operand::Int(2), int), (buffer, bytes)], &[]);
    }
}

//! The instructions, one method each: what is simple is here, arrays and calls have files of their own.

use lang_bytecode::{Reg, RegType, TrapKind, TypeDef, TypeId, Visitor, Width};

use super::Body;
use crate::heap::FieldAt;
use crate::jit::helpers::Helper;
use crate::jit::ir::{Binary, Checked, Cond, Edge, FCond, Op, Term, Type, Unary, Value};

/// Opcodes that all take the same operands to the same method, with a value.
macro_rules! families {
    ($($family:ident $operands:tt: $($name:ident $with:expr),*;)*) => {
        $($(families!(@one $name $family ($with) $operands);)*)*
    };
    (@one $name:ident $family:ident ($with:expr) ($($operand:ident : $ty:ty),*)) => {
        fn $name(&mut self, $($operand: $ty),*) {
            self.$family($with, $($operand),*);
        }
    };
}

impl Body<'_, '_> {
    pub(super) fn constant(&mut self, value: i64) -> Value {
        self.emit(Op::Const(value), Type::Int)
    }

    pub(super) fn int(&mut self, dst: Reg, op: Op) {
        let value = self.emit(op, Type::Int);
        self.set(dst, value, RegType::Int);
    }

    fn float(&mut self, dst: Reg, op: Op) {
        let value = self.emit(op, Type::Float);
        self.set(dst, value, RegType::Float);
    }

    fn checked(&mut self, op: Checked, dst: Reg, lhs: Reg, rhs: Reg) {
        let (lhs, rhs) = (self.get(lhs), self.get(rhs));
        self.int(dst, Op::Checked { op, lhs, rhs, swap: false });
    }

    fn checked_immediate(&mut self, op: Checked, dst: Reg, lhs: Reg, rhs: i16) {
        let (lhs, rhs) = (self.get(lhs), self.constant(rhs.into()));
        self.int(dst, Op::Checked { op, lhs, rhs, swap: false });
    }

    fn binary(&mut self, op: Binary, dst: Reg, lhs: Reg, rhs: Reg) {
        let (lhs, rhs) = (self.get(lhs), self.get(rhs));
        self.int(dst, Op::Binary(op, lhs, rhs));
    }

    fn binary_immediate(&mut self, op: Binary, dst: Reg, lhs: Reg, rhs: i16) {
        let (lhs, rhs) = (self.get(lhs), self.constant(rhs.into()));
        self.int(dst, Op::Binary(op, lhs, rhs));
    }

    fn unary(&mut self, op: Unary, dst: Reg, src: Reg) {
        let src = self.get(src);
        self.int(dst, Op::Unary(op, src));
    }

    fn float_binary(&mut self, op: Binary, dst: Reg, lhs: Reg, rhs: Reg) {
        let (lhs, rhs) = (self.get(lhs), self.get(rhs));
        self.float(dst, Op::Binary(op, lhs, rhs));
    }

    fn float_unary(&mut self, op: Unary, dst: Reg, src: Reg) {
        let src = self.get(src);
        self.float(dst, Op::Unary(op, src));
    }

    fn compare(&mut self, cond: Cond, dst: Reg, lhs: Reg, rhs: Reg) {
        let (lhs, rhs) = (self.get(lhs), self.get(rhs));
        self.int(dst, Op::Compare(cond, lhs, rhs));
    }

    fn compare_immediate(&mut self, cond: Cond, dst: Reg, lhs: Reg, rhs: i16) {
        let (lhs, rhs) = (self.get(lhs), self.constant(rhs.into()));
        self.int(dst, Op::Compare(cond, lhs, rhs));
    }

    fn float_compare(&mut self, cond: FCond, dst: Reg, lhs: Reg, rhs: Reg) {
        let (lhs, rhs) = (self.get(lhs), self.get(rhs));
        self.int(dst, Op::FCompare(cond, lhs, rhs));
    }

    /// A helper that always succeeds.
    fn pure_helper(&mut self, helper: Helper, dst: Reg, lhs: Reg, rhs: Reg) {
        let args = vec![self.get(lhs), self.get(rhs)];
        let value = self.emit(Op::Helper { helper, args }, helper.result());
        let ty = if helper.result() == Type::Float { RegType::Float } else { RegType::Int };
        self.set(dst, value, ty);
    }

    /// Traps where a comparison holds.
    pub(super) fn guard(&mut self, cond: Cond, lhs: Value, rhs: Value, values: [Value; 2]) {
        let cond = self.emit(Op::Compare(cond, lhs, rhs), Type::Int);
        self.effect(Op::Guard { cond, values });
    }

    /// Ends the block with a jump to its first target where a condition holds, else to what follows.
    fn branch(&mut self, cond: Value) {
        let next = self.graph.blocks[self.here as usize].next.clone();
        let then = self.jump_edge(next[0]);
        let other = self.edge(next[1]);
        self.end(Term::Branch { cond, then, other });
    }

    fn jump_if(&mut self, cond: Cond, lhs: Reg, rhs: Reg, _: i32) {
        let (lhs, rhs) = (self.get(lhs), self.get(rhs));
        let cond = self.emit(Op::Compare(cond, lhs, rhs), Type::Int);
        self.branch(cond);
    }

    fn jump_if_immediate(&mut self, cond: Cond, lhs: Reg, rhs: i16, _: i32) {
        let (lhs, rhs) = (self.get(lhs), self.constant(rhs.into()));
        let cond = self.emit(Op::Compare(cond, lhs, rhs), Type::Int);
        self.branch(cond);
    }

    fn jump_if_float(&mut self, cond: FCond, lhs: Reg, rhs: Reg, _: i32) {
        let (lhs, rhs) = (self.get(lhs), self.get(rhs));
        let cond = self.emit(Op::FCompare(cond, lhs, rhs), Type::Int);
        self.branch(cond);
    }

    fn jump_if_truth(&mut self, cond: Cond, value: Reg, _: i32) {
        let (value, zero) = (self.get(value), self.constant(0));
        let cond = self.emit(Op::Compare(cond, value, zero), Type::Int);
        self.branch(cond);
    }

    fn jump_if_null(&mut self, cond: Cond, src: Reg, _: i32) {
        let (src, null) = (self.get(src), self.zero(Type::Ref));
        let cond = self.emit(Op::Compare(cond, src, null), Type::Int);
        self.branch(cond);
    }

    /// A reference that was found not to be null, and to be of the type that it is used as.
    pub(super) fn refine(&mut self, value: Value) -> Value {
        let refined = self.emit(Op::Unary(Unary::Refine, value), Type::Ref);
        self.builder.func.set_non_null(refined);
        refined
    }

    /// A value that must not be null; the type without null.
    fn non_null(&mut self, src: Reg) -> (Value, RegType) {
        let (value, ty) = (self.get(src), self.type_of(src));
        match ty {
            RegType::RefNull(id) => (value, RegType::Ref(id)),
            _ => (value, ty),
        }
    }

    /// The type that a reference points to.
    pub(super) fn pointee(&self, reg: Reg) -> TypeId {
        match self.type_of(reg) {
            RegType::Ref(id) | RegType::RefNull(id) => id,
            _ => TypeId::STR,
        }
    }

    fn field(&self, object: Reg, field: u16) -> FieldAt {
        self.builder.program.layouts.get(self.pointee(object)).fields[field as usize]
    }

    /// 1 where the type of a value that may be null is this one.
    fn nullable_is_type(&mut self, value: Value, of: u32) -> Value {
        let null = self.zero(Type::Ref);
        let is_null = self.emit(Op::Compare(Cond::Eq, value, null), Type::Int);
        let no = self.constant(0);
        let (look, join) = (self.builder.func.block(), self.builder.func.block());
        let result = self.param(join, Type::Int);
        let edge = |to, args| Edge { to, args };
        self.end(Term::Branch { cond: is_null, then: edge(join, vec![no]), other: edge(look, Vec::new()) });
        self.builder.block = look;
        let (found, wanted) = (self.emit(Op::TypeOf(value), Type::Int), self.constant(of.into()));
        let same = self.emit(Op::Compare(Cond::Eq, found, wanted), Type::Int);
        self.end(Term::Jump(edge(join, vec![same])));
        (self.builder.block, self.ended) = (join, false);
        result
    }
}

#[allow(non_snake_case, reason = "the visitor's methods carry the opcodes' own names")]
impl Visitor for Body<'_, '_> {
    type Output = ();

    families! {
        checked(dst: Reg, lhs: Reg, rhs: Reg): IAdd Checked::Add, ISub Checked::Sub, IMul Checked::Mul;
        checked_immediate(dst: Reg, lhs: Reg, rhs: i16): IAddI Checked::Add, IMulI Checked::Mul;
        binary(dst: Reg, lhs: Reg, rhs: Reg):
            IAddW Binary::Add, ISubW Binary::Sub, IMulW Binary::Mul, IMin Binary::Min, IMax Binary::Max,
            BAnd Binary::And, BOr Binary::Or, BXor Binary::Xor, Shl Binary::Shl, Shr Binary::Shr, UShr Binary::UShr,
            Rotl Binary::Rotl, Rotr Binary::Rotr;
        binary_immediate(dst: Reg, lhs: Reg, rhs: i16):
            IDivI Binary::Div, IRemI Binary::Rem, BAndI Binary::And, BOrI Binary::Or, BXorI Binary::Xor,
            ShlI Binary::Shl, ShrI Binary::Shr, UShrI Binary::UShr;
        unary(dst: Reg, src: Reg):
            BNot Unary::BNot, Popcnt Unary::Popcnt, Clz Unary::Clz, Ctz Unary::Ctz, FBits Unary::FBits;
        float_binary(dst: Reg, lhs: Reg, rhs: Reg):
            FAdd Binary::FAdd, FSub Binary::FSub, FMul Binary::FMul, FDiv Binary::FDiv;
        float_unary(dst: Reg, src: Reg):
            FNeg Unary::FNeg, FAbs Unary::FAbs, FSqrt Unary::FSqrt, FFloor Unary::FFloor, FCeil Unary::FCeil,
            FTrunc Unary::FTrunc, FRound Unary::FRound, FToF32 Unary::ToF32, IToF Unary::IToF, FFromBits Unary::FFromBits;
        compare(dst: Reg, lhs: Reg, rhs: Reg): IEq Cond::Eq, INe Cond::Ne, ILt Cond::Lt, ILe Cond::Le, REq Cond::Eq;
        compare_immediate(dst: Reg, lhs: Reg, rhs: i16):
            IEqI Cond::Eq, INeI Cond::Ne, ILtI Cond::Lt, ILeI Cond::Le, IGtI Cond::Gt, IGeI Cond::Ge;
        float_compare(dst: Reg, lhs: Reg, rhs: Reg): FEq FCond::Eq, FNe FCond::Ne, FLt FCond::Lt, FLe FCond::Le;
        pure_helper(dst: Reg, lhs: Reg, rhs: Reg):
            FRem Helper::FRem, FCmp Helper::FCmp, StrEq Helper::StrEq, StrCmp Helper::StrCmp;
        jump_if(lhs: Reg, rhs: Reg, target: i32): JEq Cond::Eq, JNe Cond::Ne, JLt Cond::Lt, JLe Cond::Le;
        jump_if_immediate(lhs: Reg, rhs: i16, target: i32):
            JEqI Cond::Eq, JNeI Cond::Ne, JLtI Cond::Lt, JLeI Cond::Le, JGtI Cond::Gt, JGeI Cond::Ge;
        jump_if_float(lhs: Reg, rhs: Reg, target: i32):
            JFEq FCond::Eq, JFNe FCond::Ne, JFLt FCond::Lt, JFLe FCond::Le, JFNlt FCond::Nlt, JFNle FCond::Nle;
        jump_if_truth(value: Reg, target: i32): JTrue Cond::Ne, JFalse Cond::Eq;
        jump_if_null(src: Reg, target: i32): JNull Cond::Eq, JNotNull Cond::Ne;
    }

    fn Nop(&mut self) {}

    fn IConst(&mut self, dst: Reg, value: i32) {
        self.int(dst, Op::Const(value.into()));
    }

    fn IConst64(&mut self, dst: Reg, value: u32) {
        self.int(dst, Op::Const(self.builder.program.module.constants[value as usize] as i64));
    }

    fn FConst(&mut self, dst: Reg, value: u32) {
        self.float(dst, Op::Float(self.builder.program.module.constants[value as usize]));
    }

    fn StrConst(&mut self, dst: Reg, value: u32) {
        let object = self.emit(Op::Fixed(self.builder.program.strings[value as usize]), Type::Ref);
        self.set(dst, object, RegType::Ref(TypeId::STR));
    }

    fn Null(&mut self, dst: Reg) {
        let null = self.zero(Type::Ref);
        self.set(dst, null, RegType::RefNull(TypeId::STR));
    }

    fn Static(&mut self, dst: Reg, of: u32) {
        let object = self.emit(Op::Fixed(self.builder.program.statics[of as usize]), Type::Ref);
        self.set(dst, object, RegType::Ref(TypeId(of)));
    }

    fn Mov(&mut self, dst: Reg, src: Reg) {
        let (value, ty) = (self.get(src), self.type_of(src));
        self.set(dst, value, ty);
    }

    fn IDiv(&mut self, dst: Reg, lhs: Reg, rhs: Reg) {
        self.division(Binary::Div, dst, lhs, rhs);
    }

    fn IRem(&mut self, dst: Reg, lhs: Reg, rhs: Reg) {
        self.division(Binary::Rem, dst, lhs, rhs);
    }

    fn IPow(&mut self, dst: Reg, lhs: Reg, rhs: Reg) {
        let (base, exponent) = (self.get(lhs), self.get(rhs));
        let helper = Op::Helper { helper: Helper::Power, args: vec![base, exponent] };
        let (found, power) = (self.builder.func.value(Type::Int), self.builder.func.value(Type::Int));
        self.push(helper, vec![found, power], Vec::new());
        let zero = self.constant(0);
        self.guard(Cond::Eq, found, zero, [base, exponent]);
        self.set(dst, power, RegType::Int);
    }

    fn IRSubI(&mut self, dst: Reg, rhs: Reg, lhs: i16) {
        let (lhs, rhs) = (self.constant(lhs.into()), self.get(rhs));
        self.int(dst, Op::Checked { op: Checked::Sub, lhs, rhs, swap: true });
    }

    fn INeg(&mut self, dst: Reg, src: Reg) {
        let (lhs, rhs) = (self.constant(0), self.get(src));
        self.int(dst, Op::Checked { op: Checked::Sub, lhs, rhs, swap: true });
    }

    fn IAbs(&mut self, dst: Reg, src: Reg) {
        let (value, least, zero) = (self.get(src), self.constant(i64::MIN), self.constant(0));
        self.guard(Cond::Eq, value, least, [value, zero]);
        self.int(dst, Op::Unary(Unary::Abs, value));
    }

    fn Not(&mut self, dst: Reg, src: Reg) {
        self.binary_immediate(Binary::Xor, dst, src, 1);
    }

    fn FToI(&mut self, dst: Reg, src: Reg) {
        let value = self.get(src);
        // 2^63 is a float, 2^63 - 1 is not; a NaN fails both comparisons.
        let least = self.emit(Op::Float((-9_223_372_036_854_775_808f64).to_bits()), Type::Float);
        let end = self.emit(Op::Float(9_223_372_036_854_775_808f64.to_bits()), Type::Float);
        let zero = self.constant(0);
        for cond in [Op::FCompare(FCond::Nle, least, value), Op::FCompare(FCond::Nlt, value, end)] {
            let cond = self.emit(cond, Type::Int);
            self.effect(Op::Guard { cond, values: [value, zero] });
        }
        self.int(dst, Op::Unary(Unary::FToI, value));
    }

    fn Narrow(&mut self, dst: Reg, src: Reg, to: Width) {
        let (value, zero) = (self.get(src), self.constant(0));
        let cut = self.emit(Op::Unary(Unary::Wrap(to), value), Type::Int);
        self.guard(Cond::Ne, cut, value, [value, zero]);
        self.set(dst, value, RegType::Int);
    }

    fn Wrap(&mut self, dst: Reg, src: Reg, to: Width) {
        self.unary(Unary::Wrap(to), dst, src);
    }

    fn ToChar(&mut self, dst: Reg, src: Reg) {
        let (value, zero) = (self.get(src), self.constant(0));
        let end = self.constant(0x11_0000);
        self.guard(Cond::UGe, value, end, [value, zero]);
        let (surrogates, count) = (self.constant(0xd800), self.constant(0x800));
        let distance = self.emit(Op::Binary(Binary::Sub, value, surrogates), Type::Int);
        self.guard(Cond::ULt, distance, count, [value, zero]);
        self.set(dst, value, RegType::Int);
    }

    fn IsNull(&mut self, dst: Reg, src: Reg) {
        let (src, null) = (self.get(src), self.zero(Type::Ref));
        self.int(dst, Op::Compare(Cond::Eq, src, null));
    }

    fn Jmp(&mut self, _: i32) {
        let edge = self.jump_edge(self.graph.blocks[self.here as usize].next[0]);
        self.end(Term::Jump(edge));
    }

    fn JNullElse(&mut self, dst: Reg, src: Reg, _: i32) {
        let (value, ty) = self.non_null(src);
        let null = self.zero(Type::Ref);
        let cond = self.emit(Op::Compare(Cond::Eq, value, null), Type::Int);
        let next = self.graph.blocks[self.here as usize].next.clone();
        let then = self.jump_edge(next[0]);
        let (found, before) = (self.builder.func.block(), self.builder.block);
        self.builder.block = found;
        let value = self.refine(value);
        self.set(dst, value, ty);
        let edge = self.edge(next[1]);
        self.end(Term::Jump(edge));
        self.builder.block = before;
        let other = Edge { to: found, args: Vec::new() };
        self.end(Term::Branch { cond, then, other });
    }

    fn Switch(&mut self, index: Reg, count: u32) {
        let index = self.get(index);
        let next = self.graph.blocks[self.here as usize].next.clone();
        let targets = next[..count as usize].iter().map(|block| self.jump_edge(*block)).collect();
        let default = self.edge(next[count as usize]);
        self.end(Term::Switch { index, targets, default });
    }

    fn Call(&mut self, callee: u32) {
        self.call_function(callee, None);
    }

    fn CallNative(&mut self, callee: u32) {
        self.call_native(callee);
    }

    fn CallClosure(&mut self, callee: Reg) {
        self.call_closure(callee);
    }

    fn CallVirtual(&mut self, method: u32) {
        self.call_method(method);
    }

    fn CallC(&mut self, callee: u32) {
        self.call_c(callee);
    }

    fn TailCall(&mut self, callee: u32) {
        self.tail_call(callee);
    }

    fn TailCallClosure(&mut self, callee: Reg) {
        self.tail_call_closure(callee);
    }

    fn Ret(&mut self) {
        self.leave(Vec::new());
    }

    fn Ret1(&mut self, src: Reg) {
        let value = self.get(src);
        self.leave(vec![value]);
    }

    fn RetN(&mut self, count: u32) {
        let values = (0..count as usize).map(|slot| self.out(slot)).collect();
        self.leave(values);
    }

    fn Fail(&mut self, message: Reg, _: TrapKind) {
        let message = self.get(message);
        self.end(Term::Trap { values: [Some(message), None] });
    }

    fn Trap(&mut self, _: TrapKind) {
        self.end(Term::Trap { values: [None; 2] });
    }

    fn Halt(&mut self, status: Reg) {
        let status = self.get(status);
        self.end(Term::Halt(status));
    }

    fn GGet(&mut self, dst: Reg, global: u32) {
        let ty = self.builder.program.module.globals[global as usize].ty;
        let mut value = self.emit(Op::Global { index: global, ty: Type::of(ty) }, Type::of(ty));
        if matches!(ty, RegType::Ref(_)) {
            let (null, zero) = (self.zero(Type::Ref), self.constant(0));
            self.guard(Cond::Eq, value, null, [zero, zero]);
            value = self.refine(value);
        }
        self.set(dst, value, ty);
    }

    fn GSet(&mut self, src: Reg, global: u32) {
        let value = self.get(src);
        self.effect(Op::SetGlobal { index: global, value });
    }

    fn New(&mut self, dst: Reg, of: u32) {
        self.new_object(dst, TypeId(of));
    }

    fn FGet(&mut self, dst: Reg, object: Reg, field: u16) {
        let FieldAt { offset, storage } = self.field(object, field);
        let declared = self.declared_field(object, field).unwrap_or(storage.register());
        let object = self.get(object);
        let op = Op::Field { object, offset: offset as u32, storage };
        let value = self.emit(op, Type::of(declared));
        self.set(dst, value, declared);
    }

    fn FSet(&mut self, object: Reg, src: Reg, field: u16) {
        let FieldAt { offset, storage } = self.field(object, field);
        let (object, value) = (self.get(object), self.get(src));
        self.effect(Op::SetField { object, offset: offset as u32, storage, value });
    }

    fn Tag(&mut self, dst: Reg, object: Reg) {
        let object = self.get(object);
        self.int(dst, Op::Info(object));
    }

    fn Cast(&mut self, dst: Reg, src: Reg, to: u32) {
        let (value, zero) = (self.get(src), self.constant(0));
        if matches!(self.type_of(src), RegType::RefNull(_)) {
            let null = self.zero(Type::Ref);
            self.guard(Cond::Eq, value, null, [zero, zero]);
        }
        let (found, wanted) = (self.emit(Op::TypeOf(value), Type::Int), self.constant(to.into()));
        self.guard(Cond::Ne, found, wanted, [zero, zero]);
        let value = self.refine(value);
        self.set(dst, value, RegType::Ref(TypeId(to)));
    }

    fn IsType(&mut self, dst: Reg, src: Reg, of: u32) {
        let value = self.get(src);
        let result = match self.type_of(src) {
            RegType::RefNull(_) => self.nullable_is_type(value, of),
            _ => {
                let (found, wanted) = (self.emit(Op::TypeOf(value), Type::Int), self.constant(of.into()));
                self.emit(Op::Compare(Cond::Eq, found, wanted), Type::Int)
            }
        };
        self.set(dst, result, RegType::Int);
    }

    fn NonNull(&mut self, dst: Reg, src: Reg) {
        let (value, ty) = self.non_null(src);
        let (null, zero) = (self.zero(Type::Ref), self.constant(0));
        self.guard(Cond::Eq, value, null, [zero, zero]);
        let value = self.refine(value);
        self.set(dst, value, ty);
    }

    fn ANew(&mut self, dst: Reg, capacity: Reg, of: u32) {
        self.new_array(dst, capacity, of);
    }

    fn AFilled(&mut self, dst: Reg, of: u32) {
        self.filled_array(dst, of);
    }

    fn ALit(&mut self, dst: Reg, count: u16, of: u32) {
        self.array_of(dst, count, of);
    }

    fn ALen(&mut self, dst: Reg, array: Reg) {
        let array = self.get(array);
        self.int(dst, Op::Len(array));
    }

    fn AGet(&mut self, dst: Reg, array: Reg, index: Reg) {
        self.array_get(dst, array, index);
    }

    fn ASet(&mut self, array: Reg, index: Reg, src: Reg) {
        self.array_set(array, index, src);
    }

    fn APush(&mut self, array: Reg, src: Reg) {
        self.array_push(array, src);
    }

    fn APop(&mut self, dst: Reg, array: Reg) {
        self.array_pop(dst, array);
    }

    fn ASwap(&mut self, array: Reg, i: Reg, j: Reg) {
        self.array_swap(array, i, j);
    }

    fn StrLen(&mut self, dst: Reg, src: Reg) {
        let src = self.get(src);
        self.int(dst, Op::Len(src));
    }

    fn StrByte(&mut self, dst: Reg, src: Reg, index: Reg) {
        self.string_byte(dst, src, index);
    }
}

impl Body<'_, '_> {
    fn division(&mut self, op: Binary, dst: Reg, lhs: Reg, rhs: Reg) {
        let (lhs, rhs) = (self.get(lhs), self.get(rhs));
        let zero = self.constant(0);
        self.guard(Cond::Eq, rhs, zero, [lhs, rhs]);
        let (least, minus_one) = (self.constant(i64::MIN), self.constant(-1));
        let is_least = self.emit(Op::Compare(Cond::Eq, lhs, least), Type::Int);
        let is_minus_one = self.emit(Op::Compare(Cond::Eq, rhs, minus_one), Type::Int);
        let cond = self.emit(Op::Binary(Binary::And, is_least, is_minus_one), Type::Int);
        self.effect(Op::Guard { cond, values: [lhs, rhs] });
        self.int(dst, Op::Binary(op, lhs, rhs));
    }

    /// The type of a field's values, as the field is declared.
    fn declared_field(&self, object: Reg, field: u16) -> Option<RegType> {
        let def: &TypeDef = &self.builder.program.module.types[self.pointee(object).0 as usize];
        Some(def.fields()?.get(field as usize)?.storage.register())
    }
}

//! Intrinsics: the functions that the standard library declares in `extern "lang"` and that are one instruction.
//!
//! A name that is not in the table here is a native. Where an array's elements have several words, values of the element type
//! are boxed on the way in and unboxed on the way out.

use std::rc::Rc;

use lang_bytecode::{FuncId, Native, RegType, TrapKind};

use super::Lower;
use super::builder::Builder;
use super::value::Value;
use crate::ast::Name;
use crate::hir::{Param, Ty, TyKind};
use crate::ir::{BinaryOp, End, Op, Operand, UnaryOp, VReg};

/// What an intrinsic is.
enum Form {
    Unary(UnaryOp),
    Binary(BinaryOp),
    Fail(TrapKind),
    Array(ArrayOp),
    StrByte,
    Halt,
    /// The value itself, under another type.
    Same,
    NewCallback,
    FreeCallback,
}

enum ArrayOp {
    New,
    Filled,
    Len,
    Get,
    Set,
    Push,
    Pop,
    Swap,
}

fn form(name: &str) -> Option<Form> {
    Some(match name {
        "int_abs" => Form::Unary(UnaryOp::IAbs),
        "int_clz" => Form::Unary(UnaryOp::Clz),
        "int_ctz" => Form::Unary(UnaryOp::Ctz),
        "int_popcnt" => Form::Unary(UnaryOp::Popcnt),
        "float_abs" => Form::Unary(UnaryOp::FAbs),
        "float_sqrt" => Form::Unary(UnaryOp::FSqrt),
        "float_floor" => Form::Unary(UnaryOp::FFloor),
        "float_ceil" => Form::Unary(UnaryOp::FCeil),
        "float_trunc" => Form::Unary(UnaryOp::FTrunc),
        "float_round" => Form::Unary(UnaryOp::FRound),
        "float_bits" => Form::Unary(UnaryOp::FBits),
        "float_from_bits" => Form::Unary(UnaryOp::FFromBits),
        "float_round_f32" => Form::Unary(UnaryOp::FToF32),
        "str_len" => Form::Unary(UnaryOp::StrLen),
        "int_min" => Form::Binary(BinaryOp::IMin),
        "int_max" => Form::Binary(BinaryOp::IMax),
        "int_pow" => Form::Binary(BinaryOp::IPow),
        "int_rotl" => Form::Binary(BinaryOp::Rotl),
        "int_rotr" => Form::Binary(BinaryOp::Rotr),
        "float_cmp" => Form::Binary(BinaryOp::FCmp),
        "str_eq" => Form::Binary(BinaryOp::StrEq),
        "str_cmp" => Form::Binary(BinaryOp::StrCmp),
        "ref_eq" => Form::Binary(BinaryOp::REq),
        "str_byte" => Form::StrByte,
        "array_new" => Form::Array(ArrayOp::New),
        "array_filled" => Form::Array(ArrayOp::Filled),
        "array_len" => Form::Array(ArrayOp::Len),
        "array_get" => Form::Array(ArrayOp::Get),
        "array_set" => Form::Array(ArrayOp::Set),
        "array_push" => Form::Array(ArrayOp::Push),
        "array_pop" => Form::Array(ArrayOp::Pop),
        "array_swap" => Form::Array(ArrayOp::Swap),
        "fail_unwrap" => Form::Fail(TrapKind::Unwrap),
        "fail_key" => Form::Fail(TrapKind::Key),
        "fail_index" => Form::Fail(TrapKind::Index),
        "fail_slice" => Form::Fail(TrapKind::Slice),
        "fail_conversion" => Form::Fail(TrapKind::Conversion),
        "fail_argument" => Form::Fail(TrapKind::Argument),
        "fail_assertion" => Form::Fail(TrapKind::Assertion),
        "fail_panic" => Form::Fail(TrapKind::Panic),
        "halt" => Form::Halt,
        "ptr_from_int" | "ptr_to_int" => Form::Same,
        "callback_new" => Form::NewCallback,
        "callback_free" => Form::FreeCallback,
        _ => return None,
    })
}

impl Builder<'_, '_> {
    /// An intrinsic or native on values. `params` and `result` are as declared, over the type parameters that `types` stand for.
    pub(super) fn intrinsic(
        &mut self,
        name: Name,
        params: &[Ty],
        result: Ty,
        types: &[Ty],
        values: &[Value],
    ) -> Value {
        let text = self.lower.names.text(name);
        let word = |index: usize| values.get(index).map_or(Operand::Int(0), Value::single);
        match form(text) {
            Some(Form::Unary(op)) => Value::one(self.unary(op, word(0))),
            Some(Form::Binary(op)) => Value::one(self.binary(op, word(0), word(1))),
            Some(Form::StrByte) => {
                let dst = self.int_reg();
                self.push(Op::StrByte { dst, src: word(0), index: word(1) });
                Value::one(dst)
            }
            Some(Form::Fail(kind)) => {
                self.fail(word(0), kind);
                Value::UNIT
            }
            Some(Form::Halt) => {
                self.end(End::Halt(word(0)));
                Value::UNIT
            }
            Some(Form::Same) => Value::one(word(0)),
            Some(Form::NewCallback) => {
                let ty = types.first().copied().unwrap_or(Ty::UNIT);
                self.new_callback(ty, word(0))
            }
            Some(Form::FreeCallback) => self.free_callback(word(0)),
            Some(Form::Array(op)) => self.array_op(op, params, result, types, values),
            None if Native::find(text).is_some() => self.host(text, params, result, types, values),
            None => {
                let span = self.at.span;
                self.lower.fault(span, &format!("there is no intrinsic `{text}`"));
                Value::UNIT
            }
        }
    }

    fn array_op(&mut self, op: ArrayOp, params: &[Ty], result: Ty, types: &[Ty], values: &[Value]) -> Value {
        let word = |index: usize| values.get(index).map_or(Operand::Int(0), Value::single);
        let array_ty = match op {
            ArrayOp::New | ArrayOp::Filled => result,
            _ => params.first().copied().unwrap_or(Ty::UNIT),
        };
        let array_ty = self.lower.types.subst(array_ty, types);
        let element = self.element_of(array_ty);
        let array = word(0);
        match op {
            ArrayOp::New | ArrayOp::Filled => {
                let of = self.lower.heap_type(array_ty);
                let dst = self.reg(RegType::Ref(of));
                if let ArrayOp::New = op {
                    self.push(Op::ArrayNew { dst, capacity: array, of });
                } else {
                    let value = values.get(1).copied().unwrap_or(Value::UNIT);
                    let value = self.box_element(element, value);
                    let args = self.f.add_list([array, value]);
                    self.push(Op::ArrayFilled { dst, of, args });
                }
                return Value::one(dst);
            }
            ArrayOp::Len => {
                let dst = self.int_reg();
                self.push(Op::ArrayLen { dst, array });
                return Value::one(dst);
            }
            ArrayOp::Get => return self.get_element(element, array, word(1)),
            ArrayOp::Set => {
                let value = values.get(2).copied().unwrap_or(Value::UNIT);
                self.set_element(element, array, word(1), value);
            }
            ArrayOp::Push => {
                let value = values.get(1).copied().unwrap_or(Value::UNIT);
                let src = self.box_element(element, value);
                self.push(Op::ArrayPush { array, src });
            }
            ArrayOp::Pop => {
                let word = self.element_word(element);
                let dst = self.reg(word);
                self.push(Op::ArrayPop { dst, array });
                return self.unbox_element(element, dst.into());
            }
            ArrayOp::Swap => self.push(Op::ArraySwap { array, i: word(1), j: word(2) }),
        }
        Value::UNIT
    }

    /// A native. Where it has to do with arrays, a parameter or result that is a bare type parameter is an element.
    fn host(&mut self, name: &str, params: &[Ty], result: Ty, types: &[Ty], values: &[Value]) -> Value {
        let on_elements = name.starts_with("array_");
        let is_element =
            |builder: &Self, ty: Ty| on_elements && matches!(builder.lower.types.kind(ty), TyKind::Param(_));
        let mut args = Vec::new();
        for (declared, value) in params.iter().zip(values) {
            let ty = self.lower.types.subst(*declared, types);
            if is_element(self, *declared) {
                let word = self.element_word(ty);
                let value = self.box_element(ty, *value);
                args.push((value, word));
            } else {
                let words = self.layout(ty).words.clone();
                args.extend(value.words().iter().copied().zip(words));
            }
        }
        let ty = self.lower.types.subst(result, types);
        if is_element(self, result) {
            let word = self.element_word(ty);
            let value = self.native(name, &args, &[word]);
            return self.unbox_element(ty, value.single());
        }
        let results = self.layout(ty).words.clone();
        self.native(name, &args, &results)
    }
}

impl Lower<'_> {
    /// A function that is an intrinsic: for where it is used as a value.
    pub(super) fn intrinsic_function(
        &mut self,
        func: FuncId,
        name: Name,
        params: &[Param],
        result: Ty,
        args: Rc<[Ty]>,
    ) {
        let declared: Vec<Ty> = params.iter().map(|param| param.ty).collect();
        let own = self.types.subst(result, &args);
        let mut builder = Builder::new(self, func, None, args.clone(), own);
        let mut next = 0;
        let mut values = Vec::new();
        for ty in &declared {
            let ty = builder.lower.types.subst(*ty, &args);
            let count = builder.layout(ty).words.len() as u32;
            let regs: Vec<VReg> = (next..next + count).map(VReg).collect();
            values.push(Value::of_regs(&regs));
            next += count;
        }
        let value = builder.intrinsic(name, &declared, result, &args, &values);
        builder.return_value(value);
        builder.finish();
    }
}

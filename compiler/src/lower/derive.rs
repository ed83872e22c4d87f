//! Derived methods: `Eq`, `Ord`, `Hash` and `Show` of structs, enums and tuples, one function a type.

use std::rc::Rc;

use lang_bytecode::{FuncId, RegType};

use super::builder::Builder;
use super::layout::{Kind, Part};
use super::show::STR;
use super::value::Value;
use super::{Lower, Work};
use crate::hir::{EnumId, TraitId, Ty, TyKind, methods};
use crate::ir::{BinaryOp, BlockId, Op, Operand, Test, UnaryOp, VReg};

/// What the hash of a value begins with, and what mixes its parts.
const HASH_SEED: i64 = 0x51_7c_c1_b7_27_22_0a;
const HASH_FACTOR: i64 = 0x9e37_79b9_7f4a_7c15_u64 as i64;

impl Lower<'_> {
    /// The function of a derived method.
    pub(super) fn derived_function(&mut self, of: TraitId, method: u32, ty: Ty) -> FuncId {
        if let Some(&known) = self.derived.get(&(of, method, ty)) {
            return known;
        }
        let (params, result, name): (Vec<Ty>, Ty, &str) = match of {
            TraitId::EQ => (vec![ty, ty], Ty::BOOL, "eq"),
            TraitId::ORD => (vec![ty, ty], Ty::INT, "cmp"),
            TraitId::HASH => (vec![ty], Ty::INT, "hash"),
            _ if method == methods::SHOW_WRITE => (vec![ty, Ty::BYTES], Ty::UNIT, "show"),
            _ => (vec![ty], Ty::STR, "show"),
        };
        let signature = self.signature(&params, result);
        let name = format!("{}.{name}", self.type_name(ty));
        let func = self.reserve_function(&name, &signature);
        self.derived.insert((of, method, ty), func);
        self.work.push(Work::Derived(func, of, method, ty));
        func
    }

    pub(super) fn derive(&mut self, func: FuncId, of: TraitId, method: u32, ty: Ty) {
        let result = match of {
            TraitId::EQ => Ty::BOOL,
            TraitId::ORD | TraitId::HASH => Ty::INT,
            _ if method == methods::SHOW_WRITE => Ty::UNIT,
            _ => Ty::STR,
        };
        let mut builder = Builder::new(self, func, None, Rc::from([]), result);
        let len = builder.layout(ty).words.len() as u32;
        let regs = |from: u32| Value::of_regs(&(from..from + len).map(VReg).collect::<Vec<_>>());
        let (first, second) = (regs(0), regs(len));
        match of {
            TraitId::EQ => builder.derive_eq(ty, first, second),
            TraitId::ORD => builder.derive_cmp(ty, first, second),
            TraitId::HASH => builder.derive_hash(ty, first),
            _ if method == methods::SHOW_WRITE => {
                builder.derive_show(ty, first, VReg(len).into());
                builder.return_value(Value::UNIT);
            }
            _ => {
                let text = builder.shown_text(ty, first);
                builder.return_value(Value::one(text));
            }
        }
        builder.finish();
    }

    /// The names of the variants of an enum with those of their fields.
    fn variant_names(&self, id: EnumId) -> Vec<(String, Vec<String>)> {
        let text = |name| self.names.text(name).to_owned();
        let variants = &self.program.enum_(id).variants;
        variants.iter().map(|v| (text(v.name), v.fields.iter().map(|f| text(f.name)).collect())).collect()
    }
}

/// The parts of a value of a type that is no enum, or of a variant.
type Parts = Vec<(Ty, Value)>;

impl Builder<'_, '_> {
    fn parts_of(&mut self, ty: Ty, value: Value) -> Parts {
        let types: Vec<Ty> = match self.lower.types.kind(ty) {
            TyKind::Tuple(parts) => self.lower.types.list(parts).to_vec(),
            TyKind::Struct(id, args) => {
                self.lower.struct_fields(id, args).into_iter().map(|(ty, _)| ty).collect()
            }
            _ => Vec::new(),
        };
        types.into_iter().enumerate().map(|(n, part)| (part, self.part_of(ty, value, n as u32))).collect()
    }

    /// The number of a value's variant.
    fn tag_of(&mut self, ty: Ty, value: Value) -> Operand {
        match self.layout(ty).kind {
            Kind::NullOption(_) => {
                let null = self.unary(UnaryOp::IsNull, value.single());
                self.unary(UnaryOp::Not, null).into()
            }
            Kind::Enum(_) => {
                let dst = self.int_reg();
                self.push(Op::Tag { dst, object: value.single() });
                dst.into()
            }
            _ => value.word(0),
        }
    }

    /// The fields of a value that is known to be of a variant.
    pub(super) fn variant_parts_of(&mut self, ty: Ty, number: u32, value: Value) -> Parts {
        let layout = self.layout(ty);
        match &layout.kind {
            Kind::NullOption(payload) if number == 1 => {
                let word = self.layout(*payload).words[0];
                let some = self.not_null(value.single(), word, true, None);
                vec![(*payload, some.map_or(Value::UNIT, Value::one))]
            }
            Kind::Tagged(variants) => {
                let parts: Vec<Part> = variants[number as usize].clone();
                parts.into_iter().map(|part| (part.ty, self.payload(value, part))).collect()
            }
            Kind::Enum(of) => {
                let parts = self.lower.variant_parts(ty)[number as usize].clone();
                if parts.is_empty() {
                    return Vec::new();
                }
                let to = self.lower.variant_type(*of, number);
                let dst = self.reg(RegType::Ref(to));
                self.push(Op::Cast { dst, src: value.single(), to });
                parts.into_iter().map(|part| (part.ty, self.load_part(dst.into(), part))).collect()
            }
            _ => Vec::new(),
        }
    }

    /// For each variant with fields, a block in which the value is known to be of it; ends in `others` for the rest.
    fn each_variant(&mut self, ty: Ty, tag: Operand, others: BlockId, mut body: impl FnMut(&mut Self, u32)) {
        let TyKind::Enum(id, args) = self.lower.types.kind(ty) else { return };
        for (number, fields) in self.lower.variant_fields(id, args).into_iter().enumerate() {
            if fields.is_empty() {
                continue;
            }
            let (found, next) = (self.block(), self.block());
            self.branch(Test::IEq, tag, Operand::Int(number as i32), found, next);
            self.start(found);
            body(self, number as u32);
            self.start(next);
        }
        self.jump(others);
    }

    fn is_enum(&self, ty: Ty) -> bool {
        matches!(self.lower.types.kind(ty), TyKind::Enum(..))
    }

    /// Whether the word of a value is all there is to compare, with no `impl` that could say otherwise.
    fn is_number(&self, ty: Ty) -> bool {
        use TyKind::{Bool, Char, Float, Int, Ptr, Storage};
        matches!(self.lower.types.kind(ty), Bool | Char | Float | Int | Ptr | Storage(_))
    }

    fn return_int(&mut self, value: i32) {
        self.return_value(Value::one(Operand::Int(value)));
    }

    fn derive_eq(&mut self, ty: Ty, lhs: Value, rhs: Value) {
        let (same, differ) = (self.block(), self.block());
        if self.is_enum(ty) {
            let (left, right) = (self.tag_of(ty, lhs), self.tag_of(ty, rhs));
            let equal = self.block();
            self.branch(Test::IEq, left, right, equal, differ);
            self.start(equal);
            self.each_variant(ty, left, same, |builder, number| {
                let lhs = builder.variant_parts_of(ty, number, lhs);
                let rhs = builder.variant_parts_of(ty, number, rhs);
                builder.equal_parts(lhs, rhs, differ);
                builder.jump(same);
            });
        } else {
            let (lhs, rhs) = (self.parts_of(ty, lhs), self.parts_of(ty, rhs));
            self.equal_parts(lhs, rhs, differ);
            self.jump(same);
        }
        self.start(same);
        self.return_int(1);
        self.start(differ);
        self.return_int(0);
    }

    fn equal_parts(&mut self, lhs: Parts, rhs: Parts, differ: BlockId) {
        for ((ty, lhs), (_, rhs)) in lhs.into_iter().zip(rhs) {
            let next = self.block();
            match self.layout(ty).words[..] {
                [] => self.jump(next),
                [RegType::Int] if self.is_number(ty) => {
                    self.branch(Test::IEq, lhs.single(), rhs.single(), next, differ);
                }
                [RegType::Float] if self.is_number(ty) => {
                    self.branch(Test::FEq, lhs.single(), rhs.single(), next, differ)
                }
                [STR] if ty == Ty::STR => {
                    let equal = self.binary(BinaryOp::StrEq, lhs.single(), rhs.single());
                    self.branch(Test::INe, equal.into(), Operand::Int(0), next, differ);
                }
                _ => {
                    let equal = self.call_method(ty, TraitId::EQ, methods::EQ, &[lhs, rhs], Ty::BOOL);
                    self.branch(Test::INe, equal.single(), Operand::Int(0), next, differ);
                }
            }
            self.start(next);
        }
    }

    fn derive_cmp(&mut self, ty: Ty, lhs: Value, rhs: Value) {
        let same = self.block();
        if self.is_enum(ty) {
            let (left, right) = (self.tag_of(ty, lhs), self.tag_of(ty, rhs));
            self.compare_ints(left, right);
            self.each_variant(ty, left, same, |builder, number| {
                let lhs = builder.variant_parts_of(ty, number, lhs);
                let rhs = builder.variant_parts_of(ty, number, rhs);
                builder.compare_parts(lhs, rhs);
                builder.jump(same);
            });
        } else {
            let (lhs, rhs) = (self.parts_of(ty, lhs), self.parts_of(ty, rhs));
            self.compare_parts(lhs, rhs);
            self.jump(same);
        }
        self.start(same);
        self.return_int(0);
    }

    /// Returns the order of two ints unless they are equal.
    fn compare_ints(&mut self, lhs: Operand, rhs: Operand) {
        for (test, order) in [(Test::ILt, -1), (Test::IGt, 1)] {
            let (found, next) = (self.block(), self.block());
            self.branch(test, lhs, rhs, found, next);
            self.start(found);
            self.return_int(order);
            self.start(next);
        }
    }

    fn compare_parts(&mut self, lhs: Parts, rhs: Parts) {
        for ((ty, lhs), (_, rhs)) in lhs.into_iter().zip(rhs) {
            let order = match self.layout(ty).words[..] {
                [] => continue,
                [RegType::Int] if self.is_number(ty) => {
                    self.compare_ints(lhs.single(), rhs.single());
                    continue;
                }
                [RegType::Float] if self.is_number(ty) => {
                    self.binary(BinaryOp::FCmp, lhs.single(), rhs.single()).into()
                }
                [STR] if ty == Ty::STR => self.binary(BinaryOp::StrCmp, lhs.single(), rhs.single()).into(),
                _ => self.call_method(ty, TraitId::ORD, methods::CMP, &[lhs, rhs], Ty::INT).single(),
            };
            let (found, next) = (self.block(), self.block());
            self.branch(Test::INe, order, Operand::Int(0), found, next);
            self.start(found);
            self.return_value(Value::one(order));
            self.start(next);
        }
    }

    fn derive_hash(&mut self, ty: Ty, value: Value) {
        let hash = self.int_reg();
        let seed = self.int(HASH_SEED);
        self.mov(hash, seed);
        let done = self.block();
        if self.is_enum(ty) {
            let tag = self.tag_of(ty, value);
            self.mix(hash, tag);
            self.each_variant(ty, tag, done, |builder, number| {
                let parts = builder.variant_parts_of(ty, number, value);
                builder.hash_parts(hash, parts);
                builder.jump(done);
            });
        } else {
            let parts = self.parts_of(ty, value);
            self.hash_parts(hash, parts);
            self.jump(done);
        }
        self.start(done);
        self.return_value(Value::one(hash));
    }

    /// `hash = (rotl(hash, 5) ^ word) * FACTOR`
    fn mix(&mut self, hash: VReg, word: Operand) {
        let turned = self.binary(BinaryOp::Rotl, hash, Operand::Int(5));
        let mixed = self.binary(BinaryOp::BXor, turned, word);
        let factor = self.int(HASH_FACTOR);
        self.push(Op::Binary { op: BinaryOp::IMulW, dst: hash, lhs: mixed.into(), rhs: factor });
    }

    fn hash_parts(&mut self, hash: VReg, parts: Parts) {
        for (ty, value) in parts {
            let word = match self.layout(ty).words[..] {
                [] => continue,
                [RegType::Int] if self.is_number(ty) => value.single(),
                [STR] if ty == Ty::STR => {
                    self.native("str_hash", &[(value.single(), STR)], &[RegType::Int]).single()
                }
                _ => self.call_method(ty, TraitId::HASH, methods::HASH, &[value], Ty::INT).single(),
            };
            self.mix(hash, word);
        }
    }

    fn derive_show(&mut self, ty: Ty, value: Value, buffer: Operand) {
        match self.lower.types.kind(ty) {
            TyKind::Tuple(_) => {
                let parts = self.parts_of(ty, value);
                let single = parts.len() == 1;
                let parts: Vec<_> = parts.into_iter().map(|(ty, value)| (String::new(), ty, value)).collect();
                if single {
                    self.append_text(buffer, "(");
                    self.append_value(buffer, parts[0].1, parts[0].2, true);
                    self.append_text(buffer, ",)");
                } else {
                    self.append_call(buffer, "", &parts);
                }
            }
            TyKind::Struct(id, _) => {
                let item = self.lower.program.struct_(id);
                let names: Vec<String> =
                    item.fields.iter().map(|field| self.lower.names.text(field.name).to_owned()).collect();
                let name = self.lower.names.text(item.name).to_owned();
                let parts = self.parts_of(ty, value);
                let parts: Vec<_> =
                    names.into_iter().zip(parts).map(|(n, (ty, value))| (n, ty, value)).collect();
                self.append_call(buffer, &name, &parts);
            }
            TyKind::Enum(id, _) => self.derive_show_enum(ty, id, value, buffer),
            _ => self.append_text(buffer, "()"),
        }
    }

    fn derive_show_enum(&mut self, ty: Ty, id: EnumId, value: Value, buffer: Operand) {
        let tag = self.tag_of(ty, value);
        let done = self.block();
        for (number, (name, fields)) in self.lower.variant_names(id).into_iter().enumerate() {
            let (found, next) = (self.block(), self.block());
            self.branch(Test::IEq, tag, Operand::Int(number as i32), found, next);
            self.start(found);
            if fields.is_empty() {
                self.append_text(buffer, &name);
            } else {
                let parts = self.variant_parts_of(ty, number as u32, value);
                let parts: Vec<_> =
                    fields.into_iter().zip(parts).map(|(n, (ty, value))| (n, ty, value)).collect();
                self.append_call(buffer, &name, &parts);
            }
            self.jump(done);
            self.start(next);
        }
        self.jump(done);
        self.start(done);
    }

    /// The text that `show` gives.
    fn shown_text(&mut self, ty: Ty, value: Value) -> Operand {
        let of = self.lower.heap_type(Ty::BYTES);
        let buffer: Operand = self.new_array(of, 0).into();
        self.derive_show(ty, value, buffer);
        let bytes = RegType::Ref(of);
        self.native("buf_to_str", &[(buffer, bytes)], &[STR]).single()
    }
}

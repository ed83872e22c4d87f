//! C: calls of its functions, and the tables that say their types.

use std::rc::Rc;

use lang_bytecode::{
    CAction, CFunction, CLayout, CScalar, CSignature, CType, FuncId, MAX_REGISTER_STRUCT, Place, RegType,
    Signature,
};

use super::Lower;
use super::builder::Builder;
use super::calls::flatten;
use super::extern_structs::CStruct;
use super::value::Value;
use crate::diagnostics::{Diagnostic, codes};
use crate::hir::{self, Code, FnId, Storage, StructId, Ty, TyKind};
use crate::ir::{BinaryOp, Callee, Op, Operand, VReg};
use crate::source::Span;

/// A use of C that has an entry in the table already.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) enum Use {
    /// A call, with the types of its variable arguments.
    Call(FnId, Vec<Ty>),
    /// The address of a function or variable.
    Address(FnId),
    /// A C function for closures of this type.
    NewCallback(Ty),
    FreeCallback,
}

/// The number or address that a type is in C.
pub(super) fn scalar(kind: TyKind) -> Option<CScalar> {
    Some(match kind {
        TyKind::Int => CScalar::I64,
        TyKind::Float => CScalar::F64,
        TyKind::Bool => CScalar::Bool,
        TyKind::Ptr => CScalar::Ptr,
        TyKind::Char => CScalar::U32,
        TyKind::Storage(storage) => match storage {
            Storage::U8 => CScalar::U8,
            Storage::U16 => CScalar::U16,
            Storage::U32 => CScalar::U32,
            Storage::I8 => CScalar::I8,
            Storage::I16 => CScalar::I16,
            Storage::I32 => CScalar::I32,
            Storage::F32 => CScalar::F32,
            Storage::U64 | Storage::Usize => CScalar::U64,
            Storage::Isize => CScalar::I64,
        },
        _ => return None,
    })
}

/// The report of a struct that is too large to be passed by value.
fn too_large(name: &str, layout: &CStruct, span: Span) -> Diagnostic {
    let most = lang_bytecode::MAX_STRUCT_BYTES;
    let message = format!("`{name}` has {} bytes, and C is given at most {most} by value", layout.size);
    Diagnostic::new(codes::BAD_C_TYPE, span, message)
        .help(format!("`*{name}` passes its address, of whatever size"))
}

/// What a scalar is as a variable argument: C widens it.
fn promoted(scalar: CScalar) -> CScalar {
    if scalar.is_float() {
        CScalar::F64
    } else if scalar == CScalar::Ptr {
        CScalar::Ptr
    } else {
        CScalar::I64
    }
}

impl Builder<'_, '_> {
    /// Calls a C function; `extra` are the types of variable arguments.
    pub(super) fn call_c(&mut self, id: FnId, extra: &[Ty], values: &[Value]) -> Value {
        let program = self.lower.program;
        let item = program.function(id);
        let index = self.lower.c_call(id, extra);
        let results = self.lower.out.foreign.functions[index as usize].signature.results.clone();
        let value = self.call(Callee::C(index), &flatten(values), &results);
        match self.lower.types.kind(item.result) {
            TyKind::Struct(..) => {
                // What came is the struct's bytes.
                let of = self.lower.heap_type(item.result);
                let dst = self.reg(RegType::Ref(of));
                let args = self.f.add_list([value.single()]);
                self.push(Op::New { dst, of, args });
                Value::one(dst)
            }
            _ => value,
        }
    }
}

impl Lower<'_> {
    /// The entry for a call of a C function.
    pub(super) fn c_call(&mut self, id: FnId, extra: &[Ty]) -> u32 {
        let key = Use::Call(id, extra.to_vec());
        if let Some(&known) = self.c_uses.get(&key) {
            return known;
        }
        let program = self.program;
        let item = program.function(id);
        let Code::C(c) = &item.code else { return 0 };
        let mut signature = Signature::default();
        let mut c_types =
            CSignature { variadic: c.variadic.then_some(c.params.len() as u32), ..CSignature::default() };
        for (written, param) in c.params.iter().zip(&item.params) {
            c_types.params.push(self.c_type(*written));
            signature.params.extend(self.layout(param.ty).words.first());
        }
        for ty in extra {
            let c = match self.c_type(*ty) {
                CType::Scalar(scalar) => CType::Scalar(promoted(scalar)),
                other => other,
            };
            c_types.params.push(c);
            signature.params.extend(self.layout(*ty).words.first());
        }
        if c.result != Ty::UNIT {
            let result = self.c_type(c.result);
            c_types.result = Some(result);
            let word = match result {
                CType::Struct(_) => Some(RegType::Ref(self.heap_type(Ty::BYTES))),
                _ => self.layout(item.result).words.first().copied(),
            };
            signature.results.extend(word);
        }
        self.add_use(key, Some((c, item.span)), signature, CAction::Call(c_types))
    }

    /// The entry for the address of a symbol.
    pub(super) fn c_address(&mut self, id: FnId) -> u32 {
        let key = Use::Address(id);
        if let Some(&known) = self.c_uses.get(&key) {
            return known;
        }
        let program = self.program;
        let item = program.function(id);
        let Code::C(c) = &item.code else { return 0 };
        let signature = Signature { params: Vec::new(), results: vec![RegType::Int] };
        self.add_use(key, Some((c, item.span)), signature, CAction::Address)
    }

    /// The entry that makes C functions of closures of this type; none where C cannot call such closures.
    pub(super) fn c_new_callback(&mut self, ty: Ty) -> Option<u32> {
        let key = Use::NewCallback(ty);
        if let Some(&known) = self.c_uses.get(&key) {
            return Some(known);
        }
        let TyKind::Fn(params, result) = self.types.kind(ty) else { return None };
        let params = self.types.list(params).to_vec();
        let is_text = |lower: &Self, ty: Ty| ty == Ty::STR || lower.types.option_payload(ty) == Some(Ty::STR);
        let fine = params.iter().all(|ty| scalar(self.types.kind(*ty)).is_some() || is_text(self, *ty))
            && (result == Ty::UNIT || scalar(self.types.kind(result)).is_some());
        if !fine {
            return None;
        }
        let callback = self.c_callback(ty);
        let signature =
            Signature { params: vec![RegType::Ref(self.heap_type(ty))], results: vec![RegType::Int] };
        Some(self.add_use(key, None, signature, CAction::NewCallback(callback)))
    }

    /// The entry that frees such C functions.
    pub(super) fn c_free_callback(&mut self) -> u32 {
        let key = Use::FreeCallback;
        if let Some(&known) = self.c_uses.get(&key) {
            return known;
        }
        let signature = Signature { params: vec![RegType::Int], results: Vec::new() };
        self.add_use(key, None, signature, CAction::FreeCallback)
    }

    fn add_use(
        &mut self,
        key: Use,
        declared: Option<(&hir::CFunction, Span)>,
        signature: Signature,
        action: CAction,
    ) -> u32 {
        let index = self.out.foreign.functions.len() as u32;
        let text = |name| self.names.text(name).to_owned();
        self.out.foreign.functions.push(CFunction {
            library: declared.and_then(|(c, _)| c.library).map(text),
            symbol: declared.map(|(c, _)| text(c.symbol)).unwrap_or_default(),
            weak: declared.is_some_and(|(c, _)| c.weak),
            place: Place::default(),
            signature,
            action,
        });
        self.out.foreign_spans.push(declared.map(|(_, span)| span).unwrap_or_default());
        self.c_uses.insert(key, index);
        index
    }

    /// A type of a C signature.
    fn c_type(&mut self, ty: Ty) -> CType {
        let ty = self.types.option_payload(ty).unwrap_or(ty);
        match self.types.kind(ty) {
            TyKind::CStr | TyKind::Str => CType::Text,
            TyKind::Array(_) => CType::Elements,
            TyKind::Pointer(_) => CType::Pointer,
            TyKind::Struct(id, _) => CType::Struct(self.c_layout(id)),
            TyKind::Fn(..) => CType::Callback(self.c_callback(ty)),
            kind => CType::Scalar(scalar(kind).unwrap_or(CScalar::I64)),
        }
    }

    /// The entry for closures of this type that C calls.
    fn c_callback(&mut self, ty: Ty) -> u32 {
        let TyKind::Fn(params, result) = self.types.kind(ty) else { return 0 };
        let params = self.types.list(params).to_vec();
        let signature = CSignature {
            params: params.into_iter().map(|param| self.c_type(param)).collect(),
            result: (result != Ty::UNIT).then(|| self.c_type(result)),
            variadic: None,
        };
        let callbacks = &mut self.out.foreign.callbacks;
        let known = callbacks.iter().position(|known| *known == signature);
        known.unwrap_or_else(|| {
            callbacks.push(signature);
            callbacks.len() - 1
        }) as u32
    }

    /// The entry for a struct that is passed by value.
    fn c_layout(&mut self, id: StructId) -> u32 {
        if let Some(&known) = self.c_layouts.get(&id) {
            return known;
        }
        let layout = self.c_struct(id);
        let mut fields = Vec::new();
        if layout.size <= MAX_REGISTER_STRUCT {
            self.c_scalars(&layout, 0, &mut fields);
        }
        let name = self.names.text(self.program.struct_(id).name).to_owned();
        if layout.size > lang_bytecode::MAX_STRUCT_BYTES {
            self.errors.push(too_large(&name, &layout, self.program.struct_(id).span));
        }
        let index = self.out.foreign.layouts.len() as u32;
        self.out.foreign.layouts.push(CLayout { name, size: layout.size, align: layout.align, fields });
        self.c_layouts.insert(id, index);
        index
    }
}

impl Lower<'_> {
    /// A C function as a value: a function of the program that calls it.
    pub(super) fn c_function_value(&mut self, func: FuncId, id: FnId) {
        let program = self.program;
        let item = program.function(id);
        let mut builder = Builder::new(self, func, None, Rc::default(), item.result);
        builder.at(item.span);
        let values: Vec<Value> = (0..item.params.len()).map(|index| Value::one(VReg(index as u32))).collect();
        let value = builder.call_c(id, &[], &values);
        builder.return_value(value);
        builder.finish();
    }
}

impl Builder<'_, '_> {
    fn address_of(&mut self, id: FnId) -> Operand {
        let index = self.lower.c_address(id);
        self.call(Callee::C(index), &[], &[RegType::Int]).single()
    }

    /// Whether a C function's symbol is there.
    pub(super) fn is_linked(&mut self, id: FnId) -> Value {
        let address = self.address_of(id);
        Value::one(self.binary(BinaryOp::INe, address, Operand::Int(0)))
    }

    /// The value of a library's variable.
    pub(super) fn load_foreign(&mut self, id: FnId) -> Value {
        let address = self.address_of(id);
        let scalar = self.variable_type(id);
        let args = [(address, RegType::Int), (Operand::Int(scalar as i32), RegType::Int)];
        match scalar.is_float() {
            true => self.native("ptr_get_float", &args, &[RegType::Float]),
            false => self.native("ptr_get_int", &args, &[RegType::Int]),
        }
    }

    /// Assigns to a library's variable.
    pub(super) fn store_foreign(&mut self, id: FnId, value: Operand) {
        let address = self.address_of(id);
        let scalar = self.variable_type(id);
        let (name, word) = match scalar.is_float() {
            true => ("ptr_set_float", RegType::Float),
            false => ("ptr_set_int", RegType::Int),
        };
        let kind = (Operand::Int(scalar as i32), RegType::Int);
        self.native(name, &[(address, RegType::Int), kind, (value, word)], &[]);
    }

    fn variable_type(&self, id: FnId) -> CScalar {
        scalar(self.lower.types.kind(self.lower.program.function(id).result)).unwrap_or(CScalar::I64)
    }

    /// A closure as a C function, by its address.
    pub(super) fn new_callback(&mut self, ty: Ty, closure: Operand) -> Value {
        match self.lower.c_new_callback(ty) {
            Some(index) => self.call(Callee::C(index), &[closure], &[RegType::Int]),
            None => {
                let shown = self.lower.type_name(ty);
                let message = format!("C cannot call a `{shown}`");
                let diagnostic = Diagnostic::new(codes::BAD_C_TYPE, self.asked_at(), message)
                    .help("a callback takes scalars, `ptr` and text, and gives a scalar, a `ptr` or nothing");
                self.lower.errors.push(diagnostic);
                Value::one(Operand::Int(0))
            }
        }
    }

    /// Frees such a C function.
    pub(super) fn free_callback(&mut self, address: Operand) -> Value {
        let index = self.lower.c_free_callback();
        self.call(Callee::C(index), &[address], &[])
    }
}

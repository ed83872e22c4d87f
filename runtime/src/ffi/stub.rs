//! The machine code between the machine and C, made by Cranelift: a stub for each shape of calls, and C functions for callbacks.

use std::collections::HashMap;

use cranelift_codegen::binemit::Reloc;
use cranelift_codegen::control::ControlPlane;
use cranelift_codegen::ir::{
    self, AbiParam, ArgumentPurpose, InstBuilder, LibCall, MemFlagsData, Signature, StackSlotData,
    StackSlotKind, types,
};
use cranelift_codegen::isa::{CallConv, OwnedTargetIsa};
use cranelift_codegen::{Context, FinalizedRelocTarget};
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};
use lang_bytecode::{CScalar, CSignature, CType};

use super::abi::{Part, Passing, Return, Shape};
use super::direct::{Caller, Conversions, Unfit, emit};
use crate::machine::{CodeMemory, isa};

/// Calls a function with the arguments that one word each stands for, and leaves the result's words.
pub(super) type CallStub = unsafe extern "sysv64" fn(args: *const u64, target: usize, result: *mut u64);

/// Calls a function with the arguments in a window, and leaves the result there; gives [`Unfit::code`] of what does not fit, else 0.
pub(super) type DirectStub = unsafe extern "sysv64" fn(window: *mut u64, target: usize) -> u32;

/// Machine code that is not installed: what it refers to by absolute address is named.
type Code = Vec<u8>;

/// Makes machine code, and keeps it for as long as it lives.
pub(super) struct Stubs {
    isa: OwnedTargetIsa,
    frontend: FunctionBuilderContext,
    calls: HashMap<Shape, CallStub>,
    direct: HashMap<Conversions, DirectStub>,
    memory: CodeMemory,
}

impl std::fmt::Debug for Stubs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stubs").field("calls", &self.calls.len()).finish_non_exhaustive()
    }
}

/// Addresses for stubs and callbacks: some hundred thousand of them. They take memory as they are used.
const MEMORY: usize = 64 << 20;
/// Where functions begin.
const ALIGN: usize = 16;

/// Why code could not be made, for people.
pub(super) type Failed = String;

impl Stubs {
    pub(super) fn new() -> Result<Stubs, Failed> {
        Ok(Stubs {
            isa: isa()?,
            frontend: FunctionBuilderContext::new(),
            calls: HashMap::new(),
            direct: HashMap::new(),
            memory: CodeMemory::new(MEMORY).map_err(|error| error.to_string())?,
        })
    }

    /// The stub for a shape.
    pub(super) fn call(&mut self, shape: &Shape) -> Result<CallStub, Failed> {
        if let Some(&known) = self.calls.get(shape) {
            return Ok(known);
        }
        let code = self.call_code(shape)?;
        let address = self.install(&code)?;
        // SAFETY: the code was compiled with this signature, and stays for as long as `self`.
        let stub = unsafe { std::mem::transmute::<usize, CallStub>(address) };
        self.calls.insert(shape.clone(), stub);
        Ok(stub)
    }

    /// The stub for calls whose arguments and result are converted like this.
    pub(super) fn direct(&mut self, conversions: &Conversions) -> Result<DirectStub, Failed> {
        if let Some(&known) = self.direct.get(conversions) {
            return Ok(known);
        }
        let code = self.direct_code(conversions)?;
        let address = self.install(&code)?;
        // SAFETY: the code was compiled with this signature, and stays for as long as `self`.
        let stub = unsafe { std::mem::transmute::<usize, DirectStub>(address) };
        self.direct.insert(conversions.clone(), stub);
        Ok(stub)
    }

    fn direct_code(&mut self, conversions: &Conversions) -> Result<Code, Failed> {
        let mut own = Signature::new(CallConv::SystemV);
        own.params.extend([AbiParam::new(types::I64); 2]);
        own.returns.push(AbiParam::new(types::I32));
        let mut clif = ir::Function::with_name_signature(ir::UserFuncName::default(), own);
        let mut b = FunctionBuilder::new(&mut clif, &mut self.frontend);
        let block = b.create_block();
        b.append_block_params_for_function_params(block);
        b.switch_to_block(block);
        let &[window, target] = b.block_params(block) else { return Err("no parameters".to_owned()) };
        let flags = MemFlagsData::trusted();
        let words: Vec<ir::Value> = (conversions.steps.iter().enumerate())
            .map(|(index, step)| b.ins().load(Conversions::word(*step), flags, window, index as i32 * 8))
            .collect();
        let mut stub = DirectCall { b, window, target };
        let result = emit(&mut stub, conversions, &words);
        let DirectCall { mut b, .. } = stub;
        if let Some(result) = result {
            b.ins().store(flags, result, window, 0);
        }
        let fine = b.ins().iconst(types::I32, 0);
        b.ins().return_(&[fine]);
        b.seal_all_blocks();
        b.finalize(self.isa.frontend_config());
        self.compile(clif)
    }

    /// Code that says in AL how many float registers hold variable arguments (8: all) and goes on to the function. A compiler of C
    /// sets AL at such calls; Cranelift leaves it as it is.
    pub(super) fn variadic(&mut self, target: usize) -> Result<usize, Failed> {
        let mut code = vec![0xb0, 8, 0x49, 0xbb];
        code.extend(target.to_le_bytes());
        code.extend([0x41, 0xff, 0xe3]);
        self.install(&code)
    }

    /// A C function of this signature. It calls `enter(slot, words)`, where each argument has a word and the result is left in the
    /// first.
    pub(super) fn callback(
        &mut self,
        signature: &CSignature,
        slot: usize,
        enter: usize,
    ) -> Result<usize, Failed> {
        let code = self.callback_code(signature, slot, enter)?;
        self.install(&code)
    }

    fn call_code(&mut self, shape: &Shape) -> Result<Code, Failed> {
        let pointer = AbiParam::new(types::I64);
        let mut own = Signature::new(CallConv::SystemV);
        own.params.extend([pointer; 3]);
        let mut clif = ir::Function::with_name_signature(ir::UserFuncName::default(), own);
        let mut b = FunctionBuilder::new(&mut clif, &mut self.frontend);
        let block = b.create_block();
        b.append_block_params_for_function_params(block);
        b.switch_to_block(block);
        let &[args, target, result] = b.block_params(block) else { return Err("no parameters".to_owned()) };
        let mut signature = Signature::new(CallConv::SystemV);
        let mut values = Vec::new();
        if shape.result == Return::Memory {
            signature.params.push(AbiParam::special(types::I64, ArgumentPurpose::StructReturn));
            values.push(result);
        }
        for (index, passing) in shape.params.iter().enumerate() {
            let at = index as i32 * 8;
            let mut take = |b: &mut FunctionBuilder<'_>, part: Part, from, at| {
                signature.params.push(AbiParam::new(clif_type(part)));
                values.push(b.ins().load(clif_type(part), MemFlagsData::trusted(), from, at));
            };
            let address =
                |b: &mut FunctionBuilder<'_>| b.ins().load(types::I64, MemFlagsData::trusted(), args, at);
            match *passing {
                Passing::Value(part) => take(&mut b, part, args, at),
                Passing::One(part) => {
                    let from = address(&mut b);
                    take(&mut b, part, from, 0);
                }
                Passing::Two(first, second) => {
                    let from = address(&mut b);
                    take(&mut b, first, from, 0);
                    take(&mut b, second, from, 8);
                }
                Passing::Stack(bytes) => {
                    values.push(address(&mut b));
                    let purpose = ArgumentPurpose::StructArgument(bytes);
                    signature.params.push(AbiParam::special(types::I64, purpose));
                }
            }
        }
        let returned: &[Part] = match &shape.result {
            Return::Nothing | Return::Memory => &[],
            Return::One(part) => &[*part],
            Return::Two(first, second) => &[*first, *second],
        };
        signature.returns.extend(returned.iter().map(|part| AbiParam::new(clif_type(*part))));
        let signature = b.import_signature(signature);
        let call = b.ins().call_indirect(signature, target, &values);
        let results: Vec<ir::Value> = b.inst_results(call).to_vec();
        for (index, value) in results.into_iter().enumerate() {
            b.ins().store(MemFlagsData::trusted(), value, result, index as i32 * 8);
        }
        b.ins().return_(&[]);
        b.seal_all_blocks();
        b.finalize(self.isa.frontend_config());
        self.compile(clif)
    }

    fn callback_code(&mut self, signature: &CSignature, slot: usize, enter: usize) -> Result<Code, Failed> {
        let mut own = Signature::new(CallConv::SystemV);
        let part = |ty: CType| match ty {
            CType::Scalar(CScalar::F32) => Part::Float,
            CType::Scalar(CScalar::F64) => Part::Double,
            _ => Part::Int,
        };
        let params: Vec<Part> = signature.params.iter().map(|ty| part(*ty)).collect();
        own.params.extend(params.iter().map(|part| AbiParam::new(clif_type(*part))));
        own.returns.extend(signature.result.map(|ty| AbiParam::new(clif_type(part(ty)))));
        let mut clif = ir::Function::with_name_signature(ir::UserFuncName::default(), own);
        let bytes = params.len().max(1) as u32 * 8;
        let words = clif.create_sized_stack_slot(StackSlotData::new(StackSlotKind::ExplicitSlot, bytes, 3));
        let mut b = FunctionBuilder::new(&mut clif, &mut self.frontend);
        let block = b.create_block();
        b.append_block_params_for_function_params(block);
        b.switch_to_block(block);
        let given: Vec<ir::Value> = b.block_params(block).to_vec();
        for (index, value) in given.into_iter().enumerate() {
            b.ins().stack_store(types::I64, value, words, index as i32 * 8);
        }
        let mut inner = Signature::new(CallConv::SystemV);
        inner.params.extend([AbiParam::new(types::I64); 2]);
        let inner = b.import_signature(inner);
        let target = b.ins().iconst(types::I64, enter as i64);
        let slot = b.ins().iconst(types::I64, slot as i64);
        let address = b.ins().stack_addr(types::I64, words, 0);
        b.ins().call_indirect(inner, target, &[slot, address]);
        let results: Vec<ir::Value> = signature
            .result
            .map(|ty| b.ins().load(clif_type(part(ty)), MemFlagsData::trusted(), address, 0))
            .into_iter()
            .collect();
        b.ins().return_(&results);
        b.seal_all_blocks();
        b.finalize(self.isa.frontend_config());
        self.compile(clif)
    }

    /// Machine code, its references filled in.
    fn compile(&self, clif: ir::Function) -> Result<Code, Failed> {
        let mut context = Context::for_function(clif);
        let compiled = context
            .compile(self.isa.as_ref(), &mut ControlPlane::default())
            .map_err(|error| format!("{:?}", error.inner))?;
        let mut code = compiled.code_buffer().to_vec();
        for reloc in compiled.buffer.relocs() {
            let copies = matches!(
                &reloc.target,
                FinalizedRelocTarget::ExternalName(ir::ExternalName::LibCall(LibCall::Memcpy))
            );
            let at = reloc.offset as usize;
            match code.get_mut(at..at + 8) {
                Some(place) if copies && reloc.kind == Reloc::Abs8 => {
                    let memcpy = libc::memcpy as *const () as i64 + reloc.addend;
                    place.copy_from_slice(&memcpy.to_le_bytes());
                }
                _ => return Err(format!("a reference to {:?}", reloc.target)),
            }
        }
        Ok(code)
    }

    /// Puts code where it can run.
    fn install(&mut self, code: &[u8]) -> Result<usize, Failed> {
        match self.memory.add(code, ALIGN) {
            Some(start) => Ok(start as usize),
            None => Err("there is no memory for more".to_owned()),
        }
    }
}

/// The call in a stub, which returns what does not fit.
struct DirectCall<'a> {
    b: FunctionBuilder<'a>,
    window: ir::Value,
    target: ir::Value,
}

impl<'a> Caller<'a> for DirectCall<'a> {
    fn builder(&mut self) -> &mut FunctionBuilder<'a> {
        &mut self.b
    }

    fn refuse(&mut self, cond: ir::Value, what: Unfit, word: ir::Value) {
        let b = &mut self.b;
        let (refuse, next) = (b.create_block(), b.create_block());
        b.ins().brif(cond, refuse, &[], next, &[]);
        b.set_cold_block(refuse);
        b.switch_to_block(refuse);
        if what == Unfit::Result {
            b.ins().store(MemFlagsData::trusted(), word, self.window, 0);
        }
        let code = b.ins().iconst(types::I32, i64::from(what.code()));
        b.ins().return_(&[code]);
        b.switch_to_block(next);
    }

    fn call(&mut self, signature: Signature, args: &[ir::Value]) -> ir::Inst {
        let signature = self.b.import_signature(signature);
        self.b.ins().call_indirect(signature, self.target, args)
    }
}

fn clif_type(part: Part) -> ir::Type {
    match part {
        Part::Int => types::I64,
        Part::Double => types::F64,
        Part::Float => types::F32,
    }
}

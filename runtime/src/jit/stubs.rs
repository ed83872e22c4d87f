//! Stubs: from the interpreter into compiled code, and from compiled code to functions that have none. One a signature.

use std::mem::offset_of;

use cranelift_codegen::ir::{
    self, AbiParam, GlobalValueData, InstBuilder, MemFlagsData, Signature, StackSlotData, StackSlotKind,
    types,
};
use cranelift_codegen::isa::{CallConv, TargetIsa};
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};

use super::code::Of;
use super::compiler::shape;
use super::context::Context;
use super::entry::{interpret_thunk, resolve};
use super::ir::Type;
use super::lower::signature;
use super::program::Program;
use super::translate::Request;

/// What a stub does.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Kind {
    /// Called by the host with the address of the code, the context and a window: takes the arguments from the window and leaves the results there.
    Entry,
    /// As [`Kind::Entry`], where the one argument is the window itself.
    Frame,
    /// Called by compiled code in place of a function; which one is in the context.
    Exit,
}

/// A stub: its kind, and the signature of the function that it enters or stands for.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct Stub {
    kind: Kind,
    params: Vec<Type>,
    results: Vec<Type>,
}

/// References are words like others here: they are kept nowhere across anything that may move objects.
fn word(ty: Type) -> Type {
    if ty == Type::Float { Type::Float } else { Type::Int }
}

impl Stub {
    fn new(kind: Kind, params: &[Type], results: &[Type]) -> Stub {
        let words = |types: &[Type]| types.iter().map(|ty| word(*ty)).collect();
        Stub { kind, params: words(params), results: words(results) }
    }

    /// What enters the code of a request.
    pub(super) fn entry(program: &Program, request: &Request) -> Stub {
        let (params, results) = shape(program, request.function);
        match request.osr {
            Some(_) => Stub::new(Kind::Frame, &[Type::Int], &[]),
            None => Stub::new(Kind::Entry, &params, &results),
        }
    }

    /// Whose code it is.
    pub(super) fn of(&self) -> Of {
        if self.kind == Kind::Exit { Of::Exit } else { Of::Entry }
    }

    /// What stands for a function.
    pub(super) fn exit(program: &Program, function: u32) -> Stub {
        let (params, results) = shape(program, function);
        Stub::new(Kind::Exit, &params, &results)
    }
}

/// The CLIF type of a kind of value.
fn clif_type(ty: Type) -> ir::Type {
    if ty == Type::Float { types::F64 } else { types::I64 }
}

/// Makes a stub.
pub(super) fn build(stub: &Stub, isa: &dyn TargetIsa) -> ir::Function {
    let own = match stub.kind {
        Kind::Exit => signature(&stub.params, &stub.results),
        _ => host_signature(3, false),
    };
    let mut clif = ir::Function::with_name_signature(ir::UserFuncName::default(), own);
    if stub.kind == Kind::Exit {
        limit_stack(&mut clif);
    }
    let mut frontend = FunctionBuilderContext::new();
    let mut b = FunctionBuilder::new(&mut clif, &mut frontend);
    let block = b.create_block();
    b.append_block_params_for_function_params(block);
    b.switch_to_block(block);
    match stub.kind {
        Kind::Exit => exit(&mut b, stub, block),
        _ => entry(&mut b, stub, block),
    }
    b.seal_all_blocks();
    b.finalize(isa.frontend_config());
    clif
}

/// A host function's signature: so many words, and perhaps one as the result.
fn host_signature(params: usize, result: bool) -> Signature {
    let mut signature = Signature::new(CallConv::SystemV);
    signature.params.extend((0..params).map(|_| AbiParam::new(types::I64)));
    signature.returns.extend(result.then(|| AbiParam::new(types::I64)));
    signature
}

fn limit_stack(clif: &mut ir::Function) {
    let context = clif.create_global_value(GlobalValueData::VMContext);
    let flags = clif.dfg.mem_flags.insert_unchecked(MemFlagsData::trusted());
    let limit = clif.create_global_value(GlobalValueData::Load {
        base: context,
        offset: (offset_of!(Context, stack_limit) as i32).into(),
        global_type: types::I64,
        flags,
    });
    clif.stack_limit = Some(limit);
}

fn entry(b: &mut FunctionBuilder<'_>, stub: &Stub, block: ir::Block) {
    let [code, context, window] = b.block_params(block) else { return };
    let (code, context, window) = (*code, *context, *window);
    let mut args = vec![context];
    if stub.kind == Kind::Frame {
        args.push(window);
    } else {
        for (place, ty) in stub.params.iter().enumerate() {
            args.push(b.ins().load(clif_type(*ty), MemFlagsData::trusted(), window, place as i32 * 8));
        }
    }
    let callee = b.import_signature(signature(&stub.params, &stub.results));
    let call = b.ins().call_indirect(callee, code, &args);
    let results = b.inst_results(call).to_vec();
    for (place, result) in results.into_iter().enumerate() {
        b.ins().store(MemFlagsData::trusted(), result, window, place as i32 * 8);
    }
    b.ins().return_(&[]);
}

fn exit(b: &mut FunctionBuilder<'_>, stub: &Stub, block: ir::Block) {
    let args = b.block_params(block).to_vec();
    let context = args[0];
    let flags = MemFlagsData::trusted();
    let function = b.ins().load(types::I64, flags, context, offset_of!(Context, callee) as i32);
    let asked = b.import_signature(host_signature(2, true));
    let address = b.ins().iconst(types::I64, resolve as *const () as i64);
    let call = b.ins().call_indirect(asked, address, &[context, function]);
    let code = b.inst_results(call)[0];
    let (compiled, interpreted) = (b.create_block(), b.create_block());
    b.ins().brif(code, compiled, &[], interpreted, &[]);

    b.switch_to_block(compiled);
    let callee = b.import_signature(signature(&stub.params, &stub.results));
    b.ins().return_call_indirect(callee, code, &args);

    b.switch_to_block(interpreted);
    let words = stub.params.len().max(stub.results.len()).max(1);
    let slot =
        b.create_sized_stack_slot(StackSlotData::new(StackSlotKind::ExplicitSlot, words as u32 * 8, 3));
    for (place, arg) in args[1..].iter().enumerate() {
        b.ins().stack_store(types::I64, *arg, slot, place as i32 * 8);
    }
    let window = b.ins().stack_addr(types::I64, slot, 0);
    let run = b.import_signature(host_signature(3, false));
    let address = b.ins().iconst(types::I64, interpret_thunk as *const () as i64);
    b.ins().call_indirect(run, address, &[context, function, window]);
    let results: Vec<ir::Value> = (stub.results.iter().enumerate())
        .map(|(place, ty)| b.ins().stack_load(types::I64, clif_type(*ty), slot, place as i32 * 8))
        .collect();
    b.ins().return_(&results);
}

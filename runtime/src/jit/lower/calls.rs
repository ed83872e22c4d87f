//! Calls of functions, natives and helpers, and what they leave in the frame for the collector.

use std::mem::offset_of;

use cranelift_codegen::ir::{self, AbiParam, InstBuilder, Signature, StackSlot, UserStackMapEntry, types};
use cranelift_codegen::isa::CallConv;

use super::{Lower, clif_type, signature};
use crate::jit::context::Context;
use crate::jit::helpers::{Failing, Helper};
use crate::jit::ir::{Callee, Inst, Op, Type, Value};
use crate::jit::translate::traps;
use crate::natives::LinkedNative;

impl Lower<'_> {
    /// Lowers an operation that calls something.
    pub(super) fn calling(&mut self, inst: &Inst) {
        match &inst.op {
            Op::Call { callee, args, params } => self.call(inst, *callee, args, params),
            Op::Native { native, args, safepoint, fallible } => {
                self.native(inst, *native, args, *safepoint, *fallible);
            }
            Op::Helper { helper, args } => self.helper(inst, *helper, args),
            Op::CallC { function, args } => self.call_c(inst, *function, args),
            _ => self.poll(),
        }
    }

    /// Stores the references that are used after a safepoint.
    pub(super) fn spill(&mut self, inst: &Inst) {
        for (place, (before, _)) in inst.moved.iter().enumerate() {
            let value = self.value(*before);
            self.store_slot(self.spills, place, value);
        }
    }

    /// Names the stored references in the stack map of a call.
    pub(super) fn map(&mut self, call: ir::Inst, inst: &Inst) {
        for place in 0..inst.moved.len() {
            self.map_slot(call, self.spills, place);
        }
    }

    /// Loads the references again.
    pub(super) fn reload(&mut self, inst: &Inst) {
        for (place, (_, after)) in inst.moved.iter().enumerate() {
            let value = self.load_slot(self.spills, place, types::I64);
            self.set(*after, value);
        }
    }

    pub(super) fn store_slot(&mut self, slot: StackSlot, place: usize, value: ir::Value) {
        let address = self.b.ins().stack_addr(types::I64, slot, place as i32 * 8);
        self.b.ins().store(self.regions.frame, value, address, 0);
    }

    pub(super) fn load_slot(&mut self, slot: StackSlot, place: usize, ty: ir::Type) -> ir::Value {
        let address = self.b.ins().stack_addr(types::I64, slot, place as i32 * 8);
        self.b.ins().load(ty, self.regions.frame, address, 0)
    }

    pub(super) fn map_slot(&mut self, call: ir::Inst, slot: StackSlot, place: usize) {
        let entry = UserStackMapEntry { ty: types::I64, slot, offset: place as u32 * 8 };
        self.b.func.dfg.append_user_stack_map_entry(call, entry);
    }

    /// The address of a callee's code now.
    fn target(&mut self, callee: Callee, first: Option<ir::Value>) -> ir::Value {
        let function = match (callee, first) {
            (Callee::Function(function), _) => {
                let address = self.program.entries + 8 * function as usize;
                let slot = self.constant(address as i64);
                return self.b.ins().load(types::I64, self.regions.tables, slot, 0);
            }
            (Callee::Closure, Some(closure)) => self.info(closure),
            (Callee::Method(method), Some(receiver)) => self.method(method, receiver),
            // Closures and methods have a first argument, by the verifier.
            _ => self.constant(0),
        };
        let entries = self.constant(self.program.entries as i64);
        let offset = self.b.ins().ishl_imm_u(function, 3);
        let slot = self.b.ins().iadd(entries, offset);
        self.b.ins().load(types::I64, self.regions.tables, slot, 0)
    }

    /// The function that a method is for a receiver.
    fn method(&mut self, method: u32, receiver: ir::Value) -> ir::Value {
        let row = self.program.methods[method as usize];
        let ty = self.b.ins().uload32(self.regions.constant, receiver, 0);
        let place = self.b.ins().iadd_imm_s(ty, -i64::from(row.first));
        let offset = self.b.ins().ishl_imm_u(place, 2);
        let functions = self.constant(row.functions as i64);
        let entry = self.b.ins().iadd(functions, offset);
        self.b.ins().uload32(self.regions.constant, entry, 0)
    }

    fn call(&mut self, inst: &Inst, callee: Callee, args: &[Value], params: &[Type]) {
        self.spill(inst);
        let (target, args) = self.prepare(callee, args);
        let results: Vec<Type> = inst.results.iter().map(|value| self.func.ty(*value)).collect();
        let signature = self.b.import_signature(signature(params, &results));
        let call = self.b.ins().call_indirect(signature, target, &args);
        self.map(call, inst);
        let results = self.b.inst_results(call).to_vec();
        for (result, value) in inst.results.iter().zip(results) {
            self.set(*result, value);
        }
        self.reload(inst);
    }

    /// Where a call goes, and its arguments with the context.
    fn prepare(&mut self, callee: Callee, args: &[Value]) -> (ir::Value, Vec<ir::Value>) {
        let args: Vec<ir::Value> = args.iter().map(|arg| self.value(*arg)).collect();
        let target = self.target(callee, args.first().copied());
        (target, [self.context].into_iter().chain(args).collect())
    }

    pub(super) fn tail_call(&mut self, callee: Callee, args: &[Value], params: &[Type]) {
        let (target, args) = self.prepare(callee, args);
        let signature = self.b.import_signature(signature(params, &self.func.results));
        self.b.ins().return_call_indirect(signature, target, &args);
    }

    /// The signature of a function of the host.
    fn host_signature(&mut self, params: &[Type], result: Type) -> ir::SigRef {
        let mut signature = Signature::new(CallConv::SystemV);
        signature.params.extend(params.iter().map(|ty| AbiParam::new(clif_type(*ty))));
        signature.returns.push(AbiParam::new(clif_type(result)));
        self.b.import_signature(signature)
    }

    /// Calls a function of the host.
    pub(super) fn call_host(&mut self, helper: Helper, args: &[ir::Value]) -> ir::Inst {
        let params: Vec<Type> = [Type::Int].into_iter().chain(helper.params().iter().copied()).collect();
        let signature = self.host_signature(&params, helper.result());
        let target = self.constant(helper.address() as i64);
        let args: Vec<ir::Value> = [self.context].into_iter().chain(args.iter().copied()).collect();
        self.b.ins().call_indirect(signature, target, &args)
    }

    fn helper(&mut self, inst: &Inst, helper: Helper, args: &[Value]) {
        self.spill(inst);
        let args: Vec<ir::Value> = args
            .iter()
            .zip(helper.params())
            .map(|(arg, ty)| if *ty == Type::Float { self.value(*arg) } else { self.word(*arg) })
            .collect();
        let call = self.call_host(helper, &args);
        self.map(call, inst);
        let value = self.b.inst_results(call)[0];
        self.check(helper, value);
        if let Some(result) = inst.results.first() {
            self.set(*result, value);
        }
        if let Some(second) = inst.results.get(1) {
            let offset = offset_of!(Context, result) as i32;
            // The helper wrote it behind the back of the alias analysis.
            let value = self.b.ins().load(types::I64, self.regions.context, self.context, offset);
            self.set(*second, value);
        }
        self.reload(inst);
    }

    /// Traps where a helper's result says so.
    fn check(&mut self, helper: Helper, result: ir::Value) {
        match helper.failing() {
            Failing::Never => {}
            Failing::OutOfMemory => self.trap_unless(result, &[], traps::OUT_OF_MEMORY),
            Failing::Said => self.trap_if(result, &[], traps::SAID),
        }
    }

    /// Calls a native's own code.
    fn native(&mut self, inst: &Inst, native: u32, args: &[Value], safepoint: bool, fallible: bool) {
        let LinkedNative { call, result } = self.program.natives[native as usize];
        let window = self.fill_window(inst, args);
        let target = self.constant(call as usize as i64);
        let result = self.constant(result.0.into());
        let call = if safepoint {
            self.call_host(Helper::Native, &[window, result, target])
        } else {
            let flags = self.regions.constant.with_readonly().with_can_move();
            let host = self.b.ins().load(types::I64, flags, self.context, offset_of!(Context, host) as i32);
            let signature = self.host_signature(&[Type::Int; 3], Type::Int);
            self.b.ins().call_indirect(signature, target, &[host, window, result])
        };
        self.map(call, inst);
        if safepoint {
            self.map_window(call, args);
        }
        if fallible {
            let failure = self.b.inst_results(call)[0];
            self.trap_if(failure, &[failure], traps::FAILED);
        }
        self.take_window(inst);
    }

    /// Makes ready for a call with arguments in the window, where its results lie afterwards; gives the window's address.
    pub(super) fn fill_window(&mut self, inst: &Inst, args: &[Value]) -> ir::Value {
        self.spill(inst);
        for (place, arg) in args.iter().enumerate() {
            let value = self.value(*arg);
            self.store_slot(self.window, place, value);
        }
        self.b.ins().stack_addr(types::I64, self.window, 0)
    }

    /// Names the references in the window in the stack map of a call.
    pub(super) fn map_window(&mut self, call: ir::Inst, args: &[Value]) {
        for (place, arg) in args.iter().enumerate() {
            if self.func.ty(*arg) == Type::Ref {
                self.map_slot(call, self.window, place);
            }
        }
    }

    /// Takes the results from the window.
    pub(super) fn take_window(&mut self, inst: &Inst) {
        for (place, result) in inst.results.iter().enumerate() {
            let value = self.load_slot(self.window, place, clif_type(self.func.ty(*result)));
            self.set(*result, value);
        }
        self.reload(inst);
    }

    /// Charges a back-edge or a call, and asks for more where nothing is left.
    fn poll(&mut self) {
        let offset = offset_of!(Context, fuel) as i32;
        let fuel = self.b.ins().load(types::I64, self.regions.context, self.context, offset);
        let left = self.b.ins().iadd_imm_s(fuel, -1);
        self.b.ins().store(self.regions.context, left, self.context, offset);
        let (ask, next) = (self.b.create_block(), self.b.create_block());
        self.b.ins().brif(left, next, &[], ask, &[]);
        self.b.set_cold_block(ask);
        self.b.switch_to_block(ask);
        let call = self.call_host(Helper::Refuel, &[]);
        let failed = self.b.inst_results(call)[0];
        self.trap_if(failed, &[], traps::SAID);
        self.b.ins().jump(next, &[]);
        self.b.switch_to_block(next);
    }
}

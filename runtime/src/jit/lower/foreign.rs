//! Calls of C.
//!
//! Where arguments and result are scalars the code converts them and calls the function itself; otherwise a helper does, from a window
//! of the native frame. Where C may call the program back, the call is a safepoint: the frame is noted and the references in it.

use std::mem::offset_of;

use cranelift_codegen::ir::{self, InstBuilder, Signature, types};
use cranelift_frontend::FunctionBuilder;

use super::Lower;
use crate::ffi::{Caller, Direct, Unfit, emit};
use crate::jit::context::Context;
use crate::jit::helpers::Helper;
use crate::jit::ir::{Inst, Value};
use crate::jit::translate::traps;

impl Lower<'_> {
    pub(super) fn call_c(&mut self, inst: &Inst, function: u32, args: &[Value]) {
        match self.program.foreign.get(function as usize) {
            Some(Some(direct)) => self.call_directly(inst, function, direct, args),
            _ => self.call_by_window(inst, function, args),
        }
    }

    /// Calls C through a helper.
    fn call_by_window(&mut self, inst: &Inst, function: u32, args: &[Value]) {
        let window = self.fill_window(inst, args);
        let function = self.constant(function.into());
        let call = self.call_host(Helper::CallC, &[function, window]);
        self.map(call, inst);
        self.map_window(call, args);
        let failed = self.b.inst_results(call)[0];
        self.trap_if(failed, &[], traps::SAID);
        self.take_window(inst);
    }

    fn call_directly(&mut self, inst: &Inst, function: u32, direct: &Direct, args: &[Value]) {
        self.spill(inst);
        self.flush_output();
        let words: Vec<ir::Value> = args.iter().map(|arg| self.value(*arg)).collect();
        let mut caller = DirectCall { lower: self, inst, function, target: direct.target };
        let result = emit(&mut caller, &direct.conversions, &words);
        if let (Some(result), Some(value)) = (result, inst.results.first()) {
            self.set(*value, result);
        }
        self.reload(inst);
    }

    /// Writes the program's output, where any waits.
    fn flush_output(&mut self) {
        let flag = self.context_word(offset_of!(Context, unflushed));
        let waits = self.b.ins().uload8(types::I64, self.regions.context, flag, 0);
        let (flush, next) = (self.b.create_block(), self.b.create_block());
        self.b.ins().brif(waits, flush, &[], next, &[]);
        self.b.set_cold_block(flush);
        self.b.switch_to_block(flush);
        let call = self.call_host(Helper::Flush, &[]);
        let failed = self.b.inst_results(call)[0];
        self.trap_if(failed, &[], traps::SAID);
        self.b.ins().jump(next, &[]);
        self.b.switch_to_block(next);
    }

    /// A word of the context that stays as it is while the program runs.
    fn context_word(&mut self, offset: usize) -> ir::Value {
        let flags = self.regions.constant.with_readonly().with_can_move();
        self.b.ins().load(types::I64, flags, self.context, offset as i32)
    }

    /// Notes where compiled code is, for what C calls back.
    fn note_exit(&mut self) {
        let (fp, sp) =
            (self.b.ins().get_frame_pointer(types::I64), self.b.ins().get_stack_pointer(types::I64));
        self.b.ins().store(self.regions.context, fp, self.context, offset_of!(Context, exit_fp) as i32);
        self.b.ins().store(self.regions.context, sp, self.context, offset_of!(Context, exit_pc) as i32);
    }

    /// Keeps `errno` for the program.
    fn keep_errno(&mut self) {
        let errno = offset_of!(Context, errno);
        let (from, to) = (self.context_word(errno), self.context_word(errno + 8));
        let value = self.b.ins().load(types::I32, self.regions.context, from, 0);
        self.b.ins().store(self.regions.context, value, to, 0);
    }

    /// Ends the program where a callback did.
    fn leave_if_pending(&mut self) {
        let offset = offset_of!(Context, pending) as i32;
        let pending = self.b.ins().load(types::I64, self.regions.context, self.context, offset);
        let (leave, next) = (self.b.create_block(), self.b.create_block());
        self.b.ins().brif(pending, leave, &[], next, &[]);
        self.b.set_cold_block(leave);
        self.b.switch_to_block(leave);
        self.call_host(Helper::Leave, &[]);
        self.trap(&[], traps::SAID);
        self.b.switch_to_block(next);
    }
}

/// A call of C in a compiled function.
struct DirectCall<'l, 'a> {
    lower: &'l mut Lower<'a>,
    inst: &'l Inst,
    function: u32,
    target: usize,
}

impl<'a> Caller<'a> for DirectCall<'_, 'a> {
    fn builder(&mut self) -> &mut FunctionBuilder<'a> {
        &mut self.lower.b
    }

    fn refuse(&mut self, cond: ir::Value, what: Unfit, word: ir::Value) {
        let lower = &mut *self.lower;
        let (refuse, next) = (lower.b.create_block(), lower.b.create_block());
        lower.b.ins().brif(cond, refuse, &[], next, &[]);
        lower.b.set_cold_block(refuse);
        lower.b.switch_to_block(refuse);
        let (function, code) = (lower.constant(self.function.into()), lower.constant(what.code().into()));
        lower.call_host(Helper::Refuse, &[function, code, word]);
        lower.trap(&[], traps::SAID);
        lower.b.switch_to_block(next);
    }

    fn call(&mut self, signature: Signature, args: &[ir::Value]) -> ir::Inst {
        let lower = &mut *self.lower;
        let program = lower.program;
        if program.calls_back {
            lower.note_exit();
        }
        let signature = lower.b.import_signature(signature);
        let target = lower.constant(self.target as i64);
        let call = lower.b.ins().call_indirect(signature, target, args);
        lower.map(call, self.inst);
        if program.reads_errno {
            lower.keep_errno();
        }
        if program.calls_back {
            lower.leave_if_pending();
        }
        call
    }
}

//! Calls that need nothing but instructions: the code that checks and converts scalars and calls C, for stubs and for compiled
//! functions alike.

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{self, AbiParam, InstBuilder, MemFlagsData, Signature, types};
use cranelift_codegen::isa::CallConv;
use cranelift_frontend::FunctionBuilder;
use lang_bytecode::{CScalar, CType, TrapKind};

use super::arguments::{Step, failure, unfit};
use super::link::{Foreign, Linked, LinkedCall};
use crate::heap::{ARRAY_DATA, FIELDS_AT};
use crate::natives::Failure;

/// What a call does with its arguments and its result, where instructions do all of it.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Conversions {
    /// The arguments.
    pub(super) steps: Box<[Step]>,
    /// The result; none for `void`.
    pub(super) result: Option<CScalar>,
}

/// A call of C that compiled code makes by itself.
#[derive(Clone, Debug)]
pub(crate) struct Direct {
    /// Where the function is.
    pub(crate) target: usize,
    pub(crate) conversions: Conversions,
}

/// What a check of a call says: the argument that does not fit, by its index, or the result.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Unfit {
    Argument(u32),
    Result,
}

impl Unfit {
    /// As a number that is not 0.
    pub(crate) fn code(self) -> u32 {
        match self {
            Unfit::Result => 1,
            Unfit::Argument(index) => index + 2,
        }
    }

    /// What such a number stands for.
    pub(crate) fn of(code: u32) -> Unfit {
        code.checked_sub(2).map_or(Unfit::Result, Unfit::Argument)
    }
}

impl Conversions {
    /// Those of a call, where instructions do all of it.
    pub(super) fn new(steps: &[Step], result: Option<CType>) -> Option<Conversions> {
        let result = match result {
            None => None,
            Some(CType::Scalar(scalar)) => Some(scalar),
            Some(_) => return None,
        };
        let made = |step: &Step| matches!(step, Step::Text | Step::Struct(_) | Step::Callback(_));
        (!steps.iter().any(made)).then(|| Conversions { steps: steps.into(), result })
    }

    /// Whether C is given the address of something that the collector may move.
    pub(super) fn gives_places(&self) -> bool {
        self.steps.iter().any(|step| matches!(step, Step::Elements | Step::Pointer))
    }

    /// The type of an argument as registers of the program hold it.
    pub(super) fn word(step: Step) -> ir::Type {
        if matches!(step, Step::Double | Step::Float) { types::F64 } else { types::I64 }
    }

    /// The signature in C.
    fn signature(&self, b: &FunctionBuilder<'_>, args: &[ir::Value]) -> Signature {
        let mut signature = Signature::new(CallConv::SystemV);
        signature.params.extend(args.iter().map(|arg| AbiParam::new(b.func.dfg.value_type(*arg))));
        signature.returns.extend(self.result.map(|scalar| AbiParam::new(clif_type(scalar))));
        signature
    }
}

/// Who makes the code of a call: a stub or a compiled function.
pub(crate) trait Caller<'a> {
    /// Where the code goes.
    fn builder(&mut self) -> &mut FunctionBuilder<'a>;

    /// Ends the program, or the stub, where the condition is not 0: this word does not fit.
    fn refuse(&mut self, cond: ir::Value, what: Unfit, word: ir::Value);

    /// Makes the call.
    fn call(&mut self, signature: Signature, args: &[ir::Value]) -> ir::Inst;
}

/// Adds the code of a call: its arguments are as registers of the program hold them, and so is the result.
pub(crate) fn emit<'a>(
    caller: &mut impl Caller<'a>,
    conversions: &Conversions,
    words: &[ir::Value],
) -> Option<ir::Value> {
    let mut args = Vec::with_capacity(words.len());
    for (index, (step, word)) in conversions.steps.iter().zip(words).enumerate() {
        args.push(argument(caller, *step, index as u32, *word));
    }
    let signature = conversions.signature(caller.builder(), &args);
    let call = caller.call(signature, &args);
    let scalar = conversions.result?;
    let value = caller.builder().inst_results(call)[0];
    Some(result(caller, scalar, value))
}

fn argument<'a>(caller: &mut impl Caller<'a>, step: Step, index: u32, word: ir::Value) -> ir::Value {
    let b = caller.builder();
    match step {
        Step::Narrow(to) => {
            let (least, greatest) = to.range();
            // One comparison: what is below the least becomes a large number.
            let above = b.ins().iadd_imm_s(word, least.wrapping_neg());
            let most = b.ins().iconst(types::I64, greatest.wrapping_sub(least));
            let cond = b.ins().icmp(IntCC::UnsignedGreaterThan, above, most);
            caller.refuse(cond, Unfit::Argument(index), word);
            word
        }
        Step::Float => b.ins().fdemote(types::F32, word),
        Step::Elements => unless_null(b, word, &[ARRAY_DATA]),
        Step::Pointer => unless_null(b, word, &[FIELDS_AT, ARRAY_DATA]),
        // Others are not direct.
        Step::Word | Step::Double | Step::Text | Step::Struct(_) | Step::Callback(_) => word,
    }
}

/// 0 for null, else what is found by going through these offsets.
fn unless_null(b: &mut FunctionBuilder<'_>, object: ir::Value, path: &[usize]) -> ir::Value {
    let (some, next) = (b.create_block(), b.create_block());
    let address = b.append_block_param(next, types::I64);
    b.ins().brif(object, some, &[], next, &[object.into()]);
    b.switch_to_block(some);
    let step = |from, at: &usize| b.ins().load(types::I64, MemFlagsData::trusted(), from, *at as i32);
    let found = path.iter().fold(object, step);
    b.ins().jump(next, &[found.into()]);
    b.switch_to_block(next);
    address
}

/// A scalar as C left it in a register, whose upper bits mean nothing.
fn result<'a>(caller: &mut impl Caller<'a>, scalar: CScalar, value: ir::Value) -> ir::Value {
    let b = caller.builder();
    let mut cut = |to: ir::Type, signed: bool| {
        let narrow = b.ins().ireduce(to, value);
        if signed { b.ins().sextend(types::I64, narrow) } else { b.ins().uextend(types::I64, narrow) }
    };
    match scalar {
        CScalar::I8 => cut(types::I8, true),
        CScalar::I16 => cut(types::I16, true),
        CScalar::I32 => cut(types::I32, true),
        CScalar::U8 => cut(types::I8, false),
        CScalar::U16 => cut(types::I16, false),
        CScalar::U32 => cut(types::I32, false),
        CScalar::Bool => {
            let low = b.ins().ireduce(types::I8, value);
            let flag = b.ins().icmp_imm_u(IntCC::NotEqual, low, 0);
            b.ins().uextend(types::I64, flag)
        }
        CScalar::U64 => {
            let cond = b.ins().icmp_imm_s(IntCC::SignedLessThan, value, 0);
            caller.refuse(cond, Unfit::Result, value);
            value
        }
        CScalar::F32 => b.ins().fpromote(types::F64, value),
        CScalar::I64 | CScalar::F64 | CScalar::Ptr => value,
    }
}

/// The type of a result in C.
fn clif_type(scalar: CScalar) -> ir::Type {
    match scalar {
        CScalar::F32 => types::F32,
        CScalar::F64 => types::F64,
        _ => types::I64,
    }
}

impl Foreign {
    /// The calls that compiled code makes by itself, by the number of the function.
    pub(crate) fn direct(&self) -> Vec<Option<Direct>> {
        self.functions.iter().map(|linked| self.direct_of(linked)).collect()
    }

    fn direct_of(&self, linked: &Linked) -> Option<Direct> {
        let Linked::Call(call) = linked else { return None };
        let conversions = call.conversions.clone()?;
        (call.target != 0).then_some(Direct { target: call.target, conversions })
    }

    /// What to say of a word that a call's check refused.
    #[cold]
    pub(crate) fn refusal(&self, function: u32, what: Unfit, word: u64) -> Box<Failure> {
        match self.functions.get(function as usize) {
            Some(Linked::Call(call)) => call.refusal(what, word),
            _ => failure(TrapKind::Conversion, TrapKind::Conversion.headline().to_owned()),
        }
    }
}

impl LinkedCall {
    /// What to say of a word that a check refused.
    #[cold]
    pub(super) fn refusal(&self, what: Unfit, word: u64) -> Box<Failure> {
        let message = match what {
            Unfit::Result => format!("the result of {}: {word} is above `int.MAX`", self.name),
            Unfit::Argument(index) => {
                let why = match self.steps.get(index as usize) {
                    Some(Step::Narrow(to)) => unfit(word, *to),
                    _ => String::new(),
                };
                format!("argument {} of {}: {why}", index + 1, self.name)
            }
        };
        failure(TrapKind::Conversion, message)
    }
}

//! A program's C functions, found and made ready for calls when it is loaded.

use lang_bytecode::{CAction, CFunction, CSignature, CType, Module, RegType, TypeId};

use super::abi::Shape;
use super::arguments::Step;
use super::call::PLAIN;
use super::callback::Callbacks;
use super::library::{HostSymbols, Libraries, LinkError};
use super::stub::{CallStub, Stubs};
use crate::heap::Tracer;
use crate::interpreter::Op;
use crate::vm::Vm;

/// A use of C as a loaded program has it.
#[derive(Debug)]
pub(super) enum Linked {
    Call(Box<LinkedCall>),
    /// The address of a symbol.
    Address(usize),
    NewCallback(u32),
    FreeCallback,
}

/// A function of C, ready to be called.
#[derive(Debug)]
pub(super) struct LinkedCall {
    /// The symbol, for people: `` `cos` of `m` ``.
    pub(super) name: String,
    /// What the stub calls; 0 for a weak symbol that is missing.
    pub(super) target: usize,
    pub(super) stub: CallStub,
    pub(super) steps: Box<[Step]>,
    pub(super) result: Given,
    /// How many words of the window its arguments and results take.
    pub(super) window: usize,
    /// Whether it has a few scalars as arguments, and a scalar or nothing as its result.
    pub(super) plain: bool,
    /// Whether it is given closures.
    pub(super) calls_back: bool,
}

/// What a call gives.
#[derive(Clone, Copy, Debug)]
pub(super) struct Given {
    /// The type in C; none for `void`.
    pub(super) ty: Option<CType>,
    /// The type of the object that is made of it, if one is.
    pub(super) object: TypeId,
    /// Whether NULL has a meaning.
    pub(super) nullable: bool,
    /// For a struct, its bytes.
    pub(super) bytes: usize,
}

/// The C functions of a program.
#[derive(Debug, Default)]
pub(crate) struct Foreign {
    pub(super) functions: Vec<Linked>,
    pub(super) callbacks: Callbacks,
    pub(super) stubs: Option<Stubs>,
    /// Whether a callback trapped, and C has not come back yet.
    pub(super) pending: bool,
    /// Where the program was when C called it again, outermost first.
    pub(crate) activations: Vec<(*const Op, *mut u64)>,
    /// The first free slot of the stack while C runs.
    pub(super) free_stack: Option<*mut u64>,
}

impl Foreign {
    /// A run begins.
    pub(crate) fn begin_run(&mut self, vm: *mut Vm) {
        self.pending = false;
        self.activations.clear();
        self.free_stack = None;
        self.callbacks.begin_run(vm);
    }

    /// Whether a callback trapped, and C has not come back yet.
    pub(crate) fn is_pending(&self) -> bool {
        self.pending
    }

    /// A run is over: what C kept must not be called any more.
    pub(crate) fn end_run(&mut self) {
        self.callbacks.begin_run(std::ptr::null_mut());
    }

    /// Shows the closures that C may call to the collector.
    ///
    /// # Safety
    /// The closures are objects of the tracer's heap.
    pub(crate) unsafe fn trace(&self, tracer: &mut Tracer<'_>) {
        // SAFETY: as promised by the caller.
        unsafe { self.callbacks.trace(tracer) }
    }
}

/// Finds the symbols of a program and compiles stubs for its calls.
///
/// # Errors
/// The first library or symbol that is missing.
pub(crate) fn link(module: &Module, host: &HostSymbols) -> Result<Foreign, LinkError> {
    let mut foreign = Foreign::default();
    let functions = &module.foreign.functions;
    let Some(first) = functions.first() else { return Ok(foreign) };
    let mut libraries = Libraries::default();
    let no_code = |function: &CFunction, why: String| LinkError {
        message: format!("cannot make code for calls of C: {why}"),
        place: function.place,
    };
    let mut stubs = Stubs::new().map_err(|why| no_code(first, why))?;
    for function in functions {
        let linked = match &function.action {
            CAction::Call(signature) => {
                let target = libraries.find(function, host)?;
                let call = ready(module, function, signature, target, &mut stubs);
                Linked::Call(Box::new(call.map_err(|why| no_code(function, why))?))
            }
            CAction::Address => Linked::Address(libraries.find(function, host)?),
            CAction::NewCallback(index) => Linked::NewCallback(*index),
            CAction::FreeCallback => Linked::FreeCallback,
        };
        foreign.functions.push(linked);
    }
    foreign.callbacks = Callbacks::new(module);
    foreign.stubs = Some(stubs);
    Ok(foreign)
}

fn ready(
    module: &Module,
    function: &CFunction,
    signature: &CSignature,
    target: usize,
    stubs: &mut Stubs,
) -> Result<LinkedCall, String> {
    let layouts = &module.foreign.layouts;
    let shape = Shape::new(&signature.params, signature.result, layouts);
    let target = match signature.variadic {
        Some(_) if target != 0 => stubs.variadic(target)?,
        _ => target,
    };
    let (object, nullable) = match function.signature.results.first() {
        Some(RegType::Ref(id)) => (*id, false),
        Some(RegType::RefNull(id)) => (*id, true),
        _ => (TypeId::STR, false),
    };
    let bytes = match signature.result {
        Some(CType::Struct(index)) => layouts[index as usize].size as usize,
        _ => 0,
    };
    let library = function.library.as_ref().map(|library| format!(" of `{library}`"));
    let scalar = |ty: &CType| matches!(ty, CType::Scalar(_));
    let plain =
        signature.params.len() <= PLAIN && signature.params.iter().chain(&signature.result).all(scalar);
    Ok(LinkedCall {
        plain,
        name: format!("`{}`{}", function.symbol, library.unwrap_or_default()),
        target,
        stub: stubs.call(&shape)?,
        steps: signature.params.iter().map(|ty| Step::of(*ty, layouts)).collect(),
        result: Given { ty: signature.result, object, nullable, bytes },
        window: function.signature.params.len().max(function.signature.results.len()),
        calls_back: signature.params.iter().any(|ty| matches!(ty, CType::Callback(_))),
    })
}

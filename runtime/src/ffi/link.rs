//! A program's C functions, found and made ready for calls when it is loaded.

use lang_bytecode::{CAction, CFunction, CSignature, CType, Module, RegType, TypeId};

use super::abi::Shape;
use super::arguments::Step;
use super::callback::Callbacks;
use super::direct::Conversions;
use super::library::{HostSymbols, Libraries, LinkError};
use super::stub::{CallStub, DirectStub, Stubs};
use crate::heap::Tracer;
use crate::vm::{At, RuntimeError, Vm};

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
    pub(super) code: CallCode,
    /// What instructions have to do, where that is all.
    pub(super) conversions: Option<Conversions>,
    pub(super) steps: Box<[Step]>,
    pub(super) result: Given,
    /// How many words of the window its arguments and results take.
    pub(super) window: usize,
    /// Whether it is given closures.
    pub(super) calls_back: bool,
}

/// The code that a call runs.
#[derive(Clone, Copy, Debug)]
pub(super) enum CallCode {
    /// It does everything.
    Direct(DirectStub),
    /// It puts arguments that were made for the call where C wants them.
    General(CallStub),
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

/// How a callback ended the program.
#[derive(Debug)]
pub(super) enum Pending {
    /// With this error, which was made while the frames of the callback were still there.
    Trap(Box<RuntimeError>),
    /// By itself; the machine has the status.
    Exit,
}

/// The C functions of a program.
#[derive(Debug)]
pub(crate) struct Foreign {
    pub(super) functions: Vec<Linked>,
    pub(super) callbacks: Callbacks,
    pub(super) stubs: Option<Stubs>,
    /// How a callback ended the program, while C has not come back yet.
    pub(super) pending: Option<Pending>,
    /// Where the program was when C called it again, outermost first.
    pub(crate) activations: Vec<At>,
    /// The first free slot of the stack while C runs.
    pub(super) free_stack: Option<*mut u64>,
    /// Where C has `errno`, on the thread that runs the program.
    pub(super) errno: *const i32,
}

impl Default for Foreign {
    fn default() -> Foreign {
        Foreign {
            functions: Vec::new(),
            callbacks: Callbacks::default(),
            stubs: None,
            pending: None,
            activations: Vec::new(),
            free_stack: None,
            errno: std::ptr::null(),
        }
    }
}

impl Foreign {
    /// A run begins.
    pub(crate) fn begin_run(&mut self, vm: *mut Vm) {
        self.pending = None;
        self.activations.clear();
        self.free_stack = None;
        // SAFETY: asking for the place has no conditions.
        self.errno = unsafe { libc::__errno_location() };
        self.callbacks.begin_run(vm);
    }

    /// Whether the program runs within a call of C.
    pub(crate) fn is_called_back(&self) -> bool {
        !self.activations.is_empty()
    }

    /// The error of a callback that trapped, if that is what ended the run.
    pub(crate) fn take_error(&mut self) -> Option<RuntimeError> {
        match self.pending.take() {
            Some(Pending::Trap(error)) => Some(*error),
            Some(Pending::Exit) | None => None,
        }
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

/// Finds the symbols of a program and compiles stubs for its calls, as far as they are not there yet.
///
/// # Errors
/// The first library or symbol that is missing; then nothing was added.
pub(crate) fn link(foreign: &mut Foreign, module: &Module, host: &HostSymbols) -> Result<(), LinkError> {
    // With the first callback C can get at what arguments point to while the program runs, so all calls are made ready again.
    let first_callback = foreign.callbacks.is_empty() && !module.foreign.callbacks.is_empty();
    let known = if first_callback { 0 } else { foreign.functions.len() };
    let functions = module.foreign.functions.get(known..).unwrap_or_default();
    let Some(first) = functions.first() else { return Ok(()) };
    let mut libraries = Libraries::default();
    let no_code = |function: &CFunction, why: String| LinkError {
        message: format!("cannot make code for calls of C: {why}"),
        place: function.place,
    };
    let stubs = match &mut foreign.stubs {
        Some(stubs) => stubs,
        none => none.insert(Stubs::new().map_err(|why| no_code(first, why))?),
    };
    let mut added = Vec::with_capacity(functions.len());
    for function in functions {
        let linked = match &function.action {
            CAction::Call(signature) => {
                let target = libraries.find(function, host)?;
                let call = ready(module, function, signature, target, stubs);
                Linked::Call(Box::new(call.map_err(|why| no_code(function, why))?))
            }
            CAction::Address => Linked::Address(libraries.find(function, host)?),
            CAction::NewCallback(index) => Linked::NewCallback(*index),
            CAction::FreeCallback => Linked::FreeCallback,
        };
        added.push(linked);
    }
    foreign.functions.truncate(known);
    foreign.functions.append(&mut added);
    foreign.callbacks.add_signatures(module);
    Ok(())
}

fn ready(
    module: &Module,
    function: &CFunction,
    signature: &CSignature,
    target: usize,
    stubs: &mut Stubs,
) -> Result<LinkedCall, String> {
    let layouts = &module.foreign.layouts;
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
    let steps: Box<[Step]> = signature.params.iter().map(|ty| Step::of(*ty, layouts)).collect();
    let conversions = Conversions::new(&steps, signature.result);
    // Where C may call back, what it has the address of is seen to first.
    let conversions = conversions.filter(|made| !made.gives_places() || module.foreign.callbacks.is_empty());
    let code = match &conversions {
        Some(made) => CallCode::Direct(stubs.direct(made)?),
        None => CallCode::General(stubs.call(&Shape::new(&signature.params, signature.result, layouts))?),
    };
    Ok(LinkedCall {
        name: format!("`{}`{}", function.symbol, library.unwrap_or_default()),
        target,
        code,
        conversions,
        steps,
        result: Given { ty: signature.result, object, nullable, bytes },
        window: function.signature.params.len().max(function.signature.results.len()),
        calls_back: signature.params.iter().any(|ty| matches!(ty, CType::Callback(_))),
    })
}

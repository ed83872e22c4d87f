//! Closures as C functions: what C calls enters the machine above the frame that called C.

use std::cell::Cell;
use std::rc::Rc;

use lang_bytecode::{CSignature, CType, Module, RegType, TrapKind, TypeDef, TypeId};

use super::arguments::failure;
use super::call::{LINKS, received};
use super::link::Pending;
use super::memory::lossy;
use crate::heap::{Scope, Tracer};
use crate::interpreter;
use crate::jit::entry;
use crate::natives::Failure;
use crate::vm::{At, Vm};

/// How often C and the program may call each other in turn: each round takes some of the host's stack.
const MAX_NESTING: usize = 400;

/// A C function for a closure.
#[derive(Debug)]
pub(super) struct Slot {
    machine: Rc<Machine>,
    /// The closure; 0 while the slot is free.
    closure: Cell<u64>,
    /// The signature, by its number.
    signature: u32,
    /// Where its code begins.
    code: usize,
}

impl Slot {
    /// The address that C calls.
    pub(super) fn code(&self) -> usize {
        self.code
    }
}

/// Who runs the callbacks of a program.
#[derive(Debug, Default)]
struct Machine {
    /// The VM while it runs, else null.
    vm: Cell<Option<*mut Vm>>,
    /// The thread that it runs on.
    thread: Cell<libc::pthread_t>,
}

/// The C functions of a program's closures.
#[derive(Debug, Default)]
pub(super) struct Callbacks {
    machine: Rc<Machine>,
    signatures: Vec<Signature>,
    /// All of them; their addresses are in their code, so they never move and are used again once they are free.
    slots: Vec<*mut Slot>,
    /// How many live until they are freed.
    kept: Vec<*mut Slot>,
}

/// A signature, with the free slots that have it.
#[derive(Debug)]
struct Signature {
    types: CSignature,
    free: Vec<*mut Slot>,
}

impl Drop for Callbacks {
    fn drop(&mut self) {
        for slot in self.slots.drain(..) {
            // SAFETY: the slot was made by `Box::into_raw` and is freed here alone.
            drop(unsafe { Box::from_raw(slot) });
        }
    }
}

impl Callbacks {
    /// Whether no closure becomes a C function.
    pub(super) fn is_empty(&self) -> bool {
        self.signatures.is_empty()
    }

    /// Takes the signatures of a program, as far as they are not there yet.
    pub(super) fn add_signatures(&mut self, module: &Module) {
        let signature = |types: &CSignature| Signature { types: types.clone(), free: Vec::new() };
        let more = module.foreign.callbacks.get(self.signatures.len()..).unwrap_or_default();
        self.signatures.extend(more.iter().map(signature));
    }

    /// Notes who runs; null when none does.
    ///
    /// What a run that trapped did not release is free again.
    pub(super) fn begin_run(&mut self, vm: *mut Vm) {
        self.signatures.iter_mut().for_each(|signature| signature.free.clear());
        for index in 0..self.slots.len() {
            let slot = self.slots[index];
            if !self.kept.contains(&slot) {
                // SAFETY: it is one of these.
                unsafe { self.release(slot) };
            }
        }
        self.machine.vm.set((!vm.is_null()).then_some(vm));
        // SAFETY: asking for the thread has no conditions.
        self.machine.thread.set(unsafe { libc::pthread_self() });
    }

    /// Whether C may have kept a C function.
    #[inline]
    pub(super) fn any_kept(&self) -> bool {
        !self.kept.is_empty()
    }

    /// # Safety
    /// The closures are objects of the tracer's heap.
    pub(super) unsafe fn trace(&self, tracer: &mut Tracer<'_>) {
        for slot in &self.slots {
            // SAFETY: slots live as long as this; their closures are live objects or 0.
            unsafe { tracer.slot((**slot).closure.as_ptr()) };
        }
    }

    /// The call that a slot was made for is over.
    ///
    /// # Safety
    /// The slot is one of these.
    pub(super) unsafe fn release(&mut self, slot: *mut Slot) {
        // SAFETY: as promised by the caller.
        unsafe {
            (*slot).closure.set(0);
            self.signatures[(*slot).signature as usize].free.push(slot);
        }
    }

    /// Ends a C function that was kept.
    pub(super) fn free(&mut self, code: usize) -> Result<(), String> {
        // SAFETY: slots live as long as this.
        let place = self.kept.iter().position(|slot| unsafe { (**slot).code } == code);
        match place {
            Some(place) => {
                let slot = self.kept.swap_remove(place);
                // SAFETY: it was one of these.
                unsafe { self.release(slot) };
                Ok(())
            }
            None => Err("this callback was freed before".to_owned()),
        }
    }
}

/// A C function that calls a closure until it is released.
///
/// # Safety
/// The VM runs, and `closure` is a live closure of the signature's types.
pub(super) unsafe fn acquire(vm: *mut Vm, signature: u32, closure: u64) -> Result<*mut Slot, Box<Failure>> {
    // SAFETY: the VM runs, and nothing else looks at its C functions now.
    let foreign = unsafe { &mut (*vm).foreign };
    let callbacks = &mut foreign.callbacks;
    let own = &mut callbacks.signatures[signature as usize];
    let slot = match own.free.pop() {
        Some(slot) => slot,
        None => {
            let slot = Slot { machine: callbacks.machine.clone(), closure: Cell::new(0), signature, code: 0 };
            let slot = Box::into_raw(Box::new(slot));
            callbacks.slots.push(slot);
            let code = match &mut foreign.stubs {
                Some(stubs) => stubs.callback(&own.types, slot as usize, enter as *const () as usize),
                None => Err("there is no code generator".to_owned()),
            };
            let code = code.map_err(|why| {
                failure(TrapKind::CLoad, format!("cannot make a C function of a closure: {why}"))
            })?;
            // SAFETY: it was just made, and no code knows it yet.
            unsafe { (*slot).code = code };
            slot
        }
    };
    // SAFETY: slots live as long as the VM's C functions.
    unsafe { (*slot).closure.set(closure) };
    Ok(slot)
}

/// A C function that calls a closure until it is freed: its address.
///
/// # Safety
/// As for [`acquire`].
pub(super) unsafe fn keep(vm: *mut Vm, signature: u32, closure: u64) -> Result<usize, Box<Failure>> {
    // SAFETY: as promised by the caller.
    unsafe {
        let slot = acquire(vm, signature, closure)?;
        (*vm).foreign.callbacks.kept.push(slot);
        Ok((*slot).code)
    }
}

/// What C calls: a slot's code leaves the arguments in `words`, and takes the result from the first of them.
unsafe extern "sysv64" fn enter(slot: *mut Slot, words: *mut u64) {
    // SAFETY: the code that calls this was made for the slot, which lives as long as the code.
    unsafe {
        let machine = &(*slot).machine;
        if libc::pthread_self() != machine.thread.get() {
            fatal("C called a closure of the program on another thread than the program's");
        }
        let Some(vm) = machine.vm.get() else {
            fatal("C called a closure of a program that does not run any more")
        };
        if (*slot).closure.get() == 0 {
            fatal("C called a closure that was freed, or whose call was over");
        }
        if (*vm).foreign.pending.is_some() {
            *words = 0;
            return;
        }
        if let Err(ended) = run(vm, slot, words) {
            if let Ended::Failed(failure) = ended {
                note(vm, *failure);
            }
            note_error(vm);
            if let Some(jit) = &mut (*vm).jit {
                jit.context.pending = 1;
            }
            *words = 0;
        }
    }
}

/// There is nobody to whom an error could be given: C does not expect one, and the program is not where this is.
#[cold]
fn fatal(what: &str) -> ! {
    eprintln!("fatal error: {what}");
    std::process::abort()
}

/// How a callback ended that gave nothing.
enum Ended {
    /// What happened was noted.
    Trapped,
    Failed(Box<Failure>),
}

impl From<Box<Failure>> for Ended {
    fn from(failure: Box<Failure>) -> Ended {
        Ended::Failed(failure)
    }
}

#[cold]
unsafe fn note(vm: *mut Vm, failure: Failure) {
    // SAFETY: the VM runs, and nothing else looks at it now; the program waits in a call of C.
    let (vm, place) = unsafe { (&mut *vm, (*vm).place()) };
    vm.trap_at(place);
    match failure {
        Failure::Trap { kind, message } => vm.trap.said = Some((kind, Some(message))),
        Failure::Exit(status) => vm.exit = Some(status),
    }
}

/// Makes the error of a program that ends while C waits for it: where C goes on lie the frames that it tells of.
///
/// # Safety
/// The VM runs a program, whose trap was noted.
#[cold]
pub(crate) unsafe fn note_error(vm: *mut Vm) {
    // SAFETY: as promised; nothing else looks at the VM now.
    let vm = unsafe { &mut *vm };
    if vm.foreign.pending.is_some() {
        return;
    }
    vm.foreign.pending = Some(match (vm.exit, vm.module()) {
        (None, Some(module)) => Pending::Trap(Box::new(vm.report(module))),
        _ => Pending::Exit,
    });
}

/// The first free slot of the interpreter's stack, for a program that called C from a place.
fn free_stack(vm: &Vm, place: At) -> Option<*mut u64> {
    match (place, &vm.jit) {
        (At::Compiled(_), Some(jit)) => entry::free_stack(&jit.context),
        _ => vm.foreign.free_stack,
    }
}

/// Calls the closure of a slot.
unsafe fn run(vm: *mut Vm, slot: *mut Slot, words: *mut u64) -> Result<(), Ended> {
    // SAFETY: the program is within a call of C, above whose window the stack is free.
    unsafe {
        let (place, top) = ((*vm).place(), (*vm).top);
        let Some(free) = free_stack(&*vm, place) else {
            return Err(
                failure(TrapKind::CLoad, "C called back while no call of C was made".to_owned()).into()
            );
        };
        let frame = free.add(LINKS);
        let code = (*vm).tables.closure_slot((*slot).closure.get());
        let size = (*code).frame as usize;
        if frame.wrapping_byte_add(size) > (*vm).stack_limit || (*vm).foreign.activations.len() >= MAX_NESTING
        {
            return Err(
                failure(TrapKind::StackOverflow, TrapKind::StackOverflow.headline().to_owned()).into()
            );
        }
        let signatures = &(*vm).foreign.callbacks.signatures;
        let types: *const CSignature = &raw const signatures[(*slot).signature as usize].types;
        place_arguments(vm, slot, &(*types).params, words, frame)?;
        frame.sub(1).write((&raw const (*vm).callback_exit[2]) as u64);
        frame.sub(LINKS).write(0);
        (*vm).foreign.activations.push(place);
        let code = (*vm).tables.closure_slot((*slot).closure.get());
        let start = (*code).code;
        let outcome = entry::nested(vm, start, frame);
        if outcome != interpreter::RETURNED {
            if outcome == interpreter::FINISHED {
                (*vm).exit = Some((*vm).status as i32);
            }
            // The calls stay noted, for the report.
            return Err(Ended::Trapped);
        }
        (*vm).foreign.activations.pop();
        (*vm).top = top;
        match (*types).result {
            None => {}
            Some(CType::Scalar(lang_bytecode::CScalar::F32)) => {
                *words = u64::from((f64::from_bits(*frame) as f32).to_bits());
            }
            Some(CType::Scalar(scalar)) if !scalar.is_float() => {
                *words = super::arguments::narrow(*frame, scalar).map_err(|why| {
                    failure(TrapKind::Conversion, format!("the result of a callback: {why}"))
                })?;
            }
            Some(_) => *words = *frame,
        }
        Ok(())
    }
}

/// Makes values of what C gave, and puts them into the closure's frame, whose first slot is the closure.
unsafe fn place_arguments(
    vm: *mut Vm,
    slot: *mut Slot,
    params: &[CType],
    words: *const u64,
    frame: *mut u64,
) -> Result<(), Ended> {
    let wrong = |index: usize, kind, why: &str| {
        Ended::Failed(failure(kind, format!("argument {} of a callback: {why}", index + 1)))
    };
    // SAFETY: the slot's code left a word for each argument; texts are rooted while others are made.
    unsafe {
        let mut scope = Scope::new(&mut (*vm).host.heap);
        let mut texts = Vec::new();
        for (index, _) in params.iter().enumerate().filter(|(_, ty)| **ty == CType::Text) {
            let address = *words.add(index);
            if address == 0 {
                texts.push(None);
                continue;
            }
            let text =
                scope.new_text(&lossy(address as *const _)).map_err(|error| Ended::Failed(error.into()))?;
            texts.push(Some(text));
        }
        let mut texts = texts.into_iter();
        for (index, ty) in params.iter().enumerate() {
            let word = *words.add(index);
            let value = match ty {
                CType::Scalar(scalar) => {
                    received(word, *scalar).map_err(|why| wrong(index, TrapKind::Conversion, &why))?
                }
                _ => match texts.next().flatten() {
                    Some(text) => text.address(),
                    None if may_be_null(vm, slot, index) => 0,
                    None => {
                        let why = "NULL, where the declaration says `cstr` and not `cstr?`";
                        return Err(wrong(index, TrapKind::NullReference, why));
                    }
                },
            };
            frame.add(index + 1).write(value);
        }
        frame.write((*slot).closure.get());
    }
    Ok(())
}

/// Whether a parameter of a slot's closure may be null.
unsafe fn may_be_null(vm: *mut Vm, slot: *mut Slot, index: usize) -> bool {
    // SAFETY: the closure is live, and the program is loaded.
    unsafe {
        let Some(module) = (*vm).module() else { return false };
        let of = |id: TypeId| module.types.get(id.0 as usize);
        match of(crate::heap::type_of((*slot).closure.get())) {
            Some(TypeDef::Closure { of: id, .. }) => match of(*id) {
                Some(TypeDef::Function(signature)) => {
                    matches!(signature.params.get(index), Some(RegType::RefNull(_)))
                }
                _ => false,
            },
            _ => false,
        }
    }
}

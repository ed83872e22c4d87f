//! A call of C, from the out slots and back to them.

use lang_bytecode::{CScalar, CType, TrapKind};

use super::arguments::{Arguments, BadText, Step, failure, narrow, struct_bytes};
use super::callback;
use super::direct::Unfit;
use super::link::{CallCode, Given, Linked, LinkedCall};
use super::memory::lossy;
use super::stub::DirectStub;
use crate::heap::{Array, OutOfMemory};
use crate::interpreter::{LINK_SLOTS, Op};
use crate::natives::Failure;
use crate::vm::Vm;

/// Why the program does not go on after a call.
enum Stop {
    /// A callback trapped, and what it noted stands.
    Pending,
    /// The call itself failed.
    Failed(Box<Failure>),
}

impl From<Box<Failure>> for Stop {
    #[cold]
    fn from(failure: Box<Failure>) -> Stop {
        Stop::Failed(failure)
    }
}

impl From<OutOfMemory> for Stop {
    #[cold]
    fn from(error: OutOfMemory) -> Stop {
        Stop::Failed(error.into())
    }
}

/// Does what an entry of the table of C functions says; false where the program does not go on.
///
/// # Safety
/// The VM runs at `pc` and `base`, and `window` is where the verifier found the arguments.
// In the handler's own frame its locals would keep the handler from ending in a jump.
#[inline(never)]
pub(crate) unsafe fn call(vm: *mut Vm, pc: *const Op, base: *mut u64, index: u32, window: *mut u64) -> bool {
    // SAFETY: as promised.
    unsafe {
        (*vm).top = (pc, base);
        match act(vm, index, window) {
            Ok(()) => true,
            Err(stop) => stopped(vm, pc, base, stop),
        }
    }
}

/// # Safety
/// The VM runs, and `window` is where the verifier found the arguments.
unsafe fn act(vm: *mut Vm, index: u32, window: *mut u64) -> Result<(), Stop> {
    // SAFETY: as promised; the functions were linked when the module was loaded, and the list does not change while it runs.
    unsafe {
        let linked = (*vm).foreign.functions.as_ptr().add(index as usize);
        match &*linked {
            Linked::Call(call) => call_function(vm, call, window),
            Linked::Address(address) => {
                *window = *address as u64;
                Ok(())
            }
            Linked::NewCallback(signature) => callback::keep(vm, *signature, *window)
                .map(|address| *window = address as u64)
                .map_err(Stop::Failed),
            Linked::FreeCallback => (*vm)
                .foreign
                .callbacks
                .free(*window as usize)
                .map_err(|why| Stop::Failed(failure(TrapKind::Argument, why))),
        }
    }
}

/// Calls a function of C for compiled code, from a window of its frame.
///
/// # Errors
/// Where the program does not go on: why, or nothing where a callback ended it.
///
/// # Safety
/// The VM runs compiled code, whose stack map names the references in the window.
pub(crate) unsafe fn call_from_compiled(
    vm: *mut Vm,
    index: u32,
    window: *mut u64,
) -> Result<(), Option<Box<Failure>>> {
    // SAFETY: as promised.
    let done = unsafe { act(vm, index, window) };
    done.map_err(|stop| match stop {
        Stop::Pending => None,
        Stop::Failed(failure) => Some(failure),
    })
}

#[cold]
unsafe fn stopped(vm: *mut Vm, pc: *const Op, base: *mut u64, stop: Stop) -> bool {
    if let Stop::Failed(failure) = stop {
        // SAFETY: the VM runs, and nothing else looks at it now.
        let vm = unsafe { &mut *vm };
        vm.trap.set(pc, base, 0);
        match *failure {
            Failure::Trap { kind, message } => vm.trap.said = Some((kind, Some(message))),
            Failure::Exit(status) => vm.exit = Some(status),
        }
    }
    false
}

/// Words of a result held without a block of memory.
const INLINE_RESULT: usize = 8;

/// # Safety
/// As for [`call`].
unsafe fn call_function(vm: *mut Vm, call: &LinkedCall, window: *mut u64) -> Result<(), Stop> {
    // SAFETY: as promised; no reference into the VM is held while C runs, which may call back.
    unsafe {
        if call.target == 0 {
            let message = format!("{} is not there: it is `weak`, and nothing provides it", call.name);
            return Err(Stop::Failed(failure(TrapKind::CLoad, message)));
        }
        (*vm).host.services.output.flush()?;
        let stub = match call.code {
            CallCode::Direct(stub) => return call_direct(vm, call, stub, window),
            CallCode::General(stub) => stub,
        };
        let mut arguments = Arguments::new(call.steps.len());
        let taken = take(vm, call, window, &mut arguments);
        let mut few = [0u64; INLINE_RESULT];
        let mut many =
            vec![0u64; if call.result.bytes > INLINE_RESULT * 8 { call.result.bytes.div_ceil(8) } else { 0 }];
        let words = if many.is_empty() { few.as_mut_ptr() } else { many.as_mut_ptr() };
        if taken.is_ok() {
            let outer = (*vm).foreign.free_stack.replace(window.add(call.window));
            let top = (*vm).top;
            stub(arguments.as_ptr(), call.target, words);
            (*vm).host.services.c_errno = *(*vm).foreign.errno;
            (*vm).top = top;
            (*vm).foreign.free_stack = outer;
        }
        for slot in arguments.callbacks.drain(..) {
            (*vm).foreign.callbacks.release(slot);
        }
        taken?;
        if (*vm).foreign.pending.is_some() {
            return Err(Stop::Pending);
        }
        give(vm, call, &call.result, words, window)
    }
}

/// [`call_function`] where instructions do all that is to be done.
unsafe fn call_direct(
    vm: *mut Vm,
    call: &LinkedCall,
    stub: DirectStub,
    window: *mut u64,
) -> Result<(), Stop> {
    // SAFETY: as promised; the stub was made for what the verifier found in the window.
    unsafe {
        let outer = (*vm).foreign.free_stack.replace(window.add(call.window));
        let top = (*vm).top;
        let refused = stub(window, call.target);
        (*vm).host.services.c_errno = *(*vm).foreign.errno;
        (*vm).top = top;
        (*vm).foreign.free_stack = outer;
        if (*vm).foreign.pending.is_some() {
            return Err(Stop::Pending);
        }
        match refused {
            0 => Ok(()),
            code => Err(refusal(call, code, window)),
        }
    }
}

#[cold]
unsafe fn refusal(call: &LinkedCall, code: u32, window: *const u64) -> Stop {
    let what = Unfit::of(code);
    let place = match what {
        Unfit::Argument(index) => index as usize,
        Unfit::Result => 0,
    };
    // SAFETY: the stub leaves arguments that it refuses where they were, and a result in the first place.
    Stop::Failed(call.refusal(what, unsafe { *window.add(place) }))
}

/// Takes the arguments from the window.
unsafe fn take(vm: *mut Vm, call: &LinkedCall, window: *mut u64, into: &mut Arguments) -> Result<(), Stop> {
    // SAFETY: the verifier found arguments of these types in the window, where the collector sees them.
    unsafe {
        if call.calls_back || (*vm).foreign.callbacks.any_kept() {
            fix(vm, call, window)?;
        }
        for (index, step) in call.steps.iter().enumerate() {
            let word = *window.add(index);
            let word = match *step {
                Step::Word | Step::Double => word,
                Step::Narrow(to) => {
                    narrow(word, to).map_err(|why| wrong(call, index, TrapKind::Conversion, &why))?
                }
                Step::Float => u64::from((f64::from_bits(word) as f32).to_bits()),
                Step::Text => into.text(word).map_err(|bad| match bad {
                    BadText::InnerNul { at } => {
                        let why = format!("the text has a NUL at byte {at}, where C would end it");
                        wrong(call, index, TrapKind::Argument, &why)
                    }
                    BadText::NoMemory => OutOfMemory.into(),
                })?,
                Step::Elements if word == 0 => 0,
                Step::Elements => (*(word as *const Array)).data as u64,
                Step::Pointer if word == 0 => 0,
                Step::Pointer => (*struct_bytes(word)).data as u64,
                Step::Struct(bytes) => into.copy_struct(word, bytes)?,
                Step::Callback(_) if word == 0 => 0,
                Step::Callback(signature) => {
                    let slot = callback::acquire(vm, signature, word).map_err(Stop::Failed)?;
                    into.callbacks.push(slot);
                    (*slot).code() as u64
                }
            };
            into.set(index, word);
        }
        Ok(())
    }
}

/// Sees to it that nothing that C gets the address of moves when the program runs within the call.
unsafe fn fix(vm: *mut Vm, call: &LinkedCall, window: *mut u64) -> Result<(), Stop> {
    for (index, step) in call.steps.iter().enumerate() {
        // SAFETY: the collector knows the window's slots, which hold what the steps say, or 0.
        unsafe {
            let slot = window.add(index);
            match step {
                Step::Elements if *slot != 0 => (*vm).host.heap.array_fix(slot)?,
                Step::Pointer if *slot != 0 => (*vm).host.heap.array_fix_within(slot)?,
                _ => {}
            }
        }
    }
    Ok(())
}

#[cold]
fn wrong(call: &LinkedCall, index: usize, kind: TrapKind, why: &str) -> Stop {
    Stop::Failed(failure(kind, format!("argument {} of {}: {why}", index + 1, call.name)))
}

/// Leaves what C gave in the window.
unsafe fn give(
    vm: *mut Vm,
    call: &LinkedCall,
    given: &Given,
    words: *const u64,
    window: *mut u64,
) -> Result<(), Stop> {
    // SAFETY: the stub left a result of this type; the window has room for one word.
    unsafe {
        let bad =
            |kind, why: &str| Stop::Failed(failure(kind, format!("the result of {}: {why}", call.name)));
        let word = match given.ty {
            None => return Ok(()),
            Some(CType::Scalar(scalar)) => {
                received(*words, scalar).map_err(|why| bad(TrapKind::Conversion, &why))?
            }
            Some(CType::Text) if *words == 0 && given.nullable => 0,
            Some(CType::Text) if *words == 0 => {
                return Err(bad(
                    TrapKind::NullReference,
                    "NULL, where the declaration says `cstr` and not `cstr?`",
                ));
            }
            Some(CType::Text) => (*vm).host.heap.str_new(&lossy(*words as *const _))?,
            Some(CType::Struct(_)) => {
                let array = (*vm).host.heap.array_new(given.object, given.bytes, given.bytes)?;
                let data = (*(array as *const Array)).data;
                std::ptr::copy_nonoverlapping(words.cast::<u8>(), data, given.bytes);
                array
            }
            // The verifier lets no other type be a result.
            Some(CType::Elements | CType::Pointer | CType::Callback(_)) => return Ok(()),
        };
        *window = word;
        Ok(())
    }
}

/// A scalar as C left it in a register, whose upper bits mean nothing.
pub(super) fn received(word: u64, scalar: CScalar) -> Result<u64, String> {
    Ok(match scalar {
        CScalar::I8 => word as i8 as i64 as u64,
        CScalar::I16 => word as i16 as i64 as u64,
        CScalar::I32 => word as i32 as i64 as u64,
        CScalar::U8 => u64::from(word as u8),
        CScalar::U16 => u64::from(word as u16),
        CScalar::U32 => u64::from(word as u32),
        CScalar::Bool => u64::from(word as u8 != 0),
        CScalar::F32 => f64::from(f32::from_bits(word as u32)).to_bits(),
        CScalar::U64 if word > i64::MAX as u64 => return Err(format!("{word} is above `int.MAX`")),
        CScalar::U64 | CScalar::I64 | CScalar::F64 | CScalar::Ptr => word,
    })
}

/// The slots that links take, for callbacks.
pub(super) const LINKS: usize = LINK_SLOTS;

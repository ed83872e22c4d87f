//! What slow paths ask of the VM: decoding, allocation, host functions.

use lang_bytecode::{TrapKind, TypeId};

use super::abi::Op;
use crate::heap::{Array, OutOfMemory, size_of, write};
use crate::natives::Failure;
use crate::vm::{FunctionSlot, Vm};

/// Decodes a function at its first call.
///
/// # Safety
/// The VM runs, and has such a function.
pub(super) unsafe fn enter_first(vm: *mut Vm, function: u32) -> FunctionSlot {
    // SAFETY: handlers hold no reference into the VM while they call this.
    unsafe { (*vm).enter_first(function) }
}

/// Calls a host function with its arguments at `window`; false where the program does not go on.
///
/// # Safety
/// The VM runs at `pc` and `base`, and `window` is where the verifier found the arguments.
pub(super) unsafe fn call_native(
    vm: *mut Vm,
    pc: *const Op,
    base: *mut u64,
    native: u32,
    window: *mut u64,
) -> bool {
    // SAFETY: as promised; the natives were linked when the module was loaded.
    unsafe {
        (*vm).top = (pc, base);
        let linked = *(*vm).natives.as_ptr().add(native as usize);
        match (linked.call)(&mut (*vm).host, window, linked.result) {
            None => true,
            Some(failure) => fail(vm, pc, base, *failure),
        }
    }
}

#[cold]
unsafe fn fail(vm: *mut Vm, pc: *const Op, base: *mut u64, failure: Failure) -> bool {
    // SAFETY: the VM runs, and nothing else looks at it now.
    let vm = unsafe { &mut *vm };
    vm.trap.set(pc, base, 0);
    match failure {
        Failure::Trap { kind, message } => vm.trap.said = Some((kind, Some(message))),
        Failure::Exit(status) => vm.exit = Some(status),
    }
    false
}

/// What an instruction that allocates makes.
type Made = Result<u64, OutOfMemory>;

/// Notes where the program is, makes what `make` makes, and leaves it in the instruction's slot `a`; false where there is no memory.
///
/// # Safety
/// The VM runs at `pc` and `base`, and the collector finds the arguments of the instruction there.
unsafe fn make(vm: *mut Vm, pc: *const Op, base: *mut u64, make: impl FnOnce() -> Made) -> bool {
    // SAFETY: as promised.
    unsafe {
        (*vm).top = (pc, base);
        match make() {
            Ok(object) => {
                *base.add((*pc).a as usize) = object;
                true
            }
            Err(OutOfMemory) => out_of_memory(vm, pc, base),
        }
    }
}

/// Makes an object of type `of` whose fields are at slot `b`.
///
/// # Safety
/// The VM runs at `pc` and `base`, where the verifier found fields of these types.
pub(super) unsafe fn new_object(vm: *mut Vm, pc: *const Op, base: *mut u64, of: TypeId) -> bool {
    // SAFETY: as promised; the fields' values are read after anything moved.
    unsafe {
        make(vm, pc, base, || {
            let layout = (*vm).tables.layouts().get(of);
            let object = (*vm).host.heap.allocate(layout.header, layout.size)?;
            let window = base.add((*pc).b as usize);
            for (index, field) in layout.fields.iter().enumerate() {
                write(field.storage, object.add(field.offset), *window.add(index));
            }
            Ok(object as u64)
        })
    }
}

/// Makes an empty array of type `of` with the room that slot `b` says.
///
/// # Safety
/// The VM runs at `pc` and `base`.
pub(super) unsafe fn new_array(vm: *mut Vm, pc: *const Op, base: *mut u64, of: TypeId) -> bool {
    // SAFETY: as promised.
    unsafe {
        make(vm, pc, base, || {
            let capacity = *base.add((*pc).b as usize) as i64;
            (*vm).host.heap.array_new(of, 0, usize::try_from(capacity).unwrap_or(0))
        })
    }
}

/// Makes an array of type `of` with the length at slot `b`, each element the value behind it.
///
/// # Safety
/// The VM runs at `pc` and `base`, where the verifier found a length and a value.
pub(super) unsafe fn filled_array(vm: *mut Vm, pc: *const Op, base: *mut u64, of: TypeId) -> bool {
    // SAFETY: as promised.
    unsafe {
        let window = base.add((*pc).b as usize);
        match usize::try_from(*window as i64) {
            Ok(len) => make(vm, pc, base, || (*vm).host.heap.array_filled(of, len, *window.add(1))),
            Err(_) => {
                (*vm).trap.set(pc, base, 0);
                (*vm).trap.values = [*window, 0];
                false
            }
        }
    }
}

/// Makes an array of type `of` with `c` elements, which are at slot `b`.
///
/// # Safety
/// The VM runs at `pc` and `base`, where the verifier found elements of the type.
pub(super) unsafe fn array_of(vm: *mut Vm, pc: *const Op, base: *mut u64, of: TypeId) -> bool {
    // SAFETY: as promised; the elements are read after anything moved.
    unsafe {
        make(vm, pc, base, || {
            let count = (*pc).c as usize;
            let array = (*vm).host.heap.array_new(of, count, count)?;
            let storage = (*vm).tables.layouts().element(of);
            let (data, window) = ((*(array as *const Array)).data, base.add((*pc).b as usize));
            for index in 0..count {
                write(storage, data.add(index * size_of(storage)), *window.add(index));
            }
            Ok(array)
        })
    }
}

/// Appends to an array that has no room; false where there is no memory.
///
/// # Safety
/// The VM runs at `pc` and `base`, at a push.
pub(super) unsafe fn push(vm: *mut Vm, pc: *const Op, base: *mut u64) -> bool {
    // SAFETY: as promised.
    unsafe {
        (*vm).top = (pc, base);
        let array = *base.add((*pc).a as usize);
        let value = *base.add((*pc).b as usize);
        match (*vm).host.heap.array_push_slow(array, value) {
            Ok(()) => true,
            Err(OutOfMemory) => out_of_memory(vm, pc, base),
        }
    }
}

#[cold]
unsafe fn out_of_memory(vm: *mut Vm, pc: *const Op, base: *mut u64) -> bool {
    // SAFETY: the VM runs, and nothing else looks at it now.
    unsafe { (*vm).trap.raise(TrapKind::OutOfMemory, pc, base) };
    false
}

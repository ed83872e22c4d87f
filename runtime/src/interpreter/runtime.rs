//! What slow paths ask of the VM: decoding, allocation, host functions.

use lang_bytecode::{Instr, Storage, TrapKind, TypeId};

use super::abi::{LINK_SLOTS, Op};
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
            Ok(()) => true,
            Err(failure) => fail(vm, pc, base, *failure),
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

/// Runs an instruction that makes an object or an array, from its stored form; false where there is no memory.
///
/// # Safety
/// The VM runs at `pc` and `base`, and the instruction there is one of these.
pub(super) unsafe fn allocate(vm: *mut Vm, pc: *const Op, base: *mut u64) -> bool {
    // SAFETY: as promised; the arguments are where the verifier found them, and the collector knows them.
    unsafe {
        (*vm).top = (pc, base);
        let Some((instr, window)) = (*vm).stored_at(pc) else { return out_of_memory(vm, pc, base) };
        let (first_out, dst) = (window, (*pc).a as usize);
        let window = base.add(window);
        let made = match instr {
            Instr::New { of, .. } => new(vm, TypeId(of), window),
            Instr::ANew { capacity, of, .. } => {
                let is_out = capacity.0 as usize + LINK_SLOTS >= first_out;
                let capacity = *base.add(capacity.0 as usize + if is_out { LINK_SLOTS } else { 0 }) as i64;
                let capacity = usize::try_from(capacity).unwrap_or(0);
                (*vm).host.heap.array_new(TypeId(of), 0, capacity)
            }
            Instr::AFilled { of, .. } => match usize::try_from(*window as i64) {
                Ok(count) => (*vm).host.heap.array_filled(TypeId(of), count, *window.add(1)),
                Err(_) => {
                    (*vm).trap.set(pc, base, 0);
                    (*vm).trap.values = [*window, 0];
                    return false;
                }
            },
            Instr::ALit { count, of, .. } => array_of(vm, TypeId(of), window, count as usize),
            _ => Err(OutOfMemory),
        };
        match made {
            Ok(object) => {
                *base.add(dst) = object;
                true
            }
            Err(OutOfMemory) => out_of_memory(vm, pc, base),
        }
    }
}

/// An object with the fields at `window`.
unsafe fn new(vm: *mut Vm, of: TypeId, window: *const u64) -> Result<u64, OutOfMemory> {
    // SAFETY: the fields' values are at the window, by the verifier; they are read after anything moved.
    unsafe {
        let layouts = (*vm).tables.layouts();
        let layout = layouts.get(of);
        let object = (*vm).host.heap.allocate(layout.header, layout.size)?;
        for (index, field) in layout.fields.iter().enumerate() {
            write(field.storage, object.add(field.offset), *window.add(index));
        }
        Ok(object as u64)
    }
}

/// An array of the values at `window`.
unsafe fn array_of(vm: *mut Vm, of: TypeId, window: *const u64, count: usize) -> Result<u64, OutOfMemory> {
    // SAFETY: as for `new`.
    unsafe {
        let array = (*vm).host.heap.array_new(of, count, count)?;
        let storage: Storage = (*vm).tables.layouts().element(of);
        let data = (*(array as *const Array)).data;
        for index in 0..count {
            write(storage, data.add(index * size_of(storage)), *window.add(index));
        }
        Ok(array)
    }
}

/// Appends to an array that has no room; false where there is no memory.
///
/// # Safety
/// As for [`allocate`], at a push.
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

//! Calls of C.
//!
//! When a program is loaded, its libraries are opened and its symbols found (`library.rs`). A call converts the arguments
//! (`arguments.rs`), runs a compiled stub that puts them where the System V ABI wants them (`abi.rs`, `stub.rs`), and makes a value of
//! what came back (`call.rs`). Closures become C functions that enter the machine again (`callback.rs`).

#[cfg_attr(
    not(feature = "jit"),
    allow(dead_code, reason = "nothing is looked for where nothing can be called")
)]
mod library;
#[cfg_attr(not(feature = "jit"), allow(dead_code, reason = "text goes to C in calls alone"))]
mod memory;

#[cfg(feature = "jit")]
mod abi;
#[cfg(feature = "jit")]
mod arguments;
#[cfg(feature = "jit")]
mod call;
#[cfg(feature = "jit")]
mod callback;
#[cfg(feature = "jit")]
mod direct;
#[cfg(feature = "jit")]
mod link;
#[cfg(feature = "jit")]
mod stub;

pub(crate) use library::HostSymbols;
#[cfg(not(feature = "jit"))]
pub(crate) use library::LinkError;
pub(crate) use memory::lossy;

#[cfg(feature = "jit")]
pub(crate) use call::{call, call_from_compiled};
#[cfg(feature = "jit")]
pub(crate) use callback::note_error;
#[cfg(feature = "jit")]
pub(crate) use direct::{Caller, Direct, Unfit, emit};
#[cfg(feature = "jit")]
pub(crate) use link::{Foreign, link};

/// What stands in where this build cannot compile stubs.
#[cfg(not(feature = "jit"))]
mod absent {
    use lang_bytecode::Module;

    use super::{HostSymbols, LinkError};
    use crate::heap::Tracer;
    use crate::interpreter::Op;
    use crate::vm::{At, RuntimeError, Vm};

    /// The C functions of a program: none.
    #[derive(Debug, Default)]
    pub(crate) struct Foreign {
        /// Where the program was when C called it again, outermost first: nowhere.
        pub(crate) activations: Vec<At>,
    }

    impl Foreign {
        pub(crate) fn begin_run(&mut self, _: *mut Vm) {}

        pub(crate) fn end_run(&mut self) {}

        pub(crate) fn take_error(&mut self) -> Option<RuntimeError> {
            None
        }

        /// # Safety
        /// None is needed: there is nothing to show.
        pub(crate) unsafe fn trace(&self, _: &mut Tracer<'_>) {}
    }

    /// Refuses programs that call C.
    pub(crate) fn link(_: &mut Foreign, module: &Module, _: &HostSymbols) -> Result<(), LinkError> {
        match module.foreign.functions.first() {
            None => Ok(()),
            Some(function) => {
                let message = "this build of the runtime cannot call C: it has no code generator";
                Err(LinkError { message: message.to_owned(), place: function.place })
            }
        }
    }

    /// Is never reached: no program with C functions is loaded.
    ///
    /// # Safety
    /// None is needed.
    pub(crate) unsafe fn call(_: *mut Vm, _: *const Op, _: *mut u64, _: u32, _: *mut u64) -> bool {
        false
    }
}

#[cfg(not(feature = "jit"))]
pub(crate) use absent::{Foreign, call, link};

//! Natives: the host functions that a program's standard library stands on.
//!
//! The table in the bytecode crate declares them; here each row is bound to the function of its name, so that a row without
//! an implementation, or one with other types, does not compile. A native never calls back into the program.

mod arrays;
mod bits;
mod buffers;
mod call;
mod chars;
mod csv;
mod dense;
mod digests;
mod failure;
mod files;
mod fixed;
mod foreign;
mod format;
mod input;
mod json;
mod maps;
mod math;
mod numbers;
mod open_files;
mod output;
mod parse;
mod processes;
mod regexes;
mod streams;
mod strings;
mod system;
mod text;

#[cfg(test)]
mod tests;

use lang_bytecode::{Native, NativeImport, RegType, TypeId};

use crate::heap::Heap;

pub use failure::Failure;
pub use format::{IntText, ShortText, float_text, int_text, quote_char, quote_text};
pub use input::Input;
pub use output::Output;

/// What a running program finds outside of itself.
#[derive(Debug)]
pub struct Services {
    /// Standard output and standard error.
    pub output: Output,
    /// Standard input.
    pub input: Input,
    /// The program's arguments, without its name.
    pub arguments: Vec<String>,
    /// Whether the program is kept from files, processes, the network and the environment.
    pub sandbox: bool,
    /// `errno` as the last call of C left it.
    pub c_errno: i32,
}

impl Services {
    /// Those of this process.
    pub fn of_process(arguments: Vec<String>, sandbox: bool) -> Services {
        Services { output: Output::of_process(), input: Input::of_process(), arguments, sandbox, c_errno: 0 }
    }
}

/// What natives work on: the program's objects and its surroundings.
#[derive(Debug)]
#[repr(C)]
pub struct Host {
    /// The objects.
    pub heap: Heap,
    /// The surroundings.
    pub services: Services,
}

/// A native's code, which compiled code calls too. Arguments are in the window, one word each, and results are left there, from
/// its first word on; it gives why there are none.
///
/// # Safety
/// The window holds arguments of the types that the import was verified with, the references among them are known to the
/// collector during the call, and it has room for the results. The type is that of [`LinkedNative::result`].
pub type NativeFn = unsafe extern "C" fn(&mut Host, *mut u64, TypeId) -> Option<Box<Failure>>;

/// A native as a loaded module calls it.
#[derive(Clone, Copy, Debug)]
pub struct LinkedNative {
    /// The code.
    pub call: NativeFn,
    /// The type of the array that it makes, where it makes one.
    pub result: TypeId,
}

/// Finds the code of a native that a verified module imports.
pub fn link(import: &NativeImport, sandbox: bool) -> Option<LinkedNative> {
    let native = Native::find(&import.name)?;
    let result = match import.signature.results.first() {
        Some(RegType::Ref(id) | RegType::RefNull(id)) => *id,
        _ => TypeId::STR,
    };
    let forbidden = sandbox
        && native.effects.iter().any(|effect| matches!(*effect, "files" | "env" | "process" | "memory"));
    let call = if forbidden { call::forbidden } else { call::code(native.name)? };
    Some(LinkedNative { call, result })
}

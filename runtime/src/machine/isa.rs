//! What code is made for: the processor at hand, with the habits that the rest of the runtime relies on.

use cranelift_codegen::isa::OwnedTargetIsa;
use cranelift_codegen::settings::{self, Configurable as _, Flags};

/// Settings that differ from Cranelift's own.
const SETTINGS: [(&str, &str); 6] = [
    // The optimiser is run apart, before the rest (`jit/compiler.rs`); nothing else asks for the level.
    ("opt_level", "none"),
    // The collector and call stacks walk frames along the frame pointers.
    ("preserve_frame_pointers", "true"),
    // Functions return any number of values.
    ("enable_multi_ret_implicit_sret", "true"),
    ("log2_min_function_alignment", "6"),
    ("enable_verifier", if cfg!(debug_assertions) { "true" } else { "false" }),
    ("unwind_info", "false"),
];

/// The processor at hand; takes some tenths of a millisecond, so it is done once a machine, when there is something to compile.
///
/// # Errors
/// Where Cranelift makes no code for this processor.
pub(crate) fn isa() -> Result<OwnedTargetIsa, String> {
    let mut flags = settings::builder();
    for (name, value) in SETTINGS {
        flags.set(name, value).map_err(|error| error.to_string())?;
    }
    let builder = cranelift_native::builder().map_err(str::to_string)?;
    builder.finish(Flags::new(flags)).map_err(|error| error.to_string())
}

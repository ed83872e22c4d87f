//! What a sandbox refuses before a program starts.

use lang_bytecode::{Module, Native, TrapKind};

use super::error::{ForeignError, LoadError};

/// Refuses programs that call C or reach into its memory: nothing would keep them in the sandbox.
pub(super) fn check(module: &Module) -> Result<(), LoadError> {
    let refuse = |message: String, place| {
        let error = ForeignError::new(module, TrapKind::Sandbox, message, place);
        Err(LoadError::Foreign(Box::new(error)))
    };
    if let Some(function) = module.foreign.functions.first() {
        let message = match function.symbol.as_str() {
            "" => "the sandbox does not allow callbacks of C".to_owned(),
            symbol => format!("the sandbox does not allow C, and this program calls `{symbol}`"),
        };
        return refuse(message, Some(function.place));
    }
    let memory = |name: &str| Native::find(name).is_some_and(|native| native.effects.contains(&"memory"));
    match module.natives.iter().find(|native| memory(&native.name)) {
        Some(_) => refuse("the sandbox does not allow reads and writes through `ptr`".to_owned(), None),
        None => Ok(()),
    }
}

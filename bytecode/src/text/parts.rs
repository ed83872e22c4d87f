//! Single parts of a module in the text form, for whoever shows them beside something else.

use super::names::{Takes, Ty, function_entry, type_entry};
use super::tables::{Named, write_type};
use super::{Quoted, foreign, function};
use crate::{FuncId, Module, RegType};

/// A module whose parts are to be shown.
pub(crate) struct Parts<'m> {
    pub(crate) module: &'m Module,
    named: Named,
}

impl<'m> Parts<'m> {
    pub(crate) fn new(module: &'m Module) -> Parts<'m> {
        Parts { module, named: Named::new(module) }
    }

    /// `main@0`
    pub(crate) fn function(&self, index: u32) -> String {
        function_entry(self.module, index).to_string()
    }

    /// `ref? Point#2`
    pub(crate) fn reg_type(&self, ty: RegType) -> String {
        Ty(self.module, ty).to_string()
    }

    /// `type #1 = array i64`
    pub(crate) fn type_line(&self, index: usize) -> String {
        let mut text = format!("type #{index} = ");
        // Writing to a string cannot fail.
        let _ = write_type(&mut text, self.module, &self.module.types[index]);
        text
    }

    /// `global $0 = "total": int`
    pub(crate) fn global_line(&self, index: usize) -> String {
        let global = &self.module.globals[index];
        format!("global ${index} = {}: {}", Quoted(&global.name), Ty(self.module, global.ty))
    }

    /// `native !0 = "clock" () -> (float)`
    pub(crate) fn native_line(&self, index: usize) -> String {
        let native = &self.module.natives[index];
        format!("native !{index} = {} {}", Quoted(&native.name), Takes(self.module, &native.signature))
    }

    /// `method ^0 = Show#4 0`
    pub(crate) fn method_line(&self, index: usize) -> String {
        let (id, method) = self.module.methods[index];
        format!("method ^{index} = {} {method}", type_entry(self.module, id))
    }

    /// `cstruct "div_t" 8 align 4 { 0 i32, 4 i32 }`
    pub(crate) fn c_struct_line(&self, index: usize) -> String {
        line(|out| foreign::write_layout(out, &self.module.foreign.layouts[index]))
    }

    /// `ccallback (ptr, ptr) -> (i32)`
    pub(crate) fn c_callback_line(&self, index: usize) -> String {
        line(|out| foreign::write_callback(out, &self.module.foreign.callbacks[index]))
    }

    /// `cfunction cos%0 = "cos" in "m" (float) -> (float) call (f64) -> (f64) @0/1:3+20`
    pub(crate) fn c_function_line(&self, index: usize) -> String {
        line(|out| foreign::write_function(out, self.module, index))
    }

    /// The instructions of a function with the words that they begin at.
    pub(crate) fn instructions(&self, function: usize) -> Vec<(usize, String)> {
        function::instruction_texts(self.module, function, &self.named)
    }
}

/// A line by itself, without its end.
fn line(write: impl FnOnce(&mut String) -> std::fmt::Result) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = write(&mut text);
    text.truncate(text.trim_end().len());
    text
}

/// How the instructions of a module are written in the text form, function by function.
pub struct InstructionTexts {
    named: Named,
}

impl InstructionTexts {
    /// Looks through a module once; it takes time in the size of its code.
    pub fn new(module: &Module) -> InstructionTexts {
        InstructionTexts { named: Named::new(module) }
    }

    /// The instructions of a function of that module, without their places, with the words that they begin at.
    pub fn of_function(&self, module: &Module, function: FuncId) -> Vec<(usize, String)> {
        function::instruction_texts(module, function.0 as usize, &self.named)
    }
}

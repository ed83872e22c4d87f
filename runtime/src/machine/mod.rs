//! Machine code: for which processor it is made, and the memory that it lies in.

mod isa;
mod memory;

pub(crate) use isa::isa;
pub(crate) use memory::CodeMemory;

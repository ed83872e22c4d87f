//! The runtime: loads verified bytecode and runs it.

pub mod heap;
pub mod natives;

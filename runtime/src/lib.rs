//! The runtime: loads verified bytecode and runs it.

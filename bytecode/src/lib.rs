//! The bytecode: its instructions, the module, the file format, the verifier.
#![forbid(unsafe_code)]

//! `langc`: the command line of the compiler.
fn main() {}

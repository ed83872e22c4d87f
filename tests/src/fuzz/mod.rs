//! Bad input on purpose: the bodies of the fuzz targets, and the seeded short fuzz that CI runs.
//!
//! The same bodies serve `fuzz/` (cargo-fuzz, coverage-guided, nightly) and `fuzz_short.rs` (stable).

pub mod bodies;
pub mod corpus;
pub mod damage;
pub mod differential;
pub mod generate;
pub mod isolate;
pub mod kernels;
pub mod lines;
pub mod mutate;
pub mod random;
pub mod soup;

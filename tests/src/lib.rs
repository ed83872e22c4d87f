//! The project's tests from the outside: programs, what they print, and how they fail.
//!
//! `docs/testing.md` says how to add a case. The binaries are found or built by [`tools`], run by
//! [`process`], and judged by [`judge`] against the files that [`case`] finds.

pub mod annotations;
pub mod case;
pub mod conformance;
pub mod fuzz;
pub mod golden;
pub mod judge;
pub mod process;
pub mod programs;
pub mod samples;
pub mod tools;

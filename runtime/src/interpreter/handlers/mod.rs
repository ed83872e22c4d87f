//! The handlers: one for each way an instruction can find its operands and leave its result, written once per family.

pub(super) mod arith;
pub(super) mod array;
pub(super) mod call;
pub(super) mod cold;
pub(super) mod compare;
pub(super) mod convert;
pub(super) mod float;
pub(super) mod jump;
pub(super) mod memory;
pub(super) mod object;
#[cfg(feature = "jit")]
pub(super) mod tiers;
pub(super) mod trace;

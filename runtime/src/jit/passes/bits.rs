//! How large numbers made of bits can be: what is put together of bytes, cut out of words, or hashed.
//!
//! Only numbers that are not negative are followed: their bits say how large they are.

use super::ranges::{Place, Prover, Side};
use crate::jit::ir::{Binary, Value};

/// The greatest int.
const GREATEST: i128 = i64::MAX as i128;

impl Prover<'_> {
    /// Whether the result of an operation on bits at a place is at most (at least) `c`.
    pub(super) fn bitwise(
        &mut self,
        op: Binary,
        side: Side,
        lhs: Value,
        rhs: Value,
        c: i128,
        at: Place,
    ) -> bool {
        // What is asked of the operands for a result between 0 and `most`.
        let most = match side {
            Side::Most if c < 0 => return false,
            Side::Most => c.min(GREATEST),
            Side::Least if c > 0 => return false,
            Side::Least => GREATEST,
        };
        match op {
            // All bits of the result are bits of either operand.
            Binary::And => self.is_between(lhs, most, at) || self.is_between(rhs, most, at),
            // Each bit of the result is a bit of one of them.
            Binary::Or | Binary::Xor => {
                let ones = ones_up_to(most);
                self.is_between(lhs, ones, at) && self.is_between(rhs, ones, at)
            }
            Binary::Shl => self.shift(rhs).is_some_and(|places| self.is_between(lhs, most >> places, at)),
            Binary::Shr | Binary::UShr => self
                .shift(rhs)
                .is_some_and(|places| self.is_between(lhs, (most << places) + (1 << places) - 1, at)),
            _ => false,
        }
    }

    /// By how many places a shift moves, where that is a constant.
    fn shift(&self, places: Value) -> Option<u32> {
        self.constant(places).map(|number| (number & 63) as u32)
    }

    /// Whether a value is between 0 and `most`.
    fn is_between(&mut self, value: Value, most: i128, at: Place) -> bool {
        self.prove(Side::Least, value, None, 0, at) && self.prove(Side::Most, value, None, most, at)
    }
}

/// The greatest number of ones only that is at most `most`, which is not negative.
fn ones_up_to(most: i128) -> i128 {
    (1 << (most + 1).ilog2()) - 1
}

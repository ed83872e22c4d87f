//! `match`es that one jump table decides: on the number of a variant, or on ints that lie close together.

use lang_bytecode::TrapKind;

use super::builder::Builder;
use super::layout::Kind;
use super::value::Value;
use crate::hir::{Literal, Match, Pattern, PatternKind};
use crate::ir::{BinaryOp, BlockId, End, Op, Operand, VReg};

/// Fewer cases than this are tested one after the other.
const MIN_CASES: usize = 4;
/// A table has no more places a case than this, and a few.
const MAX_SPREAD: usize = 3;
/// Cases that begin at most this far from zero need no subtraction.
const NEAR_ZERO: i64 = 8;

/// What an arm is for.
enum Cases {
    /// These numbers.
    Some(Vec<i64>),
    /// All that are left.
    Rest,
}

impl<'p> Builder<'_, 'p> {
    /// Lowers a `match` by a jump table; false if it is not one for that.
    pub(super) fn switch(&mut self, match_: &'p Match, subject: Value, dst: Option<&[VReg]>) -> bool {
        let ty = self.ty(match_.subject);
        let is_enum = match self.layout(ty).kind {
            Kind::Enum(_) => true,
            Kind::Scalar => false,
            _ => return false,
        };
        if match_.arms.len() < MIN_CASES || match_.arms.iter().any(|arm| arm.guard.is_some()) {
            return false;
        }
        let cases: Option<Vec<Cases>> = match_.arms.iter().map(|arm| cases(&arm.pattern)).collect();
        let Some(cases) = cases else { return false };
        let numbers = cases.iter().flat_map(|cases| match cases {
            Cases::Some(list) => list.as_slice(),
            Cases::Rest => &[],
        });
        let count = numbers.clone().count();
        let (Some(&least), Some(&greatest)) = (numbers.clone().min(), numbers.max()) else { return false };
        let first = if (0..=NEAR_ZERO).contains(&least) { 0 } else { least };
        let places = match greatest.checked_sub(first).and_then(|span| usize::try_from(span).ok()) {
            Some(span) if count >= MIN_CASES && span < count * MAX_SPREAD + MIN_CASES => span + 1,
            _ => return false,
        };
        let index = self.switch_index(subject, is_enum, first);
        self.switch_arms(match_, subject, dst, (index, first, places), &cases);
        true
    }

    /// The number that decides, counted from `first`.
    fn switch_index(&mut self, subject: Value, is_enum: bool, first: i64) -> Operand {
        let mut index = subject.single();
        if is_enum {
            let dst = self.int_reg();
            self.push(Op::Tag { dst, object: index });
            index = dst.into();
        }
        if first != 0 {
            let first = self.int(first);
            index = self.binary(BinaryOp::ISubW, index, first).into();
        }
        index
    }

    fn switch_arms(
        &mut self,
        match_: &'p Match,
        subject: Value,
        dst: Option<&[VReg]>,
        (index, first, places): (Operand, i64, usize),
        cases: &[Cases],
    ) {
        let arms: Vec<BlockId> = cases.iter().map(|_| self.block()).collect();
        let (none, after) = (self.block(), self.block());
        let mut targets: Vec<Option<BlockId>> = vec![None; places];
        let mut rest = none;
        for (cases, &arm) in cases.iter().zip(&arms) {
            match cases {
                // The first arm that a number fits is taken.
                Cases::Some(list) => list.iter().for_each(|number| {
                    targets[(number - first) as usize].get_or_insert(arm);
                }),
                Cases::Rest => {
                    rest = arm;
                    break;
                }
            }
        }
        let targets = targets.into_iter().map(|target| target.unwrap_or(rest)).chain([rest]).collect();
        self.f.tables.push(targets);
        let table = self.f.tables.len() as u32 - 1;
        self.end(End::Switch { index, table });
        for (arm, block) in match_.arms.iter().zip(arms) {
            self.start(block);
            self.pattern(&arm.pattern, subject, None);
            self.arm(arm.body, dst);
            self.jump(after);
        }
        self.start(none);
        self.trap(TrapKind::Unreachable);
        self.start(after);
    }
}

/// What a pattern is for, if its outermost form alone decides that.
fn cases(pattern: &Pattern) -> Option<Cases> {
    match &pattern.kind {
        PatternKind::Wildcard | PatternKind::Bind(_, None) => Some(Cases::Rest),
        PatternKind::Literal(literal) => Some(Cases::Some(vec![number(literal)?])),
        PatternKind::Range { lo: Some(lo), hi: Some(hi), inclusive } => {
            let (lo, hi) = (number(lo)?, number(hi)?);
            let end = if *inclusive { hi.checked_add(1)? } else { hi };
            (end.checked_sub(lo)? <= 64).then(|| Cases::Some((lo..end).collect()))
        }
        PatternKind::Variant(variant, fields) => {
            let plain = fields.iter().all(|(_, field)| field.is_irrefutable());
            plain.then(|| Cases::Some(vec![i64::from(*variant)]))
        }
        PatternKind::Or(alternatives) => {
            let mut all = Vec::new();
            for alternative in alternatives {
                // What an alternative binds depends on which one it is.
                let mut binds = false;
                alternative.locals(&mut |_| binds = true);
                match cases(alternative)? {
                    Cases::Some(list) if !binds => all.extend(list),
                    _ => return None,
                }
            }
            Some(Cases::Some(all))
        }
        _ => None,
    }
}

fn number(literal: &Literal) -> Option<i64> {
    match literal {
        Literal::Int(value) => Some(*value),
        Literal::Char(value) => Some(i64::from(u32::from(*value))),
        Literal::Bool(value) => Some(i64::from(*value)),
        _ => None,
    }
}

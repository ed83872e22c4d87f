//! The constructors that patterns tell apart, and which rows take the values of each.

use std::ops::Range;

use super::Row;
use crate::ast::Name;
use crate::hir::{Literal, Pattern, PatternKind, Storage, TyKind};

/// A set of values that patterns treat alike: all with one constructor.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Split {
    /// A `bool`.
    Bool(bool),
    /// A variant of an enum.
    Variant(u32),
    /// The only constructor of a struct or tuple.
    Whole,
    /// Whole numbers or chars, both ends included.
    Interval(i128, i128),
    /// Arrays of a length; with `true`, of this length or more.
    Length(usize, bool),
    /// A string.
    Text(Name),
    /// A float, by its bits.
    Float(u64),
    /// Values that no pattern names.
    Other,
}

/// The splits of a type that is no enum, in order.
pub(super) fn of_kind(kind: TyKind, rows: &[Row<'_>]) -> Vec<Split> {
    match kind {
        TyKind::Bool => vec![Split::Bool(false), Split::Bool(true)],
        TyKind::Struct(..) | TyKind::Tuple(_) => vec![Split::Whole],
        TyKind::Int => intervals(rows, i128::from(i64::MIN), i128::from(i64::MAX)),
        TyKind::Storage(storage) if storage != Storage::F32 => {
            let (least, greatest) = storage.range();
            intervals(rows, i128::from(least), i128::from(greatest))
        }
        TyKind::Char => intervals(rows, 0, 0x10_ffff),
        TyKind::Array(_) => lengths(rows),
        // Values of other types cannot be counted up: each literal, and some other value.
        _ => {
            let mut splits: Vec<Split> = rows.iter().filter_map(Row::head).filter_map(literal).collect();
            splits.sort_unstable();
            splits.dedup();
            splits.push(Split::Other);
            splits
        }
    }
}

/// The splits, each with the rows that take its values, in their order. Of the splits that no row names, which all rows treat
/// alike, the first stands for all.
pub(super) fn groups(splits: Vec<Split>, rows: &[Row<'_>]) -> Vec<(Split, Vec<usize>)> {
    let spans: Vec<Option<Range<usize>>> =
        rows.iter().map(|row| row.head().map(|pattern| span(&splits, pattern))).collect();
    // How many more rows name each split than the one before.
    let mut steps = vec![0_i64; splits.len() + 1];
    for span in spans.iter().flatten().filter(|span| !span.is_empty()) {
        steps[span.start] += 1;
        steps[span.end] -= 1;
    }
    let (mut named, mut unnamed_kept) = (0, false);
    let mut places: Vec<Option<usize>> = Vec::with_capacity(splits.len());
    let mut groups: Vec<(Split, Vec<usize>)> = Vec::new();
    for (split, step) in splits.into_iter().zip(steps) {
        named += step;
        let kept = named > 0 || !std::mem::replace(&mut unnamed_kept, true);
        places.push(kept.then_some(groups.len()));
        if kept {
            groups.push((split, Vec::new()));
        }
    }
    for (row, span) in spans.into_iter().enumerate() {
        match span {
            None => groups.iter_mut().for_each(|(_, members)| members.push(row)),
            Some(span) => {
                places[span].iter().flatten().for_each(|&place| groups[place].1.push(row));
            }
        }
    }
    groups
}

/// Which of the splits a pattern takes.
fn span(splits: &[Split], pattern: &Pattern) -> Range<usize> {
    match &pattern.kind {
        PatternKind::Tuple(_) | PatternKind::Struct(_) => 0..splits.len(),
        PatternKind::Array(array) => {
            let least = (array.before.len() + array.after.len()).min(splits.len());
            least..if array.rest.is_some() { splits.len() } else { (least + 1).min(splits.len()) }
        }
        _ => match (interval(pattern), splits.first()) {
            (Some((lo, hi)), Some(Split::Interval(..))) => {
                let from =
                    splits.partition_point(|split| matches!(split, Split::Interval(at, _) if *at < lo));
                let to = splits.partition_point(|split| matches!(split, Split::Interval(at, _) if *at <= hi));
                from..to.max(from)
            }
            _ => match literal(pattern).and_then(|split| splits.binary_search(&split).ok()) {
                Some(at) => at..at + 1,
                None => 0..0,
            },
        },
    }
}

/// The one split that a pattern names.
fn literal(pattern: &Pattern) -> Option<Split> {
    Some(match &pattern.kind {
        PatternKind::Variant(variant, _) => Split::Variant(*variant),
        PatternKind::Literal(Literal::Bool(value)) => Split::Bool(*value),
        PatternKind::Literal(Literal::Str(text)) => Split::Text(*text),
        // The two zeros are equal.
        PatternKind::Literal(Literal::Float(value)) => Split::Float((value + 0.0).to_bits()),
        _ => return None,
    })
}

fn ordinal(literal: &Literal) -> Option<i128> {
    match literal {
        Literal::Int(value) => Some(i128::from(*value)),
        Literal::Char(value) => Some(i128::from(u32::from(*value))),
        _ => None,
    }
}

/// The values that a literal or range takes, both ends included; empty where the ends cross.
fn interval(pattern: &Pattern) -> Option<(i128, i128)> {
    match &pattern.kind {
        PatternKind::Literal(literal) => ordinal(literal).map(|value| (value, value)),
        PatternKind::Range { lo, hi, inclusive } => {
            let lo = match lo {
                Some(lo) => ordinal(lo)?,
                None => i128::MIN,
            };
            let hi = match hi {
                Some(hi) => ordinal(hi)? - i128::from(!*inclusive),
                None => i128::MAX,
            };
            Some((lo, hi))
        }
        _ => None,
    }
}

/// Cuts the values from `least` to `greatest` at the ends of the rows' literals and ranges.
fn intervals(rows: &[Row<'_>], least: i128, greatest: i128) -> Vec<Split> {
    let mut starts = vec![least];
    for (lo, hi) in rows.iter().filter_map(Row::head).filter_map(interval) {
        starts.extend([lo, hi.saturating_add(1)].into_iter().filter(|at| *at > least && *at <= greatest));
    }
    starts.sort_unstable();
    starts.dedup();
    let ends = starts.iter().skip(1).map(|start| start - 1).chain([greatest]);
    starts.iter().zip(ends).map(|(&lo, hi)| Split::Interval(lo, hi)).collect()
}

/// The lengths of arrays that the rows tell apart, and all longer ones.
fn lengths(rows: &[Row<'_>]) -> Vec<Split> {
    let lens = rows.iter().filter_map(Row::head).filter_map(|pattern| match &pattern.kind {
        PatternKind::Array(array) => {
            Some(array.before.len() + array.after.len() + usize::from(array.rest.is_none()))
        }
        _ => None,
    });
    let longest = lens.max().unwrap_or(0);
    (0..longest).map(|len| Split::Length(len, false)).chain([Split::Length(longest, true)]).collect()
}

/// An interval as a pattern.
pub(super) fn interval_text(lo: i128, hi: i128, kind: TyKind) -> String {
    let text = |value: i128| match kind {
        TyKind::Char => {
            u32::try_from(value).ok().and_then(char::from_u32).map_or("_".to_string(), |c| format!("{c:?}"))
        }
        _ => value.to_string(),
    };
    let (least, greatest) = match kind {
        TyKind::Char => (0, 0x10_ffff),
        _ => (i128::from(i64::MIN), i128::from(i64::MAX)),
    };
    match (lo == least, hi == greatest) {
        (true, true) => "_".to_string(),
        _ if lo == hi => text(lo),
        (true, false) => format!("..={}", text(hi)),
        (false, true) => format!("{}..", text(lo)),
        (false, false) => format!("{}..={}", text(lo), text(hi)),
    }
}

//! Whether patterns take every value, by Maranget's algorithm: a matrix of patterns is split by the constructors of
//! its first column until a row takes everything or a value is found that none takes.

use super::Checker;
use crate::diagnostics::{Diagnostic, codes};
use crate::hir::{Literal, Match, Pattern, PatternKind, Storage, Ty, TyKind};
use crate::source::Span;

/// A column of a row: a pattern, or anything.
type Cell<'p> = Option<&'p Pattern>;
type Row<'p> = Vec<Cell<'p>>;

/// Patterns with more alternatives than this are not looked at further; such a match counts as exhaustive.
const MAX_WORK: usize = 200_000;

impl Checker<'_, '_> {
    /// Reports a missing case of a `match`, and warns of arms that are never taken.
    pub(super) fn check_match(&mut self, matched: &Match, span: Span) {
        let subject = self.body.exprs[matched.subject.index()].ty;
        let subject = self.resolve(subject);
        let subject = self.types.wide(subject);
        let wrong = matched.arms.iter().any(|arm| has_error(&arm.pattern));
        if wrong || self.types.has_error(subject) || subject == Ty::NEVER {
            return;
        }
        let mut rows: Vec<Row<'_>> = Vec::new();
        for arm in &matched.arms {
            let simple = matches!(arm.pattern.kind, PatternKind::Literal(_)) && rows.len() > 64;
            let compiler_made = arm.pattern.span == span;
            if !simple && !compiler_made {
                let mut work = 0;
                let taken = self.useful(&rows, &[Some(&arm.pattern)], &[subject], &mut work);
                if !taken {
                    let message = "this arm is never taken: those before it take every value that it would";
                    self.report(Diagnostic::new(codes::UNREACHABLE_ARM, arm.pattern.span, message));
                }
            }
            if arm.guard.is_none() {
                rows.push(vec![Some(&arm.pattern)]);
            }
        }
        let mut work = 0;
        if let Some(witness) = self.missing(&rows, &[subject], &mut work) {
            let witness = witness.into_iter().next().unwrap_or_default();
            let keyword = Span::new(span.lo, span.lo + 5);
            let message = format!("this `match` is not exhaustive: `{witness}` is missing");
            let diagnostic = Diagnostic::new(codes::NOT_EXHAUSTIVE, keyword, message)
                .help(format!("add an arm `{witness} => …`, or `_ => …` for all the rest"));
            self.report(diagnostic);
        }
    }

    /// Reports a pattern that may not match where it must.
    pub(super) fn must_match(&mut self, pattern: &Pattern) {
        if pattern.is_irrefutable() || has_error(pattern) || self.types.has_error(pattern.ty) {
            return;
        }
        let mut work = 0;
        if let Some(witness) = self.missing(&[vec![Some(pattern)]], &[pattern.ty], &mut work) {
            let witness = witness.into_iter().next().unwrap_or_default();
            let message = format!("this pattern does not match every value: `{witness}` is missing");
            let diagnostic = Diagnostic::new(codes::REFUTABLE_PATTERN, pattern.span, message)
                .help("`if let` or `let … else` say what happens otherwise");
            self.report(diagnostic);
        }
    }

    /// A value, column by column, that no row takes.
    fn missing(&mut self, rows: &[Row<'_>], types: &[Ty], work: &mut usize) -> Option<Vec<String>> {
        let Some((&ty, rest)) = types.split_first() else {
            return rows.is_empty().then(Vec::new);
        };
        *work += rows.len() + 1;
        if *work > MAX_WORK {
            return None;
        }
        let rows = expand(rows);
        if rows.iter().all(|row| head(row).is_none()) {
            let tails: Vec<Row<'_>> = rows.iter().map(|row| row[1..].to_vec()).collect();
            let mut found = self.missing(&tails, rest, work)?;
            found.insert(0, "_".to_string());
            return Some(found);
        }
        let splits = match self.splits(&rows, ty) {
            // Some value is named by no literal: where it is taken, the named ones are too.
            splits if splits.last() == Some(&Split::Other) => vec![Split::Other],
            splits if rest.is_empty() && matches!(splits.first(), Some(Split::Interval(..))) => {
                uncovered(&rows, splits).into_iter().collect()
            }
            splits => splits,
        };
        for split in splits {
            let (columns, arity) = self.columns(&split, ty);
            let inner: Vec<Ty> = columns.iter().chain(rest).copied().collect();
            let special = specialize(&rows, &split, arity);
            if let Some(found) = self.missing(&special, &inner, work) {
                let own = self.witness(&split, ty, &found[..arity]);
                return Some(std::iter::once(own).chain(found[arity..].iter().cloned()).collect());
            }
        }
        None
    }

    /// Whether some value is taken by `wanted` and by no row.
    fn useful(&mut self, rows: &[Row<'_>], wanted: &[Cell<'_>], types: &[Ty], work: &mut usize) -> bool {
        let Some((&ty, rest)) = types.split_first() else { return rows.is_empty() };
        *work += rows.len() + 1;
        if *work > MAX_WORK {
            return true;
        }
        let rows = expand(rows);
        let wanted_rows = expand(&[wanted.to_vec()]);
        wanted_rows.iter().any(|wanted| {
            if head(wanted).is_none() && rows.iter().all(|row| head(row).is_none()) {
                let tails: Vec<Row<'_>> = rows.iter().map(|row| row[1..].to_vec()).collect();
                return self.useful(&tails, &wanted[1..], rest, work);
            }
            let mut all = rows.clone();
            all.push(wanted.clone());
            self.splits(&all, ty).into_iter().any(|split| {
                let (columns, arity) = self.columns(&split, ty);
                let inner: Vec<Ty> = columns.iter().chain(rest).copied().collect();
                let special = specialize(std::slice::from_ref(wanted), &split, arity);
                let others = specialize(&rows, &split, arity);
                special.iter().any(|wanted| self.useful(&others, wanted, &inner, work))
            })
        })
    }

    /// The constructors that the values of a type fall into, as far as the rows tell them apart.
    fn splits(&mut self, rows: &[Row<'_>], ty: Ty) -> Vec<Split> {
        match self.types.kind(ty) {
            TyKind::Bool => vec![Split::Bool(false), Split::Bool(true)],
            TyKind::Enum(id, _) => {
                (0..self.program.enum_(id).variants.len() as u32).map(Split::Variant).collect()
            }
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
                let mut splits: Vec<Split> = Vec::new();
                for row in rows {
                    if let Some(Pattern { kind: PatternKind::Literal(literal), .. }) = head(row) {
                        let split = Split::Literal(literal.clone());
                        if !splits.contains(&split) {
                            splits.push(split);
                        }
                    }
                }
                splits.push(Split::Other);
                splits
            }
        }
    }

    /// The types of a constructor's fields.
    fn columns(&mut self, split: &Split, ty: Ty) -> (Vec<Ty>, usize) {
        let fields: Vec<Ty> = match (split, self.types.kind(ty)) {
            (Split::Variant(variant), TyKind::Enum(id, args)) => {
                let variant = &self.program.enum_(id).variants[*variant as usize];
                let fields: Vec<Ty> = variant.fields.iter().map(|field| field.ty).collect();
                let args = self.types.list(args).to_vec();
                fields.into_iter().map(|field| self.types.subst(field, &args)).collect()
            }
            (Split::Whole, TyKind::Tuple(parts)) => self.types.list(parts).to_vec(),
            (Split::Whole, TyKind::Struct(id, args)) => {
                let fields: Vec<Ty> = self.program.struct_(id).fields.iter().map(|field| field.ty).collect();
                let args = self.types.list(args).to_vec();
                fields.into_iter().map(|field| self.types.subst(field, &args)).collect()
            }
            (Split::Length(len, _), TyKind::Array(element)) => vec![element; *len],
            _ => Vec::new(),
        };
        let arity = fields.len();
        (fields, arity)
    }

    /// A value of a constructor as it is written.
    fn witness(&self, split: &Split, ty: Ty, fields: &[String]) -> String {
        let list = fields.join(", ");
        match (split, self.types.kind(ty)) {
            (Split::Bool(value), _) => value.to_string(),
            (Split::Variant(variant), TyKind::Enum(id, _)) => {
                let name = self.text(self.program.enum_(id).variants[*variant as usize].name);
                if fields.is_empty() { name.to_string() } else { format!("{name}({list})") }
            }
            (Split::Whole, TyKind::Struct(id, _)) => {
                format!("{}({list})", self.text(self.program.struct_(id).name))
            }
            (Split::Whole, _) => format!("({list})"),
            (&Split::Interval(lo, hi), kind) => interval_text(lo, hi, kind),
            (Split::Length(_, true), _) if fields.iter().all(|field| field == "_") && fields.is_empty() => {
                "[..]".to_string()
            }
            (Split::Length(_, open), _) => format!("[{list}{}]", if *open { ", .." } else { "" }),
            (Split::Literal(_) | Split::Other | Split::Variant(_), _) => "_".to_string(),
        }
    }
}

/// A set of values that patterns treat alike: all with one constructor.
#[derive(Clone, PartialEq, Debug)]
enum Split {
    Bool(bool),
    Variant(u32),
    /// The only constructor of a struct or tuple.
    Whole,
    /// Whole numbers or chars, both ends included.
    Interval(i128, i128),
    /// Arrays of a length; with `true`, of this length or more.
    Length(usize, bool),
    Literal(Literal),
    /// Values that no literal names.
    Other,
}

fn has_error(pattern: &Pattern) -> bool {
    if pattern.ty == Ty::ERROR {
        return true;
    }
    match &pattern.kind {
        PatternKind::Bind(_, Some(inner)) => has_error(inner),
        PatternKind::Variant(_, fields) | PatternKind::Struct(fields) => {
            fields.iter().any(|(_, field)| has_error(field))
        }
        PatternKind::Tuple(parts) | PatternKind::Or(parts) => parts.iter().any(has_error),
        PatternKind::Array(array) => array.before.iter().chain(&array.after).any(has_error),
        _ => false,
    }
}

/// The first column without names; nothing where it takes anything.
fn head<'p>(row: &Row<'p>) -> Cell<'p> {
    let mut pattern = (*row.first()?)?;
    loop {
        match &pattern.kind {
            PatternKind::Wildcard | PatternKind::Bind(_, None) => return None,
            PatternKind::Bind(_, Some(inner)) => pattern = inner,
            _ => return Some(pattern),
        }
    }
}

/// A row for each alternative in the first column.
fn expand<'p>(rows: &[Row<'p>]) -> Vec<Row<'p>> {
    let mut out = Vec::with_capacity(rows.len());
    for row in rows {
        match head(row) {
            Some(Pattern { kind: PatternKind::Or(alternatives), .. }) => {
                for alternative in alternatives {
                    let mut row = row.clone();
                    row[0] = Some(alternative);
                    out.extend(expand(&[row]));
                }
            }
            _ => out.push(row.clone()),
        }
    }
    out
}

/// The rows that take values of a constructor, with columns for its fields.
fn specialize<'p>(rows: &[Row<'p>], split: &Split, arity: usize) -> Vec<Row<'p>> {
    let mut out = Vec::with_capacity(rows.len());
    for row in rows {
        let mut columns: Row<'p> = vec![None; arity];
        if let Some(pattern) = head(row) {
            let fits = match (&pattern.kind, split) {
                (PatternKind::Variant(variant, fields), Split::Variant(wanted)) => {
                    fill(&mut columns, fields);
                    variant == wanted
                }
                (PatternKind::Struct(fields), Split::Whole) => {
                    fill(&mut columns, fields);
                    true
                }
                (PatternKind::Tuple(parts), Split::Whole) => {
                    columns.iter_mut().zip(parts).for_each(|(column, part)| *column = Some(part));
                    true
                }
                (PatternKind::Literal(Literal::Bool(value)), Split::Bool(wanted)) => value == wanted,
                (PatternKind::Literal(value), Split::Literal(wanted)) => value == wanted,
                (_, &Split::Interval(lo, hi)) => {
                    pattern_interval(pattern).is_some_and(|(from, to)| from <= lo && hi <= to)
                }
                (PatternKind::Array(array), &Split::Length(len, open)) => {
                    let least = array.before.len() + array.after.len();
                    let fits = if array.rest.is_some() { least <= len } else { least == len && !open };
                    if fits {
                        columns.iter_mut().zip(&array.before).for_each(|(column, part)| *column = Some(part));
                        let tail = len - array.after.len();
                        columns[tail..]
                            .iter_mut()
                            .zip(&array.after)
                            .for_each(|(column, part)| *column = Some(part));
                    }
                    fits
                }
                _ => false,
            };
            if !fits {
                continue;
            }
        }
        columns.extend_from_slice(&row[1..]);
        out.push(columns);
    }
    out
}

fn fill<'p>(columns: &mut Row<'p>, fields: &'p [(u32, Pattern)]) {
    for (index, pattern) in fields {
        if let Some(column) = columns.get_mut(*index as usize) {
            *column = Some(pattern);
        }
    }
}

fn ordinal(literal: &Literal) -> Option<i128> {
    match literal {
        Literal::Int(value) => Some(i128::from(*value)),
        Literal::Char(value) => Some(i128::from(u32::from(*value))),
        _ => None,
    }
}

/// The values that a literal or range takes, both ends included; empty where the ends cross.
fn pattern_interval(pattern: &Pattern) -> Option<(i128, i128)> {
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
    for row in rows {
        if let Some((lo, hi)) = head(row).and_then(pattern_interval) {
            starts.extend([lo, hi.saturating_add(1)].into_iter().filter(|at| *at > least && *at <= greatest));
        }
    }
    starts.sort_unstable();
    starts.dedup();
    let ends = starts.iter().skip(1).map(|start| start - 1).chain([greatest]);
    starts.iter().zip(ends).map(|(&lo, hi)| Split::Interval(lo, hi)).collect()
}

/// The first interval that no row takes, where there is one column: in one sweep.
fn uncovered(rows: &[Row<'_>], splits: Vec<Split>) -> Option<Split> {
    if rows.iter().any(|row| head(row).is_none()) {
        return None;
    }
    let mut taken: Vec<(i128, i128)> = rows.iter().filter_map(head).filter_map(pattern_interval).collect();
    taken.sort_unstable();
    let (mut next, mut reach) = (0, i128::MIN);
    splits.into_iter().find(|split| {
        let &Split::Interval(lo, hi) = split else { return false };
        while let Some(&(_, to)) = taken.get(next).filter(|(from, _)| *from <= lo) {
            reach = reach.max(to);
            next += 1;
        }
        reach < hi
    })
}

/// The lengths of arrays that the rows tell apart, and all longer ones.
fn lengths(rows: &[Row<'_>]) -> Vec<Split> {
    let lens = rows.iter().filter_map(head).filter_map(|pattern| match &pattern.kind {
        PatternKind::Array(array) => {
            Some(array.before.len() + array.after.len() + usize::from(array.rest.is_none()))
        }
        _ => None,
    });
    let longest = lens.max().unwrap_or(0);
    (0..longest).map(|len| Split::Length(len, false)).chain([Split::Length(longest, true)]).collect()
}

fn interval_text(lo: i128, hi: i128, kind: TyKind) -> String {
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

//! Whether patterns take every value, and which arms are never taken.
//!
//! A matrix of patterns, one row an arm, is split by the constructors of its first column until a row takes whatever is left, or
//! a value is found that none takes (Luc Maranget, "Warnings for pattern matching", 2007). All rows go down together, as in rustc:
//! a row that no value reaches on any way is an arm that is never taken.

mod reports;
mod splits;

use super::Checker;
use crate::diagnostics::{Diagnostic, codes};
use crate::hir::{Match, Pattern, PatternKind, Ty, TyKind};
use crate::source::Span;
use splits::{Split, groups, interval_text};

/// A column of a row: a pattern, or anything.
type Cell<'p> = Option<&'p Pattern>;

/// An arm, or one of its alternatives: a pattern for each of the values looked at.
#[derive(Clone)]
struct Row<'p> {
    cells: Vec<Cell<'p>>,
    arm: usize,
    /// Whether it may still decline what it matches.
    guarded: bool,
}

impl<'p> Row<'p> {
    /// The first column without names; nothing where it takes anything.
    fn head(&self) -> Cell<'p> {
        bare(*self.cells.first()?)
    }

    /// Whether it takes every value that comes to it.
    fn takes_all(&self) -> bool {
        !self.guarded && self.cells.iter().all(|&cell| bare(cell).is_none())
    }
}

/// A pattern without the names that it binds; nothing where it takes anything.
fn bare(cell: Cell<'_>) -> Cell<'_> {
    let mut pattern = cell?;
    loop {
        match &pattern.kind {
            PatternKind::Wildcard | PatternKind::Bind(_, None) => return None,
            PatternKind::Bind(_, Some(inner)) => pattern = inner,
            _ => return Some(pattern),
        }
    }
}

/// The question is as hard as the hardest there are; rows looked at before a `match` is called too intricate. Those that people
/// write take a few for each arm.
const MOST_WORK: usize = 2_000_000;

/// What is found on the way down.
struct Search {
    /// For each arm, whether a value reaches it.
    reached: Vec<bool>,
    /// Rows that may still be looked at.
    left: usize,
}

impl Checker<'_, '_> {
    /// Reports a missing case of a `match`, and warns of arms that are never taken.
    pub(super) fn check_match(&mut self, matched: &Match, span: Span) {
        let subject = self.body.exprs[matched.subject.index()].ty;
        let subject = self.resolve(subject);
        let wrong = matched.arms.iter().any(|arm| has_error(&arm.pattern));
        if wrong || self.types.has_error(subject) || subject == Ty::NEVER {
            return;
        }
        let rows: Vec<Row<'_>> = matched
            .arms
            .iter()
            .enumerate()
            .map(|(arm, of)| Row { cells: vec![Some(&of.pattern)], arm, guarded: of.guard.is_some() })
            .collect();
        let mut search = Search { reached: vec![false; rows.len()], left: MOST_WORK };
        let witness = self.missing(rows, &[subject], &mut search);
        let head = Span::new(span.lo, self.body.exprs[matched.subject.index()].span.hi);
        if search.left == 0 {
            let message = "this `match` is too intricate to tell whether it is exhaustive";
            let diagnostic = Diagnostic::new(codes::NOT_EXHAUSTIVE, head, message)
                .help("match on one part of the value after the other");
            return self.report(diagnostic);
        }
        for (index, reached) in search.reached.into_iter().enumerate() {
            // An arm in the place of the whole was made by the compiler.
            if !reached && matched.arms[index].pattern.span != span {
                self.unreachable_arm(matched, index, subject);
            }
        }
        if let Some(witness) = witness.and_then(|witness| witness.into_iter().next()) {
            self.not_exhaustive(matched, subject, head, witness);
        }
    }

    /// Reports a pattern that may not match where it must; `value` is what a `let` binds.
    pub(super) fn must_match(&mut self, pattern: &Pattern, value: Option<Span>) {
        if pattern.is_irrefutable() || has_error(pattern) || self.types.has_error(pattern.ty) {
            return;
        }
        let row = Row { cells: vec![Some(pattern)], arm: 0, guarded: false };
        let mut search = Search { reached: vec![false], left: MOST_WORK };
        let witness = self.missing(vec![row], &[pattern.ty], &mut search);
        if let Some(witness) = witness.and_then(|witness| witness.into_iter().next()) {
            self.refutable(pattern, value, &witness);
        }
    }

    /// A value, column by column, that no row takes. Marks the arms that values reach.
    fn missing(&mut self, rows: Vec<Row<'_>>, types: &[Ty], search: &mut Search) -> Option<Vec<String>> {
        search.left = search.left.saturating_sub(rows.len() + 1);
        if search.left == 0 {
            return None;
        }
        if let Some(first) = rows.first().filter(|row| row.takes_all()) {
            search.reached[first.arm] = true;
            return None;
        }
        let Some((&ty, rest)) = types.split_first() else {
            // Every row left matches; those without a guard end it.
            let taken = rows.iter().position(|row| !row.guarded);
            let reached = taken.map_or(rows.len(), |last| last + 1);
            rows[..reached].iter().for_each(|row| search.reached[row.arm] = true);
            return taken.is_none().then(Vec::new);
        };
        let rows = expand(rows);
        let splits = self.splits(&rows, ty);
        let mut witness = None;
        for (split, members) in groups(splits, &rows) {
            let columns = self.columns(&split, ty);
            let arity = columns.len();
            let inner: Vec<Ty> = columns.iter().chain(rest).copied().collect();
            let special = members.iter().map(|&row| specialize(&rows[row], arity)).collect();
            if let Some(found) = self.missing(special, &inner, search)
                && witness.is_none()
            {
                let own = self.witness(&split, ty, &found[..arity]);
                witness = Some(std::iter::once(own).chain(found[arity..].iter().cloned()).collect());
            }
        }
        witness
    }

    /// The constructors that the values of a type fall into, as far as the rows tell them apart, in order.
    fn splits(&mut self, rows: &[Row<'_>], ty: Ty) -> Vec<Split> {
        if rows.iter().all(|row| row.head().is_none()) {
            return vec![Split::Other];
        }
        match self.types.kind(ty) {
            TyKind::Enum(id, _) => {
                (0..self.program.enum_(id).variants.len() as u32).map(Split::Variant).collect()
            }
            kind => splits::of_kind(kind, rows),
        }
    }

    /// The types of a constructor's fields.
    fn columns(&mut self, split: &Split, ty: Ty) -> Vec<Ty> {
        match (split, self.types.kind(ty)) {
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
        }
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
            (Split::Text(_) | Split::Float(_) | Split::Other | Split::Variant(_), _) => "_".to_string(),
        }
    }
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

/// A row for each alternative in the first column.
fn expand(rows: Vec<Row<'_>>) -> Vec<Row<'_>> {
    let is_choice = |row: &Row<'_>| matches!(row.head(), Some(Pattern { kind: PatternKind::Or(_), .. }));
    if !rows.iter().any(is_choice) {
        return rows;
    }
    let mut out = Vec::with_capacity(rows.len());
    for row in rows {
        match row.head() {
            Some(Pattern { kind: PatternKind::Or(alternatives), .. }) => {
                let with = |alternative| {
                    let mut row = row.clone();
                    row.cells[0] = Some(alternative);
                    row
                };
                out.extend(expand(alternatives.iter().map(with).collect()));
            }
            _ => out.push(row),
        }
    }
    out
}

/// A row that takes values of a constructor, with columns for the constructor's fields in place of the first.
fn specialize<'p>(row: &Row<'p>, arity: usize) -> Row<'p> {
    let mut cells: Vec<Cell<'p>> = vec![None; arity];
    cells.reserve(row.cells.len());
    match row.head().map(|pattern| &pattern.kind) {
        Some(PatternKind::Variant(_, fields) | PatternKind::Struct(fields)) => {
            for (index, pattern) in fields {
                if let Some(cell) = cells.get_mut(*index as usize) {
                    *cell = Some(pattern);
                }
            }
        }
        Some(PatternKind::Tuple(parts)) => {
            cells.iter_mut().zip(parts).for_each(|(cell, part)| *cell = Some(part));
        }
        Some(PatternKind::Array(array)) => {
            let tail = arity.saturating_sub(array.after.len());
            cells.iter_mut().zip(&array.before).for_each(|(cell, part)| *cell = Some(part));
            cells[tail..].iter_mut().zip(&array.after).for_each(|(cell, part)| *cell = Some(part));
        }
        _ => {}
    }
    cells.extend_from_slice(&row.cells[1..]);
    Row { cells, arm: row.arm, guarded: row.guarded }
}

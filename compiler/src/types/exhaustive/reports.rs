//! What is said of missing cases and of arms that are never taken.

use super::{Checker, MOST_WORK, Row, Search, bare};
use crate::diagnostics::{Diagnostic, codes};
use crate::hir::{EnumId, Match, Pattern, PatternKind, Ty, TyKind};
use crate::source::Span;

/// Missing variants beyond these are counted, not named.
const MOST_NAMED: usize = 3;
/// Arms beyond these are not looked at one by one for the one that takes another's values.
const MOST_COMPARED: usize = 50;

impl Checker<'_, '_> {
    /// A `match` that takes no value like `witness`. Of an enum, all variants that no arm names are missing.
    pub(super) fn not_exhaustive(&mut self, matched: &Match, subject: Ty, head: Span, witness: String) {
        let variants = match self.types.kind(subject) {
            TyKind::Enum(id, _) => self.missing_variants(matched, id),
            _ => Vec::new(),
        };
        let cases: Vec<String> = match variants.len() {
            0 | 1 => vec![witness],
            _ => variants.iter().map(|(_, _, text)| text.clone()).collect(),
        };
        let are = if cases.len() == 1 { "is" } else { "are" };
        let message = format!("this `match` is not exhaustive: {} {are} missing", enumerated(&cases));
        let mut diagnostic = Diagnostic::new(codes::NOT_EXHAUSTIVE, head, message);
        if let Some(&(id, variant, _)) = variants.first() {
            let at = self.program.enum_(id).variants[variant].span;
            let other = self.program.enum_(id).span;
            if at != Span::default() && other != Span::default() {
                diagnostic = diagnostic.secondary(at, "not matched");
            }
        }
        let help = "add what is missing, or `_ => …` for all the rest";
        let last = matched.arms.last().map(|arm| (arm.pattern.span, self.span_of(arm.body)));
        self.report(match last.filter(|_| cases.len() <= MOST_NAMED) {
            Some((pattern, body)) => {
                let separator = match self.on_one_line(head, pattern) {
                    true => ", ".to_string(),
                    false => format!("\n{}", self.indent_at(pattern)),
                };
                let arms: String = cases.iter().map(|case| format!("{separator}{case} => …")).collect();
                diagnostic.outline(body.end(), arms, help)
            }
            None => diagnostic.help(help),
        });
    }

    /// The variants that no arm names, unless one takes everything; each as a pattern.
    fn missing_variants(&self, matched: &Match, id: EnumId) -> Vec<(EnumId, usize, String)> {
        let mut named = Vec::new();
        matched.arms.iter().for_each(|arm| name_variants(&arm.pattern, &mut named));
        let variants = self.program.enum_(id).variants.iter().enumerate();
        let missing = variants.filter(|(index, _)| !named.contains(&(*index as u32)));
        missing
            .map(|(index, variant)| {
                let name = self.text(variant.name);
                let fields = vec!["_"; variant.fields.len()].join(", ");
                (id, index, if fields.is_empty() { name.to_string() } else { format!("{name}({fields})") })
            })
            .collect()
    }

    pub(super) fn refutable(&mut self, pattern: &Pattern, value: Option<Span>, witness: &str) {
        let message = format!("this pattern does not match every value: `{witness}` is missing");
        let diagnostic = Diagnostic::new(codes::REFUTABLE_PATTERN, pattern.span, message);
        self.report(match value {
            Some(value) => {
                let help = "say what happens otherwise, or use `if let`";
                diagnostic.outline(value.end(), " else { return }", help)
            }
            None => diagnostic.help("take the value by a name, and `match` it inside"),
        });
    }

    /// An arm that others leave nothing for: one, or several together.
    pub(super) fn unreachable_arm(&mut self, matched: &Match, index: usize, subject: Ty) {
        let at = matched.arms[index].pattern.span;
        let alone = vec![Row { cells: vec![Some(&matched.arms[index].pattern)], arm: 0, guarded: false }];
        let mut search = Search { reached: vec![false], left: MOST_WORK };
        self.missing(alone, &[subject], &mut search);
        if search.left > 0 && !search.reached[0] {
            let message = format!("this arm is never taken: no `{}` is like this", self.show(subject));
            return self.report(Diagnostic::new(codes::UNREACHABLE_ARM, at, message));
        }
        let before = matched.arms[..index].iter().take(MOST_COMPARED).enumerate();
        let taker = before.filter(|(_, arm)| arm.guard.is_none()).find(|(other, _)| {
            let row = |arm: usize| Row {
                cells: vec![Some(&matched.arms[arm].pattern)],
                arm: usize::from(arm == index),
                guarded: false,
            };
            let mut search = Search { reached: vec![false; 2], left: MOST_WORK };
            self.missing(vec![row(*other), row(index)], &[subject], &mut search);
            search.left > 0 && !search.reached[1]
        });
        let taker = taker.map(|(_, arm)| &arm.pattern);
        let diagnostic = match taker {
            Some(pattern) => {
                let all = bare(Some(pattern)).is_none();
                let text = if all { "this takes every value" } else { "this takes every value of it" };
                Diagnostic::new(codes::UNREACHABLE_ARM, at, "this arm is never taken")
                    .secondary(pattern.span, text)
            }
            None => {
                let message = "this arm is never taken: those before it take every value that it would";
                Diagnostic::new(codes::UNREACHABLE_ARM, at, message)
            }
        };
        self.report(diagnostic);
    }
}

/// The variants of the value itself that a pattern names.
fn name_variants(pattern: &Pattern, out: &mut Vec<u32>) {
    match &pattern.kind {
        PatternKind::Variant(variant, _) => out.push(*variant),
        PatternKind::Bind(_, Some(inner)) => name_variants(inner, out),
        PatternKind::Or(alternatives) => alternatives.iter().for_each(|inner| name_variants(inner, out)),
        _ => {}
    }
}

/// `` `a`, `b` and 3 more``
fn enumerated(cases: &[String]) -> String {
    let quoted: Vec<String> = cases.iter().take(MOST_NAMED).map(|case| format!("`{case}`")).collect();
    match (quoted.split_last(), cases.len().saturating_sub(MOST_NAMED)) {
        (Some((last, [])), 0) => last.clone(),
        (Some((last, before)), 0) => format!("{} and {last}", before.join(", ")),
        (_, more) => format!("{} and {more} more", quoted.join(", ")),
    }
}

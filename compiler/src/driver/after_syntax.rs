//! Which of the type checker's findings can be believed when there are syntax errors.
//!
//! The parser goes on after an error, so most of a broken file can be checked. What the parser had
//! to leave out would be missed elsewhere, though, and a missing bracket moves declarations to where
//! nobody put them: of the findings, only those stay that no syntax error can have caused.

use crate::ast::{Item, Stmt, StmtKind};
use crate::diagnostics::{Diagnostic, codes};
use crate::modules::{Modules, Role};
use crate::source::Span;

/// What the syntax errors of a program may have touched.
pub(super) struct Doubts {
    /// The top-level statements that are broken, each up to the next one, sorted.
    broken: Vec<Span>,
    /// Whether declarations may be missing or in the wrong place.
    declarations: bool,
}

impl Doubts {
    /// Looks at where the errors are. Nothing if there is too little of the program to be checked.
    pub(super) fn of(modules: &Modules, errors: &[Diagnostic]) -> Option<Doubts> {
        modules.entry()?;
        let mut doubts = Doubts { broken: Vec::new(), declarations: false };
        // Names from a module that is not there are known to be unknown.
        for error in errors.iter().filter(|error| error.is_error() && error.code != codes::UNKNOWN_MODULE) {
            let place = error.primary.span;
            let statement = statement_at(modules, place.lo);
            let bracket = error.code == codes::UNCLOSED_DELIMITER;
            if bracket && statement.is_some_and(|(statement, _)| declares_at(statement, place)) {
                return None;
            }
            doubts.declarations |=
                bracket || statement.is_none_or(|(statement, _)| may_lose_names(statement, place));
            doubts.broken.extend(statement.map(|(_, place)| place));
        }
        doubts.broken.sort_unstable();
        doubts.broken.dedup();
        Some(doubts)
    }

    /// Whether a finding has nothing to do with the syntax errors.
    pub(super) fn spare(&self, finding: &Diagnostic) -> bool {
        let labels = std::iter::once(&finding.primary).chain(&finding.secondary);
        finding.is_error()
            && !labels.into_iter().any(|label| self.is_broken_at(label.span.lo))
            && !(self.declarations && needs_declarations(finding))
    }

    fn is_broken_at(&self, at: u32) -> bool {
        let before = self.broken.partition_point(|place| place.lo <= at);
        before.checked_sub(1).is_some_and(|index| at < self.broken[index].hi)
    }
}

/// The top-level statement at a position, with its place up to the next one.
fn statement_at(modules: &Modules, at: u32) -> Option<(&Stmt, Span)> {
    let holds = |stmts: &[Stmt]| stmts.first().is_some_and(|first| first.span.lo <= at);
    let own = modules.list.iter().filter(|module| matches!(module.role, Role::Entry | Role::Local));
    let module = own.filter(|module| holds(&module.ast.stmts)).max_by_key(|module| module.ast.span.lo)?;
    let stmts = &module.ast.stmts;
    let next = stmts.partition_point(|stmt| stmt.span.lo <= at);
    let statement = stmts.get(next.checked_sub(1)?)?;
    let end = stmts.get(next).map_or(module.ast.span.hi + 1, |next| next.span.lo);
    Some((statement, Span::new(statement.span.lo, end)))
}

/// Whether a place in a statement belongs to a declaration other than a function's body.
fn declares_at(statement: &Stmt, place: Span) -> bool {
    match &statement.kind {
        StmtKind::Item(Item::Function(function)) => place.lo < function.signature.hi,
        StmtKind::Item(Item::Test(_)) => false,
        StmtKind::Item(_) => true,
        _ => false,
    }
}

/// Whether an error in a statement can make the program lack a name, or a parameter.
fn may_lose_names(statement: &Stmt, error: Span) -> bool {
    declares_at(statement, error) || matches!(statement.kind, StmtKind::Let(_) | StmtKind::Error)
}

/// Whether a finding depends on what is declared elsewhere: names, parameters, patterns, traits.
fn needs_declarations(finding: &Diagnostic) -> bool {
    let number = finding.code.number();
    let others = [
        codes::ARGUMENT_COUNT,
        codes::ARGUMENT_NAME,
        codes::CANNOT_INFER,
        codes::NOT_CALLABLE,
        codes::TYPE_ARGUMENT_COUNT,
    ];
    ["E03", "E05", "E06"].iter().any(|area| number.starts_with(area)) || others.contains(&finding.code)
}

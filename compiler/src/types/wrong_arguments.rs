//! Reports of arguments that do not go with the parameters.

use super::Checker;
use super::arguments::{Callable, ParamView};
use crate::ast::{Arg, Ident, known};
use crate::diagnostics::{Applicability, Diagnostic, codes};
use crate::source::Span;

impl Checker<'_, '_> {
    /// Parameters that no argument is for.
    pub(super) fn missing_arguments(
        &mut self,
        callable: Callable,
        params: &[ParamView],
        missing: &[usize],
        args: &[Arg],
        span: Span,
    ) {
        let (whose, at) = self.callable_text(callable);
        let names = missing.iter().map(|&place| params[place].name).filter(|&name| name != known::EMPTY);
        let list = self.quoted(names);
        let by_position = args.iter().all(|arg| arg.name.is_none());
        let message = match by_position || list.is_empty() {
            true => count_message(&whose, params, args.len()),
            false => format!("{whose} needs a value for {list}"),
        };
        let mut diagnostic = Diagnostic::new(codes::ARGUMENT_COUNT, span, message);
        let mut at = at;
        if let &[only] = missing {
            at = if at == Span::default() { at } else { params[only].span };
            let ty = self.show(params[only].ty);
            let name = self.text(params[only].name).to_string();
            diagnostic = match name.as_str() {
                "" => diagnostic.label(format!("missing a `{ty}`")),
                name => diagnostic.label(format!("missing `{name}: {ty}`")),
            };
        } else if !list.is_empty() {
            diagnostic = diagnostic.label(format!("missing {list}"));
        }
        self.report(declared(diagnostic, at));
    }

    /// More arguments by position than there are parameters.
    pub(super) fn extra_arguments(
        &mut self,
        callable: Callable,
        params: &[ParamView],
        args: &[Arg],
        span: Span,
    ) {
        let (whose, at) = self.callable_text(callable);
        let message = count_message(&whose, params, args.len());
        let (Some(first), Some(last)) = (args.get(params.len()), args.last()) else {
            return self.report(declared(Diagnostic::new(codes::ARGUMENT_COUNT, span, message), at));
        };
        let extra = first.value.span.to(last.value.span);
        let label = if args.len() == params.len() + 1 { "one too many" } else { "too many" };
        let diagnostic = Diagnostic::new(codes::ARGUMENT_COUNT, extra, message).label(label);
        let from = params.len().checked_sub(1).and_then(|before| args.get(before));
        let cut = from.map_or(extra, |before| Span::new(before.value.span.hi, extra.hi));
        let edits = [(cut, String::new())];
        let words = if args.len() == params.len() + 1 { "leave it out" } else { "leave them out" };
        self.report(declared(diagnostic, at).suggestion(edits, words, Applicability::MaybeIncorrect));
    }

    /// A named argument that no parameter has the name of.
    pub(super) fn unknown_parameter(&mut self, callable: Callable, params: &[ParamView], name: Ident) {
        let (whose, at) = self.callable_text(callable);
        let what = if matches!(callable, Callable::Function(_)) { "parameter" } else { "field" };
        let text = self.text(name.name).to_string();
        let names = || params.iter().map(|param| param.name).filter(|&name| name != known::EMPTY);
        let list = self.quoted(names());
        let mut diagnostic =
            Diagnostic::new(codes::ARGUMENT_NAME, name.span, format!("{whose} has no {what} `{text}`"));
        if at != Span::default() {
            diagnostic = diagnostic.secondary(at, "declared here");
        }
        match self.closest(name.name, names()) {
            Some(close) => diagnostic = close.add(diagnostic, name.span),
            None if list.is_empty() => {}
            None => diagnostic = diagnostic.label(format!("it has {list}")),
        }
        self.report(diagnostic);
    }

    fn callable_text(&self, callable: Callable) -> (String, Span) {
        match callable {
            Callable::Function(id) => {
                let function = self.program.function(id);
                (format!("`{}`", self.text(function.name)), function.span)
            }
            Callable::Struct(id) => {
                let item = self.program.struct_(id);
                (format!("`{}`", self.text(item.name)), item.span)
            }
            Callable::Variant(name) => (format!("`{}`", self.text(name)), Span::default()),
            Callable::Value => ("this function".to_string(), Span::default()),
        }
    }
}

/// `` `f` takes 2 arguments, but 1 was given``
fn count_message(whose: &str, params: &[ParamView], given: usize) -> String {
    let needed = params.iter().filter(|param| !param.default).count();
    let most = params.len();
    let plural = |count: usize| if count == 1 { "" } else { "s" };
    let takes = match needed == most {
        true => format!("{most} argument{}", plural(most)),
        false => format!("{needed} to {most} arguments"),
    };
    let were = if given == 1 { "was" } else { "were" };
    format!("{whose} takes {takes}, but {given} {were} given")
}

/// Points at a declaration, if it is one of the program's.
fn declared(diagnostic: Diagnostic, at: Span) -> Diagnostic {
    match at == Span::default() {
        true => diagnostic,
        false => diagnostic.secondary(at, "declared here"),
    }
}

//! Names of the wrong case: what they should be, wherever they stand.

use rustc_hash::FxHashMap;

use super::context::Context;
use super::failure::{Failure, Problem};
use crate::ast::Name;
use crate::diagnostics::{Applicability, Diagnostic, codes};
use crate::lexer::Token;
use crate::source::Span;

/// A name that stands in more places is changed where it is declared only.
const MOST_PLACES: usize = 100;

/// The tokens that are names of the wrong case.
pub(super) struct Uses(FxHashMap<Name, Vec<usize>>);

impl Uses {
    /// Finds the names that failures complain of.
    pub(super) fn of_misnamed(cx: Context<'_>, failures: &[Failure]) -> Uses {
        let mut uses: FxHashMap<Name, Vec<usize>> = FxHashMap::default();
        for (_, problem) in failures.iter().filter_map(|failure| failure.problem.as_ref()) {
            if let Problem::NeedsSmall(name) | Problem::NeedsCapital(name) | Problem::NeedsAllCaps(name) =
                problem
            {
                uses.entry(*name).or_default();
            }
        }
        if !uses.is_empty() {
            for (index, token) in cx.lexed.kinds.iter().enumerate() {
                if let Token::Ident(name) | Token::TypeName(name) = token
                    && let Some(places) = uses.get_mut(name)
                {
                    places.push(index);
                }
            }
        }
        Uses(uses)
    }

    /// A name of the wrong case. It is changed everywhere, unless something else seems to have it as well.
    pub(super) fn wrong_case(
        &self,
        cx: Context<'_>,
        span: Span,
        name: Name,
        better: String,
        rule: &str,
    ) -> Diagnostic {
        let text = cx.names.text(name);
        let message = format!("`{text}` should be `{better}`: a name of this kind {rule}");
        let diagnostic = Diagnostic::new(codes::WRONG_CASE, span, message);
        let places = self.0.get(&name).map_or(&[] as &[usize], Vec::as_slice);
        let shared = places.iter().any(|&place| cx.lexed.spans[place] != span && declares(cx, place));
        let help = format!("write `{better}`");
        if shared || places.len() > MOST_PLACES {
            return diagnostic.maybe(span, better, help);
        }
        let edits = places.iter().map(|&place| (cx.lexed.spans[place], better.clone()));
        diagnostic.suggestion(edits, help, Applicability::MachineApplicable)
    }
}

/// Whether a name is declared, or stands for a type, where a token stands.
fn declares(cx: Context<'_>, place: usize) -> bool {
    let before = place.checked_sub(1).and_then(|before| cx.lexed.kinds.get(before));
    before.is_some_and(|before| {
        use Token::{Arrow, Colon, Const, Enum, Fn, Impl, Import, Let, Struct, Trait, Type, Var};
        matches!(
            before,
            Arrow | Colon | Const | Enum | Fn | Impl | Import | Let | Struct | Trait | Type | Var
        )
    })
}

//! The function `main`, and the tests.

use super::Checker;
use crate::ast::known;
use crate::diagnostics::{Diagnostic, codes};
use crate::hir::{Main, MainResult, Test, TraitId, Ty, TyKind};
use crate::modules::Role;
use crate::resolve::Def;

impl Checker<'_, '_> {
    /// Finds `main` and the tests of the entry file.
    pub(super) fn main_function(&mut self) {
        let entry = self.modules.list.iter().position(|module| module.role == Role::Entry);
        let Some(entry) = entry else { return };
        for test in &self.decls.tests {
            if self.decls.functions[test.function.index()].module.0 as usize == entry {
                let made = Test { name: test.ast.name.value, function: test.function, span: test.ast.span };
                self.program.tests.push(made);
            }
        }
        let Some(found) = self.decls.scopes[entry].get(known::MAIN) else { return };
        let Def::Function(id) = found.def else { return };
        let function = self.program.function(id);
        let (span, result, generic) = (function.span, function.result, !function.generics.is_empty());
        let params: Vec<Ty> = function.params.iter().map(|param| param.ty).collect();
        let strings = self.types.array(Ty::STR);
        let takes_args = match params.as_slice() {
            [] => false,
            &[args] if args == strings => true,
            &[args] if self.types.has_error(args) => false,
            _ => return self.bad_main(span),
        };
        let kind = match self.types.kind(result) {
            TyKind::Unit | TyKind::Error | TyKind::Never => MainResult::Unit,
            TyKind::Int => MainResult::Status,
            _ => match self.types.result_payloads(result) {
                Some((Ty::UNIT, err)) => {
                    self.require_plain(err, TraitId::SHOW, span);
                    MainResult::Result(err)
                }
                _ => return self.bad_main(span),
            },
        };
        if generic {
            return self.bad_main(span);
        }
        self.program.main = Some(Main { function: id, takes_args, result: kind });
    }

    fn bad_main(&mut self, span: crate::source::Span) {
        let message = "`main` takes nothing or `args: [str]`, and returns nothing, `int` or `Result<(), E>`";
        self.report(Diagnostic::new(codes::BAD_MAIN, span, message));
    }
}

//! Ways from the type that a value has to the one that its place asks for, as help of a message.

use super::Checker;
use crate::ast;
use crate::diagnostics::{Applicability, Diagnostic};
use crate::hir::{BinaryOp, Callee, ExprId, ExprKind, FnId, Literal, Storage, Ty, TyKind};
use crate::resolve::FnSource;
use crate::source::Span;

use Applicability::{HasPlaceholders, MachineApplicable, MaybeIncorrect};

impl<'a> Checker<'a, '_> {
    /// Adds to a report of a type that does not fit what would make it fit.
    pub(super) fn remedy(
        &mut self,
        diagnostic: Diagnostic,
        value: ExprId,
        expected: Ty,
        found: Ty,
    ) -> Diagnostic {
        if found == Ty::UNIT {
            return match self.types.result_payloads(expected) {
                Some((Ty::UNIT, _)) => self.then_ok(diagnostic, value),
                _ => self.explain_unit(diagnostic, value),
            };
        }
        if self.types.option_payload(found) == Some(expected) {
            return self.or_else(diagnostic, value, expected);
        }
        if self.types.option_payload(expected) == Some(found) {
            let span = self.span_of(value);
            return diagnostic.around(span, ("Some(", ")"), "wrap it in `Some`", MachineApplicable);
        }
        if let Some((ok, _)) = self.types.result_payloads(expected)
            && ok == found
        {
            let span = self.span_of(value);
            return diagnostic.around(span, ("Ok(", ")"), "wrap it in `Ok`", MachineApplicable);
        }
        if let Some((ok, _)) = self.types.result_payloads(found)
            && ok == expected
        {
            return self.hand_on(diagnostic, value);
        }
        if let Some(of) = self.variant_called_as(expected, found) {
            let at = self.span_of(value).start();
            return diagnostic.maybe(at, format!("{of}."), format!("`{of}` has a variant of that name"));
        }
        self.convert_scalar(diagnostic, value, expected, found)
    }

    /// The expected enum's name, if it has a variant with the name of the struct that was found.
    fn variant_called_as(&self, expected: Ty, found: Ty) -> Option<String> {
        let (TyKind::Enum(of, _), TyKind::Struct(id, _)) =
            (self.types.kind(expected), self.types.kind(found))
        else {
            return None;
        };
        let (of, name) = (self.program.enum_(of), self.program.struct_(id).name);
        let has = of.variants.iter().any(|variant| variant.name == name);
        has.then(|| self.text(of.name).to_string())
    }

    /// Conversions between numbers, text and `bool`.
    fn convert_scalar(
        &mut self,
        diagnostic: Diagnostic,
        value: ExprId,
        expected: Ty,
        found: Ty,
    ) -> Diagnostic {
        let span = self.span_of(value);
        let around = |diagnostic: Diagnostic, before: &str, message: &str| {
            diagnostic.around(span, (before, ")"), message, MaybeIncorrect)
        };
        match (self.types.kind(expected), self.types.kind(found)) {
            (TyKind::Int, TyKind::Float) => {
                around(diagnostic, "int(", "cut off the fraction, or round first with `.round()`")
            }
            (TyKind::Int | TyKind::Float, TyKind::Str) => self.parse_text(diagnostic, value, expected),
            (TyKind::Int, TyKind::Bool) => self.order_or_count(diagnostic, value),
            (TyKind::Str, TyKind::Int | TyKind::Float | TyKind::Bool | TyKind::Char) => {
                around(diagnostic, "str(", "convert it to text")
            }
            (TyKind::Storage(Storage::F32), TyKind::Float) => around(diagnostic, "f32(", "round it"),
            (TyKind::Storage(storage), TyKind::Int) if storage.wide() == Ty::INT => {
                let name = storage.text();
                let message = format!("check its range, or cut off the upper bits with `{name}.wrap(…)`");
                around(diagnostic, &format!("{name}("), &message)
            }
            (TyKind::Char, TyKind::Str) if self.is_one_char(value) => {
                diagnostic.help("a `char` stands in single quotes")
            }
            (TyKind::Bool, TyKind::Int) => diagnostic.maybe(span.end(), " != 0", "compare it"),
            (TyKind::Bool, TyKind::Str | TyKind::Array(_)) => {
                diagnostic.help("`not x.is_empty()` asks whether there is anything in it")
            }
            (TyKind::Bool, _) if self.types.option_payload(found).is_some() => self.behind(
                diagnostic,
                value,
                ".is_some()",
                "ask whether there is a value, or take it with `if let Some(x) = …`",
                MaybeIncorrect,
            ),
            _ => diagnostic,
        }
    }

    /// A condition where a number is wanted: an order told by `<`, as elsewhere, or 0 and 1.
    fn order_or_count(&mut self, diagnostic: Diagnostic, value: ExprId) -> Diagnostic {
        let span = self.span_of(value);
        let ExprKind::Binary(op, a, b) = self.body.exprs[value.index()].kind else {
            return diagnostic.around(span, ("int(", ")"), "count it as 0 or 1", MaybeIncorrect);
        };
        let (a, b) = (self.span_of(a), self.span_of(b));
        match op {
            BinaryOp::Lt => {
                let edits = [(Span::new(a.hi, b.lo), ".cmp(".to_string()), (b.end(), ")".to_string())];
                let message = "an order is told by a number: below 0, 0 or above 0";
                diagnostic.suggestion(edits, message, MaybeIncorrect)
            }
            BinaryOp::Gt => {
                diagnostic.help("an order is told by a number, as `b.cmp(a)` gives it: below 0, 0 or above 0")
            }
            _ => diagnostic.around(span, ("int(", ")"), "count it as 0 or 1", MaybeIncorrect),
        }
    }

    /// Text where a number is wanted: one in quotes, or one to be read.
    fn parse_text(&mut self, diagnostic: Diagnostic, value: ExprId, expected: Ty) -> Diagnostic {
        let span = self.span_of(value);
        let of = if expected == Ty::INT { "int" } else { "float" };
        if let ExprKind::Literal(Literal::Str(text)) = self.body.exprs[value.index()].kind {
            let text = self.text(text).to_string();
            let is_number = match expected {
                Ty::INT => text.parse::<i64>().is_ok(),
                _ => text.parse::<f64>().is_ok_and(f64::is_finite),
            };
            let plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.' || byte == b'-');
            if is_number && plain && !text.starts_with('.') && !text.ends_with('.') {
                return diagnostic.maybe(span, text, "a number has no quotes");
            }
        }
        if self.passes_errors() {
            let around = (&*format!("{of}.parse("), ")?");
            return diagnostic.around(span, around, "read the number that the text holds", MaybeIncorrect);
        }
        diagnostic.help(format!("`{of}.parse(text)` reads a number, and gives a `Result`"))
    }

    /// An option where its value is wanted.
    pub(super) fn or_else(&mut self, diagnostic: Diagnostic, value: ExprId, payload: Ty) -> Diagnostic {
        let default = match self.types.kind(payload) {
            TyKind::Int | TyKind::Storage(_) => "0",
            TyKind::Float => "0.0",
            TyKind::Bool => "false",
            TyKind::Str => "\"\"",
            TyKind::Array(_) => "[]",
            _ => "…",
        };
        let text = format!(" ?? {default}");
        let message = "say what stands for `None`, or take the value with `if let Some(x) = …`";
        self.behind(diagnostic, value, &text, message, HasPlaceholders)
    }

    /// A `Result` where its value is wanted.
    pub(super) fn hand_on(&mut self, diagnostic: Diagnostic, value: ExprId) -> Diagnostic {
        match self.passes_errors() {
            true => self.behind(diagnostic, value, "?", "hand an error on", MachineApplicable),
            false => {
                diagnostic.help("`match` looks at both cases, `.unwrap()` stops the program at an error")
            }
        }
    }

    /// Whether `?` can hand on an error here.
    fn passes_errors(&mut self) -> bool {
        let result = self.shallow(self.body.result);
        !self.body.top_level && self.types.result_payloads(result).is_some()
    }

    /// Adds text behind a value, which may need parentheses for that.
    fn behind(
        &self,
        diagnostic: Diagnostic,
        value: ExprId,
        text: &str,
        message: &str,
        applicability: Applicability,
    ) -> Diagnostic {
        let expr = &self.body.exprs[value.index()];
        let alone = matches!(
            expr.kind,
            ExprKind::Local(_)
                | ExprKind::Global(_)
                | ExprKind::Call(_)
                | ExprKind::Field(..)
                | ExprKind::TupleField(..)
                | ExprKind::Index(..)
                | ExprKind::Variant(..)
        );
        match alone {
            true => {
                let edit = (expr.span.end(), text.to_string());
                diagnostic.suggestion([edit], message, applicability)
            }
            false => diagnostic.around(expr.span, ("(", &format!("){text}")), message, applicability),
        }
    }

    /// A literal of one character in double quotes.
    fn is_one_char(&self, value: ExprId) -> bool {
        match self.body.exprs[value.index()].kind {
            ExprKind::Literal(Literal::Str(text)) => self.text(text).chars().count() == 1,
            _ => false,
        }
    }

    /// `Ok(())` behind what gives nothing.
    fn then_ok(&self, diagnostic: Diagnostic, value: ExprId) -> Diagnostic {
        let span = self.span_of(value);
        let (line, indent) = (self.line_of(span), self.indent_at(span));
        let alone = line.trim_start() == self.rest_of_line(span);
        let before = if alone { format!("\n{indent}") } else { "; ".to_string() };
        diagnostic.maybe(span.end(), format!("{before}Ok(())"), "say that it went well")
    }

    /// Says of the call of a function without a result where it is declared.
    pub(super) fn explain_unit(&self, diagnostic: Diagnostic, value: ExprId) -> Diagnostic {
        let ExprKind::Call(call) = &self.body.exprs[value.index()].kind else { return diagnostic };
        let Callee::Function(id, _) = call.callee else { return diagnostic };
        match self.without_result(id) {
            Some(ast) => diagnostic.secondary(ast.name.span, "declared without a result").outline(
                ast.signature.end(),
                " -> …",
                "declare what it gives",
            ),
            None => diagnostic,
        }
    }

    /// A function of the program that is declared without a result.
    fn without_result(&self, id: FnId) -> Option<&'a ast::Function> {
        let decl = &self.decls.functions[id.index()];
        match decl.source {
            FnSource::Function(ast) if ast.result.is_none() && !self.is_standard(decl.module) => Some(ast),
            _ => None,
        }
    }

    /// A value that is returned from a function declared without a result.
    pub(super) fn unannounced_result(&mut self, value: ExprId) {
        let found = self.ty_of(value);
        let found = self.resolve(found);
        if self.types.has_error(found) {
            return;
        }
        let shown = self.show(found);
        let message = format!("expected `()`, found `{shown}`: this function is declared without a result");
        let code = crate::diagnostics::codes::TYPE_MISMATCH;
        let mut diagnostic =
            Diagnostic::new(code, self.span_of(value), message).label(format!("this is `{shown}`"));
        if let (Some(ast), true) = (self.without_result(self.body.function), self.body.closures.is_empty()) {
            diagnostic = diagnostic.secondary(ast.name.span, "declared without a result").maybe(
                ast.signature.end(),
                format!(" -> {shown}"),
                "declare it",
            );
        }
        self.report(diagnostic);
    }
}

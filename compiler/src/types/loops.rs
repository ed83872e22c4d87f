//! Loops, `break` and `continue`.

use super::Checker;
use super::expr::Expect;
use super::lookup::Found;
use super::report::Why;
use super::traits::Answer;
use crate::ast::{self, ExprKind as Ast, Ident, Name, PatternKind as AstPattern};
use crate::diagnostics::{Diagnostic, codes};
use crate::hir::{
    Callee, ExprId, ExprKind, For, LoopId, Pattern, RangeSource, Source, TraitId, TraitRef, Ty, TyKind,
    TyList, methods,
};
use crate::source::Span;

/// A loop around what is checked.
pub(super) struct LoopState {
    id: LoopId,
    label: Option<Name>,
    /// For a `loop`: what is known of its value.
    value: Option<LoopValue>,
}

struct LoopValue {
    expect: Expect,
    joined: Option<Ty>,
    first: Span,
    breaks: bool,
}

/// What a `for` runs over, with the type of the items.
struct Sequence {
    source: Source,
    item: Ty,
    indexed: bool,
}

impl<'a> Checker<'a, '_> {
    fn enter_loop(&mut self, label: Option<Ident>, value: Option<LoopValue>) -> LoopId {
        let id = LoopId(self.body.loop_count);
        self.body.loop_count += 1;
        self.body.loops.push(LoopState { id, label: label.map(|label| label.name), value });
        id
    }

    pub(super) fn loop_(&mut self, repeat: &'a ast::Loop, expect: Expect, span: Span) -> ExprId {
        let value = LoopValue { expect, joined: None, first: Span::default(), breaks: false };
        let id = self.enter_loop(repeat.label, Some(value));
        let body = self.block(&repeat.body, Expect::Discard);
        let state = self.body.loops.pop().and_then(|state| state.value);
        let ty = match state {
            Some(LoopValue { breaks: false, .. }) | None => Ty::NEVER,
            Some(LoopValue { expect: Expect::Must(ty, _), joined: Some(_), .. }) => ty,
            Some(LoopValue { joined, .. }) => joined.unwrap_or(Ty::UNIT),
        };
        self.add(ExprKind::Loop(id, body), ty, span)
    }

    pub(super) fn while_(&mut self, repeat: &'a ast::While, span: Span) -> ExprId {
        let id = self.enter_loop(repeat.label, None);
        let mark = self.body.enter();
        let condition = self.condition(&repeat.condition);
        let body = self.block(&repeat.body, Expect::Discard);
        self.body.leave(mark);
        self.body.loops.pop();
        self.add(ExprKind::While(id, condition, body), Ty::UNIT, span)
    }

    pub(super) fn for_(&mut self, each: &'a ast::For, span: Span) -> ExprId {
        let literals = self.body.open_literals.len();
        let sequence = self.sequence_of(&each.iterable);
        self.settle_literals(literals);
        let id = self.enter_loop(each.label, None);
        let mark = self.body.enter();
        let (index, item) = self.loop_patterns(&each.pattern, &sequence);
        let body = self.block(&each.body, Expect::Discard);
        self.body.leave(mark);
        self.body.loops.pop();
        let each = For { id, source: sequence.source, index, item, body };
        self.add(ExprKind::For(Box::new(each)), Ty::UNIT, span)
    }

    /// The patterns of a loop: with `enumerate`, `(i, x)` are two.
    fn loop_patterns(
        &mut self,
        pattern: &'a ast::Pattern,
        sequence: &Sequence,
    ) -> (Option<Pattern>, Pattern) {
        if !sequence.indexed {
            return (None, self.pattern(pattern, sequence.item, false));
        }
        if let AstPattern::Tuple(parts) = &pattern.kind
            && let [index, item] = parts.as_slice()
        {
            let index = self.pattern(index, Ty::INT, false);
            return (Some(index), self.pattern(item, sequence.item, false));
        }
        let pair = self.types.tuple(&[Ty::INT, sequence.item]);
        let item = self.pattern(pattern, pair, false);
        (None, item)
    }

    /// What a `for` runs over: ranges, arrays and strings are known by their form.
    fn sequence_of(&mut self, expr: &'a ast::Expr) -> Sequence {
        let span = expr.span;
        match &expr.kind {
            Ast::Paren(inner) => return self.sequence_of(inner),
            Ast::Range(range) if range.lo.is_some() => return self.range_sequence(range),
            Ast::Call(call) => {
                if let Ast::Field(base, name) = &call.callee.kind
                    && let Some(sequence) = self.adapted(base, *name, call, span)
                {
                    return sequence;
                }
            }
            _ => {}
        }
        let value = self.any_expr(expr);
        self.value_sequence(value)
    }

    fn range_sequence(&mut self, range: &'a ast::Range) -> Sequence {
        let lo = range.lo.as_ref().map(|lo| self.expr_as(lo, Ty::INT, Why::NONE));
        let hi = range.hi.as_ref().map(|hi| self.expr_as(hi, Ty::INT, Why::NONE));
        let Some(lo) = lo else { return self.wrong_sequence() };
        let source = RangeSource { lo, hi, inclusive: range.inclusive, step: None, reversed: false };
        Sequence { source: Source::Range(Box::new(source)), item: Ty::INT, indexed: false }
    }

    fn wrong_sequence(&mut self) -> Sequence {
        let id = self.error_expr(Span::default());
        Sequence { source: Source::Array(id), item: Ty::ERROR, indexed: false }
    }

    /// `range.rev()`, `range.step_by(n)`, `xs.enumerate()`, `s.chars()`, `s.bytes()`.
    fn adapted(
        &mut self,
        base: &'a ast::Expr,
        name: Ident,
        call: &'a ast::Call,
        span: Span,
    ) -> Option<Sequence> {
        let known = self.known;
        if let [arg] = call.args.as_slice()
            && name.name == known.step_by
            && is_range(base)
            && arg.name.is_none()
        {
            let mut sequence = self.sequence_of(base);
            if let Source::Range(range) = &mut sequence.source
                && range.step.is_none()
                && !range.reversed
            {
                let step = self.expr_as(&arg.value, Ty::INT, Why::NONE);
                if let Source::Range(range) = &mut sequence.source {
                    range.step = Some((step, span));
                }
            }
            return Some(sequence);
        }
        if !call.args.is_empty() {
            return None;
        }
        if name.name == known.rev && is_range(base) {
            let mut sequence = self.sequence_of(base);
            if let Source::Range(range) = &mut sequence.source {
                range.reversed = true;
            }
            return Some(sequence);
        }
        // The places of places are counted by the adapter: a loop counts for itself once.
        if name.name == known.enumerate && !self.is_enumerate(base) && self.path(base).is_none() {
            let mut sequence = self.sequence_of(base);
            sequence.indexed = true;
            return Some(sequence);
        }
        if (name.name == known.chars || name.name == known.bytes) && self.path(base).is_none() {
            let value = self.any_expr(base);
            let ty = self.known_type(self.ty_of(value));
            if ty == Ty::STR {
                return Some(match name.name == known.chars {
                    true => Sequence { source: Source::Chars(value), item: Ty::CHAR, indexed: false },
                    false => Sequence { source: Source::Bytes(value), item: Ty::INT, indexed: false },
                });
            }
            let value = self.method_call(value, name, &call.args, Expect::Any, span);
            return Some(self.value_sequence(value));
        }
        None
    }

    /// Whether an expression is a call of `enumerate` by its form.
    fn is_enumerate(&self, expr: &ast::Expr) -> bool {
        match &expr.kind {
            Ast::Paren(inner) => self.is_enumerate(inner),
            Ast::Call(call) => {
                matches!(&call.callee.kind, Ast::Field(_, name) if name.name == self.known.enumerate)
            }
            _ => false,
        }
    }

    /// A checked value as a sequence.
    fn value_sequence(&mut self, value: ExprId) -> Sequence {
        let ty = self.known_type(self.ty_of(value));
        let span = self.span_of(value);
        match self.types.kind(ty) {
            TyKind::Array(item) => return Sequence { source: Source::Array(value), item, indexed: false },
            TyKind::Str => return Sequence { source: Source::Chars(value), item: Ty::CHAR, indexed: false },
            TyKind::Error | TyKind::Never => return self.wrong_sequence(),
            TyKind::Infer(_) if self.is_unknown(ty) => {
                self.cannot_infer(ty, span);
                return self.wrong_sequence();
            }
            _ => {}
        }
        if let Some(sequence) = self.iterator(value, ty) {
            return sequence;
        }
        // The prelude's types give an iterator of a known type, others a trait object.
        if let Some(Found::Inherent(..)) = self.find_inherent(ty, self.known.iter)
            && let Some(iterator) = self.made_method_call(value, self.known.iter, Vec::new(), span)
        {
            let ty = self.known_type(self.ty_of(iterator));
            if let Some(sequence) = self.iterator(iterator, ty) {
                return sequence;
            }
        }
        let of = self.fresh_trait_args(TraitId::ITERABLE, span);
        if self.implements(ty, of) == Answer::Yes {
            let iterator = self.made_trait_call(ty, of, methods::ITER, vec![value], span);
            let ty = self.known_type(self.ty_of(iterator));
            if let Some(sequence) = self.iterator(iterator, ty) {
                return sequence;
            }
        }
        let shown = self.show(ty);
        let message = format!("`{shown}` is no sequence: `for` cannot run over it");
        let mut diagnostic =
            Diagnostic::new(codes::NOT_ITERABLE, span, message).label(format!("this is `{shown}`"));
        if self.types.wide(ty) == Ty::INT || self.var_kind(ty).is_some() {
            diagnostic = diagnostic.help("count with a range: `0..n`");
        } else if let TyKind::Struct(id, _) = self.types.kind(ty) {
            let mut fields = self.program.struct_(id).fields.iter();
            let array = fields.find(|field| matches!(self.types.kind(field.ty), TyKind::Array(_)));
            if let Some(field) = array.map(|field| self.text(field.name)) {
                let help = format!("run over its `{field}`");
                diagnostic = diagnostic.maybe(span.end(), format!(".{field}"), help);
            }
            diagnostic = diagnostic.help("what implements `Iterator<T>` or `Iterable<T>` is a sequence");
        } else if self.types.option_payload(ty).is_some() {
            diagnostic = diagnostic.help("`if let Some(x) = …` takes the value out, where there is one");
        }
        self.report(diagnostic);
        self.wrong_sequence()
    }

    /// A value whose type implements `Iterator`.
    fn iterator(&mut self, iterator: ExprId, ty: Ty) -> Option<Sequence> {
        let of = self.fresh_trait_args(TraitId::ITERATOR, Span::default());
        if self.implements(ty, of) != Answer::Yes {
            return None;
        }
        let item = self.types.list(of.args).first().copied()?;
        let object = matches!(self.types.kind(ty), TyKind::Dyn(TraitId::ITERATOR, _));
        let next = match object {
            true => Callee::Virtual(TraitId::ITERATOR, methods::NEXT),
            false => Callee::Method {
                self_ty: ty,
                trait_ref: TraitRef { id: TraitId::ITERATOR, args: of.args },
                method: methods::NEXT,
                args: TyList::EMPTY,
            },
        };
        Some(Sequence { source: Source::Iterator { iterator, next }, item, indexed: false })
    }

    /// The loop that `break` or `continue` means: its place in the list.
    fn target(&mut self, label: Option<Ident>, word: &str, span: Span) -> Option<usize> {
        let Some(label) = label else {
            let innermost = self.body.loops.len().checked_sub(1);
            if innermost.is_none() {
                self.outside_loop(word, span);
            }
            return innermost;
        };
        let found = self.body.loops.iter().rposition(|state| state.label == Some(label.name));
        if found.is_none() {
            let message = format!("no loop around this has the label `{}`", self.text(label.name));
            let labels: Vec<Name> = self.body.loops.iter().filter_map(|state| state.label).collect();
            let mut diagnostic = Diagnostic::new(codes::UNKNOWN_LABEL, label.span, message);
            let there = self.quoted(labels.iter().copied());
            if !there.is_empty() {
                diagnostic = diagnostic.label(format!("there is {there}"));
            }
            if let Some(close) = self.closest(label.name, labels.into_iter()) {
                diagnostic = close.add(diagnostic, label.span);
            }
            self.report(diagnostic);
        }
        found
    }

    fn outside_loop(&mut self, word: &str, span: Span) {
        let closure = self.body.closures.last().map(|closure| self.closure_span(closure));
        let diagnostic = match closure {
            Some(closure) => {
                let message = format!("`{word}` cannot leave a closure");
                let bar = Span::new(closure.lo, closure.lo + 1);
                Diagnostic::new(codes::OUTSIDE_LOOP, span, message)
                    .secondary(bar, "the closure begins here")
                    .help("`return` leaves it")
            }
            None => Diagnostic::new(codes::OUTSIDE_LOOP, span, format!("`{word}` outside a loop")),
        };
        self.report(diagnostic);
    }

    pub(super) fn break_(
        &mut self,
        label: Option<Ident>,
        value: Option<&'a ast::Expr>,
        span: Span,
    ) -> ExprId {
        let never = Ty::NEVER;
        let label = label.or_else(|| self.probable_label(value));
        let Some(target) = self.target(label, "break", span) else {
            if let Some(value) = value.filter(|value| label.is_none_or(|label| label.span != value.span)) {
                self.any_expr(value);
            }
            return self.add(ExprKind::Error, never, span);
        };
        let id = self.body.loops[target].id;
        let Some(value) = value else {
            if let Some(state) = &mut self.body.loops[target].value {
                state.breaks = true;
            }
            return self.add(ExprKind::Break(id, None), never, span);
        };
        let Some(state) = &self.body.loops[target].value else {
            let message = "only a `loop` has a value: `for` and `while` can end by themselves";
            self.report(Diagnostic::new(codes::BREAK_VALUE, value.span, message));
            self.any_expr(value);
            return self.add(ExprKind::Error, never, span);
        };
        let (expect, joined, first) = (state.expect, state.joined, state.first);
        let value_id = match (expect, joined) {
            (Expect::Must(ty, why), _) => self.expr_as(value, ty, why),
            (Expect::Any, Some(ty)) => self.expr(value, Expect::Hint(ty)),
            (expect, _) => self.expr(value, expect),
        };
        let first = if first == Span::default() { value.span } else { first };
        let joined = match expect {
            Expect::Must(ty, _) => Some(ty),
            Expect::Discard => None,
            _ => self.join(joined, value_id, first, "the first `break` gives `{}`, so the others must"),
        };
        if let Some(state) = &mut self.body.loops[target].value {
            state.joined = joined;
            state.first = first;
            state.breaks = true;
        }
        if let Expect::Discard = expect {
            let leave = self.add(ExprKind::Break(id, None), never, span);
            let stmts = [crate::hir::Stmt::Expr(value_id), crate::hir::Stmt::Expr(leave)].into();
            let block = crate::hir::Block { stmts, value: None };
            return self.add(ExprKind::Block(Box::new(block)), never, span);
        }
        self.add(ExprKind::Break(id, Some(value_id)), never, span)
    }

    /// A name behind `break` that is no variable was meant as a label.
    fn probable_label(&mut self, value: Option<&'a ast::Expr>) -> Option<Ident> {
        let Some(ast::Expr { kind: Ast::Name(name), span }) = value else { return None };
        self.meaning(*name).is_none().then_some(Ident { name: *name, span: *span })
    }

    pub(super) fn continue_(&mut self, label: Option<Ident>, span: Span) -> ExprId {
        match self.target(label, "continue", span) {
            Some(target) => {
                let id = self.body.loops[target].id;
                self.add(ExprKind::Continue(id), Ty::NEVER, span)
            }
            None => self.add(ExprKind::Error, Ty::NEVER, span),
        }
    }
}

/// Whether an expression is a range by its form, adapted or not.
fn is_range(expr: &ast::Expr) -> bool {
    match &expr.kind {
        Ast::Paren(inner) => is_range(inner),
        Ast::Range(range) => range.lo.is_some() && range.hi.is_some(),
        _ => false,
    }
}

//! Statements, and the file as a whole.

use chumsky::prelude::*;

use super::atom::begins_expr;
use super::context::{At, Context, Extra, Input, Rule, Tokens, token, unexpected};
use super::expr::{self, Parts};
use super::failure::{Expected, Failing, Problem};
use super::pattern::patterns;
use super::recover::parts;
use super::{control, item, ty};
use crate::ast::{Assign, BinaryOp, Expr, ExprKind, Item, Let, Name, Pattern, PatternKind, Stmt, StmtKind};
use crate::lexer::Token;
use crate::source::Span;

/// A file: statements and declarations.
pub(super) fn module<'s, F: Failing<'s>>(cx: Context<'s>) -> Rule<'s, F, Vec<Stmt>> {
    let stmt = recursive(|stmt| {
        let inner = stmt.boxed().map_with(move |stmt: Stmt, e| {
            check_in_block(cx, &stmt, e);
            stmt
        });
        let block = control::block(cx, inner.boxed());
        let ty = ty::ty(cx);
        let patterns = patterns(cx);
        let expr = expr::expr(cx, block.clone(), ty.clone(), patterns.clone());
        statement(cx, Parts { expr, block, ty, patterns })
    });
    stmts(stmt.boxed()).then_ignore(end()).boxed()
}

/// Statements up to the end of the block or file.
pub(super) fn stmts<'s, F: Failing<'s>>(stmt: Rule<'s, F, Stmt>) -> Rule<'s, F, Vec<Stmt>> {
    let error = || Some(Stmt { kind: StmtKind::Error, span: Span::default() });
    parts(stmt.then_ignore(end_of_statement()), error)
}

/// What ends a statement: a line end, the closing brace, or the end of the file.
pub(super) fn end_of_statement<'s, F: Failing<'s>>() -> impl Parser<'s, Tokens<'s>, (), Extra<F>> + Clone + 's
{
    choice((token(Token::Newline), just(Token::RBrace).rewind().ignored(), end()))
}

fn statement<'s, F: Failing<'s>>(cx: Context<'s>, parts: Parts<'s, F>) -> Rule<'s, F, Stmt> {
    let docs = select! { Token::Doc(text) => text };
    let (binding, item, defer) = (binding(cx, &parts), item::item(cx, &parts), defer(cx, &parts));
    let other = assignment_or_expr(cx, &parts.expr);
    let kind = custom(move |input: &mut Input<'s, '_, F>| match input.peek() {
        Some(Token::Let | Token::Var) => input.parse(&binding),
        Some(Token::Defer) => input.parse(&defer),
        Some(token) if item::begins_item(token) => input.parse(&item).map(StmtKind::Item),
        Some(token) if begins_expr(token) => input.parse(&other),
        _ => Err(unexpected(input, Expected::Statement)),
    });
    docs.or_not()
        .then(token(Token::Pub).or_not())
        .then(kind)
        .map_with(move |((docs, public), mut kind), e| {
            let span = cx.span(e);
            if docs.is_some() || public.is_some() {
                add_head(cx, &mut kind, docs, public.is_some(), e);
            }
            Stmt { kind, span }
        })
        .boxed()
}

/// Gives a declaration its doc comment and `pub`.
fn add_head<'s, F: Failing<'s>>(
    cx: Context<'s>,
    kind: &mut StmtKind,
    docs: Option<Name>,
    public: bool,
    e: &mut At<'s, '_, F>,
) {
    let span = cx.span(e);
    let taken = match kind {
        StmtKind::Let(binding) => {
            (binding.docs, binding.public) = (docs, public);
            true
        }
        StmtKind::Item(item) => item::add_head(item, docs, public, span),
        _ => false,
    };
    if public && !taken {
        cx.report(e, span, Problem::UselessPub);
    }
}

/// Reports a declaration that can only stand at the top level.
fn check_in_block<'s, F: Failing<'s>>(cx: Context<'s>, stmt: &Stmt, e: &mut At<'s, '_, F>) {
    let StmtKind::Item(item) = &stmt.kind else { return };
    let what = match item {
        Item::Function(_) | Item::Const(_) => return,
        Item::Import(_) => "import",
        Item::Struct(_) => "struct",
        Item::Enum(_) => "enum",
        Item::Trait(_) => "trait",
        Item::Impl(_) => "impl",
        Item::Alias(_) => "type",
        Item::Extern(_) => "extern",
        Item::Test(_) => "test",
    };
    let keyword = Span::new(stmt.span.lo, stmt.span.lo + what.len() as u32);
    cx.report(e, keyword, Problem::NotInBlock(what));
}

/// `let` and `var`.
fn binding<'s, F: Failing<'s>>(cx: Context<'s>, parts: &Parts<'s, F>) -> Rule<'s, F, StmtKind> {
    let otherwise = token(Token::Else).ignore_then(parts.block.clone()).or_not();
    select! { Token::Let = e => (false, cx.span(e)), Token::Var = e => (true, cx.span(e)) }
        .then(parts.patterns.any.clone())
        .then(token(Token::Colon).ignore_then(parts.ty.clone()).or_not())
        .then_ignore(just(Token::Eq))
        .then(parts.expr.clone())
        .then(otherwise)
        .map_with(move |(((((mutable, keyword), pattern), ty), value), otherwise), e| {
            let pattern = if otherwise.is_none() { small_name(cx, pattern, e) } else { pattern };
            let (docs, public) = (None, false);
            StmtKind::Let(Box::new(Let { docs, public, mutable, keyword, pattern, ty, value, otherwise }))
        })
        .boxed()
}

/// A lone name with a capital cannot be bound: it is reported, and bound all the same.
pub(super) fn small_name<'s, F: Failing<'s>>(
    cx: Context<'s>,
    pattern: Pattern,
    e: &mut At<'s, '_, F>,
) -> Pattern {
    if let PatternKind::Constructor(constructor) = &pattern.kind
        && let ([name], None) = (constructor.path.as_slice(), &constructor.fields)
    {
        let name = *name;
        cx.report(e, name.span, Problem::NeedsSmall(name.name));
        return Pattern { kind: PatternKind::Bind(name), span: pattern.span };
    }
    pattern
}

/// `defer stmt`
fn defer<'s, F: Failing<'s>>(cx: Context<'s>, parts: &Parts<'s, F>) -> Rule<'s, F, StmtKind> {
    token(Token::Defer)
        .ignore_then(
            assignment_or_expr(cx, &parts.expr).map_with(move |kind, e| Stmt { kind, span: cx.span(e) }),
        )
        .map(|stmt| StmtKind::Defer(Box::new(stmt)))
        .boxed()
}

/// An expression, or an assignment to it.
pub(super) fn assignment_or_expr<'s, F: Failing<'s>>(
    cx: Context<'s>,
    expr: &Rule<'s, F, Expr>,
) -> Rule<'s, F, StmtKind> {
    use BinaryOp::*;
    let op = select! {
        Token::Eq = e => (None, cx.span(e)),
        Token::PlusEq = e => (Some(Add), cx.span(e)),
        Token::MinusEq = e => (Some(Sub), cx.span(e)),
        Token::StarEq = e => (Some(Mul), cx.span(e)),
        Token::SlashEq = e => (Some(Div), cx.span(e)),
        Token::PercentEq = e => (Some(Rem), cx.span(e)),
        Token::StarStarEq = e => (Some(Pow), cx.span(e)),
        Token::PlusPercentEq = e => (Some(WrapAdd), cx.span(e)),
        Token::MinusPercentEq = e => (Some(WrapSub), cx.span(e)),
        Token::StarPercentEq = e => (Some(WrapMul), cx.span(e)),
        Token::AmpEq = e => (Some(BitAnd), cx.span(e)),
        Token::BarEq = e => (Some(BitOr), cx.span(e)),
        Token::CaretEq = e => (Some(BitXor), cx.span(e)),
        Token::ShlEq = e => (Some(Shl), cx.span(e)),
        Token::ShrEq = e => (Some(Shr), cx.span(e)),
        Token::ShrLogicalEq = e => (Some(ShrLogical), cx.span(e)),
    };
    expr.clone()
        .then(op.then(expr.clone()).or_not())
        .map_with(move |(place, assigned), e| match assigned {
            None => StmtKind::Expr(place),
            Some(((op, op_span), value)) => {
                if !is_place(&place) {
                    cx.report(e, place.span, Problem::BadPlace);
                }
                StmtKind::Assign(Box::new(Assign { place, op, op_span, value }))
            }
        })
        .boxed()
}

/// Whether an expression can be assigned to.
fn is_place(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Name(_) | ExprKind::Field(..) | ExprKind::TupleField(..) | ExprKind::Index(_) => true,
        ExprKind::Tuple(places) => places.iter().all(is_place),
        ExprKind::Paren(inner) => is_place(inner),
        ExprKind::Error => true,
        _ => false,
    }
}

//! Statements, and the file as a whole.

use chumsky::prelude::*;

use super::context::{At, Context, Extra, Rule, Tokens, token};
use super::expr::{self, Parts};
use super::failure::{Expected, Problem};
use super::pattern::patterns;
use super::recover::skip_statement;
use super::{control, item, ty};
use crate::ast::{Assign, BinaryOp, Expr, ExprKind, Item, Let, Name, Pattern, PatternKind, Stmt, StmtKind};
use crate::lexer::Token;
use crate::source::Span;

/// A file: statements and declarations.
pub(super) fn module<'s>(cx: Context<'s>) -> Rule<'s, Vec<Stmt>> {
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
pub(super) fn stmts<'s>(stmt: Rule<'s, Stmt>) -> Rule<'s, Vec<Stmt>> {
    let error = || Some(Stmt { kind: StmtKind::Error, span: Span::default() });
    let stmt = stmt.then_ignore(end_of_statement()).map(Some).recover_with(skip_statement(error));
    stmt.or(token(Token::Newline).map(|()| None))
        .repeated()
        .collect::<Vec<_>>()
        .map(|stmts| stmts.into_iter().flatten().collect())
        .boxed()
}

/// What ends a statement: a line end, the closing brace, or the end of the file.
pub(super) fn end_of_statement<'s>() -> impl Parser<'s, Tokens<'s>, (), Extra> + Clone + 's {
    choice((token(Token::Newline), just(Token::RBrace).rewind().ignored(), end()))
}

fn statement<'s>(cx: Context<'s>, parts: Parts<'s>) -> Rule<'s, Stmt> {
    let docs = select! { Token::Doc(text) => text };
    let kind = choice((
        binding(cx, &parts),
        assignment_or_expr(cx, &parts.expr),
        item::item(cx, &parts).map(StmtKind::Item),
        defer(cx, &parts),
    ))
    .labelled(Expected::Statement);
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
fn add_head<'s>(cx: Context<'s>, kind: &mut StmtKind, docs: Option<Name>, public: bool, e: &mut At<'s, '_>) {
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
fn check_in_block<'s>(cx: Context<'s>, stmt: &Stmt, e: &mut At<'s, '_>) {
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
fn binding<'s>(cx: Context<'s>, parts: &Parts<'s>) -> Rule<'s, StmtKind> {
    let otherwise = token(Token::Else).ignore_then(parts.block.clone()).or_not();
    select! { Token::Let => false, Token::Var => true }
        .then(parts.patterns.any.clone())
        .then(token(Token::Colon).ignore_then(parts.ty.clone()).or_not())
        .then_ignore(just(Token::Eq))
        .then(parts.expr.clone())
        .then(otherwise)
        .map_with(move |((((mutable, pattern), ty), value), otherwise), e| {
            let pattern = if otherwise.is_none() { small_name(cx, pattern, e) } else { pattern };
            StmtKind::Let(Box::new(Let { docs: None, public: false, mutable, pattern, ty, value, otherwise }))
        })
        .boxed()
}

/// A lone name with a capital cannot be bound: it is reported, and bound all the same.
pub(super) fn small_name<'s>(cx: Context<'s>, pattern: Pattern, e: &mut At<'s, '_>) -> Pattern {
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
fn defer<'s>(cx: Context<'s>, parts: &Parts<'s>) -> Rule<'s, StmtKind> {
    token(Token::Defer)
        .ignore_then(
            assignment_or_expr(cx, &parts.expr).map_with(move |kind, e| Stmt { kind, span: cx.span(e) }),
        )
        .map(|stmt| StmtKind::Defer(Box::new(stmt)))
        .boxed()
}

/// An expression, or an assignment to it.
pub(super) fn assignment_or_expr<'s>(cx: Context<'s>, expr: &Rule<'s, Expr>) -> Rule<'s, StmtKind> {
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

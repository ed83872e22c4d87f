//! Expressions: operators by precedence, what follows an operand, and operands.
//!
//! From tightest to loosest: what follows (`()`, `[]`, `.`, `?.`, `?`); `**`; `-` and `~`; `??`;
//! `*`; `+`; shifts; `&`; `^`; `|`; ranges; comparisons; `not`; `and`; `or`; closures.

use chumsky::pratt::{infix, left, postfix, prefix, right};
use chumsky::prelude::*;

use super::context::{At, Context, Extra, Input, Rule, Tokens, any_name, token, unexpected};
use super::control;
use super::failure::{Expected, Failing, Problem};
use super::pattern::Patterns;
use super::recover::bracketed;
use super::ty::type_args;
use crate::ast::{
    Arg, BinaryOp, Block, Call, Expr, ExprKind, Ident, NamedType, Piece, Range, Type, TypeKind, UnaryOp,
    known,
};
use crate::lexer::Token;
use crate::source::Span;

/// The rules that expressions are made of.
#[derive(Clone)]
pub(super) struct Parts<'s, F: Failing<'s>> {
    pub(super) expr: Rule<'s, F, Expr>,
    pub(super) block: Rule<'s, F, Block>,
    pub(super) ty: Rule<'s, F, Type>,
    pub(super) patterns: Patterns<'s, F>,
}

/// An expression.
pub(super) fn expr<'s, F: Failing<'s>>(
    cx: Context<'s>,
    block: Rule<'s, F, Block>,
    ty: Rule<'s, F, Type>,
    patterns: Patterns<'s, F>,
) -> Rule<'s, F, Expr> {
    recursive(|expr| {
        let parts = Parts { expr: expr.boxed(), block, ty, patterns };
        let atom = atom(cx, &parts);
        let arithmetic = arithmetic(cx, &parts, atom);
        logic(cx, range(cx, arithmetic))
    })
    .boxed()
}

/// The operators that bind tighter than a range.
fn arithmetic<'s, F: Failing<'s>>(
    cx: Context<'s>,
    parts: &Parts<'s, F>,
    atom: Rule<'s, F, Expr>,
) -> Rule<'s, F, Expr> {
    use BinaryOp::*;
    atom.pratt((
        postfix(10, suffix(cx, parts), |base, suffix, _: &mut At<'s, '_, F>| apply(base, suffix)),
        infix(right(9), select! { Token::StarStar = e => (Pow, cx.span(e)) }, binary),
        prefix(
            8,
            select! { Token::Minus = e => (UnaryOp::Neg, cx.span(e)), Token::Tilde = e => (UnaryOp::BitNot, cx.span(e)) },
            move |op, operand, _: &mut At<'s, '_, F>| unary(cx, op, operand),
        ),
        infix(right(7), select! { Token::Coalesce = e => (Coalesce, cx.span(e)) }, binary),
        infix(
            left(6),
            select! {
                Token::Star = e => (Mul, cx.span(e)),
                Token::Slash = e => (Div, cx.span(e)),
                Token::Percent = e => (Rem, cx.span(e)),
                Token::StarPercent = e => (WrapMul, cx.span(e)),
            },
            binary,
        ),
        infix(
            left(5),
            select! {
                Token::Plus = e => (Add, cx.span(e)),
                Token::Minus = e => (Sub, cx.span(e)),
                Token::PlusPercent = e => (WrapAdd, cx.span(e)),
                Token::MinusPercent = e => (WrapSub, cx.span(e)),
            },
            binary,
        ),
        infix(
            left(4),
            select! {
                Token::Shl = e => (Shl, cx.span(e)),
                Token::Shr = e => (Shr, cx.span(e)),
                Token::ShrLogical = e => (ShrLogical, cx.span(e)),
            },
            binary,
        ),
        infix(left(3), select! { Token::Amp = e => (BitAnd, cx.span(e)) }, binary),
        infix(left(2), select! { Token::Caret = e => (BitXor, cx.span(e)) }, binary),
        infix(left(1), select! { Token::Bar = e => (BitOr, cx.span(e)) }, binary),
    ))
    .boxed()
}

/// The operators that bind looser than a range.
fn logic<'s, F: Failing<'s>>(cx: Context<'s>, operand: Rule<'s, F, Expr>) -> Rule<'s, F, Expr> {
    use BinaryOp::*;
    operand
        .pratt((
            infix(
                left(4),
                select! {
                    Token::EqEq = e => (Eq, cx.span(e)),
                    Token::NotEq = e => (Ne, cx.span(e)),
                    Token::Lt = e => (Lt, cx.span(e)),
                    Token::Le = e => (Le, cx.span(e)),
                    Token::Gt = e => (Gt, cx.span(e)),
                    Token::Ge = e => (Ge, cx.span(e)),
                },
                move |left: Expr, op: (BinaryOp, Span), right: Expr, e: &mut At<'s, '_, F>| {
                    if let ExprKind::Binary(Eq | Ne | Lt | Le | Gt | Ge, ..) = left.kind {
                        cx.report(e, op.1, Problem::ChainedComparison);
                    }
                    binary(left, op, right, e)
                },
            ),
            prefix(
                3,
                select! { Token::Not = e => (UnaryOp::Not, cx.span(e)) },
                move |op, operand, _: &mut At<'s, '_, F>| unary(cx, op, operand),
            ),
            infix(left(2), select! { Token::And = e => (And, cx.span(e)) }, binary),
            infix(left(1), select! { Token::Or = e => (Or, cx.span(e)) }, binary),
        ))
        .boxed()
}

fn binary<'s, F: Failing<'s>>(
    left: Expr,
    (op, place): (BinaryOp, Span),
    right: Expr,
    _: &mut At<'s, '_, F>,
) -> Expr {
    let span = left.span.to(right.span);
    Expr { kind: ExprKind::Binary(op, place, Box::new(left), Box::new(right)), span }
}

fn unary<'s>(cx: Context<'s>, (op, place): (UnaryOp, Span), operand: Expr) -> Expr {
    let span = place.to(operand.span);
    let folded = match (&operand.kind, op) {
        (ExprKind::Literal(literal), UnaryOp::Neg) => cx.negated(literal, operand.span),
        _ => None,
    };
    let kind = match folded {
        Some(literal) => ExprKind::Literal(literal),
        None => ExprKind::Unary(op, Box::new(operand)),
    };
    Expr { kind, span }
}

/// `a..b`, `a..`, `..b`, `..`, or just an operand.
fn range<'s, F: Failing<'s>>(cx: Context<'s>, operand: Rule<'s, F, Expr>) -> Rule<'s, F, Expr> {
    let dots = select! { Token::DotDot => false, Token::DotDotEq => true };
    // In `for i in 1.. {` the brace begins the body.
    let hi = just(Token::LBrace).not().ignore_then(operand.clone()).or_not();
    let rest = dots.then(hi).boxed();
    let make = move |lo, (inclusive, hi): (bool, Option<Expr>), e: &mut At<'s, '_, F>| Expr {
        kind: ExprKind::Range(Box::new(Range { lo, hi, inclusive })),
        span: cx.span(e),
    };
    let from = operand.then(rest.clone().or_not()).map_with(move |(lo, rest), e| match rest {
        Some(rest) => make(Some(lo), rest, e),
        None => lo,
    });
    from.or(rest.map_with(move |rest, e| make(None, rest, e))).boxed()
}

/// What can follow an operand.
enum Suffix {
    Call(Vec<Arg>),
    Index(Expr),
    Field(Ident, Vec<Type>),
    OptionalField(Ident),
    TupleField(u32, Span),
    Try,
}

/// A suffix and where it ends.
fn suffix<'s, F: Failing<'s>>(cx: Context<'s>, parts: &Parts<'s, F>) -> Rule<'s, F, (Suffix, Span)> {
    let index = bracketed(Token::LBracket, parts.expr.clone(), || Expr {
        kind: ExprKind::Error,
        span: Span::default(),
    });
    let member = any_name(cx).then(type_args(parts.ty.clone())).map(|(name, args)| Suffix::Field(name, args));
    let number = select! { Token::Int(index) = e => Suffix::TupleField(tuple_index(cx, index), cx.span(e)) };
    let member = token(Token::Dot).ignore_then(member.or(number)).boxed();
    let call = call_args(cx, parts).map(Suffix::Call).boxed();
    let index = index.map(Suffix::Index).boxed();
    let optional = token(Token::QuestionDot).ignore_then(any_name(cx)).map(Suffix::OptionalField).boxed();
    custom(move |input: &mut Input<'s, '_, F>| match input.peek() {
        Some(Token::Dot) => input.parse(&member),
        Some(Token::LParen) => input.parse(&call),
        Some(Token::LBracket) => input.parse(&index),
        Some(Token::QuestionDot) => input.parse(&optional),
        Some(Token::Question) => {
            input.skip();
            Ok(Suffix::Try)
        }
        _ => Err(unexpected(input, Expected::Operator)),
    })
    .map_with(move |suffix, e| (suffix, cx.span(e)))
    .boxed()
}

/// The number of `.0`; one too large for a tuple stays too large.
fn tuple_index(cx: Context<'_>, index: u32) -> u32 {
    u32::try_from(cx.lexed.ints[index as usize]).unwrap_or(u32::MAX)
}

fn apply(base: Expr, (suffix, place): (Suffix, Span)) -> Expr {
    let span = base.span.to(place);
    let kind = match suffix {
        Suffix::Call(args) => ExprKind::Call(Box::new(Call { callee: base, args })),
        Suffix::Index(index) => ExprKind::Index(Box::new((base, index))),
        Suffix::Field(name, args) if args.is_empty() => ExprKind::Field(Box::new(base), name),
        Suffix::Field(name, args) => {
            let module = match base.kind {
                ExprKind::Name(module) => Some(Ident { name: module, span: base.span }),
                _ => None,
            };
            let kind = TypeKind::Named(Box::new(NamedType { module, name, args }));
            ExprKind::Generic(Box::new(Type { kind, span }))
        }
        Suffix::OptionalField(name) => ExprKind::OptionalField(Box::new(base), name),
        Suffix::TupleField(index, place) => ExprKind::TupleField(Box::new(base), index, place),
        Suffix::Try => ExprKind::Try(Box::new(base)),
    };
    Expr { kind, span }
}

/// `(a, name: b)`
fn call_args<'s, F: Failing<'s>>(cx: Context<'s>, parts: &Parts<'s, F>) -> Rule<'s, F, Vec<Arg>> {
    let named = select! { Token::Ident(name) = e => cx.ident(name, e) }.then_ignore(just(Token::Colon));
    let arg = named
        .or_not()
        .then(value(cx, parts, Problem::NamedWithEquals))
        .map(|(name, value)| Arg { name, value });
    let args = arg.separated_by(token(Token::Comma)).allow_trailing().collect::<Vec<_>>().map_with(
        move |args, e| {
            let first_named = args.iter().position(|arg| arg.name.is_some()).unwrap_or(args.len());
            if let Some(late) = args[first_named..].iter().find(|arg| arg.name.is_none()) {
                let place = late.value.span;
                cx.report(e, place, Problem::PositionalAfterNamed);
            }
            args
        },
    );
    bracketed(Token::LParen, args, Vec::new)
}

/// An expression where a value is needed: an `=` after it is reported.
pub(super) fn value<'s, F: Failing<'s>>(
    cx: Context<'s>,
    parts: &Parts<'s, F>,
    problem: Problem,
) -> Rule<'s, F, Expr> {
    let assigned = select! { Token::Eq = e => cx.span(e) }.then_ignore(parts.expr.clone()).or_not();
    parts
        .expr
        .clone()
        .then(assigned)
        .map_with(move |(expr, assigned), e| {
            if let Some(place) = assigned {
                cx.report(e, place, problem.clone());
            }
            expr
        })
        .boxed()
}

/// An operand.
fn atom<'s, F: Failing<'s>>(cx: Context<'s>, parts: &Parts<'s, F>) -> Rule<'s, F, Expr> {
    let simple = select! {
        Token::Ident(name) = e => Expr { kind: ExprKind::Name(name), span: cx.span(e) },
        Token::SelfValue = e => Expr { kind: ExprKind::Name(known::SELF), span: cx.span(e) },
        token = e if cx.literal(token).is_some() => Expr {
            kind: cx.literal(token).map_or(ExprKind::Error, ExprKind::Literal),
            span: cx.span(e),
        },
        Token::Invalid = e => Expr { kind: ExprKind::Error, span: cx.span(e) },
    };
    let (simple, capital) = (simple.boxed(), type_or_variant(cx, parts));
    let (paren, array, string) = (paren(cx, parts), array_or_map(cx, parts), interpolation(cx, parts));
    let control = control::control(cx, parts);
    custom(move |input: &mut Input<'s, '_, F>| match input.peek() {
        Some(Token::TypeName(_)) => input.parse(&capital),
        Some(Token::LParen) => input.parse(&paren),
        Some(Token::LBracket) => input.parse(&array),
        Some(Token::StrOpen) => input.parse(&string),
        Some(token) if control::begins_control(token) => input.parse(&control),
        Some(token) if begins_simple(token) => input.parse(&simple),
        _ => Err(unexpected(input, Expected::Expression)),
    })
    .boxed()
}

/// Whether a token is an operand by itself.
fn begins_simple(token: Token) -> bool {
    use Token::*;
    matches!(
        token,
        Ident(_) | SelfValue | Int(_) | Float(_) | Char(_) | Str(_) | Bytes(_) | True | False | Invalid
    )
}

/// Whether an expression can begin with a token.
pub(super) fn begins_expr(token: Token) -> bool {
    use Token::*;
    begins_simple(token)
        || control::begins_control(token)
        || matches!(
            token,
            TypeName(_) | LParen | LBracket | StrOpen | Minus | Tilde | Not | DotDot | DotDotEq
        )
}

/// A name with a capital, and the type arguments after it.
fn type_or_variant<'s, F: Failing<'s>>(cx: Context<'s>, parts: &Parts<'s, F>) -> Rule<'s, F, Expr> {
    select! { Token::TypeName(name) = e => cx.ident(name, e) }
        .then(type_args(parts.ty.clone()))
        .map_with(move |(name, args), e| {
            let span = cx.span(e);
            if args.is_empty() {
                return Expr { kind: ExprKind::Name(name.name), span };
            }
            let kind = TypeKind::Named(Box::new(NamedType { module: None, name, args }));
            Expr { kind: ExprKind::Generic(Box::new(Type { kind, span })), span }
        })
        .boxed()
}

/// `(e)`, `()`, `(a, b)`
fn paren<'s, F: Failing<'s>>(cx: Context<'s>, parts: &Parts<'s, F>) -> Rule<'s, F, Expr> {
    let comma = token(Token::Comma).to(true).or(empty().to(false));
    let content = value(cx, parts, Problem::AssignmentAsValue)
        .separated_by(token(Token::Comma))
        .collect::<Vec<_>>()
        .then(comma)
        .map(|(mut items, comma)| match items.pop() {
            Some(only) if items.is_empty() && !comma => ExprKind::Paren(Box::new(only)),
            last => {
                items.extend(last);
                ExprKind::Tuple(items)
            }
        });
    bracketed(Token::LParen, content, || ExprKind::Error)
        .map_with(move |kind, e| Expr { kind, span: cx.span(e) })
        .boxed()
}

/// `[a, b]`, `[k: v]`, `[:]`, `[]`
fn array_or_map<'s, F: Failing<'s>>(cx: Context<'s>, parts: &Parts<'s, F>) -> Rule<'s, F, Expr> {
    let comma = token(Token::Comma);
    let expr = parts.expr.clone();
    let colon_value = token(Token::Colon).ignore_then(expr.clone());
    let entry = expr.clone().then(colon_value.clone());
    let more_entries = comma.clone().ignore_then(entry).repeated().collect::<Vec<_>>();
    let more_items = comma.clone().ignore_then(expr.clone()).repeated().collect::<Vec<_>>();
    enum Rest {
        Map(Expr, Vec<(Expr, Expr)>),
        Array(Vec<Expr>),
    }
    let rest = choice((
        colon_value.then(more_entries).map(|(value, more)| Rest::Map(value, more)),
        more_items.map(Rest::Array),
    ));
    let full = expr.then(rest).then_ignore(comma.or_not()).map(|(first, rest)| match rest {
        Rest::Map(value, mut entries) => {
            entries.insert(0, (first, value));
            ExprKind::Map(entries)
        }
        Rest::Array(mut items) => {
            items.insert(0, first);
            ExprKind::Array(items)
        }
    });
    let content = choice((
        full,
        token(Token::Colon).map(|()| ExprKind::Map(Vec::new())),
        empty().map(|()| ExprKind::Array(Vec::new())),
    ));
    bracketed(Token::LBracket, content, || ExprKind::Error)
        .map_with(move |kind, e| Expr { kind, span: cx.span(e) })
        .boxed()
}

/// `"a ${b:>5} c"`
fn interpolation<'s, F: Failing<'s>>(cx: Context<'s>, parts: &Parts<'s, F>) -> Rule<'s, F, Expr> {
    let text = select! { Token::StrText(text) => Piece::Text(text) };
    let spec = select! { Token::Spec(index) => Box::new(cx.lexed.specs[index as usize]) };
    let hole = parts.expr.clone().then(spec.or_not()).map(|(expr, spec)| Piece::Expr(expr, spec));
    let broken = || Piece::Expr(Expr { kind: ExprKind::Error, span: Span::default() }, None);
    let pieces = text.or(bracketed(Token::HoleOpen, hole, broken)).repeated().collect::<Vec<_>>();
    pieces
        .delimited_by(just(Token::StrOpen), just(Token::StrClose))
        .map_with(move |mut pieces, e| {
            pieces.retain(|piece| !matches!(piece, Piece::Text(known::EMPTY)));
            Expr { kind: ExprKind::Interpolation(pieces), span: cx.span(e) }
        })
        .boxed()
}

/// Items between commas, and whether a comma ends them; for use by other rules.
pub(super) fn list<'s, F: Failing<'s>, T: 's>(
    item: impl Parser<'s, Tokens<'s>, T, Extra<F>> + Clone + 's,
) -> impl Parser<'s, Tokens<'s>, Vec<T>, Extra<F>> + Clone + 's {
    item.separated_by(token(Token::Comma)).allow_trailing().collect()
}

//! Declarations.

use chumsky::prelude::*;

use super::context::{At, Context, Extra, Input, Rule, Tokens, any_name, list, name, token, type_name};
use super::control::end_of_part;
use super::expr::Parts;
use super::failure::{Expected, Failing, Problem};
use super::recover::{bracketed, parts};
use super::stmt::end_of_statement;
use super::ty::{bounds, generics};
use crate::ast::{
    Alias, Const, Enum, ExternBlock, ExternFunction, ExternItem, ExternVar, Field, Function, Impl, Import,
    ImportName, ImportWhat, Item, Name, Param, StrLit, Struct, Test, Trait, Type, Variant, VariantField,
    known,
};
use crate::lexer::Token;
use crate::source::Span;

/// A declaration, without its doc comment and `pub`.
pub(super) fn item<'s, F: Failing<'s>>(cx: Context<'s>, parts: &Parts<'s, F>) -> Rule<'s, F, Item> {
    let function = function(cx, parts).map_with(move |function, e| {
        if function.body.is_none() {
            cx.report(e, function.signature.end(), Problem::MissingBody);
        }
        Item::Function(Box::new(function))
    });
    let function = function.boxed();
    let others = choice((
        enumeration(cx, parts),
        implementation(cx, parts),
        trait_item(cx, parts),
        constant(cx, parts).map(|constant| Item::Const(Box::new(constant))),
        import(cx),
        alias(cx, parts),
        test(cx, parts),
        structure(cx, parts),
        extern_block(cx, parts),
    ))
    .boxed();
    custom(move |input: &mut Input<'s, '_, F>| match input.peek() {
        Some(Token::Fn) => input.parse(&function),
        _ => input.parse(&others),
    })
    .boxed()
}

/// Whether a declaration begins with a token.
pub(super) fn begins_item(token: Token) -> bool {
    use Token::*;
    matches!(token, Fn | Struct | Enum | Impl | Trait | Const | Import | Type | Test | Extern)
}

/// Gives a declaration what stands before its keyword. Tells whether it can be `pub`.
pub(super) fn add_head(item: &mut Item, docs: Option<Name>, public: bool, span: Span) -> bool {
    match item {
        Item::Function(f) => {
            (f.docs, f.public, f.span) = (docs, public, span);
            f.signature = span.to(f.signature);
            f.signature.hi = f.signature.hi.min(f.body.as_ref().map_or(span.hi, |body| body.span.lo));
        }
        Item::Struct(s) => (s.docs, s.public, s.span) = (docs, public, span),
        Item::Enum(e) => (e.docs, e.public, e.span) = (docs, public, span),
        Item::Trait(t) => (t.docs, t.public, t.span) = (docs, public, span),
        Item::Alias(a) => (a.docs, a.public, a.span) = (docs, public, span),
        Item::Const(c) => (c.docs, c.public, c.span) = (docs, public, span),
        Item::Import(_) | Item::Impl(_) | Item::Extern(_) | Item::Test(_) => return false,
    }
    true
}

/// `fn f<T>(self, a: int = 1) -> int { … }`; the body may be missing.
fn function<'s, F: Failing<'s>>(cx: Context<'s>, parts: &Parts<'s, F>) -> Rule<'s, F, Function> {
    let receiver = select! { Token::SelfValue = e => cx.span(e) }
        .then_ignore(token(Token::Comma).or(just(Token::RParen).rewind().ignored()))
        .or_not();
    let params = receiver.then(list(param(cx, parts, true)));
    let head = token(Token::Fn)
        .ignore_then(name(cx))
        .then(generics(cx, parts.ty.clone()))
        .then(bracketed(Token::LParen, params, || (None, Vec::new())))
        .then(token(Token::Arrow).ignore_then(parts.ty.clone()).or_not())
        .map_with(move |head, e| (head, cx.span(e)))
        .boxed();
    head.then(parts.block.clone().or_not())
        .map_with(move |(((((name, generics), (receiver, params)), result), signature), body), e| Function {
            docs: None,
            public: false,
            name,
            generics,
            receiver,
            params,
            result,
            body,
            signature,
            span: cx.span(e),
        })
        .boxed()
}

/// `name: type = default`
fn param<'s, F: Failing<'s>>(cx: Context<'s>, parts: &Parts<'s, F>, small: bool) -> Rule<'s, F, Param> {
    let name = if small { name(cx) } else { any_name(cx) };
    name.labelled(Expected::Parameter)
        .then_ignore(just(Token::Colon))
        .then(parts.ty.clone())
        .then(token(Token::Eq).ignore_then(parts.expr.clone()).or_not())
        .map(|((name, ty), default)| Param { name, ty, default })
        .boxed()
}

/// What stands in the braces of a declaration: parts that end with a comma or line end.
fn body<'s, F: Failing<'s>, T: 's>(
    part: impl Parser<'s, Tokens<'s>, T, Extra<F>> + Clone + 's,
    end: impl Parser<'s, Tokens<'s>, (), Extra<F>> + Clone + 's,
) -> Rule<'s, F, Vec<T>> {
    parts(part.then_ignore(end), || None).delimited_by(just(Token::LBrace), just(Token::RBrace)).boxed()
}

fn docs<'s, F: Failing<'s>>() -> impl Parser<'s, Tokens<'s>, Option<Name>, Extra<F>> + Clone + 's {
    select! { Token::Doc(text) => text }.or_not()
}

/// `struct S<T> { a: T, var b: int }`, `extern struct`
fn structure<'s, F: Failing<'s>>(cx: Context<'s>, parts: &Parts<'s, F>) -> Rule<'s, F, Item> {
    let fields = |small| {
        let field = docs().then(token(Token::Var).or_not()).then(param(cx, parts, small));
        let field = field.map(|((docs, var), Param { name, ty, default })| Field {
            docs,
            mutable: var.is_some(),
            name,
            ty,
            default,
        });
        body(field, end_of_part())
    };
    let rest = |small| {
        token(Token::Struct)
            .ignore_then(type_name(cx))
            .then(generics(cx, parts.ty.clone()))
            .then(fields(small))
            .map_with(move |((name, generics), fields), e| Struct {
                docs: None,
                public: false,
                is_extern: !small,
                name,
                generics,
                fields,
                span: cx.span(e),
            })
            .boxed()
    };
    let foreign = token(Token::Extern).then(just(Token::Struct).rewind()).ignore_then(rest(false));
    rest(true)
        .or(foreign)
        .map_with(move |mut item, e| {
            item.span = cx.span(e);
            Item::Struct(Box::new(item))
        })
        .boxed()
}

/// `enum E { A, B(int), C(x: int) }`
fn enumeration<'s, F: Failing<'s>>(cx: Context<'s>, parts: &Parts<'s, F>) -> Rule<'s, F, Item> {
    let field_name = select! { Token::Ident(name) = e => cx.ident(name, e) }.then_ignore(just(Token::Colon));
    let field = field_name.or_not().then(parts.ty.clone()).map(|(name, ty)| VariantField { name, ty });
    let fields = bracketed(Token::LParen, list(field), Vec::new).or_not().map(Option::unwrap_or_default);
    let variant = type_name(cx).then(fields).map_with(move |(name, fields), e| (name, fields, cx.span(e)));
    let variant =
        docs().then(variant).map(|(docs, (name, fields, span))| Variant { docs, name, fields, span });
    token(Token::Enum)
        .ignore_then(type_name(cx))
        .then(generics(cx, parts.ty.clone()))
        .then(body(variant, end_of_part()))
        .map_with(move |((name, generics), variants), e| {
            let span = cx.span(e);
            Item::Enum(Box::new(Enum { docs: None, public: false, name, generics, variants, span }))
        })
        .boxed()
}

/// A method, with its doc comment and `pub`.
fn method<'s, F: Failing<'s>>(
    cx: Context<'s>,
    parts: &Parts<'s, F>,
    needs_body: bool,
) -> Rule<'s, F, Function> {
    docs()
        .then(token(Token::Pub).or_not())
        .then(function(cx, parts))
        .map_with(move |((docs, public), mut method), e| {
            if needs_body && method.body.is_none() {
                cx.report(e, method.signature.end(), Problem::MissingBody);
            }
            (method.docs, method.public, method.span) = (docs, public.is_some(), cx.span(e));
            method
        })
        .boxed()
}

/// `trait T: A + B { … }`
fn trait_item<'s, F: Failing<'s>>(cx: Context<'s>, parts: &Parts<'s, F>) -> Rule<'s, F, Item> {
    let supertraits = token(Token::Colon).ignore_then(bounds(parts.ty.clone())).or_not();
    token(Token::Trait)
        .ignore_then(type_name(cx))
        .then(generics(cx, parts.ty.clone()))
        .then(supertraits.map(Option::unwrap_or_default))
        .then(body(method(cx, parts, false), end_of_statement()))
        .map_with(move |(((name, generics), supertraits), functions), e| {
            let span = cx.span(e);
            let item = Trait { docs: None, public: false, name, generics, supertraits, functions, span };
            Item::Trait(Box::new(item))
        })
        .boxed()
}

/// `impl<T> Trait for Type { … }`
fn implementation<'s, F: Failing<'s>>(cx: Context<'s>, parts: &Parts<'s, F>) -> Rule<'s, F, Item> {
    enum Part {
        Function(Function),
        Const(Const),
    }
    let constant = docs()
        .then(token(Token::Pub).or_not())
        .then(constant(cx, parts))
        .map(|((docs, public), constant)| Part::Const(Const { docs, public: public.is_some(), ..constant }));
    let part = method(cx, parts, true).map(Part::Function).or(constant);
    let ty = parts.ty.clone();
    let header = token(Token::Impl)
        .ignore_then(generics(cx, ty.clone()))
        .then(ty.clone())
        .then(token(Token::For).ignore_then(ty).or_not())
        .map_with(move |((generics, first), second), e| {
            let (trait_type, target): (Option<Type>, Type) = match second {
                Some(target) => (Some(first), target),
                None => (None, first),
            };
            (generics, trait_type, target, cx.span(e))
        });
    header
        .then(body(part, end_of_statement()))
        .map_with(move |((generics, trait_type, target, header), members), e| {
            let (mut functions, mut consts) = (Vec::with_capacity(members.len()), Vec::new());
            for member in members {
                match member {
                    Part::Function(function) => functions.push(function),
                    Part::Const(constant) => consts.push(constant),
                }
            }
            let span = cx.span(e);
            Item::Impl(Box::new(Impl { generics, trait_type, target, functions, consts, header, span }))
        })
        .boxed()
}

/// `const NAME: type = value`
fn constant<'s, F: Failing<'s>>(cx: Context<'s>, parts: &Parts<'s, F>) -> Rule<'s, F, Const> {
    let all_caps = any_name(cx).map_with(move |name, e: &mut At<'s, '_, F>| {
        if cx.names.text(name.name).chars().any(char::is_lowercase) {
            cx.report(e, name.span, Problem::NeedsAllCaps(name.name));
        }
        name
    });
    token(Token::Const)
        .ignore_then(all_caps)
        .then(token(Token::Colon).ignore_then(parts.ty.clone()).or_not())
        .then_ignore(just(Token::Eq))
        .then(parts.expr.clone())
        .map_with(move |((name, ty), value), e| Const {
            docs: None,
            public: false,
            name,
            ty,
            value,
            span: cx.span(e),
        })
        .boxed()
}

/// `import a.b`, `import a.b as c`, `import a.b.{c, d as e}`
fn import<'s, F: Failing<'s>>(cx: Context<'s>) -> Rule<'s, F, Item> {
    let alias = token(Token::As).ignore_then(any_name(cx));
    let imported = any_name(cx).then(alias.clone().or_not()).map(|(name, alias)| ImportName { name, alias });
    let names = list(imported).delimited_by(just(Token::LBrace), just(Token::RBrace));
    let what = choice((
        alias.map(ImportWhat::Alias),
        token(Token::Dot).ignore_then(names).map(ImportWhat::Names),
        empty().map(|()| ImportWhat::Module),
    ));
    token(Token::Import)
        .ignore_then(any_name(cx).separated_by(token(Token::Dot)).at_least(1).collect::<Vec<_>>())
        .then(what)
        .map_with(move |(path, what), e| Item::Import(Box::new(Import { path, what, span: cx.span(e) })))
        .boxed()
}

/// `type Name<T> = …`
fn alias<'s, F: Failing<'s>>(cx: Context<'s>, parts: &Parts<'s, F>) -> Rule<'s, F, Item> {
    token(Token::Type)
        .ignore_then(type_name(cx))
        .then(generics(cx, parts.ty.clone()))
        .then_ignore(just(Token::Eq))
        .then(parts.ty.clone())
        .map_with(move |((name, generics), ty), e| {
            let span = cx.span(e);
            Item::Alias(Box::new(Alias { docs: None, public: false, name, generics, ty, span }))
        })
        .boxed()
}

fn string<'s, F: Failing<'s>>(cx: Context<'s>) -> Rule<'s, F, StrLit> {
    select! { Token::Str(value) = e => StrLit { value, span: cx.span(e) } }.boxed()
}

/// `test "name" { … }`
fn test<'s, F: Failing<'s>>(cx: Context<'s>, parts: &Parts<'s, F>) -> Rule<'s, F, Item> {
    token(Token::Test)
        .ignore_then(string(cx))
        .then(parts.block.clone())
        .map_with(move |(name, body), e| Item::Test(Box::new(Test { name, body, span: cx.span(e) })))
        .boxed()
}

/// `extern "m" { … }`
fn extern_block<'s, F: Failing<'s>>(cx: Context<'s>, parts: &Parts<'s, F>) -> Rule<'s, F, Item> {
    let function = extern_function(cx, parts).map(ExternItem::Function);
    let items = body(function.or(extern_var(cx, parts).map(ExternItem::Var)), end_of_statement());
    token(Token::Extern)
        .ignore_then(string(cx).or_not())
        .then(items)
        .map_with(move |(library, items), e| {
            Item::Extern(Box::new(ExternBlock { library, items, span: cx.span(e) }))
        })
        .boxed()
}

/// `weak fn f(a: i32, ...) -> i32 = "symbol"`
fn extern_function<'s, F: Failing<'s>>(cx: Context<'s>, parts: &Parts<'s, F>) -> Rule<'s, F, ExternFunction> {
    let weak = select! { Token::Ident(known::WEAK) => () }.or_not();
    let variadic = select! { Token::Ellipsis = e => cx.span(e) }.or_not();
    let params =
        bracketed(Token::LParen, list(param(cx, parts, false)).then(variadic), || (Vec::new(), None));
    docs()
        .then(token(Token::Pub).or_not())
        .then(weak)
        .then_ignore(just(Token::Fn))
        .then(any_name(cx))
        .then(params)
        .then(token(Token::Arrow).ignore_then(parts.ty.clone()).or_not())
        .then(symbol(cx))
        .map_with(move |((((((docs, public), weak), name), (params, variadic)), result), symbol), e| {
            ExternFunction {
                docs,
                public: public.is_some(),
                weak: weak.is_some(),
                name,
                params,
                variadic,
                result,
                symbol,
                span: cx.span(e),
            }
        })
        .boxed()
}

/// `var name: i32 = "symbol"`
fn extern_var<'s, F: Failing<'s>>(cx: Context<'s>, parts: &Parts<'s, F>) -> Rule<'s, F, ExternVar> {
    docs()
        .then(token(Token::Pub).or_not())
        .then_ignore(just(Token::Var))
        .then(any_name(cx))
        .then_ignore(just(Token::Colon))
        .then(parts.ty.clone())
        .then(symbol(cx))
        .map_with(move |((((docs, public), name), ty), symbol), e| ExternVar {
            docs,
            public: public.is_some(),
            name,
            ty,
            symbol,
            span: cx.span(e),
        })
        .boxed()
}

/// `= "symbol"`
fn symbol<'s, F: Failing<'s>>(cx: Context<'s>) -> Rule<'s, F, Option<StrLit>> {
    token(Token::Eq).ignore_then(string(cx)).or_not().boxed()
}

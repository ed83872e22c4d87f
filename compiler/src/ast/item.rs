//! Declarations.

use super::{Block, Expr, Ident, Name, StrLit, Type};
use crate::source::Span;

/// A declaration.
#[derive(Debug)]
pub enum Item {
    /// `import util.text`
    Import(Box<Import>),
    /// `fn f() { … }`
    Function(Box<Function>),
    /// `struct S { … }`, `extern struct S { … }`
    Struct(Box<Struct>),
    /// `enum E { … }`
    Enum(Box<Enum>),
    /// `trait T { … }`
    Trait(Box<Trait>),
    /// `impl T for S { … }`
    Impl(Box<Impl>),
    /// `type A = B`
    Alias(Box<Alias>),
    /// `const A = 1`
    Const(Box<Const>),
    /// `extern "m" { … }`
    Extern(Box<ExternBlock>),
    /// `test "name" { … }`
    Test(Box<Test>),
}

/// An import.
#[derive(Debug)]
pub struct Import {
    /// The names joined by dots; at least one.
    pub path: Vec<Ident>,
    /// What it brings in.
    pub what: ImportWhat,
    /// The whole declaration.
    pub span: Span,
}

/// What an import brings in.
#[derive(Debug)]
pub enum ImportWhat {
    /// The module by the last name of the path.
    Module,
    /// `as t`
    Alias(Ident),
    /// `.{a, b as c}`
    Names(Vec<ImportName>),
}

/// A name of an import's list.
#[derive(Debug)]
pub struct ImportName {
    /// The name in the module.
    pub name: Ident,
    /// The name here, when another.
    pub alias: Option<Ident>,
}

/// A function or method.
#[derive(Debug)]
pub struct Function {
    /// The doc comment.
    pub docs: Option<Name>,
    /// Whether it begins with `pub`.
    pub public: bool,
    /// Its name.
    pub name: Ident,
    /// The type parameters.
    pub generics: Vec<GenericParam>,
    /// `self`, when it is the first parameter.
    pub receiver: Option<Span>,
    /// The other parameters.
    pub params: Vec<Param>,
    /// The result; unit without one.
    pub result: Option<Type>,
    /// The body; missing only in traits.
    pub body: Option<Block>,
    /// From `pub` or `fn` to the end of the result's type.
    pub signature: Span,
    /// The whole declaration.
    pub span: Span,
}

/// A type parameter.
#[derive(Debug)]
pub struct GenericParam {
    /// Its name.
    pub name: Ident,
    /// The traits after the colon.
    pub bounds: Vec<Type>,
    /// The type after `=`.
    pub default: Option<Type>,
}

/// A parameter of a function.
#[derive(Debug)]
pub struct Param {
    /// Its name, which may be `_`.
    pub name: Ident,
    /// Its type.
    pub ty: Type,
    /// The value after `=`.
    pub default: Option<Expr>,
}

/// A struct.
#[derive(Debug)]
pub struct Struct {
    /// The doc comment.
    pub docs: Option<Name>,
    /// Whether it begins with `pub`.
    pub public: bool,
    /// Whether it is an `extern struct`, with C layout.
    pub is_extern: bool,
    /// Its name.
    pub name: Ident,
    /// The type parameters.
    pub generics: Vec<GenericParam>,
    /// The fields in order.
    pub fields: Vec<Field>,
    /// The whole declaration.
    pub span: Span,
}

/// A field of a struct.
#[derive(Debug)]
pub struct Field {
    /// The doc comment.
    pub docs: Option<Name>,
    /// Whether it is `var`.
    pub mutable: bool,
    /// Its name.
    pub name: Ident,
    /// Its type.
    pub ty: Type,
    /// The value after `=`: the default of the constructor's parameter.
    pub default: Option<Expr>,
}

/// An enum.
#[derive(Debug)]
pub struct Enum {
    /// The doc comment.
    pub docs: Option<Name>,
    /// Whether it begins with `pub`.
    pub public: bool,
    /// Its name.
    pub name: Ident,
    /// The type parameters.
    pub generics: Vec<GenericParam>,
    /// The variants in order.
    pub variants: Vec<Variant>,
    /// The whole declaration.
    pub span: Span,
}

/// A variant of an enum.
#[derive(Debug)]
pub struct Variant {
    /// The doc comment.
    pub docs: Option<Name>,
    /// Its name.
    pub name: Ident,
    /// Its fields; empty for a bare one.
    pub fields: Vec<VariantField>,
    /// The name and what stands in the parentheses.
    pub span: Span,
}

/// A field of a variant.
#[derive(Debug)]
pub struct VariantField {
    /// The name before the colon.
    pub name: Option<Ident>,
    /// Its type.
    pub ty: Type,
}

/// A trait.
#[derive(Debug)]
pub struct Trait {
    /// The doc comment.
    pub docs: Option<Name>,
    /// Whether it begins with `pub`.
    pub public: bool,
    /// Its name.
    pub name: Ident,
    /// The type parameters.
    pub generics: Vec<GenericParam>,
    /// The traits after the colon, which whoever implements this one must too.
    pub supertraits: Vec<Type>,
    /// The methods, with and without bodies.
    pub functions: Vec<Function>,
    /// The whole declaration.
    pub span: Span,
}

/// An `impl` block.
#[derive(Debug)]
pub struct Impl {
    /// The type parameters.
    pub generics: Vec<GenericParam>,
    /// The trait before `for`.
    pub trait_type: Option<Type>,
    /// The type that gets the functions.
    pub target: Type,
    /// Methods and associated functions, with bodies.
    pub functions: Vec<Function>,
    /// Associated constants.
    pub consts: Vec<Const>,
    /// From `impl` to the end of the target.
    pub header: Span,
    /// The whole declaration.
    pub span: Span,
}

/// A type alias.
#[derive(Debug)]
pub struct Alias {
    /// The doc comment.
    pub docs: Option<Name>,
    /// Whether it begins with `pub`.
    pub public: bool,
    /// Its name.
    pub name: Ident,
    /// The type parameters.
    pub generics: Vec<GenericParam>,
    /// What it stands for.
    pub ty: Type,
    /// The whole declaration.
    pub span: Span,
}

/// A constant.
#[derive(Debug)]
pub struct Const {
    /// The doc comment.
    pub docs: Option<Name>,
    /// Whether it begins with `pub`.
    pub public: bool,
    /// Its name.
    pub name: Ident,
    /// Its type, when written.
    pub ty: Option<Type>,
    /// Its value.
    pub value: Expr,
    /// The whole declaration.
    pub span: Span,
}

/// A block of C declarations.
#[derive(Debug)]
pub struct ExternBlock {
    /// The library; without one a symbol of the process or the host.
    pub library: Option<StrLit>,
    /// The declarations.
    pub items: Vec<ExternItem>,
    /// The whole declaration.
    pub span: Span,
}

/// A declaration in an extern block.
#[derive(Debug)]
pub enum ExternItem {
    /// `fn f(…) -> T`
    Function(ExternFunction),
    /// `var name: T`
    Var(ExternVar),
}

/// A C function.
#[derive(Debug)]
pub struct ExternFunction {
    /// The doc comment.
    pub docs: Option<Name>,
    /// Whether it begins with `pub`.
    pub public: bool,
    /// Whether it is `weak`.
    pub weak: bool,
    /// Its name here.
    pub name: Ident,
    /// The parameters, without defaults.
    pub params: Vec<Param>,
    /// The `...` at the end.
    pub variadic: Option<Span>,
    /// The result; `void` without one.
    pub result: Option<Type>,
    /// The symbol, when its name is another (`= "SDL_Init"`).
    pub symbol: Option<StrLit>,
    /// The whole declaration.
    pub span: Span,
}

/// A global of a C library.
#[derive(Debug)]
pub struct ExternVar {
    /// The doc comment.
    pub docs: Option<Name>,
    /// Whether it begins with `pub`.
    pub public: bool,
    /// Its name here.
    pub name: Ident,
    /// Its type.
    pub ty: Type,
    /// The symbol, when its name is another.
    pub symbol: Option<StrLit>,
    /// The whole declaration.
    pub span: Span,
}

/// A test.
#[derive(Debug)]
pub struct Test {
    /// Its name.
    pub name: StrLit,
    /// What runs.
    pub body: Block,
    /// The whole declaration.
    pub span: Span,
}

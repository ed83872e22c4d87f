//! Declarations: structs, enums, traits, impls, functions and globals, each under its number.

use super::{Body, Ty, TyList};
use crate::ast::Name;
use crate::source::Span;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
            pub struct $name(pub u32);

            impl $name {
                /// Its place in the program's list.
                pub fn index(self) -> usize {
                    self.0 as usize
                }
            }
        )*
    };
}

ids! {
    /// Which struct.
    StructId;
    /// Which enum.
    EnumId;
    /// Which trait.
    TraitId;
    /// Which impl.
    ImplId;
    /// Which function.
    FnId;
    /// Which global variable.
    GlobalId;
    /// Which source file.
    ModuleId;
}

impl EnumId {
    /// `Option<T>`: variant 0 is `None`, variant 1 is `Some`.
    pub const OPTION: EnumId = EnumId(0);
    /// `Result<T, E>`: variant 0 is `Ok`, variant 1 is `Err`.
    pub const RESULT: EnumId = EnumId(1);
}

impl StructId {
    /// The prelude's `Error`.
    pub const ERROR: StructId = StructId(0);
    /// The prelude's `Map<K, V>`.
    pub const MAP: StructId = StructId(1);
    /// The prelude's `Range`: the value of `a..b`, `a..=b` and `a..` (which ends at `int.MAX`, inclusive).
    pub const RANGE: StructId = StructId(2);
}

impl TraitId {
    /// `Eq`
    pub const EQ: TraitId = TraitId(0);
    /// `Ord`
    pub const ORD: TraitId = TraitId(1);
    /// `Hash`
    pub const HASH: TraitId = TraitId(2);
    /// `Show`
    pub const SHOW: TraitId = TraitId(3);
    /// `Iterator<T>`
    pub const ITERATOR: TraitId = TraitId(4);
    /// `Iterable<T>`
    pub const ITERABLE: TraitId = TraitId(5);
    /// `Add<R, O>`
    pub const ADD: TraitId = TraitId(6);
    /// `Sub<R, O>`
    pub const SUB: TraitId = TraitId(7);
    /// `Mul<R, O>`
    pub const MUL: TraitId = TraitId(8);
    /// `Div<R, O>`
    pub const DIV: TraitId = TraitId(9);
    /// `Rem<R, O>`
    pub const REM: TraitId = TraitId(10);
    /// `Neg`
    pub const NEG: TraitId = TraitId(11);
    /// `Index<K, V>`
    pub const INDEX: TraitId = TraitId(12);
}

/// The methods of the derivable traits, by their place in the trait.
pub mod methods {
    /// `Eq.eq(self, o) -> bool`
    pub const EQ: u32 = 0;
    /// `Ord.cmp(self, o) -> int`
    pub const CMP: u32 = 0;
    /// `Hash.hash(self) -> int`
    pub const HASH: u32 = 0;
    /// `Show.show(self) -> str`
    pub const SHOW: u32 = 0;
    /// `Show._write(self, out: [u8])`: appends the text that `show` gives to a text under construction.
    pub const SHOW_WRITE: u32 = 1;
    /// `Show._quote(self, out: [u8])`: appends the text as it stands inside another value (strings and chars quoted).
    pub const SHOW_QUOTE: u32 = 2;
    /// `Iterator.next(self) -> T?`
    pub const NEXT: u32 = 0;
    /// `Iterable.iter(self) -> Iterator<T>`
    pub const ITER: u32 = 0;
}

/// A trait with its type arguments, without `Self`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct TraitRef {
    /// The trait.
    pub id: TraitId,
    /// Its type arguments.
    pub args: TyList,
}

/// A type parameter.
#[derive(Clone, Debug)]
pub struct TypeParam {
    /// Its name.
    pub name: Name,
    /// What a type must implement to stand for it.
    pub bounds: Vec<TraitRef>,
    /// Where it is declared.
    pub span: Span,
}

/// A struct.
#[derive(Debug)]
pub struct Struct {
    /// Its name.
    pub name: Name,
    /// The file it is in.
    pub module: ModuleId,
    /// Its type parameters: `Param(0)` is the first.
    pub generics: Vec<TypeParam>,
    /// Its fields in order.
    pub fields: Vec<Field>,
    /// Whether it has C layout.
    pub is_extern: bool,
    /// Its name's place.
    pub span: Span,
}

/// A field of a struct or variant.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name; [`crate::ast::known::EMPTY`] for a positional field of a variant.
    pub name: Name,
    /// Its type, over the type parameters of its struct or enum.
    pub ty: Ty,
    /// Whether it is `var`.
    pub mutable: bool,
    /// For an array within an extern struct, how many elements it has.
    pub fixed: Option<u32>,
    /// Its name's place.
    pub span: Span,
}

/// An enum.
#[derive(Debug)]
pub struct Enum {
    /// Its name.
    pub name: Name,
    /// The file it is in.
    pub module: ModuleId,
    /// Its type parameters.
    pub generics: Vec<TypeParam>,
    /// Its variants in order; a variant's number is its place.
    pub variants: Vec<Variant>,
    /// Its name's place.
    pub span: Span,
}

impl Enum {
    /// Whether no variant has a field, so that a value is its variant's number.
    pub fn is_bare(&self) -> bool {
        self.variants.iter().all(|variant| variant.fields.is_empty())
    }
}

/// A variant of an enum.
#[derive(Debug)]
pub struct Variant {
    /// Its name.
    pub name: Name,
    /// Its fields; none for a bare one.
    pub fields: Vec<Field>,
    /// Its name's place.
    pub span: Span,
}

/// A trait. Within it `Param(0)` is `Self`, and its own type parameters follow.
#[derive(Debug)]
pub struct Trait {
    /// Its name.
    pub name: Name,
    /// The file it is in.
    pub module: ModuleId,
    /// `Self`, then its own type parameters.
    pub generics: Vec<TypeParam>,
    /// The traits that its implementors have too.
    pub supertraits: Vec<TraitRef>,
    /// Its methods in order; [`super::Callee::Method`] and [`super::Callee::Virtual`] number them by place.
    pub methods: Vec<TraitMethod>,
    /// Its name's place.
    pub span: Span,
}

/// A method of a trait.
#[derive(Clone, Copy, Debug)]
pub struct TraitMethod {
    /// Its name.
    pub name: Name,
    /// Its declaration; its body, if it has one, is the default.
    pub function: FnId,
    /// Whether it can be called on a trait object through the table; otherwise its default body is
    /// specialised for the trait object's type itself.
    pub is_virtual: bool,
}

/// An `impl`.
#[derive(Debug)]
pub struct Impl {
    /// Its type parameters.
    pub generics: Vec<TypeParam>,
    /// The trait, if it is of one.
    pub trait_ref: Option<TraitRef>,
    /// The type that gets the functions.
    pub target: Ty,
    /// For an impl of a trait: the function of each method of the trait by its place there, `None` where
    /// the default holds. Otherwise its functions.
    pub functions: Vec<Option<FnId>>,
    /// From `impl` to the end of the target.
    pub span: Span,
}

/// A function, method, closure-less part of the program.
#[derive(Debug)]
pub struct Function {
    /// Its name.
    pub name: Name,
    /// The file it is in.
    pub module: ModuleId,
    /// What it belongs to.
    pub owner: Owner,
    /// All its type parameters: those of its owner first.
    pub generics: Vec<TypeParam>,
    /// How many of `generics` are its owner's (an impl's; a trait's with `Self`; a surrounding function's).
    pub outer_generics: u32,
    /// Whether the first parameter is `self`.
    pub has_self: bool,
    /// Its parameters, `self` included.
    pub params: Vec<Param>,
    /// The type of its result.
    pub result: Ty,
    /// What it does.
    pub code: Code,
    /// Its name's place.
    pub span: Span,
}

/// What a function belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Owner {
    /// A file.
    Module,
    /// An impl.
    Impl(ImplId),
    /// A trait.
    Trait(TraitId),
    /// A surrounding function.
    Function(FnId),
}

/// A parameter.
#[derive(Clone, Debug)]
pub struct Param {
    /// Its name.
    pub name: Name,
    /// Its type.
    pub ty: Ty,
    /// Its name's place.
    pub span: Span,
}

/// What a function does.
#[derive(Debug)]
pub enum Code {
    /// Statements of the language.
    Body(Box<Body>),
    /// An instruction or a native, by its name (`extern "lang"` in the standard library).
    Intrinsic(Name),
    /// A function of C or of the host.
    C(Box<CFunction>),
    /// A trait's method without a default.
    Required,
    /// A standard function that nothing reaches; it has not been checked.
    Unreached,
}

/// A C function: where it is found.
#[derive(Clone, Debug)]
pub struct CFunction {
    /// The library as it is written; `None` for a symbol of the process or the host.
    pub library: Option<Name>,
    /// The symbol.
    pub symbol: Name,
    /// The parameters' types as they are written; those of [`Function::params`] are what callers give.
    pub params: Vec<Ty>,
    /// The result's type as it is written.
    pub result: Ty,
    /// Whether it ends with `...`.
    pub variadic: bool,
    /// Whether it may be missing.
    pub weak: bool,
}

/// A global variable. Its first value is assigned by its file's [`super::Program::initializers`].
#[derive(Debug)]
pub struct Global {
    /// Its name.
    pub name: Name,
    /// The file it is in.
    pub module: ModuleId,
    /// Its type.
    pub ty: Ty,
    /// Whether it is `var`.
    pub mutable: bool,
    /// Its name's place.
    pub span: Span,
}

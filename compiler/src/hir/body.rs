//! Bodies: the locals, expressions and statements of a function.
//!
//! The expressions of a body lie in one vector and name each other by [`ExprId`]; closures within the function share its
//! vectors. Every expression is evaluated from left to right, in the order in which its parts stand here.

use super::{FnId, GlobalId, Pattern, Storage, TraitId, TraitRef, Ty, TyList};
use crate::ast::{FormatSpec, Name};
use crate::source::Span;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
            pub struct $name(pub u32);

            impl $name {
                /// Its place in the body's list.
                pub fn index(self) -> usize {
                    self.0 as usize
                }
            }
        )*
    };
}

ids! {
    /// Which local of a body.
    LocalId;
    /// Which expression of a body.
    ExprId;
    /// Which loop of a body: what `break` and `continue` leave.
    LoopId;
}

/// What a function does.
#[derive(Debug, Default)]
pub struct Body {
    /// Parameters and variables, of closures too.
    pub locals: Vec<Local>,
    /// The expressions. An id may occur in one place of the tree only.
    pub exprs: Vec<Expr>,
    /// The locals that hold the parameters, in order.
    pub params: Vec<LocalId>,
    /// What is evaluated; its value is the function's result, unless its type is `never`.
    pub root: ExprId,
    /// How many loops there are.
    pub loops: u32,
}

impl std::ops::Index<ExprId> for Body {
    type Output = Expr;
    fn index(&self, id: ExprId) -> &Expr {
        &self.exprs[id.index()]
    }
}

impl std::ops::Index<LocalId> for Body {
    type Output = Local;
    fn index(&self, id: LocalId) -> &Local {
        &self.locals[id.index()]
    }
}

/// A parameter or variable.
#[derive(Clone, Debug)]
pub struct Local {
    /// Its name; [`crate::ast::known::EMPTY`] for one that the compiler made.
    pub name: Name,
    /// Its type.
    pub ty: Ty,
    /// Whether it is `var`.
    pub mutable: bool,
    /// Whether a closure captures it. What is both `mutable` and `captured` is shared: it lives in a cell.
    pub captured: bool,
    /// Its name's place.
    pub span: Span,
}

/// An expression.
#[derive(Debug)]
pub struct Expr {
    /// Which form it has.
    pub kind: ExprKind,
    /// Its type. An expression of type `never` may stand wherever any type is asked for, and one of a storage type where
    /// its wide type is.
    pub ty: Ty,
    /// Its place: where a trap in it is shown.
    pub span: Span,
}

/// A value written out, or computed by the compiler.
#[derive(Clone, PartialEq, Debug)]
pub enum Literal {
    /// An `int`, or a storage type's value (it fits).
    Int(i64),
    /// A `float`, or an `f32` (rounded).
    Float(f64),
    /// A `bool`.
    Bool(bool),
    /// A `char`.
    Char(char),
    /// A `str`.
    Str(Name),
    /// A `[u8]`: a new array at each evaluation.
    Bytes(Box<[u8]>),
}

/// The forms of expressions.
#[derive(Debug)]
pub enum ExprKind {
    /// A value. An `int` literal that stands for a `float` is a `Float`.
    Literal(Literal),
    /// `()`
    Unit,
    /// A variable.
    Local(LocalId),
    /// A global variable.
    Global(GlobalId),
    /// A variable of a C library, which is also a place.
    ForeignVar(FnId),
    /// Whether the symbol of a C function is there.
    IsLinked(FnId),
    /// A function as a value, with its type arguments: a closure that captures nothing.
    Function(FnId, TyList),
    /// `(a, b)`
    Tuple(Box<[ExprId]>),
    /// `[a, b]`
    Array(Box<[ExprId]>),
    /// A struct, its fields in their declared order. The struct is the type's.
    Struct(Box<[ExprId]>),
    /// A variant of an enum by its number, with its fields. The enum is the type's.
    Variant(u32, Box<[ExprId]>),
    /// An operator on primitives.
    Unary(UnaryOp, ExprId),
    /// An operator on primitives. Both operands have the same (wide) type, except in shifts.
    Binary(BinaryOp, ExprId, ExprId),
    /// `a and b`
    And(ExprId, ExprId),
    /// `a or b`
    Or(ExprId, ExprId),
    /// A conversion.
    Convert(Conversion, ExprId),
    /// A field of a struct by its number.
    Field(ExprId, u32),
    /// A part of a tuple.
    TupleField(ExprId, u32),
    /// An element of an array; traps out of bounds. (Indexing of anything else is a call.)
    Index(ExprId, ExprId),
    /// A call.
    Call(Box<Call>),
    /// `{ … }`
    Block(Box<Block>),
    /// `if a { } else if b { } else { }`
    If(Box<If>),
    /// `match`; exhaustive.
    Match(Box<Match>),
    /// A condition that binds: `let pattern = subject` in `if` and `while` (also under `And`). Its locals are bound
    /// where it is true.
    Matches(Box<Pattern>, ExprId),
    /// `loop { }`; its value is that of its breaks.
    Loop(LoopId, ExprId),
    /// `while condition { }`
    While(LoopId, ExprId, ExprId),
    /// `for`
    For(Box<For>),
    /// Leaves a loop, with a value if it is a `loop` that has one.
    Break(LoopId, Option<ExprId>),
    /// Goes to a loop's next round.
    Continue(LoopId),
    /// Leaves the function or closure; without a value where the result is unit.
    Return(Option<ExprId>),
    /// `|x| …`
    Closure(Box<Closure>),
    /// `place = value`, of type unit. The place is a `Local`, `Global`, `Field` or `Index`; its parts are evaluated before the
    /// value, the store's bounds check comes after it. Compound assignments read the place in their value.
    Assign(ExprId, ExprId),
    /// A string with parts to show.
    Interpolate(Box<[Piece]>),
    /// `print`, `eprint`, `write`.
    Print(Box<Print>),
    /// `assert`
    Assert(Box<Assert>),
    /// `panic(message)`
    Panic(ExprId),
    /// `same(a, b)`: whether two references are one.
    Same(ExprId, ExprId),
    /// `type_name(x)`: evaluates `x`, gives its type's name.
    TypeName(ExprId),
    /// What has been reported; not in a program without errors.
    Error,
}

/// Prefix operators on primitives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UnaryOp {
    /// `-` on `int` (traps on overflow) or `float`.
    Neg,
    /// `~` on `int`.
    BitNot,
    /// `not` on `bool`.
    Not,
}

/// Infix operators on primitives; the operands' type says which instruction it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "each is the operator it spells")]
pub enum BinaryOp {
    /// `int`, `float`, and `str` (joins).
    Add,
    Sub,
    Mul,
    Div,
    Rem,
    Pow,
    WrapAdd,
    WrapSub,
    WrapMul,
    Shl,
    Shr,
    ShrLogical,
    BitAnd,
    BitOr,
    BitXor,
    /// `int`, `float`, `bool`, `char`, `str`, `ptr`. Everything else is compared by calls of `Eq` and `Ord`.
    Eq,
    Ne,
    /// `int`, `float`, `bool`, `char`, `str`.
    Lt,
    Le,
    Gt,
    Ge,
}

/// Conversions. Widening from a storage type costs nothing and has no node.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Conversion {
    /// `int` to `float`.
    IntToFloat,
    /// `float` to `int`, toward zero; traps where it does not fit.
    FloatToInt,
    /// `int` to a storage type; traps where it does not fit.
    Narrow(Storage),
    /// `int` to a storage type, cut to its bits.
    Wrap(Storage),
    /// `float` to `f32`, rounded.
    RoundF32,
    /// `int` to `char`; traps where it is no scalar value.
    IntToChar,
    /// `char` to `int`.
    CharToInt,
    /// `bool` to `int`.
    BoolToInt,
    /// An enum whose variants are all bare, to `int`.
    EnumToInt,
    /// A value to an object of a trait that its type implements; the expression's type is the trait object's.
    ToDyn,
}

/// A call.
#[derive(Debug)]
pub struct Call {
    /// What is called.
    pub callee: Callee,
    /// The arguments in the order of the parameters, `self` first, defaults filled in.
    pub args: Box<[ExprId]>,
}

/// What is called.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Callee {
    /// A function, with all its type arguments (its owner's first). An intrinsic or C function too.
    Function(FnId, TyList),
    /// A method of a trait that `Self` (a type that is found at specialisation) implements: see
    /// [`super::Program::find_method`].
    Method {
        /// The type that implements the trait.
        self_ty: Ty,
        /// The trait with its arguments.
        trait_ref: TraitRef,
        /// Which method.
        method: u32,
        /// The type arguments of the method's own parameters.
        args: TyList,
    },
    /// A method of the trait object that is the first argument, through its table.
    Virtual(TraitId, u32),
    /// A value of a `fn` type, evaluated before the arguments.
    Value(ExprId),
}

/// Statements, then a value.
#[derive(Debug)]
pub struct Block {
    /// The statements.
    pub stmts: Box<[Stmt]>,
    /// The value; unit without one.
    pub value: Option<ExprId>,
}

/// A statement.
#[derive(Debug)]
pub enum Stmt {
    /// Evaluates and drops the value.
    Expr(ExprId),
    /// `let pattern = value else { … }`
    Let(Box<Let>),
    /// Evaluated when the block is left, in every way but a trap, last first.
    Defer(ExprId),
}

/// A `let` or `var`.
#[derive(Debug)]
pub struct Let {
    /// What is bound; irrefutable where `otherwise` is missing.
    pub pattern: Pattern,
    /// The value.
    pub value: ExprId,
    /// What runs, and leaves, when the pattern does not match.
    pub otherwise: Option<ExprId>,
}

/// `if`
#[derive(Debug)]
pub struct If {
    /// Conditions with what they guard; at least one.
    pub branches: Box<[(ExprId, ExprId)]>,
    /// The last `else`.
    pub otherwise: Option<ExprId>,
}

/// `match`
#[derive(Debug)]
pub struct Match {
    /// What is looked at: evaluated once.
    pub subject: ExprId,
    /// The arms in order.
    pub arms: Box<[Arm]>,
}

/// An arm of a `match`.
#[derive(Debug)]
pub struct Arm {
    /// What must match.
    pub pattern: Pattern,
    /// The guard.
    pub guard: Option<ExprId>,
    /// The value.
    pub body: ExprId,
}

/// A `for` loop.
#[derive(Debug)]
pub struct For {
    /// What `break` and `continue` name.
    pub id: LoopId,
    /// What runs over.
    pub source: Source,
    /// With `.enumerate()`: what the place (from 0) is bound to, an irrefutable pattern of type `int`.
    pub index: Option<Pattern>,
    /// What each item is bound to, an irrefutable pattern. It is bound anew in each round.
    pub item: Pattern,
    /// The body.
    pub body: ExprId,
}

/// What a `for` loop runs over.
#[derive(Debug)]
pub enum Source {
    /// Numbers; the parts are evaluated once, in this order.
    Range(Box<RangeSource>),
    /// The elements of an array; sees changes that the body makes to it (the length is read each round).
    Array(ExprId),
    /// The chars of a `str`.
    Chars(ExprId),
    /// The bytes of a `str`, as `int`.
    Bytes(ExprId),
    /// Any iterator: the value is made once, then `next` is called on it until it gives `None`.
    Iterator {
        /// The iterator.
        iterator: ExprId,
        /// `next`; it takes the iterator and gives an option of the item.
        next: Callee,
    },
}

/// `lo..hi` and its like.
#[derive(Debug)]
pub struct RangeSource {
    /// The first number.
    pub lo: ExprId,
    /// The end; endless without one (until the counter overflows, which traps).
    pub hi: Option<ExprId>,
    /// Whether `hi` belongs to it.
    pub inclusive: bool,
    /// The step, which traps when it is not positive, and where it is set: the call of `step_by`; 1 without one.
    pub step: Option<(ExprId, Span)>,
    /// Whether it runs from the last number to the first.
    pub reversed: bool,
}

/// A closure. Its parameters and variables are locals of the surrounding body.
#[derive(Debug)]
pub struct Closure {
    /// Its parameters.
    pub params: Box<[LocalId]>,
    /// The locals from outside that it uses, also through closures within it: copied, or shared where they are `mutable`.
    pub captures: Box<[LocalId]>,
    /// What it gives.
    pub body: ExprId,
    /// The type of its result.
    pub result: Ty,
}

/// A part of an interpolation.
#[derive(Debug)]
pub enum Piece {
    /// Text.
    Text(Name),
    /// A value, shown plainly or by a format. Its type implements `Show`.
    Show(ExprId, Option<Box<FormatSpec>>),
    /// A value as it stands within another one: text in quotes.
    Quote(ExprId),
}

/// `print` and its like. Every argument's type implements `Show`.
#[derive(Debug)]
pub struct Print {
    /// Whether it goes to standard error.
    pub to_stderr: bool,
    /// Whether a newline follows.
    pub newline: bool,
    /// What is shown, with a space between.
    pub args: Box<[ExprId]>,
}

/// `assert`
#[derive(Debug)]
pub struct Assert {
    /// What must be true.
    pub condition: ExprId,
    /// The two sides of a comparison, which are locals bound before and shown when it fails; their types implement `Show`.
    pub sides: Option<(LocalId, LocalId)>,
    /// A message of the program's.
    pub message: Option<ExprId>,
}

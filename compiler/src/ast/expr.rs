//! Expressions.

use super::{Block, Ident, Literal, Name, Pattern, Piece, Type};
use crate::source::Span;

/// An expression.
#[derive(Debug)]
pub struct Expr {
    /// Which form it has.
    pub kind: ExprKind,
    /// Its text.
    pub span: Span,
}

/// The forms of expressions.
#[derive(Debug)]
pub enum ExprKind {
    /// `42`, `"text"`.
    Literal(Literal),
    /// `"a ${b} c"`
    Interpolation(Vec<Piece>),
    /// A variable, function, constant, type or variant by its name; `self` and `Self` too.
    Name(Name),
    /// A type with arguments: `Stack<int>`, always a `TypeKind::Named`; a call or a dot follows.
    Generic(Box<Type>),
    /// `(e)`, kept because the place of an expression in parentheses is the inner one's.
    Paren(Box<Expr>),
    /// `()`, `(a,)` and `(a, b)`.
    Tuple(Vec<Expr>),
    /// `[a, b]`
    Array(Vec<Expr>),
    /// `[k: v]`, `[:]`
    Map(Vec<(Expr, Expr)>),
    /// `-e`, `~e`, `not e`; the operator stands at the start.
    Unary(UnaryOp, Box<Expr>),
    /// `a + b`, `a and b`, `a ?? b`; the span is the operator's.
    Binary(BinaryOp, Span, Box<Expr>, Box<Expr>),
    /// `a..b`, `a..=b`, `a..`, `..b`, `..`
    Range(Box<Range>),
    /// `f(a, name: b)`; a method call is a call of a `Field`.
    Call(Box<Call>),
    /// `e.name`: a field, method, variant, or a name of a module.
    Field(Box<Expr>, Ident),
    /// `e?.name`
    OptionalField(Box<Expr>, Ident),
    /// `e.0`; the span is the number's.
    TupleField(Box<Expr>, u32, Span),
    /// `e[index]`; the index of a slice is a `Range`.
    Index(Box<(Expr, Expr)>),
    /// `e?`
    Try(Box<Expr>),
    /// `{ … }`
    Block(Box<Block>),
    /// `if … else …`
    If(Box<If>),
    /// `match e { … }`
    Match(Box<Match>),
    /// `loop { … }`
    Loop(Box<Loop>),
    /// `while c { … }`
    While(Box<While>),
    /// `for x in e { … }`
    For(Box<For>),
    /// `|a, b: int| e`
    Closure(Box<Closure>),
    /// `return e`
    Return(Option<Box<Expr>>),
    /// `break label value`
    Break(Option<Ident>, Option<Box<Expr>>),
    /// `continue label`
    Continue(Option<Ident>),
    /// What could not be parsed.
    Error,
}

/// Prefix operators.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UnaryOp {
    /// `-`
    Neg,
    /// `~`
    BitNot,
    /// `not`
    Not,
}

impl UnaryOp {
    /// As it is written.
    pub fn text(self) -> &'static str {
        match self {
            UnaryOp::Neg => "-",
            UnaryOp::BitNot => "~",
            UnaryOp::Not => "not",
        }
    }
}

/// Declares the infix operators with their text.
macro_rules! binary_ops {
    ($($op:ident $text:literal,)*) => {
        /// Infix operators, but for ranges.
        #[allow(missing_docs, reason = "each stands beside its text below")]
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
        pub enum BinaryOp { $($op,)* }

        impl BinaryOp {
            /// As it is written.
            pub fn text(self) -> &'static str {
                match self { $(BinaryOp::$op => $text,)* }
            }
        }
    };
}

binary_ops! {
    Pow "**",
    Coalesce "??",
    Mul "*", Div "/", Rem "%", WrapMul "*%",
    Add "+", Sub "-", WrapAdd "+%", WrapSub "-%",
    Shl "<<", Shr ">>", ShrLogical ">>>",
    BitAnd "&", BitXor "^", BitOr "|",
    Eq "==", Ne "!=", Lt "<", Le "<=", Gt ">", Ge ">=",
    And "and", Or "or",
}

/// A range as an expression.
#[derive(Debug)]
pub struct Range {
    /// The lower end.
    pub lo: Option<Expr>,
    /// The upper end.
    pub hi: Option<Expr>,
    /// Whether it is `..=`; then `hi` is there.
    pub inclusive: bool,
}

/// A call.
#[derive(Debug)]
pub struct Call {
    /// What is called.
    pub callee: Expr,
    /// The arguments; no positional one stands after a named one.
    pub args: Vec<Arg>,
}

/// An argument.
#[derive(Debug)]
pub struct Arg {
    /// The name before the colon.
    pub name: Option<Ident>,
    /// The value.
    pub value: Expr,
}

/// `if a { … } else if b { … } else { … }`, flat, so that a long chain is no deeper than a short one.
#[derive(Debug)]
pub struct If {
    /// At least one.
    pub branches: Vec<Branch>,
    /// The last `else`.
    pub otherwise: Option<Block>,
}

/// A condition and what it guards.
#[derive(Debug)]
pub struct Branch {
    /// What decides.
    pub condition: Condition,
    /// What runs then.
    pub body: Block,
}

/// The condition of `if` and `while`.
#[derive(Debug)]
pub enum Condition {
    /// A `bool`.
    Expr(Expr),
    /// `let pattern = value`
    Let(Pattern, Expr),
}

/// A `match`.
#[derive(Debug)]
pub struct Match {
    /// What is looked at.
    pub subject: Expr,
    /// The arms in order.
    pub arms: Vec<MatchArm>,
}

/// `pattern if guard => body`
#[derive(Debug)]
pub struct MatchArm {
    /// What must match.
    pub pattern: Pattern,
    /// The guard.
    pub guard: Option<Expr>,
    /// The value. An assignment stands in a `Block` of its own (whose span is the assignment's).
    pub body: Expr,
    /// From the pattern to the end of the body.
    pub span: Span,
}

/// A `loop`.
#[derive(Debug)]
pub struct Loop {
    /// The label before the colon.
    pub label: Option<Ident>,
    /// The body.
    pub body: Block,
}

/// A `while`.
#[derive(Debug)]
pub struct While {
    /// The label before the colon.
    pub label: Option<Ident>,
    /// What decides.
    pub condition: Condition,
    /// The body.
    pub body: Block,
}

/// A `for`.
#[derive(Debug)]
pub struct For {
    /// The label before the colon.
    pub label: Option<Ident>,
    /// What each item is bound to.
    pub pattern: Pattern,
    /// What is looped over.
    pub iterable: Expr,
    /// The body.
    pub body: Block,
}

/// A closure.
#[derive(Debug)]
pub struct Closure {
    /// The parameters.
    pub params: Vec<ClosureParam>,
    /// The result's type, when written (`|x| -> int { … }`).
    pub result: Option<Type>,
    /// The body. An assignment stands in a `Block` of its own (whose span is the assignment's).
    pub body: Expr,
}

/// A closure's parameter.
#[derive(Debug)]
pub struct ClosureParam {
    /// What is bound; alternatives only in parentheses.
    pub pattern: Pattern,
    /// The type, when written.
    pub ty: Option<Type>,
}

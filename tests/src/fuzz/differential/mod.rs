//! Random programs whose output is known: made as a small tree, shown as source text, and evaluated
//! here by the plainest means, for the compiler and the engine to agree with.

mod evaluate;
mod make;
mod show;
mod shrink;

use super::random::Random;

/// A program, and what it must do.
#[derive(Debug)]
pub struct Known {
    /// The source text.
    pub source: String,
    /// What it prints.
    pub stdout: String,
    /// The kind of runtime error that it ends with, as in [`lang_bytecode::TrapKind::word`].
    pub trap: Option<&'static str>,
}

/// A program from the generator, with its expected behaviour; none when it would take too long.
pub fn program(random: &mut Random) -> Option<Known> {
    known(&make::program(random))
}

/// The same program, cut down to what still fails.
pub fn shrunk(random: &mut Random, fails: &dyn Fn(&Known) -> bool) -> Option<Known> {
    let small = shrink::shrink(make::program(random), &|program| known(program).is_some_and(|k| fails(&k)));
    known(&small)
}

fn known(program: &Program) -> Option<Known> {
    let (stdout, trap) = evaluate::run(program)?;
    Some(Known { source: show::program(program), stdout, trap })
}

/// The types of values that programs compute with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Type {
    Int,
    Float,
    Bool,
}

impl Type {
    const ALL: [Type; 3] = [Type::Int, Type::Float, Type::Bool];
}

/// What a function gives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Gives {
    One(Type),
    Pair(Type, Type),
    Option(Type),
}

/// A variable: a global, or one of the function's own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Variable {
    Global(usize),
    Local(usize),
}

#[derive(Clone, Debug, Default)]
struct Program {
    globals: Vec<(Type, Expr)>,
    functions: Vec<Function>,
    body: Vec<Stmt>,
    locals: usize,
}

#[derive(Clone, Debug)]
struct Function {
    params: Vec<Type>,
    gives: Gives,
    body: Vec<Stmt>,
    result: Vec<Expr>,
    locals: usize,
}

#[derive(Clone, Debug)]
enum Expr {
    Int(i64),
    Float(f64),
    Bool(bool),
    Variable(Variable),
    Unary(&'static str, Box<Expr>),
    Binary(&'static str, Box<Expr>, Box<Expr>),
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    /// A call of a function that gives one value; the others are named with their use.
    Call(usize, Vec<Expr>),
    /// One part of the pair that a function gives.
    Part(usize, Vec<Expr>, usize),
    /// `f(…) ?? e`
    Or(usize, Vec<Expr>, Box<Expr>),
    /// `match f(…) { Some(v) => a, None => b }`
    Match(usize, Vec<Expr>, usize, Box<Expr>, Box<Expr>),
    Index(usize, Box<Expr>),
    Length(usize),
    /// A prelude function: `min`, `max`, `abs`, `int`, `float`.
    Prelude(&'static str, Vec<Expr>),
    /// `{ let v = a; b }`
    Block(usize, Box<Expr>, Box<Expr>),
    /// A field of a record.
    Field(usize, usize),
    /// A call of a closure.
    Apply(usize, Box<Expr>),
}

/// A closure of one parameter. It may change a variable around it before it gives its value.
#[derive(Clone, Debug)]
struct Closure {
    param: usize,
    takes: Type,
    effect: Option<(Variable, &'static str, Expr)>,
    value: Expr,
}

/// The fields of records, which all have one type. The first one is never assigned.
const FIELDS: [Type; 4] = [Type::Int, Type::Int, Type::Float, Type::Bool];

#[derive(Clone, Debug)]
enum Stmt {
    Let(usize, bool, Expr),
    LetPair(usize, usize, usize, Vec<Expr>),
    LetArray(usize, Vec<Expr>),
    /// A new record, with its fields.
    LetRecord(usize, Vec<Expr>),
    /// A second name for a record.
    LetAlias(usize, usize),
    /// A variable of a record means another one from here on, or a new one.
    Rebind(usize, Result<usize, Vec<Expr>>),
    SetField(usize, usize, &'static str, Expr),
    LetClosure(usize, Closure),
    Assign(Variable, &'static str, Expr),
    Swap(Variable, Variable),
    SetIndex(usize, Expr, &'static str, Expr),
    Push(usize, Expr),
    Print(Vec<Expr>),
    If(Expr, Vec<Stmt>, Vec<Stmt>),
    IfLet(usize, usize, Vec<Expr>, Vec<Stmt>, Vec<Stmt>),
    /// A label number, the variable, the bounds, whether the end is included, whether it runs backwards.
    For(usize, usize, Expr, Expr, bool, bool, Vec<Stmt>),
    ForEach(usize, usize, usize, Vec<Stmt>),
    /// A label number, a counter that bounds it, the condition.
    While(usize, usize, i64, Expr, Vec<Stmt>),
    Break(usize),
    Continue(usize),
    Return(Vec<Expr>),
}

#[cfg(test)]
mod tests {
    use super::super::random::Random;

    #[test]
    fn most_programs_end_in_time_and_print() {
        let all = (0..300).map(|case| super::program(&mut Random::of_case(1, case)));
        let known: Vec<_> = all.flatten().collect();
        assert!(known.len() > 250, "{} of 300 end in time", known.len());
        assert!(known.iter().filter(|k| k.stdout.lines().count() > 2).count() > 150);
        let trapping = known.iter().filter(|k| k.trap.is_some()).count();
        assert!((20..200).contains(&trapping), "{trapping} of {} end in an error", known.len());
    }
}

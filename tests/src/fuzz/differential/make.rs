//! Makes random programs: well typed, bounded, and fond of edges.

use super::super::random::Random;
use super::{Closure, Expr, FIELDS, Function, Gives, Program, Stmt, Type, Variable};

/// Integers that things happen at.
const EDGES: [i64; 14] =
    [i64::MAX, i64::MIN, i64::MAX - 1, 1 << 31, 1 << 32, -1, 63, 64, 255, 256, 32767, 32768, -32768, -32769];

/// A whole program.
pub(super) fn program(random: &mut Random) -> Program {
    let mut program = Program::default();
    for _ in 0..random.below(4) {
        let ty = *random.pick(&Type::ALL);
        let value = Maker::new(random, &program).literal(ty);
        program.globals.push((ty, value));
    }
    for _ in 0..random.below(5) {
        let function = function(random, &program);
        program.functions.push(function);
    }
    let mut maker = Maker::new(random, &program);
    let mut body = maker.stmts(10, 3);
    body.push(maker.print());
    let locals = maker.locals;
    Program { body, locals, ..program }
}

fn function(random: &mut Random, program: &Program) -> Function {
    let params: Vec<Type> = (0..random.below(4)).map(|_| *random.pick(&Type::ALL)).collect();
    let (a, b) = (*random.pick(&Type::ALL), *random.pick(&Type::ALL));
    let gives = match random.below(4) {
        0 | 1 => Gives::One(a),
        2 => Gives::Pair(a, b),
        _ => Gives::Option(a),
    };
    let mut maker = Maker::new(random, program);
    maker.gives = Some(gives);
    for ty in &params {
        maker.declare(*ty, true);
    }
    let body = maker.stmts(5, 2);
    let result = maker.result(gives);
    let locals = maker.locals;
    Function { params, gives, body, result, locals }
}

/// Makes the parts of one function.
struct Maker<'a> {
    random: &'a mut Random,
    program: &'a Program,
    /// How many variables the function has so far; each has a number of its own.
    locals: usize,
    /// What is in scope: number, type, whether it may be assigned.
    scope: Vec<(usize, Type, bool)>,
    /// Arrays in scope, and whether a loop is going over it.
    arrays: Vec<(usize, Type, bool)>,
    /// Records in scope.
    records: Vec<usize>,
    /// Closures in scope: number, what each takes and gives.
    closures: Vec<(usize, Type, Type)>,
    /// The labels of the loops around.
    loops: Vec<usize>,
    labels: usize,
    /// What the function gives; none in `main`.
    gives: Option<Gives>,
}

impl<'a> Maker<'a> {
    fn new(random: &'a mut Random, program: &'a Program) -> Maker<'a> {
        let (scope, arrays, loops) = (Vec::new(), Vec::new(), Vec::new());
        let (records, closures) = (Vec::new(), Vec::new());
        Maker { random, program, locals: 0, scope, arrays, records, closures, loops, labels: 0, gives: None }
    }

    fn fresh(&mut self) -> usize {
        self.locals += 1;
        self.locals - 1
    }

    fn declare(&mut self, ty: Type, mutable: bool) -> usize {
        let number = self.fresh();
        self.scope.push((number, ty, mutable));
        number
    }

    fn literal(&mut self, ty: Type) -> Expr {
        match ty {
            Type::Bool => Expr::Bool(self.random.one_in(2)),
            Type::Float => {
                let halves = self.random.below(41) as f64 - 20.0;
                Expr::Float(if self.random.one_in(8) { halves * 1e10 } else { halves / 4.0 })
            }
            Type::Int if self.random.one_in(12) => Expr::Int(*self.random.pick(&EDGES)),
            Type::Int => Expr::Int(self.random.below(21) as i64 - 6),
        }
    }

    fn variable(&mut self, ty: Type, assigned: bool) -> Option<Variable> {
        let globals = (self.program.globals.iter().enumerate())
            .filter(|(_, (of, _))| *of == ty)
            .map(|(number, _)| Variable::Global(number));
        let locals = (self.scope.iter())
            .filter(|(_, of, mutable)| *of == ty && (*mutable || !assigned))
            .map(|(number, ..)| Variable::Local(*number));
        let all: Vec<Variable> = globals.chain(locals).collect();
        if all.is_empty() { None } else { Some(*self.random.pick(&all)) }
    }

    fn leaf(&mut self, ty: Type) -> Expr {
        if self.random.one_in(3) {
            return self.literal(ty);
        }
        match self.variable(ty, false) {
            Some(variable) => Expr::Variable(variable),
            None => self.literal(ty),
        }
    }

    fn boxed(&mut self, ty: Type, depth: usize) -> Box<Expr> {
        Box::new(self.expr(ty, depth))
    }

    fn expr(&mut self, ty: Type, depth: usize) -> Expr {
        if depth == 0 || self.random.one_in(4) {
            return self.leaf(ty);
        }
        let depth = depth - 1;
        match self.random.below(14) {
            12 => self.field(ty).unwrap_or_else(|| self.leaf(ty)),
            13 => self.apply(ty, depth).unwrap_or_else(|| self.leaf(ty)),
            0 => {
                let condition = self.boxed(Type::Bool, depth);
                Expr::If(condition, self.boxed(ty, depth), self.boxed(ty, depth))
            }
            1 => self.block(ty, depth),
            2 | 3 => self.calling(ty, depth).unwrap_or_else(|| self.leaf(ty)),
            4 => self.element(ty, depth).unwrap_or_else(|| self.leaf(ty)),
            _ => match ty {
                Type::Int => self.int(depth),
                Type::Float => self.float(depth),
                Type::Bool => self.truth(depth),
            },
        }
    }

    fn block(&mut self, ty: Type, depth: usize) -> Expr {
        let inner = *self.random.pick(&Type::ALL);
        let value = self.boxed(inner, depth);
        let number = self.declare(inner, false);
        let result = self.boxed(ty, depth);
        self.scope.retain(|(other, ..)| *other != number);
        Expr::Block(number, value, result)
    }

    fn int(&mut self, depth: usize) -> Expr {
        const OPERATORS: [&str; 17] =
            ["+", "+", "+", "-", "-", "*", "/", "%", "%", "+%", "-%", "*%", "&", "|", "^", "<<", ">>"];
        match self.random.below(14) {
            0 => Expr::Unary("-", self.boxed(Type::Int, depth)),
            1 => Expr::Unary("~", self.boxed(Type::Int, depth)),
            2 => {
                let name = *self.random.pick(&["min", "max"]);
                Expr::Prelude(name, vec![self.expr(Type::Int, depth), self.expr(Type::Int, depth)])
            }
            3 => Expr::Prelude("abs", vec![self.expr(Type::Int, depth)]),
            4 => {
                let from = *self.random.pick(&[Type::Bool, Type::Float]);
                Expr::Prelude("int", vec![self.expr(from, depth)])
            }
            5 => Expr::Binary(">>>", self.boxed(Type::Int, depth), self.boxed(Type::Int, depth)),
            // With a small constant on either side: the forms with immediates.
            6..9 => {
                let (op, constant) = (*self.random.pick(&OPERATORS), Box::new(self.literal(Type::Int)));
                let other = self.boxed(Type::Int, depth);
                if self.random.one_in(3) {
                    Expr::Binary(op, constant, other)
                } else {
                    Expr::Binary(op, other, constant)
                }
            }
            _ => {
                let op = *self.random.pick(&OPERATORS);
                Expr::Binary(op, self.boxed(Type::Int, depth), self.boxed(Type::Int, depth))
            }
        }
    }

    fn float(&mut self, depth: usize) -> Expr {
        match self.random.below(8) {
            0 => Expr::Unary("-", self.boxed(Type::Float, depth)),
            1 => Expr::Prelude("float", vec![self.expr(Type::Int, depth)]),
            2 => {
                let op = *self.random.pick(&["+", "-", "*", "/"]);
                Expr::Binary(op, self.boxed(Type::Float, depth), self.boxed(Type::Int, depth))
            }
            _ => {
                let op = *self.random.pick(&["+", "-", "*", "/", "*", "+", "%"]);
                Expr::Binary(op, self.boxed(Type::Float, depth), self.boxed(Type::Float, depth))
            }
        }
    }

    fn truth(&mut self, depth: usize) -> Expr {
        match self.random.below(8) {
            0 => Expr::Unary("not", self.boxed(Type::Bool, depth)),
            1 | 2 => {
                let op = *self.random.pick(&["and", "or"]);
                Expr::Binary(op, self.boxed(Type::Bool, depth), self.boxed(Type::Bool, depth))
            }
            3 => {
                let op = *self.random.pick(&["==", "!="]);
                Expr::Binary(op, self.boxed(Type::Bool, depth), self.boxed(Type::Bool, depth))
            }
            chosen => {
                let ty = if chosen == 4 { Type::Float } else { Type::Int };
                let op = *self.random.pick(&["==", "!=", "<", "<=", ">", ">="]);
                Expr::Binary(op, self.boxed(ty, depth), self.boxed(ty, depth))
            }
        }
    }

    /// A call that ends in a value of the type, whatever the function gives.
    fn calling(&mut self, ty: Type, depth: usize) -> Option<Expr> {
        let suited = |gives: Gives| match gives {
            Gives::One(of) | Gives::Option(of) => of == ty,
            Gives::Pair(a, b) => a == ty || b == ty,
        };
        let (function, gives) = self.callee(suited)?;
        let args = self.arguments(function, depth);
        Some(match gives {
            Gives::One(_) => Expr::Call(function, args),
            Gives::Pair(a, _) => Expr::Part(function, args, usize::from(a != ty)),
            Gives::Option(_) if self.random.one_in(2) => Expr::Or(function, args, self.boxed(ty, depth)),
            Gives::Option(of) => {
                let number = self.declare(of, false);
                let some = self.boxed(ty, depth);
                self.scope.pop();
                Expr::Match(function, args, number, some, self.boxed(ty, depth))
            }
        })
    }

    fn callee(&mut self, suited: impl Fn(Gives) -> bool) -> Option<(usize, Gives)> {
        let all: Vec<(usize, Gives)> = (self.program.functions.iter().enumerate())
            .map(|(number, f)| (number, f.gives))
            .filter(|(_, gives)| suited(*gives))
            .collect();
        if all.is_empty() { None } else { Some(*self.random.pick(&all)) }
    }

    fn arguments(&mut self, function: usize, depth: usize) -> Vec<Expr> {
        let params = &self.program.functions[function].params;
        params.iter().map(|ty| self.expr(*ty, depth.min(1))).collect()
    }

    /// A field of a record that has the type, which may be one that is assigned.
    fn place(&mut self, ty: Type, assigned: bool) -> Option<(usize, usize)> {
        let fields = FIELDS.iter().enumerate().skip(usize::from(assigned));
        let suited: Vec<usize> = fields.filter(|(_, of)| **of == ty).map(|(field, _)| field).collect();
        if self.records.is_empty() {
            return None;
        }
        Some((*self.random.pick(&self.records), *self.random.pick(&suited)))
    }

    fn field(&mut self, ty: Type) -> Option<Expr> {
        self.place(ty, false).map(|(record, field)| Expr::Field(record, field))
    }

    fn apply(&mut self, ty: Type, depth: usize) -> Option<Expr> {
        let all: Vec<_> = self.closures.iter().filter(|(_, _, gives)| *gives == ty).copied().collect();
        if all.is_empty() {
            return None;
        }
        let (closure, takes, _) = *self.random.pick(&all);
        Some(Expr::Apply(closure, self.boxed(takes, depth.min(1))))
    }

    fn let_record(&mut self) -> Stmt {
        if !self.records.is_empty() && self.random.one_in(3) {
            let other = *self.random.pick(&self.records);
            let number = self.fresh();
            self.records.push(number);
            return Stmt::LetAlias(number, other);
        }
        let fields = FIELDS.map(|ty| self.expr(ty, 2)).into();
        let number = self.fresh();
        self.records.push(number);
        Stmt::LetRecord(number, fields)
    }

    fn rebind(&mut self) -> Stmt {
        if self.records.is_empty() {
            return self.let_record();
        }
        let record = *self.random.pick(&self.records);
        if self.random.one_in(2) {
            return Stmt::Rebind(record, Ok(*self.random.pick(&self.records)));
        }
        Stmt::Rebind(record, Err(FIELDS.map(|ty| self.expr(ty, 2)).into()))
    }

    fn set_field(&mut self) -> Stmt {
        let ty = *self.random.pick(&Type::ALL);
        let Some((record, field)) = self.place(ty, true) else { return self.let_record() };
        let op = self.compound(ty);
        Stmt::SetField(record, field, op, self.expr(ty, 3))
    }

    fn let_closure(&mut self) -> Stmt {
        let (takes, gives) = (*self.random.pick(&Type::ALL), *self.random.pick(&Type::ALL));
        let param = self.declare(takes, false);
        let ty = *self.random.pick(&Type::ALL);
        let changed = if self.random.one_in(2) { self.variable(ty, true) } else { None };
        let effect = changed.map(|variable| (variable, self.compound(ty), self.expr(ty, 2)));
        let value = self.expr(gives, 3);
        self.scope.pop();
        let number = self.fresh();
        self.closures.push((number, takes, gives));
        Stmt::LetClosure(number, Closure { param, takes, effect, value })
    }

    fn array(&mut self, ty: Option<Type>) -> Option<(usize, Type, bool)> {
        let all: Vec<_> =
            self.arrays.iter().filter(|(_, of, _)| ty.is_none_or(|ty| ty == *of)).copied().collect();
        if all.is_empty() { None } else { Some(*self.random.pick(&all)) }
    }

    fn element(&mut self, ty: Type, depth: usize) -> Option<Expr> {
        let (array, ..) = self.array(Some(ty))?;
        if ty == Type::Int && self.random.one_in(4) {
            return Some(Expr::Length(array));
        }
        Some(Expr::Index(array, Box::new(self.index(array, depth))))
    }

    /// An index that is mostly within the array.
    fn index(&mut self, array: usize, depth: usize) -> Expr {
        match self.random.below(6) {
            0 => self.expr(Type::Int, depth),
            1 | 2 => Expr::Int(self.random.below(3) as i64),
            _ => {
                let whole = Box::new(Expr::Prelude("max", vec![self.expr(Type::Int, depth), Expr::Int(0)]));
                Expr::Binary("%", whole, Box::new(Expr::Length(array)))
            }
        }
    }

    fn result(&mut self, gives: Gives) -> Vec<Expr> {
        match gives {
            Gives::One(ty) => vec![self.expr(ty, 2)],
            Gives::Pair(a, b) => vec![self.expr(a, 2), self.expr(b, 2)],
            Gives::Option(_) if self.random.one_in(3) => Vec::new(),
            Gives::Option(ty) => vec![self.expr(ty, 2)],
        }
    }

    fn print(&mut self) -> Stmt {
        let count = 1 + self.random.below(3);
        let values = (0..count).map(|_| {
            let ty = *self.random.pick(&Type::ALL);
            self.expr(ty, 2)
        });
        Stmt::Print(values.collect())
    }

    /// A block: what is declared in it goes out of scope behind it.
    fn stmts(&mut self, most: usize, depth: usize) -> Vec<Stmt> {
        let count = 1 + self.random.below(most);
        (0..count).map(|_| self.stmt(depth)).collect()
    }

    fn inner(&mut self, depth: usize) -> Vec<Stmt> {
        let (scope, arrays) = (self.scope.len(), self.arrays.len());
        let (records, closures) = (self.records.len(), self.closures.len());
        let body = self.stmts(4, depth);
        self.scope.truncate(scope);
        self.arrays.truncate(arrays);
        self.records.truncate(records);
        self.closures.truncate(closures);
        body
    }

    fn stmt(&mut self, depth: usize) -> Stmt {
        match self.random.below(27) {
            25 => self.rebind(),
            21 => self.let_record(),
            22 | 23 => self.set_field(),
            24 => self.let_closure(),
            0..4 => {
                let (ty, mutable) = (*self.random.pick(&Type::ALL), !self.random.one_in(3));
                let value = self.expr(ty, 3);
                Stmt::Let(self.declare(ty, mutable), mutable, value)
            }
            4 => self.let_pair(),
            5 => {
                let ty = *self.random.pick(&Type::ALL);
                let items = (0..2 + self.random.below(4)).map(|_| self.expr(ty, 1)).collect();
                let number = self.fresh();
                self.arrays.push((number, ty, false));
                Stmt::LetArray(number, items)
            }
            6..10 => self.assign(),
            10 => self.set_index(),
            11 => self.push(),
            12 => self.leave(),
            13..15 if depth > 0 => {
                let condition = self.expr(Type::Bool, 2);
                let yes = self.inner(depth - 1);
                let no = if self.random.one_in(2) { self.inner(depth - 1) } else { Vec::new() };
                Stmt::If(condition, yes, no)
            }
            15 if depth > 0 => self.if_let(depth - 1),
            16..19 if depth > 0 => self.repeat(depth - 1),
            _ => self.print(),
        }
    }

    fn let_pair(&mut self) -> Stmt {
        let Some((function, Gives::Pair(a, b))) = self.callee(|gives| matches!(gives, Gives::Pair(..)))
        else {
            return self.print();
        };
        let args = self.arguments(function, 2);
        let (a, b) = (self.declare(a, true), self.declare(b, true));
        Stmt::LetPair(a, b, function, args)
    }

    fn if_let(&mut self, depth: usize) -> Stmt {
        let Some((function, Gives::Option(ty))) = self.callee(|gives| matches!(gives, Gives::Option(_)))
        else {
            return self.print();
        };
        let args = self.arguments(function, 2);
        let number = self.declare(ty, false);
        let yes = self.inner(depth);
        self.scope.pop();
        Stmt::IfLet(number, function, args, yes, self.inner(depth))
    }

    fn assign(&mut self) -> Stmt {
        let ty = *self.random.pick(&[Type::Int, Type::Int, Type::Int, Type::Float, Type::Bool]);
        let Some(variable) = self.variable(ty, true) else { return self.print() };
        if self.random.one_in(6)
            && let Some(other) = self.variable(ty, true)
            && other != variable
        {
            return Stmt::Swap(variable, other);
        }
        let op = self.compound(ty);
        Stmt::Assign(variable, op, self.expr(ty, 3))
    }

    fn compound(&mut self, ty: Type) -> &'static str {
        match ty {
            Type::Bool => "",
            Type::Float => self.random.pick::<&str>(&["", "+", "-", "*"]),
            Type::Int => self.random.pick::<&str>(&["", "", "+", "+", "-", "*", "%", "^", "+%", "<<"]),
        }
    }

    fn set_index(&mut self) -> Stmt {
        let Some((array, ty, _)) = self.array(None) else { return self.print() };
        let at = self.index(array, 1);
        let op = self.compound(ty);
        // Where both the read of the old value and the right side can fail, which comes first is not pinned here.
        let value = if op.is_empty() { self.expr(ty, 2) } else { self.leaf(ty) };
        Stmt::SetIndex(array, at, op, value)
    }

    fn push(&mut self) -> Stmt {
        match self.array(None) {
            Some((array, ty, false)) => Stmt::Push(array, self.expr(ty, 2)),
            _ => self.print(),
        }
    }

    fn leave(&mut self) -> Stmt {
        let guarded = |leave: Stmt, condition: Expr| Stmt::If(condition, vec![leave], Vec::new());
        let condition = self.expr(Type::Bool, 2);
        if !self.loops.is_empty() && !self.random.one_in(4) {
            let label = *self.random.pick(&self.loops);
            let leave = if self.random.one_in(2) { Stmt::Break(label) } else { Stmt::Continue(label) };
            return guarded(leave, condition);
        }
        match self.gives {
            Some(gives) => guarded(Stmt::Return(self.result(gives)), condition),
            None => self.print(),
        }
    }

    fn repeat(&mut self, depth: usize) -> Stmt {
        self.labels += 1;
        let label = self.labels;
        let array = if self.random.one_in(3) { self.array(None) } else { None };
        match array {
            Some((array, ty, _)) => self.for_each(label, array, ty, depth),
            None if self.random.one_in(3) => {
                let counter = self.fresh();
                let limit = self.random.below(12) as i64;
                let condition = self.expr(Type::Bool, 2);
                self.scope.push((counter, Type::Int, false));
                let body = self.looped(label, depth);
                Stmt::While(label, counter, limit, condition, body)
            }
            None => {
                let from = self.random.below(12) as i64 - 4;
                let to = Expr::Int(from + self.random.below(8) as i64 - 1);
                let (inclusive, backwards) = (self.random.one_in(3), self.random.one_in(4));
                let number = self.declare(Type::Int, false);
                let body = self.looped(label, depth);
                self.scope.retain(|(other, ..)| *other != number);
                Stmt::For(label, number, Expr::Int(from), to, inclusive, backwards, body)
            }
        }
    }

    fn for_each(&mut self, label: usize, array: usize, ty: Type, depth: usize) -> Stmt {
        let number = self.declare(ty, false);
        let busy = |arrays: &mut Vec<(usize, Type, bool)>, to: bool| {
            let entry = arrays.iter_mut().find(|(other, ..)| *other == array);
            entry.map(|entry| std::mem::replace(&mut entry.2, to)).unwrap_or(to)
        };
        let before = busy(&mut self.arrays, true);
        let body = self.looped(label, depth);
        busy(&mut self.arrays, before);
        self.scope.retain(|(other, ..)| *other != number);
        Stmt::ForEach(label, number, array, body)
    }

    fn looped(&mut self, label: usize, depth: usize) -> Vec<Stmt> {
        self.loops.push(label);
        let body = self.inner(depth);
        self.loops.pop();
        body
    }
}

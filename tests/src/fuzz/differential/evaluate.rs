//! What a program does, found out by walking its tree.

use super::{Closure, Expr, Function, Program, Stmt, Variable};
use std::cell::RefCell;
use std::fmt::Write;
use std::rc::Rc;

/// How many steps a program may take.
const MOST_STEPS: usize = 200_000;

#[derive(Clone, Debug)]
enum Value {
    Int(i64),
    Float(f64),
    Bool(bool),
    Array(Vec<Value>),
    Record(Rc<RefCell<Vec<Value>>>),
    Closure(Rc<Closure>),
}

/// Why evaluation leaves what it is in.
enum Leave {
    Trap(&'static str),
    Break(usize),
    Continue(usize),
    Return(Vec<Value>),
    TooLong,
}

type Evaluated<T> = Result<T, Leave>;

struct Machine<'a> {
    program: &'a Program,
    globals: Vec<Value>,
    out: String,
    steps: usize,
}

/// The variables of one call.
type Frame = Vec<Value>;

/// What the program prints, and the error that it ends with; none when it takes too long.
pub(super) fn run(program: &Program) -> Option<(String, Option<&'static str>)> {
    let mut machine = Machine { program, globals: Vec::new(), out: String::new(), steps: 0 };
    let mut frame = vec![Value::Int(0); program.locals];
    let mut whole = || -> Evaluated<()> {
        for (_, value) in &program.globals {
            let value = machine.expr(value, &mut frame)?;
            machine.globals.push(value);
        }
        machine.stmts(&program.body, &mut frame)
    };
    let trap = match whole() {
        Ok(()) | Err(Leave::Return(_) | Leave::Break(_) | Leave::Continue(_)) => None,
        Err(Leave::Trap(kind)) => Some(kind),
        Err(Leave::TooLong) => return None,
    };
    Some((machine.out, trap))
}

impl Machine<'_> {
    fn step(&mut self) -> Evaluated<()> {
        self.steps += 1;
        if self.steps > MOST_STEPS { Err(Leave::TooLong) } else { Ok(()) }
    }

    fn call(&mut self, function: usize, args: &[Expr], frame: &mut Frame) -> Evaluated<Vec<Value>> {
        self.step()?;
        let f: &Function = &self.program.functions[function];
        let mut own = args.iter().map(|a| self.expr(a, frame)).collect::<Evaluated<Frame>>()?;
        own.resize(f.locals, Value::Int(0));
        match self.stmts(&f.body, &mut own) {
            Ok(()) => f.result.iter().map(|e| self.expr(e, &mut own)).collect(),
            Err(Leave::Return(values)) => Ok(values),
            Err(other) => Err(other),
        }
    }

    fn get(&self, variable: Variable, frame: &Frame) -> Value {
        match variable {
            Variable::Global(number) => self.globals[number].clone(),
            Variable::Local(number) => frame[number].clone(),
        }
    }

    fn set(&mut self, variable: Variable, value: Value, frame: &mut Frame) {
        match variable {
            Variable::Global(number) => self.globals[number] = value,
            Variable::Local(number) => frame[number] = value,
        }
    }

    fn expr(&mut self, e: &Expr, frame: &mut Frame) -> Evaluated<Value> {
        self.step()?;
        Ok(match e {
            Expr::Int(value) => Value::Int(*value),
            Expr::Float(value) => Value::Float(*value),
            Expr::Bool(value) => Value::Bool(*value),
            Expr::Variable(v) => self.get(*v, frame),
            Expr::Unary(op, a) => unary(op, self.expr(a, frame)?)?,
            Expr::Binary("and", a, b) => Value::Bool(self.truth(a, frame)? && self.truth(b, frame)?),
            Expr::Binary("or", a, b) => Value::Bool(self.truth(a, frame)? || self.truth(b, frame)?),
            Expr::Binary(op, a, b) => {
                let left = self.expr(a, frame)?;
                binary(op, left, self.expr(b, frame)?)?
            }
            Expr::If(c, a, b) => {
                let chosen = if self.truth(c, frame)? { a } else { b };
                self.expr(chosen, frame)?
            }
            Expr::Call(f, args) => self.call(*f, args, frame)?.swap_remove(0),
            Expr::Part(f, args, part) => self.call(*f, args, frame)?.swap_remove(*part),
            Expr::Or(f, args, other) => match self.call(*f, args, frame)?.pop() {
                Some(value) => value,
                None => self.expr(other, frame)?,
            },
            Expr::Match(f, args, v, some, none) => match self.call(*f, args, frame)?.pop() {
                Some(value) => {
                    frame[*v] = value;
                    self.expr(some, frame)?
                }
                None => self.expr(none, frame)?,
            },
            Expr::Index(array, at) => {
                let at = self.int(at, frame)?;
                element(&mut frame[*array], at)?.clone()
            }
            Expr::Length(array) => Value::Int(items(&mut frame[*array]).len() as i64),
            Expr::Prelude(name, args) => {
                let args = args.iter().map(|a| self.expr(a, frame)).collect::<Evaluated<Vec<_>>>()?;
                prelude(name, &args)?
            }
            Expr::Field(record, field) => fields(&frame[*record]).borrow()[*field].clone(),
            Expr::Apply(closure, argument) => {
                let argument = self.expr(argument, frame)?;
                let Value::Closure(closure) = frame[*closure].clone() else { return Err(Leave::TooLong) };
                // It is called where the variables around it are still those that it was made among.
                frame[closure.param] = argument;
                if let Some((v, op, e)) = &closure.effect {
                    self.assign(*v, op, e, frame)?;
                }
                self.expr(&closure.value, frame)?
            }
            Expr::Block(v, a, b) => {
                frame[*v] = self.expr(a, frame)?;
                self.expr(b, frame)?
            }
        })
    }

    fn int(&mut self, e: &Expr, frame: &mut Frame) -> Evaluated<i64> {
        Ok(if let Value::Int(value) = self.expr(e, frame)? { value } else { 0 })
    }

    fn truth(&mut self, e: &Expr, frame: &mut Frame) -> Evaluated<bool> {
        Ok(matches!(self.expr(e, frame)?, Value::Bool(true)))
    }

    fn stmts(&mut self, body: &[Stmt], frame: &mut Frame) -> Evaluated<()> {
        body.iter().try_for_each(|s| self.stmt(s, frame))
    }

    fn stmt(&mut self, s: &Stmt, frame: &mut Frame) -> Evaluated<()> {
        self.step()?;
        match s {
            Stmt::Let(v, _, e) => frame[*v] = self.expr(e, frame)?,
            Stmt::LetPair(a, b, f, args) => {
                let mut values = self.call(*f, args, frame)?;
                frame[*b] = values.swap_remove(1);
                frame[*a] = values.swap_remove(0);
            }
            Stmt::LetArray(v, items) => {
                let items = items.iter().map(|e| self.expr(e, frame)).collect::<Evaluated<_>>()?;
                frame[*v] = Value::Array(items);
            }
            Stmt::LetRecord(v, values) => {
                let values = values.iter().map(|e| self.expr(e, frame)).collect::<Evaluated<_>>()?;
                frame[*v] = Value::Record(Rc::new(RefCell::new(values)));
            }
            Stmt::LetAlias(v, of) => frame[*v] = frame[*of].clone(),
            Stmt::Rebind(v, Ok(other)) => frame[*v] = frame[*other].clone(),
            Stmt::Rebind(v, Err(values)) => {
                let values = values.iter().map(|e| self.expr(e, frame)).collect::<Evaluated<_>>()?;
                frame[*v] = Value::Record(Rc::new(RefCell::new(values)));
            }
            Stmt::SetField(v, field, op, e) => {
                let record = fields(&frame[*v]).clone();
                let old = record.borrow()[*field].clone();
                let right = self.expr(e, frame)?;
                let value = if op.is_empty() { right } else { binary(op, old, right)? };
                record.borrow_mut()[*field] = value;
            }
            Stmt::LetClosure(v, closure) => frame[*v] = Value::Closure(Rc::new(closure.clone())),
            Stmt::Assign(v, op, e) => self.assign(*v, op, e, frame)?,
            Stmt::Swap(a, b) => {
                let (x, y) = (self.get(*b, frame), self.get(*a, frame));
                self.set(*a, x, frame);
                self.set(*b, y, frame);
            }
            Stmt::SetIndex(v, at, op, e) => {
                let at = self.int(at, frame)?;
                let value = if op.is_empty() {
                    self.expr(e, frame)?
                } else {
                    let old = element(&mut frame[*v], at)?.clone();
                    binary(op, old, self.expr(e, frame)?)?
                };
                *element(&mut frame[*v], at)? = value;
            }
            Stmt::Push(v, e) => {
                let value = self.expr(e, frame)?;
                items(&mut frame[*v]).push(value);
            }
            Stmt::Print(values) => {
                let values = values.iter().map(|e| self.expr(e, frame)).collect::<Evaluated<Vec<_>>>()?;
                self.print(&values);
            }
            Stmt::If(c, yes, no) => {
                let chosen = if self.truth(c, frame)? { yes } else { no };
                self.stmts(chosen, frame)?;
            }
            Stmt::IfLet(v, f, args, yes, no) => match self.call(*f, args, frame)?.pop() {
                Some(value) => {
                    frame[*v] = value;
                    self.stmts(yes, frame)?;
                }
                None => self.stmts(no, frame)?,
            },
            Stmt::For(..) | Stmt::ForEach(..) | Stmt::While(..) => self.repeat(s, frame)?,
            Stmt::Break(label) => return Err(Leave::Break(*label)),
            Stmt::Continue(label) => return Err(Leave::Continue(*label)),
            Stmt::Return(values) => {
                let values = values.iter().map(|e| self.expr(e, frame)).collect::<Evaluated<_>>()?;
                return Err(Leave::Return(values));
            }
        }
        Ok(())
    }

    fn assign(&mut self, v: Variable, op: &str, e: &Expr, frame: &mut Frame) -> Evaluated<()> {
        // What stands left of the operator is read before the right side.
        let old = self.get(v, frame);
        let right = self.expr(e, frame)?;
        let value = if op.is_empty() { right } else { binary(op, old, right)? };
        self.set(v, value, frame);
        Ok(())
    }

    fn repeat(&mut self, s: &Stmt, frame: &mut Frame) -> Evaluated<()> {
        match s {
            Stmt::For(label, v, from, to, inclusive, backwards, body) => {
                let (from, to) = (self.int(from, frame)?, self.int(to, frame)?);
                let mut numbers: Vec<i64> = if *inclusive {
                    (from..=to).take(MOST_STEPS).collect()
                } else {
                    (from..to).take(MOST_STEPS).collect()
                };
                if *backwards {
                    numbers.reverse();
                }
                for number in numbers {
                    frame[*v] = Value::Int(number);
                    if !self.turn(*label, body, frame)? {
                        break;
                    }
                }
            }
            Stmt::ForEach(label, v, array, body) => {
                let mut at = 0;
                while let Some(item) = items(&mut frame[*array]).get(at).cloned() {
                    at += 1;
                    frame[*v] = item;
                    if !self.turn(*label, body, frame)? {
                        break;
                    }
                }
            }
            Stmt::While(label, counter, limit, condition, body) => {
                let mut left = *limit;
                frame[*counter] = Value::Int(left);
                while left > 0 && self.truth(condition, frame)? {
                    left -= 1;
                    frame[*counter] = Value::Int(left);
                    if !self.turn(*label, body, frame)? {
                        break;
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Runs a loop's body once; false when the loop is left.
    fn turn(&mut self, label: usize, body: &[Stmt], frame: &mut Frame) -> Evaluated<bool> {
        self.step()?;
        match self.stmts(body, frame) {
            Ok(()) => Ok(true),
            Err(Leave::Continue(to)) if to == label => Ok(true),
            Err(Leave::Break(from)) if from == label => Ok(false),
            Err(other) => Err(other),
        }
    }

    fn print(&mut self, values: &[Value]) {
        for (number, value) in values.iter().enumerate() {
            if number > 0 {
                self.out.push(' ');
            }
            let _ = match value {
                Value::Int(value) => write!(self.out, "{value}"),
                Value::Bool(value) => write!(self.out, "{value}"),
                Value::Float(value) => write!(self.out, "{}", float(*value)),
                Value::Array(_) | Value::Record(_) | Value::Closure(_) => Ok(()),
            };
        }
        self.out.push('\n');
    }
}

fn fields(value: &Value) -> &Rc<RefCell<Vec<Value>>> {
    match value {
        Value::Record(fields) => fields,
        _ => unreachable!("the maker takes fields of records alone"),
    }
}

fn items(value: &mut Value) -> &mut Vec<Value> {
    match value {
        Value::Array(items) => items,
        _ => unreachable!("the generator names arrays where arrays are"),
    }
}

fn element(array: &mut Value, at: i64) -> Evaluated<&mut Value> {
    let at = usize::try_from(at).map_err(|_| Leave::Trap("index"))?;
    items(array).get_mut(at).ok_or(Leave::Trap("index"))
}

/// The shortest text that reads back, with a `.0` or an exponent.
fn float(value: f64) -> String {
    let size = value.abs();
    if value.is_nan() {
        "NaN".to_owned()
    } else if size.is_finite() && (size >= 1e21 || size < 1e-6 && size > 0.0) {
        format!("{value:e}")
    } else if value.fract() == 0.0 {
        format!("{value}.0")
    } else if (1e-5..1e16).contains(&size) {
        // Between two equally short and equally near texts, what the language takes: the even digit.
        ryu::Buffer::new().format_finite(value).to_owned()
    } else {
        format!("{value}")
    }
}

fn unary(op: &str, value: Value) -> Evaluated<Value> {
    Ok(match (op, value) {
        ("-", Value::Int(value)) => Value::Int(value.checked_neg().ok_or(Leave::Trap("overflow"))?),
        ("-", Value::Float(value)) => Value::Float(-value),
        ("~", Value::Int(value)) => Value::Int(!value),
        ("not", Value::Bool(value)) => Value::Bool(!value),
        (_, other) => other,
    })
}

fn binary(op: &str, left: Value, right: Value) -> Evaluated<Value> {
    match (left, right) {
        (Value::Int(a), Value::Int(b)) => ints(op, a, b),
        (Value::Float(a), Value::Float(b)) => Ok(floats(op, a, b)),
        (Value::Int(a), Value::Float(b)) => Ok(floats(op, a as f64, b)),
        (Value::Float(a), Value::Int(b)) => Ok(floats(op, a, b as f64)),
        (Value::Bool(a), Value::Bool(b)) => Ok(Value::Bool((a == b) == (op == "=="))),
        (left, _) => Ok(left),
    }
}

fn ints(op: &str, a: i64, b: i64) -> Evaluated<Value> {
    let checked = |value: Option<i64>| value.map(Value::Int).ok_or(Leave::Trap("overflow"));
    Ok(match op {
        "+" => checked(a.checked_add(b))?,
        "-" => checked(a.checked_sub(b))?,
        "*" => checked(a.checked_mul(b))?,
        "/" | "%" if b == 0 => return Err(Leave::Trap("division")),
        "/" => checked(a.checked_div(b))?,
        "%" => checked(a.checked_rem(b))?,
        "+%" => Value::Int(a.wrapping_add(b)),
        "-%" => Value::Int(a.wrapping_sub(b)),
        "*%" => Value::Int(a.wrapping_mul(b)),
        "&" => Value::Int(a & b),
        "|" => Value::Int(a | b),
        "^" => Value::Int(a ^ b),
        "<<" => Value::Int(a.wrapping_shl(b as u32)),
        ">>" => Value::Int(a.wrapping_shr(b as u32)),
        ">>>" => Value::Int((a as u64).wrapping_shr(b as u32) as i64),
        _ => Value::Bool(compared(op, a.partial_cmp(&b))),
    })
}

fn floats(op: &str, a: f64, b: f64) -> Value {
    match op {
        "+" => Value::Float(a + b),
        "-" => Value::Float(a - b),
        "*" => Value::Float(a * b),
        "/" => Value::Float(a / b),
        "%" => Value::Float(a % b),
        _ => Value::Bool(compared(op, a.partial_cmp(&b))),
    }
}

fn compared(op: &str, order: Option<std::cmp::Ordering>) -> bool {
    match op {
        "==" => order.is_some_and(|o| o.is_eq()),
        "!=" => order.is_none_or(|o| o.is_ne()),
        "<" => order.is_some_and(|o| o.is_lt()),
        "<=" => order.is_some_and(|o| o.is_le()),
        ">" => order.is_some_and(|o| o.is_gt()),
        _ => order.is_some_and(|o| o.is_ge()),
    }
}

fn prelude(name: &str, args: &[Value]) -> Evaluated<Value> {
    Ok(match (name, args) {
        ("min", [Value::Int(a), Value::Int(b)]) => Value::Int(*a.min(b)),
        ("max", [Value::Int(a), Value::Int(b)]) => Value::Int(*a.max(b)),
        ("abs", [Value::Int(a)]) => Value::Int(a.checked_abs().ok_or(Leave::Trap("overflow"))?),
        ("float", [Value::Int(a)]) => Value::Float(*a as f64),
        ("int", [Value::Bool(a)]) => Value::Int(i64::from(*a)),
        ("int", [Value::Float(a)]) => {
            let whole = a.trunc();
            // The first float beyond i64 is 2^63.
            if !(-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&whole) {
                return Err(Leave::Trap("conversion"));
            }
            Value::Int(whole as i64)
        }
        (_, args) => args[0].clone(),
    })
}

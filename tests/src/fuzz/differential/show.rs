//! Programs as source text.

use super::{Closure, Expr, FIELDS, Gives, Program, Stmt, Type, Variable};
use std::fmt::Write;

pub(super) fn program(program: &Program) -> String {
    let mut out = String::from("struct Record {\n");
    for (number, ty) in FIELDS.iter().enumerate() {
        let var = if number == 0 { "" } else { "var " };
        let _ = writeln!(out, "  {var}m{number}: {},", type_name(*ty));
    }
    out.push_str("}\n");
    for (number, (_, value)) in program.globals.iter().enumerate() {
        let _ = writeln!(out, "var g{number} = {}", expr(value));
    }
    for (number, f) in program.functions.iter().enumerate() {
        let params: Vec<String> =
            f.params.iter().enumerate().map(|(i, ty)| format!("p{i}: {}", type_name(*ty))).collect();
        let _ = writeln!(out, "fn f{number}({}) -> {} {{", params.join(", "), gives(f.gives));
        // Parameters are copied, so that every local can be assigned.
        for i in 0..f.params.len() {
            let _ = writeln!(out, "  var v{i} = p{i}");
        }
        stmts(&f.body, f.gives, 1, &mut out);
        let _ = writeln!(out, "  {}\n}}", result(f.gives, &f.result));
    }
    out.push_str("fn main() {\n");
    stmts(&program.body, Gives::One(Type::Int), 1, &mut out);
    out.push_str("}\n");
    out
}

fn type_name(ty: Type) -> &'static str {
    match ty {
        Type::Int => "int",
        Type::Float => "float",
        Type::Bool => "bool",
    }
}

fn gives(gives: Gives) -> String {
    match gives {
        Gives::One(ty) => type_name(ty).to_owned(),
        Gives::Pair(a, b) => format!("({}, {})", type_name(a), type_name(b)),
        Gives::Option(ty) => format!("{}?", type_name(ty)),
    }
}

fn result(gives: Gives, values: &[Expr]) -> String {
    match gives {
        Gives::One(_) => expr(&values[0]),
        Gives::Pair(..) => format!("({})", list(values)),
        Gives::Option(_) if values.is_empty() => "None".to_owned(),
        Gives::Option(_) => format!("Some({})", expr(&values[0])),
    }
}

fn variable(variable: Variable) -> String {
    match variable {
        Variable::Global(number) => format!("g{number}"),
        Variable::Local(number) => format!("v{number}"),
    }
}

fn list(values: &[Expr]) -> String {
    values.iter().map(expr).collect::<Vec<_>>().join(", ")
}

fn expr(e: &Expr) -> String {
    match e {
        Expr::Int(value) if *value < 0 => format!("({value})"),
        Expr::Int(value) => value.to_string(),
        Expr::Float(value) => format!("({value:?})"),
        Expr::Bool(value) => value.to_string(),
        Expr::Variable(v) => variable(*v),
        Expr::Unary(op, a) => format!("({op} {})", expr(a)),
        Expr::Binary(op, a, b) => format!("({} {op} {})", expr(a), expr(b)),
        Expr::If(c, a, b) => format!("(if {} {{ {} }} else {{ {} }})", expr(c), expr(a), expr(b)),
        Expr::Call(f, args) => format!("f{f}({})", list(args)),
        Expr::Part(f, args, part) => format!("f{f}({}).{part}", list(args)),
        Expr::Or(f, args, other) => format!("(f{f}({}) ?? {})", list(args), expr(other)),
        Expr::Match(f, args, v, some, none) => {
            format!("(match f{f}({}) {{ Some(v{v}) => {}, None => {} }})", list(args), expr(some), expr(none))
        }
        Expr::Index(array, at) => format!("v{array}[{}]", expr(at)),
        Expr::Length(array) => format!("v{array}.len()"),
        Expr::Prelude(name, args) => format!("{name}({})", list(args)),
        Expr::Field(record, field) => format!("v{record}.m{field}"),
        Expr::Apply(closure, argument) => format!("v{closure}({})", expr(argument)),
        Expr::Block(v, a, b) => format!("({{ let v{v} = {}; {} }})", expr(a), expr(b)),
    }
}

fn stmts(body: &[Stmt], of: Gives, depth: usize, out: &mut String) {
    for s in body {
        let _ = write!(out, "{}", "  ".repeat(depth));
        stmt(s, of, depth, out);
        out.push('\n');
    }
}

fn block(body: &[Stmt], of: Gives, depth: usize, out: &mut String) {
    out.push_str("{\n");
    stmts(body, of, depth + 1, out);
    let _ = write!(out, "{}}}", "  ".repeat(depth));
}

fn stmt(s: &Stmt, of: Gives, depth: usize, out: &mut String) {
    let _ = match s {
        Stmt::Let(v, mutable, e) => {
            write!(out, "{} v{v} = {}", if *mutable { "var" } else { "let" }, expr(e))
        }
        Stmt::LetPair(a, b, f, args) => write!(out, "var (v{a}, v{b}) = f{f}({})", list(args)),
        Stmt::LetArray(v, items) => write!(out, "let v{v} = [{}]", list(items)),
        Stmt::LetRecord(v, values) => write!(out, "var v{v} = Record({})", list(values)),
        Stmt::LetAlias(v, of) => write!(out, "var v{v} = v{of}"),
        Stmt::Rebind(v, Ok(other)) => write!(out, "v{v} = v{other}"),
        Stmt::Rebind(v, Err(values)) => write!(out, "v{v} = Record({})", list(values)),
        Stmt::SetField(v, field, op, e) => write!(out, "v{v}.m{field} {op}= {}", expr(e)),
        Stmt::LetClosure(v, Closure { param, takes, effect, value }) => {
            let effect = effect.as_ref().map(|(v, op, e)| format!("{} {op}= {}; ", variable(*v), expr(e)));
            let (effect, takes) = (effect.unwrap_or_default(), type_name(*takes));
            write!(out, "let v{v} = |v{param}: {takes}| {{ {effect}{} }}", expr(value))
        }
        Stmt::Assign(v, op, e) => write!(out, "{} {op}= {}", variable(*v), expr(e)),
        Stmt::Swap(a, b) => {
            let (a, b) = (variable(*a), variable(*b));
            write!(out, "({a}, {b}) = ({b}, {a})")
        }
        Stmt::SetIndex(v, at, op, e) => write!(out, "v{v}[{}] {op}= {}", expr(at), expr(e)),
        Stmt::Push(v, e) => write!(out, "v{v}.push({})", expr(e)),
        Stmt::Print(values) => write!(out, "print({})", list(values)),
        Stmt::Break(label) => write!(out, "break l{label}"),
        Stmt::Continue(label) => write!(out, "continue l{label}"),
        Stmt::Return(values) => write!(out, "return {}", result(of, values)),
        Stmt::If(..) | Stmt::IfLet(..) => {
            branch(s, of, depth, out);
            Ok(())
        }
        Stmt::For(..) | Stmt::ForEach(..) | Stmt::While(..) => {
            repeat(s, of, depth, out);
            Ok(())
        }
    };
}

fn branch(s: &Stmt, of: Gives, depth: usize, out: &mut String) {
    let (Stmt::If(_, yes, no) | Stmt::IfLet(_, _, _, yes, no)) = s else { return };
    let _ = match s {
        Stmt::IfLet(v, f, args, ..) => write!(out, "if let Some(v{v}) = f{f}({}) ", list(args)),
        Stmt::If(c, ..) => write!(out, "if {} ", expr(c)),
        _ => Ok(()),
    };
    block(yes, of, depth, out);
    if !no.is_empty() {
        out.push_str(" else ");
        block(no, of, depth, out);
    }
}

fn repeat(s: &Stmt, of: Gives, depth: usize, out: &mut String) {
    let blanks = "  ".repeat(depth);
    match s {
        Stmt::For(label, v, from, to, inclusive, backwards, body) => {
            let range = format!("{}{}{}", expr(from), if *inclusive { "..=" } else { ".." }, expr(to));
            let range = if *backwards { format!("({range}).rev()") } else { range };
            let _ = write!(out, "l{label}: for v{v} in {range} ");
            block(body, of, depth, out);
        }
        Stmt::ForEach(label, v, array, body) => {
            let _ = write!(out, "l{label}: for v{v} in v{array} ");
            block(body, of, depth, out);
        }
        Stmt::While(label, counter, limit, condition, body) => {
            let _ = writeln!(out, "var v{counter} = {limit}");
            let _ = writeln!(out, "{blanks}l{label}: while v{counter} > 0 and {} {{", expr(condition));
            let _ = writeln!(out, "{blanks}  v{counter} -= 1");
            stmts(body, of, depth + 1, out);
            let _ = write!(out, "{blanks}}}");
        }
        _ => {}
    }
}

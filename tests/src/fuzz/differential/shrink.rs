//! Makes a program smaller while it still fails, so that a person can read it.

use super::{Expr, Program, Stmt};

/// The smallest program that this way of cutting leads to, and that still fails.
pub(super) fn shrink(mut program: Program, fails: &dyn Fn(&Program) -> bool) -> Program {
    let mut number = 0;
    let mut since_success = 0;
    loop {
        let mut smaller = program.clone();
        let mut cut = Cut { left: number, done: false };
        cut.program(&mut smaller);
        if !cut.done {
            // Past the last cut: again from the start, unless a whole round changed nothing.
            if since_success >= number {
                return program;
            }
            number = 0;
        } else if fails(&smaller) {
            program = smaller;
            since_success = 0;
        } else {
            number += 1;
            since_success += 1;
        }
    }
}

/// Finds the cut of a number, in the order of the program, and makes it.
struct Cut {
    left: usize,
    done: bool,
}

impl Cut {
    /// Whether this is the place.
    fn here(&mut self) -> bool {
        let here = !self.done && self.left == 0;
        self.done |= here;
        self.left = self.left.wrapping_sub(usize::from(!here));
        here
    }

    fn program(&mut self, program: &mut Program) {
        self.stmts(&mut program.body);
        for f in program.functions.iter_mut().rev() {
            self.stmts(&mut f.body);
            f.result.iter_mut().for_each(|e| self.expr(e));
        }
        program.globals.iter_mut().for_each(|(_, e)| self.expr(e));
    }

    fn stmts(&mut self, body: &mut Vec<Stmt>) {
        let mut at = 0;
        while at < body.len() && !self.done {
            if self.here() {
                body.remove(at);
                return;
            }
            if let Stmt::If(_, inner, _)
            | Stmt::For(.., inner)
            | Stmt::ForEach(.., inner)
            | Stmt::While(.., inner) = &mut body[at]
                && self.here()
            {
                let inner = std::mem::take(inner);
                body.splice(at..=at, inner);
                return;
            }
            self.stmt(&mut body[at]);
            at += 1;
        }
    }

    fn stmt(&mut self, s: &mut Stmt) {
        match s {
            Stmt::Let(_, _, e) | Stmt::Assign(_, _, e) | Stmt::Push(_, e) => self.expr(e),
            Stmt::LetPair(_, _, _, list) | Stmt::LetArray(_, list) | Stmt::Return(list) => self.list(list),
            Stmt::Print(list) => {
                if list.len() > 1 && self.here() {
                    list.pop();
                } else if list.len() > 1 && self.here() {
                    list.remove(0);
                }
                self.list(list);
            }
            Stmt::LetRecord(_, list) | Stmt::Rebind(_, Err(list)) => self.list(list),
            Stmt::SetField(_, _, _, e) => self.expr(e),
            Stmt::LetClosure(_, closure) => {
                if closure.effect.is_some() && self.here() {
                    closure.effect = None;
                }
                if let Some((_, _, e)) = &mut closure.effect {
                    self.expr(e);
                }
                self.expr(&mut closure.value);
            }
            Stmt::SetIndex(_, at, _, e) => {
                self.expr(at);
                self.expr(e);
            }
            Stmt::If(c, yes, no) => {
                self.expr(c);
                self.stmts(yes);
                self.stmts(no);
            }
            Stmt::IfLet(_, _, list, yes, no) => {
                self.list(list);
                self.stmts(yes);
                self.stmts(no);
            }
            Stmt::For(_, _, from, to, _, _, body) => {
                self.expr(from);
                self.expr(to);
                self.stmts(body);
            }
            Stmt::ForEach(_, _, _, body) => self.stmts(body),
            Stmt::While(_, _, _, c, body) => {
                self.expr(c);
                self.stmts(body);
            }
            Stmt::LetAlias(..)
            | Stmt::Rebind(_, Ok(_))
            | Stmt::Swap(..)
            | Stmt::Break(_)
            | Stmt::Continue(_) => {}
        }
    }

    fn list(&mut self, list: &mut [Expr]) {
        list.iter_mut().for_each(|e| self.expr(e));
    }

    fn expr(&mut self, e: &mut Expr) {
        if self.done || matches!(e, Expr::Int(_) | Expr::Float(_) | Expr::Bool(_)) {
            return;
        }
        for literal in [Expr::Int(1), Expr::Float(0.5), Expr::Bool(true), Expr::Bool(false)] {
            if self.here() {
                *e = literal;
                return;
            }
        }
        for number in 0..parts(e).len() {
            if self.here() {
                let part = std::mem::replace(parts(e)[number], Expr::Bool(true));
                *e = part;
                return;
            }
        }
        parts(e).into_iter().for_each(|part| self.expr(part));
    }
}

/// The expressions within an expression.
fn parts(e: &mut Expr) -> Vec<&mut Expr> {
    match e {
        Expr::Int(_) | Expr::Float(_) | Expr::Bool(_) | Expr::Variable(_) | Expr::Length(_) => Vec::new(),
        Expr::Field(..) => Vec::new(),
        Expr::Unary(_, a) | Expr::Index(_, a) | Expr::Apply(_, a) => vec![a],
        Expr::Binary(_, a, b) | Expr::Block(_, a, b) => vec![a, b],
        Expr::If(a, b, c) => vec![a, b, c],
        Expr::Call(_, list) | Expr::Part(_, list, _) | Expr::Prelude(_, list) => list.iter_mut().collect(),
        Expr::Or(_, list, other) => list.iter_mut().chain([&mut **other]).collect(),
        Expr::Match(_, list, _, a, b) => list.iter_mut().chain([&mut **a, &mut **b]).collect(),
    }
}

//! The text form of the typed tree, for `--emit=hir`: one construct a line, types after colons.

use std::fmt::Write;

use super::{
    Body, Callee, Code, ExprId, ExprKind, For, Literal, LocalId, Pattern, PatternKind, Piece, Program,
    Source, Stmt, Ty, TyKind, TyList, Types,
};
use crate::ast::{Name, Names};

/// A type as it is written in the language. `params` names the type parameters in scope.
pub fn type_text(program: &Program, types: &Types, names: &Names, params: &[Name], ty: Ty) -> String {
    let mut out = String::new();
    Writer { program, types, names, params, out: &mut out }.ty(ty);
    out
}

/// All functions that have bodies, in order.
pub fn program_text(program: &Program, types: &Types, names: &Names) -> String {
    let mut out = String::new();
    for index in 0..program.functions.len() {
        let text = function_text(program, types, names, super::FnId(index as u32));
        if !text.is_empty() {
            out.push_str(&text);
            out.push('\n');
        }
    }
    out
}

/// A function; empty for one without a body.
pub fn function_text(program: &Program, types: &Types, names: &Names, id: super::FnId) -> String {
    let function = program.function(id);
    let mut out = String::new();
    let Code::Body(body) = &function.code else { return out };
    let params: Vec<Name> = function.generics.iter().map(|param| param.name).collect();
    let mut writer = Writer { program, types, names, params: &params, out: &mut out };
    let _ = write!(writer.out, "fn#{} {}", id.0, names.text(function.name));
    writer.generics(&params);
    writer.out.push('(');
    for (index, &local) in body.params.iter().enumerate() {
        if index > 0 {
            writer.out.push_str(", ");
        }
        writer.declare(body, local);
    }
    writer.out.push_str(") -> ");
    writer.ty(function.result);
    writer.out.push_str(" {\n");
    BodyWriter { writer, body, depth: 1 }.line(body.root);
    out.push_str("}\n");
    out
}

struct Writer<'a> {
    program: &'a Program,
    types: &'a Types,
    names: &'a Names,
    params: &'a [Name],
    out: &'a mut String,
}

impl Writer<'_> {
    fn generics(&mut self, params: &[Name]) {
        if !params.is_empty() {
            let list: Vec<&str> = params.iter().map(|&name| self.names.text(name)).collect();
            let _ = write!(self.out, "<{}>", list.join(", "));
        }
    }

    fn declare(&mut self, body: &Body, local: LocalId) {
        self.local(body, local);
        self.out.push_str(": ");
        self.ty(body[local].ty);
    }

    fn local(&mut self, body: &Body, local: LocalId) {
        let _ = write!(self.out, "{}%{}", self.names.text(body[local].name), local.0);
    }

    fn list(&mut self, list: TyList) {
        for (index, &ty) in self.types.list(list).iter().enumerate() {
            if index > 0 {
                self.out.push_str(", ");
            }
            self.ty(ty);
        }
    }

    fn named(&mut self, name: Name, args: TyList) {
        self.out.push_str(self.names.text(name));
        if args != TyList::EMPTY {
            self.out.push('<');
            self.list(args);
            self.out.push('>');
        }
    }

    fn ty(&mut self, ty: Ty) {
        match self.types.kind(ty) {
            TyKind::Error => self.out.push('_'),
            TyKind::Never => self.out.push_str("never"),
            TyKind::Unit => self.out.push_str("()"),
            TyKind::Bool => self.out.push_str("bool"),
            TyKind::Int => self.out.push_str("int"),
            TyKind::Float => self.out.push_str("float"),
            TyKind::Char => self.out.push_str("char"),
            TyKind::Str => self.out.push_str("str"),
            TyKind::Ptr => self.out.push_str("ptr"),
            TyKind::CStr => self.out.push_str("cstr"),
            TyKind::Storage(storage) => self.out.push_str(storage.text()),
            TyKind::Array(element) => {
                self.out.push('[');
                self.ty(element);
                self.out.push(']');
            }
            TyKind::FixedArray(element, n) => {
                self.out.push('[');
                self.ty(element);
                let _ = write!(self.out, "; {n}]");
            }
            TyKind::Pointer(to) => {
                self.out.push('*');
                self.ty(to);
            }
            TyKind::Tuple(parts) => {
                self.out.push('(');
                self.list(parts);
                self.out.push_str(if self.types.list(parts).len() == 1 { ",)" } else { ")" });
            }
            TyKind::Fn(params, result) => {
                self.out.push_str("fn(");
                self.list(params);
                self.out.push(')');
                if result != Ty::UNIT {
                    self.out.push_str(" -> ");
                    self.ty(result);
                }
            }
            TyKind::Struct(super::StructId::MAP, args) if self.types.list(args).len() == 2 => {
                let &[key, value] = self.types.list(args) else { return };
                self.out.push('[');
                self.ty(key);
                self.out.push_str(": ");
                self.ty(value);
                self.out.push(']');
            }
            TyKind::Struct(id, args) => self.named(self.program.struct_(id).name, args),
            TyKind::Enum(super::EnumId::OPTION, args) => self.option(args),
            TyKind::Enum(super::EnumId::RESULT, args) => self.result(args),
            TyKind::Enum(id, args) => self.named(self.program.enum_(id).name, args),
            TyKind::Dyn(id, args) => self.named(self.program.trait_(id).name, args),
            TyKind::Param(index) => match self.params.get(index as usize) {
                Some(&name) => self.out.push_str(self.names.text(name)),
                None => {
                    let _ = write!(self.out, "T{index}");
                }
            },
            TyKind::Infer(_) => self.out.push('_'),
        }
    }

    fn option(&mut self, args: TyList) {
        let Some(&payload) = self.types.list(args).first() else { return };
        let is_fn = matches!(self.types.kind(payload), TyKind::Fn(..));
        if is_fn {
            self.out.push('(');
        }
        self.ty(payload);
        self.out.push_str(if is_fn { ")?" } else { "?" });
    }

    /// `Result<T>` when the error is the prelude's.
    fn result(&mut self, args: TyList) {
        let &[ok, err] = self.types.list(args) else { return };
        self.out.push_str("Result<");
        self.ty(ok);
        if !matches!(self.types.kind(err), TyKind::Struct(super::StructId::ERROR, _)) {
            self.out.push_str(", ");
            self.ty(err);
        }
        self.out.push('>');
    }
}

struct BodyWriter<'a> {
    writer: Writer<'a>,
    body: &'a Body,
    depth: usize,
}

impl BodyWriter<'_> {
    fn text(&mut self, text: &str) {
        self.writer.out.push_str(text);
    }

    fn indent(&mut self) {
        for _ in 0..self.depth {
            self.text("  ");
        }
    }

    /// An expression on lines of its own.
    fn line(&mut self, id: ExprId) {
        self.indent();
        self.expr(id);
        self.text("\n");
    }

    fn nested(&mut self, id: ExprId) {
        self.text("{\n");
        self.depth += 1;
        self.line(id);
        self.depth -= 1;
        self.indent();
        self.text("}");
    }

    fn args(&mut self, args: &[ExprId]) {
        self.text("(");
        for (index, &arg) in args.iter().enumerate() {
            if index > 0 {
                self.text(", ");
            }
            self.expr(arg);
        }
        self.text(")");
    }

    fn operator(&mut self, name: &str, args: &[ExprId]) {
        self.text(name);
        self.args(args);
    }

    fn expr(&mut self, id: ExprId) {
        let expr = &self.body[id];
        match &expr.kind {
            ExprKind::Literal(literal) => self.literal(literal),
            ExprKind::Unit => self.text("()"),
            ExprKind::Local(local) => self.writer.local(self.body, *local),
            ExprKind::Global(global) => {
                let name = self.writer.program.global(*global).name;
                let _ = write!(self.writer.out, "@{}", self.writer.names.text(name));
            }
            ExprKind::ForeignVar(id) => {
                let name = self.writer.program.function(*id).name;
                let _ = write!(self.writer.out, "c@{}", self.writer.names.text(name));
            }
            ExprKind::IsLinked(id) => {
                let name = self.writer.program.function(*id).name;
                let _ = write!(self.writer.out, "linked(c@{})", self.writer.names.text(name));
            }
            ExprKind::Function(function, args) => self.function(*function, *args),
            ExprKind::Tuple(parts) => self.operator("tuple", parts),
            ExprKind::Array(parts) => self.typed("array", expr.ty, parts),
            ExprKind::Struct(parts) => self.typed("new", expr.ty, parts),
            ExprKind::Variant(variant, parts) => self.typed(&format!("variant {variant} of"), expr.ty, parts),
            ExprKind::Unary(op, a) => self.operator(&format!("{op:?}"), &[*a]),
            ExprKind::Binary(op, a, b) => self.operator(&format!("{op:?}"), &[*a, *b]),
            ExprKind::And(a, b) => self.operator("and", &[*a, *b]),
            ExprKind::Or(a, b) => self.operator("or", &[*a, *b]),
            ExprKind::Convert(conversion, a) => self.typed(&format!("{conversion:?} to"), expr.ty, &[*a]),
            ExprKind::Field(a, field) | ExprKind::TupleField(a, field) => {
                self.expr(*a);
                let _ = write!(self.writer.out, ".{field}");
            }
            ExprKind::Index(a, b) => {
                self.expr(*a);
                self.text("[");
                self.expr(*b);
                self.text("]");
            }
            ExprKind::Call(call) => {
                self.callee(&call.callee);
                self.args(&call.args);
            }
            ExprKind::Same(a, b) => self.operator("same", &[*a, *b]),
            ExprKind::TypeName(a) => self.operator("type_name", &[*a]),
            ExprKind::Panic(a) => self.operator("panic", &[*a]),
            ExprKind::Error => self.text("error"),
            _ => self.control(id),
        }
    }

    fn control(&mut self, id: ExprId) {
        match &self.body[id].kind {
            ExprKind::Block(block) => self.block(block),
            ExprKind::If(branch) => {
                for (index, &(condition, body)) in branch.branches.iter().enumerate() {
                    self.text(if index > 0 { " else if " } else { "if " });
                    self.expr(condition);
                    self.text(" ");
                    self.nested(body);
                }
                if let Some(otherwise) = branch.otherwise {
                    self.text(" else ");
                    self.nested(otherwise);
                }
            }
            ExprKind::Match(matched) => self.match_(matched),
            ExprKind::Matches(pattern, subject) => {
                self.text("let ");
                self.pattern(pattern);
                self.text(" = ");
                self.expr(*subject);
            }
            ExprKind::Loop(label, body) => {
                let _ = write!(self.writer.out, "loop '{} ", label.0);
                self.nested(*body);
            }
            ExprKind::While(label, condition, body) => {
                let _ = write!(self.writer.out, "while '{} ", label.0);
                self.expr(*condition);
                self.text(" ");
                self.nested(*body);
            }
            ExprKind::For(each) => self.for_(each),
            ExprKind::Break(label, value) => {
                let _ = write!(self.writer.out, "break '{}", label.0);
                self.optional(*value);
            }
            ExprKind::Continue(label) => {
                let _ = write!(self.writer.out, "continue '{}", label.0);
            }
            ExprKind::Return(value) => {
                self.text("return");
                self.optional(*value);
            }
            ExprKind::Assign(place, value) => {
                self.expr(*place);
                self.text(" = ");
                self.expr(*value);
            }
            _ => self.others(id),
        }
    }

    fn others(&mut self, id: ExprId) {
        match &self.body[id].kind {
            ExprKind::Closure(closure) => {
                self.text("closure(");
                for &param in &closure.params {
                    self.writer.declare(self.body, param);
                    self.text(",");
                }
                self.text(") captures(");
                for &capture in &closure.captures {
                    self.writer.local(self.body, capture);
                    self.text(",");
                }
                self.text(") ");
                self.nested(closure.body);
            }
            ExprKind::Interpolate(pieces) => {
                self.text("text(");
                for piece in pieces {
                    match piece {
                        Piece::Text(text) => self.text(&format!("{:?}, ", self.writer.names.text(*text))),
                        Piece::Show(value, spec) => {
                            self.expr(*value);
                            self.text(if spec.is_some() { " by format, " } else { ", " });
                        }
                        Piece::Quote(value) => {
                            self.expr(*value);
                            self.text(" in quotes, ");
                        }
                    }
                }
                self.text(")");
            }
            ExprKind::Print(print) => {
                let name = match (print.to_stderr, print.newline) {
                    (true, _) => "eprint",
                    (false, true) => "print",
                    (false, false) => "write",
                };
                self.operator(name, &print.args);
            }
            ExprKind::Assert(assert) => {
                self.operator("assert", &[assert.condition]);
                self.optional(assert.message);
            }
            _ => {}
        }
    }

    fn optional(&mut self, value: Option<ExprId>) {
        if let Some(value) = value {
            self.text(" ");
            self.expr(value);
        }
    }

    fn typed(&mut self, name: &str, ty: Ty, args: &[ExprId]) {
        self.text(name);
        self.text(" ");
        self.writer.ty(ty);
        self.args(args);
    }

    fn function(&mut self, id: super::FnId, args: TyList) {
        let name = self.writer.program.function(id).name;
        let _ = write!(self.writer.out, "fn#{} ", id.0);
        self.writer.named(name, args);
    }

    fn callee(&mut self, callee: &Callee) {
        match *callee {
            Callee::Function(id, args) => self.function(id, args),
            Callee::Method { self_ty, trait_ref, method, args } => {
                let of = self.writer.program.trait_(trait_ref.id);
                let name = of.methods.get(method as usize).map_or(of.name, |method| method.name);
                self.text("(");
                self.writer.ty(self_ty);
                self.text(" as ");
                self.writer.named(of.name, trait_ref.args);
                self.text(").");
                self.writer.named(name, args);
            }
            Callee::Virtual(id, method) => {
                let name = self.writer.program.trait_(id).name;
                let _ = write!(self.writer.out, "virtual {}.{method}", self.writer.names.text(name));
            }
            Callee::Value(value) => self.expr(value),
        }
    }

    fn block(&mut self, block: &super::Block) {
        self.text("{\n");
        self.depth += 1;
        for stmt in &block.stmts {
            match stmt {
                Stmt::Expr(value) => self.line(*value),
                Stmt::Defer(value) => {
                    self.indent();
                    self.text("defer ");
                    self.expr(*value);
                    self.text("\n");
                }
                Stmt::Let(binding) => {
                    self.indent();
                    self.text("let ");
                    self.pattern(&binding.pattern);
                    self.text(" = ");
                    self.expr(binding.value);
                    if let Some(otherwise) = binding.otherwise {
                        self.text(" else ");
                        self.nested(otherwise);
                    }
                    self.text("\n");
                }
            }
        }
        if let Some(value) = block.value {
            self.line(value);
        }
        self.depth -= 1;
        self.indent();
        self.text("}");
    }

    fn match_(&mut self, matched: &super::Match) {
        self.text("match ");
        self.expr(matched.subject);
        self.text(" {\n");
        self.depth += 1;
        for arm in &matched.arms {
            self.indent();
            self.pattern(&arm.pattern);
            if let Some(guard) = arm.guard {
                self.text(" if ");
                self.expr(guard);
            }
            self.text(" => ");
            self.expr(arm.body);
            self.text("\n");
        }
        self.depth -= 1;
        self.indent();
        self.text("}");
    }

    fn for_(&mut self, each: &For) {
        let _ = write!(self.writer.out, "for '{} ", each.id.0);
        if let Some(index) = &each.index {
            self.pattern(index);
            self.text(", ");
        }
        self.pattern(&each.item);
        self.text(" in ");
        match &each.source {
            Source::Range(range) => {
                self.text(if range.reversed { "reversed range(" } else { "range(" });
                self.expr(range.lo);
                self.text(if range.inclusive { "..=" } else { ".." });
                self.optional(range.hi);
                self.text(" step");
                self.optional(range.step.map(|(step, _)| step));
                self.text(") ");
            }
            Source::Array(value) => self.operator("array", &[*value]),
            Source::Chars(value) => self.operator("chars", &[*value]),
            Source::Bytes(value) => self.operator("bytes", &[*value]),
            Source::Iterator { iterator, next } => {
                self.callee(next);
                self.args(&[*iterator]);
            }
        }
        self.text(" ");
        self.nested(each.body);
    }

    fn literal(&mut self, literal: &Literal) {
        let text = match literal {
            Literal::Int(value) => value.to_string(),
            Literal::Float(value) => format!("{value:?}"),
            Literal::Bool(value) => value.to_string(),
            Literal::Char(value) => format!("{value:?}"),
            Literal::Str(value) => format!("{:?}", self.writer.names.text(*value)),
            Literal::Bytes(value) => format!("b\"{}\"", value.escape_ascii()),
        };
        self.text(&text);
    }

    fn patterns<'p>(&mut self, patterns: impl IntoIterator<Item = &'p Pattern>, separator: &str) {
        for (index, pattern) in patterns.into_iter().enumerate() {
            if index > 0 {
                self.text(separator);
            }
            self.pattern(pattern);
        }
    }

    fn pattern(&mut self, pattern: &Pattern) {
        match &pattern.kind {
            PatternKind::Wildcard => self.text("_"),
            PatternKind::Bind(local, inner) => {
                self.writer.declare(self.body, *local);
                if let Some(inner) = inner {
                    self.text(" @ ");
                    self.pattern(inner);
                }
            }
            PatternKind::Literal(literal) => self.literal(literal),
            PatternKind::Range { lo, hi, inclusive } => {
                lo.iter().for_each(|lo| self.literal(lo));
                self.text(if *inclusive { "..=" } else { ".." });
                hi.iter().for_each(|hi| self.literal(hi));
            }
            PatternKind::Variant(variant, fields) => {
                let _ = write!(self.writer.out, "variant {variant}");
                self.fields(fields);
            }
            PatternKind::Struct(fields) => self.fields(fields),
            PatternKind::Tuple(parts) => {
                self.text("(");
                self.patterns(parts.iter(), ", ");
                self.text(")");
            }
            PatternKind::Or(patterns) => self.patterns(patterns.iter(), " | "),
            PatternKind::Array(array) => {
                self.text("[");
                self.patterns(array.before.iter(), ", ");
                if let Some(rest) = array.rest {
                    self.text(", ..");
                    if let Some(local) = rest {
                        self.writer.declare(self.body, local);
                    }
                }
                self.text("; ");
                self.patterns(array.after.iter(), ", ");
                self.text("]");
            }
        }
    }

    fn fields(&mut self, fields: &[(u32, Pattern)]) {
        self.text("(");
        for (index, field) in fields {
            let _ = write!(self.writer.out, ".{index} ");
            self.pattern(field);
            self.text(", ");
        }
        self.text(")");
    }
}

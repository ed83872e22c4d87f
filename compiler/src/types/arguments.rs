//! Arguments: matched with parameters by position and name, checked, put in the order of the parameters.

use super::Checker;
use super::expr::Expect;
use super::report::Why;
use crate::ast::{self, ExprKind as Ast, Name};
use crate::diagnostics::{Diagnostic, codes};
use crate::hir::{ExprId, ExprKind, FnId, Stmt, StructId, Ty};
use crate::source::Span;

/// A parameter as a call sees it.
pub(super) struct ParamView {
    pub name: Name,
    /// With the call's type arguments in it.
    pub ty: Ty,
    /// Whether it may be left out.
    pub default: bool,
    pub span: Span,
}

/// Whose parameters they are.
#[derive(Clone, Copy)]
pub(super) enum Callable {
    Function(FnId),
    Struct(StructId),
    /// A variant's constructor.
    Variant(Name),
    /// A value of a function type.
    Value,
}

/// The arguments of a call, checked.
pub(super) struct Arguments {
    /// In the order of the parameters.
    pub values: Vec<ExprId>,
    /// What must run before the call, so that everything is evaluated in the order in which it is written.
    pub before: Vec<Stmt>,
}

impl<'a> Checker<'a, '_> {
    /// Checks the arguments of a call. `type_args` are for defaults. `None` after a report.
    pub(super) fn arguments(
        &mut self,
        callable: Callable,
        params: &[ParamView],
        args: &'a [ast::Arg],
        type_args: &[Ty],
        receiver: Option<ExprId>,
        span: Span,
    ) -> Option<Arguments> {
        let Some(places) = self.places(callable, params, args, span) else {
            for arg in args {
                self.lost_expr(&arg.value);
            }
            return None;
        };
        let mut values: Vec<Option<ExprId>> = vec![None; params.len()];
        // Closures come last: the other arguments say what types their parameters have.
        for closures in [false, true] {
            for (arg, &place) in args.iter().zip(&places) {
                if is_closure(&arg.value) == closures {
                    let param = &params[place];
                    let why = Why::new(param.span, "expected because of this parameter");
                    values[place] = Some(self.expr_as(&arg.value, param.ty, why));
                }
            }
        }
        let missing = values.iter().any(Option::is_none);
        let mut before = Vec::new();
        let sorted = places.is_sorted();
        let mut receiver = receiver;
        if missing || !sorted {
            if let (false, Some(id)) = (sorted && self.literal_defaults(callable, params, &values), receiver)
            {
                receiver = Some(self.evaluate_first(id, &mut before));
            }
            if !(sorted && self.literal_defaults(callable, params, &values)) {
                for &place in &places {
                    if let Some(id) = values[place] {
                        values[place] = Some(self.evaluate_first(id, &mut before));
                    }
                }
            }
            self.fill_defaults(callable, params, type_args, receiver, &mut values, &mut before, span);
        }
        let values: Vec<ExprId> = receiver.into_iter().chain(values.into_iter().flatten()).collect();
        Some(Arguments { values, before })
    }

    /// Which parameter each argument is for.
    fn places(
        &mut self,
        callable: Callable,
        params: &[ParamView],
        args: &'a [ast::Arg],
        span: Span,
    ) -> Option<Vec<usize>> {
        let mut places = Vec::with_capacity(args.len());
        let positional = args.iter().take_while(|arg| arg.name.is_none()).count();
        if positional > params.len() {
            self.extra_arguments(callable, params, args, span);
            return None;
        }
        places.extend(0..positional);
        let mut fine = true;
        for arg in &args[positional..] {
            let Some(name) = arg.name else { continue };
            match params.iter().position(|param| param.name == name.name && name.name != ast::known::EMPTY) {
                Some(place) if places.contains(&place) => {
                    let message = format!("`{}` is given twice", self.text(name.name));
                    self.report(Diagnostic::new(codes::ARGUMENT_NAME, name.span, message));
                    fine = false;
                }
                Some(place) => places.push(place),
                None => {
                    self.unknown_parameter(callable, params, name);
                    fine = false;
                }
            }
        }
        if !fine {
            return None;
        }
        let missing: Vec<usize> =
            (0..params.len()).filter(|place| !params[*place].default && !places.contains(place)).collect();
        if !missing.is_empty() {
            self.missing_arguments(callable, params, &missing, args, span);
            return None;
        }
        Some(places)
    }

    /// Evaluates a value into a local, unless when it is evaluated makes no difference.
    pub(super) fn evaluate_first(&mut self, id: ExprId, before: &mut Vec<Stmt>) -> ExprId {
        if self.is_stable(id) {
            return id;
        }
        let span = self.span_of(id);
        let (local, stmt) = self.temporary(id);
        before.push(stmt);
        self.local_value(local, span)
    }

    /// Whether an expression gives the same value whenever it is evaluated, and does nothing else.
    pub(super) fn is_stable(&self, id: ExprId) -> bool {
        match &self.body.exprs[id.index()].kind {
            ExprKind::Literal(literal) => !matches!(literal, crate::hir::Literal::Bytes(_)),
            ExprKind::Unit | ExprKind::Function(..) => true,
            ExprKind::Local(local) => !self.body.locals[local.index()].mutable,
            _ => false,
        }
    }

    /// The tree of a parameter's default.
    /// A default that can stand in the call itself: a literal which has the right type without doubt.
    fn literal_default(&self, callable: Callable, index: usize, ty: Ty) -> Option<&'a ast::Literal> {
        let tree = match callable {
            Callable::Function(id) => match self.decls.functions[id.index()].source {
                crate::resolve::FnSource::Function(ast) => ast.params.get(index)?.default.as_ref()?,
                _ => return None,
            },
            Callable::Struct(id) => {
                self.decls.structs[id.index()].ast?.fields.get(index)?.default.as_ref()?
            }
            Callable::Variant(_) | Callable::Value => return None,
        };
        match &tree.kind {
            Ast::Literal(literal) => Some(literal).filter(|literal| is_of(literal, ty)),
            _ => None,
        }
    }

    /// Whether all defaults that are needed can stand in the call itself.
    fn literal_defaults(&self, callable: Callable, params: &[ParamView], values: &[Option<ExprId>]) -> bool {
        let mut places = values.iter().zip(params).enumerate();
        places.all(|(index, (value, param))| {
            value.is_some() || self.literal_default(callable, index, param.ty).is_some()
        })
    }

    #[allow(clippy::too_many_arguments, reason = "the parts of a call")]
    fn fill_defaults(
        &mut self,
        callable: Callable,
        params: &[ParamView],
        type_args: &[Ty],
        receiver: Option<ExprId>,
        values: &mut [Option<ExprId>],
        before: &mut Vec<Stmt>,
        span: Span,
    ) {
        for index in 0..values.len() {
            if values[index].is_some() {
                continue;
            }
            if let Some(literal) = self.literal_default(callable, index, params[index].ty) {
                let id = self.literal(literal, Expect::Must(params[index].ty, Why::NONE), span);
                values[index] = Some(self.coerce(id, params[index].ty, Why::NONE));
                continue;
            }
            let function = match callable {
                Callable::Function(id) => self.default_function(id, index as u32),
                Callable::Struct(id) => self.field_default(id, index as u32),
                Callable::Variant(_) | Callable::Value => return,
            };
            self.uses(function);
            let mut earlier = Vec::new();
            for value in receiver.iter().copied().chain(values[..index].iter().flatten().copied()) {
                earlier.push(self.copy_stable(value));
            }
            let list = self.types.intern_list(type_args);
            let callee = crate::hir::Callee::Function(function, list);
            let call = crate::hir::Call { callee, args: earlier.into() };
            let id = self.add(ExprKind::Call(Box::new(call)), params[index].ty, span);
            values[index] = Some(self.evaluate_first(id, before));
        }
    }

    /// Another expression for a value that is stable.
    pub(super) fn copy_stable(&mut self, id: ExprId) -> ExprId {
        let expr = &self.body.exprs[id.index()];
        let (ty, span) = (expr.ty, expr.span);
        let kind = match &expr.kind {
            ExprKind::Literal(literal) => ExprKind::Literal(literal.clone()),
            ExprKind::Unit => ExprKind::Unit,
            ExprKind::Function(function, args) => ExprKind::Function(*function, *args),
            ExprKind::Local(local) => ExprKind::Local(*local),
            _ => ExprKind::Error,
        };
        let copy = self.add(kind, ty, span);
        if self.types.has_infer(ty) && self.body.literals.contains(&id) {
            self.body.literals.push(copy);
        }
        copy
    }
}

/// Whether an argument is a closure, whose parameters' types the other arguments may decide.
fn is_closure(expr: &ast::Expr) -> bool {
    match &expr.kind {
        Ast::Closure(_) => true,
        Ast::Paren(inner) => is_closure(inner),
        _ => false,
    }
}

/// Whether a literal has a type without doubt.
fn is_of(literal: &ast::Literal, ty: Ty) -> bool {
    use ast::Literal::{Bool, Char, Float, Int, Str};
    match literal {
        Int(_) => ty == Ty::INT || ty == Ty::FLOAT,
        Float(_) => ty == Ty::FLOAT,
        Str(_) => ty == Ty::STR,
        Bool(_) => ty == Ty::BOOL,
        Char(_) => ty == Ty::CHAR,
        _ => false,
    }
}

//! The state of checking one body, and the bodies of each kind of function.

use std::rc::Rc;

use super::infer::Var;
use super::pending::Pending;
use super::report::Why;
use super::{
    Checker, Purpose, TypeScope,
    closures::{ClosureInfo, ClosureState},
    loops::LoopState,
};
use crate::ast::{self, Item, Name, StmtKind};
use crate::hir::{
    Block, Body, Code, Expr, ExprId, ExprKind, FnId, GlobalId, Local, LocalId, Owner, Param, Stmt, StructId,
    Ty,
};
use crate::modules::{ModuleId, Role};
use crate::resolve::{Def, FnSource};
use crate::source::Span;

use super::expr::Expect;

/// What a name is bound to within bodies. The number tells which body it was.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Binding {
    None,
    Local(u32, LocalId),
    /// A function or constant declared in a block, or a global that has been initialised.
    Def(u32, Def),
}

/// The declarations around a nested function.
pub(super) struct Surroundings {
    pub defs: Vec<(Name, Def)>,
    pub self_ty: Option<Ty>,
    /// The locals of the functions around it, which it cannot use.
    pub locals: Rc<[Name]>,
}

/// What is known of a local beside its declaration.
#[derive(Clone, Copy)]
pub(super) struct LocalState {
    /// How many closures it is in.
    pub depth: u32,
    pub used: bool,
    /// Whether it is reported when it is not used.
    pub warn: bool,
    /// The `let` that binds it.
    pub keyword: Option<Span>,
    /// Whether something assigns to it after its declaration.
    pub changed: bool,
}

/// The state of checking one body.
pub(super) struct BodyState<'a> {
    pub function: FnId,
    /// Different for every body, so that names of surrounding bodies are told apart.
    pub serial: u32,
    pub exprs: Vec<Expr>,
    pub locals: Vec<Local>,
    pub local_states: Vec<LocalState>,
    pub vars: Vec<Var>,
    /// What was bound since the oldest snapshot.
    pub trail: Vec<(u32, super::infer::VarKind)>,
    pub snapshots: u32,
    pub open_literals: Vec<u32>,
    /// Set when unification failed because a type would contain itself.
    pub infinite: bool,
    /// Its outermost statements.
    pub statements: &'a [ast::Stmt],
    /// Where errors were reported since it began.
    pub errors: Vec<u32>,
    /// The names in it that nothing declares.
    pub unknown: rustc_hash::FxHashSet<Name>,
    /// The names that closures are being bound to.
    pub naming: Vec<Name>,
    /// Literals of types that were unknown when they were made.
    pub literals: Vec<ExprId>,
    pub pending: Vec<Pending<'a>>,
    /// By the number of the name.
    bindings: Vec<Binding>,
    /// What was bound before, for the ends of scopes.
    undo: Vec<(Name, Binding)>,
    pub loops: Vec<LoopState>,
    pub loop_count: u32,
    /// The closures around what is checked, outermost first.
    pub closures: Vec<ClosureState>,
    /// All closures of the body.
    pub closure_infos: Vec<ClosureInfo>,
    /// The results of closures that never give one: unit, if nothing decides.
    pub endless_results: Vec<Ty>,
    /// The type that `return` and `?` give; that of the innermost closure within one.
    pub result: Ty,
    pub result_why: Why,
    /// In a function without a result: the expression at its end, and where the result's type would stand.
    pub dropped: Option<(Span, Span)>,
    /// Whether this is the top level of a file, where `return` means nothing.
    pub top_level: bool,
    /// The functions declared in it.
    pub nested: Vec<FnId>,
    /// The `var` statements in it: the word, and the locals that it declares.
    pub vars_declared: Vec<(Span, std::ops::Range<usize>)>,
}

impl BodyState<'_> {
    pub(super) fn new(names: usize) -> Self {
        BodyState {
            function: FnId(0),
            serial: 0,
            exprs: Vec::new(),
            locals: Vec::new(),
            local_states: Vec::new(),
            vars: Vec::new(),
            trail: Vec::new(),
            snapshots: 0,
            open_literals: Vec::new(),
            infinite: false,
            statements: &[],
            errors: Vec::new(),
            unknown: rustc_hash::FxHashSet::default(),
            naming: Vec::new(),
            literals: Vec::new(),
            pending: Vec::new(),
            bindings: vec![Binding::None; names],
            undo: Vec::new(),
            loops: Vec::new(),
            loop_count: 0,
            closures: Vec::new(),
            closure_infos: Vec::new(),
            endless_results: Vec::new(),
            result: Ty::UNIT,
            result_why: Why::NONE,
            dropped: None,
            top_level: false,
            nested: Vec::new(),
            vars_declared: Vec::new(),
        }
    }

    fn reset(&mut self, function: FnId) {
        self.function = function;
        self.serial += 1;
        self.exprs.clear();
        self.locals.clear();
        self.local_states.clear();
        self.vars.clear();
        self.trail.clear();
        self.snapshots = 0;
        self.open_literals.clear();
        self.literals.clear();
        self.pending.clear();
        self.loops.clear();
        self.loop_count = 0;
        self.closures.clear();
        self.closure_infos.clear();
        self.endless_results.clear();
        self.statements = &[];
        self.errors.clear();
        self.unknown.clear();
        self.dropped = None;
        self.top_level = false;
        self.nested.clear();
        self.vars_declared.clear();
        self.leave(0);
    }

    /// Whether an error was reported in the outermost statement around a place: what is unknown there may follow from it.
    pub(super) fn is_broken_at(&self, at: u32) -> bool {
        let next = self.statements.partition_point(|stmt| stmt.span.lo <= at);
        let around = next.checked_sub(1).map(|index| self.statements[index].span);
        let around = around.unwrap_or_default();
        self.errors.iter().any(|error| (around.lo..around.hi).contains(error))
    }

    /// Begins a scope: its names go when it is left.
    pub(super) fn enter(&self) -> usize {
        self.undo.len()
    }

    /// Ends the scopes begun since `mark`.
    pub(super) fn leave(&mut self, mark: usize) {
        while self.undo.len() > mark {
            if let Some((name, before)) = self.undo.pop() {
                self.bindings[name.index() as usize] = before;
            }
        }
    }

    pub(super) fn bind(&mut self, name: Name, binding: Binding) {
        let index = name.index() as usize;
        if index >= self.bindings.len() {
            self.bindings.resize(index + 1, Binding::None);
        }
        let before = std::mem::replace(&mut self.bindings[index], binding);
        self.undo.push((name, before));
    }

    pub(super) fn binding(&self, name: Name) -> Binding {
        self.bindings.get(name.index() as usize).copied().unwrap_or(Binding::None)
    }

    /// All bindings that are visible.
    pub(super) fn visible(&self) -> Vec<(Name, Binding)> {
        let mut names = self.names_in_scope();
        names.sort_unstable();
        names.dedup();
        names.into_iter().map(|name| (name, self.binding(name))).collect()
    }

    /// The names that are bound, newest first; a name may occur twice.
    pub(super) fn names_in_scope(&self) -> Vec<Name> {
        let bound = self.undo.iter().rev().map(|(name, _)| *name);
        bound.filter(|name| self.binding(*name) != Binding::None).collect()
    }
}

impl<'a> Checker<'a, '_> {
    /// Adds an expression to the body.
    pub(super) fn add(&mut self, kind: ExprKind, ty: Ty, span: Span) -> ExprId {
        let id = ExprId(self.body.exprs.len() as u32);
        self.body.exprs.push(Expr { kind, ty, span });
        id
    }

    /// What stands for a wrong expression.
    pub(super) fn error_expr(&mut self, span: Span) -> ExprId {
        self.add(ExprKind::Error, Ty::ERROR, span)
    }

    pub(super) fn ty_of(&self, id: ExprId) -> Ty {
        self.body.exprs[id.index()].ty
    }

    pub(super) fn span_of(&self, id: ExprId) -> Span {
        self.body.exprs[id.index()].span
    }

    /// Adds a local without binding its name.
    pub(super) fn new_local(&mut self, name: Name, ty: Ty, mutable: bool, span: Span) -> LocalId {
        let id = LocalId(self.body.locals.len() as u32);
        self.body.locals.push(Local { name, ty, mutable, captured: false, span });
        let depth = self.body.closures.len() as u32;
        self.body.local_states.push(LocalState {
            depth,
            used: false,
            warn: false,
            keyword: None,
            changed: false,
        });
        id
    }

    /// Adds a local and binds its name in the current scope.
    pub(super) fn declare_local(&mut self, name: ast::Ident, ty: Ty, mutable: bool) -> LocalId {
        let id = self.new_local(name.name, ty, mutable, name.span);
        self.body.local_states[id.index()].warn = true;
        self.bind_local(name.name, id);
        id
    }

    pub(super) fn bind_local(&mut self, name: Name, id: LocalId) {
        if name != ast::known::UNDERSCORE {
            self.body.bind(name, Binding::Local(self.body.serial, id));
        }
    }

    /// A local that the compiler makes, with its initial value.
    pub(super) fn temporary(&mut self, value: ExprId) -> (LocalId, Stmt) {
        let (ty, span) = (self.ty_of(value), self.span_of(value));
        let local = self.new_local(ast::known::EMPTY, ty, false, span);
        (local, self.let_local(local, value))
    }

    /// `let local = value`
    pub(super) fn let_local(&mut self, local: LocalId, value: ExprId) -> Stmt {
        let (ty, span) = (self.ty_of(value), self.span_of(value));
        let kind = crate::hir::PatternKind::Bind(local, None);
        let pattern = crate::hir::Pattern { kind, ty, span };
        Stmt::Let(Box::new(crate::hir::Let { pattern, value, otherwise: None }))
    }

    /// The value of a local that the compiler made.
    pub(super) fn local_value(&mut self, local: LocalId, span: Span) -> ExprId {
        let ty = self.body.locals[local.index()].ty;
        self.add(ExprKind::Local(local), ty, span)
    }

    /// A block of statements with a value, or the value alone when there are none.
    pub(super) fn sequence(&mut self, stmts: Vec<Stmt>, value: ExprId) -> ExprId {
        if stmts.is_empty() {
            return value;
        }
        let (ty, span) = (self.ty_of(value), self.span_of(value));
        self.add(ExprKind::Block(Box::new(Block { stmts: stmts.into(), value: Some(value) })), ty, span)
    }

    /// Checks a function's body and stores it.
    pub(super) fn check_function(&mut self, id: FnId) {
        let decl = &self.decls.functions[id.index()];
        let (source, module, owner) = (decl.source, decl.module, decl.owner);
        let (_, mut scope) = self.owner_scope(owner);
        scope.params = self.program.function(id).generics.iter().map(|param| param.name).collect();
        if let Some(around) = self.nested.get(&id) {
            scope.self_ty = around.self_ty;
        }
        self.in_scope(module, scope, |checker| {
            checker.body.reset(id);
            checker.bind_surroundings(id);
            let Some((params, root)) = checker.check_source(id, source) else { return };
            checker.tell_nested(id);
            checker.store(id, params, root);
        });
    }

    fn bind_surroundings(&mut self, id: FnId) {
        let Some(around) = self.nested.get(&id) else { return };
        for &(name, def) in &around.defs {
            self.body.bind(name, Binding::Def(self.body.serial, def));
        }
    }

    /// Tells the functions nested in a checked body which names are its locals.
    fn tell_nested(&mut self, id: FnId) {
        let nested = std::mem::take(&mut self.body.nested);
        if nested.is_empty() {
            return;
        }
        let around = self.nested.get(&id).map(|around| around.locals.clone());
        let own = self.body.locals.iter().map(|local| local.name);
        let locals: Rc<[Name]> = own.chain(around.iter().flat_map(|around| around.iter().copied())).collect();
        for id in nested {
            if let Some(around) = self.nested.get_mut(&id) {
                around.locals = locals.clone();
            }
        }
    }

    /// Whether a name is a local of a function around this one.
    pub(super) fn is_outer_local(&self, name: Name) -> bool {
        self.nested.get(&self.body.function).is_some_and(|around| around.locals.contains(&name))
    }

    /// The parameters and the value of a function's body; nothing for one without a body.
    fn check_source(&mut self, id: FnId, source: FnSource<'a>) -> Option<(Vec<LocalId>, ExprId)> {
        Some(match source {
            FnSource::Function(ast) => {
                let body = ast.body.as_ref()?;
                let params = self.parameters(id, &ast.params);
                (params, self.function_body(id, ast, body))
            }
            FnSource::Extern(..) | FnSource::ExternVar(..) => return None,
            FnSource::Initializer(module) => (Vec::new(), self.top_level(module)),
            FnSource::Test(test) => {
                self.body.result = Ty::UNIT;
                self.body.statements = &test.body.stmts;
                (Vec::new(), self.block(&test.body, Expect::Discard))
            }
            FnSource::Default(..) | FnSource::FieldDefault(..) => self.default_body(id, source)?,
        })
    }

    /// Makes and binds the parameters of a function.
    fn parameters(&mut self, id: FnId, _ast: &'a [ast::Param]) -> Vec<LocalId> {
        (0..self.program.function(id).params.len())
            .map(|index| {
                let param = &self.program.function(id).params[index];
                let (name, ty, span) = (param.name, param.ty, param.span);
                let local = self.new_local(name, ty, false, span);
                self.bind_local(name, local);
                local
            })
            .collect()
    }

    fn function_body(&mut self, id: FnId, ast: &'a ast::Function, body: &'a ast::Block) -> ExprId {
        let result = self.program.function(id).result;
        let text = "expected because of this result type";
        let why = ast.result.as_ref().map_or(Why::NONE, |ty| Why::new(ty.span, text));
        self.body.result = result;
        self.body.result_why = why;
        self.body.statements = &body.stmts;
        if result == Ty::UNIT {
            self.body.dropped = body.stmts.last().map(|last| (last.span, ast.signature.end()));
            self.block(body, Expect::Discard)
        } else {
            self.result_block(body, result, why, ast.name.span)
        }
    }

    /// The default of a parameter or field: a function of those before it.
    fn default_body(&mut self, id: FnId, source: FnSource<'a>) -> Option<(Vec<LocalId>, ExprId)> {
        let value = match source {
            FnSource::Default(function, index) => match self.decls.functions[function.index()].source {
                FnSource::Function(ast) => ast.params.get(index as usize)?.default.as_ref()?,
                _ => return None,
            },
            FnSource::FieldDefault(id, index) => {
                self.decls.structs[id.index()].ast?.fields.get(index as usize)?.default.as_ref()?
            }
            _ => return None,
        };
        let params = self.parameters(id, &[]);
        let result = self.program.function(id).result;
        self.body.result = result;
        let root = self.expr_as(value, result, Why::NONE);
        Some((params, root))
    }

    /// The function that gives a parameter's default.
    pub(super) fn default_function(&mut self, of: FnId, index: u32) -> FnId {
        let has_self = self.program.function(of).has_self;
        let place = index as usize + usize::from(has_self);
        let function = self.program.function(of);
        let params: Vec<Param> = function.params[..place].to_vec();
        let (result, generics, owner) =
            (function.params[place].ty, function.generics.clone(), function.owner);
        let module = self.decls.functions[of.index()].module;
        let made = FnSource::Default(of, index);
        self.make_default((false, of.0, index), made, module, params, result, generics, owner)
    }

    /// The function that gives a field's default.
    pub(super) fn field_default(&mut self, of: StructId, index: u32) -> FnId {
        let item = self.program.struct_(of);
        let param = |field: &crate::hir::Field| Param { name: field.name, ty: field.ty, span: field.span };
        let params: Vec<Param> = item.fields[..index as usize].iter().map(param).collect();
        let (result, generics) = (item.fields[index as usize].ty, item.generics.clone());
        let module = self.decls.structs[of.index()].module;
        let made = FnSource::FieldDefault(of, index);
        self.make_default((true, of.0, index), made, module, params, result, generics, Owner::Module)
    }

    /// Sees to it that the defaults of a function are checked, even if no call needs them.
    pub(super) fn check_defaults(&mut self, of: FnId) {
        let FnSource::Function(ast) = self.decls.functions[of.index()].source else { return };
        let function = self.program.function(of);
        let count = function.params.len() - usize::from(function.has_self);
        for index in 0..ast.params.len().min(count) {
            if ast.params[index].default.is_some() {
                let made = self.default_function(of, index as u32);
                self.used_by(of, made);
            }
        }
    }

    /// As [`Checker::check_defaults`], of the fields of the program's structs.
    pub(super) fn check_field_defaults(&mut self) {
        for index in 0..self.decls.structs.len() {
            let id = StructId(index as u32);
            let decl = &self.decls.structs[index];
            let Some(ast) = decl.ast.filter(|_| !self.is_standard(decl.module)) else { continue };
            for field in 0..ast.fields.len() {
                if ast.fields[field].default.is_some() && self.program.struct_(id).fields.len() > field {
                    self.field_default(id, field as u32);
                }
            }
        }
    }

    #[allow(clippy::too_many_arguments, reason = "the parts of a declaration")]
    fn make_default(
        &mut self,
        key: (bool, u32, u32),
        source: FnSource<'a>,
        module: ModuleId,
        params: Vec<Param>,
        result: Ty,
        generics: Vec<crate::hir::TypeParam>,
        owner: Owner,
    ) -> FnId {
        if let Some(&made) = self.default_functions.get(&key) {
            return made;
        }
        let id = FnId(self.program.functions.len() as u32);
        self.decls.functions.push(crate::resolve::FnDecl { source, module, owner });
        self.program.functions.push(crate::hir::Function {
            name: ast::known::EMPTY,
            module: crate::hir::ModuleId(module.0),
            owner,
            outer_generics: generics.len() as u32,
            generics,
            has_self: false,
            params,
            result,
            code: Code::Unreached,
            span: Span::default(),
        });
        self.reached.push(false);
        self.default_functions.insert(key, id);
        self.reach(id);
        id
    }

    /// Whether a file has statements or globals at its top level.
    pub(super) fn has_top_level(&self, module: ModuleId) -> bool {
        let stmts = &self.modules.get(module).ast.stmts;
        stmts.iter().any(|stmt| !matches!(stmt.kind, StmtKind::Item(_)))
    }

    /// The statements of a file in order; its `let`s make globals.
    fn top_level(&mut self, module: &'a ast::Module) -> ExprId {
        self.body.result = Ty::UNIT;
        self.body.top_level = true;
        self.body.statements = &module.stmts;
        let role = self.modules.get(self.module).role;
        let displays = self.purpose == Purpose::Increment && role == Role::Entry;
        let mut stmts = Vec::new();
        let mut next_global = self.first_global();
        let mut shown = None;
        let last = module.stmts.last().map_or(std::ptr::null(), std::ptr::from_ref);
        for stmt in &module.stmts {
            match &stmt.kind {
                StmtKind::Item(_) => {}
                StmtKind::Let(binding) => self.global_let(binding, &mut next_global, &mut stmts),
                StmtKind::Error => {}
                _ if !role.has_statements() => self.statement_in_module(stmt.span),
                StmtKind::Expr(expr) if displays && std::ptr::eq(stmt, last) => {
                    shown = Some(self.displayed(expr, &mut stmts));
                }
                _ => {
                    let kept = stmts.len();
                    self.statement(stmt, &mut stmts);
                    if self.purpose == Purpose::Tests {
                        stmts.truncate(kept);
                    }
                }
            }
        }
        self.settle_all();
        self.settle_globals();
        if let Some(id) = shown {
            self.finish_display(id, &mut stmts);
        }
        let block = Block { stmts: stmts.into(), value: None };
        self.add(ExprKind::Block(Box::new(block)), Ty::UNIT, module.span.start())
    }

    fn statement_in_module(&mut self, span: Span) {
        let message = "only the entry file has statements at its top level";
        let diagnostic = crate::diagnostics::Diagnostic::new(
            crate::diagnostics::codes::STATEMENT_IN_MODULE,
            span,
            message,
        );
        self.report(diagnostic.help("put it into a function"));
    }

    /// The number of the first global of the file.
    fn first_global(&self) -> GlobalId {
        let first = self.decls.globals.iter().position(|global| global.module == self.module);
        GlobalId(first.unwrap_or(0) as u32)
    }

    /// Gives the file's globals their types without unknown parts.
    fn settle_globals(&mut self) {
        for index in 0..self.global_types.len() {
            if self.decls.globals[index].module != self.module {
                continue;
            }
            let Some(ty) = self.global_types[index] else { continue };
            let mut ty = self.resolve(ty);
            if self.types.has_infer(ty) {
                let span = self.program.globals[index].span;
                self.cannot_infer(ty, span);
                ty = Ty::ERROR;
            }
            self.set_global_type(GlobalId(index as u32), ty);
        }
    }

    fn store(&mut self, id: FnId, params: Vec<LocalId>, root: ExprId) {
        self.settle_all();
        self.finish_body();
        let body = Body {
            locals: std::mem::take(&mut self.body.locals),
            exprs: std::mem::take(&mut self.body.exprs),
            params,
            root,
            loops: self.body.loop_count,
        };
        self.program.functions[id.index()].code = Code::Body(Box::new(body));
    }

    /// The nested functions and constants that are visible, for a function declared among them.
    pub(super) fn visible_defs(&self) -> Vec<(Name, Def)> {
        let mut names = self.body.names_in_scope();
        names.dedup();
        let def = |name: Name| match self.body.binding(name) {
            Binding::Def(_, def) => Some((name, def)),
            _ => None,
        };
        names.into_iter().filter_map(def).collect()
    }

    /// Declares the functions and constants of a block, which are visible in all of it.
    pub(super) fn declare_items(&mut self, stmts: &'a [ast::Stmt]) {
        let mut made = Vec::new();
        for stmt in stmts {
            let StmtKind::Item(item) = &stmt.kind else { continue };
            match item {
                Item::Function(ast) => {
                    let id = FnId(self.program.functions.len() as u32 + made.len() as u32);
                    made.push((id, &**ast));
                    self.body.bind(ast.name.name, Binding::Def(self.body.serial, Def::Function(id)));
                }
                Item::Const(ast) => {
                    let id = self.local_const(ast);
                    self.body.bind(ast.name.name, Binding::Def(self.body.serial, Def::Const(id)));
                }
                _ => {}
            }
        }
        if made.is_empty() {
            return;
        }
        let defs = self.visible_defs();
        for (id, ast) in made {
            self.nested_function(id, ast, defs.clone());
        }
    }

    fn nested_function(&mut self, id: FnId, ast: &'a ast::Function, defs: Vec<(Name, Def)>) {
        let outer = self.body.function;
        let owner = Owner::Function(outer);
        let generics = self.program.function(outer).generics.clone();
        let scope = TypeScope {
            params: generics.iter().map(|param| param.name).collect(),
            self_ty: self.type_scope.self_ty,
        };
        let (module, self_ty) = (self.module, self.type_scope.self_ty);
        let function = self.in_scope(module, scope, |checker| checker.signature(ast, owner, generics));
        self.program.functions.push(crate::hir::Function {
            module: crate::hir::ModuleId(module.0),
            owner,
            ..function
        });
        self.decls.functions.push(crate::resolve::FnDecl { source: FnSource::Function(ast), module, owner });
        self.reached.push(false);
        self.nested.insert(id, Surroundings { defs, self_ty, locals: Rc::from([]) });
        self.body.nested.push(id);
        self.reach(id);
    }
}

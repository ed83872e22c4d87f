//! Lowering: the typed tree into the intermediate form.
//!
//! It starts from what a run executes and goes on to every function that is reached, once for each list of type arguments.
//! Values of several words travel in several registers; nothing that the language calls a value is allocated unless it is larger
//! than that. Evaluation is strictly from left to right.

mod arrays;
mod builder;
mod calls;
mod closures;
mod conditions;
mod control;
mod derive;
mod entry;
mod expr;
mod extern_structs;
mod foreign;
mod heap;
mod intrinsics;
mod keys;
mod layout;
mod loops;
mod objects;
mod patterns;
mod places;
mod ranges;
mod show;
mod switches;
#[cfg(test)]
mod tests;
mod unset;
mod value;

use std::rc::Rc;

use lang_bytecode::{FuncId, Signature, TypeId};
use rustc_hash::FxHashMap;

use crate::ast::Names;
use crate::diagnostics::{Diagnostic, codes};
use crate::hir::{self, Code, FnId, StructId, TraitId, Ty, TyList, Types};
use crate::ir;
use crate::source::Span;
use builder::Builder;
use heap::Pending;
use layout::{Layout, Part};

/// What runs behind the initialisers.
#[derive(Clone, Copy, Debug)]
pub enum Start<'s> {
    /// Nothing: the top-level statements are all.
    TopLevel,
    /// `main`.
    Main(hir::Main),
    /// A test.
    Test(FnId),
    /// What was entered last in a session, on top of what ran before.
    Increment(&'s Ran),
}

/// What ran already in a session.
#[derive(Clone, Debug, Default)]
pub struct Ran {
    /// For each file whether its top-level statements ran.
    pub modules: Vec<bool>,
}

/// Lowers a program without errors. What only instances show to be wrong is reported: a closure that C cannot call, for one.
pub fn lower(
    program: &hir::Program,
    types: &mut Types,
    names: &Names,
    start: Start<'_>,
) -> Result<ir::Program, Vec<Diagnostic>> {
    let mut lower = Lower::new(program, types, names);
    lower.in_session = matches!(start, Start::Increment(_));
    lower.globals();
    lower.entry(start);
    while let Some(work) = lower.work.pop() {
        lower.run(work);
    }
    if lower.errors.is_empty() {
        lower.define_types();
        lower.guard_globals(start);
        if let Start::Increment(_) = start {
            lower.name_parts();
        }
    }
    if lower.errors.is_empty() { Ok(lower.out) } else { Err(lower.errors) }
}

/// A function that waits to be lowered.
enum Work<'p> {
    /// A function of the program with its type arguments.
    Function(FuncId, FnId, Rc<[Ty]>),
    /// A closure within a function.
    Closure(closures::Pending<'p>),
    /// A derived method: the trait, the method and the type.
    Derived(FuncId, TraitId, u32, Ty),
    /// A function as a value: its code, which drops the closure, and the function itself.
    Thunk(FuncId, FuncId),
    /// A method of a trait object: its code, the type within the object, and the method.
    Unbox(FuncId, Ty, FuncId),
    /// Code of a trait's method for objects of another trait.
    Virtual(FuncId, Ty, TraitId, u32),
}

/// The lowering of a program.
struct Lower<'p> {
    program: &'p hir::Program,
    types: &'p mut Types,
    names: &'p Names,
    out: ir::Program,
    errors: Vec<Diagnostic>,
    work: Vec<Work<'p>>,
    instances: FxHashMap<(FnId, TyList), FuncId>,
    /// Of the standard library's generic functions, where the program asked for each instance first.
    asked_at: FxHashMap<FuncId, Span>,
    derived: FxHashMap<(TraitId, u32, Ty), FuncId>,
    natives: FxHashMap<(String, Signature), u32>,
    /// The types of closures without captures, by the function that they call.
    function_values: FxHashMap<(FuncId, Ty), TypeId>,
    methods: FxHashMap<(TypeId, u32), u32>,
    layouts: Vec<Option<Rc<Layout>>>,
    objects: FxHashMap<(StructId, TyList), bool>,
    heap_types: FxHashMap<Ty, TypeId>,
    boxes: FxHashMap<Ty, TypeId>,
    cells: FxHashMap<Ty, TypeId>,
    object_parts: FxHashMap<Ty, Rc<[Part]>>,
    variant_parts: FxHashMap<Ty, Rc<[Vec<Part>]>>,
    pending: Vec<Pending>,
    extents: Vec<Option<heap::Extent>>,
    /// For each trait object type, its table.
    tables: FxHashMap<Ty, objects::Table>,
    /// The uses of C that have an entry.
    c_uses: FxHashMap<foreign::Use, u32>,
    c_structs: FxHashMap<StructId, Rc<extern_structs::CStruct>>,
    /// The structs that are passed by value.
    c_layouts: FxHashMap<StructId, u32>,
    /// The first of each global's words.
    first_global: Vec<u32>,
    /// Whether later programs go on with what this one makes.
    in_session: bool,
}

impl<'p> Lower<'p> {
    fn new(program: &'p hir::Program, types: &'p mut Types, names: &'p Names) -> Lower<'p> {
        let standard = program.modules.iter().map(|module| module.standard).collect();
        Lower {
            program,
            types,
            names,
            out: ir::Program { standard, ..ir::Program::default() },
            errors: Vec::new(),
            work: Vec::new(),
            instances: FxHashMap::default(),
            asked_at: FxHashMap::default(),
            derived: FxHashMap::default(),
            natives: FxHashMap::default(),
            function_values: FxHashMap::default(),
            methods: FxHashMap::default(),
            layouts: Vec::new(),
            objects: FxHashMap::default(),
            heap_types: FxHashMap::default(),
            boxes: FxHashMap::default(),
            cells: FxHashMap::default(),
            object_parts: FxHashMap::default(),
            variant_parts: FxHashMap::default(),
            pending: Vec::new(),
            extents: Vec::new(),
            tables: FxHashMap::default(),
            c_uses: FxHashMap::default(),
            c_structs: FxHashMap::default(),
            c_layouts: FxHashMap::default(),
            first_global: Vec::new(),
            in_session: false,
        }
    }

    /// Reports what the checker should not have let through, once a place.
    fn fault(&mut self, span: Span, message: &str) {
        if self.errors.iter().all(|error| error.primary.span != span) {
            self.errors.push(Diagnostic::new(codes::INTERNAL, span, message));
        }
    }

    /// The number of a new function; its body comes later.
    fn reserve_function(&mut self, name: &str, signature: &Signature) -> FuncId {
        let id = FuncId(self.out.functions.len() as u32);
        self.out.functions.push(ir::Function::new(name.into(), &signature.params, signature.results.clone()));
        id
    }

    /// The function for a list of type arguments; it is lowered later.
    fn instance(&mut self, id: FnId, args: TyList) -> FuncId {
        if let Some(&known) = self.instances.get(&(id, args)) {
            return known;
        }
        let types: Rc<[Ty]> = self.types.list(args).into();
        let item = self.program.function(id);
        let params: Vec<Ty> = item.params.iter().map(|param| self.types.subst(param.ty, &types)).collect();
        let result = self.types.subst(item.result, &types);
        let signature = self.signature(&params, result);
        let name = self.function_name(id);
        let func = self.reserve_function(&name, &signature);
        self.instances.insert((id, args), func);
        let deep = types.iter().any(|ty| self.grows_without_end(*ty));
        if !deep {
            self.work.push(Work::Function(func, id, types));
        }
        func
    }

    /// A function's name for people: `Board.place`.
    fn function_name(&self, id: FnId) -> String {
        let item = self.program.function(id);
        let own = self.names.text(item.name);
        if let Some(test) = self.program.tests.iter().find(|test| test.function == id) {
            return format!("test \"{}\"", self.names.text(test.name));
        }
        // A file's initialisers and top-level statements.
        let own = if own.is_empty() { "<top level>" } else { own };
        match item.owner {
            hir::Owner::Module | hir::Owner::Function(_) => own.to_owned(),
            hir::Owner::Trait(of) => format!("{}.{own}", self.names.text(self.program.trait_(of).name)),
            hir::Owner::Impl(of) => {
                let item = self.program.impl_(of);
                let params: Vec<_> = item.generics.iter().map(|param| param.name).collect();
                let target = hir::type_text(self.program, self.types, self.names, &params, item.target);
                format!("{target}.{own}")
            }
        }
    }

    fn run(&mut self, work: Work<'p>) {
        match work {
            Work::Function(func, id, args) => self.function(func, id, args),
            Work::Closure(pending) => self.closure(pending),
            Work::Derived(func, of, method, ty) => self.derive(func, of, method, ty),
            Work::Thunk(func, callee) => self.thunk(func, callee),
            Work::Unbox(func, ty, callee) => self.unbox_method(func, ty, callee),
            Work::Virtual(func, object, of, method) => self.virtual_method(func, object, of, method),
        }
    }

    fn function(&mut self, func: FuncId, id: FnId, args: Rc<[Ty]>) {
        let program = self.program;
        let item = program.function(id);
        match &item.code {
            Code::Body(body) => {
                let result = self.types.subst(item.result, &args);
                let mut builder = Builder::new(self, func, Some(body), args, result);
                builder.at(item.span);
                let mut next = 0;
                for &param in &body.params {
                    next = builder.parameter(param, next);
                }
                builder.body(body.root);
                builder.finish();
            }
            Code::Intrinsic(name) => {
                let (name, params) = (*name, item.params.clone());
                self.intrinsic_function(func, name, &params, item.result, args);
            }
            Code::C(_) => self.c_function_value(func, id),
            Code::Required | Code::Unreached => {
                let name = self.function_name(id);
                let message = format!("`{name}` is called, but has no body");
                self.fault(item.span, &message);
            }
        }
    }

    /// The import of a native with these types.
    fn native(&mut self, name: &str, signature: Signature) -> u32 {
        let key = (name.to_owned(), signature);
        if let Some(&known) = self.natives.get(&key) {
            return known;
        }
        let id = self.out.natives.len() as u32;
        self.out.natives.push(lang_bytecode::NativeImport { name: key.0.clone(), signature: key.1.clone() });
        self.natives.insert(key, id);
        id
    }

    /// Gives the global variables their numbers.
    fn globals(&mut self) {
        let program = self.program;
        for global in &program.globals {
            self.first_global.push(self.out.globals.len() as u32);
            let name = self.names.text(global.name).to_owned();
            for ty in self.layout(global.ty).words.clone() {
                self.out.globals.push(lang_bytecode::Global { name: name.clone(), ty });
            }
        }
    }
}

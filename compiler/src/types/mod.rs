//! Type checking: from the syntax tree to the typed tree.
//!
//! Signatures are read first, all of them; then the top-level statements of each file, which give the
//! globals their types; then the bodies of the program's functions and of those standard functions
//! that they reach. Inference is local to a body: unknown types are numbers in a table, unification
//! finds what they stand for, and what cannot be decided yet waits in a list (`pending`).
//!
//! One mistake makes one error: a wrong expression has the error type, which fits everywhere silently.

mod arguments;
mod assign;
mod body;
mod builtins;
mod calls;
mod closures;
mod coerce;
mod constants;
mod constructor_patterns;
mod constructors;
mod control;
mod display;
mod elsewhere;
mod exhaustive;
mod expr;
mod fields;
mod finish;
mod foreign;
mod immutable;
mod impl_reports;
mod impls;
mod index;
mod infer;
mod interpolate;
mod literals;
mod lookup;
mod loops;
mod main_function;
mod meant;
mod methods;
mod operands;
mod operators;
mod paths;
mod patterns;
mod pending;
mod questions;
mod remedies;
mod report;
mod signatures;
mod statements;
mod traits;
mod unknown;
mod unused;
mod written;
mod wrong_arguments;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::ast::{Name, Names};
use crate::diagnostics::{Diagnostic, Sink};
use crate::hir::{FnId, Head, Program, TraitId, Ty, Types};
use crate::modules::{ModuleId, Modules, Role};
use crate::resolve::{ConstId, Declarations, Known, declare};
use crate::source::Span;

use body::BodyState;
use constants::ConstState;
use written::AliasState;

/// A checked program with its types. Meaningful only when no error was reported.
#[derive(Default)]
pub struct Checked {
    /// The program.
    pub program: Program,
    /// The table of its types.
    pub types: Types,
}

/// What a program is checked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Purpose {
    /// To be run.
    #[default]
    Program,
    /// To run its tests: top-level statements do nothing beyond initialising globals.
    Tests,
    /// To run what was entered last in a session: an expression at its end is shown.
    Increment,
}

/// Resolves the names and checks the types of a whole program; of the standard library, what the program reaches.
pub fn check(modules: &Modules, purpose: Purpose, names: &mut Names, sink: &mut Sink) -> Checked {
    check_bodies(modules, purpose, names, sink, false)
}

/// [`check`], with the bodies of all standard functions: for tests of the standard library.
pub fn check_everything(modules: &Modules, names: &mut Names, sink: &mut Sink) -> Checked {
    check_bodies(modules, Purpose::Program, names, sink, true)
}

fn check_bodies(
    modules: &Modules,
    purpose: Purpose,
    names: &mut Names,
    sink: &mut Sink,
    everything: bool,
) -> Checked {
    let known = Known::new(names);
    let decls = declare(modules, names, &known, sink);
    let mut checker = Checker::new(modules, purpose, names, sink, known, decls);
    checker.signatures();
    checker.check_consts();
    checker.initializers();
    checker.bodies(everything);
    checker.check_object_types();
    checker.unused();
    Checked { program: checker.program, types: checker.types }
}

/// Which names of types are in scope.
#[derive(Clone, Default)]
struct TypeScope {
    /// The type parameters by their numbers.
    params: Vec<Name>,
    /// What `Self` stands for.
    self_ty: Option<Ty>,
}

/// The state of the check.
struct Checker<'a, 'n> {
    modules: &'a Modules,
    purpose: Purpose,
    names: &'n mut Names,
    sink: &'n mut Sink,
    known: Known,
    decls: Declarations<'a>,
    types: Types,
    program: Program,
    /// The functions of impls without a trait, by the head of their type.
    methods: FxHashMap<(Head, Name), Vec<FnId>>,
    /// The methods of all traits.
    trait_methods: FxHashMap<Name, Vec<(TraitId, u32)>>,
    /// The constants of impls.
    member_consts: FxHashMap<(Head, Name), ConstId>,
    alias_states: Vec<AliasState>,
    const_states: Vec<ConstState>,
    /// The defaults of type parameters, by the place of the declaration.
    type_defaults: FxHashMap<Span, Vec<Option<Ty>>>,
    /// The types of globals, as far as they are known.
    global_types: Vec<Option<Ty>>,
    /// The functions made of defaults of parameters and fields.
    default_functions: FxHashMap<(bool, u32, u32), FnId>,
    /// What is known of derivable traits, by type.
    derived: FxHashMap<(Ty, TraitId), bool>,
    /// The types that were reported to lack a derivable trait because of a part.
    underivable: FxHashSet<(Ty, TraitId)>,
    /// Whether each function's body is checked or in the queue.
    reached: Vec<bool>,
    queue: Vec<FnId>,
    /// The names around nested functions.
    nested: FxHashMap<FnId, body::Surroundings>,
    /// The traits that were written as types, and where.
    object_types: Vec<(TraitId, Span)>,
    /// The file whose names are in scope.
    module: ModuleId,
    type_scope: TypeScope,
    /// What misspelt names are compared with.
    prepared: meant::Prepared,
    /// The members of types, once a misspelt one has been looked for.
    members: Option<std::rc::Rc<meant::Members>>,
    usage: unused::Usage,
    /// Whether types of C may be written.
    foreign: bool,
    body: BodyState<'a>,
}

impl<'a, 'n> Checker<'a, 'n> {
    fn new(
        modules: &'a Modules,
        purpose: Purpose,
        names: &'n mut Names,
        sink: &'n mut Sink,
        known: Known,
        decls: Declarations<'a>,
    ) -> Self {
        Checker {
            alias_states: decls.aliases.iter().map(|_| AliasState::Unresolved).collect(),
            const_states: decls.consts.iter().map(|_| ConstState::Unresolved).collect(),
            global_types: vec![None; decls.globals.len()],
            reached: vec![false; decls.functions.len()],
            body: BodyState::new(names.len()),
            modules,
            purpose,
            names,
            sink,
            known,
            decls,
            types: Types::new(),
            program: Program::default(),
            methods: FxHashMap::default(),
            trait_methods: FxHashMap::default(),
            member_consts: FxHashMap::default(),
            type_defaults: FxHashMap::default(),
            default_functions: FxHashMap::default(),
            derived: FxHashMap::default(),
            underivable: FxHashSet::default(),
            queue: Vec::new(),
            nested: FxHashMap::default(),
            object_types: Vec::new(),
            module: ModuleId(0),
            type_scope: TypeScope::default(),
            prepared: meant::Prepared::default(),
            members: None,
            usage: unused::Usage::default(),
            foreign: false,
        }
    }

    fn text(&self, name: Name) -> &str {
        self.names.text(name)
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        if diagnostic.is_error() {
            self.body.errors.push(diagnostic.primary.span.lo);
        }
        self.sink.push(diagnostic);
    }

    /// Whether the file at hand sees what is private to another one: it is the same, or both were entered in one session.
    fn is_at_home(&self, module: ModuleId) -> bool {
        let entered = |module| self.modules.get(module).role.has_statements();
        module == self.module || entered(module) && entered(self.module)
    }

    /// Whether a file is of the prelude or the standard library.
    fn is_standard(&self, module: ModuleId) -> bool {
        matches!(self.modules.get(module).role, Role::Prelude | Role::Standard)
    }

    /// Checks the top-level statements of every file, in the order in which they run.
    fn initializers(&mut self) {
        for &module in &self.modules.initialization {
            let id = self.decls.initializers[module.0 as usize];
            let statements = self.has_top_level(module);
            self.reached[id.index()] = true;
            if statements {
                self.check_function(id);
                self.program.initializers.push((id, crate::hir::ModuleId(module.0)));
            }
        }
    }

    /// Checks all bodies of the program, then what they reach of the standard library.
    fn bodies(&mut self, everything: bool) {
        for index in 0..self.program.functions.len() {
            let id = FnId(index as u32);
            if everything || !self.is_standard(self.decls.functions[index].module) {
                self.reach(id);
                self.check_defaults(id);
            }
        }
        self.check_field_defaults();
        self.main_function();
        while let Some(id) = self.queue.pop() {
            self.check_function(id);
        }
    }

    /// Sees to it that a function's body is checked.
    fn reach(&mut self, id: FnId) {
        if !std::mem::replace(&mut self.reached[id.index()], true) {
            self.queue.push(id);
        }
    }
}

//! The whole program, and what specialisation asks of it.

use rustc_hash::FxHashMap;

use super::{
    Enum, EnumId, FnId, Function, Global, GlobalId, Impl, ImplId, Struct, StructId, Trait, TraitId, TraitRef,
    Ty, TyKind, TyList, Types,
};
use crate::ast::Name;
use crate::source::Span;

/// A program without errors.
#[derive(Default)]
pub struct Program {
    /// The structs.
    pub structs: Vec<Struct>,
    /// The enums.
    pub enums: Vec<Enum>,
    /// The traits.
    pub traits: Vec<Trait>,
    /// The impls.
    pub impls: Vec<Impl>,
    /// The functions.
    pub functions: Vec<Function>,
    /// The global variables.
    pub globals: Vec<Global>,
    /// The files, in the order of their numbers.
    pub modules: Vec<Module>,
    /// What runs first, in this order: each file's initialisers and top-level statements. They take nothing and give unit.
    pub initializers: Vec<(FnId, super::ModuleId)>,
    /// For the last of them in a session: the type of the value that it shows.
    pub displayed: Option<Ty>,
    /// What runs then.
    pub main: Option<Main>,
    /// The tests of the entry file.
    pub tests: Vec<Test>,
    /// The impls of each trait, by the head of their type.
    pub impl_index: FxHashMap<(TraitId, Head), Vec<ImplId>>,
}

/// A source file.
#[derive(Clone, Debug)]
pub struct Module {
    /// Its name as an import says it; the entry file's is empty.
    pub name: String,
    /// Whether it belongs to the prelude or the standard library.
    pub standard: bool,
}

/// The function `main`.
#[derive(Clone, Copy, Debug)]
pub struct Main {
    /// The function.
    pub function: FnId,
    /// Whether it takes the program's arguments.
    pub takes_args: bool,
    /// What its result means.
    pub result: MainResult,
}

/// What `main` gives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MainResult {
    /// Nothing.
    Unit,
    /// The exit status.
    Status,
    /// A `Result<(), E>`: an `Err` is shown on standard error, and the exit status is 1. `E` implements `Show`.
    Result(Ty),
}

/// A test.
#[derive(Clone, Copy, Debug)]
pub struct Test {
    /// Its name.
    pub name: Name,
    /// Its body: takes nothing, gives unit.
    pub function: FnId,
    /// Its place.
    pub span: Span,
}

/// The outermost form of a type: by it impls and methods are found.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[allow(missing_docs, reason = "each is the form of type it spells")]
pub enum Head {
    /// A type parameter of an impl: `impl<T: Show> Describe for T`.
    Any,
    Never,
    Unit,
    Bool,
    Int,
    Float,
    Char,
    Str,
    Ptr,
    Storage(super::Storage),
    Array,
    Tuple(u32),
    Fn(u32),
    Struct(StructId),
    Enum(EnumId),
    Dyn(TraitId),
}

impl Head {
    /// The head of a type; `Any` for a type parameter, `None` for what has no methods of its own.
    pub fn of(types: &Types, ty: Ty) -> Option<Head> {
        Some(match types.kind(ty) {
            TyKind::Param(_) => Head::Any,
            TyKind::Never => Head::Never,
            TyKind::Unit => Head::Unit,
            TyKind::Bool => Head::Bool,
            TyKind::Int => Head::Int,
            TyKind::Float => Head::Float,
            TyKind::Char => Head::Char,
            TyKind::Str => Head::Str,
            TyKind::Ptr => Head::Ptr,
            TyKind::Storage(storage) => Head::Storage(storage),
            TyKind::Array(_) => Head::Array,
            TyKind::Tuple(parts) => Head::Tuple(types.list(parts).len() as u32),
            TyKind::Fn(params, _) => Head::Fn(types.list(params).len() as u32),
            TyKind::Struct(id, _) => Head::Struct(id),
            TyKind::Enum(id, _) => Head::Enum(id),
            TyKind::Dyn(id, _) => Head::Dyn(id),
            TyKind::Error | TyKind::CStr | TyKind::Pointer(_) | TyKind::FixedArray(..) | TyKind::Infer(_) => {
                return None;
            }
        })
    }
}

/// How a type implements a trait.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Implementation {
    /// By an impl, with the types that its parameters stand for.
    Impl(ImplId, TyList),
    /// It is derived part by part: `Eq`, `Ord`, `Hash`, `Show` of structs, enums, tuples, unit.
    Derived,
    /// The type is an object of the trait.
    Object,
}

/// What a call of a trait's method runs, once `Self` is known.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Method {
    /// A function with its type arguments.
    Function(FnId, TyList),
    /// The derived method of a type: which one, by its place in the trait.
    Derived(TraitId, u32, Ty),
    /// A call through the table of the trait object that is the first argument.
    Virtual(TraitId, u32),
}

impl Program {
    /// A struct.
    pub fn struct_(&self, id: StructId) -> &Struct {
        &self.structs[id.index()]
    }

    /// An enum.
    pub fn enum_(&self, id: EnumId) -> &Enum {
        &self.enums[id.index()]
    }

    /// A trait.
    pub fn trait_(&self, id: TraitId) -> &Trait {
        &self.traits[id.index()]
    }

    /// An impl.
    pub fn impl_(&self, id: ImplId) -> &Impl {
        &self.impls[id.index()]
    }

    /// A function.
    pub fn function(&self, id: FnId) -> &Function {
        &self.functions[id.index()]
    }

    /// A global variable.
    pub fn global(&self, id: GlobalId) -> &Global {
        &self.globals[id.index()]
    }

    /// How a type without parameters implements a trait; a storage type without an impl of its own does as its wide type. An impl's parameters are found from the type and the trait's arguments.
    pub fn find_impl(&self, types: &mut Types, ty: Ty, trait_ref: TraitRef) -> Option<Implementation> {
        let head = Head::of(types, ty)?;
        for head in [head, Head::Any] {
            for &id in self.impl_index.get(&(trait_ref.id, head)).into_iter().flatten() {
                if let Some(args) = self.impl_matches(types, id, ty, trait_ref) {
                    return Some(Implementation::Impl(id, args));
                }
            }
        }
        match types.kind(ty) {
            TyKind::Storage(storage) => self.find_impl(types, storage.wide(), trait_ref),
            TyKind::Dyn(id, _) if id == trait_ref.id || self.is_supertrait(trait_ref.id, id) => {
                Some(Implementation::Object)
            }
            TyKind::Struct(..) | TyKind::Enum(..) | TyKind::Tuple(_) | TyKind::Unit
                if (TraitId::EQ..=TraitId::SHOW).contains(&trait_ref.id) =>
            {
                Some(Implementation::Derived)
            }
            _ => None,
        }
    }

    /// What a call of a trait's method runs. `args` are the type arguments of the method's own parameters.
    pub fn find_method(
        &self,
        types: &mut Types,
        self_ty: Ty,
        trait_ref: TraitRef,
        method: u32,
        args: TyList,
    ) -> Option<Method> {
        let declared = self.trait_(trait_ref.id).methods.get(method as usize)?;
        let own = types.list(args).to_vec();
        match self.find_impl(types, self_ty, trait_ref)? {
            Implementation::Object if declared.is_virtual => {
                return Some(Method::Virtual(trait_ref.id, method));
            }
            Implementation::Derived if !self.has_default(trait_ref.id, method) => {
                return Some(Method::Derived(trait_ref.id, method, self_ty));
            }
            Implementation::Impl(id, impl_args) => {
                if let Some(function) = self.impl_(id).functions.get(method as usize).copied().flatten() {
                    let mut all = types.list(impl_args).to_vec();
                    all.extend(own);
                    let all = types.intern_list(&all);
                    return Some(Method::Function(function, all));
                }
            }
            Implementation::Object | Implementation::Derived => {}
        }
        let mut all = vec![self_ty];
        all.extend_from_slice(types.list(trait_ref.args));
        all.extend(own);
        let all = types.intern_list(&all);
        Some(Method::Function(declared.function, all))
    }

    /// Whether a derived method is the trait's default after all: `show`, which is made of `_write`, and what the
    /// other traits have beside their first method.
    fn has_default(&self, id: TraitId, method: u32) -> bool {
        if id == TraitId::SHOW { method != super::methods::SHOW_WRITE } else { method != 0 }
    }

    /// Whether every type that implements `below` implements `id` too, by the supertraits.
    pub fn is_supertrait(&self, id: TraitId, below: TraitId) -> bool {
        self.trait_(below).supertraits.iter().any(|of| of.id == id || self.is_supertrait(id, of.id))
    }

    /// The type arguments under which an impl is one of `trait_ref` for `ty`, and whose bounds hold.
    fn impl_matches(&self, types: &mut Types, id: ImplId, ty: Ty, trait_ref: TraitRef) -> Option<TyList> {
        let item = self.impl_(id);
        let mut bound = vec![None; item.generics.len()];
        match_type(types, item.target, ty, &mut bound).then_some(())?;
        let of = item.trait_ref?;
        let wanted = types.list(trait_ref.args).to_vec();
        let given = types.list(of.args).to_vec();
        for (&pattern, &wanted) in given.iter().zip(&wanted) {
            match_type(types, pattern, wanted, &mut bound).then_some(())?;
        }
        self.solve_bounds(types, &item.generics, &mut bound)?;
        let args: Option<Vec<Ty>> = bound.into_iter().collect();
        Some(types.intern_list(&args?))
    }

    /// Checks the bounds of type parameters; a bound may decide parameters that nothing else does (`I: Iterator<T>`).
    fn solve_bounds(
        &self,
        types: &mut Types,
        generics: &[super::TypeParam],
        bound: &mut [Option<Ty>],
    ) -> Option<()> {
        for (index, param) in generics.iter().enumerate() {
            for bound_ref in &param.bounds {
                let ty = bound[index]?;
                let patterns = types.list(bound_ref.args).to_vec();
                let args = self.trait_args(types, ty, bound_ref.id)?;
                let actual = types.list(args).to_vec();
                for (&pattern, &actual) in patterns.iter().zip(&actual) {
                    match_type(types, pattern, actual, bound).then_some(())?;
                }
            }
        }
        Some(())
    }

    /// The arguments of a trait that a type implements once.
    pub fn trait_args(&self, types: &mut Types, ty: Ty, id: TraitId) -> Option<TyList> {
        if let TyKind::Dyn(object, args) = types.kind(ty)
            && object == id
        {
            return Some(args);
        }
        let head = Head::of(types, ty)?;
        for head in [head, Head::Any] {
            for &impl_id in self.impl_index.get(&(id, head)).into_iter().flatten() {
                let item = self.impl_(impl_id);
                let mut bound = vec![None; item.generics.len()];
                if match_type(types, item.target, ty, &mut bound)
                    && self.solve_bounds(types, &item.generics, &mut bound).is_some()
                {
                    let args: Vec<Ty> = bound.into_iter().map(|ty| ty.unwrap_or(Ty::ERROR)).collect();
                    return item.trait_ref.map(|of| types.subst_list(of.args, &args));
                }
            }
        }
        if let TyKind::Storage(storage) = types.kind(ty) {
            return self.trait_args(types, storage.wide(), id);
        }
        let derived = TraitRef { id, args: TyList::EMPTY };
        self.find_impl(types, ty, derived).map(|_| TyList::EMPTY)
    }
}

/// Matches a type against a pattern of type parameters, each of which stands for one type.
pub fn match_type(types: &Types, pattern: Ty, ty: Ty, bound: &mut [Option<Ty>]) -> bool {
    if !types.has_param(pattern) {
        return pattern == ty;
    }
    let mut lists = |a: TyList, b: TyList| {
        let (a, b) = (types.list(a), types.list(b));
        a.len() == b.len() && a.iter().zip(b).all(|(&a, &b)| match_type(types, a, b, bound))
    };
    match (types.kind(pattern), types.kind(ty)) {
        (TyKind::Param(index), _) => match bound.get_mut(index as usize) {
            Some(Some(known)) => *known == ty,
            Some(unknown) => {
                *unknown = Some(ty);
                true
            }
            None => false,
        },
        (TyKind::Array(a), TyKind::Array(b)) | (TyKind::Pointer(a), TyKind::Pointer(b)) => {
            match_type(types, a, b, bound)
        }
        (TyKind::Tuple(a), TyKind::Tuple(b)) => lists(a, b),
        (TyKind::Struct(a, x), TyKind::Struct(b, y)) => a == b && lists(x, y),
        (TyKind::Enum(a, x), TyKind::Enum(b, y)) => a == b && lists(x, y),
        (TyKind::Dyn(a, x), TyKind::Dyn(b, y)) => a == b && lists(x, y),
        (TyKind::Fn(a, x), TyKind::Fn(b, y)) => lists(a, b) && match_type(types, x, y, bound),
        _ => false,
    }
}

//! Walks the items of all files and gives every declaration its number.

use rustc_hash::FxHashMap;

use super::imports::import_names;
use super::{AliasId, Builtin, ConstId, Def, Entry, Known, Scope};
use crate::ast::{self, ExternItem, Ident, Item, Name, Names, PatternKind, StmtKind};
use crate::diagnostics::{Diagnostic, Sink, codes};
use crate::hir::{EnumId, FnId, GlobalId, ImplId, Owner, StructId, TraitId};
use crate::modules::{ModuleId, Modules, Role};
use crate::source::Span;

/// A struct; the reserved ones have no tree when the prelude lacks them.
#[allow(missing_docs, reason = "the tree and its file")]
pub struct StructDecl<'a> {
    pub ast: Option<&'a ast::Struct>,
    pub module: ModuleId,
}

/// An enum; `Option` and `Result` have no tree.
#[allow(missing_docs, reason = "the tree and its file")]
pub struct EnumDecl<'a> {
    pub ast: Option<&'a ast::Enum>,
    pub module: ModuleId,
}

/// A trait; the reserved ones have no tree when the prelude lacks them.
#[allow(missing_docs, reason = "the tree and its file")]
pub struct TraitDecl<'a> {
    pub ast: Option<&'a ast::Trait>,
    pub module: ModuleId,
    /// The functions of its methods, in order.
    pub functions: Vec<FnId>,
}

/// An impl.
#[allow(missing_docs, reason = "the tree and its file")]
pub struct ImplDecl<'a> {
    pub ast: &'a ast::Impl,
    pub module: ModuleId,
    /// Its functions, in order.
    pub functions: Vec<FnId>,
    /// Its constants, in order.
    pub consts: Vec<ConstId>,
}

/// A type alias.
#[allow(missing_docs, reason = "the tree and its file")]
pub struct AliasDecl<'a> {
    pub ast: &'a ast::Alias,
    pub module: ModuleId,
}

/// A constant.
#[allow(missing_docs, reason = "the tree and its file")]
pub struct ConstDecl<'a> {
    pub ast: &'a ast::Const,
    pub module: ModuleId,
    /// The impl that it is in.
    pub owner: Option<ImplId>,
}

/// A global variable.
#[allow(missing_docs, reason = "the tree and its file")]
pub struct GlobalDecl<'a> {
    pub name: Ident,
    /// The statement that declares it, perhaps with others.
    pub binding: &'a ast::Let,
    /// The type of a `let name: type`.
    pub ty: Option<&'a ast::Type>,
    pub module: ModuleId,
}

/// A test.
#[allow(missing_docs, reason = "the tree and its function")]
pub struct TestDecl<'a> {
    pub ast: &'a ast::Test,
    pub function: FnId,
}

/// A function.
#[allow(missing_docs, reason = "the tree, its file and owner")]
pub struct FnDecl<'a> {
    pub source: FnSource<'a>,
    pub module: ModuleId,
    pub owner: Owner,
}

/// Where a function comes from.
#[derive(Clone, Copy)]
pub enum FnSource<'a> {
    /// A declaration.
    Function(&'a ast::Function),
    /// A declaration in an `extern` block.
    Extern(&'a ast::ExternBlock, &'a ast::ExternFunction),
    /// A variable in an `extern` block: a function that gives it.
    ExternVar(&'a ast::ExternBlock, &'a ast::ExternVar),
    /// The default of a function's parameter, by its place without `self`: a function of the parameters before it.
    Default(FnId, u32),
    /// The default of a struct's field: a function of the fields before it.
    FieldDefault(StructId, u32),
    /// The top-level statements of a file.
    Initializer(&'a ast::Module),
    /// A test's body.
    Test(&'a ast::Test),
}

/// All declarations of a program.
#[allow(missing_docs, reason = "lists in the order of the declarations' numbers")]
pub struct Declarations<'a> {
    pub scopes: Vec<Scope>,
    pub prelude: FxHashMap<Name, Def>,
    pub structs: Vec<StructDecl<'a>>,
    pub enums: Vec<EnumDecl<'a>>,
    pub traits: Vec<TraitDecl<'a>>,
    pub impls: Vec<ImplDecl<'a>>,
    pub aliases: Vec<AliasDecl<'a>>,
    pub consts: Vec<ConstDecl<'a>>,
    pub globals: Vec<GlobalDecl<'a>>,
    pub functions: Vec<FnDecl<'a>>,
    pub tests: Vec<TestDecl<'a>>,
    /// The initializer of each file.
    pub initializers: Vec<FnId>,
}

/// How many structs and traits have fixed numbers.
const RESERVED_STRUCTS: usize = 3;
const RESERVED_TRAITS: usize = 13;

/// Numbers the declarations of all files, and resolves their imports.
pub fn declare<'a>(modules: &'a Modules, names: &Names, known: &Known, sink: &mut Sink) -> Declarations<'a> {
    let none = ModuleId(0);
    let mut walk = Walk {
        known,
        names,
        sink,
        prelude: false,
        module: none,
        out: Declarations {
            scopes: Vec::with_capacity(modules.list.len()),
            prelude: FxHashMap::default(),
            structs: (0..RESERVED_STRUCTS).map(|_| StructDecl { ast: None, module: none }).collect(),
            enums: (0..2).map(|_| EnumDecl { ast: None, module: none }).collect(),
            traits: (0..RESERVED_TRAITS)
                .map(|_| TraitDecl { ast: None, module: none, functions: Vec::new() })
                .collect(),
            impls: Vec::new(),
            aliases: Vec::new(),
            consts: Vec::new(),
            globals: Vec::new(),
            functions: Vec::new(),
            tests: Vec::new(),
            initializers: Vec::new(),
        },
    };
    walk.builtins();
    for (index, module) in modules.list.iter().enumerate() {
        walk.module = ModuleId(index as u32);
        walk.prelude = module.role == Role::Prelude;
        walk.module(&module.ast);
    }
    let mut out = walk.out;
    import_names(modules, names, &mut out, sink);
    inherit_names(modules, &mut out);
    out
}

/// Gives what was entered in a session the names of what was entered before it, as far as it has none of its own for them.
fn inherit_names(modules: &Modules, out: &mut Declarations<'_>) {
    let mut known: FxHashMap<Name, (Def, Span)> = FxHashMap::default();
    for (module, scope) in modules.list.iter().zip(&mut out.scopes) {
        if !module.role.has_statements() {
            continue;
        }
        let own: Vec<_> = scope.names.iter().map(|(name, entry)| (*name, (entry.def, entry.span))).collect();
        for (&name, &(def, span)) in &known {
            scope.names.entry(name).or_insert(Entry { def, public: false, span, import: None });
        }
        known.extend(own);
    }
}

struct Walk<'a, 'b> {
    known: &'b Known,
    names: &'b Names,
    sink: &'b mut Sink,
    prelude: bool,
    module: ModuleId,
    out: Declarations<'a>,
}

impl<'a> Walk<'a, '_> {
    fn builtins(&mut self) {
        let known = self.known;
        let functions = [
            (known.print, Builtin::Print),
            (known.eprint, Builtin::Eprint),
            (known.write, Builtin::Write),
            (known.assert, Builtin::Assert),
            (known.panic, Builtin::Panic),
            (known.same, Builtin::Same),
            (known.type_name, Builtin::TypeName),
            (known.is_linked, Builtin::IsLinked),
        ];
        let prelude = &mut self.out.prelude;
        prelude.extend(functions.map(|(name, builtin)| (name, Def::Builtin(builtin))));
        prelude.extend([
            (known.option, Def::Enum(EnumId::OPTION)),
            (known.result, Def::Enum(EnumId::RESULT)),
            (known.none, Def::Variant(EnumId::OPTION, 0)),
            (known.some, Def::Variant(EnumId::OPTION, 1)),
            (known.ok, Def::Variant(EnumId::RESULT, 0)),
            (known.err, Def::Variant(EnumId::RESULT, 1)),
            (known.array_type, Def::Array),
        ]);
    }

    fn module(&mut self, ast: &'a ast::Module) {
        self.out.scopes.push(Scope::default());
        for stmt in &ast.stmts {
            match &stmt.kind {
                StmtKind::Item(item) => self.item(item),
                StmtKind::Let(binding) => self.globals(binding),
                _ => {}
            }
        }
        let initializer = self.function(FnSource::Initializer(ast), Owner::Module);
        self.out.initializers.push(initializer);
    }

    fn item(&mut self, item: &'a Item) {
        match item {
            Item::Import(_) => {}
            Item::Function(function) => {
                let id = self.function(FnSource::Function(function), Owner::Module);
                self.define(function.name, Def::Function(id), function.public);
            }
            Item::Struct(ast) => {
                let id = self.struct_id(ast.name.name);
                self.out.structs[id.index()] = StructDecl { ast: Some(ast), module: self.module };
                self.define(ast.name, Def::Struct(id), ast.public);
            }
            Item::Enum(ast) => {
                let id = EnumId(self.out.enums.len() as u32);
                self.out.enums.push(EnumDecl { ast: Some(ast), module: self.module });
                self.define(ast.name, Def::Enum(id), ast.public);
            }
            Item::Trait(ast) => self.trait_(ast),
            Item::Impl(ast) => self.impl_(ast),
            Item::Alias(ast) => {
                let id = AliasId(self.out.aliases.len() as u32);
                self.out.aliases.push(AliasDecl { ast, module: self.module });
                self.define(ast.name, Def::Alias(id), ast.public);
            }
            Item::Const(ast) => {
                let id = self.constant(ast, None);
                self.define(ast.name, Def::Const(id), ast.public);
            }
            Item::Extern(block) => self.extern_block(block),
            Item::Test(ast) => {
                let function = self.function(FnSource::Test(ast), Owner::Module);
                self.out.tests.push(TestDecl { ast, function });
            }
        }
    }

    fn trait_(&mut self, ast: &'a ast::Trait) {
        let id = self.trait_id(ast.name.name);
        let functions = self.functions(&ast.functions, Owner::Trait(id));
        self.out.traits[id.index()] = TraitDecl { ast: Some(ast), module: self.module, functions };
        self.define(ast.name, Def::Trait(id), ast.public);
    }

    fn impl_(&mut self, ast: &'a ast::Impl) {
        let id = ImplId(self.out.impls.len() as u32);
        let functions = self.functions(&ast.functions, Owner::Impl(id));
        let consts = ast.consts.iter().map(|constant| self.constant(constant, Some(id))).collect();
        self.out.impls.push(ImplDecl { ast, module: self.module, functions, consts });
    }

    fn extern_block(&mut self, block: &'a ast::ExternBlock) {
        for item in &block.items {
            match item {
                ExternItem::Function(function) => {
                    let id = self.function(FnSource::Extern(block, function), Owner::Module);
                    self.define(function.name, Def::Function(id), function.public);
                }
                ExternItem::Var(var) => {
                    let id = self.function(FnSource::ExternVar(block, var), Owner::Module);
                    self.define(var.name, Def::ForeignVar(id), var.public);
                }
            }
        }
    }

    fn functions(&mut self, list: &'a [ast::Function], owner: Owner) -> Vec<FnId> {
        list.iter().map(|function| self.function(FnSource::Function(function), owner)).collect()
    }

    fn function(&mut self, source: FnSource<'a>, owner: Owner) -> FnId {
        let id = FnId(self.out.functions.len() as u32);
        self.out.functions.push(FnDecl { source, module: self.module, owner });
        id
    }

    fn constant(&mut self, ast: &'a ast::Const, owner: Option<ImplId>) -> ConstId {
        let id = ConstId(self.out.consts.len() as u32);
        self.out.consts.push(ConstDecl { ast, module: self.module, owner });
        id
    }

    fn globals(&mut self, binding: &'a ast::Let) {
        if let PatternKind::Bind(name) = &binding.pattern.kind {
            return self.global(*name, binding, binding.ty.as_ref());
        }
        let mut bound = Vec::new();
        pattern_names(&binding.pattern, &mut bound);
        for name in bound {
            self.global(name, binding, None);
        }
    }

    fn global(&mut self, name: Ident, binding: &'a ast::Let, ty: Option<&'a ast::Type>) {
        let id = GlobalId(self.out.globals.len() as u32);
        self.out.globals.push(GlobalDecl { name, binding, ty, module: self.module });
        self.define(name, Def::Global(id), binding.public);
    }

    /// The number of a struct: a fixed one for the prelude's own.
    fn struct_id(&mut self, name: Name) -> StructId {
        let reserved = [self.known.error, self.known.map_type, self.known.range];
        match reserved.iter().position(|known| self.prelude && *known == name) {
            Some(index) => StructId(index as u32),
            None => {
                self.out.structs.push(StructDecl { ast: None, module: self.module });
                StructId(self.out.structs.len() as u32 - 1)
            }
        }
    }

    fn trait_id(&mut self, name: Name) -> TraitId {
        let known = self.known;
        let reserved: [Name; RESERVED_TRAITS] = [
            known.eq_trait,
            known.ord_trait,
            known.hash_trait,
            known.show_trait,
            known.iterator,
            known.iterable,
            known.add_trait,
            known.sub_trait,
            known.mul_trait,
            known.div_trait,
            known.rem_trait,
            known.neg_trait,
            known.index_trait,
        ];
        match reserved.iter().position(|known| self.prelude && *known == name) {
            Some(index) => TraitId(index as u32),
            None => {
                let decl = TraitDecl { ast: None, module: self.module, functions: Vec::new() };
                self.out.traits.push(decl);
                TraitId(self.out.traits.len() as u32 - 1)
            }
        }
    }

    /// Enters a name into the file's scope, and into everyone's if the file is of the prelude.
    fn define(&mut self, name: Ident, def: Def, public: bool) {
        if self.prelude && public {
            self.out.prelude.insert(name.name, def);
        }
        let scope = &mut self.out.scopes[self.module.0 as usize];
        let entry = Entry { def, public, span: name.span, import: None };
        let Some(before) = scope.names.insert(name.name, entry) else { return };
        if !matches!((before.def, def), (Def::Global(_), Def::Global(_))) {
            // Whichever is meant, what uses the name is not wrong as well.
            let broken = Entry { def: Def::Broken, public, span: name.span, import: None };
            scope.names.insert(name.name, broken);
            let text = self.names.text(name.name);
            let message = format!("`{text}` is declared twice");
            self.sink.push(duplicate(name.span, before.span, message));
        }
    }
}

fn duplicate(span: Span, before: Span, message: String) -> Diagnostic {
    Diagnostic::new(codes::DUPLICATE_DEFINITION, span, message)
        .label("declared again here")
        .secondary(before, "first declared here")
}

/// The names that a pattern binds, in order; alternatives give theirs once.
pub(super) fn pattern_names(pattern: &ast::Pattern, out: &mut Vec<Ident>) {
    match &pattern.kind {
        PatternKind::Bind(name) => out.push(*name),
        PatternKind::At(name, inner) => {
            out.push(*name);
            pattern_names(inner, out);
        }
        PatternKind::Constructor(constructor) => {
            for field in constructor.fields.iter().flatten() {
                pattern_names(&field.pattern, out);
            }
        }
        PatternKind::Tuple(parts) => parts.iter().for_each(|part| pattern_names(part, out)),
        PatternKind::Array(array) => {
            array.before.iter().for_each(|part| pattern_names(part, out));
            out.extend(array.rest.and_then(|(_, name)| name));
            array.after.iter().for_each(|part| pattern_names(part, out));
        }
        PatternKind::Or(alternatives) => {
            alternatives.iter().take(1).for_each(|part| pattern_names(part, out));
        }
        PatternKind::Wildcard | PatternKind::Literal(_) | PatternKind::Range { .. } | PatternKind::Error => {}
    }
}

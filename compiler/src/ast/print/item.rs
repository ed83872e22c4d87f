//! Declarations.

use super::super::{
    Const, ExternFunction, ExternItem, Field, Function, Ident, Import, ImportWhat, Item, Name, Param, StrLit,
    Type, Variant,
};
use super::{List, Printer};

impl Printer<'_> {
    pub(super) fn item(&self, item: &Item) -> List {
        match item {
            Item::Import(import) => self.import(import),
            Item::Function(function) => self.function(function),
            Item::Struct(item) => {
                let word = if item.is_extern { "extern-struct" } else { "struct" };
                let fields = item.fields.iter().map(|field| self.field(field));
                let list =
                    List::of(word, [self.word(item.name.name)]).and_maybe(self.generics(&item.generics));
                self.with_head(list.and_all(fields), item.docs, item.public)
            }
            Item::Enum(item) => {
                let variants = item.variants.iter().map(|variant| self.variant(variant));
                let list =
                    List::of("enum", [self.word(item.name.name)]).and_maybe(self.generics(&item.generics));
                self.with_head(list.and_all(variants), item.docs, item.public)
            }
            Item::Trait(item) => {
                let list = List::of("trait", [self.word(item.name.name)])
                    .and_maybe(self.generics(&item.generics))
                    .and_all(item.supertraits.iter().map(|ty| List::Word(format!(": {}", self.ty_text(ty)))))
                    .and_all(item.functions.iter().map(|function| self.function(function)));
                self.with_head(list, item.docs, item.public)
            }
            Item::Impl(item) => {
                let of_trait =
                    item.trait_type.as_ref().map(|ty| List::Word(format!("{} for", self.ty_text(ty))));
                List::of("impl", self.generics(&item.generics))
                    .and_maybe(of_trait)
                    .and(self.ty(&item.target))
                    .and_all(item.consts.iter().map(|constant| self.constant(constant)))
                    .and_all(item.functions.iter().map(|function| self.function(function)))
            }
            Item::Alias(item) => {
                let list =
                    List::of("type", [self.word(item.name.name)]).and_maybe(self.generics(&item.generics));
                self.with_head(list.and(self.ty(&item.ty)), item.docs, item.public)
            }
            Item::Const(constant) => self.constant(constant),
            Item::Extern(block) => {
                let library = block.library.map(|library| self.quoted(library.value));
                List::of("extern", library).and_all(block.items.iter().map(|item| self.extern_item(item)))
            }
            Item::Test(test) => List::of("test", [self.quoted(test.name.value), self.block(&test.body)]),
        }
    }

    /// A declaration with its doc comment and `pub`, if it has any.
    pub(super) fn with_head(&self, list: List, docs: Option<Name>, public: bool) -> List {
        let list = if public { List::of("pub", [list]) } else { list };
        match docs {
            Some(docs) => List::of("doc", [self.quoted(docs), list]),
            None => list,
        }
    }

    fn import(&self, import: &Import) -> List {
        let path: Vec<_> = import.path.iter().map(|name| self.text(name.name)).collect();
        let list = List::of("import", [List::Word(path.join("."))]);
        let renamed = |name: Ident, alias: Option<Ident>| match alias {
            Some(alias) => List::of("as", [self.word(name.name), self.word(alias.name)]),
            None => self.word(name.name),
        };
        match &import.what {
            ImportWhat::Module => list,
            ImportWhat::Alias(alias) => list.and(List::of("as", [self.word(alias.name)])),
            ImportWhat::Names(names) => list.and_all(names.iter().map(|name| renamed(name.name, name.alias))),
        }
    }

    fn function(&self, function: &Function) -> List {
        let receiver = function.receiver.map(|_| List::word("self"));
        let params = receiver.into_iter().chain(function.params.iter().map(|param| self.param(param)));
        let list = List::of("fn", [self.word(function.name.name)])
            .and_maybe(self.generics(&function.generics))
            .and(List::List(params.collect()))
            .and_maybe(self.result(function.result.as_ref()))
            .and_maybe(function.body.as_ref().map(|body| self.block(body)));
        self.with_head(list, function.docs, function.public)
    }

    fn result(&self, ty: Option<&Type>) -> Option<List> {
        ty.map(|ty| List::Word(format!("-> {}", self.ty_text(ty))))
    }

    fn param(&self, param: &Param) -> List {
        let text = format!("{}: {}", self.text(param.name.name), self.ty_text(&param.ty));
        match &param.default {
            Some(default) => List::of(text, [List::word("="), self.expr(default)]),
            None => List::Word(text),
        }
    }

    fn field(&self, field: &Field) -> List {
        let word = if field.mutable { "var" } else { "field" };
        let list = List::of(word, [self.word(field.name.name), self.ty(&field.ty)])
            .and_maybe(field.default.as_ref().map(|default| self.expr(default)));
        self.with_head(list, field.docs, false)
    }

    fn variant(&self, variant: &Variant) -> List {
        let fields = variant.fields.iter().map(|field| match field.name {
            Some(name) => List::Word(format!("{}: {}", self.text(name.name), self.ty_text(&field.ty))),
            None => self.ty(&field.ty),
        });
        let name = self.word(variant.name.name);
        let list = if variant.fields.is_empty() { name } else { List::List(vec![name]).and_all(fields) };
        self.with_head(list, variant.docs, false)
    }

    fn constant(&self, constant: &Const) -> List {
        let ty = constant.ty.as_ref().map(|ty| List::Word(format!(": {}", self.ty_text(ty))));
        let list = List::of("const", [self.word(constant.name.name)]).and_maybe(ty);
        self.with_head(list.and(self.expr(&constant.value)), constant.docs, constant.public)
    }

    fn extern_item(&self, item: &ExternItem) -> List {
        let symbol = |symbol: Option<StrLit>| symbol.map(|symbol| List::of("=", [self.quoted(symbol.value)]));
        match item {
            ExternItem::Function(function) => {
                let list = self.extern_signature(function).and_maybe(symbol(function.symbol));
                self.with_head(list, function.docs, function.public)
            }
            ExternItem::Var(var) => {
                let list = List::of("var", [self.word(var.name.name), self.ty(&var.ty)]);
                self.with_head(list.and_maybe(symbol(var.symbol)), var.docs, var.public)
            }
        }
    }

    fn extern_signature(&self, function: &ExternFunction) -> List {
        let params = function.params.iter().map(|param| self.param(param));
        let params = params.chain(function.variadic.map(|_| List::word("...")));
        List::of(if function.weak { "weak-fn" } else { "fn" }, [self.word(function.name.name)])
            .and(List::List(params.collect()))
            .and_maybe(self.result(function.result.as_ref()))
    }
}

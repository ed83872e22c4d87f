//! Types, patterns, literals.

use super::super::{
    Align, FormatKind, FormatSpec, GenericParam, Literal, Pattern, PatternKind, Type, TypeKind,
};
use super::{List, Printer};

impl Printer<'_> {
    pub(super) fn ty(&self, ty: &Type) -> List {
        List::word(self.ty_text(ty))
    }

    /// A type as it is written in the source.
    pub(super) fn ty_text(&self, ty: &Type) -> String {
        match &ty.kind {
            TypeKind::Named(named) => {
                let mut text = String::new();
                if let Some(module) = named.module {
                    text = format!("{}.", self.text(module.name));
                }
                text.push_str(self.text(named.name.name));
                if !named.args.is_empty() {
                    text = format!("{text}<{}>", self.ty_list(&named.args));
                }
                text
            }
            TypeKind::Array(item) => format!("[{}]", self.ty_text(item)),
            TypeKind::FixedArray(item, length) => format!("[{}; {length}]", self.ty_text(item)),
            TypeKind::Map(entry) => format!("[{}: {}]", self.ty_text(&entry.0), self.ty_text(&entry.1)),
            TypeKind::Tuple(items) => format!("({})", self.ty_list(items)),
            TypeKind::Fn(params, result) => {
                let result = result.as_ref().map_or(String::new(), |ty| format!(" -> {}", self.ty_text(ty)));
                format!("fn({}){result}", self.ty_list(params))
            }
            TypeKind::Option(inner) if matches!(inner.kind, TypeKind::Fn(..)) => {
                format!("({})?", self.ty_text(inner))
            }
            TypeKind::Option(inner) => format!("{}?", self.ty_text(inner)),
            TypeKind::Pointer(inner) => format!("*{}", self.ty_text(inner)),
            TypeKind::Error => "<error>".to_owned(),
        }
    }

    fn ty_list(&self, types: &[Type]) -> String {
        types.iter().map(|ty| self.ty_text(ty)).collect::<Vec<_>>().join(", ")
    }

    pub(super) fn generics(&self, params: &[GenericParam]) -> Option<List> {
        let param = |param: &GenericParam| {
            let mut text = self.text(param.name.name).to_owned();
            let bounds: Vec<_> = param.bounds.iter().map(|bound| self.ty_text(bound)).collect();
            if !bounds.is_empty() {
                text = format!("{text}: {}", bounds.join(" + "));
            }
            if let Some(default) = &param.default {
                text = format!("{text} = {}", self.ty_text(default));
            }
            text
        };
        let list = params.iter().map(param).collect::<Vec<_>>().join(", ");
        (!params.is_empty()).then(|| List::Word(format!("<{list}>")))
    }

    pub(super) fn literal(&self, literal: &Literal) -> List {
        match literal {
            Literal::Int(value) => List::Word(value.to_string()),
            Literal::Float(value) => List::Word(format!("{value:?}")),
            Literal::Bool(value) => List::Word(value.to_string()),
            Literal::Char(value) => List::Word(format!("{value:?}")),
            Literal::Str(value) => self.quoted(*value),
            Literal::Bytes(bytes) => List::Word(format!("b\"{}\"", bytes.escape_ascii())),
        }
    }

    pub(super) fn pattern(&self, pattern: &Pattern) -> List {
        match &pattern.kind {
            PatternKind::Wildcard => List::word("_"),
            PatternKind::Bind(name) => self.word(name.name),
            PatternKind::At(name, inner) => List::of("@", [self.word(name.name), self.pattern(inner)]),
            PatternKind::Literal(literal) => self.literal(literal),
            PatternKind::Range { lo, hi, inclusive } => {
                let end = |end: &Option<Box<Pattern>>| {
                    end.as_ref().map_or_else(|| List::word("-"), |end| self.pattern(end))
                };
                List::of(if *inclusive { "..=" } else { ".." }, [end(lo), end(hi)])
            }
            PatternKind::Constructor(constructor) => {
                let path: Vec<_> = constructor.path.iter().map(|name| self.text(name.name)).collect();
                let path = path.join(".");
                let Some(fields) = &constructor.fields else { return List::Word(path) };
                let fields = fields.iter().map(|field| match field.name {
                    Some(name) => {
                        List::of(format!("{}:", self.text(name.name)), [self.pattern(&field.pattern)])
                    }
                    None => self.pattern(&field.pattern),
                });
                List::of(path, fields).and_maybe(constructor.rest.map(|_| List::word("..")))
            }
            PatternKind::Tuple(items) => List::of("tuple", items.iter().map(|item| self.pattern(item))),
            PatternKind::Array(array) => {
                let rest = array.rest.map(|(_, name)| {
                    List::Word(format!("..{}", name.map_or("", |name| self.text(name.name))))
                });
                List::of("array", array.before.iter().map(|item| self.pattern(item)))
                    .and_maybe(rest)
                    .and_all(array.after.iter().map(|item| self.pattern(item)))
            }
            PatternKind::Or(items) => List::of("|", items.iter().map(|item| self.pattern(item))),
            PatternKind::Error => List::word("<error>"),
        }
    }
}

/// A format as it is written in the source.
pub(super) fn spec_text(spec: &FormatSpec) -> String {
    let mut text = String::new();
    text.extend(spec.fill);
    text.push_str(match spec.align {
        Some(Align::Left) => "<",
        Some(Align::Center) => "^",
        Some(Align::Right) => ">",
        None => "",
    });
    text.push_str(if spec.plus { "+" } else { "" });
    text.push_str(if spec.zero { "0" } else { "" });
    if let Some(width) = spec.width {
        text.push_str(&width.to_string());
    }
    if let Some(precision) = spec.precision {
        text.push_str(&format!(".{precision}"));
    }
    text.push_str(match spec.kind {
        Some(FormatKind::LowerHex) => "x",
        Some(FormatKind::UpperHex) => "X",
        Some(FormatKind::Binary) => "b",
        Some(FormatKind::Octal) => "o",
        Some(FormatKind::Exponent) => "e",
        None => "",
    });
    text
}

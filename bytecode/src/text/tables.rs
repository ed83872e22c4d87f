//! The tables of a module in the text form.

use super::names::{
    Quoted, Stored, Takes, Ty, c_function_entry, function_entry, global_entry, method_entry, native_entry,
    type_entry,
};
use crate::{Class, Field, FuncId, Instr, Module, TypeDef, TypeId, instructions};
use std::collections::HashSet;
use std::fmt::Write;
use std::hash::Hash;

/// Writes everything but the functions.
pub(super) fn write_tables(out: &mut String, module: &Module, named: &Named) {
    // Writing to a string cannot fail.
    let _ = write_all(out, module, named);
}

/// Writes the texts of the sources, a line each.
pub(super) fn write_texts(out: &mut String, module: &Module) {
    for (index, source) in module.sources.iter().enumerate() {
        let Some(text) = &source.text else { continue };
        // An empty text is another thing than none.
        let lines = text.split_inclusive('\n').chain(text.is_empty().then_some(""));
        out.push('\n');
        for line in lines {
            // Writing to a string cannot fail.
            let _ = writeln!(out, ".text {index} {}", Quoted(line));
        }
    }
}

fn write_all(out: &mut String, module: &Module, named: &Named) -> std::fmt::Result {
    writeln!(out, ".name {}", Quoted(&module.name))?;
    if !module.comment.is_empty() {
        writeln!(out, ".comment {}", Quoted(&module.comment))?;
    }
    writeln!(out, ".entry {}", function_entry(module, module.entry.0))?;
    for source in &module.sources {
        let standard = if source.standard { " standard" } else { "" };
        writeln!(out, ".source {}{standard}", Quoted(&source.path))?;
    }
    for (index, def) in module.types.iter().enumerate() {
        write!(out, "type #{index} = ")?;
        write_type(out, module, def)?;
        writeln!(out)?;
    }
    if named.list_constants {
        module.constants.iter().try_for_each(|bits| writeln!(out, "constant {bits:#x}"))?;
    }
    if named.list_strings {
        module.strings.iter().try_for_each(|text| writeln!(out, "string {}", Quoted(text)))?;
    }
    for (index, global) in module.globals.iter().enumerate() {
        writeln!(out, "global ${index} = {}: {}", Quoted(&global.name), Ty(module, global.ty))?;
    }
    for (index, native) in module.natives.iter().enumerate() {
        writeln!(out, "native !{index} = {} {}", Quoted(&native.name), Takes(module, &native.signature))?;
    }
    for (index, (id, method)) in module.methods.iter().enumerate() {
        writeln!(out, "method ^{index} = {} {method}", type_entry(module, *id))?;
    }
    super::foreign::write_foreign(out, module)
}

/// How instructions name constants and strings: by value, or by index where another of the same value comes first. The
/// tables are listed unless an assembler would make the same ones from the instructions.
pub(super) struct Named {
    list_constants: bool,
    list_strings: bool,
    constants_by_index: Vec<bool>,
    strings_by_index: Vec<bool>,
}

impl Named {
    pub(super) fn new(module: &Module) -> Named {
        let (mut constants, mut strings) = (InOrder::default(), InOrder::default());
        for (_, instr) in module.functions.iter().flat_map(|function| instructions(&function.code)) {
            match instr {
                Instr::IConst64 { value, .. } | Instr::FConst { value, .. } => constants.visit(value),
                Instr::StrConst { value, .. } => strings.visit(value),
                _ => {}
            }
        }
        let constants_by_index = repeated(&module.constants);
        let strings_by_index = repeated(&module.strings);
        Named {
            list_constants: !constants.all(module.constants.len()) || constants_by_index.contains(&true),
            list_strings: !strings.all(module.strings.len()) || strings_by_index.contains(&true),
            constants_by_index,
            strings_by_index,
        }
    }

    pub(super) fn constant_by_index(&self, index: u32) -> bool {
        self.constants_by_index.get(index as usize) != Some(&false)
    }

    pub(super) fn string_by_index(&self, index: u32) -> bool {
        self.strings_by_index.get(index as usize) != Some(&false)
    }
}

/// Whether code first names the entries of a table in the table's order.
#[derive(Default)]
struct InOrder {
    seen: u32,
    broken: bool,
}

impl InOrder {
    fn visit(&mut self, index: u32) {
        if index == self.seen {
            self.seen += 1;
        } else if index > self.seen {
            self.broken = true;
        }
    }

    fn all(&self, count: usize) -> bool {
        !self.broken && self.seen as usize == count
    }
}

/// Which entries have the same value as an earlier one.
fn repeated<T: Eq + Hash>(table: &[T]) -> Vec<bool> {
    let mut seen = HashSet::with_capacity(table.len());
    table.iter().map(|value| !seen.insert(value)).collect()
}

pub(super) fn write_type(out: &mut String, module: &Module, def: &TypeDef) -> std::fmt::Result {
    match def {
        TypeDef::Str => write!(out, "str"),
        TypeDef::Array(storage) => write!(out, "array {}", Stored(module, *storage)),
        TypeDef::Struct { name, fields } => {
            write!(out, "struct {}", Quoted(name))?;
            write_fields(out, module, fields)
        }
        TypeDef::Enum { name, variants } => {
            write!(out, "enum {}", Quoted(name))?;
            write_list(out, variants, |out, id| write!(out, "{}", type_entry(module, *id)))
        }
        TypeDef::Variant { name, of, fields } => {
            write!(out, "variant {} of {}", Quoted(name), type_entry(module, *of))?;
            write_fields(out, module, fields)
        }
        TypeDef::Function(signature) => write!(out, "fn {}", Takes(module, signature)),
        TypeDef::Closure { of, function, captures } => {
            write!(
                out,
                "closure of {} code {}",
                type_entry(module, *of),
                function_entry(module, function.0)
            )?;
            write_fields(out, module, captures)
        }
        TypeDef::Trait { name, methods, impls } => {
            write!(out, "trait {}", Quoted(name))?;
            write_list(out, methods, |out, method| write!(out, "{}", Takes(module, method)))?;
            impls.iter().try_for_each(|(id, code)| write_impl(out, module, *id, code))
        }
    }
}

fn write_impl(out: &mut String, module: &Module, id: TypeId, code: &[FuncId]) -> std::fmt::Result {
    write!(out, "\n  for {}", type_entry(module, id))?;
    write_list(out, code, |out, function| write!(out, "{}", function_entry(module, function.0)))
}

fn write_fields(out: &mut String, module: &Module, fields: &[Field]) -> std::fmt::Result {
    write_list(out, fields, |out, field| {
        let var = if field.mutable { "var " } else { "" };
        write!(out, "{var}{}: {}", Quoted(&field.name), Stored(module, field.storage))
    })
}

fn write_list<T>(
    out: &mut String,
    items: &[T],
    mut item: impl FnMut(&mut String, &T) -> std::fmt::Result,
) -> std::fmt::Result {
    write!(out, " {{")?;
    for (number, one) in items.iter().enumerate() {
        write!(out, "{}", if number > 0 { ", " } else { " " })?;
        item(out, one)?;
    }
    write!(out, "{}}}", if items.is_empty() { "" } else { " " })
}

/// A global, native or method in an instruction.
pub(super) fn write_entry(out: &mut String, module: &Module, class: Class, index: u32) -> std::fmt::Result {
    match class {
        Class::Type => write!(out, "{}", type_entry(module, TypeId(index))),
        Class::Function => write!(out, "{}", function_entry(module, index)),
        Class::Global => write!(out, "{}", global_entry(module, index)),
        Class::Native => write!(out, "{}", native_entry(module, index)),
        Class::Method => write!(out, "{}", method_entry(module, index)),
        Class::CFunction => write!(out, "{}", c_function_entry(module, index)),
        _ => write!(out, "{index}"),
    }
}

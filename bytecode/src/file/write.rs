//! Writing a file.

use super::cursor::{Writer, storage_number};
use super::{FORMAT_VERSION, MAGIC, Section, checksum};
use crate::{Field, Function, Module, Place, RegType, Signature, TypeDef};

/// The file of a module.
pub fn write(module: &Module) -> Vec<u8> {
    let sections: Vec<(Section, Vec<u8>)> =
        (Section::ALL.iter().map(|section| (*section, content(module, *section)))).collect();
    let mut file = MAGIC.to_vec();
    file.extend(FORMAT_VERSION.to_le_bytes());
    file.extend([0; 4]);
    file.extend((sections.len() as u32).to_le_bytes());
    for (section, bytes) in &sections {
        file.extend((*section as u32).to_le_bytes());
        file.extend((bytes.len() as u64).to_le_bytes());
    }
    for (_, bytes) in &sections {
        file.extend_from_slice(bytes);
    }
    let sum = checksum(&file);
    file[12..16].copy_from_slice(&sum.to_le_bytes());
    file
}

/// The bytes of a section.
fn content(module: &Module, section: Section) -> Vec<u8> {
    let mut writer = Writer::default();
    let w = &mut writer;
    match section {
        Section::Program => {
            w.text(&module.name);
            w.text(&module.comment);
            w.u32(module.entry.0);
        }
        Section::Types => w.list(&module.types, type_def),
        Section::Constants => w.words(&module.constants),
        Section::Strings => w.list(&module.strings, |w, string| w.text(string)),
        Section::Globals => w.list(&module.globals, |w, global| {
            w.text(&global.name);
            w.reg_type(global.ty);
        }),
        Section::Natives => w.list(&module.natives, |w, native| {
            w.text(&native.name);
            signature(w, &native.signature);
        }),
        Section::Methods => w.list(&module.methods, |w, (id, method)| {
            w.u32(id.0);
            w.u32(*method);
        }),
        Section::Foreign => super::foreign::write_foreign(w, &module.foreign),
        Section::Functions => w.list(&module.functions, function),
        Section::Lines => module.functions.iter().for_each(|function| lines(w, function)),
        Section::Sources => w.list(&module.sources, |w, source| {
            w.text(&source.path);
            w.number(source.standard as u64 | (source.text.is_some() as u64) << 1);
            if let Some(text) = &source.text {
                w.text(text);
            }
        }),
    }
    writer.bytes
}

pub(super) fn signature(w: &mut Writer, signature: &Signature) {
    w.list(&signature.params, |w, ty| w.reg_type(*ty));
    w.list(&signature.results, |w, ty| w.reg_type(*ty));
}

fn fields(w: &mut Writer, fields: &[Field]) {
    w.list(fields, |w, field| {
        w.text(&field.name);
        w.number(storage_number(field.storage) << 1 | field.mutable as u64);
    });
}

fn type_def(w: &mut Writer, def: &TypeDef) {
    match def {
        TypeDef::Str => w.number(0),
        TypeDef::Array(storage) => {
            w.number(1);
            w.storage(*storage);
        }
        TypeDef::Struct { name, fields: all } => {
            w.number(2);
            w.text(name);
            fields(w, all);
        }
        TypeDef::Enum { name, variants } => {
            w.number(3);
            w.text(name);
            w.list(variants, |w, id| w.u32(id.0));
        }
        TypeDef::Variant { name, of, fields: all } => {
            w.number(4);
            w.text(name);
            w.u32(of.0);
            fields(w, all);
        }
        TypeDef::Function(of) => {
            w.number(5);
            signature(w, of);
        }
        TypeDef::Closure { of, function, captures } => {
            w.number(6);
            w.u32(of.0);
            w.u32(function.0);
            fields(w, captures);
        }
        TypeDef::Trait { name, methods, impls } => {
            w.number(7);
            w.text(name);
            w.list(methods, signature);
            w.list(impls, |w, (id, code)| {
                w.u32(id.0);
                w.list(code, |w, function| w.u32(function.0));
            });
        }
    }
}

fn function(w: &mut Writer, function: &Function) {
    w.text(&function.name);
    w.number(function.params as u64);
    let runs: Vec<&[RegType]> = function.registers.chunk_by(|one, other| one == other).collect();
    w.list(&runs, |w, run| {
        w.reg_type(run[0]);
        w.number(run.len() as u64);
    });
    w.list(&function.results, |w, ty| w.reg_type(*ty));
    w.words(&function.code);
}

fn lines(w: &mut Writer, function: &Function) {
    w.list(&function.scopes, |w, scope| {
        w.text(&scope.name);
        w.u32(scope.call.source);
        place(w, Place::default(), scope.call);
        w.u32(scope.parent);
    });
    let (mut at, mut scope, mut last) = (0, 0, Place::default());
    w.list(&function.lines, |w, line| {
        let moved = line.scope != scope || line.place.source != last.source;
        w.signed((line.at as i64 - at as i64) << 1 | moved as i64);
        if moved {
            w.u32(line.scope);
            w.u32(line.place.source);
        }
        place(w, last, line.place);
        (at, scope, last) = (line.at, line.scope, line.place);
    });
}

/// A place within its source, the line as a distance from another.
fn place(w: &mut Writer, last: Place, place: Place) {
    w.signed(place.line as i64 - last.line as i64);
    w.u32(place.column);
    w.u32(place.length);
}

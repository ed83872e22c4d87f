//! The assembler: from the text form back to the module. What the disassembler writes comes back as the same module; what a person
//! writes may leave out what can be guessed: indices, `str`, the entry, declarations of natives.

mod cursor;
mod foreign;
mod function;
mod pools;
mod pseudo;
mod symbols;

use crate::{Field, FuncId, Global, Module, NativeImport, Source, TypeDef};
use cursor::{Cursor, Parsed};
use pools::Pools;
use std::fmt;
use std::ops::Range;
use symbols::Symbols;

/// Why a text is no module.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AssembleError {
    /// The line, from 1.
    pub line: usize,
    /// The bytes of the text that are wrong.
    pub span: Range<usize>,
    /// What is wrong with it.
    pub reason: String,
}

impl fmt::Display for AssembleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.reason)
    }
}

impl std::error::Error for AssembleError {}

/// The module of a text. Whether it makes sense is for the verifier to judge.
///
/// # Errors
/// The first line that cannot be read.
pub fn assemble(text: &str) -> Result<Module, AssembleError> {
    assemble_lines(text, false)
}

/// As [`assemble`]; where the text names no sources of its own, it becomes the source of its instructions, under this path.
///
/// # Errors
/// The first line that cannot be read.
pub fn assemble_file(path: &str, text: &str) -> Result<Module, AssembleError> {
    let own_source = !text.lines().any(|line| line.trim_start().starts_with(".source"));
    let mut module = assemble_lines(text, own_source)?;
    if module.functions.iter().any(|function| !function.lines.is_empty()) && module.sources.is_empty() {
        module.sources.push(Source { path: path.to_owned(), text: Some(text.to_owned()), standard: false });
    }
    Ok(module)
}

/// `place_lines`: functions without indices get the places of their instructions in this text.
fn assemble_lines(text: &str, place_lines: bool) -> Result<Module, AssembleError> {
    let symbols = Symbols::find(text);
    let mut module = Module { entry: FuncId(symbols.get("@", "main").unwrap_or(0)), ..Module::default() };
    if symbols.implicit_str {
        module.types.push(TypeDef::Str);
    }
    let mut pools = Pools::new(place_lines);
    let mut start = 0;
    let mut lines = text.split_inclusive('\n').enumerate().map(|(index, line)| {
        let cursor = Cursor::new(index + 1, start, line.trim_end_matches(['\n', '\r']), &symbols);
        start += line.len();
        cursor
    });
    while let Some(mut line) = lines.next() {
        if line.at_end() {
            continue;
        }
        if line.eat_word("fn") {
            let function = function::assemble_function(line, &mut lines, &mut module, &mut pools)?;
            module.functions.push(function);
        } else {
            declaration(&mut line, &mut module, &mut pools)?;
            line.finish()?;
        }
    }
    module.natives.append(&mut pools.imports);
    Ok(module)
}

/// The name of a declaration that has no index, which must be the first of this name.
fn bare_name(line: &mut Cursor<'_>, sigil: &str, next: usize) -> Parsed<String> {
    let name = line.word("a name")?;
    match line.symbols.get(sigil, name) {
        Some(index) if index as usize == next => Ok(name.to_owned()),
        _ => Err(line.error(format!("`{name}` is declared twice"))),
    }
}

/// An index or a name, and the equals sign after it.
fn index_or_name(line: &mut Cursor<'_>, sigil: &str, next: usize) -> Parsed<()> {
    if line.is_numbered(sigil) {
        return index(line, sigil, next);
    }
    bare_name(line, sigil, next)?;
    line.expect("=")
}

/// The name of a declaration: after its index and in quotes, or a word.
fn declared_name(line: &mut Cursor<'_>, sigil: &str, next: usize) -> Parsed<String> {
    if line.is_numbered(sigil) {
        index(line, sigil, next)?;
        return line.quoted();
    }
    bare_name(line, sigil, next)
}

/// An index that counts up from 0, and the equals sign after it.
fn index(line: &mut Cursor<'_>, sigil: &str, next: usize) -> Parsed<()> {
    let found: usize = match line.entry(sigil) {
        Ok(index) => index as usize,
        Err(error) => return Err(error),
    };
    if found != next {
        return Err(line.error(format!("this is number {next}, not {found}")));
    }
    line.expect("=")
}

/// A line outside of functions.
fn declaration(line: &mut Cursor<'_>, module: &mut Module, pools: &mut Pools) -> Parsed<()> {
    match line.word("a declaration")? {
        ".name" => module.name = line.quoted()?,
        ".comment" => module.comment = line.quoted()?,
        ".entry" => module.entry = FuncId(line.entry("@")?),
        ".source" => {
            let path = line.quoted()?;
            module.sources.push(Source { path, text: None, standard: line.eat_word("standard") });
        }
        ".text" => source_text(line, module)?,
        "type" if line.is_numbered("#") => {
            index(line, "#", module.types.len())?;
            module.types.push(type_def(line, "")?);
        }
        "type" => {
            let name = bare_name(line, "#", module.types.len())?;
            line.expect("=")?;
            module.types.push(type_def(line, &name)?);
        }
        "for" => return impl_row(line, module),
        "constant" => pools.declare_constant(module, line.unsigned("64 bits")?),
        "string" => pools.declare_string(module, line.quoted()?),
        "global" => {
            let name = declared_name(line, "$", module.globals.len())?;
            line.expect(":")?;
            module.globals.push(Global { name, ty: line.reg_type()? });
        }
        "native" => {
            let name = declared_name(line, "!", module.natives.len())?;
            module.natives.push(NativeImport { name, signature: line.signature()? });
        }
        "method" => {
            let next = module.methods.len();
            index_or_name(line, "^", next)?;
            module.methods.push((line.type_id()?, line.unsigned("a number of a method")?));
        }
        "cstruct" => module.foreign.layouts.push(foreign::layout(line)?),
        "ccallback" => module.foreign.callbacks.push(foreign::signature(line)?),
        "cfunction" => {
            let next = module.foreign.functions.len();
            index_or_name(line, "%", next)?;
            module.foreign.functions.push(foreign::function(line)?);
        }
        word => return Err(line.error(format!("`{word}` begins no declaration"))),
    }
    Ok(())
}

/// A line of a source's text, which goes behind those before it.
fn source_text(line: &mut Cursor<'_>, module: &mut Module) -> Parsed<()> {
    let source: usize = line.unsigned("the number of a source")?;
    let Some(source) = module.sources.get_mut(source) else {
        return Err(line.error(format!("there is no source {source}")));
    };
    source.text.get_or_insert_default().push_str(&line.quoted()?);
    Ok(())
}

fn fields(line: &mut Cursor<'_>) -> Parsed<Vec<Field>> {
    line.list("{", "}", |line| {
        let mutable = line.eat_word("var");
        let name = line.name()?;
        line.expect(":")?;
        Ok(Field { name, storage: line.storage()?, mutable })
    })
}

/// What a type is; `declared` is its name where it does not say one itself.
fn type_def(line: &mut Cursor<'_>, declared: &str) -> Parsed<TypeDef> {
    Ok(match line.word("a kind of type")? {
        "str" => TypeDef::Str,
        "array" => TypeDef::Array(line.storage()?),
        "struct" => TypeDef::Struct { name: type_name(line, declared)?, fields: fields(line)? },
        "enum" => TypeDef::Enum {
            name: type_name(line, declared)?,
            variants: line.list("{", "}", Cursor::type_id)?,
        },
        "variant" => {
            let name = type_name(line, declared)?;
            keyword(line, "of")?;
            TypeDef::Variant { name, of: line.type_id()?, fields: fields(line)? }
        }
        "fn" => TypeDef::Function(line.signature()?),
        "closure" => {
            keyword(line, "of")?;
            let of = line.type_id()?;
            keyword(line, "code")?;
            TypeDef::Closure { of, function: FuncId(line.entry("@")?), captures: fields(line)? }
        }
        "trait" => {
            let name = type_name(line, declared)?;
            TypeDef::Trait { name, methods: line.list("{", "}", Cursor::signature)?, impls: Vec::new() }
        }
        word => return Err(line.error(format!("`{word}` is no kind of type"))),
    })
}

fn type_name(line: &mut Cursor<'_>, declared: &str) -> Parsed<String> {
    if declared.is_empty() || line.is_quoted() { line.quoted() } else { Ok(declared.to_owned()) }
}

fn keyword(line: &mut Cursor<'_>, word: &str) -> Parsed<()> {
    if line.eat_word(word) { Ok(()) } else { line.expect(word) }
}

/// A row of the trait above.
fn impl_row(line: &mut Cursor<'_>, module: &mut Module) -> Parsed<()> {
    let of = line.type_id()?;
    let code = line.list("{", "}", |line| line.entry("@").map(FuncId))?;
    match module.types.last_mut() {
        Some(TypeDef::Trait { impls, .. }) => {
            impls.push((of, code));
            Ok(())
        }
        _ => Err(line.error("a row for a type comes after its trait")),
    }
}

//! The assembler: from the text form back to the module. What the disassembler writes comes back as the same module, but for the
//! texts of sources, which are comments there.

mod cursor;
mod foreign;
mod function;
mod pools;

use crate::{Field, FuncId, Global, Module, NativeImport, Source, TypeDef};
use cursor::{Cursor, Parsed};
use pools::Pools;
use std::fmt;

/// Why a text is no module.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AssembleError {
    /// The line, from 1.
    pub line: usize,
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
    let mut module = Module::default();
    let mut pools = Pools::default();
    let mut lines = text.lines().enumerate().map(|(index, line)| Cursor::new(index + 1, line));
    while let Some(mut line) = lines.next() {
        if line.at_end() {
            continue;
        }
        if line.eat_word("fn") {
            index(&mut line, "@", module.functions.len())?;
            let function = function::assemble_function(line, &mut lines, &mut module, &mut pools)?;
            module.functions.push(function);
        } else {
            declaration(&mut line, &mut module, &mut pools)?;
            line.finish()?;
        }
    }
    Ok(module)
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
        "type" => {
            index(line, "#", module.types.len())?;
            module.types.push(type_def(line)?);
        }
        "for" => return impl_row(line, module),
        "constant" => pools.declare_constant(module, line.unsigned("64 bits")?),
        "string" => pools.declare_string(module, line.quoted()?),
        "global" => {
            index(line, "$", module.globals.len())?;
            let name = line.quoted()?;
            line.expect(":")?;
            module.globals.push(Global { name, ty: line.reg_type()? });
        }
        "native" => {
            index(line, "!", module.natives.len())?;
            module.natives.push(NativeImport { name: line.quoted()?, signature: line.signature()? });
        }
        "method" => {
            index(line, "^", module.methods.len())?;
            module.methods.push((line.type_id()?, line.unsigned("a number of a method")?));
        }
        "cstruct" => module.foreign.layouts.push(foreign::layout(line)?),
        "ccallback" => module.foreign.callbacks.push(foreign::signature(line)?),
        "cfunction" => {
            index(line, "%", module.foreign.functions.len())?;
            module.foreign.functions.push(foreign::function(line)?);
        }
        word => return Err(line.error(format!("`{word}` begins no declaration"))),
    }
    Ok(())
}

fn fields(line: &mut Cursor<'_>) -> Parsed<Vec<Field>> {
    line.list("{", "}", |line| {
        let mutable = line.eat_word("var");
        let name = line.quoted()?;
        line.expect(":")?;
        Ok(Field { name, storage: line.storage()?, mutable })
    })
}

fn type_def(line: &mut Cursor<'_>) -> Parsed<TypeDef> {
    Ok(match line.word("a kind of type")? {
        "str" => TypeDef::Str,
        "array" => TypeDef::Array(line.storage()?),
        "struct" => TypeDef::Struct { name: line.quoted()?, fields: fields(line)? },
        "enum" => TypeDef::Enum { name: line.quoted()?, variants: line.list("{", "}", Cursor::type_id)? },
        "variant" => {
            let name = line.quoted()?;
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
            let name = line.quoted()?;
            TypeDef::Trait { name, methods: line.list("{", "}", Cursor::signature)?, impls: Vec::new() }
        }
        word => return Err(line.error(format!("`{word}` is no kind of type"))),
    })
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

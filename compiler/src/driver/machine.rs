//! Programs that are no source of the language: bytecode, and its text form.

use std::path::Path;

use lang_bytecode::{AssembleError, Module, VerifyError};

use super::clock::Clock;
use super::{Compilation, Emit, Options, Output};
use crate::diagnostics::{Diagnostic, codes};
use crate::source::{SourceFile, SourceMap, Span};

/// Whether a file is the text form of bytecode, judged by its name.
pub(super) fn is_assembly(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|extension| extension == "lasm")
}

/// The module of a `.bc` file, which the runtime verifies.
pub(super) fn read(path: &str, bytes: &[u8], options: &Options) -> Compilation {
    let mut clock = Clock::start();
    let module = lang_bytecode::read(bytes).map_err(|error| {
        Diagnostic::new(codes::BAD_BYTECODE, Span::default(), format!("cannot use `{path}`: {error}"))
    });
    clock.lap("read");
    finish(SourceMap::new(), module, clock, options)
}

/// Assembles a file in text form and verifies what it says.
pub(super) fn assemble(path: &str, bytes: Vec<u8>, options: &Options) -> Compilation {
    let mut clock = Clock::start();
    let mut map = SourceMap::new();
    let module = module_of_text(path, bytes, &mut map);
    clock.lap("assemble");
    finish(map, module, clock, options)
}

fn module_of_text(path: &str, bytes: Vec<u8>, map: &mut SourceMap) -> Result<Module, Diagnostic> {
    let nowhere = |code, message: String| Diagnostic::new(code, Span::default(), message);
    let text = String::from_utf8(bytes).map_err(|error| {
        nowhere(codes::NOT_UTF8, format!("`{path}` is not UTF-8: {}", error.utf8_error()))
    })?;
    let file = map
        .add(path, text)
        .map_err(|_| nowhere(codes::SOURCE_TOO_LARGE, format!("`{path}` is longer than 2 GiB")))?;
    let file = map.file(file);
    let module = lang_bytecode::assemble_file(path, file.text()).map_err(|error| wrong_line(file, error))?;
    // The verifier takes the module; the places of its instructions are needed where it refuses.
    lang_bytecode::verify(module.clone()).map_err(|error| refused(file, &module, &error))?;
    Ok(module)
}

fn wrong_line(file: &SourceFile, error: AssembleError) -> Diagnostic {
    let at = |offset: usize| file.base() + offset as u32;
    Diagnostic::new(codes::ASSEMBLY, Span::new(at(error.span.start), at(error.span.end)), error.reason)
}

/// What the verifier says, at the line of the instruction where that is known.
fn refused(file: &SourceFile, module: &Module, error: &VerifyError) -> Diagnostic {
    let function = error.function.and_then(|function| module.functions.get(function));
    let line = function.zip(error.at).and_then(|(function, (word, _))| {
        function.lines.iter().take_while(|line| line.at as usize <= word).last()
    });
    let is_own = module.sources.first().is_some_and(|source| source.path == file.path());
    let span = match line.filter(|_| is_own) {
        Some(line) => line_span(file, line.place.line),
        None => Span::default(),
    };
    Diagnostic::new(codes::BAD_BYTECODE, span, error.to_string())
}

/// The text of a line, without the blanks before it.
fn line_span(file: &SourceFile, number: u32) -> Span {
    let mut start = 0;
    for (index, line) in file.text().split_inclusive('\n').enumerate() {
        if index + 1 == number as usize {
            let blanks = line.len() - line.trim_start().len();
            let from = file.base() + (start + blanks) as u32;
            return Span::new(from, from + line.trim().len() as u32);
        }
        start += line.len();
    }
    Span::default()
}

fn finish(
    map: SourceMap,
    module: Result<Module, Diagnostic>,
    clock: Clock,
    options: &Options,
) -> Compilation {
    let output = module.and_then(|mut module| match options.emit {
        Emit::Check => Ok(Output::Checked),
        Emit::Module => {
            if options.strip {
                module.sources.iter_mut().for_each(|source| source.text = None);
            }
            Ok(Output::Module(Box::new(module)))
        }
        Emit::Ast | Emit::Hir | Emit::Ir | Emit::Tests | Emit::Increment => {
            let message = "only source has trees, intermediate code and tests; this file is bytecode";
            Err(Diagnostic::new(codes::BAD_BYTECODE, Span::default(), message))
        }
    });
    let (output, diagnostics) = match output {
        Ok(output) => (Some(output), Vec::new()),
        Err(diagnostic) => (None, vec![diagnostic]),
    };
    Compilation { map, diagnostics, output, timings: clock.timings() }
}

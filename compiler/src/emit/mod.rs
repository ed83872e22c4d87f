//! Emission: the optimised intermediate form into a bytecode module.
//!
//! Per function: live ranges, arguments and results in out slots, registers for the rest, then selection of instructions with
//! their immediate and compare-and-branch forms. It relies on [`crate::optimize`] for operands that no immediate form takes.

mod lines;
mod ranges;
mod registers;
mod select;
mod slots;
mod tables;
#[cfg(test)]
mod tests;

use lang_bytecode as bc;

use crate::diagnostics::{Diagnostic, codes};
use crate::ir::{Function, Program};
use crate::source::{SourceMap, Span};
use lines::Lines;
use select::Failure;
use tables::Tables;

/// What a module is to hold beside code.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The program's name, for people.
    pub name: String,
    /// Leaves the sources' texts out.
    pub strip: bool,
}

/// Makes the module of a program.
pub fn emit(program: &Program, map: &SourceMap, options: &Options) -> Result<bc::Module, Vec<Diagnostic>> {
    let mut tables = Tables::new(&program.constants);
    let mut lines = Lines::new(map);
    let mut errors = Vec::new();
    let mut functions = Vec::with_capacity(program.functions.len());
    for function in &program.functions {
        match self::function(function, &mut tables, &mut lines) {
            Ok(done) => functions.push(done),
            Err(diagnostic) => errors.push(diagnostic),
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    Ok(bc::Module {
        name: options.name.clone(),
        types: program.types.clone(),
        constants: tables.constants,
        strings: tables.strings,
        globals: program.globals.clone(),
        natives: program.natives.clone(),
        foreign: foreign(program, &mut lines),
        methods: program.methods.clone(),
        functions,
        entry: program.entry,
        sources: sources(program, map, options.strip),
        ..bc::Module::default()
    })
}

/// The functions of C, with their places.
fn foreign(program: &Program, lines: &mut Lines<'_>) -> bc::Foreign {
    let mut foreign = program.foreign.clone();
    for (function, span) in foreign.functions.iter_mut().zip(&program.foreign_spans) {
        function.place = lines.place(*span);
    }
    foreign
}

fn sources(program: &Program, map: &SourceMap, strip: bool) -> Vec<bc::Source> {
    let source = |(index, file): (usize, &std::sync::Arc<crate::source::SourceFile>)| {
        let standard = program.standard.get(index).copied().unwrap_or(false);
        // The standard library's text is the compiler's own: a runtime error never shows it.
        let text = (!strip && !standard).then(|| file.text().to_owned());
        bc::Source { path: file.path().to_owned(), text, standard }
    };
    map.files().iter().enumerate().map(source).collect()
}

fn function<'a>(
    function: &Function,
    tables: &mut Tables<'a>,
    lines: &mut Lines<'a>,
) -> Result<bc::Function, Diagnostic> {
    let ranges = ranges::find(function);
    let slots = slots::assign(function, &ranges);
    let allocation = registers::allocate(function, &ranges, slots).map_err(|registers::TooMany| {
        limit(function, &format!("needs more than {} registers at once", registers::MAX_REGISTERS))
    })?;
    let code = select::select(function, &allocation, tables, lines).map_err(|failure| match failure {
        Failure::TooLarge => limit(function, "is too large"),
        Failure::Operand => {
            let message = format!("`{}` could not be emitted", function.name);
            Diagnostic::new(codes::INTERNAL, place(function), message)
        }
    })?;
    Ok(bc::Function {
        name: function.name.to_string(),
        params: function.params as u16,
        registers: allocation.registers,
        results: function.results.clone(),
        code,
        scopes: lines.scopes(function),
        lines: lines.take(),
    })
}

fn limit(function: &Function, what: &str) -> Diagnostic {
    Diagnostic::new(codes::LIMIT, place(function), format!("the function `{}` {what}", function.name))
        .help("split it into several")
}

/// Some place in a function.
fn place(function: &Function) -> Span {
    let insts = function.blocks.iter().flat_map(|block| &block.insts);
    insts.map(|inst| inst.at.span).find(|span| *span != Span::default()).unwrap_or_default()
}

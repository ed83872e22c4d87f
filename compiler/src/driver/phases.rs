//! The phases in order.

use super::clock::Clock;
use super::{Compilation, Emit, Options, Output};
use crate::ast::{self, Names};
use crate::diagnostics::{Diagnostic, Sink};
use crate::source::{FileSystem, SourceMap};
use crate::types::Checked;
use crate::{emit, hir, ir, lower, modules, optimize, types};

/// Runs the phases as far as `options` ask and errors allow.
pub(super) fn run(files: &dyn FileSystem, entry: &str, options: &Options) -> Compilation {
    let mut phases = Phases {
        map: SourceMap::new(),
        names: Names::new(),
        sink: Sink::new(),
        clock: Clock::start(),
        name: String::new(),
        options,
    };
    let output = phases.run(files, entry);
    phases.finish(output)
}

/// What the phases share.
struct Phases<'a> {
    map: SourceMap,
    names: Names,
    sink: Sink,
    clock: Clock,
    /// The program's name.
    name: String,
    options: &'a Options,
}

impl Phases<'_> {
    /// The output; nothing if a phase reports errors.
    fn run(&mut self, files: &dyn FileSystem, entry: &str) -> Option<Output> {
        let modules = modules::load(files, entry, &mut self.map, &mut self.names, &mut self.sink);
        self.clock.lap("parse");
        self.name = modules.entry().map(|module| module.name.clone()).unwrap_or_default();
        let output = self.check_and_go_on(&modules);
        self.drop(modules);
        output
    }

    fn check_and_go_on(&mut self, modules: &modules::Modules) -> Option<Output> {
        self.go_on()?;
        if self.options.emit == Emit::Ast {
            return Some(Output::Text(ast::dump(&modules.entry()?.ast, &self.names)));
        }
        let mut checked = types::check(modules, &mut self.names, &mut self.sink);
        self.clock.lap("check");
        let output = self.lower_and_go_on(&mut checked);
        self.drop(checked);
        output
    }

    fn lower_and_go_on(&mut self, Checked { program, types }: &mut Checked) -> Option<Output> {
        self.go_on()?;
        match self.options.emit {
            Emit::Check => return Some(Output::Checked),
            Emit::Hir => return Some(Output::Text(hir::program_text(program, types, &self.names))),
            _ => {}
        }
        let lowered = lower::lower(program, types, &self.names);
        let mut program = self.accept(lowered)?;
        self.clock.lap("lower");
        optimize::optimize(&mut program);
        self.clock.lap("optimize");
        let output = self.emit(&program);
        self.drop(program);
        output
    }

    fn emit(&mut self, program: &ir::Program) -> Option<Output> {
        if self.options.emit == Emit::Ir {
            return Some(Output::Text(ir::program_text(program)));
        }
        let options = emit::Options { name: std::mem::take(&mut self.name), strip: self.options.strip };
        let emitted = emit::emit(program, &self.map, &options);
        let module = self.accept(emitted)?;
        self.clock.lap("emit");
        Some(Output::Module(Box::new(module)))
    }

    /// Nothing if there are errors.
    fn go_on(&mut self) -> Option<()> {
        if self.options.deny_warnings {
            self.sink.deny_warnings();
        }
        (!self.sink.has_errors()).then_some(())
    }

    fn accept<T>(&mut self, result: Result<T, Vec<Diagnostic>>) -> Option<T> {
        result.map_err(|diagnostics| self.sink.extend(diagnostics)).ok()
    }

    /// Taking a large tree apart takes time that a process about to end need not spend.
    fn drop<T>(&self, tree: T) {
        if self.options.leak {
            std::mem::forget(tree);
        }
    }

    fn finish(self, output: Option<Output>) -> Compilation {
        let Phases { map, names, sink, clock, options, .. } = self;
        if options.leak {
            std::mem::forget(names);
        }
        let mut diagnostics = sink.finish();
        diagnostics.iter_mut().for_each(|diagnostic| hide_standard_labels(diagnostic, &map));
        Compilation { map, diagnostics, output, timings: clock.timings() }
    }
}

/// Where the standard library declares something helps nobody with an error of their own.
fn hide_standard_labels(diagnostic: &mut Diagnostic, map: &SourceMap) {
    let is_standard = |span| map.file_of(span).is_some_and(|file| modules::is_standard(file.path()));
    if !is_standard(diagnostic.primary.span) {
        diagnostic.secondary.retain(|label| !is_standard(label.span));
    }
}

//! The phases in order.

use lang_bytecode::Module;

use super::clock::Clock;
use super::{Compilation, Emit, Options, Output, Test};
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
        let search = modules::Search { files, libraries: &self.options.libraries };
        let modules = modules::load(search, entry, &mut self.map, &mut self.names, &mut self.sink);
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
        let purpose = match self.options.emit {
            Emit::Tests => types::Purpose::Tests,
            _ => types::Purpose::Program,
        };
        let mut checked = types::check(modules, purpose, &mut self.names, &mut self.sink);
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
        if self.options.emit == Emit::Tests {
            return self.tests(program, types);
        }
        let start = program.main.map_or(lower::Start::TopLevel, lower::Start::Main);
        let program = self.lower(program, types, start)?;
        if self.options.emit == Emit::Ir {
            return Some(Output::Text(ir::program_text(&program)));
        }
        let module = self.emit(&program)?;
        self.drop(program);
        Some(Output::Module(module))
    }

    /// The optimised program that begins in one way.
    fn lower(
        &mut self,
        program: &hir::Program,
        types: &mut hir::Types,
        start: lower::Start,
    ) -> Option<ir::Program> {
        let lowered = lower::lower(program, types, &self.names, start);
        let mut program = self.accept(lowered)?;
        self.clock.lap("lower");
        optimize::optimize(&mut program);
        self.clock.lap("optimize");
        Some(program)
    }

    fn emit(&mut self, program: &ir::Program) -> Option<Box<Module>> {
        let options = emit::Options { name: self.name.clone(), strip: self.options.strip };
        let emitted = emit::emit(program, &self.map, &options);
        let module = self.accept(emitted)?;
        self.clock.lap("emit");
        Some(Box::new(module))
    }

    /// Each test as a program.
    fn tests(&mut self, program: &hir::Program, types: &mut hir::Types) -> Option<Output> {
        let mut tests = Vec::with_capacity(program.tests.len());
        for test in &program.tests {
            let ir = self.lower(program, types, lower::Start::Test(test.function))?;
            let module = self.emit(&ir)?;
            let line = self.map.file_of(test.span).map_or(0, |file| file.line_column(test.span.lo).0);
            tests.push(Test { name: self.names.text(test.name).to_string(), line, module });
        }
        Some(Output::Tests(tests))
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

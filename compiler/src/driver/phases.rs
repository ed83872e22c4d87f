//! The phases in order.

use lang_bytecode::Module;
use rustc_hash::FxHashSet;

use super::after_syntax::Doubts;
use super::clock::Clock;
use super::{Compilation, Emit, Increment, Options, Output, Test};
use crate::ast::{self, Names};
use crate::diagnostics::{Diagnostic, Sink, codes};
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
        let Options { libraries, session, .. } = self.options;
        let search = modules::Search { files, libraries, past: &session.entries };
        let modules = modules::load(search, entry, &mut self.map, &mut self.names, &mut self.sink);
        self.clock.lap("parse");
        self.name = modules.entry().map(|module| module.name.clone()).unwrap_or_default();
        let output = self.check_and_go_on(&modules);
        self.drop(modules);
        output
    }

    fn check_and_go_on(&mut self, modules: &modules::Modules) -> Option<Output> {
        if self.go_on().is_none() {
            self.check_the_rest(modules);
            return None;
        }
        if self.options.emit == Emit::Ast {
            return Some(Output::Text(ast::dump(&modules.entry()?.ast, &self.names)));
        }
        let purpose = match self.options.emit {
            Emit::Tests => types::Purpose::Tests,
            Emit::Increment => types::Purpose::Increment,
            _ => types::Purpose::Program,
        };
        let mut checked = types::check(modules, purpose, &mut self.names, &mut self.sink);
        self.clock.lap("check");
        let output = match self.options.emit {
            Emit::Increment => self.increment(modules, &mut checked),
            _ => self.lower_and_go_on(&mut checked),
        };
        self.drop(checked);
        output
    }

    /// After syntax errors: what is wrong in the parts of the program that they did not touch.
    fn check_the_rest(&mut self, modules: &modules::Modules) {
        let Some(doubts) = Doubts::of(modules, self.sink.as_slice()) else { return };
        let mut found = Sink::new();
        let checked = types::check(modules, types::Purpose::Program, &mut self.names, &mut found);
        self.sink.extend(found.finish().into_iter().filter(|finding| doubts.spare(finding)));
        self.clock.lap("check");
        self.drop(checked);
    }

    fn lower_and_go_on(&mut self, Checked { program, types }: &mut Checked) -> Option<Output> {
        self.go_on()?;
        if self.options.emit == Emit::Hir {
            return Some(Output::Text(hir::program_text(program, types, &self.names)));
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
        // What is accepted here must compile: the later phases have errors of their own.
        if self.options.emit == Emit::Check { Some(Output::Checked) } else { Some(Output::Module(module)) }
    }

    /// The optimised program that begins in one way.
    fn lower(
        &mut self,
        program: &hir::Program,
        types: &mut hir::Types,
        start: lower::Start<'_>,
    ) -> Option<ir::Program> {
        let lowered = lower::lower(program, types, &self.names, start);
        let mut program = self.accept(lowered)?;
        self.clock.lap("lower");
        optimize::optimize(&mut program, self.options.keep_calls);
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

    /// The next part of a session.
    fn increment(&mut self, modules: &modules::Modules, checked: &mut Checked) -> Option<Output> {
        self.go_on()?;
        let Checked { program, types } = checked;
        let past = &self.options.session;
        let ran = |module: &modules::Module| {
            module.role == modules::Role::Past || past.modules.contains(&module.name)
        };
        let ran = lower::Ran { modules: modules.list.iter().map(ran).collect() };
        let ir = self.lower(program, types, lower::Start::Increment(&ran))?;
        let module = *self.emit(&ir)?;
        let keys = self.keys(&ir);
        let shows = program.displayed.map(|ty| hir::type_text(program, types, &self.names, &[], ty));
        let others = modules.list.iter().filter(|module| !module.role.has_statements());
        let modules = others.map(|module| module.name.clone()).collect();
        Some(Output::Increment(Box::new(Increment { module, keys, shows, modules })))
    }

    /// The keys of a program, with places as people read them: they are the same in every program of a session.
    fn keys(&self, program: &ir::Program) -> lang_bytecode::Keys {
        let place = |span| self.map.locate(span).map_or_else(String::new, |place| place.to_string());
        let part = |part: &ir::KeyPart| match part {
            ir::KeyPart::Text(text) => text.clone(),
            ir::KeyPart::Place(span) => place(*span),
        };
        let mut keys = lang_bytecode::Keys {
            types: vec![None; program.types.len()],
            globals: vec![None; program.globals.len()],
        };
        for (id, key) in &program.keys.types {
            keys.types[id.0 as usize] = Some(key.iter().map(part).collect());
        }
        for (global, span, word) in &program.keys.globals {
            keys.globals[*global as usize] = Some(format!("{}/{word}", place(*span)));
        }
        keys
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
        if options.emit == Emit::Increment {
            diagnostics.retain(|diagnostic| concerns_entry(diagnostic, &map, &options.session.entries));
        }
        diagnostics.iter_mut().for_each(|diagnostic| hide_standard_labels(diagnostic, &map));
        let mut said = FxHashSet::default();
        diagnostics.retain(|diagnostic| !repeats(diagnostic, &map, &mut said));
        Compilation { map, diagnostics, output, timings: clock.timings() }
    }
}

/// Whether somebody who entered something wants to read this: no warnings of what was entered before, and none of what a later entry
/// may use.
fn concerns_entry(diagnostic: &Diagnostic, map: &SourceMap, past: &[String]) -> bool {
    let is_past =
        || map.file_of(diagnostic.primary.span).is_some_and(|file| past.iter().any(|p| p == file.path()));
    let may_be_used = diagnostic.code == codes::UNUSED_IMPORT;
    diagnostic.is_error() || !may_be_used && !is_past()
}

/// Whether the same was said of the same line before: a name that is not there, as a rule.
fn repeats(diagnostic: &Diagnostic, map: &SourceMap, said: &mut FxHashSet<(u32, u32, String)>) -> bool {
    let Some(file) = map.file_of(diagnostic.primary.span) else { return false };
    let line = file.line(diagnostic.primary.span.lo);
    diagnostic.is_error() && !said.insert((file.base(), line, diagnostic.message.clone()))
}

/// Where the standard library declares something helps nobody with an error of their own.
fn hide_standard_labels(diagnostic: &mut Diagnostic, map: &SourceMap) {
    let is_standard = |span| map.file_of(span).is_some_and(|file| modules::is_standard(file.path()));
    if !is_standard(diagnostic.primary.span) {
        diagnostic.secondary.retain(|label| !is_standard(label.span));
    }
}

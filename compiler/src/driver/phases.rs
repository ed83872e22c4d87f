//! The phases in order.

use super::{Compilation, Emit, Options, Output, finish};
use crate::ast::{self, Names};
use crate::diagnostics::Sink;
use crate::source::{FileSystem, SourceMap};
use crate::{hir, modules, types};

/// Runs the phases as far as `options` ask and errors allow.
pub(super) fn run(files: &dyn FileSystem, entry: &str, options: &Options) -> Compilation {
    let (mut map, mut names, mut sink) = (SourceMap::new(), Names::new(), Sink::new());
    let modules = modules::load(files, entry, &mut map, &mut names, &mut sink);
    if sink.has_errors() {
        return finish(map, sink, None, options);
    }
    let checked = types::check(&modules, &mut names, &mut sink);
    if sink.has_errors() {
        return finish(map, sink, None, options);
    }
    let output = match options.emit {
        Emit::Check => Some(Output::Checked),
        Emit::Hir => Some(Output::Text(hir::program_text(&checked.program, &checked.types, &names))),
        Emit::Ast => modules.entry().map(|module| Output::Text(ast::dump(&module.ast, &names))),
        _ => None,
    };
    if options.leak {
        std::mem::forget((modules, names));
    }
    finish(map, sink, output, options)
}

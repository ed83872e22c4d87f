//! The phases in order.

use super::{Compilation, Emit, Options, Output, finish};
use crate::ast::{self, Names};
use crate::diagnostics::{Diagnostic, Sink, codes};
use crate::modules;
use crate::source::{FileSystem, SourceFile, SourceMap};

/// Runs the phases as far as `options` ask and errors allow.
pub(super) fn run(files: &dyn FileSystem, entry: &str, options: &Options) -> Compilation {
    let (mut map, mut names, mut sink) = (SourceMap::new(), Names::new(), Sink::new());
    let parse = |file: &SourceFile, _: &mut Names, sink: &mut Sink| {
        sink.push(Diagnostic::new(
            codes::NOT_SUPPORTED,
            file.span().start(),
            "this compiler cannot parse yet",
        ));
        ast::Module { stmts: Vec::new(), span: file.span() }
    };
    let modules = modules::load(files, entry, &parse, &mut map, &mut names, &mut sink);
    if sink.has_errors() {
        return finish(map, sink, None, options);
    }
    let output = match options.emit {
        Emit::Ast => modules.entry().map(|module| Output::Text(format!("{:#?}\n", module.ast))),
        _ => None,
    };
    finish(map, sink, output, options)
}

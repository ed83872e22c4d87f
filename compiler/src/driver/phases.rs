//! The phases in order.

use super::{Compilation, Emit, Options, Output, finish};
use crate::ast::{self, Names};
use crate::diagnostics::{Diagnostic, Sink};
use crate::source::{FileSystem, SourceMap};
use crate::types::Checked;
use crate::{emit, hir, ir, lower, modules, optimize, types};

/// Runs the phases as far as `options` ask and errors allow.
pub(super) fn run(files: &dyn FileSystem, entry: &str, options: &Options) -> Compilation {
    let (mut map, mut names, mut sink) = (SourceMap::new(), Names::new(), Sink::new());
    let modules = modules::load(files, entry, &mut map, &mut names, &mut sink);
    if sink.has_errors() {
        return finish(map, sink, None, options);
    }
    let mut checked = types::check(&modules, &mut names, &mut sink);
    if sink.has_errors() {
        return finish(map, sink, None, options);
    }
    let output = match options.emit {
        Emit::Check => Some(Output::Checked),
        Emit::Hir => Some(Output::Text(hir::program_text(&checked.program, &checked.types, &names))),
        Emit::Ast => modules.entry().map(|module| Output::Text(ast::dump(&module.ast, &names))),
        Emit::Ir | Emit::Module => {
            back_end(&mut checked, &names, &map, entry, options).unwrap_or_else(|errors| {
                sink.extend(errors);
                None
            })
        }
    };
    if options.leak {
        std::mem::forget((modules, names, checked));
    }
    finish(map, sink, output, options)
}

/// What follows the check: lowering, optimisation, emission.
fn back_end(
    checked: &mut Checked,
    names: &Names,
    map: &SourceMap,
    entry: &str,
    options: &Options,
) -> Result<Option<Output>, Vec<Diagnostic>> {
    let mut program = lower::lower(&checked.program, &mut checked.types, names)?;
    optimize::optimize(&mut program);
    if options.emit == Emit::Ir {
        return Ok(Some(Output::Text(ir::program_text(&program))));
    }
    let emit_options = emit::Options { name: entry.to_owned(), strip: options.strip };
    let module = emit::emit(&program, map, &emit_options)?;
    if options.leak {
        std::mem::forget(program);
    }
    Ok(Some(Output::Module(Box::new(module))))
}

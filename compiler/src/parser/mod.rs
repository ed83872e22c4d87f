//! Tokens to syntax tree, with chumsky behind one door.
//!
//! Parsing never fails: it gives a tree with error nodes and the diagnostics that explain them. It
//! recovers at three levels: a bracket's content, a statement (or field, variant, arm), and a
//! declaration. The lexer has made all brackets pair up and bounded the nesting, so the grammar
//! needs no lookahead beyond a token or two, and the parser's stack is bounded.

mod atom;
mod context;
mod control;
mod errors;
mod expr;
mod failure;
mod habits;
mod item;
mod misnamed;
mod pattern;
mod recover;
mod stmt;
mod suffix;
mod ty;

#[cfg(test)]
mod tests;

use chumsky::Parser;

use crate::ast::{Module, Names, Stmt};
use crate::diagnostics::Diagnostic;
use crate::lexer::{self, lex};
use crate::source::{SourceFile, SourceMap};
use context::Context;
use failure::{Failure, Quick};

/// What a file is, and what is wrong with it.
pub struct Parsed {
    /// The tree; without errors among the diagnostics it has no error nodes.
    pub ast: Module,
    /// Lexical and syntax errors, sorted by place.
    pub diagnostics: Vec<Diagnostic>,
}

/// Parses a file. Its names go into `names`.
pub fn parse(file: &SourceFile, names: &mut Names) -> Parsed {
    let lexed = lex(file, names);
    if lexed.too_deep {
        let ast = Module { stmts: Vec::new(), span: file.span() };
        return Parsed { ast, diagnostics: lexed.diagnostics };
    }
    let context = Context::new(&lexed, names, file);
    let (stmts, failures) = run(context);
    let ast = Module { stmts: stmts.unwrap_or_default(), span: file.span() };
    let diagnostics = errors::diagnostics(context, failures);
    Parsed { ast, diagnostics }
}

/// Whether a text stops in the middle, so that its next lines belong to it.
pub fn ends_early(text: &str) -> bool {
    let mut map = SourceMap::new();
    match map.add("", text) {
        Ok(file) => lexer::ends_early(map.file(file), &mut Names::new()),
        Err(_) => false,
    }
}

/// Parses quickly, and once more with care when there is something to report.
fn run(cx: Context<'_>) -> (Option<Vec<Stmt>>, Vec<Failure>) {
    let tokens = cx.lexed.kinds.as_slice();
    let (stmts, failures) = stmt::module::<Quick>(cx).parse(tokens).into_output_errors();
    if failures.is_empty() {
        return (stmts, Vec::new());
    }
    stmt::module::<Failure>(cx).parse(tokens).into_output_errors()
}

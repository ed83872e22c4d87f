//! What `langrun` shares with `langc test`: how a runtime error looks to people.

use lang_compiler::diagnostics::{Style, Trap, TrapFrame, TrapPlace, render_trap};
use lang_runtime::{ForeignError, RuntimeError, SourcePlace};

/// A runtime error in lines: what happened, the place, and the calls that led there.
#[cold]
pub fn render(error: &RuntimeError, style: Style) -> String {
    let frames: Vec<TrapFrame<'_>> = error
        .frames
        .iter()
        .map(|frame| TrapFrame {
            function: &frame.function,
            place: frame.place.as_ref().map(place),
            repeats: frame.repeats,
        })
        .collect();
    let trap = Trap {
        message: &error.message,
        place: error.place().map(place),
        source: error.source.as_deref(),
        frames: &frames,
        omitted: error.omitted,
    };
    render_trap(&trap, style)
}

/// What a program needs of C and does not get, with where it is declared.
#[cold]
pub fn render_foreign(error: &ForeignError, style: Style) -> String {
    let trap = Trap {
        message: &error.message,
        place: error.place.as_ref().map(place),
        source: error.source.as_deref(),
        frames: &[],
        omitted: 0,
    };
    render_trap(&trap, style)
}

fn place(place: &SourcePlace) -> TrapPlace<'_> {
    TrapPlace { path: &place.path, line: place.line, column: place.column, length: place.length }
}

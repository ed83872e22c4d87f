//! Errors and warnings: what they are, the table of their codes, and how they are shown.
//!
//! A phase makes a [`Diagnostic`] from a row of the table in [`codes`] and pushes it into its list:
//!
//! ```
//! use lang_compiler::diagnostics::{Diagnostic, codes};
//! use lang_compiler::source::Span;
//!
//! let diagnostic = Diagnostic::new(codes::TYPE_MISMATCH, Span::new(10, 14), "expected `int`, found `str`")
//!     .label("this is a `str`")
//!     .secondary(Span::new(4, 7), "expected because of this")
//!     .suggest(Span::new(10, 14), "int.parse(text)?", "parse the text");
//! assert_eq!(diagnostic.code.number(), "E0401");
//! ```
//!
//! Headlines and labels are phrases without a full stop, with code in backticks. A phase owns the
//! errors it finds; nothing here knows a phase.

pub mod codes;
mod diagnostic;
mod drawn;
pub mod fix;
pub mod human;
pub mod json;
mod rows;
mod similar;
mod sink;
mod trap;
mod view;

pub use codes::Code;
pub use diagnostic::{Applicability, Diagnostic, Edit, Label, Level, Suggestion};
pub use human::Style;
pub use similar::{Close, Spellings, similar};
pub use sink::Sink;
pub use trap::{Trap, TrapFrame, TrapPlace, render_trap};

//! What a phase has to say about a program: plain data, no rendering.

use super::Code;
use crate::source::Span;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// There will be no program.
    Error,
    /// The program means something, but hardly what was meant.
    Warning,
}

impl Level {
    /// The word that begins the headline.
    pub fn word(self) -> &'static str {
        match self {
            Level::Error => "error",
            Level::Warning => "warning",
        }
    }
}

/// How far a suggestion may be trusted; the names are rustc's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Applicability {
    /// It is what was meant: a tool may apply it unasked.
    MachineApplicable,
    /// It makes the error go, but may not be what was meant.
    MaybeIncorrect,
    /// It holds parts that the user must fill in.
    HasPlaceholders,
}

impl Applicability {
    /// The name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Applicability::MachineApplicable => "MachineApplicable",
            Applicability::MaybeIncorrect => "MaybeIncorrect",
            Applicability::HasPlaceholders => "HasPlaceholders",
        }
    }
}

/// A place and what is to be said of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// A phrase without a full stop; may be empty at the primary place.
    pub text: String,
}

/// A piece of text for another.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Edit {
    /// What it replaces; empty to insert.
    pub span: Span,
    /// What stands there instead; empty to delete.
    pub replacement: String,
}

/// A change of the source that would help.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Suggestion {
    /// What is to be edited, all or nothing: at least one piece, all in one file, in order and apart.
    pub edits: Vec<Edit>,
    /// What it does, as a phrase: "write `and` instead".
    pub message: String,
    /// How far it may be trusted.
    pub applicability: Applicability,
}

/// An error or a warning.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Diagnostic {
    /// Its row in the table of codes.
    pub code: Code,
    /// How bad it is: the code's letter says so, unless warnings are denied.
    pub level: Level,
    /// The headline: a phrase without a full stop, code quoted in backticks.
    pub message: String,
    /// Where it is. `Span::default()` stands for a diagnostic about no place.
    pub primary: Label,
    /// Other places that explain it.
    pub secondary: Vec<Label>,
    /// Facts that explain it.
    pub notes: Vec<String>,
    /// What to do about it, where no [`Suggestion`] says so.
    pub help: Vec<String>,
    /// Changes of the source that would help.
    pub suggestions: Vec<Suggestion>,
}

impl Diagnostic {
    /// A diagnostic at a place. Its level is that of its code.
    pub fn new(code: Code, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            code,
            level: code.level(),
            message: message.into(),
            primary: Label { span, text: String::new() },
            secondary: Vec::new(),
            notes: Vec::new(),
            help: Vec::new(),
            suggestions: Vec::new(),
        }
    }

    /// Says something beside the primary place.
    pub fn label(mut self, text: impl Into<String>) -> Diagnostic {
        self.primary.text = text.into();
        self
    }

    /// Points at another place.
    pub fn secondary(mut self, span: Span, text: impl Into<String>) -> Diagnostic {
        self.secondary.push(Label { span, text: text.into() });
        self
    }

    /// Adds a fact.
    pub fn note(mut self, text: impl Into<String>) -> Diagnostic {
        self.notes.push(text.into());
        self
    }

    /// Adds advice in words.
    pub fn help(mut self, text: impl Into<String>) -> Diagnostic {
        self.help.push(text.into());
        self
    }

    /// Adds a change that a tool may apply unasked.
    pub fn suggest(
        self,
        span: Span,
        replacement: impl Into<String>,
        message: impl Into<String>,
    ) -> Diagnostic {
        self.suggestion([(span, replacement.into())], message, Applicability::MachineApplicable)
    }

    /// Adds a change that may not be what was meant.
    pub fn maybe(self, span: Span, replacement: impl Into<String>, message: impl Into<String>) -> Diagnostic {
        self.suggestion([(span, replacement.into())], message, Applicability::MaybeIncorrect)
    }

    /// Adds the name that was probably meant; a tool may put it there if it is `sure`.
    pub fn there_is(self, span: Span, name: &str, sure: bool) -> Diagnostic {
        let applicability =
            if sure { Applicability::MachineApplicable } else { Applicability::MaybeIncorrect };
        self.suggestion([(span, name.to_string())], format!("there is `{name}`"), applicability)
    }

    /// Adds a change with parts that the user must fill in.
    pub fn outline(
        self,
        span: Span,
        replacement: impl Into<String>,
        message: impl Into<String>,
    ) -> Diagnostic {
        self.suggestion([(span, replacement.into())], message, Applicability::HasPlaceholders)
    }

    /// Adds a change that puts text before and behind a place.
    pub fn around(
        self,
        span: Span,
        (before, behind): (&str, &str),
        message: impl Into<String>,
        applicability: Applicability,
    ) -> Diagnostic {
        let edits = [(span.start(), before.to_string()), (span.end(), behind.to_string())];
        self.suggestion(edits, message, applicability)
    }

    /// Adds a change in pieces, which must be in order and apart.
    pub fn suggestion(
        mut self,
        edits: impl IntoIterator<Item = (Span, String)>,
        message: impl Into<String>,
        applicability: Applicability,
    ) -> Diagnostic {
        let edit = |(span, replacement)| Edit { span, replacement };
        let edits = edits.into_iter().map(edit).collect();
        self.suggestions.push(Suggestion { edits, message: message.into(), applicability });
        self
    }

    /// Whether it prevents a program.
    pub fn is_error(&self) -> bool {
        self.level == Level::Error
    }
}

//! What a host is told when a program cannot be loaded or fails.

use std::fmt;
use std::rc::Rc;

use lang_bytecode::{Module, Place, TrapKind};

/// Why a verified module cannot be loaded by this host.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum LoadError {
    /// A host function is missing.
    Native {
        /// Its name.
        name: String,
    },
    /// What the program needs of C is missing or not allowed.
    Foreign(Box<ForeignError>),
    /// The system gives no memory for objects.
    Memory,
    /// A function's frame is larger than instructions can reach.
    Frame {
        /// The function's name.
        function: String,
    },
    /// The program does not begin with the one before.
    NoExtension,
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LoadError::Native { name } => write!(f, "this host has no function `{name}`"),
            LoadError::Foreign(error) => f.write_str(&error.message),
            LoadError::Memory => f.write_str("there is no memory for the program's objects"),
            LoadError::NoExtension => f.write_str("the program does not begin with the one before"),
            LoadError::Frame { function } => write!(f, "the frame of `{function}` is too large"),
        }
    }
}

impl std::error::Error for LoadError {}

/// What a program needs of C and this host does not give it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ForeignError {
    /// The kind of the error.
    pub kind: TrapKind,
    /// What is missing, by library and symbol. Lines after the first are notes.
    pub message: String,
    /// Where it is declared.
    pub place: Option<SourcePlace>,
    /// The text of the file that this is in, if the program carries it.
    pub source: Option<Rc<str>>,
}

impl ForeignError {
    pub(super) fn new(
        module: &Module,
        kind: TrapKind,
        message: String,
        place: Option<Place>,
    ) -> ForeignError {
        let found = place.and_then(|place| Some((place, module.sources.get(place.source as usize)?)));
        let place = found.map(|(place, source)| SourcePlace {
            path: source.path.as_str().into(),
            line: place.line,
            column: place.column,
            length: place.length,
        });
        let source = found.and_then(|(_, source)| source.text.as_deref()).map(Rc::from);
        ForeignError { kind, message, place, source }
    }
}

/// A place in a source file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SourcePlace {
    /// The file's path, as the compiler was given it.
    pub path: Rc<str>,
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
    /// How many characters are meant.
    pub length: u32,
}

/// A call that had not returned.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CallFrame {
    /// The function's name.
    pub function: Rc<str>,
    /// Where it was; none where the file does not say.
    pub place: Option<SourcePlace>,
    /// How many such frames lay on each other.
    pub repeats: usize,
}

/// A runtime error: what happened, where, and how the program came there.
#[derive(Clone, Debug)]
pub struct RuntimeError {
    /// Its kind.
    pub kind: TrapKind,
    /// What happened, with the values involved.
    pub message: String,
    /// The text of the file that the innermost frame is in, if the program carries it.
    pub source: Option<Rc<str>>,
    /// The calls, innermost first; those of the standard library are left out.
    pub frames: Vec<CallFrame>,
    /// How many frames in the middle of a deep stack are left out.
    pub omitted: usize,
}

impl RuntimeError {
    /// An error outside of any function.
    pub(super) fn without_place(kind: TrapKind, message: String) -> RuntimeError {
        RuntimeError { kind, message, source: None, frames: Vec::new(), omitted: 0 }
    }

    /// The place that failed: where the program was when it came into what the compiler derived, if it failed in there.
    pub fn place(&self) -> Option<&SourcePlace> {
        self.frames.iter().find_map(|frame| frame.place.as_ref())
    }
}

impl fmt::Display for RuntimeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        match self.place() {
            Some(place) => write!(f, " ({}:{}:{})", place.path, place.line, place.column),
            None => Ok(()),
        }
    }
}

impl std::error::Error for RuntimeError {}

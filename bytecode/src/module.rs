//! A module: everything that a program's file holds.

use crate::{Foreign, FuncId, RegType, Signature, TypeDef, TypeId};

/// A whole program.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Module {
    /// The program's name, for people.
    pub name: String,
    /// A remark, for people.
    pub comment: String,
    /// Heap types. `TypeId(0)` is always [`TypeDef::Str`].
    pub types: Vec<TypeDef>,
    /// 64-bit constants, integers and floats alike.
    pub constants: Vec<u64>,
    /// String constants.
    pub strings: Vec<String>,
    /// Global variables, zero or null at the start.
    pub globals: Vec<Global>,
    /// Host functions that the code calls.
    pub natives: Vec<NativeImport>,
    /// Methods of traits that the code calls: the trait's type and the method's place in it.
    pub methods: Vec<(TypeId, u32)>,
    /// Functions of C.
    pub foreign: Foreign,
    /// Functions.
    pub functions: Vec<Function>,
    /// Where a run begins: a function without parameters that gives nothing or an int, the exit status; or with one parameter, an
    /// array of strings, the program's arguments.
    pub entry: FuncId,
    /// The files that the lines of functions name.
    pub sources: Vec<Source>,
}

/// A global variable.
#[derive(Clone, PartialEq, Debug)]
pub struct Global {
    /// Its name in the source.
    pub name: String,
    /// Its type. A `ref` global traps when read before it is set.
    pub ty: RegType,
}

/// A host function, by name, with the types it is used at.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct NativeImport {
    /// Its name in the table of natives.
    pub name: String,
    /// The concrete types of this use.
    pub signature: Signature,
}

/// A function's code and what is known about it.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Function {
    /// Its name, for people: `Board.place`.
    pub name: String,
    /// How many of the first registers are parameters.
    pub params: u16,
    /// The types of all registers.
    pub registers: Vec<RegType>,
    /// The types of its results.
    pub results: Vec<RegType>,
    /// Instructions and jump-table words.
    pub code: Vec<u64>,
    /// The inlined calls that code of this function came through.
    pub scopes: Vec<Scope>,
    /// Where instructions come from, by ascending `at`; an entry holds until the next one.
    pub lines: Vec<Line>,
}

/// The place in the source of the instructions from `at` on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Line {
    /// Index of the first word that it holds for.
    pub at: u32,
    /// The place.
    pub place: Place,
    /// The inlined call it belongs to: 0 the function itself, n the scope `n - 1`.
    pub scope: u32,
}

/// A call that was inlined.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Scope {
    /// The name of the function that was called.
    pub name: String,
    /// The place of the call.
    pub call: Place,
    /// The scope that the call stands in, counted as in [`Line::scope`].
    pub parent: u32,
}

/// A place in a source file.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Place {
    /// Index in [`Module::sources`].
    pub source: u32,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// How many characters of the line are meant.
    pub length: u32,
}

/// A source file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Source {
    /// The path as the compiler was given it.
    pub path: String,
    /// Its text, unless it was stripped.
    pub text: Option<String>,
    /// Whether it belongs to the standard library: a trap there is reported at the call that led into it.
    pub standard: bool,
}

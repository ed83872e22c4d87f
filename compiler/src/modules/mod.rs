//! The files of a program: from the entry file along its imports, each parsed once.
//!
//! `import a.b` is the file `a/b.lang` beside the entry file, or else the standard module `a.b`;
//! `import std.a` is always the standard one. The prelude's files belong to every program. What a
//! module declares, and what an import brings in, is not known here.

mod load;
mod standard;

pub use load::{Search, load};
pub use standard::{is_standard, module_names, standard_source};

use std::sync::Arc;

use crate::ast;
use crate::source::{FileId, SourceFile};

/// Which module of a [`Modules`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ModuleId(pub u32);

/// What a module is to the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// One of the files whose names are known everywhere.
    Prelude,
    /// Of the standard library.
    Standard,
    /// The file that the program begins with: the only one with top-level statements.
    Entry,
    /// Entered before the entry in a session: like the entry, and what it declares is seen by those after it.
    Past,
    /// Imported from beside the entry file.
    Local,
}

/// A parsed file.
#[derive(Debug)]
pub struct Module {
    /// The dotted name: `util.text`; the entry's is its file's name; standard ones begin with `std.`.
    pub name: String,
    /// What it is to the program.
    pub role: Role,
    /// Which file of the source map it is.
    pub file: FileId,
    /// Its text.
    pub source: Arc<SourceFile>,
    /// Its tree.
    pub ast: ast::Module,
    /// What its imports name, in the order of the import items at its top level. Nothing where there
    /// is no such module; that is reported already.
    pub imports: Vec<Option<ModuleId>>,
}

/// The files of a program.
#[derive(Debug, Default)]
pub struct Modules {
    /// The prelude first, then the entry, then what is imported in the order in which it is found.
    pub list: Vec<Module>,
    /// All modules in the order in which their globals are initialised: the prelude, then each after
    /// those that it imports, depth first; the entry is the last.
    pub initialization: Vec<ModuleId>,
}

impl Role {
    /// Whether a file with this role has top-level statements.
    pub fn has_statements(self) -> bool {
        matches!(self, Role::Entry | Role::Past)
    }
}

impl Modules {
    /// A module of the list.
    pub fn get(&self, id: ModuleId) -> &Module {
        &self.list[id.0 as usize]
    }

    /// The entry, if it could be read.
    pub fn entry(&self) -> Option<&Module> {
        self.list.iter().find(|module| module.role == Role::Entry)
    }
}

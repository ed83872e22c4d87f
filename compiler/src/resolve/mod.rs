//! Name resolution at the level of files: which declarations there are, their numbers, and which of
//! them a name means in which file.
//!
//! [`declare`] walks the items of every file once and gives each declaration its number in the typed
//! tree; nothing is known of types here. Names within bodies (locals, members) are resolved while their types are checked.

mod declare;
mod imports;
mod known;
mod scope;

pub use declare::{
    AliasDecl, ConstDecl, Declarations, EnumDecl, FnDecl, FnSource, GlobalDecl, ImplDecl, StructDecl,
    TestDecl, TraitDecl, declare,
};
pub use known::Known;
pub use scope::{AliasId, Builtin, ConstId, Def, Entry, Scope};

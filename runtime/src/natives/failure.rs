//! How a native ends without a result.

use lang_bytecode::TrapKind;

use crate::heap::OutOfMemory;

/// Why a native gave no result.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Failure {
    /// The program did what it may not.
    Trap {
        /// The kind of error.
        kind: TrapKind,
        /// What happened, with the values involved.
        message: String,
    },
    /// The program is to end quietly with this status.
    Exit(i32),
}

/// What a native gives.
pub(super) type Outcome<T> = Result<T, Box<Failure>>;

/// A trap of a kind, with what happened.
#[cold]
pub(super) fn trap<T>(kind: TrapKind, message: impl Into<String>) -> Outcome<T> {
    Err(Box::new(Failure::Trap { kind, message: message.into() }))
}

impl From<OutOfMemory> for Box<Failure> {
    #[cold]
    fn from(OutOfMemory: OutOfMemory) -> Self {
        let kind = TrapKind::OutOfMemory;
        Box::new(Failure::Trap { kind, message: kind.headline().to_string() })
    }
}

/// What takes less than this outside of the heap is not asked for beforehand.
const MUCH: usize = 1 << 20;

/// Sees to it that the system can give so many bytes, where they are many: for what the standard library takes without asking.
pub(super) fn spare(bytes: usize) -> Outcome<()> {
    if bytes >= MUCH {
        Vec::<u8>::new().try_reserve_exact(bytes).map_err(|_| OutOfMemory)?;
    }
    Ok(())
}

/// The items of an iterator in a list, where there is memory for it.
pub(super) fn collected<T>(items: impl Iterator<Item = T>) -> Outcome<Vec<T>> {
    let mut list = Vec::new();
    for item in items {
        list.try_reserve(1).map_err(|_| OutOfMemory)?;
        list.push(item);
    }
    Ok(list)
}

//! A range of bytes in the shared position space.

/// A half-open range of byte positions, `lo..hi`, in the position space of a compilation's files.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// The first byte.
    pub lo: u32,
    /// One past the last byte.
    pub hi: u32,
}

impl Span {
    /// The range `lo..hi`.
    pub const fn new(lo: u32, hi: u32) -> Span {
        Span { lo, hi }
    }

    /// The smallest range that holds both.
    pub fn to(self, other: Span) -> Span {
        Span { lo: self.lo.min(other.lo), hi: self.hi.max(other.hi) }
    }

    /// The empty range where this one begins.
    pub fn start(self) -> Span {
        Span { lo: self.lo, hi: self.lo }
    }

    /// The empty range where this one ends.
    pub fn end(self) -> Span {
        Span { lo: self.hi, hi: self.hi }
    }

    /// Its length in bytes.
    pub fn len(self) -> u32 {
        self.hi - self.lo
    }

    /// Whether it holds no byte.
    pub fn is_empty(self) -> bool {
        self.lo == self.hi
    }
}

impl std::fmt::Debug for Span {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}..{}", self.lo, self.hi)
    }
}

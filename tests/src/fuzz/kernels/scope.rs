//! What a place in a kernel can name.

/// The ints.
pub(super) const ALL: (i128, i128) = (i64::MIN as i128, i64::MAX as i128);

/// An expression of an int, and the interval that it lies in.
#[derive(Clone, Debug)]
pub(super) struct Num {
    /// A name, a literal, or in brackets.
    pub(super) text: String,
    pub(super) lo: i128,
    pub(super) hi: i128,
}

impl Num {
    pub(super) fn new(text: impl Into<String>, (lo, hi): (i128, i128)) -> Num {
        Num { text: text.into(), lo, hi }
    }

    pub(super) fn literal(value: i128) -> Num {
        let text = if value < 0 { format!("({value})") } else { value.to_string() };
        Num { text, lo: value, hi: value }
    }

    pub(super) fn within(&self, (lo, hi): (i128, i128)) -> bool {
        lo <= self.lo && self.hi <= hi
    }

    pub(super) fn interval(&self) -> (i128, i128) {
        (self.lo, self.hi)
    }
}

/// A variable of an int.
#[derive(Clone, Debug)]
pub(super) struct IntVar {
    pub(super) num: Num,
    pub(super) mutable: bool,
}

/// What the elements of an array are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Elem {
    /// Ints of this interval, in a storage type or in 64 bits.
    Int(Storage, (i128, i128)),
    Float,
    F32,
    Bool,
}

/// A storage type of ints.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Storage {
    pub(super) name: &'static str,
    pub(super) least: i64,
    pub(super) most: i64,
}

impl Storage {
    pub(super) fn interval(self) -> (i128, i128) {
        (self.least.into(), self.most.into())
    }
}

/// The storage types, and the type of all ints.
pub(super) const STORAGES: [Storage; 7] = [
    Storage { name: "int", least: i64::MIN, most: i64::MAX },
    Storage { name: "u8", least: 0, most: 255 },
    Storage { name: "i8", least: -128, most: 127 },
    Storage { name: "u16", least: 0, most: 65_535 },
    Storage { name: "i16", least: -32_768, most: 32_767 },
    Storage { name: "u32", least: 0, most: 4_294_967_295 },
    Storage { name: "i32", least: -2_147_483_648, most: 2_147_483_647 },
];

/// An array; one that grows has no length that is known.
#[derive(Clone, Debug)]
pub(super) struct Array {
    pub(super) name: String,
    pub(super) elem: Elem,
    pub(super) len: Option<i64>,
}

/// What is in scope.
#[derive(Clone, Default, Debug)]
pub(super) struct Scope {
    pub(super) ints: Vec<IntVar>,
    /// Names of floats, and whether they may be assigned; so for the others.
    pub(super) floats: Vec<(String, bool)>,
    pub(super) bools: Vec<(String, bool)>,
    pub(super) arrays: Vec<Array>,
    /// Strings of ASCII, with the least length that each has.
    pub(super) texts: Vec<(String, i64, bool)>,
    /// Maps from ints (from strings if true) to ints.
    pub(super) maps: Vec<(String, bool)>,
    pub(super) cells: Vec<String>,
    /// Cells that there may be.
    pub(super) links: Vec<String>,
    /// Arrays of cells that are never empty, with their lengths.
    pub(super) cell_arrays: Vec<(String, i64)>,
    pub(super) enums: Vec<String>,
    /// Options of ints.
    pub(super) options: Vec<String>,
    /// Small structs that are never written to.
    pub(super) pairs: Vec<String>,
    /// Closures from ints to ints, and whatever else is called with an int in its interval, and gives one.
    pub(super) callables: Vec<String>,
    /// Arrays of closures or of trait objects, with the call on an element that is named `§`.
    pub(super) callable_arrays: Vec<(String, i64, &'static str)>,
    /// The labels of the loops around, and whether `continue` may go there.
    pub(super) labels: Vec<String>,
}

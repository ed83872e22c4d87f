//! Reading and writing the parts of sections: numbers, texts, types.

use crate::{RegType, Storage, TypeId, Width};

/// Why a section cannot be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Damage {
    /// It ends early.
    Short,
    /// A number is too large for its place.
    TooLarge,
    /// A text is not UTF-8.
    Text,
    /// A kind of thing is unknown.
    Unknown,
    /// There is more than it should hold.
    Trailing,
}

impl Damage {
    pub(super) fn meaning(self) -> &'static str {
        match self {
            Damage::Short => "it ends early",
            Damage::TooLarge => "a number is too large",
            Damage::Text => "a text is not UTF-8",
            Damage::Unknown => "a kind or type is unknown",
            Damage::Trailing => "there is something after its end",
        }
    }
}

pub(super) type Read<T> = Result<T, Damage>;

/// Reads a section from its start to its end.
pub(super) struct Reader<'b> {
    rest: &'b [u8],
}

impl<'b> Reader<'b> {
    pub(super) fn new(bytes: &'b [u8]) -> Reader<'b> {
        Reader { rest: bytes }
    }

    /// Whether everything was read.
    pub(super) fn finish(&self) -> Read<()> {
        if self.rest.is_empty() { Ok(()) } else { Err(Damage::Trailing) }
    }

    /// How many bytes are left.
    pub(super) fn left(&self) -> usize {
        self.rest.len()
    }

    /// The bytes up to the end of a line, and with it, but not more than so many.
    pub(super) fn line(&mut self, most: usize) -> Read<&'b [u8]> {
        let text = self.rest.get(..most).ok_or(Damage::Short)?;
        self.bytes(text.iter().position(|byte| *byte == b'\n').map_or(most, |end| end + 1))
    }

    /// So many bytes.
    pub(super) fn bytes(&mut self, count: usize) -> Read<&'b [u8]> {
        let (bytes, rest) = self.rest.split_at_checked(count).ok_or(Damage::Short)?;
        self.rest = rest;
        Ok(bytes)
    }

    /// A number of up to 64 bits.
    #[inline]
    pub(super) fn number(&mut self) -> Read<u64> {
        match self.rest.split_first() {
            Some((byte, rest)) if *byte < 0x80 => {
                self.rest = rest;
                Ok(*byte as u64)
            }
            _ => self.long_number(),
        }
    }

    fn long_number(&mut self) -> Read<u64> {
        let mut value = 0;
        for (place, byte) in self.rest.iter().enumerate().take(10) {
            let bits = (*byte & 0x7f) as u64;
            if place == 9 && bits > 1 {
                return Err(Damage::TooLarge);
            }
            value |= bits << (7 * place);
            if *byte < 0x80 {
                self.rest = &self.rest[place + 1..];
                return Ok(value);
            }
        }
        Err(if self.rest.len() < 10 { Damage::Short } else { Damage::TooLarge })
    }

    /// A number of up to 32 bits.
    #[inline]
    pub(super) fn u32(&mut self) -> Read<u32> {
        u32::try_from(self.number()?).map_err(|_| Damage::TooLarge)
    }

    /// A signed number of up to 64 bits.
    pub(super) fn signed(&mut self) -> Read<i64> {
        let raw = self.number()?;
        Ok((raw >> 1) as i64 ^ -((raw & 1) as i64))
    }

    /// The length of a list whose items take so many bytes at least: never more than what is there can hold.
    pub(super) fn count(&mut self, item: usize) -> Read<usize> {
        let count = usize::try_from(self.number()?).map_err(|_| Damage::TooLarge)?;
        if count > self.rest.len() / item { Err(Damage::Short) } else { Ok(count) }
    }

    /// A list.
    pub(super) fn list<T>(&mut self, mut item: impl FnMut(&mut Reader<'b>) -> Read<T>) -> Read<Vec<T>> {
        let count = self.count(1)?;
        // Items are larger in memory than in the file; do not trust the count with too much at once.
        let mut items = Vec::with_capacity(count.min(1 << 14));
        for _ in 0..count {
            items.push(item(self)?);
        }
        Ok(items)
    }

    /// A text.
    pub(super) fn text(&mut self) -> Read<String> {
        let length = self.count(1)?;
        let text = std::str::from_utf8(self.bytes(length)?).map_err(|_| Damage::Text)?;
        Ok(text.to_owned())
    }

    /// Words of 64 bits, fixed size.
    pub(super) fn words(&mut self) -> Read<Vec<u64>> {
        let count = self.count(8)?;
        let (words, _) = self.bytes(count * 8)?.as_chunks::<8>();
        Ok(words.iter().map(|word| u64::from_le_bytes(*word)).collect())
    }

    /// A register's type.
    #[inline]
    pub(super) fn reg_type(&mut self) -> Read<RegType> {
        let raw = self.number()?;
        let id = || u32::try_from(raw / 2 - 1).map(TypeId).map_err(|_| Damage::TooLarge);
        match raw {
            0 => Ok(RegType::Int),
            1 => Ok(RegType::Float),
            _ if raw.is_multiple_of(2) => Ok(RegType::Ref(id()?)),
            _ => Ok(RegType::RefNull(id()?)),
        }
    }

    /// How a value lies in memory.
    pub(super) fn storage(&mut self) -> Read<Storage> {
        storage_from(self.number()?)
    }
}

/// The number of each way to lie in memory that is no narrow int and no reference.
const I64: u64 = 6;
const F32: u64 = 7;
const F64: u64 = 8;
const REFERENCES: u64 = 10;

pub(super) fn storage_from(raw: u64) -> Read<Storage> {
    let id = |raw: u64| u32::try_from(raw / 2).map(TypeId).map_err(|_| Damage::TooLarge);
    match raw {
        I64 => Ok(Storage::I64),
        F32 => Ok(Storage::F32),
        F64 => Ok(Storage::F64),
        REFERENCES.. if raw.is_multiple_of(2) => Ok(Storage::Ref(id(raw - REFERENCES)?)),
        REFERENCES.. => Ok(Storage::RefNull(id(raw - REFERENCES)?)),
        _ => Width::ALL.get(raw as usize).map(|width| Storage::Narrow(*width)).ok_or(Damage::Unknown),
    }
}

pub(super) fn storage_number(storage: Storage) -> u64 {
    match storage {
        Storage::Narrow(width) => width as u64,
        Storage::I64 => I64,
        Storage::F32 => F32,
        Storage::F64 => F64,
        Storage::Ref(id) => REFERENCES + id.0 as u64 * 2,
        Storage::RefNull(id) => REFERENCES + id.0 as u64 * 2 + 1,
    }
}

/// Writes a section.
#[derive(Default)]
pub(super) struct Writer {
    pub(super) bytes: Vec<u8>,
}

impl Writer {
    pub(super) fn number(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.bytes.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.bytes.push(value as u8);
    }

    pub(super) fn u32(&mut self, value: u32) {
        self.number(value as u64);
    }

    pub(super) fn signed(&mut self, value: i64) {
        self.number((value << 1 ^ value >> 63) as u64);
    }

    pub(super) fn list<T>(&mut self, items: &[T], mut write: impl FnMut(&mut Writer, &T)) {
        self.number(items.len() as u64);
        items.iter().for_each(|item| write(self, item));
    }

    pub(super) fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.bytes.extend_from_slice(text.as_bytes());
    }

    pub(super) fn words(&mut self, words: &[u64]) {
        self.number(words.len() as u64);
        self.bytes.reserve(words.len() * 8);
        self.bytes.extend(words.iter().flat_map(|word| word.to_le_bytes()));
    }

    pub(super) fn reg_type(&mut self, ty: RegType) {
        self.number(match ty {
            RegType::Int => 0,
            RegType::Float => 1,
            RegType::Ref(id) => 2 + id.0 as u64 * 2,
            RegType::RefNull(id) => 3 + id.0 as u64 * 2,
        });
    }

    pub(super) fn storage(&mut self, storage: Storage) {
        self.number(storage_number(storage));
    }
}

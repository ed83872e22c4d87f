//! Reading the parts of a line of assembler.

use super::AssembleError;
use crate::{Place, RegType, Signature, Storage, TypeId, Width};

pub(super) type Parsed<T> = Result<T, AssembleError>;

/// A line, read from its start to its end.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'t> {
    rest: &'t str,
    pub(super) line: usize,
}

impl<'t> Cursor<'t> {
    pub(super) fn new(line: usize, text: &'t str) -> Cursor<'t> {
        Cursor { rest: text.trim_start(), line }
    }

    pub(super) fn error(&self, reason: impl Into<String>) -> AssembleError {
        AssembleError { line: self.line, reason: reason.into() }
    }

    fn expected<T>(&self, what: &str) -> Parsed<T> {
        let found: String = self.rest.chars().take(20).collect();
        Err(self.error(format!("expected {what}, found `{found}`")))
    }

    /// Whether nothing but a comment is left.
    pub(super) fn at_end(&self) -> bool {
        self.rest.is_empty() || self.rest.starts_with(';')
    }

    pub(super) fn finish(&self) -> Parsed<()> {
        if self.at_end() { Ok(()) } else { self.expected("the end of the line") }
    }

    fn advance(&mut self, bytes: usize) {
        self.rest = self.rest[bytes..].trim_start();
    }

    /// Takes a sign where it comes next.
    pub(super) fn eat(&mut self, sign: &str) -> bool {
        let found = self.rest.starts_with(sign);
        if found {
            self.advance(sign.len());
        }
        found
    }

    pub(super) fn expect(&mut self, sign: &str) -> Parsed<()> {
        if self.eat(sign) { Ok(()) } else { self.expected(&format!("`{sign}`")) }
    }

    /// Takes a word where it comes next, whole.
    pub(super) fn eat_word(&mut self, word: &str) -> bool {
        self.peek_word() == word && self.eat(word)
    }

    /// The letters, digits, underscores and dots that come next.
    pub(super) fn peek_word(&self) -> &'t str {
        let end = self.rest.find(|char: char| !(char.is_ascii_alphanumeric() || char == '_' || char == '.'));
        &self.rest[..end.unwrap_or(self.rest.len())]
    }

    pub(super) fn word(&mut self, what: &str) -> Parsed<&'t str> {
        let word = self.peek_word();
        if word.is_empty() {
            return self.expected(what);
        }
        self.advance(word.len());
        Ok(word)
    }

    /// Everything up to a comma, a blank or the end.
    fn literal(&mut self) -> &'t str {
        let end = self.rest.find(|char: char| char == ',' || char == ';' || char.is_whitespace());
        let literal = &self.rest[..end.unwrap_or(self.rest.len())];
        self.advance(literal.len());
        literal
    }

    /// Digits, or hexadecimal ones after `0x`.
    pub(super) fn unsigned<T: TryFrom<u64>>(&mut self, what: &str) -> Parsed<T> {
        let before = *self;
        let digits = self.rest.find(|char: char| !char.is_ascii_alphanumeric()).unwrap_or(self.rest.len());
        let word = &self.rest[..digits];
        let value = match word.strip_prefix("0x") {
            Some(hex) => u64::from_str_radix(hex, 16),
            None => word.parse(),
        };
        match value.ok().and_then(|value| T::try_from(value).ok()) {
            Some(value) => {
                self.advance(digits);
                Ok(value)
            }
            None => before.expected(what),
        }
    }

    /// A number with or without a sign.
    pub(super) fn signed(&mut self) -> Parsed<i64> {
        let before = *self;
        let literal = self.literal();
        literal.parse().or_else(|_| before.expected("a number"))
    }

    /// The bits of a float: a number, or `0x` and the bits.
    pub(super) fn float_bits(&mut self) -> Parsed<u64> {
        if self.rest.starts_with("0x") {
            return self.unsigned("the bits of a float");
        }
        let before = *self;
        let literal = self.literal();
        literal.parse().map(f64::to_bits).or_else(|_| before.expected("a float"))
    }

    /// A text between quotes.
    pub(super) fn quoted(&mut self) -> Parsed<String> {
        let before = *self;
        let Some(inner) = self.rest.strip_prefix('"') else { return self.expected("a text in quotes") };
        let mut text = String::new();
        let mut chars = inner.char_indices();
        while let Some((at, char)) = chars.next() {
            match char {
                '"' => {
                    self.rest = inner[at + 1..].trim_start();
                    return Ok(text);
                }
                '\\' => match escape(&mut chars) {
                    Some(char) => text.push(char),
                    None => return Err(before.error("an escape that is unknown")),
                },
                char => text.push(char),
            }
        }
        Err(before.error("a text without its closing quote"))
    }

    /// A reference: a name that means nothing, the sigil, the index.
    pub(super) fn entry(&mut self, sigil: &str) -> Parsed<u32> {
        let before = *self;
        let name = self.peek_word();
        self.rest = &self.rest[name.len()..];
        if !self.rest.starts_with(sigil) {
            return before.expected(&format!("a reference with `{sigil}`"));
        }
        self.advance(sigil.len());
        self.unsigned("an index")
    }

    pub(super) fn type_id(&mut self) -> Parsed<TypeId> {
        self.entry("#").map(TypeId)
    }

    pub(super) fn reg_type(&mut self) -> Parsed<RegType> {
        match self.peek_word() {
            "int" => self.advance(3),
            "float" => {
                self.advance(5);
                return Ok(RegType::Float);
            }
            "ref" => {
                self.advance(3);
                return match self.eat("?") {
                    true => self.type_id().map(RegType::RefNull),
                    false => self.type_id().map(RegType::Ref),
                };
            }
            _ => return self.expected("a type"),
        }
        Ok(RegType::Int)
    }

    pub(super) fn storage(&mut self) -> Parsed<Storage> {
        let word = self.peek_word();
        let number = match word {
            "i64" => Some(Storage::I64),
            "f32" => Some(Storage::F32),
            "f64" => Some(Storage::F64),
            _ => Width::ALL.iter().find(|width| width.word() == word).map(|width| Storage::Narrow(*width)),
        };
        if let Some(storage) = number {
            self.advance(word.len());
            return Ok(storage);
        }
        match self.reg_type()? {
            RegType::Ref(id) => Ok(Storage::Ref(id)),
            RegType::RefNull(id) => Ok(Storage::RefNull(id)),
            RegType::Int | RegType::Float => Err(self.error("a field or element is stored as i64 or f64")),
        }
    }

    /// Items between two signs, with commas between them.
    pub(super) fn list<T>(
        &mut self,
        open: &str,
        close: &str,
        mut item: impl FnMut(&mut Cursor<'t>) -> Parsed<T>,
    ) -> Parsed<Vec<T>> {
        self.expect(open)?;
        let mut items = Vec::new();
        if self.eat(close) {
            return Ok(items);
        }
        loop {
            items.push(item(self)?);
            if self.eat(close) {
                return Ok(items);
            }
            self.expect(",")?;
        }
    }

    pub(super) fn signature(&mut self) -> Parsed<Signature> {
        let params = self.list("(", ")", Cursor::reg_type)?;
        self.expect("->")?;
        Ok(Signature { params, results: self.list("(", ")", Cursor::reg_type)? })
    }

    /// A place: `source/line:column+length^scope`, the first and the last only where they change.
    pub(super) fn place(&mut self, last: (u32, u32)) -> Parsed<(Place, u32)> {
        let (mut source, mut scope) = last;
        let mut line = self.unsigned("a line")?;
        if self.eat("/") {
            source = line;
            line = self.unsigned("a line")?;
        }
        self.expect(":")?;
        let column = self.unsigned("a column")?;
        self.expect("+")?;
        let length = self.unsigned("a length")?;
        if self.eat("^") {
            scope = self.unsigned("a scope")?;
        }
        Ok((Place { source, line, column, length }, scope))
    }
}

/// The char of an escape, after its backslash.
fn escape(chars: &mut std::str::CharIndices<'_>) -> Option<char> {
    match chars.next()?.1 {
        'n' => Some('\n'),
        'r' => Some('\r'),
        't' => Some('\t'),
        char @ ('"' | '\\') => Some(char),
        'u' => {
            (chars.next()?.1 == '{').then_some(())?;
            let mut code = 0u32;
            loop {
                match chars.next()?.1 {
                    '}' => return char::from_u32(code),
                    digit => code = code.checked_mul(16)?.checked_add(digit.to_digit(16)?)?,
                }
            }
        }
        _ => None,
    }
}

//! Reading the parts of a line of assembler.

use super::AssembleError;
use super::symbols::{Symbols, word_length};
use crate::{Place, RegType, Signature, Storage, TypeId, Width};

pub(super) type Parsed<T> = Result<T, AssembleError>;

/// A line, read from its start to its end.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'t> {
    rest: &'t str,
    /// What was taken last, to the line's end.
    taken: &'t str,
    /// The text from this line on.
    text: &'t str,
    /// Where in the whole text the line begins.
    start: usize,
    pub(super) line: usize,
    pub(super) symbols: &'t Symbols<'t>,
}

impl<'t> Cursor<'t> {
    /// The line `text`, which begins at byte `start` of the whole.
    pub(super) fn new(line: usize, start: usize, text: &'t str, symbols: &'t Symbols<'t>) -> Cursor<'t> {
        let rest = text.trim_start();
        Cursor { rest, taken: rest, text, start, line, symbols }
    }

    /// An error in what was taken last.
    pub(super) fn error(&self, reason: impl Into<String>) -> AssembleError {
        self.error_at(self.taken, reason)
    }

    /// An error in what comes next.
    fn error_here(&self, reason: impl Into<String>) -> AssembleError {
        self.error_at(self.rest, reason)
    }

    /// An error in the first word of what is the end of this line.
    fn error_at(&self, place: &str, reason: impl Into<String>) -> AssembleError {
        let start = self.start + self.text.len() - place.len();
        let one = place.chars().next().map_or(0, char::len_utf8);
        AssembleError {
            line: self.line,
            span: start..start + word_length(place).max(one),
            reason: reason.into(),
        }
    }

    /// The column where the line's text begins, and how long it is without a comment, in characters.
    pub(super) fn extent(&self) -> (u32, u32) {
        let text = self.text.trim_start();
        let column = 1 + (self.text.len() - text.len()) as u32;
        let code = &text[..text.len() - self.rest.len()];
        (column, code.trim_end().chars().count() as u32)
    }

    fn expected<T>(&self, what: &str) -> Parsed<T> {
        let found: String = self.rest.chars().take(20).collect();
        Err(self.error_here(match found.trim_end() {
            "" => format!("expected {what}, found the end of the line"),
            found => format!("expected {what}, found `{found}`"),
        }))
    }

    /// Whether nothing but a comment is left.
    pub(super) fn at_end(&self) -> bool {
        self.rest.is_empty() || self.rest.starts_with(';') || self.rest.starts_with("//")
    }

    pub(super) fn finish(&self) -> Parsed<()> {
        if self.at_end() { Ok(()) } else { self.expected("the end of the line") }
    }

    fn advance(&mut self, bytes: usize) {
        self.taken = self.rest;
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
        &self.rest[..word_length(self.rest)]
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
                    self.advance(at + 2);
                    return Ok(text);
                }
                '\\' => match escape(&mut chars) {
                    Some(char) => text.push(char),
                    None => return Err(before.error_here("an escape that is unknown")),
                },
                char => text.push(char),
            }
        }
        Err(before.error_here("a text without its closing quote"))
    }

    /// Whether a text between quotes comes next.
    pub(super) fn is_quoted(&self) -> bool {
        self.rest.starts_with('"')
    }

    /// A text between quotes, or a word that needs none.
    pub(super) fn name(&mut self) -> Parsed<String> {
        match self.peek_word() {
            "" => self.quoted(),
            _ => self.word("a name").map(str::to_owned),
        }
    }

    /// A reference: the sigil and the index, with a name before them that means nothing; or the name alone.
    pub(super) fn entry(&mut self, sigil: &str) -> Parsed<u32> {
        let name = self.peek_word();
        if self.rest[name.len()..].starts_with(sigil) {
            self.advance(name.len() + sigil.len());
            return self.unsigned("an index");
        }
        if name.is_empty() {
            return self.expected(&format!("a name, or an index after `{sigil}`"));
        }
        match self.symbols.get(sigil, name) {
            Some(index) => {
                self.advance(name.len());
                Ok(index)
            }
            None => Err(self.error_here(format!("nothing that fits here is called `{name}`"))),
        }
    }

    /// Whether a declaration has its index, as in `@0 =`.
    pub(super) fn is_numbered(&self, sigil: &str) -> bool {
        self.rest[self.peek_word().len()..].starts_with(sigil)
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
        Ok(Signature { params, results: self.results()? })
    }

    /// `-> (int, float)`, `-> int`, or nothing.
    pub(super) fn results(&mut self) -> Parsed<Vec<RegType>> {
        match self.eat("->") {
            false => Ok(Vec::new()),
            true if self.rest.starts_with('(') => self.list("(", ")", Cursor::reg_type),
            true => Ok(vec![self.reg_type()?]),
        }
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

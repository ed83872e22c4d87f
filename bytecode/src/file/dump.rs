//! Taking a file apart for people: each run of its bytes with what it means.

use super::cursor::{Damage, Read, Reader};
use super::read::{ReadError, check_header, read, signature, type_def};
use super::{HEADER, Section, TABLE_ENTRY, foreign, skip_shebang};
use crate::text::Parts;
use crate::{Module, Place};
use std::ops::Range;

/// A run of bytes and its meaning; without bytes, a heading.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DumpRow {
    /// Where in the file the bytes are.
    pub bytes: Range<usize>,
    /// What they mean, or the text of the heading.
    pub meaning: String,
}

/// What each byte of a file means, in the order of the file.
///
/// # Errors
/// Where the bytes are not such a file, as [`read`] says.
pub fn dump(bytes: &[u8]) -> Result<Vec<DumpRow>, ReadError> {
    let module = read(bytes)?;
    let file = skip_shebang(bytes);
    let sections = check_header(file)?;
    let mut rows = Vec::new();
    let first = bytes.len() - file.len();
    if first > 0 {
        rows.push(DumpRow { bytes: 0..first, meaning: "a line for the shell".to_owned() });
    }
    let parts = Parts::new(&module);
    header(&mut rows, file, first, &sections, &module);
    let mut at = HEADER + sections.len() * TABLE_ENTRY;
    for (kind, size) in sections {
        let content = &file[at..at + size];
        let start = first + at;
        let meaning = known(kind).map_or("unknown, skipped", Section::meaning);
        heading(&mut rows, start, format!("section {kind} at {start:#x}, {size} bytes: {meaning}"));
        match known(kind) {
            Some(section) => {
                let mut walk = Walk { reader: Reader::new(content), start, size, rows: &mut rows };
                let damaged =
                    |damage: Damage| ReadError::Section { section: meaning, reason: damage.meaning() };
                walk.section(section, &parts).map_err(damaged)?;
            }
            None => rows.push(DumpRow { bytes: start..start + size, meaning: String::new() }),
        }
        at += size;
    }
    Ok(rows)
}

/// The section of a number.
fn known(kind: u32) -> Option<Section> {
    Section::ALL.iter().copied().find(|section| *section as u32 == kind)
}

fn heading(rows: &mut Vec<DumpRow>, at: usize, meaning: String) {
    rows.push(DumpRow { bytes: at..at, meaning });
}

fn header(rows: &mut Vec<DumpRow>, file: &[u8], first: usize, sections: &[(u32, usize)], module: &Module) {
    let mut at = first;
    let mut row = |rows: &mut Vec<DumpRow>, size: usize, meaning: String| {
        rows.push(DumpRow { bytes: at..at + size, meaning });
        at += size;
    };
    let field = |at: usize| u32::from_le_bytes([file[at], file[at + 1], file[at + 2], file[at + 3]]);
    let Module { name, comment, .. } = module;
    heading(rows, first, format!("header, {HEADER} bytes: name {name:?}, comment {comment:?}"));
    row(rows, 8, "magic".to_owned());
    row(rows, 4, format!("format version {}", field(8)));
    row(rows, 4, format!("checksum {:#010x}, right", field(12)));
    row(rows, 4, format!("{} sections", field(16)));
    heading(rows, first + HEADER, "section table".to_owned());
    let mut offset = first + HEADER + sections.len() * TABLE_ENTRY;
    for (kind, size) in sections {
        let meaning = known(*kind).map_or("unknown, skipped", Section::meaning);
        row(rows, TABLE_ENTRY, format!("section {kind} at {offset:#x}, {size} bytes: {meaning}"));
        offset += size;
    }
}

/// A section, read from its start to its end.
struct Walk<'b, 'r> {
    reader: Reader<'b>,
    /// Where in the file it begins.
    start: usize,
    size: usize,
    rows: &'r mut Vec<DumpRow>,
}

impl<'b> Walk<'b, '_> {
    /// Reads a part and says what it means.
    fn part<T>(
        &mut self,
        read: impl FnOnce(&mut Reader<'b>) -> Read<T>,
        say: impl FnOnce(&T) -> String,
    ) -> Read<T> {
        let from = self.start + self.size - self.reader.left();
        let value = read(&mut self.reader)?;
        let to = self.start + self.size - self.reader.left();
        self.rows.push(DumpRow { bytes: from..to, meaning: say(&value) });
        Ok(value)
    }

    fn count(&mut self, what: &str) -> Read<usize> {
        self.part(|r| r.count(1), |count| format!("{count} {what}"))
    }

    fn text(&mut self, what: &str) -> Read<String> {
        self.part(Reader::text, |text| format!("{what} {text:?}"))
    }

    fn section(&mut self, section: Section, parts: &Parts<'_>) -> Read<()> {
        match section {
            Section::Program => {
                self.text("name")?;
                self.text("comment")?;
                self.part(Reader::u32, |entry| format!("entry {}", parts.function(*entry)))?;
            }
            Section::Types => {
                for index in 0..self.count("types")? {
                    self.part(type_def, |_| parts.type_line(index))?;
                }
            }
            Section::Constants => {
                for _ in 0..self.count("constants")? {
                    self.part(word, |bits| format!("{} or {:?}", *bits as i64, f64::from_bits(*bits)))?;
                }
            }
            Section::Strings => {
                for index in 0..self.count("strings")? {
                    self.text(&format!("string {index}:"))?;
                }
            }
            Section::Globals => {
                for index in 0..self.count("globals")? {
                    self.part(|r| r.text().and_then(|_| r.reg_type()), |_| parts.global_line(index))?;
                }
            }
            Section::Natives => {
                for index in 0..self.count("natives")? {
                    self.part(|r| r.text().and_then(|_| signature(r)), |_| parts.native_line(index))?;
                }
            }
            Section::Methods => {
                for index in 0..self.count("methods")? {
                    self.part(|r| r.u32().and_then(|_| r.u32()), |_| parts.method_line(index))?;
                }
            }
            Section::Functions => {
                for index in 0..self.count("functions")? {
                    self.function(index, parts)?;
                }
            }
            Section::Lines => {
                (0..parts.module.functions.len()).try_for_each(|index| self.lines(index, parts))?
            }
            Section::Sources => {
                for index in 0..self.count("sources")? {
                    self.source(index)?;
                }
            }
            Section::Foreign => {
                for index in 0..self.count("structs of C")? {
                    self.part(foreign::read_layout, |_| parts.c_struct_line(index))?;
                }
                for index in 0..self.count("callbacks of C")? {
                    self.part(foreign::read_signature, |_| parts.c_callback_line(index))?;
                }
                for index in 0..self.count("functions of C")? {
                    self.part(foreign::read_function, |_| parts.c_function_line(index))?;
                }
            }
        }
        Ok(())
    }

    fn function(&mut self, index: usize, parts: &Parts<'_>) -> Read<()> {
        self.text(&format!("function {index}: name"))?;
        self.part(Reader::number, |count| format!("{count} parameters"))?;
        for _ in 0..self.count("runs of registers of one type")? {
            let run = |r: &mut Reader<'b>| Ok((r.reg_type()?, r.number()?));
            self.part(run, |(ty, count)| format!("{count} x {}", parts.reg_type(*ty)))?;
        }
        self.part(|r| r.list(Reader::reg_type), |types| format!("{} results", types.len()))?;
        let words = self.count("words of code")?;
        let mut code = parts.instructions(index).into_iter().peekable();
        for at in 0..words {
            let text = code.next_if(|(start, _)| *start == at).map(|(_, text)| text);
            self.part(word, |_| format!("{at:5}  {}", text.unwrap_or_else(|| "jump table".to_owned())))?;
        }
        Ok(())
    }

    fn lines(&mut self, index: usize, parts: &Parts<'_>) -> Read<()> {
        let scope = |r: &mut Reader<'b>| {
            let name = r.text()?;
            let _ = (r.u32()?, r.signed()?, r.u32()?, r.u32()?, r.u32()?);
            Ok(name)
        };
        for _ in 0..self.count(&format!("calls inlined into {}", parts.function(index as u32)))? {
            self.part(scope, |name| format!("call of {name:?}"))?;
        }
        let count = self.count(&format!("places of {}", parts.function(index as u32)))?;
        let lines = &parts.module.functions[index].lines;
        for line in lines.iter().take(count) {
            let Place { source, line: number, column, .. } = line.place;
            let entry = |r: &mut Reader<'b>| {
                if r.signed()? & 1 == 1 {
                    let _ = (r.u32()?, r.u32()?);
                }
                let _ = (r.signed()?, r.u32()?, r.u32()?);
                Ok(())
            };
            self.part(entry, |()| {
                format!("word {}: source {source}, line {number}, column {column}", line.at)
            })?;
        }
        Ok(())
    }

    fn source(&mut self, index: usize) -> Read<()> {
        self.text(&format!("source {index}: path"))?;
        let flags = self.part(Reader::number, |flags| {
            let standard = if flags & 1 == 1 { "of the standard library, " } else { "" };
            format!("{standard}{}", if flags & 2 == 2 { "with its text" } else { "without text" })
        })?;
        if flags & 2 == 0 {
            return Ok(());
        }
        let mut left = self.count("bytes of text")?;
        while left > 0 {
            let line = self.part(|r| r.line(left), |line| format!("{:?}", String::from_utf8_lossy(line)))?;
            left -= line.len();
        }
        Ok(())
    }
}

/// A word of 64 bits.
fn word(r: &mut Reader<'_>) -> Read<u64> {
    let bytes = r.bytes(8)?;
    Ok(bytes.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte)))
}

//! Reading a file: everything is checked before it is believed, and nothing here panics.

use super::cursor::{Damage, Read, Reader, storage_from};
use super::{FORMAT_VERSION, HEADER, MAGIC, MAGIC_HEAD, Section, TABLE_ENTRY, checksum, skip_shebang};
use crate::{
    Field, FuncId, Function, Global, Line, Module, NativeImport, Place, Scope, Signature, Source, TypeDef,
    TypeId,
};
use std::fmt;

/// Why bytes are no module.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum ReadError {
    /// They are something else.
    NotBytecode,
    /// Something changed the line ends in it.
    TextMode,
    /// Its format is newer than what this reader knows, or was never given out.
    Version {
        /// The file's version.
        found: u32,
        /// The newest one that can be read.
        known: u32,
    },
    /// It ends early, or goes on after its end.
    Length {
        /// How long its table of sections says that it is.
        expected: u64,
        /// How long it is.
        found: u64,
    },
    /// Its checksum is not that of its bytes.
    Checksum,
    /// Its table of sections lists one twice or out of order.
    Sections,
    /// A section makes no sense.
    Section {
        /// What the section holds.
        section: &'static str,
        /// What is wrong with it.
        reason: &'static str,
    },
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReadError::NotBytecode => write!(f, "this is no bytecode file"),
            ReadError::TextMode => {
                write!(
                    f,
                    "the file was changed on its way here, as if it were text; transfer it in binary mode"
                )
            }
            ReadError::Version { found, known } if found > known => {
                write!(
                    f,
                    "the file has format version {found}, newer than version {known} that this program can read"
                )
            }
            ReadError::Version { found, known } => {
                write!(f, "the file has format version {found}; this program can read version {known}")
            }
            ReadError::Length { expected, found } => {
                write!(f, "the file is damaged: it should be {expected} bytes long and is {found}")
            }
            ReadError::Checksum => write!(f, "the file is damaged: its checksum does not match its content"),
            ReadError::Sections => {
                write!(f, "the file is damaged: a section is listed twice or out of order")
            }
            ReadError::Section { section, reason } => {
                write!(f, "the file is damaged, in the section of {section}: {reason}")
            }
        }
    }
}

impl std::error::Error for ReadError {}

/// The module of a file. What the module says is for the verifier to judge.
///
/// # Errors
/// Where the bytes are not such a file, whole and undamaged, of a version that is known.
pub fn read(bytes: &[u8]) -> Result<Module, ReadError> {
    let file = skip_shebang(bytes);
    let sections = check_header(file)?;
    // A register takes a fraction of a bit in the file when its neighbours are like it; this bounds what a small file may ask for.
    let mut content = Content { module: Module::default(), registers_left: file.len() * 16 + (1 << 16) };
    let mut at = HEADER + sections.len() * TABLE_ENTRY;
    for (kind, size) in sections {
        let end = at + size;
        if let Some(section) = Section::ALL.iter().find(|section| **section as u32 == kind) {
            let damaged =
                |damage: Damage| ReadError::Section { section: section.meaning(), reason: damage.meaning() };
            let mut reader = Reader::new(&file[at..end]);
            content.section(*section, &mut reader).and_then(|()| reader.finish()).map_err(damaged)?;
        }
        at = end;
    }
    Ok(content.module)
}

/// Checks everything before the sections and the checksum; gives the sections' kinds and sizes, which add up to the file's length.
pub(super) fn check_header(file: &[u8]) -> Result<Vec<(u32, usize)>, ReadError> {
    if !file.starts_with(&MAGIC) {
        let text_mode = file.starts_with(&MAGIC[..MAGIC_HEAD]) && file.len() >= MAGIC.len();
        return Err(if text_mode { ReadError::TextMode } else { ReadError::NotBytecode });
    }
    let found = file.len() as u64;
    let field = |at: usize| -> Result<u32, ReadError> {
        match file.get(at..at + 4).and_then(|bytes| bytes.try_into().ok()) {
            Some(bytes) => Ok(u32::from_le_bytes(bytes)),
            None => Err(ReadError::Length { expected: HEADER as u64, found }),
        }
    };
    let version = field(8)?;
    if version != FORMAT_VERSION {
        return Err(ReadError::Version { found: version, known: FORMAT_VERSION });
    }
    let (sum, count) = (field(12)?, field(16)?);
    let table_end = HEADER as u64 + count as u64 * TABLE_ENTRY as u64;
    let Some(table) = file.get(HEADER..table_end as usize) else {
        return Err(ReadError::Length { expected: table_end, found });
    };
    let mut sections: Vec<(u32, usize)> = Vec::with_capacity(count as usize);
    let mut expected = table_end;
    for entry in table.as_chunks::<TABLE_ENTRY>().0 {
        let [k0, k1, k2, k3, s0, s1, s2, s3, s4, s5, s6, s7] = *entry;
        let kind = u32::from_le_bytes([k0, k1, k2, k3]);
        let size = u64::from_le_bytes([s0, s1, s2, s3, s4, s5, s6, s7]);
        if sections.last().is_some_and(|(last, _)| *last >= kind) {
            return Err(ReadError::Sections);
        }
        expected = expected.saturating_add(size);
        sections.push((kind, size as usize));
    }
    if expected != found {
        return Err(ReadError::Length { expected, found });
    }
    if checksum(file) != sum {
        return Err(ReadError::Checksum);
    }
    Ok(sections)
}

/// The module as far as it was read.
struct Content {
    module: Module,
    registers_left: usize,
}

impl Content {
    fn section(&mut self, section: Section, r: &mut Reader<'_>) -> Read<()> {
        let module = &mut self.module;
        match section {
            Section::Program => {
                module.name = r.text()?;
                module.comment = r.text()?;
                module.entry = FuncId(r.u32()?);
            }
            Section::Types => module.types = r.list(type_def)?,
            Section::Constants => module.constants = r.words()?,
            Section::Strings => module.strings = r.list(Reader::text)?,
            Section::Globals => {
                module.globals = r.list(|r| Ok(Global { name: r.text()?, ty: r.reg_type()? }))?
            }
            Section::Natives => {
                module.natives =
                    r.list(|r| Ok(NativeImport { name: r.text()?, signature: signature(r)? }))?;
            }
            Section::Methods => module.methods = r.list(|r| Ok((TypeId(r.u32()?), r.u32()?)))?,
            Section::Foreign => module.foreign = super::foreign::read_foreign(r)?,
            Section::Functions => module.functions = r.list(|r| function(r, &mut self.registers_left))?,
            Section::Lines => module.functions.iter_mut().try_for_each(|function| lines(r, function))?,
            Section::Sources => module.sources = r.list(source)?,
        }
        Ok(())
    }
}

pub(super) fn signature(r: &mut Reader<'_>) -> Read<Signature> {
    Ok(Signature { params: r.list(Reader::reg_type)?, results: r.list(Reader::reg_type)? })
}

fn fields(r: &mut Reader<'_>) -> Read<Vec<Field>> {
    r.list(|r| {
        let name = r.text()?;
        let raw = r.number()?;
        Ok(Field { name, storage: storage_from(raw >> 1)?, mutable: raw & 1 == 1 })
    })
}

pub(super) fn type_def(r: &mut Reader<'_>) -> Read<TypeDef> {
    Ok(match r.number()? {
        0 => TypeDef::Str,
        1 => TypeDef::Array(r.storage()?),
        2 => TypeDef::Struct { name: r.text()?, fields: fields(r)? },
        3 => TypeDef::Enum { name: r.text()?, variants: r.list(|r| Ok(TypeId(r.u32()?)))? },
        4 => TypeDef::Variant { name: r.text()?, of: TypeId(r.u32()?), fields: fields(r)? },
        5 => TypeDef::Function(signature(r)?),
        6 => TypeDef::Closure { of: TypeId(r.u32()?), function: FuncId(r.u32()?), captures: fields(r)? },
        7 => TypeDef::Trait {
            name: r.text()?,
            methods: r.list(signature)?,
            impls: r.list(|r| Ok((TypeId(r.u32()?), r.list(|r| Ok(FuncId(r.u32()?)))?)))?,
        },
        _ => return Err(Damage::Unknown),
    })
}

fn function(r: &mut Reader<'_>, registers_left: &mut usize) -> Read<Function> {
    let name = r.text()?;
    let params = u16::try_from(r.number()?).map_err(|_| Damage::TooLarge)?;
    let mut registers = Vec::new();
    for _ in 0..r.count(2)? {
        let ty = r.reg_type()?;
        let run = usize::try_from(r.number()?).map_err(|_| Damage::TooLarge)?;
        *registers_left = registers_left.checked_sub(run).ok_or(Damage::TooLarge)?;
        registers.resize(registers.len() + run, ty);
    }
    let results = r.list(Reader::reg_type)?;
    Ok(Function { name, params, registers, results, code: r.words()?, ..Function::default() })
}

fn lines(r: &mut Reader<'_>, function: &mut Function) -> Read<()> {
    function.scopes = r.list(|r| {
        let name = r.text()?;
        let within = Place { source: r.u32()?, ..Place::default() };
        Ok(Scope { name, call: place(r, within)?, parent: r.u32()? })
    })?;
    let (mut at, mut scope, mut last) = (0, 0, Place::default());
    function.lines = r.list(|r| {
        let step = r.signed()?;
        at = add(at, step >> 1)?;
        if step & 1 == 1 {
            scope = r.u32()?;
            last.source = r.u32()?;
        }
        last = place(r, last)?;
        Ok(Line { at, place: last, scope })
    })?;
    Ok(())
}

/// A place in the same source as another, the line as a distance from there.
fn place(r: &mut Reader<'_>, last: Place) -> Read<Place> {
    Ok(Place { source: last.source, line: add(last.line, r.signed()?)?, column: r.u32()?, length: r.u32()? })
}

fn add(base: u32, distance: i64) -> Read<u32> {
    let sum = (base as i64).checked_add(distance).ok_or(Damage::TooLarge)?;
    u32::try_from(sum).map_err(|_| Damage::TooLarge)
}

fn source(r: &mut Reader<'_>) -> Read<Source> {
    let path = r.text()?;
    let flags = r.number()?;
    if flags > 3 {
        return Err(Damage::Unknown);
    }
    let text = if flags & 2 == 0 { None } else { Some(r.text()?) };
    Ok(Source { path, text, standard: flags & 1 == 1 })
}

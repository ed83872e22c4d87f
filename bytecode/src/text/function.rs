//! A function in the text form: its registers, labels, instructions, places.

use super::names::{Decoration, FloatBits, Quoted, Ty, Types};
use super::tables::{Named, write_entry};
use crate::operand::{Class, OperandInfo, Role};
use crate::{
    Function, Instr, Line, Module, Place, Reg, RegType, TrapKind, Width, instructions, switch_distances,
};
use std::fmt::Write;

/// The column where the places of instructions begin.
const PLACE_COLUMN: usize = 44;

/// Writes a function; `source_lines` are the lines of each source's text.
pub(super) fn write_function(
    out: &mut String,
    module: &Module,
    index: usize,
    named: &Named,
    source_lines: &[Vec<&str>],
) {
    let function = &module.functions[index];
    let labels = labels(function);
    // Writing to a string cannot fail.
    let _ =
        Printer { out, module, function, named, source_lines, labels, line: 0, last: None }.write_all(index);
}

/// The instructions of a function, without their places, with the words that they begin at.
pub(super) fn instruction_texts(module: &Module, index: usize, named: &Named) -> Vec<(usize, String)> {
    let function = &module.functions[index];
    let (mut out, mut texts, mut at) = (String::new(), Vec::new(), 0);
    let (labels, source_lines) = (labels(function), &[]);
    let mut printer =
        Printer { out: &mut out, module, function, named, source_lines, labels, line: 0, last: None };
    while at < function.code.len() {
        // Writing to a string cannot fail.
        let words = printer.write_word(at).unwrap_or(1);
        texts.push((at, std::mem::take(printer.out).trim_start().to_owned()));
        at += words;
    }
    texts
}

/// The words that jumps land on, ascending.
fn labels(function: &Function) -> Vec<usize> {
    let mut labels = Vec::new();
    let length = function.code.len() as i64;
    for (at, instr) in instructions(&function.code) {
        let mut add = |distance: i32| {
            let target = at as i64 + distance as i64;
            if (0..length).contains(&target) {
                labels.push(target as usize);
            }
        };
        if let Instr::Switch { count, .. } = instr {
            switch_distances(&function.code[at + 1..], count).for_each(&mut add);
        } else if let Some(distance) = instr.jump() {
            add(distance);
        }
    }
    labels.sort_unstable();
    labels.dedup();
    labels
}

struct Printer<'o, 'm> {
    out: &'o mut String,
    module: &'m Module,
    function: &'m Function,
    named: &'m Named,
    source_lines: &'m [Vec<&'m str>],
    labels: Vec<usize>,
    /// The next entry of the table of lines.
    line: usize,
    /// The last one.
    last: Option<Line>,
}

impl Printer<'_, '_> {
    fn write_all(&mut self, index: usize) -> std::fmt::Result {
        self.write_header(index)?;
        let mut at = 0;
        while at < self.function.code.len() {
            if let Ok(label) = self.labels.binary_search(&at) {
                writeln!(self.out, "L{label}:")?;
            }
            let line = self.take_line(at);
            if let Some(line) = line {
                self.write_source_line(line.place)?;
            }
            let start = self.out.len();
            let words = self.write_word(at)?;
            if let Some(line) = line {
                let width = self.out[start..].chars().count();
                let padding = PLACE_COLUMN.saturating_sub(width).max(2);
                write!(self.out, "{:padding$}@", "")?;
                self.write_place(line)?;
            }
            writeln!(self.out)?;
            at += words;
        }
        writeln!(self.out, "end")
    }

    fn write_header(&mut self, index: usize) -> std::fmt::Result {
        let (module, function) = (self.module, self.function);
        let params = function.registers.get(..function.params as usize).unwrap_or(&function.registers);
        let name = Quoted(&function.name);
        let (params, results) = (Types(module, params), Types(module, &function.results));
        writeln!(self.out, "fn @{index} = {name} {params} -> {results}")?;
        let mut first = function.params as usize;
        let locals = function.registers.get(first..).unwrap_or_default();
        for run in locals.chunk_by(|one, other| one == other) {
            let last = first + run.len() - 1;
            let ty = Ty(module, run[0]);
            if last == first {
                writeln!(self.out, "    r{first}: {ty}")?;
            } else {
                writeln!(self.out, "    r{first}..r{last}: {ty}")?;
            }
            first = last + 1;
        }
        for scope in &function.scopes {
            let Place { source, line, column, length } = scope.call;
            let name = Quoted(&scope.name);
            writeln!(self.out, "    scope {name} @{source}/{line}:{column}+{length}^{}", scope.parent)?;
        }
        Ok(())
    }

    /// The entry of the table of lines that begins at a word.
    fn take_line(&mut self, at: usize) -> Option<Line> {
        let line = self.function.lines.get(self.line).filter(|line| line.at as usize <= at)?;
        self.line += 1;
        Some(*line)
    }

    /// The text of the source where the code comes to another line of it.
    fn write_source_line(&mut self, place: Place) -> std::fmt::Result {
        let same = |last: Line| (last.place.source, last.place.line) == (place.source, place.line);
        if self.last.is_some_and(same) {
            return Ok(());
        }
        let lines = self.source_lines.get(place.source as usize).map_or([].as_slice(), Vec::as_slice);
        match (place.line as usize).checked_sub(1).and_then(|line| lines.get(line)) {
            Some(text) => {
                // A path may have any characters; a comment ends with its line.
                let path = self.module.sources[place.source as usize].path.replace(char::is_control, "?");
                writeln!(self.out, "    ; {path}:{}: {}", place.line, text.trim())
            }
            None => Ok(()),
        }
    }

    fn write_place(&mut self, line: Line) -> std::fmt::Result {
        let Place { source, line: number, column, length } = line.place;
        let (last_source, last_scope) = self.last.map_or((0, 0), |last| (last.place.source, last.scope));
        if source != last_source {
            write!(self.out, "{source}/")?;
        }
        write!(self.out, "{number}:{column}+{length}")?;
        if line.scope != last_scope {
            write!(self.out, "^{}", line.scope)?;
        }
        self.last = Some(line);
        Ok(())
    }

    /// Writes the instruction at a word, or the word itself; gives how many words that were.
    fn write_word(&mut self, at: usize) -> Result<usize, std::fmt::Error> {
        let word = self.function.code[at];
        let table_end = |instr: &Instr| at + instr.words() <= self.function.code.len();
        let Some(instr) = Instr::decode(word).filter(table_end) else {
            write!(self.out, "    .word {word:#018x}")?;
            return Ok(1);
        };
        let opcode = instr.opcode();
        write!(self.out, "    {}", opcode.mnemonic())?;
        if let Instr::Switch { index, count } = instr {
            write!(self.out, " {}", self.register(index))?;
            let table = &self.function.code[at + 1..];
            switch_distances(table, count).try_for_each(|distance| {
                write!(self.out, ", ")?;
                self.write_target(at, distance)
            })?;
            return Ok(instr.words());
        }
        for (number, operand) in opcode.operands().iter().enumerate() {
            write!(self.out, "{}", if number > 0 { ", " } else { " " })?;
            self.write_operand(at, instr, operand, operand.slot.get(word))?;
        }
        Ok(1)
    }

    fn register(&self, reg: Reg) -> String {
        match reg.out_slot(self.function.registers.len()) {
            Some(slot) => format!("a{slot}"),
            None => format!("r{}", reg.0),
        }
    }

    fn write_target(&mut self, at: usize, distance: i32) -> std::fmt::Result {
        let target = usize::try_from(at as i64 + distance as i64);
        match target.ok().and_then(|target| self.labels.binary_search(&target).ok()) {
            Some(label) => write!(self.out, "L{label}"),
            None => write!(self.out, "{distance:+}"),
        }
    }

    fn write_operand(
        &mut self,
        at: usize,
        instr: Instr,
        operand: &OperandInfo,
        raw: u32,
    ) -> std::fmt::Result {
        let module = self.module;
        let signed = {
            let unused = 32 - operand.slot.bits();
            (raw << unused) as i32 >> unused
        };
        match (operand.role, operand.class) {
            (Role::Def | Role::Use, _) => write!(self.out, "{}", self.register(Reg(raw as u16))),
            (Role::Jump, _) => self.write_target(at, instr.jump().unwrap_or(signed)),
            (_, Class::Int | Class::Divisor) => write!(self.out, "{signed}"),
            (_, Class::Width) => {
                write!(self.out, "{}", Width::ALL.get(raw as usize).map_or("?", |width| width.word()))
            }
            (_, Class::Trap) => {
                write!(self.out, "{}", TrapKind::ALL.get(raw as usize).map_or("?", |kind| kind.word()))
            }
            (_, Class::Constant) if self.named.constant_by_index(raw) => write!(self.out, "constant {raw}"),
            (_, Class::Constant) => {
                let bits = module.constants[raw as usize];
                match instr {
                    Instr::FConst { .. } => write!(self.out, "{}", FloatBits(bits)),
                    _ => write!(self.out, "{}", bits as i64),
                }
            }
            (_, Class::String) if self.named.string_by_index(raw) => write!(self.out, "string {raw}"),
            (_, Class::String) => write!(self.out, "{}", Quoted(&module.strings[raw as usize])),
            (_, Class::Field) => self.write_field(instr, raw),
            (_, class) => write_entry(self.out, module, class, raw),
        }
    }

    /// A field by its number, with its name before it where the object's register tells its type.
    fn write_field(&mut self, instr: Instr, field: u32) -> std::fmt::Result {
        let object = match instr {
            Instr::FGet { object, .. } | Instr::FSet { object, .. } => object,
            _ => return write!(self.out, "{field}"),
        };
        let fields = match self.function.registers.get(object.0 as usize) {
            Some(RegType::Ref(id)) => self.module.types.get(id.0 as usize).and_then(|def| def.fields()),
            _ => None,
        };
        match fields.and_then(|fields| fields.get(field as usize)) {
            Some(known) => write!(self.out, "{}.{field}", Decoration(&known.name)),
            None => write!(self.out, "{field}"),
        }
    }
}

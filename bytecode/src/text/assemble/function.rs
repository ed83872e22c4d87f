//! Assembling a function: registers, labels, instructions, places.

use super::cursor::{Cursor, Parsed};
use super::pools::Pools;
use super::{declared_name, pseudo};
use crate::operand::{Class, OperandInfo, Role};
use crate::{
    Function, Instr, Line, Module, Opcode, Place, Reg, RegType, Scope, TrapKind, Width, patch_jump,
    switch_table,
};
use std::collections::HashMap;

/// The most registers that a line may declare.
const MOST_REGISTERS: usize = u16::MAX as usize;

/// A function from the line of its name on, up to the line `end` or `}`.
pub(super) fn assemble_function<'t>(
    head: Cursor<'t>,
    lines: &mut impl Iterator<Item = Cursor<'t>>,
    module: &mut Module,
    pools: &mut Pools,
) -> Parsed<Function> {
    let mut assembler = Assembler::begin(head, module, pools)?;
    for line in lines {
        if line.at_end() {
            continue;
        }
        let mut rest = line;
        if rest.eat_word("end") || rest.eat("}") {
            rest.finish()?;
            return assembler.finish();
        }
        assembler.line(rest)?;
    }
    Err(head.error("the function has no `end` and no `}`"))
}

/// A jump whose label may come later.
struct Fixup<'t> {
    /// The instruction that jumps.
    from: usize,
    /// The place of the distance in a jump table, from its start.
    in_table: Option<usize>,
    label: &'t str,
    line: Cursor<'t>,
}

struct Assembler<'t, 'm> {
    module: &'m mut Module,
    pools: &'m mut Pools,
    function: Function,
    labels: HashMap<&'t str, usize>,
    fixups: Vec<Fixup<'t>>,
    /// The source and scope of the last place.
    last_place: (u32, u32),
    /// Whether instructions get their places in this text.
    place_lines: bool,
}

impl<'t, 'm> Assembler<'t, 'm> {
    fn begin(
        mut head: Cursor<'t>,
        module: &'m mut Module,
        pools: &'m mut Pools,
    ) -> Parsed<Assembler<'t, 'm>> {
        let place_lines = pools.place_lines && !head.is_numbered("@");
        let name = declared_name(&mut head, "@", module.functions.len())?;
        let registers = params(&mut head)?;
        let results = head.results()?;
        head.eat("{");
        head.finish()?;
        let params = u16::try_from(registers.len()).map_err(|_| head.error("too many parameters"))?;
        let function = Function { name, params, registers, results, ..Function::default() };
        let labels = HashMap::new();
        Ok(Assembler { module, pools, function, labels, fixups: Vec::new(), last_place: (0, 0), place_lines })
    }

    fn line(&mut self, mut line: Cursor<'t>) -> Parsed<()> {
        let word = line.word("an instruction")?;
        match word {
            "scope" => {
                let name = line.quoted()?;
                line.expect("@")?;
                let (call, parent) = line.place((0, 0))?;
                self.function.scopes.push(Scope { name, call, parent });
            }
            ".word" => self.function.code.push(line.unsigned("64 bits")?),
            _ if register_number(word).is_some() => self.registers(word, &mut line)?,
            _ if line.eat(":") => {
                if self.labels.insert(word, self.function.code.len()).is_some() {
                    return Err(line.error(format!("label `{word}` is there twice")));
                }
            }
            "print" => self.print(&mut line)?,
            _ => match Opcode::from_mnemonic(word) {
                Some(opcode) => self.instruction(opcode, &mut line)?,
                None => return Err(line.error(format!("there is no instruction `{word}`"))),
            },
        }
        line.finish()
    }

    /// `r3: int` or `r3..r5: int`.
    fn registers(&mut self, word: &str, line: &mut Cursor<'t>) -> Parsed<()> {
        line.expect(":")?;
        let ty = line.reg_type()?;
        let (first, last) = word.split_once("..").unwrap_or((word, word));
        let first = register_number(first);
        match (first, register_number(last)) {
            (Some(first), Some(last)) if first == self.function.registers.len() && last >= first => {
                self.function.registers.resize(last + 1, ty);
                Ok(())
            }
            _ => Err(line.error(format!("the next register is r{}", self.function.registers.len()))),
        }
    }

    fn instruction(&mut self, opcode: Opcode, line: &mut Cursor<'t>) -> Parsed<()> {
        let at = self.function.code.len();
        if opcode == Opcode::Switch {
            self.switch(line)?;
        } else {
            let mut word = opcode as u64;
            for (number, operand) in opcode.operands().iter().enumerate() {
                if number > 0 {
                    line.expect(",")?;
                }
                word |= operand.slot.put(self.operand(opcode, operand, line)?);
            }
            if Instr::decode(word).is_none() {
                return Err(line.error("an operand does not fit"));
            }
            self.function.code.push(word);
        }
        if line.eat("@") {
            let (place, scope) = line.place(self.last_place)?;
            self.last_place = (place.source, scope);
            self.function.lines.push(Line { at: at as u32, place, scope });
        } else {
            self.place_line(at, line);
        }
        Ok(())
    }

    fn switch(&mut self, line: &mut Cursor<'t>) -> Parsed<()> {
        let from = self.function.code.len();
        let index = self.register(line)?;
        let mut distances = Vec::new();
        while line.eat(",") {
            let in_table = Some(distances.len());
            distances.push(self.target(from, in_table, line)?);
        }
        let count = distances.len() as u32;
        self.function.code.push(Instr::Switch { index, count }.encode());
        self.function.code.extend(switch_table(&distances));
        Ok(())
    }

    /// The bits of an operand.
    fn operand(&mut self, opcode: Opcode, operand: &OperandInfo, line: &mut Cursor<'t>) -> Parsed<u32> {
        let module = &mut *self.module;
        let raw = match (operand.role, operand.class) {
            (Role::Def | Role::Use, _) => self.register(line)?.0 as u32,
            (Role::Jump, _) => {
                let distance = self.target(self.function.code.len(), None, line)?;
                return self.fit_signed(distance as i64, operand, line);
            }
            (_, Class::Int | Class::Divisor) => {
                let value = line.signed()?;
                return self.fit_signed(value, operand, line);
            }
            (_, Class::Width) => number_of(line, "a width", Width::ALL.iter().map(|width| width.word()))?,
            (_, Class::Trap) => {
                number_of(line, "a kind of trap", TrapKind::ALL.iter().map(|kind| kind.word()))?
            }
            (_, Class::Constant) if line.eat_word("constant") => line.unsigned("an index")?,
            (_, Class::Constant) if opcode == Opcode::FConst => {
                self.pools.constant(module, line.float_bits()?)
            }
            (_, Class::Constant) => self.pools.constant(module, line.signed()? as u64),
            (_, Class::String) if line.eat_word("string") => line.unsigned("an index")?,
            (_, Class::String) => self.pools.string(module, line.quoted()?),
            (_, Class::Type) => line.entry("#")?,
            (_, Class::Function) => line.entry("@")?,
            (_, Class::Global) => line.entry("$")?,
            (_, Class::Native) => self.native(line)?,
            (_, Class::Method) => line.entry("^")?,
            (_, Class::CFunction) => line.entry("%")?,
            (_, Class::Field) => field_number(line)?,
            _ => line.unsigned("a number")?,
        };
        match operand.slot.bits() {
            bits @ 0..32 if raw >> bits != 0 => {
                Err(line.error(format!("{}: {raw} does not fit", operand.name)))
            }
            _ => Ok(raw),
        }
    }

    /// A native: declared, or one of the table whose types need no declaration.
    fn native(&mut self, line: &mut Cursor<'t>) -> Parsed<u32> {
        let name = line.peek_word();
        if line.is_numbered("!") || line.symbols.get("!", name).is_some() {
            return line.entry("!");
        }
        match self.pools.import(name, line.symbols.natives) {
            Some(index) => line.word("a native").map(|_| index),
            None => line.entry("!"),
        }
    }

    /// `print r0`: the value and the end of a line, to standard output.
    fn print(&mut self, line: &mut Cursor<'t>) -> Parsed<()> {
        let start = self.function.code.len();
        let reg = self.register(line)?;
        let Some(ty) = self.function.registers.get(reg.0 as usize) else {
            return Err(line.error("print takes a register, which has a type"));
        };
        let registers = self.function.registers.len();
        let code = pseudo::print(reg, *ty, registers, self.pools, line.symbols.natives)
            .ok_or_else(|| line.error("print takes an int, a float or a string"))?;
        self.function.code.extend(code);
        self.place_line(start, line);
        Ok(())
    }

    /// Says that the code from a word on comes from this line of the text, where that is wanted.
    fn place_line(&mut self, start: usize, line: &Cursor<'t>) {
        if self.place_lines {
            let (column, length) = line.extent();
            let place = Place { source: 0, line: line.line as u32, column, length };
            self.function.lines.push(Line { at: start as u32, place, scope: 0 });
        }
    }

    fn fit_signed(&self, value: i64, operand: &OperandInfo, line: &Cursor<'t>) -> Parsed<u32> {
        let unused = 64 - operand.slot.bits();
        if value << unused >> unused == value {
            Ok(value as u32)
        } else {
            Err(line.error(format!("{}: {value} does not fit", operand.name)))
        }
    }

    fn register(&self, line: &mut Cursor<'t>) -> Parsed<Reg> {
        let count = self.function.registers.len();
        let word = line.word("a register")?;
        let found = match word.split_at_checked(1) {
            Some(("r", number)) => {
                number.parse().ok().filter(|number| *number < count).map(|number: usize| Reg(number as u16))
            }
            Some(("a", number)) => number.parse().ok().and_then(|slot| Reg::out(count, slot)),
            _ => None,
        };
        found.ok_or_else(|| line.error(format!("there is no register `{word}`")))
    }

    /// The distance to a label, or 0 for one that is not known yet; or a distance with its sign.
    fn target(&mut self, from: usize, in_table: Option<usize>, line: &mut Cursor<'t>) -> Parsed<i32> {
        let label = line.peek_word();
        if label.is_empty() {
            let distance = line.signed()?;
            return i32::try_from(distance).map_err(|_| line.error(format!("{distance} is too far")));
        }
        line.word("a label")?;
        self.fixups.push(Fixup { from, in_table, label, line: *line });
        Ok(0)
    }

    /// Sets the jumps to labels.
    fn finish(mut self) -> Parsed<Function> {
        for Fixup { from, in_table, label, line } in self.fixups {
            let Some(target) = self.labels.get(label) else {
                return Err(line.error(format!("there is no label `{label}`")));
            };
            let distance = (*target as i64 - from as i64) as i32;
            let code = &mut self.function.code;
            match in_table {
                Some(number) => {
                    let shift = number % 2 * 32;
                    code[from + 1 + number / 2] |= (distance as u32 as u64) << shift;
                }
                None if patch_jump(&mut code[from], distance) => {}
                None => return Err(line.error(format!("label `{label}` is too far away"))),
            }
        }
        Ok(self.function)
    }
}

/// The types of the parameters, with their registers before them or without: `(r0: int, float)`.
fn params(head: &mut Cursor<'_>) -> Parsed<Vec<RegType>> {
    let mut next = 0;
    head.list("(", ")", |line| {
        if let Some(number) = register_number(line.peek_word()) {
            line.word("a register")?;
            if number != next {
                return Err(line.error(format!("the next parameter is r{next}")));
            }
            line.expect(":")?;
        }
        next += 1;
        line.reg_type()
    })
}

/// The number of `r3`, or the first one of `r3..r5`.
fn register_number(word: &str) -> Option<usize> {
    let number = word.strip_prefix('r')?;
    let number = number.split("..").next()?;
    number.parse().ok().filter(|number| *number < MOST_REGISTERS)
}

/// Which of several words comes next.
fn number_of<'w>(line: &mut Cursor<'_>, what: &str, mut words: impl Iterator<Item = &'w str>) -> Parsed<u32> {
    // Some kinds of trap have a hyphen.
    let mut word = line.word(what)?.to_owned();
    while line.eat("-") {
        word = format!("{word}-{}", line.word(what)?);
    }
    match words.position(|known| known == word) {
        Some(number) => Ok(number as u32),
        None => Err(line.error(format!("`{word}` is not {what}"))),
    }
}

/// A field: its number, with or without a name and a dot before it.
fn field_number(line: &mut Cursor<'_>) -> Parsed<u32> {
    let word = line.word("a field")?;
    let number = word.rsplit('.').next().unwrap_or(word);
    number.parse().map_err(|_| line.error(format!("`{word}` is no field")))
}

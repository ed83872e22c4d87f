//! A generated function: its registers, a first value for each, random items, and what items are made of.

use super::ids::{ADDER, CIRCLE, EMPTY, KNOT, KNOTTED, MIXED, NODE, PAIR, PLAIN, SHAPE, SHOW, STR, UNARY};
use crate::fuzz::random::Random;
use lang_bytecode::{Function, Instr, Module, Reg, RegType, Storage, TypeDef, TypeId};

/// The most items of a function.
const ITEMS: usize = 60;

/// A function under way.
pub(super) struct Body<'a> {
    pub(super) module: &'a Module,
    pub(super) random: &'a mut Random,
    pub(super) registers: Vec<RegType>,
    pub(super) code: Vec<u64>,
    /// Where items begin: what jumps may land on.
    pub(super) starts: Vec<usize>,
    /// Whether it calls others: half of them do not, so that runs end.
    pub(super) calls: bool,
    results: &'a [RegType],
}

/// A body for a function of the module, with its parameters and results.
pub(super) fn generate(module: &Module, index: usize, random: &mut Random) -> Function {
    let head = &module.functions[index];
    let types = (0..module.types.len() as u32).map(|id| RegType::Ref(TypeId(id)));
    let nulls = [STR, NODE, SHAPE, KNOTTED].map(|id| RegType::RefNull(TypeId(id)));
    let numbers = [RegType::Int, RegType::Int, RegType::Int, RegType::Float, RegType::Float];
    let registers = head.registers.iter().copied().chain(types).chain(nulls).chain(numbers).collect();
    let calls = index == 0 || random.one_in(2);
    let (code, starts) = (Vec::new(), Vec::new());
    let mut body = Body { module, random, registers, code, starts, calls, results: &head.results };
    body.first_values(head.params as usize);
    for _ in 0..5 + body.random.below(ITEMS) {
        body.starts.push(body.code.len());
        body.item();
    }
    body.starts.push(body.code.len());
    body.give_back();
    Function { registers: body.registers, code: body.code, ..head.clone() }
}

impl Body<'_> {
    pub(super) fn push(&mut self, instr: Instr) {
        self.code.push(instr.encode());
    }

    pub(super) fn out(&self, slot: usize) -> Reg {
        Reg((self.registers.len() + slot) as u16)
    }

    /// Whether a value of one type may stand for one of another.
    fn fits(&self, from: RegType, to: RegType) -> bool {
        let (from, to) = match (from, to) {
            (from, to) if from == to => return true,
            (RegType::Ref(from), RegType::Ref(to) | RegType::RefNull(to)) => (from, to),
            (RegType::RefNull(from), RegType::RefNull(to)) => (from, to),
            _ => return false,
        };
        let above = match &self.module.types[from.0 as usize] {
            TypeDef::Variant { of, .. } | TypeDef::Closure { of, .. } => *of,
            _ => from,
        };
        let shown = [MIXED, SHAPE, UNARY, STR, 2].contains(&above.0);
        from == to || above == to || to.0 == SHOW && shown
    }

    /// A register that may be read as this type.
    pub(super) fn source(&mut self, ty: RegType) -> Reg {
        let fitting: Vec<usize> =
            (0..self.registers.len()).filter(|r| self.fits(self.registers[*r], ty)).collect();
        Reg(*self.random.pick(&fitting) as u16)
    }

    /// A register that can hold this type.
    pub(super) fn target(&mut self, ty: RegType) -> Reg {
        let fitting: Vec<usize> =
            (0..self.registers.len()).filter(|r| self.fits(ty, self.registers[*r])).collect();
        Reg(*self.random.pick(&fitting) as u16)
    }

    /// Puts values of these types into the out slots from one on; small numbers often, since they index and count.
    pub(super) fn arguments(&mut self, types: &[RegType], first: usize) {
        for (number, ty) in types.iter().enumerate() {
            let dst = self.out(first + number);
            if *ty == RegType::Int && self.random.one_in(2) {
                let value = self.random.below(6) as i32 - 1;
                self.push(Instr::IConst { dst, value });
            } else {
                let src = self.source(*ty);
                self.push(Instr::Mov { dst, src });
            }
        }
    }

    /// Takes some of the results of a call.
    pub(super) fn take_results(&mut self, results: &[RegType]) {
        for (slot, ty) in results.iter().enumerate() {
            if !self.random.one_in(4) {
                let (dst, src) = (self.target(*ty), self.out(slot));
                self.push(Instr::Mov { dst, src });
            }
        }
    }

    pub(super) fn give_back(&mut self) {
        match self.results {
            [] => self.push(Instr::Ret {}),
            [result] => {
                let src = self.source(*result);
                self.push(Instr::Ret1 { src });
            }
            results => {
                self.arguments(results, 0);
                self.push(Instr::RetN { count: results.len() as u32 });
            }
        }
    }

    /// Gives every `ref` that is no parameter a value that needs no other register, then fills the arrays.
    fn first_values(&mut self, params: usize) {
        let locals: Vec<(usize, u32)> = (params..self.registers.len())
            .filter_map(|register| match self.registers[register] {
                RegType::Ref(id) => Some((register, id.0)),
                _ => None,
            })
            .collect();
        for (register, id) in &locals {
            self.first_value(Reg(*register as u16), *id);
        }
        for (register, id) in &locals {
            let TypeDef::Array(storage) = self.module.types[*id as usize] else { continue };
            for _ in 0..self.random.below(5) {
                let src = self.source(storage.register());
                self.push(Instr::APush { array: Reg(*register as u16), src });
            }
        }
    }

    fn first_value(&mut self, dst: Reg, id: u32) {
        let of = match id {
            SHAPE | SHOW => EMPTY,
            UNARY => PLAIN,
            KNOTTED => KNOT,
            id => id,
        };
        match &self.module.types[of as usize] {
            TypeDef::Str => self.push(Instr::StrConst { dst, value: 1 }),
            TypeDef::Array(_) => {
                let capacity = self.out(0);
                self.push(Instr::IConst { dst: capacity, value: 2 });
                self.push(Instr::ANew { dst, capacity, of });
            }
            def => {
                let fields = def.fields().unwrap_or_default();
                for (slot, field) in fields.iter().enumerate() {
                    self.first_field(slot, field.storage);
                }
                self.push(if fields.is_empty() { Instr::Static { dst, of } } else { Instr::New { dst, of } });
            }
        }
    }

    fn first_field(&mut self, slot: usize, storage: Storage) {
        let dst = self.out(slot);
        self.push(match storage.register() {
            RegType::Int => Instr::IConst { dst, value: 3 },
            RegType::Float => Instr::FConst { dst, value: 1 },
            RegType::Ref(TypeId(STR)) => Instr::StrConst { dst, value: 2 },
            RegType::Ref(_) => Instr::Static { dst, of: EMPTY },
            RegType::RefNull(_) => Instr::Null { dst },
        });
    }

    /// A new value of a random type, in a register.
    pub(super) fn make(&mut self) {
        let register = self.random.below(self.registers.len());
        let (dst, ty) = (Reg(register as u16), self.registers[register]);
        match ty {
            RegType::Int => {
                let value = self.random.next() as i32 >> self.random.below(31);
                self.push(Instr::IConst { dst, value });
            }
            RegType::Float => {
                let value = self.random.below(self.module.constants.len()) as u32;
                self.push(Instr::FConst { dst, value });
            }
            RegType::RefNull(_) if self.random.one_in(2) => self.push(Instr::Null { dst }),
            RegType::Ref(id) | RegType::RefNull(id) => self.make_object(dst, id.0),
        }
    }

    fn make_object(&mut self, dst: Reg, id: u32) {
        let of = match id {
            SHAPE | SHOW => *self.random.pick(&[CIRCLE, EMPTY, PAIR]),
            UNARY => *self.random.pick(&[ADDER, PLAIN]),
            KNOTTED => KNOT,
            id => id,
        };
        match &self.module.types[of as usize] {
            TypeDef::Str => {
                let value = self.random.below(self.module.strings.len()) as u32;
                self.push(Instr::StrConst { dst, value });
            }
            TypeDef::Array(storage) => self.make_array(dst, of, storage.register()),
            def => {
                let fields = def.fields().unwrap_or_default();
                let types: Vec<RegType> = fields.iter().map(|field| field.storage.register()).collect();
                self.arguments(&types, 0);
                self.push(if fields.is_empty() { Instr::Static { dst, of } } else { Instr::New { dst, of } });
            }
        }
    }

    fn make_array(&mut self, dst: Reg, of: u32, element: RegType) {
        match self.random.below(3) {
            0 => {
                let capacity = self.out(0);
                let value = self.random.below(20) as i32;
                self.push(Instr::IConst { dst: capacity, value });
                self.push(Instr::ANew { dst, capacity, of });
            }
            1 => {
                let count = self.random.below(4);
                self.arguments(&vec![element; count], 0);
                self.push(Instr::ALit { dst, count: count as u16, of });
            }
            _ => {
                self.arguments(&[RegType::Int, element], 0);
                self.push(Instr::AFilled { dst, of });
            }
        }
    }
}

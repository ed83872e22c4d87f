//! What generated functions consist of: an instruction, or a few that belong together.

use super::function::Body;
use super::ids::{
    ADDER, ARRAYS, CIRCLE, EMPTY, KNOT, KNOTTED, MIXED, NODE, PAIR, PLAIN, SHAPE, SHOW, STR, UNARY,
};
use lang_bytecode::RegType::{Float, Int};
use lang_bytecode::{
    Class, Effects, Instr, Opcode, Reg, RegType, Role, TypeDef, TypeId, Width, switch_table,
};

/// From a type to one that its objects may have.
const CASTS: [(u32, u32); 9] = [
    (SHAPE, CIRCLE),
    (SHAPE, EMPTY),
    (SHAPE, PAIR),
    (SHOW, MIXED),
    (SHOW, STR),
    (SHOW, ADDER),
    (UNARY, ADDER),
    (UNARY, PLAIN),
    (KNOTTED, KNOT),
];

fn object(id: u32) -> RegType {
    RegType::Ref(TypeId(id))
}

fn nullable(id: u32) -> RegType {
    RegType::RefNull(TypeId(id))
}

impl Body<'_> {
    /// Adds something.
    pub(super) fn item(&mut self) {
        match self.random.below(22) {
            0..3 => self.compute(),
            3 => self.copy(),
            4 | 5 => self.use_field(),
            6..9 => self.use_array(),
            9 if self.calls => self.call_function(),
            10 if self.calls => self.call_closure(),
            11 if self.calls => self.call_method(),
            12..15 => self.call_native(),
            15 => self.use_global(),
            16 => self.cast(),
            17 => self.use_nullable(),
            18 => self.jump_on_null(),
            19 => self.jump_on_number(),
            20 if self.random.one_in(3) => self.switch(),
            21 if self.random.one_in(6) => self.give_back(),
            _ => self.make(),
        }
    }

    /// An opcode that computes from numbers and strings, with any operands of these types.
    fn compute(&mut self) {
        let computes = |op: &&Opcode| {
            let classes = [Class::Int, Class::Float, Class::Str, Class::Divisor, Class::Width];
            let effects = op.effects();
            !op.operands().is_empty()
                && op.operands().iter().all(|operand| classes.contains(&operand.class))
                && [Effects::JUMPS, Effects::ENDS, Effects::SAFEPOINT]
                    .iter()
                    .all(|effect| !effects.has(*effect))
        };
        let opcodes: Vec<&Opcode> = Opcode::ALL.iter().filter(computes).collect();
        let opcode = **self.random.pick(&opcodes);
        let raw: Vec<u64> =
            opcode.operands().iter().map(|operand| self.operand(operand.role, operand.class)).collect();
        // The operands of these formats lie one after another, but for a width.
        let word = opcode.operands().iter().zip(raw).fold(opcode as u64, |word, (operand, raw)| {
            let shift = match operand.slot {
                lang_bytecode::Slot::X => 8,
                lang_bytecode::Slot::A => 16,
                lang_bytecode::Slot::B | lang_bytecode::Slot::BC => 32,
                lang_bytecode::Slot::C | lang_bytecode::Slot::CX => 48,
            };
            word | (raw & (u64::MAX >> (64 - operand.slot.bits()))) << shift
        });
        self.code.push(word);
    }

    fn operand(&mut self, role: Role, class: Class) -> u64 {
        let ty = match class {
            Class::Int => Int,
            Class::Float => Float,
            _ => object(STR),
        };
        match (role, class) {
            (Role::Use, _) => u64::from(self.source(ty).0),
            (Role::Def, _) if self.random.one_in(10) => u64::from(self.out(0).0),
            (Role::Def, _) => u64::from(self.target(ty).0),
            (_, Class::Width) => self.random.below(Width::ALL.len()) as u64,
            (_, Class::Divisor) => 2 + self.random.below(9) as u64,
            _ => {
                let shift = self.random.below(63);
                (self.random.next() as i64 >> shift) as u64
            }
        }
    }

    fn copy(&mut self) {
        let register = self.random.below(self.registers.len());
        let (src, ty) = (Reg(register as u16), self.registers[register]);
        let dst = self.target(ty);
        self.push(Instr::Mov { dst, src });
    }

    fn use_field(&mut self) {
        let id = *self.random.pick(&[MIXED, NODE, CIRCLE, PAIR, ADDER, KNOT]);
        let fields = self.module.types[id as usize].fields().unwrap_or_default();
        let number = self.random.below(fields.len());
        let ty = fields[number].storage.register();
        let (holder, field) = (self.source(object(id)), number as u16);
        if fields[number].mutable && self.random.one_in(2) {
            let src = self.source(ty);
            self.push(Instr::FSet { object: holder, src, field });
        } else {
            let dst = self.target(ty);
            self.push(Instr::FGet { dst, object: holder, field });
        }
        if id == PAIR {
            let (dst, of) = (self.target(Int), self.source(object(SHAPE)));
            self.push(Instr::Tag { dst, object: of });
        }
    }

    fn use_array(&mut self) {
        let id = *self.random.pick(&ARRAYS);
        let TypeDef::Array(storage) = self.module.types[id as usize] else { return };
        let (element, array) = (storage.register(), self.source(object(id)));
        let index = self.out(0);
        let value = self.random.below(4) as i32;
        self.push(Instr::IConst { dst: index, value });
        let instr = match self.random.below(8) {
            0 => Instr::ALen { dst: self.target(Int), array },
            1 => Instr::APop { dst: self.target(element), array },
            2 | 3 => Instr::APush { array, src: self.source(element) },
            4 | 5 => Instr::AGet { dst: self.target(element), array, index },
            6 => Instr::ASet { array, index, src: self.source(element) },
            _ => Instr::ASwap { array, i: index, j: self.source(Int) },
        };
        self.push(instr);
    }

    fn call_function(&mut self) {
        let callee = 1 + self.random.below(self.module.functions.len() - 1);
        let function = &self.module.functions[callee];
        self.arguments(function.param_types(), 0);
        self.push(Instr::Call { callee: callee as u32 });
        self.take_results(&function.results);
    }

    fn call_closure(&mut self) {
        let id = *self.random.pick(&[UNARY, KNOTTED]);
        let TypeDef::Function(signature) = &self.module.types[id as usize] else { return };
        self.arguments(&signature.params, 1);
        let callee = self.source(object(id));
        self.push(Instr::CallClosure { callee });
        self.take_results(&signature.results);
    }

    fn call_method(&mut self) {
        self.arguments(&[object(SHOW), Int], 0);
        self.push(Instr::CallVirtual { method: 0 });
        self.take_results(&[object(STR), Int]);
    }

    fn call_native(&mut self) {
        let callee = self.random.below(self.module.natives.len());
        let signature = &self.module.natives[callee].signature;
        self.arguments(&signature.params, 0);
        self.push(Instr::CallNative { callee: callee as u32 });
        self.take_results(&signature.results);
    }

    fn use_global(&mut self) {
        let number = self.random.below(self.module.globals.len());
        let (ty, global) = (self.module.globals[number].ty, number as u32);
        if self.random.one_in(3) {
            let dst = self.target(ty);
            self.push(Instr::GGet { dst, global });
        } else {
            let src = self.source(ty);
            self.push(Instr::GSet { src, global });
        }
    }

    fn cast(&mut self) {
        let (from, to) = *self.random.pick(&CASTS);
        let src = self.source(object(from));
        if self.random.one_in(3) {
            let dst = self.target(object(to));
            self.push(Instr::Cast { dst, src, to });
        } else {
            let dst = self.target(Int);
            self.push(Instr::IsType { dst, src, of: to });
        }
    }

    fn use_nullable(&mut self) {
        let id = *self.random.pick(&[STR, NODE, SHAPE, KNOTTED]);
        let src = self.source(nullable(id));
        let instr = match self.random.below(3) {
            0 => Instr::IsNull { dst: self.target(Int), src },
            1 => Instr::NonNull { dst: self.target(object(id)), src },
            _ => Instr::REq { dst: self.target(Int), lhs: src, rhs: self.source(nullable(id)) },
        };
        self.push(instr);
    }

    /// The distance from the next word to the next item or one before.
    fn distance(&mut self) -> i32 {
        match self.random.one_in(2) {
            true => 1,
            false => *self.random.pick(&self.starts) as i32 - self.code.len() as i32,
        }
    }

    fn jump_on_null(&mut self) {
        let id = *self.random.pick(&[STR, NODE, SHAPE]);
        let (src, target) = (self.source(nullable(id)), self.distance());
        let instr = match self.random.below(3) {
            0 => Instr::JNull { src, target },
            1 => Instr::JNotNull { src, target },
            _ => Instr::JNullElse { dst: self.target(object(id)), src, target },
        };
        self.push(instr);
    }

    fn jump_on_number(&mut self) {
        let (lhs, rhs, target) = (self.source(Int), self.source(Int), self.distance());
        let small = self.random.below(9) as i16;
        let instr = match self.random.below(6) {
            0 => Instr::JLt { lhs, rhs, target },
            1 => Instr::JEqI { lhs, rhs: small, target },
            2 => Instr::JGtI { lhs, rhs: small, target },
            3 => Instr::JFNlt { lhs: self.source(Float), rhs: self.source(Float), target },
            4 => Instr::Jmp { target: 1 },
            _ => Instr::JTrue { cond: lhs, target },
        };
        self.push(instr);
    }

    fn switch(&mut self) {
        let (index, at) = (self.source(Int), self.code.len() as i32);
        let count = self.random.below(4);
        let distances: Vec<i32> = (0..count).map(|_| *self.random.pick(&self.starts) as i32 - at).collect();
        self.push(Instr::Switch { index, count: count as u32 });
        self.code.extend(switch_table(&distances));
    }
}

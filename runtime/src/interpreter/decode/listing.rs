//! A function's stored code with what a first look at it tells: where blocks begin, and what types the operands have.

use lang_bytecode::{
    Class, Effects, FuncId, Instr, Module, Reg, RegType, Role, Storage, TypeDef, TypeId, instructions,
    switch_distances,
};

use crate::heap::{FieldAt, Layouts};

/// Which accumulator a value goes through.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// Ints and references.
    Int,
    /// Floats.
    Float,
}

/// The kind of a register type.
pub(super) fn kind_of(ty: RegType) -> Kind {
    match ty {
        RegType::Float => Kind::Float,
        RegType::Int | RegType::Ref(_) | RegType::RefNull(_) => Kind::Int,
    }
}

/// Whether values of a type are references.
pub(super) fn is_reference(ty: RegType) -> bool {
    matches!(ty, RegType::Ref(_) | RegType::RefNull(_))
}

/// A function, instruction by instruction.
pub(super) struct Listing<'m> {
    pub(super) module: &'m Module,
    pub(super) layouts: &'m Layouts,
    pub(super) id: FuncId,
    /// How many registers there are; operands from there on are out slots.
    pub(super) registers: usize,
    pub(super) instrs: Vec<Instr>,
    /// The word that each instruction begins at.
    pub(super) at: Vec<u32>,
    /// Whether a jump leads to the instruction.
    pub(super) leader: Vec<bool>,
    /// The type of the result; of the array or object where there is none.
    pub(super) types: Vec<RegType>,
    /// The type of the array or object that an instruction works on.
    pub(super) subject: Vec<TypeId>,
    /// How many out slots are used.
    pub(super) outs: usize,
    /// The instruction at each word.
    number: Vec<u32>,
}

impl<'m> Listing<'m> {
    /// Lists a function of a verified module.
    pub(super) fn new(module: &'m Module, layouts: &'m Layouts, id: FuncId) -> Listing<'m> {
        let function = &module.functions[id.0 as usize];
        let words = function.code.len();
        let mut listing = Listing {
            module,
            layouts,
            id,
            registers: function.registers.len(),
            instrs: Vec::with_capacity(words),
            at: Vec::with_capacity(words),
            leader: Vec::new(),
            types: Vec::with_capacity(words),
            subject: Vec::with_capacity(words),
            outs: function.results.len(),
            number: vec![0; words],
        };
        for (at, instr) in instructions(&function.code) {
            listing.number[at] = listing.instrs.len() as u32;
            listing.instrs.push(instr);
            listing.at.push(at as u32);
        }
        listing.find_leaders();
        listing.find_types();
        listing
    }

    /// The slot in the frame of an operand.
    pub(super) fn slot(&self, reg: Reg) -> u16 {
        match reg.out_slot(self.registers) {
            None => reg.0,
            Some(_) => reg.0 + super::super::abi::LINK_SLOTS as u16,
        }
    }

    /// The slot of out slot 0.
    pub(super) fn window(&self) -> u16 {
        (self.registers + super::super::abi::LINK_SLOTS) as u16
    }

    /// The instruction that a jump of instruction `from` leads to.
    pub(super) fn target(&self, from: usize, distance: i32) -> usize {
        self.number[(self.at[from] as i64 + i64::from(distance)) as usize] as usize
    }

    /// The instructions that a `switch` leads to.
    pub(super) fn switch_targets(&self, from: usize, count: u32) -> impl Iterator<Item = usize> + '_ {
        let code = &self.module.functions[self.id.0 as usize].code;
        switch_distances(&code[self.at[from] as usize + 1..], count)
            .map(move |distance| self.target(from, distance))
    }

    fn find_leaders(&mut self) {
        let mut leader = vec![false; self.instrs.len()];
        for (index, instr) in self.instrs.iter().enumerate() {
            if let Instr::Switch { count, .. } = instr {
                self.switch_targets(index, *count).for_each(|target| leader[target] = true);
            } else if let Some(distance) = instr.jump() {
                leader[self.target(index, distance)] = true;
            }
        }
        self.leader = leader;
    }

    /// Follows the types of out slots through each block.
    fn find_types(&mut self) {
        let mut outs: Vec<RegType> = Vec::new();
        let mut used = self.outs;
        for index in 0..self.instrs.len() {
            let instr = self.instrs[index];
            let ty = |reg: Reg| self.type_of(reg, &outs);
            let subject = match subject(instr).map(ty) {
                Some(RegType::Ref(id) | RegType::RefNull(id)) => id,
                _ => TypeId::STR,
            };
            let result = self.result_type(instr, subject, &outs);
            self.subject.push(subject);
            self.types.push(result);
            let registers = self.registers;
            let mut defined = |slot: usize, ty: RegType| {
                if outs.len() <= slot {
                    outs.resize(slot + 1, RegType::Int);
                }
                outs[slot] = ty;
            };
            instr.for_each_register(|role, _, reg| match (role, reg.out_slot(registers)) {
                (Role::Def, Some(slot)) => defined(slot, result),
                (_, Some(slot)) => used = used.max(slot + 1),
                (_, None) => {}
            });
            if instr.opcode().effects().has(Effects::CALL) {
                let results = call_results(self.module, instr, subject);
                results.iter().enumerate().for_each(|(slot, ty)| defined(slot, *ty));
            }
        }
        self.outs = used.max(outs.len());
    }

    /// The type of an operand, where out slots have these types.
    fn type_of(&self, reg: Reg, outs: &[RegType]) -> RegType {
        match reg.out_slot(self.registers) {
            None => self.module.functions[self.id.0 as usize].registers[reg.0 as usize],
            Some(slot) => outs.get(slot).copied().unwrap_or(RegType::Int),
        }
    }

    /// The type of what an instruction defines; meaningless where it defines nothing.
    fn result_type(&self, instr: Instr, subject: TypeId, outs: &[RegType]) -> RegType {
        let ty = |reg: Reg| self.type_of(reg, outs);
        let mut by_class = RegType::Int;
        instr.for_each_register(|role, class, reg| match (role, class) {
            (Role::Def, Class::Float) => by_class = RegType::Float,
            (Role::Def, Class::Str) => by_class = RegType::Ref(TypeId::STR),
            (Role::Def, Class::Null) => by_class = RegType::RefNull(TypeId::STR),
            (Role::Def, Class::Any) if reg.out_slot(self.registers).is_none() => by_class = ty(reg),
            _ => {}
        });
        match instr {
            Instr::Mov { src, .. } | Instr::NonNull { src, .. } | Instr::JNullElse { src, .. } => ty(src),
            Instr::Static { of, .. }
            | Instr::New { of, .. }
            | Instr::ANew { of, .. }
            | Instr::AFilled { of, .. }
            | Instr::ALit { of, .. } => RegType::Ref(TypeId(of)),
            Instr::Cast { to, .. } => RegType::Ref(TypeId(to)),
            Instr::GGet { global, .. } => self.module.globals[global as usize].ty,
            Instr::AGet { .. } | Instr::APop { .. } => self.element(subject).register(),
            Instr::FGet { field, .. } => field_storage(self.module, subject, field).register(),
            _ => by_class,
        }
    }

    /// Where the field lies that the instruction at `index` reads or writes.
    pub(super) fn field_at(&self, index: usize) -> Option<FieldAt> {
        let (Instr::FGet { field, .. } | Instr::FSet { field, .. }) = self.instrs[index] else { return None };
        self.layouts.get(self.subject[index]).fields.get(field as usize).copied()
    }

    /// How the elements of an array type lie.
    pub(super) fn element(&self, id: TypeId) -> Storage {
        match &self.module.types[id.0 as usize] {
            TypeDef::Array(storage) => *storage,
            _ => Storage::I64,
        }
    }
}

/// The array, object or closure that an instruction works on.
fn subject(instr: Instr) -> Option<Reg> {
    match instr {
        Instr::AGet { array, .. }
        | Instr::ASet { array, .. }
        | Instr::APush { array, .. }
        | Instr::APop { array, .. }
        | Instr::ASwap { array, .. } => Some(array),
        Instr::FGet { object, .. } | Instr::FSet { object, .. } => Some(object),
        Instr::CallClosure { callee } | Instr::TailCallClosure { callee } => Some(callee),
        _ => None,
    }
}

/// How a field lies.
fn field_storage(module: &Module, id: TypeId, field: u16) -> Storage {
    let fields = match &module.types[id.0 as usize] {
        TypeDef::Struct { fields, .. } | TypeDef::Variant { fields, .. } => fields,
        TypeDef::Closure { captures, .. } => captures,
        _ => return Storage::I64,
    };
    fields.get(field as usize).map_or(Storage::I64, |field| field.storage)
}

/// The types of a call's results.
fn call_results(module: &Module, instr: Instr, closure: TypeId) -> &[RegType] {
    match instr {
        Instr::Call { callee } => &module.functions[callee as usize].results,
        Instr::CallNative { callee } => &module.natives[callee as usize].signature.results,
        Instr::CallC { callee } => &module.foreign.functions[callee as usize].signature.results,
        Instr::CallVirtual { method } => {
            let (id, place) = module.methods[method as usize];
            match &module.types[id.0 as usize] {
                TypeDef::Trait { methods, .. } => &methods[place as usize].results,
                _ => &[],
            }
        }
        Instr::CallClosure { .. } => match &module.types[closure.0 as usize] {
            TypeDef::Function(signature) => &signature.results,
            TypeDef::Closure { function, .. } => &module.functions[function.0 as usize].results,
            _ => &[],
        },
        _ => &[],
    }
}

impl Listing<'_> {
    /// The results of the call at `index`.
    pub(super) fn results(&self, index: usize) -> &[RegType] {
        call_results(self.module, self.instrs[index], self.subject[index])
    }
}

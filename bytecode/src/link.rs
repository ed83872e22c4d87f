//! Linking: the programs of a session as one, which grows.
//!
//! Objects that an earlier program made stay as they are, so what they refer to by number stays too: a program is put behind those
//! before it, and its tables go into theirs. Types and globals that are the same have the same keys; functions are always new.

use std::collections::HashMap;
use std::fmt;
use std::hash::Hash;

use crate::operand::{Class, Role};
use crate::{
    CAction, CSignature, CType, Field, FuncId, Function, Instr, Module, NativeImport, Place, RegType,
    Signature, Source, Storage, TypeDef, TypeId, instructions,
};

/// By what the types and globals of a program are the same as those of the programs before it; none for what is always new.
#[derive(Clone, Debug, Default)]
pub struct Keys {
    /// The types' keys.
    pub types: Vec<Option<String>>,
    /// The globals' keys.
    pub globals: Vec<Option<String>>,
}

/// Why a program cannot be put behind the others.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LinkError {
    /// A table has grown beyond what instructions can name.
    TooLarge,
    /// A type with the key of an earlier one is another.
    Mismatch,
}

impl fmt::Display for LinkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            LinkError::TooLarge => "the session has grown too large",
            LinkError::Mismatch => "a type of the session has changed",
        })
    }
}

impl std::error::Error for LinkError {}

/// The programs of a session, linked.
#[derive(Clone, Debug)]
pub struct Linker {
    module: Module,
    types: HashMap<String, TypeId>,
    globals: HashMap<String, u32>,
}

impl Default for Linker {
    fn default() -> Linker {
        Linker {
            module: Module { types: vec![TypeDef::Str], ..Module::default() },
            types: HashMap::new(),
            globals: HashMap::new(),
        }
    }
}

/// From the numbers of a program to those of all.
#[derive(Default)]
struct Numbers {
    types: Vec<TypeId>,
    constants: Vec<u32>,
    strings: Vec<u32>,
    globals: Vec<u32>,
    natives: Vec<u32>,
    methods: Vec<u32>,
    sources: Vec<u32>,
    first_function: u32,
    first_c_function: u32,
    first_c_layout: u32,
    first_callback: u32,
}

impl Linker {
    /// Puts a program behind the others; gives all of them as one, which begins where this program does.
    ///
    /// # Errors
    /// Where the program does not fit; the linker stays as it was.
    pub fn add(&mut self, program: &Module, keys: &Keys) -> Result<Module, LinkError> {
        let mut linked = self.clone();
        let numbers = linked.tables(program, keys);
        linked.define_types(program, &numbers)?;
        linked.foreign(program, &numbers);
        for function in &program.functions {
            let function = numbers.function(function)?;
            linked.module.functions.push(function);
        }
        linked.module.entry = numbers.function_id(program.entry);
        linked.module.name.clone_from(&program.name);
        *self = linked;
        Ok(self.module.clone())
    }

    /// Gives everything in the program's tables a number.
    fn tables(&mut self, program: &Module, keys: &Keys) -> Numbers {
        let mut numbers = Numbers {
            first_function: self.module.functions.len() as u32,
            first_c_function: self.module.foreign.functions.len() as u32,
            first_c_layout: self.module.foreign.layouts.len() as u32,
            first_callback: self.module.foreign.callbacks.len() as u32,
            ..Numbers::default()
        };
        for (index, def) in program.types.iter().enumerate() {
            let next = TypeId(self.module.types.len() as u32);
            let id = match (def, keys.types.get(index).cloned().flatten()) {
                (TypeDef::Str, _) => TypeId::STR,
                (_, Some(key)) => *self.types.entry(key).or_insert(next),
                (_, None) => next,
            };
            if id == next {
                // Its definition comes when all have numbers.
                self.module.types.push(TypeDef::Str);
            }
            numbers.types.push(id);
        }
        for (index, global) in program.globals.iter().enumerate() {
            let next = self.module.globals.len() as u32;
            let id = match keys.globals.get(index).cloned().flatten() {
                Some(key) => *self.globals.entry(key).or_insert(next),
                None => next,
            };
            if id == next {
                let ty = numbers.register(global.ty);
                self.module.globals.push(crate::Global { name: global.name.clone(), ty });
            }
            numbers.globals.push(id);
        }
        numbers.constants = merge(&mut self.module.constants, program.constants.iter().copied());
        numbers.strings = merge(&mut self.module.strings, program.strings.iter().cloned());
        numbers.sources = merge_sources(&mut self.module.sources, &program.sources);
        let natives = program.natives.iter().map(|native| NativeImport {
            name: native.name.clone(),
            signature: numbers.signature(&native.signature),
        });
        numbers.natives = merge(&mut self.module.natives, natives);
        let methods = program.methods.iter().map(|(of, place)| (numbers.type_id(*of), *place));
        numbers.methods = merge(&mut self.module.methods, methods);
        numbers
    }

    fn define_types(&mut self, program: &Module, numbers: &Numbers) -> Result<(), LinkError> {
        for (def, id) in program.types.iter().zip(&numbers.types) {
            let def = numbers.type_def(def);
            let known = &mut self.module.types[id.0 as usize];
            match (&mut *known, def) {
                (TypeDef::Str, def) => *known = def,
                (TypeDef::Trait { impls, .. }, TypeDef::Trait { impls: more, .. }) => {
                    more.into_iter().for_each(|row| {
                        if !impls.iter().any(|(of, _)| *of == row.0) {
                            impls.push(row);
                        }
                    });
                    impls.sort_unstable_by_key(|(of, _)| *of);
                }
                (known, def) if *known == def => {}
                _ => return Err(LinkError::Mismatch),
            }
        }
        Ok(())
    }

    fn foreign(&mut self, program: &Module, numbers: &Numbers) {
        let all = &mut self.module.foreign;
        all.layouts.extend(program.foreign.layouts.iter().cloned());
        all.callbacks.extend(program.foreign.callbacks.iter().map(|of| numbers.c_signature(of)));
        for function in &program.foreign.functions {
            let mut function = function.clone();
            function.place = numbers.place(function.place);
            function.signature = numbers.signature(&function.signature);
            function.action = match function.action {
                CAction::Call(signature) => CAction::Call(numbers.c_signature(&signature)),
                CAction::NewCallback(of) => CAction::NewCallback(of + numbers.first_callback),
                other => other,
            };
            all.functions.push(function);
        }
    }
}

/// Adds what a table does not have yet; gives the number of each.
fn merge<T: Eq + Hash + Clone>(table: &mut Vec<T>, more: impl Iterator<Item = T>) -> Vec<u32> {
    let mut known: HashMap<T, u32> = table.iter().cloned().zip(0..).collect();
    let number = |item: T| {
        *known.entry(item.clone()).or_insert_with(|| {
            table.push(item);
            table.len() as u32 - 1
        })
    };
    more.map(number).collect()
}

/// As [`merge`], by the paths.
fn merge_sources(table: &mut Vec<Source>, more: &[Source]) -> Vec<u32> {
    let number = |source: &Source| {
        let known = table.iter().position(|known| known.path == source.path);
        known.unwrap_or_else(|| {
            table.push(source.clone());
            table.len() - 1
        }) as u32
    };
    more.iter().map(number).collect()
}

impl Numbers {
    fn type_id(&self, id: TypeId) -> TypeId {
        self.types[id.0 as usize]
    }

    fn function_id(&self, id: FuncId) -> FuncId {
        FuncId(id.0 + self.first_function)
    }

    fn register(&self, ty: RegType) -> RegType {
        match ty {
            RegType::Ref(id) => RegType::Ref(self.type_id(id)),
            RegType::RefNull(id) => RegType::RefNull(self.type_id(id)),
            RegType::Int | RegType::Float => ty,
        }
    }

    fn storage(&self, storage: Storage) -> Storage {
        match storage {
            Storage::Ref(id) => Storage::Ref(self.type_id(id)),
            Storage::RefNull(id) => Storage::RefNull(self.type_id(id)),
            other => other,
        }
    }

    fn registers(&self, types: &[RegType]) -> Vec<RegType> {
        types.iter().map(|ty| self.register(*ty)).collect()
    }

    fn signature(&self, signature: &Signature) -> Signature {
        Signature { params: self.registers(&signature.params), results: self.registers(&signature.results) }
    }

    fn fields(&self, fields: &[Field]) -> Vec<Field> {
        let field = |field: &Field| Field { storage: self.storage(field.storage), ..field.clone() };
        fields.iter().map(field).collect()
    }

    fn type_def(&self, def: &TypeDef) -> TypeDef {
        match def {
            TypeDef::Str => TypeDef::Str,
            TypeDef::Array(storage) => TypeDef::Array(self.storage(*storage)),
            TypeDef::Struct { name, fields } => {
                TypeDef::Struct { name: name.clone(), fields: self.fields(fields) }
            }
            TypeDef::Enum { name, variants } => TypeDef::Enum {
                name: name.clone(),
                variants: variants.iter().map(|id| self.type_id(*id)).collect(),
            },
            TypeDef::Variant { name, of, fields } => {
                TypeDef::Variant { name: name.clone(), of: self.type_id(*of), fields: self.fields(fields) }
            }
            TypeDef::Function(signature) => TypeDef::Function(self.signature(signature)),
            TypeDef::Closure { of, function, captures } => TypeDef::Closure {
                of: self.type_id(*of),
                function: self.function_id(*function),
                captures: self.fields(captures),
            },
            TypeDef::Trait { name, methods, impls } => {
                let row = |(of, row): &(TypeId, Vec<FuncId>)| {
                    (self.type_id(*of), row.iter().map(|id| self.function_id(*id)).collect())
                };
                let mut impls: Vec<(TypeId, Vec<FuncId>)> = impls.iter().map(row).collect();
                impls.sort_unstable_by_key(|(of, _)| *of);
                let methods = methods.iter().map(|of| self.signature(of)).collect();
                TypeDef::Trait { name: name.clone(), methods, impls }
            }
        }
    }

    fn c_type(&self, ty: CType) -> CType {
        match ty {
            CType::Struct(of) => CType::Struct(of + self.first_c_layout),
            CType::Callback(of) => CType::Callback(of + self.first_callback),
            other => other,
        }
    }

    fn c_signature(&self, signature: &CSignature) -> CSignature {
        CSignature {
            params: signature.params.iter().map(|ty| self.c_type(*ty)).collect(),
            result: signature.result.map(|ty| self.c_type(ty)),
            variadic: signature.variadic,
        }
    }

    fn place(&self, place: Place) -> Place {
        let source = self.sources.get(place.source as usize).copied().unwrap_or(place.source);
        Place { source, ..place }
    }

    fn function(&self, function: &Function) -> Result<Function, LinkError> {
        let mut made = function.clone();
        made.registers = self.registers(&function.registers);
        made.results = self.registers(&function.results);
        for scope in &mut made.scopes {
            scope.call = self.place(scope.call);
        }
        for line in &mut made.lines {
            line.place = self.place(line.place);
        }
        for (at, instr) in instructions(&function.code) {
            made.code[at] = self.word(function.code[at], instr)?;
        }
        Ok(made)
    }

    /// An instruction with the numbers of all.
    fn word(&self, word: u64, instr: Instr) -> Result<u64, LinkError> {
        let mut word = word;
        for operand in instr.opcode().operands().iter().filter(|operand| operand.role == Role::Index) {
            let raw = operand.slot.get(word);
            let of = |table: &[u32]| table[raw as usize];
            let number = match operand.class {
                Class::Constant => of(&self.constants),
                Class::String => of(&self.strings),
                Class::Global => of(&self.globals),
                Class::Native => of(&self.natives),
                Class::Method => of(&self.methods),
                Class::Type => self.type_id(TypeId(raw)).0,
                Class::Function => raw + self.first_function,
                Class::CFunction => raw + self.first_c_function,
                _ => raw,
            };
            if u64::from(number) >> operand.slot.bits() != 0 {
                return Err(LinkError::TooLarge);
            }
            word = word & !operand.slot.put(u32::MAX) | operand.slot.put(number);
        }
        Ok(word)
    }
}

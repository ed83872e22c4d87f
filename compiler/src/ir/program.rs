//! A whole program in the intermediate form, and its constants.

use lang_bytecode::{Foreign, FuncId, Global, NativeImport, TypeDef, TypeId};
use rustc_hash::FxHashMap;

use super::{ConstId, Function, Operand};
use crate::source::Span;

/// A constant that is no small int.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Const {
    /// An int.
    Int(i64),
    /// A float, by its bits.
    Float(u64),
    /// A string of the program.
    Str(u32),
    /// The null of a type.
    Null(TypeId),
    /// The one object of a type without fields.
    Static(TypeId),
}

/// Every constant of a program, once.
#[derive(Clone, Debug, Default)]
pub struct Constants {
    list: Vec<Const>,
    index: FxHashMap<Const, ConstId>,
    strings: Vec<Box<str>>,
    string_index: FxHashMap<Box<str>, u32>,
}

impl Constants {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The constant of an id.
    pub fn get(&self, id: ConstId) -> Const {
        self.list[id.0 as usize]
    }

    /// An int as an operand.
    pub fn int(&mut self, value: i64) -> Operand {
        match i32::try_from(value) {
            Ok(small) => Operand::Int(small),
            Err(_) => self.operand(Const::Int(value)),
        }
    }

    /// A float as an operand.
    pub fn float(&mut self, value: f64) -> Operand {
        self.operand(Const::Float(value.to_bits()))
    }

    /// A string as an operand.
    pub fn string(&mut self, text: &str) -> Operand {
        let id = match self.string_index.get(text) {
            Some(&id) => id,
            None => {
                let id = self.strings.len() as u32;
                self.strings.push(text.into());
                self.string_index.insert(text.into(), id);
                id
            }
        };
        self.operand(Const::Str(id))
    }

    /// A constant as an operand; small ints go through [`Constants::int`].
    pub fn operand(&mut self, constant: Const) -> Operand {
        let next = ConstId(self.list.len() as u32);
        let id = *self.index.entry(constant).or_insert(next);
        if id == next {
            self.list.push(constant);
        }
        Operand::Const(id)
    }

    /// The int that an operand is, if it is a constant one.
    pub fn as_int(&self, operand: Operand) -> Option<i64> {
        match operand {
            Operand::Int(value) => Some(i64::from(value)),
            Operand::Const(id) => match self.get(id) {
                Const::Int(value) => Some(value),
                _ => None,
            },
            Operand::Reg(_) => None,
        }
    }

    /// The float that an operand is, if it is a constant one.
    pub fn as_float(&self, operand: Operand) -> Option<f64> {
        match operand {
            Operand::Const(id) => match self.get(id) {
                Const::Float(bits) => Some(f64::from_bits(bits)),
                _ => None,
            },
            _ => None,
        }
    }

    /// The string that an operand is, if it is a constant one.
    pub fn as_str(&self, operand: Operand) -> Option<&str> {
        match operand {
            Operand::Const(id) => match self.get(id) {
                Const::Str(id) => self.strings.get(id as usize).map(|text| &**text),
                _ => None,
            },
            _ => None,
        }
    }

    /// A string by its number.
    pub fn text(&self, id: u32) -> &str {
        self.strings.get(id as usize).map_or("", |text| text)
    }
}

/// A program.
#[derive(Clone, Debug)]
pub struct Program {
    /// Heap types; the first one is strings.
    pub types: Vec<TypeDef>,
    /// Constants of all functions.
    pub constants: Constants,
    /// Global variables.
    pub globals: Vec<Global>,
    /// The host's functions that are called.
    pub natives: Vec<NativeImport>,
    /// Functions of C, whose places [`Program::foreign_spans`] says.
    pub foreign: Foreign,
    /// Where each function of C is declared.
    pub foreign_spans: Vec<Span>,
    /// The trait methods that are called: the trait's type and the method's place in it.
    pub methods: Vec<(TypeId, u32)>,
    /// Functions.
    pub functions: Vec<Function>,
    /// Where a run begins.
    pub entry: FuncId,
    /// For each source file, whether it belongs to the standard library.
    pub standard: Vec<bool>,
    /// In a session: what the types and globals are known by beyond this program.
    pub keys: Keys,
}

/// What types and globals are known by from one program of a session to the next.
#[derive(Clone, Debug, Default)]
pub struct Keys {
    /// The types that have a key.
    pub types: Vec<(TypeId, Key)>,
    /// The globals that have one: the place of the declaration, and which of its words.
    pub globals: Vec<(u32, Span, u32)>,
}

/// A type with declarations by their places.
pub type Key = Vec<KeyPart>;

/// A part of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyPart {
    /// As it is written.
    Text(String),
    /// The place of a declaration.
    Place(Span),
}

impl Default for Program {
    fn default() -> Program {
        Program {
            types: vec![TypeDef::Str],
            constants: Constants::default(),
            globals: Vec::new(),
            natives: Vec::new(),
            foreign: Foreign::default(),
            foreign_spans: Vec::new(),
            methods: Vec::new(),
            functions: Vec::new(),
            entry: FuncId(0),
            standard: Vec::new(),
            keys: Keys::default(),
        }
    }
}

//! Files that come back as they were written, and damaged ones that are refused.

use super::*;
use crate::{
    CAction, CFunction, CLayout, CScalar, CSignature, CType, Field, Foreign, FuncId, Function, Global, Line,
    Module, NativeImport, Place, RegType, Scope, Signature, Source, Storage, TypeDef, TypeId, Width,
};

/// Numbers that repeat from run to run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// A number of any length.
    fn u32(&mut self) -> u32 {
        self.next() as u32 >> self.below(32)
    }

    fn list<T>(&mut self, most: u64, mut item: impl FnMut(&mut Random) -> T) -> Vec<T> {
        (0..self.below(most + 1)).map(|_| item(self)).collect()
    }

    fn text(&mut self) -> String {
        self.list(12, |r| char::from_u32(r.u32() % 0x800).unwrap_or('x')).into_iter().collect()
    }

    fn reg_type(&mut self) -> RegType {
        match self.below(4) {
            0 => RegType::Int,
            1 => RegType::Float,
            2 => RegType::Ref(TypeId(self.u32())),
            _ => RegType::RefNull(TypeId(self.u32())),
        }
    }

    fn storage(&mut self) -> Storage {
        match self.below(6) {
            0 => Storage::Narrow(Width::ALL[self.below(6) as usize]),
            1 => Storage::I64,
            2 => Storage::F32,
            3 => Storage::F64,
            4 => Storage::Ref(TypeId(self.u32())),
            _ => Storage::RefNull(TypeId(self.u32())),
        }
    }

    fn fields(&mut self) -> Vec<Field> {
        self.list(4, |r| Field { name: r.text(), storage: r.storage(), mutable: r.below(2) == 1 })
    }

    fn signature(&mut self) -> Signature {
        Signature { params: self.list(4, Random::reg_type), results: self.list(2, Random::reg_type) }
    }

    fn type_def(&mut self) -> TypeDef {
        match self.below(8) {
            0 => TypeDef::Str,
            1 => TypeDef::Array(self.storage()),
            2 => TypeDef::Struct { name: self.text(), fields: self.fields() },
            3 => TypeDef::Enum { name: self.text(), variants: self.list(4, |r| TypeId(r.u32())) },
            4 => TypeDef::Variant { name: self.text(), of: TypeId(self.u32()), fields: self.fields() },
            5 => TypeDef::Function(self.signature()),
            6 => TypeDef::Closure {
                of: TypeId(self.u32()),
                function: FuncId(self.u32()),
                captures: self.fields(),
            },
            _ => TypeDef::Trait {
                name: self.text(),
                methods: self.list(3, Random::signature),
                impls: self.list(3, |r| (TypeId(r.u32()), r.list(3, |r| FuncId(r.u32())))),
            },
        }
    }

    fn place(&mut self) -> Place {
        Place { source: self.u32(), line: self.u32(), column: self.u32(), length: self.u32() }
    }

    fn function(&mut self) -> Function {
        let runs = self.list(5, |r| vec![r.reg_type(); r.below(20) as usize]);
        Function {
            name: self.text(),
            params: self.u32() as u16,
            registers: runs.concat(),
            results: self.list(3, Random::reg_type),
            code: self.list(30, Random::next),
            scopes: self.list(3, |r| Scope { name: r.text(), call: r.place(), parent: r.u32() }),
            lines: self.list(9, |r| Line { at: r.u32(), place: r.place(), scope: r.u32() }),
        }
    }

    fn c_type(&mut self) -> CType {
        match self.below(6) {
            0 => CType::Text,
            1 => CType::Elements,
            2 => CType::Pointer,
            3 => CType::Struct(self.u32()),
            4 => CType::Callback(self.u32()),
            _ => CType::Scalar(self.c_scalar()),
        }
    }

    fn c_scalar(&mut self) -> CScalar {
        CScalar::ALL[self.below(CScalar::ALL.len() as u64) as usize]
    }

    fn c_signature(&mut self) -> CSignature {
        CSignature {
            params: self.list(5, Random::c_type),
            result: (self.below(2) == 0).then(|| self.c_type()),
            variadic: (self.below(2) == 0).then(|| self.u32()),
        }
    }

    fn foreign(&mut self) -> Foreign {
        Foreign {
            layouts: self.list(3, |r| CLayout {
                name: r.text(),
                size: r.u32(),
                align: r.u32(),
                fields: r.list(4, |r| (r.u32(), r.c_scalar())),
            }),
            callbacks: self.list(3, Random::c_signature),
            functions: self.list(5, |r| CFunction {
                library: (r.below(2) == 0).then(|| r.text()),
                symbol: r.text(),
                weak: r.below(2) == 0,
                place: r.place(),
                signature: r.signature(),
                action: match r.below(4) {
                    0 => CAction::Address,
                    1 => CAction::NewCallback(r.u32()),
                    2 => CAction::FreeCallback,
                    _ => CAction::Call(r.c_signature()),
                },
            }),
        }
    }

    fn module(&mut self) -> Module {
        Module {
            name: self.text(),
            comment: self.text(),
            types: self.list(9, Random::type_def),
            constants: self.list(9, Random::next),
            strings: self.list(9, Random::text),
            globals: self.list(5, |r| Global { name: r.text(), ty: r.reg_type() }),
            natives: self.list(5, |r| NativeImport { name: r.text(), signature: r.signature() }),
            methods: self.list(5, |r| (TypeId(r.u32()), r.u32())),
            foreign: self.foreign(),
            functions: self.list(6, Random::function),
            entry: FuncId(self.u32()),
            sources: self.list(3, |r| Source {
                path: r.text(),
                text: (r.below(2) == 0).then(|| r.text()),
                standard: r.below(2) == 0,
            }),
        }
    }
}

/// A file whose checksum is right again after a change.
fn resealed(mut file: Vec<u8>) -> Vec<u8> {
    let sum = checksum(&file);
    file[12..16].copy_from_slice(&sum.to_le_bytes());
    file
}

#[test]
fn modules_come_back_as_they_were() {
    let mut random = Random(3);
    for _ in 0..500 {
        let module = random.module();
        let file = write(&module);
        assert!(is_bytecode(&file));
        assert_eq!(read(&file), Ok(module.clone()));
        let with_line = [b"#!/usr/bin/env langrun\n".as_slice(), &file].concat();
        assert!(is_bytecode(&with_line));
        assert_eq!(read(&with_line), Ok(module));
    }
}

#[test]
fn damage_is_refused_and_never_panics() {
    let mut random = Random(5);
    let files: Vec<Vec<u8>> = (0..100).map(|_| write(&random.module())).collect();
    for round in 0..20_000 {
        let mut file = files[round % files.len()].clone();
        for _ in 0..1 + random.below(3) {
            let place = random.below(file.len() as u64) as usize;
            match random.below(4) {
                0 => file[place] ^= 1 << random.below(8),
                1 => file[place] = random.next() as u8,
                2 => file[place] = 0xff,
                _ if place >= HEADER => file.truncate(place),
                _ => {}
            }
        }
        let _ = read(&file);
        let _ = read(&resealed(file));
    }
}

#[test]
fn every_changed_bit_is_noticed() {
    let file = write(&Random(9).module());
    for bit in 0..file.len() * 8 {
        let mut changed = file.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        assert!(read(&changed).is_err(), "bit {bit}");
    }
    for length in 0..file.len() {
        assert!(read(&file[..length]).is_err(), "length {length}");
    }
}

#[test]
fn each_fault_has_its_name() {
    let file = write(&Random(9).module());
    assert_eq!(read(b"fn main() {}"), Err(ReadError::NotBytecode));
    assert_eq!(read(b""), Err(ReadError::NotBytecode));
    assert!(!is_bytecode(b"#! only a line"));
    let text: Vec<u8> = file.iter().copied().filter(|byte| *byte != b'\r').collect();
    assert_eq!(read(&text), Err(ReadError::TextMode));
    assert!(is_bytecode(&text), "so that it is not taken for source");
    let mut newer = file.clone();
    newer[8] = 200;
    let error = read(&newer).expect_err("newer").to_string();
    assert!(error.contains("version 200") && error.contains("version 1"), "{error}");
    let longer = [file.as_slice(), b"x"].concat();
    assert!(matches!(read(&longer), Err(ReadError::Length { .. })));
    let mut changed = file.clone();
    *changed.last_mut().expect("a byte") ^= 1;
    assert_eq!(read(&changed), Err(ReadError::Checksum));
}

#[test]
fn sections_are_skipped_where_unknown_and_refused_where_twice() {
    let module = Random(9).module();
    let file = write(&module);
    let mut unknown = file.clone();
    unknown[16] += 1;
    let table_end = HEADER + Section::ALL.len() * TABLE_ENTRY;
    unknown.splice(table_end..table_end, [77, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0]);
    unknown.extend(b"new");
    assert_eq!(read(&resealed(unknown)), Ok(module));
    let mut twice = file;
    twice[HEADER + TABLE_ENTRY] = Section::Program as u8;
    assert_eq!(read(&resealed(twice)), Err(ReadError::Sections));
}

#[test]
fn small_files_do_not_ask_for_much_memory() {
    let function = Function { registers: vec![RegType::Int; 60_000], ..Function::default() };
    let module = Module { functions: vec![function; 1000], ..Module::default() };
    let damaged =
        ReadError::Section { section: Section::Functions.meaning(), reason: "a number is too large" };
    assert_eq!(read(&write(&module)), Err(damaged));
}

//! What the text form looks like.

use super::*;
use crate::{
    CAction, CFunction, CLayout, CScalar, CSignature, CType, Field, Foreign, FuncId, Function, Global, Instr,
    Line, NativeImport, Place, Reg, RegType, Scope, Signature, Source, Storage, TypeDef, TypeId, Width,
    switch_table,
};
use Instr::*;

fn module() -> Module {
    let string = RegType::Ref(TypeId::STR);
    let show = Signature { params: vec![RegType::Ref(TypeId(4))], results: vec![string] };
    let field = |name: &str, storage, mutable| Field { name: name.to_owned(), storage, mutable };
    let mut code: Vec<u64> = [
        FConst { dst: Reg(2), value: 0 },
        StrConst { dst: Reg(3), value: 0 },
        IConst64 { dst: Reg(4), value: 1 },
        FGet { dst: Reg(2), object: Reg(0), field: 0 },
        Wrap { dst: Reg(1), src: Reg(1), to: Width::U8 },
        Call { callee: 0 },
        JLtI { lhs: Reg(1), rhs: -3, target: -1 },
        Switch { index: Reg(1), count: 3 },
    ]
    .iter()
    .map(|instr| instr.encode())
    .collect();
    code.extend(switch_table(&[3, -7, 90]));
    code.extend([Ret {}.encode(), u64::MAX]);
    let place = |source, line, column| Place { source, line, column, length: 4 };
    let line = |at, place, scope| Line { at, place, scope };
    let function = Function {
        name: "Board.place".to_owned(),
        params: 2,
        registers: vec![RegType::Ref(TypeId(2)), RegType::Int, RegType::Float, RegType::RefNull(TypeId(0))],
        results: vec![],
        code,
        scopes: vec![Scope { name: "len".to_owned(), call: place(0, 2, 3), parent: 0 }],
        lines: vec![line(0, place(0, 1, 1), 0), line(1, place(0, 2, 3), 0), line(3, place(1, 7, 1), 1)],
    };
    Module {
        name: "a \"test\"".to_owned(),
        comment: "two\nlines".to_owned(),
        types: vec![
            TypeDef::Str,
            TypeDef::Array(Storage::Narrow(Width::U8)),
            TypeDef::Struct {
                name: "Pair<int>".to_owned(),
                fields: vec![
                    field("x", Storage::F64, false),
                    field("next", Storage::RefNull(TypeId(2)), true),
                ],
            },
            TypeDef::Function(Signature {
                params: vec![RegType::Int],
                results: vec![RegType::Float, string],
            }),
            TypeDef::Trait {
                name: "Show".to_owned(),
                methods: vec![show],
                impls: vec![(TypeId(2), vec![FuncId(0)])],
            },
            TypeDef::Enum { name: "Void".to_owned(), variants: vec![] },
        ],
        constants: vec![2.5f64.to_bits(), u64::MAX],
        strings: vec!["tab\t".to_owned()],
        globals: vec![Global { name: "total".to_owned(), ty: RegType::Int }],
        natives: vec![NativeImport { name: "str_concat".to_owned(), signature: Signature::default() }],
        methods: vec![(TypeId(4), 0)],
        foreign: Foreign {
            layouts: vec![CLayout {
                name: "Pair".to_owned(),
                size: 8,
                align: 4,
                fields: vec![(0, CScalar::I32), (4, CScalar::F32)],
            }],
            callbacks: vec![CSignature::default()],
            functions: vec![CFunction {
                library: Some("m".to_owned()),
                symbol: "cos".to_owned(),
                weak: true,
                place: Place { source: 1, line: 2, column: 3, length: 4 },
                signature: Signature { params: vec![RegType::Float], results: vec![RegType::Float] },
                action: CAction::Call(CSignature {
                    params: vec![CType::Struct(0), CType::Text, CType::Callback(0)],
                    result: Some(CType::Scalar(CScalar::F64)),
                    variadic: Some(1),
                }),
            }],
        },
        functions: vec![function],
        entry: FuncId(0),
        sources: vec![
            Source { path: "main.lang".to_owned(), text: Some("one\n  two\n".to_owned()), standard: false },
            Source { path: "std.lang".to_owned(), text: None, standard: true },
        ],
    }
}

const TEXT: &str = r##".name "a \"test\""
.comment "two\nlines"
.entry Board.place@0
.source "main.lang"
.source "std.lang" standard
type #0 = str
type #1 = array u8
type #2 = struct "Pair<int>" { "x": f64, var "next": ref? Pair_int_#2 }
type #3 = fn (int) -> (float, ref str#0)
type #4 = trait "Show" { (ref Show#4) -> (ref str#0) }
  for Pair_int_#2 { Board.place@0 }
type #5 = enum "Void" {}
global $0 = "total": int
native !0 = "str_concat" () -> ()
method ^0 = Show#4 0
cstruct "Pair" 8 align 4 { 0 i32, 4 f32 }
ccallback () -> ()
cfunction cos%0 = "cos" in "m" weak (float) -> (float) call (struct 0, cstr, callback 0) -> (f64) variadic 1 @1/2:3+4

fn @0 = "Board.place" (ref Pair_int_#2, int) -> ()
    r2: float
    r3: ref? str#0
    scope "len" @0/2:3+4^0
L0:
    ; main.lang:1: one
    fconst r2, 2.5                          @1:1+4
    ; main.lang:2: two
    sconst r3, "tab\t"                      @2:3+4
    const64 a0, -1
    fget r2, r0, x.0                        @1/7:1+4^1
    wrap r1, r1, u8
L1:
    call Board.place@0
    jlti r1, -3, L1
    switch r1, L2, L0, +90
L2:
    ret
    .word 0xffffffffffffffff
end

.text 0 "one\n"
.text 0 "  two\n"
"##;

#[test]
fn the_text_form_says_everything() {
    assert_eq!(disassemble(&module()), TEXT);
}

#[test]
fn tables_out_of_order_are_written_out() {
    let mut module = module();
    module.constants.push(16);
    module.strings.push("more".to_owned());
    let text = disassemble(&module);
    assert!(text.contains("constant 0x4004000000000000\n"), "{text}");
    assert!(text.contains("constant 0x10\n"), "{text}");
    assert!(text.contains("string \"more\"\n"), "{text}");
}

#[test]
fn the_text_form_comes_back_as_the_module() {
    assert_eq!(assemble(TEXT), Ok(module()));
    let mut odd = module();
    odd.constants.extend([u64::MAX, 3, f64::NAN.to_bits(), (-0.0f64).to_bits()]);
    odd.strings.extend(["tab\t".to_owned(), "\u{1b}\"\\".to_owned()]);
    odd.types.extend([
        TypeDef::Variant { name: "V".to_owned(), of: TypeId(5), fields: vec![] },
        TypeDef::Closure { of: TypeId(3), function: FuncId(0), captures: vec![] },
    ]);
    let code = [
        FConst { dst: Reg(2), value: 4 },
        FConst { dst: Reg(2), value: 5 },
        IConst64 { dst: Reg(1), value: 2 },
        IConst64 { dst: Reg(1), value: 1 },
        IConst64 { dst: Reg(1), value: 90 },
        StrConst { dst: Reg(3), value: 1 },
        StrConst { dst: Reg(3), value: 2 },
        Trap { kind: crate::TrapKind::CLoad },
        CallVirtual { method: 0 },
        GSet { src: Reg(1), global: 0 },
        IsType { dst: Reg(1), src: Reg(0), of: 2 },
    ];
    odd.functions[0].code.extend(code.iter().map(|instr| instr.encode()));
    odd.sources.push(Source { path: "empty".to_owned(), text: Some(String::new()), standard: false });
    assert_eq!(assemble(&disassemble(&odd)), Ok(odd));
}

#[test]
fn wrong_lines_are_named() {
    let fails = |text: &str, line: usize, reason: &str| {
        let error = assemble(text).expect_err("it is wrong");
        assert!(error.line == line && error.reason.contains(reason), "{error}");
    };
    fails("what", 1, "`what` begins no declaration");
    fails("type #1 = str", 1, "this is number 0, not 1");
    fails("type #0 = struct \"a\" { \"b\": int }", 1, "stored as i64");
    fails(".name \"a", 1, "closing quote");
    fails("  for #0 {}", 1, "after its trait");
    fails("; a comment\n\nfn @0 = \"f\" () -> ()\n ret", 3, "no `end`");
    let function = |line: &str| format!("fn @0 = \"f\" (int, float) -> ()\n{line}\nend");
    fails(&function("  go"), 2, "no instruction `go`");
    fails(&function("  iadd r0, r0"), 2, "expected `,`");
    fails(&function("  iadd r0, r0, r2"), 2, "no register `r2`");
    fails(&function("  iaddi r0, r0, 40000"), 2, "rhs: 40000 does not fit");
    fails(&function("  jmp nowhere"), 2, "no label `nowhere`");
    fails(&function("  L: L:"), 2, "the end of the line");
    fails(&function("  r3: int"), 2, "the next register is r2");
    fails(&function("  trap what"), 2, "not a kind of trap");
    fails(&function("  ret ret"), 2, "the end of the line");
}

#[test]
fn damaged_texts_never_panic() {
    let mut state = 17u64;
    let mut next = move |end: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % end as u64) as usize
    };
    let chars: Vec<char> = TEXT.chars().collect();
    for _ in 0..3000 {
        let mut text = chars.clone();
        for _ in 0..1 + next(3) {
            let place = next(text.len());
            match next(4) {
                0 => text[place] = chars[next(chars.len())],
                1 => text[place] = ['é', '\u{1F600}', '\\', '"'][next(4)],
                2 => drop(text.drain(place..(place + 5).min(text.len()))),
                _ => text.insert(place, chars[next(chars.len())]),
            }
        }
        if let Ok(module) = assemble(&text.into_iter().collect::<String>()) {
            disassemble(&module);
        }
    }
}

#[test]
fn the_example_of_the_reference_is_a_good_program() {
    let page = include_str!("../../../docs/bytecode.md");
    let example = page.split("```\n").find(|part| part.starts_with(".name")).expect("the example");
    let module = assemble(example).expect("it can be read");
    assert!(crate::verify(module).is_ok());
}

/// What a person would write first.
const BY_HAND: &str = r#".name "print ten"
.comment "the smallest program"
fn main() {
  r0: int
  const   r0, 10
  print   r0          // may be a pseudo-instruction for the call of a native
  ret
}
"#;

#[test]
fn what_a_person_leaves_out_is_guessed() {
    let module = assemble_file("ten.lasm", BY_HAND).expect("it can be read");
    assert_eq!((module.name.as_str(), module.comment.as_str()), ("print ten", "the smallest program"));
    assert_eq!(module.types, [TypeDef::Str]);
    assert_eq!(module.sources[0].text.as_deref(), Some(BY_HAND));
    assert_eq!(module.functions[0].lines[1].place, Place { source: 0, line: 6, column: 3, length: 10 });
    assert_eq!(assemble(&disassemble(&module)), Ok(module.clone()));
    assert!(crate::verify(module).is_ok());
}

#[test]
fn names_stand_for_what_comes_later() {
    let text = "fn main() {\n gget a0, total\n call twice\n native shout\n native out_flush\n ret\n}\n\
        fn twice(r0: int) -> int {\n iadd a0, r0, r0\n ret\n}\n\
        type Point = struct { x: f64, var next: ref? Point }\n\
        global total: int\nnative shout(int)\nmethod show = Point 0";
    let module = assemble(text).expect("it can be read");
    let callees: Vec<_> = crate::instructions(&module.functions[0].code).map(|(_, instr)| instr).collect();
    assert_eq!(callees[1..4], [Call { callee: 1 }, CallNative { callee: 0 }, CallNative { callee: 1 }]);
    assert_eq!(module.natives[1].name, "out_flush");
    assert_eq!(module.globals[0].name, "total");
    assert!(
        matches!(&module.types[1], TypeDef::Struct { name, fields } if name == "Point" && fields[1].mutable)
    );
}

#[test]
fn errors_have_their_place_in_the_text() {
    let text = "fn main() {\r\n  call  nowhere\n}";
    let error = assemble(text).expect_err("there is no such function");
    assert_eq!((error.line, &text[error.span]), (2, "nowhere"));
    let text = "fn f() {}\n";
    let error = assemble(text).expect_err("the bodies of functions are lines");
    assert_eq!(&text[error.span], "}");
}

//! Modules that the verifier must refuse, each a small change away from one that it takes, and random damage.

use super::*;
use crate::{
    Field, Function, Global, Instr, Line, NativeImport, Place, Reg, RegType, Scope, Signature, Source,
    Storage, TrapKind, TypeDef, TypeId, Width, switch_table,
};
use Instr::*;
use RegType::{Float, Int};

const BYTES: TypeId = TypeId(1);
const POINT: TypeId = TypeId(2);
const SHAPE: TypeId = TypeId(3);
const CIRCLE: TypeId = TypeId(4);
const EMPTY: TypeId = TypeId(5);
const UNARY: TypeId = TypeId(6);
const ADDER: TypeId = TypeId(7);
const SHOW: TypeId = TypeId(8);
const STRINGS: TypeId = TypeId(9);
const NODE: TypeId = TypeId(10);

fn field(name: &str, storage: Storage, mutable: bool) -> Field {
    Field { name: name.to_owned(), storage, mutable }
}

fn reference(id: TypeId) -> RegType {
    RegType::Ref(id)
}

fn words(code: &[Instr]) -> Vec<u64> {
    code.iter().map(|instr| instr.encode()).collect()
}

/// A function from its parameters, other registers, results and code.
fn function(params: &[RegType], locals: &[RegType], results: &[RegType], code: &[Instr]) -> Function {
    Function {
        name: "f".to_owned(),
        params: params.len() as u16,
        registers: [params, locals].concat(),
        results: results.to_vec(),
        code: words(code),
        ..Function::default()
    }
}

/// A module with a bit of everything. Function 0 is the entry, 1 adds an int to a closure's, 2 shows a point, 3 a shape.
fn module() -> Module {
    let unary = Signature { params: vec![Int], results: vec![Int] };
    let show = Signature { params: vec![reference(SHOW)], results: vec![reference(TypeId::STR)] };
    let types = vec![
        TypeDef::Str,
        TypeDef::Array(Storage::Narrow(Width::U8)),
        TypeDef::Struct {
            name: "Point".to_owned(),
            fields: vec![field("x", Storage::F64, false), field("n", Storage::I64, true)],
        },
        TypeDef::Enum { name: "Shape".to_owned(), variants: vec![CIRCLE, EMPTY] },
        TypeDef::Variant {
            name: "Circle".to_owned(),
            of: SHAPE,
            fields: vec![field("r", Storage::F64, false)],
        },
        TypeDef::Variant { name: "Empty".to_owned(), of: SHAPE, fields: vec![] },
        TypeDef::Function(unary),
        TypeDef::Closure { of: UNARY, function: FuncId(1), captures: vec![field("n", Storage::I64, false)] },
        TypeDef::Trait {
            name: "Show".to_owned(),
            methods: vec![show],
            impls: vec![(POINT, vec![FuncId(2)]), (SHAPE, vec![FuncId(3)])],
        },
        TypeDef::Array(Storage::Ref(TypeId::STR)),
        TypeDef::Struct {
            name: "Node".to_owned(),
            fields: vec![field("next", Storage::RefNull(NODE), true)],
        },
    ];
    let fget = FGet { dst: Reg(2), object: Reg(0), field: 0 };
    let add = IAdd { dst: Reg(2), lhs: Reg(2), rhs: Reg(1) };
    let text = StrConst { dst: Reg(1), value: 0 };
    let string = reference(TypeId::STR);
    Module {
        types,
        constants: vec![7],
        strings: vec!["text".to_owned()],
        globals: vec![Global { name: "g".to_owned(), ty: reference(POINT) }],
        natives: vec![NativeImport {
            name: "array_slice".to_owned(),
            signature: Signature {
                params: vec![reference(BYTES), Int, Int],
                results: vec![reference(BYTES)],
            },
        }],
        methods: vec![(SHOW, 0)],
        functions: vec![
            function(&[], &[], &[], &[Ret {}]),
            function(&[reference(ADDER), Int], &[Int], &[Int], &[fget, add, Ret1 { src: Reg(2) }]),
            function(&[reference(POINT)], &[string], &[string], &[text, Ret1 { src: Reg(1) }]),
            function(&[reference(SHAPE)], &[string], &[string], &[text, Ret1 { src: Reg(1) }]),
        ],
        sources: vec![Source { path: "main.lang".to_owned(), text: None, standard: false }],
        ..Module::default()
    }
}

/// What the verifier says of the module with one more function.
fn verdict(function: Function) -> Result<VerifiedModule, String> {
    let mut module = module();
    module.functions.push(function);
    verify(module).map_err(|error| error.to_string())
}

#[track_caller]
fn accepted(params: &[RegType], locals: &[RegType], results: &[RegType], code: &[Instr]) {
    if let Err(error) = verdict(function(params, locals, results, code)) {
        panic!("refused: {error}");
    }
}

#[track_caller]
fn refused(params: &[RegType], locals: &[RegType], results: &[RegType], code: &[Instr], reason: &str) {
    let error = verdict(function(params, locals, results, code)).expect_err("it is wrong");
    assert!(error.contains(reason), "{error}");
    assert!(error.contains("function 4 `f`"), "{error}");
}

#[track_caller]
fn refused_module(change: impl FnOnce(&mut Module), reason: &str) {
    let mut module = module();
    change(&mut module);
    let error = verify(module).expect_err("it is wrong").to_string();
    assert!(error.contains(reason), "{error}");
}

#[test]
fn the_module_itself_is_good() {
    let verified = verify(module()).expect("good");
    assert_eq!(verified.out_slots(FuncId(0)), 0);
    assert_eq!(verified.into_inner(), module());
}

#[test]
fn calls_find_arguments_and_leave_results() {
    let a = |slot: u16| Reg(2 + slot);
    let code = [
        Mov { dst: a(0), src: Reg(0) },
        Mov { dst: a(1), src: Reg(1) },
        Call { callee: 1 },
        IAdd { dst: a(0), lhs: a(0), rhs: Reg(1) },
        Ret1 { src: a(0) },
    ];
    let good = verdict(function(&[reference(ADDER), Int], &[], &[Int], &code)).expect("good");
    assert_eq!(good.out_slots(FuncId(4)), 2);
    let late = [code[0], code[2], code[4]];
    refused(&[reference(ADDER), Int], &[], &[Int], &late, "out slot a1 holds nothing");
    let stale = [code[0], code[1], code[2], Mov { dst: Reg(1), src: a(1) }, code[4]];
    refused(&[reference(ADDER), Int], &[], &[Int], &stale, "out slot a1 holds nothing");
    let swapped = [Mov { dst: a(0), src: Reg(1) }, Mov { dst: a(1), src: Reg(1) }, code[2], code[4]];
    refused(&[reference(ADDER), Int], &[], &[Int], &swapped, "a0 is int, not ref #7 closure");
}

#[test]
fn closures_are_called_by_their_type() {
    let code = |callee: u16| {
        [Mov { dst: Reg(3), src: Reg(1) }, CallClosure { callee: Reg(callee) }, Ret1 { src: Reg(2) }]
    };
    accepted(&[reference(UNARY), Int], &[], &[Int], &code(0));
    accepted(&[reference(ADDER), Int], &[], &[Int], &code(0));
    refused(&[reference(POINT), Int], &[], &[Int], &code(0), "no closure");
    refused(&[RegType::RefNull(UNARY), Int], &[], &[Int], &code(0), "no closure");
    let tail = [Mov { dst: Reg(3), src: Reg(1) }, TailCallClosure { callee: Reg(0) }];
    accepted(&[reference(UNARY), Int], &[], &[Int], &tail);
    refused(&[reference(UNARY), Int], &[], &[], &tail, "1 results where the function has 0");
}

#[test]
fn trait_objects_are_those_with_a_row() {
    let string = reference(TypeId::STR);
    let code = [Mov { dst: Reg(1), src: Reg(0) }, CallVirtual { method: 0 }, Ret1 { src: Reg(1) }];
    for receiver in [POINT, SHAPE, CIRCLE, SHOW] {
        accepted(&[reference(receiver)], &[], &[string], &code);
    }
    refused(&[reference(NODE)], &[], &[string], &code, "a0 is ref #10 Node, not ref #8 Show");
    refused(
        &[reference(POINT)],
        &[],
        &[string],
        &[code[0], CallVirtual { method: 1 }, code[2]],
        "no method 1",
    );
}

#[test]
fn operands_have_their_types() {
    refused(
        &[Float],
        &[Int],
        &[],
        &[IAddI { dst: Reg(1), lhs: Reg(0), rhs: 1 }, Ret {}],
        "lhs: r0 is float, not int",
    );
    refused(
        &[Float],
        &[Int],
        &[],
        &[FNeg { dst: Reg(1), src: Reg(0) }, Ret {}],
        "r1 is int and cannot hold float",
    );
    refused(&[Int], &[], &[], &[IDivI { dst: Reg(0), lhs: Reg(0), rhs: -1 }, Ret {}], "rhs: a divisor");
    refused(&[Int], &[], &[], &[IConst64 { dst: Reg(0), value: 1 }, Ret {}], "no constant 1");
    refused(&[Int], &[], &[], &[IsNull { dst: Reg(0), src: Reg(0) }, Ret {}], "no reference");
    refused(&[reference(POINT)], &[], &[], &[Null { dst: Reg(0) }, Ret {}], "cannot hold null");
    accepted(&[RegType::RefNull(POINT)], &[], &[], &[Null { dst: Reg(0) }, Ret {}]);
    refused(&[Int], &[], &[Int], &[Ret {}], "0 results");
    refused(&[Int], &[], &[Float], &[Ret1 { src: Reg(0) }], "r0 is int, not float");
    refused(&[Int], &[], &[], &[CallC { callee: 0 }, Ret {}], "no C function 0, of 0");
}

#[test]
fn objects_are_used_as_declared() {
    let point = [reference(POINT), Int, Float];
    accepted(&point, &[], &[], &[FSet { object: Reg(0), src: Reg(1), field: 1 }, Ret {}]);
    refused(
        &point,
        &[],
        &[],
        &[FSet { object: Reg(0), src: Reg(2), field: 0 }, Ret {}],
        "may not be written",
    );
    refused(
        &point,
        &[],
        &[],
        &[FSet { object: Reg(0), src: Reg(2), field: 1 }, Ret {}],
        "r2 is float, not int",
    );
    refused(&point, &[], &[], &[FGet { dst: Reg(1), object: Reg(0), field: 2 }, Ret {}], "no field 2");
    let shape = [reference(SHAPE), Int, reference(CIRCLE), RegType::RefNull(SHAPE)];
    accepted(
        &shape,
        &[],
        &[],
        &[Tag { dst: Reg(1), object: Reg(0) }, Mov { dst: Reg(0), src: Reg(2) }, Ret {}],
    );
    accepted(&shape, &[], &[], &[Cast { dst: Reg(2), src: Reg(0), to: CIRCLE.0 }, Ret {}]);
    refused(&shape, &[], &[], &[Mov { dst: Reg(2), src: Reg(0) }, Ret {}], "cannot hold ref #3 Shape");
    refused(
        &shape,
        &[],
        &[],
        &[Cast { dst: Reg(0), src: Reg(0), to: SHAPE.0 }, Ret {}],
        "no object is exactly",
    );
    refused(&shape, &[], &[], &[Cast { dst: Reg(2), src: Reg(3), to: CIRCLE.0 }, Ret {}], "not a `ref`");
    accepted(&shape, &[], &[], &[NonNull { dst: Reg(0), src: Reg(3) }, Ret {}]);
    accepted(&shape, &[], &[], &[Static { dst: Reg(3), of: EMPTY.0 }, Ret {}]);
    refused(&shape, &[], &[], &[Static { dst: Reg(0), of: CIRCLE.0 }, Ret {}], "has fields");
    let code = |value: u16| [Mov { dst: Reg(4), src: Reg(value) }, New { dst: Reg(2), of: CIRCLE.0 }, Ret {}];
    accepted(&[shape[0], Float, shape[2], shape[3]], &[], &[], &code(1));
    refused(&shape, &[], &[], &code(1), "a0 is int, not float");
}

#[test]
fn arrays_hold_their_elements() {
    let regs = [reference(STRINGS), Int, reference(TypeId::STR), RegType::RefNull(TypeId::STR)];
    accepted(&regs, &[], &[], &[AGet { dst: Reg(3), array: Reg(0), index: Reg(1) }, Ret {}]);
    accepted(&regs, &[], &[], &[ASet { array: Reg(0), index: Reg(1), src: Reg(2) }, Ret {}]);
    refused(
        &regs,
        &[],
        &[],
        &[APush { array: Reg(0), src: Reg(3) }, Ret {}],
        "r3 is ref? #0 str, not ref #0 str",
    );
    refused(&regs, &[], &[], &[ALen { dst: Reg(1), array: Reg(2) }, Ret {}], "no array");
    refused(&regs, &[], &[], &[ANew { dst: Reg(0), capacity: Reg(1), of: POINT.0 }, Ret {}], "no array type");
    let fill = [Mov { dst: Reg(4), src: Reg(1) }, Mov { dst: Reg(5), src: Reg(2) }];
    accepted(&regs, &[], &[], &[fill[0], fill[1], AFilled { dst: Reg(0), of: STRINGS.0 }, Ret {}]);
    let literal = ALit { dst: Reg(0), count: 2, of: STRINGS.0 };
    refused(&regs, &[], &[], &[fill[0], fill[1], literal, Ret {}], "a0 is int, not ref #0 str");
    let native = [
        Mov { dst: Reg(2), src: Reg(0) },
        Mov { dst: Reg(3), src: Reg(1) },
        Mov { dst: Reg(4), src: Reg(1) },
        CallNative { callee: 0 },
        Mov { dst: Reg(0), src: Reg(2) },
        Ret {},
    ];
    accepted(&[reference(BYTES), Int], &[], &[], &native);
}

#[test]
fn jumps_land_on_instructions() {
    refused(&[], &[], &[], &[], "no code");
    refused(&[], &[], &[], &[Nop {}], "runs off its end");
    refused(&[], &[], &[], &[Jmp { target: 1 }], "jumps to word 1");
    refused(&[], &[], &[], &[Nop {}, Jmp { target: -2 }], "jumps to word -1");
    refused(&[Int], &[], &[], &[JTrue { cond: Reg(0), target: 0 }], "runs off its end");
    let mut table = function(&[Int], &[], &[], &[Switch { index: Reg(0), count: 3 }]);
    table.code.extend(switch_table(&[3, 4, 3]));
    table.code.extend(words(&[Ret {}, Ret {}]));
    verdict(table.clone()).expect("good");
    table.code[2] |= 1 << 40;
    assert!(verdict(table.clone()).expect_err("bad").contains("is not zero"));
    table.code[2] = 1;
    assert!(verdict(table.clone()).expect_err("bad").contains("inside a jump table"));
    table.code.truncate(2);
    assert!(verdict(table).expect_err("bad").contains("table runs off"));
    let mut word = function(&[], &[], &[], &[Ret {}]);
    word.code[0] |= 1 << 20;
    assert!(verdict(word.clone()).expect_err("bad").contains("an unused bit"));
    word.code[0] = 255;
    assert!(verdict(word).expect_err("bad").contains("no such opcode"));
}

#[test]
fn out_slots_end_with_their_block() {
    let code = |target: i32| {
        [IConst { dst: Reg(1), value: 1 }, JTrue { cond: Reg(0), target }, Ret1 { src: Reg(1) }]
    };
    refused(&[Int], &[], &[Int], &code(1), "out slot a0 holds nothing");
    let across = [
        IConst { dst: Reg(1), value: 1 },
        ANew { dst: Reg(2), capacity: Reg(0), of: BYTES.0 },
        Ret1 { src: Reg(1) },
    ];
    refused(&[Int], &[], &[Int], &across, "out slot a0 holds nothing");
}

#[test]
fn references_are_written_on_every_path() {
    let string = reference(TypeId::STR);
    let text = StrConst { dst: Reg(1), value: 0 };
    let both = [JTrue { cond: Reg(0), target: 3 }, text, Jmp { target: 2 }, text, Ret1 { src: Reg(1) }];
    accepted(&[Int], &[string], &[string], &both);
    let mut one = both;
    one[3] = Nop {};
    refused(&[Int], &[string], &[string], &one, "word 4 (ret1): r1 is a `ref`");
    refused(&[Int], &[string], &[string], &[Ret1 { src: Reg(1) }], "word 0 (ret1)");
    let in_loop =
        [text, StrLen { dst: Reg(0), src: Reg(1) }, JTrue { cond: Reg(0), target: -1 }, Ret1 { src: Reg(1) }];
    accepted(&[Int], &[string], &[string], &in_loop);
    let after = [
        JTrue { cond: Reg(0), target: 3 },
        StrLen { dst: Reg(0), src: Reg(1) },
        Trap { kind: TrapKind::Panic },
        text,
        Jmp { target: -3 },
    ];
    refused(&[Int], &[string], &[], &after, "word 1 (strlen)");
    let unreachable = [Jmp { target: 2 }, StrLen { dst: Reg(0), src: Reg(1) }, Halt { status: Reg(0) }];
    accepted(&[Int], &[string], &[], &unreachable);
}

#[test]
fn a_jump_that_tests_writes_on_the_way_on_only() {
    let (string, nullable) = (reference(TypeId::STR), RegType::RefNull(TypeId::STR));
    let test = JNullElse { dst: Reg(1), src: Reg(0), target: 2 };
    let good = [test, Ret1 { src: Reg(1) }, Trap { kind: TrapKind::Unwrap }];
    accepted(&[nullable], &[string], &[string], &good);
    refused(&[nullable], &[string], &[string], &[test, Nop {}, Ret1 { src: Reg(1) }], "word 2 (ret1)");
}

#[test]
fn jumps_into_loops_settle() {
    let string = reference(TypeId::STR);
    let text = StrConst { dst: Reg(1), value: 0 };
    // Two ways into the loop of words 3 and 4; the register is written on the first alone.
    let code = |read: Instr| {
        [
            JTrue { cond: Reg(0), target: 4 },
            text,
            Nop {},
            Nop {},
            JTrue { cond: Reg(0), target: -1 },
            read,
            Halt { status: Reg(0) },
        ]
    };
    accepted(&[Int], &[string], &[], &code(Nop {}));
    refused(&[Int], &[string], &[], &code(StrLen { dst: Reg(0), src: Reg(1) }), "word 5 (strlen)");
}

#[test]
fn many_registers_across_blocks() {
    let string = reference(TypeId::STR);
    let count = 1000;
    let mut code = Vec::new();
    for reg in 1..=count {
        code.push(JTrue { cond: Reg(0), target: 3 });
        code.extend([
            StrConst { dst: Reg(reg), value: 0 },
            Jmp { target: 2 },
            StrConst { dst: Reg(reg), value: 0 },
        ]);
    }
    code.extend((1..=count).map(|reg| StrLen { dst: Reg(0), src: Reg(reg) }));
    code.push(Halt { status: Reg(0) });
    let locals = vec![string; count as usize];
    accepted(&[Int], &locals, &[], &code);
    code[4 * 700 + 1] = Nop {};
    refused(&[Int], &locals, &[], &code, "r701 is a `ref`");
}

#[test]
fn types_agree_with_each_other() {
    refused_module(|module| module.types.clear(), "no type");
    refused_module(|module| module.types[1] = TypeDef::Str, "type 1: `str` is type 0 alone");
    refused_module(
        |module| module.types[1] = TypeDef::Array(Storage::Ref(TypeId(99))),
        "there is no type 99",
    );
    refused_module(
        |module| {
            module.types[3] = TypeDef::Enum { name: String::new(), variants: vec![CIRCLE, EMPTY, CIRCLE] }
        },
        "listed twice",
    );
    refused_module(
        |module| module.types[3] = TypeDef::Enum { name: String::new(), variants: vec![CIRCLE] },
        "does not list this variant",
    );
    refused_module(
        |module| {
            module.types[3] = TypeDef::Enum { name: String::new(), variants: vec![CIRCLE, EMPTY, POINT] }
        },
        "is no variant",
    );
    refused_module(
        |module| module.types[7] = TypeDef::Closure { of: UNARY, function: FuncId(2), captures: vec![] },
        "another number of parameters",
    );
    refused_module(|module| module.functions[1].registers[0] = reference(POINT), "parameter 0 would take");
    refused_module(|module| module.functions[2].registers[0] = reference(SHAPE), "parameter 0 would take");
    refused_module(
        |module| {
            if let TypeDef::Trait { impls, .. } = &mut module.types[8] {
                impls.push((POINT, vec![FuncId(2)]));
            }
        },
        "two rows",
    );
}

#[test]
fn tables_agree_with_each_other() {
    refused_module(|module| module.globals[0].ty = reference(TypeId(50)), "global 0 `g`");
    refused_module(|module| module.natives[0].name.push('x'), "no such native");
    refused_module(
        |module| module.natives[0].signature.results[0] = reference(STRINGS),
        "its types are not those",
    );
    refused_module(|module| module.methods[0] = (SHOW, 1), "has no method 1");
    refused_module(|module| module.methods[0] = (POINT, 0), "has no method 0");
    refused_module(|module| module.entry = FuncId(9), "entry: there is no function 9");
    refused_module(|module| module.entry = FuncId(1), "entry: its parameters");
    refused_module(|module| module.functions[0].params = 1, "1 parameters do not fit 0 registers");
    let line = |at: u32, source: u32| Line { at, place: Place { source, ..Place::default() }, scope: 0 };
    refused_module(
        |module| module.functions[1].lines = vec![line(1, 0), line(1, 0)],
        "word 1 is out of order",
    );
    refused_module(|module| module.functions[1].lines = vec![line(3, 0)], "word 3 is out of order");
    refused_module(|module| module.functions[1].lines = vec![line(0, 1)], "source 1, of 1");
    let scope = Scope { name: String::new(), call: Place::default(), parent: 1 };
    refused_module(|module| module.functions[1].scopes = vec![scope], "scope 1 stands in a later one");
}

/// Numbers that repeat from run to run.
fn numbers(mut state: u64) -> impl FnMut() -> u64 {
    move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    }
}

#[test]
fn the_short_way_takes_nothing_that_the_long_way_refuses() {
    let mut module = module();
    let registers = [Int, Float, reference(TypeId::STR)];
    module.functions.push(function(&registers, &[], &[Float, Float], &[Nop {}]));
    let types = types::Types::check(&module).expect("good");
    let mut next = numbers(21);
    let mut taken = 0;
    for opcode in crate::Opcode::ALL {
        for _ in 0..2000 {
            let word = *opcode as u64 | next() & 0xffff_0001_0001_0000 | next() & 0x0002_0002_0002_0000;
            if plain::is_good(*opcode, word, &registers) {
                let instr = Instr::decode(word).expect("an instruction");
                let mut checker = code::Checker::new(&types);
                checker.function = &module.functions[4];
                if let Err(error) = checker.check_instr(instr, word) {
                    panic!("{instr:?}: {error}");
                }
                taken += 1;
            }
        }
    }
    assert!(taken > 1000, "{taken}");
}

#[test]
fn damaged_code_never_panics() {
    let mut next = numbers(99);
    let mut taken = 0;
    for _ in 0..20_000 {
        let mut module = module();
        let function = &mut module.functions[1 + (next() % 3) as usize];
        for _ in 0..1 + next() % 3 {
            let place = (next() % function.code.len() as u64) as usize;
            match next() % 4 {
                0 => function.code[place] ^= 1 << (next() % 64),
                1 => function.code[place] = next() & 0x000f_000f_000f_007f,
                2 => function.code.insert(place, next() & 0x0003_0003_0003_00ff),
                _ => function
                    .registers
                    .push([Int, reference(POINT), reference(TypeId(next() as u32 % 14))][place % 3]),
            }
        }
        taken += verify(module).is_ok() as u32;
    }
    assert!(taken > 0, "some damage does no harm");
}

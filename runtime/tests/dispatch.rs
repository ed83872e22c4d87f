//! Methods of trait objects are found by the type of the object, and by its enum or function type.

use std::error::Error;

use lang_bytecode::{assemble, verify};
use lang_runtime::{Config, Vm};

const PROGRAM: &str = r#"
.entry main@0
type #0 = str
type #1 = enum "Shape" { Dot#2, Box#3 }
type #2 = variant "Dot" of Shape#1 {}
type #3 = variant "Box" of Shape#1 { "width": i64 }
type #4 = fn () -> ()
type #5 = closure of #4 code nothing@4 {}
type #6 = trait "Number" { (ref Number#6) -> (int) }
  for str#0 { one@1 }
  for Shape#1 { ten@2 }
  for fn#4 { hundred@3 }
method ^0 = Number#6 0

fn @0 = "main" () -> (int)
    r0: int
    sconst a0, "x"
    callv ^0
    iadd r0, r0, a0
    static a0, Dot#2
    callv ^0
    iadd r0, r0, a0
    const a0, 7
    new a0, Box#3
    callv ^0
    iadd r0, r0, a0
    static a0, #5
    callv ^0
    iadd r0, r0, a0
    ret1 r0
end
fn @1 = "one" (ref str#0) -> (int)
    const a0, 1
    ret1 a0
end
fn @2 = "ten" (ref Shape#1) -> (int)
    const a0, 10
    ret1 a0
end
fn @3 = "hundred" (ref fn#4) -> (int)
    const a0, 100
    ret1 a0
end
fn @4 = "nothing" (ref closure#5) -> ()
    ret
end
"#;

#[test]
fn variants_and_closures_are_found_by_what_they_belong_to() -> Result<(), Box<dyn Error>> {
    let mut vm = Vm::new(Config::default())?;
    vm.load(verify(assemble(PROGRAM)?)?)?;
    assert_eq!(vm.run(&[])?, 121);
    Ok(())
}

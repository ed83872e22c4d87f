//! Each opcode of the table is tried by a case that a person wrote, whatever the compiler makes of programs.

use lang_bytecode::{Opcode, instructions};
use lang_tests::programs;

#[test]
fn every_opcode_has_a_case_written_by_hand() {
    let folders = ["run/assembly", "trap/assembly"].map(|folder| programs::cases().join(folder));
    let mut found = vec![false; Opcode::ALL.len()];
    for program in programs::assembly() {
        if folders.iter().any(|folder| program.path.starts_with(folder)) {
            let code = program.module.functions.iter().flat_map(|function| instructions(&function.code));
            code.for_each(|(_, instr)| found[instr.opcode() as usize] = true);
        }
    }
    let missing: Vec<&str> =
        Opcode::ALL.iter().filter(|op| !found[**op as usize]).map(|op| op.mnemonic()).collect();
    assert!(missing.is_empty(), "no case has {}", missing.join(", "));
}

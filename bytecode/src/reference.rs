//! Keeps the tables of `docs/bytecode.md` true to the tables of the code.

use crate::file::Section;
use crate::operand::{Class, OperandInfo, Role};
use crate::{NATIVES, Native, NativeType, Opcode, TrapKind};
use std::fmt::Write;

/// Where each group of instructions begins.
const GROUPS: &[(Opcode, &str)] = &[
    (Opcode::Nop, "Constants and moves"),
    (Opcode::IAdd, "Integers"),
    (Opcode::FAdd, "Floats"),
    (Opcode::IToF, "Conversions"),
    (Opcode::IEq, "Comparisons"),
    (Opcode::Jmp, "Jumps"),
    (Opcode::Call, "Calls and returns"),
    (Opcode::Fail, "Ends"),
    (Opcode::GGet, "Globals"),
    (Opcode::New, "Objects"),
    (Opcode::ANew, "Arrays"),
    (Opcode::StrLen, "Strings"),
];

fn instructions() -> String {
    let mut out = String::new();
    for op in Opcode::ALL {
        if let Some((_, title)) = GROUPS.iter().find(|(first, _)| first == op) {
            let head = "| | operands | layout | effects | |\n|---|---|---|---|---|";
            let _ = writeln!(out, "\n### {title}\n\n{head}");
        }
        let operands: Vec<String> = op.operands().iter().map(operand).collect();
        let (name, layout, meaning) = (op.mnemonic(), op.format(), op.meaning());
        let (operands, effects) = (operands.join(", "), effects(*op).join(", "));
        let _ = writeln!(out, "| `{name}` | {operands} | {layout} | {effects} | {} |", escaped(meaning));
    }
    out
}

fn operand(info: &OperandInfo) -> String {
    let class = match info.class {
        Class::Any => "",
        Class::Null => " ref?",
        Class::Code => "",
        class => &format!(" {}", format!("{class:?}").to_lowercase()),
    };
    match info.role {
        Role::Def => format!("={}{class}", info.name),
        Role::Imm | Role::Index => format!("*{}*{class}", info.name),
        Role::Use | Role::Jump => format!("{}{class}", info.name),
    }
}

fn effects(op: Opcode) -> Vec<&'static str> {
    use crate::Effects;
    let names = [
        (Effects::TRAPS, "traps"),
        (Effects::SAFEPOINT, "safepoint"),
        (Effects::ARGS, "args"),
        (Effects::ENDS, "ends"),
    ];
    names.iter().filter(|(effect, _)| op.effects().has(*effect)).map(|(_, name)| *name).collect()
}

fn traps() -> String {
    let mut out = "\n| | headline |\n|---|---|\n".to_owned();
    for kind in TrapKind::ALL {
        let _ = writeln!(out, "| `{}` | {} |", kind.word(), kind.headline());
    }
    out
}

fn natives() -> String {
    let mut out = "\n| | effects | gives |\n|---|---|---|\n".to_owned();
    for Native { name, params, results, effects, meaning } in NATIVES {
        let list =
            |types: &[NativeType]| types.iter().map(|ty| format!("{ty:?}")).collect::<Vec<_>>().join(", ");
        let (params, results, meaning) = (list(params), list(results), escaped(meaning));
        let _ = writeln!(out, "| `{name}({params}) -> ({results})` | {} | {meaning} |", effects.join(", "));
    }
    out
}

fn sections() -> String {
    let mut out = "\n| kind | holds |\n|---|---|\n".to_owned();
    for section in Section::ALL {
        let _ = writeln!(out, "| {} | {} |", *section as u32, section.meaning());
    }
    out
}

/// A text in a cell of a table.
fn escaped(text: &str) -> String {
    text.replace('|', "\\|").replace('<', "&lt;")
}

/// The page with the content of a marked part replaced.
fn with_part(page: &str, part: &str, content: &str) -> String {
    let (begin, end) = (format!("<!-- begin {part} -->\n"), format!("<!-- end {part} -->"));
    let start = page.find(&begin).expect("the page has the part") + begin.len();
    let stop = page.find(&end).expect("the part ends");
    format!("{}{content}\n{}", &page[..start], &page[stop..])
}

#[test]
fn the_reference_is_true_to_the_tables() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/bytecode.md");
    let page = std::fs::read_to_string(path).expect("the page");
    let parts = [
        ("instructions", instructions()),
        ("traps", traps()),
        ("natives", natives()),
        ("sections", sections()),
    ];
    let fresh = parts.iter().fold(page.clone(), |page, (part, content)| with_part(&page, part, content));
    if fresh != page && std::env::var_os("BLESS").is_some_and(|value| value != "0") {
        std::fs::write(path, fresh).expect("the page can be written");
        return;
    }
    assert!(fresh == page, "docs/bytecode.md is out of date; BLESS=1 cargo test -p lang-bytecode writes it");
}

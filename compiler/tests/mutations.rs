//! How many errors one slip gives: a token of a right program is deleted, written twice, or swapped with the next.

use lang_compiler::driver::{Emit, Options, compile};
use lang_compiler::source::Memory;

const PROGRAM: &str = include_str!("deletions/program.lang");
/// How many places of the program each kind of slip is tried at.
const PLACES: usize = 60;

/// Each token as a range of bytes: a word, a number, a string, or a run of one kind of sign.
fn tokens() -> Vec<(usize, usize)> {
    let bytes = PROGRAM.as_bytes();
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80;
    let (mut list, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        let start = at;
        let rest = &PROGRAM[at..];
        at += match bytes[at] {
            b' ' | b'\n' => {
                at += 1;
                continue;
            }
            b'/' if rest.starts_with("//") => {
                at += rest.find('\n').unwrap_or(rest.len());
                continue;
            }
            b'"' if rest.starts_with("\"\"\"") => rest[3..].find("\"\"\"").map_or(rest.len(), |end| end + 6),
            b'"' => rest[1..].find(['"', '\n']).map_or(rest.len(), |end| end + 2),
            byte if word(byte) => rest.bytes().take_while(|&byte| word(byte)).count(),
            b'(' | b')' | b'[' | b']' | b'{' | b'}' | b',' | b';' => 1,
            byte => rest.bytes().take_while(|&other| other == byte).count(),
        };
        list.push((start, at));
    }
    list
}

/// The program after each slip, with what it was.
fn slips() -> Vec<(String, String)> {
    let tokens = tokens();
    let mut list = Vec::new();
    for place in 0..PLACES {
        // Places that are spread over the program, and in no step with its lines.
        let index = (place * 7919 + 1234) % (tokens.len() - 1);
        let ((lo, hi), (next, end)) = (tokens[index], tokens[index + 1]);
        let (before, this, gap) = (&PROGRAM[..lo], &PROGRAM[lo..hi], &PROGRAM[hi..next]);
        let (other, after) = (&PROGRAM[next..end], &PROGRAM[end..]);
        let line = before.matches('\n').count() + 1;
        let mut add = |what: &str, text: String| list.push((format!("line {line}: {what}"), text));
        add(&format!("`{this}` deleted"), format!("{before}{gap}{other}{after}"));
        add(&format!("`{this}` twice"), format!("{before}{this} {this}{gap}{other}{after}"));
        add(&format!("`{this}` and `{other}` swapped"), format!("{before}{other}{gap}{this}{after}"));
    }
    list
}

#[test]
fn a_slip_gives_few_errors() {
    let slips = slips();
    let (mut most, mut bad) = (0, Vec::new());
    for (what, program) in &slips {
        let files = Memory::new().with("main.lang", program.as_str());
        let options = Options { emit: Emit::Check, ..Options::default() };
        let compilation = compile(&files, "main.lang", &options);
        let errors = compilation.diagnostics.iter().filter(|diagnostic| diagnostic.is_error());
        let messages: Vec<String> = errors
            .map(|error| {
                let line = compilation.map.locate(error.primary.span).map_or(0, |place| place.line);
                assert_ne!(error.code.number(), "E0903", "{what}: {}", error.message);
                format!("{line}: {}", error.message)
            })
            .collect();
        most = most.max(messages.len());
        if messages.len() > 3 {
            bad.push(format!("{what}\n    {}", messages.join("\n    ")));
        }
    }
    println!(
        "{} of {} slips give at most 3 errors, and none more than {most}",
        slips.len() - bad.len(),
        slips.len()
    );
    assert!(bad.len() * 100 <= slips.len(), "{}", bad.join("\n"));
}

//! The prompt, through a terminal as somebody types at it, and through a pipe.
#![cfg(unix)]

use std::process::Command;

use lang_tests::judge::Scratch;
use lang_tests::tools::Tools;
use rexpect::session::{PtySession, spawn_command};

/// Milliseconds after which something hangs.
const PATIENCE: u64 = 60_000;

/// A prompt on a terminal.
struct Prompt {
    session: PtySession,
    state: std::path::PathBuf,
}

impl Prompt {
    fn new(flags: &[&str]) -> Prompt {
        let state = Scratch::new("d").path().to_owned();
        Prompt::with_history(flags, state)
    }

    fn with_history(flags: &[&str], state: std::path::PathBuf) -> Prompt {
        let mut command = Command::new(Tools::get().langrun_path());
        command.args(flags).env("XDG_STATE_HOME", &state).env("NO_COLOR", "1").env("TERM", "xterm");
        let mut session = spawn_command(command, Some(PATIENCE)).expect("the prompt starts");
        session.exp_string("Ctrl-D leaves").expect("a greeting");
        session.exp_string("> ").expect("a prompt");
        Prompt { session, state }
    }

    /// Types a line and waits for what it shows.
    #[track_caller]
    fn shows(&mut self, line: &str, expected: &str) {
        self.session.send_line(line).expect("the terminal takes a line");
        if let Err(error) = self.session.exp_string(expected) {
            panic!("`{line}` does not show `{expected}`: {error}");
        }
        self.session.exp_string("> ").expect("a prompt");
    }

    /// Types something that is no whole line.
    fn types(&mut self, keys: &str) {
        self.session.send(keys).and_then(|_| self.session.flush()).expect("the terminal takes keys");
    }

    /// Leaves by Ctrl-D.
    #[track_caller]
    fn leaves(mut self) {
        self.session.send_control('d').expect("the terminal takes Ctrl-D");
        self.session.exp_eof().expect("the session ends");
        let _ = std::fs::remove_dir_all(&self.state);
    }
}

#[test]
fn expressions_are_shown_with_their_types() {
    let mut prompt = Prompt::new(&[]);
    prompt.shows("2 + 4 * 3 - 9 / -3", "17 : int");
    prompt.shows("\"a\" * 2", "error[E");
    prompt.shows("let words = [\"a\", \"b\"]", "");
    prompt.shows("words", "[\"a\", \"b\"] : [str]");
    prompt.shows(":type words.len() > 1", "bool");
    prompt.shows(":asm words.len()", "alen");
    prompt.shows(":nothing", "there is no command `:nothing`");
    prompt.shows(":help", ":load FILE");
    prompt.leaves();
}

#[test]
fn definitions_of_several_lines_stay_and_can_be_replaced() {
    let mut prompt = Prompt::new(&["--repl"]);
    for line in ["fn double(n: int) -> int {", "  let twice = n + n", "  twice"] {
        prompt.session.send_line(line).expect("the terminal takes a line");
    }
    prompt.shows("}", "");
    prompt.shows("double(21)", "42 : int");
    prompt.shows("fn double(n: int) -> str { \"${n}${n}\" }", "");
    prompt.shows("double(21)", "\"2121\" : str");
    prompt.leaves();
}

#[test]
fn a_trap_and_an_interrupt_keep_the_session() {
    for flags in [&["--repl"][..], &["--repl", "--jit=force"]] {
        if flags.len() > 1 && !cfg!(feature = "jit") {
            continue;
        }
        let mut prompt = Prompt::new(flags);
        prompt.shows("var kept = [1, 2, 3]", "");
        prompt.shows("kept[7]", "index 7 is out of bounds for an array of length 3");
        prompt.session.send_line("kept.push(4); print(\"runs\"); loop { kept[0] +%= 1 }").expect("a line");
        prompt.session.exp_string("runs\r\n").expect("it runs");
        prompt.session.send_control('c').expect("the terminal takes Ctrl-C");
        prompt.session.exp_string("interrupted").expect("it was stopped");
        prompt.session.exp_string("> ").expect("a prompt");
        prompt.shows("kept.len()", "4 : int");
        // A line that is given up.
        prompt.types("kept.pus");
        prompt.session.send_control('c').expect("the terminal takes Ctrl-C");
        prompt.session.exp_string("> ").expect("a prompt");
        prompt.shows("kept.len() + 1", "5 : int");
        prompt.leaves();
    }
}

#[test]
fn names_are_completed_and_lines_remembered() {
    let mut prompt = Prompt::new(&[]);
    prompt.shows("let longitude = 12.5", "");
    prompt.types("longi\t");
    prompt.session.exp_string("tude").expect("it is completed");
    prompt.shows("", "12.5 : float");
    prompt.shows("import math", "");
    prompt.types("math.hyp\t");
    prompt.session.exp_string("ot").expect("it is completed");
    prompt.shows("(3.0, 4.0)", "5.0 : float");
    let state = prompt.state.clone();
    prompt.session.send_control('d').expect("the terminal takes Ctrl-D");
    prompt.session.exp_eof().expect("the session ends");
    let mut next = Prompt::with_history(&[], state);
    // The arrow up.
    next.types("\u{1b}[A");
    next.session.exp_string("math.hypot").expect("the last line comes back");
    next.session.send_control('u').expect("the terminal takes Ctrl-U");
    next.shows("1 + 1", "2 : int");
    next.leaves();
}

/// What a pipe gives to the prompt, and what comes out on both streams.
fn piped(input: &str, flags: &[&str]) -> (String, String) {
    let arguments: Vec<String> = ["--repl"].iter().chain(flags).map(|flag| (*flag).to_owned()).collect();
    let folder = std::env::temp_dir();
    let done = Tools::get().langrun(&arguments, &folder, input.as_bytes()).expect("it runs");
    (done.stdout_text(), done.stderr_text())
}

#[test]
fn objects_live_on_whatever_is_defined_later() {
    let input = r#"
enum Tree { Leaf, Node(Tree, int, Tree) }
fn insert(tree: Tree, n: int) -> Tree {
  match tree {
    Leaf => Node(Leaf, n, Leaf),
    Node(l, v, r) => if n < v { Node(insert(l, n), v, r) } else { Node(l, v, insert(r, n)) },
  }
}
var tree = Tree.Leaf
for n in [5, 2, 8] { tree = insert(tree, n) }
tree
trait Shape { fn area(self) -> float }
struct Circle { r: float }
impl Shape for Circle { fn area(self) -> float { 3.0 * self.r * self.r } }
var shapes: [Shape] = [Circle(1.0)]
struct Square { a: float }
impl Shape for Square { fn area(self) -> float { self.a * self.a } }
shapes.push(Square(2.0))
struct Circle { r: float, name: str }
Circle(1.0, "big")
shapes.map(|shape| shape.area())
var count = 0
let up = |n: int| { count += n; count }
up(3) + up(4)
import math
math.sqrt(16.0)
var ages = ["a": 1]
ages["b"] = count
ages
"#;
    let expected = "\
Node(Node(Leaf, 2, Leaf), 5, Node(Leaf, 8, Leaf)) : Tree
Circle(r: 1.0, name: \"big\") : Circle
[3.0, 4.0] : [float]
10 : int
4.0 : float
[\"a\": 1, \"b\": 7] : [str: int]
";
    let mut modes: Vec<&[&str]> = vec![&[], &["--gc-stress"]];
    if cfg!(feature = "jit") {
        modes.extend([&["--jit=force"][..], &["--jit", "--jit-threshold=2", "--gc-stress"]]);
    }
    for mode in modes {
        assert_eq!(piped(input, mode), (expected.to_owned(), String::new()), "{mode:?}");
    }
}

#[test]
fn an_entry_that_fails_defines_nothing() {
    let (out, err) = piped("let x = 1\nlet x = 1 / 0\nx\nlet y: str = 2\ny\n", &[]);
    assert_eq!(out, "1 : int\n");
    for part in ["division by zero: 1 / 0", "<2>:1:9", "expected `str`, found `int`", "cannot find `y`"] {
        assert!(err.contains(part), "no `{part}` in\n{err}");
    }
}

#[test]
fn a_program_can_end_the_session() {
    let folder = std::env::temp_dir();
    let arguments = ["--repl".to_owned()];
    let done =
        Tools::get().langrun(&arguments, &folder, b"import os\nos.exit(7)\nprint(1)\n").expect("it runs");
    done.expect_status(7).unwrap();
    assert_eq!(done.stdout_text(), "");
}

//! `langc` from outside: arguments, exit statuses, and what it writes where.

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

/// A folder of one test's own, empty at its start.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.0.join(name), bytes).unwrap();
    }

    fn langc(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_langc"));
        command.args(arguments).current_dir(&self.0).env_remove("NO_COLOR").stdin(Stdio::null());
        command
    }

    fn langc_with_input(&self, arguments: &[&str], input: &[u8]) -> Output {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(input).unwrap();
        child.wait_with_output().unwrap()
    }

    /// The names of all files, sorted.
    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn a_wrong_command_line_is_status_2() {
    let folder = Folder::new("usage");
    for arguments in
        [&[][..], &["--nonsense", "a.lang"], &["--emit=nonsense", "a.lang"], &["a.lang", "b.lang"]]
    {
        let output = folder.langc(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(stdout(&output).is_empty() && stderr(&output).starts_with("error"), "{arguments:?}");
    }
}

#[test]
fn help_and_version_go_to_standard_output() {
    let folder = Folder::new("help");
    for (argument, text) in [("--help", "--error-format"), ("--version", "langc 0")] {
        let output = folder.langc(&[argument]);
        assert_eq!(output.status.code(), Some(0));
        assert!(stdout(&output).contains(text) && stderr(&output).is_empty());
    }
}

#[test]
fn explain_prints_a_row_of_the_table() {
    let folder = Folder::new("explain");
    let output = folder.langc(&["explain", "e0401"]);
    assert_eq!(output.status.code(), Some(0));
    let text = stdout(&output);
    assert!(
        text.starts_with("E0401: a value of the wrong type\n\n")
            && text.contains("\nWrong:\n\n    let n: int")
    );
    let list = stdout(&folder.langc(&["explain"]));
    assert!(list.lines().count() > 50 && list.contains("\nE0202  a bracket"));
    let output = folder.langc(&["explain", "E9999"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("`E9999`"));
}

#[test]
fn a_file_that_cannot_be_read_is_status_1() {
    let folder = Folder::new("unreadable");
    for (name, reason) in
        [("nothing.lang", "No such file"), (".", "directory"), ("./explain", "No such file")]
    {
        let output = folder.langc(&[name]);
        assert_eq!(output.status.code(), Some(1), "{name}");
        assert!(stderr(&output).starts_with("error[E0001]: cannot read `"), "{}", stderr(&output));
        assert!(
            stderr(&output).contains(reason) && !stderr(&output).contains("os error"),
            "{}",
            stderr(&output)
        );
    }
    assert!(folder.names().is_empty());
}

#[test]
fn text_that_is_not_utf8_is_shown_at_its_byte() {
    let folder = Folder::new("utf8");
    folder.write("bad.lang", b"let a = 1\nlet b = \"\xff\"\n");
    let output = folder.langc(&["bad.lang"]);
    assert_eq!(output.status.code(), Some(1));
    let text = stderr(&output);
    assert!(text.starts_with("error[E0002]: `bad.lang` is not UTF-8: the byte 0xff at offset 19"), "{text}");
    assert!(text.contains("[ bad.lang:2:10 ]"), "{text}");
    let bytes: Vec<u8> = (0..=255).cycle().take(5000).collect();
    assert_eq!(folder.langc_with_input(&["-"], &bytes).status.code(), Some(1));
    assert_eq!(folder.names(), ["bad.lang"]);
}

#[test]
fn colours_are_the_users_choice() {
    let folder = Folder::new("colours");
    let escapes = |arguments: &[&str]| stderr(&folder.langc(arguments)).contains('\x1b');
    assert!(!escapes(&["nothing.lang"]));
    assert!(!escapes(&["nothing.lang", "--color=never"]));
    assert!(escapes(&["nothing.lang", "--color=always"]));
    let mut command = folder.command(&["nothing.lang", "--color=always"]);
    assert!(stderr(&command.env("NO_COLOR", "1").output().unwrap()).contains('\x1b'));
}

#[test]
fn json_is_one_object_a_line() {
    let folder = Folder::new("json");
    let output = folder.langc(&["nothing.lang", "--error-format=json"]);
    assert_eq!(output.status.code(), Some(1));
    let text = stderr(&output);
    assert_eq!(text.lines().count(), 1);
    assert!(text.starts_with("{\"message\":\"cannot read `nothing.lang`"), "{text}");
    assert!(text.contains("\"code\":{\"code\":\"E0001\"") && text.ends_with("}\n"), "{text}");
}

#[test]
fn a_reader_who_stops_early_is_no_error() {
    let folder = Folder::new("pipe");
    let mut command = folder.command(&["explain"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), stderr(&output).as_str()), (Some(0), ""));
}

#[test]
fn the_default_output_is_the_name_with_bc_in_the_current_folder() {
    let folder = Folder::new("default_output");
    fs::create_dir(folder.0.join("sub")).unwrap();
    folder.write("sub/program.lang", "print(1)\n");
    let output = folder.langc(&["sub/program.lang"]);
    assert_eq!(
        (output.status.code(), stdout(&output), stderr(&output)),
        (Some(0), String::new(), String::new())
    );
    assert_eq!(folder.names(), ["program.bc", "sub"]);
    assert!(lang_bytecode::is_bytecode(&fs::read(folder.0.join("program.bc")).unwrap()));
    assert_eq!(folder.langc_with_input(&["-"], b"print(2)\n").status.code(), Some(0));
    assert_eq!(folder.names(), ["program.bc", "stdin.bc", "sub"]);
}

#[test]
fn text_forms_go_to_standard_output_unless_told_otherwise() {
    let folder = Folder::new("text_forms");
    folder.write("a.lang", "print(1)\n");
    for form in ["--emit=ast", "--emit=hir", "--emit=ir", "--emit=asm"] {
        let output = folder.langc(&["a.lang", form]);
        assert_eq!(output.status.code(), Some(0), "{form}");
        assert!(!output.stdout.is_empty() && output.stderr.is_empty(), "{form}");
        assert_eq!(folder.langc(&["a.lang", form, "-o", "out.txt"]).stdout, b"", "{form}");
        assert_eq!(fs::read(folder.0.join("out.txt")).unwrap(), output.stdout, "{form}");
    }
    assert_eq!(folder.names(), ["a.lang", "out.txt"]);
    assert!(lang_bytecode::is_bytecode(&folder.langc(&["a.lang", "-o", "-"]).stdout));
}

#[test]
fn check_writes_nothing() {
    let folder = Folder::new("check");
    folder.write("a.lang", "print(1)\n");
    assert_eq!(folder.langc(&["--check", "a.lang"]).status.code(), Some(0));
    assert_eq!(folder.names(), ["a.lang"]);
    assert_eq!(folder.langc(&["--check", "a.lang", "-o", "x"]).status.code(), Some(2));
    folder.write("late.lang", "let c = Callback.new(|xs: [int]| 1)\nc.free()\n");
    let output = folder.langc(&["--check", "late.lang"]);
    assert!(
        String::from_utf8_lossy(&output.stderr).contains("C cannot call"),
        "what is found late is told, too"
    );
}

#[test]
fn a_failure_leaves_what_was_there() {
    let folder = Folder::new("failure");
    folder.write("wrong.lang", "let x: int = \"a\"\n");
    folder.write("right.lang", "print(1)\n");
    folder.write("wrong.bc", "before");
    assert_eq!(folder.langc(&["wrong.lang"]).status.code(), Some(1));
    assert_eq!(fs::read(folder.0.join("wrong.bc")).unwrap(), b"before");
    for (target, reason) in
        [("no/such/folder/x.bc", "No such file"), (".", "directory"), ("right.lang", "source file")]
    {
        let output = folder.langc(&["right.lang", "-o", target]);
        assert_eq!(output.status.code(), Some(1), "{target}");
        assert!(
            stderr(&output).starts_with("error: ") && stderr(&output).contains(reason),
            "{}",
            stderr(&output)
        );
    }
    assert_eq!(folder.names(), ["right.lang", "wrong.bc", "wrong.lang"]);
}

#[cfg(unix)]
#[test]
fn links_and_devices_stay_what_they_are() {
    let folder = Folder::new("links");
    folder.write("a.lang", "print(1)\n");
    folder.write("real.bc", "");
    std::os::unix::fs::symlink("real.bc", folder.0.join("link.bc")).unwrap();
    assert_eq!(folder.langc(&["a.lang", "-o", "link.bc"]).status.code(), Some(0));
    assert!(fs::symlink_metadata(folder.0.join("link.bc")).unwrap().is_symlink());
    assert!(lang_bytecode::is_bytecode(&fs::read(folder.0.join("real.bc")).unwrap()));
    assert_eq!(folder.langc(&["a.lang", "-o", "/dev/null"]).status.code(), Some(0));
    assert!(!fs::metadata("/dev/null").unwrap().is_file());
    let full = folder.langc(&["a.lang", "-o", "/dev/full"]);
    assert_eq!(full.status.code(), Some(1));
    assert!(stderr(&full).contains("No space left"), "{}", stderr(&full));
}

#[test]
fn warnings_are_printed_and_can_be_denied() {
    let folder = Folder::new("warnings");
    folder.write("a.lang", "fn f() {\n  let unused = 1\n}\nf()\n");
    let output = folder.langc(&["a.lang"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(stderr(&output).starts_with("warning[W0301]"), "{}", stderr(&output));
    let output = folder.langc(&["a.lang", "--deny-warnings", "-o", "denied.bc"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).starts_with("error[W0301]"), "{}", stderr(&output));
    assert_eq!(folder.names(), ["a.bc", "a.lang"]);
}

#[test]
fn max_errors_limits_what_is_printed() {
    let folder = Folder::new("max_errors");
    folder.write("a.lang", (0..30).map(|n| format!("print(\"a\" * {n})\n")).collect::<String>());
    let count = |arguments: &[&str]| stderr(&folder.langc(arguments)).matches("error[E").count();
    assert_eq!(count(&["a.lang"]), 20);
    assert_eq!(count(&["a.lang", "--max-errors=3"]), 3);
    assert_eq!(count(&["a.lang", "--max-errors=0"]), 30);
    assert!(
        stderr(&folder.langc(&["a.lang", "--max-errors=3"]))
            .ends_with("30 errors; 27 of them not shown (--max-errors)\n")
    );
}

#[test]
fn strip_leaves_the_source_text_out() {
    let folder = Folder::new("strip");
    folder.write("a.lang", "print(1) // a remark\n");
    let contains = |arguments: &[&str]| {
        let bytes = folder.langc(arguments).stdout;
        bytes.windows(8).any(|window| window == b"a remark")
    };
    assert!(contains(&["a.lang", "-o", "-"]));
    assert!(!contains(&["a.lang", "-o", "-", "--strip"]));
}

#[test]
fn the_same_source_gives_the_same_bytes() {
    let folder = Folder::new("deterministic");
    folder.write("a.lang", "let counts = [\"a\": 1, \"b\": 2]\nfor (k, v) in counts { print(k, v) }\n");
    let bytes = folder.langc(&["a.lang", "-o", "-"]).stdout;
    assert!(!bytes.is_empty());
    for _ in 0..3 {
        assert_eq!(folder.langc(&["a.lang", "-o", "-"]).stdout, bytes);
    }
}

const TESTED: &str = "import util.text.{shout}
let base = 10
print(\"top level\")
fn add(a: int, b: int) -> int { a + b + base - 10 }
test \"adds\" { assert(add(1, 2) == 3) }
test \"adds wrong\" {
  print(\"before\")
  assert(add(1, 2) == 4)
}
test \"shouts\" { assert(shout(\"a\") == \"A!\") }
";

fn tested_folder(name: &str) -> Folder {
    let folder = Folder::new(name);
    fs::create_dir_all(folder.0.join("util")).unwrap();
    folder.write("main.lang", TESTED);
    folder.write("util/text.lang", "import util.mark.{mark}\npub fn shout(s: str) -> str { s.to_upper() + mark() }\ntest \"mark\" { assert(shout(\"\") == mark()) }\n");
    folder.write("util/mark.lang", "pub fn mark() -> str { \"!\" }\n");
    folder.write("broken.lang", "this has no blocks of that kind\n");
    folder
}

#[test]
fn tests_of_a_folder_run_alone_and_show_both_sides() {
    let folder = tested_folder("tested");
    let done = folder.langc(&["test"]);
    let text = stdout(&done);
    assert_eq!(done.status.code(), Some(1), "{text}{}", stderr(&done));
    for line in [
        "main.lang\n  ok      adds\n  FAILED  adds wrong\n  ok      shouts\n",
        "util/text.lang\n  ok      mark\n",
        "main.lang:6: adds wrong\nit printed:\nbefore\nruntime error: assertion failed\n",
        "left: 3\n",
        "right: 4\n",
        "test \"adds wrong\" main.lang:8:3\n",
        "\n3 passed, 1 failed\n",
    ] {
        assert!(text.contains(line), "no {line:?} in:\n{text}");
    }
    assert!(!text.contains("top level\n"), "{text}");
}

#[test]
fn tests_are_chosen_by_name_and_file() {
    let folder = tested_folder("filtered");
    let done = folder.langc(&["test", "main.lang", "--filter", "shout"]);
    assert_eq!(stdout(&done), "main.lang\n  ok      shouts\n\n1 passed, 0 failed, 2 filtered out\n");
    assert_eq!(done.status.code(), Some(0));
    let done = folder.langc(&["test", "util/text.lang"]);
    assert!(stderr(&done).contains("there is no module `util.mark`"), "{}", stderr(&done));
    assert_eq!(done.status.code(), Some(1));
    let done = folder.langc(&["test", "-L", ".", "util/text.lang"]);
    assert_eq!(stdout(&done), "util/text.lang\n  ok      mark\n\n1 passed, 0 failed\n");
    assert_eq!(folder.langc(&["test", "broken.lang"]).status.code(), Some(1));
    assert_eq!(folder.langc(&["test", "missing.lang"]).status.code(), Some(1));
}

#[test]
fn libraries_are_found_by_flag_and_by_environment() {
    let folder = tested_folder("libraries");
    fs::create_dir_all(folder.0.join("app")).unwrap();
    folder.write("app/main.lang", "import util.text.{shout}\nprint(shout(\"a\"))\n");
    assert_eq!(folder.langc(&["--check", "app/main.lang"]).status.code(), Some(1));
    assert_eq!(folder.langc(&["--check", "-L", ".", "app/main.lang"]).status.code(), Some(0));
    let by_environment = folder.command(&["--check", "app/main.lang"]).env("LANG_PATH", "nowhere:.").status();
    assert!(by_environment.unwrap().success());
}

#[test]
fn assembly_comes_back_byte_for_byte_and_its_errors_have_places() {
    let folder = Folder::new("assembly");
    folder.write("ten.lasm", "fn main() {\n    r0: int\n    const r0, 10\n    print r0\n    ret\n}\n");
    assert!(folder.langc(&["ten.lasm"]).status.success());
    assert!(folder.langc(&["--emit=asm", "ten.bc", "-o", "again.lasm"]).status.success());
    assert!(folder.langc(&["again.lasm", "-o", "again.bc"]).status.success());
    let read = |name: &str| fs::read(folder.0.join(name)).unwrap();
    assert_eq!(read("ten.bc"), read("again.bc"));

    folder.write("wrong.lasm", "fn main() {\n    call nowhere\n    ret\n}\n");
    let output = folder.langc(&["--error-format=json", "wrong.lasm"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        said.contains("E0904") && said.contains("\"line_start\":2") && said.contains("nowhere"),
        "{said}"
    );

    folder.write("refused.lasm", "fn main() {\n    r0: float\n    iadd a0, r0, r0\n    ret\n}\n");
    let output = folder.langc(&["--check", "refused.lasm"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        said.contains("E0905") && said.contains("refused.lasm:3:5") && said.contains("r0 is float"),
        "{said}"
    );
}

#[test]
fn dump_shows_bytes_beside_their_meaning() {
    let folder = Folder::new("dump");
    folder.write("ten.lasm", "fn main() {\n    ret\n}\n");
    assert!(folder.langc(&["ten.lasm"]).status.success());
    let plain = String::from_utf8(folder.langc(&["dump", "ten.bc"]).stdout).unwrap();
    assert!(plain.contains("00000008  01 00 00 00                          format version 1\n"), "{plain}");
    let colored = folder.langc(&["dump", "--color=always", "ten.bc"]).stdout;
    assert!(colored.starts_with(b"\n\x1b[1mheader"));
    let refused = folder.langc(&["dump", "ten.lasm"]);
    assert_eq!(refused.status.code(), Some(1));
}

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

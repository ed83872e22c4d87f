//! `langc` and `langrun` together, from outside: files, pipes, signals and exit statuses.
#![cfg(unix)]

use lang_tests::judge::Scratch;
use lang_tests::process::Finished;
use lang_tests::tools::Tools;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

/// A folder of one test's own; it goes with the test.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Folder {
        let path = Scratch::new("d").path().to_owned();
        std::fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    /// A folder that holds one program, and its bytecode as `main.bc`.
    fn with_program(source: &str) -> Folder {
        let folder = Folder::new();
        folder.write("main.lang", source.as_bytes());
        folder.langc(&["main.lang"], b"").expect_status(0).unwrap();
        folder
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.0.join(name), bytes).unwrap();
    }

    fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.0.join(name)).unwrap()
    }

    fn langc(&self, arguments: &[&str], input: &[u8]) -> Finished {
        Tools::get().langc_with_input(arguments, &self.0, input).unwrap()
    }

    fn langrun(&self, arguments: &[&str], input: &[u8]) -> Finished {
        let arguments: Vec<String> = arguments.iter().map(|&a| a.to_owned()).collect();
        Tools::get().langrun(&arguments, &self.0, input).unwrap()
    }

    /// What a shell makes of a command line, in which `langrun` is the one under test.
    fn shell(&self, line: &str) -> Finished {
        let line = line.replace("langrun", &Tools::get().langrun_path().to_string_lossy());
        let arguments = ["-c".to_owned(), line];
        lang_tests::process::run(Path::new("/bin/sh"), &arguments, &self.0, b"").unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[track_caller]
fn prints(done: &Finished, expected: &str) {
    done.expect_status(0).unwrap();
    assert_eq!((done.stdout_text().as_str(), done.stderr_text().as_str()), (expected, ""));
}

#[track_caller]
fn refused(done: &Finished, status: i32) {
    done.expect_status(status).unwrap();
    assert!(done.stdout.is_empty(), "{}", done.transcript());
    assert!(!done.stderr.is_empty(), "an error says why");
}

const HELLO: &str = "print(\"hello\")\n";

#[test]
fn the_default_output_is_the_name_in_the_current_folder() {
    let folder = Folder::new();
    std::fs::create_dir(folder.0.join("sub")).unwrap();
    folder.write("sub/hello.lang", HELLO.as_bytes());
    let done = folder.langc(&["sub/hello.lang"], b"");
    prints(&done, "");
    prints(&folder.langrun(&["hello.bc"], b""), "hello\n");
}

#[test]
fn content_decides_between_source_and_bytecode() {
    let folder = Folder::with_program(HELLO);
    folder.write("looks.bc", HELLO.as_bytes());
    folder.write("looks.lang", &folder.read("main.bc"));
    prints(&folder.langrun(&["looks.bc"], b""), "hello\n");
    prints(&folder.langrun(&["looks.lang"], b""), "hello\n");
}

#[test]
fn a_first_line_for_the_shell_is_skipped_in_both_forms() {
    let folder = Folder::with_program(HELLO);
    let shebang = b"#!/usr/bin/env langrun\n".to_vec();
    folder.write("script", &[shebang.clone(), HELLO.into()].concat());
    folder.write("program", &[shebang, folder.read("main.bc")].concat());
    prints(&folder.langrun(&["script"], b""), "hello\n");
    prints(&folder.langrun(&["program"], b""), "hello\n");
}

#[test]
fn a_dash_reads_the_program_from_standard_input() {
    let folder = Folder::with_program(HELLO);
    prints(&folder.langrun(&["-"], HELLO.as_bytes()), "hello\n");
    prints(&folder.langrun(&["-"], &folder.read("main.bc")), "hello\n");
    prints(&folder.langc(&["-", "-o", "piped.bc"], HELLO.as_bytes()), "");
    prints(&folder.langrun(&["piped.bc"], b""), "hello\n");
}

#[test]
fn what_follows_the_file_belongs_to_the_program() {
    let folder = Folder::with_program("fn main(args: [str]) { print(args) }\n");
    let expected = "[\"--fuel\", \"1\", \"--help\", \"--\", \"x y\"]\n";
    for file in ["main.lang", "main.bc"] {
        prints(&folder.langrun(&[file, "--fuel", "1", "--help", "--", "x y"], b""), expected);
    }
}

#[test]
fn a_wrong_command_line_is_status_2() {
    let folder = Folder::with_program(HELLO);
    for wrong in [&[] as &[&str], &["--no-such-flag", "main.bc"], &["--fuel", "many", "main.bc"]] {
        refused(&folder.langrun(wrong, b""), 2);
    }
}

#[test]
fn a_file_that_is_not_there_is_status_1() {
    let folder = Folder::new();
    refused(&folder.langrun(&["missing.lang"], b""), 1);
    refused(&folder.langc(&["missing.lang"], b""), 1);
}

#[test]
fn an_error_in_the_source_is_status_1() {
    let folder = Folder::new();
    folder.write("wrong.lang", b"print(1 +)\n");
    refused(&folder.langrun(&["wrong.lang"], b""), 1);
}

#[test]
fn damaged_bytecode_is_status_3() {
    let folder = Folder::with_program(HELLO);
    let whole = folder.read("main.bc");
    let mut flipped = whole.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 0x10;
    let as_text: Vec<u8> =
        whole.iter().flat_map(|&b| if b == b'\n' { vec![b'\r', b'\n'] } else { vec![b] }).collect();
    for damaged in [&whole[..whole.len() - 1], &whole[..20], &flipped, &as_text] {
        folder.write("damaged.bc", damaged);
        refused(&folder.langrun(&["damaged.bc"], b""), 3);
    }
}

#[test]
fn stripped_bytecode_tells_places_without_the_source() {
    let folder = Folder::new();
    folder.write("main.lang", b"fn f(n: int) -> int { 1 / n }\nprint(f(0))\n");
    folder.langc(&["--strip", "main.lang"], b"").expect_status(0).unwrap();
    std::fs::remove_file(folder.0.join("main.lang")).unwrap();
    let done = folder.langrun(&["main.bc"], b"");
    done.expect_status(101).unwrap();
    let text = done.stderr_text();
    assert!(text.contains("main.lang:1:23") && text.contains("main.lang:2:7"), "{text}");
    assert!(!text.contains("1 / n"), "{text}");
}

#[test]
fn compiling_twice_gives_the_same_bytes() {
    let folder = Folder::with_program(HELLO);
    let first = folder.read("main.bc");
    prints(&folder.langc(&["main.lang"], b""), "");
    assert_eq!(first, folder.read("main.bc"));
}

#[test]
fn output_and_errors_keep_their_order() {
    let folder =
        Folder::with_program("write(\"one \")\neprint(\"two\")\nwrite(\"three \")\npanic(\"four\")\n");
    let done = folder.shell("langrun main.bc 2>&1");
    let text = done.stdout_text();
    assert!(text.starts_with("one two\nthree "), "{text}");
    assert!(text.contains("four"), "{text}");
}

#[test]
fn a_closed_pipe_ends_a_program_quietly() {
    let folder = Folder::with_program("var n = 0\nloop {\n  n += 1\n  print(n)\n}\n");
    let done = folder.shell("langrun main.bc | head -n 3");
    prints(&done, "1\n2\n3\n");
}

#[test]
fn input_is_read_as_it_comes() {
    let source = "import io\nwhile let Some(line) = io.read_line() {\n  print(\"<${line}>\")\n}\n";
    let folder = Folder::with_program(source);
    let done = folder.shell("(printf 'a\\n'; sleep 0.2; printf 'b') | langrun main.bc");
    prints(&done, "<a>\n<b>\n");
}

#[test]
fn much_output_arrives_whole() {
    let folder = Folder::with_program("for i in 0..200_000 { print(i) }\n");
    let done = folder.langrun(&["main.bc"], b"");
    done.expect_status(0).unwrap();
    let expected: String = (0..200_000).map(|i| format!("{i}\n")).collect();
    assert!(done.stdout == expected.as_bytes());
}

#[test]
fn an_interrupt_is_status_130() {
    let folder = Folder::with_program("print(\"started\")\neprint(\"ready\")\nvar n = 0\nloop { n +%= 1 }\n");
    for file in ["main.lang", "main.bc"] {
        let mut child = Command::new(Tools::get().langrun_path())
            .arg(file)
            .current_dir(&folder.0)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // It runs when it says so.
        let mut ready = [0; 5];
        child.stderr.as_mut().unwrap().read_exact(&mut ready).unwrap();
        let interrupt = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
        assert!(interrupt.success());
        let mut tries = 0;
        let status = loop {
            match child.try_wait().unwrap() {
                Some(status) => break status,
                None if tries > 3000 => {
                    child.kill().unwrap();
                    child.wait().unwrap();
                    panic!("the interrupt was not heard");
                }
                None => std::thread::sleep(Duration::from_millis(10)),
            }
            tries += 1;
        };
        assert_eq!(status.code(), Some(130), "{file}");
    }
}

#[cfg(feature = "jit")]
#[test]
fn a_callback_on_another_thread_is_a_fatal_error() {
    let folder = Folder::with_program(
        r#"
extern "c" {
  fn pthread_create(thread: [u64], attributes: ptr, start: fn(ptr) -> ptr, argument: ptr) -> i32
  fn pthread_join(thread: u64, result: ptr) -> i32
}
let thread: [u64] = [0]
print("before")
pthread_create(thread, ptr.NULL, |argument| argument, ptr.NULL)
pthread_join(thread[0], ptr.NULL)
print("never")
"#,
    );
    for flag in ["--jit=off", "--jit=force"] {
        let done = folder.shell(&format!("langrun {flag} main.bc; echo status $?"));
        let (out, err) = (done.stdout_text(), done.stderr_text());
        assert_eq!(out, "before\nstatus 134\n", "{}", done.transcript());
        assert!(err.contains("on another thread than the program's"), "{}", done.transcript());
    }
}

#[test]
fn dropped_files_are_closed_when_there_are_too_many_and_at_the_end() {
    let source = "import fs\n\
        fn main() -> Result<()> {\n\
        for i in 0..2000 { (fs.append(\"text\")?).write(str(i % 10))? }\n\
        let held = fs.create(\"held\")?\n\
        held.write(\"held to the end\")?\n\
        print(fs.exists(\"text\"))\n\
        if fs.exists(\"fail\") { panic(\"on purpose\") }\n\
        Ok(())\n}\n";
    let folder = Folder::with_program(source);
    for flags in ["", "--gc-stress=5", "--jit=force"] {
        if flags.contains("jit") && !cfg!(feature = "jit") {
            continue;
        }
        prints(&folder.shell(&format!("rm -f text; ulimit -n 24; langrun {flags} main.bc")), "true\n");
        assert_eq!((folder.read("text").len(), folder.read("held")), (2000, b"held to the end".to_vec()));
    }
    folder.write("fail", b"");
    folder.write("held", b"");
    folder.shell("langrun main.bc").expect_status(101).unwrap();
    assert_eq!(folder.read("held"), b"held to the end", "written although the program failed");
}

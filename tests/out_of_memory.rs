//! Out of memory at each allocation in turn: the programs in `memory/` end as by any other runtime error, in every engine.
//!
//! What a program does in all is known from a run without a failure; a run whose N-th allocation fails prints the beginning of that
//! and then the report, or all of it where the runtime can do with less memory. `LANG_FUZZ_COUNT` says how many allocations are tried
//! of each program in each engine, evenly spread.
#![cfg(unix)]

use std::path::{Path, PathBuf};

use lang_tests::judge::Scratch;
use lang_tests::process::Finished;
use lang_tests::tools::Tools;

/// How many allocations fail on an ordinary day: of each program interpreted, and under other flags.
const FEW: u64 = 25;
const FEWER: u64 = 6;
/// How many objects the program's arguments take, which are made before it has a stack.
const ARGUMENTS: u64 = 3;

const HEADLINE: &str = "runtime error: out of memory";
const INPUT: &[u8] = b"in put\nrest\n";

fn asked() -> Option<u64> {
    std::env::var("LANG_FUZZ_COUNT").ok().and_then(|count| count.parse().ok())
}

/// A program of `memory/`, and a folder that it may write into.
struct Program {
    name: &'static str,
    bytecode: Scratch,
    folder: Scratch,
}

impl Program {
    fn new(name: &'static str) -> Program {
        let program = Program { name, bytecode: Scratch::new("bc"), folder: Scratch::new("d") };
        let source = sources().join(format!("{name}.lang"));
        let arguments = [&source.to_string_lossy(), "-o", &program.bytecode.path().to_string_lossy()];
        Tools::get().langc(&arguments, &sources()).unwrap().expect_status(0).unwrap();
        program
    }

    /// Runs it in an empty folder.
    fn run(&self, flags: &[&str]) -> Finished {
        let folder = self.folder.path();
        let _ = std::fs::remove_dir_all(folder);
        std::fs::create_dir_all(folder).unwrap();
        let program = self.bytecode.path().to_string_lossy();
        let arguments: Vec<String> =
            flags.iter().chain(&[&*program, "one", "two"]).map(|&a| a.to_owned()).collect();
        Tools::get().langrun(&arguments, folder, INPUT).unwrap()
    }

    /// Lets allocations fail one after the other: about `few`, or as many as are asked for.
    fn fail_under(&self, flags: &[&str], few: u64) {
        let whole = self.run(&[flags, &["--gc-stats"]].concat());
        whole.expect_status(0).unwrap();
        let total = allocations(&whole);
        let step = total.div_ceil(asked().unwrap_or(few)).max(1);
        // The first ones are special: the program's arguments, its globals.
        let mut trapped = 0;
        for number in (1..=total.min(6)).chain((6 + step..=total).step_by(step as usize)) {
            let done = self.run(&[flags, &[&format!("--fail-allocation={number}")]].concat());
            trapped += u64::from(self.ended_well(&done, &whole, number));
        }
        assert!(trapped > 3, "{}: only {trapped} runs failed", self.name);
    }

    /// Judges a run; gives whether it ended with the error.
    fn ended_well(&self, done: &Finished, whole: &Finished, number: u64) -> bool {
        let about =
            || format!("{}, allocation {number}: {:?}\n{}", self.name, done.status, done.transcript());
        assert!(whole.stdout.starts_with(&done.stdout), "printed something else\n{}", about());
        match done.status {
            Ok(0) => assert!(done.stdout == whole.stdout && done.stderr.is_empty(), "{}", about()),
            Ok(101) => assert!(done.stderr_text().starts_with(HEADLINE), "{}", about()),
            _ => panic!("{}", about()),
        }
        let trapped = done.status == Ok(101);
        let placed = done.stderr_text().contains("stack of calls:\n  ");
        assert!(placed || !trapped || number <= ARGUMENTS, "{}", about());
        trapped
    }

    fn fail_everywhere(&self) {
        self.fail_under(&[], FEW);
        self.fail_under(&["--gc-stress=3"], FEWER);
        if cfg!(feature = "jit") {
            self.fail_under(&["--jit=force"], FEWER);
            self.fail_under(&["--jit=force", "--gc-stress=11"], FEWER);
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(self.folder.path());
    }
}

fn sources() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("memory")
}

/// What `--gc-stats` says.
fn allocations(done: &Finished) -> u64 {
    let told = done.stderr_text();
    let count = told.lines().find_map(|line| line.strip_prefix("gc: ")?.split(' ').next()?.parse().ok());
    count.unwrap_or_else(|| panic!("no count\n{}", done.transcript()))
}

#[test]
fn strings() {
    Program::new("text").fail_everywhere();
}

#[test]
fn arrays_and_maps() {
    Program::new("tables").fail_everywhere();
}

#[test]
fn records_closures_and_trait_objects() {
    Program::new("objects").fail_everywhere();
}

#[test]
fn many_frames() {
    Program::new("deep").fail_everywhere();
}

#[test]
fn files_and_input() {
    Program::new("files").fail_everywhere();
}

#[test]
#[cfg(feature = "jit")]
fn calls_of_c_and_back() {
    Program::new("callbacks").fail_everywhere();
}

/// Programs that need more than the system gives, in the heap and outside of it.
const GREEDY: [(&str, &str); 8] = [
    ("a list", "struct L { v: int, next: L? }\nvar l: L? = None\nloop { l = Some(L(1, l)) }\n"),
    ("parts", "print(\"ab \".repeat(15000000).split(\"\").len())\n"),
    ("other case", "print(\"ab \".repeat(60000000).to_upper().len())\n"),
    ("quoted text", "print([\"\\n\".repeat(30000000)])\n"),
    ("sorting", "let xs: [float] = []\nloop {\nfor i in 0..8000000 { xs.push(float(i)) }\nxs.sort() }\n"),
    ("a map", "let m: [int: int] = [:]\nfor i in 0..1000000000 { m[i] = 1 }\n"),
    ("all input", "import io\nprint(io.read_all().len())\n"),
    (
        "a text for C",
        "extern \"c\" { fn strlen(s: cstr) -> usize }\nprint(strlen(\"x\".repeat(150000000)))\n",
    ),
];

#[test]
fn more_than_the_system_gives() {
    let folder = Scratch::new("d");
    std::fs::create_dir_all(folder.path()).unwrap();
    let langrun = Tools::get().langrun_path().to_string_lossy();
    let flags: &[&str] = if cfg!(feature = "jit") { &["", "--jit=force"] } else { &[""] };
    for (what, source) in GREEDY.iter().filter(|(what, _)| cfg!(feature = "jit") || !what.ends_with('C')) {
        std::fs::write(folder.path().join("main.lang"), source).unwrap();
        for flag in flags {
            let line = format!(
                "ulimit -v 400000; yes | head -c 300000000 | {langrun} {flag} --max-heap 100G main.lang"
            );
            let shell = ["-c".to_owned(), line];
            let done = lang_tests::process::run(Path::new("/bin/sh"), &shell, folder.path(), b"").unwrap();
            let about = || format!("{what}: {flag} {:?}\n{}", done.status, done.transcript());
            assert!(done.status == Ok(101) && done.stderr_text().starts_with(HEADLINE), "{}", about());
        }
    }
    let _ = std::fs::remove_dir_all(folder.path());
}

/// What the collector works with cannot grow: programs do what they do otherwise, whether or not everything is collected all the time.
#[test]
fn lists_of_the_collector() {
    for name in ["text", "tables", "objects", "deep", "lists"] {
        let program = Program::new(name);
        let whole = program.run(&[]);
        whole.expect_status(0).unwrap();
        let stress = if name == "lists" { "--gc-stress=3001" } else { "--gc-stress=29" };
        let flags: &[&[&str]] = &[&[], &[stress], &["--jit=force"], &["--jit=force", stress]];
        for more in flags.iter().filter(|flags| cfg!(feature = "jit") || !flags.contains(&"--jit=force")) {
            let done = program.run(&[*more, &["--starve-lists"]].concat());
            done.expect_status(0).unwrap();
            assert!(done.stdout == whole.stdout, "{name} {more:?}\n{}", done.transcript());
        }
        program.fail_under(&["--starve-lists"], FEWER);
    }
}

/// At the prompt an entry fails and the next one goes on.
#[test]
fn the_prompt() {
    let input = std::fs::read(sources().join("session.repl")).unwrap();
    let step = if asked().is_some() { 1 } else { 60 };
    let fails = |number: u64, flag: &str| {
        let arguments = ["--repl", flag, &format!("--fail-allocation={number}")].map(str::to_owned);
        let done = Tools::get().langrun(&arguments, &sources(), &input).unwrap();
        done.expect_status(0).unwrap();
        // The first entries make what the later ones use; the last one may be the one that fails.
        let last = done.stdout_text().contains(" : Point?") || done.stderr_text().contains("names.get");
        assert!(last || number < 200, "{}", done.transcript());
        done.stderr_text().contains(HEADLINE)
    };
    for flag in if cfg!(feature = "jit") { &["--gc-stress=7", "--jit=force"][..] } else { &["--gc-stress=7"] }
    {
        let failed = (1..240).step_by(step).filter(|number| fails(*number, flag)).count();
        assert!(failed > 1, "only {failed} numbers let an entry fail");
    }
}

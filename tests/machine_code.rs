//! `langrun`'s flags about compiled code, from outside.
#![cfg(all(unix, feature = "jit"))]

use lang_tests::judge::Scratch;
use lang_tests::process::Finished;
use lang_tests::tools::Tools;

const PROGRAM: &str = "
fn triangle(n: int) -> int { if n == 0 { 0 } else { n + triangle(n - 1) } }
fn squares(n: int) -> int {
  var sum = 0
  for i in 0..n { sum += i * i }
  sum
}
fn main() {
  print(triangle(1000))
  print(squares(100_000))
}
";

const PRINTED: &str = "500500\n333328333350000\n";

fn langrun(flags: &[&str]) -> Finished {
    let file = Scratch::new("lang");
    std::fs::write(file.path(), PROGRAM).unwrap();
    let program = file.path().to_string_lossy().into_owned();
    let arguments: Vec<String> = flags.iter().map(|flag| (*flag).to_owned()).chain([program]).collect();
    Tools::get().langrun(&arguments, &std::env::temp_dir(), b"").unwrap()
}

fn printed(flags: &[&str]) -> Finished {
    let done = langrun(flags);
    done.expect_status(0).unwrap();
    assert_eq!(done.stdout_text(), PRINTED);
    done
}

#[test]
fn statistics_count_functions_and_loops() {
    let said = printed(&["--jit=force", "--jit-stats"]).stderr_text();
    let first = said.strip_prefix("jit: ").and_then(|rest| rest.split(' ').next()).map(str::parse::<u32>);
    assert!(matches!(first, Some(Ok(1..))), "{said}");
}

#[test]
fn full_code_memory_leaves_functions_interpreted() {
    printed(&["--jit=force", "--jit-memory=1"]);
    printed(&["--jit", "--jit-threshold=1", "--jit-memory=1"]);
}

#[test]
fn functions_are_shown_and_nothing_runs() {
    let clif = langrun(&["--emit-clif", "squares"]);
    clif.expect_status(0).unwrap();
    assert!(clif.stdout_text().starts_with("function "), "{}", clif.stdout_text());
    let native = langrun(&["--emit-native", "squares"]);
    native.expect_status(0).unwrap();
    assert!(native.stdout_text().contains("ret"), "{}", native.stdout_text());
    langrun(&["--emit-native", "nothing"]).expect_status(3).unwrap();
}

#[test]
fn fuel_is_one_count_in_every_tier() {
    for fuel in ["900", "1500", "90000", "200000"] {
        let plain = langrun(&["--fuel", fuel]);
        for flags in [&["--jit=force"][..], &["--jit", "--jit-threshold=3"]] {
            let compiled = langrun(&[flags, &["--fuel", fuel]].concat());
            assert_eq!(
                (&compiled.status, &compiled.stdout),
                (&plain.status, &plain.stdout),
                "{fuel} {flags:?}"
            );
        }
    }
}

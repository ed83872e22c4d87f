//! The page that shows common mistakes as the compiler reports them, beside what rustc says of the same in Rust.
//!
//! `mistakes/NN-name.lang` and `.rs` are the programs, `.md` holds a title and a verdict, `.rustc` what rustc said. `BLESS=1` rewrites
//! the page from them and from what `langc` says now; `RECORD_RUSTC=1` asks the installed rustc again first.

use lang_tests::golden;
use lang_tests::tools::Tools;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// How few mistakes the page may show.
const LEAST: usize = 40;

const INTRODUCTION: &str = "\
# Common mistakes, beside rustc

Mistakes that people make, what `langc` says of each on a terminal, and what rustc says of the same mistake in Rust. The programs are in
`tests/mistakes`; `cargo test -p lang-tests --test mistakes` makes this page from them and fails where it is no longer true. `BLESS=1` writes
it anew; `RECORD_RUSTC=1` records what the installed rustc says.
";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("mistakes")
}

#[test]
fn the_page_is_true() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = page().unwrap();
    if let Err(why) = golden::check(&root.join("../docs/errors-beside-rustc.md"), page.as_bytes()) {
        panic!("{why}");
    }
}

/// A mistake with both reports.
struct Mistake {
    title: String,
    verdict: String,
    program: String,
    ours: String,
    twin: String,
    rustc: String,
}

fn page() -> Result<String, String> {
    let mut names: Vec<String> = std::fs::read_dir(folder())
        .map_err(|error| error.to_string())?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter_map(|name| name.strip_suffix(".lang").map(str::to_owned))
        .collect();
    names.sort_unstable();
    assert!(names.len() >= LEAST, "{} mistakes are too few", names.len());
    if std::env::var_os("RECORD_RUSTC").is_some() {
        record(&names)?;
    }
    let mistakes: Vec<Mistake> = names.iter().map(|name| mistake(name)).collect::<Result<_, _>>()?;
    let lines = |report: fn(&Mistake) -> &String| -> usize {
        mistakes.iter().map(|mistake| report(mistake).trim_end().lines().count()).sum()
    };
    let (ours, theirs) = (lines(|mistake| &mistake.ours), lines(|mistake| &mistake.rustc));
    let version = read("version")?;
    let mut page = String::from(INTRODUCTION);
    let _ = writeln!(
        page,
        "\nThis is {}, without its last lines (how many errors there were, and where to read more of them). All reports of\n\
         ours together have {ours} lines, rustc's {theirs}.",
        version.trim()
    );
    for (index, mistake) in mistakes.iter().enumerate() {
        let Mistake { title, verdict, program, ours, twin, rustc } = mistake;
        let _ = write!(page, "\n## {}. {title}\n\n{verdict}\n", index + 1);
        for (language, text) in [("", program), ("", ours), ("rust", twin), ("", rustc)] {
            let _ = write!(page, "\n```{language}\n{}\n```\n", text.trim_end());
        }
    }
    Ok(page)
}

fn mistake(name: &str) -> Result<Mistake, String> {
    let words = read(&format!("{name}.md"))?;
    let (title, verdict) = words.split_once('\n').ok_or(format!("{name}.md has no verdict"))?;
    let found = Tools::get().langc(&["--check", "--color=always", &format!("{name}.lang")], &folder())?;
    Ok(Mistake {
        title: title.to_owned(),
        verdict: verdict.trim().to_owned(),
        program: read(&format!("{name}.lang"))?,
        ours: without_colors(&found.stderr_text()),
        twin: read(&format!("{name}.rs"))?,
        rustc: read(&format!("{name}.rustc"))?,
    })
}

fn read(name: &str) -> Result<String, String> {
    let path = folder().join(name);
    std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))
}

fn without_colors(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, escape)) = rest.split_once('\x1b') {
        plain.push_str(before);
        rest = escape.split_once('m').map_or("", |(_, after)| after);
    }
    plain + rest
}

/// Writes what rustc says of each twin, and its version.
fn record(names: &[String]) -> Result<(), String> {
    let write = |name: String, text: &str| {
        std::fs::write(folder().join(&name), text).map_err(|error| format!("{name}: {error}"))
    };
    write("version".to_owned(), &rustc(&["--version"])?.0)?;
    let scratch = std::env::temp_dir().join(format!("lang-mistakes-{}", std::process::id()));
    let out = scratch.display().to_string();
    for name in names {
        let twin = format!("{name}.rs");
        let form = ["--edition", "2024", "--error-format", "human", "--color", "never", "--emit=metadata"];
        let arguments: Vec<&str> = form.into_iter().chain(["--out-dir", &out, &twin]).collect();
        write(format!("{name}.rustc"), &trimmed(&rustc(&arguments)?.1))?;
    }
    let _ = std::fs::remove_dir_all(scratch);
    Ok(())
}

/// Both outputs of rustc.
fn rustc(arguments: &[&str]) -> Result<(String, String), String> {
    let ran = Command::new("rustc").args(arguments).current_dir(folder()).output();
    let ran = ran.map_err(|error| format!("cannot run rustc: {error}"))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ok((text(&ran.stdout), text(&ran.stderr)))
}

/// A report without its last lines, and without paths of the place where rustc was built.
fn trimmed(report: &str) -> String {
    const SUMMARIES: [&str; 4] = [
        "error: aborting due to",
        "For more information about",
        "Some errors have detailed",
        "warning: 1 warning",
    ];
    let kept = report.lines().filter(|line| !SUMMARIES.iter().any(|begin| line.starts_with(begin)));
    let mut text = String::new();
    for line in kept {
        let shown = match line
            .split_once("/rustc/")
            .and_then(|(before, path)| Some((before, path.split_once('/')?.1)))
        {
            Some((before, path)) => format!("{before}{path}"),
            None => line.to_owned(),
        };
        text += &format!("{shown}\n");
    }
    format!("{}\n", text.trim_end())
}
